"""The network's lists as spreadsheets. What people wrote goes in as text: nothing in it is ever worked out."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation import clock, formats
from levelground.foundation.exports.files import XLSX
from levelground.foundation.exports.report import page_language
from levelground.foundation.exports.text import safe_filename
from levelground.foundation.exports.xlsx import Book, Column
from levelground.organisations.states import Nation

from .models import Cycle
from .network_gaps import Gaps
from .network_selectors import MemberRow, Wanted
from .network_words import shown

File = tuple[bytes, str, str]


def _file(cycle: Cycle, book: Book, *name: str) -> File:
    parts = [cycle.network.slug, cycle.framework.slug, str(cycle.year), *name, clock.today().isoformat()]
    return book.finish(), safe_filename(*parts, extension="xlsx"), XLSX


def _about(book: Book, cycle: Cycle, title: str, facts: Iterable[tuple[str, str]]) -> None:
    lines = [
        (_("Network"), cycle.network.name.here()),
        (_("Framework"), f"{cycle.framework.name.here()} ({cycle.framework_version.label})"),
        (_("Year"), str(cycle.year)),
        (_("Made on"), formats.date(clock.today())),
        *facts,
    ]
    book.page(_("About this file"), [("heading", title), *(("text", f"{name}: {value}") for name, value in lines)])


def members_file(cycle: Cycle, wanted: Wanted, rows: Iterable[MemberRow]) -> File:
    """One row for each member, with what the page shows of it."""
    title = _("Members and their snapshots, %(year)s") % {"year": cycle.year}
    book = Book(title=title, language=page_language())
    columns = [
        Column(_("Member"), 36), Column(_("Nation"), 14), Column(_("Region"), 18), Column(_("State"), 20),
        Column(_("Overdue"), 10), Column(_("Sent late"), 10), Column(_("Deadline"), 12, "date"),
        Column(_("Answered"), 10, "number"), Column(_("Indicators"), 10, "number"),
        Column(_("Not yet, without an action"), 12, "number"), Column(_("Documents missing"), 12, "number"),
        Column(_("Signed off"), 10), Column(_("Sent on"), 12, "date"), Column(_("Receipt"), 14, "code"),
        Column(_("Last step on"), 12, "date"),
    ]  # fmt: skip
    sheet, count = book.sheet(_("Members"), columns), 0
    for row in rows:
        sheet.row(_member_cells(row))
        count += 1
    sheet.filters()
    nation = str(Nation(wanted.nation).label) if wanted.nation else ""
    asked = "; ".join(word for word in (shown(wanted.show), wanted.q, nation, wanted.region) if word)
    _about(book, cycle, title, [(_("What is in it"), asked), (_("Members"), formats.number(count))])
    return _file(cycle, book, _("members"))


def _member_cells(row: MemberRow) -> list[Any]:
    one, kept = row.submission, row.progress
    # As on the page: what a member answers after it has sent is not the network's to see.
    counts = [kept.answered, kept.total, kept.gaps, row.documents_missing] if row.shows_progress else [None] * 4
    last = row.last.at.astimezone(formats.LONDON).date() if row.last else None
    return [
        row.organisation.name.here(), str(row.organisation.get_nation_display()), row.organisation.region,
        shown(one.status), _yes(one.is_overdue), _yes(bool(one.late)), one.deadline, *counts, _yes(kept.signed),
        one.sent_at.astimezone(formats.LONDON).date() if one.sent_at else None, one.receipt_number, last,
    ]  # fmt: skip


def _yes(value: bool) -> str:
    return _("yes") if value else ""


def gaps_file(cycle: Cycle, found: Gaps) -> File:
    """The tallies of a cycle, and the themes over the years."""
    title = _("What members most often have not met yet, %(year)s") % {"year": cycle.year}
    book = Book(title=title, language=page_language())
    _indicators(book, found)
    _themes(book, found)
    theme = f"{found.theme.code} {found.theme.name.here()}" if found.theme else _("all themes")
    _about(book, cycle, title, [(_("Theme"), theme)])
    return _file(cycle, book, _("gaps"))


def _indicators(book: Book, found: Gaps) -> None:
    sheet = book.sheet(
        _("Indicators"),
        [
            Column(_("Indicator"), 12, "code"), Column(_("Indicator text"), 60), Column(_("Theme"), 30),
            Column(_("Kind"), 16), Column(_("Not yet"), 10, "number"), Column(_("Met"), 10, "number"),
            Column(_("Does not apply"), 12, "number"), Column(_("Members who answered"), 12, "number"),
        ],
    )  # fmt: skip
    for row in found.tallies:
        one = row.indicator
        words = [one.code, one.text.here(), one.standard.theme.name.here(), str(one.get_kind_display())]
        sheet.row([*words, row.not_yet, row.met, row.not_applicable, row.members])
    sheet.filters()


def _themes(book: Book, found: Gaps) -> None:
    heads = [
        column
        for year in found.years
        for column in (
            Column(_("%(year)s: members with a “not yet”") % {"year": year}, 14, "number"),
            Column(_("%(year)s: members who sent it") % {"year": year}, 14, "number"),
        )
    ]
    sheet = book.sheet(_("Themes over the years"), [Column(_("Theme"), 12, "code"), Column(_("Name"), 40), *heads])
    for line in found.over_years:
        cells = [(share.not_yet, share.members) if share else (None, None) for share in line.shares]
        sheet.row([line.code, line.name.here(), *(cell for pair in cells for cell in pair)])
    sheet.filters()
