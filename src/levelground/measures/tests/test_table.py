"""The table of measures: its rows, filters and order; it agrees with the charts; its files tell no small number."""

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from levelground.charts import spc
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.exports.safe_xlsx import check_xlsx
from levelground.foundation.exports.tests.pdf_text import squeezed, words_of
from levelground.measures import charting, selectors, services, tables
from levelground.measures.methods import way_of
from levelground.measures.models import Annotation, Measure
from levelground.measures.table_asked import ASSURANCES, VARIATIONS, Asked
from tests.factories import TeamFactory

from .conftest import Ward
from .test_pages import address, page, text
from .ways import enter, make, month, percentage, wait

pytestmark = pytest.mark.django_db
URL = "/o/alder/measures/table/"
STEADY = [40, 45, 50, 45, 40, 50, 45, 40]


def months(values: list[Any]) -> dict[Any, Any]:
    return {month(2024 + at // 12, at % 12 + 1): value for at, value in enumerate(values)}


def named(name: str, **more: Any) -> dict[str, Any]:
    return {"name": Bilingual(name, f"{name} (cy)"), **more}


@pytest.fixture
def many(ward: Ward) -> dict[str, Measure]:
    """A measure of every kind of news; ``falls`` has no numbers."""
    by, rows = ward.tess, {}
    for name, values, more in (
        ("Worse", STEADY * 2 + [60] * 8, {}),
        ("Better", STEADY * 2 + [25] * 8, {"family": "process"}),
        ("Changed", STEADY * 2 + [60] * 8, {"direction": "none"}),
        ("Steady", STEADY * 3, {}),
        ("Stuck", STEADY * 3, {}),
        ("Sure", STEADY * 3, {}),
        ("Young", STEADY[:5], {}),
    ):
        rows[name] = make(ward.team, by, **named(name, **more))
        enter(rows[name], by, months(values))
    for name, target in (("Stuck", 10), ("Sure", 90), ("Better", 41), ("Young", 10), ("Changed", 50)):
        services.set_target(measure=rows[name], from_date=month(2024, 1), value=target, by=by)
    whole = make(ward.cast.alder, ward.cast.alice, **named("Whole"))
    services.archive(measure=make(ward.team, by, **named("Gone")), by=by)
    return rows | {"Whole": whole, "Falls": ward.falls}


def names(response: Any) -> list[str]:
    return [row.find("a").get_text() for row in page(response).select("table tbody tr")]


def row_of(response: Any, name: str) -> str:
    rows = page(response).select("table tbody tr")
    return next(" ".join(row.get_text(" ").split()) for row in rows if row.find("a").get_text() == name)


@pytest.mark.requirement("WM-37")
def test_a_row_for_each_live_measure_what_needs_attention_first(as_: Any, ward: Ward, many: Any) -> None:
    response = as_(ward.tess).get(URL)
    assert names(response) == ["Worse", "Changed", "Stuck", "Better", "Sure", "Steady", "Young", "Falls"]
    assert "8 measures" in text(response)
    lead = as_(ward.cast.alice).get(URL)
    assert names(lead)[-1] == "Whole" and "Gone" not in text(lead)
    assert names(as_(ward.tess).get(f"{URL}?order=name")) == sorted(set(many) - {"Whole"})


@pytest.mark.requirement("WM-37", "AMHE-34")
def test_a_row_tells_the_number_the_limits_the_target_the_rule_and_since_when(as_: Any, ward: Ward, many: Any) -> None:
    found = as_(ward.tess).get(URL)
    worse = row_of(found, "Worse")
    assert "60 December 2025" in worse and "Concern, upwards" in worse and "No target" in worse
    assert "Concern since May 2025: 8 points in a row above the average" in worse
    assert "Higher" in row_of(found, "Changed") and "Target cannot be judged" in row_of(found, "Changed")
    assert "Improvement, downwards" in row_of(found, "Better") and "Target met at times" in row_of(found, "Better")
    assert "10 Target not met without change" in row_of(found, "Stuck")
    assert "90 Target will be met" in row_of(found, "Sure")
    assert "Too few points" in row_of(found, "Young") and "Target cannot be judged" in row_of(found, "Young")
    assert "None yet" in row_of(found, "Falls") and "No data" in row_of(found, "Falls")
    assert all(icon["aria-hidden"] == "true" for icon in page(found).select("table svg"))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("variation=concern", ["Worse"]),
        ("variation=improvement", ["Better"]),
        ("variation=changed", ["Changed"]),
        ("variation=common", ["Stuck", "Sure", "Steady"]),
        ("variation=few", ["Young", "Falls"]),
        ("assurance=pass", ["Sure"]),
        ("assurance=at_times", ["Better"]),
        ("assurance=fail", ["Stuck"]),
        ("assurance=unsaid", ["Changed", "Young"]),
        ("assurance=none", ["Worse", "Steady", "Falls"]),
        ("words=st", ["Stuck", "Steady"]),
        ("words=BETTER+%28CY", ["Better"]),
        ("family=process", ["Better"]),
        ("owner=whole", "all"),  # nothing that she sees is of the whole place
        ("owner=nobody", "all"),
        ("words=nothing", []),
        ("variation=common&assurance=fail", ["Stuck"]),
        ("variation=nonsense&family=9&order=up", "all"),
    ],
)
def test_filters(as_: Any, ward: Ward, many: Any, query: str, shown: Any) -> None:
    client = as_(ward.tess)
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert names(response) == (names(client.get(URL)) if shown == "all" else shown)
    if shown == []:
        assert "No measures fit" in text(response)
    elif shown != "all":
        assert f"{len(shown)} of 8 measures" in text(response)
        file = client.get(f"{URL}csv/?{query}").content.decode("utf-8-sig")
        assert [row["Measure"] for row in csv.DictReader(io.StringIO(file))] == shown


