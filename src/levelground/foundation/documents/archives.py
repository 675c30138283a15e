"""Looking into Office and OpenDocument files, which are zip archives, without unpacking them."""

import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext as _

from levelground.foundation.errors import Invalid

MAX_MEMBERS = 5_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 250
_RATIO_FROM = 20 * 1024 * 1024
_PEEK = 2 * 1024 * 1024

_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_MAIN_TYPES = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
_ODF_TYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}


def take_out_macros() -> str:
    return _("This file has macros (small programs) in it. Save it without them, or as a PDF, and choose the new file.")


def take_off_password() -> str:
    return _("This file is locked with a password. Take the password off, save it, and choose it again.")


def _damaged() -> str:
    return _("This file is damaged or not complete. Open it, save it again, and choose the new file.")


def kind_of(stream: BinaryIO) -> str:
    """``docx``, ``xlsx``, ``pptx``, ``odt``, ``ods``, ``odp``, or an empty text for any other archive."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            _refuse_bombs(members)
            names = {member.filename for member in members}
            if "[Content_Types].xml" in names:
                return _office(archive, names)
            if "mimetype" in names:
                return _opendocument(archive, names)
            return ""
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Invalid(_damaged()) from error


def _refuse_bombs(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 0x1 for member in members):
        raise Invalid(take_off_password())
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    swollen = unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or swollen:
        raise Invalid(
            _("This file would become far too big when opened. Save it as a PDF, or split it, and choose the new file.")
        )


def _peek(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PEEK)


def _office(archive: zipfile.ZipFile, names: set[str]) -> str:
    types = _peek(archive, "[Content_Types].xml")
    active = any(name.lower().endswith("vbaproject.bin") or "/activex/" in name.lower() for name in names)
    if active or b"macroenabled" in types.lower():
        raise Invalid(take_out_macros())
    kind = next((kind for part, kind in _MAIN_PARTS.items() if part in names), "")
    return kind if kind and _MAIN_TYPES[kind] in types else ""


def _opendocument(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise Invalid(take_out_macros())
    if "META-INF/manifest.xml" in names and b"encryption-data" in _peek(archive, "META-INF/manifest.xml"):
        raise Invalid(take_off_password())
    return _ODF_TYPES.get(_peek(archive, "mimetype").strip(), "")
