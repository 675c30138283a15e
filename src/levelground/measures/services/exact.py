"""Looking at small numbers exactly: allowed to few, and recorded every time."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.organisations.access import Access
from levelground.organisations.roles import Permission

from .. import rules
from ..models import Measure
from .common import need, record


@transaction.atomic
def read_exact(*, measure: Measure, purpose: str, by: Any) -> None:
    """Record that ``by`` looks at the exact numbers, and what for. ``NotAllowed`` without the permission."""
    Access.of(by).require(Permission.SEE_EXACT_NUMBERS, measure.scope)
    purpose = need("purpose", purpose, rules.SHORT_LIMIT, _("Say what you need the exact numbers for."))
    record(measure, "exact_numbers_read", by, reason=purpose)
