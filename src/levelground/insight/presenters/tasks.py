"""What waits for a person on a member's home, the most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.cycles.models import RequiredDocument
from levelground.foundation import formats
from levelground.support.models import SupportCase
from levelground.support.states import CaseSource, Side

from ..selectors.member import DueAction, Year
from .front import name_of
from .places import Places

SHOWN = 4
ACTIONS_SHOWN = 2
NAMED = 2
RETURN_NEAR = 30

Task = dict[str, Any]


@dataclass
class Tasks:
    """``more`` folds away."""

    shown: list[Task] = field(default_factory=list)
    more: list[Task] = field(default_factory=list)


def tasks_of(year: Year, cases: Sequence[SupportCase] = ()) -> Tasks:
    """``cases`` are the organisation's open requests for help, where this part of the page tells of them."""
    at = Places(year)
    lacks = _of_snapshot(year, at) if year.person.answers else []
    first = [*_of_reasons(year, at), *_of_sending(year, at), *_of_sign_off(year, at), *_of_help(cases)]
    found = [*first, *lacks, *_of_return(year, at), *_own(year, at), *_in_time(year, at)]
    # One more line takes no more room than the word that folds it away.
    return Tasks(found) if len(found) <= SHOWN + 1 else Tasks(found[:SHOWN], found[SHOWN:])


def _task(text: str, href: str, note: str = "", tag: str = "", tone: str = "plain") -> Task:
    return {"text": text, "href": href, "note": note, "tag": tag, "tone": tone}


def _of_reasons(year: Year, at: Places) -> list[Task]:
    """What the network wants changed, until somebody has signed again."""
    if not year.reasons or year.sign_off is not None:
        return []
    count = len(year.reasons)
    words = ngettext("See to what the network wrote", "See to the %(num)s points that the network wrote", count)
    return [_task(words % {"num": count}, at.year(), "", _("Sent back"), "needs")]


def _of_sending(year: Year, at: Places) -> list[Task]:
    if not (year.working and year.person.sends and year.sign_off is not None and not year.unfinished):
        return []
    return [_task(_("Send the snapshot"), at.year("submission_send"), "", _("Ready"), "good")]


def _of_sign_off(year: Year, at: Places) -> list[Task]:
    asked = year.asked
    if asked is None:
        return []
    when = _("Asked on %(day)s") % {"day": formats.date(asked.asked_at)}
    if year.asks_me:
        text = _("Sign off %(name)s") % {"name": name_of(year)}
        return [_task(text, at.year("sign_off"), when, _("Asks you"), "needs")]
    text = _("A trustee or executive has been asked to sign off")
    return [_task(text, at.part("sign-off"), when, _("Waiting"), "go")]


def _of_help(cases: Sequence[SupportCase]) -> list[Task]:
    """The network has answered a request for help, and waits for the member's words."""
    answered, offered = _("The network has answered your request for help"), _("The network offers you help")
    return [
        _task(answered if one.source == CaseSource.ASKED else offered, one.get_absolute_url(), "", _("New words"), "go")
        for one in cases
        if one.last_word == Side.NETWORK
    ]


def _of_snapshot(year: Year, at: Places) -> list[Task]:
    """What this year's snapshot lacks."""
    found = []
    row, theme = year.submission, year.following
    if row is not None and year.working and year.old_version and year.person.sends:
        text = _("Move your workbook to version %(label)s") % {"label": row.cycle.framework_version.label}
        found.append(_task(text, at.book("workbook_version"), _("This year asks for it."), _("New version"), "needs"))
    if year.newer_version:
        text = _("Your workbook follows a newer version than this year asks for: ask your network")
        found.append(_task(text, at.year(), "", _("Cannot be sent"), "needs"))
    if theme is not None:
        words = ngettext(
            "Answer the %(num)s that is left in %(theme)s", "Answer the %(num)s that are left in %(theme)s",
            year.left_in_theme,
        )  # fmt: skip
        left = year.counts["unanswered"]
        note = ngettext("%(num)s left in the whole workbook", "%(num)s left in the whole workbook", left)
        text = words % {"num": year.left_in_theme, "theme": theme.theme.name.here()}
        found.append(_task(text, at.book("workbook_theme", theme.theme.code), note % {"num": left}))
    if year.gaps:
        words = ngettext(
            "Plan an action for the “not yet” that has none, or say why",
            "Plan actions for the %(num)s “not yet” that have none, or say why", len(year.gaps),
        )  # fmt: skip
        text = words % {"num": len(year.gaps)}
        found.append(_task(text, at.book("workbook_all", show="bare"), "", _("No action yet"), "needs"))
    if missing := year.missing_documents:
        words = ngettext("%(num)s document is missing", "%(num)s documents are missing", len(missing))
        found.append(_documents(words, missing, at, _("Missing"), "needs"))
    return found


def _documents(words: str, some: Sequence[RequiredDocument], at: Places, tag: str, tone: str = "plain") -> Task:
    names = ", ".join(one.name.here() for one in some) if len(some) <= NAMED else ""
    href = at.year("submission_document", some[0].code) if len(some) == 1 else at.part("documents")
    return _task(words % {"num": len(some)}, href, names, tag, tone)


def _of_return(year: Year, at: Places) -> list[Task]:
    """The quarterly return, once it is near."""
    row = year.next_return
    if row is None or not year.person.answers or row.days_left > RETURN_NEAR:
        return []
    text = _("Send the return for quarter %(number)s") % {"number": row.quarter.quarter}
    return [_task(text, at.quarter(row), "", *_due(row.quarter.on_time_by, late=row.days_left < 0))]


def _due(day: Any, *, late: bool) -> tuple[str, str]:
    words = {"day": formats.short_date(day)}
    return (_("Was due %(day)s") % words, "needs") if late else (_("Due %(day)s") % words, "go")


def _actions(some: Sequence[DueAction], at: Places) -> list[Task]:
    return [
        _task(one.title, at.book("action", one.number), "", *_due(one.due_on, late=one.is_overdue))
        for one in some[:ACTIONS_SHOWN]
    ]


def _own(year: Year, at: Places) -> list[Task]:
    """Actions with the person's name on them that are overdue, and indicators that were given to them."""
    found = _actions(year.overdue, at)
    if len(year.overdue) > ACTIONS_SHOWN:
        found.append(_task(_("All %(n)s of your overdue actions") % {"n": len(year.overdue)}, at.mine("overdue")))
    if year.given:
        words = ngettext(
            "Answer the indicator that was given to you", "Answer the %(num)s indicators that were given to you",
            year.given,
        )  # fmt: skip
        found.append(_task(words % {"num": year.given}, at.book("workbook_all", show="mine")))
    return found


def _in_time(year: Year, at: Places) -> list[Task]:
    """What would be good to do, and does not press."""
    found = _actions(year.due_soon, at)
    for older in year.older:
        text = _("The snapshot of %(year)s is still with you") % {"year": older.cycle.year}
        found.append(_task(text, Places(year, older).year(), "", str(older.get_status_display())))
    if year.person.answers and (stale := year.stale_documents):
        words = ngettext("%(num)s document is getting old", "%(num)s documents are getting old", len(stale))
        found.append(_documents(words, stale, at, _("Getting old")))
    if year.newer is not None and not (year.old_version or year.holds_version) and year.person.sends:
        text = _("There is a new version of the framework: %(label)s") % {"label": year.newer.label}
        found.append(_task(text, at.book("workbook_version")))
    return found
