"""Bare views without middleware: the least that a page of 156 rows and a durable write can cost on this server.

``application`` is what granian serves in a benchmark: addresses below /yardstick/ go to these views, all others to the
site with everything that it has.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

from levelground.config.wsgi import application as site

# isort: split
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, path
from jinja2 import Environment

from benchmarks.models import Mark
from levelground.assessments.models import Answer

PREFIX = "/yardstick/"

# The same rows twice: as a plain table, and with what a row of the workbook must hold at the least: its words, three
# radios, a box for a reason.
_ENVIRONMENT = Environment(autoescape=True)
_TABLE = _ENVIRONMENT.from_string(
    """<!doctype html><html lang="en"><title>Yardstick</title><h1>{{ rows|length }} questions</h1>
<table>{% for code, text, kind, value, reason, version in rows %}
<tr id="row-{{ code }}"><th>{{ code }}</th><td>{{ text }}</td><td>{{ kind }}</td><td>{{ value }}</td>
<td>{{ reason }}</td><td>{{ version }}</td></tr>{% endfor %}
</table></html>"""
)
_FORM = _ENVIRONMENT.from_string(
    """<!doctype html><html lang="en"><title>Yardstick</title><h1>{{ rows|length }} questions</h1><form method="post">
{% for code, text, kind, value, reason, version in rows %}
<fieldset id="row-{{ code }}"><legend>{{ code }} {{ text }} <small>{{ kind }}</small></legend>
{% for choice, words in choices %}<label for="v-{{ code }}-{{ choice }}">
<input type="radio" id="v-{{ code }}-{{ choice }}"
name="value-{{ code }}" value="{{ choice }}"{% if choice == value %} checked{% endif %}>{{ words }}</label>{% endfor %}
<label for="r-{{ code }}">Reason</label><textarea id="r-{{ code }}" name="reason-{{ code }}">{{ reason }}</textarea>
<input type="hidden" name="version-{{ code }}" value="{{ version }}"></fieldset>{% endfor %}
</form></html>"""
)
_CHOICES = [("met", "Met"), ("not_yet", "Not yet"), ("not_applicable", "Does not apply")]
_COLUMNS = ("indicator__code", "indicator__text", "indicator__kind", "value", "reason", "version")


def _rows(workbook: int) -> list[tuple[Any, ...]]:
    return list(Answer.objects.filter(workbook=workbook).order_by("indicator__position").values_list(*_COLUMNS))


def table(request: HttpRequest, workbook: int) -> HttpResponse:
    """One query, a plain table of its rows."""
    return HttpResponse(_TABLE.render(rows=_rows(workbook)))


def page(request: HttpRequest, workbook: int) -> HttpResponse:
    """One query, a form of its rows."""
    return HttpResponse(_FORM.render(rows=_rows(workbook), choices=_CHOICES))


def write(request: HttpRequest) -> HttpResponse:
    """One row, on the disk before the answer goes out."""
    with transaction.atomic():
        Mark.objects.create(text=request.POST["text"])
    return HttpResponse("written")


urlpatterns = [
    path("yardstick/table/<int:workbook>/", table),
    path("yardstick/page/<int:workbook>/", page),
    path("yardstick/write/", write),
]


class Bare(WSGIHandler):
    """Django with no middleware and only the addresses above."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware = self._template_response_middleware = self._exception_middleware = []
        self._middleware_chain = convert_exception_to_response(self._get_response)

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        request.urlconf = __name__
        return super().resolve_request(request)


bare = Bare()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"].startswith(PREFIX):
        return bare(environ, start_response)
    return site(environ, start_response)
