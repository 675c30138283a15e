"""The teams of an organisation."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations.models import Invitation, Membership, Organisation, Team, fold
from levelground.organisations.states import ChangeKind

from . import history
from .slugs import free_slug


def _refuse_same_name(organisation: Organisation, name: Bilingual, *, but: Team | None = None) -> None:
    words = {fold(text) for text in (name.en, name.cy) if text}
    for team in organisation.teams.filter(archived_at__isnull=True):
        if team != but and words & {fold(text) for text in (team.name.en, team.name.cy) if text}:
            raise Invalid(fields={"name_en": _("There is a team with this name already.")})


def _locked(team: Team) -> Team:
    history.lock(team.organisation)
    return Team.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=team.pk)


def _record(kind: ChangeKind, team: Team, by: Any, **more: Any) -> None:
    history.record(
        kind=kind, by=by, subject=f"team:{team.public_id}", organisation=team.organisation, team=team, **more
    )


@transaction.atomic
def add_team(*, organisation: Organisation, name: Bilingual, by: Any) -> Team:
    history.lock(organisation)
    _refuse_same_name(organisation, name)
    slug = free_slug(name, lambda slug: organisation.teams.filter(slug=slug).exists())
    team = Team.objects.create(organisation=organisation, slug=slug, name=name)
    _record(ChangeKind.TEAM_ADDED, team, by, after={"name": name.as_dict()})
    return team


@transaction.atomic
def rename_team(*, team: Team, name: Bilingual, by: Any, seen_version: int | None = None) -> Team:
    """Change the name; the address stays."""
    found = _locked(team)
    if found.name == name:
        return found
    if seen_version is not None and seen_version != found.version:
        raise Conflict(
            _("Somebody else renamed this team while you had the page open. Nothing of yours is lost."),
            theirs=found,
            yours={"name": name.as_dict()},
        )
    _refuse_same_name(found.organisation, name, but=found)
    before = found.name.as_dict()
    found.name, found.version = name, found.version + 1
    found.save(update_fields=["name", "version"])
    _record(ChangeKind.TEAM_RENAMED, found, by, before={"name": before}, after={"name": name.as_dict()})
    return found


@transaction.atomic
def archive_team(*, team: Team, by: Any) -> Team:
    """Put a team away. Its people's roles must have ended first, so that nobody keeps a role that no page shows."""
    found = _locked(team)
    if found.archived_at is not None:
        raise IllegalMove(_("This team is archived already."))
    people = Membership.objects.filter(team=found, ended_at__isnull=True).exclude(to_date__lt=clock.today()).count()
    people += Invitation.objects.open().filter(team=found).count()
    if people:
        raise IllegalMove(
            ngettext(
                "One person still has a role in this team or is invited to it. End that first.",
                "%(number)s people still have a role in this team or are invited to it. End that first.",
                people,
            )
            % {"number": people}
        )
    found.archived_at = clock.now()
    found.save(update_fields=["archived_at"])
    _record(ChangeKind.TEAM_ARCHIVED, found, by)
    return found


@transaction.atomic
def restore_team(*, team: Team, by: Any) -> Team:
    found = _locked(team)
    if found.archived_at is None:
        raise IllegalMove(_("This team is not archived."))
    _refuse_same_name(found.organisation, found.name, but=found)
    found.archived_at = None
    found.save(update_fields=["archived_at"])
    _record(ChangeKind.TEAM_RESTORED, found, by)
    return found
