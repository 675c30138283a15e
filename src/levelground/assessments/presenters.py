"""What the answering pages show: rows with their words, filters with their counts."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from levelground.foundation import formats
from levelground.foundation.errors import Conflict, DomainError
from levelground.frameworks.models import Standard, Theme
from levelground.frameworks.selectors import ThemeNode, tree
from levelground.organisations.roles import Permission

from . import selectors
from .doors import may
from .models import Workbook
from .row_views import row_writer
from .selectors import Row
from .states import Priority, Value


def book_url(workbook: Workbook, name: str, *args: Any) -> str:
    return reverse(name, args=[workbook.organisation.slug, workbook.framework.slug, *args])


def answer_page(
    request: HttpRequest, workbook: Workbook, node: ThemeNode | None, *,
    one: bool = False, alone: bool = False, just_saved: bool = False, in_place: bool = False,
    action_forms: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:  # fmt: skip
    """Context that every row needs, and, unless it is for ``one`` row, what surrounds the rows.

    ``alone``: the row stands on its indicator's own page, which shows the rest of it elsewhere. ``in_place``: a "not
    yet" opens its action in its row; ``action_forms`` are those that came back with an error, by code.
    """
    may_answer = may(request, workbook, Permission.ANSWER_WORKBOOK)
    base = book_url(workbook, "workbook")
    form_needs = {
        # Asked for only when a "not yet" is on the page.
        "colleagues": SimpleLazyObject(lambda: selectors.colleagues(workbook.organisation)),
        "user": request.user,
        "priorities": Priority.choices,
        "action_forms": action_forms,
    }
    write = row_writer(
        base=base, may_answer=may_answer, in_place=in_place, alone=alone, just_saved=just_saved, **form_needs
    )
    context: dict[str, Any] = {
        "workbook": workbook,
        "node": node,
        "alone": alone,
        "write_row": write,
        "sections": lambda rows: sections(rows, write, themes=node is None),
        "may_answer": may_answer,
        "may_assign": may(request, workbook, Permission.ASSIGN_INDICATORS),
        "may_import": may(request, workbook, Permission.IMPORT_WORKBOOK),
        "base": base,
    }
    if node and not one:
        themes = tree(workbook.version).themes
        context["following"] = themes[node.number] if node.number < len(themes) else None
        context["previous"] = themes[node.number - 2] if node.number > 1 else None
        context["theme_total"] = len(themes)
    return context


@dataclass(frozen=True)
class Section:
    """The rows of one standard as HTML; ``theme`` when a heading of its theme comes first."""

    theme: Theme | None
    standard: Standard
    html: Markup


def sections(rows: list[Row], write: Callable[[Row], Markup], *, themes: bool) -> list[Section]:
    """The rows by standard, in order, with each theme named once when ``themes`` is set."""
    found, last = [], None
    for _standard, group in groupby(rows, key=lambda row: row.indicator.standard_id):
        of_standard = list(group)
        first = of_standard[0]
        theme = first.node.theme
        html = Markup("\n").join(write(row) for row in of_standard)
        found.append(Section(theme if themes and theme != last else None, first.standard, html))
        last = theme
    return found


def shown_rows(
    request: HttpRequest, workbook: Workbook, everything: list[Row], problems: dict[str, Any], *,
    only: str = "", action_forms: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:  # fmt: skip
    """The rows that fit the filter of the address (a row with a problem always shows), and each filter's count."""
    show = only or request.GET.get("show", "all")
    if show not in dict(selectors.SHOW):
        show = "all"
    belongs = [row.filters(request.user) for row in everything]
    pairs = zip(everything, belongs, strict=True)
    wrong = {*problems, *action_forms}
    fitting = [row for row, filters in pairs if show in filters or row.indicator.code in wrong]
    for row in fitting if problems else []:
        row.problem = problem_of(row, problems.get(row.indicator.code))
    sums = Counter(name for filters in belongs for name in filters)
    filters = [
        {
            "name": name,
            "label": label,
            "count": sums[name],
            "url": request.path if name == "all" else f"{request.path}?show={name}",
            "current": name == show,
        }
        for name, label in selectors.SHOW
    ] if not only else []  # fmt: skip
    counts = dict.fromkeys(("met", "working_towards", "gap", "not_applicable", "unanswered"), 0)
    for row in everything:
        counts[row.tag] += 1
    return {
        "rows": fitting,
        "show": show,
        "filters": filters,
        "counts": counts,
        "total": len(everything),
        "answered": len(everything) - counts["unanswered"],
        "problem_links": [
            *((row.problem["summary"], f"#i-{row.indicator.code}") for row in fitting if row.problem),
            *_action_links(action_forms),
        ],
    }


