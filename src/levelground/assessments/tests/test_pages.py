"""The workbook's pages: what they show, what they save, what they refuse, and how few queries they take."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levelground.assessments import services
from levelground.assessments.models import Action, Answer, AnswerChange, Evidence
from levelground.foundation import clock
from levelground.foundation.errors import IllegalMove
from levelground.frameworks import services as frameworks
from levelground.frameworks.selectors import tree
from levelground.organisations.models import Affiliation
from tests.factories import framework_data

BOOK = "/o/alder/workbook/mark/"
THEME = f"{BOOK}theme/1/"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


@pytest.mark.requirement("MQM-15")
def test_the_workbook_lists_every_indicator_of_its_version(cast, alice):
    page = soup(alice.get(f"{BOOK}all/"))
    assert [row["data-row"] for row in page.select("[data-row]")] == [i.code for i in tree(cast.version).indicators]


@pytest.mark.requirement("MQM-15")
def test_another_member_gets_404_everywhere(cast, client):
    services.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="not_yet", by=cast.alice
    )
    action = services.create_action(workbook=cast.workbook, indicator=None, title="Ours", by=cast.alice)
    answer = Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1")
    item = services.add_evidence(answer=answer, upload=SimpleUploadedFile("a.txt", b"ours"), by=cast.alice)
    sent = services.take_snapshot(workbook=cast.workbook, year=2026, by=cast.alice)
    paths = [
        BOOK, f"{BOOK}all/", THEME, f"{BOOK}indicator/1.1.1/", f"{BOOK}plan/", f"{BOOK}actions/{action.public_id}/",
        f"{BOOK}evidence/{item.public_id}/", f"{BOOK}evidence/{item.public_id}/file/", f"/snapshots/{sent.public_id}/",
        f"{BOOK}snapshots/{sent.public_id}/compare/",
    ]  # fmt: skip
    own = "/o/birch/workbook/mark/"
    borrowed = [
        f"{own}actions/{action.public_id}/", f"{own}evidence/{item.public_id}/file/",
        f"{own}snapshots/{sent.public_id}/compare/",
    ]  # fmt: skip
    client.force_login(cast.bob)
    assert [client.get(path).status_code for path in paths + borrowed] == [404] * len(paths + borrowed)
    posts = [
        f"{BOOK}answer/", THEME, f"{BOOK}indicator/1.1.1/evidence/", f"{BOOK}indicator/1.1.1/comment/",
        f"{own}actions/{action.public_id}/note/", f"{own}evidence/{item.public_id}/remove/",
    ]  # fmt: skip
    data = {"indicator": "1.1.1", "value": "met", "value-1.1.1": "met", "note-text": "x", "comment-text": "x"}
    assert [client.post(path, data).status_code for path in posts] == [404] * len(posts)
    assert Answer.objects.get(pk=answer.pk).value == "not_yet"


def test_another_members_document_cannot_be_borrowed_as_evidence(cast, client):
    answer = Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1")
    item = services.add_evidence(answer=answer, upload=SimpleUploadedFile("a.txt", b"ours"), by=cast.alice)
    client.force_login(cast.bob)
    response = client.post("/o/birch/workbook/mark/indicator/1.1.1/evidence/", {"evidence-document": item.public_id})
    assert response.status_code in (404, 422)
    assert Evidence.objects.count() == 1


@pytest.mark.requirement("MQM-16")
def test_one_answer_is_saved_and_the_row_comes_back(cast, alice):
    response = alice.post(
        f"{BOOK}answer/", {"indicator": "1.1.1", "value": "not_yet", "version": "0", "scope": "theme"}
    )
    page = soup(response)
    assert response.status_code == 200
    assert page.select_one("[data-row]")["data-version"] == "1"
    assert page.select_one("[data-plan]")["data-plan"] == f"{BOOK}indicator/1.1.1/actions/"
    assert "1 of 3 answered" in page.select_one("[data-progress-new]").get_text()


def test_a_stale_answer_comes_back_with_both_sides_and_can_be_merged(cast, alice):
    indicator = tree(cast.version).indicators[0]
    services.save_answer(
        workbook=cast.workbook, indicator=indicator, value="not_applicable", reason="Theirs", by=cast.carys
    )
    stale = {"indicator": "1.1.1", "value": "not_yet", "reason": "Mine", "version": "0"}
    response = alice.post(f"{BOOK}answer/", stale)
    page = soup(response)
    assert response.status_code == 409
    assert [radio["data-value"] for radio in page.select("input[type=radio]")] == ["not_applicable", "not_yet"]
    assert "Carys Contributor" in page.get_text()
    assert page.select_one("textarea").get_text(strip=True) == "Theirs\n\nMine"
    merged = stale | {"reason": "Theirs and mine", "version": page.select_one('[name="version-1.1.1"]')["value"]}
    assert alice.post(f"{BOOK}answer/", merged).status_code == 200
    assert Answer.objects.get(workbook=cast.workbook, indicator=indicator).reason == "Theirs and mine"


def test_without_javascript_a_whole_theme_is_saved_at_once(cast, alice):
    sent = {"value-1.1.1": "met", "version-1.1.1": "0", "value-1.1.2": "not_yet", "version-1.1.2": "0"}
    assert alice.post(THEME, sent).status_code == 302
    assert list(AnswerChange.objects.order_by("pk").values_list("to_value", flat=True)) == ["met", "not_yet"]


def test_what_was_typed_stays_when_a_reason_is_missing(cast, alice):
    sent = {"value-1.1.1": "not_applicable", "version-1.1.1": "0", "value-1.1.2": "met", "version-1.1.2": "0"}
    response = alice.post(THEME, sent)
    page = soup(response)
    assert page.select_one("#v-1\\.1\\.1-not_applicable").has_attr("checked")
    assert page.select_one("#r-1\\.1\\.1")["aria-invalid"] == "true"
    assert page.select_one("[data-error-summary] a")["href"] == "#i-1.1.1"
    assert Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.2").value == "met"


def test_a_page_that_stood_open_does_not_undo_a_colleagues_answer(cast, alice):
    """Without scripts the whole form is sent; what its sender did not touch is left alone."""
    services.save_answer(workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="met", by=cast.carys)
    sent = {
        "value-1.1.1": "not_yet", "before-1.1.1": "not_yet", "version-1.1.1": "0",
        "value-1.1.2": "met", "before-1.1.2": "", "version-1.1.2": "0",
    }  # fmt: skip
    assert alice.post(THEME, sent).status_code == 302
    assert Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1").value == "met"


@pytest.mark.requirement("MQM-14")
def test_help_is_one_click_away_from_a_not_yet(cast, alice):
    services.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="not_yet", by=cast.alice
    )
    links = [a["href"] for a in soup(alice.get(THEME)).select("#i-1\\.1\\.1 a")]
    assert "https://hub.example.org/t" in links


@pytest.mark.requirement("MQM-11")
def test_results_list_strengths_and_areas_to_improve(cast, alice):
    one, two = tree(cast.version).indicators[:2]
    services.save_answer(workbook=cast.workbook, indicator=one, value="met", by=cast.alice)
    services.save_answer(workbook=cast.workbook, indicator=two, value="not_yet", by=cast.alice)
    strengths, gaps = soup(alice.get(f"{BOOK}results/")).select(".lg-two > div")
    assert (one.text.en in strengths.get_text(), two.text.en in gaps.get_text()) == (True, True)
    assert two.text.en not in strengths.get_text()


@pytest.mark.requirement("MQM-18")
def test_more_than_one_action_from_the_row(cast, alice):
    services.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="not_yet", by=cast.alice
    )
    for title in ("One", "Two"):
        sent = {"action-title": title, "action-owner": cast.carys.public_id, "action-priority": "high", "back": "theme"}
        response = alice.post(f"{BOOK}indicator/1.1.1/actions/", sent)
        assert response["Location"] == f"{THEME}#i-1.1.1"
    assert list(Action.objects.order_by("number").values_list("title", "owner__name")) == [
        ("One", "Carys Contributor"), ("Two", "Carys Contributor")
    ]  # fmt: skip


def test_an_action_without_words_is_asked_for_beside_its_field(cast, alice):
    services.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="not_yet", by=cast.alice
    )
    sent = {"action-1.1.1-title": " ", "action-1.1.1-due_on": "2027-05-14", "action-1.1.1-priority": "high"}
    response = alice.post(f"{BOOK}indicator/1.1.1/actions/", sent, headers={"X-Row": "1"})
    page = soup(response)
    assert response.status_code == 422
    assert page.select_one("#action-title-1\\.1\\.1")["aria-invalid"] == "true"
    assert page.select_one("#action-due-1\\.1\\.1")["value"] == "2027-05-14"


def test_script_in_every_text_field_shows_as_text(cast, alice):
    indicator = tree(cast.version).indicators[0]
    services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", reason=EVIL, by=cast.alice)
    action = services.create_action(workbook=cast.workbook, indicator=indicator, title=EVIL, by=cast.alice)
    services.note_on_action(action=action, text=EVIL, by=cast.alice)
    answer = Answer.objects.get(workbook=cast.workbook, indicator=indicator)
    services.comment(answer=answer, text=EVIL, by=cast.alice)
    services.add_evidence(answer=answer, url="https://example.org/", title=EVIL, by=cast.alice)
    sent = services.take_snapshot(workbook=cast.workbook, year=2026, by=cast.alice)
    for path in (
        THEME, f"{BOOK}all/", f"{BOOK}indicator/1.1.1/", f"{BOOK}indicator/1.1.1/history/", f"{BOOK}plan/",
        f"{BOOK}actions/{action.public_id}/", f"/snapshots/{sent.public_id}/", "/o/alder/",
    ):  # fmt: skip
        page = soup(alice.get(path))
        assert not [s for s in page.select("script") if "alert(1)" in s.get_text()], path
        assert not page.select("img[onerror]"), path


def test_files_come_as_attachments_that_no_browser_runs(cast, alice):
    upload = SimpleUploadedFile("minutes.txt", b"Minutes of the board")
    response = alice.post(f"{BOOK}indicator/1.1.1/evidence/", {"evidence-upload": upload, "evidence-title": "Minutes"})
    assert response.status_code == 302
    item = Evidence.objects.get()
    file = alice.get(f"{BOOK}evidence/{item.public_id}/file/")
    assert file["Content-Disposition"].startswith("attachment")
    assert b"".join(file.streaming_content) == b"Minutes of the board"


def test_a_refused_file_says_so_beside_the_field_and_keeps_what_was_typed(cast, alice):
    upload = SimpleUploadedFile("minutes.pdf", b"MZ\x90\x00" + b"\x00" * 100)
    response = alice.post(f"{BOOK}indicator/1.1.1/evidence/", {"evidence-upload": upload, "evidence-title": "Minutes"})
    page = soup(response)
    assert response.status_code == 422
    assert page.select_one("#id_evidence-title")["value"] == "Minutes"
    assert page.select_one("#id_evidence-upload-error, .nhsuk-error-message") is not None


@pytest.mark.requirement("MQM-09")
def test_self_assessment_plan_and_snapshot_are_ways_to_use_one_assessment(cast, alice):
    """One answer, given once, is what the workbook, its results and the yearly snapshot say. (Peer review reads the
    snapshot; it comes with its own pages.)"""
    alice.post(f"{BOOK}answer/", {"indicator": "1.1.1", "value": "met"})
    sent = services.take_snapshot(workbook=cast.workbook, year=2026, by=cast.alice)
    snapshot = soup(alice.get(f"/snapshots/{sent.public_id}/"))
    live = soup(alice.get(f"{BOOK}all/"))
    text = tree(cast.version).indicators[0].text.en
    assert live.select_one("#v-1\\.1\\.1-met").has_attr("checked")
    assert text in soup(alice.get(f"{BOOK}results/")).select_one(".lg-two > div").get_text()
    assert [row.select_one("td").get_text(strip=True) for row in snapshot.select("tbody tr")][:2] == [
        "Met",
        "Not answered",
    ]


@pytest.mark.requirement("MQM-20")
def test_the_workbook_is_open_after_a_snapshot_and_shows_what_changed(cast, alice):
    indicator = tree(cast.version).indicators[0]
    with clock.at(clock.now() - dt.timedelta(days=300)):
        services.save_answer(workbook=cast.workbook, indicator=indicator, value="met", by=cast.alice)
        sent = services.take_snapshot(workbook=cast.workbook, year=2025, by=cast.alice)
    assert alice.post(f"{BOOK}answer/", {"indicator": "1.1.1", "value": "not_yet"}).status_code == 200
    page = soup(alice.get(f"{THEME}?show=changed"))
    assert [row["data-row"] for row in page.select("[data-row]")] == ["1.1.1"]
    assert "Last year: Met" in page.get_text()
    beside = soup(alice.get(f"{BOOK}snapshots/{sent.public_id}/compare/"))
    assert [cell.get_text(strip=True) for cell in beside.select("tbody td")] == ["Met", "Not yet"]


def test_a_snapshot_reaches_the_network_and_colleagues_and_no_other(cast, alice, client):
    path = f"/snapshots/{services.take_snapshot(workbook=cast.workbook, year=2026, by=cast.alice).public_id}/"
    for user, status in ((cast.nia, 200), (cast.olga, 404), (cast.bob, 404), (cast.zed, 404), (cast.carys, 200)):
        client.force_login(user)
        assert client.get(path).status_code == status, user


def test_who_may_not_answer_sees_no_way_to_and_is_refused(cast, client):
    client.force_login(cast.tomos)
    assert soup(client.get(THEME)).select("input[type=radio]") == []
    assert client.post(f"{BOOK}answer/", {"indicator": "1.1.1", "value": "met"}).status_code == 403
    client.force_login(cast.nia)
    assert client.get(THEME).status_code == 403


@pytest.mark.parametrize("path", [THEME, f"{BOOK}all/", BOOK, f"{BOOK}indicator/1.1.1/", f"{BOOK}plan/", "/o/alder/"])
def test_pages_take_few_queries_and_no_more_with_more_rows(cast, alice, path):
    def fill(indicator, number):
        services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.carys)
        services.create_action(workbook=cast.workbook, indicator=indicator, title="x", owner=cast.carys, by=cast.alice)
        answer = Answer.objects.get(workbook=cast.workbook, indicator=indicator)
        services.add_evidence(answer=answer, url=f"https://example.org/{number}", by=cast.alice)
        services.comment(answer=answer, text="Hello", by=cast.carys)
        services.assign(answer=answer, to=cast.carys, by=cast.alice)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(path).status_code == 200
        return len(queries)

    first, *others = tree(cast.version).indicators
    fill(first, 0)
    count()
    before = count()
    for number, indicator in enumerate(others, start=1):
        fill(indicator, number)
    assert (count(), before <= 25) == (before, True)


def test_words_without_a_choice_are_kept_and_asked_about(cast, alice):
    response = alice.post(THEME, {"reason-1.1.1": "Because", "version-1.1.1": "0"})
    page = soup(response)
    assert response.status_code == 409
    assert page.select_one("#r-1\\.1\\.1").get_text(strip=True) == "Because"


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"version": "²"}, 200), ({"version": "9" * 30}, 200), ({"reason": "a\x00b"}, 400), ({"value": "perhaps"}, 422)],
)
def test_odd_input_is_answered_and_not_an_error_of_ours(cast, alice, sent, status):
    data = {"indicator": "1.1.1", "value": "not_yet"} | sent
    assert alice.post(f"{BOOK}answer/", data).status_code == status
    assert alice.get(f"{BOOK}indicator/1.1.1%00/").status_code == 400
    assert alice.post("/language/", {"language": "cy", "next": "abc"})["Location"] == "/"


def test_line_ends_of_forms_and_of_scripts_are_the_same_answer(cast, alice):
    indicator = tree(cast.version).indicators[0]
    services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", reason="a\nb", by=cast.alice)
    services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", reason="a\r\nb ", by=cast.alice)
    assert AnswerChange.objects.count() == 1


def test_an_officer_of_another_network_does_not_see_what_was_sent_to_this_one(cast, client):
    """Alder joins a second network; its officer oversees Alder, and still not what went to the first."""
    Affiliation.objects.create(network=cast.other_network, organisation=cast.alder, joined_on=dt.date(2020, 1, 1))
    sent = services.take_snapshot(workbook=cast.workbook, year=2026, by=cast.alice)
    for user, status in ((cast.nia, 200), (cast.olga, 404)):
        client.force_login(user)
        assert client.get(f"/snapshots/{sent.public_id}/").status_code == status


def test_a_workbook_is_started_only_in_a_network_of_ones_own(cast, alice):
    foreign = framework_data(slug="foreign")
    draft = frameworks.import_version(network=cast.other_network, data=foreign, by=cast.olga)
    version = frameworks.publish(version=draft, by=cast.olga)
    with pytest.raises(IllegalMove):
        services.start_workbook(organisation=cast.alder, version=version, by=cast.alice)


def test_a_colleague_may_be_given_only_what_a_colleague_may_answer(cast, alice):
    for stranger in (cast.bob, cast.zed):
        response = alice.post(f"{BOOK}indicator/1.1.1/assign/", {"assigned_to": stranger.public_id})
        assert response.status_code == 422
        sent = {"action-title": "x", "action-owner": stranger.public_id, "action-priority": "high"}
        assert alice.post(f"{BOOK}indicator/1.1.1/actions/", sent).status_code == 422
    assert not Action.objects.exists()
