"""A network's year on one page: what waits for the officer, who is late, what is often missing."""

import datetime as dt

import pytest

from levelground.assessments import services as assessments
from levelground.cycles import services
from levelground.cycles.tests.ways import complete, make_cycle, of, send, sign
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.frameworks.selectors import tree
from levelground.organisations.models import Affiliation, Organisation
from levelground.organisations.roles import Role
from levelground.returns import services as returns
from levelground.returns.tests.ways import set_quarters, write_returns
from levelground.support import services as support
from levelground.support.models import SupportCase
from tests.factories import OrganisationFactory

from .looking import card, first_line, lede, look, someone, step, text

YEAR = f"/n/north/cycles/mark/{clock.today().year}/"


@pytest.fixture
def home(cast, client):
    return lambda user=None, query="": look(client, user or cast.nia, f"/n/north/{query}")


def join(cast, count, name="Member"):
    """So many members more."""
    made = [
        OrganisationFactory.build(slug=f"{name.lower()}-{number}", name=Bilingual(f"{name} {number}", ""))
        for number in range(count)
    ]
    Organisation.objects.bulk_create(made)
    Affiliation.objects.bulk_create(
        Affiliation(network=cast.network, organisation=one, joined_on=dt.date(2020, 1, 1))
        for one in Organisation.objects.filter(slug__startswith=name.lower())
    )


def past(cast, ago=42):
    """A cycle of 30 days that was opened so many days ago."""
    with clock.at(clock.now() - dt.timedelta(days=ago)):
        return make_cycle(cast)


def counts(part):
    """The lines of a card: words to number."""
    return {item.a.text: item.a.find_next_sibling().text for item in part.select("li")}


def test_before_the_first_year_the_page_says_how_to_open_one(cast, home):
    page = home()
    assert first_line(page) == "No year is open yet"
    assert step(page) == ("Open a year", "/n/north/cycles/")


@pytest.mark.requirement("MQM-28")
def test_who_is_where_with_a_link_to_each_list(cast, home):
    join(cast, 3)
    cycle = make_cycle(cast)
    send(of(cycle, cast.alder), cast.alice, cast.tomos)
    page = home()
    assert first_line(page) == "1 snapshot waits for your decision"
    assert step(page) == ("Look and decide", f"{YEAR}?show=waiting")
    assert lede(page).startswith("1 of 5 members have sent their snapshot. The deadline is")
    where = card(page, "Who is where")
    assert counts(where) == {"Waiting for you": "1", "Not started": "4", "Sent": "1"}
    assert where.find("a", string="Not started")["href"] == f"{YEAR}?show=not_started"
    services.accept(submission=of(cycle, cast.alder), by=cast.nia)
    page = home()
    assert first_line(page) == "4 snapshots are still to come"
    assert step(page) == ("See who is where", YEAR)


@pytest.mark.requirement("MQM-28")
def test_the_longest_overdue_come_first_and_the_rest_is_one_click_away(cast, home):
    join(cast, 12)
    cycle = past(cast)
    longer = cycle.deadline + dt.timedelta(days=5)
    services.extend(cycle=cycle, deadline=longer, reason="Flood", by=cast.nia, organisation=cast.birch)
    page = home()
    assert first_line(page) == "14 members are overdue"
    overdue = card(page, "Overdue")
    assert len(overdue.select(".lg-tasks__item")) == 10
    assert {tag.text for tag in overdue.select(".lg-tag")} == {"12 days"}
    assert overdue.find("a", string="All 14")["href"].endswith("?show=overdue")
    for number in range(12):
        services.withdraw(
            submission=of(cycle, Organisation.objects.get(slug=f"member-{number}")), by=cast.nia, reason="Left"
        )
    overdue = card(home(), "Overdue")
    assert [tag.text for tag in overdue.select(".lg-tag")] == ["12 days", "7 days"]
    birch = f"/n/north/cycles/mark/{cycle.year}/members/birch/"
    assert overdue.select(".lg-tasks__link")[1]["href"] == birch


def test_members_of_every_unsent_status_are_overdue_and_former_ones_are_not(cast, home):
    cycle = past(cast)
    sign(complete(of(cycle, cast.alder), cast.alice), cast.tomos)
    assert first_line(home()) == "2 members are overdue"
    Affiliation.objects.filter(organisation=cast.birch).update(left_on=clock.today())
    services.enrol(cycle=cycle)
    page = home()
    assert first_line(page) == "1 member is overdue"
    assert "birch" not in str(card(page, "Overdue"))


def test_what_came_late_is_counted(cast, home):
    send(of(past(cast), cast.alder), cast.alice, cast.tomos)
    where = counts(card(home(), "Who is where"))
    assert (where["Sent late"], where["Overdue"]) == ("1", "1")


