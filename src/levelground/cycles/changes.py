"""What changed between two years: a snapshot beside an earlier one, or the workbook now beside it (MQM-24)."""

from dataclasses import dataclass, field
from typing import Any

from levelground.assessments.models import Snapshot
from levelground.assessments.services.frozen import read
from levelground.assessments.states import LIVE, ActionStatus, Value
from levelground.foundation.bilingual import Bilingual
from levelground.frameworks.models import FrameworkVersion, Indicator
from levelground.frameworks.selectors import ThemeNode, mapping, tree

from . import content
from .models import Submission
from .states import WITH_MEMBER

FINISHED = (ActionStatus.DONE, ActionStatus.VERIFIED)


@dataclass(frozen=True)
class ChangedAnswer:
    """One indicator then and now. ``then`` is empty when it was not asked."""

    node: ThemeNode
    indicator: Indicator
    then: dict[str, Any] | None
    now: dict[str, Any]

    @property
    def direction(self) -> str:
        """``better``, ``worse``, ``new`` or ``other``."""
        if self.then is None:
            return "new"
        values = (self.then["value"], self.now["value"])
        if values[1] == Value.MET != values[0]:
            return "better"
        return "worse" if values[0] == Value.MET and values[1] == Value.NOT_YET else "other"


@dataclass(frozen=True)
class ChangedDocument:
    name: Bilingual
    then: dict[str, Any] | None
    now: dict[str, Any] | None

    @property
    def is_same_file(self) -> bool:
        return bool(self.then and self.now and self.then["sha256"] == self.now["sha256"])


@dataclass
class Changes:
    """``then`` and ``now`` count the answers by value."""

    then: dict[str, int]
    now: dict[str, int]
    total: int
    answers: list[ChangedAnswer] = field(default_factory=list)
    new_actions: list[dict[str, Any]] = field(default_factory=list)
    finished: list[dict[str, Any]] = field(default_factory=list)
    documents: list[ChangedDocument] = field(default_factory=list)


def year_on_year(submission: Submission, earlier: Snapshot) -> Changes:
    """Beside ``earlier``: this year's snapshot, or the workbook as it is now while the member works on it."""
    if submission.snapshot is not None and submission.status not in WITH_MEMBER:
        return compare(read(earlier), read(submission.snapshot), earlier.version, submission.snapshot.version)
    if submission.workbook is None:
        raise LookupError("There is no workbook to compare.")
    return compare(read(earlier), content.content(submission), earlier.version, submission.workbook.version)


def compare(
    then: dict[str, Any], now: dict[str, Any], old_version: FrameworkVersion, new_version: FrameworkVersion
) -> Changes:
    """Two contents of the same workbook. Indicators of another version are followed by its mapping."""
    before = _by_new_code(then, old_version, new_version)
    here = {item["code"]: item for item in now["indicators"]}
    found = Changes(_counts(then), _counts(now), len(here))
    for node in tree(new_version).themes:
        for one in node.indicators:
            was, is_now = before.get(one.code), here.get(one.code)
            if is_now is not None and _differ(was, is_now):
                found.answers.append(ChangedAnswer(node, one, was, is_now))
    earlier, later = _actions(then), _actions(now)
    found.new_actions = [action for number, action in later.items() if number not in earlier]
    found.finished = [
        action
        for number, action in later.items()
        if action["status"] in FINISHED and earlier.get(number, {}).get("status", LIVE[0]) not in FINISHED
    ]
    found.documents = _documents(then["documents"], now["documents"])
    return found


def _differ(was: dict[str, Any] | None, is_now: dict[str, Any]) -> bool:
    return was is None or (was["value"], was["reason"]) != (is_now["value"], is_now["reason"])


def _counts(payload: dict[str, Any]) -> dict[str, int]:
    said = [item["value"] for item in payload["indicators"]]
    return {value: said.count(value) for value in Value.values}


def _by_new_code(then: dict[str, Any], old: FrameworkVersion, new: FrameworkVersion) -> dict[str, dict[str, Any]]:
    """The earlier answers under the codes that their indicators have in the newer version."""
    kept = {item["code"]: item for item in then["indicators"]}
    if old.pk == new.pk:
        return kept
    old_codes = {one.pk: one.code for one in tree(old).indicators}
    new_codes = {one.pk: one.code for one in tree(new).indicators}
    pairs = [(new_codes[new_id], old_codes[old_id]) for old_id, new_id, _carries in mapping(old, new)]
    return {code: kept[was] for code, was in pairs if was in kept}


def _actions(payload: dict[str, Any]) -> dict[int, dict[str, Any]]:
    found = {action["number"]: action | {"code": ""} for action in payload["actions"]}
    for item in payload["indicators"]:
        for action in item.get("actions", ()):
            found[action["number"]] = action | {"code": item["code"]}
    return dict(sorted(found.items()))


def _documents(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[ChangedDocument]:
    was = {item["code"]: item for item in then}
    is_now = {item["code"]: item for item in now}
    return [
        ChangedDocument(Bilingual.of((is_now.get(code) or was[code])["name"]), was.get(code), is_now.get(code))
        for code in [*is_now, *(code for code in was if code not in is_now)]
    ]
