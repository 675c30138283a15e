"""Checks framework data against ``schema.json``, with sentences that say what to write.

The general validators give neither lines nor plain words and are far slower. This one knows the few keywords that our
schema uses; ``tests/test_schema.py`` compares it with the ``jsonschema`` library.
"""

import contextlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .problems import Enough, Notebook, Path

FORMAT = "levelground-framework/1"
Where = Callable[[Path], str]

# What to write where a pattern of the schema does not fit, by the name of its definition.
WRITE = {
    "code": gettext_lazy("Write letters, digits, dots, hyphens or underscores, without spaces, for example 1.2.3."),
    "slug": gettext_lazy("Write small letters, digits and hyphens, for example quality-mark (not the word import)."),
    "label": gettext_lazy("Write it on one line, without control characters."),
    "label_text": gettext_lazy("Write it on one line, without control characters."),
    "body": gettext_lazy("Type the text again: it holds a hidden control character."),
    "title_text": gettext_lazy("Write it on one line, without the sign | and without control characters."),
    "url": gettext_lazy("Write a whole web address, for example https://hub.example.org/page."),
    "optional_url": gettext_lazy("Write a whole web address, for example https://hub.example.org/page."),
    "email": gettext_lazy("Write an e-mail address, for example quality@example.org."),
    "phone": gettext_lazy("Write the phone number with digits, for example 01632 960 100."),
}
TYPES: dict[str, tuple[type, ...]] = {"object": (dict,), "array": (list,), "string": (str,), "integer": (int,)}
TYPE_WORDS = {
    "object": gettext_lazy("Write named fields here."),
    "array": gettext_lazy("Write a list here."),
    "string": gettext_lazy("Write a text here."),
    "integer": gettext_lazy("Write a whole number here, with digits only."),
}


@cache
def schema() -> dict[str, Any]:
    """The documented schema."""
    with (FilePath(__file__).parent / "schema.json").open(encoding="utf-8") as stream:
        return dict(json.load(stream))


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def check(data: Any, where: Where, notebook: Notebook) -> None:
    """Put into ``notebook`` whatever in ``data`` the schema does not allow."""
    _Checker(where, notebook).value(data, schema()["$defs"]["file"], "file", ())


def check_part(value: Any, definition: str) -> list[tuple[tuple[str, ...], str]]:
    """What the schema has against one part (``indicator``, ``theme`` …): where in it, and what to say there."""
    notebook = Notebook()
    with contextlib.suppress(Enough):
        checker = _Checker(lambda path: "/".join(str(step) for step in path), notebook)
        checker.value(value, {"$ref": f"#/$defs/{definition}"}, definition, ())
    return [(tuple(item.where.split("/")), f"{item.what} {item.write_instead}") for item in notebook.problems]


