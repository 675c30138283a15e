"""Django forms shown with the NHS design system's fields: ``FORM_RENDERER`` points here.

A field is rendered by ``ui/forms/field.jinja``; ``field_view`` works out everything that template needs.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class LevelgroundRenderer(TemplatesSetting):
    """Renders forms and fields through our own templates, and any other widget through Django's."""

    form_template_name = "ui/forms/form.jinja"
    field_template_name = "ui/forms/field.jinja"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == self.field_template_name:
            context = {**context, "view": field_view(context["field"])}
        return super().render(template_name, context, request)


class DateInput(forms.DateInput):
    """One native date field; its value is written as browsers want it, in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


def silently_optional(*fields: forms.Field) -> None:
    """No "(optional)" beside these fields: something else on the form, or the service, says when they are needed."""
    for field in fields:
        field.silently_optional = True  # type: ignore[attr-defined]  # ``_label`` asks for it


def offer(field: forms.Field, choices: Iterable[Any]) -> None:
    """What a choice field of one form offers; as many groups and pairs as Django's own."""
    cast(forms.ChoiceField, field).choices = list(choices)


# Browsers cut off what is longer than maxlength without a word, and their own messages speak the browser's language:
# the server checks, and says what to do in the language of the page.
_SERVER_CHECKS = {"maxlength", "minlength", "min", "max", "step", "required", "pattern"}
_NUMBER_MODES = {forms.IntegerField: "numeric", forms.DecimalField: "decimal", forms.FloatField: "decimal"}


def field_view(bound: forms.BoundField) -> dict[str, Any]:
    """What the template shows: ``macro`` names the component, ``params`` is what it takes."""
    widget = bound.field.widget
    kind = _kind(widget)
    params: dict[str, Any] = {
        "id": bound.auto_id,
        "name": bound.html_name,
        "hint": _hint(bound),
        "errorMessage": _error(bound),
        "attributes": _attributes(bound, kind),
    }
    label = _label(bound)
    if kind in {"radios", "checkboxes"}:
        params["idPrefix"] = params.pop("id")
        params["fieldset"] = {"legend": {"text": label, "classes": "lg-label"}}
        params["items"] = _choices(bound)
        # On the group the attributes of a single control would mean nothing.
        params["attributes"] = {
            name: value for name, value in params["attributes"].items() if name.startswith(("data-", "hx-"))
        }
    elif kind == "checkbox":
        params["items"] = [
            {
                "id": bound.auto_id,
                "value": "on",
                "text": str(bound.label or ""),
                "checked": bool(bound.value()),
                "disabled": bound.field.disabled,
                "hint": params.pop("hint"),
                "attributes": params.pop("attributes"),
            }
        ]
        params["idPrefix"] = params.pop("id")
    else:
        params["label"] = {"text": label, "classes": "lg-label"}
        params["disabled"] = bound.field.disabled
        if kind == "select":
            params["groups"] = _groups(bound)
        elif kind == "textarea":
            # HTML drops the first line break of a textarea: this one is there to be dropped.
            params["value"] = "\n" + _value(bound)
            params["rows"] = _rows(widget)
        elif kind == "input":
            params["value"] = _value(bound)
            params["type"] = _input_type(bound)
            params["inputmode"] = widget.attrs.get("inputmode") or _input_mode(bound)
    return {"kind": kind, "params": params, "field": bound}


