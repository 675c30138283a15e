"""A document as data: headings, paragraphs, facts, tables and pictures. ``docx`` and ``pdf`` write the same report."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _


def page_language() -> str:
    """``cy`` or ``en-GB``: the language that is active now, as documents write it."""
    return "cy" if (translation.get_language() or "").startswith("cy") else "en-GB"


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Facts:
    """Short pairs of name and value, such as the date and the number of rows."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Marked:
    """Words with a small SVG drawing before them, which says nothing that the words do not; it may be empty. ``above``:
    a line over both."""

    svg: str
    text: str
    above: str = ""

    @property
    def plain(self) -> str:
        return "\n".join(filter(None, (self.above, self.text)))


@dataclass(frozen=True)
class Table:
    """``summary`` says in a sentence what the table holds; ``widths`` are shares of the page's width."""

    summary: str
    columns: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str | Marked]]


@dataclass(frozen=True)
class Picture:
    """An SVG file of our own making. ``alt``: the same in words; ``title`` stands over it, ``marks`` under it."""

    svg: str
    alt: str
    title: str = ""
    marks: Sequence[Marked] = ()


@dataclass(frozen=True)
class Pictures:
    """Pictures in rows, ``across`` side by side."""

    pictures: Sequence[Picture]
    across: int = 1


Block = Heading | Paragraph | Facts | Table | Pictures


@dataclass
class Report:
    """A document in one language. ``owner`` stands at the head of every page."""

    title: str
    owner: str
    blocks: list[Block] = field(default_factory=list)
    language: str = field(default_factory=page_language)
    landscape: bool = True

    def add(self, *blocks: Block) -> None:
        self.blocks += blocks


def page_line(page: str, pages: str) -> str:
    """The foot of a page."""
    return _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages}
