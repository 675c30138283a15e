"""What members often say "not yet" of, by indicator and over the years; and the lists as spreadsheets."""

import io

import openpyxl
import pytest

from levelground.assessments import services as assessments
from levelground.cycles import network_gaps, network_words, services
from levelground.cycles.models import IndicatorTally
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.frameworks.models import Indicator
from levelground.frameworks.selectors import tree
from tests.factories import MembershipFactory, UserFactory

from .network_ways import at, join, put
from .ways import DAY, add_documents, make_cycle, of, send, sign

pytestmark = pytest.mark.django_db


def say(book, code, value, by):
    indicator = next(one for one in tree(book.version).indicators if one.code == code)
    assessments.save_answer(workbook=book, indicator=indicator, value=value, by=by, reason="Because")


def send_with(cycle, member, book, lead, trustee, gaps):
    """Send a snapshot in which these indicators are not yet met."""
    for indicator in tree(book.version).indicators:
        say(book, indicator.code, "not_yet" if indicator.code in gaps else "met", lead)
    row = of(cycle, member)
    add_documents(row, lead)
    return services.submit(submission=sign(of(cycle, member), trustee), by=lead)


@pytest.fixture
def sent(year):
    """Alder lacks three things and Birch one of them."""
    trustee = UserFactory(name="Trustee of Birch")
    MembershipFactory(user=trustee, role="sign_off", organisation=year.birch)
    send_with(year.cycle, year.alder, year.workbook, year.alice, year.tomos, {"1.1.1", "1.1.2", "2.1.3"})
    send_with(year.cycle, year.birch, year.birch_workbook, year.bob, trustee, {"1.1.2"})
    return year


@pytest.mark.requirement("MQM-38")
def test_the_most_frequent_gap_comes_first_with_its_counts(client, sent, query_budget):
    client.force_login(sent.nia)
    with query_budget(25):
        text = client.get(at(sent.cycle, "network_cycle_gaps")).content.decode()
    table = text.split("<tbody")[1].split("</tbody>")[0]
    assert [table.index(code) for code in ("1.1.2", "1.1.1", "2.1.3")] == sorted(
        table.index(code) for code in ("1.1.2", "1.1.1", "2.1.3")
    )
    assert "<b>2</b> of 2 (100%)" in table and "<b>1</b> of 2 (50%)" in table and "1.1.3" not in table
    assert "organisations, never people" in text


def test_a_theme_narrows_it_and_nonsense_does_not(client, sent):
    client.force_login(sent.nia)
    address = at(sent.cycle, "network_cycle_gaps")
    only = client.get(f"{address}?theme=2&show=all").content.decode().split("<tbody")[1].split("</tbody>")[0]
    assert "2.1.3" in only and "1.1.2" not in only
    for nonsense in ("?theme=zzz", "?theme=<script>", "?theme=" + "9" * 3000):
        text = client.get(address + nonsense).content.decode()
        assert "1.1.2" in text and "<script>" not in text.split("<main")[1]


def test_it_is_one_read_however_many_members(sent, query_budget):
    with query_budget(1):
        found = network_gaps.indicators(sent.cycle)
    assert found[0].not_yet == 2 and len(found) == 6


def test_what_was_withdrawn_does_not_count(client, sent):
    services.withdraw(submission=of(sent.cycle, sent.birch), by=sent.nia, reason="Merged")
    assert IndicatorTally.objects.get(cycle=sent.cycle, indicator__code="1.1.2").not_yet == 1
    client.force_login(sent.nia)
    assert "<b>1</b> of 1 (100%)" in client.get(at(sent.cycle, "network_cycle_gaps")).content.decode()


