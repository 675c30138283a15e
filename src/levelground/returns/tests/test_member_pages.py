"""A member's pages: calendar, form, check, what was sent."""

import datetime as dt
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.returns import services
from levelground.returns.models import QuarterlyReturn, ReturnEdition, ReturnFigure
from levelground.returns.services import Chosen
from levelground.returns.states import ReturnStatus

from .conftest import Year, moment

pytestmark = pytest.mark.django_db
LIST = "/o/alder/returns/"
FORM = f"{LIST}mark/2026/q1/"
CHECK = f"{FORM}check/"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text(response) -> str:
    return " ".join(soup(response).main.get_text(" ").split())


@pytest.fixture
def alice(july: Year, client):
    client.force_login(july.cast.alice)
    return client


def typed(**given) -> dict:
    return {
        "figure-people_reached": "120", "significant_change": "no", "description": "", "other_codes": "",
        "version": "0", "do": "draft", **given,
    }  # fmt: skip


@pytest.mark.requirement("MQM-34")
def test_the_calendar_shows_four_quarters_and_what_to_do_next(july: Year, alice) -> None:
    page = soup(alice.get(LIST))
    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")
    ]
    assert [row[:2] for row in rows] == [
        ["Quarter 1, April to June 2026", "To do"],
        ["Quarter 2, July to September 2026", "Not open yet"],
        ["Quarter 3, October to December 2026", "Not open yet"],
        ["Quarter 4, January to March 2027", "Not open yet"],
    ]
    assert "due by 31 July 2026: 21 days from now" in page.select_one("#next").get_text()
    assert page.select_one("#next a")["href"] == FORM


@pytest.mark.parametrize(("on", "words"), [
    (moment(7, 30), "due tomorrow"), (moment(7, 31), "due today"), (moment(8, 1), "You can still send it until 31"),
])  # fmt: skip
def test_what_is_due_is_said_in_words(july: Year, alice, on, words: str) -> None:
    with clock.at(on):
        assert words in text(alice.get(LIST))


def test_members_read_why_the_dates_were_changed(july: Year, alice) -> None:
    services.change_dates(
        quarter=july.first, on_time_by=dt.date(2026, 8, 14), locked_on=dt.date(2026, 9, 30), reason=f"Floods {EVIL}",
        by=july.cast.nia,
    )  # fmt: skip
    for path in (LIST, FORM):
        page = alice.get(path)
        assert "changed the dates on 10 July 2026: Floods" in text(page)
        assert b"<script>alert" not in page.content


def test_the_calendar_says_when_there_is_nothing_to_do(july: Year, alice) -> None:
    july.send()
    page = text(alice.get(LIST))
    assert "Sent on time" in page
    assert "The next return is for July to September 2026. It opens on 1 October 2026." in page


@pytest.mark.requirement("MQM-32", "MQM-33")
def test_from_the_form_to_the_receipt(july: Year, alice) -> None:
    july.answer("1.1.1", "met", moment(3, 5))
    july.answer("1.1.1", "not_yet", moment(5, 2))
    page = soup(alice.get(FORM))
    assert [(box["value"], box.has_attr("checked")) for box in page.select("input[name=ticked]")] == [("1.1.1", True)]
    sent = alice.post(
        FORM,
        typed(do="check", significant_change="yes", ticked=["1.1.1"], description="Staff left.")
        | {"note-1.1.1": "Two people"},
    )
    assert (sent.status_code, sent.url) == (302, CHECK)
    check = soup(alice.get(CHECK))
    fields = {one["name"]: one["value"] for one in check.select("main form input[type=hidden]")}
    done = alice.post(CHECK, fields)
    row = july.row()
    assert (row.status, done.url) == (ReturnStatus.SENT, f"/returns/{row.public_id}/")
    receipt = text(alice.get(done.url))
    for words in ("120", "Yes", "Staff left.", "1.1.1", "Two people", row.public_id, row.sha256, "Sent on time"):
        assert words in receipt
    assert alice.get(FORM).url == done.url


