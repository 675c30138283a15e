"""Telling people things, and remembering what they have read."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.http import url_has_allowed_host_and_scheme

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual

from .models import Notification


def notify(*, user: Any, kind: str, text: Bilingual, url: str = "", key: str = "") -> Notification | None:
    """Tell ``user`` something, in the application now and in the next e-mail digest by number only.

    With a ``key``, the same person gets the same ``kind`` once for it, however often this is called; then ``None`` is
    returned, as it is for an account that was closed. ``url`` is a path of this site.
    """
    if url and not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        raise ValueError(f"A notification leads to a path of this site, not to {url!r}.")
    if not user.is_active or (key and Notification.objects.filter(user=user, kind=kind, key=key).exists()):
        return None
    try:
        with transaction.atomic():
            return Notification.objects.create(
                user=user, kind=kind, key=key, text=text, url=url, created_at=clock.now()
            )
    except IntegrityError:
        # Another process told the person between the look and the write.
        return None


def mark_read(*, notification: Notification) -> None:
    """The person has read it. The first time counts."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=clock.now())


def mark_all_read(*, by: Any) -> int:
    """The person has read everything; the number that was unread."""
    return Notification.objects.visible_to(by).unread().update(read_at=clock.now())


def tidy(*, keep_days: int) -> int:
    """Forget what was read long ago; how many."""
    before = clock.now() - dt.timedelta(days=keep_days)
    count, _each = Notification.objects.filter(read_at__lt=before).delete()
    return count