def test_whose_and_what_was_asked_stays_in_the_form(as_: Any, ward: Ward, many: Any) -> None:
    client = as_(ward.cast.alice)
    assert names(client.get(f"{URL}?owner=whole")) == ["Whole"]
    response = client.get(f"{URL}?owner={ward.team.public_id}&words=e&family=outcome")
    assert page(response).find(id="id_words")["value"] == "e"
    chosen = [option["value"] for option in page(response).select("form option[selected]")]
    assert ward.team.public_id in chosen and "outcome" in chosen
    links = [link["href"] for link in page(response).select(".lg-files a")]
    assert len(links) == 3 and all("words=e" in link and "family=outcome" in link for link in links)


def test_an_unknown_owner_counts_as_not_asked_in_the_files_too(as_: Any, ward: Ward, many: Any) -> None:
    client = as_(ward.tess)
    seen = client.get(f"{URL}?owner=nobody&words=st")
    links = [link["href"] for link in page(seen).select(".lg-files a")]
    assert len(links) == 3 and all(link.endswith("?words=st") for link in links)
    told = squeezed(words_of(client.get(f"{URL}pdf/?owner=nobody").content))
    assert squeezed("All measures") in told and squeezed("8 of 8") in told


@pytest.mark.requirement("WM-05")
def test_a_draft_is_marked_on_the_pages_and_in_no_file(as_: Any, ward: Ward, many: Any) -> None:
    wall = reverse("measure_wall", args=["alder"])
    client = as_(ward.tess)
    for where in (URL, wall):
        assert "Draft" not in text(client.get(where))
    services.unpublish(measure=many["Stuck"], by=ward.tess)
    seen = client.get(URL)
    assert "Stuck Draft" in row_of(seen, "Stuck") and text(seen).count("Draft ") == 1
    assert "Drafts are left out." in text(seen)
    drawn = client.get(wall)
    titles = [" ".join(one.get_text(" ").split()) for one in page(drawn).select(".lg-wall__title")]
    assert "Stuck Draft" in titles and sum("Draft" in title for title in titles) == 1
    assert "Drafts are left out." in text(drawn)
    assert "Drafts" not in text(client.get(f"{URL}?words=Worse"))
    sheet = client.get(f"{URL}csv/").content.decode("utf-8-sig")
    assert [row["Measure"] for row in csv.DictReader(io.StringIO(sheet))] == [n for n in names(seen) if n != "Stuck"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}xlsx/").content))
    cells = [str(cell.value) for one in book for line in one.iter_rows() for cell in line]
    assert "Stuck" not in cells and "Worse" in cells and "Drafts: Not in this file" in cells
    told = squeezed(words_of(client.get(f"{URL}pdf/").content))
    assert squeezed("Stuck") not in told and squeezed("7 of 7") in told and squeezed("Not in this file") in told
    assert squeezed("No measures fit") in squeezed(words_of(client.get(f"{URL}pdf/?words=Stuck").content))


