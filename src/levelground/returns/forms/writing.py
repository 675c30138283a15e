"""The return itself: figures, the mandatory question, indicators, a description."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from levelground.foundation.bilingual import Bilingual
from levelground.frameworks.models import Indicator
from levelground.ui.forms import silently_optional

from ..models import QuarterlyReturn, ReturnChange, ReturnFigure
from ..names import amount
from ..rules import is_fall, problem_with
from ..selectors import Proposal
from ..selectors.drafts import plain_number
from ..selectors.listing import NOTE_LIMIT
from ..services import Chosen
from ..services.drafting import DESCRIPTION_LIMIT
from ..states import FigureKind

_NOT_DIGITS = re.compile(r"[\s£%,\u00a0\u202f]")
_NUMBER = re.compile(r"-?[0-9.]{1,20}")
_CODES = re.compile(r"[\s,;]+")
MOST_CODES, LONGEST_CODE = 400, 20


@dataclass
class Listed:
    """One indicator as the form lists it, with what the person has ticked and typed."""

    code: str
    text: Bilingual
    from_value: str
    to_value: str
    ticked: bool = False
    note: str = ""
    error: str = ""

    @property
    def fell(self) -> bool:
        return is_fall(self.from_value, self.to_value)

    @property
    def first_answer(self) -> bool:
        return not self.from_value and bool(self.to_value)

    @property
    def moved(self) -> bool:
        return self.from_value != self.to_value


class NumberInput(forms.TextInput):
    """Shows ``120.00`` as ``120``, and what was typed as it was typed."""

    def format_value(self, value: Any) -> str:
        return plain_number(value) or "" if isinstance(value, Decimal) else str(value if value is not None else "")


class FigureField(forms.Field):
    """A number as people write it: ``1,234``, ``£1,234.50``, ``12.5 %``."""

    widget = NumberInput

    def __init__(self, figure: ReturnFigure, last: Decimal | None):
        self.figure = figure
        hint = figure.help.here()
        unit = {FigureKind.MONEY: _("In pounds (£)."), FigureKind.PERCENT: _("In percent, from 0 to 100.")}
        hint = " ".join(filter(None, [hint, unit.get(FigureKind(figure.kind), "")]))
        if last is not None:
            before = _("Last quarter: %(amount)s") % {"amount": amount(figure.kind, last)}
            hint = format_html("{}{}<b>{}</b>", hint, " " if hint else "", before)
        super().__init__(required=False, label=figure.label.here(), help_text=hint)
        self.widget.attrs["inputmode"] = "numeric" if figure.kind == FigureKind.COUNT else "decimal"
        self.silently_optional = figure.required

    def to_python(self, value: Any) -> Decimal | None:
        text = _NOT_DIGITS.sub("", str(value or ""))
        if not text:
            return None
        try:
            number = Decimal(text) if _NUMBER.fullmatch(text) else None
        except InvalidOperation:
            number = None
        if number is None:
            raise ValidationError(
                _("“%(figure)s”: write a number, such as 120.") % {"figure": self.figure.label.here()}, code="number"
            )
        return number

    def validate(self, value: Any) -> None:
        if problem := problem_with(self.figure, value):
            raise ValidationError(problem, code="number")


class ReturnForm(forms.Form):
    """Everything may be left empty until the return is sent; the service says then what is missing."""

    significant_change = forms.TypedChoiceField(
        label=gettext_lazy("Has anything changed significantly?"),
        choices=[("no", pgettext_lazy("has it changed", "No")), ("yes", pgettext_lazy("has it changed", "Yes"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    other_codes = forms.CharField(
        label=gettext_lazy("Other indicators it is about"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Their codes, with commas between them, such as 1.2.3, 4.1.2."),
    )
    description = forms.CharField(
        label=gettext_lazy("What has changed?"),
        required=False,
        max_length=DESCRIPTION_LIMIT,
        help_text=gettext_lazy(
            "A few sentences: what happened, what it means for people, what you are doing about it."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, figures: list[ReturnFigure], last: Mapping[int, Decimal],
        row: QuarterlyReturn | None, values: Mapping[int, Decimal | None],
    ):  # fmt: skip
        super().__init__(data)
        for figure in figures:
            self.fields[f"figure-{figure.code}"] = FigureField(figure, last.get(figure.pk))
            self.initial[f"figure-{figure.code}"] = values.get(figure.pk)
        self.order_fields([f"figure-{figure.code}" for figure in figures])
        self.figures = figures
        for name in ("significant_change", "description"):
            silently_optional(self.fields[name])  # only until it is sent
        self.initial["version"] = row.version if row else 0
        if row is not None:
            answered = {True: "yes", False: "no", None: None}[row.significant_change]
            self.initial.update({"significant_change": answered, "description": row.description})

    @property
    def figure_fields(self) -> list[forms.BoundField]:
        return [self[f"figure-{figure.code}"] for figure in self.figures]

    def list_indicators(
        self, moved: Iterable[Proposal], stored: Iterable[ReturnChange], known: Mapping[str, Indicator]
    ) -> list[Listed]:
        """What the page lists: every move, and what was added by hand. What was typed comes before what is stored."""
        found = {
            one.indicator.code: Listed(one.indicator.code, one.indicator.text, one.from_value, one.to_value, one.fell)
            for one in moved
        }
        kept = {change.code: change for change in stored}
        for code in [*kept, *self._ticked]:
            if code not in found and code in known and (self.is_bound or kept[code].included):
                change = kept.get(code)
                value = change.to_value if change else ""
                found[code] = Listed(code, known[code].text, value, value)
        for one in found.values():
            change = kept.get(one.code)
            if self.is_bound:
                one.ticked, one.note = one.code in self._ticked, self.data.get(f"note-{one.code}", "")
                one.error = " ".join(str(text) for text in self.errors.get(f"note-{one.code}", []))
            elif change is not None:
                one.ticked, one.note = change.included, change.note
        return list(found.values())

    @property
    def _ticked(self) -> list[str]:
        """The codes that were ticked, as far as they can be codes."""
        if not self.is_bound:
            return []
        data = cast(QueryDict, self.data)
        return [code for code in data.getlist("ticked") if len(code) <= LONGEST_CODE][:MOST_CODES]

    def clean_other_codes(self) -> list[str]:
        codes = [code for code in _CODES.split(self.cleaned_data["other_codes"]) if code]
        if any(len(code) > LONGEST_CODE for code in codes):
            raise ValidationError(_("Write only codes, such as 1.2.3, with commas between them."))
        return codes

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for code in self._ticked:
            if len(self.data.get(f"note-{code}", "")) > NOTE_LIMIT:
                self.errors[f"note-{code}"] = self.error_class(
                    [_("%(code)s: write at most %(limit)d characters.") % {"code": code, "limit": NOTE_LIMIT}]
                )
        return found

    def chosen(self) -> list[Chosen]:
        """What the service takes: the ticks, and the words beside those that are not ticked."""
        ticked = dict.fromkeys([*self._ticked, *self.cleaned_data.get("other_codes", [])])
        notes = {name[5:]: text for name, text in self.data.items() if name.startswith("note-") and text.strip()}
        return [Chosen(code, True, notes.get(code, "")) for code in ticked] + [
            Chosen(code, False, note)
            for code, note in notes.items()
            if code not in ticked and len(code) <= LONGEST_CODE
        ]

    def values(self) -> dict[str, Any]:
        """What the service takes, besides the indicators."""
        data = self.cleaned_data
        return {
            "values": {figure.code: data.get(f"figure-{figure.code}") for figure in self.figures},
            "significant_change": data["significant_change"],
            "description": data["description"],
            "chosen": self.chosen(),
            "seen_version": data["version"],
        }
