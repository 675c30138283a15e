"""The one form of an answering page: what it says of each indicator, and saving all of it at once.

This is the way without JavaScript. The form holds every answer of the page and the fields of every action that is being
planned on it, so that no button of the page leaves behind what was typed somewhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.foundation.errors import Conflict, DomainError, Invalid
from levelground.frameworks.models import AnswerType, Indicator

from . import selectors, services
from .forms import ActionForm
from .models import Workbook
from .presenters import merged, take_errors
from .services.locking import plain
from .states import Value

# Django refuses a form of more than 5,000 fields; a row has nine at most.
MOST_ROWS = 500
# No answer has this version: saving with it asks again, unless the answer is what stands by now.
UNDECIDED = -1


@dataclass
class Saved:
    """What became of a form. What could not be saved is here by code, with what was typed."""

    problems: dict[str, Any] = field(default_factory=dict)
    action_forms: dict[str, ActionForm] = field(default_factory=dict)

    @property
    def all_well(self) -> bool:
        return not self.problems and not self.action_forms

    @property
    def status(self) -> int:
        if self.problems:
            return 409
        return 422 if self.action_forms else 200


def whole_number(text: str) -> int | None:
    """A version number as it comes in a form; nothing for what is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def action_prefix(code: str) -> str:
    """Before the names of an action's fields on a page that may hold several."""
    return f"action-{code}"


def save_all(request: HttpRequest, book: Workbook, indicators: Iterable[Indicator]) -> Saved:
    """Save every answer and plan every action of the form that was sent."""
    result = Saved()
    answers = actions = 0
    for indicator in indicators:
        answers += _save_answer(request, book, indicator, result)
        actions += _plan_action(request, book, indicator, result)
    if answers:
        words = ngettext("%(n)d answer is saved.", "%(n)d answers are saved.", answers)
        messages.success(request, words % {"n": answers})
    if actions:
        words = ngettext("%(n)d action is now in your plan.", "%(n)d actions are now in your plan.", actions)
        messages.success(request, words % {"n": actions})
    if not answers and not actions and result.all_well:
        messages.info(request, _("Nothing had changed, so there was nothing to save."))
    return result


def _save_answer(request: HttpRequest, book: Workbook, indicator: Indicator, result: Saved) -> bool:
    sent = _sent(request.POST, indicator)
    if sent is None:
        return False
    before, words = sent.pop("before"), sent.pop("words")
    try:
        if (sent["value"], plain(sent["reason"])) == before:
            return False
        if not sent["value"] and not before[0]:
            raise Invalid(fields={"value": _("Choose an answer too. Your words are kept here until then.")})
        services.save_answer(workbook=book, indicator=indicator, by=request.user, **sent)
    except (Conflict, Invalid) as problem:
        result.problems[indicator.code] = (problem, {**sent, "words": words})
        return False
    return True


def _sent(post: QueryDict, indicator: Indicator) -> dict[str, Any] | None:
    """What the form says of one indicator; nothing where neither an answer nor words were given."""
    code = indicator.code
    value, words = post.get(f"value-{code}"), post.get(f"reason-{code}", "")
    before = (post.get(f"before-{code}", ""), plain(post.get(f"before-reason-{code}", "")))
    seen = whole_number(post.get(f"version-{code}", ""))
    if f"yours-{code}" in post:
        return _decided(post, code, before, words, seen)
    if value is None:
        if plain(words) in ("", before[1]):
            return None
        # Words without a choice: an answer where words are asked for, else a question.
        value = Value.MET.value if indicator.answer_type == AnswerType.NARRATIVE else ""
    return {"value": value, "reason": words, "seen_version": seen, "before": before, "words": None}


def _decided(post: QueryDict, code: str, theirs: tuple[str, str], words: str, seen: int | None) -> dict[str, Any]:
    """What a row says that showed two answers. Words that nobody touched are those of the side that was chosen."""
    yours = (post.get(f"yours-{code}", ""), plain(post.get(f"yours-reason-{code}", "")))
    edited = plain(words) != plain(merged(theirs[1], yours[1]))
    picked = {"theirs": theirs, "yours": yours}.get(post.get(f"value-{code}", ""))
    value, reason = picked or yours
    if picked and edited:
        reason = words
    return {
        "value": value,
        "reason": reason,
        "seen_version": seen if picked else UNDECIDED,
        "before": theirs,
        "words": words if edited and not picked else None,
    }


def _plan_action(request: HttpRequest, book: Workbook, indicator: Indicator, result: Saved) -> bool:
    """Plan the action whose title was typed under an indicator, or that the pressed button asks for."""
    code, prefix = indicator.code, action_prefix(indicator.code)
    wanted = request.POST.get(f"{prefix}-title", "").strip() or request.POST.get("plan") == code
    if not wanted:
        return False
    form = ActionForm(request.POST, colleagues=selectors.colleagues(book.organisation), prefix=prefix)
    if form.is_valid():
        try:
            services.create_action(workbook=book, indicator=indicator, by=request.user, **form.planned)
            return True
        except DomainError as error:
            take_errors(form, error, otherwise="title")
    result.action_forms[code] = form
    return False
