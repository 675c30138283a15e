"""The network's own verbs around ``cycles``: a member is reminded once a day, two officers do not undo each other."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.errors import Conflict, IllegalMove
from levelground.foundation.formats import LONDON
from levelground.foundation.jobs.registry import job
from levelground.foundation.notifications.models import Notification
from levelground.frameworks.models import FrameworkVersion
from levelground.organisations.access import Access
from levelground.organisations.roles import Permission

from .. import news, people
from ..models import Cycle, Extension, Submission
from ..states import UNSENT, Status
from . import deciding
from .cycles import change_cycle, extend, lock_cycle, remind
from .moving import lock

# More members than this are told by a worker.
AT_ONCE = 200
# The program's own reminder of the same thing (tasks.py) counts too.
_BY_ITSELF = "submission.due"


@dataclass(frozen=True)
class Reminded:
    """What became of a reminder: how many members were told, and why the others were not."""

    members: int = 0
    already: int = 0
    nobody: int = 0
    later: bool = False

    def __add__(self, other: "Reminded") -> "Reminded":
        return Reminded(
            self.members + other.members,
            self.already + other.already,
            self.nobody + other.nobody,
            self.later or other.later,
        )


def remind_some(*, cycle: Cycle, numbers: Iterable[str], by: Any) -> Reminded:
    """Remind the members with these submissions, as far as nothing has come from them."""
    wanted = sorted(set(numbers))
    if len(wanted) > AT_ONCE:
        return _leave_to_worker(cycle, wanted, by)
    return _remind(cycle, wanted, by)


def remind_overdue(*, cycle: Cycle, by: Any) -> Reminded:
    rows = Submission.objects.filter(cycle=cycle).active().overdue()
    return remind_some(cycle=cycle, numbers=rows.values_list("public_id", flat=True), by=by)


@transaction.atomic
def _leave_to_worker(cycle: Cycle, numbers: list[str], by: Any) -> Reminded:
    Access.of(by).require(Permission.MANAGE_CYCLES, cycle.network)
    # Asked for twice at the same time it is done twice, and the second finds everybody reminded already.
    remind_later.enqueue_on_commit(cycle.public_id, numbers, by.pk)
    return Reminded(members=len(numbers), later=True)


@job(name="cycles.remind")
def remind_later(cycle: str, numbers: list[str], by: int) -> None:
    """In short transactions, so that members can save meanwhile."""
    found, officer = Cycle.objects.get(public_id=cycle), User.objects.get(pk=by)
    for start in range(0, len(numbers), AT_ONCE):
        _remind(found, numbers[start : start + AT_ONCE], officer)


@transaction.atomic
def _remind(cycle: Cycle, numbers: list[str], by: Any) -> Reminded:
    # The lock lets a second officer see whom the first has reminded.
    cycle = lock_cycle(cycle)
    Access.of(by).require(Permission.MANAGE_CYCLES, cycle.network)
    waiting = Submission.objects.filter(cycle=cycle, public_id__in=numbers, status__in=UNSENT).active()
    rows = list(waiting.select_related("organisation"))
    leads = people.holders([row.organisation_id for row in rows], Permission.SUBMIT_SNAPSHOT)
    told = _told_today(user for held in leads.values() for user in held)
    led = [row for row in rows if leads.get(row.organisation_id)]
    fresh = [row for row in led if row.public_id not in told]
    if fresh:
        remind(cycle=cycle, by=by, organisations=[row.organisation for row in fresh])
    return Reminded(members=len(fresh), already=len(led) - len(fresh), nobody=len(rows) - len(led))


def _told_today(leads: Iterable[Any]) -> set[str]:
    """The submissions of which one of these people was reminded today, by whatever deadline."""
    morning = dt.datetime.combine(clock.today(), dt.time.min, tzinfo=LONDON)
    sent = Notification.objects.filter(
        user__in={lead.pk for lead in leads}, kind__in=(news.REMINDER, _BY_ITSELF), created_at__gte=morning
    )
    # Keys: "<submission>:<deadline>:<day>", and "submission:<submission>:<deadline>:<step>".
    return {key.removeprefix("submission:").split(":")[0] for key in sent.values_list("key", flat=True)}


@transaction.atomic
def reinstate(*, submission: Submission, by: Any, reason: str, seen_version: int | None = None) -> Submission:
    """Undo a withdrawal, and nothing else: from other states the program itself may lead to "in progress"."""
    row = lock(submission)
    row.require_version(seen_version, yours={"reason": reason})
    if row.status != Status.WITHDRAWN:
        raise IllegalMove(_("This snapshot is not withdrawn."))
    return deciding.reinstate(submission=row, by=by, reason=reason, seen_version=seen_version)


@transaction.atomic
def change_dates(
    *, cycle: Cycle, opens_on: dt.date, deadline: dt.date, framework_version: FrameworkVersion, by: Any,
    reason: str = "", seen_version: int | None = None,
) -> Cycle:  # fmt: skip
    """Put the dates of a cycle right. When the deadline moves, everyone who has not sent hears of it."""
    before = lock_cycle(cycle).deadline
    row = change_cycle(
        cycle=cycle, opens_on=opens_on, deadline=deadline, framework_version=framework_version, by=by, reason=reason,
        seen_version=seen_version,
    )  # fmt: skip
    if row.deadline != before:
        news.spread(row, news.EXTENDED)
    return row


@transaction.atomic
def extend_one(
    *, submission: Submission, deadline: dt.date, reason: str, by: Any, seen_deadline: dt.date | None = None
) -> Extension:
    """Give one member more time, as long as nothing has come from it."""
    cycle = lock_cycle(submission.cycle)
    row = Submission.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=submission.pk)
    if seen_deadline is not None and row.deadline != seen_deadline:
        raise Conflict(
            _("Somebody else changed this while you were working."),
            theirs=row, yours={"deadline": deadline, "reason": reason},
        )  # fmt: skip
    if row.status not in UNSENT:
        raise IllegalMove(_("This member has sent its snapshot already, so it needs no more time."))
    return extend(cycle=cycle, organisation=row.organisation, deadline=deadline, reason=reason, by=by)
