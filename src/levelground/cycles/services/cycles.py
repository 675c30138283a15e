"""The network's side of a year: opening it, what it asks for, its deadlines, reminding."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.assessments.models import Workbook
from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove, Invalid
from levelground.foundation.formats import LONDON
from levelground.frameworks.models import Framework, FrameworkVersion
from levelground.organisations.models import Affiliation, Organisation

from .. import news
from ..defaults import DOCUMENTS, Wanted
from ..models import (
    Cycle,
    Extension,
    Receipt,
    ReceiptCounter,
    RequiredDocument,
    SignOff,
    Submission,
    SubmissionDocument,
)
from ..states import UNSENT, Status
from . import tallying
from .moving import hold_workbooks, words
from .watching import ASKED_FOR_MORE, OTHER_DOCUMENTS, OTHER_VERSION, lapse, rewatch

_MANY = 1000
YEARS = (2000, 2200)


def lock_cycle(cycle: Cycle) -> Cycle:
    """Wait for the cycle: the first of the locks (``moving``). Members may write rows that belong to it meanwhile."""
    return (
        Cycle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("framework__network", "framework_version")
        .get(pk=cycle.pk)
    )


def _audit(cycle: Cycle, verb: str, by: Any, **extra: Any) -> None:
    audit.record(by=by, verb=verb, subject=f"cycle:{cycle.public_id}", chain=cycle.network.audit_chain, **extra)


def previous_documents(framework: Framework) -> list[Wanted]:
    """What to offer for a new cycle: what the newest one asks for, or the five of MQM-25."""
    newest = Cycle.objects.filter(framework=framework).order_by("-year").first()
    if newest is None:
        return list(DOCUMENTS)
    return [Wanted(one.code, one.name, one.guidance, one.stale_months) for one in newest.documents.all()]


def _check_dates(opens_on: dt.date, deadline: dt.date) -> None:
    if opens_on > deadline:
        raise Invalid(fields={"deadline": _("The deadline must not be before the day it opens.")})


def _check_version(framework: Framework, version: FrameworkVersion) -> None:
    if version.framework_id != framework.pk or not version.is_frozen:
        raise Invalid(fields={"framework_version": _("Choose a published version of this framework.")})


@transaction.atomic
def open_cycle(
    *, framework: Framework, framework_version: FrameworkVersion, year: int, opens_on: dt.date, deadline: dt.date,
    by: Any, documents: Sequence[Wanted] | None = None,
) -> Cycle:  # fmt: skip
    """Begin a year: the cycle, the documents it asks for, and a row for every member of the network."""
    _check_dates(opens_on, deadline)
    _check_version(framework, framework_version)
    if not YEARS[0] <= year <= YEARS[1]:
        raise Invalid(fields={"year": _("Write the year in four digits.")})
    Framework.objects.select_for_update().get(pk=framework.pk)
    if Cycle.objects.filter(framework=framework, year=year).exists():
        raise Invalid(fields={"year": _("%(year)s is open already.") % {"year": year}})
    wanted = _checked_documents(previous_documents(framework) if documents is None else documents)
    cycle = Cycle.objects.create(
        framework=framework, framework_version=framework_version, year=year, opens_on=opens_on, deadline=deadline,
        created_by=by, created_at=clock.now(),
    )  # fmt: skip
    _write_documents(cycle, wanted)
    tallying.prepare(cycle, framework_version)
    enrol(cycle=cycle)
    if cycle.has_opened:
        news.spread(cycle, news.OPENED)  # otherwise on the day itself, by the nightly job
    _audit(cycle, "cycle.opened", by, after={"year": year, "opens_on": opens_on, "deadline": deadline})
    return cycle


@transaction.atomic
def enrol(*, cycle: Cycle, organisation: Organisation | None = None) -> int:
    """A row for every present member that has none, and who is still a member; how many rows are new. With an
    ``organisation``, only that one is looked at."""
    cycle = lock_cycle(cycle)
    members = Affiliation.objects.current().filter(network=cycle.framework.network_id).values("organisation")
    rows = Submission.objects.filter(cycle=cycle)
    if organisation is not None:
        members, rows = members.filter(organisation=organisation), rows.filter(organisation=organisation)
    _come_and_gone(cycle, rows.filter(active=True).exclude(organisation__in=members), active=False)
    _come_and_gone(cycle, rows.filter(active=False, organisation__in=members), active=True)
    if clock.today() > cycle.deadline:
        return 0
    lacking = Organisation.objects.filter(pk__in=members).exclude(pk__in=rows.values("organisation"))
    books = Workbook.objects.filter(framework=cycle.framework_id, organisation__in=lacking)
    book_of = dict(books.values_list("organisation", "pk"))
    made = [
        Submission(cycle=cycle, organisation_id=pk, workbook_id=book_of.get(pk), deadline=cycle.deadline)
        for pk in lacking.order_by("pk").values_list("pk", flat=True)
    ]
    Submission.objects.bulk_create(made, batch_size=_MANY)
    if made:
        fresh = rows.filter(status=Status.NOT_STARTED, workbook__isnull=False)
        Workbook.objects.filter(pk__in=fresh.values("workbook"), watched=False).update(watched=True)
    return len(made)


def _come_and_gone(cycle: Cycle, rows: QuerySet[Submission], *, active: bool) -> None:
    """Members that have left, or are there again: what they sent leaves the tallies, or counts again."""
    # Held before they are looked at, so that nobody sends in between.
    held = rows.select_for_update(of=("self",)).select_related("snapshot__version").defer("snapshot__payload")
    changed = list(held.order_by("pk"))
    if not changed:
        return
    Submission.objects.filter(pk__in=[row.pk for row in changed]).update(active=active)
    # The same lock as in sending, so that two members' tallies change one after the other.
    ReceiptCounter.objects.select_for_update().filter(network=cycle.network, year=cycle.year).first()
    for row in changed:
        before = tallying.counted(row)
        row.active = active
        tallying.recount(cycle, before=before, after=tallying.counted(row))


def _checked_documents(wanted: Sequence[Wanted]) -> list[Wanted]:
    codes = [one.code for one in wanted]
    if len(set(codes)) != len(codes):
        raise Invalid(fields={"documents": _("Two documents have the same short name.")})
    if not all(one.code and one.name for one in wanted):
        raise Invalid(fields={"documents": _("Give every document a name.")})
    return list(wanted)


def _write_documents(cycle: Cycle, wanted: Iterable[Wanted]) -> None:
    for number, one in enumerate(wanted, start=1):
        RequiredDocument.objects.update_or_create(
            cycle=cycle,
            code=one.code,
            defaults={
                "number": number, "name": one.name, "guidance": one.guidance, "stale_months": one.stale_months or None,
            },
        )  # fmt: skip


@transaction.atomic
def set_documents(
    *, cycle: Cycle, documents: Sequence[Wanted], by: Any, seen_version: int | None = None
) -> list[RequiredDocument]:
    """Change what a cycle asks for, until the first member has sent its snapshot."""
    wanted = _checked_documents(documents)
    row = lock_cycle(cycle)
    hold_workbooks(row)
    row.require_version(seen_version, yours={"documents": wanted})
    if RequiredDocument.objects.filter(cycle=row, fixed=True).exists() or _anything_sent(row):
        raise IllegalMove(_("A member has sent its snapshot. What this year asks for stays as it is now."))
    gone = RequiredDocument.objects.filter(cycle=row).exclude(code__in=[one.code for one in wanted])
    for one in gone:
        count = SubmissionDocument.objects.filter(required=one).values("submission").distinct().count()
        if count:
            said = ngettext(
                "%(num)s member has added “%(name)s” already, so it stays.",
                "%(num)s members have added “%(name)s” already, so it stays.",
                count,
            )
            raise Invalid(fields={"documents": said % {"num": count, "name": one.name}})
    before = [(one.code, one.name) for one in RequiredDocument.objects.filter(cycle=row)]
    gone.delete()
    _write_documents(row, wanted)
    _bump(row)
    if {one.code for one in wanted} - {code for code, _name in before}:
        _unsign(_ready(row), ASKED_FOR_MORE)
    elif [(one.code, one.name) for one in wanted] != before:
        # The names stand in what was signed, in this order.
        _unsign(_ready(row), OTHER_DOCUMENTS)
    _audit(row, "cycle.documents_set", by, after={"codes": [one.code for one in wanted]})
    return list(RequiredDocument.objects.filter(cycle=row))


def _anything_sent(cycle: Cycle) -> bool:
    return Submission.objects.filter(cycle=cycle, snapshot__isnull=False).exists()


def _ready(cycle: Cycle) -> QuerySet[Submission]:
    return Submission.objects.filter(cycle=cycle, status=Status.READY)


def _unsign(ready: QuerySet[Submission], why: Bilingual) -> None:
    """Whoever was ready, is so no longer. The caller holds the workbooks."""
    for row in ready.select_for_update(of=("self",)).select_related("cycle__framework", "organisation").order_by("pk"):
        sign_off = SignOff.objects.filter(submission=row, lapsed_at__isnull=True).select_related("by").first()
        if sign_off is not None:
            lapse(row, sign_off, why)
            rewatch(row.workbook_id)


def _bump(row: Cycle) -> None:
    row.version += 1
    row.save()


@transaction.atomic
def change_cycle(
    *, cycle: Cycle, opens_on: dt.date, deadline: dt.date, framework_version: FrameworkVersion, by: Any,
    reason: str = "", seen_version: int | None = None,
) -> Cycle:  # fmt: skip
    """Put a cycle right. A new deadline needs a reason and stays in the history; the version stays once one is sent."""
    row = lock_cycle(cycle)
    yours = {"opens_on": opens_on, "deadline": deadline, "framework_version": framework_version, "reason": reason}
    row.require_version(seen_version, yours=yours)
    _check_dates(opens_on, deadline)
    _check_version(row.framework, framework_version)
    if framework_version.pk != row.framework_version_id:
        hold_workbooks(row)
        if _anything_sent(row):
            raise Invalid(fields={"framework_version": _("A member has sent its snapshot, so the version stays.")})
        tallying.prepare(row, framework_version)
        _unsign(_ready(row).exclude(workbook__version=framework_version), OTHER_VERSION)
    if opens_on != row.opens_on and _anything_sent(row):
        raise Invalid(fields={"opens_on": _("A member has sent its snapshot, so this day stays.")})
    before = {"opens_on": row.opens_on, "deadline": row.deadline, "version": row.framework_version.label}
    waited = not row.has_opened
    row.opens_on, row.framework_version = opens_on, framework_version
    if deadline != row.deadline:
        if deadline < clock.today() and deadline < row.deadline:
            raise Invalid(fields={"deadline": _("Choose today or a later day.")})
        _move_deadline(row, None, before=row.deadline, deadline=deadline, reason=reason, by=by)
    _bump(row)
    if waited and row.has_opened:
        news.spread(row, news.OPENED)
    after = {"opens_on": opens_on, "deadline": deadline, "version": framework_version.label}
    _audit(row, "cycle.changed", by, before=before, after=after)
    return row


def _move_deadline(
    row: Cycle, organisation: Organisation | None, *, before: dt.date, deadline: dt.date, reason: str, by: Any
) -> Extension:
    """Write the history, then the deadlines that are kept with each submission."""
    reason = words(reason, field="reason", ask=_("Say why the deadline changes. Members will read it."))
    made = Extension.objects.create(
        cycle=row, organisation=organisation, before=before, deadline=deadline, reason=reason, by=by, at=clock.now()
    )
    rows = Submission.objects.filter(cycle=row)
    if organisation is not None:
        rows.filter(organisation=organisation).update(deadline=deadline)
        _excuse(rows.filter(organisation=organisation))
        return made
    row.deadline = deadline
    rows.update(deadline=deadline)
    own = Extension.objects.filter(cycle=row, organisation__isnull=False).order_by("at", "pk")
    for member, until in dict(own.values_list("organisation", "deadline")).items():
        rows.filter(organisation=member, deadline__lt=until).update(deadline=until)
    _excuse(rows)
    return made


def _excuse(rows: QuerySet[Submission]) -> None:
    """Who was late by the old deadline and is not by the new one, was in time. The receipts stay as they were given."""
    first = Receipt.objects.filter(submission=OuterRef("pk")).order_by("at", "pk").values("at")[:1]
    late = rows.filter(late=True).annotate(came=Subquery(first)).values_list("pk", "came", "deadline")
    excused = [pk for pk, came, deadline in late if came is not None and came.astimezone(LONDON).date() <= deadline]
    for start in range(0, len(excused), _MANY):
        Submission.objects.filter(pk__in=excused[start : start + _MANY]).update(late=False)


@transaction.atomic
def extend(
    *, cycle: Cycle, organisation: Organisation, deadline: dt.date, reason: str, by: Any,
    seen_version: int | None = None,
) -> Extension:  # fmt: skip
    """Give one member more time, with the reason, and the history of it. (``change_cycle`` moves everyone's.)"""
    row = lock_cycle(cycle)
    row.require_version(seen_version, yours={"deadline": deadline, "reason": reason})
    mine = Submission.objects.filter(cycle=row, organisation=organisation)
    before = mine.values_list("deadline", flat=True).first()
    if before is None:
        raise Invalid(fields={"organisation": _("This organisation does not take part in this cycle.")})
    if deadline <= before:
        raise Invalid(fields={"deadline": _("Choose a day after the deadline that holds now.")})
    made = _move_deadline(row, organisation, before=before, deadline=deadline, reason=reason, by=by)
    _bump(row)
    news.spread(row, news.EXTENDED, organisation=organisation)
    after = {"deadline": deadline, "organisation": organisation.slug}
    _audit(row, "cycle.extended", by, before={"deadline": before}, after=after)
    return made


@transaction.atomic
def remind(*, cycle: Cycle, by: Any, organisations: Sequence[Organisation]) -> int:
    """Remind those of these members whose snapshot has not come; how many members that concerns."""
    rows = Submission.objects.filter(cycle=cycle, status__in=UNSENT, organisation__in=organisations).active()
    count = rows.count()
    news.tell(cycle, news.REMINDER, rows)
    _audit(cycle, "cycle.reminded", by, after={"members": count})
    return count
