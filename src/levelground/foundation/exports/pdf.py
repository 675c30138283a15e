"""Tagged PDF (PDF/UA-1) by Typst, and pictures as PNG.

All text goes in as JSON data and never becomes part of the Typst source.
"""

import json
import re
import warnings
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import typst

from levelground.foundation import clock

from .report import Block, Facts, Heading, Marked, Paragraph, Picture, Pictures, Report, Table, page_line
from .text import clean

_FOLDER = Path(__file__).parent / "typst"
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_STANDS_IN = "\ufffd"
# What the font surely has, should there be many signs that it does not have.
_SURE = re.compile("[^\n\t -~\u00a0-\u017f\u2010-\u2027\ufffd]")
_TRIES = 6


def render(report: Report) -> bytes:
    """``report`` as a PDF file."""
    data = {
        "title": clean(report.title), "owner": clean(report.owner), "lang": report.language.split("-")[0],
        "landscape": report.landscape, "foot": page_line("{page}", "{pages}"),
        "blocks": [_block(block) for block in report.blocks],
    }  # fmt: skip
    return _compile(json.dumps(data, ensure_ascii=False))


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "level": level, "text": clean(text)}
        case Paragraph(text):
            return {"kind": "paragraph", "text": clean(text)}
        case Facts(pairs):
            return {"kind": "facts", "pairs": [[clean(name), clean(value)] for name, value in pairs]}
        case Table():
            return {
                "kind": "table", "columns": [clean(name) for name in block.columns], "widths": list(block.widths),
                "rows": [[_cell(cell) for cell in row] for row in block.rows],
            }  # fmt: skip
        case Pictures(pictures, across):
            return {"kind": "pictures", "across": across, "pictures": [_picture(one) for one in pictures]}


def _cell(cell: str | Marked) -> dict[str, str]:
    if isinstance(cell, Marked):
        return {"svg": cell.svg, "above": clean(cell.above), "text": clean(cell.text)}
    return {"svg": "", "above": "", "text": clean(cell)}


def _picture(one: Picture) -> dict[str, Any]:
    return {
        "svg": one.svg, "alt": clean(one.alt), "title": clean(one.title), "marks": [_cell(mark) for mark in one.marks],
    }  # fmt: skip


@cache
def _fonts() -> str:
    return str(files("font_source_sans_pro") / "files")


def _compile(data: str) -> bytes:
    """Typst refuses an accessible PDF with a sign that no font has (an emoji, say): that sign is shown as �."""
    for _again in range(_TRIES):
        try:
            return _report(data)
        except typst.TypstError as error:
            lacking = _NO_GLYPH.search(str(error))
            if lacking is None:
                raise
            for sign in _ESCAPE.sub(lambda code: chr(int(code[1], 16)), lacking[1]):
                data = data.replace(sign, _STANDS_IN) if _SURE.match(sign) else data
    return _report(_SURE.sub(_STANDS_IN, data))


def png(svg: str, *, width: int = 1920) -> bytes:
    """An SVG file of our own making as a PNG file of so many pixels across, on white."""
    across = 960
    return _typst("picture.typ", {"svg": svg, "width": str(across)}, format="png", ppi=72 * width / across)


def _report(data: str) -> bytes:
    return _typst("report.typ", {"report": data}, pdf_standards=["ua-1"], timestamp=clock.now().replace(microsecond=0))


def _typst(name: str, inputs: dict[str, str], **options: Any) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", typst.TypstWarning)
        made = typst.compile(
            str(_FOLDER / name),
            root=str(_FOLDER),
            font_paths=[_fonts()],
            ignore_system_fonts=True,
            sys_inputs=inputs,
            **options,
        )
    return cast(bytes, made)
