"""What a member's home says first: where this year stands, what that rests on, and the one next step."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.cycles.models import Submission
from levelground.cycles.states import UNSENT, WITH_NETWORK, Status, left_words
from levelground.foundation import formats

from ..addresses import link
from ..selectors.member import Year
from .counting import days
from .places import Places

TONES: dict[str, str] = {
    Status.NOT_STARTED: "plain", Status.IN_PROGRESS: "go", Status.RETURNED: "needs", Status.WITHDRAWN: "calm",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """The one thing to do next."""

    text: str
    href: str


@dataclass(frozen=True)
class Front:
    """``name`` is the mark and the year; ``tag`` where the submission stands, in a word, and its tone."""

    name: str
    tag: tuple[str, str] | None
    heading: str
    sentences: list[str]
    step: Step


def front(year: Year) -> Front:
    return Front(name_of(year), _tag(year.submission), _heading(year), _sentences(year), _step(year))


def name_of(year: Year) -> str:
    name = year.framework.name.here()
    return f"{name} {year.submission.cycle.year}" if year.submission else name


def _tag(row: Submission | None) -> tuple[str, str] | None:
    if row is None:
        return None
    if row.is_overdue:
        return _("Overdue"), "needs"
    return str(row.get_status_display()), TONES.get(row.status, "good")


# The first line -------------------------------------------------------------------------------------------------------


def _heading(year: Year) -> str:
    row, asked = year.submission, year.asked
    if asked is not None and year.asks_me:
        return _("%(name)s asks you to sign off") % {"name": asked.asked_by.name}
    if row is None:
        return _without_cycle(year)
    if row.is_overdue:
        return ngettext(
            "The deadline was %(num)s day ago", "The deadline was %(num)s days ago", -row.days_left
        ) % {"num": -row.days_left}  # fmt: skip
    if year.working:
        return _unfinished(year, row) if year.unfinished else _complete(year)
    return {
        Status.SUBMITTED.value: _("Your snapshot is with the network"),
        Status.RESUBMITTED.value: _("Your snapshot is with the network again"),
        Status.ACCEPTED.value: _("The network has accepted your snapshot"),
        Status.WITHDRAWN.value: _("The network has withdrawn your snapshot"),
    }[row.status]


def _without_cycle(year: Year) -> str:
    """There is a workbook and no deadline, or not even a workbook."""
    left = year.counts["unanswered"]
    if year.workbook is None:
        return _("Your workbook is not open yet")
    if left and year.person.answers:
        words = ngettext(
            "You have %(num)s indicator left to answer", "You have %(num)s indicators left to answer", left
        )
        return words % {"num": left}
    if left:
        words = ngettext("%(num)s indicator is left to answer", "%(num)s indicators are left to answer", left)
        return words % {"num": left}
    waits = (year.gaps, year.overdue, year.others_overdue, year.renew)
    return _("All indicators are answered") if any(waits) else _("Everything is up to date")


def _unfinished(year: Year, row: Submission) -> str:
    if row.status == Status.RETURNED:
        return _("The network asks you to change something")
    if not year.begun and not year.sent_before:
        return _("Welcome to your first year") if year.workbook else _("Your workbook is not open yet")
    words = {"days": days(row.days_left), "things": left_of(year)}
    if row.days_left == 0:
        return _("The deadline is today: %(things)s") % words
    if year.person.answers:
        return _("You have %(days)s left: %(things)s") % words
    return _("%(days)s left: %(things)s") % words


def _complete(year: Year) -> str:
    """Nothing is missing but perhaps the sign-off."""
    again, said = year.status == Status.RETURNED, year.said
    if year.sign_off is not None:
        return _("Your snapshot is ready to send again") if again else _("Your snapshot is ready to send")
    if said is not None and said.answered_by is not None:
        return _("%(name)s asks for a change before signing") % {"name": said.answered_by.name}
    if year.asked is not None:
        return _("Waiting for sign-off")
    # The network's reasons come before the sign-off: being complete does not mean that they are met.
    return _("The network asks you to change something") if again else _("Everything is there for sign-off")


def left_of(year: Year) -> str:
    """What the readiness page says is left, in the same words."""
    row, first = year.submission, []
    if year.workbook is None:
        first.append(_("open your workbook"))
    elif row is not None and year.old_version:
        first.append(_("move your workbook to version %(label)s") % {"label": row.cycle.framework_version.label})
    elif year.newer_version:
        first.append(_("the other version"))
    return left_words(
        first=first, points=len(year.reasons) if year.sign_off is None else 0, answers=year.counts["unanswered"],
        actions=len(year.gaps), documents=len(year.missing_documents), sign_off=year.sign_off is None,
    )  # fmt: skip


# What it rests on -----------------------------------------------------------------------------------------------------


def _sentences(year: Year) -> list[str]:
    row = year.submission
    found = [_of_answers(year), _of_documents(year), _of_deadline(year), _of_sending(row), _of_opening(year)]
    if row is not None and row.status == Status.WITHDRAWN:
        found.append(_("The history of the snapshot says why."))
    return [sentence for sentence in found if sentence]


def _of_answers(year: Year) -> str:
    if year.workbook is None:
        return _("Open it, and answer one theme at a time.") if year.person.sends else _("Your quality lead opens it.")
    if year.status in (*WITH_NETWORK, Status.ACCEPTED) or (year.working and not year.unfinished):
        return ""
    counts = {"answered": year.counts["answered"], "total": year.counts["total"]}
    return _("%(answered)s of %(total)s indicators are answered.") % counts


def _of_documents(year: Year) -> str:
    wanted = len(year.documents)
    if not wanted or not year.unfinished:
        return ""
    words = ngettext("%(there)s of %(num)s document is here.", "%(there)s of %(num)s documents are here.", wanted)
    return words % {"there": wanted - len(year.missing_documents), "num": wanted}


def _of_deadline(year: Year) -> str:
    row = year.submission
    if row is None or row.status not in UNSENT:
        return ""
    words = {"day": formats.date(row.deadline, "EEEE d MMMM y"), "days": days(row.days_left)}
    if row.is_overdue:
        left = _("You can still send your snapshot. Still to do: %(things)s.") % {"things": left_of(year)}
        return left if year.things_left else _("You can still send your snapshot.")
    counted = year.unfinished and (year.begun or year.sent_before) and not year.asks_me
    if counted or row.days_left == 0:
        return _("The deadline is %(day)s.") % words
    return _("The deadline is %(day)s: %(days)s to go.") % words


def _of_sending(row: Submission | None) -> str:
    if row is None or row.sent_at is None:
        return ""
    words = _("It was sent on %(day)s, after the deadline.") if row.late else _("It was sent on %(day)s.")
    return words % {"day": formats.date(row.sent_at)}


def _of_opening(year: Year) -> str:
    coming = year.coming
    if coming is None or year.working:
        return ""
    words = {"year": coming.cycle.year, "day": formats.date(coming.cycle.opens_on)}
    return _("The snapshot of %(year)s can be sent from %(day)s.") % words


# The next step --------------------------------------------------------------------------------------------------------


def _step(year: Year) -> Step:
    row, at = year.submission, Places(year)
    if year.asks_me:
        return Step(_("Read and sign off"), at.year("sign_off"))
    if year.workbook is None:
        return Step(_("Open the workbook"), link("workbook_list", at.here))
    if row is None or year.working:
        return _to_finish(year, at) or _to_send(year, at)
    if row.receipt_number and row.status != Status.WITHDRAWN:
        return Step(_("See your receipt"), at.year("receipt", row.receipt_number))
    return Step(_("See what happened"), at.year("submission_history"))


def _to_finish(year: Year, at: Places) -> Step | None:
    """The next thing that is missing, for those who can put it right."""
    if not year.person.answers:
        return None
    if year.old_version and year.person.sends and year.submission is not None:
        label = year.submission.cycle.framework_version.label
        return Step(_("Move to version %(label)s") % {"label": label}, at.book("workbook_version"))
    if year.newer_version:
        return Step(_("See where it stands"), at.year())
    if year.following is not None:
        theme = year.following.theme
        return Step(_("Carry on: %(name)s") % {"name": theme.name.here()}, at.book("workbook_theme", theme.code))
    return _to_plan(year, at) or _to_add(year, at)


def _to_plan(year: Year, at: Places) -> Step | None:
    count = len(year.gaps)
    if count == 1:
        code = year.gaps[0].code
        return Step(_("Plan an action for %(code)s") % {"code": code}, at.book("workbook_indicator", code))
    words = ngettext("Plan %(num)s action", "Plan %(num)s actions", count) % {"num": count}
    return Step(words, at.book("workbook_all", show="bare")) if count else None


def _to_add(year: Year, at: Places) -> Step | None:
    missing = year.missing_documents
    if len(missing) == 1:
        name = missing[0].name.here()
        return Step(_("Add: %(name)s") % {"name": name}, at.year("submission_document", missing[0].code))
    words = ngettext("Add %(num)s document", "Add %(num)s documents", len(missing)) % {"num": len(missing)}
    return Step(words, at.part("documents")) if missing else None


def _to_send(year: Year, at: Places) -> Step:
    """From the sign-off to the network; for those who only look on, where it stands."""
    if year.submission is None:
        return Step(_("Open the workbook"), at.book("workbook"))
    if not year.unfinished and year.person.sends:
        if year.sign_off is not None:
            again = year.status == Status.RETURNED
            return Step(_("Send the snapshot again") if again else _("Send the snapshot"), at.year("submission_send"))
        if year.status == Status.RETURNED and year.asked is None:
            return Step(_("See what to change"), at.year())
        if year.asked is None:
            return Step(_("Ask for sign-off"), at.year("sign_off_ask"))
    return Step(_("See where it stands"), at.year())
