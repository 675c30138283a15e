"""The words and the tone of every state that pages show as a tag. One list: one state has one name."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Tag(NamedTuple):
    """``tone``: good (leaf), go (teal), needs (amber), calm (grey) or plain (outline only)."""

    label: Promise | str
    tone: str


TAGS: dict[str, Tag] = {
    # answers, and what they add up to
    "met": Tag(pgettext_lazy("state", "Met"), "good"),
    "not_yet": Tag(pgettext_lazy("state", "Not yet"), "needs"),
    "working_towards": Tag(pgettext_lazy("state", "Working towards"), "go"),
    "gap": Tag(pgettext_lazy("state", "No open action"), "needs"),
    "not_applicable": Tag(pgettext_lazy("state", "Does not apply"), "calm"),
    "unanswered": Tag(pgettext_lazy("state", "Not answered"), "plain"),
    # indicators
    "legal": Tag(pgettext_lazy("state", "Legal duty"), "go"),
    "good_practice": Tag(pgettext_lazy("state", "Good practice"), "plain"),
    # time
    "due": Tag(pgettext_lazy("state", "Due"), "go"),
    "due_soon": Tag(pgettext_lazy("state", "Due soon"), "needs"),
    "overdue": Tag(pgettext_lazy("state", "Overdue"), "needs"),
    # work
    "planned": Tag(pgettext_lazy("state", "Planned"), "plain"),
    "not_started": Tag(pgettext_lazy("state", "Not started"), "plain"),
    "in_progress": Tag(pgettext_lazy("state", "In progress"), "go"),
    "blocked": Tag(pgettext_lazy("state", "Stuck"), "needs"),
    "done": Tag(pgettext_lazy("state", "Done"), "good"),
    "cancelled": Tag(pgettext_lazy("state", "Called off"), "calm"),
    "high": Tag(pgettext_lazy("state", "High priority"), "needs"),
    "medium": Tag(pgettext_lazy("state", "Medium priority"), "plain"),
    "low": Tag(pgettext_lazy("state", "Low priority"), "calm"),
    # evidence
    "missing": Tag(pgettext_lazy("state", "Missing"), "needs"),
    "current": Tag(pgettext_lazy("state", "Up to date"), "good"),
    "stale": Tag(pgettext_lazy("state", "Getting old"), "needs"),
    "expiring": Tag(pgettext_lazy("state", "Expires soon"), "needs"),
    "expired": Tag(pgettext_lazy("state", "Expired"), "needs"),
    "not_scanned": Tag(pgettext_lazy("state", "Not scanned"), "needs"),
    "clean": Tag(pgettext_lazy("state", "Scanned"), "calm"),
    # things with a life of their own
    "draft": Tag(pgettext_lazy("state", "Draft"), "plain"),
    "published": Tag(pgettext_lazy("state", "Published"), "good"),
    "retired": Tag(pgettext_lazy("state", "Retired"), "calm"),
    "open": Tag(pgettext_lazy("state", "Open"), "go"),
    "submitted": Tag(pgettext_lazy("state", "Submitted"), "good"),
    "locked": Tag(pgettext_lazy("state", "Locked"), "calm"),
    "archived": Tag(pgettext_lazy("state", "Archived"), "calm"),
    "active": Tag(pgettext_lazy("state", "Active"), "good"),
    "invited": Tag(pgettext_lazy("state", "Invited"), "go"),
    "ended": Tag(pgettext_lazy("state", "Ended"), "calm"),
    # rows of an import
    "new": Tag(pgettext_lazy("state", "New"), "go"),
    "changed": Tag(pgettext_lazy("state", "Changed"), "go"),
    "unchanged": Tag(pgettext_lazy("state", "Unchanged"), "calm"),
    "conflicting": Tag(pgettext_lazy("state", "Changed by both"), "needs"),
    "refused": Tag(pgettext_lazy("state", "Left out"), "needs"),
    "unread": Tag(pgettext_lazy("state", "New"), "needs"),
}


def state_tag(state: object) -> Tag:
    """The tag of a state; a state that has no tag is shown by its own words."""
    name = str(getattr(state, "value", state) or "")
    return TAGS.get(name) or Tag(str(getattr(state, "label", "")) or name.replace("_", " ").capitalize(), "plain")
