"""The life of a request for help (domain guide 2.4), as data: who may take it where, and what that needs."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Side(models.TextChoices):
    MEMBER = "member", pgettext_lazy("help", "The member")
    NETWORK = "network", pgettext_lazy("help", "The network")


class CaseSource(models.TextChoices):
    """How it came about. Later parts of the site add theirs: a return, a review, a gap."""

    ASKED = "asked", _("Asked by the member")
    OVERDUE = "overdue", _("Offered: something is late")
    NOTICED = "noticed", _("Offered: the network noticed something")


class CaseStatus(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("help", "Asked")
    TRIAGED = "triaged", pgettext_lazy("help", "Looked at")
    AGREED = "agreed", pgettext_lazy("help", "Agreed")
    IN_PROGRESS = "in_progress", pgettext_lazy("help", "Being helped")
    CLOSED = "closed", pgettext_lazy("help", "Closed")


class Helped(models.TextChoices):
    YES = "yes", _("It helped")
    PARTLY = "partly", _("It helped in part")
    NO = "no", _("It did not help")
    NOT_NEEDED = "not_needed", _("Help was not needed in the end")


@dataclass(frozen=True)
class Move:
    """One allowed step. ``needs``: words that the member can read, or an answer to "did it help?"."""

    to: str
    by: frozenset[str]
    needs: str = ""


S = CaseStatus
_OFFICER, _BOTH = frozenset({Side.NETWORK.value}), frozenset(Side.values)
_CLOSE = Move(S.CLOSED, _BOTH, needs="helped")
MOVES: dict[str, list[Move]] = {
    S.REQUESTED: [Move(S.TRIAGED, _OFFICER), _CLOSE],
    S.TRIAGED: [Move(S.AGREED, _OFFICER, needs="words"), _CLOSE],
    S.AGREED: [Move(S.IN_PROGRESS, _OFFICER), _CLOSE],
    S.IN_PROGRESS: [Move(S.AGREED, _OFFICER, needs="words"), _CLOSE],
    S.CLOSED: [
        Move(S.TRIAGED, _OFFICER, needs="words"),
        Move(S.REQUESTED, frozenset({Side.MEMBER.value}), needs="words"),
    ],
}
OPEN = [S.REQUESTED, S.TRIAGED, S.AGREED, S.IN_PROGRESS]


def moves_of(status: str, side: str) -> list[Move]:
    """The steps that ``side`` may take from ``status``."""
    return [move for move in MOVES[status] if side in move.by]


def move_to(status: str, to: str, side: str) -> Move | None:
    return next((move for move in moves_of(status, side) if move.to == to), None)
