"""How the year is worded."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from levelground.foundation import formats
from levelground.frameworks.selectors import tree

from . import selectors
from .addresses import address
from .models import Submission, SubmissionDocument, SubmissionStep
from .readiness import DocumentPlace, Missing, Readiness
from .states import UNSENT, WITH_MEMBER, Status, left_words

TONES: dict[str, str] = {
    Status.NOT_STARTED: "plain", Status.IN_PROGRESS: "go", Status.READY: "good", Status.SUBMITTED: "good",
    Status.RETURNED: "needs", Status.RESUBMITTED: "good", Status.ACCEPTED: "good", Status.WITHDRAWN: "calm",
}  # fmt: skip


HEADLINES: dict[str, Any] = {
    Status.SUBMITTED: gettext_lazy("Your snapshot is with the network"),
    Status.RESUBMITTED: gettext_lazy("Your snapshot is with the network again"),
    Status.ACCEPTED: gettext_lazy("The network has accepted your snapshot"),
    Status.WITHDRAWN: gettext_lazy("The network has withdrawn this snapshot"),
}


def status_tag(status: str) -> tuple[str, str]:
    """Words and tone of a status."""
    return str(Status(status).label), TONES[status]


def tag_of(submission: Submission) -> tuple[str, str]:
    """Where a submission stands; a deadline that has passed says so instead."""
    return (_("Overdue"), "needs") if submission.is_overdue else status_tag(submission.status)


def time_left(submission: Submission) -> str:
    """How long there is to the deadline, in words."""
    days = submission.days_left
    if days > 0:
        return ngettext("%(num)s day to go", "%(num)s days to go", days) % {"num": days}
    if days == 0:
        return _("the deadline is today")
    return ngettext("the deadline was %(num)s day ago", "the deadline was %(num)s days ago", -days) % {"num": -days}


def headline(state: Readiness) -> str:
    """The one sentence at the top of the readiness page."""
    row = state.submission
    if row.status not in WITH_MEMBER:
        return str(HEADLINES[row.status])
    if not state.missing:
        return _("Everything is ready to send")
    # A reason of the network is open until somebody signs again: then it has been looked at by two.
    points = len(reasons(selectors.returned_with(row))) if state.sign_off is None else 0
    kinds = [one.kind for one in state.unfinished]
    first = [one.text for one in state.missing if one.kind in ("opening", "workbook", "version")]
    if state.newer_version:
        first.append(_("the other version"))
    things = left_words(
        first=first, points=points, answers=state.left, actions=len(state.gaps), documents=kinds.count("document"),
        sign_off=state.sign_off is None,
    )  # fmt: skip
    # What was sent in time and came back is not late.
    said = _("Sent back") if row.status == Status.RETURNED and row.days_left < 0 else time_left(row)
    return f"{said[:1].upper()}{said[1:]}: {things}"


def link_to(missing: Missing, submission: Submission) -> str:
    """Where a missing thing is put right."""
    book = submission.workbook
    here = submission.organisation.slug
    if missing.kind == "workbook" or book is None:
        return reverse("workbook_list", args=[here])
    place = [here, book.framework.slug]
    if missing.kind.endswith("version"):
        asks = missing.kind == "newer_version"
        return (help_address(submission) or address(submission)) if asks else reverse("workbook_version", args=place)
    if missing.kind == "answers":
        return reverse("workbook_theme", args=[*place, missing.code]) + "?show=unanswered"
    if missing.kind == "action":
        return reverse("workbook_indicator", args=[*place, missing.code])
    if missing.kind == "document":
        return address(submission, "submission_document", missing.code)
    return address(submission) + "#sign-off"


def answer_tasks(state: Readiness) -> list[dict[str, Any]]:
    """A line for each theme that has something unanswered."""
    tasks = []
    for node, count in state.unanswered:
        total = len(node.indicators)
        tasks.append(
            {
                "text": f"{node.theme.code} {node.theme.name.here()}",
                "href": link_to(Missing("answers", "", node.theme.code), state.submission),
                "note": _("%(answered)s of %(total)s answered") % {"answered": total - count, "total": total},
                "tag": ngettext("%(num)s left", "%(num)s left", count) % {"num": count},
                "tone": "needs",
            }
        )
    return tasks


def action_tasks(state: Readiness) -> list[dict[str, Any]]:
    """A line for each "not yet" that has neither an action nor a reason."""
    return [
        {
            "text": f"{one.code} {one.text.here()}", "tag": _("No action yet"), "tone": "needs",
            "href": link_to(Missing("action", "", one.code), state.submission),
        }
        for one in state.gaps
    ]  # fmt: skip


def _same(place: DocumentPlace, item: SubmissionDocument) -> bool:
    return place.current is not None and place.current.document.sha256 == item.document.sha256


def document_tasks(state: Readiness, *, may_change: bool) -> list[dict[str, Any]]:
    """A line for each document that is asked for."""
    tasks = []
    for place in state.documents:
        item = place.current
        task: dict[str, Any] = {"text": place.required.name.here(), "href": ""}
        if may_change or item is not None:
            task["href"] = address(state.submission, "submission_document", place.required.code)
        if item is None:
            task |= {"note": place.required.guidance.here(), "state": "missing"}
        else:
            dated = _("Dated %(day)s") % {"day": formats.date(item.document_date)}
            task["note"] = " · ".join(filter(None, [dated, item.period, item.document.filename]))
            task["state"] = "stale" if place.is_stale else "current"
            if place.is_stale and item.is_very_old():
                task |= {"state": "", "tag": _("Very old"), "tone": "needs"}
            same = [one.required.name.here() for one in state.documents if one is not place and _same(one, item)]
            if same:
                told = _("The same file as: %(names)s") % {"names": ", ".join(same)}
                task["note"] = f"{task['note']} · {told}"
        tasks.append(task)
    return tasks


def ready_note(state: Readiness) -> str:
    """What the page says under its headline."""
    row, parts = state.submission, []
    if row.status not in WITH_MEMBER:
        return sent_note(row)
    if state.total:
        parts.append(
            _("%(answered)s of %(total)s indicators are answered.") % {"answered": state.answered, "total": state.total}
        )
    wanted = len(state.documents)
    there = sum(place.current is not None for place in state.documents)
    if wanted:
        parts.append(
            ngettext("%(there)s of %(num)s document is here.", "%(there)s of %(num)s documents are here.", wanted)
            % {"there": there, "num": wanted}
        )
    if row.status in UNSENT or (row.status == Status.RETURNED and row.days_left >= 0):
        parts.append(_("The deadline is %(day)s.") % {"day": formats.date(row.deadline, "EEEE d MMMM y")})
    return " ".join(parts)


def sent_note(row: Submission) -> str:
    """When it was sent, and whether that was in time."""
    if row.sent_at is None:
        return ""
    words = _("Sent on %(day)s, after the deadline.") if row.late else _("Sent on %(day)s, in time.")
    return words % {"day": formats.date(row.sent_at)}


def summary(kept: dict[str, Any], submission: Submission) -> dict[str, Any]:
    """What somebody signs, in numbers: answers by value, and each "not yet" with what is planned for it."""
    texts = {one.code: one.text for one in tree(submission.workbook.version).indicators} if submission.workbook else {}
    rows = [row | {"text": texts[row["code"]]} for row in kept["indicators"]]
    said = [row["value"] for row in rows]
    return {
        "total": len(rows),
        "met": said.count("met"),
        "not_yet": [row for row in rows if row["value"] == "not_yet"],
        "not_applicable": [row for row in rows if row["value"] == "not_applicable"],
    }


def reasons(step: SubmissionStep | None) -> list[str]:
    """The network's reasons, one on each line as they were written."""
    return [line.strip(" -•*\t") for line in step.reason.splitlines() if line.strip(" -•*\t")] if step else []


