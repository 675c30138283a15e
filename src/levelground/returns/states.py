"""The life of a quarterly return (domain guide 2.2), and how it stands on a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReturnStatus(models.TextChoices):
    """What is stored. Lateness and locking follow from dates and are never stored as a status."""

    OPEN = "open", pgettext_lazy("return", "Nothing written yet")
    DRAFT = "draft", pgettext_lazy("return", "Being written")
    SENT = "sent", pgettext_lazy("return", "Sent")
    CORRECTING = "correcting", pgettext_lazy("return", "Sent, being corrected")


S = ReturnStatus
# A correction that is given up goes back to what was sent.
MOVES: dict[str, list[str]] = {
    S.OPEN: [S.DRAFT],
    S.DRAFT: [S.SENT],
    S.SENT: [S.CORRECTING],
    S.CORRECTING: [S.SENT],
}
WAITING = [S.OPEN, S.DRAFT]
WITH_NETWORK = [S.SENT, S.CORRECTING]


def may_move(status: str, to: str) -> bool:
    return to in MOVES[status]


class Standing(models.TextChoices):
    """How a member stands with one quarter today."""

    NOT_OPEN = "not_open", pgettext_lazy("return", "Not open yet")
    OPEN = "open", pgettext_lazy("return", "To do")
    DRAFT = "draft", pgettext_lazy("return", "Begun")
    OVERDUE = "overdue", pgettext_lazy("return", "Overdue")
    ON_TIME = "on_time", pgettext_lazy("return", "Sent on time")
    LATE = "late", pgettext_lazy("return", "Sent late")
    NOT_SENT = "not_sent", pgettext_lazy("return", "Not sent")


class FigureKind(models.TextChoices):
    COUNT = "count", _("Whole number")
    MONEY = "money", _("Money, in pounds")
    PERCENT = "percent", _("Percentage")
