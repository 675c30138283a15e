"""Which files are taken, and what a file really is: told from its bytes, never from its name alone."""

from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from levelground.foundation.errors import Invalid

from . import archives

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_HEAD = 4096


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its usual extension, the others it may have, and its media type."""

    extension: str
    content_type: str
    also: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    kind.extension: kind
    for kind in [
        Kind("pdf", "application/pdf"),
        Kind("docx", _OFFICE + "wordprocessingml.document"),
        Kind("xlsx", _OFFICE + "spreadsheetml.sheet"),
        Kind("pptx", _OFFICE + "presentationml.presentation"),
        Kind("odt", _ODF + "text"),
        Kind("ods", _ODF + "spreadsheet"),
        Kind("odp", _ODF + "presentation"),
        Kind("doc", "application/msword"),
        Kind("xls", "application/vnd.ms-excel"),
        Kind("ppt", "application/vnd.ms-powerpoint"),
        Kind("png", "image/png"),
        Kind("jpg", "image/jpeg", ("jpeg", "jpe")),
        Kind("gif", "image/gif"),
        Kind("webp", "image/webp"),
        Kind("mp3", "audio/mpeg"),
        Kind("m4a", "audio/mp4"),
        Kind("rtf", "application/rtf"),
        Kind("txt", "text/plain"),
        Kind("csv", "text/csv"),
    ]
}
_BY_EXTENSION = {name: kind for kind in KINDS.values() for name in (kind.extension, *kind.also)}

ACCEPT = ",".join(f".{name}" for name in _BY_EXTENSION)
"""For the ``accept`` attribute of a file field."""

_MAGIC: list[tuple[bytes, str]] = [
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"{\\rtf1", "rtf"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
]
# Directory entries of the old Office container start at multiples of 128 bytes.
_OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_ACTIVE_TEXT = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<?php", b"#!/", b"<head", b"<body", b"<iframe")


def taken() -> str:
    """The sentence that says which files are taken."""
    return _(
        "Use a PDF, a Word, Excel, PowerPoint or OpenDocument file, a picture (JPG, PNG, GIF, WEBP), "
        "a sound (MP3, M4A), or plain text (TXT, CSV, RTF)."
    )


def check(stream: BinaryIO, extension: str) -> Kind:
    """The kind of the file in ``stream``, or ``Invalid`` with what to do. ``extension`` is without its dot."""
    wanted = _BY_EXTENSION.get(extension.lower())
    if wanted is None:
        raise Invalid(_("We cannot take this kind of file.") + " " + taken())
    stream.seek(0)
    found = _sniff(stream, wanted)
    if found != wanted.extension:
        raise Invalid(
            _(
                "The name of the file ends in .%(extension)s, but it is not such a file inside. Open it in the program "
                "it was made with, save it again, and choose the new file."
            )
            % {"extension": extension.lower()}
        )
    stream.seek(0)
    return wanted


def _sniff(stream: BinaryIO, wanted: Kind) -> str:
    """The extension that belongs to the bytes, or an empty text."""
    head = stream.read(_HEAD)
    name = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    if name == "rtf":
        _refuse_embedded(stream)
    elif not name and head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        name = "webp"
    elif not name and head[4:8] == b"ftyp" and head[8:12] in {b"M4A ", b"M4B ", b"mp42", b"isom"}:
        name = "m4a"
    elif not name and head.startswith(_OLE):
        name = _ole(stream)
    elif not name and head.startswith(b"PK\x03\x04"):
        name = archives.kind_of(stream)
    elif not name and wanted.extension in {"txt", "csv"} and _is_text(stream, head):
        name = wanted.extension
    return name


def _entries(data: bytes, name: str) -> bool:
    """Whether an old Office container has a directory entry of this name."""
    needle = name.encode("utf-16-le") + b"\0\0"
    at = data.find(needle)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = data.find(needle, at + 2)
    return False


def _ole(stream: BinaryIO) -> str:
    stream.seek(0)
    data = stream.read()
    if _entries(data, "EncryptedPackage"):
        raise Invalid(archives.take_off_password())
    if any(_entries(data, name) for name in ("_VBA_PROJECT", "VBA", "Macros", "_VBA_PROJECT_CUR")):
        raise Invalid(archives.take_out_macros())
    return next((kind for name, kind in _OLE_STREAMS.items() if _entries(data, name)), "")


def _refuse_embedded(stream: BinaryIO) -> None:
    stream.seek(0)
    if b"\\obj" in stream.read():
        raise Invalid(_("This file has other files inside it. Save it as a PDF and choose the PDF."))


def _is_text(stream: BinaryIO, head: bytes) -> bool:
    """UTF-8, UTF-16 (with its mark) or Windows Latin text, without control characters, and not a page or a script."""
    stream.seek(0)
    data = stream.read()
    encodings = ["utf-16"] if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        start = text[:1024].lstrip().lower().encode()
        return _no_controls(text) and not start.startswith(_ACTIVE_TEXT)
    return False


_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127])


def _no_controls(text: str) -> bool:
    return len(text.translate(_CONTROLS)) == len(text)
