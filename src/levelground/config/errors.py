"""The error pages, and which status each domain error has."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from levelground.foundation.errors import Conflict, DomainError, NotAllowed, TooLarge, TooMany

_STATUS: list[tuple[type[DomainError], int]] = [(NotAllowed, 403), (Conflict, 409), (TooLarge, 413), (TooMany, 429)]


def error_page(request: HttpRequest, status: int, *, message: str = "") -> HttpResponse:
    return render(request, f"ui/errors/{status}.jinja", {"message": message, "status": status}, status=status)


def domain_error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    return error_page(request, status, message=str(error))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return error_page(request, 413)
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the context processors: they read the database, which may be what is broken."""
    return HttpResponse(get_template("ui/errors/500.jinja").render(), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "This page was open for a long time, or cookies are off. Go back, load the page again and send it once more."
    )
    return error_page(request, 403, message=message)
