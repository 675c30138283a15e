"""Measurement plans: what a team or an organisation follows, why, and who agreed to it."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from levelground.foundation import clock
from levelground.foundation.audit.services import canonical
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.access import Access
from levelground.organisations.models import Organisation, Team
from levelground.organisations.roles import Permission, Role, permissions_of

from ..models import Measure, Target
from ..plans import PlanAgreement
from ..states import Family, PlanState, Side

Planner = Organisation | Team
# What people agree to. A part that is added to definitions later is added here knowingly: it changes every plan.
PARTS = (
    "name", "matters", "family", "aspect", "definition", "kind", "unit", "per", "numerator", "denominator",
    "exclusions", "is_wait", "clock_start", "clock_stop", "clock_pauses", "source", "collector", "frequency",
    "direction", "baseline_from", "baseline_to", "about_people", "stratified_by",
)  # fmt: skip
TARGETS = "targets"
_WORK = frozenset({Permission.ENTER_MEASURES, Permission.DEFINE_MEASURES})


@dataclass(frozen=True)
class Followed:
    """A measure of a plan with its targets, the earliest first."""

    measure: Measure
    targets: list[Target]

    @property
    def target(self) -> Target | None:
        """What is aimed at now, or first of all later."""
        today = clock.today()
        now = [one for one in self.targets if one.from_date <= today]
        return now[-1] if now else next(iter(self.targets), None)

    @property
    def content(self) -> dict[str, Any]:
        targets = [[one.from_date.isoformat(), _plain(one.value)] for one in self.targets]
        return {name: _plain(getattr(self.measure, name)) for name in PARTS} | {TARGETS: targets}


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return value.as_dict()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if value is None or isinstance(value, bool | int | list) else str(value)


@dataclass(frozen=True)
class Change:
    """How a measure of the plan differs from what was agreed; ``parts`` are empty when it came or went."""

    name: Bilingual
    kind: str  # "came", "went" or "changed"
    parts: list[str]


@dataclass(frozen=True)
class Plan:
    """The plan of one owner as it stands, and every agreement to it or to an earlier one that was not withdrawn."""

    owner: Planner
    rows: list[Followed]
    agreements: list[PlanAgreement]

    @cached_property
    def content(self) -> dict[str, Any]:
        return {row.measure.public_id: row.content for row in self.rows}

    @cached_property
    def fingerprint(self) -> str:
        return hashlib.sha256(canonical(self.content).encode()).hexdigest()

    def standing(self, side: str) -> list[PlanAgreement]:
        """Who of a side has agreed to the plan as it stands."""
        return [one for one in self.agreements if one.side == side and one.fingerprint == self.fingerprint]

    def earlier(self, side: str) -> list[PlanAgreement]:
        """Who of a side agreed to an earlier plan, and not to this one; the newest of each."""
        again = {one.by_id for one in self.agreements if one.fingerprint == self.fingerprint}
        newest = {one.by_id: one for one in self.agreements if one.side == side and one.by_id not in again}
        return list(newest.values())

    @cached_property
    def agreed_together(self) -> PlanAgreement | None:
        """The agreement by which both sides last were of one mind."""
        sides: dict[str, set[str]] = {}
        found = None
        for one in self.agreements:
            held = sides.setdefault(one.fingerprint, set())
            if held < set(Side.values) and held | {one.side} == set(Side.values):
                found = one
            held.add(one.side)
        return found

    @property
    def state(self) -> PlanState:
        sides = [side for side in Side.values if self.standing(side)]
        if len(sides) == len(Side.values):
            return PlanState.AGREED
        if self.agreed_together is not None:
            return PlanState.CHANGED
        return PlanState.HALF if sides else PlanState.OPEN

    @cached_property
    def changes(self) -> list[Change]:
        """What is other than when both sides agreed, or, when they never did, than what was agreed last."""
        before = self.agreed_together or (self.agreements[-1] if self.agreements else None)
        return changes_between(before.content, self.content) if before else []

    @property
    def lacks_balance(self) -> bool:
        return bool(self.rows) and all(row.measure.family != Family.BALANCING for row in self.rows)

    def mine(self, user: Any) -> PlanAgreement | None:
        """The person's own agreement to the plan as it stands."""
        held = (one for one in self.agreements if one.by_id == user.pk and one.fingerprint == self.fingerprint)
        return next(held, None)


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Measure by measure, by their numbers; those that are the same are left out."""
    found = []
    for number in {**before, **after}:
        old, new = before.get(number), after.get(number)
        parts = [name for name in (*PARTS, TARGETS) if old and new and old.get(name) != new.get(name)]
        if old is None or new is None or parts:
            kind = "came" if old is None else "went" if new is None else "changed"
            found.append(Change(Bilingual.of((new or old or {})["name"]), kind, parts))
    return found


def plan_of(owner: Planner) -> Plan:
    """The plan of a team or an organisation; the door asks whether the person sees measures there."""
    return _plans([owner])[0]


def plans_in(user: Any, place: Organisation) -> list[Plan]:
    """The plans of an organisation and its teams that the person sees and that hold or held something."""
    teams = Team.objects.filter(organisation=place, archived_at__isnull=True).select_related("organisation")
    access = Access.of(user)
    owners: list[Planner] = [place, *sorted(teams, key=lambda team: str(team).casefold())]
    plans = _plans([one for one in owners if access.can(Permission.SEE_MEASURES, one)])
    return [one for one in plans if one.rows or one.agreements]


def _plans(owners: Iterable[Planner]) -> list[Plan]:
    """In three queries, however many owners there are."""
    known = list(owners)
    organisations = [one.pk for one in known if isinstance(one, Organisation)]
    theirs = Q(organisation__in=organisations) | Q(team__in=[one.pk for one in known if isinstance(one, Team)])
    measures = Measure.objects.filter(theirs).live().published()
    targets: dict[int, list[Target]] = {}
    for target in Target.objects.filter(measure__in=measures, removed_at__isnull=True):
        targets.setdefault(target.measure_id, []).append(target)
    rows: dict[tuple[Any, Any], list[Followed]] = {}
    for measure in sorted(measures, key=lambda one: (Family.values.index(one.family), str(one).casefold(), one.pk)):
        key = (measure.organisation_id, measure.team_id)
        rows.setdefault(key, []).append(Followed(measure, targets.get(measure.pk, [])))
    said: dict[tuple[Any, Any], list[PlanAgreement]] = {}
    for one in PlanAgreement.objects.filter(theirs, withdrawn_at__isnull=True).select_related("by"):
        said.setdefault((one.organisation_id, one.team_id), []).append(one)
    keys = [(one.pk, None) if isinstance(one, Organisation) else (None, one.pk) for one in known]
    return [Plan(one, rows.get(key, []), said.get(key, [])) for one, key in zip(known, keys, strict=True)]


def sides_of(user: Any, owner: Planner) -> list[Side]:
    """As whom the person may agree: by a role that is held in the organisation or in the team and works on measures
    there. Who only reads them (a coach, a sponsor, a trustee, a network's people) is neither the staff whose plan it is
    nor one of the people whom it is about."""
    home = owner.organisation_id if isinstance(owner, Team) else owner.pk
    held = [
        one for one in Access.of(user).memberships
        if permissions_of(one.role) & _WORK
        and (one.organisation_id == home or (isinstance(owner, Team) and one.team_id == owner.pk))
    ]  # fmt: skip
    found = {Side.LIVED if one.role == Role.LIVED_EXPERIENCE_PARTNER else Side.STAFF for one in held}
    return [side for side in Side if side in found]
