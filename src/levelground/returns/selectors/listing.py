"""Which indicators a return names: what moved in the workbook, and what people chose besides."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from levelground.assessments.models import Answer, Workbook
from levelground.assessments.services.locking import plain
from levelground.foundation.errors import Invalid
from levelground.frameworks.models import Indicator
from levelground.frameworks.selectors import tree
from levelground.frameworks.services import published
from levelground.organisations.models import Organisation

from ..models import ReturnChange, ReturnQuarter
from .changes import moment_since, proposals

NOTE_LIMIT = 500


@dataclass(frozen=True)
class Chosen:
    """What the person says of one indicator: whether its change is significant, and a few words."""

    code: str
    included: bool
    note: str = ""


def workbook_of(organisation: Organisation, quarter: ReturnQuarter) -> Workbook | None:
    books = Workbook.objects.filter(organisation=organisation, framework=quarter.framework_id)
    return books.select_related("version", "framework", "organisation").first()


def indicators_for(workbook: Workbook | None, quarter: ReturnQuarter) -> dict[str, Indicator]:
    """The indicators by their codes: of the workbook's version, or of the newest while there is no workbook."""
    version = workbook.version if workbook else published(quarter.framework)
    return {indicator.code: indicator for indicator in tree(version).indicators} if version else {}


def listed(
    workbook: Workbook | None, quarter: ReturnQuarter, chosen: Iterable[Chosen], *, sending: bool = False
) -> list[ReturnChange]:
    """The indicators that the return names: every one that is met no longer, and what people chose besides.

    A draft keeps words beside an indicator that is not ticked too; they are not sent.
    """
    said = {one.code: one for one in chosen}
    known = indicators_for(workbook, quarter)
    if unknown := sorted(code for code, one in said.items() if one.included and code not in known):
        raise Invalid(
            fields={
                "other_codes": _("There is no indicator %(codes)s. Look it up in your workbook.")
                % {"codes": ", ".join(unknown)}
            }
        )
    kept = {code: one for code, one in said.items() if one.included or (one.note and code in known and not sending)}
    moved = proposals(workbook, moment_since(quarter, workbook)) if workbook else []
    rows = []
    for one in moved:
        code = one.indicator.code
        if one.fell or code in kept:
            rows.append(_change(one.indicator, one.from_value, one.to_value, kept.pop(code, None) or said.get(code)))
    now = _values(workbook, [known[code] for code in kept])
    for code, choice in kept.items():
        value = now.get(known[code].pk, "")
        rows.append(_change(known[code], value, value, choice))
    return rows


def _change(indicator: Indicator, from_value: str, to_value: str, choice: Chosen | None) -> ReturnChange:
    note = plain(choice.note) if choice else ""
    if len(note) > NOTE_LIMIT:
        raise Invalid(
            fields={f"note-{indicator.code}": _("Write at most %(limit)d characters.") % {"limit": NOTE_LIMIT}}
        )
    return ReturnChange(
        indicator=indicator, code=indicator.code, from_value=from_value, to_value=to_value, note=note,
        included=choice.included if choice else False,
    )  # fmt: skip


def _values(workbook: Workbook | None, indicators: list[Indicator]) -> dict[int, str]:
    if workbook is None or not indicators:
        return {}
    return dict(Answer.objects.filter(workbook=workbook, indicator__in=indicators).values_list("indicator", "value"))
