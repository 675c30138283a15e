"""What follows when somebody signed in or changed how they sign in: their language, a line in the audit log."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_out
from django.dispatch import Signal

from levelground.foundation.audit import services as audit

from .services import remember_language

# Which signal becomes which line of the audit log.
AUDITED: list[tuple[Signal, str]] = [
    (account.user_logged_in, "account.signed_in"),
    (user_logged_out, "account.signed_out"),
    (account.password_changed, "account.password_changed"),
    (account.password_set, "account.password_set"),
    (account.password_reset, "account.password_reset"),
    (account.email_changed, "account.email_changed"),
    (mfa.authenticator_added, "account.second_step_added"),
    (mfa.authenticator_removed, "account.second_step_removed"),
    (mfa.authenticator_reset, "account.recovery_codes_made"),
    (social.social_account_added, "account.work_account_connected"),
    (social.social_account_removed, "account.work_account_disconnected"),
]


def speak_their_language(sender: Any, **found: Any) -> None:
    if found.get("response") is not None:
        remember_language(found["response"], found["user"].language)


def _person(found: dict[str, Any]) -> Any:
    """The signals of work accounts carry the person inside the account."""
    if "user" in found:
        return found["user"]
    return found["sociallogin"].user if "sociallogin" in found else found["socialaccount"].user


def _recorder(verb: str) -> Any:
    def record(sender: Any, **found: Any) -> None:
        person = _person(found)
        if person is None:  # somebody whose session was over already signed out
            return
        kind = getattr(found.get("authenticator"), "type", None)
        audit.record(
            by=person, verb=verb, subject=f"user:{person.public_id}", after={"kind": str(kind)} if kind else None
        )

    return record


def connect() -> None:
    """Called once, when the app is ready."""
    account.user_logged_in.connect(speak_their_language, dispatch_uid="accounts.language")
    for signal, verb in AUDITED:
        signal.connect(_recorder(verb), dispatch_uid=f"accounts.{verb}", weak=False)
