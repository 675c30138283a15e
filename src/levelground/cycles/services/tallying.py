"""Kept tallies: how the newest snapshots of a cycle answer each indicator. Changed with the submission's own step."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import F

from levelground.assessments.models import Snapshot
from levelground.assessments.services.frozen import read
from levelground.assessments.states import Value
from levelground.frameworks.models import FrameworkVersion
from levelground.frameworks.selectors import tree

from ..models import Cycle, IndicatorTally, Submission, ThemeTally
from ..states import SENT

COLUMNS = {Value.MET: "met", Value.NOT_YET: "not_yet", Value.NOT_APPLICABLE: "not_applicable"}


def counted(submission: Submission) -> Snapshot | None:
    """The snapshot that counts for the member: the newest, unless the network has withdrawn it or the member has left.
    Whom no list shows any more is in no sum either."""
    return submission.snapshot if submission.active and submission.status in SENT else None


def prepare(cycle: Cycle, version: FrameworkVersion) -> None:
    """Rows for every indicator and theme of a version."""
    nodes = tree(version)
    IndicatorTally.objects.bulk_create(
        [IndicatorTally(cycle=cycle, indicator=one) for one in nodes.indicators], ignore_conflicts=True
    )
    ThemeTally.objects.bulk_create(
        [ThemeTally(cycle=cycle, theme=node.theme) for node in nodes.themes], ignore_conflicts=True
    )


def changes_of(snapshot: Snapshot, sign: int) -> tuple[dict[int, Counter[str]], dict[int, Counter[str]]]:
    """What a snapshot adds (``sign`` 1) to the tallies, or takes from them (-1): by indicator and by theme."""
    values = {item["code"]: item["value"] for item in read(snapshot)["indicators"]}
    indicators: dict[int, Counter[str]] = defaultdict(Counter)
    themes: dict[int, Counter[str]] = defaultdict(Counter)
    for node in tree(snapshot.version).themes:
        said = [values.get(one.code, "") for one in node.indicators]
        for one, value in zip(node.indicators, said, strict=True):
            if value in COLUMNS:
                indicators[one.pk][COLUMNS[Value(value)]] += sign
        themes[node.theme.pk]["members"] += sign
        themes[node.theme.pk]["not_yet"] += sign * (Value.NOT_YET in said)
    return indicators, themes


def _apply(rows: Any, key: str, changes: dict[int, Counter[str]]) -> None:
    """The same change of several rows is one statement."""
    alike: dict[tuple[tuple[str, int], ...], list[int]] = defaultdict(list)
    for pk, change in changes.items():
        effect = tuple(sorted((name, number) for name, number in change.items() if number))
        if effect:
            alike[effect].append(pk)
    for effect, keys in sorted(alike.items()):
        rows.filter(**{f"{key}__in": keys}).update(**{name: F(name) + number for name, number in effect})


def recount(cycle: Cycle, *, before: Snapshot | None, after: Snapshot | None) -> None:
    """The member's counted snapshot was ``before`` and is ``after``. The caller holds the cycle's receipt counter, so
    that two members' changes of the same rows come one after the other."""
    indicators: dict[int, Counter[str]] = defaultdict(Counter)
    themes: dict[int, Counter[str]] = defaultdict(Counter)
    for snapshot, sign in ((before, -1), (after, 1)):
        if snapshot is None:
            continue
        if sign > 0 and not IndicatorTally.objects.filter(cycle=cycle, indicator__version=snapshot.version_id).exists():
            prepare(cycle, snapshot.version)
        for total, change in zip((indicators, themes), changes_of(snapshot, sign), strict=True):
            for pk, counts in change.items():
                total[pk].update(counts)
    _apply(IndicatorTally.objects.filter(cycle=cycle), "indicator", indicators)
    _apply(ThemeTally.objects.filter(cycle=cycle), "theme", themes)
