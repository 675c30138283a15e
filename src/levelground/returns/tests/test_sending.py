"""Writing a return and sending it."""

import datetime as dt
import hashlib
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from levelground.assessments import services as assessments
from levelground.assessments.models import Workbook
from levelground.assessments.selectors import rows as workbook_rows
from levelground.assessments.services.locking import workbook_changed
from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.notifications.models import Notification
from levelground.organisations.models import Affiliation
from levelground.returns import selectors, services
from levelground.returns.models import QuarterlyReturn, QuarterTally, ReturnChange, ReturnEdition
from levelground.returns.services import Chosen
from levelground.returns.states import ReturnStatus

from .conftest import Year, moment

pytestmark = pytest.mark.django_db


def payload(row):
    return json.loads(ReturnEdition.objects.get(quarterly_return=row, number=row.edition).payload)


def named(row):
    return [(one["code"], one["from"], one["to"], one["significant"]) for one in payload(row)["changes"]]


@pytest.mark.requirement("MQM-32", "MQM-05")
def test_a_return_without_a_change_is_sent_with_its_figures(july: Year) -> None:
    sent = july.send()
    kept = ReturnEdition.objects.get(quarterly_return=sent)
    assert (sent.status, sent.late, sent.edition) == (ReturnStatus.SENT, False, 1)
    assert sent.sha256 == kept.sha256 == hashlib.sha256(kept.payload.encode()).hexdigest()
    frozen = payload(sent)
    assert frozen["figures"] == [
        {"code": "people_reached", "label": {"en": "People reached", "cy": "Pobl a gyrhaeddwyd"},
         "kind": "count", "value": "120"}
    ]  # fmt: skip
    assert (frozen["significant_change"], frozen["changes"]) == (False, [])
    event = AuditEvent.objects.get(verb="return.sent")
    assert event.after == {"edition": 1, "sha256": sent.sha256, "late": False}


@pytest.mark.requirement("MQM-32")
def test_the_question_must_be_answered(july: Year) -> None:
    with pytest.raises(Invalid) as refused:
        july.send(significant_change=None)
    assert set(refused.value.fields) == {"significant_change"}
    assert july.row().status == ReturnStatus.DRAFT


@pytest.mark.requirement("MQM-32")
def test_yes_needs_an_indicator_and_a_description(july: Year) -> None:
    with pytest.raises(Invalid) as refused:
        july.send(significant_change=True)
    assert set(refused.value.fields) == {"ticked", "description"}
    sent = july.send(significant_change=True, description="We moved.", chosen=[Chosen("1.1.1", True, "New office")])
    assert payload(sent)["changes"][0] | {"text": ""} == {
        "code": "1.1.1", "text": "", "from": "", "to": "", "significant": True, "note": "New office",
    }  # fmt: skip


def test_a_required_figure_must_be_there_and_nought_is_one(july: Year) -> None:
    with pytest.raises(Invalid) as refused:
        july.send(values={})
    assert set(refused.value.fields) == {"figure-people_reached"}
    assert july.send(values={"people_reached": Decimal(0)}).edition == 1


@pytest.mark.parametrize("value", [Decimal("-1"), Decimal("1.5"), Decimal("NaN"), Decimal("1E+30")])
def test_a_value_that_cannot_be_is_refused_even_in_a_draft(july: Year, value: Decimal) -> None:
    with pytest.raises(Invalid) as refused:
        july.draft(values={"people_reached": value})
    assert set(refused.value.fields) == {"figure-people_reached"}


@pytest.mark.requirement("MQM-33")
def test_what_is_met_no_longer_is_listed_even_with_no(july: Year) -> None:
    july.answer("1.1.1", "met", moment(3, 5))
    july.answer("1.1.1", "not_yet", moment(5, 2))
    assert named(july.send()) == [("1.1.1", "met", "not_yet", False)]


@pytest.mark.requirement("MQM-33")
def test_what_is_met_no_longer_cannot_be_dropped_with_yes_either(july: Year) -> None:
    for code in ("1.1.1", "1.1.2"):
        july.answer(code, "met", moment(3, 5))
        july.answer(code, "not_yet", moment(5, 2))
    sent = july.send(
        significant_change=True, description="Staff left.", chosen=[Chosen("1.1.1", True), Chosen("1.1.2", False)]
    )
    assert named(sent) == [("1.1.1", "met", "not_yet", True), ("1.1.2", "met", "not_yet", False)]


@pytest.mark.requirement("MQM-33")
def test_other_changes_are_proposed_and_sent_only_when_ticked(july: Year) -> None:
    july.answer("1.1.1", "not_yet", moment(3, 5))
    july.answer("1.1.1", "met", moment(5, 2))
    july.answer("1.1.2", "met", moment(5, 2))
    found = selectors.proposals(july.cast.workbook, selectors.moment_since(july.first, july.cast.workbook))
    assert [(one.indicator.code, one.fell, one.first_answer) for one in found] == [
        ("1.1.1", False, False), ("1.1.2", False, True),
    ]  # fmt: skip
    assert named(july.send()) == []


