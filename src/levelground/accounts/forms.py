"""What people set about themselves. The forms check and never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Digest, Language, User
from .services import mark_of

ACCESS_NEEDS_LONGEST = 2000


class SeenForm(forms.Form):
    """Carries ``seen``, a mark of what stood here when the page was shown: no tab undoes another one unnoticed."""

    keeps: tuple[str, ...] = ()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: User):
        stored = {name: getattr(user, name) for name in self.keeps}
        super().__init__(data, initial={**stored, "seen": mark_of(user, *self.keeps)})

    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the person's fields."""
        return {name: self.cleaned_data[name] for name in self.keeps}


class DetailsForm(SeenForm):
    keeps = ("name", "language", "digest")

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Colleagues see it beside what you answer, write and plan."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("For the pages when you sign in, and for our e-mails to you."),
        widget=forms.RadioSelect,
    )
    digest = forms.ChoiceField(
        label=_("E-mails about what is new and what is due"),
        choices=Digest.choices,
        help_text=_("You find the same under Notifications at any time. E-mails about your password always come."),
        widget=forms.RadioSelect,
    )


class AccessNeedsForm(SeenForm):
    keeps = ("access_needs", "access_needs_shared")

    access_needs = forms.CharField(
        label=_("What helps you to take part?"),
        required=False,
        max_length=ACCESS_NEEDS_LONGEST,
        help_text=_(
            "For example: step-free rooms, a sign language interpreter, papers in large print three days before, "
            "short breaks, no phone calls. Write only what you want others to plan for; no diagnosis is needed."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    access_needs_shared = forms.BooleanField(
        label=_("Share this with people who plan meetings with me"), required=False
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("access_needs_shared") and not found.get("access_needs"):
            self.add_error("access_needs", _("Write what helps you, or take the tick away: there is nothing to share."))
        return found
