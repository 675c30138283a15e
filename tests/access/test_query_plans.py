"""No page looks through a whole table that grows with the network: asked of SQLite, which says how it will read."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from .table import LEAD, OFFICER, ROWS, Row
from .world import OWN, World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "sqlite" not in settings.DATABASES["default"]["ENGINE"],
        reason="PostgreSQL reads small tables through whatever indexes there are",
    ),
]
# With 10,000 members these have from ten thousand rows to some millions.
LARGE = {
    "accounts_user", "assessments_action", "assessments_answer", "assessments_answerchange", "assessments_evidence",
    "assessments_snapshot", "assessments_themeprogress", "assessments_workbook", "audit_auditevent",
    "cycles_submission", "cycles_submissionstep", "documents_document", "notifications_notification",
    "organisations_membership", "returns_quarterlyreturn",
}  # fmt: skip
ALIAS = re.compile(r'(?<=")(?P<table>\w+)" (?P<alias>[TUVW]\d+)\b')
# Rare pages that count everybody, once.
COUNTS_ALL = {"network_cycle_open": "how many members a new year reaches, and how many have nobody to tell"}
WHO = {"organisation": LEAD, "network": OFFICER}
PAGES = [row for row in ROWS if row.kind in WHO and row.takes("get") and row.name not in COUNTS_ALL]


def tables_read_through(sql: str) -> set[str]:
    """The large tables that SQLite would read from end to end for this query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [str(step[-1]).split() for step in cursor.fetchall()]
    names = {alias: table for table, alias in ALIAS.findall(sql)}
    return {names.get(step[1], step[1]) for step in steps if step[0] == "SCAN"} & LARGE


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_page_reads_only_what_it_shows(knock: World, row: Row) -> None:
    address = reverse(row.name, kwargs=row.kwargs(knock.homes[OWN]))
    with CaptureQueriesContext(connection) as seen:
        knock.ask(WHO[row.kind], "get", address, {})
    found: dict[str, Any] = {}
    for query in seen.captured_queries:
        if query["sql"].startswith("SELECT"):
            for table in tables_read_through(query["sql"]):
                found[table] = query["sql"][:600]
    assert not found
