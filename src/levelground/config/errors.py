"""The error pages, and which status each domain error has."""

from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import is_valid_path
from django.utils.http import url_has_allowed_host_and_scheme

from levelground.foundation.errors import Conflict, DomainError, NotAllowed, TooLarge, TooMany

_STATUS: list[tuple[type[DomainError], int]] = [(NotAllowed, 403), (Conflict, 409), (TooLarge, 413), (TooMany, 429)]


def error_page(request: HttpRequest, status: int, *, message: str = "", page: str = "") -> HttpResponse:
    context = {"message": message, "status": status, "back": came_from(request)}
    return render(request, f"ui/errors/{page or status}.jinja", context, status=status)


def came_from(request: HttpRequest) -> str:
    """The address on this site whose form was sent, or an empty text."""
    referrer = request.headers.get("Referer", "")
    if request.method != "POST" or not url_has_allowed_host_and_scheme(referrer, {request.get_host()}):
        return ""
    return urlsplit(referrer)._replace(scheme="", netloc="", fragment="").geturl()


def page_above(path: str) -> str:
    """The nearest address above ``path`` that the site knows: the page that a form's own address belongs to."""
    parts = path.strip("/").split("/")
    above = ("/" + "".join(f"{part}/" for part in parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return next((one for one in above if is_valid_path(one)), "/")


def not_taken(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """An address that does not take this method. Whoever opens the address of a form gets the page it is on.

    People stand on such an address after a form came back with errors: they press Enter in the address bar, or choose
    the other language. Only a browser asks for a page to read; programs get the plain 405.
    """
    reads = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
    if reads and "POST" in refused.headers.get("Allow", ""):
        return HttpResponseRedirect(page_above(request.path))
    page = error_page(request, 405)
    page["Allow"] = refused.headers.get("Allow", "")
    return page


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
    return error_page(request, 403, page="stale")
