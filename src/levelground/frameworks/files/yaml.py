"""Framework files as YAML. Read from the parser's events: no aliases, no tags, no object is built from the file."""

import codecs
import re
from collections.abc import Callable
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .content import checked
from .limits import MAX_BYTES, MAX_DEPTH, MAX_SCALAR, MAX_TEXT, MAX_VALUES
from .problems import Enough, Notebook, Path, Reading, Refused
from .tidy import tidy

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BaseDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Progress = Callable[[int, int], None]

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_NULLS = {"", "~", "null", "Null", "NULL"}
_WHOLE_NUMBERS = (("framework", "strategy", "target_year"), ("framework", "strategy", "reach"))

# What the parser says, and what to do about it.
_ADVICE = [
    ("found character that cannot start any token", gettext_lazy("Use spaces, not tabs; put texts between quotes.")),
    ("tab", gettext_lazy("Use spaces, not tabs.")),
    ("mapping values are not allowed", gettext_lazy("Put the text between double quotes: it holds a colon.")),
    ("unexpected end of stream", gettext_lazy("Close the quotes or brackets that are opened before.")),
    ("did not find expected", gettext_lazy("Check the spaces in front, and that quotes and brackets are closed.")),
    ("escape", gettext_lazy("Write \\\\ for a backslash, or use single quotes.")),
]


class Lines(dict[str, Any]):
    """A mapping of the file that remembers its line and those of its keys."""

    line: int
    lines: dict[str, int]


class Rows(list[Any]):
    """A list of the file that remembers its line and those of its items."""

    line: int
    lines: list[int]


def read_yaml(raw: bytes, name: str, *, progress: Progress | None = None) -> Reading:
    """Read and check a YAML file. Whatever is in it, the answer is data or sentences; nothing in it is run."""
    notebook = Notebook()
    try:
        text = _decoded(raw, name)
        data = _Builder(text, name, notebook, progress).build()
    except Refused as refused:
        return notebook.refuse(refused.problem)
    except Enough:
        return Reading(None, notebook.problems, notebook.all_warnings())
    _whole_numbers(data)
    return checked(data, lambda path: _where(data, path), notebook)


def _line(number: int) -> str:
    return _("line %(number)d") % {"number": number}


