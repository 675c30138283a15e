"""The members of a network, for networks of any size: every read is paged by the database."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from levelground.foundation import clock
from levelground.organisations.models import Affiliation, Membership, Network, fold
from levelground.organisations.roles import Role
from levelground.organisations.rules import standing
from levelground.organisations.states import Standing


@dataclass(frozen=True)
class MemberSearch:
    """What a person looks for in the list of members; an empty text does not narrow it."""

    q: str = ""
    state: str = "current"
    nation: str = ""
    region: str = ""
    size: str = ""

    @property
    def narrowed(self) -> bool:
        """By more than the name and the state."""
        return bool(self.nation or self.region or self.size)


@dataclass(frozen=True)
class MemberRow:
    """The newest affiliation of one organisation with the network."""

    affiliation: Affiliation
    led: bool
    today: dt.date

    @property
    def standing(self) -> Standing:
        left = self.affiliation.left_on
        last_day = left - dt.timedelta(days=1) if left else None
        return standing(self.affiliation.joined_on, last_day, self.today)


def _newest(network: Network, user: Any) -> QuerySet[Affiliation]:
    later = Affiliation.objects.filter(network=OuterRef("network"), organisation=OuterRef("organisation")).filter(
        Q(joined_on__gt=OuterRef("joined_on")) | Q(joined_on=OuterRef("joined_on"), pk__gt=OuterRef("pk"))
    )
    return Affiliation.objects.all().visible_to(user).filter(~Exists(later), network=network)


def _led() -> Exists:
    return Exists(
        Membership.objects.current().filter(
            organisation=OuterRef("organisation"), role=Role.MEMBER_LEAD, user__is_active=True
        )
    )


def members_of(network: Network, user: Any, wanted: MemberSearch) -> QuerySet[Affiliation]:
    """The newest affiliation of each organisation that fits, in the order of their addresses, ``led`` beside each."""
    today = clock.today()
    rows = _newest(network, user).annotate(led=_led()).select_related("organisation")
    over = Q(left_on__lte=today)
    if wanted.state == "left":
        rows = rows.filter(over)
    elif wanted.state in {"current", "no_lead"}:
        rows = rows.exclude(left_on__isnull=False, left_on__lte=today)
    if wanted.state == "no_lead":
        rows = rows.filter(led=False)
    for word in fold(wanted.q).split():
        rows = rows.filter(organisation__search_text__contains=word)
    for name in ("nation", "region", "size"):
        if getattr(wanted, name):
            rows = rows.filter(**{f"organisation__{name}": getattr(wanted, name)})
    return rows.order_by("organisation__slug")


def member_rows(affiliations: list[Any]) -> list[MemberRow]:
    """A page of ``members_of`` as rows."""
    today = clock.today()
    return [MemberRow(affiliation, affiliation.led, today) for affiliation in affiliations]


def regions_of(network: Network) -> list[str]:
    """The regions of the network's members, for the filter."""
    rows = Affiliation.objects.filter(network=network).exclude(organisation__region="")
    return list(rows.values_list("organisation__region", flat=True).distinct().order_by("organisation__region"))