@pytest.mark.requirement("MQM-38")
def test_themes_stand_beside_each_other_over_the_years(client, sent, query_budget):
    with clock.at(clock.now() + 300 * DAY):
        following = make_cycle(sent.cast, year=sent.cycle.year + 1)
        send_with(following, sent.alder, sent.workbook, sent.alice, sent.tomos, {"2.1.1"})
        years, themes = network_gaps.over_the_years(following)
        assert years == [sent.cycle.year, following.year]
        first, second = themes
        assert [(one.not_yet, one.members) for one in first.shares] == [(2, 2), (0, 1)]
        assert [(one.not_yet, one.members) for one in second.shares] == [(1, 2), (1, 1)]
    client.force_login(sent.nia)
    with query_budget(25):
        text = client.get(at(following, "network_cycle_gaps")).content.decode()
    assert "2 of 2 (100%)" in text and "0 of 1 (0%)" in text
    # An earlier year does not know of a later one.
    assert network_gaps.over_the_years(sent.cycle)[0] == [sent.cycle.year]


def test_before_anything_was_sent_the_page_says_so(client, year):
    client.force_login(year.nia)
    assert "No snapshot has come yet" in client.get(at(year.cycle, "network_cycle_gaps")).content.decode()


# Spreadsheets --------------------------------------------------------------------------------------------------------


def book_of(response):
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(response.content))


def test_the_list_as_a_spreadsheet_holds_what_the_page_narrows_to(client, year):
    put(year.cycle, join(year.network, "zeta", region="Powys"), "accepted", late=True)
    send(year.row(), year.alice, year.tomos)
    client.force_login(year.nia)
    sheet = book_of(client.get(at(year.cycle, "network_cycle_download"))).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    rows = {row[0].value: dict(zip(heads, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(2)}
    assert len(rows) == 3 and rows["zeta"]["Sent late"] == "yes" and rows["zeta"]["Region"] == "Powys"
    alder = rows[year.alder.name.en]
    live = ("Answered", "Indicators", "Not yet, without an action", "Documents missing")
    assert alder["State"] == "Sent" and [alder[name] for name in live] == [None] * 4, "the page shows none of it either"
    assert [rows[year.birch.name.en][name] for name in live] == [0, 6, 0, 5]
    assert alder["Receipt"] == year.row().receipt_number
    narrowed = client.get(at(year.cycle, "network_cycle_download") + "?show=late&region=Powys&page=7")
    found = book_of(narrowed)
    assert [row[0].value for row in found.worksheets[0].iter_rows(2)] == ["zeta"]
    assert "Sent late; Powys" in "".join(str(row[0].value) for row in found.worksheets[1].iter_rows())


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_name_is_ever_worked_out(client, year, name):
    member = join(year.network, "evil", region="=2+2")
    member.name = Bilingual(name, "")
    member.save()
    client.force_login(year.nia)
    sheet = book_of(client.get(at(year.cycle, "network_cycle_download") + "?q=evil")).worksheets[0]
    (row,) = sheet.iter_rows(2)
    assert row[0].data_type == row[2].data_type == "s"
    assert row[0].value.startswith("'") and row[2].value == "'=2+2"


def test_the_gaps_as_a_spreadsheet(client, sent):
    client.force_login(sent.nia)
    found = book_of(client.get(at(sent.cycle, "network_cycle_gaps_download")))
    indicators, themes = found.worksheets[0], found.worksheets[1]
    rows = [[cell.value for cell in row] for row in indicators.iter_rows(2)]
    assert rows[0][0] == "1.1.2" and rows[0][4:] == [2, 0, 0, 2] and len(rows) == 6
    assert [cell.value for cell in themes[2]][2:] == [2, 2]
    narrowed = book_of(client.get(at(sent.cycle, "network_cycle_gaps_download") + "?theme=2")).worksheets[0]
    assert {row[0].value.split(".")[0] for row in narrowed.iter_rows(2)} == {"2"}


def test_a_long_list_takes_no_query_per_member(client, year, query_budget):
    client.force_login(year.nia)
    address = at(year.cycle, "network_cycle_download")
    client.get(address)
    with query_budget(25) as few:
        client.get(address)
    for number in range(58):
        join(year.network, f"member {number}")
    with query_budget(len(few)):
        client.get(address)


def test_the_bar_begins_with_not_yet_and_gives_no_colour_to_met():
    drawn = network_words.tally_bar(IndicatorTally(indicator=Indicator(code="1.1"), met=15, not_yet=17))
    assert "Other answers: 15" in drawn and "Met" not in drawn
    assert drawn.index("Not yet") < drawn.index("Other answers")