def test_last_quarters_figure_stands_beside_the_field(july: Year, alice) -> None:
    july.send(values={"people_reached": Decimal(1234)})
    with clock.at(moment(10, 5)):
        services.open_returns(quarter=july.quarters[1])
        page = soup(alice.get(f"{LIST}mark/2026/q2/"))
    hint = page.select_one("#id_figure-people_reached-hint")
    assert hint.b.get_text() == "Last quarter: 1,234"
    assert page.select_one("#id_figure-people_reached")["aria-describedby"] == hint["id"]


@pytest.mark.parametrize(("number", "kept"), [
    ("1,234", "1234"), (" 1 234 ", "1234"), ("120.00", "120"), ("", None),
])  # fmt: skip
def test_numbers_are_read_as_people_write_them(july: Year, alice, number: str, kept: str | None) -> None:
    assert alice.post(FORM, typed(**{"figure-people_reached": number})).status_code == 302
    value = QuarterlyReturn.objects.get(organisation=july.cast.alder).values.first()
    assert (value.value if value else None) == (Decimal(kept) if kept else None)


@pytest.mark.parametrize("number", ["many", "12a", "-3", "1.5", "1e9", "0x10", "٣", "9" * 30, "NaN", "1_000"])
def test_what_is_no_number_is_refused_beside_the_field_and_stays(july: Year, alice, number: str) -> None:
    response = alice.post(FORM, typed(**{"figure-people_reached": number}, description="Our words"))
    page = soup(response)
    assert response.status_code == 422
    assert page.select_one("#id_figure-people_reached")["value"] == number
    assert page.select_one("#id_figure-people_reached-error")
    assert page.select_one("textarea[name=description]").get_text().strip() == "Our words"
    assert july.row().status == ReturnStatus.OPEN


@pytest.mark.requirement("MQM-32")
def test_what_is_missing_is_named_beside_its_field_and_the_draft_is_kept(july: Year, alice) -> None:
    response = alice.post(FORM, typed(do="check", significant_change="yes") | {"figure-people_reached": ""})
    page = soup(response)
    links = [link["href"] for link in page.select(".lg-error-summary a")]
    assert response.status_code == 422
    assert set(links) == {"#id_figure-people_reached", "#id_description", "#ticked"}
    for link in links:
        assert page.select_one(f'[id="{link[1:]}"]')
    row = july.row()
    assert (row.status, row.significant_change) == (ReturnStatus.DRAFT, True)
    assert page.select_one("input[name=version]")["value"] == str(row.version)


def test_an_unknown_code_is_refused_beside_its_field(july: Year, alice) -> None:
    response = alice.post(FORM, typed(other_codes="1.1.1, 9.9.9"))
    assert response.status_code == 422
    assert "9.9.9" in soup(response).select_one("#id_other_codes-error").get_text()


def test_added_codes_become_ticked_rows(july: Year, alice) -> None:
    assert alice.post(FORM, typed(other_codes="1.1.1;2.1.3")).status_code == 302
    page = soup(alice.get(FORM))
    assert [box["value"] for box in page.select("input[name=ticked][checked]")] == ["1.1.1", "2.1.3"]


def test_the_second_of_two_editors_sees_both_and_loses_nothing(july: Year, alice) -> None:
    july.draft(values={"people_reached": Decimal(80)}, description="Hers", by=july.cast.carys)
    response = alice.post(FORM, typed(description="Mine"))
    page = soup(response)
    assert response.status_code == 409
    banner = " ".join(page.select_one(".lg-banner").get_text(" ").split())
    for words in ("Carys Contributor", "80", "120", "Hers", "Mine"):
        assert words in banner
    assert page.select_one("textarea[name=description]").get_text().strip() == "Mine"
    again = typed(description="Mine", version=page.select_one("input[name=version]")["value"])
    assert alice.post(FORM, again).status_code == 302
    assert july.row().description == "Mine"


def test_a_contributor_writes_and_does_not_send(july: Year, client) -> None:
    client.force_login(july.cast.carys)
    page = text(client.get(FORM))
    assert "Your quality lead sends the return." in page
    assert "Check and send" not in page
    assert client.post(FORM, typed()).status_code == 302
    assert client.post(CHECK, {}).status_code == 403
    assert july.row().status == ReturnStatus.DRAFT


