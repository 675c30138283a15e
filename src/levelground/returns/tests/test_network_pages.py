"""The network's pages: who has sent, totals, quarters, figures."""

import datetime as dt
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.models import Affiliation
from levelground.returns import services
from levelground.returns.models import PEOPLE_REACHED, QuarterChange, ReturnFigure, ReturnQuarter
from levelground.returns.services import Chosen
from tests.factories import OrganisationFactory

from .conftest import Year, moment

pytestmark = pytest.mark.django_db
LIST = "/n/north/returns/"
OFFICE = f"{LIST}mark/"
EVIL = "<script>alert(1)</script>"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text(response) -> str:
    return " ".join(soup(response).main.get_text(" ").split())


def states(response) -> dict[str, list[str]]:
    """What the table says of each member."""
    rows = soup(response).select("tbody tr")
    return {
        row.th.get_text(" ", strip=True): [" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")]
        for row in rows
    }


@pytest.fixture
def nia(july: Year, client):
    client.force_login(july.cast.nia)
    return client


@pytest.mark.requirement("MQM-34")
def test_the_list_shows_each_member_and_quarter(july: Year, nia) -> None:
    sent = july.send(significant_change=True, description="We moved.", chosen=[Chosen("1.1.1", True)])
    with clock.at(moment(8, 3)):
        response = nia.get(LIST)
    found = list(states(response).values())
    assert found[0][0].startswith("Sent on time Open")
    assert found[0][0].endswith("Significant change")
    assert found[1][0] == "Overdue"
    assert found[0][1:] == ["Not open yet"] * 3
    assert soup(response).select_one(f'a[href="/returns/{sent.public_id}/"]')
    assert "1 of 2" in text(response)
    assert text(nia.get(f"/returns/{sent.public_id}/")).count("We moved.") == 1


@pytest.mark.parametrize(("state", "names"), [
    ("", {"alder", "birch"}), ("waiting", {"birch"}), ("on_time", {"alder"}), ("late", set()), ("significant", set()),
    ("nonsense", {"alder", "birch"}),
])  # fmt: skip
def test_the_list_is_narrowed(july: Year, nia, state: str, names: set[str]) -> None:
    july.send()
    page = soup(nia.get(LIST, {"state": state, "quarter": "1", "year": "2026"}))
    assert {link["href"].split("/")[-2] for link in page.select("tbody th a")} == names


def test_the_list_is_searched(july: Year, nia) -> None:
    july.cast.birch.name = Bilingual("Tŷ Bedw", "Tŷ Bedw")
    july.cast.birch.save()
    assert list(states(nia.get(LIST, {"q": "ty bedw"}))) == ["Tŷ Bedw"]
    assert "No organisation fits." in text(nia.get(LIST, {"q": "nobody"}))


def test_who_joined_after_a_quarter_is_not_waited_for(july: Year, nia) -> None:
    Affiliation.objects.create(
        network=july.cast.network, organisation=OrganisationFactory(slug="elm", name=Bilingual("Elm", "Elm")),
        joined_on=dt.date(2026, 7, 5),
    )  # fmt: skip
    assert states(nia.get(LIST))["Elm"] == ["–", "Not open yet", "Not open yet", "Not open yet"]
    assert "Elm" not in states(nia.get(LIST, {"state": "waiting", "quarter": "1"}))


def test_a_network_without_quarters_is_shown_the_way(cast, client) -> None:
    client.force_login(cast.nia)
    page = soup(client.get(LIST))
    assert page.select_one('.lg-empty a[href="/n/north/returns/mark/quarters/"]')
    assert "No quarters yet" in text(client.get(f"{OFFICE}totals/"))
    assert "No figures yet" in text(client.get(f"{OFFICE}figures/"))
    client.force_login(cast.olga)
    assert "No framework yet" in text(client.get("/n/south/returns/"))


def test_the_list_asks_as_little_for_many_members(july: Year, nia, query_budget) -> None:
    july.send()
    nia.get(LIST)
    with query_budget(25) as few:
        nia.get(LIST)
    for number in range(30):
        organisation = OrganisationFactory(slug=f"many-{number}")
        Affiliation.objects.create(
            network=july.cast.network, organisation=organisation, joined_on=dt.date(2020, 1, 1)
        )  # fmt: skip
    services.open_returns(quarter=july.first)
    with query_budget(len(few)):
        assert len(states(nia.get(LIST))) == 32


def test_other_pages_ask_little_too(july: Year, nia, query_budget) -> None:
    july.send()
    for path in (f"{OFFICE}totals/", f"{OFFICE}quarters/", f"{OFFICE}quarters/2026/q1/", f"{OFFICE}figures/"):
        with query_budget(25):
            assert nia.get(path).status_code == 200


@pytest.mark.requirement("MQM-05")
def test_totals_add_up_what_members_sent(july: Year, nia) -> None:
    july.framework.strategy = Bilingual("Further", "Ymhellach")
    july.framework.strategy_reach, july.framework.strategy_year = 5000, 2030
    july.framework.save()
    july.send()
    july.send(organisation=july.cast.birch, by=july.cast.bob, values={"people_reached": Decimal(1200)})
    page = nia.get(f"{OFFICE}totals/")
    assert states(page)["People reached"][0] == "1,320 from 2 returns"
    assert "“Further” means to reach 5,000 people by 2030" in text(page)


