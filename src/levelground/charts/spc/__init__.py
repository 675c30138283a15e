"""Control charts: an engine's result as a spec, and the spec as accessible SVG, as words, as a table.

``make_spec`` → ``svg``, ``both`` (wide and narrow), ``small`` (for a wall), ``table``; ``words``: verdict, caption;
``icons``: variation and target, with words; ``brief``: level, limits, target and the rule, for a table of many.
"""

from .brief import Brief, brief
from .build import Subject, make_spec
from .icons import ASSURANCES, VARIATIONS, Icon, Icons, icon, icons
from .language import ENGLISH, Language, Writing
from .layout import NARROW, SMALL, WIDE, Size
from .poster import poster
from .problems import notices, refusal
from .spec import KINDS, Edge, End, Line, Note, Point, Spec
from .svg import both, small, svg
from .table import Row, Table, table
from .terminal import text_chart
from .words import Teller, Words, caption, words

__all__ = [
    "ASSURANCES", "ENGLISH", "KINDS", "NARROW", "SMALL", "VARIATIONS", "WIDE", "Brief", "Edge", "End", "Icon", "Icons",
    "Language", "Line", "Note", "Point", "Row", "Size", "Spec", "Subject", "Table", "Teller", "Words", "Writing",
    "both", "brief", "caption", "icon", "icons", "make_spec", "notices", "poster", "refusal", "small", "svg", "table",
    "text_chart", "words",
]  # fmt: skip
