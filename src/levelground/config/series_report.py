"""What ``levelground spc`` gives to programs: JSON, and one CSV line per point."""

import csv
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from levelground.charts.spc import Words
from levelground.engines.spc import Result
from levelground.foundation.exports.text import harmless

LINES = ("value", "denominator", "centre", "lcl", "lcl_2", "lcl_1", "ucl_1", "ucl_2", "ucl", "target")
HEAD = ["series", "x", *LINES, "phase", "baseline", "included", "point_type", "reason"]


def plain(value: Any) -> Any:
    """A value as JSON can hold it: dates as ISO text, what is not finite as null."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def as_json(name: str, result: Result, said: Words, notices: Iterable[str]) -> dict[str, Any]:
    """A result with all its numbers at full precision; positions count from 0."""
    verdict = result.verdict
    return {
        "series": name,
        "chart": result.chart,
        "verdict": {
            "status": verdict.status, "rule": verdict.rule, "rules": list(verdict.rules), "since": plain(verdict.since),
            "until": plain(verdict.until), "sureness": verdict.sureness, "next_step": verdict.next_step,
            "numbers": {key: plain(number) for key, number in verdict.numbers.items()},
        },
        "words": {"verdict": said.verdict, "summary": said.summary, "caption": said.caption},
        "variation": result.variation,
        "assurance": result.assurance,
        "settings": {key: plain(value) for key, value in result.settings.items()},
        "notices": list(notices),
        "phases": [{"start": phase.start, "stop": phase.stop, "points": phase.known, "short": phase.short}
                   for phase in result.phases],
        "signals": [{"rule": signal.rule, "completes_at": signal.completes_at, "points": list(signal.points),
                     "direction": signal.direction} for signal in result.signals],
        "points": [dict(zip(HEAD[1:], row[1:], strict=True)) for row in _rows(name, result)],
    }  # fmt: skip


def _rows(name: str, result: Result) -> Iterable[list[Any]]:
    for place in range(len(result)):
        yield [
            name, plain(result.x[place]), *(plain(getattr(result, line)[place]) for line in LINES),
            int(result.phase[place]), bool(result.baseline[place]), bool(result.included[place]),
            str(result.point_type[place]), str(result.reason[place]),
        ]  # fmt: skip


def write_csv(path: Path, results: Iterable[tuple[str, Result]]) -> None:
    """One line per point of every series, numbers at full precision, nothing that a spreadsheet would run."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        for name, result in results:
            for row in _rows(name, result):
                writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
