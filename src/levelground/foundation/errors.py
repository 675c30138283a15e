"""What can go wrong in the domain, each with a sentence that says what to do. Pages show ``str(error)`` to people."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule said no. ``message`` is a translated sentence; ``fields`` maps form fields to their own sentences."""

    def __init__(self, message: Any = "", *, fields: Mapping[str, Any] | None = None):
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return str(self.message or next(iter(self.fields.values()), ""))


class Invalid(DomainError):
    """The input does not fit; say beside the field what would."""


class NotAllowed(DomainError):
    """The person's roles do not allow this."""


class IllegalMove(DomainError):
    """The state does not allow this now; the message names what is missing."""


class Conflict(DomainError):
    """Somebody else changed it first. ``theirs`` is what stands now, ``yours`` what was sent; nothing is lost."""

    def __init__(self, message: Any = "", *, theirs: Any = None, yours: Any = None):
        super().__init__(message)
        self.theirs = theirs
        self.yours = yours


class TooLarge(DomainError):
    """A file or a text is over its limit."""


class TooMany(DomainError):
    """Too many tries in a short time."""
