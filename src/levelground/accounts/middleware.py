"""How long somebody stays signed in: twelve hours after the last page they opened."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from levelground.foundation import clock

SEEN = "seen"
# Writing to the database for every page would cost more than the page: once in ten minutes is exact enough.
EVERY = 600


def keep_session(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Push the end of the session back while it is used, and note the activity for "where you are signed in".

    The browser keeps nothing of what somebody saw who was signed in: on a shared computer "Back" would show it to the
    next person.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        if request.session.session_key:
            now = int(clock.now().timestamp())
            if now - request.session.get(SEEN, 0) >= EVERY:
                request.session[SEEN] = now
                UserSession.objects.create_from_request(request)
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends, when nothing more happens."""
    now = int(clock.now().timestamp())
    return max(0, request.session.get(SEEN, now) + settings.SESSION_COOKIE_AGE - now)
