"""Locking a submission and taking it from one status to another.

Locks are taken in one order, so that nobody waits for somebody who waits for them: the cycle, workbooks, submissions
(several of a kind in the order of their ids), then documents, the receipt counter with the tallies, the audit chain.
The quarterly returns, which never hold a cycle or a submission, go on from the workbook: quarter, return, tallies.
"""

from typing import Any

from django.utils.translation import gettext as _

from levelground.assessments.models import Snapshot, Workbook
from levelground.assessments.services.locking import plain
from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import IllegalMove, Invalid
from levelground.organisations.access import Access
from levelground.organisations.roles import Permission

from ..models import Cycle, Submission, SubmissionStep
from ..states import WITH_MEMBER, Needs, Status, move_between

WORDS_LIMIT = 4000


def lock(submission: Submission) -> Submission:
    """Wait for the submission, inside a transaction: first for its workbook."""
    if submission.workbook_id:
        Workbook.objects.select_for_update().values_list("pk").get(pk=submission.workbook_id)
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related(
            "cycle__framework__network", "cycle__framework_version", "organisation", "snapshot",
            "workbook__version", "workbook__framework", "workbook__organisation",
        )
        .get(pk=submission.pk)
    )  # fmt: skip


def hold_workbooks(cycle: Cycle) -> None:
    """Wait for every workbook of a cycle, so that nobody signs or sends while what the cycle asks for is changed."""
    books = Workbook.objects.filter(pk__in=Submission.objects.filter(cycle=cycle).values("workbook"))
    list(books.select_for_update().order_by("pk").values_list("pk", flat=True))


def words(text: str, *, field: str, ask: Any = "") -> str:
    """What somebody wrote, checked; ``ask`` is what to say when it must not be empty and is."""
    text = plain(text)
    if ask and not text:
        raise Invalid(fields={field: ask})
    if len(text) > WORDS_LIMIT:
        raise Invalid(fields={field: _("Write at most %(limit)d characters.") % {"limit": WORDS_LIMIT}})
    return text


def require_with_member(row: Submission) -> None:
    """``IllegalMove`` when the member cannot work on its submission now."""
    if row.status == Status.WITHDRAWN:
        raise IllegalMove(_("The network has withdrawn this year's snapshot. Ask the network if this is a mistake."))
    if row.status not in WITH_MEMBER:
        raise IllegalMove(
            _("This year's snapshot is with the network. You can change it again if the network sends it back.")
        )


def illegal(row: Submission, to: Status) -> IllegalMove:
    said = _("A snapshot that is “%(now)s” cannot become “%(next)s”.")
    return IllegalMove(said % {"now": row.get_status_display(), "next": to.label})


def step(
    row: Submission, to: Status, *, by: Any = None, reason: str = "", snapshot: Snapshot | None = None
) -> SubmissionStep:
    """Take a locked submission to ``to`` when the table of moves has that step; with its history."""
    move = move_between(row.status, to)
    if move is None:
        raise illegal(row, to)
    if move.permission:
        place = row.cycle.network if move.permission == Permission.MANAGE_CYCLES else row.organisation
        Access.of(by).require(move.permission, place)
    if move.needs == Needs.REASON:
        reason = words(reason, field="reason", ask=_("Say why, in a few words. The member will read it."))
    before, row.status, row.version = row.status, to, row.version + 1
    row.save()
    made = SubmissionStep.objects.create(
        submission=row, from_status=before, to_status=to, by=by, at=clock.now(), reason=reason, snapshot=snapshot
    )
    audit.record(
        by=by, verb="submission.moved", subject=f"submission:{row.public_id}", chain=row.organisation.audit_chain,
        before=before, after=str(to),
    )  # fmt: skip
    return made
