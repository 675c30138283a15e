"""May this happen now, and if not, what is missing. Pure questions; services and pages ask the same ones."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import FrameworkVersion
from .selectors import Tree
from .states import MOVES, VersionStatus

EDITABLE = {VersionStatus.DRAFT}


def why_not_editable(version: FrameworkVersion) -> str:
    """A sentence that says why the tree cannot be changed now; empty when it can."""
    if version.status in EDITABLE:
        return ""
    if version.is_frozen:
        return _("A published version never changes. Correct it: that makes a new draft.")
    return _("People are reading this version. Take it back to draft before you change it.")


def why_not_move(version: FrameworkVersion, to: str) -> str:
    if to in MOVES[version.status]:
        return ""
    if version.is_frozen and to == VersionStatus.PUBLISHED:
        return _("This version is already published. Correct it by making a new version.")
    return _("A version that is “%(now)s” cannot become “%(then)s”.") % {
        "now": version.get_status_display(),
        "then": VersionStatus(to).label,
    }


@dataclass(frozen=True)
class Check:
    """One line of the list that is gone through before publishing. ``blocks`` when it must be put right first."""

    name: str
    ok: bool
    blocks: bool
    sentence: str
    codes: list[str]


def _names(codes: list[str]) -> str:
    return ", ".join(codes[:8]) + ("…" if len(codes) > 8 else "")


def publish_checks(version: FrameworkVersion, nodes: Tree, *, consulted_once: bool) -> list[Check]:
    """What publishing asks of a version, in the order of the page."""
    indicators = nodes.indicators
    empty = (
        [area.area.code for area in nodes.areas if not area.themes]
        + [theme.theme.code for theme in nodes.themes if not theme.standards]
        + [standard.standard.code for standard in nodes.standards if not standard.indicators]
    )
    english = [item.code for item in indicators if not item.text.en] + [
        code for code, value in _named(nodes) if not value.en
    ]
    told = bool(version.consulted.strip() and version.decisions.strip())
    count = len(indicators)
    return [
        Check(
            "indicators", bool(count), True,
            ngettext("There is %(num)d indicator.", "There are %(num)d indicators.", count) % {"num": count}
            if count else _("Add indicators before you publish. This version has none."), [],
        ),
        Check(
            "empty", not empty, True,
            _("Add to these, or take them out: %(codes)s. They have nothing in them.") % {"codes": _names(empty)}
            if empty else _("Every area, theme and standard has something in it."), empty,
        ),
        Check(
            "english", not english, True,
            _("Write the English text of these: %(codes)s.") % {"codes": _names(english)}
            if english else _("Every name and text is there in English."), english,
        ),
        Check(
            "consulted", told, consulted_once,
            _("It is written down who was asked and what was decided.") if told
            else _("Write down who was asked and what was decided."), [],
        ),
        *_worth_a_look(nodes),
    ]  # fmt: skip


def _worth_a_look(nodes: Tree) -> list[Check]:
    """What does not stand in the way, and yet members would miss."""
    welsh = welsh_gaps(nodes)
    guidance = [item.code for item in nodes.indicators if not item.guidance]
    evidence = [item.code for item in nodes.indicators if not item.evidence_expected]
    return [
        Check(
            "welsh", not welsh, False,
            _("These have no Welsh yet, and will be shown in English: %(codes)s.") % {"codes": _names(welsh)}
            if welsh else _("Everything is there in Welsh too."), welsh,
        ),
        Check(
            "guidance", not guidance, False,
            _("These have no guidance: %(codes)s.") % {"codes": _names(guidance)}
            if guidance else _("Every indicator has guidance."), guidance,
        ),
        Check(
            "evidence", not evidence, False,
            _("These do not say what evidence is expected: %(codes)s.") % {"codes": _names(evidence)}
            if evidence else _("Every indicator says what evidence is expected."), evidence,
        ),
    ]  # fmt: skip


def _named(nodes: Tree) -> list[tuple[str, Any]]:
    return (
        [(area.area.code, area.area.name) for area in nodes.areas]
        + [(theme.theme.code, theme.theme.name) for theme in nodes.themes]
        + [(standard.standard.code, standard.standard.text) for standard in nodes.standards]
    )


def texts_without_welsh(node: Any) -> list[str]:
    """The names of the fields that a node has in English only."""
    fields = ("name", "summary", "text", "guidance", "why", "evidence_expected")
    values = ((name, getattr(node, name, None)) for name in fields)
    return [name for name, value in values if value is not None and value.en and not value.cy]


def welsh_gaps(nodes: Tree) -> list[str]:
    """The codes of all that has a text in English only, in order, each once."""
    every: list[Any] = []
    for area in nodes.areas:
        every.append(area.area)
        for theme in area.themes:
            every.append(theme.theme)
            for standard in theme.standards:
                every += [standard.standard, *standard.indicators]
    return list(dict.fromkeys(node.code for node in every if texts_without_welsh(node)))
