"""Forms about organisations, teams, networks and their members."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from levelground.foundation.bilingual import Bilingual
from levelground.organisations.models import Network, Organisation, Team
from levelground.organisations.selectors import MemberSearch
from levelground.organisations.states import Nation, Size
from levelground.ui.forms import DateInput, silently_optional

from .fields import BilingualNameForm, SeenVersionForm, short_text


class _Details(BilingualNameForm):
    nation = forms.ChoiceField(
        label=_("Nation"), choices=[("", _("Choose a nation")), *Nation.choices], widget=forms.Select
    )
    region = forms.CharField(
        label=_("Region"), max_length=80, required=False, help_text=_("As your network calls it, for example Powys.")
    )
    size = forms.ChoiceField(label=_("Yearly income"), choices=Size.choices, widget=forms.RadioSelect)


class OrganisationForm(SeenVersionForm, _Details):
    field_order = ["name_en", "name_cy", "nation", "region", "size", "version"]

    @staticmethod
    def initial_of(organisation: Organisation) -> dict[str, Any]:
        return {
            "name_en": organisation.name.en,
            "name_cy": organisation.name.cy,
            "nation": organisation.nation,
            "region": organisation.region,
            "size": organisation.size,
            "version": organisation.version,
        }

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {"name": self.bilingual_name, **{name: self.cleaned_data[name] for name in ("nation", "region", "size")}}


class TeamForm(BilingualNameForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    @staticmethod
    def initial_of(team: Team) -> dict[str, Any]:
        return {"name_en": team.name.en, "name_cy": team.name.cy, "version": team.version}


class NetworkForm(SeenVersionForm, BilingualNameForm):
    help_label_en = forms.CharField(label=_("Who helps, in English"), max_length=150, required=False)
    help_label_cy = forms.CharField(
        label=_("Who helps, in Welsh"), max_length=150, required=False, widget=forms.TextInput(attrs={"lang": "cy"})
    )
    help_email = forms.EmailField(label=_("E-mail address"), required=False)
    help_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    help_url = forms.URLField(
        label=_("Web page"), required=False, assume_scheme="https", max_length=200,
        help_text=_("It begins with https:// or http://"),
    )  # fmt: skip

    field_order = [
        "name_en", "name_cy", "help_label_en", "help_label_cy", "help_email", "help_phone", "help_url", "version"
    ]  # fmt: skip
    scheme_fields = ("name_en", "name_cy")
    help_fields = ("help_label_en", "help_label_cy", "help_email", "help_phone", "help_url")

    @staticmethod
    def initial_of(network: Network) -> dict[str, Any]:
        return {
            "name_en": network.name.en,
            "name_cy": network.name.cy,
            "help_label_en": network.help_label.en,
            "help_label_cy": network.help_label.cy,
            "help_email": network.help_email,
            "help_phone": network.help_phone,
            "help_url": network.help_url,
            "version": network.version,
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not any(found.get(name) for name in ("help_email", "help_phone", "help_url")):
            self.add_error("help_email", _("Give at least one way to ask for help: e-mail, telephone or a web page."))
        return found

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "name": self.bilingual_name,
            "help_label": Bilingual(data["help_label_en"], data["help_label_cy"]),
            **{name: data[name] for name in ("help_email", "help_phone", "help_url")},
        }


class NewMemberForm(_Details):
    joined_on = forms.DateField(label=_("Joined on"), widget=DateInput)
    lead_name = forms.CharField(label=_("Name of the first quality lead"), max_length=120, required=False)
    lead_email = forms.EmailField(
        label=_("E-mail address of the first quality lead"),
        required=False,
        help_text=_("We send an invitation there. You can do this later too."),
    )

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("nation", "region", "size", "joined_on", "lead_name", "lead_email")
        return {"name": self.bilingual_name, **{name: self.cleaned_data[name] for name in names}}


class ExistingMemberForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the organisation"),
        max_length=40,
        help_text=_("Twelve letters and numbers. Its quality lead finds them on the organisation's settings page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    joined_on = forms.DateField(label=_("Joins on"), widget=DateInput)

    organisation: Organisation

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split()).lower()
        found = Organisation.objects.filter(public_id=code).first()
        if found is None:
            raise ValidationError(_("No organisation has this code. Check it with the organisation."))
        self.organisation = found
        return code


class LeaveForm(forms.Form):
    left_on = forms.DateField(
        label=_("Leaves on"), widget=DateInput, help_text=_("The first day that it is no longer a member.")
    )
    reason = short_text(_("Why"))


class RejoinForm(forms.Form):
    joined_on = forms.DateField(label=_("Joins again on"), widget=DateInput)


STATES = [
    ("current", _("Members now")),
    ("no_lead", _("Without a quality lead")),
    ("left", _("Have left")),
    ("all", _("All")),
]


class MemberFilterForm(forms.Form):
    """What narrows the list of members; a value that is not on offer narrows nothing."""

    q = forms.CharField(label=_("Name or region"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("Show"), choices=STATES, required=False)
    nation = forms.ChoiceField(label=_("Nation"), choices=[("", _("All nations")), *Nation.choices], required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    size = forms.ChoiceField(label=_("Yearly income"), choices=[("", _("Any income")), *Size.choices], required=False)

    def __init__(self, *args: Any, regions: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        region.choices = [("", _("All regions")), *((region, region) for region in regions)]
        for field in self.fields.values():
            silently_optional(field)

    def search(self) -> MemberSearch:
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return MemberSearch(**{**found, "state": found["state"] or "current"})
