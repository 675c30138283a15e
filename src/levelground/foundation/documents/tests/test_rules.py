import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.foundation.documents.rules import Freshness, freshness, months_before, safe_filename

TODAY = dt.date(2027, 5, 14)
DAY = dt.timedelta(days=1)


@pytest.mark.requirement("MQM-26")
@pytest.mark.parametrize(
    ("dated", "expires", "expected"),
    [
        (None, None, Freshness.UNDATED),
        (TODAY, None, Freshness.FRESH),
        (dt.date(2026, 5, 14), None, Freshness.FRESH),
        (dt.date(2026, 5, 13), None, Freshness.STALE),
        (None, TODAY - DAY, Freshness.EXPIRED),
        (None, TODAY, Freshness.EXPIRING),
        (None, TODAY + 30 * DAY, Freshness.EXPIRING),
        (None, TODAY + 31 * DAY, Freshness.FRESH),
        (dt.date(2020, 1, 1), TODAY + 200 * DAY, Freshness.FRESH),
        (TODAY, TODAY - DAY, Freshness.EXPIRED),
    ],
)
def test_freshness(dated: dt.date | None, expires: dt.date | None, expected: Freshness) -> None:
    assert freshness(dated, expires, TODAY) is expected


def test_the_limits_can_be_set() -> None:
    assert freshness(dt.date(2027, 1, 1), None, TODAY, stale_months=3) is Freshness.STALE
    assert freshness(None, TODAY + 50 * DAY, TODAY, expiring_days=60) is Freshness.EXPIRING


def test_months_before_a_leap_day() -> None:
    assert months_before(dt.date(2028, 2, 29), 12) == dt.date(2027, 2, 28)
    assert months_before(dt.date(2027, 1, 31), 2) == dt.date(2026, 11, 30)
    assert months_before(dt.date(2027, 1, 31), 1) == dt.date(2026, 12, 31)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2200, 1, 1)), st.integers(0, 240))
def test_months_before_goes_back_by_whole_months(day: dt.date, months: int) -> None:
    back = months_before(day, months)
    assert (day.year * 12 + day.month) - (back.year * 12 + back.month) == months
    assert back.day <= day.day


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Strategic plan.PDF", ("Strategic plan.pdf", "pdf")),
        ("C:\\Users\\a\\plan.pdf", ("plan.pdf", "pdf")),
        ("../../etc/passwd", ("passwd", "")),
        ("a\r\nSet-Cookie: x.pdf", ("aSet-Cookie x.pdf", "pdf")),
        ("annual\u202efdp.exe", ("annualfdp.exe", "exe")),
        (".pdf", ("pdf", "")),
        ("", ("document", "")),
        ("polisi diogelu ŵ.docx", ("polisi diogelu ŵ.docx", "docx")),
        ('we"ird<name>|?.txt', ("we ird name.txt", "txt")),
        ("x" * 300 + ".pdf", ("x" * 150 + ".pdf", "pdf")),
    ],
)
def test_file_names_are_made_safe(given_name: str, expected: tuple[str, str]) -> None:
    assert safe_filename(given_name) == expected


@given(st.text(max_size=300))
def test_any_name_becomes_harmless(name: str) -> None:
    safe, extension = safe_filename(name)
    assert safe
    assert not set(safe) & set('/\\\r\n\t\0"<>|')
    assert not safe.startswith(".")
    assert extension == "" or safe.endswith(f".{extension}")
