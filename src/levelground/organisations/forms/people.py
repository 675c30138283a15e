"""Forms about people: inviting, dates of a role, ending it, joining."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from levelground.accounts.models import User
from levelground.organisations.models import Network, Organisation, Team
from levelground.organisations.roles import ABOUT, Role, Scope, permissions_of, scopes_of
from levelground.ui.forms import DateInput, silently_optional

from .fields import SeenVersionForm, short_text

WHOLE = "whole"


def _opens_nothing(role: Role) -> bool:
    """Such roles come last: their pages are still to come."""
    return not permissions_of(role)


def _about(role: Role) -> str:
    about = str(ABOUT[role][0])
    return gettext("%(about)s Its pages are still to come.") % {"about": about} if _opens_nothing(role) else about


class InviteForm(forms.Form):
    """``roles`` are those that the person may give; the teams of an organisation may be chosen as the place."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation goes there, and the person signs in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False, help_text=_("To greet the person by name."))
    place = forms.ChoiceField(label=_("Where"))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=_("Last day of the role"),
        required=False,
        widget=DateInput,
        help_text=_("Leave it empty for a role without an end. You can end it at any time."),
    )

    def __init__(self, *args: Any, home: Network | Organisation, roles: list[Role], teams: list[Team], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.home, self.teams = home, {team.public_id: team for team in teams}
        role: Any = self.fields["role"]
        role.choices = [(one.value, one.label) for one in sorted(roles, key=_opens_nothing)]
        role.widget.hints = {one.value: _about(one) for one in roles}
        if len(roles) == 1:
            role.initial = roles[0].value
        place: Any = self.fields["place"]
        if any(Scope.TEAM in scopes_of(one) for one in roles) and self.teams:
            whole = _("The whole organisation")
            place.choices = [(WHOLE, whole), *((team.public_id, str(team)) for team in teams)]
        else:
            del self.fields["place"]

    @property
    def scope(self) -> Network | Organisation | Team:
        return self.teams.get(self.cleaned_data.get("place", WHOLE)) or self.home

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("role") and not self.errors and self.scope.scope_kind not in scopes_of(found["role"]):
            if self.scope.scope_kind is Scope.TEAM:
                text = gettext("“%(role)s” is a role in the whole organisation. Change the role, or where it is held.")
            elif "place" in self.fields:
                text = gettext("“%(role)s” is a role in one team. Choose the team under “Where”.")
            else:
                text = gettext("“%(role)s” is a role in one team. Add a team first, on the settings page.")
            self.add_error("role", text % {"role": Role(found["role"]).label})
        return found


class RoleDatesForm(SeenVersionForm):
    from_date = forms.DateField(label=_("First day"), widget=DateInput)
    to_date = forms.DateField(
        label=_("Last day"), required=False, widget=DateInput, help_text=_("Leave it empty for a role without an end.")
    )


class EndRoleForm(SeenVersionForm):
    when = forms.ChoiceField(
        label=_("When does it end?"),
        choices=[("now", _("Now")), ("on", _("On a day"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    on = forms.DateField(
        label=_("Last day"), required=False, widget=DateInput, help_text=_("Only if it ends on a day.")
    )
    reason = short_text(
        _("Why"), required=False, help_text=_("For the history, which only those who manage people see.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        silently_optional(self.fields["on"])
        self.fields["when"].widget.hints = {"now": _("The person loses what the role opens at once.")}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("when") == "on" and not found.get("on") and "on" not in self.errors:
            self.add_error("on", _("Choose the last day, or end the role now."))
        if found.get("when") == "now":
            found["on"] = None
        return found


class JoinForm(forms.Form):
    """A newcomer's name and password. ``email`` is the invited address: the password must not resemble it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Colleagues see it beside what you answer, write and plan."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=_(
            "At least 12 letters, numbers or signs. Three random words are easy to remember and hard to guess."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("password"):
            try:
                validate_password(found["password"], User(email=self.email, name=found.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return found