@pytest.mark.requirement("MQM-33")
def test_only_the_net_change_counts_and_only_since_the_last_return(july: Year) -> None:
    july.answer("1.1.1", "met", moment(3, 5))
    july.answer("1.1.1", "not_yet", moment(5, 2))
    july.answer("1.1.1", "met", moment(5, 3))
    july.answer("1.1.2", "met", moment(3, 5))
    july.answer("1.1.2", "not_yet", moment(5, 2))
    assert [row[0] for row in named(july.send())] == ["1.1.2"]
    july.answer("1.1.3", "met", moment(7, 11))
    second = july.quarters[1]
    with clock.at(moment(10, 5)):
        since = selectors.moment_since(second, july.cast.workbook)
        assert since == moment(7, 10)
        found = selectors.proposals(july.cast.workbook, since)
        # The workbook's own filter "changed since last return" means the same moment.
        july.cast.workbook.refresh_from_db()
        rows = [row for row in workbook_rows(july.cast.workbook) if "quarter" in row.filters(july.cast.alice)]
    assert [one.indicator.code for one in found] == [row.indicator.code for row in rows] == ["1.1.3"]


@pytest.mark.requirement("MQM-33")
def test_before_the_first_return_changes_count_from_the_snapshot(july: Year) -> None:
    with clock.at(moment(5, 15)):
        assessments.take_snapshot(workbook=july.cast.workbook, year=2026, by=july.cast.alice)
    assert selectors.moment_since(july.first, july.cast.workbook) == moment(5, 15)


def test_a_draft_keeps_words_beside_what_is_not_ticked_and_does_not_send_them(july: Year) -> None:
    july.answer("1.1.1", "not_yet", moment(3, 5))
    july.answer("1.1.1", "met", moment(5, 2))
    july.draft(chosen=[Chosen("1.1.1", False, "Perhaps?")])
    assert ReturnChange.objects.get().note == "Perhaps?"
    sent = services.send_return(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)
    assert named(sent) == []


def test_an_unknown_code_is_named(july: Year) -> None:
    with pytest.raises(Invalid) as refused:
        july.draft(chosen=[Chosen("9.9.9", True)])
    assert "9.9.9" in str(refused.value.fields["other_codes"])
    assert july.draft(chosen=[Chosen("9.9.9", False, "Left over from an older page")]).version == 1


def test_nothing_goes_out_that_nobody_has_looked_at(july: Year) -> None:
    july.answer("1.1.1", "met", moment(3, 5))
    july.draft()
    seen = selectors.digest(selectors.proposals(july.cast.workbook, moment(4, 1)))
    july.answer("1.1.1", "not_yet", moment(7, 9))
    send = {"quarter": july.first, "organisation": july.cast.alder, "by": july.cast.alice}
    with pytest.raises(IllegalMove):
        services.send_return(**send, seen_changes=seen)
    now = selectors.digest(selectors.proposals(july.cast.workbook, moment(4, 1)))
    assert services.send_return(**send, seen_changes=now).edition == 1


@pytest.mark.requirement("MQM-34")
def test_lateness_follows_from_the_day_it_was_sent(july: Year) -> None:
    with clock.at(dt.datetime(2026, 7, 31, 22, 59, tzinfo=dt.UTC)):
        assert july.send().late is False
    with clock.at(dt.datetime(2026, 7, 31, 23, 1, tzinfo=dt.UTC)):  # 1 August in London
        assert july.send(organisation=july.cast.birch, by=july.cast.bob).late is True


@pytest.mark.requirement("MQM-34")
def test_too_early_and_too_late_are_refused(july: Year) -> None:
    with clock.at(moment(6, 30)), pytest.raises(IllegalMove, match="opens on 1 July"):
        july.draft()
    july.draft()
    with clock.at(moment(9, 1)):
        with pytest.raises(IllegalMove, match="locked"):
            july.draft(description="More")
        with pytest.raises(IllegalMove, match="locked"):
            services.send_return(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)


def test_a_former_member_sends_nothing(july: Year) -> None:
    Affiliation.objects.filter(organisation=july.cast.alder).update(left_on=dt.date(2026, 7, 1), left_reason="Left")
    with pytest.raises(IllegalMove):
        july.draft()


def test_an_empty_return_is_not_sent(july: Year) -> None:
    with pytest.raises(IllegalMove):
        services.send_return(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)


