"""Inviting people: who may, what the e-mail says, what becomes of the link."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import IllegalMove, Invalid, NotAllowed
from levelground.organisations import services
from levelground.organisations.models import Affiliation, Invitation, Membership, PlaceChange
from levelground.organisations.roles import Role, given_by
from levelground.organisations.selectors import find_invitation, roles_to_give
from tests.factories import (
    PASSWORD,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    TeamFactory,
    UserFactory,
    secret_of,
)


@pytest.fixture
def send(django_capture_on_commit_callbacks, mailoutbox):
    """Do something and let its e-mails leave; gives what left."""

    def act(do, **arguments):
        before = len(mailoutbox)
        with django_capture_on_commit_callbacks(execute=True):
            made = do(**arguments)
        return made, mailoutbox[before:]

    return act


def link_of(mail):
    return re.search(r"https?://\S+(/join/\S+/)", mail.body)[1]


def invite(cast, **more):
    wanted = {"place": cast.alder, "email": "new@test.example", "role": Role.SIGN_OFF, "by": cast.alice}
    return {**wanted, **more}


def test_the_e_mail_carries_a_link_and_the_database_only_its_hash(cast, send):
    invitation, mails = send(services.invite, **invite(cast, email=" New@Test.example ", name="Mari  Rees"))
    (mail,) = mails
    secret = link_of(mail).split("/")[2]
    assert mail.to == ["new@test.example"] and invitation.email == "new@test.example"
    assert secret not in str(list(Invitation.objects.values())) and len(secret) > 40
    assert find_invitation(secret) == invitation
    assert (invitation.expires_at - invitation.invited_at).days == 14
    invitation.refresh_from_db()
    assert invitation.sent_at is not None and invitation.name == "Mari Rees"


def test_the_e_mail_is_in_both_languages_in_wales_welsh_first(cast, send):
    _invitation, (mail,) = send(services.invite, **invite(cast))
    assert mail.body.index("Mae Alice Lead wedi") < mail.body.index("Alice Lead has invited you")
    assert "Aelod" in mail.subject and "Member" in mail.subject


def test_the_e_mail_is_in_english_in_england_but_for_somebody_who_reads_welsh(cast, send):
    at_birch = {"place": cast.birch, "by": cast.bob}
    _invitation, (mail,) = send(services.invite, **invite(cast, **at_birch))
    assert "has invited you" in mail.body and "wedi" not in mail.body
    UserFactory(email="cymraes@test.example", language="cy")
    _invitation, (mail,) = send(services.invite, **invite(cast, email="cymraes@test.example", **at_birch))
    assert "Mae Bob Lead wedi" in mail.body


def test_the_e_mail_does_not_name_a_role_that_may_be_private(cast, send):
    _invitation, (mail,) = send(services.invite, **invite(cast, role=Role.CONTRIBUTOR))
    assert "Contributor" not in mail.body + mail.subject


def test_names_in_the_e_mail_stay_on_their_line(cast, send):
    name = "Mari\nBcc: everybody@test.example"
    _invitation, (mail,) = send(services.invite, **invite(cast, name=name))
    assert "Mari Bcc: everybody@test.example," in mail.body


def test_when_mail_cannot_leave_the_invitation_stands_and_says_so(cast, client, settings, send):
    settings.EMAIL_BACKEND = "levelground.organisations.tests.test_invitations.NoMail"
    client.force_login(cast.alice)
    address = reverse("organisation_invite", args=["alder"])
    sent = {"email": "new@test.example", "role": "sign_off", "name": ""}
    response, _mails = send(client.post, path=address, data=sent)
    assert response.status_code == 302
    text = client.get(reverse("organisation_people", args=["alder"])).content.decode()
    assert "E-mail not sent yet" in text and "Send again" in text


class NoMail:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError(111, "Connection refused")


def test_nobody_gives_a_role_that_is_not_theirs_to_give(cast):
    refused = [
        {"by": cast.carys},
        {"by": cast.bob},
        {"by": cast.nia},
        {"by": cast.zed},
        {"role": Role.NETWORK_OFFICER},
        {"role": Role.TEAM_MEMBER},
        {"place": cast.network},
        {"place": cast.network, "role": Role.MODERATOR},
        {"place": cast.network, "role": Role.MEMBER_LEAD, "by": cast.nia},
        {"place": cast.birch},
        {"place": TeamFactory(organisation=cast.alder)},
        {"place": TeamFactory(organisation=cast.birch), "role": Role.TEAM_MEMBER},
    ]
    for wrong in refused:
        with pytest.raises(NotAllowed):
            services.invite(**invite(cast, **wrong))
    assert not Invitation.objects.exists()


def test_a_lead_gives_the_roles_of_the_organisation_and_of_its_teams(cast):
    team = TeamFactory(organisation=cast.alder)
    assert set(roles_to_give(cast.alice, cast.alder)) | set(roles_to_give(cast.alice, team)) == set(
        given_by(Role.MEMBER_LEAD)
    )
    assert services.invite(**invite(cast, place=team, role=Role.TEAM_MEMBER)).team == team


def test_an_officer_stands_in_only_while_a_member_has_no_lead(cast):
    new = OrganisationFactory(slug="new")
    Affiliation.objects.create(network=cast.network, organisation=new, joined_on=clock.today())
    assert roles_to_give(cast.nia, new) == [Role.MEMBER_LEAD]
    assert roles_to_give(cast.olga, new) == []
    services.invite(place=new, email="lead@test.example", role=Role.MEMBER_LEAD, by=cast.nia)
    lead = MembershipFactory(organisation=new, role=Role.MEMBER_LEAD)
    assert roles_to_give(cast.nia, new) == []
    lead.user.is_active = False
    lead.user.save()
    assert roles_to_give(cast.nia, new) == [Role.MEMBER_LEAD]


def test_twice_the_same_is_refused_beside_the_e_mail_address(cast):
    services.invite(**invite(cast))
    for again in (invite(cast), invite(cast, email="NEW@test.example"), invite(cast, email="tomos@test.example")):
        with pytest.raises(Invalid) as refused:
            services.invite(**again)
        assert "email" in refused.value.fields
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(email="new@test.example", role=Role.SIGN_OFF, organisation=cast.alder)
    services.invite(**invite(cast, role=Role.MENTOR))


def test_a_team_that_is_archived_takes_nobody(cast):
    team = TeamFactory(organisation=cast.alder, archived_at=clock.now())
    with pytest.raises(Invalid):
        services.invite(**invite(cast, place=team, role=Role.TEAM_MEMBER))
    waiting = InvitationFactory(team=team, role=Role.TEAM_MEMBER)
    assert find_invitation(secret_of(waiting)) is None


def test_a_newcomer_joins_with_a_name_and_a_password(cast, client):
    invitation = InvitationFactory(organisation=cast.alder, name="Mari Rees", role_ends_on=dt.date(2099, 1, 1))
    address = reverse("join", args=[secret_of(invitation)])
    page = client.get(address)
    assert page.status_code == 200 and "Mari Rees" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    done = client.post(address, {"name": "Mari  Rees", "password": "three random words"})
    assert (done.status_code, done.url) == (302, "/o/alder/")
    user = User.objects.get(email=invitation.email)
    assert user.name == "Mari Rees" and user.check_password("three random words")
    assert EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).exists()
    held = Membership.objects.get(user=user)
    assert (held.role, held.organisation, held.to_date) == (invitation.role, cast.alder, dt.date(2099, 1, 1))
    assert (held.from_date, held.granted_by) == (clock.today(), invitation.invited_by)
    assert client.get("/o/alder/").status_code == 200
    change = PlaceChange.objects.get(kind="role_given")
    assert (change.person, change.invitation, change.organisation) == (user, invitation, cast.alder)
    assert AuditEvent.objects.filter(verb="place.role_given", actor=user.public_id).exists()


def test_a_newcomer_gets_the_language_of_the_page(cast, client):
    invitation = InvitationFactory(organisation=cast.alder)
    client.cookies["levelground_language"] = "cy"
    client.post(reverse("join", args=[secret_of(invitation)]), {"name": "Mari", "password": "three random words"})
    assert User.objects.get(email=invitation.email).language == "cy"


@pytest.mark.parametrize("password", ["", "short", "password1234", "invited-mari@test.example"])
def test_a_weak_password_is_refused_beside_its_field(cast, client, password):
    invitation = InvitationFactory(organisation=cast.alder, email="invited-mari@test.example")
    page = client.post(reverse("join", args=[secret_of(invitation)]), {"name": "Mari", "password": password})
    assert page.status_code == 200 and 'id="id_password-error"' in page.content.decode()
    assert not User.objects.filter(email=invitation.email).exists()


def test_somebody_with_an_account_is_asked_to_sign_in_and_comes_back(cast, client):
    invitation = InvitationFactory(organisation=cast.birch, email="alice@test.example")
    address = reverse("join", args=[secret_of(invitation)])
    page = client.get(address).content.decode()
    assert f"{reverse('account_login')}?next={address}" in page
    client.post(address, {"name": "Somebody Else", "password": "three random words"})
    assert not Membership.objects.filter(organisation=cast.birch, user=cast.alice).exists()
    signed_in = client.post(
        reverse("account_login"), {"login": "alice@test.example", "password": PASSWORD, "next": address}
    )
    assert signed_in.url == address
    assert "Accept" in client.get(address).content.decode()
    assert client.post(address).url == "/o/birch/"
    assert Membership.objects.current().filter(organisation=cast.birch, user=cast.alice).count() == 1


def test_another_confirmed_address_of_the_same_person_counts(cast, client):
    EmailAddress.objects.create(user=cast.zed, email="zed.home@test.example", verified=True)
    EmailAddress.objects.create(user=cast.zed, email="zed.maybe@test.example", verified=False)
    client.force_login(cast.zed)
    good = InvitationFactory(organisation=cast.alder, email="zed.home@test.example")
    bad = InvitationFactory(organisation=cast.alder, email="zed.maybe@test.example", role=Role.SIGN_OFF)
    assert client.post(reverse("join", args=[secret_of(bad)])).status_code == 200
    assert not Membership.objects.filter(user=cast.zed).exists()
    assert client.post(reverse("join", args=[secret_of(good)])).status_code == 302


def test_signed_in_as_somebody_else_says_so_and_gives_nothing(cast, client):
    invitation = InvitationFactory(organisation=cast.alder)
    client.force_login(cast.bob)
    page = client.post(reverse("join", args=[secret_of(invitation)]))
    text = page.content.decode()
    assert "bob@test.example" in text and invitation.email not in text
    assert not Membership.objects.filter(user=cast.bob, organisation=cast.alder).exists()
    with pytest.raises(NotAllowed):
        services.accept(secret=secret_of(invitation), by=cast.bob)


def test_used_expired_withdrawn_and_invented_links_look_the_same(cast, client):
    def link(**more):
        return secret_of(InvitationFactory(organisation=cast.alder, **more))

    expired = link(invited_at=clock.now() - dt.timedelta(days=15), expires_at=clock.now() - dt.timedelta(days=1))
    links = [
        expired,
        link(withdrawn_at=clock.now()),
        link(accepted_at=clock.now(), accepted_by=cast.carys),
        link(role_ends_on=clock.today() - dt.timedelta(days=1)),
        "invented",
    ]
    pages = [client.get(reverse("join", args=[secret])) for secret in links]
    assert {page.status_code for page in pages} == {404}
    texts = {re.sub(r"(nonce|value|<span class=\"lg-number\")[^<]*", "", page.content.decode()) for page in pages}
    assert len({re.sub(r"/join/[^\"]*", "", text) for text in texts}) == 1
    assert "ask the person who invited you to send it again" in texts.pop()
    for secret in links:
        assert client.post(reverse("join", args=[secret]), {"name": "A", "password": PASSWORD}).status_code == 404
        with pytest.raises(IllegalMove):
            services.accept_as_newcomer(secret=secret, name="A", password=PASSWORD)


def test_a_link_works_once(cast):
    invitation = InvitationFactory(organisation=cast.alder, email="zed@test.example")
    services.accept(secret=secret_of(invitation), by=cast.zed)
    with pytest.raises(IllegalMove):
        services.accept(secret=secret_of(invitation), by=cast.zed)
    assert Membership.objects.filter(user=cast.zed).count() == 1


def test_two_invitations_of_one_newcomer_make_one_account(cast):
    first = InvitationFactory(organisation=cast.alder, email="both@test.example")
    second = InvitationFactory(organisation=cast.birch, email="both@test.example")
    services.accept_as_newcomer(secret=secret_of(first), name="Both", password=PASSWORD)
    with pytest.raises(IllegalMove, match="Sign in"):
        services.accept_as_newcomer(secret=secret_of(second), name="Both", password=PASSWORD)
    services.accept(secret=secret_of(second), by=User.objects.get(email="both@test.example"))
    assert Membership.objects.filter(user__email="both@test.example").count() == 2


def test_a_role_held_meanwhile_is_not_given_twice(cast):
    invitation = InvitationFactory(organisation=cast.alder, email="zed@test.example", role=Role.SIGN_OFF)
    held = MembershipFactory(user=cast.zed, organisation=cast.alder, role=Role.SIGN_OFF)
    assert services.accept(secret=secret_of(invitation), by=cast.zed) == held


def test_sending_again_makes_a_new_link_and_the_old_one_stops(cast, send):
    old = InvitationFactory(organisation=cast.alder, expires_at=clock.now() - dt.timedelta(days=1))
    again, (mail,) = send(services.send_again, invitation=old, by=cast.alice)
    assert find_invitation(secret_of(old)) is None
    assert find_invitation(link_of(mail).split("/")[2]) == again
    assert PlaceChange.objects.filter(kind="invited_again", by=cast.alice).exists()


def test_a_withdrawn_invitation_is_over(cast, send):
    invitation = InvitationFactory(organisation=cast.alder)
    services.withdraw(invitation=invitation, by=cast.alice)
    assert find_invitation(secret_of(invitation)) is None
    for act in (services.withdraw, services.send_again):
        with pytest.raises(IllegalMove):
            act(invitation=invitation, by=cast.alice)
    services.invite(**invite(cast, email=invitation.email, role=invitation.role))


def test_inviting_sending_again_and_withdrawing_by_the_pages(cast, client, send):
    team = TeamFactory(organisation=cast.alder)
    client.force_login(cast.alice)
    people, address = reverse("organisation_people", args=["alder"]), reverse("organisation_invite", args=["alder"])
    data = {"email": "mari@test.example", "name": "Mari", "place": team.public_id, "role": "team_member"}
    _response, mails = send(client.post, path=address, data=data)
    assert len(mails) == 1 and "mari@test.example" in client.get(people).content.decode()
    number = Invitation.objects.get().public_id
    again = reverse("organisation_invitation_again", args=["alder", number])
    _response, mails = send(client.post, path=again)
    assert len(mails) == 1
    withdraw = reverse("organisation_invitation_withdraw", args=["alder", number])
    assert client.post(withdraw).url == people
    text = client.post(withdraw, follow=True).content.decode()
    assert "withdrawn already" in text and "mari@test.example" not in text.split('id="invitations"')[1]


def test_a_role_and_a_place_that_do_not_fit_are_explained(cast, client):
    team = TeamFactory(organisation=cast.alder)
    client.force_login(cast.alice)
    address = reverse("organisation_invite", args=["alder"])
    for place, role in [(team.public_id, "sign_off"), ("whole", "team_member")]:
        page = client.post(address, {"email": "mari@test.example", "place": place, "role": role})
        assert page.status_code == 200 and 'id="id_role-error"' in page.content.decode()
    strange = client.post(address, {"email": "mari@test.example", "place": "whole", "role": "network_officer"})
    assert strange.status_code == 200
    foreign = TeamFactory(organisation=cast.birch).public_id
    assert client.post(address, {"email": "m@test.example", "place": foreign, "role": "team_member"}).status_code == 200
    assert not Invitation.objects.exists()


def test_an_officer_invites_to_the_network(cast, client, send):
    client.force_login(cast.nia)
    data = {"email": "peer@test.example", "role": "peer_reviewer"}
    send(client.post, path=reverse("network_invite", args=["north"]), data=data)
    assert Invitation.objects.get().network == cast.network


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_one_link_opened_twice_at_the_same_moment_gives_one_account():
    import threading

    invitation = InvitationFactory(organisation=OrganisationFactory())
    start, refused = threading.Barrier(2), []

    def join():
        start.wait()
        try:
            services.accept_as_newcomer(secret=secret_of(invitation), name="Mari", password=PASSWORD)
        except IllegalMove:
            refused.append(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=join) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.filter(user__email=invitation.email).count() == 1
