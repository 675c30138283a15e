"""The spreadsheet's layout, shared by its reader and its writer: one row per indicator, one sheet for the head."""

from dataclasses import dataclass
from typing import Any

from .problems import Path

FRAMEWORK, INDICATORS, HOW_TO = "Framework", "Indicators", "How to"

KINDS = {"legal": "Legal duty", "good_practice": "Good practice", "both": "Both"}
ANSWERS = {"met_not_met": "Met or not yet", "yes_no": "Yes or no", "narrative": "In words"}


@dataclass(frozen=True)
class Column:
    """``level`` is what the column belongs to; ``path`` leads to its value inside that."""

    header: str
    level: str
    path: tuple[str, ...]
    width: int
    help: str


COLUMNS = [
    Column("Area code", "areas", ("code",), 8, "The code of the area, for example A."),
    Column("Area (English)", "areas", ("name", "en"), 22, "The name of the area."),
    Column("Area (Welsh)", "areas", ("name", "cy"), 22, "The same in Welsh."),
    Column("Theme code", "themes", ("code",), 8, "The code of the theme, for example 1."),
    Column("Theme (English)", "themes", ("name", "en"), 22, "The name of the theme."),
    Column("Theme (Welsh)", "themes", ("name", "cy"), 22, "The same in Welsh."),
    Column("Theme summary (English)", "themes", ("summary", "en"), 28, "One sentence on the theme. May be empty."),
    Column("Theme summary (Welsh)", "themes", ("summary", "cy"), 28, "The same in Welsh."),
    Column("Standard code", "standards", ("code",), 10, "The code of the standard, for example 1.1."),
    Column("Standard (English)", "standards", ("text", "en"), 32, "The standard in one sentence."),
    Column("Standard (Welsh)", "standards", ("text", "cy"), 32, "The same in Welsh."),
    Column(
        "Resources", "standards", ("resources",), 36,
        "Help with the standard, one on each line: kind | English title | Welsh title | web address. May be empty.",
    ),
    Column("Indicator code", "indicators", ("code",), 10, "The code of the indicator, for example 1.1.1."),
    Column("Kind", "indicators", ("kind",), 14, "Legal duty, Good practice or Both."),
    Column("Answer type", "indicators", ("answer",), 14, "Met or not yet (when empty), Yes or no, or In words."),
    Column("Indicator (English)", "indicators", ("text", "en"), 44, "One sentence that is true or not yet."),
    Column("Indicator (Welsh)", "indicators", ("text", "cy"), 44, "The same in Welsh."),
    Column("Guidance (English)", "indicators", ("guidance", "en"), 40, "How to tell whether it is met. May be empty."),
    Column("Guidance (Welsh)", "indicators", ("guidance", "cy"), 40, "The same in Welsh."),
    Column("Why we ask (English)", "indicators", ("why", "en"), 36, "Why it matters. May be empty."),
    Column("Why we ask (Welsh)", "indicators", ("why", "cy"), 36, "The same in Welsh."),
    Column("Evidence (English)", "indicators", ("evidence", "en"), 30, "What would show that it is met. May be empty."),
    Column("Evidence (Welsh)", "indicators", ("evidence", "cy"), 30, "The same in Welsh."),
]  # fmt: skip


@dataclass(frozen=True)
class HeadRow:
    """A row of the sheet Framework; ``path`` leads to its value, or to its English and Welsh when ``both``."""

    label: str
    path: tuple[str, ...]
    both: bool
    help: str


HEAD = [
    HeadRow("Format", ("format",), False, "Leave this as it is."),
    HeadRow("Short name", ("framework", "slug"), False, "Small letters, digits and hyphens; part of the web address."),
    HeadRow("Name", ("framework", "name"), True, "The name of the framework."),
    HeadRow("Purpose", ("framework", "purpose"), True, "What the framework is for."),
    HeadRow("Beneficiaries", ("framework", "beneficiaries"), True, "The people it is there for."),
    HeadRow("Strategy", ("framework", "strategy", "name"), True, "The network's plan that it serves."),
    HeadRow("Strategy: target year", ("framework", "strategy", "target_year"), False, "A year, for example 2030."),
    HeadRow("Strategy: people to reach", ("framework", "strategy", "reach"), False, "A whole number."),
    HeadRow(
        "Help: whom to ask", ("framework", "help", "label"), True, "A team or a person; empty for the network's own."
    ),
    HeadRow("Help: e-mail", ("framework", "help", "email"), False, "An e-mail address, or empty."),
    HeadRow("Help: phone", ("framework", "help", "phone"), False, "A phone number, or empty."),
    HeadRow("Help: web page", ("framework", "help", "url"), False, "A web address, or empty."),
    HeadRow("Version", ("version", "label"), False, "What people call this version, for example 2026."),
    HeadRow("Version notes", ("version", "notes"), True, "What is new in this version."),
]


def get(data: dict[str, Any], path: Path) -> Any:
    """The value that ``path`` leads to, or ``None``."""
    place: Any = data
    for step in path:
        place = place.get(step) if isinstance(place, dict) else None
    return place


def put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set the value that ``path`` leads to, making the mappings on the way."""
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value


def resources_as_text(resources: list[dict[str, Any]]) -> str:
    """Resources as lines of ``kind | English title | Welsh title | address``: for a cell, and for a form."""
    return "\n".join(
        f"{item['kind']} | {item['title'].get('en') or ''} | {item['title'].get('cy') or ''} | {item['url']}"
        for item in resources
    )


def resources_from_text(text: str) -> list[dict[str, Any]] | None:
    """The other way round; ``None`` when a line has not its four parts."""
    found = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 4:
            return None
        title = {"en": parts[1], "cy": parts[2]} if parts[2] else {"en": parts[1]}
        found.append({"kind": parts[0].lower(), "title": title, "url": parts[3]})
    return found
