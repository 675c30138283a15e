"""What people may type about measures and their numbers. Forms check; services save."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.models import Team
from levelground.ui.forms import DateInput, offer, silently_optional

from .cells import Unclear, read_day, read_number
from .codes import LISTS
from .models import Measure
from .numbers import Number
from .rules import MEANING, NAME_LIMIT, NOTE_LIMIT, REASON_LIMIT, SHORT_LIMIT, TEXT_LIMIT, columns_of, problems_with
from .selectors import groups_by_list, label_of
from .states import BY_MONTH, Aspect, Direction, Family, Frequency, Kind
from .wording import column_label, trouble_words

_LONG = forms.Textarea(attrs={"rows": 3})


class DayField(forms.DateField):
    """A date as browsers send it, or as people write one: 31 3 2027, 31/3/27, 31 March 2027, 31 Mawrth 2027."""

    widget = DateInput

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return super().to_python(value)
        try:
            return read_day(str(value), by_month=False)
        except Unclear:
            raise ValidationError(_("Write the date like 31 3 2027."), code="invalid_date") from None


class PeriodField(forms.Field):
    """The day or the month that numbers are for: April 2026, 4/2026, 1/4/2026."""

    def __init__(self, *, by_month: bool, **options: Any):
        self.by_month = by_month
        super().__init__(**options)

    def to_python(self, value: Any) -> dt.date | None:
        if not value:
            return None
        try:
            day = read_day(value, by_month=self.by_month)
        except Unclear as unclear:
            raise ValidationError(trouble_words(unclear.trouble, unclear.detail), code="invalid_date") from None
        if day > clock.today():
            raise ValidationError(_("This day has not come yet."), code="invalid_date")
        return day


class NumberField(forms.Field):
    """A number as people write it: ``1,234``, ``12.5``, with ``percent`` also ``45%``."""

    def __init__(self, *, whole: bool = False, percent: bool = False, negative: bool = False, **options: Any):
        self.reading = {"whole": whole, "percent": percent, "negative": negative}
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric" if whole else "decimal"}), **options)

    def prepare_value(self, value: Any) -> Any:
        return format(value.normalize(), "f") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        try:
            return read_number(value, **self.reading)[0]
        except Unclear as unclear:
            raise ValidationError(
                f"{self.label}: {trouble_words(unclear.trouble, unclear.detail)}", code="number"
            ) from None


def _text(label: Any, *, limit: int = TEXT_LIMIT, widget: Any = None, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=False, widget=widget, **options)


def _welsh(widget: type[forms.Widget] = forms.TextInput, **attrs: Any) -> forms.Widget:
    return widget(attrs={"lang": "cy", **attrs})


class MeasureForm(forms.Form):
    """The whole definition. The service says what is missing."""

    owner = forms.ChoiceField(label=gettext_lazy("Whose measure is it?"))
    name_en = _text(
        gettext_lazy("Name in English"), limit=NAME_LIMIT,
        help_text=gettext_lazy("Short, such as “Days from referral to first contact”. One language or both."),
    )  # fmt: skip
    name_cy = _text(gettext_lazy("Name in Welsh"), limit=NAME_LIMIT, widget=_welsh())
    matters_en = _text(
        gettext_lazy("What matters to people, in English"), widget=_LONG,
        help_text=gettext_lazy("Which of their words or themes does it answer? Their own words are best."),
    )  # fmt: skip
    matters_cy = _text(gettext_lazy("What matters to people, in Welsh"), widget=_welsh(forms.Textarea, rows=3))
    family = forms.ChoiceField(
        label=gettext_lazy("What does it show?"), choices=Family.choices, widget=forms.RadioSelect
    )
    aspect = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=Aspect.choices, initial=Aspect.OUTCOMES)
    direction = forms.ChoiceField(
        label=gettext_lazy("Which way is better?"), choices=Direction.choices, widget=forms.RadioSelect
    )
    definition_en = _text(
        gettext_lazy("Exactly what is measured, in English"), widget=_LONG,
        help_text=gettext_lazy("So exactly that two people who count get the same number."),
    )  # fmt: skip
    definition_cy = _text(gettext_lazy("Exactly what is measured, in Welsh"), widget=_welsh(forms.Textarea, rows=3))
    kind = forms.ChoiceField(label=gettext_lazy("What kind of number?"), choices=Kind.choices, widget=forms.RadioSelect)
    unit_en = _text(
        gettext_lazy("Unit in English"),
        limit=40,
        help_text=gettext_lazy("Such as days, points or people. May be empty."),
    )
    unit_cy = _text(gettext_lazy("Unit in Welsh"), limit=40, widget=_welsh())
    numerator = _text(
        gettext_lazy("Numerator"), widget=_LONG, help_text=gettext_lazy("For a percentage or a rate: what is counted.")
    )
    denominator = _text(
        gettext_lazy("Denominator"), widget=_LONG, help_text=gettext_lazy("For a percentage or a rate: out of what.")
    )
    per = NumberField(
        label=gettext_lazy("For each"), required=False, whole=True,
        help_text=gettext_lazy("For a rate only, such as 1,000."),
    )  # fmt: skip
    exclusions = _text(gettext_lazy("Who or what is left out"), widget=_LONG)
    is_wait = forms.BooleanField(
        label=gettext_lazy("It measures how long people wait"), required=False,
        help_text=gettext_lazy("Then say below what starts and what stops the clock."),
    )  # fmt: skip
    clock_start = _text(gettext_lazy("What starts the clock"), widget=_LONG)
    clock_stop = _text(gettext_lazy("What stops the clock"), widget=_LONG)
    clock_pauses = _text(gettext_lazy("What pauses the clock"), widget=_LONG)
    source = _text(gettext_lazy("Where the numbers come from"), widget=_LONG)
    collector = _text(
        gettext_lazy("Who collects them"), limit=SHORT_LIMIT, help_text=gettext_lazy("A role, such as “ward clerk”.")
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often?"), choices=Frequency.choices, initial=Frequency.MONTHLY
    )
    baseline_from = DayField(label=gettext_lazy("First day of the baseline"), required=False)
    baseline_to = DayField(label=gettext_lazy("Last day of the baseline"), required=False)
    about_people = forms.TypedChoiceField(
        label=gettext_lazy("Could a small number show who somebody is?"), widget=forms.RadioSelect, initial="yes",
        choices=[("yes", gettext_lazy("Yes: hide small numbers")), ("no", gettext_lazy("No: it is not about people"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    stratified_by = forms.MultipleChoiceField(
        label=gettext_lazy("Which groups do you look at apart?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("At most four lists. Everybody together is always there."),
    )  # fmt: skip
    phase_from = DayField(label=gettext_lazy("From which day does the new definition count?"), required=False)
    as_new = forms.BooleanField(
        label=gettext_lazy("Make it a new measure, and archive this one"), required=False,
        help_text=gettext_lazy("When old and new numbers cannot be compared at all."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why does it change?"), required=False, max_length=REASON_LIMIT, widget=_LONG
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    PARTS = {
        "about": ["owner", "name_en", "name_cy", "matters_en", "matters_cy", "family", "aspect", "direction"],
        "definition": [
            "definition_en", "definition_cy", "kind", "unit_en", "unit_cy",
            "numerator", "denominator", "per", "exclusions",
        ],
        "wait": ["is_wait", "clock_start", "clock_stop", "clock_pauses"],
        "collecting": ["source", "collector", "frequency", "baseline_from", "baseline_to"],
        "groups": ["about_people", "stratified_by"],
        "change": ["reason", "phase_from", "as_new"],
    }  # fmt: skip
    _BILINGUAL = ("name", "matters", "definition", "unit")

    def __init__(self, data: Any = None, *, owners: Iterable[Any] = (), measure: Measure | None = None):
        super().__init__(data)
        choices = self.fields["stratified_by"]
        offer(choices, [(one.key, one.name.here()) for one in LISTS])
        for name in ("name_en", "name_cy", "matters_en", "matters_cy", "definition_en", "definition_cy", "reason"):
            silently_optional(self.fields[name])  # the service says what is missing
        if measure is None:
            self._new(list(owners))
        else:
            del self.fields["owner"]
            self.initial = self.initial_of(measure)

    def _new(self, owners: list[Any]) -> None:
        for name in ("reason", "phase_from", "as_new", "version"):
            del self.fields[name]
        self.owners = {owner.public_id if isinstance(owner, Team) else "whole": owner for owner in owners}
        offered = [
            (key, _("All of %(place)s") % {"place": owner} if key == "whole" else str(owner))
            for key, owner in self.owners.items()
        ]
        offer(self.fields["owner"], offered)
        if len(offered) == 1:
            self.fields["owner"].initial = offered[0][0]

    @classmethod
    def initial_of(cls, measure: Measure) -> dict[str, Any]:
        found = {name: getattr(measure, name) for name in cls.base_fields if hasattr(measure, name)}
        for name in cls._BILINGUAL:
            text = getattr(measure, name)
            found |= {f"{name}_en": text.en, f"{name}_cy": text.cy}
        return found | {"about_people": "yes" if measure.about_people else "no", "version": measure.version}

    def clean(self) -> dict[str, Any]:
        """What the service would say is missing, said at once with what the fields say."""
        found = super().clean() or {}
        wanted: dict[str, Any] = {field.name: found.get(field.name) for field in self}
        for name in ("name", "definition"):
            wanted[name] = Bilingual(*(found.get(f"{name}_{code}", "").strip() for code in ("en", "cy")))
        wanted["stratified_by"] = found.get("stratified_by", [])
        for name, problem in problems_with(wanted).items():
            if name not in self.errors:
                self.add_error(name, problem)
        return found

    def part(self, name: str) -> list[forms.BoundField]:
        """The fields of one section of the page."""
        return [self[field] for field in self.PARTS[name] if field in self.fields]

    def definition(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        skipped = {"owner", "reason", "phase_from", "as_new", "version"}
        found = {name: data[name] for name in self.fields if name not in skipped and not name.endswith(("_en", "_cy"))}
        for name in self._BILINGUAL:
            found[name] = Bilingual(*(data[f"{name}_{code}"].strip() for code in ("en", "cy")))
        return found | {"per": None if data["per"] is None else int(data["per"])}

    @property
    def meaning(self) -> list[str]:
        """The labels of what changes the meaning of the numbers."""
        names = [name for name in self.fields if name.removesuffix("_en").removesuffix("_cy") in MEANING]
        return [str(self.fields[name].label) for name in names]


class TargetForm(forms.Form):
    value = NumberField(
        label=gettext_lazy("Target"), required=False, negative=True, percent=True,
        help_text=gettext_lazy("Leave it empty to say that nothing is aimed at any more."),
    )  # fmt: skip
    from_date = DayField(label=gettext_lazy("From"))


class PhaseForm(forms.Form):
    starts_on = DayField(label=gettext_lazy("First day of the phase"))
    baseline_to = DayField(
        label=gettext_lazy("Last day of its baseline"), required=False,
        help_text=gettext_lazy("The limits stay as they are after that day. Empty: they follow the whole phase."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why is a new baseline right from here?"), max_length=REASON_LIMIT, widget=_LONG
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("for a change", "Why?"), max_length=REASON_LIMIT, widget=_LONG)


class LeaveOutForm(forms.Form):
    date = DayField(label=gettext_lazy("Which day or month?"))
    reason = forms.CharField(
        label=gettext_lazy("Why does it tell nothing of how things usually are?"),
        max_length=REASON_LIMIT,
        widget=_LONG,
        help_text=gettext_lazy("Such as: records were lost, or the service was shut. A bad month is no reason."),
    )


class NoteForm(forms.Form):
    on = DayField(label=gettext_lazy("When did it happen?"))
    text = forms.CharField(
        label=gettext_lazy("What happened?"), max_length=NOTE_LIMIT,
        help_text=gettext_lazy("A few words for the chart. Name nobody."),
    )  # fmt: skip


class ChangeNoteForm(NoteForm):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=gettext_lazy("What do you need the exact numbers for?"), max_length=SHORT_LIMIT,
        help_text=gettext_lazy("Your name, the time and this answer are recorded."),
    )  # fmt: skip


class DayForm(forms.Form):
    """Which day or month to write numbers for."""

    def __init__(self, data: Any = None, *, measure: Measure):
        super().__init__(data)
        by_month = measure.frequency in BY_MONTH
        self.fields["day"] = PeriodField(
            by_month=by_month, label=_("Which month?") if by_month else _("Which day?"),
            help_text=_("Such as April 2026.") if by_month else _("Such as 14 4 2026."),
        )  # fmt: skip


class NumbersForm(forms.Form):
    """The numbers of one day: of everybody, and of each group. Empty fields change nothing."""

    day = forms.DateField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    remove = forms.BooleanField(
        label=gettext_lazy("Take away all numbers of this day that stand"), required=False,
        help_text=gettext_lazy("When they were written for the wrong day. The history keeps them."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, measure: Measure, standing: Mapping[str, Number], readable: bool):
        super().__init__(data)
        self.measure, self.standing = measure, standing
        self.columns = columns_of(measure.kind, about_people=measure.about_people)
        self.groups = ["", *(group for groups in groups_by_list(measure).values() for group in groups)]
        for group in self.groups:
            for column in self.columns:
                self.fields[self.name_of(group, column)] = self._field(group, column)
                if readable and group in standing:
                    self.initial[self.name_of(group, column)] = getattr(standing[group], column)
        if not standing:
            del self.fields["remove"]

    @staticmethod
    def name_of(group: str, column: str) -> str:
        return f"{column}:{group}"

    def _field(self, group: str, column: str) -> NumberField:
        kind, label = self.measure.kind, column_label(column, self.measure)
        field = NumberField(
            label=f"{label_of(group)}: {label}" if group else label,
            required=False,
            whole=column != "value" or kind == Kind.COUNT,
            negative=column == "value" and kind == Kind.AVERAGE,
        )  # fmt: skip
        silently_optional(field)
        return field

    def rows(self, groups: Iterable[str]) -> list[dict[str, Any]]:
        """The fields of these groups, one row each."""
        return [
            {
                "group": group,
                "stands": group in self.standing,
                "fields": [self[self.name_of(group, column)] for column in self.columns],
            }
            for group in groups
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for group in self.groups:
            given = {column: found.get(self.name_of(group, column)) for column in self.columns}
            filled = [column for column, value in given.items() if value is not None]
            if "numerator" in self.columns and len(filled) == 1:
                missing = next(column for column in self.columns if column not in filled)
                self.add_error(self.name_of(group, missing), _("Give both the numerator and the denominator."))
            elif self.columns == ("value", "denominator") and filled == ["denominator"]:
                self.add_error(self.name_of(group, "value"), _("Give the average too."))
        return found

    def numbers(self) -> list[Number]:
        """What the service takes: what was typed, or the emptiness of all that stood."""
        data, day = self.cleaned_data, self.cleaned_data["day"]
        if data.get("remove"):
            return [Number(day, group) for group in self.standing]
        found = [
            Number(day, group, **{column: data.get(self.name_of(group, column)) for column in self.columns})
            for group in self.groups
        ]
        return [number for number in found if not number.is_empty]
