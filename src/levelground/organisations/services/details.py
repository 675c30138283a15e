"""The details of networks and organisations. A second editor's save is refused with both versions, never lost."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict
from levelground.organisations.models import Network, Organisation
from levelground.organisations.states import ChangeKind

from . import history

ORGANISATION_DETAILS = ("name", "nation", "region", "size")
NETWORK_DETAILS = ("name", "help_label", "help_email", "help_phone", "help_url")


def _plain(value: Any) -> Any:
    return value.as_dict() if isinstance(value, Bilingual) else str(value)


def details_of(place: Network | Organisation) -> dict[str, Any]:
    """The details that can be edited, as plain data."""
    names = NETWORK_DETAILS if isinstance(place, Network) else ORGANISATION_DETAILS
    return {name: _plain(getattr(place, name)) for name in names}


def _save(place: Any, wanted: dict[str, Any], by: Any, seen_version: int | None) -> Any:
    place = type(place).objects.select_for_update().get(pk=place.pk)
    before, after = details_of(place), {name: _plain(value) for name, value in wanted.items()}
    if before == after:
        return place
    if seen_version is not None and seen_version != place.version:
        raise Conflict(
            _("Somebody else changed these details while you had the page open. Nothing of yours is lost."),
            theirs=place,
            yours=after,
        )
    for name, value in wanted.items():
        setattr(place, name, value)
    place.version += 1
    place.save()
    changed = [name for name in before if before[name] != after[name]]
    kind = place.scope_kind.value
    history.record(
        kind=ChangeKind.DETAILS, by=by, subject=f"{kind}:{place.slug}", **history.of_place(place),
        before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip
    return place


@transaction.atomic
def save_organisation(
    *, organisation: Organisation, name: Bilingual, nation: str, region: str, size: str, by: Any,
    seen_version: int | None = None,
) -> Organisation:  # fmt: skip
    wanted = {"name": name, "nation": nation, "region": region.strip(), "size": size}
    return _save(organisation, wanted, by, seen_version)


@transaction.atomic
def save_network(
    *, network: Network, name: Bilingual, help_label: Bilingual, help_email: str, help_phone: str, help_url: str,
    by: Any, seen_version: int | None = None,
) -> Network:  # fmt: skip
    """The network's name and whom its members ask for help (MQM-10)."""
    wanted = {
        "name": name, "help_label": help_label, "help_email": help_email,
        "help_phone": help_phone.strip(), "help_url": help_url,
    }  # fmt: skip
    return _save(network, wanted, by, seen_version)
