"""Framework files as spreadsheets: one row per indicator on the sheet Indicators, the head on the sheet Framework."""

import io
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation.errors import DomainError
from levelground.foundation.exports.safe_xlsx import check_xlsx, column_name, formula_cells
from levelground.foundation.exports.text import as_typed

from .content import LEVELS, checked
from .limits import MAX_BYTES
from .problems import Enough, Notebook, Path, Reading, Refused
from .sheet import (
    ANSWERS,
    COLUMNS,
    FRAMEWORK,
    HEAD,
    INDICATORS,
    KINDS,
    Column,
    HeadRow,
    put,
    resources_from_text,
)  # fmt: skip
from .tidy import tidy

Progress = Callable[[int, int], None]
_OF_LEVEL = {level: [column for column in COLUMNS if column.level == level] for level in LEVELS}
_ONE = {"areas": "Area code", "themes": "Theme code", "standards": "Standard code", "indicators": "Indicator code"}
_WORDS = {
    ("kind",): {word.lower(): code for code, word in KINDS.items()} | {"legal": "legal"},
    ("answer",): {word.lower(): code for code, word in ANSWERS.items()},
}


def read_xlsx(raw: bytes, name: str, *, progress: Progress | None = None) -> Reading:
    """Read and check a spreadsheet. It is looked through before it is opened; formulas are never run."""
    notebook = Notebook()
    try:
        _look(raw, name, notebook)
        sheets = _sheets(raw, name)
        head = _Head(sheets[FRAMEWORK])
        table = _Table(sheets[INDICATORS], notebook, progress)
    except Refused as refused:
        return notebook.refuse(refused.problem)
    except Enough:
        return Reading(None, notebook.problems, notebook.all_warnings())
    return checked(
        head.data | {"areas": table.areas},
        lambda path: table.where(path) if path[:1] == ("areas",) else head.where(path),
        notebook,
    )


def _look(raw: bytes, name: str, notebook: Notebook) -> None:
    """Refuse what must not be opened, and name each cell that holds a formula."""
    try:
        check_xlsx(raw, max_bytes=MAX_BYTES)
        formulas = formula_cells(raw)
    except DomainError as error:
        raise Refused(name, str(error), "") from None
    for sheet, cell in sorted(formulas, key=lambda item: (item[0], len(item[1]), item[1])):
        where = _("cell %(cell)s on sheet %(sheet)s") % {"cell": cell, "sheet": sheet[:40]}
        write = _("Write the value itself (copy the cell, then paste as values).")
        notebook.problem(where, _("There is a formula here."), write)


def _sheets(raw: bytes, name: str) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        known = {title.strip().lower(): title for title in workbook.sheet_names}
        found = {}
        for wanted in (FRAMEWORK, INDICATORS):
            if wanted.lower() not in known:
                write = _("Name a sheet %(sheet)s, or begin with a file that was exported.") % {"sheet": wanted}
                raise Refused(name, _("The sheet %(sheet)s is missing.") % {"sheet": wanted}, write)
            found[wanted] = workbook.get_sheet_by_name(known[wanted.lower()]).to_python(skip_empty_area=False)
    except Refused:
        raise
    except Exception:  # the reader is native code with errors of its own; whatever it says, the file is at fault
        raise Refused(
            name,
            _("The file is damaged, or it is not a spreadsheet."),
            _("Open it in a spreadsheet program, save it as .xlsx and send that."),
        ) from None
    return found


def _cell(column: int, row: int, sheet: str = INDICATORS) -> str:
    return _("cell %(cell)s on sheet %(sheet)s") % {"cell": f"{column_name(column + 1)}{row}", "sheet": sheet}


