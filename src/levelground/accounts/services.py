"""Writes about people: each checks that nobody changed the same thing meanwhile, and leaves a row in the audit log.

What people write about themselves stays out of that log: it can never be deleted.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import Conflict, NotAllowed

from .models import User

_PRIVATE = {"name", "access_needs"}


def mark_of(user: User, *fields: str) -> str:
    """A short mark of what these fields hold now; it changes when one of them does."""
    return hashlib.sha256(audit.canonical([getattr(user, name) for name in fields]).encode()).hexdigest()[:16]


@transaction.atomic
def save_details(*, user: User, name: str, language: str, digest: str, seen: str, by: User) -> User:
    """Change name, language and how often e-mails come."""
    return _save(
        user, {"name": name, "language": language, "digest": digest}, seen=seen, by=by, verb="account.details_changed"
    )


@transaction.atomic
def save_access_needs(*, user: User, access_needs: str, access_needs_shared: bool, seen: str, by: User) -> User:
    """Keep what helps the person to take part, whether it is shared, and that it was looked at today."""
    return _save(
        user,
        {"access_needs": access_needs, "access_needs_shared": access_needs_shared},
        seen=seen,
        by=by,
        verb="account.access_needs_changed",
        also={"access_needs_reviewed_on": clock.today()},
    )


def _save(
    user: User, values: dict[str, Any], *, seen: str, by: User, verb: str, also: dict[str, Any] | None = None
) -> User:
    if user.pk != by.pk:
        raise NotAllowed(_("Only the person themselves can change this."))
    row = User.objects.select_for_update().get(pk=user.pk)
    if seen != mark_of(row, *values):
        raise Conflict(
            _("This was changed in another tab or on another device while you had the page open."),
            theirs=row,
            yours=values,
        )
    before = {name: getattr(row, name) for name in values}
    for name, value in {**values, **(also or {})}.items():
        setattr(row, name, value)
    row.save(update_fields=[*values, *(also or {})])
    changed = [name for name in values if before[name] != values[name]]
    if changed:
        audit.record(
            by=by,
            verb=verb,
            subject=f"user:{row.public_id}",
            before={name: before[name] for name in changed if name not in _PRIVATE},
            after={name: values[name] if name not in _PRIVATE else "changed" for name in changed},
        )
    return row


def remember_language(response: HttpResponse, language: str) -> None:
    """Let the pages speak the person's language from the next one on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
