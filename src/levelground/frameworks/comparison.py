"""What differs between two editions of a framework: pure functions over the data of the file format."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LEVELS = ("areas", "themes", "standards", "indicators")
FIELDS = {
    "areas": ("name",), "themes": ("name", "summary"), "standards": ("text", "resources"),
    "indicators": ("kind", "answer", "text", "guidance", "why", "evidence"),
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field that differs; ``language`` is empty for fields that have none."""

    field: str
    language: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Item:
    """One area, theme, standard or indicator of either edition. ``state`` is new, changed, removed or unchanged."""

    level: str
    code: str
    old_code: str
    state: str
    text: dict[str, str]
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    items: list[Item]

    def of(self, state: str, level: str = "") -> list[Item]:
        return [item for item in self.items if item.state == state and (not level or item.level == level)]

    def counts(self, level: str) -> dict[str, int]:
        """How many of a level are new, changed, removed and unchanged."""
        return {state: len(self.of(state, level)) for state in ("new", "changed", "removed", "unchanged")}

    @property
    def same(self) -> bool:
        return all(item.state == "unchanged" for item in self.items)


def _walk(data: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Every node as (level, code, node, code of its parent)."""

    def below(parent: dict[str, Any], depth: int, code: str) -> Iterator[tuple[str, str, dict[str, Any], str]]:
        for node in parent.get(LEVELS[depth]) or []:
            yield LEVELS[depth], node["code"], node, code
            if depth + 1 < len(LEVELS):
                yield from below(node, depth + 1, node["code"])

    yield from below(data, 0, "")


def _differences(level: str, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    found = []
    for name in FIELDS[level]:
        before, after = old.get(name), new.get(name)
        if name == "resources":
            if (before or []) != (after or []):
                found.append(Difference(name, "", before or [], after or []))
        elif isinstance(before, dict) or isinstance(after, dict):
            for language in ("en", "cy"):
                left, right = ((side or {}).get(language) or "" for side in (before, after))
                if left != right:
                    found.append(Difference(name, language, left, right))
        elif before != after:
            found.append(Difference(name, "", before, after))
    return found


def compare(old: dict[str, Any], new: dict[str, Any], renamed: dict[str, str] | None = None) -> Comparison:
    """``renamed`` maps codes of new indicators to the old codes that they come from."""
    renamed = renamed or {}
    before = {(level, code): (node, parent) for level, code, node, parent in _walk(old)}
    met: set[tuple[str, str]] = set()
    items = []
    for level, code, node, parent in _walk(new):
        old_code = renamed.get(code, code) if level == "indicators" else code
        text = node.get("text") or node.get("name") or {}
        if (level, old_code) not in before:
            items.append(Item(level, code, "", "new", text))
            continue
        met.add((level, old_code))
        known, known_parent = before[level, old_code]
        differences = _differences(level, known, node)
        if old_code != code:
            differences.insert(0, Difference("code", "", old_code, code))
        if known_parent != parent:
            differences.append(Difference("parent", "", known_parent, parent))
        items.append(Item(level, code, old_code, "changed" if differences else "unchanged", text, differences))
    for (level, code), (node, _parent) in before.items():
        if (level, code) not in met:
            items.append(Item(level, code, code, "removed", node.get("text") or node.get("name") or {}))
    return Comparison(items)


def head_differences(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """What the framework's own words (name, purpose, strategy, help) say differently."""
    found = []
    for name in ("name", "purpose", "beneficiaries"):
        found += _pair(name, old.get(name), new.get(name))
    old_plan, new_plan = old.get("strategy") or {}, new.get("strategy") or {}
    found += _pair("strategy", old_plan.get("name"), new_plan.get("name"))
    old_help, new_help = old.get("help") or {}, new.get("help") or {}
    found += _pair("help", old_help.get("label"), new_help.get("label"))
    for name, left, right in (
        *((key, old_plan.get(key), new_plan.get(key)) for key in ("target_year", "reach")),
        *((key, old_help.get(key) or "", new_help.get(key) or "") for key in ("email", "phone", "url")),
    ):
        if left != right:
            found.append(Difference(name, "", left, right))
    return found


def _pair(name: str, before: dict[str, str] | None, after: dict[str, str] | None) -> list[Difference]:
    return [
        Difference(name, language, (before or {}).get(language) or "", (after or {}).get(language) or "")
        for language in ("en", "cy")
        if ((before or {}).get(language) or "") != ((after or {}).get(language) or "")
    ]
