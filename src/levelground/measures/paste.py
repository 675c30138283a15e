"""From a spreadsheet's paste to rows: pure, from text or cells to what was understood. Nothing is looked up or saved.

Each row that cannot be used is named by its line and a ``Trouble``; the others are read all the same. Nothing is
guessed: where a cell could mean two things it is refused, and the page says how to write it.

A first line without a date is read as headings. With headings, columns may come in any order, columns that are not
known are left out and named, a column may hold the group, or there may be a column for each group. Without headings the
columns are taken in the order of ``Layout.columns``.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .cells import Trouble, Unclear, fold, read_day, read_number, words

MAX_LINES = 5_000
MAX_CELLS = 100
SHOWN = 80
OVERALL = ""
HUNDRED = Decimal(100)

# What headings may say, in English and Welsh.
DATE, GROUP, VALUE, NUMERATOR, DENOMINATOR = "date", "group", "value", "numerator", "denominator"
HEADINGS = {
    DATE: {"date", "day", "month", "week", "period", "quarter", "year", "dyddiad", "diwrnod", "dydd", "mis", "wythnos",
           "cyfnod", "chwarter", "blwyddyn", "month starting", "week starting", "week commencing"},
    GROUP: {"group", "segment", "grŵp", "grwp", "code", "cod"},
    VALUE: {"value", "number", "count", "percent", "percentage", "%", "rate", "average", "mean", "median", "result",
            "gwerth", "nifer", "canran", "cyfradd", "cyfartaledd", "canolrif", "canlyniad"},
    NUMERATOR: {"numerator", "rhifiadur", "yes", "events"},
    DENOMINATOR: {"denominator", "enwadur", "out of", "people", "n", "base", "cases", "allan o", "pobl", "achosion"},
}  # fmt: skip
EVERYBODY = {"overall", "all", "everybody", "everyone", "total", "pawb", "cyfan", "cyfanswm"}


class Notice(StrEnum):
    """What the page should say about the whole."""

    HEADINGS = "headings"  # the first line holds headings
    FRACTIONS = "fractions"  # 0.45 was read as 45%
    UNKNOWN_COLUMNS = "unknown_columns"
    TOO_LONG = "too_long"  # lines beyond MAX_LINES were not read


@dataclass(frozen=True)
class Layout:
    """What is expected: the columns in their order, and how cells are read.

    ``columns`` starts with ``date``. ``alternative`` are the columns of shorter lines (a percentage alone). ``groups``
    maps what people call a group (folded) to its key; ``group`` is whose numbers lines without a group are;
    ``headings`` maps what else a column may be called (folded) to its role.
    """

    columns: tuple[str, ...] = (DATE, VALUE)
    alternative: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    group: str = OVERALL
    by_month: bool = True
    whole: bool = False
    percent: bool = False
    part_of_whole: bool = False
    negative: bool = False
    today: dt.date = dt.date.max


@dataclass(frozen=True)
class Row:
    """One number that was understood, on its line."""

    line: int
    date: dt.date
    group: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Bad:
    """A line that cannot be used: its words, what is wrong, and the cell or the other line concerned."""

    line: int
    text: str
    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True)
class Understood:
    rows: tuple[Row, ...] = ()
    bad: tuple[Bad, ...] = ()
    blank: int = 0
    columns: tuple[str, ...] = ()
    notices: frozenset[Notice] = frozenset()
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """The cells of one line, with its number, and those that hold a formula (spreadsheet files only)."""

    number: int
    cells: Sequence[Any]
    formulas: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        return " · ".join(text for cell in self.cells if (text := words(cell)))[:SHOWN]

    def at(self, place: int | None) -> Any:
        return self.cells[place] if place is not None and place < len(self.cells) else ""


@dataclass(frozen=True)
class _Columns:
    """Where each column stands: one of each role, or a column for each of several groups."""

    roles: Mapping[str, int]
    by_group: Mapping[int, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def understand(text: str, layout: Layout) -> Understood:
    """Read what was pasted. Columns are separated by tabs; else by semicolons; else by commas."""
    return understand_lines(split(text), layout)


def split(text: str) -> list[Line]:
    """The lines that are not empty, cut into cells. Quotes count within their own line: an open one harms no other.
    Lines that begin with # are remarks, such as the source at the end of our own files."""
    lines = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = ["" if line.startswith("#") else line for line in lines]
    mark = next((one for one in "\t;" if any(one in line for line in lines)), ",")
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found.append(Line(number, _cut(line, mark)))
            if len(found) > MAX_LINES:
                break
    return found


