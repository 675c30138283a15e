"""What members say "not yet" of: by indicator in one cycle, by theme over the years (MQM-38). All from kept counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from levelground.foundation.bilingual import Bilingual
from levelground.frameworks.models import Theme

from .models import Cycle, IndicatorTally, ThemeTally

YEARS = 5


@dataclass(frozen=True)
class Share:
    """Of the ``members`` that sent a theme, so many said "not yet" at least once in it."""

    members: int
    not_yet: int


@dataclass(frozen=True)
class ThemeYears:
    """One theme with a share for each year; ``None`` where nobody sent it."""

    code: str
    name: Bilingual
    shares: list[Share | None]


@dataclass(frozen=True)
class Gaps:
    """The indicators of one cycle, narrowed to ``theme`` if there is one, and every theme over the ``years``."""

    tallies: list[IndicatorTally]
    themes: list[Theme]
    theme: Theme | None
    years: list[int]
    over_years: list[ThemeYears]


def gaps(cycle: Cycle, *, theme: str = "") -> Gaps:
    """Four reads, none of which grows with the number of members."""
    known = themes(cycle)
    chosen = next((one for one in known if one.code == theme), None)
    years, lines = over_the_years(cycle)
    return Gaps(indicators(cycle, theme=chosen.code if chosen else ""), known, chosen, years, lines)


def indicators(cycle: Cycle, *, theme: str = "") -> list[IndicatorTally]:
    """Every indicator that some member answered, the most frequent "not yet" first: one read, along an index."""
    rows = IndicatorTally.objects.filter(cycle=cycle).select_related("indicator__standard__theme")
    if theme:
        rows = rows.filter(indicator__standard__theme__code=theme)
    return [row for row in rows.order_by("-not_yet", "indicator__position") if row.members]


def themes(cycle: Cycle) -> list[Theme]:
    """The themes that the tallies of a cycle are about, in order."""
    rows = ThemeTally.objects.filter(cycle=cycle).select_related("theme__area")
    found = rows.order_by("theme__version__number", "theme__area__position", "theme__position")
    return list({row.theme.code: row.theme for row in found}.values())


def over_the_years(cycle: Cycle) -> tuple[list[int], list[ThemeYears]]:
    """The themes of the framework's newest years up to this one. Editions of a framework keep the codes of themes, so
    themes of different editions with the same code are one row, under its newest name."""
    cycles = Cycle.objects.filter(framework=cycle.framework_id, year__lte=cycle.year).order_by("-year")[:YEARS]
    years = {one.pk: one.year for one in reversed(cycles)}
    rows = ThemeTally.objects.filter(cycle__in=list(years), members__gt=0).select_related("theme__area")
    ordered = list(rows.order_by("cycle__year", "theme__version__number", "theme__area__position", "theme__position"))
    return list(years.values()), _by_theme(ordered, years)


def _by_theme(rows: Iterable[ThemeTally], years: dict[int, int]) -> list[ThemeYears]:
    counts: dict[str, dict[int, Share]] = {}
    names: dict[str, Bilingual] = {}
    places: dict[str, tuple[int, int]] = {}
    for row in rows:
        code, year = row.theme.code, years[row.cycle_id]
        names[code], places[code] = row.theme.name, (row.theme.area.position, row.theme.position)
        there = counts.setdefault(code, {})
        # Two editions of one theme may be sent in the same year.
        known = there.get(year, Share(0, 0))
        there[year] = Share(known.members + row.members, known.not_yet + row.not_yet)
    return [
        ThemeYears(code, names[code], [counts[code].get(year) for year in years.values()])
        for code in sorted(counts, key=lambda code: places[code])
    ]
