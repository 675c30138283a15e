"""What is still missing before a snapshot can be sent, each thing by its name (domain guide 2.2)."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.assessments.models import Answer
from levelground.assessments.states import Value
from levelground.foundation import formats
from levelground.foundation.errors import IllegalMove
from levelground.foundation.prepared import Prepared
from levelground.frameworks.models import Indicator
from levelground.frameworks.selectors import ThemeNode, tree

from . import content
from .models import RequiredDocument, SignOff, SignOffRequest, Submission, SubmissionDocument
from .states import Answered


@dataclass(frozen=True)
class Missing:
    """One thing that is not there yet: its words, and what it is about (for the link to it)."""

    kind: str
    text: str
    code: str = ""


class NotReady(IllegalMove):
    """The snapshot cannot be sent or signed yet; ``missing`` names each thing."""

    def __init__(self, missing: list[Missing]):
        self.missing = missing
        super().__init__(_("Not ready yet: %(what)s") % {"what": "; ".join(one.text for one in missing)} + ".")


@dataclass(frozen=True)
class DocumentPlace:
    """One document that the cycle asks for, and what the member has put there."""

    required: RequiredDocument
    current: SubmissionDocument | None

    @property
    def is_stale(self) -> bool:
        return self.current is not None and self.current.is_stale()


@dataclass
class Readiness:
    """Where a submission stands."""

    submission: Submission
    total: int = 0
    unanswered: list[tuple[ThemeNode, int]] = field(default_factory=list)
    gaps: list[Indicator] = field(default_factory=list)
    documents: list[DocumentPlace] = field(default_factory=list)
    sign_off: SignOff | None = None
    request: SignOffRequest | None = None
    old_version: bool = False
    newer_version: bool = False

    @property
    def left(self) -> int:
        return sum(count for _node, count in self.unanswered)

    @property
    def answered(self) -> int:
        return self.total - self.left

    @cached_property
    def unfinished(self) -> list[Missing]:
        """Everything that is missing but the sign-off, in the order of the page."""
        if self.submission.workbook is None:
            found = [Missing("workbook", _("open your workbook"))]
        else:
            found = [*self._version(), *self._answers(), *self._actions()]
        return found + [
            Missing("document", _("add this document: %(name)s") % {"name": place.required.name}, place.required.code)
            for place in self.documents
            if place.current is None
        ]

    def _version(self) -> list[Missing]:
        label = self.submission.cycle.framework_version.label
        if self.old_version:
            return [Missing("version", _("move your workbook to version %(label)s") % {"label": label})]
        if self.newer_version and self.submission.workbook is not None:
            words = {"label": label, "newer": self.submission.workbook.version.label}
            text = _("this year asks for version %(label)s, and your workbook follows %(newer)s: ask your network")
            return [Missing("newer_version", text % words)]
        return []

    def _answers(self) -> list[Missing]:
        found = []
        for node, count in self.unanswered:
            text = ngettext(
                "%(num)s indicator not answered in theme %(code)s, %(name)s",
                "%(num)s indicators not answered in theme %(code)s, %(name)s",
                count,
            )
            told = text % {"num": count, "code": node.theme.code, "name": node.theme.name}
            found.append(Missing("answers", told, node.theme.code))
        return found

    def _actions(self) -> list[Missing]:
        text = _("plan an action for %(code)s, or write why there is none")
        return [Missing("action", text % {"code": indicator.code}, indicator.code) for indicator in self.gaps]

    @cached_property
    def missing(self) -> list[Missing]:
        """Everything that is missing, with the opening day and the sign-off."""
        cycle, found = self.submission.cycle, list(self.unfinished)
        if not cycle.has_opened:
            day = formats.date(cycle.opens_on)
            found.insert(0, Missing("opening", _("wait until %(day)s, when sending opens") % {"day": day}))
        if self.sign_off is None:
            found.append(Missing("sign_off", _("have it signed off by a trustee or executive")))
        return found

    @property
    def is_complete(self) -> bool:
        """Ready for sign-off."""
        return not self.unfinished

    @property
    def is_ready(self) -> bool:
        return not self.missing


_asked = Prepared(lambda cycle: RequiredDocument.objects.filter(cycle=cycle))
_signed = Prepared(
    lambda submission: SignOff.objects.filter(submission=submission, lapsed_at__isnull=True).select_related("by")
)
_request = Prepared(
    lambda submission: SignOffRequest.objects.filter(submission=submission, answer=Answered.OPEN).select_related(
        "asked_by"
    )
)
_lacking = Prepared(
    lambda workbook, version: (
        Answer.objects.filter(workbook=workbook, indicator__version=version)
        .filter(Q(value=Value.UNANSWERED) | Q(value=Value.NOT_YET, live_actions=0, reason=""))
        .values_list("indicator", "value")
    )
)


def readiness(submission: Submission, *, thorough: bool = False) -> Readiness:
    """Where ``submission`` stands now. A sign-off is compared with the content when something was written since, or
    when ``thorough``."""
    found = Readiness(submission)
    _read_answers(found)
    current = {item.required_id: item for item in content.current_documents(submission)}
    found.documents = [DocumentPlace(one, current.get(one.pk)) for one in _asked(submission.cycle_id)]
    sign_off = _signed.first(submission.pk)
    if sign_off is not None and (not (thorough or submission.recheck) or holds(sign_off, submission)):
        found.sign_off = sign_off
    else:
        found.request = _request.first(submission.pk)
    return found


def holds(sign_off: SignOff, submission: Submission) -> bool:
    """Whether what was signed is what would be sent."""
    return sign_off.content_sha256 == content.fingerprint(submission)


def _read_answers(found: Readiness) -> None:
    book = found.submission.workbook
    if book is None:
        return
    nodes = tree(book.version)
    found.total = len(nodes.indicators)
    # One version a year: figures of two versions cannot stand side by side.
    asked = found.submission.cycle.framework_version.number
    found.old_version, found.newer_version = book.version.number < asked, book.version.number > asked
    open_ones = dict(_lacking(book.pk, book.version_id))
    for node in nodes.themes:
        left = sum(open_ones.get(one.pk) == Value.UNANSWERED for one in node.indicators)
        if left:
            found.unanswered.append((node, left))
    found.gaps = [one for one in nodes.indicators if open_ones.get(one.pk) == Value.NOT_YET]
