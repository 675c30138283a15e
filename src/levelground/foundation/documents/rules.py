"""Pure rules about documents: how fresh one is, and what it may be called."""

import calendar
import datetime as dt
import re
import unicodedata
from enum import StrEnum
from pathlib import PurePosixPath

EXPIRING_DAYS = 30
STALE_MONTHS = 12
MAX_NAME = 150


class Freshness(StrEnum):
    FRESH = "fresh"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    STALE = "stale"
    UNDATED = "undated"


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month ``months`` earlier, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def freshness(
    document_date: dt.date | None,
    expires_on: dt.date | None,
    today: dt.date,
    *,
    stale_months: int = STALE_MONTHS,
    expiring_days: int = EXPIRING_DAYS,
) -> Freshness:
    """How fresh a document is on ``today``. A known expiry date decides; without one, its age does.

    A document is expired from the day after ``expires_on``, and stale when it is dated more than ``stale_months`` ago.
    """
    if expires_on is not None:
        if expires_on < today:
            return Freshness.EXPIRED
        return Freshness.EXPIRING if (expires_on - today).days <= expiring_days else Freshness.FRESH
    if document_date is None:
        return Freshness.UNDATED
    return Freshness.STALE if document_date < months_before(today, stale_months) else Freshness.FRESH


def safe_filename(name: str) -> tuple[str, str]:
    """The name without folders, control or direction characters, and its extension in lower case without the dot."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    name = re.sub(r'[<>:"|?*\s]+', " ", name).strip(" .")
    path = PurePosixPath(name or "document")
    extension = path.suffix[1:].strip().lower()
    stem = (path.stem if extension else name).strip(" .")[:MAX_NAME].strip(" .") or "document"
    return (f"{stem}.{extension}" if extension else stem), extension