def _cut(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return line.split(mark)


def understand_lines(lines: Iterable[Line], layout: Layout) -> Understood:
    """The same, from cells: of a text, or of a spreadsheet file with its numbers and dates."""
    given = [line for line in lines if line.formulas or any(words(cell) for cell in line.cells)]
    notices = {Notice.TOO_LONG} if len(given) > MAX_LINES else set()
    given = given[:MAX_LINES]
    columns = _headings(given[0], layout) if given else None
    if columns is not None:
        notices.add(Notice.HEADINGS)
        given = given[1:]
    if columns is not None and columns.unknown:
        notices.add(Notice.UNKNOWN_COLUMNS)
    reader = _Reader(layout, columns)
    for line in given:
        reader.take(line)
    rows, fractions = _percents(reader.rows, reader.signed) if layout.percent else (reader.rows, False)
    if fractions and reader.signed:  # 45% on one line and 0.45 on another: which is 0.45?
        rows, mixed, fractions = _unmixed(reader)
        reader.bad += mixed
    rows, outside = _within(rows, layout, reader.texts)
    if fractions:
        notices.add(Notice.FRACTIONS)
    bad = tuple(sorted([*reader.bad, *outside], key=lambda one: one.line))
    names = columns.names if columns else layout.columns
    return Understood(
        tuple(rows), bad, reader.blank, names, frozenset(notices), columns.unknown if columns else ()
    )  # fmt: skip


def _headings(line: Line, layout: Layout) -> _Columns | None:
    """The columns by a first line that holds headings: one without a date and without a number."""
    texts = [fold(words(cell)) for cell in line.cells[:MAX_CELLS]]
    known = {text: role for role, names in HEADINGS.items() for text in names} | dict(layout.headings)
    roles: dict[str, int] = {}
    for place, text in enumerate(texts):
        if text in known:
            roles.setdefault(known[text], place)
    if DATE not in roles:
        return None
    groups = {**layout.groups, **dict.fromkeys(EVERYBODY, OVERALL)}
    by_group = {
        place: groups[text] for place, text in enumerate(texts) if text in groups and place not in roles.values()
    }
    if not any(role in roles for role in (VALUE, NUMERATOR, DENOMINATOR)) and not by_group:
        # Headings in words of their own: in the order that is expected.
        places = [place for place, text in enumerate(texts) if text and place not in roles.values()]
        wanted = _shape(len(places) + 1, layout)
        roles |= dict(zip(wanted[1:], places, strict=False))
        by_group = {}
    elif not by_group:
        roles |= _left_over(texts, roles, layout)
    used = {*roles.values(), *by_group}
    unknown = tuple(words(cell)[:40] for place, cell in enumerate(line.cells) if words(cell) and place not in used)
    names = tuple(words(line.cells[place])[:40] for place in sorted(used))
    return _Columns(roles, by_group if VALUE not in roles and NUMERATOR not in roles else {}, names, unknown)


def _left_over(texts: list[str], roles: Mapping[str, int], layout: Layout) -> dict[str, int]:
    """When one column is expected that no heading names, and one heading is left, they belong together. The page shows
    what was taken for what."""
    missing = [role for role in layout.columns if role not in roles]
    left = [place for place, text in enumerate(texts) if text and place not in roles.values()]
    fits = len(missing) == 1 and len(left) == 1 and not (VALUE in roles and layout.alternative)
    return {missing[0]: left[0]} if fits else {}


def _shape(count: int, layout: Layout) -> tuple[str, ...]:
    """Which columns a line of so many cells has."""
    return layout.alternative if layout.alternative and count <= len(layout.alternative) else layout.columns


class _Reader:
    """Reads line after line and keeps what came of it."""

    def __init__(self, layout: Layout, columns: _Columns | None):
        self.layout, self.columns = layout, columns
        self.rows: list[Row] = []
        self.bad: list[Bad] = []
        self.blank = 0
        self.seen: dict[tuple[dt.date, str], int] = {}
        self.signed: set[tuple[dt.date, str]] = set()
        self.texts: dict[int, str] = {}

    def take(self, line: Line) -> None:
        self.texts[line.number] = line.text
        try:
            found = self._rows(line)
        except Unclear as unclear:
            self.bad.append(Bad(line.number, line.text, unclear.trouble, unclear.detail[:SHOWN]))
            return
        if not found:
            self.blank += 1
        keys = [(row.date, row.group) for row in found]
        first = next((self.seen[key] for key in keys if key in self.seen), None)
        if first is not None or len(set(keys)) < len(keys):
            self.bad.append(Bad(line.number, line.text, Trouble.REPEATED, str(first or line.number)))
            return
        self.seen |= dict.fromkeys(keys, line.number)
        self.rows += found

    def _rows(self, line: Line) -> list[Row]:
        """The numbers of one line; none when all of its number cells are blank."""
        roles, by_group = self._places(line)
        if line.formulas & {*roles.values(), *by_group}:
            raise Unclear(Trouble.FORMULA)
        day = self._day(line.at(roles[DATE]))
        if by_group:
            pairs = [(group, self._number(line.at(place), day, group)) for place, group in by_group.items()]
            return [Row(line.number, day, group, value=value) for group, value in pairs if value is not None]
        group = self._group(words(line.at(roles[GROUP]))) if GROUP in roles else self.layout.group
        value, numerator, denominator = (
            self._number(line.at(roles.get(role)), day, group, role) for role in (VALUE, NUMERATOR, DENOMINATOR)
        )
        if value is None and numerator is None and (denominator is None or VALUE in roles):
            return []
        if value is None and (numerator is None or denominator is None):
            raise Unclear(Trouble.NO_VALUE if VALUE in self.layout.columns else Trouble.HALF)
        if numerator is not None and denominator is not None:
            value = None  # a percentage beside its own parts says nothing more
        elif value is not None:
            numerator = None
        return [Row(line.number, day, group, value, numerator, denominator)]

    def _places(self, line: Line) -> tuple[Mapping[str, int], Mapping[int, str]]:
        if self.columns is not None:
            return self.columns.roles, self.columns.by_group
        filled = [place for place in range(len(line.cells)) if words(line.cells[place]) or place in line.formulas]
        count = max(filled, default=-1) + 1
        # By the cells that are there: an empty last cell is a gap in three columns, and not a line of two.
        wanted = _shape(max(count, len(line.cells)), self.layout)
        if count > len(wanted):
            raise Unclear(Trouble.TOO_MANY_CELLS, str(count))
        return {role: place for place, role in enumerate(wanted)}, {}

    def _day(self, cell: Any) -> dt.date:
        day = read_day(cell, by_month=self.layout.by_month)
        if day > self.layout.today:
            raise Unclear(Trouble.FUTURE, words(cell))
        return day

    def _group(self, name: str) -> str:
        folded = fold(name)
        if folded in self.layout.groups:
            return self.layout.groups[folded]
        if folded in EVERYBODY or not folded:
            return OVERALL
        raise Unclear(Trouble.UNKNOWN_GROUP, name)

    def _number(self, cell: Any, day: dt.date, group: str, role: str = VALUE) -> Decimal | None:
        percent = self.layout.percent and role == VALUE
        whole = self.layout.whole or role in (NUMERATOR, DENOMINATOR)
        number, signed = read_number(cell, percent=percent, whole=whole, negative=self.layout.negative)
        if signed:
            self.signed.add((day, group))
        return number


def _percents(rows: list[Row], signed: set[tuple[dt.date, str]]) -> tuple[list[Row], bool]:
    """Spreadsheets keep 45% as 0.45. When all percentages without a % sign lie between 0 and 1, and one of them is
    neither, they are fractions."""
    plain = [row.value for row in rows if row.value is not None and (row.date, row.group) not in signed]
    if not plain or max(plain) > 1 or not any(0 < value < 1 for value in plain):
        return rows, False
    return [
        row if row.value is None or (row.date, row.group) in signed else replace(row, value=row.value * HUNDRED)
        for row in rows
    ], True


def _unmixed(reader: _Reader) -> tuple[list[Row], list[Bad], bool]:
    """Without the plain numbers below 1 that stand among percentages with their sign: they could mean two things."""
    doubtful = [
        row for row in reader.rows if row.value is not None and 0 < row.value < 1
        and (row.date, row.group) not in reader.signed
    ]  # fmt: skip
    bad = [Bad(row.line, reader.texts[row.line], Trouble.MIXED_FRACTION, f"{row.value}") for row in doubtful]
    return [row for row in reader.rows if row not in doubtful], bad, False


def _within(rows: list[Row], layout: Layout, texts: Mapping[int, str]) -> tuple[list[Row], list[Bad]]:
    """Refuse what cannot be: a part greater than its whole, a percentage over 100."""
    good, bad = [], []
    for row in rows:
        if layout.percent and row.value is not None and row.value > HUNDRED:
            bad.append(Bad(row.line, texts[row.line], Trouble.OVER_HUNDRED))
        elif (
            layout.part_of_whole and row.numerator is not None and row.denominator is not None
            and row.numerator > row.denominator
        ):  # fmt: skip
            bad.append(Bad(row.line, texts[row.line], Trouble.PART_OVER_WHOLE))
        else:
            good.append(row)
    return good, bad
