"""A year later: less work, and what has changed."""

import datetime as dt

import pytest

from levelground.assessments import services as assessments
from levelground.assessments.models import Snapshot
from levelground.cycles import selectors, services, upkeep
from levelground.cycles.changes import year_on_year
from levelground.cycles.models import IndicatorTally, RequiredDocument
from levelground.cycles.readiness import NotReady, readiness
from levelground.foundation import clock
from levelground.foundation.errors import Invalid
from levelground.frameworks import services as frameworks
from levelground.frameworks.models import FrameworkVersion
from levelground.frameworks.selectors import tree
from tests.factories import framework_data

from .ways import DAY, add_documents, answer_all, complete, make_cycle, of, paper, send, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(cast):
    """Alder sent its snapshot a year ago; the next cycle has opened."""
    with clock.at(clock.now() - 365 * DAY):
        assessments.create_action(workbook=cast.workbook, indicator=None, title="Old plan", by=cast.alice)
        send(of(make_cycle(cast), cast.alder), cast.alice, cast.tomos)
    return of(make_cycle(cast), cast.alder)


@pytest.mark.requirement("MQM-24")
def test_year_two_starts_from_the_live_workbook_and_asks_only_for_documents_and_sign_off(cast, later):
    state = readiness(later)
    assert (later.status, state.answered, state.total) == ("not_started", 6, 6)
    assert {one.kind for one in state.missing} == {"document", "sign_off"}


@pytest.mark.requirement("MQM-24", "MQM-23")
def test_last_years_document_is_one_choice_away_with_its_date(cast, later):
    strategy = RequiredDocument.objects.get(cycle=later.cycle, code="strategy")
    known = selectors.known_documents(later, strategy)
    assert known[0].words.startswith(f"Strategic plan {later.cycle.year - 1}")
    item = services.add_document(
        submission=later, required=strategy, by=cast.carys, known=known[0].document, document_date=known[0].date
    )
    assert item.document_date == clock.today() - dt.timedelta(days=365 + 20)
    assert of(later.cycle, cast.alder).status == "in_progress"


def test_a_document_of_another_member_cannot_be_picked(cast, later):
    strategy = RequiredDocument.objects.get(cycle=later.cycle, code="strategy")
    assert selectors.known_documents(of(later.cycle, cast.birch), strategy) == []


@pytest.mark.requirement("MQM-24")
def test_what_changed_since_last_year(cast, later):
    one, two, three = tree(cast.version).indicators[:3]
    assessments.save_answer(workbook=cast.workbook, indicator=one, value="not_yet", reason="Left", by=cast.alice)
    assessments.save_answer(workbook=cast.workbook, indicator=two, value="not_applicable", reason="No", by=cast.alice)
    new = assessments.create_action(workbook=cast.workbook, indicator=one, title="Do it again", by=cast.alice)
    old = cast.workbook.actions.get(title="Old plan")
    assessments.move_action(action=old, to="done", text="Done in May", by=cast.alice)
    found = year_on_year(later, selectors.earlier_snapshot(later))
    assert [(item.indicator.code, item.direction) for item in found.answers] == [("1.1.1", "worse"), ("1.1.2", "other")]
    assert (found.then["met"], found.now["met"]) == (6, 4)
    assert [action["title"] for action in found.new_actions] == [new.title]
    assert [action["title"] for action in found.finished] == ["Old plan"]
    assert all(item.now is None for item in found.documents) and len(found.documents) == 5
    assert three.code not in [item.indicator.code for item in found.answers]


@pytest.mark.requirement("MQM-24")
def test_after_sending_the_two_snapshots_are_compared_and_not_the_workbook(cast, later):
    assessments.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="not_yet", reason="x", by=cast.alice
    )
    row = of(later.cycle, cast.alder)
    add_documents(row, cast.alice)
    services.submit(submission=sign(of(later.cycle, cast.alder), cast.tomos), by=cast.alice)
    assessments.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="met", by=cast.alice
    )
    row = of(later.cycle, cast.alder)
    found = year_on_year(row, selectors.earlier_snapshot(row))
    assert [item.direction for item in found.answers] == ["worse"]


def _second_version(cast) -> FrameworkVersion:
    data = framework_data(indicators=4, label="2")
    return frameworks.publish(
        version=frameworks.import_version(network=cast.network, data=data, by=cast.nia), by=cast.nia
    )


def test_an_older_version_is_named_as_missing_and_that_of_the_year_is_sent(cast):
    second = _second_version(cast)
    today = clock.today()
    cycle = services.open_cycle(
        framework=second.framework,
        framework_version=second,
        year=today.year,
        opens_on=today,
        deadline=today,
        by=cast.nia,
    )
    assert readiness(of(cycle, cast.alder)).unfinished[0].kind == "version"
    assessments.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    row = of(cycle, cast.alder)
    assert (row.status, row.workbook.version) == ("in_progress", second)
    send(row, cast.alice, cast.tomos)
    assert of(cycle, cast.alder).snapshot.version == second
    counted = IndicatorTally.objects.filter(cycle=cycle, met=1).select_related("indicator__version")
    assert {one.indicator.version for one in counted} == {second}
    assert list(upkeep.drifts()) == []


