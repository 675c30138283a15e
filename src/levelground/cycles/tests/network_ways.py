"""Members by the dozen for the tests of the network's pages, put where a test wants them."""

import datetime as dt
from typing import Any

from django.urls import reverse

from levelground.assessments.models import Snapshot, Workbook
from levelground.cycles.models import Cycle, Submission
from levelground.cycles.states import UNSENT, Status
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.models import Affiliation, Organisation
from tests.factories import OrganisationFactory


def at(cycle: Cycle, name: str = "network_cycle", *more: str) -> str:
    return reverse(name, args=[cycle.network.slug, cycle.framework.slug, cycle.year, *more])


def join(network: Any, name: str, **extra: Any) -> Organisation:
    """A new member; a cycle that is on gets a row for it by itself."""
    slug = name.lower().replace(" ", "-")
    member = OrganisationFactory(slug=slug, name=Bilingual(name, f"{name} (cy)"), **extra)
    Affiliation.objects.create(network=network, organisation=member, joined_on=dt.date(2020, 1, 1))
    return member


def put(
    cycle: Cycle, member: Organisation, status: str, *, deadline: dt.date | None = None, late: bool = False
) -> Submission:
    """Take a member's row to a status without going the way: only for tests of what is read."""
    row = Submission.objects.get(cycle=cycle, organisation=member)
    row.status, row.deadline = status, deadline or row.deadline
    if status not in (*UNSENT, Status.WITHDRAWN):
        now = clock.now()
        book, _made = Workbook.objects.get_or_create(
            organisation=member, framework=cycle.framework,
            defaults={"version": cycle.framework_version, "started_at": now},
        )  # fmt: skip
        row.snapshot = Snapshot.objects.create(
            workbook=book, year=cycle.year, edition=1, version=cycle.framework_version, submitted_by=cycle.created_by,
            submitted_at=now, payload='{"indicators":[]}', sha256="0" * 64,
        )  # fmt: skip
        row.sent_at, row.late, row.receipt_number = now, late, f"{cycle.year}-{row.pk:04}"
    row.save()
    return row
