"""The action plan as a table and as a board, one new date for several actions, and one person's actions everywhere."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.errors import Conflict, DomainError, IllegalMove, Invalid
from levelground.organisations.doors import open_organisation
from levelground.organisations.roles import Permission

from . import plan_selectors, services
from .doors import may, open_workbook
from .forms import DueDatesForm, MoveForm, PlanFilterForm
from .models import Action, Workbook
from .plan_files import LANGUAGES
from .plan_rows import grouped, plan_rows
from .plan_selectors import GROUPS, PER_PAGE, PRESETS, VIEWS, Asked
from .plan_words import asked_words, places
from .presenters import book_url, take_errors
from .services.due_dates import RowsRefused
from .states import ACTION_MOVES, LIVE
from .views_actions import open_action

MOST_AT_ONCE = 200


@login_required
@require_safe
def plan(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """The organisation's improvement action plan (MQM-12, MQM-13, MQM-19)."""
    return _plan(request, open_workbook(request, organisation, framework))


def _plan(request: HttpRequest, book: Workbook, *, status: int = 200, **more: Any) -> HttpResponse:
    asked = Asked.of(request.GET)
    people = plan_selectors.owners(book)
    everything = Action.objects.all().visible_to(request.user).filter(workbook=book)
    counts = plan_selectors.preset_counts(everything, request.user)
    url = book_url(book, "action_plan")
    context = {
        "workbook": book,
        "asked": asked,
        "plan_url": url,
        "base": book_url(book, "workbook"),
        "tabs_of_plan": _presets(asked, url, counts),
        "views": [(words, url + asked.turned(name).query(), name == asked.view) for name, words in VIEWS],
        "groups": [(words, url + asked.query(group=name), name == asked.group) for name, words in GROUPS],
        "filter_form": PlanFilterForm(people=people, places=places(book), initial=asked.filters),
        "said": [] if asked.preset else asked_words(book, asked, people, request.user),
        "counts": counts,
        "languages": [(code, django, words) for code, (django, words) in LANGUAGES.items()],
        "may_answer": may(request, book, Permission.ANSWER_WORKBOOK),
        "moves": ACTION_MOVES,
    }
    if asked.view == "board":
        context["columns"] = [
            (column, plan_rows(column.actions, book)) for column in plan_selectors.board(book, asked, request.user)
        ]
    else:
        page = plan_selectors.plan_page(book, asked, request.user, request.GET.get("page"))
        context |= {"page": page, "sections": list(grouped(plan_rows(page, book), asked.group))}
    return render(request, "assessments/plan.jinja", context | more, status=status)


def _presets(asked: Asked, url: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "text": words,
            "href": url + Asked(view=asked.view, group=asked.group, **wanted).query(),
            "current": asked.preset == name,
            "count": counts[name],
        }
        for name, words, wanted in PRESETS
    ]


