"""The difference in words: what its page shows row by row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from levelground.foundation import formats
from levelground.frameworks.selectors import tree

from ..models import Answer, Workbook
from ..presenters import value_label
from .difference import Change, Difference, Kind

# The names of the kinds among the tags of pages.
TAGS = {Kind.NEW: "new", Kind.CHANGED: "changed", Kind.CONFLICT: "conflicting"}


@dataclass(frozen=True)
class Shown:
    """One answer that would be written, beside what stands now; ``who`` says whose answer that is."""

    code: str
    text: Any
    tag: str
    before: str
    after: str
    who: str = ""


def words(value: str, reason: str) -> str:
    """An answer with its reason."""
    return f"{value_label(value)}: {reason}" if reason else value_label(value)


def difference_context(workbook: Workbook, found: Difference) -> dict[str, Any]:
    """What the page of the difference shows."""
    texts = {indicator.code: indicator.text for indicator in tree(workbook.version).indicators}
    codes = [change.code for change in found.changes]
    answers = {
        answer.indicator.code: answer
        for answer in Answer.objects.filter(workbook=workbook, indicator__version=workbook.version_id)
        .select_related("indicator", "changed_by")
        .defer("indicator__guidance", "indicator__why", "indicator__evidence_expected")
        if codes
    }
    return {
        "conflicts": list(_shown(found.of(Kind.CONFLICT), answers, texts)),
        "changes": list(_shown([c for c in found.changes if c.kind != Kind.CONFLICT], answers, texts)),
        "actions": found.actions,
        "texts": texts,
        "refused": found.refused,
        "same": found.same,
        "nothing": found.is_empty,
    }


def _shown(changes: list[Change], answers: dict[str, Answer], texts: dict[str, Any]) -> Iterable[Shown]:
    for change in changes:
        now = answers[change.code]
        who = ""
        if change.kind == Kind.CONFLICT and now.changed_by:
            who = f"{now.changed_by.name}, {formats.moment(now.changed_at)}"
        yield Shown(
            change.code, texts[change.code], TAGS[Kind(change.kind)],
            words(now.value, now.reason), words(change.value, change.reason), who,
        )  # fmt: skip
