"""Defining a measure, and changing what it measures."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations.models import Network, Organisation, Team

from .. import rules
from ..models import DEFINED, Measure, MeasureVersion, Point
from ..states import Direction, Family, Frequency, Kind
from .common import lock, need, plain, plain_both, record
from .phases import begin_definition

LIMIT = 500
Owner = Network | Organisation | Team


def definition_of(row: Measure | MeasureVersion) -> dict[str, Any]:
    """Everything that the definition says, by field."""
    return {name: getattr(row, name) for name in DEFINED}


def as_data(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A definition as plain data, for the audit log."""
    return {name: _plain(value) for name, value in definition.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return value.as_dict()
    return value.isoformat() if isinstance(value, dt.date) else value


def _whole(given: Mapping[str, Any]) -> dict[str, Any]:
    """A definition with everything in it, tidied; ``Invalid`` names what is missing."""
    wanted = {name: _tidy(given.get(name, _default(name))) for name in DEFINED}
    if wanted["kind"] != Kind.RATE:
        wanted["per"] = None
    if not wanted["is_wait"]:
        wanted |= {"clock_start": "", "clock_stop": "", "clock_pauses": ""}
    wanted["stratified_by"] = list(dict.fromkeys(wanted["stratified_by"]))
    choices = {"family": Family, "kind": Kind, "frequency": Frequency, "direction": Direction}
    problems = {
        name: _("Choose one of the answers that are offered.")
        for name, known in choices.items()
        if wanted[name] not in known.values
    }
    if problems := {**rules.problems_with(wanted), **problems}:
        raise Invalid(fields=problems)
    return wanted


def _tidy(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return plain_both(value)
    return plain(value) if isinstance(value, str) else value


def _default(name: str) -> Any:
    return next(field for field in Measure._meta.concrete_fields if field.name == name).get_default()


@transaction.atomic
def create_measure(
    *, owner: Owner, definition: Mapping[str, Any], by: Any, replaces: Measure | None = None, reason: str = ""
) -> Measure:
    """A new measure of a network, an organisation or a team."""
    wanted = _whole(definition)
    if isinstance(owner, Team) and owner.archived_at is not None:
        raise IllegalMove(_("This team is archived. Choose another one."))
    if Measure.objects.filter(**{owner.scope_kind.value: owner}).live().count() >= LIMIT:
        raise IllegalMove(_("There are %(limit)d measures already. Archive some first.") % {"limit": LIMIT})
    measure = Measure.objects.create(**wanted, **{owner.scope_kind.value: owner}, replaces=replaces)
    _keep(measure, wanted, by, reason)
    record(measure, "created", by, after=as_data(wanted), reason=reason)
    return measure


def _keep(measure: Measure, definition: Mapping[str, Any], by: Any, reason: str) -> MeasureVersion:
    last = MeasureVersion.objects.filter(measure=measure).aggregate(last=Max("number"))["last"] or 0
    return MeasureVersion.objects.create(
        measure=measure, number=last + 1, reason=reason, by=by, at=clock.now(), **definition
    )


@transaction.atomic
def change_measure(
    *, measure: Measure, definition: Mapping[str, Any], reason: str, by: Any,
    phase_from: dt.date | None = None, as_new: bool = False, seen_version: int | None = None,
) -> Measure:  # fmt: skip
    """Change the definition, with a reason. What changes the meaning of the numbers (``rules.MEANING``) begins a phase
    on ``phase_from``, or with ``as_new`` becomes a measure of its own, and this one is archived. Other changes, such as
    the name, need neither. The same definition again changes nothing.

    ``Conflict.theirs`` is the measure as it stands, ``yours`` the definition that was sent.
    """
    wanted = _whole(definition)
    found = lock(measure)
    before = definition_of(found)
    names = rules.changed(before, wanted)
    if not names:
        return found
    if seen_version is not None and seen_version != found.version:
        raise Conflict(
            _("A colleague changed this measure while you were writing. Choose what to keep."),
            theirs=found,
            yours=wanted,
        )
    if found.published_at is not None and (problems := rules.problems_of_publishing(wanted)):
        raise Invalid(fields=problems)
    if names == ["matters"] and not before["matters"]:  # nothing changes: what was missing is said
        reason = reason or _("It says what matters to people.")
    reason = need("reason", reason, rules.REASON_LIMIT, _("Say why the definition changes."))
    if as_new:
        return _replace(found, wanted, reason, by)
    begins = bool(rules.MEANING & set(names))
    if begins and phase_from is None:
        raise Invalid(
            fields={"phase_from": _("Say from which day the new definition counts, or make it a new measure.")}
        )
    if "kind" in names and Point.objects.filter(series__measure=found).exists():
        raise Invalid(fields={"kind": _("There are numbers of another kind already. Make it a new measure instead.")})
    for name in names:
        setattr(found, name, wanted[name])
    found.version += 1
    found.save()
    version = _keep(found, wanted, by, reason)
    if begins and phase_from is not None:
        begin_definition(found, version, phase_from, reason, by)
    old, new = ({name: side[name] for name in names} for side in (before, wanted))
    record(found, "changed", by, before=as_data(old), after=as_data(new), reason=reason)
    return found


def _replace(measure: Measure, wanted: Mapping[str, Any], reason: str, by: Any) -> Measure:
    made = create_measure(owner=measure.scope, definition=wanted, by=by, replaces=measure, reason=reason)
    if measure.published_at is not None:
        made = publish(measure=made, by=by)
    archive(measure=measure, by=by, reason=reason)
    return made


# Neither of these counts as a new version: a colleague who is just changing the definition loses nothing by it.
@transaction.atomic
def publish(*, measure: Measure, by: Any) -> Measure:
    """Show a draft to everybody who sees measures there. It must say what matters to people (WM-05)."""
    found = lock(measure)
    if found.published_at is not None:
        return found
    if problems := rules.problems_of_publishing(definition_of(found)):
        raise Invalid(fields=problems)
    found.published_at, found.published_by = clock.now(), by
    found.save(update_fields=["published_at", "published_by"])
    record(found, "published", by)
    return found


@transaction.atomic
def unpublish(*, measure: Measure, by: Any) -> None:
    """Make it a draft again: only those who work on measures there see it."""
    found = lock(measure)
    if found.published_at is None:
        return
    found.published_at = found.published_by = None
    found.save(update_fields=["published_at", "published_by"])
    record(found, "unpublished", by)


@transaction.atomic
def archive(*, measure: Measure, by: Any, reason: str = "") -> None:
    """Put a measure away. Its numbers and its history stay readable, and it can come back."""
    found = lock(measure)
    found.archived_at, found.version = clock.now(), found.version + 1
    found.save(update_fields=["archived_at", "version"])
    record(found, "archived", by, reason=reason)


@transaction.atomic
def restore(*, measure: Measure, by: Any) -> None:
    found = Measure.objects.select_for_update().get(pk=measure.pk)
    if found.archived_at is None:
        return
    found.archived_at, found.version = None, found.version + 1
    found.save(update_fields=["archived_at", "version"])
    record(found, "restored", by)
