"""A member's year on one page: what waits for whom, what changed, what is due."""

import datetime as dt

import pytest

from levelground.assessments import services as assessments
from levelground.assessments.models import Answer
from levelground.cycles import services as cycles
from levelground.cycles.changes import year_on_year
from levelground.cycles.selectors import earlier_snapshot
from levelground.cycles.tests.ways import add_documents, answer_all, make_cycle, of, send
from levelground.foundation import clock
from levelground.frameworks import services as frameworks
from levelground.frameworks.models import Framework
from levelground.frameworks.selectors import tree
from levelground.organisations.roles import Role
from levelground.returns import services as returns
from levelground.returns.tests.ways import set_quarters, write_returns
from levelground.support import services as support
from tests.factories import TeamFactory, framework_data

from .looking import card, first_line, look, someone, step, tasks, text


def day(offset):
    return clock.today() + dt.timedelta(days=offset)


@pytest.fixture
def home(cast, client):
    return lambda user=None: look(client, user or cast.alice, "/o/alder/")


def act(cast, title, due, owner=None):
    return assessments.create_action(
        workbook=cast.workbook, indicator=None, title=title, by=cast.alice, owner=owner or cast.alice, due_on=day(due)
    )


def answer_of(cast, number):
    return Answer.objects.get(workbook=cast.workbook, indicator=tree(cast.version).indicators[number])


def prove(cast, number, *, age):
    return assessments.add_evidence(
        answer=answer_of(cast, number), by=cast.alice, title="Policy", url="https://alder.example/policy",
        document_date=day(-age),
    )  # fmt: skip


@pytest.mark.requirement("MQM-13")
def test_ones_own_actions_come_first_and_colleagues_are_counted(cast, home):
    act(cast, "Ask people", -3)
    act(cast, "Write it down", 10)
    act(cast, "Somebody else's", -5, owner=cast.carys)
    act(cast, "Far away", 90)
    page = home()
    assert tasks(page)[1:] == ["Ask people", "Write it down"]
    due = text(card(page, "Actions and evidence"))
    assert "1 of your actions is overdue" in due
    assert "1 of your actions is due in 30 days" in due
    assert "Your colleagues' actions: 1 is overdue" in due
    # Carys sees hers.
    assert tasks(home(cast.carys))[1:] == ["Somebody else's"]


def test_many_waiting_things_fold_away(cast, home):
    make_cycle(cast)
    for number in range(5):
        act(cast, f"Action {number}", -10 + number)
    assert (len(tasks(home())), home().details) == (5, None)
    act(cast, "Soon", 5)
    page = home()
    assert text(page.details.summary) == "2 more"
    assert tasks(page.details) == ["All 5 of your overdue actions", "Soon"]


def test_evidence_that_gets_old_is_counted_with_its_link(cast, home):
    assessments.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="met", by=cast.alice
    )
    prove(cast, 0, age=500)
    prove(cast, 0, age=10)
    link = card(home(), "Actions and evidence").find("a", string="1 piece of evidence is getting old")
    assert link["href"] == "/o/alder/workbook/mark/all/?show=stale"


def test_indicators_given_to_a_colleague_wait_for_them(cast, home):
    assessments.assign(answer=answer_of(cast, 0), to=cast.carys, by=cast.alice)
    assert "Answer the indicator that was given to you" in tasks(home(cast.carys))
    assert "Answer the indicator that was given to you" not in tasks(home())