def help_address(submission: Submission) -> str:
    """Where to ask the network for help with this year; empty while that part of the site is not there."""
    try:
        return reverse("support_ask", args=[submission.organisation.slug]) + about_year(submission)
    except NoReverseMatch:
        return ""


def about_year(submission: Submission) -> str:
    """What the page for help is told of the page that led there."""
    return f"?framework={submission.cycle.framework.slug}&year={submission.cycle.year}"


def history(submission: Submission) -> list[dict[str, Any]]:
    """Everything that happened to a submission, the newest first."""
    items = [*_steps(submission), *_sign_offs(submission), *_requests(submission), *_extensions(submission)]
    return sorted(items, key=lambda item: item["when"], reverse=True)


def _who(user: Any) -> str:
    return user.name if user is not None else _("Levelground")


def _steps(submission: Submission) -> Iterable[dict[str, Any]]:
    for step in submission.steps.select_related("by", "snapshot").defer("snapshot__payload"):
        if Status.READY in (step.from_status, step.to_status) and step.to_status in UNSENT:
            continue  # the sign-off itself says so
        words, tone = status_tag(step.to_status)
        yield {
            "when": step.at, "who": _who(step.by), "tag": words, "tone": tone, "text": step.reason,
            "snapshot": step.snapshot.public_id if step.snapshot else "",
        }  # fmt: skip


def _sign_offs(submission: Submission) -> Iterable[dict[str, Any]]:
    for one in submission.sign_offs.select_related("by"):
        yield {
            "when": one.at,
            "who": one.by.name,
            "tag": _("Signed off"),
            "tone": "good",
            "text": one.declaration.here(),
        }
        if one.lapsed_at is not None:
            yield {
                "when": one.lapsed_at, "who": _("Levelground"), "tag": _("Sign-off ended"), "tone": "needs",
                "text": one.lapsed_why.here(),
            }  # fmt: skip


def _requests(submission: Submission) -> Iterable[dict[str, Any]]:
    for one in submission.sign_off_requests.select_related("asked_by", "answered_by"):
        yield {
            "when": one.asked_at, "who": one.asked_by.name, "tag": _("Asked for sign-off"), "tone": "go",
            "text": one.note,
        }  # fmt: skip
        if one.words:
            yield {
                "when": one.answered_at, "who": _who(one.answered_by), "tag": _("Not signed yet"), "tone": "needs",
                "text": one.words,
            }  # fmt: skip


def _extensions(submission: Submission) -> Iterable[dict[str, Any]]:
    for one in selectors.extensions_of(submission):
        words = _("From %(before)s to %(after)s: %(why)s") % {
            "before": formats.date(one.before), "after": formats.date(one.deadline), "why": one.reason,
        }  # fmt: skip
        yield {"when": one.at, "who": one.by.name, "tag": _("Deadline moved"), "tone": "go", "text": words}


def day(text: str) -> dt.date | None:
    """A day as a payload keeps it."""
    return dt.date.fromisoformat(text) if text else None
