"""What the address of a table of measures asks for: which rows, in which order. Page and files ask the same way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from levelground.ui.forms import silently_optional

from .models import Measure
from .selectors import Listed
from .states import Family

WHOLE = "whole"
LONGEST_WORDS = 100
VARIATIONS: list[tuple[str, Any]] = [
    ("concern", gettext_lazy("Concern")),
    ("changed", gettext_lazy("Changed, neither better nor worse")),
    ("improvement", gettext_lazy("Improvement")),
    ("common", gettext_lazy("Steady: only chance")),
    ("few", gettext_lazy("Too few points, or hidden")),
]
ASSURANCES: list[tuple[str, Any]] = [
    ("fail", gettext_lazy("Not met without change")),
    ("at_times", gettext_lazy("Met at times")),
    ("pass", gettext_lazy("Will be met")),
    ("unsaid", gettext_lazy("Cannot be judged")),
    ("none", gettext_lazy("No target")),
]
ORDERS: list[tuple[str, Any]] = [
    ("", gettext_lazy("What needs attention first")),
    ("name", gettext_lazy("By name")),
]


@dataclass(frozen=True)
class Asked:
    """An empty text asks for everything. ``owner``: ``whole`` (the place itself) or a team's number."""

    words: str = ""
    owner: str = ""
    family: str = ""
    variation: str = ""
    assurance: str = ""
    order: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Asked":
        """From the query of an address; what means nothing there counts as not asked (whose: see ``among``)."""
        sent = {one.name: " ".join(str(data.get(one.name, "")).split())[:LONGEST_WORDS] for one in fields(cls)}
        known = {"family": Family.values, "variation": dict(VARIATIONS), "assurance": dict(ASSURANCES)}
        for name, values in (known | {"order": dict(ORDERS)}).items():
            sent[name] = sent[name] if sent[name] in values else ""
        return cls(**sent)

    def among(self, owners: Mapping[str, str]) -> "Asked":
        """The same; an owner who has no measures there counts as not asked."""
        return self if self.owner in ("", *owners) else replace(self, owner="")

    @property
    def query(self) -> str:
        """The query that asks this, for links to the files."""
        data = QueryDict(mutable=True)
        data.update({name: value for name, value in asdict(self).items() if value})
        return f"?{data.urlencode()}" if data else ""

    def fits(self, measure: Measure) -> bool:
        """Whether the measure itself is asked for; what its numbers say is looked at later."""
        name = f"{measure.name.en}\n{measure.name.cy}".casefold()
        return (
            self.words.casefold() in name
            and self.owner in ("", owner_key(measure))
            and self.family in ("", measure.family)
        )

    def said(self, owners: Mapping[str, str]) -> list[str]:
        """What narrows the table, in words."""
        found = [_("“%(words)s” in the name") % {"words": self.words}] if self.words else []
        found += [owners[self.owner]] if self.owner in owners else []
        found += [str(Family(self.family).label)] if self.family else []
        found += [str(dict(VARIATIONS)[self.variation])] if self.variation else []
        return found + ([_("Target: %(what)s") % {"what": dict(ASSURANCES)[self.assurance]}] if self.assurance else [])


def owner_key(measure: Measure) -> str:
    return measure.team.public_id if measure.team else WHOLE


def owners_of_list(listed: list[Listed]) -> dict[str, str]:
    """Whose measures there are: key → name."""
    return {owner_key(one.measure): str(one.measure.scope) for one in listed}


class TableForm(forms.Form):
    """Offers the choices; ``Asked`` reads what was chosen."""

    words = forms.CharField(label=gettext_lazy("Words in the name"), max_length=LONGEST_WORDS)
    owner = forms.ChoiceField(label=pgettext_lazy("measure", "Whose"))
    family = forms.ChoiceField(label=gettext_lazy("Family"))
    variation = forms.ChoiceField(label=gettext_lazy("What it shows"))
    assurance = forms.ChoiceField(label=gettext_lazy("Target"))
    order = forms.ChoiceField(label=gettext_lazy("Order"), choices=ORDERS)

    def __init__(self, *, asked: Asked, owners: Mapping[str, str]):
        super().__init__(initial=asdict(asked))
        everything = ("", gettext_lazy("Everything"))
        choices: dict[str, list[tuple[str, Any]]] = {
            "owner": [("", gettext_lazy("Everybody")), *owners.items()],
            "family": [everything, *Family.choices],
            "variation": [everything, *VARIATIONS],
            "assurance": [everything, *ASSURANCES],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]  # all of them are of choices
        for field in self.fields.values():
            field.required = False
            silently_optional(field)
