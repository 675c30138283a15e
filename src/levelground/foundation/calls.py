"""Doing one domain call for a form: what a rule says against it becomes words beside the field."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from .errors import DomainError, IllegalMove, Invalid

Done = TypeVar("Done")


def attempt(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """What ``act`` gives; or nothing, with the refusal beside the field, and what was typed stays."""
    try:
        return act()
    except (Invalid, IllegalMove) as error:
        put_beside_fields(form, error)
        return None


def put_beside_fields(form: forms.Form, error: DomainError) -> None:
    """Each sentence beside the field that it is about; without a field, above the form."""
    if not error.fields:
        form.add_error(None, str(error))
    for name, text in error.fields.items():
        form.add_error(name if name in form.fields else None, str(text))
