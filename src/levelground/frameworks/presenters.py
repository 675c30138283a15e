"""How frameworks are worded and laid out on pages."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .comparison import Comparison, Difference, Item
from .models import AnswerType, FrameworkVersion, Indicator, Kind
from .rules import welsh_gaps
from .selectors import Tree
from .states import VersionStatus

STATUS_TONES = {
    VersionStatus.DRAFT: "plain", VersionStatus.CONSULTATION: "go", VersionStatus.PILOT: "go",
    VersionStatus.PUBLISHED: "good", VersionStatus.RETIRED: "calm",
}  # fmt: skip
LEVELS = {
    "areas": gettext_lazy("Area"), "themes": gettext_lazy("Theme"), "standards": gettext_lazy("Standard"),
    "indicators": gettext_lazy("Indicator"),
}  # fmt: skip
FIELDS = {
    "code": gettext_lazy("Code"), "parent": gettext_lazy("Belongs to"), "name": gettext_lazy("Name"),
    "summary": gettext_lazy("Summary"), "text": gettext_lazy("Text"), "resources": gettext_lazy("Resources"),
    "kind": gettext_lazy("Kind"), "answer": gettext_lazy("Answer type"), "guidance": gettext_lazy("Guidance"),
    "why": gettext_lazy("Why we ask"), "evidence": gettext_lazy("Evidence expected"),
    "purpose": gettext_lazy("Purpose"), "beneficiaries": gettext_lazy("Who it is for"),
    "strategy": gettext_lazy("Strategy"), "target_year": gettext_lazy("Target year"),
    "reach": gettext_lazy("People to reach"), "help": gettext_lazy("Whom to ask"),
    "email": gettext_lazy("E-mail address"), "phone": gettext_lazy("Phone number"), "url": gettext_lazy("Web page"),
}  # fmt: skip
MANY = {
    "areas": gettext_lazy("Areas"), "themes": gettext_lazy("Themes"), "standards": gettext_lazy("Standards"),
    "indicators": gettext_lazy("Indicators"),
}  # fmt: skip
LANGUAGES = {"en": gettext_lazy("English"), "cy": gettext_lazy("Welsh")}


@dataclass(frozen=True)
class Tag:
    text: str
    tone: str


def status_tag(version: FrameworkVersion) -> Tag:
    return Tag(version.get_status_display(), STATUS_TONES[VersionStatus(version.status)])


def kind_tags(kind: str) -> list[Tag]:
    """One tag, or both for an indicator that is a legal duty and good practice."""
    legal = Tag(pgettext("state", "Legal duty"), "go")
    good = Tag(pgettext("state", "Good practice"), "plain")
    return {Kind.LEGAL: [legal], Kind.GOOD_PRACTICE: [good]}.get(Kind(kind), [legal, good])


def of_kind(indicators: list[Indicator], kind: str) -> list[Indicator]:
    """Those that carry the kind: an indicator of both kinds is in both lists. Any other word gives all."""
    if kind not in {Kind.LEGAL, Kind.GOOD_PRACTICE}:
        return list(indicators)
    return [item for item in indicators if item.kind in {kind, Kind.BOTH}]


def kind_counts(indicators: list[Indicator]) -> dict[str, int]:
    counts = Counter(item.kind for item in indicators)
    return {
        "legal": counts[Kind.LEGAL] + counts[Kind.BOTH],
        "good_practice": counts[Kind.GOOD_PRACTICE] + counts[Kind.BOTH],
    }


def kind_filters(tree: Tree, current: str, here: str) -> list[dict[str, Any]]:
    """What the list of indicators can be narrowed to, with how many each has; counted, never written down."""
    everything = tree.indicators
    counts = kind_counts(everything)
    gaps = len([code for code in welsh_gaps(tree) if code in {item.code for item in everything}])
    choices = [
        ("", _("By theme"), len(everything)),
        ("legal", _("Legal duties"), counts["legal"]),
        ("good_practice", _("Good practice"), counts["good_practice"]),
        ("no_welsh", _("Without Welsh"), gaps),
    ]
    return [
        {"text": text, "count": count, "current": name == current, "href": f"{here}?show={name}" if name else here}
        for name, text, count in choices
        if count or name in {"", "legal", "good_practice"}
    ]


@dataclass(frozen=True)
class Shown:
    """One line of a comparison as the page shows it."""

    state: str
    tag: Tag
    level: str
    code: str
    title: str
    field: str
    before: str
    after: str


_STATE_TAGS = {
    "new": (gettext_lazy("New"), "go"), "changed": (gettext_lazy("Changed"), "needs"),
    "removed": (gettext_lazy("Taken out"), "calm"),
}  # fmt: skip


def _value(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if name == "kind":
        return str(Kind(value).label)
    if name == "answer":
        return str(AnswerType(value).label)
    if isinstance(value, list):
        return "; ".join(item["title"].get("en") or item["url"] for item in value)
    return str(value)


def field_name(difference: Difference) -> str:
    name = str(FIELDS.get(difference.field, difference.field))
    return f"{name} ({LANGUAGES[difference.language]})" if difference.language else name


def _of_item(item: Item) -> list[Shown]:
    words, tone = _STATE_TAGS[item.state]
    tag, level = Tag(str(words), tone), str(LEVELS[item.level])
    title = item.text.get("en") or item.text.get("cy") or ""
    if item.state == "new":
        return [Shown(item.state, tag, level, item.code, title, "", "", title)]
    if item.state == "removed":
        return [Shown(item.state, tag, level, item.code, title, "", title, "")]
    return [
        Shown(item.state, tag, level, item.code, title, field_name(one), _value(one.field, one.before),
              _value(one.field, one.after))
        for one in item.differences
    ]  # fmt: skip


def shown_differences(comparison: Comparison) -> list[Shown]:
    """New, changed and taken out, in reading order."""
    return [line for item in comparison.items if item.state != "unchanged" for line in _of_item(item)]


def shown_head(differences: list[Difference]) -> list[Shown]:
    """What a file says of the framework itself that differs from what the framework says now."""
    words, tone = _STATE_TAGS["changed"]
    return [
        Shown("changed", Tag(str(words), tone), _("Framework"), "", "", field_name(one), _value(one.field, one.before),
              _value(one.field, one.after))
        for one in differences
    ]  # fmt: skip


def comparison_counts(comparison: Comparison) -> list[tuple[str, dict[str, int]]]:
    """Per level: how many are new, changed, taken out, unchanged."""
    return [(str(label), comparison.counts(level)) for level, label in MANY.items()]


@dataclass(frozen=True)
class Side:
    """One field of a thing that two people changed."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def both_sides(form: Any, theirs: dict[str, Any]) -> list[Side]:
    """Field by field, what stands now (``theirs``) and what was sent in ``form``."""
    rows = []
    for name, field in form.fields.items():
        if name == "seen":
            continue
        rows.append(Side(str(field.label), _choice(field, theirs.get(name)), _choice(field, form.data.get(name))))
    return rows


def _choice(field: Any, value: Any) -> str:
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return str(dict(getattr(field, "choices", [])).get(text, text))