def _action_links(action_forms: Mapping[str, Any]) -> list[tuple[str, str]]:
    """To the fields of actions that could not be planned: the names of the fields are those of ``_plan_here``."""
    places = {"title": "title", "owner": "owner", "due_on": "due", "priority": "priority"}
    return [
        (f"{code}: {text}", f"#action-{places.get(name, 'title')}-{code}")
        for code, form in action_forms.items()
        for name, texts in form.errors.items()
        for text in texts
    ]


def merged(theirs: str, yours: str) -> str:
    """Two people's words as one text, to be made one by the person."""
    return "\n\n".join(dict.fromkeys(filter(None, (theirs, yours))))


def problem_of(row: Row, problem: Any) -> dict[str, Any] | None:
    """What went wrong with one row's save: two answers to choose from, or what is missing beside its field."""
    if problem is None:
        return None
    error, sent = problem
    if isinstance(error, Conflict):
        theirs = error.theirs
        return {
            "conflict": True,
            "summary": _("%(code)s: a colleague answered this too. Choose which answer to keep.")
            % {"code": row.indicator.code},
            "yours": {**sent, "label": Value(sent["value"]).label},
            "theirs": theirs,
            # What was typed into an earlier question about this row, else both texts.
            "words": sent.get("words") or merged(theirs.reason, sent["reason"]),
            "who": theirs.changed_by.name if theirs.changed_by else "",
            "when": formats.moment(theirs.changed_at),
        }
    return {
        "conflict": False,
        "summary": f"{row.indicator.code}: {error}",
        "yours": sent,
        "errors": {name: str(text) for name, text in error.fields.items()},
        "text": str(error),
    }


def value_label(value: str) -> str:
    return str(Value(value).label) if value else pgettext("answer", "Not answered")


def take_errors(form: Any, error: DomainError, *, otherwise: str) -> None:
    """Put a domain error beside the fields it names, or beside ``otherwise``."""
    if not error.fields:
        form.add_error(otherwise if otherwise in form.fields else None, str(error))
    for name, text in error.fields.items():
        form.add_error(name if name in form.fields else None, str(text))


def back_to_row(request: HttpRequest, workbook: Workbook, code: str, part: str = "") -> HttpResponse:
    """Back to where the form was: the theme's page at that row, or the indicator's page at that part."""
    if request.POST.get("back") == "theme":
        found = tree(workbook.version).indicator(code)
        if found:
            return redirect(f"{book_url(workbook, 'workbook_theme', found[0].theme.code)}#i-{code}")
    return redirect(book_url(workbook, "workbook_indicator", code) + (f"#{part}" if part else ""))


def row_response(
    request: HttpRequest, workbook: Workbook, row: Row, *,
    problems: dict[str, Any] | None = None, status: int = 200, just_saved: bool = False,
    action_forms: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:  # fmt: skip
    """One row as a fragment, with the page's progress now, for scripts that put it in the place of the old one."""
    scope = request.POST.get("scope", "")
    page = shown_rows(request, workbook, [row], problems or {}, only="all")
    context = answer_page(
        request, workbook, row.node, one=True, alone=scope == "alone", in_place=scope != "alone",
        just_saved=just_saved, action_forms=action_forms,
    )  # fmt: skip
    context |= page | {"row": row} | progress_of(workbook, row.node, scope)
    # Without the request: a fragment has no header, so it need not ask for what stands in one.
    return HttpResponse(get_template("assessments/row.jinja").render(context), status=status)


def progress_of(workbook: Workbook, node: ThemeNode, scope: str) -> dict[str, Any]:
    """What the progress line of the page says now, from the kept counts: of the theme, or of the whole workbook."""
    kept = selectors.progress(workbook)
    if scope not in ("theme", "all"):
        return {"counts": None}
    sums = selectors.totals([kept[node.theme.pk]] if scope == "theme" else kept.values())
    return {
        "counts": sums,
        "answered": sums["answered"],
        "total": sums["total"],
        "theme": node.theme if scope == "theme" else None,
    }
