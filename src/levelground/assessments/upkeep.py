"""Kept counts, counted afresh and compared: what ``doctor`` asks."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from .models import Action, Answer, Comment, Evidence, ThemeProgress, Workbook
from .states import LIVE, Value

_NAMES = ("total", "met", "working_towards", "gap", "not_applicable")


@dataclass(frozen=True)
class Drift:
    """A kept count that is not what counting gives."""

    what: str
    kept: int
    counted: int


def drifts() -> list[Drift]:
    """Every kept count of the workbooks that is wrong. A few grouped queries for the whole platform."""
    return [*_theme_drifts(), *_answer_drifts()]


def _theme_drifts() -> list[Drift]:
    counted = {
        (row["workbook"], row["indicator__standard__theme"]): row
        for row in Answer.objects.filter(indicator__version=F("workbook__version"))
        .values("workbook", "indicator__standard__theme")
        .annotate(
            total=Count("pk"),
            met=Count("pk", filter=Q(value=Value.MET)),
            working_towards=Count("pk", filter=Q(value=Value.NOT_YET, live_actions__gt=0)),
            gap=Count("pk", filter=Q(value=Value.NOT_YET, live_actions=0)),
            not_applicable=Count("pk", filter=Q(value=Value.NOT_APPLICABLE)),
        )
    }
    names = dict(Workbook.objects.values_list("pk", "public_id"))
    found = []
    for kept in ThemeProgress.objects.all():
        row = counted.pop((kept.workbook_id, kept.theme_id), dict.fromkeys(_NAMES, 0))
        found += [
            Drift(f"workbook {names[kept.workbook_id]}, theme {kept.theme_id}: {name}", getattr(kept, name), row[name])
            for name in _NAMES
            if getattr(kept, name) != row[name]
        ]
    return found + [
        Drift(f"workbook {names[book]}, theme {theme}: total", 0, row["total"])
        for (book, theme), row in counted.items()
    ]


def _answer_drifts() -> list[Drift]:
    comments = dict(Comment.objects.values_list("answer").annotate(n=Count("pk")))
    evidence = dict(Evidence.objects.all().current().values_list("answer").annotate(n=Count("pk")))
    actions = {
        (row["workbook"], row["indicator"]): row["n"]
        for row in Action.objects.filter(status__in=LIVE, indicator__isnull=False)
        .values("workbook", "indicator")
        .annotate(n=Count("pk"))
    }
    found = []
    interesting = (
        Q(comment_count__gt=0)
        | Q(evidence_count__gt=0)
        | Q(live_actions__gt=0)
        | Q(comments__isnull=False)
        | Q(evidence__isnull=False)
    )
    for answer in (
        Answer.objects.filter(interesting)
        .distinct()
        .only("pk", "workbook_id", "indicator_id", "comment_count", "evidence_count", "live_actions")
        .iterator(chunk_size=2000)
    ):
        live = actions.pop((answer.workbook_id, answer.indicator_id), 0)
        for name, counted in (
            ("comment_count", comments.get(answer.pk, 0)),
            ("evidence_count", evidence.get(answer.pk, 0)),
            ("live_actions", live),
        ):
            if getattr(answer, name) != counted:
                found.append(Drift(f"answer {answer.pk}: {name}", getattr(answer, name), counted))
    return found + [Drift(f"workbook {book}, indicator {i}: live_actions", 0, n) for (book, i), n in actions.items()]