@pytest.mark.requirement("MQM-24")
def test_since_last_year_counts_what_the_comparison_shows(cast, home):
    with clock.at(clock.now() - dt.timedelta(days=365)):
        send(of(make_cycle(cast), cast.alder), cast.alice, cast.tomos)
    cycle = make_cycle(cast)
    indicators = tree(cast.version).indicators
    for one in indicators[:2]:
        assessments.save_answer(workbook=cast.workbook, indicator=one, value="not_yet", reason="Left", by=cast.alice)
    row = of(cycle, cast.alder)
    found = year_on_year(row, earlier_snapshot(row))
    assert [one.direction for one in found.answers] == ["worse", "worse"]
    since = card(home(), f"Since {cycle.year - 1}")
    assert "6 → 4 indicators met" in text(since)
    assert "2 met no longer" in text(since)
    assert since.a["href"] == f"/o/alder/year/mark/{cycle.year}/changes/"
    # What is sent is compared as it was sent, whatever is written afterwards; sent back, it is the workbook again.
    send(row, cast.alice, cast.tomos)
    assessments.save_answer(
        workbook=cast.workbook, indicator=indicators[3], value="not_yet", reason="Late", by=cast.alice
    )
    assert "6 → 6 indicators met" in text(card(home(), f"Since {cycle.year - 1}"))
    cycles.return_(submission=of(cycle, cast.alder), by=cast.nia, reason="Look again")
    assert "6 → 5 indicators met" in text(card(home(), f"Since {cycle.year - 1}"))


def test_questions_of_a_new_version_count_as_new(cast, home):
    with clock.at(clock.now() - dt.timedelta(days=365)):
        send(of(make_cycle(cast), cast.alder), cast.alice, cast.tomos)
    draft = frameworks.import_version(network=cast.network, data=framework_data(indicators=4, label="2"), by=cast.nia)
    second = frameworks.publish(version=draft, by=cast.nia)
    assert "There is a new version of the framework: 2" in tasks(home())
    make_cycle(cast)
    assert "There is a new version of the framework: 2" not in tasks(home()), "not while a year on version 1 is open"
    assessments.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    assert "2 asked for the first time" in text(card(home(), f"Since {clock.today().year - 1}"))


def test_a_first_year_has_nothing_to_compare_with(cast, home):
    make_cycle(cast)
    assert not [head for head in home().find_all("h2") if head.text.startswith("Since ")]


@pytest.mark.requirement("MQM-32")
def test_the_return_that_is_due_next_and_then_the_one_that_comes(cast, home):
    last, now = set_quarters(cast.version.framework, cast.nia)
    form = f"/o/alder/returns/mark/{now.year}/q{now.quarter}/"
    due = card(home(), "Quarterly return")
    assert f"Quarter {now.quarter} is due by" in text(due)
    assert (due.a.text, due.a["href"]) == ("Write the return", form)
    assert card(home(cast.tomos), "Quarterly return").a.text == "See the return"
    _sent, draft = write_returns(cast.alder, last, now, cast.alice)
    assert "It is begun, and not sent yet." in text(card(home(), "Quarterly return"))
    returns.send_return(quarter=now, organisation=cast.alder, by=cast.alice)
    due = card(home(), "Quarterly return")
    assert f"Quarter {draft.quarter.quarter} was sent on" in text(due)
    assert "opens on" in text(due)
    assert due.a["href"] == "/o/alder/returns/"


def test_without_a_calendar_there_is_no_word_of_returns(cast, home):
    assert card(home(), "Quarterly return") is None


def test_a_request_for_help_is_followed_until_it_is_closed(cast, home):
    page = home()
    assert page.find("a", string="Ask the network for help")["href"] == "/o/alder/help/"
    case = support.ask_for_help(organisation=cast.alder, network=cast.network, about="A treasurer", by=cast.alice)
    page = home()
    note = card(page, "Help from the network")
    assert "Nobody has answered yet." in text(note)
    assert note.a["href"] == f"/o/alder/help/{case.public_id}/"
    assert not page.find("a", string="Ask the network for help")
    support.handle(case=case, to="triaged", text="We will ring you.", by=cast.nia, assigned_to=cast.nia)
    page = home(cast.tomos)
    assert tasks(page)[0] == "The network has answered your request for help"
    assert "The network has answered your request of" in text(card(page, "Help from the network"))
    # Colleagues who do not speak with the network about it see nothing of it.
    assert card(home(cast.carys), "Help from the network") is None
    assert "help" not in home(cast.carys).get_text()
    support.close(case=case, helped="yes", by=cast.alice)
    assert card(home(), "Help from the network") is None


