"""A spec as SVG. Classes only, so that a strict content security policy holds; shapes tell what colours tell.

``data-point`` and ``data-at`` of the marks are for the page's script (ui/static/levelground/js/chart.js); without it
each mark has a ``<title>``. A file that stands alone carries ``STYLE`` itself.
"""

import math

from ..text import escaped
from .layout import NARROW, SMALL, WIDE, Frame, Label, Size, apart, legend_rows, note_labels, thinned, tick_labels
from .spec import Point, Spec
from .style import STYLE

FLOOR = 7.0  # a hidden point's mark stands so far above the axis: nothing is told by its height
GAP = "gap"


def svg(spec: Spec, *, size: Size = WIDE, standalone: bool = False) -> str:
    """The chart as one ``<svg>`` element: role img, named by its title and described by the verdict.

    ``standalone``: with namespace and style, to be a file of its own.
    """
    return _picture(spec, size, shapes(spec, size), standalone)


def shapes(spec: Spec, size: Size) -> str:
    """What is drawn, without the element around it."""
    notes, rows = note_labels(spec, size, _across(spec, size)) if size.axes else ([], 0)
    legend, under = _legend(spec, size) if size.axes else ("", 0.0)
    line = size.font * 1.35
    top = size.mark + 4 + (line * 1.3 if size.axes and spec.y.label else 0) + line * rows
    bottom = size.height - (line * 1.7 + under if size.axes else size.font * 1.6)
    frame = Frame(size.left, size.width - size.right, top, bottom, spec.x, spec.y)
    parts = [
        _grid(spec, frame, size) if size.axes else _small_axis(spec, frame, size),
        _notes(spec, frame, notes, size),
        _lines(spec, frame),
        _ends(spec, frame, size) if size.ends != "none" else "",
        f'<path class="lg-chart__line" d="{_data_line(spec, frame)}"/>' if spec.drawn else "",
        _marks(spec, frame, size),
        legend,
        "" if spec.drawn else _empty(spec, frame),
    ]
    return "".join(parts)


def small(spec: Spec, *, standalone: bool = False) -> str:
    """The chart for a wall of many: lines, marks, first and last date."""
    return svg(spec, size=SMALL, standalone=standalone)


def both(spec: Spec) -> tuple[str, str]:
    """The chart for wide and for narrow screens; the stylesheet shows one of them."""
    return svg(spec, size=WIDE), svg(spec, size=NARROW)


def _picture(spec: Spec, size: Size, drawing: str, standalone: bool) -> str:
    name = f"{spec.key}-{size.name}"
    own = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    drawn = f' width="{size.width:g}" height="{size.height:g}"' if standalone else ""
    style = f"<style>{STYLE}</style>" if standalone else ""
    ground = f'<rect class="lg-chart__paper" width="{size.width:g}" height="{size.height:g}"/>' if standalone else ""
    return (
        f'<svg{own}{drawn} class="lg-chart lg-chart--{size.name}" viewBox="0 0 {size.width:g} {size.height:g}" '
        f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc" focusable="false">'
        f'<title id="{name}-title">{escaped(spec.title)}</title><desc id="{name}-desc">{escaped(spec.desc)}</desc>'
        f"{style}{ground}{drawing}</svg>"
    )


def _across(spec: Spec, size: Size) -> Frame:
    """A frame whose height is not known yet."""
    return Frame(size.left, size.width - size.right, 0, 1, spec.x, spec.y)


def _text(label: Label, extra: str = "") -> str:
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
    full = f"<title>{escaped(label.full)}</title>" if label.full else ""
    name = f' class="{extra}"' if extra else ""
    return f'<text{name} x="{label.x:.1f}" y="{label.y:.1f}"{anchor}>{full}{escaped(label.text)}</text>'


