"""Answers, what follows from them, and the life of an action (domain guide 2.2)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Value(models.TextChoices):
    UNANSWERED = "", _("Not answered")
    MET = "met", _("Met")
    NOT_YET = "not_yet", _("Not yet")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")


class Standing(models.TextChoices):
    """Where an indicator stands, derived from its answer and its live actions; never stored as an answer (MQM-04)."""

    UNANSWERED = "unanswered", _("Not answered")
    MET = "met", _("Met")
    WORKING_TOWARDS = "working_towards", _("Working towards")
    GAP = "gap_without_action", _("No open action")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")


def standing(value: str, live_actions: int) -> Standing:
    """The state of an indicator from its ``value`` and the number of actions still open or in progress."""
    if value == Value.NOT_YET:
        return Standing.WORKING_TOWARDS if live_actions else Standing.GAP
    return _SETTLED.get(value, Standing.UNANSWERED)


_SETTLED: dict[str, Standing] = {Value.MET: Standing.MET, Value.NOT_APPLICABLE: Standing.NOT_APPLICABLE}


class ActionStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("action", "Open")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    VERIFIED = "verified", _("Checked by the reviewer")
    CANCELLED = "cancelled", _("Cancelled")


class ActionSource(models.TextChoices):
    SELF = "self", _("Self-assessment")
    REVIEW = "review", _("Review")
    RETURN = "return", _("Quarterly return")
    SUPPORT = "support", _("Support")


class Priority(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


LIVE = [ActionStatus.OPEN, ActionStatus.IN_PROGRESS]


@dataclass(frozen=True)
class Move:
    """One allowed step of an action; ``needs`` names the text that must come with it."""

    to: str
    needs: str = ""


A = ActionStatus
ACTION_MOVES: dict[str, list[Move]] = {
    A.OPEN: [Move(A.IN_PROGRESS), Move(A.DONE, needs="note"), Move(A.CANCELLED, needs="reason")],
    A.IN_PROGRESS: [Move(A.OPEN), Move(A.DONE, needs="note"), Move(A.CANCELLED, needs="reason")],
    A.DONE: [Move(A.IN_PROGRESS, needs="note")],
    A.VERIFIED: [],
    A.CANCELLED: [Move(A.OPEN, needs="note")],
}
