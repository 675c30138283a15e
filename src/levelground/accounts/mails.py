"""The e-mails about accounts: short, without personal content, in the language of the person who gets them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levelground.foundation.formats import moment

from .texts import Text


@dataclass(frozen=True)
class Mail:
    """``text`` may name the values that allauth gives. ``alarm``: tells of a change and what to do about it."""

    subject: Text
    text: Text
    alarm: bool = False


_CONFIRM = Mail(
    gettext_lazy("Confirm your e-mail address"),
    gettext_lazy(
        "Please confirm that this is your e-mail address. Open this link:\n\n%(activate_url)s\n\n"
        "The link works for 3 days. If you did not ask for this, you need not do anything."
    ),
)

MAILS: dict[str, Mail] = {
    "account/email/email_confirmation": _CONFIRM,
    "account/email/email_confirmation_signup": _CONFIRM,
    "account/email/password_reset_key": Mail(
        gettext_lazy("Choose a new password"),
        gettext_lazy(
            "You, or somebody else, asked for a new password for your account. To choose one, open this link:\n\n"
            "%(password_reset_url)s\n\n"
            "The link works once, for 3 days. If you did not ask for it, you need not do anything: "
            "your password stays as it is."
        ),
    ),
    "account/email/unknown_account": Mail(
        gettext_lazy("There is no account for this e-mail address"),
        gettext_lazy(
            "You, or somebody else, asked for a new password with this e-mail address. There is no account for it "
            "here.\n\nIf it was you: perhaps you were invited at another address of yours. If you were never invited, "
            "ask the quality lead of your organisation or your network for an invitation.\n\n"
            "If it was not you, you need not do anything."
        ),
    ),
    "account/email/account_already_exists": Mail(
        gettext_lazy("You already have an account"),
        gettext_lazy(
            "Somebody tried to open an account with this e-mail address. You already have one. If you forgot your "
            "password, choose a new one here:\n\n%(password_reset_url)s"
        ),
    ),
    "account/email/email_changed": Mail(
        gettext_lazy("Your e-mail address was changed"),
        gettext_lazy("You now sign in with another e-mail address. This one is no longer used."),
        alarm=True,
    ),
    "account/email/email_deleted": Mail(
        gettext_lazy("An e-mail address was removed"),
        gettext_lazy("An e-mail address was removed from your account."),
        alarm=True,
    ),
    "account/email/password_changed": Mail(
        gettext_lazy("Your password was changed"), gettext_lazy("Your password was changed."), alarm=True
    ),
    "account/email/password_reset": Mail(
        gettext_lazy("You have a new password"), gettext_lazy("A new password was chosen by e-mail link."), alarm=True
    ),
    "account/email/password_set": Mail(
        gettext_lazy("You now have a password"), gettext_lazy("A password was added to your account."), alarm=True
    ),
    "mfa/email/recovery_codes_generated": Mail(
        gettext_lazy("You have new recovery codes"),
        gettext_lazy("New recovery codes were made for your account. The old ones no longer work."),
        alarm=True,
    ),
    "mfa/email/totp_activated": Mail(
        gettext_lazy("Two-step sign-in is on"),
        gettext_lazy(
            "An authenticator app was added to your account. You will be asked for its code when you sign in."
        ),
        alarm=True,
    ),
    "mfa/email/totp_deactivated": Mail(
        gettext_lazy("The authenticator app was removed"),
        gettext_lazy("You are no longer asked for the code of an app when you sign in."),
        alarm=True,
    ),
    "mfa/email/webauthn_added": Mail(
        gettext_lazy("A passkey was added"), gettext_lazy("A passkey was added to your account."), alarm=True
    ),
    "mfa/email/webauthn_removed": Mail(
        gettext_lazy("A passkey was removed"), gettext_lazy("A passkey was removed from your account."), alarm=True
    ),
    "socialaccount/email/account_connected": Mail(
        gettext_lazy("A work account was connected"),
        gettext_lazy("You can now sign in with your account of %(provider)s too."),
        alarm=True,
    ),
    "socialaccount/email/account_disconnected": Mail(
        gettext_lazy("A work account was disconnected"),
        gettext_lazy("You can no longer sign in with your account of %(provider)s."),
        alarm=True,
    ),
}


def write(name: str, values: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of the mail that allauth calls ``name``, in the active language."""
    mail = MAILS[name]
    parts = [_("Hello,"), str(mail.text) % values]
    if mail.alarm:
        parts.append(_("When: %(when)s") % {"when": moment(values["timestamp"])})
        parts.append(
            _("If this was not you, choose a new password now and tell the person who looks after Levelground for you:")
            + f"\n\n{values['reset_url']}"
        )
    parts.append(f"Levelground\n{values['home_url']}")
    return f"Levelground: {mail.subject}", "\n\n".join(parts) + "\n"
