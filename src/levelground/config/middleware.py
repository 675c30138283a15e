"""Request id and access log, size limit, language, and the way from a domain error to a page."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from levelground.foundation.errors import DomainError

from .errors import bad_request, domain_error_page, error_page, not_taken
from .logs import safe_path
from .metrics import REQUESTS

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("levelground.access")
# Asked every few seconds by machines: counted, but not written down.
_CHUNK = 1 << 16
_QUIET = {"healthz", "readyz", "metrics", "static"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def request_context(get_response: Handler) -> Handler:
    """An id for each request, in every log line and in the answer; one access line; one count."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]  # the log and error pages read it
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id, path=safe_path(request.path))
        response = get_response(request)
        response["X-Request-ID"] = request_id
        _note(request, response, time.perf_counter() - started)
        return response

    return middleware


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    route = (match.view_name or "unnamed") if match else "static" if request.path.startswith("/static/") else "none"
    method = request.method if request.method in _METHODS else "OTHER"
    REQUESTS.seen(route, str(method), response.status_code, seconds)
    if route not in _QUIET:
        # Only a person whom the page itself has looked up: the log line asks the database nothing.
        person = request.__dict__.get("_cached_user")
        log.info(
            "request",
            method=method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            user=getattr(person, "public_id", ""),
        )


def request_size(get_response: Handler) -> Handler:
    """Refuses, before anything of it is kept, what is larger than the largest file and its form can be."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
            _drain(request)
            return error_page(request, 413)
        return get_response(request)

    return middleware


def _drain(request: HttpRequest) -> None:
    """Let what was sent run off: a browser shows our page only when it could send all. Far too much is cut off."""
    left = 10 * settings.REQUEST_MAX_BYTES
    while left > 0 and (chunk := request.read(_CHUNK)):
        left -= len(chunk)


def language(get_response: Handler) -> Handler:
    """English or Welsh: from the cookie of the header's switch (sign-in sets it from the person's preference)."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in known:
            wanted = request.headers.get("Accept-Language", "").strip().lower()
            chosen = "cy" if wanted.startswith("cy") else settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
            # A lazily rendered page must be rendered in this language too.
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
        response.headers.setdefault("Content-Language", "cy" if chosen == "cy" else "en")
        return response

    return middleware


def _has_nul(request: HttpRequest) -> bool:
    """Whether the address or the form holds the character NUL. Nobody types it, and PostgreSQL refuses it in text."""
    sent = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    return "\x00" in request.path or any(
        "\x00" in text for data in sent for name, values in data.lists() for text in (name, *values)
    )


class domain_errors:
    """A rule that said no becomes a page that says why; so does a method that an address does not take."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_nul(request):
            return bad_request(request)
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            return not_taken(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return domain_error_page(request, exception)
        return None
