"""A newer version of a document, and two people at one piece of evidence or one indicator."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from levelground.assessments import services
from levelground.assessments.models import Answer, Evidence
from levelground.foundation import clock
from levelground.foundation.audit.services import verify
from levelground.foundation.documents.models import Document
from levelground.foundation.errors import Conflict, IllegalMove, Invalid

BOOK = "/o/alder/workbook/mark/"
OLD, NEWER = dt.date(2025, 1, 31), dt.date(2026, 2, 28)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def paper(text="The first policy", name="policy.txt"):
    return SimpleUploadedFile(name, text.encode())


def answer_of(cast, code):
    return Answer.objects.get(workbook=cast.workbook, indicator__code=code)


@pytest.fixture
def item(cast):
    return services.add_evidence(answer=answer_of(cast, "1.1.1"), upload=paper(), document_date=OLD, by=cast.carys)


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


def renew(cast, item, text="The second policy", **more):
    sent = {"upload": paper(text, "policy 2.txt"), "document_date": NEWER, "expires_on": None, "by": cast.alice}
    return services.renew_evidence(item=item, **sent | more)


def body(response):
    return b"".join(response.streaming_content)


# ---------------------------------------------------------------- newer versions
@pytest.mark.requirement("MQM-26")
def test_a_newer_version_takes_the_place_and_the_old_one_stays(cast, item):
    before = item.document
    new = renew(cast, item)
    item.refresh_from_db()
    assert (item.document, item.document_date, new.number, new.replaces) == (new, NEWER, 2, before)
    assert item.title == "policy"
    before.refresh_from_db()
    assert before.document_date == OLD
    assert list(verify()) == []


def test_it_takes_the_place_wherever_the_workbook_shows_it(cast, item):
    other = services.add_evidence(answer=answer_of(cast, "2.1.1"), document=item.document, by=cast.alice)
    gone = services.add_evidence(answer=answer_of(cast, "1.1.2"), document=item.document, by=cast.alice)
    services.remove_evidence(item=gone, by=cast.alice)
    first = item.document
    new = renew(cast, item)
    documents = {e.pk: e.document for e in Evidence.objects.all()}
    assert documents == {item.pk: new, other.pk: new, gone.pk: first}


def test_the_same_file_a_link_or_a_removed_item_has_no_newer_version(cast, item):
    with pytest.raises(Invalid, match="same file"):
        renew(cast, item, text="The first policy")
    with pytest.raises(Invalid) as refused:
        renew(cast, item, expires_on=OLD)
    assert list(refused.value.fields) == ["expires_on"]
    link = services.add_evidence(answer=item.answer, url="https://example.org", by=cast.alice)
    with pytest.raises(IllegalMove):
        renew(cast, link)
    services.remove_evidence(item=item, by=cast.carys)
    with pytest.raises(IllegalMove):
        renew(cast, item)
    assert Document.objects.count() == 1


def test_two_newer_versions_at_once_are_one_and_a_question(cast, item):
    seen = item.document.public_id
    renew(cast, item, seen=seen)
    with pytest.raises(Conflict) as conflict:
        renew(cast, item, text="Another second policy", seen=seen)
    assert conflict.value.theirs.document.number == 2
    assert Document.objects.count() == 2


def upload(client, item, **more):
    sent = {"newer-upload": paper("The second policy"), "newer-document_date": "28 2 2026"}
    return client.post(f"{BOOK}evidence/{item.public_id}/newer/", sent | more)


@pytest.mark.requirement("MQM-26")
def test_the_page_takes_a_newer_version_and_lists_the_earlier_ones_with_dates(cast, alice, item):
    page = soup(alice.get(f"{BOOK}evidence/{item.public_id}/"))
    assert page.select_one("#earlier") is None
    answer = upload(alice, item, **{"newer-seen": item.document.public_id})
    assert answer["Location"] == f"{BOOK}evidence/{item.public_id}/"
    page = soup(alice.get(answer["Location"]))
    [earlier] = page.select("#earlier li")
    assert "Version 1" in earlier.get_text()
    assert "Dated 31 January 2025" in earlier.get_text()
    assert "by Carys Contributor" in earlier.get_text()
    assert "28 February 2026" in page.select_one(".lg-summary").get_text()
    assert body(alice.get(earlier.select_one("a")["href"])) == b"The first policy"
    assert body(alice.get(f"{BOOK}evidence/{item.public_id}/file/")) == b"The second policy"
    assert "version 2" in soup(alice.get(f"{BOOK}indicator/1.1.1/")).select_one("#evidence").get_text()


def test_earlier_versions_are_for_those_who_see_the_workbook(cast, client, item):
    renew(cast, item)
    own = f"{BOOK}evidence/{item.public_id}/"
    for user, status in ((cast.carys, 200), (cast.tomos, 200), (cast.nia, 403), (cast.bob, 404), (cast.zed, 404)):
        client.force_login(user)
        for path in (own, f"{own}file/1/", f"{own}file/2/"):
            response = client.get(path)
            assert response.status_code == status, (user, path)
            assert not response.streaming or body(response)
    client.force_login(cast.bob)
    assert client.get(f"/o/birch/workbook/mark/evidence/{item.public_id}/file/1/").status_code == 404
    client.force_login(cast.carys)
    assert client.get(f"{own}file/3/").status_code == 404
    assert client.get(f"{own}file/99999999999999999999/").status_code == 404


def test_who_may_only_look_finds_the_earlier_versions_and_no_form(cast, client, item):
    renew(cast, item)
    client.force_login(cast.tomos)
    link = soup(client.get(f"{BOOK}indicator/1.1.1/")).select_one("#evidence .lg-evidence__do a")
    assert "Earlier versions" in link.get_text()
    page = soup(client.get(link["href"]))
    assert page.select("main form") == []
    assert len(page.select("#earlier li")) == 1
    assert client.post(f"{BOOK}evidence/{item.public_id}/", {"title": "x"}).status_code == 403
    assert upload(client, item).status_code == 403


def test_a_refused_newer_file_says_why_beside_its_field(cast, alice, item):
    for more, says in (
        ({"newer-upload": paper("The first policy")}, "same file"),
        ({"newer-upload": ""}, "Choose the newer file"),
        ({"newer-document_date": "x"}, "Write the date like 31 3 2027."),
        ({"newer-upload": SimpleUploadedFile("policy.pdf", b"MZ\x90\x00" + b"\x00" * 99)}, ""),
    ):
        answer = upload(alice, item, **more)
        assert answer.status_code == 422
        assert says in soup(answer).select_one("[data-error-summary]").get_text()
        assert soup(answer).select_one("#newer").has_attr("open")
    assert Document.objects.count() == 1


def test_the_second_of_two_uploads_sees_the_first(cast, alice, item):
    seen = item.document.public_id
    renew(cast, item, by=cast.carys)
    answer = upload(alice, item, **{"newer-seen": seen, "newer-upload": paper("Mine")})
    page = soup(answer)
    assert answer.status_code == 409
    assert "A colleague gave a newer version" in page.select_one("[data-conflict]").get_text()
    assert "policy 2.txt: dated 28 February 2026" in page.select_one("[data-conflict]").get_text()
    item.refresh_from_db()
    assert page.select_one("[name=newer-seen]")["value"] == item.document.public_id
    again = upload(alice, item, **{"newer-seen": item.document.public_id, "newer-upload": paper("Mine")})
    assert again.status_code == 302
    assert Document.objects.count() == 3


def test_another_members_evidence_takes_no_newer_version(cast, client, item):
    for user in (cast.bob, cast.zed):
        client.force_login(user)
        assert upload(client, item).status_code == 404
    client.force_login(cast.bob)
    assert client.post(f"/o/birch/workbook/mark/evidence/{item.public_id}/newer/", {}).status_code == 404


def test_the_page_asks_the_same_for_one_version_and_for_many(cast, alice, item, query_budget):
    path = f"{BOOK}evidence/{item.public_id}/"
    renew(cast, item)
    alice.get(path)
    with query_budget(25) as few:
        alice.get(path)
    for n in range(6):
        renew(cast, item, text=f"Policy {n}")
    with query_budget(len(few)):
        assert len(soup(alice.get(path)).select("#earlier li")) == 7


# ---------------------------------------------------------------- two people at once
def edit(client, item, seen=None, **sent):
    stands = seen or {"title": item.title, "document_date": item.document_date, "expires_on": item.expires_on}
    data = {f"seen_{name}": value or "" for name, value in stands.items()} | {"document_date": OLD, "expires_on": ""}
    return client.post(f"{BOOK}evidence/{item.public_id}/", data | sent)


def test_the_second_of_two_editors_sees_both_and_chooses(cast, alice, item):
    page = soup(alice.get(f"{BOOK}evidence/{item.public_id}/"))
    hidden = {field["name"]: field.get("value", "") for field in page.select("input[type=hidden][name^=seen_]")}
    assert hidden == {"seen_title": "policy", "seen_document_date": "2025-01-31", "seen_expires_on": ""}
    services.change_evidence(item=item, title="Theirs", document_date=NEWER, expires_on=None, by=cast.carys)
    answer = alice.post(f"{BOOK}evidence/{item.public_id}/", hidden | {"title": "Mine", "document_date": "1 2 2025"})
    page = soup(answer)
    assert answer.status_code == 409
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in page.select("[data-conflict] tbody tr")]
    assert rows == [["Name", "Theirs", "Mine"], ["Date on the document", "28 February 2026", "1 February 2025"]]
    form = page.select_one("details[open] form")
    assert form.select_one("[name=title]")["value"] == "Mine"
    assert form.select_one("[name=document_date]")["value"] in ("2025-02-01", "1 2 2025")
    item.refresh_from_db()
    assert item.title == "Theirs"
    again = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert alice.post(f"{BOOK}evidence/{item.public_id}/", again).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.document_date) == ("Mine", dt.date(2025, 2, 1))


def test_the_same_change_twice_is_no_conflict(cast, alice, item):
    before = {"title": item.title, "document_date": OLD, "expires_on": None}
    services.change_evidence(item=item, title="Both", document_date=OLD, expires_on=None, by=cast.carys)
    assert edit(alice, item, seen=before, title="Both").status_code == 302


def test_evidence_needs_a_name_and_dates_that_fit(alice, item):
    for sent, says in (
        ({"title": " "}, "Give it a name."),
        ({"title": "x", "document_date": clock.today() + dt.timedelta(days=3)}, "in the future"),
        ({"title": "x", "expires_on": "1 1 2001"}, "before the document"),
        ({"title": "x", "expires_on": "never"}, "Use it until: Write the date like 31 3 2027."),
    ):
        answer = edit(alice, item, **sent)
        assert answer.status_code == 422
        assert says in soup(answer).select_one("[data-error-summary]").get_text()


def test_evidence_that_was_taken_off_meanwhile_is_not_changed(cast, item):
    services.remove_evidence(item=item, by=cast.carys)
    with pytest.raises(IllegalMove):
        services.change_evidence(item=item, title="x", document_date=None, expires_on=None, by=cast.alice)


def test_script_in_a_name_shows_as_text(cast, alice, item):
    services.change_evidence(item=item, title=EVIL, document_date=None, expires_on=None, by=cast.carys)
    seen = {"title": "policy", "document_date": OLD, "expires_on": None}
    for response in (
        alice.get(f"{BOOK}evidence/{item.public_id}/"),
        edit(alice, item, seen=seen, title=f"Mine {EVIL}"),
        alice.get(f"{BOOK}indicator/1.1.1/"),
    ):
        page = soup(response)
        assert "alert(1)" in page.get_text()
        assert not [s for s in page.select("script") if "alert(1)" in s.get_text()]
        assert not page.select("img[onerror]")


def give(client, to, seen):
    data = {"assigned_to": to.public_id if to else "", "seen": seen.public_id if seen else ""}
    return client.post(f"{BOOK}indicator/1.1.1/assign/", data)


def test_the_second_to_give_an_indicator_away_sees_who_has_it(cast, alice):
    services.assign(answer=answer_of(cast, "1.1.1"), to=cast.carys, by=cast.alice)
    answer = give(alice, cast.alice, None)
    page = soup(answer)
    assert answer.status_code == 409
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in page.select("[data-conflict] tbody tr")]
    assert rows == [["Who answers this one", "Carys Contributor", "Alice Lead"]]
    assert answer_of(cast, "1.1.1").assigned_to == cast.carys
    # The choice stays in the form, which now tells whom it replaces.
    assert page.select_one("[name=assigned_to] option[selected]")["value"] == cast.alice.public_id
    assert page.select_one("[name=seen]")["value"] == cast.carys.public_id
    assert give(alice, cast.alice, cast.carys).status_code == 302
    assert answer_of(cast, "1.1.1").assigned_to == cast.alice


def test_taking_an_indicator_back_from_nobody_in_particular_is_seen_too(cast, alice):
    answer = answer_of(cast, "1.1.1")
    services.assign(answer=answer, to=cast.carys, by=cast.alice)
    services.assign(answer=answer, to=None, by=cast.alice)
    stale = give(alice, cast.alice, cast.carys)
    assert "Nobody in particular" in soup(stale).select_one("[data-conflict] tbody").get_text()
    assert give(alice, None, cast.carys).status_code == 302
