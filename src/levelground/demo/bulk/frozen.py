"""What a member's snapshot holds: the canonical JSON that the services would freeze (assessments.frozen)."""

import hashlib
from typing import Any

from levelground.assessments.states import standing
from levelground.foundation.audit.services import canonical

from .actions import Plan
from .days import Days
from .history import MET, NOTHING, Mark, Story
from .members import Member
from .papers import Papers, Shown

FORMAT = "levelground-snapshot/2"
_LATER = '"indicators":"@"'


class Frozen:
    """Writes contents. An indicator that is met, and nothing more, has the same text for every member."""

    def __init__(self, mark: Mark, days: Days, papers: Papers) -> None:
        self.mark, self.days, self.papers = mark, days, papers
        self._plain = [
            {value: canonical(self._indicator(one.code, value, "", 0)) for value in (MET, NOTHING)}
            for one in mark.indicators
        ]
        version = mark.version
        self._version = {"number": version.number, "label": version.label, "sha256": version.sha256}

    @staticmethod
    def _indicator(code: str, value: str, reason: str, live: int) -> dict[str, Any]:
        return {"code": code, "value": value, "standing": standing(value, live).value, "reason": reason}

    def content(
        self, member: Member, story: Story, plan: Plan, shown: dict[int, list[Shown]], *,
        cycle: int, day: int, documents: list[dict[str, Any]],
    ) -> "Content":  # fmt: skip
        """What stood in the workbook at the end of ``day`` in a cycle, with the documents beside it."""
        rows, values, reasons = [], story.values[cycle], story.reasons[cycle]
        for place, value in enumerate(values):
            if place not in plan.by_place and place not in shown and value in self._plain[place]:
                rows.append(self._plain[place][value])
                continue
            actions, evidence = plan.at(place, day), self._evidence(member, shown, place, day)
            live = sum(action.live_on(day) for action in actions)
            data = self._indicator(self.mark.indicators[place].code, value, reasons[place], live)
            if actions:
                data["actions"] = [action.frozen(day, self.days) for action in actions]
            if evidence:
                data["evidence"] = evidence
            rows.append(canonical(data))
        return Content(
            {
                "organisation": member.slug, "framework": self.mark.version.framework.slug, "version": self._version,
                "actions": [action.frozen(day, self.days) for action in plan.at(None, day)], "documents": documents,
            },
            f'"indicators":[{",".join(rows)}]',
        )  # fmt: skip

    def _evidence(self, member: Member, shown: dict[int, list[Shown]], place: int, day: int) -> list[dict[str, str]]:
        return [self.papers.frozen(member, item) for item in shown.get(place, ()) if item.added <= day]


class Content:
    """The content on its way to a hash or a payload: the indicators are put in as text."""

    def __init__(self, data: dict[str, Any], indicators: str) -> None:
        self._data, self._indicators = data, indicators

    def _write(self, more: dict[str, Any]) -> str:
        return canonical({**self._data, **more, "indicators": "@"}).replace(_LATER, self._indicators, 1)

    def sha256(self) -> str:
        """What a sign-off pins."""
        return hashlib.sha256(self._write({}).encode()).hexdigest()

    def payload(self, header: dict[str, Any]) -> tuple[str, str]:
        """The bytes that are kept, and their SHA-256."""
        text = self._write({"format": FORMAT, **header})
        return text, hashlib.sha256(text.encode()).hexdigest()
