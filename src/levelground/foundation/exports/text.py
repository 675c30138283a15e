"""Text on its way into a file: what no format can hold is taken out, what a spreadsheet might run is disarmed."""

import re
import unicodedata
from typing import Any

CELL_LIMIT = 32_767
# Everything XML cannot hold, plus the marks that turn the direction of text around (they can disguise a file or a sum).
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_RISKY = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\n])")
_SHORT_ENOUGH = CELL_LIMIT - 1


def clean(value: Any) -> str:
    """``value`` as text without control characters; line breaks become ``\\n``."""
    text = "" if value is None else str(value)
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def harmless(value: Any) -> str:
    """``value`` as text of a spreadsheet's cell: a text that begins like a formula gets a ``'`` in front.

    The cell is written as text and would not be worked out anyway; the ``'`` still protects when somebody saves the
    sheet as CSV and opens that. ``as_typed`` takes it off again, exactly.
    """
    text = clean(value)[:_SHORT_ENOUGH]
    return f"'{text}" if _RISKY.match(text) else text


def as_typed(text: str) -> str:
    """What stood there before ``harmless``."""
    return text[1:] if text.startswith("'") and _RISKY.match(text[1:]) else text


def safe_filename(*parts: Any, extension: str) -> str:
    """A file name of letters (Welsh ones too), digits and hyphens: ``alder-mind-action-plan.docx``."""
    words = "-".join(clean(part) for part in parts)
    name = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", words)).strip("-").lower()
    return f"{name[:120].strip('-') or 'file'}.{extension}"
