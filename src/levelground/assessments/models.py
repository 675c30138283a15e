"""The living workbook and the frozen snapshot."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from levelground.foundation import clock
from levelground.foundation.db import ScopedQuerySet, Versioned, public_id
from levelground.foundation.documents.models import Document
from levelground.foundation.documents.rules import freshness
from levelground.frameworks.models import Framework, FrameworkVersion, Indicator, Theme
from levelground.organisations.access import Access
from levelground.organisations.models import Affiliation, Organisation, reach
from levelground.organisations.roles import Permission, permissions_of

from .states import LIVE, ActionSource, ActionStatus, Priority, Value


class _OfOrganisation(ScopedQuerySet[Any]):
    """Rows that belong to an organisation by the path ``owner``; ``permission`` is what seeing them takes."""

    owner = "workbook__organisation"
    permission = Permission.SEE_WORKBOOK

    def visible_to(self, user: Any) -> Any:
        return self.filter(reach(user, self.permission, path=self.owner))


class WorkbookQuerySet(_OfOrganisation):
    owner = "organisation"


class Workbook(models.Model):
    """One organisation's live self-assessment against one framework, pinned to a version of it."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="workbooks")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="workbooks")
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="workbooks")
    started_at = models.DateTimeField()
    action_sequence = models.PositiveIntegerField(default=0, help_text="The number of the newest action.")
    watched = models.BooleanField(default=False, help_text="Somebody waits for the next write: services/locking.py.")
    last_return_at = models.DateTimeField(
        null=True, blank=True, help_text="Kept: when a quarterly return was last sent from here."
    )

    objects = WorkbookQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "framework"], name="workbook_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.framework}"


class AnswerQuerySet(_OfOrganisation):
    pass


