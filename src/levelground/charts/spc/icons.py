"""The two icons of a result, each with its words: what kind of variation, and whether the target will be met.

Drawings of our own, made of the marks that charts use: shape tells what colour tells. Page, wall, table and files take
them from here, and from the verdict that the chart's words come from, so that no two of them differ.
"""

from dataclasses import dataclass

from levelground.engines.spc import Result

from .language import ENGLISH, Language
from .style import ICON_STYLE
from .svg import mark
from .words import carrying, tag

# What an icon says, in groups that a reader may ask for; the order is that of how much attention each needs.
VARIATIONS = ("concern", "changed", "improvement", "common", "few")
ASSURANCES = ("fail", "at_times", "pass", "unsaid", "none")
_GROUPS = {
    "concern": "concern", "changed_high": "changed", "changed_low": "changed", "pattern": "changed",
    "improvement": "improvement", "stable": "common", "earlier_signal": "common", "withheld": "few", "too_few": "few",
    "no_data": "few",
}  # fmt: skip
VARIATION_CODES = (
    "improvement_high", "improvement_low", "concern_high", "concern_low", "changed_high", "changed_low", "pattern",
    "stable", "earlier_signal", "withheld", "too_few", "no_data",
)  # fmt: skip
_ASSURED = {"consistent_fail": "fail", "inconsistent": "at_times", "consistent_pass": "pass"}


@dataclass(frozen=True)
class Icon:
    """``group``: one of VARIATIONS or ASSURANCES; ``code``: the drawing; ``words``: the same for a reader."""

    group: str
    code: str
    words: str


@dataclass(frozen=True)
class Icons:
    variation: Icon
    assurance: Icon


def icons(result: Result, *, targeted: bool = False, language: Language = ENGLISH) -> Icons:
    """Both icons of a result. ``targeted``: there is a target, even if no point has met it yet."""
    status = result.verdict.status
    code = status
    if status in {"improvement", "concern"}:
        code += "_high" if carrying(result).direction > 0 else "_low"
    said = _assured(result, targeted=targeted)
    return Icons(
        Icon(_GROUPS[status], code, variation_words(code, language)), Icon(said, said, assurance_words(said, language))
    )


def _assured(result: Result, *, targeted: bool) -> str:
    if result.assurance is not None and result.verdict.status not in {"withheld", "too_few"}:
        return _ASSURED[result.assurance]
    known = len(result.target) and result.target[-1] == result.target[-1]  # not NaN
    return "unsaid" if known or targeted else "none"


def variation_words(code: str, language: Language = ENGLISH) -> str:
    """The verdict's tag, with the way that it went where that is not in the tag."""
    _ = language.gettext
    directed = {
        "improvement_high": _("Improvement, upwards"),
        "improvement_low": _("Improvement, downwards"),
        "concern_high": _("Concern, upwards"),
        "concern_low": _("Concern, downwards"),
    }
    return directed.get(code) or tag(code, language)


def assurance_words(code: str, language: Language = ENGLISH) -> str:
    _ = language.gettext
    return {
        "pass": _("Target will be met"),
        "at_times": _("Target met at times"),
        "fail": _("Target not met without change"),
        "unsaid": _("Target cannot be judged"),
        "none": _("No target"),
    }[code]


# -- the drawings, 24 by 24

_UP, _DOWN = "M3.5 17.5L8 16L12.5 12.5", "M3.5 6.5L8 8L12.5 11.5"
_HIGH, _LOW = (17.2, 8.0), (17.2, 16.0)


def _led(path: str, kind: str, at: tuple[float, float], direction: int = 0) -> str:
    """A line that leads to a mark of the charts."""
    return f'<path class="lg-icon__line" d="{path}"/>{mark(kind, at, 3.0, direction)}'


def _target(*dots: tuple[float, float], ring: float = 8.8) -> str:
    """A target with what was thrown at it."""
    drawn = f'<circle class="lg-icon__ring" cx="{ring:g}" cy="12" r="5.8"/>'
    return drawn + "".join(f'<circle class="lg-icon__dot" cx="{x:g}" cy="{y:g}" r="2.4"/>' for x, y in dots)


_DRAWINGS = {
    "improvement_high": _led(_UP, "improvement", _HIGH, 1),
    "improvement_low": _led(_DOWN, "improvement", _LOW, -1),
    "concern_high": _led(_UP, "concern", _HIGH, 1),
    "concern_low": _led(_DOWN, "concern", _LOW, -1),
    "changed_high": _led(_UP, "neutral", _HIGH),
    "changed_low": _led(_DOWN, "neutral", _LOW),
    "stable": _led("M3 13.5L6.5 9.5L10 14.5L14.5 11.2", "common", (17.8, 12.0)),
    "earlier_signal": _led("M3 7L6.5 6.5L10 14L14.5 11.7", "common", (17.8, 12.0)),
    "pattern": _led("M3 16L5.5 8L8 16L10.5 8L14 12.5", "neutral", (17.6, 12.0)),
    "too_few": "".join(
        f'<circle class="lg-icon__few" cx="{x}" cy="{y}" r="2"/>' for x, y in ((6, 14), (12, 9.5), (18, 13))
    ),
    "withheld": "".join(
        f'<path class="lg-icon__few" d="M{x} {y}h4v4h-4z"/>' for x, y in ((4, 12), (10, 7.5), (16, 11))
    ),
    "no_data": '<path class="lg-icon__none" d="M4 12H20"/>',
    "pass": _target((12, 12), ring=12),
    "at_times": _target((8.8, 12), (19.4, 12)),
    "fail": _target((19.4, 12)),
    "unsaid": '<circle class="lg-icon__open" cx="12" cy="12" r="6.5"/>',
    "none": "",
}  # fmt: skip


def icon(code: str, *, standalone: bool = False) -> str:
    """The drawing as one ``<svg>`` element, without words: those stand beside it. Nothing for "none"."""
    shapes = _DRAWINGS[code]
    if not shapes:
        return ""
    own = ' xmlns="http://www.w3.org/2000/svg" width="24" height="24"' if standalone else ""
    style = f"<style>{ICON_STYLE}</style>" if standalone else ""
    return (
        f'<svg{own} class="lg-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{style}'
        f'<rect class="lg-icon__ground" x="0.5" y="0.5" width="23" height="23" rx="5"/>{shapes}</svg>'
    )
