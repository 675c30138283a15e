"""Text on its way into a picture."""

import re
from html import escape

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """``text`` for an element or an attribute. What XML cannot hold is left out: one such character, and no reader
    opens the picture."""
    return escape(_NOT_XML.sub("", text))
