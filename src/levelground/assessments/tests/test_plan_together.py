"""Two people at the same moment: one new date for the same actions, one newer version of the same document."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from levelground.assessments import services
from levelground.assessments.models import Action, ActionNote, Answer, Evidence
from levelground.assessments.services.due_dates import RowsRefused
from levelground.foundation.audit.services import verify
from levelground.foundation.documents.models import Document
from levelground.foundation.errors import Conflict
from tests.factories import Cast

from .test_together import _together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_one_of_two_changes_of_the_same_dates_is_asked_again():
    cast = Cast.make()
    actions = [
        services.create_action(workbook=cast.workbook, indicator=None, title=f"{n}", by=cast.alice) for n in range(5)
    ]
    chosen, refused = {action.public_id: 0 for action in actions}, []

    def change(by, day):
        try:
            services.change_due_dates(workbook=cast.workbook, chosen=chosen, due_on=day, reason="x", by=by)
        except RowsRefused as error:
            refused.append(len(error.rows))

    _together(
        lambda: change(cast.alice, dt.date(2099, 1, 1)),
        lambda: change(cast.carys, dt.date(2099, 2, 2)),
    )
    assert refused == [5]
    assert Action.objects.values("due_on").distinct().count() == 1
    assert ActionNote.objects.count() == 5
    assert list(verify()) == []


def test_one_of_two_newer_versions_is_asked_again():
    cast = Cast.make()
    answer = Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1")
    item = services.add_evidence(answer=answer, upload=SimpleUploadedFile("a.txt", b"one"), by=cast.alice)
    seen, refused = item.document.public_id, []

    def renew(by, text):
        try:
            services.renew_evidence(
                item=Evidence.objects.select_related("answer__workbook").get(pk=item.pk),
                upload=SimpleUploadedFile("a.txt", text), document_date=None, expires_on=None, by=by, seen=seen,
            )  # fmt: skip
        except Conflict as error:
            refused.append(error.theirs.document.number)

    _together(lambda: renew(cast.alice, b"two"), lambda: renew(cast.carys, b"another two"))
    assert refused == [2]
    assert Document.objects.count() == 2
