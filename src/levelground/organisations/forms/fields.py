"""Field sets that several forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levelground.foundation.bilingual import Bilingual
from levelground.ui.forms import silently_optional


class BilingualNameForm(forms.Form):
    """A name in English, in Welsh, or in both; at least one of them."""

    name_en = forms.CharField(
        label=_("Name in English"),
        max_length=150,
        required=False,
        help_text=_("Give the name in English, in Welsh or in both."),
    )
    name_cy = forms.CharField(
        label=_("Name in Welsh"), max_length=150, required=False, widget=forms.TextInput(attrs={"lang": "cy"})
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("name_en", "name_cy"):
            silently_optional(self.fields[name])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not (found.get("name_en") or found.get("name_cy")):
            self.add_error("name_en", _("Give the name in English or in Welsh."))
        return found

    @property
    def bilingual_name(self) -> Bilingual:
        tidy = [" ".join(self.cleaned_data[field].split()) for field in ("name_en", "name_cy")]
        return Bilingual(*tidy)


class SeenVersionForm(forms.Form):
    """Carries the version that the page showed, so that a second editor is told instead of overwriting."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def short_text(label: Any, **more: Any) -> forms.CharField:
    """A few lines of free text."""
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **more)