@login_required
@require_POST
def move(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    """Take an action to another status from its card on the board, and come back to the board."""
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    found = open_action(request, book, number)
    form, to = MoveForm(request.POST, prefix="note"), request.POST.get("to", "")
    problem: dict[str, Any] = {"status": 422}
    if form.is_valid():
        text, seen = form.cleaned_data["text"], form.cleaned_data["version"]
        try:
            done = services.move_action(action=found, to=to, text=text, by=request.user, seen_version=seen)
            words = _("“%(title)s” is now: %(state)s.")
            messages.success(request, words % {"title": done.title, "state": done.get_status_display()})
            return redirect(f"{book_url(book, 'action_plan')}{Asked.of(request.GET).query()}#a-{number}")
        except Conflict as conflict:
            found, problem = conflict.theirs, {"status": 409, "conflict": conflict}
        except (Invalid, IllegalMove) as error:
            found = open_action(request, book, number)
            take_errors(form, error, otherwise="text")
    # What stands now has been seen: another press of a button is a decision.
    form.data = {**request.POST.dict(), "note-version": found.version}
    moving = {"action": found, "form": form, "moves": ACTION_MOVES[found.status]}
    return _plan(request, book, moving=moving, forms=[form], **problem)


@login_required
def dates(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Tick several actions of the plan and give them one new due date."""
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    asked, form = Asked.of(request.GET), DueDatesForm(request.POST if request.method == "POST" else None)
    back = book_url(book, "action_plan") + asked.query()
    if request.method != "POST":
        return _dates(request, book, asked, form, back=back)
    chosen = {number: request.POST.get(f"seen-{number}", "") for number in request.POST.getlist("pick")[:MOST_AT_ONCE]}
    refused: dict[str, Any] = {}
    if _visible(request, book, chosen).count() != len(chosen):
        raise Http404
    if form.is_valid():
        try:
            seen = {number: _version(text) for number, text in chosen.items()}
            changed = services.change_due_dates(workbook=book, chosen=seen, by=request.user, **form.cleaned_data)
            words = ngettext("%(n)d action has a new due date.", "%(n)d actions have a new due date.", changed)
            messages.success(request, words % {"n": changed})
            return redirect(back)
        except RowsRefused as refusal:
            refused = {row.action.public_id: row for row in refusal.rows}
            form.add_error(None, str(refusal))
        except DomainError as error:
            take_errors(form, error, otherwise="")
    elif not chosen:
        form.add_error(None, _("Tick the actions whose date you want to change."))
    status = 409 if refused else 422
    return _dates(request, book, asked, form, back=back, chosen=chosen, refused=refused, status=status)


def _visible(request: HttpRequest, book: Workbook, numbers: Any) -> Any:
    return Action.objects.all().visible_to(request.user).filter(workbook=book, public_id__in=numbers)


def _version(text: str) -> int:
    """The version that was seen; one that no action has where none was sent."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _dates(
    request: HttpRequest, book: Workbook, asked: Asked, form: DueDatesForm, *, back: str, status: int = 200,
    chosen: Any = (), refused: Any = None,
) -> HttpResponse:  # fmt: skip
    """The page with the actions to tick: what the plan shows of what is to do, or those that were refused
    with the others that were ticked."""
    if refused:
        found = plan_selectors.actions(_visible(request, book, chosen), Asked(show="all"), request.user)
    else:
        found = plan_selectors.plan(book, asked, request.user).filter(status__in=LIVE)
    page = Paginator(found, MOST_AT_ONCE if refused else PER_PAGE).get_page(request.GET.get("page"))
    refused = refused or {}
    everything = request.GET.get("tick") == "all" and not chosen
    context = {
        "workbook": book,
        "form": form,
        "page": page,
        "rows": plan_rows(page, book),
        "refused": refused,
        # A refused action is ticked again by hand: that makes it a decision.
        "ticked": ({action.public_id for action in page} if everything else set(chosen)) - set(refused),
        "back": back,
        "base": book_url(book, "workbook"),
    }
    return render(request, "assessments/plan_dates.jinja", context, status=status)


@login_required
@require_safe
def my_actions(request: HttpRequest, organisation: str) -> HttpResponse:
    """One person's actions in all the workbooks of the organisation, and the way to each plan."""
    place = open_organisation(request, organisation, Permission.SEE_WORKBOOK)
    books = Workbook.objects.all().visible_to(request.user).filter(organisation=place)
    known = {
        book.pk: book
        for book in books.select_related("organisation", "framework", "version").order_by("started_at", "pk")
    }
    mine = Action.objects.all().visible_to(request.user).filter(workbook__in=known, owner=request.user.pk)
    counts = plan_selectors.preset_counts(mine, request.user)
    asked = Asked.of({"show": request.GET.get("show", ""), "due": request.GET.get("due", "")})
    found = plan_selectors.actions(mine, asked, request.user)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": place,
        "books": list(known.values()),
        "tabs_of_plan": [tab for tab, preset in zip(_presets(asked, request.path, counts), PRESETS, strict=True)
                         if preset[0] != "mine"],
        "page": page,
        "rows": plan_rows(page, *known.values()),
        "counts": counts,
    }  # fmt: skip
    return render(request, "assessments/my_actions.jinja", context)
