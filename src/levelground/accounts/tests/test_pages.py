"""Every page that allauth mounts is ours, in both languages; every mail and message of allauth has our words."""

import re
from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template
from django.utils import translation

from levelground.accounts import mails, texts
from tests.factories import PASSWORD

from .conftest import confirm, sign_in, soup, words
from .two_steps import SoftKey, add_app, add_passkey

ALLAUTH = Path(allauth.__file__).parent / "templates"

# allauth's templates that nobody can get to with our settings, and why.
UNREACHABLE = {
    r".*/base_\w+\.html|mfa/\w+/base\.html|.*/snippets/.*": "parts of allauth's own pages",
    r"account/(confirm_\w+_code|request_login_code|phone_change|signup_by_passkey)\.html": "no codes, no phone",
    r"mfa/(trust|webauthn/signup_form)\.html": "no trusted browsers, no sign-up by passkey",
    r"account/signup\.html|socialaccount/signup\.html": "sign-up is closed: signup_closed stands there",
    r"account/email\.html": "one address each: email_change stands there",
    r"account/verified_email_required\.html": "for a decorator that we do not use: everybody's address is confirmed",
    r"(idp|openid|allauth)/.*": "other parts of allauth, not installed",
}

OPEN = [
    ("/account/login/", "Sign in", "Mewngofnodi"),
    ("/account/signup/", "People join by invitation", "Mae pobl yn ymuno drwy wahoddiad"),
    ("/account/inactive/", "This account is closed", "Mae'r cyfrif hwn ar gau"),
    ("/account/confirm-email/", "Confirm your e-mail address", "Cadarnhau eich cyfeiriad e-bost"),
    ("/account/confirm-email/wrong-key/", "This link no longer works", "Nid yw'r ddolen hon yn gweithio mwyach"),
    ("/account/password/reset/", "Choose a new password", "Dewis cyfrinair newydd"),
    ("/account/password/reset/done/", "Look into your e-mail", "Edrychwch yn eich e-bost"),
    ("/account/password/reset/key/1-wrong/", "This link no longer works", "Nid yw'r ddolen hon yn gweithio mwyach"),
    ("/account/password/reset/key/done/", "Your new password is saved", "Mae eich cyfrinair newydd wedi'i gadw"),
    ("/account/3rdparty/login/cancelled/", "You stopped the sign-in", "Stopioch y mewngofnodi"),
    ("/account/3rdparty/login/error/", "That sign-in did not work", "Ni weithiodd y mewngofnodi"),
]
CLOSED = [
    ("/account/you/", "Your account", "Eich cyfrif"),
    ("/account/logout/", "Sign out", "Allgofnodi"),
    ("/account/email/", "Change your e-mail address", "Newid eich cyfeiriad e-bost"),
    ("/account/password/change/", "Change your password", "Newid eich cyfrinair"),
    ("/account/reauthenticate/", "Is it really you?", "Ai chi sydd yno mewn gwirionedd?"),
    ("/account/sessions/", "Where you are signed in", "Lle rydych wedi mewngofnodi"),
    ("/account/3rdparty/", "Work accounts", "Cyfrifon gwaith"),
    ("/account/2fa/", "Two-step sign-in", "Mewngofnodi dau gam"),
    ("/account/2fa/totp/activate/", "Set up an authenticator app", "Gosod ap dilysu"),
    ("/account/2fa/webauthn/", "Your passkeys", "Eich allweddi mewngofnodi"),
    ("/account/2fa/webauthn/add/", "Add a passkey", "Ychwanegu allwedd mewngofnodi"),
]
# These need an app and a passkey to be there.
TWO_STEP = [
    ("/account/2fa/reauthenticate/", "Is it really you?", "Ai chi sydd yno mewn gwirionedd?"),
    ("/account/2fa/totp/deactivate/", "Turn off the app?", "Diffodd yr ap?"),
    ("/account/2fa/recovery-codes/", "Your recovery codes", "Eich codau adfer"),
    ("/account/2fa/recovery-codes/generate/", "Make new recovery codes?", "Creu codau adfer newydd?"),
    ("/account/2fa/webauthn/reauthenticate/", "Is it really you?", "Ai chi sydd yno mewn gwirionedd?"),
    ("/account/2fa/webauthn/keys/{key}/edit/", "Rename a passkey", "Ailenwi allwedd mewngofnodi"),
    ("/account/2fa/webauthn/keys/{key}/remove/", "Remove this passkey?", "Tynnu'r allwedd mewngofnodi hon?"),
]
LANGUAGES = [("en-gb", "en-GB", 1), ("cy", "cy", 2)]


def covered(name):
    return name.removesuffix(".html") + ".jinja"


def test_every_template_of_allauth_is_ours_or_out_of_reach():
    missing = []
    for path in ALLAUTH.rglob("*.html"):
        name = path.relative_to(ALLAUTH).as_posix()
        if any(re.fullmatch(pattern, name) for pattern in UNREACHABLE):
            continue
        try:
            origin = get_template(covered(name)).template.filename
        except Exception:  # any failure to load means that the page is not there
            origin = ""
        if "levelground/accounts" not in origin:
            missing.append(name)
    assert missing == []


def test_every_mail_of_allauth_has_our_words():
    names = {
        path.relative_to(ALLAUTH).as_posix().removesuffix("_subject.txt") for path in ALLAUTH.rglob("*_subject.txt")
    }
    unused = {
        "account/email/login_code", "account/email/password_reset_code", "account/email/email_confirm",
    }  # fmt: skip
    assert names - unused == set(mails.MAILS)


