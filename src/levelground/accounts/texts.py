"""What allauth has to say to people, in our words: errors beside fields and messages at the top of pages."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Text
else:
    Text = Promise | str

TRY_AGAIN_LATER: Text = _("Too many tries in a short time. Wait five minutes, then try again.")
WRONG_CODE: Text = _("That code did not work. Codes change every half minute: type the one that your app shows now.")
WRONG_PASSKEY: Text = _("That passkey did not work here. Please try again, or sign in another way.")

ERRORS: dict[str, Text] = {
    "account_inactive": _("This account is closed."),
    "cannot_remove_primary_email": _("This is the address you sign in with. Add another one first."),
    "duplicate_email": _("You already use this e-mail address here."),
    # One sentence for an unknown address and for a wrong password, so that nobody can find out who has an account.
    "email_password_mismatch": _("The e-mail address and the password do not belong together. Check both."),
    "email_taken": _("Somebody already uses this e-mail address."),
    "enter_current_password": _("That is not the password you use now. Type it again."),
    "incorrect_code": WRONG_CODE,
    "incorrect_password": _("That is not your password. Type it again."),
    "invalid_or_expired_key": _("This link no longer works. Ask for a new one."),
    "invalid_login": _("The e-mail address and the password do not belong together. Check both."),
    "invalid_password_reset": _("This link no longer works. Ask for a new one."),
    "max_email_addresses": _("You cannot have more than %d e-mail addresses."),
    "too_many_login_attempts": TRY_AGAIN_LATER,
    "unknown_email": _("We do not know this e-mail address."),
    "unverified_primary_email": _("Please confirm your e-mail address first: open the link that we sent you."),
    "select_only_one": _("Choose only one."),
    "same_as_current": _("This is the one you have now. Type a new one."),
    "rate_limited": TRY_AGAIN_LATER,
}

MFA_ERRORS: dict[str, Text] = {
    "add_email_blocked": _("Turn off two-step sign-in before you change your e-mail address."),
    "cannot_delete_authenticator": _("Two-step sign-in has to stay on."),
    "cannot_generate_recovery_codes": _("Set up an app or a passkey first. Then you can make recovery codes."),
    "incorrect_code": WRONG_CODE,
    "unverified_email": _("Please confirm your e-mail address first: open the link that we sent you."),
}

SOCIAL_ERRORS: dict[str, Text] = {
    "email_taken": _("Somebody already uses this e-mail address. Sign in there first, then connect %s."),
    "invalid_token": _("That sign-in did not work. Please try again."),
    "no_password": _("Choose a password first. Otherwise you could not sign in any more."),
    "no_verified_email": _("Confirm your e-mail address first. Otherwise you could not sign in any more."),
    "disconnect_last": _("This is your only way to sign in. Add another one first."),
    "connected_other": _("That account is already connected to somebody else here."),
}

# By the name of allauth's message template; a name that is missing says nothing.
MESSAGES: dict[str, Text] = {
    "account/messages/cannot_delete_primary_email.txt": ERRORS["cannot_remove_primary_email"],
    "account/messages/email_confirmation_failed.txt": _("%(email)s belongs to somebody else here."),
    "account/messages/email_confirmation_sent.txt": _(
        "We have sent an e-mail to %(email)s. Open the link in it to confirm the address."
    ),
    "account/messages/email_confirmed.txt": _("%(email)s is confirmed."),
    "account/messages/email_deleted.txt": _("%(email)s is removed."),
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your new password is saved."),
    "account/messages/password_set.txt": _("Your password is saved."),
    "account/messages/unverified_primary_email.txt": ERRORS["unverified_primary_email"],
    "mfa/messages/recovery_codes_generated.txt": _("You have new recovery codes. Keep them in a safe place."),
    "mfa/messages/totp_activated.txt": _("Two-step sign-in with an app is on."),
    "mfa/messages/totp_deactivated.txt": _("Two-step sign-in with an app is off."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "socialaccount/messages/account_connected.txt": _("Your work account is connected."),
    "socialaccount/messages/account_connected_updated.txt": _("Your work account is connected."),
    "socialaccount/messages/account_connected_other.txt": SOCIAL_ERRORS["connected_other"],
    "socialaccount/messages/account_disconnected.txt": _("Your work account is no longer connected."),
    "usersessions/messages/sessions_logged_out.txt": _("You are signed out everywhere else."),
}
