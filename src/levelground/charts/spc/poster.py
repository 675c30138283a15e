"""A chart to take away, for slides and letters: title and verdict above it, method and source below."""

from ..text import escaped
from .layout import LETTER, WIDE
from .spec import Spec
from .style import STYLE
from .svg import shapes

_STYLE = (
    STYLE + ".lg-chart .lg-poster__title{font-size:24px;font-weight:600;fill:#1d2a2f}"
    ".lg-chart .lg-poster__says{font-size:17px;fill:#1d2a2f}.lg-chart .lg-poster__how{font-size:13px}"
)
_EDGE, _STEP = 20.0, 1.35


def poster(spec: Spec, *, source: str = "") -> str:
    """The wide chart as an SVG file of its own, with its words. ``source``: where the numbers come from."""
    name, width = f"{spec.key}-poster", WIDE.width + 2 * _EDGE
    above, top = _block([(spec.title, "title", 24.0), (spec.summary, "says", 17.0)], _EDGE)
    below, height = _block([(spec.caption, "how", 13.0), (source, "how", 13.0)], top + WIDE.height + 14)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" class="lg-chart" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="{name}-title" '
        f'aria-describedby="{name}-desc"><title id="{name}-title">{escaped(spec.title)}</title>'
        f'<desc id="{name}-desc">{escaped(spec.desc)}</desc><style>{_STYLE}</style>'
        f'<rect class="lg-chart__paper" width="{width:g}" height="{height:g}"/>{above}'
        f'<g transform="translate({_EDGE:g} {top:g})">{shapes(spec, WIDE)}</g>{below}</svg>'
    )


def _block(texts: list[tuple[str, str, float]], y: float) -> tuple[str, float]:
    """Texts one under another, each broken into lines; and where the next thing begins."""
    drawn = []
    for text, kind, font in texts:
        for line in _lines(text, font):
            y += font * _STEP
            drawn.append(f'<text class="lg-poster__{kind}" x="{_EDGE:g}" y="{y:.1f}">{escaped(line)}</text>')
    return "".join(drawn), y + 14


def _lines(text: str, font: float) -> list[str]:
    """The words of a text in lines that fit the chart's width."""
    most, lines = int(WIDE.width / (LETTER * font)), [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [line for line in lines if line]