def test_every_message_of_allauth_has_our_words():
    names = {path.relative_to(ALLAUTH).as_posix() for path in ALLAUTH.rglob("messages/*.txt")}
    silent = {
        "account/messages/logged_in.txt",  # the page itself shows that
        "account/messages/login_code_sent.txt",
        "account/messages/phone_verification_sent.txt",
        "account/messages/phone_verified.txt",
        "account/messages/primary_email_set.txt",
    }
    assert names - silent == set(texts.MESSAGES)


def test_every_error_of_allauth_has_our_words():
    from allauth.account.adapter import DefaultAccountAdapter
    from allauth.mfa.adapter import DefaultMFAAdapter
    from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

    unused = {"phone_password_mismatch", "phone_taken", "unknown_phone", "username_blacklisted", "username_taken",
              "username_password_mismatch"}  # fmt: skip
    assert set(DefaultAccountAdapter.error_messages) - unused == set(texts.ERRORS)
    assert set(DefaultMFAAdapter.error_messages) == set(texts.MFA_ERRORS)
    assert set(DefaultSocialAccountAdapter.error_messages) == set(texts.SOCIAL_ERRORS)


def look(client, path, lang, heading, **kwargs):
    response = client.get(path, **kwargs)
    page = soup(response)
    assert page.html["lang"] == lang
    assert [h1.text.strip() for h1 in page.find_all("h1")] == [heading]
    assert response["Content-Language"] == lang[:2]
    assert not page.select("[style], [onclick], script:not([src]):not([nonce])"), "the security policy forbids these"
    assert not page.select("form[method=post]:not(:has(input[name=csrfmiddlewaretoken]))")
    for field in page.main.select("input:not([type=hidden]), textarea, select"):
        assert page.find("label", {"for": field["id"]}), f"{field} has no label"
    return page


@pytest.mark.parametrize(("language", "lang", "column"), LANGUAGES)
@pytest.mark.parametrize("row", OPEN, ids=lambda row: row[0])
def test_pages_for_everybody(client, db, settings, row, language, lang, column):
    settings.DEMO = False  # its sign-in page has another heading
    client.cookies["levelground_language"] = language
    look(client, row[0], lang, row[column], follow=True)


@pytest.mark.parametrize(("language", "lang", "column"), LANGUAGES)
def test_pages_for_people_who_signed_in(client, alice, language, lang, column):
    alice.language = language
    alice.save()
    sign_in(client)
    confirm(client)
    for row in CLOSED:
        look(client, row[0], lang, row[column])


@pytest.mark.parametrize(("language", "lang", "column"), LANGUAGES)
def test_pages_for_people_with_two_steps(client, alice, language, lang, column):
    alice.language = language
    alice.save()
    sign_in(client)
    confirm(client)
    add_app(client)
    key = add_passkey(client, SoftKey(), name="My phone")
    for path, *headings in [*TWO_STEP, ("/account/2fa/webauthn/", *CLOSED[-2][1:])]:
        look(client, path.format(key=key.pk), lang, headings[column - 1])
    assert "My phone" in words(client.get("/account/2fa/webauthn/"))


@pytest.mark.parametrize("path", [row[0] for row in [*CLOSED, *TWO_STEP] if "logout" not in row[0]])
def test_strangers_are_sent_to_sign_in(client, db, path):
    response = client.get(path.format(key=1))
    assert response.status_code == 302
    assert response.url.startswith("/account/login/?")


def test_welsh_hints_errors_and_labels_reach_the_forms(client, mfanwy):
    client.cookies["levelground_language"] = "cy"
    page = soup(client.post("/account/login/", {"login": "dim cyfeiriad", "password": ""}))
    assert "Ysgrifennwch y cyfeiriad e-bost yn llawn" in page.main.text
    assert page.find("label", {"for": "id_password"}).text.strip() == "Cyfrinair"
    sign_in(client, mfanwy.email)
    answer = client.post(
        "/account/password/change/", {"oldpassword": "wrong", "password1": "password", "password2": "other"}
    )
    text = words(answer)
    for sentence in ("Nid dyna'r cyfrinair", "Gwnewch y cyfrinair yn hirach", "Mae llawer o bobl yn defnyddio"):
        assert sentence in text
    for english in ("password", "Password", "This "):
        assert english not in text


def test_the_rules_for_passwords_stand_there_before_anybody_types(signed_in):
    page = soup(signed_in.get("/account/password/change/"))
    field = page.find("input", {"name": "password1"})
    assert "at least 12" in page.find(id=field["aria-describedby"]).text
    assert field["autocomplete"] == "new-password"


@pytest.mark.parametrize(
    ("password", "says"),
    [("short words", "Make the password longer"), ("password1234", "Many people use this"),
     ("alice.lead.1", "too much like your name")],
)  # fmt: skip
def test_weak_passwords_are_refused_with_a_way_out(signed_in, alice, password, says):
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert says in words(signed_in.post("/account/password/change/", data))
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_two_different_new_passwords(signed_in):
    data = {"oldpassword": PASSWORD, "password1": "three quiet otters", "password2": "three quiet other"}
    assert "not the same" in words(signed_in.post("/account/password/change/", data))


def test_no_catalogue_of_allauth_shows_through(db):
    """allauth has no Welsh: a string of its own on a page would be English there."""
    with translation.override("cy"):
        for text in [*texts.ERRORS.values(), *texts.MFA_ERRORS.values(), *texts.MESSAGES.values()]:
            with translation.override("en-gb"):
                english = str(text)
            assert str(text) != english
