"""Reads of the yearly cycle, shaped for pages. None asks once per member."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum

from levelground.assessments.models import Evidence, Snapshot, ThemeProgress
from levelground.foundation import clock, formats
from levelground.foundation.documents.models import Document
from levelground.foundation.prepared import Prepared
from levelground.organisations.models import Network, Organisation

from .models import (
    Cycle,
    Extension,
    Receipt,
    RequiredDocument,
    SignOff,
    SignOffRequest,
    Submission,
    SubmissionDocument,
    SubmissionStep,
)
from .states import Answered, Status


def current_cycles(network: Network) -> list[Cycle]:
    """The newest opened cycle of each framework of the network."""
    newest: dict[int, Cycle] = {}
    rows = Cycle.objects.filter(framework__network=network, opens_on__lte=clock.today())
    for cycle in rows.select_related("framework__network", "framework_version").order_by("year"):
        newest[cycle.framework_id] = cycle
    return list(newest.values())


@dataclass(frozen=True)
class Progress:
    """How ready one member is, from kept counts: never an answer."""

    answered: int
    total: int
    gaps: int
    documents: int
    wanted: int
    asked: bool
    signed: bool

    @property
    def left(self) -> int:
        return self.total - self.answered


def progress_of(submissions: Sequence[Submission]) -> dict[int, Progress]:
    """The readiness of the submissions of one page, by their id. Five queries for any number."""
    books = {row.workbook_id for row in submissions if row.workbook_id}
    sums: dict[int | None, Any] = {
        row["workbook"]: row
        for row in ThemeProgress.objects.filter(workbook__in=books)
        .values("workbook")
        .annotate(
            n_total=Sum("total"),
            n_answered=Sum(F("met") + F("working_towards") + F("gap") + F("not_applicable")),
            n_gaps=Sum("gap"),
        )
    }
    ids = [row.pk for row in submissions]
    there = dict(
        SubmissionDocument.objects.filter(submission__in=ids, replaced_at__isnull=True)
        .values_list("submission")
        .annotate(n=Count("pk"))
    )
    cycles = {row.cycle_id for row in submissions}
    wanted = dict(RequiredDocument.objects.filter(cycle__in=cycles).values_list("cycle").annotate(n=Count("pk")))
    asked = set(
        SignOffRequest.objects.filter(submission__in=ids, answer=Answered.OPEN).values_list("submission", flat=True)
    )
    signed = set(
        SignOff.objects.filter(submission__in=ids, lapsed_at__isnull=True).values_list("submission", flat=True)
    )
    found = {}
    for row in submissions:
        kept = sums.get(row.workbook_id, {})
        found[row.pk] = Progress(
            answered=int(kept.get("n_answered") or 0), total=int(kept.get("n_total") or 0),
            gaps=int(kept.get("n_gaps") or 0), documents=there.get(row.pk, 0), wanted=wanted.get(row.cycle_id, 0),
            asked=row.pk in asked, signed=row.pk in signed,
        )  # fmt: skip
    return found


def submissions_of(organisation: Organisation, user: Any) -> list[Submission]:
    """The organisation's years, the newest first, as far as ``user`` may see them."""
    rows = Submission.objects.all().visible_to(user).filter(organisation=organisation)
    joined = rows.select_related("cycle__framework__network", "organisation", "workbook", "snapshot")
    return list(joined.defer("snapshot__payload").order_by("-cycle__year", "cycle__framework"))


def returned_with(submission: Submission) -> SubmissionStep | None:
    """Why the network sent it back, when that is where it stands."""
    if submission.status != Status.RETURNED:
        return None
    steps = SubmissionStep.objects.filter(submission=submission, to_status=Status.RETURNED)
    return steps.select_related("by").last()


_last_request = Prepared(
    lambda submission: SignOffRequest.objects.filter(submission=submission).select_related("answered_by")[:1]
)
_last_sign_off = Prepared(lambda submission: SignOff.objects.filter(submission=submission).select_related("by")[:1])


