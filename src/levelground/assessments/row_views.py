"""One row of the workbook as HTML.

A workbook has 156 rows, and most of them look as they did a moment ago. So a row's HTML is a pure function of a small
frozen value, ``RowView``, and the newest few thousand results are remembered in each process. Whatever a row shows must
be in its ``RowView``; rows that hold a form (they carry a token of the session) or a problem are made afresh.
"""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from levelground.foundation import clock, formats
from levelground.frameworks.models import AnswerType, Indicator, Kind
from levelground.ui.tags import state_tag

from .rules import CHOICES
from .selectors import Row
from .states import LIVE, ActionStatus, Value

REMEMBERED = 6000


class ActionView(NamedTuple):
    number: str
    title: str
    status: str
    owner: str
    due_on: dt.date | None
    today: dt.date

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def overdue(self) -> bool:
        return self.live and self.due_on is not None and self.due_on < self.today

    @property
    def about(self) -> str:
        about = [str(ActionStatus(self.status).label)]
        if self.owner:
            about.append(self.owner)
        if self.due_on:
            about.append(_("due %(day)s") % {"day": formats.short_date(self.due_on)})
        return " · ".join(about)


class EvidenceView(NamedTuple):
    number: str
    title: str
    document_date: dt.date | None
    outside: bool
    state: str

    @property
    def dated(self) -> str:
        return formats.short_date(self.document_date)

    @property
    def renew(self) -> str:
        return str(state_tag(self.state).label) if self.state else ""


class RowView(NamedTuple):
    """Everything that a row shows, as it is kept: it is put into words only when it is not remembered."""

    language: str
    today: dt.date
    base: str
    indicator: Indicator
    may_answer: bool
    alone: bool
    version: int
    before: tuple[str, str]
    value: str
    reason: str
    tag: str
    given_to: str
    changed_by: str
    changed_at: dt.datetime | None
    just_saved: bool
    actions: tuple[ActionView, ...]
    evidence: tuple[EvidenceView, ...]
    was: str | None
    comment_count: int
    # The filters whose counts a script keeps right as answers are saved.
    marks: str

    @property
    def saved(self) -> str:
        when = formats.time_or_date(self.changed_at)
        if not self.before[0]:
            # Nobody answers by emptying: a name here would read as an answer.
            return _("Not answered since %(day)s") % {"day": when} if when else ""
        if self.just_saved:
            return _("Saved %(time)s") % {"time": when}
        return f"{self.changed_by}, {when}" if self.changed_by else when

    @property
    def last_year(self) -> str:
        return "" if self.was is None else str(Value(self.was).label)

    @property
    def comments(self) -> str:
        count = self.comment_count
        return ngettext("%(n)d comment", "%(n)d comments", count) % {"n": count} if count and not self.alone else ""


class Setting(NamedTuple):
    """What all rows of a page share."""

    language: str
    today: dt.date
    base: str
    may_answer: bool
    alone: bool
    just_saved: bool


def view_of(row: Row, setting: Setting) -> RowView:
    """What ``row`` shows. A problem shows what was sent, not what stands."""
    answer, sent = row.answer, row.problem["yours"] if row.problem else None
    language, today, base, may_answer, alone, just_saved = setting
    actions: tuple[ActionView, ...] = ()
    evidence: tuple[EvidenceView, ...] = ()
    if row.actions and not alone:
        actions = tuple(
            ActionView(one.public_id, one.title, one.status, one.owner.name if one.owner else "", one.due_on, today)
            for one in row.actions
        )
    if row.evidence and not alone:
        evidence = tuple(
            EvidenceView(
                one.public_id, one.title, one.document_date, bool(one.url), one.freshness if one.needs_renewal else ""
            )
            for one in row.evidence
        )
    holder, author = answer.assigned_to, answer.changed_by
    return RowView(
        language,
        today,
        base,
        row.indicator,
        may_answer,
        alone,
        answer.version,
        (answer.value, answer.reason),
        sent["value"] if sent else answer.value,
        sent["reason"] if sent else answer.reason,
        row.tag,
        holder.name if holder else "",
        author.name if author else "",
        answer.changed_at,
        just_saved,
        actions,
        evidence,
        row.last_year if row.last_year != answer.value else None,
        answer.comment_count,
        " ".join(sorted(row.moving)),
    )


def _render(view: RowView, **extra: Any) -> Markup:
    choices = CHOICES[view.indicator.answer_type]
    in_words = view.indicator.answer_type == AnswerType.NARRATIVE
    context = {
        "kind_label": lambda kind: Kind(kind).label,
        "v": view,
        "i": view.indicator,
        "code": view.indicator.code,
        "choices": choices,
        "in_words": in_words,
    } | extra
    template: Any = get_template("assessments/_row.jinja", using="jinja2")
    # The engine's own template: no request, so no context processors. Jinja has escaped what it gives.
    return Markup(template.template.render(context))  # noqa: S704  # our own template made it, and it escapes


@lru_cache(maxsize=REMEMBERED)
def _remembered(view: RowView) -> Markup:
    return _render(view)


def row_writer(
    *, base: str, may_answer: bool, in_place: bool, alone: bool = False, just_saved: bool = False, **extra: Any
) -> Callable[[Row], Markup]:
    """A function that writes rows. ``in_place``: a "not yet" opens its action form, which needs ``extra``."""

    setting = Setting(translation.get_language() or "", clock.today(), base, may_answer, alone, just_saved)

    def write(row: Row) -> Markup:
        view = view_of(row, setting)
        unplanned = row.indicator.code in extra.get("action_forms", ())
        plan = in_place and may_answer and (row.answer.value == Value.NOT_YET or unplanned)
        if plan or row.problem:
            return _render(view, p=row.problem, plan=plan, row=row, **extra)
        return _remembered(view)

    return write
