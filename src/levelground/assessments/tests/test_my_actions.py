"""One person's actions in all the workbooks of the organisation."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from levelground.assessments import services
from levelground.foundation import clock
from levelground.frameworks import services as frameworks
from tests.factories import framework_data

HERE = "/o/alder/actions/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def second(cast):
    """A second workbook of the organisation."""
    draft = frameworks.import_version(network=cast.network, data=framework_data(slug="second"), by=cast.nia)
    version = frameworks.publish(version=draft, by=cast.nia)
    return services.start_workbook(organisation=cast.alder, version=version, by=cast.alice)


def titles(client, query=""):
    return [a.get_text() for a in soup(client.get(f"{HERE}{query}")).select("[data-action] th a")]


@pytest.mark.requirement("MQM-13")
def test_my_actions_of_every_workbook_soonest_first_and_nobody_elses(cast, client, second):
    day = clock.today()
    for book, owner, title, due in (
        (cast.workbook, cast.carys, "Later", day + dt.timedelta(days=9)),
        (second, cast.carys, "Late", day - dt.timedelta(days=1)),
        (cast.workbook, cast.alice, "Not mine", day),
        (second, cast.carys, "Some day", None),
    ):
        services.create_action(workbook=book, indicator=None, title=title, owner=owner, due_on=due, by=cast.alice)
    client.force_login(cast.carys)
    assert titles(client) == ["Late", "Later", "Some day"]
    assert titles(client, "?due=overdue") == ["Late"]
    assert titles(client, "?show=overdue") == ["Late"]
    assert titles(client, f"?owner={cast.alice.public_id}&show=all") == ["Late", "Later", "Some day"]
    page = soup(client.get(HERE))
    assert "You have 3 actions to do." in page.get_text()
    assert "1 is overdue." in page.get_text()
    links = [a["href"] for a in page.select(".lg-plan-bar a")]
    assert links == ["/o/alder/workbook/mark/plan/", "/o/alder/workbook/second/plan/"]
    late = page.select_one("[data-action] th a")["href"]
    assert late.startswith("/o/alder/workbook/second/actions/")
    assert client.get(late).status_code == 200


def test_the_quick_ways_stay_on_this_page(cast, client):
    client.force_login(cast.alice)
    tabs = soup(client.get(HERE)).select(".lg-tabs__link")
    assert [tab["href"] for tab in tabs] == [
        HERE,
        f"{HERE}?due=overdue",
        f"{HERE}?due=month",
        f"{HERE}?show=closed",
        f"{HERE}?show=all",
    ]
    assert tabs[0].has_attr("aria-current")


def test_whoever_has_no_action_sees_the_way_to_the_plan(cast, client):
    client.force_login(cast.tomos)
    page = soup(client.get(HERE))
    assert "Actions that have your name on them" in page.get_text()
    assert page.select_one(".lg-plan-bar a")["href"] == "/o/alder/workbook/mark/plan/"


def test_actions_elsewhere_do_not_show_here(cast, client):
    services.create_action(workbook=cast.birch_workbook, indicator=None, title="Theirs", owner=cast.bob, by=cast.bob)
    client.force_login(cast.bob)
    assert client.get(HERE).status_code == 404
    assert soup(client.get("/o/birch/actions/")).select_one("[data-action] th a").get_text() == "Theirs"


def test_the_same_queries_for_few_and_many_in_two_workbooks(cast, client, second, query_budget):
    def fill(times):
        for book in (cast.workbook, second):
            for _n in range(times):
                services.create_action(workbook=book, indicator=None, title="x", owner=cast.alice, by=cast.alice)

    client.force_login(cast.alice)
    fill(1)
    client.get(HERE)
    with query_budget(25) as few:
        client.get(HERE)
    fill(20)
    with query_budget(len(few)):
        client.get(HERE)