def test_a_trustee_reads_and_does_not_write(july: Year, client) -> None:
    july.draft(description="Our words")
    client.force_login(july.cast.tomos)
    page = client.get(FORM)
    assert "Your role here does not include writing it." in text(page)
    assert client.post(FORM, typed()).status_code == 403


def test_the_officer_does_not_see_a_draft(july: Year, client) -> None:
    draft = july.draft(description="Not ready")
    client.force_login(july.cast.nia)
    assert client.get(FORM).status_code == 403
    assert client.get(f"/returns/{draft.public_id}/").status_code == 404
    assert client.get(f"/returns/{draft.public_id}/download/pdf/").status_code == 404


def test_a_correction_in_progress_is_not_seen_outside(july: Year, client) -> None:
    sent = july.send()
    services.start_correction(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)
    july.draft(values={"people_reached": Decimal(98765)}, significant_change=True, description="Not ready")
    client.force_login(july.cast.nia)
    page = text(client.get(f"/returns/{sent.public_id}/"))
    assert "98,765" not in page
    assert "Not ready" not in page
    assert "120" in page
    assert "correction" not in page


def test_another_member_gets_404_everywhere(july: Year, client) -> None:
    sent = july.send()
    client.force_login(july.cast.bob)
    own = "/o/birch/returns/mark/2026/q1/"
    for path in (LIST, FORM, CHECK, f"/returns/{sent.public_id}/", f"/returns/{sent.public_id}/download/pdf/"):
        assert client.get(path).status_code == 404, path
    assert client.post(FORM, typed()).status_code == 404
    assert client.post(f"{FORM}correct/").status_code == 404
    assert client.get(own).status_code == 200
    for path in (
        "/o/birch/returns/mark/2026/q9/",
        "/o/birch/returns/mark/1999/q1/",
        f"/o/birch/returns/mark/{'9' * 40}/q1/",
        "/o/birch/returns/other/2026/q1/",
    ):
        assert client.get(path).status_code == 404, path


def test_correcting_from_the_page(july: Year, alice) -> None:
    sent = july.send()
    page = f"/returns/{sent.public_id}/"
    assert "Correct this return" in text(alice.get(page))
    assert alice.post(f"{FORM}correct/").url == FORM
    assert "Your network keeps what you sent" in text(alice.get(FORM))
    assert "A correction is being written." in text(alice.get(page))
    version = july.row().version
    alice.post(FORM, typed(do="check", version=str(version)) | {"figure-people_reached": "150"})
    fields = {one["name"]: one["value"] for one in soup(alice.get(CHECK)).select("main form input[type=hidden]")}
    alice.post(CHECK, fields)
    assert july.row().edition == 2
    assert "What was sent when" in text(alice.get(page))
    assert "120" in text(alice.get(f"{page}?edition=1"))
    assert "150" in text(alice.get(f"{page}?edition=2"))
    assert alice.get(f"{page}?edition=3").status_code == 404


def test_giving_a_correction_up_from_the_page(july: Year, alice) -> None:
    sent = july.send()
    alice.post(f"{FORM}correct/")
    assert alice.post(f"{FORM}correct/", {"do": "drop"}).url == f"/returns/{sent.public_id}/"
    assert july.row().status == ReturnStatus.SENT
    assert alice.post(f"{FORM}correct/", {"do": "drop"}).status_code == 302  # twice does no harm


def test_what_was_typed_at_the_last_minute_is_shown_again(july: Year, alice) -> None:
    july.draft()
    with clock.at(moment(9, 1)):
        response = alice.post(FORM, typed(description="Our words", version="1"))
        assert response.status_code == 422
        assert "Our words" in text(response)
        assert "locked" in text(response)
        assert "can no longer be sent" in text(alice.get(FORM))


def test_a_return_that_is_too_early_says_when(july: Year, alice) -> None:
    assert "It opens on 1 October 2026" in text(alice.get(f"{LIST}mark/2026/q2/"))


