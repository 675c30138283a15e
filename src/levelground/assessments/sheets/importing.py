"""Bringing a spreadsheet back: what the workbook says now, the difference, and the writing of it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.accounts.models import User
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import Conflict, Invalid
from levelground.frameworks.selectors import tree

from .. import selectors, services
from ..models import Action, Answer, Workbook
from .difference import Difference, Kind, Known, Standing, compare
from .layout import fold
from .proposal import afresh
from .reading import read_sheet
from .writing import owner_words


@dataclass(frozen=True)
class Written:
    """How much an import wrote, and how many conflicts kept the workbook's answer."""

    answers: int
    actions: int
    kept: int


def known(workbook: Workbook) -> Known:
    """What stands in the workbook now, for the difference."""
    plans: dict[int, set[str]] = {}
    live = Action.objects.filter(workbook=workbook, indicator__isnull=False).live()
    for indicator, title in live.values_list("indicator", "title"):
        plans.setdefault(indicator, set()).add(fold(title))
    answers = Answer.objects.filter(workbook=workbook, indicator__version=workbook.version_id)
    rows = {
        code: Standing(value, reason, version, frozenset(plans.get(indicator, ())), answer_type)
        for indicator, code, value, reason, version, answer_type in answers.values_list(
            "indicator", "indicator__code", "value", "reason", "version", "indicator__answer_type"
        )
    }
    people = _people(selectors.colleagues(workbook.organisation))
    return Known(workbook.public_id, workbook.version.sha256, rows, people)


def _people(colleagues: list[User]) -> dict[str, tuple[str, str]]:
    times = Counter(fold(person.name) for person in colleagues)
    found: dict[str, tuple[str, str]] = {}
    for person, words in zip(colleagues, owner_words(colleagues), strict=True):
        names = [words, person.email] + ([person.name] if times[fold(person.name)] == 1 else [])
        found |= {fold(name): (person.public_id, person.name) for name in names}
    return found


def difference_of(workbook: Workbook, data: bytes) -> Difference:
    """What the spreadsheet ``data`` would change. ``Invalid`` says why it cannot be used."""
    return compare(read_sheet(data), known(workbook))


@transaction.atomic
def apply(*, workbook: Workbook, difference: Difference, by: Any, take: set[str]) -> Written:
    """Write the difference, all of it or nothing. Conflicts are written only for the codes in ``take``; any other keeps
    the workbook's answer. ``Conflict`` when a colleague changed something since the difference was taken."""
    Workbook.objects.select_for_update(of=("self",)).get(pk=workbook.pk)
    fresh = afresh(difference, known(workbook))
    if set(fresh.changes) - set(difference.changes):
        raise Conflict(
            _("A colleague changed an answer while you were looking. Nothing is saved yet: look at the list again."),
            theirs=fresh,
            yours=difference,
        )
    indicators = {indicator.code: indicator for indicator in tree(workbook.version).indicators}
    wanted = [c for c in fresh.changes if c.kind != Kind.CONFLICT or c.code in take]
    for change in wanted:
        services.save_answer(
            workbook=workbook, indicator=indicators[change.code], value=change.value, reason=change.reason,
            by=by, seen_version=change.seen_version, source="import",
        )  # fmt: skip
    owners = {person.public_id: person for person in selectors.colleagues(workbook.organisation)}
    for action in fresh.actions:
        if action.owner and action.owner not in owners:
            raise Invalid(
                _("%(name)s no longer works on this workbook. Choose another owner in the spreadsheet.")
                % {"name": action.owner_name}
            )
        services.create_action(
            workbook=workbook, indicator=indicators[action.code], title=action.title, by=by,
            owner=owners.get(action.owner), due_on=action.due,
        )  # fmt: skip
    written = Written(len(wanted), len(fresh.actions), len(fresh.changes) - len(wanted))
    if written.answers or written.actions:
        audit.record(
            by=by, verb="workbook.imported", subject=f"workbook:{workbook.public_id}",
            chain=workbook.organisation.audit_chain, after={"answers": written.answers, "actions": written.actions},
        )  # fmt: skip
    return written