def test_nothing_yet_says_what_to_do(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    assert "No numbers yet" in text(client.get(URL)) and names(client.get(URL)) == ["Falls"]
    services.archive(measure=ward.falls, by=ward.tess)
    assert "No measures yet" in text(client.get(URL))


@pytest.mark.parametrize("language", ["en-gb", "cy"])
@pytest.mark.requirement("AMHE-34")
def test_table_chart_and_wall_agree(as_: Any, ward: Ward, many: Any, language: str) -> None:
    """Icons, words and lines of each row are those of the measure's own page."""
    waits = make(ward.team, ward.tess, **wait())
    enter(waits, ward.tess, months([{"value": f"{30 + at % 4}.5", "denominator": 40} for at in range(18)]))
    rare = make(ward.team, ward.tess, **named("Rare", kind="between", frequency="events", direction="up"))
    enter(rare, ward.tess, months([5, 9, 14, 3, 22, 8, 7, 30, 11, 6, 9, 12]))
    services.start_phase(measure=many["Worse"], starts_on=month(2025, 5), reason="New", by=ward.tess)
    with translation.override(language):
        rows = tables.table_of(ward.cast.alice, ward.cast.alder, Asked()).rows
        assert len(rows) == 11
        small = {view.spec.key: view for view in tables.charts_of(rows)}
        for row in rows:
            one = charting.Charted(row.measure, selectors.numbers_of(row.measure), selectors.beside(row.measure))
            view = charting.page_chart(one, way_of(row.measure.kind))
            assert view.words == row.view.words
            if row.newest is None:
                continue
            assert view.icons == row.view.icons == small[view.spec.key].icons
            ends = {"centre": "centre", "upper": "upper", "lower": "lower", "target": "target"}
            for end in view.spec.ends:
                assert row.view.brief.texts[ends[end.kind]] == end.number


@pytest.fixture
def small(ward: Ward) -> Measure:
    """The newest number is of 4 people, hidden in all charts and tables; 123 and 456 are rounded."""
    measure = make(ward.team, ward.tess, **percentage())
    enter(measure, ward.tess, months([(40 + at % 5, 80) for at in range(14)] + [(4, 37)]))
    return measure


@pytest.mark.requirement("WM-37")
def test_a_small_number_is_in_no_row_and_no_file(as_: Any, ward: Ward, small: Measure) -> None:
    client = as_(ward.tess)
    row = row_of(client.get(URL), "Seen within a week")
    assert "* Hidden: fewer than 8 people. March 2025" in row and "10.8" not in row and "11%" not in row
    sheet = client.get(f"{URL}csv/").content.decode("utf-8-sig")
    told = {row["Measure"]: row for row in csv.DictReader(io.StringIO(sheet))}["Seen within a week"]
    assert told["Newest number"] == "*" and told["Date of the newest number"] == "2025-03-01"
    book = client.get(f"{URL}xlsx/").content
    check_xlsx(book)
    cells = [cell.value for line in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0] for cell in line]
    assert "*" in cells
    shown = squeezed(words_of(client.get(f"{URL}pdf/").content))
    for found in (sheet, " ".join(map(str, cells)), shown):
        assert "10.8" not in found and "11%" not in found
    # Limits come from what is shown: the hidden point pulls nothing.
    result = tables.table_of(ward.tess, ward.cast.alder, Asked(words="Seen")).rows[0].result
    assert result.value[-1] != result.value[-1] and result.lcl[-1] > 30


def test_files_hold_the_rows_of_the_page_in_words(as_: Any, ward: Ward, many: Any) -> None:
    client = as_(ward.tess)
    query = "?assurance=fail"
    sheet = list(csv.DictReader(io.StringIO(client.get(f"{URL}csv/{query}").content.decode("utf-8-sig"))))
    assert len(sheet) == 1
    assert sheet[0] | {"What it shows": "", "How it was looked at": ""} == {
        "Measure": "Stuck", "Whose": str(ward.team), "Family": "Outcome", "Which way is better": "Lower is better",
        "Unit": "", "Date of the newest number": "2025-12-01", "Newest number": "40", "Average or median": "44.375",
        "Lower limit": sheet[0]["Lower limit"], "Upper limit": sheet[0]["Upper limit"], "Target": "10",
        "Variation": "Steady", "Will the target be met?": "Target not met without change", "Rule": "", "Since": "",
        "What it shows": "", "How it was looked at": "",
    }  # fmt: skip
    assert 10 < float(sheet[0]["Lower limit"]) < 45 < float(sheet[0]["Upper limit"])
    worse = client.get(f"{URL}xlsx/?words=Worse")
    lines = list(openpyxl.load_workbook(io.BytesIO(worse.content)).worksheets[0].iter_rows(values_only=True))
    told = dict(zip(lines[0], lines[1], strict=True))
    assert told["Rule"] == "8 points in a row above the average" and told["Since"].date() == month(2025, 5)
    assert isinstance(told["Lower limit"], float) and told["Newest number"] == 60
    assert client.get(f"{URL}doc/").status_code == 404


