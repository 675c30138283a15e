"""From an engine's result to the spec of a chart."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from levelground.engines.spc import Result, Signal
from levelground.engines.spc.interpret import DIRECTIONS, kind_of

from .axes import order_axis, positions, value_axis
from .language import ENGLISH, Language, Writing
from .phrases import column_names, hidden_words, kind_name, line_name, no_points, no_value, rule_phrase
from .spec import KINDS, Edge, End, Line, Note, Point, Spec
from .words import Teller, Words, words

EVEN = {"t", "g"}  # the time between events is the value itself: the points stand side by side
POINT_KINDS = {
    "common_cause": "common",
    "improvement": "improvement",
    "concern": "concern",
    "neutral_high": "neutral",
    "neutral_low": "neutral",
}
LINES = {"centre": "centre", "lcl": "lower", "ucl": "upper", "lcl_2": "near_lower", "ucl_2": "near_upper"}


@dataclass(frozen=True)
class Subject:
    """What a chart is about, beside its numbers.

    ``title``: the measure's name; ``key``: unique on the page; ``y_label``: words over the axis ("Days"), else the
    unit; ``writing``: how numbers are written; ``notes``: (x, text) of annotations; ``edge_labels``: text by number of
    the phase that starts; ``hidden``: positions whose numbers must not be shown, ``fewer_than`` the reason;
    ``targeted``: there is a target, even if it counts for none of the points.
    """

    title: str
    key: str = "chart"
    y_label: str = ""
    writing: Writing = field(default_factory=Writing)
    notes: Sequence[tuple[Any, str]] = ()
    edge_labels: Mapping[int, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    fewer_than: int = 8
    targeted: bool = False


def make_spec(result: Result, subject: Subject, *, language: Language = ENGLISH, said: Words | None = None) -> Spec:
    """The spec of one series. Words come in ``language``; hidden points lose value, denominator and signals. ``said``:
    the words, where they have been made already.

    Raises ValueError for a key that is no name.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", subject.key):
        raise ValueError("The key of a chart starts with a letter; letters, digits and hyphens may follow.")
    teller = Teller.of(result, subject.writing, language)
    at = positions(result.x, even=result.chart in EVEN)
    shown = _shown(result, subject)
    points = _points(teller, at, shown, subject)
    lines = _lines(result, at)
    heights = [shown, result.centre, result.lcl, result.ucl, result.target]
    y = value_axis(np.concatenate(heights), subject.writing)
    said = said or words(result, writing=subject.writing, language=language)
    used = {point.kind for point in points if point.kind == "hidden" or not math.isnan(point.value)}
    return Spec(
        key=subject.key,
        title=subject.title,
        desc=f"{said.summary} {said.caption}",
        x=order_axis(result.x, at, teller.calendar, even=result.chart in EVEN),
        y=type(y)(y.low, y.high, y.ticks, subject.y_label or subject.writing.unit),
        points=points,
        lines=lines,
        edges=_edges(result, at, subject),
        notes=_notes(result, at, subject),
        ends=_ends(teller),
        legend=tuple((kind, kind_name(kind, language)) for kind in KINDS if kind in used),
        columns=tuple(column_names(result.chart, language).items()),
        line_texts=_line_texts(teller),
        line_names=_line_names(result, language),
        nothing=no_points(language),
        summary=said.summary,
        caption=said.caption,
    )


def _shown(result: Result, subject: Subject) -> np.ndarray[Any, Any]:
    """Values that may be drawn."""
    shown = np.where(np.isfinite(result.value), result.value, np.nan)
    hidden = [place for place in subject.hidden if 0 <= place < len(shown)]
    shown[hidden] = np.nan
    return shown


def _points(teller: Teller, at: np.ndarray[Any, Any], shown: Any, subject: Subject) -> tuple[Point, ...]:
    result = teller.result
    held: dict[int, list[Signal]] = {}
    for signal in result.signals:
        for place in signal.points:
            held.setdefault(place, []).append(signal)
    good = DIRECTIONS[str(result.settings["direction"])]
    spoken = {
        id(s): (
            POINT_KINDS.get(kind_of(s.direction, good), "pattern"), rule_phrase(s, result.chart, teller.language)
        ) for s in result.signals
    }  # fmt: skip
    columns = (shown, result.centre, result.lcl, result.ucl, result.target, result.denominator)
    listed = [column.tolist() for column in columns]
    points = []
    for place, (value, centre, lower, upper, target, denominator) in enumerate(zip(*listed, strict=True)):
        hidden = place in subject.hidden
        kind = "hidden" if hidden else _kind(result, place)
        when = teller.calendar.long(result.x[place])
        text = _value_text(teller, value, hidden, subject)
        here = [] if hidden else held.get(place, [])
        said = _signal_text(teller, kind, [spoken[id(s)] for s in here])
        ways = [s.direction for s in here if spoken[id(s)][0] == kind] or [int(result.reason_direction[place])]
        points.append(
            Point(
                place,
                float(at[place]),
                value,
                kind,
                0 if hidden else ways[0],
                when,
                text,
                said,
                _says(when, text, said),
                int(result.phase[place]),
                centre,
                lower,
                upper,
                target,
                math.nan if hidden else denominator,
            )
        )
    return tuple(points)


def _kind(result: Result, place: int) -> str:
    return POINT_KINDS[str(result.point_type[place])] if result.included[place] else "excluded"


def _value_text(teller: Teller, value: float, hidden: bool, subject: Subject) -> str:
    if hidden:
        return hidden_words(subject.fewer_than, teller.language)
    return no_value(teller.language) if math.isnan(value) else teller.value(value)


