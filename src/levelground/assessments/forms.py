"""What people may type into the workbook's forms. Forms check; services save."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.documents.kinds import ACCEPT
from levelground.ui.forms import DateInput, offer, silently_optional

from .plan_selectors import DUE, LONGEST_WORDS, SHOW
from .services.actions import NOTE_LIMIT, TITLE_LIMIT
from .services.answers import COMMENT_LIMIT
from .services.due_dates import REASON_LIMIT
from .services.evidence import FIELDS as EVIDENCE_FIELDS
from .sheets.dates import date_from_words
from .states import ActionSource, Priority


class DayField(forms.DateField):
    """A date as browsers send it, or as people write one: 31 3 2027, 31/3/27, 31 March 2027, 31 Mawrth 2027."""

    widget = DateInput
    YEARS = range(1900, 2200)

    def to_python(self, value: Any) -> dt.date | None:
        found = date_from_words(" ".join(value.split())) if isinstance(value, str) else None
        try:
            found = found or super().to_python(value)
        except ValidationError:
            # The code makes summaries name the field.
            raise ValidationError(_("Write the date like 31 3 2027."), code="invalid_date") from None
        if found and found.year not in self.YEARS:
            raise ValidationError(
                _("Write the date like 31 3 2027, with all four figures of the year."), code="invalid_date"
            )
        return found


class ColleagueField(forms.ModelChoiceField):
    """A choice among the people who may answer this workbook, by their public number."""

    def __init__(self, **options: Any):
        super().__init__(queryset=User.objects.none(), to_field_name="public_id", required=False, **options)

    def offer(self, colleagues: list[User], nobody: Any) -> None:
        self.queryset = User.objects.filter(pk__in=[person.pk for person in colleagues])
        self.choices = [("", nobody), *((person.public_id, person.name) for person in colleagues)]


class ActionForm(forms.Form):
    title = forms.CharField(
        label=_("What will you do?"), max_length=TITLE_LIMIT, error_messages={"required": _("Say what you will do.")}
    )
    owner = ColleagueField(label=_("Who will do it"))
    due_on = DayField(label=_("By when"), required=False)
    priority = forms.ChoiceField(label=_("How important"), choices=Priority.choices, initial=Priority.MEDIUM)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    # A date in the past that the form has asked about once.
    past = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, colleagues: list[User], was_due: dt.date | None = None, **options: Any):
        super().__init__(*args, **options)
        cast(ColleagueField, self.fields["owner"]).offer(colleagues, pgettext_lazy("owner", "Nobody yet"))
        self.was_due = was_due

    def clean_due_on(self) -> dt.date | None:
        """A date that has passed is asked about once: sent again, it is what the person means."""
        due: dt.date | None = self.cleaned_data["due_on"]
        if due is None or due >= clock.today() or due == self.was_due:
            return due
        asked = self.add_prefix("past")
        if self.data.get(asked) != due.isoformat():
            self.data = {**dict(self.data.items()), asked: due.isoformat()}
            raise ValidationError(_("This date has passed. Keep it? Then save once more."))
        return due

    @property
    def planned(self) -> dict[str, Any]:
        """What a new action is made of."""
        return {name: self.cleaned_data[name] for name in ("title", "owner", "due_on", "priority")}


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("How is it going?"), max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class MoveForm(NoteForm):
    """The words that go with a step to another state."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["text"].label = _("What was done, or why")
        silently_optional(self.fields["text"])


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Say something to your colleagues"), max_length=COMMENT_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )


class AssignForm(forms.Form):
    assigned_to = ColleagueField(label=_("Who answers this one"))
    # Whom the page named when it was opened.
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, colleagues: list[User], **options: Any):
        super().__init__(*args, **options)
        cast(ColleagueField, self.fields["assigned_to"]).offer(
            colleagues, pgettext_lazy("assigned", "Nobody in particular")
        )


class EvidenceDatesForm(forms.Form):
    title = forms.CharField(
        label=_("Name"), max_length=200, required=False, help_text=_("Leave this empty to use the name of the file.")
    )
    document_date = DayField(
        label=_("Date on the document"), required=False,
        help_text=_("When it was written or agreed, not today’s date."),
    )  # fmt: skip
    expires_on = DayField(label=_("Use it until"), required=False)


