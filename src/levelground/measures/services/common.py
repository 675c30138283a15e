"""What the services share: one writer at a time in a measure, and the audit log's words."""

from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove, Invalid
from levelground.foundation.exports.text import clean

from ..models import Measure


def lock(measure: Measure) -> Measure:
    """The measure as it stands, locked until the transaction ends. ``IllegalMove`` when it is archived."""
    rows = Measure.objects.select_for_update(of=("self",)).select_related(
        "network", "organisation", "team__organisation"
    )
    found = rows.get(pk=measure.pk)
    if found.archived_at is not None:
        raise IllegalMove(_("This measure is archived. Restore it first."))
    return found


def plain(text: str) -> str:
    """Text as it is kept: line ends as one character, nothing around it, no control characters (no picture and no file
    could hold them)."""
    return clean(text).strip()


def plain_both(text: Bilingual) -> Bilingual:
    return Bilingual(plain(text.en), plain(text.cy))


def need(field: str, text: str, limit: int, missing: str) -> str:
    """A text that must be there and fit."""
    text = plain(text)
    if not text:
        raise Invalid(fields={field: missing})
    if len(text) > limit:
        raise Invalid(fields={field: _("Write at most %(limit)d characters.") % {"limit": limit}})
    return text


def record(measure: Measure, verb: str, by: Any, **more: Any) -> None:
    audit.record(by=by, verb=f"measure.{verb}", subject=measure.subject, chain=measure.audit_chain, **more)