class Answer(Versioned):
    """What the organisation says of one indicator now. A row stands there from the start, unanswered."""

    workbook = models.ForeignKey(Workbook, on_delete=models.PROTECT, related_name="answers")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(max_length=20, choices=Value.choices, default=Value.UNANSWERED, blank=True)
    reason = models.TextField(
        blank=True,
        default="",
        help_text="Why it does not apply, why a 'not yet' has no action, or an answer asked for in words.",
    )
    live_actions = models.PositiveIntegerField(default=0, help_text="Kept count of open actions.")
    evidence_count = models.PositiveIntegerField(default=0, help_text="Kept count.")
    comment_count = models.PositiveIntegerField(default=0, help_text="Kept count.")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workbook", "indicator"], name="answer_once"),
            models.CheckConstraint(
                name="answer_changed_pair",
                condition=Q(changed_at__isnull=True, changed_by__isnull=True)
                | Q(changed_at__isnull=False, changed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_not_applicable_has_reason",
                condition=~Q(value=Value.NOT_APPLICABLE) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.value or 'unanswered'}"


class AnswerChange(models.Model):
    """One step in an answer's history: who, when, from, to."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    from_value = models.CharField(max_length=20, choices=Value.choices, blank=True)
    to_value = models.CharField(max_length=20, choices=Value.choices, blank=True)
    from_reason = models.TextField(blank=True, default="")
    to_reason = models.TextField(blank=True, default="")
    source = models.CharField(
        max_length=20,
        default="page",
        choices=[("page", _("page")), ("import", _("spreadsheet"))],
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["answer", "at"], name="answer_change_at")]

    def __str__(self) -> str:
        return f"{self.from_value} → {self.to_value}"


class Comment(models.Model):
    """What colleagues say to each other about an indicator."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(max_length=4000)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class EvidenceQuerySet(_OfOrganisation):
    owner = "answer__workbook__organisation"

    def current(self) -> "EvidenceQuerySet":
        return self.filter(removed_at__isnull=True)


class Evidence(models.Model):
    """Something that shows an indicator is met: a document or a link, with its own date and expiry."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="evidence")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(max_length=500, blank=True, default="")
    title = models.CharField(max_length=200)
    document_date = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                name="evidence_document_or_link",
                condition=Q(document__isnull=False, url="") | (Q(document__isnull=True) & ~Q(url="")),
            ),
            models.CheckConstraint(
                name="evidence_removed_pair",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def freshness(self) -> str:
        """``fresh``, ``expiring``, ``expired``, ``stale`` or ``undated``, by its own dates."""
        return freshness(
            self.document_date,
            self.expires_on,
            clock.today(),
            stale_months=settings.EVIDENCE_STALE_MONTHS,
            expiring_days=settings.EVIDENCE_EXPIRING_DAYS,
        )

    @property
    def needs_renewal(self) -> bool:
        return self.freshness in ("expiring", "expired", "stale")


class ActionQuerySet(_OfOrganisation):
    def live(self) -> "ActionQuerySet":
        return self.filter(status__in=LIVE)


class Action(Versioned):
    """One thing the organisation will do. It may hang on a met indicator too, as a push to grow (MQM-03)."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    workbook = models.ForeignKey(Workbook, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveIntegerField(help_text="Counted from 1 in each workbook.")
    indicator = models.ForeignKey(Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=20, choices=ActionSource.choices, default=ActionSource.SELF)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.MEDIUM)
    status = models.CharField(max_length=20, choices=ActionStatus.choices, default=ActionStatus.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ActionQuerySet.as_manager()

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_overdue(self) -> bool:
        return self.is_live and self.due_on is not None and self.due_on < clock.today()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["workbook", "number"], name="action_number_once")]
        indexes = [models.Index(fields=["workbook", "status"], name="action_workbook_status")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("action", args=[self.workbook.organisation.slug, self.workbook.framework.slug, self.public_id])


class ActionNote(models.Model):
    """Progress on an action, in words; a step to another status carries one as well."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(max_length=4000, blank=True, default="")
    from_status = models.CharField(max_length=20, choices=ActionStatus.choices, blank=True, default="")
    to_status = models.CharField(max_length=20, choices=ActionStatus.choices, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="action_note_says_something", condition=~Q(text="") | ~Q(to_status=""))
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ThemeProgress(models.Model):
    """Kept counts of one theme of one workbook, changed in the same transaction as the answers; ``doctor`` recounts."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="progress")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    total = models.PositiveIntegerField(default=0)
    met = models.PositiveIntegerField(default=0)
    working_towards = models.PositiveIntegerField(default=0)
    gap = models.PositiveIntegerField(default=0)
    not_applicable = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workbook", "theme"], name="theme_progress_once")]

    def __str__(self) -> str:
        return f"{self.answered} of {self.total}"

    @property
    def not_yet(self) -> int:
        return self.working_towards + self.gap

    @property
    def answered(self) -> int:
        return self.met + self.not_yet + self.not_applicable

    @property
    def unanswered(self) -> int:
        return self.total - self.answered


class SnapshotQuerySet(_OfOrganisation):
    def visible_to(self, user: Any) -> Any:
        """Snapshots of one's own organisation, and those that present members sent to a network that one oversees."""
        held = Access.of(user).memberships
        networks = {m.network_id for m in held if m.network_id and Permission.SEE_SUBMITTED in permissions_of(m.role)}
        members = Affiliation.objects.current().filter(network__in=networks).values("organisation")
        received = Q(workbook__framework__network__in=networks, workbook__organisation__in=members)
        return self.filter(reach(user, self.permission, path=self.owner) | received)


class Snapshot(models.Model):
    """A frozen copy of a workbook: canonical JSON and its SHA-256. The database refuses to change it."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    workbook = models.ForeignKey(Workbook, on_delete=models.PROTECT, related_name="snapshots")
    year = models.PositiveIntegerField()
    edition = models.PositiveIntegerField(default=1, help_text="Counted from 1; a snapshot sent back is sent again.")
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-edition"]
        constraints = [models.UniqueConstraint(fields=["workbook", "year", "edition"], name="snapshot_edition_once")]

    def __str__(self) -> str:
        return f"{self.workbook} {self.year}"
