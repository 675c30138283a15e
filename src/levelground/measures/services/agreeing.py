"""Agreeing to a measurement plan, and taking that back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import Conflict, IllegalMove, NotAllowed
from levelground.organisations.models import Organisation, Team

from ..plans import PlanAgreement
from ..selectors import plan_of, sides_of
from ..states import Side


@transaction.atomic
def agree(*, owner: Organisation | Team, side: str, seen: str, by: Any) -> PlanAgreement:
    """Agree to the plan that the person has read (``seen``, its fingerprint). Agreeing twice is agreeing once."""
    if side not in sides_of(by, owner):
        raise NotAllowed(_("Your role here does not let you agree to this plan in this way."))
    plan = plan_of(owner)
    if not plan.rows:
        raise IllegalMove(_("There is nothing to agree to yet. Publish a measure first."))
    if plan.fingerprint != seen:
        raise Conflict(_("The plan has changed since you opened it. Please read it again, and then agree."))
    if mine := plan.mine(by):
        return mine
    where: dict[str, Any] = {owner.scope_kind.value: owner}
    try:
        with transaction.atomic():
            made = PlanAgreement.objects.create(
                side=Side(side), by=by, at=clock.now(), fingerprint=seen, content=plan.content, **where
            )
    except IntegrityError:  # a second click came in between
        return PlanAgreement.objects.get(by=by, fingerprint=seen, withdrawn_at__isnull=True, **where)
    _record(owner, "agreed", by, {"side": side, "plan": seen})
    return made


@transaction.atomic
def withdraw(*, owner: Organisation | Team, by: Any) -> None:
    """Take back one's own agreement to the plan as it stands. That it was given stays on record."""
    mine = plan_of(owner).mine(by)
    if mine is None:
        return
    taken = PlanAgreement.objects.filter(pk=mine.pk, withdrawn_at__isnull=True).update(withdrawn_at=clock.now())
    if taken:
        _record(owner, "withdrawn", by, {"side": mine.side, "plan": mine.fingerprint})


def _record(owner: Organisation | Team, verb: str, by: Any, after: dict[str, str]) -> None:
    subject = f"measure_plan:{owner.scope_kind.value}:{owner.public_id}"
    audit.record(by=by, verb=f"measure_plan.{verb}", subject=subject, chain=owner.audit_chain, after=after)
