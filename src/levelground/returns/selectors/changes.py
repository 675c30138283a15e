"""What has changed in the workbook since the network heard of it last (MQM-33)."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from levelground.assessments.models import AnswerChange, Snapshot, Workbook
from levelground.foundation import clock
from levelground.foundation.audit.services import canonical
from levelground.foundation.formats import LONDON
from levelground.frameworks.models import Indicator
from levelground.frameworks.selectors import tree

from ..models import QuarterlyReturn, ReturnQuarter
from ..rules import is_fall, opens_on


@dataclass(frozen=True)
class Proposal:
    """One indicator whose answer is another one than it was."""

    indicator: Indicator
    from_value: str
    to_value: str

    @property
    def fell(self) -> bool:
        return is_fall(self.from_value, self.to_value)

    @property
    def first_answer(self) -> bool:
        """It was not answered before: news of the workbook rather than of the organisation."""
        return not self.from_value


def moment_since(quarter: ReturnQuarter, workbook: Workbook) -> dt.datetime:
    """From when on changes count: the last return before this one, else the newest snapshot sent by the end of the
    quarter, else the quarter's start.

    The last return comes first even when a snapshot is newer, because only returns point out what is met no longer.
    """
    earlier = QuarterlyReturn.objects.filter(
        organisation=workbook.organisation_id,
        quarter__framework=quarter.framework_id,
        quarter__starts_on__lt=quarter.starts_on,
        last_sent_at__isnull=False,
    )
    sent = earlier.order_by("-quarter__starts_on").values_list("last_sent_at", flat=True).first()
    if sent is None:
        over = dt.datetime.combine(opens_on(quarter), dt.time(), tzinfo=LONDON)
        snapshots = Snapshot.objects.filter(workbook=workbook, submitted_at__lt=over)
        sent = snapshots.order_by("-submitted_at").values_list("submitted_at", flat=True).first()
    return sent or dt.datetime.combine(quarter.starts_on, dt.time(), tzinfo=LONDON)


def proposals(workbook: Workbook, since: dt.datetime) -> list[Proposal]:
    """The net changes since then, in the order of the framework: first those that are met no longer.

    They are read from the history alone, so that a list of the past is the list as it was then.
    """
    then: dict[int, str] = {}
    now: dict[int, str] = {}
    changes = AnswerChange.objects.filter(
        answer__workbook=workbook, answer__indicator__version=workbook.version_id, at__gt=since, at__lte=clock.now()
    )
    steps = changes.order_by("at", "pk").values_list("answer__indicator", "from_value", "to_value")
    for indicator, from_value, to_value in steps:
        then.setdefault(indicator, from_value)
        now[indicator] = to_value
    found = [
        Proposal(indicator, then[indicator.pk], now[indicator.pk])
        for indicator in tree(workbook.version).indicators
        if indicator.pk in now and then[indicator.pk] != now[indicator.pk]
    ]
    return sorted(found, key=lambda one: not one.fell)


def digest(found: Iterable[Proposal]) -> str:
    """A short mark of a list of changes: whoever sends a return has seen this list and no other."""
    listed = [[one.indicator.code, one.from_value, one.to_value] for one in found if not one.first_answer]
    return hashlib.sha256(canonical(listed).encode()).hexdigest()[:16]
