"""Organisations joining and leaving a network."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock, formats
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove, Invalid
from levelground.organisations.models import Affiliation, Network, Organisation, fold
from levelground.organisations.roles import Role
from levelground.organisations.states import ChangeKind

from . import history
from .invitations import offer
from .slugs import free_slug


def _newest(network: Network, organisation: Organisation) -> Affiliation | None:
    rows = Affiliation.objects.filter(network=network, organisation=organisation)
    return rows.order_by("-joined_on", "-pk").first()


def _join(network: Network, organisation: Organisation, joined_on: dt.date, by: Any) -> Affiliation:
    newest = (
        Affiliation.objects.filter(network=network, organisation=organisation).order_by("-joined_on", "-pk").first()
    )
    if newest is not None and newest.left_on is None:
        raise Invalid(fields={"joined_on": _("%(name)s is a member already.") % {"name": organisation}})
    if newest is not None and newest.left_on is not None and joined_on < newest.left_on:
        raise Invalid(
            fields={
                "joined_on": _("%(name)s was a member until %(day)s. Choose that day or a later one.")
                % {"name": organisation, "day": formats.date(newest.left_on)}
            }
        )
    affiliation = Affiliation.objects.create(network=network, organisation=organisation, joined_on=joined_on)
    history.record(
        kind=ChangeKind.JOINED, by=by, subject=f"organisation:{organisation.slug}", network=network,
        organisation=organisation, after={"joined_on": history.iso(joined_on)},
    )  # fmt: skip
    return affiliation


def _refuse_same_name(network: Network, name: Bilingual) -> None:
    words = {fold(text) for text in (name.en, name.cy) if text}
    for word in words:
        rows = Organisation.objects.filter(affiliations__network=network, search_text__contains=word)
        for known in rows.distinct():
            if words & {fold(text) for text in (known.name.en, known.name.cy) if text}:
                raise Invalid(fields={"name_en": _("There is a member with this name already.")})


@transaction.atomic
def add_member(
    *, network: Network, name: Bilingual, nation: str, region: str, size: str, joined_on: dt.date, by: Any,
    lead_email: str = "", lead_name: str = "",
) -> Organisation:  # fmt: skip
    """Set up an organisation that is new to Levelground as a member; with an address, invite its first quality lead."""
    history.lock(network)
    _refuse_same_name(network, name)
    slug = free_slug(name, lambda slug: Organisation.objects.filter(slug=slug).exists())
    organisation = Organisation.objects.create(slug=slug, name=name, nation=nation, region=region.strip(), size=size)
    _join(network, organisation, joined_on, by)
    if lead_email:
        offer(place=organisation, email=lead_email, name=lead_name, role=Role.MEMBER_LEAD, by=by)
    return organisation


@transaction.atomic
def affiliate(*, network: Network, organisation: Organisation, joined_on: dt.date, by: Any) -> Affiliation:
    """Let an organisation that exists join, or join again."""
    history.lock(organisation)
    return _join(network, organisation, joined_on, by)


@transaction.atomic
def leave(*, network: Network, organisation: Organisation, left_on: dt.date, reason: str, by: Any) -> Affiliation:
    """End an affiliation: ``left_on`` is the first day that the organisation is no longer a member."""
    history.lock(organisation)
    newest = (
        Affiliation.objects.filter(network=network, organisation=organisation).order_by("-joined_on", "-pk").first()
    )
    if newest is None or (newest.left_on is not None and newest.left_on <= clock.today()):
        raise IllegalMove(_("%(name)s is not a member any more.") % {"name": organisation})
    if left_on < newest.joined_on:
        raise Invalid(fields={"left_on": _("The day of leaving must not be before the day of joining.")})
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say in a few words why.")})
    before = {"left_on": history.iso(newest.left_on)}
    newest.left_on, newest.left_reason = left_on, reason.strip()
    newest.save(update_fields=["left_on", "left_reason"])
    history.record(
        kind=ChangeKind.LEFT, by=by, subject=f"organisation:{organisation.slug}", network=network,
        organisation=organisation, before=before, after={"left_on": history.iso(left_on)}, reason=reason.strip(),
    )  # fmt: skip
    return newest
