"""Messages to people: in the application first, by e-mail digest second."""

from typing import Any

from django.conf import settings
from django.db import models

from levelground.foundation.bilingual import BilingualField
from levelground.foundation.db import ScopedQuerySet, public_id


class NotificationQuerySet(ScopedQuerySet["Notification"]):
    def visible_to(self, user: Any) -> "NotificationQuerySet":
        """A person sees their own, and nobody else's."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)

    def unread_first(self) -> "NotificationQuerySet":
        is_read = models.Case(models.When(read_at__isnull=True, then=0), default=1)
        return self.order_by(is_read, "-created_at", "-pk")


class Notification(models.Model):
    """One message. ``key`` keeps a reminder from being sent twice."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, blank=True, default="")
    text = BilingualField()
    url = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "key"], condition=~models.Q(key=""), name="notification_once_per_key"
            )
        ]
        indexes = [models.Index(fields=["user", "read_at"], name="notification_unread")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
