"""What the schema cannot say: codes that must differ, limits over the whole file, gaps; and the data's full form."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .limits import MAX_INDICATORS
from .problems import Enough, Notebook, Path, Reading
from .schema import FORMAT, Where, check

LEVELS = ("areas", "themes", "standards", "indicators")
_ONE = {
    "areas": gettext_lazy("area"), "themes": gettext_lazy("theme"),
    "standards": gettext_lazy("standard"), "indicators": gettext_lazy("indicator"),
}  # fmt: skip
_TEXTS = {
    "areas": ("name",), "themes": ("name", "summary"), "standards": ("text",),
    "indicators": ("text", "guidance", "why", "evidence"),
}  # fmt: skip


def nodes(data: dict[str, Any]) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Every area, theme, standard and indicator as (level, path, mapping), in reading order."""

    def below(parent: dict[str, Any], depth: int, path: Path) -> Iterator[tuple[str, Path, dict[str, Any]]]:
        level = LEVELS[depth]
        for index, node in enumerate(parent.get(level) or []):
            here = (*path, level, index)
            yield level, here, node
            if depth + 1 < len(LEVELS):
                yield from below(node, depth + 1, here)

    yield from below(data, 0, ())


def checked(data: Any, where: Where, notebook: Notebook) -> Reading:
    """The reading of a whole file: checked by the schema, then as a whole, then in its full form."""
    try:
        check(data, where, notebook)
        if not notebook.problems:
            _check_whole(data, where, notebook)
    except Enough:
        pass
    if notebook.problems:
        return Reading(None, notebook.problems, notebook.all_warnings())
    return Reading(complete(data), [], notebook.all_warnings())


def _check_whole(data: dict[str, Any], where: Where, notebook: Notebook) -> None:
    seen: dict[str, dict[str, Path]] = {level: {} for level in LEVELS}
    texts: dict[str, str] = {}
    count = 0
    _welsh_gaps(data["framework"], ("name", "purpose", "beneficiaries"), ("framework",), where, notebook)
    for level, path, node in nodes(data):
        code = node["code"]
        first = seen[level].setdefault(code.lower(), path)
        if first is not path:
            what = _("The code %(code)s of this %(level)s is used before, at %(where)s.") % {
                "code": code, "level": _ONE[level], "where": where((*first, "code")),
            }  # fmt: skip
            notebook.problem(where((*path, "code")), what, _("Write a code that no other has."))
        _welsh_gaps(node, _TEXTS[level], path, where, notebook)
        if level == "indicators":
            count += 1
            if count == MAX_INDICATORS + 1:
                what = _("The file has more than %(most)d indicators.") % {"most": MAX_INDICATORS}
                notebook.problem(where((*path, "code")), what, _("Write a smaller framework, or part it in two."))
                return
            text = " ".join(node["text"]["en"].lower().split())
            twin = texts.setdefault(text, code)
            if twin != code:
                what = _("Indicator %(code)s asks the same as %(twin)s.") % {"code": code, "twin": twin}
                notebook.warn(where((*path, "text", "en")), what, _("Take one of them out, or say how they differ."))
        else:
            below = LEVELS[LEVELS.index(level) + 1]
            if not node[below]:
                what = _("The %(level)s %(code)s has nothing in it.") % {"level": _ONE[level], "code": code}
                notebook.warn(where(path), what, _("Add to it before you publish, or take it out."))
    if not count:
        notebook.problem(where(("areas",)), _("The file has no indicators."), _("Write at least one indicator."))


def _welsh_gaps(node: dict[str, Any], fields: tuple[str, ...], path: Path, where: Where, notebook: Notebook) -> None:
    for field in fields:
        text = node.get(field)
        if text and text.get("en") and not text.get("cy"):
            what = _("“%(field)s” has no Welsh.") % {"field": field}
            notebook.warn(where((*path, field)), what, _("Write the Welsh text under cy when you have it."))
        elif text and text.get("cy") and not text.get("en"):
            what = _("“%(field)s” has no English.") % {"field": field}
            notebook.warn(where((*path, field)), what, _("Write the English text under en when you have it."))


def count_indicators(data: dict[str, Any]) -> int:
    return sum(1 for level, _path, _node in nodes(data) if level == "indicators")


def gaps(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Texts that stand in one language only, as (level, code, field); the framework's own have level ``framework``."""
    head = data["framework"]
    found = [
        ("framework", "", field)
        for field in ("name", "purpose", "beneficiaries")
        if bool((head.get(field) or {}).get("en")) != bool((head.get(field) or {}).get("cy"))
    ]
    for level, _path, node in nodes(data):
        found += [
            (level, node["code"], field)
            for field in _TEXTS[level]
            if bool((node.get(field) or {}).get("en")) != bool((node.get(field) or {}).get("cy"))
        ]
    return found


def sentence_count(count: int) -> str:
    return ngettext("%(num)d indicator", "%(num)d indicators", count) % {"num": count}


def _both(value: dict[str, str] | None) -> dict[str, str]:
    value = value or {}
    return {"en": value.get("en") or "", "cy": value.get("cy") or ""}


def complete(data: dict[str, Any]) -> dict[str, Any]:
    """The data with every optional field written out, in the order that ``as_data`` gives: equal files become equal."""
    head, strategy, contact = (
        data["framework"],
        data["framework"].get("strategy") or {},
        data["framework"].get("help") or {},
    )
    return {
        "format": FORMAT,
        "framework": {
            "slug": head["slug"],
            "name": _both(head["name"]),
            "purpose": _both(head.get("purpose")),
            "beneficiaries": _both(head.get("beneficiaries")),
            "strategy": {
                "name": _both(strategy.get("name")),
                "target_year": strategy.get("target_year"),
                "reach": strategy.get("reach"),
            },
            "help": {
                "label": _both(contact.get("label")),
                **{name: contact.get(name) or "" for name in ("email", "phone", "url")},
            },
        },
        "version": {"label": data["version"]["label"], "notes": _both(data["version"].get("notes"))},
        "areas": [
            {"code": area["code"], "name": _both(area["name"]), "themes": [_theme(theme) for theme in area["themes"]]}
            for area in data["areas"]
        ],
    }


def _theme(theme: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": theme["code"],
        "name": _both(theme["name"]),
        "summary": _both(theme.get("summary")),
        "standards": [
            {
                "code": standard["code"],
                "text": _both(standard["text"]),
                "resources": [
                    {"kind": item["kind"], "title": _both(item["title"]), "url": item["url"]}
                    for item in standard.get("resources") or []
                ],
                "indicators": [_indicator(item) for item in standard["indicators"]],
            }
            for standard in theme["standards"]
        ],
    }


def _indicator(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": item["code"],
        "kind": item["kind"],
        "answer": item.get("answer") or "met_not_met",
        **{field: _both(item.get(field)) for field in _TEXTS["indicators"]},
    }