def _decoded(raw: bytes, name: str) -> str:
    if len(raw) > MAX_BYTES:
        raise Refused(
            name, _("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, _("Send a smaller file.")
        )
    if raw.startswith(_UTF_16) or b"\x00" in raw[:200]:
        raise Refused(
            name,
            _("The file is written in UTF-16 or is not a text file."),
            _("Save it as plain text with the encoding UTF-8."),
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise Refused(
            _line(number),
            _("There is a letter here that is not in UTF-8 (it may be Latin-1 or Windows-1252)."),
            _("Save the file with the encoding UTF-8: Welsh letters such as ŵ and ŷ need it."),
        ) from None
    odd = _CONTROL.search(text)
    if odd:
        raise Refused(
            _line(text.count("\n", 0, odd.start()) + 1),
            _("There is a hidden control character here (number %(number)d).") % {"number": ord(odd.group())},
            _("Delete it and type the text again."),
        )
    return text


class _Builder:
    """Turns the parser's events into mappings, lists and texts, one event at a time, without recursion."""

    def __init__(self, text: str, name: str, notebook: Notebook, progress: Progress | None):
        self.text, self.name, self.notebook, self.progress = text, name, notebook, progress
        self.open: list[Lines | Rows] = []
        self.keys: list[tuple[str, int] | None] = []
        self.root: Any = None
        self.documents = 0

    def build(self) -> Any:
        parser = Loader(self.text)
        try:
            self._follow(parser)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = f"{error.context or ''} {error.problem or ''}".strip()
            advice = next((write for sign, write in _ADVICE if sign in said), _ADVICE[-2][1])
            raise Refused(_line(mark.line + 1) if mark else self.name,
                          _("This is not YAML (%(reason)s).") % {"reason": said}, advice) from None  # fmt: skip
        except yaml.YAMLError as error:
            raise Refused(
                self.name,
                _("This is not YAML (%(reason)s).") % {"reason": " ".join(str(error).split())[:120]},
                _("Save it as plain text with the encoding UTF-8."),
            ) from None
        finally:
            parser.dispose()
        if not isinstance(self.root, Lines):
            raise Refused(
                self.name, _("The file holds no framework."), _("Begin with the line: format: levelground-framework/1")
            )
        return self.root

    def _follow(self, parser: Any) -> None:
        values = 0
        while parser.check_event():
            event = parser.get_event()
            mark: Any = event.start_mark
            line = mark.line + 1
            if isinstance(event, yaml.ScalarEvent):
                values += 1
                self._plain(event, line)
                self._put(self._scalar(event, line), line)
                if self.progress and not values % 5000:
                    self.progress(mark.index, len(self.text))
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                values += 1
                self._plain(event, line)
                self._start(Lines() if isinstance(event, yaml.MappingStartEvent) else Rows(), line)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self.open.pop()
                self.keys.pop()
            elif isinstance(event, yaml.AliasEvent):
                raise Refused(
                    _line(line),
                    _("There is a reference here (*%(name)s).") % {"name": event.anchor},
                    _("Write the text out each time. If the text begins with *, put it between quotes."),
                )
            elif isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise Refused(
                        _line(line), _("A second document begins here."), _("Keep one framework in one file.")
                    )
            if values > MAX_VALUES:
                raise Refused(
                    _line(line),
                    _("The file holds more than %(most)d values.") % {"most": MAX_VALUES},
                    _("Send a smaller file."),
                )

    def _plain(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            raise Refused(
                _line(line),
                _("There is a mark for references here (&%(name)s).") % {"name": event.anchor},
                _("Take it out and write each text out. If the text begins with &, put it between quotes."),
            )
        if event.tag is not None and event.tag != "!":
            raise Refused(
                _line(line),
                _("There is a type mark here (%(tag)s).") % {"tag": event.tag[:60]},
                _("Take it out. If the text begins with !, put it between quotes."),
            )

    def _scalar(self, event: Any, line: int) -> str | None:
        if len(event.value) > MAX_SCALAR:
            what = _("The text here has %(length)d characters.") % {"length": len(event.value)}
            self.notebook.problem(_line(line), what, _("Write at most %(longest)d characters.") % {"longest": MAX_TEXT})
            return ""
        return None if not event.style and event.value in _NULLS else tidy(event.value)

    def _start(self, value: Lines | Rows, line: int) -> None:
        if self.open and isinstance(self.open[-1], Lines) and self.keys[-1] is None:
            raise Refused(
                _line(line),
                _("A list or a group stands where a field's name should be."),
                _("Write the name of the field, then a colon."),
            )
        if len(self.open) >= MAX_DEPTH:
            raise Refused(
                _line(line),
                _("The file is nested too deeply here."),
                _("Write areas, themes, standards and indicators, nothing below them."),
            )
        value.line = line
        if isinstance(value, Lines):
            value.lines = {}
        else:
            value.lines = []
        self._put(value, line)
        self.open.append(value)
        self.keys.append(None)

    def _put(self, value: Any, line: int) -> None:
        if not self.open:
            self.root = value
            return
        parent = self.open[-1]
        if isinstance(parent, Rows):
            parent.append(value)
            parent.lines.append(line)
        elif self.keys[-1] is None:
            key = str(value or "")
            if key in parent.lines:
                what = _("“%(field)s” stands here twice (first on line %(line)d).") % {
                    "field": key[:40],
                    "line": parent.lines[key],
                }
                self.notebook.problem(_line(line), what, _("Keep one of them."))
            parent.lines[key] = line
            self.keys[-1] = (key, line)
        else:
            key, _at = self.keys[-1]
            if value is not None:  # an empty field counts as left out
                parent[key] = value
            self.keys[-1] = None


def _whole_numbers(data: Any) -> None:
    """Years and numbers come as text from the parser; the schema wants them as numbers."""
    for *way, last in _WHOLE_NUMBERS:
        place = data
        for step in way:
            place = place.get(step) if isinstance(place, dict) else None
        value = place.get(last) if isinstance(place, dict) else None
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value):
            place[last] = int(value)


def _where(data: Any, path: Path) -> str:
    """The line of what ``path`` names, or of the nearest thing above it."""
    line, place = getattr(data, "line", 1), data
    for step in path:
        if isinstance(place, Lines) and step in place.lines:
            line, place = place.lines[str(step)], place.get(str(step))
        elif isinstance(place, Rows) and isinstance(step, int) and step < len(place):
            line, place = place.lines[step], place[step]
        else:
            break
    return _line(line)


class Dumper(BaseDumper):
    """Writes every text out: a reader of ours would refuse references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


HEADER = """\
# A Levelground framework (docs/framework-format.md says what each field means).
# Check it with: levelground framework validate FILE
"""


def write_yaml(data: dict[str, Any]) -> bytes:
    """The YAML file of ``data``."""
    body = yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False)
    return (HEADER + body).encode("utf-8")
