"""Choosing where to work, and what the menu shows there."""

import datetime as dt

from bs4 import BeautifulSoup
from django.urls import reverse

from levelground.foundation import clock
from levelground.organisations.roles import Role
from tests.factories import MembershipFactory, TeamFactory


def menu(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [link.get_text(strip=True) for link in page.select("nav.lg-nav a")]


def test_the_page_of_places_lists_every_place_with_its_roles(cast, client):
    team = TeamFactory(organisation=cast.birch)
    MembershipFactory(user=cast.alice, organisation=cast.alder, role=Role.MENTOR)
    MembershipFactory(user=cast.alice, team=team, role=Role.TEAM_MEMBER, to_date=clock.today() + dt.timedelta(days=9))
    MembershipFactory(user=cast.alice, network=cast.network, role=Role.EVALUATOR)
    client.force_login(cast.alice)
    page = BeautifulSoup(client.get(reverse("places")).content, "html.parser")
    cards = [card.get_text(" ", strip=True) for card in page.select("section.lg-card")]
    assert len(cards) == 3
    assert "Quality lead" in cards[0] and "Mentor" in cards[0]
    assert str(team) in cards[1] and "until" in cards[1]
    assert "no page here for your role yet" in cards[2]
    assert [link["href"] for link in page.select("section.lg-card a")] == ["/o/alder/", "/o/birch/"]


def test_the_place_one_opens_is_the_one_one_starts_in(cast, client):
    MembershipFactory(user=cast.alice, organisation=cast.birch, role=Role.SIGN_OFF)
    client.force_login(cast.alice)
    assert client.get("/").url == "/o/alder/"
    client.get("/o/birch/")
    assert client.get("/").url == "/o/birch/"


def test_looking_into_a_member_does_not_move_an_officer(cast, client):
    client.force_login(cast.nia)
    client.get("/n/north/")
    client.get("/o/alder/")
    assert client.get("/").url == "/n/north/"


def test_a_role_that_opens_nothing_yet_leads_to_no_wall(cast, client):
    learner = MembershipFactory(organisation=cast.alder, role=Role.LEARNER).user
    client.force_login(learner)
    assert client.get("/").url == reverse("places")
    assert "Learner" in client.get(reverse("places")).content.decode()


def test_somebody_without_a_role_learns_what_to_do(cast, client):
    client.force_login(cast.zed)
    assert "You hold no role at the moment" in client.get(reverse("places")).content.decode()


def test_the_menu_holds_what_the_role_opens_and_five_entries_at_most(cast, client):
    seen = {}
    for name, user, address in [
        ("lead", cast.alice, "/o/alder/"), ("sign off", cast.tomos, "/o/alder/"), ("officer", cast.nia, "/n/north/"),
        ("officer at a member", cast.nia, "/o/alder/"),
    ]:  # fmt: skip
        client.force_login(user)
        seen[name] = menu(client.get(address))
        assert len(seen[name]) <= 5
    assert seen["lead"] == seen["sign off"] == ["Home", "Workbook", "Actions", "Snapshot", "Measures"]
    assert seen["officer"] == ["Home", "Members", "Snapshots", "Returns", "Measures"]
    assert seen["officer at a member"] == ["Home", "Measures"]


def test_the_menu_marks_the_page_one_is_on(cast, client):
    client.force_login(cast.alice)
    page = BeautifulSoup(client.get(reverse("organisation_invite", args=["alder"])).content, "html.parser")
    assert page.select("nav.lg-nav a[aria-current]") == []
    assert {link.get_text(strip=True) for link in page.select(".lg-menu a[aria-current]")} == {"People"}
    page = BeautifulSoup(client.get(reverse("organisation_actions", args=["alder"])).content, "html.parser")
    assert [link.get_text(strip=True) for link in page.select("nav.lg-nav a[aria-current]")] == ["Actions"]


def test_what_is_seldom_opened_is_in_the_menu_of_the_account(cast, client):
    for user, address, wanted in [
        (cast.alice, "/o/alder/", {"People", "Settings"}), (cast.carys, "/o/alder/", {"People"}),
        (cast.nia, "/n/north/", {"People", "Settings"}), (cast.nia, "/o/alder/", {"People"}),
    ]:  # fmt: skip
        client.force_login(user)
        page = BeautifulSoup(client.get(address).content, "html.parser")
        found = {link.get_text(strip=True) for link in page.select(".lg-menu__panel--end a")}
        assert wanted <= found, (user, found)
        assert ("Settings" in found) == ("Settings" in wanted)
