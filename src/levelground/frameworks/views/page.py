"""Rendering with what every page of frameworks needs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from levelground.foundation.errors import DomainError

from ..presenters import kind_tags, status_tag


def show(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    words = {"status_tag": status_tag, "kind_tags": kind_tags}
    return render(request, f"frameworks/{name}.jinja", words | context, status=status)


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: the sent fields, even when there are none; nothing when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def show_errors(form: Any, error: DomainError) -> None:
    """A rule's sentence beside its field, or above the form."""
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, str(sentence))
    if not error.fields:
        form.add_error(None, str(error))
