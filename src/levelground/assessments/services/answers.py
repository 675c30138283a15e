"""Opening a workbook, answering it, talking about it, and taking it to a new version of the framework."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.notifications import services as notifications
from levelground.foundation.prepared import Prepared
from levelground.frameworks.models import FrameworkVersion, Indicator, Theme
from levelground.frameworks.selectors import tree
from levelground.organisations.access import Access
from levelground.organisations.models import Affiliation, Organisation
from levelground.organisations.roles import Permission

from ..models import Action, Answer, AnswerChange, Comment, ThemeProgress, Workbook
from ..rules import missing_words, takes_words
from ..selectors import moves
from ..states import Standing, Value, standing
from .locking import lock, plain, tell

REASON_LIMIT = COMMENT_LIMIT = 4000


@transaction.atomic
def start_workbook(*, organisation: Organisation, version: FrameworkVersion, by: Any) -> Workbook:
    """Open the organisation's workbook for a published version, every indicator unanswered."""
    if not version.is_frozen:
        raise IllegalMove(_("Publish this version first. A workbook needs a version that no longer changes."))
    # Two leads may press the button at the same moment.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Workbook.objects.filter(organisation=organisation, framework__slug=version.framework.slug).exists():
        raise IllegalMove(_("This workbook is already open."))
    if (
        not Affiliation.objects.current()
        .filter(organisation=organisation, network=version.framework.network_id)
        .exists()
    ):
        raise IllegalMove(_("This framework belongs to a network that your organisation is not a member of."))
    workbook = Workbook.objects.create(
        organisation=organisation, framework=version.framework, version=version, started_at=clock.now()
    )
    nodes = tree(version)
    Answer.objects.bulk_create([Answer(workbook=workbook, indicator=indicator) for indicator in nodes.indicators])
    _count_afresh(workbook)
    audit.record(
        by=by, verb="workbook.started", subject=f"workbook:{workbook.public_id}", chain=organisation.audit_chain,
        after={"version": version.public_id},
    )  # fmt: skip
    return workbook


def theme_counts(workbook: Workbook, theme_id: int) -> dict[str, int]:
    """The counts of one theme, counted afresh from its answers."""
    return Answer.objects.filter(
        workbook=workbook, indicator__version=workbook.version_id, indicator__standard__theme=theme_id
    ).aggregate(
        total=Count("pk"),
        met=Count("pk", filter=Q(value=Value.MET)),
        working_towards=Count("pk", filter=Q(value=Value.NOT_YET, live_actions__gt=0)),
        gap=Count("pk", filter=Q(value=Value.NOT_YET, live_actions=0)),
        not_applicable=Count("pk", filter=Q(value=Value.NOT_APPLICABLE)),
    )


def recount_theme(workbook: Workbook, theme_id: int) -> None:
    """Bring the kept counts of one theme up to date; called in the transaction that changed an answer or an action."""
    ThemeProgress.objects.filter(workbook=workbook, theme=theme_id).update(**theme_counts(workbook, theme_id))


_STANDS_IN = {
    Standing.MET: "met",
    Standing.WORKING_TOWARDS: "working_towards",
    Standing.GAP: "gap",
    Standing.NOT_APPLICABLE: "not_applicable",
}
_kept = Prepared(lambda workbook, theme: ThemeProgress.objects.filter(workbook=workbook, theme=theme))


def move_count(workbook: Workbook, theme_id: int, *, before: Standing, after: Standing) -> None:
    """Move one indicator from one kept count of its theme to another; what cannot be right is counted afresh."""
    if before == after:
        return
    kept = _kept.first(workbook.pk, theme_id)
    old, new = _STANDS_IN.get(before), _STANDS_IN.get(after)
    wrong = kept is None or (old and not getattr(kept, old)) or (not old and not kept.unanswered)
    if wrong:
        recount_theme(workbook, theme_id)
        return
    changes = {name: getattr(kept, name) + step for name, step in ((old, -1), (new, 1)) if name}
    ThemeProgress.objects.filter(pk=kept.pk).update(**changes)


def _count_afresh(workbook: Workbook) -> None:
    ThemeProgress.objects.filter(workbook=workbook).delete()
    themes: list[Theme] = [node.theme for node in tree(workbook.version).themes]
    ThemeProgress.objects.bulk_create(
        [ThemeProgress(workbook=workbook, theme=theme, **theme_counts(workbook, theme.pk)) for theme in themes]
    )


