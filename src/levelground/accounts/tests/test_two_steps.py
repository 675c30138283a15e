"""Two-step sign-in by app, recovery codes and passkeys: who gets in with what, and what others cannot do."""

import base64

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from levelground.foundation.audit.models import AuditEvent
from tests.factories import UserFactory

from .conftest import confirm, sign_in, soup, words
from .two_steps import SoftKey, add_app, add_passkey, code_for, login_options, options_of

SECOND = "/account/2fa/authenticate/"
KEYS = "/account/2fa/webauthn/"


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def with_app(signed_in):
    """Alice's secret, after she set up an app and signed out."""
    secret = add_app(signed_in)
    signed_in.post("/account/logout/")
    return secret


def test_setting_up_an_app_shows_a_picture_and_the_key_as_text(signed_in):
    page = soup(signed_in.get("/account/2fa/totp/activate/"))
    picture = page.main.img
    kind, data = picture["src"].split(",")
    assert kind == "data:image/svg+xml;base64"
    assert b"<svg" in base64.b64decode(data)
    assert picture["alt"]
    assert len(page.find(id="authenticator_secret").text) == 32


def test_a_wrong_code_sets_up_nothing(signed_in, alice):
    signed_in.get("/account/2fa/totp/activate/")
    answer = signed_in.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "That code did not work" in words(answer)
    assert not Authenticator.objects.filter(user=alice).exists()


