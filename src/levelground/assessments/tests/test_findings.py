"""What a newcomer stumbled over in the workbook."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from levelground.assessments import selectors, services
from levelground.assessments.models import Action, Answer
from levelground.foundation import clock
from levelground.frameworks.selectors import tree

BOOK = "/o/alder/workbook/mark/"
HERE = f"{BOOK}indicator/1.1.1/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


@pytest.fixture
def say(cast):
    def answered(code, value, reason=""):
        indicator = tree(cast.version).indicator(code)[1]
        return services.save_answer(
            workbook=cast.workbook, indicator=indicator, value=value, reason=reason, by=cast.carys
        )

    return answered


def test_a_not_yet_with_a_reason_is_not_among_those_that_have_neither(cast, alice, say):
    say("1.1.1", "not_yet", "No money this year")
    say("1.1.2", "not_yet")
    page = soup(alice.get(f"{BOOK}all/?show=bare"))
    assert [row["data-row"] for row in page.select("[data-row]")] == ["1.1.2"]
    page = soup(alice.get(f"{BOOK}all/?show=gap"))
    tags = {
        row["data-row"]: row.select_one("[data-part=tags]").get_text(strip=True) for row in page.select("[data-row]")
    }
    assert "Reason given" in tags["1.1.1"]
    assert "No open action" in tags["1.1.2"]


def test_an_emptied_answer_bears_no_name_and_has_not_changed(cast, alice):
    answer = Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1")
    Answer.objects.filter(pk=answer.pk).update(changed_by=cast.carys, changed_at=clock.now(), value="")
    row = selectors.Row(answer.indicator, None, answer, last_year="met", last_quarter="met")
    answer.value = ""
    assert row.moving == set()
    answer.value = "not_yet"
    assert row.moving == {"bare", "changed", "quarter"}
    said = soup(alice.get(f"{BOOK}theme/1/")).select_one("#i-1\\.1\\.1 [data-saved]").get_text()
    assert said.startswith("Not answered since")
    assert cast.carys.name not in said


def test_a_date_that_has_passed_is_asked_about_once(cast, alice):
    past = (clock.today() - dt.timedelta(days=400)).isoformat()
    sent = {"action-title": "Paint", "action-due_on": past, "action-priority": "medium", "action-owner": ""}
    answer = alice.post(f"{HERE}actions/", sent)
    assert answer.status_code == 422
    page = soup(answer)
    assert "This date has passed. Keep it?" in page.get_text()
    assert not Action.objects.exists()
    again = sent | {"action-past": page.select_one("[name=action-past]")["value"]}
    assert alice.post(f"{HERE}actions/", again).status_code == 302
    assert Action.objects.get().due_on.isoformat() == past


def test_a_file_field_says_its_limit_and_kinds(alice, settings):
    settings.DOCUMENT_MAX_BYTES = 7_000_000
    field = soup(alice.get(HERE)).select_one("[name=evidence-upload]")
    assert field["data-most-bytes"] == "7000000"
    assert "7 MB" in field["data-too-big"]
    assert "Up to 7 MB: a PDF" in soup(alice.get(HERE)).find(id=field["aria-describedby"]).get_text()


def test_an_empty_file_is_refused_in_our_words(alice):
    sent = {"evidence-upload": SimpleUploadedFile("empty.pdf", b"")}
    answer = alice.post(f"{HERE}evidence/", sent)
    assert answer.status_code == 422
    assert "This file is empty. Open it" in answer.content.decode()


def test_a_file_without_a_scanner_does_not_say_that_it_was_not_scanned(cast, alice):
    alice.post(f"{HERE}evidence/", {"evidence-upload": SimpleUploadedFile("one.txt", b"Some words")})
    page = soup(alice.get(HERE))
    assert "one.txt" in page.select_one("#evidence").get_text()
    assert "not scanned" not in page.get_text()


def test_changing_dates_asks_for_everything_at_once_and_keeps_the_list(cast, alice):
    for title in ("One", "Two"):
        services.create_action(workbook=cast.workbook, indicator=None, title=title, by=cast.alice)
    first = Action.objects.order_by("number").first()
    page = soup(alice.post(f"{BOOK}plan/dates/", {}))
    said = page.select_one("[data-error-summary]").get_text()
    assert "Tick the actions" in said and "Write the new due date" in said and "Say why" in said
    page = soup(alice.post(f"{BOOK}plan/dates/", {"pick": first.public_id, f"seen-{first.public_id}": first.version}))
    assert len(page.select("[name=pick]")) == 2
    assert [box["value"] for box in page.select("[name=pick][checked]")] == [first.public_id]
    fields = [tag["name"] for tag in page.select("main input[name=due_on], main input[name=pick]")]
    assert fields[0] == "due_on"


def test_in_a_conflict_nothing_else_is_asked(cast, alice, say):
    say("1.1.1", "not_yet", "No money")
    answer = alice.post(f"{BOOK}answer/", {"indicator": "1.1.1", "value": "not_yet", "reason": "Mine", "version": "0"})
    assert answer.status_code == 409
    assert soup(answer).select_one(".lg-conflict")
    assert not soup(answer).select_one("[data-plan]")


def test_the_results_name_the_themes_without_an_answer(alice, say):
    say("1.1.1", "met")
    note = soup(alice.get(f"{BOOK}results/")).select_one("main .lg-aside-note")
    assert "Not answered yet" in note.get_text()
    assert note.select("a[href*='/theme/']")
