"""Makes texts alike that people see as alike: spaces at the ends, tabs, line ends, composed letters."""

import unicodedata


def tidy(text: str) -> str:
    """The text without spaces around it, plain spaces for tabs, ``\\n`` for line ends, composed letters (NFC)."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in text:
        text = text.replace("\t", " ")
    return text.strip(" \n")