class EvidenceForm(EvidenceDatesForm):
    upload = forms.FileField(label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}))
    url = forms.CharField(label=_("Or a web address"), max_length=500, required=False)
    document = forms.ChoiceField(label=_("Or something you have here already"), required=False)
    field_order = ["upload", "url", "document", "title", "document_date", "expires_on"]

    def __init__(self, *args: Any, known: list[tuple[str, str]], **options: Any):
        super().__init__(*args, **options)
        # One of the three is needed: the sentence above them says so.
        for name in ("upload", "url", "document"):
            silently_optional(self.fields[name])
        if known:
            offer(self.fields["document"], [("", ""), *known])
        else:
            del self.fields["document"]


class EvidenceChangeForm(EvidenceDatesForm):
    """Putting the name or the dates right; the hidden fields tell what the page said when it was opened."""

    seen_title = forms.CharField(required=False, widget=forms.HiddenInput())
    seen_document_date = DayField(required=False, widget=forms.HiddenInput())
    seen_expires_on = DayField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["title"].help_text = ""
        self.fields["title"].required = True
        self.fields["title"].error_messages["required"] = _("Give it a name.")

    @staticmethod
    def fields_of(item: Any) -> dict[str, Any]:
        """What the form holds of a piece of evidence, the hidden fields too."""
        stands = {name: getattr(item, name) for name in EVIDENCE_FIELDS}
        return stands | {f"seen_{name}": value for name, value in stands.items()}

    def data_over(self, item: Any) -> dict[str, Any]:
        """What was typed, over what stands now: saving it again is a decision."""
        typed = {name: self.data.get(name, "") for name in EVIDENCE_FIELDS}
        return typed | {f"seen_{name}": getattr(item, name) or "" for name in EVIDENCE_FIELDS}

    @property
    def sent(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EVIDENCE_FIELDS}

    @property
    def seen(self) -> dict[str, Any] | None:
        """What stood on the page; nothing where the hidden fields were not sent."""
        if "seen_title" not in self.data:
            return None
        return {name: self.cleaned_data[f"seen_{name}"] for name in EVIDENCE_FIELDS}


class NewerForm(forms.Form):
    """A newer version of a document."""

    upload = forms.FileField(
        label=_("The newer file"), widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": _("Choose the newer file.")},
    )  # fmt: skip
    document_date = DayField(
        label=_("Date on the newer document"), required=False,
        help_text=_("When it was written or agreed, not today’s date."),
    )  # fmt: skip
    expires_on = DayField(label=_("Use it until"), required=False)
    # Which version was the newest when the page was opened.
    seen = forms.CharField(required=False, widget=forms.HiddenInput())


class DueDatesForm(forms.Form):
    """One new date for several actions."""

    due_on = DayField(label=_("New due date"), error_messages={"required": _("Write the new due date.")})
    reason = forms.CharField(
        label=_("Why does the date change?"), max_length=REASON_LIMIT, error_messages={"required": _("Say why.")},
        help_text=_("Needed. It goes into the history of each action."),
    )  # fmt: skip


class PlanFilterForm(forms.Form):
    """What the plan is narrowed to. It only offers the choices: ``plan_selectors.Asked`` reads what was chosen."""

    words = forms.CharField(label=_("Words"), max_length=LONGEST_WORDS)
    show = forms.ChoiceField(label=_("State"), choices=SHOW)
    due = forms.ChoiceField(label=_("When due"), choices=DUE)
    owner = forms.ChoiceField(label=_("Owner"))
    priority = forms.ChoiceField(label=_("How important"), choices=[("", _("Any")), *Priority.choices])
    where = forms.ChoiceField(label=_("Area or theme"))
    source = forms.ChoiceField(label=_("Where it came from"), choices=[("", _("Anywhere")), *ActionSource.choices])

    def __init__(self, *, people: list[User], places: list[Any], **options: Any):
        super().__init__(**options)
        anybody = [("", _("Anybody")), ("me", _("Me")), ("nobody", pgettext_lazy("owner", "Nobody yet"))]
        held = [(person.public_id, person.name) for person in people]
        cast(forms.ChoiceField, self.fields["owner"]).choices = [*anybody, *held]
        anywhere = [("", _("Everywhere")), ("whole", _("The whole organisation")), *places]
        cast(forms.ChoiceField, self.fields["where"]).choices = anywhere
        for field in self.fields.values():
            field.required = False
            silently_optional(field)
