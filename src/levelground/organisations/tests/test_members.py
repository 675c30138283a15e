"""The members of a network: finding, adding, leaving, coming back."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove, Invalid
from levelground.organisations import services
from levelground.organisations.models import Affiliation, Invitation, Network, Organisation, PlaceChange
from levelground.organisations.selectors import MemberSearch, members_of
from tests.factories import MembershipFactory, OrganisationFactory


def day(offset):
    return clock.today() + dt.timedelta(days=offset)


def found(cast, **wanted):
    rows = members_of(cast.network, cast.nia, MemberSearch(**wanted))
    return [row.organisation.slug for row in rows]


def new_member(cast, **more):
    wanted = {
        "network": cast.network, "name": Bilingual("Tŷ Haul House", "Tŷ Haul"), "nation": "WLS", "region": "Gwynedd",
        "size": "micro", "joined_on": clock.today(), "by": cast.nia,
    }  # fmt: skip
    return services.add_member(**{**wanted, **more})


def leave(cast, organisation, **more):
    wanted = {"network": cast.network, "left_on": clock.today(), "reason": "Merged", "by": cast.nia}
    return services.leave(organisation=organisation, **{**wanted, **more})


def test_search_finds_names_in_both_languages_without_accents_and_regions(cast):
    new_member(cast)
    for words in ("ty haul", "TŶ", "haul house", "gwyn", "house gwynedd"):
        assert found(cast, q=words) == ["ty-haul-house"], words
    assert found(cast, q="en") == []  # how a bilingual name is stored is not searched
    assert found(cast, q="nobody") == []


def test_filters(cast):
    new_member(cast)
    assert found(cast, nation="ENG") == ["birch"]
    assert found(cast, nation="WLS", size="micro") == ["ty-haul-house"]
    assert found(cast, region="Gwynedd") == ["ty-haul-house"]
    assert found(cast, state="no_lead") == ["ty-haul-house"]
    assert found(cast) == ["alder", "birch", "ty-haul-house"]


def test_who_left_is_found_among_those_who_left_and_only_once(cast):
    leave(cast, cast.birch, left_on=day(-5))
    assert found(cast) == ["alder"]
    assert found(cast, state="left") == ["birch"]
    services.affiliate(network=cast.network, organisation=cast.birch, joined_on=day(-5), by=cast.nia)
    assert found(cast, state="left") == [] and found(cast, state="all") == ["alder", "birch"]
    assert found(cast) == ["alder", "birch"]


def test_the_list_is_for_those_of_the_network(cast):
    for user in (cast.alice, cast.olga, cast.zed):
        assert list(members_of(cast.network, user, MemberSearch())) == []


def test_a_new_member_gets_an_address_a_history_and_an_invited_lead(
    cast, django_capture_on_commit_callbacks, mailoutbox
):
    with django_capture_on_commit_callbacks(execute=True):
        member = new_member(cast, lead_email="Lead@new.example", lead_name="Mari Rees")
    assert member.slug == "ty-haul-house"
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.organisation) == ("lead@new.example", "member_lead", member)
    assert len(mailoutbox) == 1
    change = PlaceChange.objects.get(kind="joined")
    assert (change.network, change.organisation, change.by) == (cast.network, member, cast.nia)
    assert AuditEvent.objects.filter(verb="place.joined", chain=cast.network.audit_chain).count() == 1


def test_addresses_do_not_collide(cast):
    assert new_member(cast, name=Bilingual("Alder")).slug == "alder-2"
    assert new_member(cast, name=Bilingual("Add")).slug == "add-2"
    assert new_member(cast, name=Bilingual("Alder!")).slug == "alder-3"


def test_the_same_name_twice_is_refused_whatever_its_case_and_accents(cast):
    new_member(cast)
    for name in (Bilingual("ty haul HOUSE"), Bilingual("Another", "Ty Haul")):
        with pytest.raises(Invalid) as refused:
            new_member(cast, name=name)
        assert "name_en" in refused.value.fields
    new_member(cast, name=Bilingual("Haul"))


def test_a_wrong_address_of_the_lead_adds_nothing_and_keeps_what_was_typed(cast, client):
    before = Organisation.objects.count()
    client.force_login(cast.nia)
    data = {"name_en": "New", "nation": "WLS", "size": "small", "joined_on": "2026-01-01", "lead_email": "no address"}
    text = client.post(reverse("network_member_add", args=["north"]), data).content.decode()
    assert 'id="id_lead_email-error"' in text and 'value="no address"' in text and 'value="New"' in text
    assert Organisation.objects.count() == before


def test_leaving_closes_the_door_at_once(cast, client):
    leave(cast, cast.birch)
    client.force_login(cast.nia)
    assert client.get("/o/birch/").status_code == 404
    assert client.get(reverse("network_member", args=["north", "birch"])).status_code == 200
    client.force_login(cast.bob)
    assert client.get("/o/birch/").status_code == 200  # its own people keep it
    assert not Network.objects.all().visible_to(cast.bob).exists()


def test_leaving_later_keeps_the_door_open_until_then(cast, client):
    leave(cast, cast.birch, left_on=day(10))
    client.force_login(cast.nia)
    assert client.get("/o/birch/").status_code == 200
    assert Network.objects.all().visible_to(cast.bob).exists()
    leave(cast, cast.birch, left_on=day(20), reason="Later")
    assert Affiliation.objects.get(organisation=cast.birch).left_on == day(20)


def test_leaving_needs_a_reason_and_a_sensible_day(cast):
    with pytest.raises(Invalid) as refused:
        leave(cast, cast.birch, reason="  ")
    assert "reason" in refused.value.fields
    with pytest.raises(Invalid):
        leave(cast, cast.birch, left_on=dt.date(2001, 1, 1))
    leave(cast, cast.birch)
    with pytest.raises(IllegalMove):
        leave(cast, cast.birch)


def test_coming_back_adds_to_the_history(cast):
    leave(cast, cast.birch, left_on=day(-30))
    with pytest.raises(Invalid) as refused:
        services.affiliate(network=cast.network, organisation=cast.birch, joined_on=day(-31), by=cast.nia)
    assert "joined_on" in refused.value.fields
    services.affiliate(network=cast.network, organisation=cast.birch, joined_on=day(0), by=cast.nia)
    with pytest.raises(Invalid, match="already"):
        services.affiliate(network=cast.network, organisation=cast.birch, joined_on=day(0), by=cast.nia)
    kinds = PlaceChange.objects.filter(organisation=cast.birch).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["left", "joined"]


def test_the_database_refuses_two_open_memberships(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Affiliation.objects.create(network=cast.network, organisation=cast.birch, joined_on=day(0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Affiliation.objects.filter(organisation=cast.birch).update(left_reason="No date")


def test_the_history_of_a_place_never_changes(cast):
    leave(cast, cast.birch)
    for act in (lambda: PlaceChange.objects.update(reason=""), lambda: PlaceChange.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_an_organisation_of_another_network_joins_by_its_code(cast, client):
    cedar = OrganisationFactory(slug="cedar")
    Affiliation.objects.create(network=cast.other_network, organisation=cedar, joined_on=day(-100))
    client.force_login(cast.nia)
    address = reverse("network_member_add_existing", args=["north"])
    wrong = client.post(address, {"code": "cedar", "joined_on": day(0).isoformat()})
    assert "No organisation has this code" in wrong.content.decode()
    code = f" {cedar.public_id[:6].upper()} {cedar.public_id[6:]} "
    assert client.post(address, {"code": code, "joined_on": day(0).isoformat()}).status_code == 302
    assert found(cast, q="cedar") == ["cedar"]
    again = client.post(address, {"code": code, "joined_on": day(0).isoformat()})
    assert "is a member already" in again.content.decode()


def test_adding_leaving_and_coming_back_by_the_pages(cast, client):
    client.force_login(cast.nia)
    data = {"name_cy": "Hafan", "nation": "WLS", "size": "small", "joined_on": day(-400).isoformat()}
    assert client.post(reverse("network_member_add", args=["north"]), data).url == "/n/north/members/hafan/"
    page = client.get("/n/north/members/hafan/").content.decode()
    assert "This member has no quality lead" in page
    left = client.post("/n/north/members/hafan/leave/", {"left_on": day(0).isoformat(), "reason": "Closed <b>down</b>"})
    assert left.status_code == 302
    page = client.get("/n/north/members/hafan/").content.decode()
    assert "Closed &lt;b&gt;down&lt;/b&gt;" in page and "Let it join again" in page
    assert "This member has no quality lead" not in page
    assert client.post("/n/north/members/hafan/rejoin/", {"joined_on": day(0).isoformat()}).status_code == 302


def test_a_reviewer_reads_the_list_and_changes_nothing(cast, client):
    reviewer = MembershipFactory(network=cast.network, role="peer_reviewer").user
    client.force_login(reviewer)
    page = client.get(reverse("network_member", args=["north", "alder"])).content.decode()
    assert "alice@test.example" not in page and "End its membership" not in page
    leaving = reverse("network_member_leave", args=["north", "alder"])
    assert client.post(leaving, {"left_on": day(0).isoformat(), "reason": "x"}).status_code == 403
    assert client.get(reverse("network_member", args=["south", "alder"])).status_code == 404


def test_an_officer_puts_details_right_only_while_nobody_leads(cast, client):
    member = new_member(cast)
    client.force_login(cast.nia)
    address = reverse("organisation_settings", args=[member.slug])
    data = {"name_en": "Tŷ Haul House", "name_cy": "Tŷ Haul", "nation": "WLS", "region": "Powys", "size": "micro"}
    assert client.post(address, {**data, "version": 0}).status_code == 302
    assert client.get(reverse("team_add", args=[member.slug])).status_code == 403
    MembershipFactory(organisation=member, role="member_lead")
    assert client.post(address, {**data, "version": 1}).status_code == 403


def test_thousands_of_members_cost_no_more_than_two(cast, client, query_budget):
    client.force_login(cast.nia)
    address = reverse("network_members", args=["north"])
    client.get(address)
    with query_budget(25) as few:
        client.get(address)
    many = Organisation.objects.bulk_create(
        [
            Organisation(slug=f"many-{n:05}", name=Bilingual(f"Many {n}", f"Llawer {n}"), nation="ENG", size="small")
            for n in range(3_000)
        ],
        batch_size=500,
    )
    Affiliation.objects.bulk_create(
        [Affiliation(network=cast.network, organisation=one, joined_on=day(-9)) for one in many], batch_size=500
    )
    with query_budget(len(few)):
        page = BeautifulSoup(client.get(address + "?page=7").content, "html.parser")
    rows = page.select("tbody tr")
    assert len(rows) == 50 and "Many 298" in rows[0].get_text()
    assert "3,002 organisations" in page.get_text()
    with query_budget(len(few)):
        text = client.get(address + "?q=llawer+2999&state=current").content.decode()
    assert "Many 2999" in text and "Many 2998" not in text


@pytest.mark.parametrize("query", ["?page=nonsense", "?page=-1", "?page=99999", "?state=odd&nation=XX&size=huge&q=%25"])
def test_odd_addresses_still_give_a_page(cast, client, query):
    client.force_login(cast.nia)
    assert client.get(reverse("network_members", args=["north"]) + query).status_code == 200
