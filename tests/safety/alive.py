"""Works in a restored system as people would: run by its name, it fails where the system is not as it should be."""

import datetime as dt

import django


def main() -> None:
    django.setup()
    from django.db import DatabaseError, connection, transaction

    from levelground.accounts.models import User
    from levelground.assessments import services as assessments
    from levelground.assessments.models import AnswerChange, Snapshot, Workbook
    from levelground.foundation.audit import services as audit
    from levelground.foundation.audit.models import AuditEvent

    # The database refuses what it always refused.
    for what in (AuditEvent.objects.all(), AnswerChange.objects.all(), Snapshot.objects.all()):
        assert what.exists(), what.model
        try:
            with transaction.atomic():
                what.delete() if what.model is Snapshot else what.update(id=-1)
        except DatabaseError:
            continue
        raise SystemExit(f"{what.model.__name__} could be changed")
    # New rows find free numbers, in every table that gives out numbers.
    book = Workbook.objects.select_related("version", "organisation").earliest("pk")
    lead = User.objects.filter(memberships__organisation=book.organisation).earliest("pk")
    answer = book.answers.select_related("indicator").latest("pk")
    value = "not_yet" if answer.value != "not_yet" else "met"
    assessments.save_answer(workbook=book, indicator=answer.indicator, value=value, by=lead)
    assessments.comment(answer=answer, text="Still here", by=lead)
    User.objects.create(email=f"new-{dt.datetime.now(dt.UTC).timestamp()}@test.example", name="New")
    assert list(audit.verify()) == []
    connection.check_constraints()
    if connection.vendor == "postgresql":
        _sequences_are_ahead()


def _sequences_are_ahead() -> None:
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key])
            (sequence,) = cursor.fetchone()
            if sequence is None:
                continue
            cursor.execute(f"SELECT MAX({key}) FROM {table}")
            (largest,) = cursor.fetchone()
            cursor.execute("SELECT nextval(%s)", [sequence])
            (following,) = cursor.fetchone()
            assert following > (largest or 0), (table, largest, following)


if __name__ == "__main__":
    main()
