"""What the leads of many members are told at once: done by a worker, because a network may have ten thousand."""

import datetime as dt
from typing import Any

from django.utils import translation

from levelground.foundation import clock, formats
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.jobs.registry import job
from levelground.organisations.models import Organisation
from levelground.organisations.roles import Permission

from . import people
from .addresses import address
from .models import Cycle, Submission
from .states import UNSENT

OPENED, EXTENDED, REMINDER = "cycle.opened", "cycle.extended", "cycle.reminder"
_TEXTS = {
    OPENED: ("{name} is open. Please send it by {day}", "Mae {name} ar agor. Anfonwch ef erbyn {day}"),
    EXTENDED: ("{name}: the deadline is now {day}", "{name}: y dyddiad cau nawr yw {day}"),
    REMINDER: (
        "Please send {name}. The deadline is {day}",
        "Anfonwch {name}. Y dyddiad cau yw {day}",
    ),
}
_CHUNK = 500


def spread(cycle: Cycle, kind: str, *, organisation: Organisation | None = None) -> None:
    """Tell the leads of one member, or (by a worker) of all whose snapshot has not come."""
    rows = Submission.objects.filter(cycle=cycle, status__in=UNSENT).active()
    if organisation is not None:
        tell(cycle, kind, rows.filter(organisation=organisation))
    else:
        key = f"{cycle.public_id}:{kind}:{cycle.deadline}:{clock.now().isoformat()}"
        spread_later.enqueue_on_commit(cycle.public_id, kind, key=key)


@job(name="cycles.news")
def spread_later(cycle: str, kind: str) -> None:
    found = Cycle.objects.select_related("framework").get(public_id=cycle)
    tell(found, kind, Submission.objects.filter(cycle=found, status__in=UNSENT).active())


def tell(cycle: Cycle, kind: str, rows: Any) -> int:
    """Tell the quality leads of these submissions; each person once a day and deadline. How many were told."""
    told = 0
    waiting = list(rows.select_related("organisation", "cycle__framework").order_by("pk"))
    for start in range(0, len(waiting), _CHUNK):
        some = waiting[start : start + _CHUNK]
        leads = people.holders([row.organisation_id for row in some], Permission.SUBMIT_SNAPSHOT)
        for row in some:
            key = f"{row.public_id}:{row.deadline}:{clock.today() if kind == REMINDER else ''}"
            told += people.tell(
                leads.get(row.organisation_id, []), kind=kind, text=text_of(row, kind), url=address(row), key=key
            )
    return told


def text_of(row: Submission, kind: str) -> Bilingual:
    name, (english, welsh) = people.called(row), _TEXTS[kind]
    return Bilingual(
        english.format(name=name.en, day=day_in("en", row.deadline)),
        welsh.format(name=name.cy, day=day_in("cy", row.deadline)),
    )


def day_in(language: str, day: dt.date) -> str:
    with translation.override("cy" if language == "cy" else "en-gb"):
        return formats.date(day)