def test_an_app_is_told_by_mail_and_in_the_log_and_brings_recovery_codes(
    signed_in, alice, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        add_app(signed_in)
    assert "Two-step sign-in is on" in mailoutbox[-1].subject
    assert AuditEvent.objects.get(verb="account.second_step_added", after={"kind": "totp"}).actor == alice.public_id
    codes = soup(signed_in.get("/account/2fa/recovery-codes/")).main.find_all("code")
    assert len(codes) == 10


def test_the_password_alone_is_not_enough(client, with_app):
    assert sign_in(client).url == SECOND
    assert not is_in(client)
    assert "The second step" in soup(client.get(SECOND)).h1.text
    assert client.get("/account/you/").status_code == 302


def test_password_and_code_open_the_door(client, with_app):
    sign_in(client)
    cache.clear()  # the code that set up the app is used up, and the app shows no other for half a minute
    assert client.post(SECOND, {"code": code_for(with_app)}).url == "/"
    assert is_in(client)


def test_a_wrong_code_does_not(client, with_app):
    sign_in(client)
    assert "That code did not work" in words(client.post(SECOND, {"code": "000000"}))
    assert not is_in(client)


def test_the_sixth_code_is_refused_even_when_right(client, with_app):
    cache.clear()
    sign_in(client)
    for _try in range(5):
        client.post(SECOND, {"code": "000000"})
    assert "Too many tries" in words(client.post(SECOND, {"code": code_for(with_app)}))
    assert not is_in(client)


def test_a_recovery_code_works_once(signed_in):
    add_app(signed_in)
    code = soup(signed_in.get("/account/2fa/recovery-codes/")).main.code.text
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post(SECOND, {"code": code})
        assert is_in(other) is expected


def test_recovery_codes_can_be_kept_as_a_file_and_made_anew(signed_in):
    add_app(signed_in)
    old = soup(signed_in.get("/account/2fa/recovery-codes/")).main.code.text
    file = signed_in.get("/account/2fa/recovery-codes/download/")
    assert file["Content-Type"].startswith("text/plain")
    assert "attachment" in file["Content-Disposition"]
    assert old in file.content.decode()
    signed_in.post("/account/2fa/recovery-codes/generate/")
    assert old not in words(signed_in.get("/account/2fa/recovery-codes/"))


def test_turning_the_app_off(signed_in, alice, mailoutbox):
    add_app(signed_in)
    signed_in.get("/account/2fa/totp/deactivate/")
    assert alice.authenticator_set.filter(type="totp").exists(), "looking at the question changes nothing"
    signed_in.post("/account/2fa/totp/deactivate/")
    assert not alice.authenticator_set.exists()
    assert "authenticator app was removed" in mailoutbox[-1].subject
    assert AuditEvent.objects.filter(verb="account.second_step_removed", after={"kind": "totp"}).count() == 1


def test_without_a_second_step_there_are_no_codes(signed_in):
    assert signed_in.get("/account/2fa/recovery-codes/").status_code == 404
    assert signed_in.get("/account/2fa/recovery-codes/download/").status_code == 404


def test_a_passkey_alone_signs_in(signed_in, client, alice):
    key = SoftKey()
    add_passkey(signed_in, key)
    other = Client()
    answer = other.post(f"{KEYS}login/", {"credential": key.get(login_options(other)), "next": "/account/you/"})
    assert answer.url == "/account/you/"
    assert is_in(other)


def test_a_passkey_as_the_second_step(signed_in):
    key = SoftKey()
    add_passkey(signed_in, key)
    other = Client()
    sign_in(other)
    options = options_of(other.get(SECOND))
    assert other.post(SECOND, {"credential": key.get(options)}).url == "/"
    assert is_in(other)


def test_a_passkey_confirms_that_it_is_really_you(signed_in):
    key = SoftKey()
    add_passkey(signed_in, key)
    path = f"{KEYS}reauthenticate/?next=/account/you/"
    options = options_of(signed_in.get(path))
    answer = signed_in.post(path, {"credential": key.get(options), "next": "/account/you/"})
    assert answer.url == "/account/you/"


@pytest.mark.parametrize("credential", ["", "nonsense", "{}", '{"response": {"userHandle": "MQ"}}'])
def test_no_nonsense_signs_in(client, alice, credential):
    login_options(client)
    page = client.post(f"{KEYS}login/", {"credential": credential}, follow=True)
    assert page.status_code == 200
    assert "That passkey did not work" in soup(page).find(class_="lg-messages").text
    assert not is_in(client)


def test_a_passkey_asked_for_by_another_site_does_not_work(signed_in, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # as everywhere but in a demonstration
    key = SoftKey(origin="https://testserver")
    add_passkey(signed_in, key)
    for origin, expected in (("https://elsewhere.example", False), ("https://testserver", True)):
        key.origin = origin
        other = Client()
        other.post(f"{KEYS}login/", {"credential": key.get(login_options(other))})
        assert is_in(other) is expected


def test_an_answer_cannot_be_used_twice(signed_in):
    key = SoftKey()
    add_passkey(signed_in, key)
    first, second = Client(), Client()
    answer = key.get(login_options(first))
    first.post(f"{KEYS}login/", {"credential": answer})
    login_options(second)
    second.post(f"{KEYS}login/", {"credential": answer})
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_passkey_that_did_not_answer_well_is_not_added(signed_in, alice):
    signed_in.get(f"{KEYS}add/")
    page = signed_in.post(f"{KEYS}add/", {"name": "My phone", "credential": "{}"})
    assert "That passkey did not work" in soup(page).find(class_="lg-error-summary").text
    assert not alice.authenticator_set.exists()


def test_passkeys_are_renamed_and_removed(signed_in, alice, mailoutbox):
    key = add_passkey(signed_in, SoftKey())
    signed_in.post(f"{KEYS}keys/{key.pk}/edit/", {"name": "The kitchen computer"})
    assert "The kitchen computer" in words(signed_in.get(KEYS))
    signed_in.post(f"{KEYS}keys/{key.pk}/remove/")
    assert "No passkeys yet" in words(signed_in.get(KEYS))
    assert "A passkey was removed" in mailoutbox[-1].subject


def test_nobody_touches_the_passkeys_of_others(signed_in):
    key = add_passkey(signed_in, SoftKey())
    bob = UserFactory(email="bob@test.example")
    other = Client()
    sign_in(other, bob.email)
    confirm(other)
    for path in (f"{KEYS}keys/{key.pk}/edit/", f"{KEYS}keys/{key.pk}/remove/"):
        assert other.get(path).status_code == 404
        assert other.post(path, {"name": "mine"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).wrap().name == "My phone"


def test_sensitive_pages_ask_again_after_fifteen_minutes(client, alice):
    with time_machine.travel("2026-11-22 10:00:00Z") as clock:
        sign_in(client)
        confirm(client)
        assert client.get("/account/2fa/totp/activate/").status_code == 200
        clock.shift(901)
        assert client.get("/account/2fa/totp/activate/").url.startswith("/account/reauthenticate/")


def test_the_wrong_password_does_not_confirm(client, alice):
    sign_in(client)
    assert "That is not your password" in words(confirm(client, "wrong"))
    assert client.get("/account/2fa/totp/activate/").status_code == 302
