"""Reads about people and how they sign in."""

import math
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest

from levelground.foundation import clock

from .models import User


def language_of_address(email: str) -> str:
    """The language that the owner of an e-mail address prefers; empty when nobody here has it."""
    rows = (
        EmailAddress.objects.filter(email__iexact=email).order_by("-verified").values_list("user__language", flat=True)
    )
    return rows.first() or User.objects.filter(email=email.lower()).values_list("language", flat=True).first() or ""


def locked_for_seconds(request: HttpRequest, email: str) -> int:
    """How long sign-in with this address (or from this place) is still refused after too many failed tries."""
    now, longest = clock.now().timestamp(), 0.0
    key = get_adapter()._get_login_attempts_cache_key(request, email=email)
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        name = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
        tries = [moment for moment in cache.get(name, []) if moment > now - rate.duration]
        if len(tries) >= rate.amount:
            longest = max(longest, tries[rate.amount - 1] + rate.duration - now)
    return math.ceil(longest)


@dataclass(frozen=True)
class SignInWays:
    """How a person signs in, for the account page."""

    has_password: bool
    app: bool
    passkeys: int
    recovery_codes: int
    sessions: int
    work_accounts: int


def sign_in_ways(user: User) -> SignInWays:
    kinds: dict[str, list[Authenticator]] = {}
    for found in Authenticator.objects.filter(user=user):
        kinds.setdefault(found.type, []).append(found)
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES, [])
    return SignInWays(
        has_password=user.has_usable_password(),
        app=Authenticator.Type.TOTP in kinds,
        passkeys=len(kinds.get(Authenticator.Type.WEBAUTHN, [])),
        recovery_codes=len(codes[0].wrap().get_unused_codes()) if codes else 0,
        sessions=len(UserSession.objects.purge_and_list(user)),
        work_accounts=SocialAccount.objects.filter(user=user).count(),
    )