def latest_words(submission: Submission) -> SignOffRequest | None:
    """What an approver wanted changed, while nobody has been asked again and nobody has signed since."""
    newest: SignOffRequest | None = _last_request.first(submission.pk)
    if newest is None or newest.answer != Answered.NOT_YET:
        return None
    signed = SignOff.objects.filter(submission=submission, at__gt=newest.answered_at)
    return None if signed.exists() else newest


def lapsed(submission: Submission) -> SignOff | None:
    """The newest sign-off, when it holds no longer and none has followed."""
    newest: SignOff | None = _last_sign_off.first(submission.pk)
    return newest if newest is not None and newest.lapsed_at is not None else None


def receipt_of(submission: Submission, number: str) -> Receipt | None:
    """One receipt of a submission by its number, such as ``2026-0042``."""
    year, _dash, sequence = number.partition("-")
    if not (number.isascii() and year.isdigit() and sequence.isdigit() and len(number) < 20):
        return None
    rows = Receipt.objects.filter(submission=submission, year=int(year), sequence=int(sequence))
    return rows.select_related("snapshot__submitted_by", "snapshot__version", "network").first()


def receipts_of(submission: Submission) -> list[Receipt]:
    rows = Receipt.objects.filter(submission=submission).select_related("snapshot__submitted_by", "network")
    return list(rows.defer("snapshot__payload"))


def extensions_of(submission: Submission) -> list[Extension]:
    """The changes of its deadline, everyone's and its own, the newest first."""
    rows = Extension.objects.filter(cycle=submission.cycle_id)
    mine = rows.filter(Q(organisation__isnull=True) | Q(organisation=submission.organisation_id))
    return list(mine.select_related("by"))


_earlier = Prepared(
    lambda workbook, year: (
        Snapshot.objects.filter(workbook=workbook, year__lt=year)
        .select_related("version", "submitted_by")
        .defer("payload")
        .order_by("-year", "-edition")[:1]
    )
)


def earlier_snapshot(submission: Submission) -> Snapshot | None:
    """What the member sent for the newest year before this one; its content comes when it is asked for."""
    if submission.workbook_id is None:
        return None
    found: Snapshot | None = _earlier.first(submission.workbook_id, submission.cycle.year)
    return found


def asked_for(submission: Submission, code: str) -> RequiredDocument | None:
    return RequiredDocument.objects.filter(cycle=submission.cycle_id, code=code).first()


def versions_of(submission: Submission, required: RequiredDocument) -> list[SubmissionDocument]:
    """What was put in a document's place, the newest first."""
    rows = SubmissionDocument.objects.filter(submission=submission, required=required)
    return list(rows.select_related("document", "added_by", "required"))


@dataclass(frozen=True)
class Known:
    """A document that the organisation has here already."""

    document: Document
    words: str
    date: dt.date | None
    period: str = ""


def known_documents(submission: Submission, required: RequiredDocument) -> list[Known]:
    """What could be picked instead of uploaded: other years' documents, those of the same kind first, then evidence."""
    current = SubmissionDocument.objects.filter(submission=submission, required=required).current().first()
    seen: set[int] = {current.document_id} if current else set()
    found: list[Known] = []
    others = SubmissionDocument.objects.filter(submission__organisation=submission.organisation_id).current()
    rows = list(others.select_related("document", "required", "submission__cycle").order_by("-added_at")[:200])
    for item in sorted(rows, key=lambda item: item.required.code != required.code):
        if item.document_id not in seen:
            seen.add(item.document_id)
            words = f"{item.required.name} {item.submission.cycle.year}: {_written(item.document_date)}"
            found.append(Known(item.document, words, item.document_date, item.period))
    evidence = Evidence.objects.filter(answer__workbook=submission.workbook_id, document__isnull=False).current()
    for proof in evidence.select_related("document").order_by("-added_at")[:200]:
        if proof.document is not None and proof.document_id not in seen:
            seen.add(proof.document.pk)
            date = proof.document_date or proof.document.document_date
            found.append(Known(proof.document, f"{proof.title}: {_written(date)}", date))
    return found


def _written(day: Any) -> str:
    return formats.short_date(day) or "–"
