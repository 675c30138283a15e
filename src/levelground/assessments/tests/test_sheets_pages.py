"""The pages of the spreadsheet: who may, what they show, and that what was seen is what is written."""

import io
import re

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from levelground.assessments import services
from levelground.assessments.models import Action, Answer, AnswerChange
from levelground.assessments.sheets import proposal
from levelground.frameworks.selectors import tree

from .sheet_tools import edited, export, fill, several

BASE = "/o/alder/workbook/mark/spreadsheet/"


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


def upload(client, data, name="workbook.xlsx"):
    return client.post(f"{BASE}difference/", {"upload": SimpleUploadedFile(name, data)})


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def proposed(response):
    return soup(response).find("input", {"name": "proposal"})["value"]


def value(cast, code):
    return Answer.objects.get(workbook=cast.workbook, indicator__code=code).value


def test_the_download_is_an_attachment_with_a_speaking_name(alice):
    response = alice.get(f"{BASE}download/")
    assert re.match(r'attachment; filename="alder-mark-\d{4}-\d\d-\d\d\.xlsx"', response["Content-Disposition"])
    assert response.content.startswith(b"PK")


def test_the_page_offers_both_ways_to_those_who_may(cast, alice):
    page = soup(alice.get(BASE))
    assert page.find("a", href=f"{BASE}download/")
    assert page.find("form", action=f"{BASE}difference/").find("input", type="file")
    alice.force_login(cast.carys)
    page = soup(alice.get(BASE))
    assert page.find("a", href=f"{BASE}download/")
    assert page.find("form", action=f"{BASE}difference/") is None


@pytest.mark.requirement("MQM-15")
def test_strangers_get_404_and_colleagues_without_the_right_403(cast, client):
    data = export(cast.workbook)
    for person, status in ((cast.bob, 404), (cast.zed, 404), (cast.olga, 404), (cast.carys, 403), (cast.tomos, 403)):
        client.force_login(person)
        assert upload(client, data).status_code == status
        assert client.post(f"{BASE}apply/", {"proposal": "x"}).status_code == status
    client.force_login(cast.bob)
    assert client.get(BASE).status_code == client.get(f"{BASE}download/").status_code == 404


def test_the_difference_shows_everything_and_writes_nothing(cast, alice):
    data = edited(
        export(cast.workbook),
        several(
            fill("1.1.1", answer="Met"),
            fill("1.1.2", answer="Not yet", action="Ask <b>the</b> board", owner="Carys Contributor"),
            fill("1.1.3", answer="Maybe"),
            fill("2.1.1", answer="Met"),
        ),
    )
    services.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicator("2.1.1")[1], value="not_yet", by=cast.carys
    )
    response = upload(alice, data)
    assert response.status_code == 200
    page = soup(response)
    tables = {table.caption.get_text(strip=True): table for table in page.find_all("table")}
    assert "Met" in tables["Answers that would change"].get_text()
    assert "Ask <b>the</b> board" in tables["Actions that would be added"].get_text()
    left = tables["Rows that are left out"].get_text(" ", strip=True)
    assert "4 1.1.3" in left
    assert "“Maybe” is not one of the answers." in left
    kept = page.find("input", {"name": "take-2.1.1", "checked": True})
    assert kept["value"] == "workbook"
    assert "Carys Contributor" in page.find(class_="lg-conflict").get_text()
    assert not AnswerChange.objects.filter(source="import").exists()
    assert not Action.objects.exists()


def test_what_was_seen_is_written_once(cast, alice):
    data = edited(
        export(cast.workbook),
        several(fill("1.1.1", answer="Met"), fill("1.1.2", answer="Not yet", action="Ask the board")),
    )
    packed = proposed(upload(alice, data))
    for _time in range(2):
        response = alice.post(f"{BASE}apply/", {"proposal": packed})
        assert response.status_code == 302
    assert response.url == "/o/alder/workbook/mark/"
    assert (value(cast, "1.1.1"), value(cast, "1.1.2")) == ("met", "not_yet")
    assert Action.objects.count() == 1
    assert AnswerChange.objects.filter(source="import").count() == 2