def test_what_is_written_like_a_formula_is_disarmed(as_: Any, ward: Ward) -> None:
    make(ward.team, ward.tess, **named('=HYPERLINK("http://evil.example")'))
    client = as_(ward.tess)
    assert "'=HYPERLINK" in client.get(f"{URL}csv/").content.decode()
    check_xlsx(client.get(f"{URL}xlsx/").content)


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_pdf_is_tagged_and_has_the_charts(as_: Any, ward: Ward, many: Any, language: str) -> None:
    client = as_(ward.tess)
    client.cookies["levelground_language"] = language
    response = client.get(f"{URL}pdf/?words=e")
    made = response.content
    assert response["Content-Type"] == "application/pdf" and made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made and b"<pdfuaid:part>1</pdfuaid:part>" in made
    rows = names(client.get(f"{URL}?words=e"))
    drawn = made.count(b"/S/Figure")
    assert drawn == len(rows) == 5
    if language == "en-gb":
        assert squeezed("Concern, upwards") in squeezed(words_of(made))
        assert squeezed("Target met at times") in squeezed(words_of(made))
    nothing = client.get(f"{URL}pdf/?words=nothing").content
    assert nothing.startswith(b"%PDF-") and b"/S/Figure" not in nothing


def test_the_table_of_a_network(as_: Any, ward: Ward) -> None:
    network, officer = ward.cast.network, ward.cast.nia
    enter(make(network, officer, **named("Of the network")), officer, months(STEADY * 2))
    client = as_(officer)
    url = reverse("network_measure_table", args=[network.slug])
    assert names(client.get(url)) == ["Of the network"]
    assert client.get(f"{url}pdf/").content.startswith(b"%PDF-")
    for name in ("network_measures", "network_measure_wall", "network_measure_table"):
        tabs = page(client.get(reverse(name, args=[network.slug]))).select(".lg-tabs a")
        assert [tab.get_text() for tab in tabs] == ["List", "Charts", "Table"]
        assert [tab["href"] for tab in tabs if tab.get("aria-current")] == [reverse(name, args=[network.slug])]


def test_the_table_costs_the_same_for_many(as_: Any, ward: Ward, query_budget: Any) -> None:
    client = as_(ward.tess)
    enter(ward.falls, ward.tess, months(STEADY))
    client.get(URL)
    with query_budget(25) as few:
        client.get(URL)
    for _ in range(4):
        made = make(TeamFactory(organisation=ward.cast.alder), ward.cast.alice)
        enter(made, ward.cast.alice, months(STEADY * 2))
    for _ in range(3):
        enter(make(ward.team, ward.tess), ward.tess, months(STEADY * 2))
    with query_budget(len(few)):
        assert len(names(client.get(URL))) == 4


@pytest.mark.requirement("AMHE-15")
def test_the_chart_as_a_picture_for_slides(as_: Any, ward: Ward) -> None:
    enter(ward.falls, ward.tess, months(STEADY * 2 + [3]))
    client = as_(ward.tess)
    seen = page(client.get(address("measure", ward.falls) + "?chart=run"))
    links = {link.get_text(): link["href"] for link in seen.select("figcaption a")}
    assert links["PNG"] == address("measure_picture_png", ward.falls) + "?chart=run"
    response = client.get(links["PNG"])
    assert response["Content-Type"] == "image/png" and "falls-chart.png" in response["Content-Disposition"]
    data = response.content
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR"
    assert int.from_bytes(data[16:20], "big") == 1920 and 840 < int.from_bytes(data[20:24], "big") < 1300
    assert client.get(address("measure_picture_png", ward.falls)).content != data


def test_control_characters_break_no_picture(as_: Any, ward: Ward) -> None:
    """Not even those that came into the database another way."""
    enter(ward.falls, ward.tess, months(STEADY))
    note = services.add_note(measure=ward.falls, on=month(2024, 3), text="new", by=ward.tess)
    Annotation.objects.filter(pk=note.pk).update(text="new\x0bward")
    Measure.objects.filter(pk=ward.falls.pk).update(name=Bilingual("Fa\x0blls", "Cwym\x0cpiadau"))
    client = as_(ward.tess)
    assert client.get(address("measure_picture_png", ward.falls)).content.startswith(b"\x89PNG")
    ET.fromstring(client.get(address("measure_picture", ward.falls)).content.decode())
    assert client.get(f"{URL}pdf/").content.startswith(b"%PDF-")
    check_xlsx(client.get(f"{URL}xlsx/").content)


def test_filters_name_every_group_once() -> None:
    assert [code for code, _words in VARIATIONS] == list(spc.VARIATIONS)
    assert [code for code, _words in ASSURANCES] == list(spc.ASSURANCES)
