"""Small files of every kind, made on the spot."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = {
    "docx": ("word/document.xml", b"application/vnd.x.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"application/vnd.x.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", b"application/vnd.x.presentationml.presentation.main+xml"),
}
_ODF = {"odt": b"text", "ods": b"spreadsheet", "odp": b"presentation"}


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def office(kind: str, extra: dict[str, bytes] | None = None, types: bytes = b"") -> bytes:
    part, main = _MAIN[kind]
    return archive({"[Content_Types].xml": main + types, part: b"<x/>", **(extra or {})})


def opendocument(kind: str, extra: dict[str, bytes] | None = None) -> bytes:
    return archive({"mimetype": b"application/vnd.oasis.opendocument." + _ODF[kind], **(extra or {})})


def ole(*streams: str) -> bytes:
    """The old Office container with nothing but directory entries."""
    return OLE.ljust(512, b"\0") + b"".join((s.encode("utf-16-le") + b"\0\0").ljust(128, b"\0") for s in streams)


GOOD: dict[str, bytes] = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n",
    **{kind: office(kind) for kind in _MAIN},
    **{kind: opendocument(kind) for kind in _ODF},
    "doc": ole("Root Entry", "WordDocument"),
    "xls": ole("Root Entry", "Workbook"),
    "ppt": ole("Root Entry", "PowerPoint Document"),
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "jpeg": b"\xff\xd8\xff\xe1\0\x10Exif\0",
    "gif": b"GIF89a\x01\0\x01\0",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "mp3": b"ID3\x04\0\0",
    "m4a": b"\0\0\0\x20ftypM4A \0\0",
    "rtf": b"{\\rtf1\\ansi Minutes}",
    "txt": "Minutes of the trustees' meeting, café\r\n".encode(),
    "csv": "name,sum\nCaf\xe9,3\n".encode("cp1252"),
}


def upload(name: str, data: bytes | None = None, **extra: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, GOOD[name.rsplit(".", 1)[-1].lower()] if data is None else data, **extra)
