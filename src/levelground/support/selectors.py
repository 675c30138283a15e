"""Reads about requests for help, paged by the database whatever the size of a network."""

import datetime as dt
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from levelground.accounts.models import User
from levelground.assessments.models import Workbook
from levelground.frameworks.models import Framework, FrameworkVersion, Theme
from levelground.frameworks.selectors import published, tree
from levelground.organisations.models import Membership, Network, Organisation, fold
from levelground.organisations.roles import Permission, roles_with
from levelground.organisations.selectors import networks_of

from .models import SupportCase, SupportNote
from .states import OPEN, CaseStatus, Side

SHOW = ("open", "waiting", "theirs", "mine", "nobody", "closed", "all")
_MEASURED = 100


@dataclass(frozen=True)
class CaseSearch:
    """What an officer looks for; what is not on offer narrows nothing."""

    q: str = ""
    show: str = "open"


@dataclass(frozen=True)
class Summary:
    """How a network stands with its requests. ``usual`` is the median time to the first contact of the newest ones."""

    open: int
    waiting: int
    longest_since: dt.datetime | None
    usual: dt.timedelta | None


def cases_for(network: Network, user: Any, wanted: CaseSearch) -> QuerySet[SupportCase]:
    """The network's cases that fit. Open ones: first those that nobody has answered, the oldest first."""
    rows = SupportCase.objects.all().visible_to(user).filter(network=network)
    rows = rows.select_related("organisation", "assigned_to", "theme", "network")
    for word in fold(wanted.q).split():
        rows = rows.filter(organisation__search_text__contains=word)
    if wanted.show == "closed":
        return rows.filter(status=CaseStatus.CLOSED).order_by("-opened_at", "-pk")
    if wanted.show == "all":
        return rows.order_by("-opened_at", "-pk")
    narrowed = {
        "waiting": Q(first_contact_at__isnull=True),
        "theirs": Q(last_word=Side.MEMBER),
        "mine": Q(assigned_to=user),
        "nobody": Q(assigned_to__isnull=True),
    }
    rows = rows.filter(narrowed.get(wanted.show, Q()), status__in=OPEN)
    return rows.order_by(F("first_contact_at").asc(nulls_first=True), "opened_at", "pk")


def summary(network: Network) -> Summary:
    unheard = Q(first_contact_at__isnull=True)
    rows = SupportCase.objects.filter(network=network)
    counted = rows.filter(status__in=OPEN).aggregate(
        open=Count("pk"), waiting=Count("pk", filter=unheard), since=Min("opened_at", filter=unheard)
    )
    heard = rows.filter(first_contact_at__isnull=False).order_by("-first_contact_at")[:_MEASURED]
    times = [(case.first_contact_at - case.opened_at).total_seconds() for case in heard if case.first_contact_at]
    usual = dt.timedelta(seconds=median(times)) if times else None
    return Summary(counted["open"], counted["waiting"], counted["since"], usual)


def cases_of(organisation: Organisation, user: Any) -> QuerySet[SupportCase]:
    """The member's own, the open ones first."""
    rows = SupportCase.objects.all().visible_to(user).filter(organisation=organisation)
    return rows.select_related("organisation", "network", "theme").order_by(
        F("closed_at").desc(nulls_first=True), "-pk"
    )


def open_cases_of(network: Network, organisation: Organisation) -> list[SupportCase]:
    """What is open already, so that help is not offered twice."""
    rows = SupportCase.objects.filter(network=network, organisation=organisation, status__in=OPEN)
    return list(rows.select_related("network", "organisation").order_by("opened_at")[:5])


def talk(case: SupportCase, side: str) -> list[SupportNote]:
    """What was said and done, oldest first. The member gets neither the officers' own notes nor their words."""
    notes = list(case.notes.select_related("by", "assigned_to"))
    if side == Side.NETWORK:
        return notes
    seen = []
    for note in notes:
        if note.for_officers:
            note.text = ""
        if note.text or note.to_status or note.contact_on:
            seen.append(note)
    return seen


def officers_of(network: Network) -> list[User]:
    """Those who may take a case."""
    held = Membership.objects.current().filter(network=network, role__in=roles_with(Permission.OFFER_SUPPORT))
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk"))


def askers_of(organisation: Organisation) -> list[User]:
    """Those who speak for the member."""
    held = Membership.objects.current().filter(organisation=organisation, role__in=roles_with(Permission.ASK_FOR_HELP))
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk"))


def themes_for(organisation: Organisation, networks: list[Network] | None = None) -> dict[str, Theme]:
    """The parts of the marks that the member works with, each under a name for forms: ``quality-mark:2.1``."""
    wanted = networks if networks is not None else list(networks_of(organisation))
    books = Workbook.objects.filter(organisation=organisation, framework__network__in=wanted)
    versions: list[FrameworkVersion] = [book.version for book in books.select_related("version__framework")]
    if not versions:
        found = [published(framework) for framework in Framework.objects.filter(network__in=wanted)]
        versions = [version for version in found if version is not None]
    return {
        f"{version.framework.slug}:{node.theme.code}": node.theme
        for version in versions
        for node in tree(version).themes
    }
