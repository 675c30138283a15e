"""allauth's forms with our labels, hints and errors (``ACCOUNT_FORMS`` and its siblings in the settings)."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from levelground.ui.forms import silently_optional

from .passwords import RULES
from .texts import WRONG_PASSKEY, Text

_EMAIL: dict[str, Text] = {"label": _("E-mail address")}
_NEW: dict[str, Text] = {"label": _("New password"), "help_text": RULES}
_AGAIN: dict[str, Text] = {"label": _("The new password once more")}
_CODE: dict[str, Text] = {
    "label": _("Code"),
    "help_text": _("The six digits that your app shows now, or one of your recovery codes."),
}
_WRONG_EMAIL = _("Write the e-mail address in full, like name@example.org.")
_TWO_PASSWORDS = _("The two passwords are not the same. Type both again.")


class OurWords(forms.Form):
    """``words`` maps a field to its label and hint. Placeholders go: they vanish as soon as somebody types."""

    words: ClassVar[dict[str, dict[str, Text]]] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            words = self.words.get(name, {})
            if "label" in words:
                field.label = words["label"]
            field.help_text = words.get("help_text", "")
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = _WRONG_EMAIL


class TwoPasswords(OurWords):
    """For forms where a new password is typed twice."""

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, _TWO_PASSWORDS if field == "password2" else error)


class LoginForm(OurWords, account.LoginForm):
    words = {
        "login": _EMAIL,
        "password": {"label": _("Password")},
        "remember": {
            "label": _("Keep me signed in on this computer"),
            "help_text": _(
                "For up to 12 hours after you last used it, even when you close the browser. "
                "Leave this empty on a shared computer."
            ),
        },
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        silently_optional(self.fields["remember"])


class NewEmailForm(OurWords, account.AddEmailForm):
    words = {
        "email": {
            "label": _("New e-mail address"),
            "help_text": _("We send a link there. The address changes when you open the link."),
        }
    }


class ChangePasswordForm(TwoPasswords, account.ChangePasswordForm):
    words = {"oldpassword": {"label": _("The password you use now")}, "password1": _NEW, "password2": _AGAIN}


class SetPasswordForm(TwoPasswords, account.SetPasswordForm):
    words = {"password1": {**_NEW, "label": _("Password")}, "password2": {"label": _("The password once more")}}


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    words = {"email": {**_EMAIL, "help_text": _("The one that you were invited with.")}}


class ResetPasswordKeyForm(TwoPasswords, account.ResetPasswordKeyForm):
    words = {"password1": _NEW, "password2": _AGAIN}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    words = {"password": {"label": _("Your password")}}


class CodeForm(OurWords, mfa.AuthenticateForm):
    words = {"code": _CODE}


class CodeAgainForm(OurWords, mfa.ReauthenticateForm):
    words = {"code": _CODE}


class ActivateAppForm(OurWords, totp.ActivateTOTPForm):
    words = {
        "code": {"label": _("Code from the app"), "help_text": _("The six digits that your app shows for Levelground.")}
    }


class PasskeyWords(OurWords):
    """A passkey is no code: say so when it does not work. ``errors_on_top``: the field is hidden."""

    errors_on_top: ClassVar[bool] = True

    def add_error(self, field: str | None, error: Any) -> None:
        if isinstance(error, ValidationError) and getattr(error, "code", "") in {
            "incorrect_code",
            "required",
            "invalid",
        }:
            error = ValidationError(WRONG_PASSKEY, code="incorrect_passkey")
        super().add_error(None if field == "credential" and self.errors_on_top else field, error)


class PasskeyForm(PasskeyWords, webauthn.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(PasskeyWords, webauthn.ReauthenticateWebAuthnForm):
    errors_on_top = False  # allauth's view turns the field's errors into messages


class PasskeyLoginForm(PasskeyWords, webauthn.LoginWebAuthnForm):
    errors_on_top = False


class AddPasskeyForm(PasskeyWords, webauthn.AddWebAuthnForm):
    words = {
        "name": {
            "label": _("A name for this passkey"),
            "help_text": _("So that you know it again, for example “my phone”."),
        },
        "passwordless": {
            "label": _("Let me sign in with this passkey alone"),
            "help_text": _("You then need no password: only your finger, your face or the PIN of the device."),
        },
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        for name in ("name", "passwordless"):
            silently_optional(self.fields[name])


class RenamePasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    words = {"name": {"label": _("A name for this passkey")}}


class DisconnectForm(OurWords, social.DisconnectForm):
    words = {"account": {"label": _("Which account?")}}
