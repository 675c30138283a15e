"""Documents: a handful of PDFs, each kept once under its hash, and the evidence that members made of them."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import translation

from levelground.assessments.models import Evidence
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.documents import services as documents
from levelground.foundation.documents import store as files
from levelground.foundation.documents.models import Document
from levelground.foundation.documents.services import Received
from levelground.foundation.exports import pdf
from levelground.foundation.exports.report import Heading, Paragraph, Report

from ..words import PAPERS, STANDS_IN
from .days import Days
from .history import MET, Story
from .members import Member, Person
from .tables import Tables, public_number

# The same bytes in each build, so that they are the same files.
_PRINTED = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
EVIDENCE = ["safeguarding", "privacy", "volunteers", "reserves", "annual-report", "minutes"]


class Library:
    """The contents, by kind and language; each is made when it is first asked for."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Received] = {}

    def title(self, kind: str, language: str) -> str:
        return str(getattr(PAPERS[kind][0], language))

    def get(self, kind: str, language: str) -> Received:
        key = (kind, language)
        if key not in self._kept:
            self._kept[key] = documents.receive(ContentFile(self._print(kind, language), name=f"{kind}-{language}.pdf"))
        return self._kept[key]

    def read(self, kind: str, language: str) -> bytes:
        """The bytes of a content, for somebody to bring in by themselves."""
        with files.storage().open(files.key(self.get(kind, language).sha256), "rb") as stream:
            return bytes(stream.read())

    def _print(self, kind: str, language: str) -> bytes:
        title, text = (str(getattr(Bilingual.of(part), language)) for part in PAPERS[kind])
        stands_in = str(getattr(STANDS_IN, language))
        code = "cy" if language == "cy" else "en-gb"
        with translation.override(code), clock.at(_PRINTED):
            report = Report(title=title, owner=stands_in, landscape=False)
            report.add(Heading(title), *(Paragraph(part) for part in text.split("\n")), Paragraph(stands_in))
            return pdf.render(report)


@dataclass(slots=True)
class Shown:
    """One piece of evidence; ``kind`` is empty for a link."""

    place: int
    added: int
    by: Person
    title: str
    kind: str
    url: str
    dated: int
    expires: int | None


def collect(member: Member, story: Story, library: Library) -> dict[int, list[Shown]]:
    """What the member shows, by indicator: most of it fresh, some about to run out, some old."""
    found: dict[int, list[Shown]] = defaultdict(list)
    dice, language = member.dice, "cy" if member.welsh else "en"
    met = [place for place, value in enumerate(story.now) if value == MET]
    if not met:
        return found
    begun = story.changes[0].day
    for _ in range(dice.randrange(3, 13)):
        place, kind = dice.choice(met), dice.choice(EVIDENCE)
        # Most of it was brought up to date in the last year.
        added = dice.randrange(max(begun, -300) if dice.random() < 0.75 else begun, 0)
        dated = added - dice.randrange(0, 200)
        chance, expires = dice.random(), None
        if chance < 0.08:
            expires = dice.randrange(1, 30)
        elif chance < 0.14:
            expires = max(dated, -dice.randrange(1, 120))
        elif chance < 0.35:
            expires = dice.randrange(90, 700)
        link = dice.random() < 0.15
        url = f"https://www.{member.slug}.example/{kind}/" if link else ""
        title = library.title(kind, language)
        by = dice.choice(member.people[:2])
        found[place].append(Shown(place, added, by, title, "" if link else kind, url, dated, expires))
    for items in found.values():
        items.sort(key=lambda item: item.added)
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that is in the tables."""

    pk: int
    number: str
    content: Received
    dated: int


class Papers:
    """Writes documents and evidence."""

    def __init__(self, tables: Tables, days: Days, library: Library) -> None:
        self.days, self.library = days, library
        self._documents = tables.table(
            Document, "id", "public_id", "title", "filename", "content_type", "size", "sha256", "document_date",
            "expires_on", "scan_state", "uploaded_by_id", "uploaded_at",
        )  # fmt: skip
        self._evidence = tables.table(
            Evidence, "id", "public_id", "answer_id", "document_id", "url", "title", "document_date", "expires_on",
            "added_by_id", "added_at",
        )  # fmt: skip

    def document(
        self, member: Member, kind: str, title: str, by: Person, *, dated: int, at: str, expires: int | None = None
    ) -> Kept:
        """A document of the member with one of the library's contents."""
        content = self.library.get(kind, "cy" if member.welsh else "en")
        kept = Kept(self._documents.number(), public_number(member.dice), content, dated)
        self._documents.add(
            kept.pk, kept.number, title, content.filename, content.content_type, content.size,
            content.sha256, self.days.date(dated), self._until(expires), content.scan_state.value, by.pk, at,
        )  # fmt: skip
        return kept

    def write(self, member: Member, shown: dict[int, list[Shown]]) -> None:
        for place, items in sorted(shown.items()):
            for number, item in enumerate(items):
                at = self.days.moment(item.added, 300 + number)
                document = None
                if item.kind:
                    document = self.document(
                        member, item.kind, item.title, item.by, dated=item.dated, at=at, expires=item.expires
                    ).pk
                self._evidence.add(
                    self._evidence.number(), public_number(member.dice), member.answers + place, document, item.url,
                    item.title, self.days.date(item.dated), self._until(item.expires), item.by.pk, at,
                )  # fmt: skip

    def frozen(self, member: Member, item: Shown) -> dict[str, str]:
        """What a snapshot keeps of it (assessments.frozen)."""
        sha256 = self.library.get(item.kind, "cy" if member.welsh else "en").sha256 if item.kind else ""
        return {
            "title": item.title, "url": item.url, "document_date": self.days.date(item.dated),
            "expires_on": self._until(item.expires) or "", "sha256": sha256,
        }  # fmt: skip

    def _until(self, day: int | None) -> str | None:
        return None if day is None else self.days.date(day)


def shown_by(shown: dict[int, list[Shown]], place: int, day: int) -> list[Shown]:
    """What stood at an indicator at the end of a day."""
    return [item for item in shown.get(place, ()) if item.added <= day]
