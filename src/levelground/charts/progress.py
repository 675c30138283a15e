"""Progress pictures as accessible SVG: a stacked bar and a ring. Colours come from the page's stylesheet by class."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .text import escaped

BAR_LENGTH = 1000.0
BAR_HEIGHT = 10.0
GAP = 4.0
RING_SIZE = 120.0
RING_WIDTH = 12.0


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of the bar. ``key`` becomes the class ``lg-bar__<key>`` that colours it."""

    key: str
    label: str
    count: int


def stacked_bar(parts: Sequence[Part], *, title: str, desc: str) -> str:
    """A horizontal bar in which each part is as long as its share.

    A part that is not empty is never thinner than can be seen. ``title`` and ``desc`` say the same in words.
    """
    if any(part.count < 0 for part in parts):
        raise ValueError("A part of a bar cannot count less than nothing.")
    shown = [part for part in parts if part.count]
    shapes = [f'<rect class="lg-bar__ground" x="0" y="0" width="{BAR_LENGTH:g}" height="{BAR_HEIGHT:g}"/>']
    left = 0.0
    for part, length in zip(shown, _lengths([part.count for part in shown]), strict=True):
        # A sliver of the ground between neighbours: they can be told apart without colour.
        width = length - GAP if left + length < BAR_LENGTH - 0.01 else length
        shapes.append(
            f'<rect class="lg-bar__{escaped(part.key)}" x="{left:.1f}" y="0" '
            f'width="{max(width, 1):.1f}" height="{BAR_HEIGHT:g}"/>'
        )
        left += length
    return _svg("lg-bar", f"0 0 {BAR_LENGTH:g} {BAR_HEIGHT:g}", title, desc, "".join(shapes), stretch=True)


def readiness_ring(done: int, total: int, *, title: str, desc: str) -> str:
    """A ring filled by ``done`` of ``total``, with the whole percentage in its middle."""
    if done < 0 or total < 0 or done > total:
        raise ValueError("Between nothing and all can be done.")
    share = done / total if total else 0.0
    percent = whole_percent(done, total)
    middle = RING_SIZE / 2
    radius = middle - RING_WIDTH / 2
    length = 2 * math.pi * radius
    circle = f'cx="{middle:g}" cy="{middle:g}" r="{radius:g}" fill="none" stroke-width="{RING_WIDTH:g}"'
    arc = (
        f'<circle class="lg-ring__done" {circle} stroke-dasharray="{length * share:.2f} {length:.2f}" '
        f'transform="rotate(-90 {middle:g} {middle:g})"/>'
        if done
        else ""
    )
    shapes = (
        f'<circle class="lg-ring__ground" {circle}/>{arc}'
        f'<text class="lg-ring__text" x="{middle:g}" y="{middle:g}" text-anchor="middle" '
        f'dominant-baseline="central" font-size="26" aria-hidden="true">{percent}%</text>'
    )
    return _svg("lg-ring", f"0 0 {RING_SIZE:g} {RING_SIZE:g}", title, f"{percent}%. {desc}", shapes)


def whole_percent(done: int, total: int) -> int:
    """A whole percentage that says 100 only when all is done, and 0 only when nothing is."""
    if total <= 0:
        return 0
    share = round(100 * done / total)
    return min(max(share, 1 if done > 0 else 0), 100 if done >= total else 99)


def _lengths(counts: Sequence[int]) -> list[float]:
    """Lengths in proportion that add up to the whole bar, none under the least that can be seen."""
    total = sum(counts)
    if not total:
        return []
    least = min(12.0, BAR_LENGTH / len(counts))
    raw = [BAR_LENGTH * count / total for count in counts]
    missing = sum(least - length for length in raw if length < least)
    spare = sum(length - least for length in raw if length > least)
    return [least if length < least else length - missing * (length - least) / (spare or 1) for length in raw]


def _svg(name: str, view_box: str, title: str, desc: str, shapes: str, *, stretch: bool = False) -> str:
    ratio = ' preserveAspectRatio="none"' if stretch else ""
    words = f"{title}. {desc}"
    return (
        f'<svg class="{name}" viewBox="{view_box}"{ratio} role="img" aria-label="{escaped(words)}" focusable="false">'
        f"<title>{escaped(title)}</title><desc>{escaped(desc)}</desc>{shapes}</svg>"
    )
