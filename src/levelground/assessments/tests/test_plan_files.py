"""The action plan to take away: three files with one content, that of the page."""

import datetime as dt
import io

import docx
import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from levelground.assessments import services
from levelground.assessments.models import Action
from levelground.assessments.plan_files import plan_file
from levelground.assessments.plan_rows import due_words, grouped, plan_rows
from levelground.assessments.plan_selectors import Asked
from levelground.assessments.plan_selectors import plan as planned
from levelground.foundation.exports.safe_xlsx import formula_cells
from levelground.foundation.exports.tests.pdf_text import squeezed, words_of
from levelground.foundation.exports.text import as_typed
from levelground.frameworks.selectors import tree

URL = "/o/alder/workbook/mark/plan/download/"


def plan(cast, code, title, **more):
    indicator = tree(cast.version).indicator(code)[1] if code else None
    return services.create_action(workbook=cast.workbook, indicator=indicator, title=title, by=cast.alice, **more)


@pytest.fixture
def actions(cast):
    """Four open actions and one that is done."""
    return [
        plan(cast, "2.1.1", "=HYPERLINK(1) train everyone", owner=cast.carys, due_on=dt.date(2020, 1, 31)),
        plan(cast, "1.1.2", "Write the policy", due_on=dt.date(2099, 5, 14), priority="high"),
        plan(cast, "1.1.2", '#read("x") talk *about* it <b>', owner=cast.alice, due_on=dt.date(2099, 1, 1)),
        plan(cast, None, "Meet as a board"),
        services.move_action(action=plan(cast, "1.1.1", "Long done"), to="done", text="All told", by=cast.alice),
    ]


BY_STANDARD = Asked(group="standard")
ALL = Asked(show="all", group="standard")


def rows_of(cast, asked=BY_STANDARD):
    return plan_rows(planned(cast.workbook, asked), cast.workbook)


def words(row):
    """What every file must say of an action."""
    return [str(row.number), row.title, row.code, row.indicator, row.owner, row.priority, row.status, row.note]


def test_rows_follow_the_framework_and_carry_their_newest_note(cast, actions):
    services.note_on_action(action=actions[1], text="First draft", by=cast.alice)
    services.note_on_action(action=actions[1], text="Second draft", by=cast.carys)
    rows = rows_of(cast)
    assert [(row.code, row.title) for row in rows] == [
        ("1.1.2", '#read("x") talk *about* it <b>'),
        ("1.1.2", "Write the policy"),
        ("2.1.1", "=HYPERLINK(1) train everyone"),
        ("", "Meet as a board"),
    ]
    assert (rows[1].note, rows[1].theme, rows[1].standard) == ("Second draft", "1 Theme 1", "1.1 Standard 1.1")
    assert [row.overdue for row in rows] == [False, False, True, False]
    closed = rows_of(cast, ALL)
    assert (closed[0].title, closed[0].status, closed[0].note) == ("Long done", "Done", "All told")
    assert len(closed) == Action.objects.filter(workbook=cast.workbook).count()


def test_groups_name_each_heading_once(cast, actions):
    headings = [names for names, _rows in grouped(rows_of(cast), "standard")]
    assert headings == [
        ["A Area", "1 Theme 1", "1.1 Standard 1.1"],
        ["", "2 Theme 2", "2.1 Standard 2.1"],
        ["The whole organisation", "", ""],
    ]


def test_two_owners_of_one_name_have_a_group_each(cast):
    cast.carys.name = cast.alice.name
    cast.carys.save()
    for owner in (cast.carys, cast.alice, cast.carys, None):
        plan(cast, None, "Something", owner=owner)
    groups = list(grouped(rows_of(cast, Asked(group="owner")), "owner"))
    assert [(names, len(rows)) for names, rows in groups] in (
        [(["Alice Lead"], 2), (["Alice Lead"], 1), (["Nobody yet"], 1)],
        [(["Alice Lead"], 1), (["Alice Lead"], 2), (["Nobody yet"], 1)],
    )


@pytest.mark.requirement("MQM-12", "MQM-19")
@pytest.mark.parametrize("language", ["en-gb", "cy"])
@pytest.mark.parametrize("asked", [BY_STANDARD, ALL])
def test_the_spreadsheet_holds_the_rows(cast, actions, language, asked):
    with translation.override(language):
        rows = rows_of(cast, asked)
        data = plan_file(cast.workbook, "xlsx", asked=asked)[0]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    found = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert len(found) == len(rows) == (5 if asked == ALL else 4)
    for line, row in zip(found, rows, strict=True):
        texts = [as_typed(str(cell or "")) for cell in line]
        assert [texts[n] for n in (0, 1, 2, 3, 4, 7, 8, 9)] == words(row)
        assert (line[5].date() if line[5] else None) == row.due_on
        assert texts[11:] == [row.theme, row.standard, row.source]
    assert formula_cells(data) == set()


@pytest.mark.requirement("MQM-12", "MQM-19")
@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_word_file_holds_the_rows(cast, actions, language):
    with translation.override(language):
        rows = rows_of(cast)
        document = docx.Document(io.BytesIO(plan_file(cast.workbook, "docx", asked=BY_STANDARD)[0]))
        dues = [due_words(row) for row in rows]
    cells = [[cell.text for cell in line.cells] for table in document.tables for line in table.rows[1:]]
    assert len(cells) == len(rows)
    for line, row, due in zip(cells, rows, dues, strict=True):
        assert (line[0], line[1], line[4], line[5], line[6], line[7]) == (
            str(row.number), row.title, due, row.priority, row.status, row.note,
        )  # fmt: skip
        assert f"{row.code} {row.indicator}".strip() in line[2]
        assert row.owner in line[3]
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert {row.standard for row in rows} - {""} <= set(headings)


