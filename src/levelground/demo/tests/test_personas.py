"""The demonstration's people: one press to sign in as each, and none of it anywhere else."""

import pytest
from bs4 import BeautifulSoup

from levelground.accounts.models import User
from levelground.demo.personas import personas
from levelground.organisations.roles import Role
from tests.factories import MembershipFactory, NetworkFactory, OrganisationFactory, UserFactory

LOGIN = "/account/login/"
PRESS = "/demo/sign-in/"


@pytest.fixture
def people(db):
    """Nia of the network, Alice of Alder with two roles, and Bob who is a real person."""
    network, alder = NetworkFactory(slug="north"), OrganisationFactory(slug="alder")
    nia = UserFactory(name="Nia Rees", email="nia@demo.example")
    alice = UserFactory(name="Alice Morgan", email="alice@demo.example")
    MembershipFactory(user=alice, organisation=alder, role=Role.MEMBER_LEAD)
    MembershipFactory(user=alice, organisation=alder, role=Role.SIGN_OFF)
    MembershipFactory(user=nia, network=network, role=Role.NETWORK_OFFICER)
    MembershipFactory(user=UserFactory(name="Bob Real", email="bob@real.example"), organisation=alder)
    return {"nia": nia, "alice": alice}


def press(client, user, **extra):
    return client.post(PRESS, {"person": user.public_id, **extra})


def is_in(client):
    return "_auth_user_id" in client.session


def test_each_is_shown_once_with_role_and_place_and_nobody_real(people):
    assert [(one.name, one.role) for one in personas()] == [
        ("Nia Rees", "Network officer"),
        ("Alice Morgan", "Quality lead, Trustee or executive sign-off"),
    ]


def test_one_press_signs_in(client, people):
    page = BeautifulSoup(client.get(LOGIN).content, "html.parser")
    buttons = page.main.select("button.lg-persona")
    assert [button.select_one(".lg-persona__name").text for button in buttons] == ["Nia Rees", "Alice Morgan"]
    form = buttons[1].find_parent("form")
    assert (form["method"], form["action"]) == ("post", PRESS)
    answer = client.post(form["action"], {"person": form.find("input", {"name": "person"})["value"]})
    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(people["alice"].pk)


def test_the_page_asked_for_comes_next(client, people):
    page = BeautifulSoup(client.get(f"{LOGIN}?next=/account/you/").content, "html.parser")
    assert page.select_one("button.lg-persona").find_parent("form").find("input", {"name": "next"})
    assert press(client, people["nia"], next="/account/you/").url == "/account/you/"
    client.post("/account/logout/")
    assert press(client, people["nia"], next="https://elsewhere.example/").url == "/"


def test_their_language_comes_along(client, people):
    User.objects.filter(pk=people["nia"].pk).update(language="cy")
    assert press(client, people["nia"]).cookies["levelground_language"].value == "cy"


def test_nothing_of_it_where_it_is_no_demonstration(client, people, settings):
    settings.DEMO = False
    assert personas() == []
    assert "Nia Rees" not in client.get(LOGIN).content.decode()
    assert press(client, people["nia"]).status_code == 404
    assert not is_in(client)


def test_real_people_cannot_be_signed_in_so(client, people):
    assert press(client, User.objects.get(email="bob@real.example")).status_code == 404
    for email in ("eve@demo.example.org", "demo.example@real.example"):
        assert press(client, UserFactory(email=email)).status_code == 404
    assert not is_in(client)


def test_nor_people_who_left_the_demonstration(client, people):
    User.objects.filter(pk=people["nia"].pk).update(is_active=False)
    assert press(client, people["nia"]).status_code == 404
    assert "Nia Rees" not in client.get(LOGIN).content.decode()


@pytest.mark.parametrize("person", ["", "unknown", "1"])
def test_nor_by_guessing(client, people, person):
    assert client.post(PRESS, {"person": person}).status_code == 404


def test_looking_signs_nobody_in(client, people):
    assert client.get(PRESS, {"person": people["nia"].public_id}).status_code == 405
    assert not is_in(client)


def test_twelve_people_cost_one_question_to_the_database(people, django_assert_num_queries):
    for number in range(12):
        user = UserFactory(email=f"p{number}@demo.example")
        MembershipFactory(user=user, organisation=OrganisationFactory())
    with django_assert_num_queries(1):
        assert len(personas()) == 14
