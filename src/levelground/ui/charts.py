"""Charts on pages: the chart layer's specs with Django's languages, ready for ``ui/components/chart.jinja``."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext
from markupsafe import Markup

from levelground.charts.spc import (
    Language,
    Spec,
    Subject,
    Table,
    Words,
    both,
    make_spec,
    small,
    table,
    words,
)
from levelground.engines.spc import Result

TONES = {"improvement": "good", "concern": "needs", "changed_high": "go", "changed_low": "go", "pattern": "go"}


@dataclass(frozen=True)
class ChartView:
    """A chart with everything that a page shows of it. ``tone``: of the verdict's tag."""

    spec: Spec
    words: Words
    tone: str
    wide: Markup
    narrow: Markup
    table: Table


@dataclass(frozen=True)
class SmallView:
    """A chart of a wall."""

    spec: Spec
    words: Words
    tone: str
    picture: Markup


def language_here() -> Language:
    """The page's language, for the chart layer."""
    return Language("cy" if (translation.get_language() or "").startswith("cy") else "en", gettext)


def chart_view(result: Result, subject: Subject, *, language: Language | None = None) -> ChartView:
    """One chart for a page, in the page's language unless another is given."""
    tongue = language or language_here()
    spec = make_spec(result, subject, language=tongue)
    said = words(result, writing=subject.writing, language=tongue)
    wide, narrow = both(spec)
    # The chart layer escapes what it is given.
    return ChartView(spec, said, _tone(said), Markup(wide), Markup(narrow), table(spec))  # noqa: S704  # see above


def wall(series: Sequence[tuple[Result, Subject]], *, language: Language | None = None) -> list[SmallView]:
    """Small charts of many series; every subject has its own key."""
    tongue = language or language_here()
    views = []
    for result, subject in series:
        spec = make_spec(result, subject, language=tongue)
        said = words(result, writing=subject.writing, language=tongue)
        views.append(SmallView(spec, said, _tone(said), Markup(small(spec))))  # noqa: S704  # it escapes, as above
    return views


def _tone(said: Words) -> str:
    return TONES.get(said.status, "calm")