class _Checker:
    def __init__(self, where: Where, notebook: Notebook):
        self.where, self.notebook = where, notebook
        self.definitions: dict[str, Any] = schema()["$defs"]

    def say(self, path: Path, what: str, write: Any) -> None:
        self.notebook.problem(self.where(path), what, write)

    def value(self, value: Any, rule: dict[str, Any], name: str, path: Path) -> None:
        """Check one value. ``name`` is the definition that the rule comes from; siblings of a $ref count as well."""
        if "$ref" in rule:
            name = rule["$ref"].rsplit("/", 1)[1]
            rule = {**self.definitions[name], **{key: item for key, item in rule.items() if key != "$ref"}}
        if "const" in rule:
            if value != rule["const"]:
                self.say(path, _("“%(field)s” does not say which rules the file follows.") % {"field": _last(path)},
                         _("Write %(value)s") % {"value": rule["const"]})  # fmt: skip
        elif "enum" in rule:
            if not isinstance(value, str) or value not in rule["enum"]:
                self.say(path, _says(path, value), _("Write %(choices)s.") % {"choices": _either(rule["enum"])})
        elif self.has_type(value, rule, name, path):
            if isinstance(value, str):
                self.text(value, rule, name, path)
            elif isinstance(value, dict):
                self.mapping(value, rule, path)
            elif isinstance(value, list):
                self.items(value, rule, path)
            elif value is not None:
                self.number(value, rule, path)

    def has_type(self, value: Any, rule: dict[str, Any], name: str, path: Path) -> bool:
        allowed = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        if value is None and "null" in allowed:
            return True
        if any(isinstance(value, TYPES.get(kind, ())) and not isinstance(value, bool) for kind in allowed):
            return True
        if value is None:
            self.say(path, _("“%(field)s” is empty.") % {"field": _last(path)}, TYPE_WORDS[allowed[0]])
        elif allowed[0] == "object" and "en" in rule["properties"] and isinstance(value, str):
            what = _("“%(field)s” has a text without its language.") % {"field": _last(path)}
            self.say(path, what, _('Write {en: "the English text", cy: "the Welsh text"}.'))
        else:
            self.say(path, _says(path, value), TYPE_WORDS[allowed[0]])
        return False

    def text(self, value: str, rule: dict[str, Any], name: str, path: Path) -> None:
        longest = rule.get("maxLength")
        if len(value) < rule.get("minLength", 0) or (not value and name in {"code", "slug"}):
            self.say(path, _("“%(field)s” is empty.") % {"field": _last(path)}, _("Write a text here."))
        elif longest is not None and len(value) > longest:
            what = _("“%(field)s” has %(length)d characters.") % {"field": _last(path), "length": len(value)}
            self.say(path, what, _("Write at most %(longest)d characters.") % {"longest": longest})
        elif "pattern" in rule and not _pattern(rule["pattern"]).search(value):
            self.say(path, _says(path, value), WRITE[name])

    def number(self, value: int, rule: dict[str, Any], path: Path) -> None:
        least, most = rule["minimum"], rule["maximum"]
        if not least <= value <= most:
            self.say(
                path,
                _says(path, value),
                _("Write a number from %(least)d to %(most)d.") % {"least": least, "most": most},
            )

    def mapping(self, value: dict[Any, Any], rule: dict[str, Any], path: Path) -> None:
        known: dict[str, Any] = rule["properties"]
        for key in rule.get("required", ()):
            if key not in value:
                what = _("“%(field)s” is missing in %(place)s.") % {"field": key, "place": _place(path, value)}
                self.say((*path, key), what, _("Add “%(field)s”.") % {"field": key})
        for key, item in value.items():
            if key in known:
                self.value(item, known[key], "", (*path, key))
            else:
                what = _("“%(field)s” is not a field of %(place)s.") % {
                    "field": _short(key),
                    "place": _place(path, value),
                }
                self.say(
                    (*path, key), what, _("Take it out, or write %(choices)s.") % {"choices": _either(list(known))}
                )

    def items(self, value: list[Any], rule: dict[str, Any], path: Path) -> None:
        if len(value) > rule["maxItems"]:
            what = ngettext(
                "“%(field)s” has %(num)d entry.", "“%(field)s” has %(num)d entries.", len(value)
            ) % {"field": _last(path), "num": len(value)}  # fmt: skip
            self.say(path, what, _("Write at most %(most)d.") % {"most": rule["maxItems"]})
            return
        for index, item in enumerate(value):
            self.value(item, rule["items"], "", (*path, index))


def _short(value: Any) -> str:
    """A value as people may see it in a sentence."""
    text = " ".join(str(value).split())
    text = "".join(char if char.isprintable() else "�" for char in text)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _last(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    if names and names[-1] in {"en", "cy"} and len(names) > 1:
        return f"{names[-2]}, {names[-1]}"
    return names[-1] if names else _("the file")


def _says(path: Path, value: Any) -> str:
    if isinstance(value, dict):
        return _("“%(field)s” has named fields below it.") % {"field": _last(path)}
    if isinstance(value, list):
        return _("“%(field)s” has a list below it.") % {"field": _last(path)}
    return _("“%(field)s” says “%(value)s”.") % {"field": _last(path), "value": _short(value)}


_PLACES = {
    "areas": gettext_lazy("area"), "themes": gettext_lazy("theme"), "standards": gettext_lazy("standard"),
    "indicators": gettext_lazy("indicator"), "resources": gettext_lazy("resource"),
}  # fmt: skip


def _place(path: Path, value: dict[Any, Any]) -> str:
    """Where in the framework a mapping stands: ``indicator 1.2.3``, ``text``, ``the file``."""
    if path and isinstance(path[-1], int):
        kind = str(_PLACES.get(str(path[-2]), path[-2]))
        code = value.get("code")
        return f"{kind} {_short(code)}" if code else f"{kind} {path[-1] + 1}"
    return _last(path)


def _either(choices: list[str]) -> str:
    if len(choices) == 1:
        return choices[0]
    return _("%(most)s or %(last)s") % {"most": ", ".join(choices[:-1]), "last": choices[-1]}
