"""E-mails: in the language of the person who gets them, without personal content, with one thing to do."""

import pytest

from tests.factories import PASSWORD, UserFactory

from .conftest import confirm, link_in, sign_in, soup, words

NEW = "three quiet otters"


def ask(client, email):
    return client.post("/account/password/reset/", {"email": email}, follow=True)


def test_a_new_password_by_link(client, alice, mailoutbox):
    assert "Look into your e-mail" in soup(ask(client, alice.email)).h1.text
    mail = mailoutbox[0]
    assert (mail.to, mail.subject) == ([alice.email], "Levelground: Choose a new password")
    assert alice.name not in mail.body
    page = client.get(link_in(mail), follow=True)
    form = page.redirect_chain[-1][0]
    assert "at least 12" in words(page)
    done = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)
    assert "Your new password is saved" in soup(done).h1.text
    assert mailoutbox[1].subject == "Levelground: You have a new password"
    assert sign_in(client, password=PASSWORD).status_code == 200
    assert sign_in(client, password=NEW).status_code == 302


def test_the_link_works_once(client, alice, mailoutbox):
    ask(client, alice.email)
    path = link_in(mailoutbox[0])
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert "no longer works" in soup(client.get(path, follow=True)).h1.text


def test_the_page_does_not_tell_whether_there_is_an_account(client, alice, mailoutbox):
    known, unknown = ask(client, alice.email), ask(client, "nobody@test.example")
    assert words(known) == words(unknown)
    assert mailoutbox[1].to == ["nobody@test.example"]
    assert "There is no account" in mailoutbox[1].subject
    assert "/account/password/" not in mailoutbox[1].body


def test_a_closed_account_gets_no_link(client, alice, mailoutbox):
    alice.is_active = False
    alice.save()
    ask(client, alice.email)
    assert "There is no account" in mailoutbox[0].subject


def test_welsh_mail_to_who_prefers_welsh_from_an_english_page(client, mfanwy, mailoutbox):
    ask(client, mfanwy.email)
    assert mailoutbox[0].subject == "Levelground: Dewis cyfrinair newydd"
    assert mailoutbox[0].body.startswith("Helo,")
    assert "Mae'r ddolen yn gweithio unwaith" in mailoutbox[0].body


def test_english_mail_to_who_prefers_english_from_a_welsh_page(client, alice, mailoutbox):
    client.cookies["levelground_language"] = "cy"
    ask(client, alice.email)
    assert mailoutbox[0].body.startswith("Hello,")


def test_a_change_of_password_is_told_with_what_to_do(signed_in, alice, mailoutbox):
    signed_in.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    mail = mailoutbox[-1]
    assert mail.subject == "Levelground: Your password was changed"
    assert "If this was not you" in mail.body
    assert link_in(mail) == "/account/password/reset/"
    assert "127.0.0.1" not in mail.body


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_a_new_address_counts_when_its_link_was_opened(client, alice, mailoutbox, language):
    alice.language = language
    alice.save()
    sign_in(client)
    confirm(client)
    client.post("/account/email/", {"email": "Alice.New@test.example", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@test.example"
    assert "alice.new@test.example" in words(client.get("/account/email/"))
    mail = mailoutbox[-1]
    assert mail.to == ["alice.new@test.example"]
    assert mail.body.startswith("Helo," if language == "cy" else "Hello,")
    client.post(link_in(mail))
    alice.refresh_from_db()
    assert alice.email == "alice.new@test.example"
    told = mailoutbox[-1]
    assert told.to == ["alice@test.example"]
    assert told.body.startswith("Helo," if language == "cy" else "Hello,")


def test_the_new_address_can_be_given_up(signed_in, alice):
    signed_in.post("/account/email/", {"email": "other@test.example", "action_add": ""})
    signed_in.post("/account/email/", {"email": "other@test.example", "action_remove": ""})
    assert list(alice.emailaddress_set.values_list("email", flat=True)) == ["alice@test.example"]


def test_nobody_learns_whose_address_is_taken(signed_in, alice, mailoutbox):
    UserFactory(email="bob@test.example")
    answer = signed_in.post("/account/email/", {"email": "bob@test.example", "action_add": ""})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert alice.email == "alice@test.example"


def test_changing_the_address_asks_first_whether_it_is_really_you(client, alice):
    sign_in(client)
    answer = client.post("/account/email/", {"email": "new@test.example", "action_add": ""})
    assert answer.url.startswith("/account/reauthenticate/")
    assert alice.emailaddress_set.count() == 1
