"""Signing in: who gets in, who does not, what stays secret, and how long it lasts."""

import time_machine
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache

from levelground.accounts.middleware import EVERY
from levelground.foundation.audit.models import AuditEvent
from tests.factories import PASSWORD, UserFactory

from .conftest import LOGIN, link_in, sign_in, soup, words

WRONG = "not her password"


def test_a_person_signs_in_and_the_log_knows(client, alice):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/")
    event = AuditEvent.objects.get(verb="account.signed_in")
    assert (event.actor, event.subject) == (alice.public_id, f"user:{alice.public_id}")
    client.post("/account/logout/")
    client.post("/account/logout/")
    assert AuditEvent.objects.get(verb="account.signed_out").actor == alice.public_id


def test_the_page_asked_for_comes_after_signing_in(client, alice):
    assert sign_in(client, next="/account/you/").url == "/account/you/"


def test_no_stranger_site_comes_after_signing_in(client, alice):
    assert sign_in(client, next="https://elsewhere.example/").url == "/"


def test_a_wrong_password_and_an_unknown_address_say_the_same(client, alice):
    known, unknown = sign_in(client, password=WRONG), sign_in(client, email="nobody@test.example", password=WRONG)
    assert known.status_code == unknown.status_code == 200
    assert words(known) == words(unknown).replace("nobody@", "alice@")
    assert "do not belong together" in words(known)
    assert "_auth_user_id" not in client.session


def test_what_was_typed_stays_except_the_password(client, alice):
    page = soup(sign_in(client, password=WRONG))
    assert page.find("input", {"name": "login"})["value"] == "alice@test.example"
    assert not page.find("input", {"name": "password"}).get("value")


def test_the_sixth_try_is_refused_even_with_the_right_password(client, alice):
    for _try in range(5):
        assert sign_in(client, password=WRONG).status_code == 200
    refused = sign_in(client)
    assert refused.status_code == 429
    assert "about 5 minutes" in words(refused)
    assert soup(refused).main.find("a", href="/account/password/reset/")
    assert 0 < int(refused["Retry-After"]) <= 300
    assert "_auth_user_id" not in client.session


def test_the_lock_does_not_tell_whether_there_is_an_account(client, alice):
    pages = []
    for email in ("alice@test.example", "nobody@test.example"):
        for _try in range(5):
            sign_in(client, email=email, password=WRONG)
        pages.append(sign_in(client, email=email))
    assert [page.status_code for page in pages] == [429, 429]
    assert words(pages[0]) == words(pages[1])


def test_the_lock_of_one_person_does_not_shut_out_another(client, alice):
    UserFactory(email="bob@test.example")
    for _try in range(5):
        sign_in(client, password=WRONG)
    assert sign_in(client, email="bob@test.example").status_code == 302


def test_writing_the_address_in_capitals_is_the_same_address(client, alice):
    for _try in range(5):
        sign_in(client, email="ALICE@test.example", password=WRONG)
    assert sign_in(client).status_code == 429


def test_after_five_minutes_the_door_is_open_again(client, alice):
    with time_machine.travel("2026-11-22 10:00:00Z", tick=False) as clock:
        for _try in range(5):
            sign_in(client, password=WRONG)
        clock.shift(299)
        assert sign_in(client).status_code == 429
        clock.shift(2)
        assert sign_in(client).status_code == 302


def test_a_new_password_by_e_mail_opens_the_door_at_once(client, alice, mailoutbox):
    for _try in range(5):
        sign_in(client, password=WRONG)
    client.post("/account/password/reset/", {"email": alice.email})
    page = client.get(link_in(mailoutbox[0]), follow=True)
    new = "three quiet otters"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client, password=new).status_code == 302


def test_every_worker_counts_failed_tries_in_the_same_place(db):
    """Two processes share nothing but the database: counts in a process's own memory would allow twice the tries."""
    assert isinstance(caches["default"], DatabaseCache)
    caches["default"].set("seen", 1, 60)
    assert DatabaseCache("levelground_cache", {}).get("seen") == 1


def test_very_many_tries_of_any_kind_get_a_page_too(client, db):
    for number in range(30):
        client.post(LOGIN, {"login": f"x{number}", "password": "y"})
    refused = client.post(LOGIN, {"login": "x", "password": "y"})
    assert refused.status_code == 429
    assert "Too many tries" in soup(refused).h1.text


def test_a_closed_account_stays_outside(client, alice):
    alice.is_active = False
    alice.save()
    page = client.post(LOGIN, {"login": alice.email, "password": PASSWORD}, follow=True)
    assert "closed" in soup(page).h1.text
    assert "_auth_user_id" not in client.session


def test_an_address_that_is_not_confirmed_gets_a_link_and_no_entry(client, db, mailoutbox):
    user = UserFactory(email="new@test.example", verified=False)
    page = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)
    assert "Confirm your e-mail address" in soup(page).h1.text
    assert "_auth_user_id" not in client.session
    again = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)
    assert "Confirm your e-mail address" in soup(again).h1.text
    confirm = link_in(mailoutbox[0])
    assert "new@test.example" in words(client.get(confirm))
    client.post(confirm)
    assert user.emailaddress_set.get().verified


def test_without_the_tick_the_session_ends_with_the_browser(client, alice):
    response = sign_in(client)
    assert not response.cookies["sessionid"]["max-age"]
    assert client.session.get_expire_at_browser_close()


def test_with_the_tick_it_lasts_twelve_hours(client, alice):
    assert sign_in(client, remember="on").cookies["sessionid"]["max-age"] == 12 * 3600


def test_the_tick_is_off_and_says_why(client, db):
    page = soup(client.get(LOGIN))
    assert not page.find("input", {"name": "remember"}).has_attr("checked")
    assert "shared computer" in page.main.text


def test_pages_know_when_the_session_ends_and_use_pushes_it_back(client, alice):
    with time_machine.travel("2026-11-22 10:00:00Z", tick=False) as clock:
        sign_in(client)
        assert soup(client.get("/account/you/")).body["data-session-seconds"] == str(12 * 3600)
        clock.shift(EVERY - 1)
        assert soup(client.get("/account/you/")).body["data-session-seconds"] == str(12 * 3600 - EVERY + 1)
        clock.shift(1)
        assert soup(client.get("/account/you/")).body["data-session-seconds"] == str(12 * 3600)
        clock.shift(12 * 3600 + 1)
        assert client.get("/account/you/").status_code == 302


def test_a_page_soon_after_another_writes_nothing(client, alice, django_assert_num_queries):
    sign_in(client)
    client.get("/account/you/")
    seen = UserSession.objects.get().last_seen_at
    client.get("/account/you/")
    assert UserSession.objects.get().last_seen_at == seen


def test_nobody_opens_an_account_by_themselves(client, db):
    page = client.get("/account/signup/")
    assert "by invitation" in soup(page).h1.text
    client.post("/account/signup/", {"email": "eve@test.example", "password1": "three quiet otters"})
    assert not UserFactory._meta.model.objects.exists()


def test_signing_out_needs_a_press(client, alice):
    sign_in(client)
    assert client.get("/account/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/account/logout/").url == LOGIN
    assert "_auth_user_id" not in client.session
