"""A chart of letters, for a terminal: marks, centre, limits, target, and the dates at both ends."""

import math
from collections.abc import Callable

from .spec import Point, Spec

MARKS = {"common": "•", "concern": "◆", "neutral": "■", "excluded": "○", "hidden": "□"}
LINES = {"centre": "─", "upper": "╌", "lower": "╌", "target": "┄"}
DRAWN_FIRST = ("target", "upper", "lower", "centre")


def text_chart(spec: Spec, *, rows: int = 15, columns: int = 72) -> str:
    """The chart in lines of text, ``rows`` high and at most ``columns`` wide, the numbers of the axis not counted."""
    if not spec.drawn:
        return spec.nothing
    width = min(columns, max(2 * len(spec.points) + 1, 20))
    grid = [[" "] * width for _ in range(rows)]

    def across(at: float) -> int:
        return round((at - spec.x.low) / ((spec.x.high - spec.x.low) or 1) * (width - 1))

    def down(value: float) -> int:
        return round((spec.y.high - value) / ((spec.y.high - spec.y.low) or 1) * (rows - 1))

    for line in sorted((one for one in spec.lines if one.kind in LINES), key=lambda one: DRAWN_FIRST.index(one.kind)):
        for left, right, height in line.steps:
            for column in range(across(left), across(right) + 1):
                grid[down(height)][column] = LINES[line.kind]
    for point in spec.points:
        if point.kind == "hidden":
            grid[rows - 1][across(point.at)] = MARKS["hidden"]
        elif not math.isnan(point.value):
            grid[down(point.value)][across(point.at)] = _mark(point)
    return "\n".join([*_with_numbers(spec, grid, down), *_below(spec, width)])


def _mark(point: Point) -> str:
    if point.kind == "improvement":
        return "▼" if point.direction < 0 else "▲"
    return MARKS[point.kind]


def _with_numbers(spec: Spec, grid: list[list[str]], down: Callable[[float], int]) -> list[str]:
    heights = {down(tick.at): tick.label for tick in spec.y.ticks}
    side = max((len(tick.label) for tick in spec.y.ticks), default=0)
    return [f"{heights.get(row, ''):>{side}} │{''.join(cells)}".rstrip() for row, cells in enumerate(grid)]


def _below(spec: Spec, width: int) -> list[str]:
    side = max((len(tick.label) for tick in spec.y.ticks), default=0)
    first, last = spec.points[0].when, spec.points[-1].when
    dates = f"{first}{last:>{max(width - len(first), len(last) + 2)}}" if len(spec.points) > 1 else first
    legend = [
        f"{_mark(next(p for p in spec.points if p.kind == kind))} {text}"
        for kind, text in spec.legend
    ]  # fmt: skip
    return [f"{'':>{side}} └{'─' * width}", f"{'':>{side}}  {dates}", f"{'':>{side}}  {'   '.join(legend)}"]