@pytest.mark.requirement("MQM-12", "MQM-19")
@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_pdf_holds_the_rows(cast, actions, language):
    with translation.override(language):
        rows = rows_of(cast)
        data = plan_file(cast.workbook, "pdf", asked=BY_STANDARD)[0]
        dues = [due_words(row) for row in rows]
    text = words_of(data)
    for row, due in zip(rows, dues, strict=True):
        for word in [*words(row), due, row.area, row.theme, row.standard]:
            assert squeezed(word) in text
    assert "Longdone" not in text
    assert f"/Lang({'cy' if language == 'cy' else 'en'}".encode() in data.replace(b" ", b"")


def test_a_plan_without_actions_says_so(cast):
    assert "Noactionfits" in words_of(plan_file(cast.workbook, "pdf")[0])
    assert len(docx.Document(io.BytesIO(plan_file(cast.workbook, "docx")[0])).tables) == 0
    assert openpyxl.load_workbook(io.BytesIO(plan_file(cast.workbook, "xlsx")[0])).worksheets[0].max_row == 1


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf"])
def test_downloads_are_for_those_who_see_the_workbook(cast, actions, client, kind):
    for person, status in ((cast.alice, 200), (cast.tomos, 200), (cast.bob, 404), (cast.zed, 404), (cast.olga, 404)):
        client.force_login(person)
        assert client.get(f"{URL}{kind}/").status_code == status
    client.force_login(cast.alice)
    disposition = client.get(f"{URL}{kind}/")["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert f".{kind}" in disposition


def test_only_known_kinds_are_made(cast, client):
    client.force_login(cast.alice)
    assert client.get(f"{URL}exe/").status_code == 404


PAGE = "/o/alder/workbook/mark/plan/"
QUERIES = [
    "", "show=all", "show=closed", "owner=me", "due=overdue", "due=undated", "priority=high", "where=theme-2",
    "where=whole", "words=policy", "group=standard", "group=owner", "show=all&group=owner", "view=board",
    "view=board&owner=me", "source=review",
]  # fmt: skip


def _screen(response):
    """The page's groups in order: (headings in sight, titles)."""
    page = BeautifulSoup(response.content, "html.parser")
    found, headings = [], {}
    for part in page.select("main h2, main h3, main h4, [data-action]"):
        if part.name.startswith("h"):
            level = int(part.name[1])
            headings = {n: text for n, text in headings.items() if n < level}
            headings[level] = "".join(part.find_all(string=True, recursive=False)).strip()
        else:
            title = part.select_one("th a, .lg-board__what a").get_text()
            found.append((tuple(headings.values()), title))
    return found


def _word(data):
    """The document's rows in order: (headings in sight, title)."""
    document, found, headings = docx.Document(io.BytesIO(data)), [], {}
    tables = {table._tbl: table for table in document.tables}
    for block in document.element.body:
        if block in tables:
            found += [(tuple(headings.values()), line.cells[1].text) for line in tables[block].rows[1:]]
        elif block.tag.endswith("}p"):
            paragraph = docx.text.paragraph.Paragraph(block, document)
            if paragraph.style.name.startswith("Heading"):
                level = int(paragraph.style.name.split()[-1])
                headings = {n: text for n, text in headings.items() if n < level}
                headings[level] = paragraph.text
    return found


@pytest.mark.requirement("MQM-19")
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_file_holds_what_is_on_the_screen(cast, actions, client, query, language):
    """The same actions, under the same headings, in the same order; in the language that was chosen for the file."""
    services.move_action(action=actions[1], to="in_progress", by=cast.alice)
    client.force_login(cast.alice)
    client.cookies["levelground_language"] = "cy" if language == "cy" else "en-gb"
    shown = _screen(client.get(f"{PAGE}?{query}"))
    client.cookies["levelground_language"] = "en-gb" if language == "cy" else "cy"
    ask = f"?{query}&in={language}"
    assert _word(client.get(f"{URL}docx/{ask}").content) == shown
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}xlsx/{ask}").content)).worksheets[0]
    assert [as_typed(line[1].value) for line in sheet.iter_rows(min_row=2)] == [title for _names, title in shown]
    text = words_of(client.get(f"{URL}pdf/{ask}").content)
    places = [text.find(squeezed(title)) for _names, title in shown]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.requirement("MQM-19")
def test_the_page_offers_each_file_in_both_languages_as_it_is_asked(cast, actions, client):
    client.force_login(cast.alice)
    page = BeautifulSoup(client.get(f"{PAGE}?owner=me&group=owner").content, "html.parser")
    links = [a["href"] for a in page.select(".lg-files a")]
    assert links == [
        f"{URL}{kind}/?owner=me&group=owner&in={language}"
        for kind in ("pdf", "docx", "xlsx")
        for language in ("en", "cy")
    ]
    welsh = openpyxl.load_workbook(io.BytesIO(client.get(links[-1]).content))
    assert "Cam gweithredu" in [cell.value for cell in welsh.worksheets[0][1]]
    assert any("Alice Lead" in str(line[0].value) for line in welsh.worksheets[1].iter_rows())


def test_an_unknown_language_of_a_file_is_that_of_the_page(cast, actions, client):
    client.force_login(cast.alice)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}xlsx/?in=xx").content)).worksheets[0]
    assert sheet["B1"].value == "Action"


def test_queries_do_not_grow_with_the_actions(cast, actions, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        rows_of(cast)
