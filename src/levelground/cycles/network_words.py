"""How the network's pages word where a member is."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from markupsafe import Markup

from levelground.assessments.models import Snapshot
from levelground.assessments.services.frozen import read
from levelground.assessments.states import Standing, Value
from levelground.charts.progress import Part, stacked_bar
from levelground.foundation import formats
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict

from .models import Cycle, IndicatorTally, RequiredDocument, Submission, SubmissionStep
from .network_selectors import ALL, LATE, OVERDUE, SHOWS, WAITING, MemberRow, Wanted, Where
from .presenters import about_year
from .selectors import Progress
from .services.network import Reminded
from .states import Status

TONES = {
    Status.NOT_STARTED: "plain", Status.IN_PROGRESS: "go", Status.READY: "go", Status.SUBMITTED: "needs",
    Status.RETURNED: "calm", Status.RESUBMITTED: "needs", Status.ACCEPTED: "good", Status.WITHDRAWN: "calm",
}  # fmt: skip
_SHOWN: dict[str, Any] = {
    ALL: pgettext_lazy("members", "All"),
    WAITING: gettext_lazy("Waiting for you"),
    OVERDUE: gettext_lazy("Overdue"),
    LATE: gettext_lazy("Sent late"),
    Status.RETURNED: gettext_lazy("Sent back"),
}
SORTS = [("name", gettext_lazy("Name")), ("deadline", gettext_lazy("Deadline")), ("state", gettext_lazy("State"))]
VERBS = {
    Status.ACCEPTED: ("accept", gettext_lazy("Accept it")),
    Status.RETURNED: ("return", gettext_lazy("Send it back")),
    Status.WITHDRAWN: ("withdraw", gettext_lazy("Withdraw it")),
    Status.IN_PROGRESS: ("reinstate", gettext_lazy("Open it again")),
}


class Words(NamedTuple):
    text: str
    tone: str


def shown(show: str) -> str:
    return str(_SHOWN.get(show) or Status(show).label)


def tags(row: Submission) -> list[Words]:
    """The state, and whether it is overdue or came late."""
    found = [Words(shown(row.status), TONES[Status(row.status)])]
    if row.is_overdue:
        found.append(Words(_("Overdue"), "needs"))
    elif row.late:
        found.append(Words(_("Sent late"), "plain"))
    return found


def step_tags(step: SubmissionStep) -> tuple[Words, Words]:
    before, after = Status(step.from_status), Status(step.to_status)
    return Words(shown(before), TONES[before]), Words(shown(after), TONES[after])


def lines(reason: str) -> list[str]:
    """Reasons as a list: one on each line."""
    return [line.strip() for line in reason.splitlines() if line.strip()]


def show_tabs(counts: Where, wanted: Wanted, url: str) -> list[dict[str, Any]]:
    """How many members are where, each a filter. Where nobody is, there is nothing to look at."""
    return [
        {"text": shown(show), "href": f"{url}?show={show}", "current": show == wanted.show, "count": counts.count(show)}
        for show in SHOWS
        if show in (ALL, wanted.show) or counts.count(show)
    ]


def readiness_words(row: MemberRow) -> str:
    """What is still missing, in a line."""
    one = row.progress
    if row.submission.status == Status.WITHDRAWN:
        return ""
    if not row.shows_progress:
        return _("Receipt %(number)s") % {"number": row.submission.receipt_number}
    missing = row.documents_missing
    text = ngettext("%(num)s document missing", "%(num)s documents missing", missing) % {"num": missing}
    return "; ".join([text] if missing else []) or _all_there(one)


def _all_there(one: Progress) -> str:
    if one.signed:
        return _("Signed off")
    return _("Waiting for sign-off") if one.asked else _("All documents are there")


def reminded_words(result: Reminded) -> str:
    """What a reminder did, in sentences."""
    if result.later:
        text = ngettext(
            "A reminder is on its way to %(num)s member. Whoever had one today is left out.",
            "Reminders are on their way to %(num)s members. Whoever had one today is left out.",
            result.members,
        )
        return text % {"num": formats.number(result.members)}
    said = [
        ngettext("%(num)s member was reminded.", "%(num)s members were reminded.", result.members)
        % {"num": formats.number(result.members)}
    ]
    if result.already:
        text = ngettext(
            "%(num)s had a reminder today already.", "%(num)s had a reminder today already.", result.already
        )
        said.append(text % {"num": formats.number(result.already)})
    if result.nobody:
        text = ngettext(
            "%(num)s has no quality lead yet, so there is nobody to remind.",
            "%(num)s have no quality lead yet, so there is nobody to remind.",
            result.nobody,
        )
        said.append(text % {"num": formats.number(result.nobody)})
    return " ".join(said)


def snapshot_words(snapshot: Snapshot) -> dict[str, Any]:
    """What went with a snapshot, and how its answers add up."""
    kept = read(snapshot)
    values = [item["value"] for item in kept["indicators"]]
    return {
        "documents": [
            {
                "number": item["number"],
                "name": Bilingual.of(item["name"]),
                "date": dt.date.fromisoformat(item["document_date"]),
                "period": item["period"],
                "size": item["size"],
            }
            for item in kept["documents"]
        ],
        "counts": {
            "met": values.count(Value.MET),
            "working_towards": sum(item["standing"] == Standing.WORKING_TOWARDS for item in kept["indicators"]),
            "gap": sum(item["standing"] == Standing.GAP for item in kept["indicators"]),
            "not_applicable": values.count(Value.NOT_APPLICABLE),
            "unanswered": values.count(""),
        },
    }


def tally_bar(row: IndicatorTally) -> Markup:
    """How many of the members who answered an indicator say "not yet": that alone has a colour, from the left."""
    parts = [
        Part("gap", str(Value.NOT_YET.label), row.not_yet),
        Part("unanswered", _("Other answers"), row.met + row.not_applicable),
    ]
    said = "; ".join(f"{part.label}: {part.count}" for part in parts)
    return Markup(stacked_bar(parts, title=row.indicator.code, desc=said))  # noqa: S704 - it escapes what it is given


def cycle_url(cycle: Cycle, name: str = "network_cycle", *more: str) -> str:
    return reverse(name, args=[cycle.network.slug, cycle.framework.slug, cycle.year, *more])


def part_url(row: Submission, name: str = "network_submission") -> str:
    return cycle_url(row.cycle, name, row.organisation.slug)


def support_url(row: Submission) -> str:
    """Where the network offers help, with the year if it is overdue; empty while that part of the site is not there."""
    try:
        url = reverse("support_offer", args=[row.cycle.network.slug, row.organisation.slug])
        return url + about_year(row) if row.is_overdue else url
    except NoReverseMatch:
        return ""


def renew(form: Any, name: str, value: Any) -> None:
    """What was typed stays; sent once more, it is a knowing choice over what stands now."""
    form.data = form.data.copy()
    form.data[form.add_prefix(name)] = str(value)


def both_versions(conflict: Conflict, form: forms.Form) -> dict[str, Any]:
    """The fields of a conflict that differ: what stands now beside what was sent."""
    rows = []
    for name, yours in conflict.yours.items():
        theirs = getattr(conflict.theirs, name, None)
        if theirs is not None and theirs != yours:
            label = form.fields[name].label
            rows.append({"label": label, "theirs": _plain(theirs), "yours": _plain(yours)})
    return {"message": str(conflict), "rows": rows}


def both_lists(conflict: Conflict, asked: Iterable[RequiredDocument]) -> dict[str, Any]:
    """The documents that are asked for now beside those that were sent."""
    theirs, yours = ("; ".join(str(one.name) for one in some) for some in (asked, conflict.yours["documents"]))
    return {"message": str(conflict), "rows": [{"label": _("Documents"), "theirs": theirs, "yours": yours}]}


def _plain(value: Any) -> str:
    return formats.date(value) if isinstance(value, dt.date) else str(getattr(value, "label", value))