def _signal_text(teller: Teller, kind: str, spoken: list[tuple[str, str]]) -> str:
    """Kinds and rules: "Improvement: 8 points in a row below the average". A point may be of two kinds, such as one low
    down in a rise: the one that its mark shows comes first."""
    if kind == "excluded" and not spoken:
        return kind_name(kind, teller.language)
    by_kind: dict[str, list[str]] = {}
    for one, phrase in sorted(spoken, key=lambda pair: pair[0] != kind):
        by_kind.setdefault(one, []).append(phrase)
    said = [f"{kind_name(one, teller.language)}: {'; '.join(dict.fromkeys(all_))}" for one, all_ in by_kind.items()]
    return ". ".join(said)


def _says(when: str, text: str, signal: str) -> str:
    return f"{when}: {text}. {signal}." if signal else f"{when}: {text}."


def _bounds(at: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Where the stretch of each point begins and ends: half-way between neighbours; one more than there are points."""
    if not len(at):
        return np.array([0.0])
    margin = float(np.median(np.diff(at))) / 2 if len(at) > 1 else 0.5
    return np.concatenate([[at[0] - margin], (at[1:] + at[:-1]) / 2, [at[-1] + margin]])


def _lines(result: Result, at: np.ndarray[Any, Any]) -> tuple[Line, ...]:
    bounds = _bounds(at).tolist()
    lines = [
        Line(kind, number, _steps(getattr(result, name), bounds, phase.start, phase.stop))
        for number, phase in enumerate(result.phases)
        for name, kind in LINES.items()
    ]
    lines.append(Line("target", 0, _steps(result.target, bounds, 0, len(result))))
    return tuple(line for line in lines if line.steps)


def _steps(heights: Any, bounds: list[float], start: int, stop: int) -> tuple[tuple[float, float, float], ...]:
    """Level stretches of a line; neighbours of one height become one stretch."""
    steps: list[tuple[float, float, float]] = []
    for place, height in enumerate(heights[start:stop].tolist(), start):
        if not math.isfinite(height):
            continue
        left, right = bounds[place], bounds[place + 1]
        if steps and steps[-1][1] == left and math.isclose(steps[-1][2], height, rel_tol=1e-9, abs_tol=1e-12):
            steps[-1] = (steps[-1][0], right, steps[-1][2])
        else:
            steps.append((left, right, height))
    return tuple(steps)


def _edges(result: Result, at: np.ndarray[Any, Any], subject: Subject) -> tuple[Edge, ...]:
    bounds = _bounds(at).tolist()
    return tuple(
        Edge(bounds[phase.start], number, subject.edge_labels.get(number, ""))
        for number, phase in enumerate(result.phases)
        if number
    )


def _notes(result: Result, at: np.ndarray[Any, Any], subject: Subject) -> tuple[Note, ...]:
    """Annotations between the first and the last point, in order; one whose x the axis does not know is passed over."""
    found = []
    even = result.chart in EVEN or result.x.dtype.kind in "US"
    for x, text in subject.notes:
        place = _place_of(result, at, x, even=even)
        if place is not None:
            found.append(Note(place, text))
    return tuple(sorted(found, key=lambda note: note.at))


def _place_of(result: Result, at: np.ndarray[Any, Any], x: Any, *, even: bool) -> float | None:
    if not len(at):
        return None
    if result.x.dtype.kind in "US":
        places = np.flatnonzero(result.x == str(x))
        return float(at[places[0]]) if len(places) else None
    try:
        key = np.array([x], dtype=result.x.dtype if result.x.dtype.kind == "M" else np.float64)
    except (TypeError, ValueError):
        return None
    if even:
        after = int(np.searchsorted(result.x, key[0]))
        return float(at[after]) if after < len(at) else None
    place = float(positions(key, even=False)[0])
    bounds = _bounds(at)
    return place if bounds[0] <= place <= bounds[-1] else None


def _ends(teller: Teller) -> tuple[End, ...]:
    """Centre, limits and target at the last point that has them."""
    result = teller.result
    found = []
    for kind, line in (("upper", result.ucl), ("target", result.target), ("centre", result.centre),
                       ("lower", result.lcl)):  # fmt: skip
        known = line[np.isfinite(line)]
        if len(known) and math.isfinite(line[-1]):
            value = float(known[-1])
            name = line_name(kind, result.chart, teller.language)
            found.append(End(kind, value, name, teller.writing.bare(value, teller.line_places(value))))
    return tuple(found)


def _line_names(result: Result, language: Language) -> tuple[tuple[str, str], ...]:
    """The kinds of line in use, both limits as one."""
    lines = {"centre": result.centre, "limits": result.ucl, "target": result.target}
    return tuple(
        ("upper" if kind == "limits" else kind, line_name(kind, result.chart, language))
        for kind, line in lines.items()
        if np.isfinite(line).any()
    )


def _line_texts(teller: Teller) -> tuple[tuple[str, str, str, str], ...]:
    """Centre, lower, upper, target at each point, written as in the table. Lines are level: few numbers are written."""
    result = teller.result
    return tuple(zip(*(_written(teller, line.tolist()) for line in (
        result.centre, result.lcl, result.ucl, result.target
    )), strict=True))  # fmt: skip


def _written(teller: Teller, numbers: list[float]) -> list[str]:
    known = {
        number: teller.writing.bare(number, teller.line_places(number))
        for number in set(numbers)
        if not math.isnan(number)
    }
    return [known.get(number, "") for number in numbers]
