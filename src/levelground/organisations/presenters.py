"""How this app's things are worded and laid out for pages."""

import datetime as dt
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levelground.foundation import formats
from levelground.foundation.errors import Conflict

from .models import Affiliation, Membership, Network, Organisation, PlaceChange
from .roles import Role
from .selectors import last_change
from .states import ChangeKind, Nation, Size

Done = TypeVar("Done")

LABELS = {
    "name": gettext_lazy("Name"),
    "nation": gettext_lazy("Nation"),
    "region": gettext_lazy("Region"),
    "size": gettext_lazy("Yearly income"),
    "help_label": gettext_lazy("Who helps"),
    "help_email": gettext_lazy("E-mail address for help"),
    "help_phone": gettext_lazy("Telephone for help"),
    "help_url": gettext_lazy("Web page for help"),
    "from": gettext_lazy("First day"),
    "to": gettext_lazy("Last day"),
    "joined_on": gettext_lazy("Joined on"),
    "left_on": gettext_lazy("Left on"),
}
_DATES = {"from", "to", "joined_on", "left_on"}
_CHOICES: dict[str, Any] = {"nation": Nation, "size": Size}


def plain_value(name: str, value: Any) -> str:
    """A stored detail in words."""
    if not value:
        return ""
    if isinstance(value, dict):
        return " / ".join(text for text in (value.get("en"), value.get("cy")) if text)
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return formats.date(dt.date.fromisoformat(value)) if name in _DATES else str(value)


def _sides(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[dict[str, str]]:
    before, after = before or {}, after or {}
    return [
        {
            "label": str(LABELS[name]),
            "before": plain_value(name, before.get(name)),
            "after": plain_value(name, after.get(name)),
        }
        for name in dict.fromkeys([*before, *after])
    ]


def both_versions(error: Conflict, theirs: dict[str, Any]) -> dict[str, Any]:
    """What stands now beside what was sent, for the second of two editors. ``theirs`` is plain data like ``yours``."""
    rows = [{**side, "differs": side["before"] != side["after"]} for side in _sides(theirs, error.yours)]
    place = error.theirs
    change = last_change(place) if isinstance(place, Network | Organisation) else None
    return {
        "rows": rows,
        "who": str(change.by) if change and change.by else "",
        "when": change.at if change else None,
        "message": str(error),
    }


def change_text(change: PlaceChange, place: Network | Organisation) -> str:
    """One line of the history, without who and when."""
    invited = change.invitation.name or change.invitation.email if change.invitation else ""
    words = {
        "person": str(change.person or invited),
        "role": str(Role(change.role).label) if change.role else "",
        "team": str(change.team or ""),
        "place": str(change.organisation if isinstance(place, Network) else change.network or ""),
    }
    sentences = {
        ChangeKind.DETAILS: _("Details changed"),
        ChangeKind.TEAM_ADDED: _("Team added: %(team)s"),
        ChangeKind.TEAM_RENAMED: _("Team renamed: %(team)s"),
        ChangeKind.TEAM_ARCHIVED: _("Team archived: %(team)s"),
        ChangeKind.TEAM_RESTORED: _("Team restored: %(team)s"),
        ChangeKind.INVITED: _("%(person)s invited as %(role)s"),
        ChangeKind.INVITED_AGAIN: _("Invitation sent again to %(person)s (%(role)s)"),
        ChangeKind.INVITATION_WITHDRAWN: _("Invitation of %(person)s withdrawn (%(role)s)"),
        ChangeKind.ROLE_GIVEN: _("%(person)s began as %(role)s"),
        ChangeKind.ROLE_DATES: _("Dates of %(person)s as %(role)s changed"),
        ChangeKind.ROLE_ENDED: _("The role of %(person)s as %(role)s was ended"),
        ChangeKind.JOINED: _("%(place)s joined"),
        ChangeKind.LEFT: _("%(place)s left"),
    }
    if isinstance(place, Organisation):
        sentences[ChangeKind.JOINED] = _("Joined the network %(place)s")
        sentences[ChangeKind.LEFT] = _("Left the network %(place)s")
    text = sentences[ChangeKind(change.kind)] % words
    if change.team and change.role:
        text = _("%(text)s, in the team %(team)s") % {"text": text, "team": words["team"]}
    return text


def change_rows(changes: list[PlaceChange], place: Network | Organisation) -> list[dict[str, Any]]:
    """A page of the history."""
    return [
        {
            "text": change_text(change, place),
            "who": str(change.by or ""),
            "when": change.at,
            "sides": _sides(change.before, change.after),
            "reason": change.reason,
        }
        for change in changes
    ]


def until(role: Membership) -> str:
    return formats.date(role.to_date) if role.to_date else _("no end")


def affiliation_span(affiliation: Affiliation) -> str:
    """``1 April 2019 to 31 March 2024`` or ``since 1 April 2019``."""
    joined = formats.date(affiliation.joined_on)
    if affiliation.left_on is None:
        return _("since %(day)s") % {"day": joined}
    return _("%(first)s to %(last)s") % {"first": joined, "last": formats.date(affiliation.left_on)}
