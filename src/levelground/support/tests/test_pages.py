"""The pages of both sides, as people see them."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.models import Affiliation
from levelground.support import services
from levelground.support.models import SupportCase, SupportNote
from levelground.support.states import CaseSource, CaseStatus
from tests.factories import Cast, OrganisationFactory

pytestmark = pytest.mark.django_db
ASK, LIST = "/o/alder/help/", "/n/north/help/"
EVIL = "<script>alert(1)</script>"
S = CaseStatus


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text(response: Any) -> str:
    main = soup(response).main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def posted(case: SupportCase, **given: Any) -> dict[str, Any]:
    """The officer's form as the page fills it, with what is typed."""
    case = SupportCase.objects.get(pk=case.pk)
    keeper = case.assigned_to.public_id if case.assigned_to else ""
    plain = {"text": "", "seen_by": "member", "to": "", "assigned_to": keeper, "version": case.version}
    return plain | given


# ---------------------------------------------------------------- the member


@pytest.mark.requirement("MQM-30")
def test_a_member_asks_in_two_fields(cast: Cast, alice: Any) -> None:
    page = soup(alice.get(ASK))
    assert {field["name"] for field in page.select("main textarea, main select")} == {"about", "theme"}
    response = alice.post(ASK, {"about": "We cannot find a treasurer.", "theme": "mark:2"}, follow=True)
    case = SupportCase.objects.get()
    assert (case.theme.code, case.network, case.organisation) == ("2", cast.network, cast.alder)  # type: ignore[union-attr]
    assert response.redirect_chain == [(f"{ASK}{case.public_id}/", 302)]
    assert "Your network has your request." in soup(response).get_text()
    assert "Waiting for 1 minute" in text(response)
    assert "2 Theme 2" in text(response)
    listed = text(alice.get(ASK))
    assert "We cannot find a treasurer." in listed
    assert "Asked" in listed


def test_the_page_before_may_say_what_it_is_about(cast: Cast, alice: Any) -> None:
    page = soup(alice.get(ASK, {"about": f"The snapshot {EVIL}", "framework": "mark", "year": "2027"}))
    assert page.select_one("textarea[name=about]").get_text().strip() == f"The snapshot {EVIL}"  # type: ignore[union-attr]
    alice.post(ASK, {"about": "The snapshot", "framework": "mark", "year": "2027"})
    case = SupportCase.objects.get()
    assert (case.framework_slug, case.year) == ("mark", 2027)
    assert "2027" in text(alice.get(case.get_absolute_url()))
    for bad in ("x", "99999", "-1"):
        assert alice.get(ASK, {"year": bad, "theme": "nothing"}).status_code == 200


@pytest.mark.parametrize("given", [{}, {"about": " "}, {"about": "x" * 4001}, {"about": "x", "theme": "other:9"}])
def test_what_does_not_fit_stays_on_the_page(cast: Cast, alice: Any, given: dict[str, str]) -> None:
    response = alice.post(ASK, given)
    assert response.status_code == 422
    assert soup(response).select_one("[data-error-summary]")
    assert given.get("about", "").strip() in response.content.decode()
    assert not SupportCase.objects.exists()


def test_with_two_networks_the_member_chooses(cast: Cast, alice: Any) -> None:
    Affiliation.objects.create(
        network=cast.other_network, organisation=cast.alder, joined_on=dt.date(2020, 1, 1)
    )  # fmt: skip
    assert soup(alice.get(ASK)).select_one("select[name=network]")
    alice.post(ASK, {"about": "Help", "network": "south"})
    assert SupportCase.objects.get().network == cast.other_network
    assert alice.post(ASK, {"about": "Help", "network": "elsewhere"}).status_code == 422


def test_in_no_network_there_is_nobody_to_ask(cast: Cast, case: SupportCase, alice: Any) -> None:
    Affiliation.objects.filter(organisation=cast.alder).update(left_on=clock.today())
    response = alice.get(ASK)
    assert "in no network now" in text(response)
    assert "We cannot find a treasurer." in text(response)
    assert alice.post(ASK, {"about": "Help"}).status_code == 200
    assert SupportCase.objects.count() == 1


def test_the_talk_goes_to_and_fro(cast: Cast, case: SupportCase, alice: Any) -> None:
    services.handle(case=case, by=cast.nia, assigned_to=cast.nia, text="When shall we call?", to=S.TRIAGED)
    services.handle(case=case, by=cast.nia, assigned_to=cast.nia, text="Be gentle.", for_officers=True)
    url = case.get_absolute_url()
    said = text(alice.get(url))
    assert "When shall we call?" in said
    assert "Nia Officer" in said
    assert "Be gentle." not in said
    assert "Officers only" not in said
    response = alice.post(url, {"say-text": "On Monday."}, follow=True)
    assert "On Monday." in text(response)
    assert alice.post(url, {"say-text": ""}).status_code == 422