def test_help_that_is_offered_says_so(cast, home):
    support.offer_help(network=cast.network, organisation=cast.alder, about="Shall we ring?", by=cast.nia)
    page = home()
    assert tasks(page)[0] == "The network offers you help"
    assert "The network offered you help on" in text(card(page, "Help from the network"))


def test_who_may_not_see_the_workbook_sees_only_their_part(cast, client, home):
    make_cycle(cast)
    act(cast, "Secret plan", -3)
    ward = TeamFactory(organisation=cast.alder)
    for user, role in [
        (someone(Role.EXECUTIVE_SPONSOR, organisation=cast.alder), "Executive sponsor"),
        (someone(Role.TEAM_MEMBER, team=ward), f"Improvement team member, {ward.name.en}"),
    ]:
        page = home(user)
        assert first_line(page) == "Member 0" or first_line(page) == str(cast.alder)
        assert role in page.get_text()
        assert not page.select(".lg-progress, .lg-tasks, .lg-button")
        assert "Secret plan" not in page.get_text()
        assert "days" not in page.get_text()


def test_an_officer_looks_in_from_outside(cast, home):
    page = home(cast.nia)
    assert "You are looking in from outside" in page.get_text()
    assert page.find("a", href="/n/north/members/alder/")
    assert not page.select(".lg-progress, .lg-tasks")


def test_two_frameworks_stand_one_after_the_other_the_pressing_one_first(cast, home):
    make_cycle(cast)
    draft = frameworks.import_version(network=cast.network, data=framework_data(slug="second"), by=cast.nia)
    version = frameworks.publish(version=draft, by=cast.nia)
    Framework.objects.filter(slug="second").update(name={"en": "Second mark", "cy": "Ail farc"})
    assessments.start_workbook(organisation=cast.alder, version=version, by=cast.alice)
    page = home()
    assert first_line(page) == "Welcome to your first year"
    assert "You have 6 indicators left to answer" in [head.text for head in page.find_all("h2")]
    assert page.find("a", href="/o/alder/workbook/second/theme/1/")


def test_script_in_texts_stays_text(cast, home):
    make_cycle(cast)
    act(cast, "<script>alert(1)</script>", -3)
    page = home()
    assert "<script>alert(1)</script>" in tasks(page)
    assert not page.find("script")


def test_the_page_asks_the_same_for_little_and_for_much(cast, client, query_budget):
    with clock.at(clock.now() - dt.timedelta(days=365)):
        send(of(make_cycle(cast), cast.alder), cast.alice, cast.tomos)
    cycle = make_cycle(cast)
    set_quarters(cast.version.framework, cast.nia)
    client.force_login(cast.alice)
    client.get("/o/alder/")
    with query_budget(25) as few:
        client.get("/o/alder/")
    add_documents(of(cycle, cast.alder), cast.alice)
    answer_all(cast.workbook, cast.alice, "not_yet")
    for number in range(20):
        act(cast, f"Action {number}", number - 10, owner=cast.carys if number % 2 else None)
    for number in range(6):
        prove(cast, number, age=500)
    for number in range(3):
        support.ask_for_help(organisation=cast.alder, network=cast.network, about=f"Help {number}", by=cast.alice)
    with query_budget(len(few)):
        client.get("/o/alder/")


def test_a_workbook_that_has_moved_on_too_early_leads_to_the_page_that_says_what_to_do(cast, home):
    make_cycle(cast)
    draft = frameworks.import_version(network=cast.network, data=framework_data(indicators=4, label="2"), by=cast.nia)
    second = frameworks.publish(version=draft, by=cast.nia)
    assessments.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    page = home()
    assert tasks(page)[0].startswith("Your workbook follows a newer version")
    assert step(page) == ("See where it stands", f"/o/alder/year/mark/{clock.today().year}/")
