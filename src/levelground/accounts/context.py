"""What accounts add to the context of every page."""

from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from .middleware import seconds_left


def session(request: HttpRequest) -> dict[str, Any]:
    """``session_seconds``: how long the person stays signed in from now, so that the page can warn in time."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"session_seconds": seconds_left(request)}


def one_token(request: HttpRequest) -> dict[str, Any]:
    """The hidden field of forms, made once for a page: Django would draw a new mask for each of its forms."""
    return {"csrf_input": SimpleLazyObject(lambda: csrf_input(request))}
