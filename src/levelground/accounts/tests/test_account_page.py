"""The account page: what people set about themselves, who sees it, and two tabs at once."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings as django_settings

from levelground.accounts import services
from levelground.accounts.presenters import device_name, waiting_time
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Conflict, NotAllowed
from tests.factories import UserFactory

from .conftest import sign_in, soup, words

YOU = "/account/you/"
DETAILS = {"part": "details", "name": "Alice Morgan", "language": "cy", "digest": "daily"}


def seen(client, part):
    form = soup(client.get(YOU)).find("input", {"name": "part", "value": part}).find_parent("form")
    return form.find("input", {"name": "seen"})["value"]


def save(client, data, **changes):
    return client.post(YOU, {"seen": seen(client, data["part"]), **data, **changes})


def test_what_somebody_saw_who_was_signed_in_is_not_kept_by_the_browser(client, signed_in):
    """On a shared computer, "Back" after signing out would show it to whoever comes next."""
    assert signed_in.get(YOU)["Cache-Control"] == "private, no-store"
    assert "no-store" not in type(client)().get("/help/").get("Cache-Control", "")


def test_name_language_and_mails_are_saved_and_logged(signed_in, alice):
    assert save(signed_in, DETAILS).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.language, alice.digest) == ("Alice Morgan", "cy", "daily")
    event = AuditEvent.objects.get(verb="account.details_changed")
    assert event.before == {"language": "en-gb", "digest": "weekly"}
    assert event.after == {"name": "changed", "language": "cy", "digest": "daily"}


def test_the_next_page_speaks_the_chosen_language(signed_in):
    response = save(signed_in, DETAILS)
    assert response.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "cy"
    page = soup(signed_in.get(YOU))
    assert page.html["lang"] == "cy"
    assert "Wedi'i gadw" in page.find(class_="lg-messages").text


def test_signing_in_brings_the_preferred_language(client, mfanwy):
    response = sign_in(client, mfanwy.email)
    assert response.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "cy"
    assert soup(client.get(YOU)).html["lang"] == "cy"


def test_saving_access_needs_leaves_the_language_of_the_page_alone(client, mfanwy):
    sign_in(client, mfanwy.email)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en-gb"
    save(client, {"part": "access", "access_needs": "Step-free rooms"})
    assert client.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en-gb"


@time_machine.travel("2026-11-22 10:00:00Z")
def test_access_needs_keep_the_date_and_stay_out_of_the_log(signed_in, alice):
    save(signed_in, {"part": "access", "access_needs": "A BSL interpreter", "access_needs_shared": "on"})
    alice.refresh_from_db()
    assert (alice.access_needs, alice.access_needs_shared) == ("A BSL interpreter", True)
    assert alice.access_needs_reviewed_on == dt.date(2026, 11, 22)
    event = AuditEvent.objects.get(verb="account.access_needs_changed")
    assert event.after == {"access_needs": "changed", "access_needs_shared": True}
    assert "interpreter" not in f"{event.before}{event.after}{event.reason}"
    assert "22 November 2026" in words(signed_in.get(YOU))


@pytest.mark.parametrize(
    ("who", "shared", "sees"),
    [("alice", True, True), ("alice", False, False), ("tomos", True, False), ("nia", True, False)],
)
def test_shared_access_needs_are_read_by_those_who_plan_and_by_nobody_else(client, cast, who, shared, sees):
    cast.carys.access_needs, cast.carys.access_needs_shared = "Papers in large print", shared
    cast.carys.save()
    client.force_login(getattr(cast, who))
    page = client.get("/o/alder/people/")
    assert page.status_code == 200
    assert ("Papers in large print" in words(page)) is sees


def test_saving_them_unchanged_says_they_are_still_right(signed_in, alice):
    with time_machine.travel("2026-11-22 10:00:00Z"):
        save(signed_in, {"part": "access", "access_needs": "Large print"})
    with time_machine.travel("2026-11-22 15:00:00Z"):
        save(signed_in, {"part": "access", "access_needs": "Large print"})
    assert AuditEvent.objects.filter(verb="account.access_needs_changed").count() == 1
    alice.refresh_from_db()
    assert alice.access_needs_reviewed_on == dt.date(2026, 11, 22)


def test_the_page_says_who_sees_access_needs(signed_in):
    text = words(signed_in.get(YOU))
    assert "Without the tick: only you." in text
    assert "the quality lead of your organisation" in text


def test_nothing_is_shared_that_is_not_there(signed_in, alice):
    answer = save(signed_in, {"part": "access", "access_needs": "", "access_needs_shared": "on"})
    assert "there is nothing to share" in words(answer)
    alice.refresh_from_db()
    assert not alice.access_needs_shared


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"language": "fr"}, {"digest": "hourly"}, {"name": "x" * 121}, {"name": "   "}]
)
def test_what_does_not_fit_changes_nothing_and_stays_on_the_page(signed_in, alice, changes):
    answer = save(signed_in, DETAILS, **changes)
    assert answer.status_code == 200
    assert soup(answer).find(class_="lg-error-summary")
    alice.refresh_from_db()
    assert (alice.name, alice.language) == ("Alice Lead", "en-gb")


def test_script_in_a_name_is_only_text(signed_in, alice):
    save(signed_in, DETAILS, name="<script>alert(1)</script>")
    page = soup(signed_in.get(YOU))
    assert page.find("input", {"name": "name"})["value"] == "<script>alert(1)</script>"
    assert not [script for script in page.find_all("script") if "alert" in script.text]


def test_the_second_tab_is_told_and_loses_nothing(signed_in, alice):
    first = seen(signed_in, "details")
    save(signed_in, DETAILS, name="Alice in the first tab")
    signed_in.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en-gb"
    answer = signed_in.post(YOU, {**DETAILS, "seen": first, "name": "Alice in the second tab"})
    assert answer.status_code == 409
    text = words(answer)
    assert "the other tab saved “Alice in the first tab”, here stands “Alice in the second tab”" in text
    page = soup(answer)
    assert page.find("input", {"name": "name"})["value"] == "Alice in the second tab"
    alice.refresh_from_db()
    assert alice.name == "Alice in the first tab"
    again = page.find("input", {"name": "seen"})["value"]
    assert signed_in.post(YOU, {**DETAILS, "seen": again, "name": "Alice in the second tab"}).status_code == 302
    alice.refresh_from_db()
    assert alice.name == "Alice in the second tab"


def test_two_tabs_with_the_same_are_no_conflict(signed_in):
    first = seen(signed_in, "details")
    save(signed_in, DETAILS)
    assert signed_in.post(YOU, {**DETAILS, "seen": first}).status_code == 302


def test_two_tabs_with_different_parts_are_no_conflict(signed_in, alice):
    first = seen(signed_in, "access")
    save(signed_in, DETAILS)
    answer = signed_in.post(YOU, {"part": "access", "seen": first, "access_needs": "Short breaks"})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.access_needs) == ("Alice Morgan", "Short breaks")


def test_the_service_refuses_somebody_else_and_a_stale_mark(alice):
    values = {"name": "Eve", "language": "cy", "digest": "never"}
    mark = services.mark_of(alice, "name", "language", "digest")
    with pytest.raises(NotAllowed):
        services.save_details(user=alice, by=UserFactory(), seen=mark, **values)
    with pytest.raises(Conflict) as conflict:
        services.save_details(user=alice, by=alice, seen="old", **values)
    assert (conflict.value.theirs, conflict.value.yours) == (alice, values)
    alice.refresh_from_db()
    assert alice.name == "Alice Lead"
    assert not AuditEvent.objects.filter(verb="account.details_changed").exists()


def test_an_unknown_part_saves_nothing(signed_in, alice):
    assert signed_in.post(YOU, {**DETAILS, "part": "is_staff"}).status_code == 200
    alice.refresh_from_db()
    assert alice.name == "Alice Lead"


def test_nobody_becomes_staff_by_adding_a_field(signed_in, alice):
    save(signed_in, DETAILS, is_staff="on", is_superuser="on", email="other@test.example")
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, alice.email) == (False, False, "alice@test.example")


def test_every_way_to_sign_in_is_one_press_away(signed_in):
    links = {a["href"] for a in soup(signed_in.get(YOU)).main.find_all("a")}
    assert {
        "/account/email/", "/account/password/change/", "/account/2fa/", "/account/2fa/webauthn/add/",
        "/account/sessions/",
    } <= links  # fmt: skip


def test_a_person_without_a_password_is_led_to_choose_one(signed_in, alice):
    alice.set_unusable_password()
    alice.save()
    signed_in.force_login(alice)
    page = soup(signed_in.get(YOU))
    assert page.find("a", href="/account/password/set/")
    new = "three quiet otters"
    assert "Choose a password" in soup(signed_in.get("/account/password/set/")).h1.text
    signed_in.post("/account/password/set/", {"password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_strangers_see_nothing(client, db):
    assert client.get(YOU).url == f"/account/login/?next={YOU}"


def test_other_sessions_end_by_one_press(signed_in, alice, client):
    from django.test import Client

    phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) AppleWebKit Version/18 Safari/604"})
    sign_in(phone)
    page = words(signed_in.get("/account/sessions/"))
    assert "iPhone" in page
    assert "This device" in page
    signed_in.post("/account/sessions/")
    assert phone.get(YOU).status_code == 302
    assert signed_in.get(YOU).status_code == 200
    assert "nowhere else" in words(signed_in.get("/account/sessions/"))


def test_a_new_password_ends_the_other_sessions(signed_in, client):
    from django.test import Client

    from tests.factories import PASSWORD

    phone, new = Client(), "three quiet otters"
    sign_in(phone)
    signed_in.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert phone.get(YOU).status_code == 302
    assert signed_in.get(YOU).status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140) Gecko/20100101 Firefox/140", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit Version/18 Safari/605", "Safari, Mac"),
        ("curl/8", "A device we do not know"),
    ],
)
def test_devices_by_a_name_that_people_know(agent, name):
    assert device_name(agent) == name


@pytest.mark.parametrize(("seconds", "text"), [(1, "about 1 minute"), (60, "about 1 minute"), (61, "about 2 minutes")])
def test_waiting_is_told_in_whole_minutes(seconds, text):
    assert waiting_time(seconds) == text