def test_the_member_closes_and_says_whether_it_helped(cast: Cast, case: SupportCase, alice: Any) -> None:
    url = case.get_absolute_url()
    response = alice.post(url, {"do": "close", "version": "0"})
    assert response.status_code == 422
    assert soup(response).select_one("details[open]")
    response = alice.post(url, {"do": "close", "helped": "yes", "text": "Thanks", "version": "0"}, follow=True)
    assert "It helped" in text(response)
    assert soup(response).select_one("input[name=helped]") is None
    assert alice.post(url, {"do": "close", "helped": "no", "version": "1"}).status_code == 422
    assert "open again" in text(response)


def test_the_member_is_told_what_is_new_before_closing(cast: Cast, case: SupportCase, alice: Any) -> None:
    services.handle(case=case, by=cast.nia, assigned_to=None, text="We found somebody!")
    given = {"do": "close", "helped": "no", "text": "Too late", "version": "0"}
    response = alice.post(case.get_absolute_url(), given)
    page = soup(response)
    assert response.status_code == 409
    assert "We found somebody!" in text(response)
    assert "Too late" in page.select_one("textarea[name=text]").get_text()  # type: ignore[union-attr]
    given["version"] = page.select_one("details input[name=version]")["value"]  # type: ignore[index, assignment]
    alice.post(case.get_absolute_url(), given)
    assert SupportCase.objects.get().status == S.CLOSED


# ---------------------------------------------------------------- the network


@pytest.mark.requirement("MQM-36")
def test_the_list_shows_who_waits_and_how_long(cast: Cast, nia: Any) -> None:
    now = clock.now()
    with clock.at(now - dt.timedelta(days=3)):
        asked = services.ask_for_help(
            organisation=cast.alder, network=cast.network, about="A treasurer", by=cast.alice
        )  # fmt: skip
    with clock.at(now - dt.timedelta(days=2, hours=1)):
        services.ask_for_help(organisation=cast.birch, network=cast.network, about="A roof", by=cast.bob)
        services.handle(case=asked, by=cast.nia, assigned_to=cast.nia, text="Hello", to=S.TRIAGED)
    response = nia.get(LIST)
    rows = [" ".join(row.get_text(" ").split()) for row in soup(response).select("tbody tr")]
    assert len(rows) == 2
    assert "A roof" in rows[0]  # nobody has answered that one
    assert "Waiting for 2 days" in rows[0]
    assert "Nobody yet" in rows[0]
    assert "After 23 hours" in rows[1]
    assert "Nia Officer" in rows[1]
    assert "the longest for 2 days" in text(response)
    assert "23 hours to the first contact" in text(response)


