"""Returns to take away."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.exports.safe_xlsx import check_xlsx, formula_cells
from levelground.foundation.exports.tests.pdf_text import squeezed, words_of
from levelground.returns import services
from levelground.returns.models import ReturnEdition
from levelground.returns.return_files import return_file
from levelground.returns.services import Chosen

from .conftest import Year

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://evil.example")'


def cells(data: bytes, sheet: int = 0) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [[cell.value for cell in line] for line in book.worksheets[sheet].iter_rows()]


@pytest.fixture
def sent(july: Year):
    services.add_figure(
        framework=july.framework, label=Bilingual("Money", "Arian"), kind="money", required=False, by=july.cast.nia
    )
    return july.send(
        values={"people_reached": Decimal(1234), "money": Decimal("12.5")}, significant_change=True,
        description=FORMULA, chosen=[Chosen("1.1.1", True, FORMULA)],
    )  # fmt: skip


@pytest.mark.requirement("MQM-32")
def test_the_pdf_says_what_was_sent(july: Year, sent, client) -> None:
    client.force_login(july.cast.alice)
    response = client.get(f"/returns/{sent.public_id}/download/pdf/")
    assert response["Content-Type"] == "application/pdf"
    words = words_of(response.content)
    for wanted in ("Alice Lead", sent.public_id, "1,234", "£12.50", "1.1.1", "Sent on time"):
        assert squeezed(wanted) in words, wanted
    edition = ReturnEdition.objects.get()
    with translation.override("cy"):
        assert squeezed("Pobl a gyrhaeddwyd") in words_of(return_file(sent, edition, "pdf")[0])


def test_the_spreadsheet_holds_numbers_as_numbers_and_runs_nothing(july: Year, sent, client) -> None:
    client.force_login(july.cast.nia)
    data = client.get(f"/returns/{sent.public_id}/download/xlsx/").content
    check_xlsx(data)
    assert formula_cells(data) == set()
    assert cells(data)[1:] == [["People reached", 1234], ["Money", 12.5]]
    assert cells(data, 1)[1][0] == "1.1.1"
    assert cells(data, 1)[1][5] == f"'{FORMULA}"


def test_there_are_two_kinds_of_files(july: Year, sent, client) -> None:
    client.force_login(july.cast.alice)
    assert client.get(f"/returns/{sent.public_id}/download/docx/").status_code == 404
    assert client.get(f"/returns/{sent.public_id}/download/pdf/?edition=2").status_code == 404


@pytest.mark.requirement("MQM-34")
def test_the_networks_list_as_a_spreadsheet(july: Year, sent, client) -> None:
    july.cast.birch.name = Bilingual(FORMULA, FORMULA)
    july.cast.birch.save()
    client.force_login(july.cast.nia)
    data = client.get("/n/north/returns/download/").content
    check_xlsx(data)
    assert formula_cells(data) == set()
    rows = cells(data)
    assert len(rows) == 1 + 8
    assert rows[0][-2:] == ["People reached", "Money (£)"]
    assert (rows[1][3:6], rows[1][8:]) == (["2026–27", 1, "Sent on time"], ["Yes", 1234, 12.5])
    assert (rows[5][0], rows[5][5], rows[5][8:]) == (f"'{FORMULA}", "To do", [None, None, None])
    few = cells(client.get("/n/north/returns/download/?state=waiting&quarter=1").content)
    assert len(few) == 1 + 4


def test_the_list_of_many_members_asks_in_portions(july: Year, sent, client, query_budget) -> None:
    client.force_login(july.cast.nia)
    with query_budget(25):
        client.get("/n/north/returns/download/")
