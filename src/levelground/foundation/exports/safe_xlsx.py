"""Looks at an uploaded spreadsheet before anything reads it: size, zip bombs, macros, document types, far-off cells.

A formula is never worked out here, and its stored result is not trusted either: ``formula_cells`` names the cells that
hold one, so that a reader can refuse them row by row.
"""

import io
import posixpath
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from levelground.foundation import formats
from levelground.foundation.errors import Invalid

MAX_BYTES = 10_000_000
MAX_INFLATED = 100_000_000
MAX_MEMBERS = 1_000
MAX_RATIO = 100
MAX_CELLS = 2_000_000
# Small files may compress very well without being a bomb; the ratio counts only above this.
_RATIO_FROM = 5_000_000
_CHUNK = 256 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_WORKBOOK, _TEXTS = "xl/workbook.xml", "xl/sharedstrings.xml"
# The list of sheets and where they are: of a thousand sheets it is a tenth of this.
_MAX_LIST = 1_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, expat.ExpatError)


def check_xlsx(data: bytes, *, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO) -> None:
    """Raise ``Invalid`` with a sentence for people unless ``data`` is a spreadsheet that is safe to read."""
    if not data:
        raise Invalid(_("The file is empty. Choose the spreadsheet again."))
    if len(data) > max_bytes:
        raise Invalid(
            _("The file is larger than %(limit)s. Send only the spreadsheet, without pictures.")
            % {"limit": formats.filesize(max_bytes)}
        )
    if data.startswith(_OLD_OFFICE):
        raise Invalid(_("This file has a password or is in an old format. Save it as .xlsx without a password."))
    if not data.startswith(b"PK"):
        raise Invalid(_("This is not a spreadsheet. Choose a file that ends in .xlsx."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive)
            _check_contents(archive, compressed=len(data), max_ratio=max_ratio)
            _check_sheets(archive)
    except (*_BROKEN, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _damaged() from error


def formula_cells(data: bytes) -> set[tuple[str, str]]:
    """Every cell that holds a formula, as (name of the sheet, ``B3``). Call ``check_xlsx`` first."""
    found: set[tuple[str, str]] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for sheet, part in _sheets(archive):
                found |= {(sheet, cell) for cell in _survey(archive.read(part)).formulas}
    except _BROKEN as error:
        raise _damaged() from error
    return found


def _damaged() -> Invalid:
    return Invalid(_("The file is damaged and cannot be read. Open it, save it again as .xlsx and choose that file."))


def _check_members(archive: zipfile.ZipFile) -> None:
    """What the list of the archive's parts gives away, before any of them is unpacked."""
    members = archive.infolist()
    names = [member.filename.lower() for member in members]
    if len(members) > MAX_MEMBERS or len(set(names)) != len(names):
        raise _damaged()
    if any(".." in name.split("/") or name.startswith("/") or "\\" in name for name in names):
        raise _damaged()
    if any(member.flag_bits & 0x1 for member in members):
        raise Invalid(_("This file has a password or is in an old format. Save it as .xlsx without a password."))
    if _WORKBOOK not in names or "[content_types].xml" not in names:
        raise Invalid(_("This is not a spreadsheet. Choose a file that ends in .xlsx."))
    if any("vbaproject" in name or "/activex/" in name or "/macrosheets/" in name for name in names):
        raise Invalid(_("This spreadsheet holds macros. Save it as .xlsx without macros and choose that file."))
    if any("/embeddings/" in name for name in names):
        raise Invalid(_("This spreadsheet holds another file inside it. Take that out, save, and choose it again."))


def _check_contents(archive: zipfile.ZipFile, *, compressed: int, max_ratio: int) -> None:
    """Unpack every part once, counting: sizes written in the archive may lie. zipfile checks each part's checksum."""
    limit = min(MAX_INFLATED, max(_RATIO_FROM, compressed * max_ratio))
    total = 0
    for member in archive.infolist():
        head = b""
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > limit:
                    raise Invalid(_("The file unpacks to far more than a spreadsheet needs, so we did not open it."))
                head = head or chunk
        name = member.filename.lower()
        if name.endswith((".xml", ".rels", ".vml")):
            _check_prolog(head)
        if name == "[content_types].xml" and b"macroenabled" in head.lower():
            raise Invalid(_("This spreadsheet holds macros. Save it as .xlsx without macros and choose that file."))


def _check_sheets(archive: zipfile.ZipFile) -> None:
    """What a reader would set aside for all sheets together, worked out before it does."""
    cells, characters = 0, 0
    lengths = _text_lengths(archive)
    for _name, part in _sheets(archive):
        found = _survey(archive.read(part))
        # A reader sets aside the whole rectangle up to the last cell: one cell far away would fill the memory.
        cells += found.rectangle
        if cells > MAX_CELLS:
            raise Invalid(_("A sheet has cells far below or far to the right of the table. Delete those cells."))
        # A text is kept once in the file, and copied into each cell that names it.
        characters += sum(lengths[place] * often for place, often in found.texts.items() if place < len(lengths))
        if characters > MAX_INFLATED:
            raise Invalid(_("The file unpacks to far more than a spreadsheet needs, so we did not open it."))


def _text_lengths(archive: zipfile.ZipFile) -> list[int]:
    """How long each of the texts is that cells name by its number."""
    part = next((name for name in archive.namelist() if name.lower() == _TEXTS), None)
    lengths: list[int] = []
    if part is None:
        return lengths

    def start(name: str, _attributes: dict[str, str]) -> None:
        if _local(name) == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.Parse(archive.read(part), True)
    return lengths


class _RootReached(Exception):
    """The first element began: what stands before it has been seen."""


def _check_prolog(head: bytes) -> None:
    """Refuse a document type: no spreadsheet has one, and entities can be defined only there."""

    def doctype(*_given: Any) -> None:
        raise Invalid(_("The file holds instructions that no spreadsheet needs, so we did not open it."))

    def root(*_given: Any) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        parser.Parse(head, False)
    except _RootReached:
        return
    except expat.ExpatError as error:
        raise _damaged() from error
    # A prolog longer than the first chunk hides something.
    raise _damaged()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """Name and attributes of every element of a small part, without their prefixes."""
    if len(data) > _MAX_LIST:
        raise _damaged()
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((_local(name), attributes))
    parser.Parse(data, True)
    return found


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """(name, path of the part) of every sheet."""
    names = {name.lower(): name for name in archive.namelist()}
    relations = names.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        raise _damaged()
    targets = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for element, attributes in _elements(archive.read(relations))
        if element == "Relationship"
    }
    sheets = []
    for element, attributes in _elements(archive.read(names[_WORKBOOK])):
        if element == "sheet":
            relation = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            target = targets.get(relation, "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            part = names.get(path.lower())
            if part is None:
                raise _damaged()
            sheets.append((attributes.get("name", ""), part))
    return sheets


@dataclass
class _Survey:
    """What one sheet holds: the cells with a formula, how often it names each text, how far the filled cells reach."""

    formulas: set[str] = field(default_factory=set)
    texts: Counter[int] = field(default_factory=Counter)
    rows: int = 0
    columns: int = 0

    @property
    def rectangle(self) -> int:
        return self.rows * self.columns


def _survey(data: bytes) -> _Survey:
    """Walk through one sheet. Cells and rows may leave out their own address: then it is counted."""
    found = _Survey()
    row, column = 0, 0
    names_text, number = False, ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, names_text, number
        name = _local(name)
        number = ""
        if name == "row":
            row, column = int(attributes.get("r") or row + 1), 0
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            if len(letters) > 3:
                raise ValueError(letters)
            column = column_number(letters) if letters else column + 1
            row = int(attributes["r"][len(letters) :]) if letters else row
            names_text = attributes.get("t") == "s"
        elif name in {"v", "is", "f"}:
            found.rows, found.columns = max(found.rows, row), max(found.columns, column)
            if name == "f":
                found.formulas.add(f"{column_name(column)}{row}")

    def text(data: str) -> None:
        nonlocal number
        number += data if names_text else ""

    def end(name: str) -> None:
        nonlocal number
        if names_text and _local(name) == "v" and number.strip().isdecimal():
            found.texts[int(number)] += 1
        number = ""

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.Parse(data, True)
    return found


def column_number(name: str) -> int:
    """``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_name(number: int) -> str:
    """1 is ``A``, 27 is ``AA``."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
