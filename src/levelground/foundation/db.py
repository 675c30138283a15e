"""What every table shares: public numbers, versions for two editors, scope."""

import secrets
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext

from .errors import Conflict

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def public_id() -> str:
    """A random number for addresses: 12 letters and digits without look-alikes (about 59 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Base of every queryset that pages read. ``visible_to`` is the only way from a view to rows."""

    def visible_to(self, user: Any) -> "ScopedQuerySet[M]":
        raise TypeError(f"{self.model.__name__} must say who sees what in visible_to().")


class Versioned(models.Model):
    """Optimistic concurrency: ``version`` grows by one with each write; a write from an older version is a conflict."""

    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def require_version(self, seen: int | None, *, yours: Any = None) -> None:
        """Raise ``Conflict`` with both sides when the row has moved on since ``seen``."""
        if seen is not None and seen != self.version:
            raise Conflict(gettext("Somebody else changed this while you were working."), theirs=self, yours=yours)
