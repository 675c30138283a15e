"""A cycle for the named people of the tests, and short ways through it."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from levelground.assessments import services as assessments
from levelground.cycles import content, services
from levelground.cycles.models import Cycle, Receipt, RequiredDocument, Submission
from levelground.foundation import clock
from levelground.frameworks.selectors import tree

DAY = dt.timedelta(days=1)


def make_cycle(cast: Any, *, year: int = 0, days_left: int = 30, **extra: Any) -> Cycle:
    """This year's cycle of the network of ``cast``, open since a month."""
    today = clock.today()
    dates = {"opens_on": today - 30 * DAY, "deadline": today + days_left * DAY} | extra
    return services.open_cycle(
        framework=cast.version.framework, framework_version=cast.version, year=year or today.year, by=cast.nia, **dates
    )


def of(cycle: Cycle, organisation: Any) -> Submission:
    """The organisation's submission as it stands now."""
    rows = Submission.objects.select_related(
        "cycle__framework__network", "cycle__framework_version", "organisation", "workbook__version",
        "workbook__framework", "workbook__organisation", "snapshot",
    )  # fmt: skip
    return rows.get(cycle=cycle, organisation=organisation)


def answer_all(book: Any, by: Any, value: str = "met") -> None:
    for indicator in tree(book.version).indicators:
        assessments.save_answer(
            workbook=book, indicator=indicator, value=value, by=by, reason="" if value == "met" else "Why"
        )


def paper(name: str = "paper.txt", text: str = "Words on paper") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def add_documents(submission: Submission, by: Any, *, age: int = 20) -> None:
    for required in RequiredDocument.objects.filter(cycle=submission.cycle):
        services.add_document(
            submission=submission, required=required, by=by, upload=paper(text=f"{required.code} of {submission}"),
            document_date=clock.today() - age * DAY,
        )  # fmt: skip


def complete(submission: Submission, by: Any) -> Submission:
    """Everything but the sign-off."""
    answer_all(submission.workbook, by)
    add_documents(submission, by)
    return of(submission.cycle, submission.organisation)


def sign(submission: Submission, by: Any) -> Submission:
    services.sign(submission=submission, by=by, agreed=True, seen_sha256=content.fingerprint(submission))
    return of(submission.cycle, submission.organisation)


def send(submission: Submission, lead: Any, trustee: Any) -> Receipt:
    """All the way."""
    return services.submit(submission=sign(complete(submission, lead), trustee), by=lead)


def move_deadline(cycle: Cycle, deadline: dt.date, reason: str, by: Any, **more: Any) -> Cycle:
    """Everyone's."""
    return services.change_cycle(
        cycle=cycle, opens_on=cycle.opens_on, deadline=deadline, framework_version=cycle.framework_version,
        reason=reason, by=by, **more,
    )  # fmt: skip
