"""Wording and shape of what the pages show."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from levelground.foundation import clock, formats
from levelground.foundation.errors import Conflict

from .models import SupportCase, SupportNote
from .states import CaseStatus, Helped

_TONES = {
    CaseStatus.REQUESTED: "needs", CaseStatus.TRIAGED: "go", CaseStatus.AGREED: "go", CaseStatus.IN_PROGRESS: "go",
    CaseStatus.CLOSED: "calm",
}  # fmt: skip


def renewed(form: forms.Form, version: int) -> Any:
    """What was typed, with the version that stands now: sent once more, it counts as a knowing choice."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a form that was sent holds a QueryDict
    data["version"] = version
    return data


def status_tag(status: str) -> dict[str, str]:
    """Words and tone of a tag."""
    return {"text": str(CaseStatus(status).label), "tone": _TONES[CaseStatus(status)]}


def span(length: dt.timedelta) -> str:
    """``3 days``, ``5 hours``, ``20 minutes``: as rough as people say it."""
    days, hours, minutes = length.days, length.seconds // 3600, max(length.seconds // 60, 1)
    if days:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": formats.number(days)}
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def contact_words(case: SupportCase) -> str:
    """How long it took to the first contact, or how long it has been waited for."""
    if case.first_contact_at is not None:
        if case.first_contact_at == case.opened_at:
            return _("At once")
        return _("After %(span)s") % {"span": span(case.first_contact_at - case.opened_at)}
    if not case.is_open:
        return _("None")
    return _("Waiting for %(span)s") % {"span": span(_waited(case.opened_at))}


def _waited(since: dt.datetime) -> dt.timedelta:
    """In days of the calendar, as the network's home counts them."""
    passed = (clock.today() - since.astimezone(formats.LONDON).date()).days
    return dt.timedelta(days=passed) if passed else clock.now() - since


def case_view(case: SupportCase) -> dict[str, Any]:
    """A row of a list, or the head of a page."""
    return {
        "case": case,
        "tag_of": status_tag(case.status),
        "contact": contact_words(case),
        "waiting": case.is_open and case.first_contact_at is None,
        "helped": str(Helped(case.helped).label) if case.helped else "",
        "theme": f"{case.theme.code} {case.theme.name.here()}" if case.theme else "",
    }


def talk_view(case: SupportCase, notes: list[SupportNote], side: str) -> list[dict[str, Any]]:
    """What was said and done, as one list: the first words, then every note. ``mine``: of the reader's own side."""
    opened_by = "member" if case.source == "asked" else "network"
    first = {
        "who": case.opened_by.name, "side": opened_by, "mine": opened_by == side, "when": case.opened_at,
        "text": case.about, "changes": [], "private": False,
    }  # fmt: skip
    return [first, *(_said(note, side) for note in notes)]


def _said(note: SupportNote, side: str) -> dict[str, Any]:
    changes: list[dict[str, Any]] = []
    if note.to_status:
        changes.append({"before": status_tag(note.from_status), "after": status_tag(note.to_status)})
    if note.helped:
        changes.append({"words": str(Helped(note.helped).label)})
    if note.handed_over and side == "network":
        name = note.assigned_to.name if note.assigned_to else ""
        changes.append({"words": _("%(name)s looks after it") % {"name": name} if name else _("Nobody looks after it")})
    if note.contact_on:
        changes.append({"words": _("We spoke with each other on %(day)s") % {"day": formats.date(note.contact_on)}})
    return {
        "who": note.by.name, "side": note.side, "mine": note.side == side, "when": note.at, "text": note.text,
        "changes": changes, "private": note.for_officers and bool(note.text),
    }  # fmt: skip


def both_versions(conflict: Conflict) -> dict[str, Any]:
    """What stands now beside what was sent, for the second of two editors."""
    stands, yours = conflict.theirs, conflict.yours
    rows = [
        (_("Where does it stand?"), _status(stands.status), _status(yours["to"] or stands.status)),
        (_("Did it help?"), _helped(stands.helped), _helped(yours["helped"])),
    ]
    if "assigned_to" in yours:
        rows.append((_("Who looks after it?"), _name(stands.assigned_to), _name(yours["assigned_to"])))
    differ = [{"label": label, "theirs": theirs, "yours": mine} for label, theirs, mine in rows if theirs != mine]
    return {"message": str(conflict), "rows": differ}


def _status(status: str) -> str:
    return str(dict(CaseStatus.choices).get(status, status))


def _helped(helped: str) -> str:
    return str(dict(Helped.choices).get(helped, ""))


def _name(person: Any) -> str:
    return person.name if person is not None else pgettext("help", "Nobody yet")
