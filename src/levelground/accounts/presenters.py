"""How accounts are worded and shaped for pages."""

import math
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .forms import SeenForm
from .models import User

# In this order: every browser claims to be an older one too.
_BROWSERS = [
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
]  # fmt: skip
_SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
]  # fmt: skip


def device_name(user_agent: str) -> str:
    """``Firefox, Windows``: enough to know one's own device again."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, [browser, system])) or _("A device we do not know")


@dataclass(frozen=True)
class SessionRow:
    device: str
    since: Any
    last_seen: Any
    address: str
    current: bool


def session_rows(sessions: list[UserSession]) -> list[SessionRow]:
    """The device in use first, then by when it was last used."""
    rows = [
        SessionRow(device_name(one.user_agent), one.created_at, one.last_seen_at, one.ip, one.is_current())
        for one in sessions
    ]
    return sorted(rows, key=lambda row: (row.current, row.last_seen), reverse=True)


def waiting_time(seconds: int) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    return ngettext("about %(num)s minute", "about %(num)s minutes", minutes) % {"num": minutes}


@dataclass(frozen=True)
class Difference:
    label: str
    stands: str
    typed: str


def differences(form: SeenForm, stands: User) -> list[Difference]:
    """Where what was typed differs from what another tab saved meanwhile, in the words of the form."""
    found = []
    for name, typed in form.values().items():
        kept = getattr(stands, name)
        if kept != typed:
            found.append(Difference(str(form.fields[name].label), _word(form, name, kept), _word(form, name, typed)))
    return found


def _word(form: SeenForm, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(getattr(form.fields[name], "choices", []))
    return str(choices.get(value, value)) or _("nothing")
