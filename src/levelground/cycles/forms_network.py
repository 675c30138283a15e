"""What officers type about a network's cycles. Forms check; services save."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.frameworks.models import FrameworkVersion
from levelground.organisations.states import Nation
from levelground.ui.forms import DateInput, silently_optional

from .defaults import Wanted as WantedDocument
from .models import Cycle, Submission
from .network_selectors import ALL, NAME, SHOWS, Wanted
from .network_words import SORTS
from .services.cycles import YEARS
from .services.moving import WORDS_LIMIT

_NAME_LIMIT, _GUIDANCE_LIMIT, _CODE_LIMIT, _MOST_MONTHS = 150, 1000, 40, 240
MOST_DOCUMENTS = 20
SPARE = 2


class MemberFilterForm(forms.Form):
    """What narrows the list; a value that is not on offer narrows nothing."""

    show = forms.ChoiceField(choices=[(name, name) for name in SHOWS], required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=gettext_lazy("Name or region"), max_length=100, required=False)
    nation = forms.ChoiceField(
        label=gettext_lazy("Nation"), choices=[("", gettext_lazy("All nations")), *Nation.choices], required=False
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Sort by"), choices=SORTS, required=False)

    def __init__(self, data: Any, *, regions: list[str]):
        super().__init__({**data.dict(), "show": data.get("show") or ALL, "sort": data.get("sort") or NAME})
        region: Any = self.fields["region"]
        region.choices = [("", _("All regions")), *((name, name) for name in regions)]
        for field in self.fields.values():
            silently_optional(field)

    def wanted(self) -> Wanted:
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return Wanted(**{**found, "show": found["show"] or ALL, "sort": found["sort"] or NAME})


class _VersionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return _("%(label)s, %(count)s indicators") % {"label": obj.label, "count": obj.indicator_count}


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput, **more)


def _text(label: Any, **more: Any) -> forms.CharField:
    rows = more.pop("rows", 3)
    return forms.CharField(label=label, max_length=WORDS_LIMIT, widget=forms.Textarea(attrs={"rows": rows}), **more)


class _CycleDates(forms.Form):
    opens_on = _day(gettext_lazy("Opens on"), help_text=gettext_lazy("From this day members can send their snapshot."))
    deadline = _day(gettext_lazy("Deadline"), help_text=gettext_lazy("The last day that counts as on time."))
    framework_version = _VersionField(
        label=gettext_lazy("Version of the framework"), queryset=FrameworkVersion.objects.none(), empty_label=None,
        to_field_name="public_id",
        help_text=gettext_lazy("Members whose workbook has an older version are asked to move to this one."),
    )  # fmt: skip

    def offer(self, versions: Any) -> None:
        field: Any = self.fields["framework_version"]
        field.queryset = versions

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens_on, deadline = data.get("opens_on"), data.get("deadline")
        if opens_on and deadline and opens_on > deadline:
            self.add_error("deadline", _("The deadline must not be before the day it opens."))
        return data


class CycleForm(_CycleDates):
    """A new year."""

    year = forms.IntegerField(
        label=gettext_lazy("Year"), help_text=gettext_lazy("The snapshot is called by it, such as 2027."),
        min_value=YEARS[0], max_value=YEARS[1],
    )  # fmt: skip
    field_order = ["year", "opens_on", "deadline", "framework_version"]

    def __init__(self, *args: Any, versions: Any, **options: Any):
        super().__init__(*args, **options)
        self.offer(versions)

    def clean_deadline(self) -> dt.date:
        found: dt.date = self.cleaned_data["deadline"]
        if found < clock.today():
            raise forms.ValidationError(_("Choose today or a later day."))
        return found


class DatesForm(_CycleDates):
    """Putting a year right. What has been sent fixes the opening day and the version."""

    reason = _text(
        gettext_lazy("Why the deadline changes"), required=False,
        help_text=gettext_lazy("Needed when you change the deadline. Members will read it."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any, *, cycle: Cycle, versions: Any, fixed: bool):
        initial = {
            "opens_on": cycle.opens_on, "deadline": cycle.deadline, "version": cycle.version,
            "framework_version": cycle.framework_version.public_id,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.offer(versions)
        self.cycle = cycle
        silently_optional(self.fields["reason"])
        for name in ("opens_on", "framework_version") if fixed else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = gettext_lazy("A member has sent its snapshot, so this stays.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("deadline") not in (None, self.cycle.deadline) and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why the deadline changes. Members will read it."))
        return data


class DocumentForm(forms.Form):
    """One document that a year asks for. An empty row asks for nothing."""

    code = forms.SlugField(max_length=_CODE_LIMIT, required=False, widget=forms.HiddenInput)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=_NAME_LIMIT, required=False)
    name_cy = forms.CharField(
        label=gettext_lazy("Name in Welsh"),
        max_length=_NAME_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"lang": "cy"}),
    )
    guidance_en = forms.CharField(
        label=gettext_lazy("Help in English"), max_length=_GUIDANCE_LIMIT, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    guidance_cy = forms.CharField(
        label=gettext_lazy("Help in Welsh"), max_length=_GUIDANCE_LIMIT, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "cy"}),
    )  # fmt: skip
    stale_months = forms.IntegerField(
        label=gettext_lazy("Getting old after so many months"), required=False, min_value=1, max_value=_MOST_MONTHS,
        help_text=gettext_lazy("Leave it empty when age does not matter. An old document can still be sent."),
    )  # fmt: skip
    remove = forms.BooleanField(label=gettext_lazy("Do not ask for this document"), required=False)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for field in self.fields.values():
            silently_optional(field)

    @property
    def title(self) -> str:
        known = Bilingual(self["name_en"].value() or "", self["name_cy"].value() or "")
        return known.here()

    @property
    def is_new(self) -> bool:
        return not self["code"].value()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data["remove"] and self._says_something(data) and not self._name(data):
            self.add_error("name_en", _("Give the document a name in English or in Welsh."))
        return data

    @staticmethod
    def _says_something(data: dict[str, Any]) -> bool:
        return any(data.get(name) for name in ("code", "guidance_en", "guidance_cy", "stale_months"))

    @staticmethod
    def _name(data: dict[str, Any]) -> Bilingual:
        return Bilingual(" ".join(data["name_en"].split()), " ".join(data["name_cy"].split()))

    def wanted(self) -> WantedDocument | None:
        """What the row asks for, if anything."""
        data = self.cleaned_data
        # Django leaves a spare row that nobody touched without data.
        name = self._name(data) if data else Bilingual()
        if not name or data["remove"]:
            return None
        guidance = Bilingual(data["guidance_en"].strip(), data["guidance_cy"].strip())
        return WantedDocument(data["code"], name, guidance, data["stale_months"])


class _Rows(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(self.errors) and not self.documents():
            raise forms.ValidationError(_("Ask for at least one document."))

    def documents(self) -> list[WantedDocument]:
        """What is asked for; a new document gets a short name of its own."""
        found = [one for one in (form.wanted() for form in self.forms) if one is not None]
        taken = {one.code for one in found if one.code}
        return [one if one.code else _with_code(one, taken) for one in found]


def _with_code(one: WantedDocument, taken: set[str]) -> WantedDocument:
    plain = slugify(one.name.en or one.name.cy)[: _CODE_LIMIT - 3].strip("-") or "document"
    code = next(code for code in (plain, *(f"{plain}-{n}" for n in range(2, 99))) if code not in taken)
    taken.add(code)
    return WantedDocument(code, one.name, one.guidance, one.stale_months)


DocumentRows = forms.formset_factory(
    DocumentForm, formset=_Rows, extra=SPARE, max_num=MOST_DOCUMENTS, absolute_max=MOST_DOCUMENTS, validate_max=True
)


def document_rows(data: Any, documents: Any) -> Any:
    """The rows of a form, filled with what is asked for now or proposed."""
    initial = [
        {
            "code": one.code, "name_en": one.name.en, "name_cy": one.name.cy, "guidance_en": one.guidance.en,
            "guidance_cy": one.guidance.cy, "stale_months": one.stale_months,
        }
        for one in documents
    ]  # fmt: skip
    return DocumentRows(data, initial=initial, prefix="documents")


class SeenForm(forms.Form):
    """Carries what the page showed, so that the second of two officers is told."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AcceptForm(SeenForm):
    reason = _text(gettext_lazy("A word to the member"), required=False)


class ReturnForm(SeenForm):
    reason = _text(
        gettext_lazy("What should the member change?"), rows=6, help_text=gettext_lazy("One reason on each line."),
        error_messages={"required": gettext_lazy("Say what the member should change. It will read this.")},
    )  # fmt: skip


class WhyForm(SeenForm):
    reason = _text(
        gettext_lazy("Why"), help_text=gettext_lazy("The member will read it."),
        error_messages={"required": gettext_lazy("Say why, in a few words. The member will read it.")},
    )  # fmt: skip


class MoreTimeForm(forms.Form):
    deadline = _day(gettext_lazy("New deadline for this member"))
    reason = _text(
        gettext_lazy("Why"), help_text=gettext_lazy("The member will read it."),
        error_messages={"required": gettext_lazy("Say why, in a few words. The member will read it.")},
    )  # fmt: skip
    seen = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, submission: Submission):
        super().__init__(data, initial={"seen": submission.deadline})

    def clean_deadline(self) -> dt.date:
        found: dt.date = self.cleaned_data["deadline"]
        if found < clock.today():
            raise forms.ValidationError(_("Choose today or a later day."))
        return found
