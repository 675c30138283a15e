"""From workbook to receipt."""

import json

import pytest

from levelground.assessments import services as assessments
from levelground.assessments.services.frozen import content_sha256
from levelground.cycles import services
from levelground.cycles.models import SubmissionStep
from levelground.cycles.readiness import NotReady
from levelground.frameworks.selectors import tree

from .ways import make_cycle, of, send

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("MQM-21", "MQM-25", "MQM-31")
def test_a_snapshot_is_sent_with_all_that_belongs_to_it_and_a_receipt(cast):
    cycle = make_cycle(cast)
    receipt = send(of(cycle, cast.alder), cast.alice, cast.tomos)
    row = of(cycle, cast.alder)
    assert (row.status, row.receipt_number, row.late) == ("submitted", f"{cycle.year}-0001", False)
    payload = json.loads(receipt.snapshot.payload)
    assert [one["code"] for one in payload["documents"]] == ["strategy", "risk", "budget", "accounts", "minutes"]
    assert payload["signed"]["by"]["name"] == "Tomos Trustee"
    assert payload["signed"]["content_sha256"] == content_sha256(payload)
    steps = SubmissionStep.objects.filter(submission=row).values_list("from_status", "to_status")
    assert list(steps) == [("not_started", "in_progress"), ("in_progress", "ready"), ("ready", "submitted")]


@pytest.mark.requirement("MQM-20", "MQM-21")
def test_editing_afterwards_never_alters_what_was_sent(cast):
    cycle = make_cycle(cast)
    snapshot = send(of(cycle, cast.alder), cast.alice, cast.tomos).snapshot
    before = snapshot.payload.encode()
    for indicator in tree(cast.version).indicators:
        assessments.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.carys)
    snapshot.refresh_from_db()
    assert snapshot.payload.encode() == before


@pytest.mark.requirement("MQM-25")
def test_sending_is_refused_naming_each_missing_thing(cast):
    submission = of(make_cycle(cast), cast.alder)
    with pytest.raises(NotReady) as refused:
        services.submit(submission=submission, by=cast.alice)
    kinds = [(one.kind, one.code) for one in refused.value.missing]
    documents = [("document", code) for code in ("strategy", "risk", "budget", "accounts", "minutes")]
    assert kinds == [("answers", "1"), ("answers", "2"), *documents, ("sign_off", "")]
