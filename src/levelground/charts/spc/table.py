"""The points of a chart as rows of text: what a table on the page, a screen reader or a spreadsheet shows."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields

from .spec import Spec


@dataclass(frozen=True, slots=True)
class Row:
    """One point in words; empty where there is nothing. ``kind`` is the code of its mark."""

    when: str
    value: str
    denominator: str
    centre: str
    lower: str
    upper: str
    target: str
    signal: str
    note: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """``columns``: (field of ``Row``, head) of the columns that hold anything; ``rows`` in order of the points."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    def cells(self, row: Row) -> tuple[str, ...]:
        """The texts of ``row``, one for each column."""
        return tuple(getattr(row, name) for name, _ in self.columns)


def table(spec: Spec) -> Table:
    """Every point of a chart, hidden ones without their numbers."""
    notes = _notes(spec)
    rows = []
    for point, (centre, lower, upper, target) in zip(spec.points, spec.line_texts, strict=True):
        out_of = "" if math.isnan(point.denominator) else f"{point.denominator:,.10g}"
        rows.append(
            Row(
                point.when,
                point.value_text,
                out_of,
                centre,
                lower,
                upper,
                target,
                point.signal,
                "; ".join(notes.get(point.position, ())),
                point.kind,
            )
        )
    held = {one.name for one in fields(Row) if any(getattr(row, one.name) for row in rows)}
    return Table(tuple((name, head) for name, head in spec.columns if name in held | {"when", "value"}), tuple(rows))


def _notes(spec: Spec) -> dict[int, list[str]]:
    """Annotations and labels of phases, each at the first point at or after it, else at the last."""
    found: dict[int, list[str]] = {}
    marks: Iterable[tuple[float, str]] = [
        *((edge.at, edge.label) for edge in spec.edges),
        *((note.at, note.text) for note in spec.notes),
    ]
    for at, text in marks:
        if text and spec.points:
            point = next((point for point in spec.points if point.at >= at), spec.points[-1])
            found.setdefault(point.position, []).append(text)
    return found