def test_who_asked_for_help_comes_first_the_longest_waiting_before_others(cast, home):
    past(cast)
    for ago, member, lead in ((3, cast.alder, cast.alice), (9, cast.birch, cast.bob)):
        with clock.at(clock.now() - dt.timedelta(days=ago)):
            support.ask_for_help(organisation=member, network=cast.network, about="<b>Help</b>", by=lead)
    page = home()
    assert first_line(page) == "2 requests for help wait for you"
    assert step(page) == ("Read and answer", "/n/north/help/?show=theirs")
    asked = card(page, "Asked for help")
    assert [link.text for link in asked.select(".lg-tasks__link")] == [str(cast.birch), str(cast.alder)]
    assert [tag.text for tag in asked.select(".lg-tag")] == ["9 days", "3 days"]
    assert counts(card(page, "Who is where"))["Asked for help"] == "2"
    case = SupportCase.objects.get(organisation=cast.birch)
    support.handle(case=case, to="triaged", text="We will ring you.", by=cast.nia, assigned_to=cast.nia)
    page = home()
    assert first_line(page) == "1 request for help waits for you"
    support.say(case=case, text="Thank you", by=cast.bob)
    asked = card(home(), "Asked for help")
    assert [tag.text for tag in asked.select(".lg-tag")] == ["3 days", "Since today"]


def test_help_is_seen_before_the_first_year_too(cast, home):
    support.ask_for_help(organisation=cast.alder, network=cast.network, about="Help", by=cast.alice)
    page = home()
    assert first_line(page) == "1 request for help waits for you"
    assert card(page, "Asked for help")


@pytest.mark.requirement("MQM-32")
def test_the_returns_of_the_quarter_in_three_numbers(cast, home):
    last, now = set_quarters(cast.version.framework, cast.nia)
    make_cycle(cast)
    returns.open_returns(quarter=now)
    write_returns(cast.alder, last, now, cast.alice)
    returns.send_return(quarter=now, organisation=cast.alder, by=cast.alice)
    part = card(home(), "Quarterly returns")
    found = counts(part)
    assert sum(map(int, found.values())) == 2
    assert found["Not sent yet"] == "1"
    link = part.find("a", string="Not sent yet")["href"]
    assert link == f"/n/north/returns/?framework=mark&year={now.year}&quarter={now.quarter}&state=waiting"


@pytest.mark.requirement("MQM-38")
def test_what_members_often_lack_by_indicator_and_by_theme_over_the_years(cast, home):
    first = tree(cast.version).indicators[0]
    for back in (1, 0):
        with clock.at(clock.now() - dt.timedelta(days=365 * back)):
            cycle = make_cycle(cast)
            row = complete(of(cycle, cast.alder), cast.alice)
            if not back:
                assessments.save_answer(
                    workbook=cast.workbook, indicator=first, value="not_yet", reason="Not so soon", by=cast.alice
                )
            services.submit(submission=sign(row, cast.tomos), by=cast.alice)
    page = home()
    often = card(page, "Most often “not yet”")
    assert text(often.ol) == f"1.1.1 {first.text.en} 1 of 1 members"
    assert often.a["href"] == f"{YEAR}gaps/"
    rows = [text(line) for line in card(page, "Gaps by theme").select("tr")]
    assert rows[0] == f"Theme {cycle.year - 1} {cycle.year}"
    assert rows[1:] == ["Theme 1 0% 100%", "Theme 2 0% 0%"]


def test_reviewers_see_what_the_network_is_and_nothing_of_its_members(cast, home):
    send(of(make_cycle(cast), cast.alder), cast.alice, cast.tomos)
    page = home(someone(Role.PEER_REVIEWER, network=cast.network))
    assert first_line(page) == str(cast.network)
    assert "Nothing is waiting for you." in page.get_text()
    assert not page.select(".lg-home__counts, .lg-tasks, .lg-home__table")
    assert page.form["action"] == "/n/north/members/"


def test_an_unknown_framework_in_the_address_means_the_newest_year(cast, home):
    make_cycle(cast)
    assert first_line(home(query="?framework=%3Cscript%3E")) == first_line(home())


def test_script_in_a_members_name_stays_text(cast, home):
    Organisation.objects.filter(pk=cast.birch.pk).update(name=Bilingual("<script>alert(1)</script>", ""))
    past(cast)
    page = home()
    assert "<script>alert(1)</script>" in text(card(page, "Overdue"))
    assert not page.find("script")


def _ask(cast, count):
    for number in range(count):
        support.ask_for_help(organisation=cast.alder, network=cast.network, about=f"Help {number}", by=cast.alice)


def test_the_page_asks_the_same_for_5_and_for_60_members(cast, client, query_budget):
    join(cast, 3)
    set_quarters(cast.version.framework, cast.nia)
    cycle = past(cast, 35)
    send(of(cycle, cast.alder), cast.alice, cast.tomos)
    _ask(cast, 1)
    client.force_login(cast.nia)
    client.get("/n/north/")
    with query_budget(25) as few:
        client.get("/n/north/")
    with clock.at(clock.now() - dt.timedelta(days=20)):
        join(cast, 55, "Another")
        services.enrol(cycle=cycle)
    _ask(cast, 8)
    with query_budget(len(few)):
        page = client.get("/n/north/").content.decode()
    assert "59 members are overdue" in page or "of 60 members" in page
