"""How the plan says in words what an address asks of it: above the list, and above every file made from it."""

from typing import Any

from django.utils.translation import gettext as _

from levelground.accounts.models import User
from levelground.frameworks.selectors import tree

from .models import Workbook
from .plan_selectors import DUE, GROUPS, SHOW, Asked
from .states import ActionSource, Priority


def places(workbook: Workbook) -> list[tuple[Any, list[tuple[str, str]]]]:
    """The areas, each with its themes, as grouped choices for ``Asked.where``."""
    return [
        (
            f"{area.area.code} {area.area.name.here()}",
            [
                (f"area-{area.area.code}", _("All of %(area)s") % {"area": area.area.name.here()}),
                *((f"theme-{node.theme.code}", f"{node.theme.code} {node.theme.name.here()}") for node in area.themes),
            ],
        )
        for area in tree(workbook.version).areas
    ]


def asked_words(workbook: Workbook, asked: Asked, people: list[User], me: Any) -> list[str]:
    """What the plan is narrowed to, one part after the other; ``people`` are those who hold its actions."""
    parts = [str(dict(SHOW)[asked.show])]
    if asked.due:
        parts.append(_("When due: %(due)s") % {"due": dict(DUE)[asked.due]})
    if asked.owner:
        names = {person.public_id: person.name for person in people}
        names |= {"me": getattr(me, "name", ""), "nobody": _("nobody yet")}
        parts.append(_("Owner: %(name)s") % {"name": names.get(asked.owner, _("not known here"))})
    if asked.priority:
        parts.append(_("How important: %(priority)s") % {"priority": Priority(asked.priority).label})
    if asked.where:
        named = dict(choice for _area, choices in places(workbook) for choice in choices)
        named["whole"] = _("The whole organisation")
        parts.append(_("Part: %(part)s") % {"part": named.get(asked.where, _("not known here"))})
    if asked.source:
        parts.append(_("Source: %(source)s") % {"source": ActionSource(asked.source).label})
    if asked.words:
        parts.append(_("Words: %(words)s") % {"words": asked.words})
    return parts


def order_words(asked: Asked) -> str:
    """How the list is grouped."""
    if asked.view == "board":
        return _("By state")
    return str(dict(GROUPS)[asked.group])
