"""What officers set: a year's quarters, their dates, the figures; and what narrows the list of members."""

from typing import Any

from babel.dates import get_month_names
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from levelground.foundation import formats
from levelground.foundation.bilingual import Bilingual
from levelground.ui.forms import DateInput, offer, silently_optional

from ..models import PEOPLE_REACHED, ReturnFigure, ReturnQuarter
from ..names import months, short_name
from ..services.quarters import REASON_LIMIT
from ..states import FigureKind


class YearForm(forms.Form):
    year = forms.IntegerField(
        label=_("Year"), min_value=2000, max_value=2100, help_text=_("The year in which the first quarter begins.")
    )
    first_month = forms.TypedChoiceField(label=_("First month"), coerce=int)
    on_time = forms.TypedChoiceField(
        label=_("On time until"), coerce=int, help_text=_("Counted from the end of each quarter.")
    )
    locked = forms.TypedChoiceField(
        label=_("Open until"), coerce=int, help_text=_("After that nobody can send or correct a return.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = get_month_names("wide", locale=formats.locale())
        self._offer("first_month", [(month, names[month].capitalize()) for month in range(1, 13)])
        after = [(n, ngettext("%(n)d month later", "%(n)d months later", n) % {"n": n}) for n in range(1, 7)]
        self._offer("on_time", after)
        self._offer("locked", after)

    def _offer(self, name: str, choices: list[tuple[int, str]]) -> None:
        offer(self.fields[name], choices)


class DatesForm(forms.Form):
    on_time_by = forms.DateField(
        label=_("On time until"), widget=DateInput, help_text=_("The last day on which a return is on time.")
    )
    locked_on = forms.DateField(
        label=_("Open until"), widget=DateInput, help_text=_("The last day on which a return can be sent or corrected.")
    )
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LIMIT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members can read this."),
    )  # fmt: skip
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(quarter: ReturnQuarter) -> dict[str, Any]:
        return {"on_time_by": quarter.on_time_by, "locked_on": quarter.locked_on, "version": quarter.version}


class FigureForm(forms.Form):
    label_en = forms.CharField(label=_("Name in English"), max_length=150, required=False)
    label_cy = forms.CharField(
        label=_("Name in Welsh"), max_length=150, required=False, widget=forms.TextInput(attrs={"lang": "cy"})
    )
    help_en = forms.CharField(
        label=_("Help in English"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    help_cy = forms.CharField(
        label=_("Help in Welsh"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2, "lang": "cy"})
    )
    kind = forms.ChoiceField(label=_("Kind of number"), choices=FigureKind.choices, widget=forms.RadioSelect)
    required = forms.BooleanField(label=_("Every return must give it"), required=False)
    from_quarter = forms.ChoiceField(label=_("Asked from"), required=False)
    until_quarter = forms.ChoiceField(label=_("Asked until"), required=False)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, quarters: list[ReturnQuarter], figure: ReturnFigure | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._quarters = {str(quarter.pk): quarter for quarter in quarters}
        for name in ("label_en", "label_cy", "required", "from_quarter", "until_quarter"):
            silently_optional(self.fields[name])
        if figure is not None and figure.code == PEOPLE_REACHED:
            for name in ("kind", "from_quarter", "until_quarter"):
                del self.fields[name]
            return
        named = [(str(one.pk), f"{short_name(one)} ({months(one)})") for one in quarters]
        offer(self.fields["from_quarter"], [("", _("The beginning")), *named])
        offer(self.fields["until_quarter"], [("", _("No end")), *named])

    @staticmethod
    def initial_of(figure: ReturnFigure) -> dict[str, Any]:
        return {
            "label_en": figure.label.en, "label_cy": figure.label.cy, "help_en": figure.help.en,
            "help_cy": figure.help.cy, "kind": figure.kind, "required": figure.required, "version": figure.version,
            "from_quarter": figure.from_quarter_id or "", "until_quarter": figure.until_quarter_id or "",
        }  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "label": Bilingual(" ".join(data["label_en"].split()), " ".join(data["label_cy"].split())),
            "help": Bilingual(data["help_en"].strip(), data["help_cy"].strip()),
            "kind": data.get("kind", FigureKind.COUNT),
            "required": data["required"],
            "from_quarter": self._quarters.get(data.get("from_quarter", "")),
            "until_quarter": self._quarters.get(data.get("until_quarter", "")),
        }


STATES = [
    ("", _("All members")),
    ("waiting", _("Not sent")),
    ("on_time", _("Sent on time")),
    ("late", _("Sent late")),
    ("significant", _("Reports a significant change")),
]


class ReturnsFilterForm(forms.Form):
    """What narrows the list of members; a value that is not on offer narrows nothing."""

    q = forms.CharField(label=_("Name or region"), max_length=100, required=False)
    framework = forms.ChoiceField(label=_("Framework"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    quarter = forms.ChoiceField(
        label=_("Quarter"), choices=[(str(n), str(n)) for n in range(1, 5)], required=False
    )  # fmt: skip
    state = forms.ChoiceField(label=_("Show"), choices=STATES, required=False)

    def __init__(self, data: Any, *, frameworks: list[tuple[str, str]], years: list[tuple[str, str]]):
        super().__init__(data)
        offer(self.fields["framework"], frameworks)
        offer(self.fields["year"], years)
        for field in self.fields.values():
            silently_optional(field)
        if len(frameworks) < 2:
            del self.fields["framework"]
