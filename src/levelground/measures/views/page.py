"""Showing a page with the words that all pages of measures need, and doing one domain call for a form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from levelground.foundation.errors import DomainError
from levelground.organisations.roles import Permission

from .. import addresses, presenters, wording
from ..doors import may
from ..models import Measure
from ..selectors import label_of

WORDS: dict[str, Any] = {
    "column_label": wording.column_label,
    "day_words": wording.day_words,
    "everybody": wording.everybody,
    "figure_label": wording.figure_label,
    "label_of": label_of,
    "list_of": addresses.list_of,
    "list_name": presenters.list_name,
    "plain_figure": wording.plain_figure,
    "reason_words": wording.reason_words,
    "shown_figure": wording.shown_figure,
}


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, f"measures/{template}.jinja", WORDS | context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def do(request: HttpRequest, said: str, act: Callable[..., Any], **given: Any) -> None:
    """One domain call without a form; what a rule says against it is shown as a message."""
    try:
        act(by=request.user, **given)
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)


def rights(request: HttpRequest, measure: Measure) -> dict[str, bool]:
    """What the person may do with a measure, for its pages. Nothing is written to an archived one."""
    live = measure.archived_at is None
    define = may(request, measure, Permission.DEFINE_MEASURES)
    return {
        "may_enter": live and may(request, measure, Permission.ENTER_MEASURES),
        "may_define": live and define,
        "may_restore": not live and define,
        "may_see_exact": measure.about_people and may(request, measure, Permission.SEE_EXACT_NUMBERS),
    }


def renew(form: forms.Form, **fields: Any) -> None:
    """What was typed stays; sent once more, it counts as a knowing choice."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a form that was sent holds a QueryDict
    for name, value in fields.items():
        data[name] = value
    form.data = data


def number_in(text: str) -> str:
    """A page number as it comes in an address."""
    return text if text.isascii() and text.isdigit() and len(text) < 8 else "1"
