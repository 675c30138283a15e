"""The life of a member's yearly submission (domain guide 2.2), as data: every move, who may make it, what it needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from levelground.organisations.roles import Permission


class Status(models.TextChoices):
    NOT_STARTED = "not_started", pgettext_lazy("submission", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("submission", "In progress")
    READY = "ready", _("Ready to send")
    SUBMITTED = "submitted", pgettext_lazy("submission", "Sent")
    RETURNED = "returned", _("Sent back with reasons")
    RESUBMITTED = "resubmitted", _("Sent again")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("submission", "Withdrawn by the network")


class Needs(models.TextChoices):
    """What must be there before a move is made."""

    NOTHING = "", ""
    READY = "ready", "everything complete and signed off"
    REASON = "reason", "a written reason"


@dataclass(frozen=True)
class Move:
    """One allowed step. Without a ``permission`` only the program makes it, when something else has happened."""

    to: Status
    permission: Permission | None = None
    needs: Needs = Needs.NOTHING


# Nothing was ever sent: after the deadline such a submission is overdue.
UNSENT = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.READY)
# The member works on it: documents, sign-off, sending.
WITH_MEMBER = (*UNSENT, Status.RETURNED)
# The network is to decide.
WITH_NETWORK = (Status.SUBMITTED, Status.RESUBMITTED)
SENT = (Status.SUBMITTED, Status.RETURNED, Status.RESUBMITTED, Status.ACCEPTED)

S, P = Status, Permission
_WITHDRAW = Move(S.WITHDRAWN, P.MANAGE_CYCLES, Needs.REASON)
_DECIDE = [Move(S.ACCEPTED, P.MANAGE_CYCLES), Move(S.RETURNED, P.MANAGE_CYCLES, Needs.REASON), _WITHDRAW]

MOVES: dict[str, list[Move]] = {
    S.NOT_STARTED: [Move(S.IN_PROGRESS), _WITHDRAW],
    S.IN_PROGRESS: [Move(S.READY, P.APPROVE_SNAPSHOT), _WITHDRAW],
    S.READY: [Move(S.IN_PROGRESS), Move(S.SUBMITTED, P.SUBMIT_SNAPSHOT, Needs.READY), _WITHDRAW],
    S.SUBMITTED: _DECIDE,
    S.RETURNED: [Move(S.RESUBMITTED, P.SUBMIT_SNAPSHOT, Needs.READY), _WITHDRAW],
    S.RESUBMITTED: _DECIDE,
    S.ACCEPTED: [_WITHDRAW],
    # A withdrawal by mistake must not cost a member its year. What had come before counts as sent back: with a receipt
    # in hand a member is not overdue.
    S.WITHDRAWN: [Move(to, P.MANAGE_CYCLES, Needs.REASON) for to in (S.IN_PROGRESS, S.RETURNED)],
}


def move_between(before: str, after: str) -> Move | None:
    """The move from ``before`` to ``after``, if there is one."""
    return next((move for move in MOVES[before] if move.to == after), None)


class Answered(models.TextChoices):
    """How a request for sign-off ended."""

    OPEN = "", ""
    SIGNED = "signed", _("Signed off")
    NOT_YET = "not_yet", _("Not yet")
    REPLACED = "replaced", _("Asked again")


def left_words(
    *, first: Iterable[str] = (), points: int = 0, answers: int = 0, actions: int = 0, documents: int = 0,
    sign_off: bool = True,
) -> str:  # fmt: skip
    """What is left, each kind with its number. No sum of them: an honest "not yet" would make it rise."""
    counted = [
        (points, ngettext("%(num)s point of the network", "%(num)s points of the network", points)),
        (answers, ngettext("%(num)s answer", "%(num)s answers", answers)),
        (actions, ngettext("%(num)s action", "%(num)s actions", actions)),
        (documents, ngettext("%(num)s document", "%(num)s documents", documents)),
    ]
    found = ", ".join([*first, *(words % {"num": count} for count, words in counted if count)])
    if not sign_off:
        return found
    return gettext("%(things)s, then the sign-off") % {"things": found} if found else gettext("the sign-off")
