"""Reads about notifications."""

from typing import Any

from django.db.models import Count

from levelground.foundation.prepared import Prepared

from .models import Notification

_unread = Prepared(
    lambda user: (
        Notification.objects.filter(user=user)
        .unread()
        .order_by()
        .values("user")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    )
)


def unread_count(user: Any) -> int:
    """How many the person has not read yet."""
    return int(_unread.first(user.pk) or 0) if user.is_authenticated else 0
