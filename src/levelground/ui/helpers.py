"""What every template may call: ``GLOBALS`` and ``FILTERS`` go into the Jinja environment."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from levelground.charts.progress import Part, readiness_ring, stacked_bar, whole_percent

from .forms import error_texts
from .tags import state_tag

PROGRESS_STATES = ("met", "working_towards", "gap", "not_applicable", "unanswered")
LANGUAGES = (("en-gb", "en", "English"), ("cy", "cy", "Cymraeg"))


def page_lang() -> str:
    """The value of ``<html lang>``."""
    return "cy" if _is_welsh() else "en-GB"


def other_language() -> dict[str, str]:
    """The language that the header's switch offers: its code for Django, its ``lang``, its own name."""
    code, lang, name = LANGUAGES[0] if _is_welsh() else LANGUAGES[1]
    return {"code": code, "lang": lang, "name": name}


def bi(value: Any, tag: str = "span", klass: str = "") -> Markup:
    """A bilingual value in the page's language; text in the other language carries its ``lang`` for screen readers.

    Anything that is not bilingual is escaped and shown as it is.
    """
    text = value.here() if hasattr(value, "here") else value
    if text in (None, ""):
        return Markup("")
    lang = value.lang_here() if hasattr(value, "lang_here") else ""
    foreign = lang and lang != ("cy" if _is_welsh() else "en")
    if not foreign and tag == "span" and not klass:
        return escape(text)
    attributes = (Markup(' class="{}"').format(klass) if klass else "") + (
        Markup(' lang="{}"').format(lang) if foreign else Markup("")
    )
    return Markup("<{tag}{attributes}>{text}</{tag}>").format(tag=tag, attributes=attributes, text=text)


def paragraphs(value: Any) -> Markup:
    """Plain text as paragraphs: an empty line parts them, a single line break stays a line break."""
    text = str(value or "").replace("\r\n", "\n").strip()
    blocks = (block.strip() for block in text.split("\n\n"))
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(block.split("\n"))) for block in blocks if block
    )


def render_form(form: BaseForm) -> Markup:
    """All the fields of a form (hidden ones too), each with its label, hint and error. Not the ``<form>`` itself."""
    return _made_here(form.render())


def render_field(field: BoundField) -> Markup:
    """One field of a form with its label, hint and error."""
    return _made_here(field.as_field_group())


def error_summary(*forms: Any, extra: Iterable[tuple[str, str]] = ()) -> Markup:
    """What has to be put right, each line a link to its field. Nothing when there is nothing to put right.

    ``extra`` holds (text, link) pairs for what belongs to no form field.
    """
    errors = [error for form in forms for error in form_errors(form)]
    errors += [{"text": str(text), "href": href} for text, href in extra]
    if not errors:
        return Markup("")
    return _made_here(get_template("ui/components/error_summary.jinja").render({"errors": errors}))


def form_errors(form: Any) -> list[dict[str, str]]:
    """The errors of a form or formset as text and link."""
    if not form or not getattr(form, "is_bound", False):
        return []
    if hasattr(form, "forms"):
        found = [{"text": str(text), "href": ""} for text in form.non_form_errors()]
        return found + [error for one in form.forms for error in form_errors(one)]
    found = [{"text": str(text), "href": ""} for text in form.non_field_errors()]
    for field in form:
        found += [{"text": text, "href": f"#{field.auto_id}"} for text in error_texts(field, named=True)]
    return found


def progress_bar(counts: Mapping[str, int], title: str, *, legend: bool = True) -> Markup:
    """A bar of how many indicators are met, worked towards, gaps, not applicable, unanswered; with the same as text.

    ``counts`` maps those states (``PROGRESS_STATES``) to whole numbers; a missing one counts as none.
    """
    numbers = tuple(int(counts.get(state) or 0) for state in PROGRESS_STATES)
    return _progress_bar(translation.get_language(), numbers, str(title), legend)


@lru_cache(maxsize=2048)
def _progress_bar(_language: str | None, numbers: tuple[int, ...], title: str, legend: bool) -> Markup:
    """The same counts in the same language give the same picture; a network's page asks for many."""
    labels = zip(PROGRESS_STATES, numbers, strict=True)
    parts = [Part(state, str(state_tag(state).label), count) for state, count in labels]
    sentence = "; ".join(f"{part.label}: {part.count}" for part in parts if part.count) or _("Nothing to count yet.")
    picture = _made_here(stacked_bar(parts, title=title, desc=sentence))
    if not legend:
        return picture
    shown = [part for part in parts if part.count]
    context = {"picture": picture, "parts": shown}
    return _made_here(get_template("ui/components/progress.jinja").render(context))


def ring(done: int, total: int, title: str) -> Markup:
    """A ring that fills as work gets done, with the percentage in it."""
    desc = _("%(done)d of %(total)d") % {"done": done, "total": total}
    return _made_here(readiness_ring(done, total, title=str(title), desc=desc))


def query(request: HttpRequest | None, **changes: Any) -> str:
    """The query string of this page with some parameters changed, ``None`` removing one: ``?q=abc&page=2``."""
    wanted = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            wanted.pop(name, None)
        else:
            wanted[name] = str(value)
    return f"?{wanted.urlencode()}"


def attrs(values: Mapping[str, Any] | None) -> Markup:
    """A mapping as HTML attributes: ``True`` gives the bare name, ``None`` and ``False`` nothing."""
    return Markup("").join(
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
        for name, value in (values or {}).items()
        if value is not None and value is not False
    )


def _made_here(html: str) -> Markup:
    """HTML of our own templates and charts, which have escaped what they were given."""
    return Markup(html)  # noqa: S704  # our own templates made it, and they escape


def _is_welsh() -> bool:
    return (translation.get_language() or "").startswith("cy")


GLOBALS: dict[str, Callable[..., Any]] = {
    "attrs": attrs,
    "bi": bi,
    "error_summary": error_summary,
    "form_errors": form_errors,
    "other_language": other_language,
    "page_lang": page_lang,
    "percent": whole_percent,
    "progress_bar": progress_bar,
    "query": query,
    "render_field": render_field,
    "render_form": render_form,
    "ring": ring,
    "state_tag": state_tag,
}
FILTERS: dict[str, Callable[..., Any]] = {"paragraphs": paragraphs}