def _check(value: str, reason: str, answer_type: str) -> None:
    if value not in Value.values:
        raise Invalid(fields={"value": _("Choose met, not yet or does not apply.")})
    if missing := missing_words(value, reason, answer_type):
        raise Invalid(fields={"reason": missing})
    if len(reason) > REASON_LIMIT:
        raise Invalid(fields={"reason": _("Write at most %(limit)d characters.") % {"limit": REASON_LIMIT}})


_answer = Prepared(
    lambda workbook, indicator: Answer.objects.select_for_update().filter(workbook=workbook, indicator=indicator)
)


@transaction.atomic
def save_answer(
    *, workbook: Workbook, indicator: Indicator, value: str, by: Any,
    reason: str = "", seen_version: int | None = None, source: str = "page",
) -> Answer:  # fmt: skip
    """Answer one indicator. The same answer again changes nothing; a stale ``seen_version`` raises ``Conflict``.

    ``Conflict.theirs`` is the answer that stands, ``Conflict.yours`` a dict with the value and reason that were sent.
    """
    reason = plain(reason) if takes_words(value, indicator.answer_type) else ""
    _check(value, reason, indicator.answer_type)
    lock(workbook)
    answer: Answer = _answer.first(workbook.pk, indicator.pk)
    answer.workbook, answer.indicator = workbook, indicator
    if (answer.value, answer.reason) == (value, reason):
        return answer
    if seen_version is not None and seen_version != answer.version:
        raise Conflict(
            _("A colleague answered this while you were working. Choose which answer to keep."),
            theirs=answer,
            yours={"value": value, "reason": reason},
        )
    before = {"value": answer.value, "reason": answer.reason}
    stood, now = standing(answer.value, answer.live_actions), clock.now()
    answer.value, answer.reason, answer.version = value, reason, answer.version + 1
    answer.changed_by, answer.changed_at = by, now
    answer.save(update_fields=["value", "reason", "version", "changed_by", "changed_at"])
    AnswerChange.objects.create(
        answer=answer, by=by, at=now, source=source,
        from_value=before["value"], to_value=value, from_reason=before["reason"], to_reason=reason,
    )  # fmt: skip
    node = tree(workbook.version).indicator(indicator.code)
    if node is not None:
        move_count(workbook, node[0].theme.pk, before=stood, after=standing(value, answer.live_actions))
    audit.record(
        by=by, verb="answer.changed", subject=f"answer:{workbook.public_id}/{answer.indicator.code}",
        chain=workbook.organisation.audit_chain, before={"value": before["value"]},
        after={"value": value, "words_changed": before["reason"] != reason},
    )  # fmt: skip
    return answer


@transaction.atomic
def assign(*, answer: Answer, to: Any, by: Any, seen: str | None = None) -> Answer:
    """Give an indicator to a colleague who may answer it, or to nobody (``None``).

    ``seen`` is the number of the person who had it when the page was opened (empty: nobody); when somebody else has it
    by now, ``Conflict`` holds the answer as it stands, and whom it was to go to.
    """
    organisation = answer.workbook.organisation
    if to is not None and not Access.of(to).can(Permission.ANSWER_WORKBOOK, organisation):
        raise Invalid(fields={"assigned_to": _("Choose a colleague who may answer the workbook.")})
    lock(answer.workbook)
    answer = Answer.objects.select_related(
        "assigned_to", "indicator", "workbook__organisation", "workbook__framework"
    ).get(pk=answer.pk)
    before = answer.assigned_to.public_id if answer.assigned_to else ""
    if seen is not None and seen != before and answer.assigned_to != to:
        raise Conflict(
            _("A colleague gave this indicator to somebody else while you were working."),
            theirs=answer,
            yours={"assigned_to": to},
        )
    answer.assigned_to = to
    answer.save(update_fields=["assigned_to"])
    if to is not None and to != by and to.public_id != before:
        _tell(answer, to)
    audit.record(
        by=by, verb="answer.assigned", subject=f"answer:{answer.workbook.public_id}/{answer.indicator.code}",
        chain=organisation.audit_chain, before=before, after=to.public_id if to else "",
    )  # fmt: skip
    return answer


def _tell(answer: Answer, to: Any) -> None:
    """A colleague hears of an indicator that was given to them."""
    book, indicator = answer.workbook, answer.indicator
    notifications.notify(
        user=to,
        kind="answer.given",
        text=Bilingual(
            f"An indicator was given to you: {indicator.code} {indicator.text.en}",
            f"Rhoddwyd dangosydd i chi: {indicator.code} {indicator.text.cy or indicator.text.en}",
        ),
        url=reverse("workbook_indicator", args=[book.organisation.slug, book.framework.slug, indicator.code]),
    )


