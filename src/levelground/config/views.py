"""Pages that belong to the site as a whole."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from . import health
from . import metrics as prometheus


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    wanted = request.POST.get("language", "")
    onward = request.POST.get("next", "/")
    if not onward.startswith("/") or not url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        onward = "/"
    response = HttpResponseRedirect(onward)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 24 * 3600, samesite="Lax", httponly=True,
            secure=request.is_secure(),
        )  # fmt: skip
    return response


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "config/help.jinja", {"max_size": settings.DOCUMENT_MAX_BYTES})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "config/accessibility.jinja")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "config/privacy.jinja", {"keep_days": settings.NOTIFICATIONS_KEEP_DAYS})


def _plain(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return _plain("ok")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can do its work: its database answers and has this version's tables."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = health.missing_migrations()
    except DatabaseError:
        return _plain("the database cannot be reached", 503)
    return _plain("the database needs: levelground migrate", 503) if missing else _plain("ok")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for those who know the token. Without a token in the settings there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(prometheus.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
