"""Charts on pages: the chart layer's specs with Django's languages, ready for ``ui/components/chart.jinja``."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import cycle

from django.utils import translation
from django.utils.translation import gettext
from markupsafe import Markup

from levelground.charts.spc import (
    ASSURANCES,
    Brief,
    Icon,
    Language,
    Spec,
    Subject,
    Table,
    Words,
    both,
    brief,
    icon,
    icons,
    make_spec,
    small,
    table,
    words,
)
from levelground.charts.spc.icons import VARIATION_CODES, assurance_words, variation_words
from levelground.engines.spc import Result

TONES = {"improvement": "good", "concern": "needs", "changed_high": "go", "changed_low": "go", "pattern": "go"}


@dataclass(frozen=True)
class IconView:
    """An icon for ``ui/components/spc_icons.jinja``: drawing (empty for none), words, and its group."""

    group: str
    code: str
    words: str
    picture: Markup


@dataclass(frozen=True)
class IconsView:
    """The two icons of a chart. ``tone``: of the tag with the words of the variation."""

    variation: IconView
    assurance: IconView
    tone: str


@dataclass(frozen=True)
class BriefView:
    """A chart without its picture: a row of a table of many."""

    words: Words
    icons: IconsView
    brief: Brief


@dataclass(frozen=True)
class ChartView:
    """A chart with everything that a page shows of it."""

    spec: Spec
    words: Words
    icons: IconsView
    wide: Markup
    narrow: Markup
    table: Table


@dataclass(frozen=True)
class SmallView:
    """A chart of a wall."""

    spec: Spec
    words: Words
    icons: IconsView
    picture: Markup


def language_here() -> Language:
    """The page's language, for the chart layer."""
    name = translation.get_language() or "en"
    return Language("cy" if name.startswith("cy") else "en", partial(_text, name))


@lru_cache(maxsize=1024)
def _text(language: str, text: str) -> str:
    """A chart asks for a hundred texts, and a page of charts for the same ones over and over."""
    with translation.override(language):
        return gettext(text)


def chart_view(result: Result, subject: Subject, *, language: Language | None = None) -> ChartView:
    """One chart for a page, in the page's language unless another is given."""
    tongue = language or language_here()
    said = words(result, writing=subject.writing, language=tongue)
    spec = make_spec(result, subject, language=tongue, said=said)
    wide, narrow = both(spec)
    # The chart layer escapes what it is given.
    pictures = Markup(wide), Markup(narrow)  # noqa: S704  # as said
    return ChartView(spec, said, icons_view(result, tongue, targeted=subject.targeted), *pictures, table(spec))


def wall(series: Sequence[tuple[Result, Subject]], *, language: Language | None = None) -> list[SmallView]:
    """Small charts of many series; every subject has its own key."""
    tongue = language or language_here()
    views = []
    for result, subject in series:
        said = words(result, writing=subject.writing, language=tongue)
        spec = make_spec(result, subject, language=tongue, said=said)
        views.append(SmallView(spec, said, icons_view(result, tongue, targeted=subject.targeted), Markup(small(spec))))  # noqa: S704  # as said
    return views


def brief_view(result: Result, subject: Subject) -> BriefView:
    """What a row says of a chart, in the page's language."""
    tongue = language_here()
    said = words(result, writing=subject.writing, language=tongue)
    shown = icons_view(result, tongue, targeted=subject.targeted)
    return BriefView(said, shown, brief(result, writing=subject.writing, language=tongue))


def icons_view(result: Result, language: Language, *, targeted: bool = False) -> IconsView:
    found = icons(result, targeted=targeted, language=language)
    tone = TONES.get(result.verdict.status, "calm")
    return IconsView(_icon(found.variation), _icon(found.assurance), tone)


def every_icon() -> list[IconsView]:
    """Each drawing once, for the gallery; some of the targets come again."""
    tongue = language_here()
    pairs = zip(VARIATION_CODES, cycle(ASSURANCES), strict=False)
    return [
        IconsView(
            _icon(Icon("", code, variation_words(code, tongue))),
            _icon(Icon("", assured, assurance_words(assured, tongue))),
            TONES.get(code.removesuffix("_high").removesuffix("_low"), TONES.get(code, "calm")),
        )
        for code, assured in pairs
    ]


def _icon(one: Icon) -> IconView:
    return IconView(one.group, one.code, one.words, Markup(icon(one.code)))  # noqa: S704  # our own
