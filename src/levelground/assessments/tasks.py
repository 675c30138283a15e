"""What the workbook asks of the clock: reminders of actions and of evidence that runs out."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F
from django.urls import reverse

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.counts import recount
from levelground.foundation.jobs.registry import job
from levelground.foundation.notifications import services as notifications
from levelground.foundation.notifications.reminders import Reminder, deadlines_due, provider
from levelground.frameworks.models import FrameworkVersion
from levelground.organisations.access import Access
from levelground.organisations.models import Membership
from levelground.organisations.roles import Permission, roles_with

from . import upkeep
from .models import Action, Evidence, Workbook

recount("workbook progress")(upkeep.drifts)

LATE = Bilingual("Still to do", "Heb ei wneud eto")
SOON = Bilingual("Due soon", "I'w wneud yn fuan")


@provider
def actions_due(day: dt.date) -> Iterable[Reminder]:
    """To the owner of each live action whose due date is a reminder's step away."""
    rows = Action.objects.filter(due_on__in=deadlines_due(day), owner__isnull=False).live()
    for action in rows.select_related("owner", "workbook__organisation", "workbook__framework"):
        if not Access.of(action.owner).can(Permission.ANSWER_WORKBOOK, action.workbook.organisation):
            continue  # whoever has left no longer hears of the work there
        said = LATE if action.due_on < day else SOON
        yield Reminder(
            user=action.owner,
            kind="action.due",
            key=f"action:{action.public_id}",
            deadline=action.due_on,
            text=Bilingual(f"{said.en}: {action.title}", f"{said.cy}: {action.title}"),
            url=action.get_absolute_url(),
        )


@provider
def evidence_running_out(day: dt.date) -> Iterable[Reminder]:
    """To the quality leads, when the last day of a piece of evidence is a reminder's step away."""
    items = list(
        # What stayed behind at an older version of the framework has no place in today's workbook.
        Evidence.objects.filter(
            expires_on__in=deadlines_due(day), answer__indicator__version=F("answer__workbook__version")
        )
        .current()
        .select_related("answer__workbook__organisation", "answer__workbook__framework", "answer__indicator")
    )
    leads: dict[int, list] = {}
    for held in (
        Membership.objects.current()
        .filter(
            organisation__in={item.answer.workbook.organisation_id for item in items},
            role__in=roles_with(Permission.ASSIGN_INDICATORS),
        )
        .select_related("user")
    ):
        leads.setdefault(held.organisation_id or 0, []).append(held.user)
    for item in items:
        book = item.answer.workbook
        where = reverse(
            "workbook_indicator", args=[book.organisation.slug, book.framework.slug, item.answer.indicator.code]
        )
        for user in leads.get(book.organisation_id, []):
            yield Reminder(
                user=user,
                kind="evidence.expires",
                key=f"evidence:{item.public_id}",
                deadline=item.expires_on,
                text=Bilingual(f"Evidence to renew: {item.title}", f"Tystiolaeth i'w hadnewyddu: {item.title}"),
                url=where,
            )


@job(name="assessments.tell_leads")
def tell_leads(number: str) -> None:
    """Quality leads whose workbook follows an older version hear of the new one, each once."""
    version = FrameworkVersion.objects.select_related("framework").get(public_id=number)
    behind = Workbook.objects.filter(framework=version.framework_id, version__number__lt=version.number)
    books = {book.organisation_id: book for book in behind.select_related("organisation", "framework")}
    leads = Membership.objects.current().filter(
        organisation__in=behind.values("organisation"), role__in=roles_with(Permission.SUBMIT_SNAPSHOT)
    )
    name = version.framework.name
    for held in leads.select_related("user"):
        book = books[held.organisation_id or 0]
        notifications.notify(
            user=held.user,
            kind="framework.published",
            key=f"version:{version.public_id}",
            text=Bilingual(
                f"There is a new version of {name.en or name.cy}: {version.label}",
                f"Mae fersiwn newydd o {name.cy or name.en}: {version.label}",
            ),
            url=reverse("workbook_version", args=[book.organisation.slug, book.framework.slug]),
        )
