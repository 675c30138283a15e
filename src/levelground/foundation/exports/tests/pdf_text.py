"""Reads the words back out of a PDF that Typst made: enough for tests, without another library."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) [\d.]+ Tf$")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescape(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else _LETTERS.get(m[1], m[1]), text)


def _strings(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(font, string) of every text that a page draws. Brackets inside a string need no escape when they pair up."""
    font, depth, begin, at = b"", 0, 0, 0
    while at < len(content):
        sign = content[at : at + 1]
        if depth and sign == b"\\":
            at += 1
        elif sign == b"(":
            begin = begin if depth else at + 1
            depth += 1
        elif sign == b")":
            depth -= 1
            if not depth:
                yield font, _unescape(content[begin:at])
        elif not depth and sign == b"f" and (named := _FONT.search(content[max(0, at - 30) : at + 1])):
            font = named[1]
        at += 1


def _stream(content: bytes) -> bytes:
    head, _, body = content.partition(b"stream")
    body = body.lstrip(b"\r\n")
    return zlib.decompressobj().decompress(body) if b"FlateDecode" in head else body


def _unicode(cmap: bytes) -> dict[int, str]:
    table = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, code in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            table[int(glyph, 16)] = bytes.fromhex(code.decode()).decode("utf-16-be")
    return table


def words_of(pdf: bytes) -> str:
    """All text of all pages in the order in which it is drawn, without white space."""
    objects = {int(m[1]): m[2] for m in _OBJECT.finditer(pdf)}
    text = []
    for page in (content for content in objects.values() if b"/Type/Page/" in content):
        resources = objects[int(re.search(rb"/Resources (\d+)", page)[1])]
        fonts = {}
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
            found = re.search(rb"/ToUnicode (\d+)", objects[int(number)])
            fonts[name] = _unicode(_stream(objects[int(found[1])])) if found else {}
        for font, raw in _strings(_stream(objects[int(re.search(rb"/Contents (\d+)", page)[1])])):
            text += [fonts[font].get(int.from_bytes(raw[i : i + 2], "big"), "") for i in range(0, len(raw), 2)]
    return squeezed("".join(text))


def squeezed(text: str) -> str:
    """``text`` without white space, as ``words_of`` gives it."""
    return re.sub(r"\s+", "", text)
