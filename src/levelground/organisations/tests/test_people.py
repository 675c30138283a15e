"""Roles: their dates, their end, the last quality lead, who sees them."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations import services
from levelground.organisations.access import Access
from levelground.organisations.models import Membership, PlaceChange
from levelground.organisations.roles import Permission, Role
from levelground.organisations.selectors import members_people
from tests.factories import MembershipFactory, OrganisationFactory, TeamFactory, UserFactory


def day(offset):
    return clock.today() + dt.timedelta(days=offset)


def role_of(user, **more):
    return Membership.objects.get(user=user, **more)


def test_a_role_ended_now_counts_no_longer_from_this_moment(cast):
    ended = services.end_role(membership=role_of(cast.carys), by=cast.alice, reason="Left the organisation")
    assert ended.ended_at is not None and ended.to_date == clock.today()
    assert not Membership.objects.current().filter(user=cast.carys).exists()
    change = PlaceChange.objects.get(kind="role_ended")
    assert (change.organisation, change.person, change.by) == (cast.alder, cast.carys, cast.alice)
    assert change.reason == "Left the organisation"
    event = AuditEvent.objects.get(verb="place.role_ended")
    assert event.subject == f"membership:{ended.public_id}" and event.chain == cast.alder.audit_chain
    assert cast.carys.email not in str(event.after) + event.subject


def test_a_role_with_a_last_day_counts_until_the_end_of_it(cast):
    services.end_role(membership=role_of(cast.carys), by=cast.alice, on=day(0))
    assert Membership.objects.current().filter(user=cast.carys).exists()


@pytest.mark.parametrize("on", [-1, -400])
def test_the_last_day_is_never_in_the_past(cast, on):
    with pytest.raises(Invalid):
        services.end_role(membership=role_of(cast.carys), by=cast.alice, on=day(on))


def test_an_ended_role_stays_ended(cast):
    services.end_role(membership=role_of(cast.carys), by=cast.alice)
    with pytest.raises(IllegalMove):
        services.end_role(membership=role_of(cast.carys), by=cast.alice)
    with pytest.raises(IllegalMove):
        services.change_dates(membership=role_of(cast.carys), from_date=day(0), to_date=None, by=cast.alice)


def test_a_role_that_has_not_begun_can_be_ended(cast):
    coming = MembershipFactory(organisation=cast.alder, role=Role.SIGN_OFF, from_date=day(10))
    ended = services.end_role(membership=coming, by=cast.alice)
    assert ended.ended_at is not None and ended.to_date == day(10)


@pytest.mark.parametrize(
    "act",
    [
        lambda lead, by: services.end_role(membership=lead, by=by),
        lambda lead, by: services.end_role(membership=lead, by=by, on=day(30)),
        lambda lead, by: services.change_dates(membership=lead, from_date=day(5), to_date=None, by=by),
        lambda lead, by: services.change_dates(membership=lead, from_date=day(-5), to_date=day(5), by=by),
    ],
    ids=["now", "on a day", "begins later", "gets an end"],
)
def test_the_last_quality_lead_cannot_be_removed(cast, act):
    with pytest.raises(IllegalMove, match="Quality lead"):
        act(role_of(cast.alice), cast.alice)
    assert role_of(cast.alice).to_date is None


def test_a_second_lead_frees_the_first_but_only_as_long_as_they_hold_the_role(cast):
    second = MembershipFactory(organisation=cast.alder, role=Role.MEMBER_LEAD, to_date=day(20))
    with pytest.raises(IllegalMove):
        services.end_role(membership=role_of(cast.alice), by=cast.alice)
    services.change_dates(membership=second, from_date=second.from_date, to_date=None, by=cast.alice)
    services.end_role(membership=role_of(cast.alice), by=cast.alice)
    with pytest.raises(IllegalMove):
        services.end_role(membership=second, by=cast.alice)


def test_somebody_who_cannot_sign_in_does_not_count_as_a_lead(cast):
    MembershipFactory(organisation=cast.alder, role=Role.MEMBER_LEAD, user=UserFactory(is_active=False))
    with pytest.raises(IllegalMove):
        services.end_role(membership=role_of(cast.alice), by=cast.alice)


def test_the_last_officer_of_a_network_cannot_be_removed(cast):
    with pytest.raises(IllegalMove, match="Network officer"):
        services.end_role(membership=role_of(cast.nia), by=cast.nia)


def test_two_people_changing_the_same_role(cast):
    role = role_of(cast.carys)
    services.change_dates(membership=role, from_date=role.from_date, to_date=day(50), by=cast.alice, seen_version=0)
    with pytest.raises(Conflict) as conflict:
        services.end_role(membership=role, by=cast.alice, on=day(3), seen_version=0)
    assert conflict.value.theirs.to_date == day(50)
    assert role_of(cast.carys).to_date == day(50)


def test_the_database_refuses_half_truths(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=cast.carys).update(ended_at=clock.now(), to_date=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=cast.carys).update(to_date=dt.date(2001, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=cast.carys).update(network=cast.network)


def test_private_roles_are_seen_only_by_those_who_give_them(cast):
    team = TeamFactory(organisation=cast.alder)
    for scope in ({"organisation": cast.alder}, {"team": team}):
        MembershipFactory(user=UserFactory(name="Dilys Davies"), role=Role.CONTRIBUTOR, **scope)
    names = {user: [str(row.user) for row in members_people(cast.alder, user)] for user in (cast.alice, cast.carys)}
    assert names[cast.alice].count("Dilys Davies") == 2
    assert "Dilys Davies" not in names[cast.carys]
    assert "Dilys Davies" not in [str(row.user) for row in members_people(cast.alder, cast.nia)]
    assert list(members_people(cast.alder, cast.bob)) == []


def test_a_role_in_a_team_opens_little_of_the_organisation(cast):
    team = TeamFactory(organisation=cast.alder)
    partner = MembershipFactory(team=team, role=Role.LIVED_EXPERIENCE_PARTNER).user
    access = Access.of(partner)
    assert access.can(Permission.ANSWER_WORKBOOK, team)
    assert access.can(Permission.SEE_ORGANISATION, cast.alder)
    assert not access.can(Permission.SEE_WORKBOOK, cast.alder)
    assert not access.can(Permission.SEE_PEOPLE, cast.alder)
    assert not access.can(Permission.SEE_ORGANISATION, TeamFactory())


def test_the_people_page_lists_roles_with_their_dates(cast, client):
    MembershipFactory(organisation=cast.alder, role=Role.SIGN_OFF, from_date=day(10), user__name="Eira Coming")
    client.force_login(cast.alice)
    page = BeautifulSoup(client.get(reverse("organisation_people", args=["alder"])).content, "html.parser")
    text = page.get_text(" ", strip=True)
    assert "Carys Contributor" in text and "Workbook contributor" in text and "1 Jan 2020" in text
    assert "Eira Coming" in text and "Not begun yet" in text
    assert "Bob Lead" not in text


def test_those_who_only_see_people_get_no_buttons_and_no_way_around(cast, client):
    client.force_login(cast.carys)
    page = client.get(reverse("organisation_people", args=["alder"]))
    assert page.status_code == 200
    assert reverse("organisation_invite", args=["alder"]) not in page.content.decode()
    number = role_of(cast.tomos).public_id
    for name in ("organisation_role", "organisation_role_end"):
        assert client.post(reverse(name, args=["alder", number]), {"when": "now", "version": 0}).status_code == 403
    assert role_of(cast.tomos).ended_at is None


def test_ending_a_role_by_the_page(cast, client):
    client.force_login(cast.alice)
    address = reverse("organisation_role_end", args=["alder", role_of(cast.carys).public_id])
    without_a_day = client.post(address, {"when": "on", "version": 0})
    assert "Choose the last day" in without_a_day.content.decode()
    done = client.post(address, {"when": "now", "version": 0, "reason": ""})
    assert done.status_code == 302 and role_of(cast.carys).ended_at is not None
    ended = client.get(reverse("organisation_people", args=["alder"]) + "?show=ended").content.decode()
    assert "Carys Contributor" in ended


def test_the_page_says_why_the_last_lead_stays_and_keeps_what_was_typed(cast, client):
    client.force_login(cast.alice)
    address = reverse("organisation_role_end", args=["alder", role_of(cast.alice).public_id])
    page = client.post(address, {"when": "on", "on": day(9).isoformat(), "reason": "Moving on", "version": 0})
    text = page.content.decode()
    assert page.status_code == 200 and "Give the role to somebody else first" in text
    assert "Moving on" in text and day(9).isoformat() in text


def test_the_second_of_two_editors_sees_both_and_loses_nothing(cast, client):
    role = role_of(cast.carys)
    client.force_login(cast.alice)
    address = reverse("organisation_role", args=["alder", role.public_id])
    first = {"from_date": "2020-01-01", "to_date": day(60).isoformat(), "version": 0}
    assert client.post(address, first).status_code == 302
    second = client.post(address, {**first, "to_date": day(90).isoformat()})
    text = second.content.decode()
    assert second.status_code == 409
    assert day(90).isoformat() in text and "What stands now" in text
    version = BeautifulSoup(text, "html.parser").find("input", {"name": "version"})["value"]
    assert client.post(address, {**first, "to_date": day(90).isoformat(), "version": version}).status_code == 302
    assert role_of(cast.carys).to_date == day(90)


def test_a_number_of_another_place_is_not_found(cast, client):
    client.force_login(cast.alice)
    number = role_of(cast.bob).public_id
    assert client.get(reverse("organisation_role", args=["alder", number])).status_code == 404


def test_the_people_page_asks_the_database_as_often_for_many_as_for_few(cast, client, query_budget):
    client.force_login(cast.alice)
    address = reverse("organisation_people", args=["alder"])
    client.get(address)
    with query_budget(25) as few:
        client.get(address)
    for _n in range(30):
        MembershipFactory(organisation=cast.alder, role=Role.SIGN_OFF)
    with query_budget(len(few)):
        client.get(address)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_two_leads_cannot_end_each_other_at_the_same_moment():
    import threading

    organisation = OrganisationFactory()
    roles = [MembershipFactory(organisation=organisation, role=Role.MEMBER_LEAD) for _n in range(2)]
    start, refused = threading.Barrier(2), []

    def end(mine):
        start.wait()
        try:
            services.end_role(membership=roles[mine], by=roles[1 - mine].user)
        except IllegalMove:
            refused.append(mine)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.current().filter(organisation=organisation).count() == 1