def _grid(spec: Spec, frame: Frame, size: Size) -> str:
    """Level lines at the ticks, their numbers, the dates below, the words of the axis above."""
    levels = "".join(f"M{frame.left:g} {frame.up(t.at):.1f}H{frame.right:g}" for t in spec.y.ticks)
    across = thinned(spec.x.ticks, frame, size.font)
    marks = "".join(f"M{frame.across(t.at):.1f} {frame.bottom:.1f}v5" for t in across)
    labels = [Label(frame.left - 8, frame.up(t.at) + size.font * 0.35, t.label, "end") for t in spec.y.ticks]
    labels += tick_labels(across, frame, size, frame.bottom + size.font * 1.6)
    if spec.y.label:
        labels.append(Label(size.mark, size.font * 1.1, spec.y.label))
    words = "".join(_text(label) for label in labels)
    return f'<path class="lg-chart__grid" d="{levels}{marks}"/><g class="lg-chart__words">{words}</g>'


def _empty(spec: Spec, frame: Frame) -> str:
    """The words in place of points, where there are none."""
    middle = Label((frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2, spec.nothing, "middle")
    return f'<g class="lg-chart__words">{_text(middle)}</g>'


def _small_axis(spec: Spec, frame: Frame, size: Size) -> str:
    if not spec.points:
        return ""
    y = size.height - 3
    first, last = (Label(frame.left, y, spec.points[0].when), Label(frame.right, y, spec.points[-1].when, "end"))
    words = _text(first) + (_text(last) if len(spec.points) > 1 else "")
    return (
        f'<path class="lg-chart__grid" d="M{frame.left:g} {frame.bottom:.1f}H{frame.right:g}"/>'
        f'<g class="lg-chart__words">{words}</g>'
    )


def _notes(spec: Spec, frame: Frame, labels: list[Label], size: Size) -> str:
    """Upright lines where phases start and where something happened, with their words above the plot."""
    line = size.font * 1.35
    rows = {one.at: one.y for one in labels}

    def upright(at: float) -> str:
        """From the words, or the top of the plot, down to the axis."""
        top = frame.top - (4 + rows[at] * line if at in rows else 0)
        return f"M{frame.across(at):.1f} {top:.1f}V{frame.bottom:.1f}"

    edges = "".join(upright(edge.at) for edge in spec.edges)
    notes = "".join(upright(note.at) for note in spec.notes)
    drawn = f'<path class="lg-chart__edge" d="{edges}"/>' if edges else ""
    drawn += f'<path class="lg-chart__note" d="{notes}"/>' if notes and size.axes else ""
    words = "".join(_text(Label(one.x, frame.top - 6 - one.y * line, one.text, one.anchor, one.full)) for one in labels)
    return f'{drawn}<g class="lg-chart__said">{words}</g>' if words else drawn


def _lines(spec: Spec, frame: Frame) -> str:
    drawn = []
    for line in spec.lines:
        path, end = [], None
        for left, right, height in line.steps:
            y = f"{frame.up(height):.1f}"
            move = f"V{y}" if end == left else f"M{frame.across(left):.1f} {y}"
            path.append(f"{move}H{frame.across(right):.1f}")
            end = right
        drawn.append(f'<path class="lg-chart__{line.kind.replace("_", "-")}" d="{"".join(path)}"/>')
    return "".join(drawn)


def _ends(spec: Spec, frame: Frame, size: Size) -> str:
    """Name and number at the end of each line, none over another."""
    heights = apart([frame.up(end.value) for end in spec.ends], size.font * 1.3, frame.top, frame.bottom)
    words = []
    for end, height in zip(spec.ends, heights, strict=True):
        text = f"{end.name} {end.number}" if size.ends == "full" else end.number
        label = Label(frame.right + 8, height + size.font * 0.35, text)
        words.append(_text(label, f"lg-chart__end lg-chart__end--{end.kind}"))
    return "".join(words)


def _drawn(point: Point) -> bool:
    return not math.isnan(point.value)


def _data_line(spec: Spec, frame: Frame) -> str:
    """The line through the points, broken at gaps and hidden points."""
    path, pen_down = [], False
    for point in spec.points:
        if _drawn(point):
            path.append(f"{'L' if pen_down else 'M'}{frame.across(point.at):.1f} {frame.up(point.value):.1f}")
        pen_down = _drawn(point)
    return "".join(path)


def _marks(spec: Spec, frame: Frame, size: Size) -> str:
    """One element per point, in order; special ones are drawn larger. Gaps have an empty one, for the keyboard walk."""
    marks = []
    for point in spec.points:
        x = frame.across(point.at)
        y = frame.up(point.value) if _drawn(point) else frame.bottom - FLOOR
        kind = point.kind if _drawn(point) or point.kind == "hidden" else GAP
        title = f"<title>{escaped(point.says)}</title>" if size.axes else ""
        marks.append(
            mark(kind, (x, y), size.mark, point.direction, data=f' data-point="{point.position}"', title=title)
        )
    return f'<g class="lg-chart__marks">{"".join(marks)}</g>'


def mark(kind: str, at: tuple[float, float], r: float, direction: int, *, data: str = "", title: str = "") -> str:
    """A mark at (x, y): circle common, triangle improvement (up or down), diamond concern, square neutral, ring
    excluded, dashed square hidden, nothing for a gap. ``r``: half its width; special ones are larger."""
    x, y = at
    name = f'class="lg-mark lg-mark--{kind}"'
    place = f'{data} data-at="{x:.1f} {y:.1f}"' if data else ""
    if kind in {"common", "excluded"}:
        return f'<circle {name} cx="{x:.1f}" cy="{y:.1f}" r="{r:g}"{place}>{title}</circle>'
    return f'<path {name} d="{_shape(kind, direction, x, y, r)}"{place}>{title}</path>'


def _shape(kind: str, direction: int, x: float, y: float, r: float) -> str:
    if kind == "improvement":
        s = r * 1.5
        tip = -1 if direction >= 0 else 1
        return f"M{x:.1f} {y + tip * s:.1f}l{s:.1f} {-tip * s * 1.75:.1f}h{-2 * s:.1f}z"
    if kind == "concern":
        s = r * 1.6
        return f"M{x:.1f} {y - s:.1f}l{s:.1f} {s:.1f}l{-s:.1f} {s:.1f}l{-s:.1f} {-s:.1f}z"
    if kind == "neutral":
        s = r * 1.15
        return f"M{x - s:.1f} {y - s:.1f}h{2 * s:.1f}v{2 * s:.1f}h{-2 * s:.1f}z"
    if kind == "hidden":
        return f"M{x - r:.1f} {y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}z"
    return f"M{x:.1f} {y:.1f}"


def _legend(spec: Spec, size: Size) -> tuple[str, float]:
    """Kinds of marks in use, and, where the ends of lines have no names, the lines; with the height that it takes."""
    entries = [(kind, text, True) for kind, text in spec.legend]
    if size.ends == "number":
        entries += [(kind, text, False) for kind, text in spec.line_names]
    if not entries:
        return "", 0.0
    sample = size.font * 1.7
    rows = legend_rows([text for _, text, _ in entries], size, sample)
    line = size.font * 1.6
    drawn = []
    for number, row in enumerate(rows):
        y = size.height - (len(rows) - 1 - number) * line - size.font * 0.6
        for entry, x in row:
            kind, text, is_mark = entries[entry]
            if is_mark:
                direction = _direction(spec, kind)
                drawn.append(mark(kind, (x + size.font * 0.6, y - size.font * 0.35), size.mark, direction))
            else:
                drawn.append(
                    f'<path class="lg-chart__{kind}" d="M{x:.1f} {y - size.font * 0.35:.1f}h{size.font * 1.3:.1f}"/>'
                )
            drawn.append(_text(Label(x + sample, y, text)))
    return f'<g class="lg-chart__legend" aria-hidden="true">{"".join(drawn)}</g>', line * len(rows) + size.font * 0.3


def _direction(spec: Spec, kind: str) -> int:
    """Which way the legend's mark looks: as those of the chart do."""
    return next((point.direction for point in spec.points if point.kind == kind), 1)