@pytest.mark.parametrize(
    ("show", "abouts"),
    [
        ("", {"new", "taken", "answered"}), ("open", {"new", "taken", "answered"}), ("waiting", {"new", "taken"}),
        ("theirs", {"new", "taken"}), ("mine", {"taken"}), ("nobody", {"new", "answered"}), ("closed", {"over"}),
        ("all", {"new", "taken", "answered", "over"}), ("nonsense", {"new", "taken", "answered"}),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(cast: Cast, nia: Any, show: str, abouts: set[str]) -> None:
    made = {
        about: services.ask_for_help(organisation=cast.alder, network=cast.network, about=about, by=cast.alice)
        for about in ("new", "taken", "answered", "over")
    }
    services.handle(case=made["taken"], by=cast.nia, assigned_to=cast.nia)
    services.handle(case=made["answered"], by=cast.nia, assigned_to=None, text="Hello")
    services.close(case=made["over"], helped="not_needed", by=cast.alice)
    found = soup(nia.get(LIST, {"show": show})).select("tbody tr td:nth-of-type(1)")
    assert {cell.get_text(" ", strip=True).split()[0] for cell in found} == abouts


def test_the_list_is_searched_and_says_when_nothing_fits(cast: Cast, case: SupportCase, nia: Any) -> None:
    cast.alder.name = Bilingual("Tŷ Gwern", "Tŷ Gwern")
    cast.alder.save()
    assert "Tŷ Gwern" in text(nia.get(LIST, {"q": "ty gwern"}))
    assert "No request fits." in text(nia.get(LIST, {"q": "nobody"}))
    services.close(case=case, helped="yes", by=cast.alice)
    assert "Nobody waits for help." in text(nia.get(LIST))


@pytest.mark.requirement("MQM-30")
def test_an_officer_answers_takes_on_and_closes(cast: Cast, case: SupportCase, nia: Any) -> None:
    url = case.network_url
    keeper = cast.nia.public_id
    response = nia.post(url, posted(case, text="We call you.", to=S.TRIAGED, assigned_to=keeper), follow=True)
    assert "We call you." in text(response)
    assert "Nia Officer looks after it" in text(response)
    nia.post(url, posted(case, text="They sounded tired.", seen_by="officers"))
    nia.post(url, posted(case, text="A treasurer for a year.", to=S.AGREED))
    nia.post(url, posted(case, to=S.IN_PROGRESS))
    response = nia.post(url, posted(case, to=S.CLOSED))
    assert response.status_code == 422
    assert "Say whether it helped." in text(response)
    response = nia.post(url, posted(case, to=S.CLOSED, helped="partly"), follow=True)
    assert "It helped in part" in text(response)
    assert "They sounded tired." in text(response)
    assert "Officers only" in text(response)
    assert SupportCase.objects.get().status == S.CLOSED


def test_a_first_contact_by_telephone(cast: Cast, case: SupportCase, nia: Any) -> None:
    assert soup(nia.get(case.network_url)).select_one("input[name=contact_on]")
    response = nia.post(case.network_url, posted(case, contact_on=clock.today().isoformat()), follow=True)
    assert "We spoke with each other on" in text(response)
    assert soup(response).select_one("input[name=contact_on]") is None
    late = (clock.today() + dt.timedelta(days=1)).isoformat()
    other = services.ask_for_help(organisation=cast.birch, network=cast.network, about="B", by=cast.bob)
    response = nia.post(other.network_url, posted(other, contact_on=late, text="kept words"))
    assert response.status_code == 422
    assert "not in the future" in text(response)
    assert "kept words" in response.content.decode()


def test_the_second_officer_sees_both_versions_and_loses_nothing(cast: Cast, case: SupportCase, nia: Any) -> None:
    sent = posted(case, text="I close this.", to=S.CLOSED, helped="no")
    services.handle(case=case, by=cast.nia, assigned_to=cast.nia, to=S.TRIAGED)
    response = nia.post(case.network_url, sent)
    page = soup(response)
    assert response.status_code == 409
    conflict = page.select_one("[data-conflict]")
    assert conflict is not None
    said = " ".join(conflict.get_text(" ").split())
    assert "Looked at Closed" in said
    assert "Nia Officer Nobody yet" in said
    assert "I close this." in page.select_one("textarea[name=text]").get_text()  # type: ignore[union-attr]
    sent["version"] = page.select_one("main input[name=version]")["value"]  # type: ignore[index]
    nia.post(case.network_url, sent)
    assert SupportCase.objects.get().status == S.CLOSED
    assert SupportNote.objects.filter(text="I close this.").count() == 1


@pytest.mark.requirement("MQM-30")
def test_an_officer_offers_help_to_a_member_that_is_late(cast: Cast, case: SupportCase, nia: Any) -> None:
    url = f"{LIST}offer/alder/"
    page = soup(nia.get(url, {"framework": "mark", "year": "2027"}))
    assert page.select_one("input[name=source][checked]")["value"] == CaseSource.OVERDUE  # type: ignore[index]
    assert "We cannot find a treasurer." in page.get_text()  # is open already
    given = {"about": "Shall we look together?", "source": "overdue", "framework": "mark", "year": "2027"}
    response = nia.post(url, given, follow=True)
    assert "Your offer is with the member." in soup(response).get_text()
    offered = SupportCase.objects.get(source=CaseSource.OVERDUE)
    assert (offered.year, offered.assigned_to) == (2027, cast.nia)
    assert "At once" in text(response)
    for wrong in ({"about": "", "source": "overdue"}, {"about": "x"}, {"about": "x", "source": "asked"}):
        assert nia.post(url, wrong).status_code == 422
    assert nia.get(f"{LIST}offer/cedar/").status_code == 404


def test_help_is_offered_to_present_members_only(cast: Cast, nia: Any) -> None:
    Affiliation.objects.filter(organisation=cast.birch).update(left_on=clock.today())
    assert nia.get(f"{LIST}offer/birch/").status_code == 404


def test_the_member_reads_an_offer_and_answers(cast: Cast, alice: Any) -> None:
    offered = services.offer_help(network=cast.network, organisation=cast.alder, about="Shall we?", by=cast.nia)
    response = alice.post(offered.get_absolute_url(), {"say-text": "Yes please."}, follow=True)
    assert "Help offered on" in text(response)
    assert "offered by your network" in text(alice.get(ASK))
    assert SupportCase.objects.get().last_word == "member"


# ---------------------------------------------------------------- what must not happen


def test_a_case_of_another_member_does_not_open(cast: Cast, case: SupportCase, client: Any) -> None:
    client.force_login(cast.bob)
    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.get(f"/o/birch/help/{case.public_id}/").status_code == 404
    assert client.post(f"/o/birch/help/{case.public_id}/", {"say-text": "x"}).status_code == 404
    client.force_login(cast.olga)
    assert client.get(case.network_url).status_code == 404
    assert client.post(f"/n/south/help/{case.public_id}/", posted(case, text="x")).status_code == 404
    client.force_login(cast.carys)
    assert client.get(ASK).status_code == 403
    assert not SupportNote.objects.exists()


def test_script_in_every_field_stays_text(cast: Cast, client: Any) -> None:
    client.force_login(cast.alice)
    client.post(ASK, {"about": EVIL})
    case = SupportCase.objects.get()
    client.post(case.get_absolute_url(), {"say-text": EVIL})
    client.post(case.get_absolute_url(), {"do": "close", "helped": EVIL, "text": EVIL, "version": "1"})
    pages = [client.get(ASK), client.get(case.get_absolute_url())]
    client.force_login(cast.nia)
    client.post(case.network_url, posted(case, text=EVIL, to=EVIL, assigned_to=EVIL))
    client.post(case.network_url, posted(case, text=EVIL))
    pages += [client.get(LIST), client.get(LIST, {"q": EVIL, "show": EVIL, "page": EVIL}), client.get(case.network_url)]
    pages += [client.get(f"{LIST}offer/alder/", {"about": EVIL, "theme": EVIL, "year": EVIL, "framework": EVIL})]
    for response in pages:
        assert response.status_code == 200
        assert EVIL not in response.content.decode()
    assert SupportCase.objects.get().status == S.REQUESTED


@pytest.mark.parametrize(
    "given",
    [
        {"version": ""}, {"version": "x"}, {"seen_by": "all"}, {"contact_on": "31 June"}, {"assigned_to": "nobody"},
        {"to": "agreed"}, {"to": "closed", "helped": "maybe"},
    ],
)  # fmt: skip
def test_made_up_values_are_refused(cast: Cast, case: SupportCase, nia: Any, given: dict[str, str]) -> None:
    assert nia.post(case.network_url, posted(case, text="x", **given)).status_code == 422
    assert not SupportNote.objects.exists()


# ---------------------------------------------------------------- size


def many(cast: Cast, number: int) -> None:
    for n in range(number):
        organisation = OrganisationFactory(slug=f"many-{cast.network.pk}-{n}")
        Affiliation.objects.create(network=cast.network, organisation=organisation, joined_on=dt.date(2020, 1, 1))
        case = services.ask_for_help(organisation=organisation, network=cast.network, about="Help", by=cast.alice)
        services.handle(case=case, by=cast.nia, assigned_to=cast.nia, text="Hello")


def test_the_list_asks_as_little_for_many(cast: Cast, case: SupportCase, nia: Any, query_budget: Any) -> None:
    many(cast, 1)
    nia.get(LIST)
    with query_budget(25) as few:
        nia.get(LIST)
    SupportCase.objects.filter(organisation__slug__startswith="many").update(assigned_to=None)
    for n in range(60):
        services.ask_for_help(organisation=cast.alder, network=cast.network, about=f"Help {n}", by=cast.alice)
    with query_budget(len(few)):
        response = nia.get(LIST)
    assert len(soup(response).select("tbody tr")) == 50
    assert "Page 1 of 2" in text(response)


def test_the_other_pages_ask_little_too(cast: Cast, case: SupportCase, alice: Any, query_budget: Any) -> None:
    def talk(number: int) -> None:
        for n in range(number):
            services.say(case=case, text=f"{n}", by=cast.alice)
            services.handle(case=case, by=cast.nia, assigned_to=cast.nia if n % 2 else None, text="Yes")
            services.ask_for_help(organisation=cast.alder, network=cast.network, about="Help", by=cast.alice)

    talk(2)
    seen = {}
    for who, path in [(cast.alice, ASK), (cast.alice, case.get_absolute_url()), (cast.nia, case.network_url),
                      (cast.nia, f"{LIST}offer/alder/")]:  # fmt: skip
        alice.force_login(who)
        alice.get(path)
        with query_budget(25) as few:
            alice.get(path)
        seen[who, path] = len(few)
    talk(12)
    for (who, path), few in seen.items():
        alice.force_login(who)
        alice.get(path)
        with query_budget(few):
            assert alice.get(path).status_code == 200
