"""Kept counts, counted afresh and compared: what ``doctor`` asks."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Q

from .models import Cycle, Extension, IndicatorTally, Submission, ThemeTally
from .services.tallying import changes_of
from .states import SENT


def drifts() -> Iterator[str]:
    """Every kept tally and deadline of the cycles that is wrong, as a sentence."""
    for cycle in Cycle.objects.select_related("framework").order_by("pk"):
        yield from _tally_drifts(cycle)
        yield from _deadline_drifts(cycle)


def _deadline_drifts(cycle: Cycle) -> Iterator[str]:
    """A member's deadline is the cycle's, or its own when that is later."""
    own = Extension.objects.filter(cycle=cycle, organisation__isnull=False).order_by("at", "pk")
    until = dict(own.values_list("organisation", "deadline"))
    rows = Submission.objects.filter(cycle=cycle).filter(~Q(deadline=cycle.deadline) | Q(organisation__in=until))
    for row in rows.select_related("organisation"):
        wanted = max(cycle.deadline, until.get(row.organisation_id, cycle.deadline))
        if row.deadline != wanted:
            yield f"cycle {cycle}, {row.organisation}: the deadline is {row.deadline}, worked out {wanted}"


def _tally_drifts(cycle: Cycle) -> Iterator[str]:
    indicators: dict[int, Counter[str]] = defaultdict(Counter)
    themes: dict[int, Counter[str]] = defaultdict(Counter)
    sent = Submission.objects.filter(cycle=cycle, status__in=SENT).active().select_related("snapshot__version")
    for row in sent.iterator(chunk_size=200):
        if row.snapshot is None:
            continue
        for total, change in zip((indicators, themes), changes_of(row.snapshot, 1), strict=True):
            for pk, counts in change.items():
                total[pk].update(counts)
    for kept in IndicatorTally.objects.filter(cycle=cycle).select_related("indicator"):
        for name in ("met", "not_yet", "not_applicable"):
            counted = indicators[kept.indicator_id][name]
            if getattr(kept, name) != counted:
                yield f"cycle {cycle}, indicator {kept.indicator}: {name} is {getattr(kept, name)}, counted {counted}"
    for tally in ThemeTally.objects.filter(cycle=cycle).select_related("theme"):
        for name in ("members", "not_yet"):
            counted = themes[tally.theme_id][name]
            if getattr(tally, name) != counted:
                yield f"cycle {cycle}, theme {tally.theme}: {name} is {getattr(tally, name)}, counted {counted}"
