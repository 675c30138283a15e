"""How allauth behaves here: people join by invitation, read our words, and get e-mail in their own language."""

from io import BytesIO
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import texts
from .mails import write
from .models import User
from .selectors import language_of_address


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {**DefaultAccountAdapter.error_messages, **texts.ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves; an invitation makes the account."""
        return False

    def add_message(  # noqa: PLR0917 - as allauth calls it
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our sentence in place of allauth's template; what has no sentence is not said."""
        text = message or texts.MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text) % (message_context or {}), extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        language = user.language if isinstance(user, User) else language_of_address(email)
        values = {
            "home_url": self.request.build_absolute_uri("/"),
            "reset_url": self.request.build_absolute_uri(reverse("account_reset_password")),
            **context,
        }
        with translation.override(language or translation.get_language()):
            subject, text = write(template_prefix, values)
        EmailMessage(subject, text, self.get_from_email(), [email]).send()

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """As allauth's, and the person comes along, because their old address no longer leads to their language."""
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [{**method, "description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, **texts.MFA_ERRORS}

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, on its own white ground: a camera cannot read it on a dark page."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        stream = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(stream)
        return stream.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """The name that is offered for a new passkey."""
        from allauth.mfa.models import Authenticator

        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}


def _yes(value: Any) -> bool:
    """Some services send the word "false", which Python takes for true."""
    return value is True or str(value).strip().lower() == "true"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {**DefaultSocialAccountAdapter.error_messages, **texts.SOCIAL_ERRORS}

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        """The invited person whose confirmed address the sign-in service has confirmed too; nobody else."""
        for address in sociallogin.email_addresses:
            if not _yes(address.verified) or not self.can_authenticate_by_email(sociallogin, address.email):
                continue
            known = EmailAddress.objects.filter(email=address.email.lower(), verified=True).select_related("user")
            if (found := known.first()) is not None:
                return found.user, found.email
        return None