def test_sending_from_an_old_check_page_is_refused(july: Year, alice) -> None:
    july.draft()
    fields = {one["name"]: one["value"] for one in soup(alice.get(CHECK)).select("main form input[type=hidden]")}
    july.draft(description="A colleague was here", by=july.cast.carys)
    response = alice.post(CHECK, fields)
    assert response.status_code == 409
    assert "A colleague was here" in text(response)
    july.answer("1.1.1", "met", moment(3, 5))
    july.answer("1.1.1", "not_yet", moment(7, 9))
    fields["version"] = "2"
    assert alice.post(CHECK, fields).status_code == 409
    assert not ReturnEdition.objects.exists()


def test_script_in_every_text_stays_text(july: Year, alice) -> None:
    alice.post(
        FORM,
        typed(do="check", significant_change="yes", other_codes="1.1.1", description=EVIL),
    )
    alice.post(
        FORM, typed(significant_change="yes", ticked=["1.1.1"], description=EVIL, version="1") | {"note-1.1.1": EVIL}
    )
    for path in (FORM, CHECK):
        assert b"<script>alert" not in alice.get(path).content
        assert b"<img src=x" not in alice.get(path).content
    july.row()
    sent = services.send_return(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)
    page = alice.get(f"/returns/{sent.public_id}/")
    assert b"<script>alert" not in page.content
    assert "alert(1)" in text(page)
    hostile = alice.post(FORM, typed(ticked=["<b>", "x" * 400], **{"note-<b>": "x" * 900}))
    assert hostile.status_code == 422


def test_script_in_the_name_of_a_figure_stays_text(july: Year, alice) -> None:
    services.add_figure(
        framework=july.framework, label=Bilingual(EVIL, EVIL), help=Bilingual(EVIL, EVIL), kind="count",
        required=False, by=july.cast.nia,
    )  # fmt: skip
    july.send(values={"people_reached": Decimal(1), ReturnFigure.objects.last().code: Decimal(2)})
    with clock.at(moment(10, 5)):
        for path in (LIST, f"{LIST}mark/2026/q2/", f"/returns/{july.row().public_id}/"):
            assert b"<script>alert" not in alice.get(path).content
            assert b"<img src=x" not in alice.get(path).content


def test_long_words_are_refused_beside_their_field(july: Year, alice) -> None:
    july.answer("1.1.1", "met", moment(3, 5))
    july.answer("1.1.1", "not_yet", moment(5, 2))
    response = alice.post(FORM, typed(ticked=["1.1.1"]) | {"note-1.1.1": "x" * 501})
    assert response.status_code == 422
    assert soup(response).select_one("#in-1\\.1\\.1-error")
    assert alice.post(FORM, typed(description="x" * 4001)).status_code == 422


def test_pages_ask_the_database_little(july: Year, alice, query_budget) -> None:
    july.answer("1.1.1", "met", moment(3, 5))
    july.answer("1.1.1", "not_yet", moment(5, 2))
    july.draft(significant_change=True, description="We moved.", chosen=[Chosen("1.1.1", True), Chosen("2.1.1", True)])
    for path in (LIST, FORM, CHECK):
        with query_budget(25):
            assert alice.get(path).status_code == 200
    sent = services.send_return(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)
    with query_budget(25):
        assert alice.get(f"/returns/{sent.public_id}/").status_code == 200


def test_the_form_asks_as_little_for_many_changes(july: Year, alice, query_budget) -> None:
    july.answer("1.1.1", "met", moment(5, 2))
    with query_budget(25) as few:
        alice.get(FORM)
    for code in ("1.1.2", "1.1.3", "2.1.1", "2.1.2", "2.1.3"):
        july.answer(code, "met", moment(5, 2))
    with query_budget(len(few)):
        alice.get(FORM)


def test_pages_in_welsh_hold_no_english(july: Year, alice) -> None:
    alice.post("/language/", {"language": "cy", "next": LIST})
    calendar, form = text(alice.get(LIST)), text(alice.get(FORM))
    assert "Chwarter 1, Ebrill–Mehefin 2026" in calendar
    assert "Pobl a gyrhaeddwyd" in form
    for english in ("Quarter", "On time until", "Not open yet", "Write the return", "People reached", "indicators"):
        assert english not in calendar + form