def _tell_of_comment(said: Comment) -> None:
    """The one who holds the indicator, the one who answered it and those who spoke before hear of a new comment."""
    answer = said.answer
    heard = [answer.assigned_to_id, answer.changed_by_id, *answer.comments.values_list("by", flat=True)]
    wanted = {pk for pk in heard if pk is not None and pk != said.by_id}
    book, code = answer.workbook, answer.indicator.code
    url = reverse("workbook_indicator", args=[book.organisation.slug, book.framework.slug, code])
    for user in User.objects.filter(pk__in=wanted):
        if Access.of(user).can(Permission.SEE_WORKBOOK, book.organisation):
            text = Bilingual(f"{said.by.name} commented on {code}", f"Gwnaeth {said.by.name} sylw ar {code}")
            notifications.notify(user=user, kind="answer.commented", text=text, url=f"{url}#comments")


@transaction.atomic
def comment(*, answer: Answer, text: str, by: Any) -> Comment:
    """Say something to colleagues about an indicator."""
    text = plain(text)
    if not text:
        raise Invalid(fields={"text": _("Write your comment first.")})
    if len(text) > COMMENT_LIMIT:
        raise Invalid(fields={"text": _("Write at most %(limit)d characters.") % {"limit": COMMENT_LIMIT}})
    lock(answer.workbook)
    said = Comment.objects.create(answer=answer, by=by, at=clock.now(), text=text)
    Answer.objects.filter(pk=answer.pk).update(comment_count=Comment.objects.filter(answer=answer).count())
    _tell_of_comment(said)
    audit.record(
        by=by, verb="answer.commented", subject=f"answer:{answer.workbook.public_id}/{answer.indicator.code}",
        chain=answer.workbook.organisation.audit_chain,
    )  # fmt: skip
    return said


@transaction.atomic
def carry_over(*, workbook: Workbook, version: FrameworkVersion, by: Any) -> Workbook:
    """Take a workbook to a newer version. Answers move with their history, evidence and comments where the mapping says
    that they still answer; every other indicator of the new version starts unanswered."""
    workbook = (
        Workbook.objects.select_for_update(of=("self",)).select_related("version", "organisation").get(pk=workbook.pk)
    )
    if (
        version.framework_id != workbook.framework_id
        or not version.is_frozen
        or version.number <= workbook.version.number
    ):
        raise IllegalMove(_("Choose a newer published version of the same framework."))
    if workbook.watched:
        tell(workbook)
    old = {answer.indicator_id: answer for answer in Answer.objects.filter(
        workbook=workbook, indicator__version=workbook.version_id)}  # fmt: skip
    taken: set[int] = set()
    for answer, new_id, moves_on in moves(old, workbook.version, version):
        Action.objects.filter(workbook=workbook, indicator=answer.indicator_id).update(indicator=new_id)
        if moves_on:
            Answer.objects.filter(pk=answer.pk).update(indicator=new_id)
            taken.add(new_id)
    fresh = [indicator for indicator in tree(version).indicators if indicator.pk not in taken]
    Answer.objects.bulk_create([Answer(workbook=workbook, indicator=indicator) for indicator in fresh])
    _count_actions(workbook)
    before = workbook.version.public_id
    workbook.version = version
    workbook.save(update_fields=["version"])
    _count_afresh(workbook)
    audit.record(
        by=by, verb="workbook.carried_over", subject=f"workbook:{workbook.public_id}",
        chain=workbook.organisation.audit_chain, before=before,
        after={"version": version.public_id, "carried": len(taken), "unanswered": len(fresh)},
    )  # fmt: skip
    return workbook


def _count_actions(workbook: Workbook) -> None:
    """Keep each answer's count of live actions, after actions have moved to other indicators."""
    rows = Action.objects.filter(workbook=workbook, indicator__isnull=False).live().values("indicator")
    live = {row["indicator"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    wrong = []
    for answer in Answer.objects.filter(workbook=workbook):
        if answer.live_actions != live.get(answer.indicator_id, 0):
            answer.live_actions = live.get(answer.indicator_id, 0)
            wrong.append(answer)
    Answer.objects.bulk_update(wrong, ["live_actions"])
