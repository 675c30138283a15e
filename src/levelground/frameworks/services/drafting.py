"""Changing a draft by hand: one area, theme, standard or indicator at a time; and what a framework says of itself."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from levelground.foundation.audit import services as audit
from levelground.foundation.errors import Conflict, Invalid

from ..models import Area, Framework, FrameworkVersion, Indicator, IndicatorMapping, Standard, Theme
from ..selectors import Node, fingerprint, node_data, parent_of, same_words
from .importing import plain
from .lifecycle import locked_draft

LEVELS: dict[str, type[Area] | type[Theme] | type[Standard] | type[Indicator]] = {
    "area": Area, "theme": Theme, "standard": Standard, "indicator": Indicator,
}  # fmt: skip
PARENTS = {"theme": "area", "standard": "theme", "indicator": "standard"}
_CHILDREN = {"area": "themes", "theme": "standards", "standard": "indicators"}


def level_of(node: Node) -> str:
    return type(node).__name__.lower()


def _subject(version: FrameworkVersion) -> dict[str, str]:
    return {"subject": f"framework_version:{version.public_id}", "chain": version.framework.network.audit_chain}


def _require_own_code(version: FrameworkVersion, level: str, code: str, node: Node | None = None) -> None:
    others = LEVELS[level]._default_manager.filter(version=version, code__iexact=code)
    if node is not None:
        others = others.exclude(pk=node.pk)
    if others.exists():
        raise Invalid(fields={"code": _("The code %(code)s is used already. Write another one.") % {"code": code}})


def _next_position(version: FrameworkVersion, level: str) -> int:
    last = LEVELS[level]._default_manager.filter(version=version).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _recount(version: FrameworkVersion) -> None:
    version.indicator_count = version.indicators.count()
    version.save(update_fields=["indicator_count"])


@transaction.atomic
def add_node(*, version: FrameworkVersion, level: str, values: dict[str, Any], by: Any) -> Node:
    """Add an area, theme, standard or indicator at the end of its parent, which is one of ``values``."""
    version = locked_draft(version)
    _require_own_code(version, level, values["code"])
    _require_parent(version, level, values)
    node = LEVELS[level](version=version, position=_next_position(version, level), **values)
    node.save(force_insert=True)
    if level == "indicator":
        _recount(version)
    audit.record(by=by, verb=f"framework.{level}_added", after=node_data(node), **_subject(version))
    return node


def _require_parent(version: FrameworkVersion, level: str, values: dict[str, Any]) -> None:
    name = PARENTS.get(level)
    if name and values[name].version_id != version.pk:
        raise Invalid(fields={name: _("Choose one that is in this version.")})


@transaction.atomic
def edit_node(*, node: Node, values: dict[str, Any], by: Any, seen: str | None = None) -> Node:
    """Change one node of a draft. ``seen`` is the fingerprint of what the person began with; a stale one is a conflict.

    ``Conflict.theirs`` is the node as it stands, ``Conflict.yours`` the values that were sent.
    """
    version = locked_draft(node.version)
    level = level_of(node)
    current: Node | None = LEVELS[level]._default_manager.filter(pk=node.pk, version=version).first()
    if current is None:
        raise Conflict(_("Somebody took this out while you were working. What you typed is below."), yours=values)
    if all(getattr(current, name) == value for name, value in values.items()):
        return current
    if seen is not None and seen != fingerprint(current):
        raise Conflict(
            _("A colleague changed this while you were working. Both are below: nothing is lost."),
            theirs=current, yours=values,
        )  # fmt: skip
    _require_own_code(version, level, values.get("code", current.code), current)
    parent_name = PARENTS.get(level)
    before = node_data(current) | _parent_code(current)
    if parent_name and parent_name in values:
        _require_parent(version, level, values)
        if values[parent_name].pk != getattr(current, f"{parent_name}_id"):
            current.position = _next_position(version, level)
    asked = _question(current)
    for name, value in values.items():
        setattr(current, name, value)
    current.save()
    if _question(current) != asked:
        # Whoever only put a comma right says so where the versions are compared; a false "met" nobody would see.
        IndicatorMapping.objects.filter(new_id=current.pk).update(carries_answer=False)
    audit.record(
        by=by, verb=f"framework.{level}_changed", before=before, after=node_data(current) | _parent_code(current),
        **_subject(version),
    )  # fmt: skip
    return current


def _question(node: Node) -> tuple[str, str] | None:
    """What an indicator asks, and how it is answered: an answer is one to just that."""
    return (same_words(node.text.en), node.answer_type) if isinstance(node, Indicator) else None


def _parent_code(node: Node) -> dict[str, str]:
    parent = parent_of(node)
    return {"parent": parent.code} if parent else {}


@transaction.atomic
def move_node(*, node: Node, up: bool, by: Any) -> bool:
    """Change places with the neighbour above or below in the same parent; ``False`` when there is none."""
    version = locked_draft(node.version)
    level = level_of(node)
    siblings = LEVELS[level]._default_manager.filter(version=version)
    if level in PARENTS:
        siblings = siblings.filter(**{PARENTS[level]: getattr(node, f"{PARENTS[level]}_id")})
    order: list[Node] = list(siblings.order_by("position", "pk"))
    place = next((index for index, item in enumerate(order) if item.pk == node.pk), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(order):
        return False
    mine, theirs = order[place], order[other]
    mine.position, theirs.position = theirs.position, mine.position
    mine.save(update_fields=["position"])
    theirs.save(update_fields=["position"])
    audit.record(
        by=by, verb=f"framework.{level}_moved", after={"code": mine.code, "past": theirs.code, "up": up},
        **_subject(version),
    )  # fmt: skip
    return True


def below(node: Node) -> list[Node]:
    """All that goes when ``node`` goes, deepest last, without the node itself."""
    found: list[Node] = []
    level: list[Node] = [node]
    while level and level_of(level[0]) in _CHILDREN:
        level = [child for item in level for child in getattr(item, _CHILDREN[level_of(item)]).all()]
        found += level
    return found


@transaction.atomic
def delete_node(*, node: Node, by: Any) -> int:
    """Take a node out of a draft with all that lies below it; gives how many indicators went."""
    version = locked_draft(node.version)
    level = level_of(node)
    doomed = [node, *below(node)]
    gone = [item for item in doomed if isinstance(item, Indicator)]
    IndicatorMapping.objects.filter(new__in=[item.pk for item in gone]).delete()
    for model in (Indicator, Standard, Theme, Area):
        keys = [item.pk for item in doomed if isinstance(item, model)]
        for start in range(0, len(keys), 500):
            model._default_manager.filter(version=version, pk__in=keys[start : start + 500]).delete()
    _recount(version)
    audit.record(
        by=by, verb=f"framework.{level}_removed", before=node_data(node) | {"with": [item.code for item in doomed[1:]]},
        **_subject(version),
    )  # fmt: skip
    return len(gone)


@transaction.atomic
def edit_framework(*, framework: Framework, values: dict[str, Any], by: Any, seen: str | None = None) -> Framework:
    """Change what a framework says of itself on every page: name, purpose, strategy, whom to ask."""
    current = Framework.objects.select_for_update(of=("self",)).select_related("network").get(pk=framework.pk)
    before = {name: getattr(current, name) for name in values}
    if before == values:
        return current
    if seen is not None and seen != fingerprint(current):
        raise Conflict(
            _("A colleague changed this while you were working. Both are below: nothing is lost."),
            theirs=current, yours=values,
        )  # fmt: skip
    for name, value in values.items():
        setattr(current, name, value)
    current.save()
    audit.record(
        by=by, verb="framework.changed", subject=f"framework:{current.network.slug}/{current.slug}",
        chain=current.network.audit_chain, before=plain(before), after=plain(values),
    )  # fmt: skip
    return current
