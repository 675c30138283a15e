"""What people may type on the pages of the year. Forms check; services save."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from levelground.ui.forms import DateInput, silently_optional

from .services.documents import PERIOD_LIMIT
from .services.moving import WORDS_LIMIT


class DocumentForm(forms.Form):
    """A file or a document that is here already, with the date that stands on it."""

    upload = forms.FileField(label=_("File"), required=False)
    known = forms.ChoiceField(
        label=_("Or a document that you have here already"), required=False,
        help_text=_("Leave the date empty to keep the one that it has."),
    )  # fmt: skip
    document_date = forms.DateField(
        label=_("Date on the document"), required=False, widget=DateInput,
        help_text=_("When it was written or agreed, not today’s date."),
    )  # fmt: skip
    period = forms.CharField(
        label=_("What it covers"),
        required=False,
        max_length=PERIOD_LIMIT,
        help_text=_("Such as 2026 to 2029, or June."),
    )

    def __init__(self, *args: Any, known: list[tuple[str, str]], **options: Any):
        super().__init__(*args, **options)
        # A date is asked for always; the service says so, in words that fit.
        silently_optional(self.fields["document_date"])
        silently_optional(self.fields["upload"])
        if known:
            silently_optional(self.fields["known"])
            cast(forms.ChoiceField, self.fields["known"]).choices = [("", ""), *known]
        else:
            del self.fields["known"]


class DocumentDateForm(forms.Form):
    document_date = forms.DateField(
        label=_("Date on the document"), widget=DateInput,
        help_text=_("When it was written or agreed, not today’s date."),
        error_messages={"required": _("Give the date that stands on the document.")},
    )  # fmt: skip
    period = forms.CharField(label=_("What it covers"), required=False, max_length=PERIOD_LIMIT)


class AskForm(forms.Form):
    note = forms.CharField(
        label=_("A note to go with it"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SignForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("I agree with this declaration"), required=False,
        widget=forms.CheckboxInput,
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        silently_optional(self.fields["agreed"])


class NotYetForm(forms.Form):
    words = forms.CharField(
        label=_("What would you like to be changed first?"), max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what you would like to be changed first.")},
    )  # fmt: skip
