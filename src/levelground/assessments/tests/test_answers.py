"""Saving answers: what changes, what is kept, what is refused."""

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, transaction

from levelground.assessments import services
from levelground.assessments.models import AnswerChange, Comment, Snapshot, ThemeProgress
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.audit.services import verify
from levelground.foundation.errors import Conflict, Invalid
from levelground.frameworks import services as frameworks
from levelground.frameworks.selectors import tree
from tests.factories import framework_data


def _first(cast):
    return tree(cast.version).indicators[0]


@pytest.mark.requirement("MQM-16", "MQM-17")
def test_met_needs_nothing_more(cast):
    answer = services.save_answer(workbook=cast.workbook, indicator=_first(cast), value="met", by=cast.alice)
    assert (answer.value, answer.evidence_count, answer.version) == ("met", 0, 1)
    change = AnswerChange.objects.get(answer=answer)
    assert (change.by, change.from_value, change.to_value) == (cast.alice, "", "met")
    assert AuditEvent.objects.filter(verb="answer.changed", actor=cast.alice.public_id).count() == 1


def test_counts_follow_in_the_same_transaction(cast):
    services.save_answer(workbook=cast.workbook, indicator=_first(cast), value="not_yet", by=cast.alice)
    row = ThemeProgress.objects.get(workbook=cast.workbook, theme__code="1")
    assert (row.total, row.gap, row.met, row.unanswered) == (3, 1, 0, 2)


def test_does_not_apply_needs_a_reason(cast):
    with pytest.raises(Invalid) as refused:
        services.save_answer(workbook=cast.workbook, indicator=_first(cast), value="not_applicable", by=cast.alice)
    assert "reason" in refused.value.fields
    assert not AnswerChange.objects.exists()


def test_a_stale_save_is_a_conflict_that_loses_neither_side(cast):
    services.save_answer(workbook=cast.workbook, indicator=_first(cast), value="met", by=cast.carys, seen_version=0)
    with pytest.raises(Conflict) as conflict:
        services.save_answer(
            workbook=cast.workbook, indicator=_first(cast), value="not_yet", by=cast.alice, seen_version=0
        )
    assert conflict.value.theirs.value == "met"
    assert conflict.value.yours == {"value": "not_yet", "reason": ""}


@pytest.mark.requirement("MQM-20", "MQM-21")
def test_the_workbook_stays_live_and_the_snapshot_stays_as_it_was(cast):
    services.save_answer(workbook=cast.workbook, indicator=_first(cast), value="met", by=cast.alice)
    snapshot = services.take_snapshot(workbook=cast.workbook, year=2026, by=cast.alice)
    services.save_answer(workbook=cast.workbook, indicator=_first(cast), value="not_yet", by=cast.alice)
    kept = Snapshot.objects.get(pk=snapshot.pk)
    assert (kept.payload, kept.sha256) == (snapshot.payload, snapshot.sha256)
    assert '"value":"met"' in kept.payload


def test_the_database_refuses_to_rewrite_history(cast):
    answer = services.save_answer(workbook=cast.workbook, indicator=_first(cast), value="met", by=cast.alice)
    services.comment(answer=answer, text="Said", by=cast.alice)
    services.take_snapshot(workbook=cast.workbook, year=2026, by=cast.alice)
    for act in (
        lambda: AnswerChange.objects.update(to_value="not_yet"),
        lambda: AuditEvent.objects.filter(verb="answer.changed").delete(),
        lambda: Snapshot.objects.update(payload="{}"),
        lambda: Snapshot.objects.all().delete(),
        lambda: Comment.objects.update(text="Never said"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert list(verify()) == []


@pytest.fixture
def in_words(cast):
    """Another mark whose first indicator asks for words and whose second asks yes or no."""
    data = framework_data(slug="words")
    one, two = data["areas"][0]["themes"][0]["standards"][0]["indicators"][:2]
    one["answer"], two["answer"] = "narrative", "yes_no"
    version = frameworks.publish(
        version=frameworks.import_version(network=cast.network, data=data, by=cast.nia), by=cast.nia
    )
    return services.start_workbook(organisation=cast.alder, version=version, by=cast.alice)


def test_an_answer_in_words_needs_and_keeps_its_words(cast, in_words, client):
    first = tree(in_words.version).indicators[0]
    with pytest.raises(Invalid):
        services.save_answer(workbook=in_words, indicator=first, value="met", by=cast.alice)
    services.save_answer(workbook=in_words, indicator=first, value="met", reason="We meet monthly.", by=cast.alice)
    client.force_login(cast.alice)
    page = BeautifulSoup(client.get("/o/alder/workbook/words/theme/1/").content, "html.parser")
    assert "We meet monthly." in page.select_one("#r-1\\.1\\.1").get_text()
    texts = [label.get_text(strip=True) for label in page.select("#i-1\\.1\\.2 .lg-choice__label")]
    assert texts == ["Yes", "No, not yet", "Does not apply"]