# The first that fits; the order matters, because some of Django's widgets are subclasses of others.
_KINDS: tuple[tuple[Any, str], ...] = (
    ((forms.CheckboxSelectMultiple, forms.SelectMultiple), "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "other"),
    (Input, "input"),
)


def _kind(widget: forms.Widget) -> str:
    """Which component shows a widget; ``other`` is left to Django's own template."""
    return next((kind for kinds, kind in _KINDS if isinstance(widget, kinds)), "other")


def _label(bound: forms.BoundField) -> str:
    """The label, which says so when the field may be left empty."""
    label = str(bound.label or "")
    if bound.field.required or bound.field.disabled or getattr(bound.field, "silently_optional", False):
        return label
    return _("%(label)s (optional)") % {"label": label}


def _hint(bound: forms.BoundField) -> dict[str, str] | None:
    hint = str(bound.help_text or "")
    if not hint and _kind(bound.field.widget) == "file":
        hint = _(
            "Up to %(limit)d MB: a PDF, a Word, Excel, PowerPoint or OpenDocument file, "
            "a picture, a sound or plain text."
        )
        hint %= {"limit": _most_bytes(bound) // 1_000_000}
    if not hint:
        return None
    return {"html" if hasattr(hint, "__html__") else "text": hint, "id": f"{bound.auto_id}-hint"}


def _most_bytes(bound: forms.BoundField) -> int:
    """How large a file may be: what the field's widget says in ``data-most-bytes``, else what all documents may be."""
    return int(bound.field.widget.attrs.get("data-most-bytes", settings.DOCUMENT_MAX_BYTES))


# Django's own sentences do not name the field: in the summary they would not say what to do where.
_UNNAMED = {
    "invalid", "invalid_choice", "invalid_list", "invalid_date", "max_length", "min_length", "max_value", "min_value",
    "max_digits", "max_decimal_places", "max_whole_digits", "step_size", "empty", "missing", "invalid_extension",
}  # fmt: skip


# Django's stiff sentences, and what we say in their place. A field that brings its own sentence keeps it.
_CHOICE = gettext_lazy("Choose one of the answers that are offered.")
_PLAIN: list[tuple[Any, Any]] = [
    (
        validators.MaxLengthValidator.message,
        gettext_lazy("Make it shorter: it has %(show_value)d characters, and there is room for %(limit_value)d."),
    ),
    (
        forms.FileField.default_error_messages["empty"],
        gettext_lazy("This file is empty. Open it, check that it has something in it, and choose it again."),
    ),
    (validators.MinValueValidator.message, gettext_lazy("Write %(limit_value)s or more.")),
    (validators.MaxValueValidator.message, gettext_lazy("Write %(limit_value)s or less.")),
    (validators.EmailValidator.message, gettext_lazy("Write the e-mail address in full, like name@example.org.")),
    (forms.ChoiceField.default_error_messages["invalid_choice"], _CHOICE),
    (forms.ModelChoiceField.default_error_messages["invalid_choice"], _CHOICE),
    (forms.IntegerField.default_error_messages["invalid"], gettext_lazy("Write a whole number, such as 12.")),
    (
        forms.URLField.default_error_messages["invalid"],
        gettext_lazy("Write the whole web address, such as https://example.org/policy."),
    ),
    (validators.URLValidator.message, gettext_lazy("Write the whole web address, such as https://example.org/policy.")),
]


def _sentences(error: ValidationError) -> list[str]:
    """What one error says, in plain words."""
    for stock, ours in _PLAIN:
        if getattr(error, "message", None) is stock:
            return [str(ours) % (error.params or {})]
    return error.messages


def error_texts(bound: forms.BoundField, *, named: bool = False) -> list[str]:
    """The errors of a field as sentences that say what to do; ``named`` adds the label where a sentence lacks it."""
    texts = []
    for error in bound.form.errors.as_data().get(bound.name, []):
        for text in _sentences(error):
            if error.code == "required" and text == str(forms.Field.default_error_messages["required"]):
                chosen = _kind(bound.field.widget) in {"radios", "checkboxes", "select"}
                shape = _("Choose an answer for “%(label)s”") if chosen else _("Fill in “%(label)s”")
                texts.append(shape % {"label": bound.label})
            elif error.code == "invalid" and isinstance(bound.field, forms.DateField):
                texts.append(_("“%(label)s”: write a date such as 14/05/2027") % {"label": bound.label})
            elif named and error.code in _UNNAMED:
                texts.append(f"{bound.label}: {text}")
            else:
                texts.append(str(text))
    return texts


def _error(bound: forms.BoundField) -> dict[str, str] | None:
    if not bound.errors:
        return None
    return {
        "text": " ".join(error_texts(bound)),
        "visuallyHiddenText": _("Error"),
        "id": f"{bound.auto_id}-error",
    }


def _attributes(bound: forms.BoundField, kind: str) -> dict[str, Any]:
    taken = _SERVER_CHECKS | {"id", "class", "disabled", "rows", "cols", "inputmode", "aria-describedby"}
    found = {name: value for name, value in bound.field.widget.attrs.items() if name not in taken}
    if bound.errors:
        found["aria-invalid"] = "true"
    if kind == "input" and _input_type(bound) == "password":
        found.setdefault("autocomplete", "current-password")
    if kind == "file":
        most = _most_bytes(bound)
        found["data-most-bytes"] = most
        found["data-too-big"] = _(
            "This file is larger than %(limit)d MB, so it was not chosen. Make it smaller, or choose another one."
        ) % {"limit": most // 1_000_000}
    if kind == "file" and getattr(bound.field.widget, "allow_multiple_selected", False):
        found["multiple"] = True
    return {
        name: {"value": True, "optional": True} if value is True else str(value)
        for name, value in found.items()
        if value is not None and value is not False
    }


def _value(bound: forms.BoundField) -> str:
    """What stands in the field: what was typed, as it was typed, or the stored value in the widget's format."""
    widget = bound.field.widget
    if isinstance(widget, forms.PasswordInput) and not widget.render_value:
        return ""
    value = bound.value()
    if isinstance(widget, forms.DateInput) and hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%d")
    formatted = widget.format_value(value)
    return "" if formatted is None else str(formatted)


def _rows(widget: forms.Widget) -> Any:
    """Django gives every textarea ten rows, which is more than most answers need."""
    rows = widget.attrs.get("rows")
    return 4 if rows in (None, "10") else rows


def _input_type(bound: forms.BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.DateInput):
        # A date field shows nothing of what is not a date: what was typed without one must stay to be put right.
        return "date" if not _value(bound) or _is_iso_date(_value(bound)) else "text"
    # Number inputs change under a scrolling mouse wheel and hide what was mistyped: text with a number keypad instead.
    kind = getattr(widget, "input_type", None) or "text"
    return "text" if kind == "number" else kind


def _is_iso_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _input_mode(bound: forms.BoundField) -> str | None:
    if not isinstance(bound.field.widget, forms.NumberInput):
        return None
    return next((mode for kind, mode in reversed(_NUMBER_MODES.items()) if isinstance(bound.field, kind)), "numeric")


def _groups(bound: forms.BoundField) -> list[dict[str, Any]]:
    """The options of a select under their group labels; options without a group come as one with an empty label."""
    widget = bound.field.widget
    groups: list[dict[str, Any]] = []
    for name, options, _index in widget.optgroups(bound.html_name, widget.format_value(bound.value()), {}):
        label = str(name or "")
        if not groups or groups[-1]["label"] != label:
            groups.append({"label": label, "options": []})
        groups[-1]["options"] += [
            {"value": str(option["value"]), "text": str(option["label"]), "selected": option["selected"]}
            for option in options
        ]
    return groups


def _choices(bound: forms.BoundField) -> list[dict[str, Any]]:
    """The items of radios or checkboxes; ``widget.hints`` may map a value to a line of help."""
    hints = getattr(bound.field.widget, "hints", {})
    return [
        {
            "value": option["value"],
            "text": option["text"],
            "checked": option["selected"],
            "disabled": bound.field.disabled,
            "hint": {"text": str(hints[option["value"]])} if hints.get(option["value"]) else None,
        }
        for group in _groups(bound)
        for option in group["options"]
    ]