def test_the_second_of_two_editors_sees_both(july: Year) -> None:
    july.draft(seen_version=0)
    with pytest.raises(Conflict) as conflict:
        july.draft(values={"people_reached": Decimal(99)}, by=july.cast.carys, seen_version=0)
    assert conflict.value.theirs.version == 1
    assert conflict.value.yours["values"] == {"people_reached": "99"}
    assert july.draft(seen_version=0).version == 1  # the same content is no conflict
    with pytest.raises(Conflict):
        services.send_return(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice, seen_version=0)


def test_a_sent_return_is_not_a_draft_any_more(july: Year) -> None:
    july.send()
    with pytest.raises(IllegalMove):
        july.draft(description="Changed my mind")
    with pytest.raises(IllegalMove):
        services.send_return(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)


@pytest.mark.requirement("MQM-34")
def test_a_correction_keeps_what_was_sent_before(july: Year) -> None:
    first = july.send()
    before = ReturnEdition.objects.get().payload
    with clock.at(moment(8, 10)):
        services.start_correction(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)
        again = july.send(values={"people_reached": Decimal(150)})
    assert (again.edition, again.late, again.sent_at) == (2, False, first.sent_at)
    assert again.last_sent_at == moment(8, 10)
    assert ReturnEdition.objects.get(number=1).payload == before
    assert payload(again)["figures"][0]["value"] == "150"
    assert payload(again)["edition"] == 2


def test_a_correction_that_is_given_up_leaves_what_was_sent(july: Year) -> None:
    where = {"quarter": july.first, "organisation": july.cast.alder, "by": july.cast.alice}
    july.send(significant_change=True, description="We moved.", chosen=[Chosen("1.1.1", True, "New office")])
    services.start_correction(**where)
    july.draft(values={"people_reached": Decimal(1)}, description="Oh", chosen=[])
    row = services.drop_correction(**where)
    assert (row.status, row.description, row.significant_change) == (ReturnStatus.SENT, "We moved.", True)
    assert [(one.code, one.note) for one in row.changes.all()] == [("1.1.1", "New office")]
    assert row.values.get().value == Decimal(120)


def test_the_database_keeps_what_was_sent(july: Year) -> None:
    july.send()
    for write in (
        lambda: ReturnEdition.objects.update(payload="{}"),
        lambda: ReturnEdition.objects.all()._raw_delete("default"),
        lambda: QuarterlyReturn.objects.filter(edition=1)._raw_delete("default"),
        lambda: QuarterlyReturn.objects.filter(edition=1).update(late=None),
        lambda: QuarterlyReturn.objects.filter(edition=1).update(sent_at=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


@pytest.mark.requirement("MQM-34")
def test_one_return_a_quarter(july: Year) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QuarterlyReturn.objects.create(quarter=july.first, organisation=july.cast.alder)


def test_officers_hear_of_a_significant_change_and_of_nothing_else(july: Year) -> None:
    july.send(organisation=july.cast.birch, by=july.cast.bob)
    assert not Notification.objects.filter(kind="return.significant_change").exists()
    sent = july.send(significant_change=True, description="We moved.", chosen=[Chosen("1.1.1", True)])
    told = Notification.objects.get(kind="return.significant_change")
    assert (told.user, told.url) == (july.cast.nia, f"/returns/{sent.public_id}/")


def test_a_member_without_a_workbook_sends_a_return_too(july: Year) -> None:
    from tests.factories import OrganisationFactory

    elm = OrganisationFactory(slug="elm")
    Affiliation.objects.create(network=july.cast.network, organisation=elm, joined_on=dt.date(2026, 5, 1))
    sent = july.send(organisation=elm, significant_change=True, description="We began.", chosen=[Chosen("1.1.1", True)])
    assert sent.workbook is None
    assert named(sent) == [("1.1.1", "", "", True)]
    assert QuarterTally.objects.get(quarter=july.first).owed == 3


@pytest.mark.requirement("MQM-33")
@pytest.mark.parametrize("between", ["not_applicable", ""])
def test_what_was_met_is_listed_also_when_a_return_lies_between_two_steps(year: Year, between: str) -> None:
    """Met, then "does not apply" or nothing, then not yet: each return would see only the one step."""
    year.answer("1.1.1", "met", moment(5, 5))
    with clock.at(moment(7, 2)):
        year.send()
    year.answer("1.1.1", between, moment(8, 5), reason="Hm" if between else "")
    with clock.at(moment(10, 2)):
        assert named(year.send(quarter=year.quarters[1])) == [("1.1.1", "met", between, False)]


def test_a_return_does_not_begin_the_yearly_snapshot(july: Year) -> None:
    told = []
    Workbook.objects.filter(pk=july.cast.workbook.pk).update(watched=True)

    def hear(**what):
        told.append(what)

    workbook_changed.connect(hear)
    try:
        july.send()
    finally:
        workbook_changed.disconnect(hear)
    assert told == []