@pytest.mark.requirement("MQM-34")
def test_a_year_is_set_from_the_page(cast, client) -> None:
    client.force_login(cast.nia)
    given = {"year": "2026", "first_month": "4", "on_time": "1", "locked": "2"}
    with clock.at(moment(4, 2)):
        assert soup(client.get(f"{OFFICE}quarters/")).select_one("#id_year")["value"] == "2026"
        assert client.post(f"{OFFICE}quarters/", given).status_code == 302
        refused = client.post(f"{OFFICE}quarters/", given)
        assert soup(client.get(f"{OFFICE}quarters/")).select_one("#id_year")["value"] == "2027"
    assert refused.status_code == 422
    assert "Choose another year" in text(refused)
    assert ReturnQuarter.objects.count() == 4


def test_a_year_is_taken_back_from_the_page(july: Year, nia) -> None:
    services.open_year(framework=july.framework, year=2027, by=july.cast.nia)
    remove = f"{OFFICE}quarters/2027/remove/"
    assert soup(nia.get(f"{OFFICE}quarters/")).select_one(f'form[action="{remove}"]')
    assert nia.post(remove).status_code == 302
    assert ReturnQuarter.objects.count() == 4
    july.draft()
    assert "in use" in text(nia.post(f"{OFFICE}quarters/2026/remove/", follow=True))
    assert not soup(nia.get(f"{OFFICE}quarters/")).select("form[action$=remove\\/]")
    assert ReturnQuarter.objects.count() == 4


def test_dates_are_changed_from_the_page_with_a_reason(july: Year, nia) -> None:
    path = f"{OFFICE}quarters/2026/q1/"
    given = {"on_time_by": "2026-08-14", "locked_on": "2026-09-30", "reason": f"Floods {EVIL}", "version": "0"}
    assert nia.post(path, {**given, "reason": ""}).status_code == 200
    assert nia.post(path, {**given, "locked_on": "2026-08-01"}).status_code == 422
    assert nia.post(path, given).status_code == 302
    page = nia.get(path)
    assert "31 July 2026 → became 14 August 2026" in text(page)
    assert EVIL.encode() not in page.content
    stale = nia.post(path, {**given, "on_time_by": "2026-08-20"})
    assert stale.status_code == 409
    assert "14 August 2026" in text(stale)
    assert "20 August 2026" in text(stale)
    assert soup(stale).select_one("input[name=version]")["value"] == "1"
    assert QuarterChange.objects.count() == 1


def test_figures_are_added_changed_and_moved_from_the_page(july: Year, nia) -> None:
    given = {"label_en": "Money raised", "label_cy": "Arian", "help_en": "", "help_cy": "", "kind": "money"}
    assert nia.post(f"{OFFICE}figures/", given).status_code == 302
    assert nia.post(f"{OFFICE}figures/", {**given, "label_en": "Calls", "kind": "count"}).status_code == 302
    assert nia.post(f"{OFFICE}figures/", {**given, "label_en": "", "label_cy": ""}).status_code == 422
    assert nia.post(f"{OFFICE}figures/", {**given, "kind": "colour"}).status_code == 422
    nia.post(f"{OFFICE}figures/calls/move/", {"to": "up"})
    codes = list(ReturnFigure.objects.values_list("code", flat=True))
    assert codes == [PEOPLE_REACHED, "calls", "money_raised"]
    quarter = str(july.quarters[2].pk)
    changed = {**given, "label_en": EVIL, "until_quarter": quarter, "version": "0"}
    assert nia.post(f"{OFFICE}figures/money_raised/", changed).status_code == 302
    figure = ReturnFigure.objects.get(code="money_raised")
    assert (figure.until_quarter, figure.required) == (july.quarters[2], False)
    assert EVIL.encode() not in nia.get(f"{OFFICE}figures/").content
    stale = nia.post(f"{OFFICE}figures/money_raised/", {**changed, "label_en": "Another"})
    assert stale.status_code == 409
    assert EVIL.encode() not in stale.content


def test_people_reached_keeps_its_place_and_kind(july: Year, nia) -> None:
    path = f"{OFFICE}figures/people_reached/"
    page = soup(nia.get(path))
    assert not page.select("[name=kind], [name=from_quarter], [name=until_quarter]")
    given = {"label_en": "People helped", "label_cy": "Pobl", "required": "on", "version": "0", "kind": "money"}
    assert nia.post(path, given).status_code == 302
    figure = ReturnFigure.objects.get(code=PEOPLE_REACHED)
    assert (str(figure.label.en), figure.kind) == ("People helped", "count")


def test_quarters_of_another_network_open_nothing(july: Year, nia, client) -> None:
    for path in (
        f"{OFFICE}quarters/{'9' * 40}/q1/",
        f"{OFFICE}quarters/2026/q5/",
        f"{OFFICE}quarters/2031/q1/",
        f"{LIST}other/totals/",
    ):
        assert nia.get(path).status_code == 404
    assert nia.get(f"{OFFICE}figures/nothing/").status_code == 404
    client.force_login(july.cast.olga)
    for path in (LIST, f"{OFFICE}quarters/", f"{OFFICE}figures/people_reached/", f"{LIST}download/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{OFFICE}figures/people_reached/move/").status_code == 404
    client.force_login(july.cast.alice)
    assert client.get(LIST).status_code == 403


def test_a_returns_of_a_former_member_is_the_networks_no_more(july: Year, nia) -> None:
    sent = july.send()
    assert nia.get(f"/returns/{sent.public_id}/").status_code == 200
    Affiliation.objects.filter(organisation=july.cast.alder).update(left_on=dt.date(2026, 7, 9), left_reason="Left")
    assert nia.get(f"/returns/{sent.public_id}/").status_code == 404
