"""Sizes of a chart, and where its words go so that none covers another. Units are those of the picture's viewBox."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .axes import Axis, Tick
from .spec import Spec

LETTER = 0.57  # mean width of a letter, in font sizes
ROWS_OF_NOTES = 4


@dataclass(frozen=True)
class Size:
    """``name`` becomes a class; margins in the order left, right; ``mark``: half the width of a mark.

    ``ends``: what stands at the ends of lines: "full" (name and number), "number", or "none"; ``axes``: whether ticks
    have words and a grid.
    """

    name: str
    width: float
    height: float
    left: float
    right: float
    font: float
    mark: float
    ends: str
    axes: bool


WIDE = Size("wide", 960, 420, 64, 150, 14, 4.5, "full", True)
NARROW = Size("narrow", 343, 330, 46, 52, 12, 3.6, "number", True)
SMALL = Size("small", 320, 120, 8, 8, 12, 2.8, "none", False)


@dataclass(frozen=True)
class Label:
    """A text in place. ``anchor``: start, middle or end; ``full``: the whole text where it had to be cut; ``at``: the
    place on the axis that a note belongs to."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    full: str = ""
    at: float = math.nan


def width_of(text: str, font: float) -> float:
    """About how wide a text is."""
    return len(text) * LETTER * font


@dataclass(frozen=True)
class Frame:
    """The rectangle of the plot, and the way from units of the axes to the picture."""

    left: float
    right: float
    top: float
    bottom: float
    x: Axis
    y: Axis

    def across(self, at: float) -> float:
        span = self.x.high - self.x.low or 1.0
        return self.left + (at - self.x.low) / span * (self.right - self.left)

    def up(self, value: float) -> float:
        span = self.y.high - self.y.low or 1.0
        return self.bottom - (value - self.y.low) / span * (self.bottom - self.top)


def thinned(ticks: Sequence[Tick], frame: Frame, font: float) -> list[Tick]:
    """As many ticks as have room for their words: all, every second, every third …"""
    for every in range(1, len(ticks) + 1):
        kept = list(ticks[::every])
        ends = [(frame.across(t.at) - width_of(t.label, font) / 2, frame.across(t.at) + width_of(t.label, font) / 2)
                for t in kept]  # fmt: skip
        if all(left >= right + font * 0.8 for (_, right), (left, _) in pairwise(ends)):
            return kept
    return []


def tick_labels(ticks: Sequence[Tick], frame: Frame, size: Size, y: float) -> list[Label]:
    """Words of the ticks under the plot, pushed inwards where they would leave the picture."""
    labels = []
    for tick in ticks:
        half = width_of(tick.label, size.font) / 2
        middle = min(max(frame.across(tick.at), half), size.width - half)
        labels.append(Label(middle, y, tick.label, "middle"))
    return labels


def note_labels(spec: Spec, size: Size, across: Frame) -> tuple[list[Label], int]:
    """Words over the plot for notes and phases, in rows counted from below (``y`` is the row), and how many rows.

    A text starts at its line; where it would leave the picture, it ends there. What finds no room is left to the table.
    """
    marks = sorted([(e.at, e.label) for e in spec.edges if e.label] + [(n.at, n.text) for n in spec.notes])
    taken: list[list[tuple[float, float]]] = []
    labels = []
    for at, text in marks:
        x = across.across(at)
        short = cut(text, max(size.width * 0.5, 60), size.font)
        width = width_of(short, size.font)
        start = x if x + width <= size.width - 2 else max(min(x - width, size.width - width - 2), 2)
        span = (start - 4, start + width + 8)
        free = (row for row, held in enumerate(taken) if all(span[1] <= a or span[0] >= b for a, b in held))
        row = next(free, len(taken))
        if row >= ROWS_OF_NOTES:
            continue
        if row == len(taken):
            taken.append([])
        taken[row].append(span)
        labels.append(Label(start, float(row), short, "start", text if short != text else "", at))
    return labels, len(taken)


def cut(text: str, width: float, font: float) -> str:
    """The text, or its beginning and an ellipsis, within a width."""
    most = max(int(width / (LETTER * font)), 2)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def apart(heights: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Heights moved as little as it takes for neighbours to be ``gap`` apart, all between top and bottom.

    Order is kept. More than fit stay ``gap`` apart and leave at the bottom.
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = [heights[i] for i in order]
    for i in range(len(placed)):
        low = top if i == 0 else placed[i - 1] + gap
        placed[i] = max(placed[i], low)
    for i in reversed(range(len(placed))):
        high = bottom if i == len(placed) - 1 else placed[i + 1] - gap
        placed[i] = min(placed[i], high)
    if placed and placed[0] < top:
        placed = [top + i * gap for i in range(len(placed))]
    found = [0.0] * len(heights)
    for i, height in zip(order, placed, strict=True):
        found[i] = height
    return found


def legend_rows(texts: Sequence[str], size: Size, sample: float) -> list[list[tuple[int, float]]]:
    """Entries of the legend as rows of (number, left end); a row is broken where the picture ends."""
    rows: list[list[tuple[int, float]]] = []
    x = size.width
    for number, text in enumerate(texts):
        width = sample + width_of(text, size.font) + size.font * 1.4
        if x + width > size.width + size.font:
            rows.append([])
            x = size.mark + 2
        rows[-1].append((number, x))
        x += width
    return rows