def _send(cast, cycle):
    services.submit(submission=of(cycle, cast.alder), by=cast.alice)


def _ask(cast, cycle):
    services.ask_for_sign_off(submission=of(cycle, cast.alder), by=cast.alice)


def _sign(cast, cycle):
    sign(of(cycle, cast.alder), cast.tomos)


@pytest.mark.parametrize("step", [_ask, _sign, _send])
def test_a_workbook_that_has_moved_on_is_not_asked_for_signed_or_sent_for_a_year_of_the_older_version(cast, step):
    cycle = make_cycle(cast)
    sign(complete(of(cycle, cast.alder), cast.alice), cast.tomos)
    second = _second_version(cast)
    assessments.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    answer_all(of(cycle, cast.alder).workbook, cast.alice)
    with pytest.raises(NotReady) as refused:
        step(cast, cycle)
    assert refused.value.missing[0].kind == "newer_version"
    assert "asks for version 1, and your workbook follows 2: ask your network" in refused.value.missing[0].text
    assert not Snapshot.objects.exists() and not of(cycle, cast.alder).snapshot_id


def test_the_year_page_says_what_to_do_when_the_workbook_has_moved_on(client, cast):
    cycle = make_cycle(cast)
    complete(of(cycle, cast.alder), cast.alice)
    second = _second_version(cast)
    assessments.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    answer_all(of(cycle, cast.alder).workbook, cast.alice)
    client.force_login(cast.alice)
    for part in ("", "send/"):
        words = client.get(f"/o/alder/year/mark/{cycle.year}/{part}").content.decode()
        assert "your workbook" in words and "sk your network" in words, part
    services.change_cycle(
        cycle=cycle, opens_on=cycle.opens_on, deadline=cycle.deadline, framework_version=second, by=cast.nia
    )
    assert readiness(of(cycle, cast.alder)).is_complete, "the network let the year ask for it"


def test_a_question_of_the_new_version_shows_as_new(cast, later):
    second = _second_version(cast)
    assessments.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    row = of(later.cycle, cast.alder)
    found = year_on_year(row, selectors.earlier_snapshot(row))
    assert {(item.indicator.code, item.direction) for item in found.answers} == {("1.1.4", "new"), ("2.1.4", "new")}


@pytest.mark.requirement("MQM-26")
def test_a_document_has_a_date_of_its_own_and_age_is_a_warning_only(cast):
    cycle = make_cycle(cast)
    row = of(cycle, cast.alder)
    budget = RequiredDocument.objects.get(cycle=cycle, code="budget")
    for wrong in (None, clock.today() + DAY):
        with pytest.raises(Invalid) as refused:
            services.add_document(submission=row, required=budget, by=cast.alice, upload=paper(), document_date=wrong)
        assert "document_date" in refused.value.fields
    item = services.add_document(
        submission=row, required=budget, by=cast.alice, upload=paper(), document_date=clock.today() - 800 * DAY
    )
    assert item.is_stale()
    assert item.document_date != item.added_at.date()
    place = next(one for one in readiness(row).documents if one.required == budget)
    assert place.is_stale and place.current == item
    services.change_document_date(submission=row, required=budget, by=cast.alice, document_date=clock.today())
    assert [one.replaced_at is None for one in selectors.versions_of(row, budget)] == [True, False]
    services.remove_document(submission=row, required=budget, by=cast.alice)
    assert "budget" in [one.code for one in readiness(row).missing]


def test_a_not_yet_needs_an_action_or_a_reason(cast):
    cycle = make_cycle(cast)
    row = complete(of(cycle, cast.alder), cast.alice)
    first = tree(cast.version).indicators[0]
    assessments.save_answer(workbook=cast.workbook, indicator=first, value="not_yet", by=cast.alice)
    assert [(one.kind, one.code) for one in readiness(row).unfinished] == [("action", "1.1.1")]
    action = assessments.create_action(workbook=cast.workbook, indicator=first, title="Plan", by=cast.alice)
    assert readiness(row).is_complete
    assessments.move_action(action=action, to="cancelled", text="No money", by=cast.alice)
    assert not readiness(row).is_complete
    assessments.save_answer(workbook=cast.workbook, indicator=first, value="not_yet", reason="No money", by=cast.alice)
    assert readiness(row).is_complete


@pytest.mark.requirement("MQM-24")
def test_while_the_member_corrects_it_what_changed_is_that_of_the_workbook(cast, later):
    earlier = selectors.earlier_snapshot(later)
    send(later, cast.alice, cast.tomos)
    first = tree(cast.version).indicators[0]
    assessments.save_answer(workbook=cast.workbook, indicator=first, value="not_yet", reason="Left", by=cast.alice)
    row = of(later.cycle, cast.alder)
    assert year_on_year(row, earlier).answers == [], "it is with the network: as it was sent"
    services.return_(submission=row, by=cast.nia, reason="Look again")
    found = year_on_year(of(later.cycle, cast.alder), earlier)
    assert [(one.indicator.code, one.direction) for one in found.answers] == [("1.1.1", "worse")]