def _text(value: Any) -> str:
    """A cell as text: whole numbers without a decimal point, dates as ISO, the rest as it stands."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return tidy(as_typed(tidy(value)) if isinstance(value, str) else str(value))


class _Head:
    """What the sheet Framework says: a label in column A, English or the value in B, Welsh in C."""

    def __init__(self, rows: list[list[Any]]):
        self.data: dict[str, Any] = {}
        self.rows: dict[tuple[str, ...], int] = {}
        wanted = {row.label.lower(): row for row in HEAD}
        for number, cells in enumerate(rows, start=1):
            row = wanted.get(_text(cells[0]).lower() if cells else "")
            if row is not None and row.path not in self.rows:
                self.rows[row.path] = number
                self.take(row, *(_text(cells[place]) if len(cells) > place else "" for place in (1, 2)))

    def take(self, row: HeadRow, english: str, welsh: str) -> None:
        if row.both:
            put(self.data, row.path, {"en": english, "cy": welsh})
        elif re.fullmatch(r"[0-9]{1,15}", english) and row.path[-1] in {"target_year", "reach"}:
            put(self.data, row.path, int(english))
        elif english:
            put(self.data, row.path, english)

    def where(self, path: Path) -> str:
        for row in HEAD:
            if path[: len(row.path)] == row.path:
                number = self.rows.get(row.path)
                if number:
                    return _cell(2 if path[-1] == "cy" else 1, number, FRAMEWORK)
                return _("the row “%(row)s” on sheet %(sheet)s") % {"row": row.label, "sheet": FRAMEWORK}
        return _("sheet %(sheet)s") % {"sheet": FRAMEWORK}


class _Table:
    """The tree that the rows of the sheet Indicators draw. An empty code means the same as in the row above."""

    def __init__(self, rows: list[list[Any]], notebook: Notebook, progress: Progress | None):
        self.notebook = notebook
        self.areas: list[dict[str, Any]] = []
        self.rows: dict[Path, int] = {}
        self.places: dict[tuple[str, str], Path] = {}
        self.found: dict[Path, dict[str, Any]] = {}
        self.current: dict[str, Path] = {}
        self.columns = self.header(rows[0] if rows else [])
        for number, cells in enumerate(rows[1:], start=2):
            texts = {
                column: _text(cells[place]) if place < len(cells) else "" for column, place in self.columns.items()
            }
            if any(texts.values()):
                self.numbers_as_codes(cells, number)
                self.row(texts, number)
            if progress and not number % 500:
                progress(number, len(rows))

    def header(self, cells: list[Any]) -> dict[Column, int]:
        """Which column stands where, by the words in row 1."""
        given = {" ".join(_text(cell).lower().split()): place for place, cell in reversed(list(enumerate(cells)))}
        found = {}
        for column in COLUMNS:
            place = given.pop(column.header.lower(), None)
            if place is not None:
                found[column] = place
            elif (
                column.path == ("code",)
                or column.path in {("kind",), ("text", "en")}
                or column.header == "Area (English)"
            ):
                self.notebook.problem(
                    _("row 1 on sheet %(sheet)s") % {"sheet": INDICATORS},
                    _("The column “%(column)s” is missing.") % {"column": column.header},
                    _("Write this heading above its column."),
                )
        for words, place in sorted(given.items(), key=lambda item: item[1]):
            if words:
                self.notebook.warn(
                    _cell(place, 1),
                    _("The column “%(column)s” is not known.") % {"column": words[:40]},
                    _("What stands in it is left out. Rename it if it should count."),
                )
        return found

    def numbers_as_codes(self, cells: list[Any], number: int) -> None:
        """A code typed as a number has lost its zeros: 1.10 has become 1.1."""
        for column, place in self.columns.items():
            value = cells[place] if place < len(cells) else None
            if column.path == ("code",) and isinstance(value, float) and not value.is_integer():
                what = _("The code %(code)s is a number here, so 1.1 and 1.10 cannot be told apart.") % {"code": value}
                write = _("Make the cell a text cell, then write the code again.")
                self.notebook.problem(_cell(place, number), what, write)

    def row(self, texts: dict[Column, str], number: int) -> None:
        changed = False
        parent: Path = ()
        for level in LEVELS:
            values = {column: texts[column] for column in _OF_LEVEL[level] if column in texts}
            code = next((value for column, value in values.items() if column.path == ("code",)), "")
            if not code:
                below = any(
                    texts[column]
                    for deeper in LEVELS[LEVELS.index(level) :]
                    for column in _OF_LEVEL[deeper]
                    if column in texts
                )
                if level == "indicators" or changed or level not in self.current:
                    if below:
                        self.missing_code(level, number)
                    return
                parent = self.current[level]
                self.compare(level, parent, values, number)
                continue
            path = self.node(level, code, parent, values, number)
            if path is None:
                return
            if self.current.get(level) != path:
                changed = True
                self.current[level] = path
            parent = path

    def missing_code(self, level: str, number: int) -> None:
        column = next(column for column in self.columns if column.header == _ONE[level])
        self.notebook.problem(
            _cell(self.columns[column], number),
            _("“%(column)s” is empty.") % {"column": column.header},
            _("Write the code."),
        )

    def node(self, level: str, code: str, parent: Path, values: dict[Column, str], number: int) -> Path | None:
        """The path of the node with ``code``, made when new; ``None`` after a problem."""
        known = self.places.get((level, code.lower()))
        if known is not None and level != "indicators":
            if known[:-2] != parent:
                what = _("%(code)s belongs to %(here)s here, but to %(there)s in row %(row)d.") % {
                    "code": code, "here": self.found[parent]["code"], "there": self.found[known[:-2]]["code"],
                    "row": self.rows[known],
                }  # fmt: skip
                self.notebook.problem(
                    self.cell_of(level, ("code",), number), what, _("Write the same in both rows, or another code.")
                )
                return None
            self.compare(level, known, values, number)
            return known
        siblings = self.found[parent][level] if parent else self.areas
        path = (*parent, level, len(siblings))
        node: dict[str, Any] = {}
        self.places.setdefault((level, code.lower()), path)
        self.rows[path], self.found[path] = number, node
        for column, text in values.items():
            self.set(node, column, text, number)
        below = LEVELS.index(level) + 1
        if below < len(LEVELS):
            node[LEVELS[below]] = []
        siblings.append(node)
        return path

    def set(self, node: dict[str, Any], column: Column, text: str, number: int) -> None:
        if column.path == ("resources",):
            resources = resources_from_text(text)
            if resources is None:
                self.notebook.problem(
                    _cell(self.columns[column], number),
                    _("A line here has not four parts."),
                    _("Write kind | English title | Welsh title | web address."),
                )
            node["resources"] = resources or []
        elif column.path in _WORDS:
            if text:
                node[column.path[0]] = _WORDS[column.path].get(text.lower(), text)
        else:
            put(node, column.path, text)

    def compare(self, level: str, path: Path, values: dict[Column, str], number: int) -> None:
        """What a later row says of an area, theme or standard that is known already."""
        node = self.found[path]
        for column, text in values.items():
            if not text or column.path == ("code",):
                continue
            if column.path == ("resources",):
                same = resources_from_text(text) == node.get("resources")
                empty = not node.get("resources")
            else:
                known = node.get(column.path[0], {}).get(column.path[1], "")
                same, empty = text == known, not known
            if empty:
                self.set(node, column, text, number)
            elif not same:
                where = _cell(self.columns[column], self.rows[path])
                self.notebook.problem(
                    _cell(self.columns[column], number),
                    _("This differs from %(where)s, which has the same code.") % {"where": where},
                    _("Write the same in both, or leave this one empty."),
                )

    def cell_of(self, level: str, rest: Path, number: int) -> str:
        for column, place in self.columns.items():
            shared = min(len(rest), len(column.path))
            if column.level == level and column.path[:shared] == rest[:shared]:
                return _cell(place, number)
        return _("row %(row)d on sheet %(sheet)s") % {"row": number, "sheet": INDICATORS}

    def where(self, path: Path) -> str:
        """The cell of what ``path`` names."""
        for length in range(len(path), 1, -1):
            if path[:length] in self.rows:
                rest = path[length:] or ("code",)
                return self.cell_of(str(path[length - 2]), rest, self.rows[path[:length]])
        return _("sheet %(sheet)s") % {"sheet": INDICATORS}
