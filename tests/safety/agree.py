"""Do the answers, their history, the kept counts and the audit log agree? Run by its name after a sudden death.

It prints, for each indicator of each workbook, the words of its history from the first to the last; it fails where two
of them tell different things."""

import json
import sys
from collections import Counter

import django


def main() -> None:
    django.setup()
    from django.db import connection

    from levelground.assessments.models import Answer
    from levelground.foundation.audit import services as audit
    from levelground.foundation.audit.models import AuditEvent
    from levelground.foundation.counts import RECOUNTS

    assert list(audit.verify()) == []
    assert RECOUNTS
    for name, count in RECOUNTS.items():
        assert list(count()) == [], name
    connection.check_constraints()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    told = Counter(AuditEvent.objects.filter(verb="answer.changed").values_list("subject", flat=True))
    histories = {}
    for answer in Answer.objects.select_related("workbook__organisation", "indicator"):
        changes = list(answer.changes.order_by("pk"))
        standing = ("", "")
        for change in changes:
            assert (change.from_value, change.from_reason) == standing, answer
            standing = (change.to_value, change.to_reason)
        assert (answer.value, answer.reason) == standing, answer
        code = answer.indicator.code
        events = told.pop(f"answer:{answer.workbook.public_id}/{code}", 0)
        assert answer.version == len(changes) == events, answer
        histories[f"{answer.workbook.organisation.slug} {code}"] = [change.to_reason for change in changes]
    assert not told
    json.dump(histories, sys.stdout)


if __name__ == "__main__":
    main()
