"""Reads of a framework's tree. A frozen version never changes, so its tree is read once per process."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from levelground.foundation.audit.services import canonical
from levelground.foundation.prepared import Prepared
from levelground.organisations import selectors as organisations
from levelground.organisations.selectors import HelpContact

from .models import Area, Framework, FrameworkVersion, Indicator, IndicatorMapping, Standard, Theme
from .states import FROZEN, VersionStatus

Node = Area | Theme | Standard | Indicator


@dataclass(frozen=True)
class StandardNode:
    standard: Standard
    indicators: list[Indicator] = field(default_factory=list)


@dataclass(frozen=True)
class ThemeNode:
    theme: Theme
    area: Area
    number: int
    standards: list[StandardNode] = field(default_factory=list)

    @property
    def indicators(self) -> list[Indicator]:
        return [indicator for node in self.standards for indicator in node.indicators]


@dataclass(frozen=True)
class AreaNode:
    area: Area
    themes: list[ThemeNode] = field(default_factory=list)

    @property
    def indicators(self) -> list[Indicator]:
        return [indicator for theme in self.themes for indicator in theme.indicators]


@dataclass(frozen=True)
class Tree:
    """The whole of one version, in order."""

    version_id: int
    areas: list[AreaNode]

    @property
    def themes(self) -> list[ThemeNode]:
        return [theme for area in self.areas for theme in area.themes]

    @property
    def standards(self) -> list[StandardNode]:
        return [standard for theme in self.themes for standard in theme.standards]

    @property
    def indicators(self) -> list[Indicator]:
        return [indicator for theme in self.themes for indicator in theme.indicators]

    def theme(self, code: str) -> ThemeNode | None:
        return next((node for node in self.themes if node.theme.code == code), None)

    def indicator(self, code: str) -> tuple[ThemeNode, Indicator] | None:
        for node in self.themes:
            for indicator in node.indicators:
                if indicator.code == code:
                    return node, indicator
        return None


def _read(version_id: int) -> Tree:
    standards: dict[int, StandardNode] = {}
    themes: dict[int, ThemeNode] = {}
    areas = {area.pk: AreaNode(area) for area in Area.objects.filter(version=version_id).order_by("position")}
    for number, theme in enumerate(
        Theme.objects.filter(version=version_id).order_by("area__position", "position"), start=1
    ):
        themes[theme.pk] = ThemeNode(theme, areas[theme.area_id].area, number)
        areas[theme.area_id].themes.append(themes[theme.pk])
    for standard in Standard.objects.filter(version=version_id).order_by("position"):
        standards[standard.pk] = StandardNode(standard)
        themes[standard.theme_id].standards.append(standards[standard.pk])
    for indicator in Indicator.objects.filter(version=version_id).order_by("position"):
        standards[indicator.standard_id].indicators.append(indicator)
    return Tree(version_id, list(areas.values()))


@lru_cache(maxsize=32)
def _frozen_tree(version_id: int, _public_id: str, _sha256: str) -> Tree:
    return _read(version_id)


def tree(version: FrameworkVersion) -> Tree:
    """The tree of ``version``: four queries, or none when the version is frozen and was read before."""
    if version.is_frozen and version.sha256:
        return _frozen_tree(version.pk, version.public_id, version.sha256)
    return _read(version.pk)


def as_data(version: FrameworkVersion) -> dict[str, Any]:
    """A version as the plain data of the file format, in order: what ``framework export`` writes."""
    framework = version.framework
    return {
        "format": "levelground-framework/1",
        "framework": {
            "slug": framework.slug,
            "name": framework.name.as_dict(),
            "purpose": framework.purpose.as_dict(),
            "beneficiaries": framework.beneficiaries.as_dict(),
            "strategy": {
                "name": framework.strategy.as_dict(),
                "target_year": framework.strategy_year,
                "reach": framework.strategy_reach,
            },
            "help": {
                "label": framework.help_label.as_dict(),
                "email": framework.help_email,
                "phone": framework.help_phone,
                "url": framework.help_url,
            },
        },
        "version": {"label": version.label, "notes": version.notes.as_dict()},
        "areas": [
            {
                **node_data(area.area),
                "themes": [
                    {
                        **node_data(theme.theme),
                        "standards": [
                            {
                                **node_data(standard.standard),
                                "indicators": [node_data(item) for item in standard.indicators],
                            }
                            for standard in theme.standards
                        ],
                    }
                    for theme in area.themes
                ],
            }
            for area in tree(version).areas
        ],
    }


def frozen_digest(version: FrameworkVersion) -> str:
    """The SHA-256 of what publishing fixes: the version's own words and its tree, not the framework's name."""
    data = as_data(version)
    data["framework"] = data["framework"]["slug"]
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def node_data(node: Node) -> dict[str, Any]:
    """One area, theme, standard or indicator as the file format has it, without what lies below."""
    if isinstance(node, Area):
        return {"code": node.code, "name": node.name.as_dict()}
    if isinstance(node, Theme):
        return {"code": node.code, "name": node.name.as_dict(), "summary": node.summary.as_dict()}
    if isinstance(node, Standard):
        return {"code": node.code, "text": node.text.as_dict(), "resources": node.resources}
    return {
        "code": node.code,
        "kind": node.kind,
        "answer": node.answer_type,
        "text": node.text.as_dict(),
        "guidance": node.guidance.as_dict(),
        "why": node.why.as_dict(),
        "evidence": node.evidence_expected.as_dict(),
    }


def parent_of(node: Node) -> Area | Theme | Standard | None:
    if isinstance(node, Theme):
        return node.area
    if isinstance(node, Standard):
        return node.theme
    return node.standard if isinstance(node, Indicator) else None


def fingerprint(value: Node | Framework) -> str:
    """Changes whenever what an editor sees changes: two people who edit the same thing notice each other by it."""
    if isinstance(value, Framework):
        data: Any = [
            [
                item.name,
                str(
                    getattr(value, item.name).as_dict()
                    if hasattr(getattr(value, item.name), "as_dict")
                    else getattr(value, item.name)
                ),
            ]
            for item in value._meta.concrete_fields
        ]
    else:
        parent = parent_of(value)
        data = [node_data(value), parent.code if parent else ""]
    return hashlib.sha256(canonical(data).encode()).hexdigest()[:16]


def base_of(version: FrameworkVersion) -> FrameworkVersion | None:
    """The version that members move from: the one it corrects, or the newest published one before it."""
    if version.corrects_id:
        return version.corrects
    return (
        FrameworkVersion.objects.filter(framework=version.framework_id, number__lt=version.number, status__in=FROZEN)
        .order_by("-number")
        .first()
    )


_published = Prepared(
    lambda framework: (
        FrameworkVersion.objects.filter(framework=framework, status__in=FROZEN)
        .exclude(status=VersionStatus.RETIRED)
        .order_by("-number")[:1]
    )
)


def published(framework: Framework) -> FrameworkVersion | None:
    """The newest published version."""
    found: FrameworkVersion | None = _published.first(framework.pk)
    return found


def explicit_mapping(old: FrameworkVersion, new: FrameworkVersion) -> dict[int, tuple[int, bool]]:
    """What the network said itself: new indicator id → (old indicator id, whether the answer still answers it)."""
    rows = IndicatorMapping.objects.filter(old__version=old, new__version=new).values_list(
        "new_id", "old_id", "carries_answer"
    )
    return {new_id: (old_id, carries) for new_id, old_id, carries in rows}


def is_answered_anew(indicator: Indicator) -> bool:
    """Whether it came from an older version, whose answers no longer answer it."""
    return IndicatorMapping.objects.filter(new=indicator, carries_answer=False).exists()


def same_words(text: str) -> str:
    """A text without what does not count as a change: how its words are spaced."""
    return " ".join(text.split())


def _asks_the_same(old: Indicator, new: Indicator) -> bool:
    return (same_words(old.text.en), old.answer_type) == (same_words(new.text.en), new.answer_type)


def mapping(old_version: FrameworkVersion, new_version: FrameworkVersion) -> list[tuple[int, int, bool]]:
    """What each indicator became: (old indicator id, new indicator id, whether the old answer still answers it).

    What the network said comes first. Where it said nothing of either indicator, the same code is the same indicator,
    and its answer is carried when the English text and the way to answer are the same too. Across several versions the
    steps are joined: an answer is carried when every step carries it.
    """
    between = new_version.corrects
    if between is not None and between.pk != old_version.pk and between.number > old_version.number:
        first = {new: (old, carries) for old, new, carries in mapping(old_version, between)}
        return [
            (first[middle][0], new, first[middle][1] and carries)
            for middle, new, carries in mapping(between, new_version)
            if middle in first
        ]
    said = explicit_mapping(old_version, new_version)
    taken = {old_id for old_id, _carries in said.values()}
    by_code = {item.code: item for item in tree(old_version).indicators if item.pk not in taken}
    found = []
    for item in tree(new_version).indicators:
        if item.pk in said:
            found.append((said[item.pk][0], item.pk, said[item.pk][1]))
        elif item.code in by_code:
            old = by_code[item.code]
            found.append((old.pk, item.pk, _asks_the_same(old, item)))
    return found


def help_contact(framework: Framework) -> HelpContact | None:
    """Whom to ask about this mark (MQM-10): its own contact, or that of its network."""
    if framework.help_email or framework.help_phone or framework.help_url:
        return HelpContact(
            str(framework.help_label or framework.name), framework.help_email, framework.help_phone, framework.help_url
        )
    return organisations.help_contact(framework.network)
