"""What people may type about help. Forms check; services save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from levelground.accounts.models import User
from levelground.frameworks.models import Theme
from levelground.organisations.models import Network
from levelground.ui.forms import DateInput, offer, silently_optional

from .models import SupportCase
from .services import LIMIT
from .states import CaseSource, CaseStatus, Helped, Side, moves_of


class _AboutForm(forms.Form):
    """What it is about, in words and perhaps by a part of the mark. The hidden fields come from the page before."""

    about = forms.CharField(
        label=_("What would help you?"), max_length=LIMIT, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say in a few words what you need help with.")},
    )  # fmt: skip
    theme = forms.ChoiceField(label=_("Which part is it about?"), required=False)
    framework = forms.SlugField(required=False, max_length=60, widget=forms.HiddenInput)
    year = forms.IntegerField(required=False, min_value=2000, max_value=2200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, themes: dict[str, Theme], **options: Any):
        super().__init__(*args, **options)
        self._themes = themes
        named = [(name, f"{theme.code} {theme.name.here()}") for name, theme in themes.items()]
        offer(self.fields["theme"], [("", _("Nothing in particular")), *named])
        silently_optional(self.fields["theme"])
        if not themes:
            del self.fields["theme"]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {
            "about": data["about"],
            "theme": self._themes.get(data.get("theme", "")),
            "framework": data["framework"],
            "year": data["year"],
        }


class AskForm(_AboutForm):
    network = forms.ChoiceField(label=_("Which network do you ask?"))
    field_order = ["about", "theme", "network"]

    def __init__(self, *args: Any, networks: list[Network], **options: Any):
        super().__init__(*args, **options)
        self._networks = {network.slug: network for network in networks}
        if len(networks) > 1:
            choices = [(network.slug, network.name.here()) for network in networks]
            offer(self.fields["network"], choices)
        else:
            del self.fields["network"]

    def values(self) -> dict[str, Any]:
        only = next(iter(self._networks))
        return super().values() | {"network": self._networks[self.cleaned_data.get("network", only)]}


class OfferForm(_AboutForm):
    source = forms.ChoiceField(
        label=_("Why do you offer help?"), widget=forms.RadioSelect,
        choices=[
            (CaseSource.OVERDUE.value, pgettext_lazy("help", "Something of theirs is late")),
            (CaseSource.NOTICED.value, pgettext_lazy("help", "We noticed something else")),
        ],
    )  # fmt: skip
    field_order = ["about", "source", "theme"]

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["about"].label = _("What would you like to say to them?")
        self.fields["about"].help_text = _("The member reads this. Offer something, and blame nobody.")
        self.fields["about"].error_messages["required"] = _("Write what you would like to say to the member.")

    def values(self) -> dict[str, Any]:
        return super().values() | {"source": self.cleaned_data["source"]}


class SayForm(forms.Form):
    text = forms.CharField(
        label=_("Write to your network"), max_length=LIMIT, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your message first.")},
    )  # fmt: skip


class CloseForm(forms.Form):
    helped = forms.ChoiceField(
        label=_("Did it help?"), choices=Helped.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it helped.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Anything you want to add"), max_length=LIMIT, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


_STEPS = {
    CaseStatus.TRIAGED: pgettext_lazy("help", "We have looked at it"),
    CaseStatus.AGREED: pgettext_lazy("help", "We have agreed with them what will help"),
    CaseStatus.IN_PROGRESS: pgettext_lazy("help", "Help has begun"),
    CaseStatus.CLOSED: pgettext_lazy("help", "It is over"),
}


class HandleForm(forms.Form):
    """What an officer does next."""

    text = forms.CharField(
        label=_("Your words"), max_length=LIMIT, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    seen_by = forms.ChoiceField(
        label=_("Who reads them?"), widget=forms.RadioSelect, initial="member",
        choices=[("member", _("The member and our officers")), ("officers", _("Our officers only"))],
    )  # fmt: skip
    to = forms.ChoiceField(label=_("Where does it stand?"), widget=forms.RadioSelect, required=False)
    helped = forms.ChoiceField(
        label=_("If it is over: did it help?"), required=False, choices=[("", "–"), *Helped.choices]
    )
    assigned_to = forms.ChoiceField(label=_("Who looks after it?"), required=False)
    contact_on = forms.DateField(
        label=_("Have you spoken with them? On which day?"), required=False, widget=DateInput,
        help_text=_("By telephone, on a visit. Words that the member can read count by themselves."),
    )  # fmt: skip
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: SupportCase, officers: list[User], **options: Any):
        super().__init__(*args, **options)
        for field in self.fields.values():
            silently_optional(field)
        steps = [(move.to, _STEPS[CaseStatus(move.to)]) for move in moves_of(case.status, Side.NETWORK)]
        stays = _("It stays as it is: %(now)s") % {"now": case.get_status_display()}
        offer(self.fields["to"], [("", stays), *steps])
        if not any(to == CaseStatus.CLOSED for to, _words in steps):
            del self.fields["helped"]
        if case.first_contact_at is not None:
            del self.fields["contact_on"]
        # Who has it stays on offer, also without the role: to leave it as it is must not be a change.
        keeper = case.assigned_to
        people = officers if keeper is None or keeper in officers else [*officers, keeper]
        self._people = {person.public_id: person for person in people}
        named = [(number, person.name) for number, person in self._people.items()]
        offer(self.fields["assigned_to"], [("", pgettext_lazy("help", "Nobody yet")), *named])

    @staticmethod
    def initial_of(case: SupportCase) -> dict[str, Any]:
        holder = case.assigned_to.public_id if case.assigned_to else ""
        return {"assigned_to": holder, "version": case.version, "to": "", "seen_by": "member"}

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "text": data["text"],
            "for_officers": data["seen_by"] == "officers",
            "to": data["to"],
            "helped": data.get("helped", "") if data["to"] == CaseStatus.CLOSED else "",
            "assigned_to": self._people.get(data["assigned_to"]),
            "contact_on": data.get("contact_on"),
            "seen_version": data["version"],
        }


class CaseFilterForm(forms.Form):
    """What narrows the list; a value that is not on offer narrows nothing."""

    q = forms.CharField(label=_("Name of the member"), max_length=100, required=False)
    show = forms.ChoiceField(
        label=_("Show"), required=False,
        choices=[
            ("open", pgettext_lazy("help", "Open")),
            ("waiting", pgettext_lazy("help", "Waiting for a first contact")),
            ("theirs", pgettext_lazy("help", "Open, and they wrote last")),
            ("mine", pgettext_lazy("help", "Open and mine")),
            ("nobody", pgettext_lazy("help", "Open and nobody’s")),
            ("closed", pgettext_lazy("help", "Closed")),
            ("all", pgettext_lazy("help", "All")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any):
        super().__init__(data)
        for field in self.fields.values():
            silently_optional(field)
