"""A snapshot's page shows what was frozen: answers, what was planned and how far it was, and the evidence."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from levelground.assessments import services
from levelground.assessments.models import Answer
from levelground.frameworks.models import Framework
from levelground.frameworks.selectors import tree


def page_of(client, snapshot):
    return BeautifulSoup(client.get(f"/snapshots/{snapshot.public_id}/").content, "html.parser")


@pytest.fixture
def nia(cast, client):
    client.force_login(cast.nia)
    return client


@pytest.fixture
def book(cast):
    _node, indicator = tree(cast.version).indicator("1.1.1")
    services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.alice)
    return cast.workbook


def planned(cast, book, title, *, code="1.1.1", to="", **more):
    indicator = tree(cast.version).indicator(code)[1] if code else None
    action = services.create_action(workbook=book, indicator=indicator, title=title, by=cast.alice, **more)
    return services.move_action(action=action, to=to, text="So", by=cast.alice) if to else action


def row(page, code):
    return next(tr for tr in page.select("tbody tr") if tr.select_one(".lg-code").get_text() == code)


@pytest.mark.requirement("MQM-21")
def test_an_action_shows_its_state_owner_and_day(cast, book, nia):
    planned(cast, book, "Write it", owner=cast.carys, due_on=dt.date(2027, 5, 14))
    sent = services.take_snapshot(workbook=book, year=2026, by=cast.alice)
    cell = row(page_of(nia, sent), "1.1.1").select("td")[1].get_text(" ", strip=True)
    assert cell == "Write it Open · Carys Contributor · due 14 May 2027"


@pytest.mark.requirement("MQM-04")
def test_the_network_sees_a_gap_behind_a_cancelled_action_and_work_behind_a_live_one(cast, book, nia):
    """To both sides: the network reads what the member's workbook says."""
    planned(cast, book, "Given up", to="cancelled")
    first = services.take_snapshot(workbook=book, year=2025, by=cast.alice)
    planned(cast, book, "In hand")
    second = services.take_snapshot(workbook=book, year=2026, by=cast.alice)
    before, after = row(page_of(nia, first), "1.1.1"), row(page_of(nia, second), "1.1.1")
    assert "No open action" in before.select_one("td").get_text()
    assert [li["class"] for li in before.select("td")[1].select("li")] == [["lg-soft"]]
    assert "Cancelled" in before.select("td")[1].get_text()
    assert "Working towards" in after.select_one("td").get_text()
    assert [li.get("class") for li in after.select("td")[1].select("li")] == [["lg-soft"], None]


def test_the_actions_of_the_whole_organisation_show_the_same(cast, book, nia):
    planned(cast, book, "All of us", code="", to="done")
    sent = services.take_snapshot(workbook=book, year=2026, by=cast.alice)
    item = page_of(nia, sent).find("li", string=None, class_="lg-soft")
    assert item.get_text(" ", strip=True) == "All of us Done · Nobody yet · No date"


def test_evidence_shows_with_its_dates(cast, book, nia):
    answer = Answer.objects.get(workbook=book, indicator__code="1.1.1")
    services.add_evidence(
        answer=answer, upload=SimpleUploadedFile("a.txt", b"x"), title="Minutes", by=cast.alice,
        document_date=dt.date(2026, 5, 12), expires_on=dt.date(2030, 5, 12),
    )  # fmt: skip
    services.add_evidence(answer=answer, url="https://example.org/", title="Our page", by=cast.alice)
    sent = services.take_snapshot(workbook=book, year=2026, by=cast.alice)
    shown = [li.get_text(" ", strip=True) for li in row(page_of(nia, sent), "1.1.1").select_one("td").select("li")]
    assert shown == ["Minutes dated 12 May 2026 · use until 12 May 2030", "Our page No date given"]


@pytest.mark.requirement("MQM-10")
def test_the_page_names_the_schemes_own_contact(cast, book, nia):
    Framework.objects.filter(pk=book.framework_id).update(help_email="mark@help.example")
    sent = services.take_snapshot(workbook=book, year=2026, by=cast.alice)
    assert "mark@help.example" in page_of(nia, sent).select_one("footer").get_text()
