"""The pages of a member's year."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from levelground.assessments import services as assessments
from levelground.assessments.services.frozen import read
from levelground.cycles import receipts, services
from levelground.cycles.models import Receipt, SignOff, SubmissionDocument
from levelground.foundation import clock
from levelground.foundation.exports.tests.pdf_text import squeezed, words_of
from levelground.frameworks.selectors import tree

from .ways import DAY, add_documents, complete, make_cycle, of, paper, send, sign

pytestmark = pytest.mark.django_db
EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)">'


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def said(response):
    return re.sub(r"\s+", " ", soup(response).select_one("main").get_text(" "))


@pytest.fixture
def home(year):
    return f"/o/alder/year/mark/{year.cycle.year}/"


@pytest.fixture
def alice(year, client):
    client.force_login(year.alice)
    return client


@pytest.fixture
def tomos(year, client_of):
    return client_of(year.tomos)


@pytest.fixture
def client_of():
    from django.test import Client

    def make(user):
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.mark.requirement("MQM-25", "MQM-31")
def test_the_readiness_page_names_each_missing_thing_and_leads_to_it(year, alice, home):
    first = tree(year.version).indicators[0]
    assessments.save_answer(workbook=year.workbook, indicator=first, value="not_yet", by=year.alice)
    page = soup(alice.get(home))
    links = [link["href"] for link in page.select("main .lg-tasks__link")]
    book = "/o/alder/workbook/mark/"
    documents = [f"{home}documents/{code}/" for code in ("strategy", "risk", "budget", "accounts", "minutes")]
    assert links == [
        f"{book}theme/1/?show=unanswered", f"{book}theme/2/?show=unanswered", f"{book}indicator/1.1.1/", *documents,
    ]  # fmt: skip
    assert page.h1.get_text(strip=True) == "30 days to go: 5 answers, 1 action, 5 documents, then the sign-off"
    assert all(alice.get(href).status_code == 200 for href in links)


def test_the_page_costs_the_same_for_many_missing_things(year, alice, home, query_budget):
    alice.get(home)
    with query_budget(25):
        alice.get(home)
    for indicator in tree(year.version).indicators:
        assessments.save_answer(workbook=year.workbook, indicator=indicator, value="not_yet", by=year.alice)
    with query_budget(25):
        alice.get(home)


def test_a_member_without_a_workbook_is_led_to_it(cast, client):
    from levelground.organisations.models import Affiliation, Membership
    from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

    cedar = OrganisationFactory(slug="cedar")
    Affiliation.objects.create(network=cast.network, organisation=cedar, joined_on=clock.today() - 9 * DAY)
    lead = UserFactory()
    MembershipFactory(user=lead, organisation=cedar)
    cycle = make_cycle(cast)
    client.force_login(lead)
    assert Membership.objects.filter(user=lead).exists()
    page = soup(client.get(f"/o/cedar/year/mark/{cycle.year}/"))
    assert page.select_one('main a[href="/o/cedar/workbook/"]')
    book = assessments.start_workbook(organisation=cedar, version=cast.version, by=lead)
    assert of(cycle, cedar).workbook == book


@pytest.mark.requirement("MQM-25", "MQM-26")
def test_a_document_is_added_dated_replaced_and_taken_out(year, alice, home):
    where = f"{home}documents/budget/"
    response = alice.post(where, {"new-upload": paper("budget.txt", "Budget"), "new-period": "2026"})
    assert response.status_code == 422
    page = soup(response)
    assert "Give the date" in page.select_one("#id_new-document_date-error, .nhsuk-error-message").get_text()
    assert page.select_one("#id_new-period")["value"] == "2026"
    sent = {"new-upload": paper("budget.txt", "Budget"), "new-document_date": "2026-04-01", "new-period": "2026"}
    assert alice.post(where, sent)["Location"] == f"{home}#documents"
    assert alice.post(f"{where}date/", {"dates-document_date": "2026-04-02", "dates-period": "2026"}).status_code == 302
    item = SubmissionDocument.objects.get(replaced_at=None)
    assert (str(item.document_date), item.period, item.document.filename) == ("2026-04-02", "2026", "budget.txt")
    file = alice.get(f"{home}files/{item.public_id}/")
    assert file["Content-Disposition"].startswith("attachment") and b"".join(file.streaming_content) == b"Budget"
    assert alice.post(f"{where}remove/").status_code == 302
    assert "Taken out or replaced" in said(alice.get(where))
    assert not SubmissionDocument.objects.filter(replaced_at=None).exists()


def test_a_disguised_or_empty_file_is_refused_beside_the_field(year, alice, home):
    for upload in (SimpleUploadedFile("plan.pdf", b"MZ\x90\x00" + b"\x00" * 99), SimpleUploadedFile("plan.txt", b"")):
        response = alice.post(f"{home}documents/strategy/", {"new-upload": upload, "new-document_date": "2026-01-01"})
        assert response.status_code == 422
        assert soup(response).select_one(".nhsuk-error-message")
    assert not SubmissionDocument.objects.exists()


def test_another_members_document_cannot_be_picked_by_its_number(year, alice, home, client_of):
    add_documents(year.row(year.birch), year.bob)
    theirs = SubmissionDocument.objects.filter(submission__organisation=year.birch).first()
    response = alice.post(
        f"{home}documents/strategy/",
        {"new-known": theirs.document.public_id, "new-document_date": "2026-01-01"},
    )
    assert response.status_code == 422
    assert not SubmissionDocument.objects.filter(submission__organisation=year.alder).exists()
    assert alice.get(f"{home}files/{theirs.public_id}/").status_code == 404


@pytest.mark.requirement("MQM-31")
def test_from_ready_to_receipt_by_pages_alone(year, alice, tomos, home):
    complete(year.row(), year.alice)
    assert "Tomos Trustee" in said(alice.get(f"{home}ask/"))
    assert alice.post(f"{home}ask/", {"note": "Please look"}).status_code == 302
    page = soup(tomos.get(f"{home}sign/"))
    assert "Please look" in page.get_text()
    seen = page.select_one("input[name=seen]")["value"]
    refused = tomos.post(f"{home}sign/", {"seen": seen})
    assert refused.status_code == 422 and "Tick the box" in said(refused)
    assert tomos.post(f"{home}sign/", {"seen": seen, "agreed": "on"}).status_code == 302
    assert SignOff.objects.get().by == year.tomos
    assert soup(alice.get(home)).h1.get_text(strip=True) == "Everything is ready to send"
    there = alice.post(f"{home}send/")["Location"]
    receipt = Receipt.objects.get()
    assert there == f"{home}receipts/{receipt.number}/"
    shown = said(alice.get(there))
    assert receipt.number in shown and receipt.snapshot.sha256 in shown and "On time" in shown
    assert soup(alice.get(home)).h1.get_text(strip=True) == "Your snapshot is with the network"


def test_the_signing_page_has_no_way_to_change_an_answer(year, tomos, home):
    complete(year.row(), year.alice)
    services.ask_for_sign_off(submission=year.row(), by=year.alice)
    page = soup(tomos.get(f"{home}sign/"))
    names = {field["name"] for field in page.select("main form [name]")}
    assert names == {"csrfmiddlewaretoken", "seen", "agreed", "words"}


def test_what_changed_while_the_trustee_read_is_shown_again(year, tomos, home):
    complete(year.row(), year.alice)
    seen = soup(tomos.get(f"{home}sign/")).select_one("input[name=seen]")["value"]
    first = tree(year.version).indicators[0]
    assessments.save_answer(workbook=year.workbook, indicator=first, value="not_yet", reason="Hm", by=year.carys)
    response = tomos.post(f"{home}sign/", {"seen": seen, "agreed": "on"})
    page = soup(response)
    assert response.status_code == 409 and not SignOff.objects.exists()
    assert page.select_one("input[name=seen]")["value"] != seen
    assert not page.select_one("input[name=agreed]").has_attr("checked")


def test_not_yet_reaches_the_lead_in_the_trustees_words(year, alice, tomos, home):
    complete(year.row(), year.alice)
    services.ask_for_sign_off(submission=year.row(), by=year.alice)
    assert tomos.post(f"{home}sign/not-yet/", {"words": ""}).status_code == 422
    assert tomos.post(f"{home}sign/not-yet/", {"words": "Old budget"}).status_code == 302
    assert "Old budget" in said(alice.get(home))


@pytest.mark.requirement("MQM-25")
def test_sending_too_early_is_refused_with_a_link_for_each_thing(year, alice, home):
    response = alice.post(f"{home}send/")
    page = soup(response)
    assert response.status_code == 409 and not Receipt.objects.exists()
    found = [link["href"] for link in page.select(".lg-banner a")]
    assert f"{home}documents/minutes/" in found and len(found) == 8


def test_reasons_for_sending_back_stand_on_the_page_one_by_one(year, alice, home):
    send(year.row(), year.alice, year.tomos)
    services.return_(submission=year.row(), by=year.nia, reason="- The budget is old\n- So are the minutes\n")
    page = soup(alice.get(home))
    rows = [item.get_text() for item in page.select(".lg-banner li")]
    assert rows == ["The budget is old To do", "So are the minutes To do"]
    assert page.h1.get_text(strip=True) == "30 days to go: 2 points of the network, then the sign-off"
    assert "The deadline is" in page.select_one(".lg-page__head").get_text(), "it is still a day to keep"
    sign(year.row(), year.tomos)
    assert "To do" not in soup(alice.get(home)).select_one(".lg-banner").get_text()


def test_no_cell_of_the_receipt_is_wider_than_its_column(year):
    receipt = send(year.row(), year.alice, year.tomos)
    rows = receipts.documents(read(receipt.snapshot))
    assert all(len(word) <= 32 for row in rows for cell in row for word in cell.split())
    assert [row[2].replace("\n", "") for row in rows] == [one["sha256"] for one in read(receipt.snapshot)["documents"]]


def test_the_receipt_as_a_pdf_says_the_same(year, alice, home):
    receipt = send(year.row(), year.alice, year.tomos)
    for language, words in (("en-gb", "Receipt number"), ("cy", "Rhif derbynneb")):
        alice.cookies["levelground_language"] = language
        response = alice.get(f"{home}receipts/{receipt.number}/pdf/")
        assert response["Content-Type"] == "application/pdf"
        text = words_of(response.content)
        assert all(squeezed(part) in text for part in (words, receipt.number, "Tomos Trustee", receipt.snapshot.sha256))


def test_the_history_tells_who_did_what_and_why(year, alice, home):
    send(year.row(), year.alice, year.tomos)
    services.return_(submission=year.row(), by=year.nia, reason="The budget is old")
    services.extend(
        cycle=year.cycle, organisation=year.alder, deadline=year.cycle.deadline + DAY, reason="Ill", by=year.nia
    )
    page = soup(alice.get(f"{home}history/"))
    tags = [item.select_one(".lg-tag").get_text() for item in page.select(".lg-history__item")]
    known = ["Deadline moved", "In progress", "Sent", "Sent back with reasons", "Sign-off ended", "Signed off"]
    assert sorted(tags) == known and tags[0] == "Deadline moved" and tags[-1] == "In progress"
    assert "The budget is old" in page.get_text() and "Ill" in page.get_text()


@pytest.mark.requirement("MQM-24")
def test_the_page_of_changes_and_its_beginning(cast, client):
    with clock.at(clock.now() - 365 * DAY):
        last = make_cycle(cast)
        client.force_login(cast.alice)
        assert "Nothing to compare with yet" in said(client.get(f"/o/alder/year/mark/{last.year}/changes/"))
        send(of(last, cast.alder), cast.alice, cast.tomos)
    cycle = make_cycle(cast)
    first = tree(cast.version).indicators[0]
    assessments.save_answer(workbook=cast.workbook, indicator=first, value="not_yet", reason=EVIL, by=cast.alice)
    page = soup(client.get(f"/o/alder/year/mark/{cycle.year}/changes/"))
    assert [row.select_one(".lg-tag").get_text() for row in page.select(".lg-changes tbody tr")] == ["No longer met"]
    assert not page.select("main img[onerror], main script")


def test_script_in_every_text_shows_as_text(year, alice, tomos, home):
    complete(year.row(), year.alice)
    services.ask_for_sign_off(submission=year.row(), by=year.alice, note=EVIL)
    assert not soup(tomos.get(f"{home}sign/")).select("main img[onerror]")
    services.say_not_yet(submission=year.row(), by=year.tomos, text=EVIL)
    pages = [home, f"{home}history/", f"{home}documents/budget/"]
    budget = year.cycle.documents.get(code="budget")
    services.add_document(
        submission=year.row(), required=budget, by=year.alice, upload=paper(), document_date=clock.today(), period=EVIL
    )
    services.submit(submission=sign(year.row(), year.tomos), by=year.alice)
    services.return_(submission=year.row(), by=year.nia, reason=EVIL)
    pages += [f"{home}receipts/{Receipt.objects.get().number}/", f"/snapshots/{year.row().snapshot.public_id}/"]
    for path in pages:
        page = soup(alice.get(path))
        assert not page.select("main img[onerror]"), path
        assert not [one for one in page.select("main script") if "alert" in one.get_text()], path


def test_the_receipt_of_another_member_is_not_found(year, alice, home, client_of):
    receipt = send(year.row(), year.alice, year.tomos)
    bob = client_of(year.bob)
    assert bob.get(f"{home}receipts/{receipt.number}/").status_code == 404
    assert bob.get(f"/o/birch/year/mark/{year.cycle.year}/receipts/{receipt.number}/").status_code == 404
    for strange in ("2026", "x-1", "2026-0001-1", f"{year.cycle.year}-{'9' * 30}"):
        assert alice.get(f"{home}receipts/{strange}/").status_code == 404


def test_a_sent_document_opens_for_the_network_and_for_no_stranger(year, client_of):
    snapshot = send(year.row(), year.alice, year.tomos).snapshot
    number = SubmissionDocument.objects.filter(required__code="budget").get().document.public_id
    where = f"/snapshots/{snapshot.public_id}/documents/{number}/"
    for user, status in ((year.nia, 200), (year.carys, 200), (year.bob, 404), (year.olga, 404), (year.zed, 404)):
        response = client_of(user).get(where)
        assert response.status_code == status, user
        if status == 200:
            assert b"".join(response.streaming_content).startswith(b"budget of")
    other = assessments.add_evidence(answer=year.workbook.answers.first(), upload=paper("own.txt"), by=year.alice)
    beside = f"/snapshots/{snapshot.public_id}/documents/{other.document.public_id}/"
    assert client_of(year.nia).get(beside).status_code == 404


def test_a_sent_year_cannot_be_changed_by_its_old_addresses(year, alice, tomos, home):
    send(year.row(), year.alice, year.tomos)
    before = list(SubmissionDocument.objects.values_list("pk", "replaced_at"))
    sent = {"new-upload": paper("x.txt", "x"), "new-document_date": "2026-01-01"}
    for path, data in [("documents/budget/", sent), ("documents/budget/remove/", {}), ("ask/", {}), ("send/", {})]:
        assert alice.post(f"{home}{path}", data).status_code == 400, path
    assert tomos.post(f"{home}sign/", {"seen": "x", "agreed": "on"}).status_code == 400
    assert list(SubmissionDocument.objects.values_list("pk", "replaced_at")) == before


def test_a_receipt_says_that_it_is_with_the_network_only_while_it_is(year, alice, home):
    receipt = send(year.row(), year.alice, year.tomos)
    words = "Your snapshot is with the network."
    assert words in said(alice.get(f"{home}receipts/{receipt.number}/"))
    services.return_(submission=year.row(), by=year.nia, reason="The budget is old")
    assert words not in said(alice.get(f"{home}receipts/{receipt.number}/"))
    second = services.submit(submission=sign(year.row(), year.tomos), by=year.alice)
    assert words not in said(alice.get(f"{home}receipts/{receipt.number}/")), "a newer one has replaced it"
    services.accept(submission=year.row(), by=year.nia)
    assert words in said(alice.get(f"{home}receipts/{second.number}/"))


@pytest.mark.parametrize("number", ["²-1", "2026-²", "٢٠٢٦-1", "99999999999-9", "9-9999999999999999", "-", "a-b"])
def test_a_number_that_no_receipt_has_is_not_found(alice, home, number):
    assert alice.get(f"{home}receipts/{number}/").status_code == 404


def test_a_year_beyond_all_numbers_is_not_found(alice):
    assert alice.get(f"/o/alder/year/mark/{10**20}/").status_code == 404


@pytest.mark.requirement("MQM-30")
def test_a_request_for_help_says_which_year_it_is_about(year, alice, home):
    (link,) = soup(alice.get(home)).select('main a[href*="/help/"]')
    form = soup(alice.get(link["href"])).select_one("main form")
    hidden = {field["name"]: field.get("value") for field in form.select("input[type=hidden]")}
    assert (hidden["framework"], hidden["year"]) == ("mark", str(year.cycle.year))


@pytest.mark.requirement("MQM-26")
def test_a_very_old_paper_and_the_same_file_twice_are_said(year, alice, home):
    row = year.row()
    for code, age in (("accounts", 2000), ("budget", 20)):
        services.add_document(
            submission=row, required=row.cycle.documents.get(code=code), by=year.alice, upload=paper(),
            document_date=clock.today() - age * DAY,
        )  # fmt: skip
    words = said(alice.get(home))
    assert words.count("Very old") == 1 and words.count("The same file as:") == 2
