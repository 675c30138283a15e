"""From a spreadsheet's paste to rows: what is understood, what is refused, and that nothing is guessed."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.measures.cells import Trouble, Unclear, read_day, read_number
from levelground.measures.paste import MAX_LINES, Layout, Line, Notice, understand, understand_lines

TODAY = dt.date(2026, 11, 22)
COUNT = Layout(whole=True, today=TODAY)
PERCENT = Layout(
    columns=("date", "numerator", "denominator"), alternative=("date", "value"), percent=True, part_of_whole=True,
    today=TODAY,
)  # fmt: skip
DAILY = Layout(by_month=False, today=TODAY)
GROUPED = Layout(groups={"welsh": "language/1:cy", "cy": "language/1:cy", "english": "language/1:en"}, today=TODAY)


def april(day: int = 1) -> dt.date:
    return dt.date(2025, 4, day)


@pytest.mark.parametrize(
    "text",
    [
        "1/4/2025", "01/04/2025", "1.4.2025", "1-4-25", "2025-04-01", "2025/04/01", "2025-04-01 00:00:00",
        "01/04/2025 00:00", "1 April 2025", "1st April 2025", "1 Ebrill 2025", "1af Ebrill 2025", "Tue 1 Apr 2025",
        "Maw 1 Ebrill 2025", "Apr 2025", "Apr-25", "apr 25", "Ebr-25", "April 2025", "Ebrill 2025",
        "2025-04", "04/2025", "4/2025", "45748", "\ufeff1/4/2025", "1\u00a0April\u00a02025", "17 April 2025",
    ],
)  # fmt: skip
def test_uk_dates_of_a_month(text: str) -> None:
    assert read_day(text, by_month=True) == april()


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", Trouble.NO_DATE), ("4/13/2025", Trouble.NOT_A_DATE), ("31/4/2025", Trouble.NOT_A_DATE),
        ("Total", Trouble.NOT_A_DATE), ("April", Trouble.YEAR_NEEDED), ("1 April", Trouble.YEAR_NEEDED),
        ("1/4", Trouble.YEAR_NEEDED), ("1/4/1066", Trouble.YEAR_OUT_OF_RANGE), ("00000", Trouble.YEAR_OUT_OF_RANGE),
        ("=TODAY()", Trouble.FORMULA), ("٠١/٠٤/٢٠٢٥", Trouble.NOT_A_DATE), ("Q1 2025/26", Trouble.NOT_A_DATE),
        ("x" * 500, Trouble.NOT_A_DATE),
    ],
)  # fmt: skip
def test_what_is_no_date(text: str, trouble: Trouble) -> None:
    with pytest.raises(Unclear) as refused:
        read_day(text, by_month=True)
    assert refused.value.trouble is trouble


def test_a_day_is_kept_where_days_count() -> None:
    assert read_day("3/4/2025", by_month=False) == april(3)
    with pytest.raises(Unclear) as refused:
        read_day("Apr 2025", by_month=False)
    assert refused.value.trouble is Trouble.DAY_NEEDED


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12", "12"), ("1,234", "1234"), ("1,234,567.5", "1234567.5"), ("1 234", "1234"), ("1\u202f234", "1234"),
        ("£1,234.50", "1234.5"), (".5", "0.5"), ("0.30000000000000004", "0.3"), (0.1 + 0.2, "0.3"), (12.0, "12"),
        (1e-9, "0"),
    ],
)  # fmt: skip
def test_numbers(text: object, wanted: str) -> None:
    assert read_number(text, percent=False, whole=False, negative=False) == (Decimal(wanted), False)


@pytest.mark.parametrize("text", ["", " ", "-", "–", "n/a", "N/A", "dim data", None])
def test_blanks(text: object) -> None:
    assert read_number(text, percent=False, whole=True, negative=False) == (None, False)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("1,23", Trouble.UNCLEAR_COMMA), ("1.234,5", Trouble.UNCLEAR_COMMA), ("12,3456", Trouble.UNCLEAR_COMMA),
        ("45%", Trouble.NOT_A_PERCENTAGE), ("twelve", Trouble.NOT_A_NUMBER), ("*", Trouble.HIDDEN_NUMBER),
        ("<5", Trouble.HIDDEN_NUMBER), ("-3", Trouble.NEGATIVE), ("−3", Trouble.NEGATIVE), ("1.5", Trouble.NOT_WHOLE),
        ("=1+1", Trouble.FORMULA), ("+3", Trouble.FORMULA), ("@SUM(A1)", Trouble.FORMULA),
        ("1e5", Trouble.NOT_A_NUMBER),
        ("nan", Trouble.NOT_A_NUMBER), ("inf", Trouble.NOT_A_NUMBER), (float("nan"), Trouble.NOT_A_NUMBER),
        (float("inf"), Trouble.NOT_A_NUMBER), ("1" + "0" * 9, Trouble.TOO_LARGE), (True, Trouble.NOT_A_NUMBER),
        ("<script>alert(1)</script>", Trouble.NOT_A_NUMBER), ("٣", Trouble.NOT_A_NUMBER), ("½", Trouble.NOT_A_NUMBER),
        (dt.date(2025, 1, 1), Trouble.NOT_A_NUMBER), ("9" * 101, Trouble.NOT_A_NUMBER),
    ],
)  # fmt: skip
def test_what_is_no_number(text: object, trouble: Trouble) -> None:
    with pytest.raises(Unclear) as refused:
        read_number(text, percent=False, whole=True, negative=False)
    assert refused.value.trouble is trouble


def test_a_plain_paste() -> None:
    found = understand("Apr 2025\t12\nMay 2025\t1,015\nJun 2025\t\n\nJul 2025\tn/a\n", COUNT)
    assert [(row.line, row.date.month, row.value) for row in found.rows] == [(1, 4, 12), (2, 5, 1015)]
    assert found.blank == 2 and found.bad == () and found.notices == frozenset()


def test_bad_rows_are_named_by_line_and_the_others_stay() -> None:
    found = understand("Month\tFalls\nApr 2025\t12\nMai 2025\ttwo\nApr 2025\t13\nTotal\t25\nJun 2027\t3", COUNT)
    assert [(bad.line, bad.trouble, bad.detail) for bad in found.bad] == [
        (3, Trouble.NOT_A_NUMBER, "two"), (4, Trouble.REPEATED, "2"), (5, Trouble.NOT_A_DATE, "Total"),
        (6, Trouble.FUTURE, "Jun 2027"),
    ]  # fmt: skip
    assert found.bad[0].text == "Mai 2025 · two"
    assert [row.value for row in found.rows] == [12] and Notice.HEADINGS in found.notices


def test_parts_and_wholes() -> None:
    found = understand("Apr 2025\t45\t90\nMay 2025\t45%\nJun 2025\t9\t5\nJul 2025\t3\t\nAug 2025\t101%", PERCENT)
    assert [(row.numerator, row.denominator, row.value) for row in found.rows] == [(45, 90, None), (None, None, 45)]
    assert [bad.trouble for bad in found.bad] == [Trouble.PART_OVER_WHOLE, Trouble.HALF, Trouble.OVER_HUNDRED]


def test_headings_in_any_order_and_unknown_columns() -> None:
    found = understand("Enwadur\tNodiadau\tMis\tRhifiadur\n90\tdim\tEbrill 2025\t45", PERCENT)
    assert (found.rows[0].numerator, found.rows[0].denominator) == (45, 90)
    assert found.unknown_columns == ("Nodiadau",) and Notice.UNKNOWN_COLUMNS in found.notices


def test_fractions_of_a_spreadsheet_are_percentages_and_said_so() -> None:
    found = understand("Apr 2025\t0.45\nMay 2025\t1\nJun 2025\t0", PERCENT)
    assert [row.value for row in found.rows] == [45, 100, 0] and Notice.FRACTIONS in found.notices
    found = understand("Apr 2025\t0.45\nMay 2025\t45", PERCENT)
    assert [row.value for row in found.rows] == [Decimal("0.45"), 45] and not found.notices
    found = understand("Apr 2025\t0.45\nMay 2025\t45%", PERCENT)
    assert [row.value for row in found.rows] == [45] and found.bad[0].trouble == Trouble.MIXED_FRACTION


def test_groups_in_a_column_or_as_columns() -> None:
    found = understand("Month\tGroup\tNumber\nApr 2025\tWelsh\t3\nApr 2025\tAll\t9\nApr 2025\tKlingon\t1", GROUPED)
    assert [(row.group, row.value) for row in found.rows] == [("language/1:cy", 3), ("", 9)]
    assert found.bad[0].trouble is Trouble.UNKNOWN_GROUP and found.bad[0].detail == "Klingon"
    found = understand("Month,Welsh,English,Total\nApr 2025,3,6,9\nMay 2025,,4,\n", GROUPED)
    assert [(row.date.month, row.group, row.value) for row in found.rows] == [
        (4, "language/1:cy", 3), (4, "language/1:en", 6), (4, "", 9), (5, "language/1:en", 4),
    ]  # fmt: skip
    found = understand("Month,Welsh,CY\nApr 2025,3,6", GROUPED)
    assert found.rows == () and found.bad[0].trouble is Trouble.REPEATED


def test_a_line_with_too_many_cells_is_not_guessed_at() -> None:
    found = understand('Apr 2025,1,234\nMay 2025,"1,234"', COUNT)
    assert found.bad[0].trouble is Trouble.TOO_MANY_CELLS
    assert found.rows[0].value == 1234


def test_an_open_quote_harms_its_own_line_only() -> None:
    found = understand('Apr 2025\t"12\nMay 2025\t13\nJun 2025\t14', COUNT)
    assert [row.value for row in found.rows] == [12, 13, 14]


def test_formulas_of_a_file_are_refused_by_line() -> None:
    lines = [Line(1, [dt.date(2025, 4, 9), 12.0]), Line(2, [dt.datetime(2025, 5, 1), 13.0], frozenset({1}))]
    found = understand_lines(lines, COUNT)
    assert [(row.date, row.value) for row in found.rows] == [(april(), 12)]
    assert (found.bad[0].line, found.bad[0].trouble) == (2, Trouble.FORMULA)


def test_a_paste_that_is_too_long_says_so() -> None:
    first = dt.date(1990, 1, 1)
    text = "\n".join(f"{first + dt.timedelta(days=n)}\t1" for n in range(MAX_LINES + 5))
    found = understand(text, DAILY)
    assert len(found.rows) == MAX_LINES and Notice.TOO_LONG in found.notices


def test_nothing_at_all() -> None:
    assert understand(" \n\t\n", COUNT).rows == ()
    assert understand("Month\tNumber", COUNT).rows == ()


@given(st.text(alphabet=st.sampled_from("0123456789/.-,;\t\n\"' %£*=+AprMaiGroupMonth\x00\u202e\u00e9"), max_size=300))
def test_any_text_is_answered_line_by_line(text: str) -> None:
    for layout in (COUNT, PERCENT, GROUPED, DAILY):
        found = understand(text, layout)
        lines = len(text.replace("\r", "\n").split("\n"))
        assert all(1 <= one.line <= lines for one in (*found.rows, *found.bad))
        assert len({(row.date, row.group) for row in found.rows}) == len(found.rows)
        assert all(row.date <= TODAY for row in found.rows)


@given(st.text(max_size=60))
def test_any_cell_is_read_or_refused(text: str) -> None:
    for percent in (True, False):
        try:
            number, _signed = read_number(text, percent=percent, whole=False, negative=True)
            assert number is None or number.is_finite()
        except Unclear:
            pass
    with contextlib.suppress(Unclear):
        assert 1990 <= read_day(text, by_month=False).year <= 2099


@given(
    st.dictionaries(st.dates(dt.date(1990, 1, 1), TODAY), st.decimals(0, 10**8, places=2), min_size=1, max_size=30),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%y"]),
    st.sampled_from(["{:,.2f}", "{:.2f}", "£{:,.2f}"]),
    st.sampled_from(["\t", ";"]),
)
def test_what_is_written_is_read_back(
    points: dict[dt.date, Decimal], date_format: str, number_format: str, mark: str
) -> None:
    if "%y" in date_format:
        points = {day: value for day, value in points.items() if day.year >= 2000}
    text = "\n".join(f"{day.strftime(date_format)}{mark}{number_format.format(value)}" for day, value in points.items())
    found = understand(text, DAILY)
    assert found.bad == () and {row.date: row.value for row in found.rows} == points


def test_lines_that_begin_with_a_cross_are_remarks() -> None:
    """Our own files end with their source; a semicolon in it does not cut the other lines."""
    found = understand("# Made for us\nApr 2025,12\nMay 2025,14\n# Source: the ward; the clerk", COUNT)
    assert [(row.line, row.value) for row in found.rows] == [(2, 12), (3, 14)] and not found.bad


AVERAGE = Layout(columns=("date", "value", "denominator"), headings={"days": "value", "people": "value"}, today=TODAY)


def test_a_heading_may_be_the_measures_own_word() -> None:
    found = understand("Month\tDays\tOut of\n1/4/2024\t32.5\t1,040\n", AVERAGE)
    assert not found.bad and found.rows[0].value == Decimal("32.5") and found.rows[0].denominator == 1040
    found = understand("Month\tPeople\tOut of\n1/4/2024\t32\t40\n", AVERAGE)  # its own word comes first
    assert found.rows[0].value == 32 and found.rows[0].denominator == 40


def test_the_one_heading_that_is_left_is_the_one_column_that_is_missing() -> None:
    found = understand("Month\tMedian wait in the team\tOut of\n1/4/2024\t32\t40\n", AVERAGE)
    assert found.rows[0].value == 32 and found.columns == ("Month", "Median wait in the team", "Out of")
    two = understand("Month\tThis\tThat\tOut of\n1/4/2024\t32\t33\t40\n", AVERAGE)
    assert not two.rows and two.bad[0].trouble == Trouble.NO_VALUE and two.unknown_columns == ("This", "That")