def test_the_choice_in_a_conflict_counts(cast, alice):
    data = edited(export(cast.workbook), several(fill("1.1.1", answer="Met"), fill("1.1.2", answer="Met")))
    for code in ("1.1.1", "1.1.2"):
        indicator = tree(cast.version).indicator(code)[1]
        services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.carys)
    packed = proposed(upload(alice, data))
    alice.post(f"{BASE}apply/", {"proposal": packed, "take-1.1.1": "workbook", "take-1.1.2": "sheet"})
    assert (value(cast, "1.1.1"), value(cast, "1.1.2")) == ("not_yet", "met")


def test_a_colleagues_change_in_between_shows_the_list_again(cast, alice):
    packed = proposed(upload(alice, edited(export(cast.workbook), fill("1.1.1", answer="Met"))))
    indicator = tree(cast.version).indicator("1.1.1")[1]
    services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.carys)
    response = alice.post(f"{BASE}apply/", {"proposal": packed})
    assert response.status_code == 409
    assert value(cast, "1.1.1") == "not_yet"
    again = alice.post(f"{BASE}apply/", {"proposal": proposed(response), "take-1.1.1": "sheet"})
    assert again.status_code == 302
    assert value(cast, "1.1.1") == "met"


def test_a_proposal_is_bound_to_its_person_and_workbook_and_cannot_be_made_up(cast, alice, monkeypatch):
    packed = proposed(upload(alice, edited(export(cast.workbook), fill("1.1.1", answer="Met"))))
    forged = signing.dumps({"changes": [["1.1.1", "new", "met", "", 0]], "actions": [], "refused": [], "same": 0})
    for wrong in ("", "x", forged, packed[:-2], packed[:5] + ("B" if packed[5] == "A" else "A") + packed[6:]):
        response = alice.post(f"{BASE}apply/", {"proposal": wrong})
        assert (response.status_code, response.url) == (302, BASE)
    lead = cast.alder.memberships.get(user=cast.alice)
    lead.pk, lead.public_id, lead.user = None, "another-lead", cast.carys
    lead.save()
    alice.force_login(cast.carys)
    assert alice.post(f"{BASE}apply/", {"proposal": packed}).url == BASE
    alice.force_login(cast.alice)
    monkeypatch.setattr(proposal, "MAX_AGE", -1)
    assert alice.post(f"{BASE}apply/", {"proposal": packed}).url == BASE
    assert value(cast, "1.1.1") == ""


def test_a_file_that_is_no_workbook_is_explained_beside_the_field(cast, alice):
    for data, says in (
        (b"code,answer", "not a spreadsheet"),
        (b"", "is empty"),
        (export(cast.birch_workbook), "another workbook"),
        (b"PK" + b"0" * 5_000_001, "larger than"),
    ):
        response = upload(alice, data)
        assert response.status_code == 422
        assert says in soup(response).find(class_="nhsuk-error-message").get_text()
    assert alice.post(f"{BASE}difference/").status_code == 422


def test_an_untouched_file_says_so(cast, alice):
    page = soup(upload(alice, export(cast.workbook)))
    assert "Nothing to change" in page.get_text()
    assert page.find("input", {"name": "proposal"}) is None


def test_the_pages_ask_few_questions_of_the_database(cast, alice, django_assert_max_num_queries):
    data = edited(export(cast.workbook), lambda sheet: [sheet.cell(row, 7, "Met") for row in range(2, 8)])
    with django_assert_max_num_queries(20):
        assert len(soup(upload(alice, data)).find("tbody").find_all("tr")) == 6


def test_a_welsh_page_gives_a_welsh_sheet(cast, alice):
    alice.cookies["levelground_language"] = "cy"
    assert soup(alice.get(BASE)).html["lang"] == "cy"
    book = openpyxl.load_workbook(io.BytesIO(alice.get(f"{BASE}download/").content))
    assert book.worksheets[0]["D2"].value == "text 1.1.1 yn Gymraeg"
    assert book.custom_doc_props["Language"].value == "cy"
