"""Signing in with a work account (OpenID Connect): a faked provider, no network."""

import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlparse

import pytest
import requests
from allauth.socialaccount.models import SocialAccount

from levelground.accounts.adapters import SocialAccountAdapter
from levelground.accounts.models import User
from levelground.foundation.audit.models import AuditEvent
from tests.factories import UserFactory

from .conftest import LOGIN, confirm, soup, words

START = "/account/oidc/oidc/login/"
BACK = "/account/oidc/oidc/login/callback/"
IDP = "https://idp.example"


class Reply:
    status_code, headers = 200, {"content-type": "application/json"}

    def __init__(self, data):
        self.data, self.content = data, b""

    def json(self):
        return self.data

    def raise_for_status(self):
        pass


class FakeProvider:
    """Answers as the provider's addresses would; ``person`` is who signed in there."""

    def __init__(self):
        self.person = {"sub": "a-1", "email": "alice@test.example", "email_verified": True, "name": "Alice at work"}
        self.broken = self.silent = False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def get(self, url, **kwargs):
        if self.silent:
            raise requests.ConnectionError
        if url.endswith("/.well-known/openid-configuration"):
            return Reply(
                {
                    "issuer": IDP, "authorization_endpoint": f"{IDP}/authorize", "token_endpoint": f"{IDP}/token",
                    "userinfo_endpoint": f"{IDP}/userinfo", "jwks_uri": f"{IDP}/keys",
                }
            )  # fmt: skip
        assert url == f"{IDP}/userinfo"
        assert kwargs["headers"] == {"Authorization": "Bearer token-1"}
        return Reply(self.person)

    def request(self, method, url, **kwargs):
        assert (method, url) == ("POST", f"{IDP}/token")
        assert kwargs["data"]["code"] == "code-1"
        return Reply({"error": "broken"} if self.broken else {"access_token": "token-1", "token_type": "Bearer"})


@pytest.fixture
def provider(settings, monkeypatch):
    app = {
        "provider_id": "oidc", "name": "Harbour Office", "client_id": "levelground", "secret": "s",
        "settings": {"server_url": IDP, "email_authentication": True, "verified_email": []},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    fake = FakeProvider()
    fake.app = app
    monkeypatch.setattr(SocialAccountAdapter, "get_requests_session", lambda self: fake)
    return fake


def go(client, **extra):
    """To the provider, and back with its answer."""
    address = soup(client.post(START, extra)).main.find("a", class_="lg-button")["href"]
    state = parse_qs(urlparse(address).query)["state"][0]
    return client.get(BACK, {"code": "code-1", "state": state})


def is_in(client):
    return "_auth_user_id" in client.session


def test_without_the_setting_there_is_no_button_and_no_way_in(client, db, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert not soup(client.get(LOGIN)).find("form", action=re.compile("oidc"))
    assert client.post(START).status_code == 404


def test_with_it_there_is_a_button_by_name(client, db, provider):
    form = soup(client.get(f"{LOGIN}?next=/account/you/")).find("form", action=START)
    assert "Sign in with Harbour Office" in form.text
    assert form.find("input", {"name": "next"})["value"] == "/account/you/"


def test_the_way_to_the_provider_is_a_page_of_ours(client, db, provider):
    """A form that redirects to another site is stopped by our security policy; a page that goes on is not."""
    answer = client.post(START)
    assert answer.status_code == 200
    page = soup(answer)
    link = page.main.find("a", class_="lg-button")["href"]
    assert link.startswith(f"{IDP}/authorize?")
    assert page.find("meta", {"http-equiv": "refresh"})["content"] == f"0;URL='{link}'"


def test_looking_at_the_address_starts_nothing(client, db, provider):
    page = soup(client.get(START))
    assert "Sign in with Harbour Office" in page.h1.text
    assert IDP not in str(page)


def test_an_invited_person_gets_in_and_is_known_from_then_on(client, alice, provider):
    assert go(client, next="/account/you/").url == "/account/you/"
    assert is_in(client)
    assert SocialAccount.objects.get().user == alice
    assert AuditEvent.objects.filter(verb="account.work_account_connected", actor=alice.public_id).count() == 1
    client.post("/account/logout/")
    provider.person["email"] = "alice.renamed@work.example"
    go(client)
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_the_password_still_works_afterwards(client, alice, provider):
    go(client)
    alice.refresh_from_db()
    assert alice.has_usable_password()


def test_a_stranger_gets_no_account(client, db, provider):
    answer = go(client)
    assert "by invitation" in soup(answer).h1.text
    assert not is_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("verified", [False, "false", None, 0, ""])
def test_an_address_that_the_provider_did_not_check_opens_nothing(client, alice, provider, verified):
    provider.person["email_verified"] = verified
    go(client)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_that_was_never_confirmed_here_opens_nothing(client, db, provider):
    UserFactory(email="alice@test.example", verified=False)
    go(client)
    assert not is_in(client)


def test_a_trusted_domain_need_not_say_that_it_checked(client, alice, provider):
    del provider.person["email_verified"]
    provider.app["settings"]["verified_email"] = ["test.example"]
    go(client)
    assert is_in(client)


def test_a_closed_account_stays_closed(client, alice, provider):
    alice.is_active = False
    alice.save()
    assert go(client).url == "/account/inactive/"
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(client, alice, provider):
    answer = client.get(BACK, {"code": "code-1", "state": "made-up"})
    assert "did not work" in soup(answer).h1.text
    assert not is_in(client)


def test_a_provider_that_fails_gets_a_page_that_helps(client, alice, provider):
    provider.broken = True
    answer = go(client)
    assert "did not work" in soup(answer).h1.text
    assert soup(answer).main.find("a", href=LOGIN)


def test_a_provider_that_does_not_answer_gets_that_page_too(client, db, provider):
    provider.silent = True
    assert "did not work" in soup(client.post(START, follow=True)).h1.text


def test_who_stops_half_way_is_told_that_nothing_changed(client, db, provider):
    address = soup(client.post(START)).main.find("a", class_="lg-button")["href"]
    state = parse_qs(urlparse(address).query)["state"][0]
    answer = client.get(BACK, {"error": "access_denied", "state": state}, follow=True)
    assert "You stopped" in soup(answer).h1.text


def test_the_work_account_can_be_disconnected(client, alice, provider, mailoutbox):
    go(client)
    confirm(client)
    assert "Work accounts" in words(client.get("/account/you/"))
    page = soup(client.get("/account/3rdparty/"))
    chosen = page.main.find("input", {"name": "account"})["value"]
    client.post("/account/3rdparty/", {"account": chosen})
    assert not SocialAccount.objects.exists()
    assert "Harbour Office" in mailoutbox[-1].body


def test_the_settings_come_from_the_environment(tmp_path):
    code = (
        "from levelground.config import settings;print(settings.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0])"
    )
    env = {
        **os.environ, "LEVELGROUND_VAR": str(tmp_path),
        "LEVELGROUND_OIDC_SERVER_URL": f"{IDP}/", "LEVELGROUND_OIDC_NAME": "Harbour Office",
        "LEVELGROUND_OIDC_CLIENT_ID": "id", "LEVELGROUND_OIDC_CLIENT_SECRET": "secret",
        "LEVELGROUND_OIDC_VERIFIED_DOMAINS": "harbour.example",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert f"'server_url': '{IDP}'" in done.stdout, done.stderr
    assert "'verified_email': ['harbour.example']" in done.stdout
    assert "'email_authentication': True" in done.stdout
