"""A network's year: its cycle with the deadline and the documents it asks for, and each member's submission."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from levelground.assessments.models import Snapshot, Workbook
from levelground.foundation import clock
from levelground.foundation.bilingual import BilingualField
from levelground.foundation.db import ScopedQuerySet, Versioned, public_id
from levelground.foundation.documents.models import Document
from levelground.foundation.documents.rules import months_before
from levelground.frameworks.models import Framework, FrameworkVersion, Indicator, Theme
from levelground.organisations.access import Access
from levelground.organisations.models import Network, Organisation, reach
from levelground.organisations.roles import Permission, permissions_of

from .states import UNSENT, Answered, Status

VERY_OLD_MONTHS = 24
_OVERSEES = {Permission.SEE_PROGRESS, Permission.MANAGE_CYCLES}


def _overseen(user: Any) -> set[int]:
    """Networks in which the person sees how far the members are."""
    held = Access.of(user).memberships
    return {one.network_id for one in held if one.network_id and _OVERSEES & permissions_of(one.role)}


class CycleQuerySet(ScopedQuerySet["Cycle"]):
    def visible_to(self, user: Any) -> "CycleQuerySet":
        """Cycles in which one's organisation takes part, and those of networks that one oversees."""
        mine = Submission.objects.filter(reach(user, Permission.SEE_WORKBOOK, path="organisation"))
        return self.filter(Q(framework__network__in=_overseen(user)) | Q(pk__in=mine.values("cycle")))


class Cycle(Versioned):
    """One year of one framework: when members may send their snapshot, and until when they should."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="cycles")
    framework_version = models.ForeignKey(
        FrameworkVersion, on_delete=models.PROTECT, related_name="cycles", help_text="The one that is sent."
    )
    year = models.PositiveIntegerField()
    opens_on = models.DateField()
    deadline = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "year"], name="cycle_once_a_year"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("deadline")), name="cycle_order"),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.year}"

    @property
    def network(self) -> Network:
        return self.framework.network

    @property
    def has_opened(self) -> bool:
        return self.opens_on <= clock.today()


class RequiredDocument(models.Model):
    """A document that every member sends with its snapshot. Fixed from the day the first one was sent."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="documents")
    number = models.PositiveIntegerField()
    code = models.SlugField(max_length=40)
    name = BilingualField()
    guidance = BilingualField(blank=True)
    stale_months = models.PositiveIntegerField(null=True, blank=True, help_text="Older than this, it is getting old.")
    fixed = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "code"], name="required_document_code_once"),
            models.CheckConstraint(condition=Q(stale_months__isnull=True) | Q(stale_months__gt=0), name="stale_months"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Extension(models.Model):
    """A deadline was moved, for one member or for everyone (no ``organisation``): from, to, why. Never changed."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="extensions")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="extensions"
    )
    before = models.DateField()
    deadline = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason")]

    def __str__(self) -> str:
        return f"{self.before} → {self.deadline}"


class SubmissionQuerySet(ScopedQuerySet["Submission"]):
    def visible_to(self, user: Any) -> "SubmissionQuerySet":
        """One's own organisation's, and for those who oversee a network its present members'."""
        own = reach(user, Permission.SEE_WORKBOOK, path="organisation")
        return self.filter(own | Q(cycle__framework__network__in=_overseen(user), active=True))

    def active(self) -> "SubmissionQuerySet":
        """Of organisations that are still members."""
        return self.filter(active=True)

    def overdue(self, day: dt.date | None = None) -> "SubmissionQuerySet":
        return self.filter(status__in=UNSENT, deadline__lt=day or clock.today())


class Submission(Versioned):
    """One member's part in a cycle. The row stands there from the start, so that nobody is forgotten (MQM-28)."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="submissions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="submissions")
    workbook = models.ForeignKey(Workbook, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NOT_STARTED)
    deadline = models.DateField(help_text="Kept: the cycle's, or the member's own when that is later.")
    active = models.BooleanField(default=True, help_text="Kept: the organisation is a member of the network now.")
    recheck = models.BooleanField(
        default=False, help_text="Something was written since the sign-off was last compared with the content."
    )
    late = models.BooleanField(null=True, blank=True, help_text="Whether the first sending came after the deadline.")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the newest edition was sent.")
    receipt_number = models.CharField(max_length=20, blank=True, default="")
    snapshot = models.ForeignKey(
        Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="The newest edition."
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "organisation"], name="submission_once"),
            models.CheckConstraint(
                name="submission_sent_together",
                condition=Q(snapshot__isnull=True, sent_at__isnull=True, late__isnull=True, receipt_number="")
                | (Q(snapshot__isnull=False, sent_at__isnull=False, late__isnull=False) & ~Q(receipt_number="")),
            ),
            models.CheckConstraint(
                name="submission_unsent_status",
                condition=Q(snapshot__isnull=False) | Q(status__in=[*UNSENT, Status.WITHDRAWN]),
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "active", "status", "deadline"], name="submission_where"),
            models.Index(
                fields=["cycle", "active", "status", "deadline"], condition=Q(late=True), name="submission_late"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.cycle.year}"

    @property
    def is_overdue(self) -> bool:
        return self.status in UNSENT and self.deadline < clock.today()

    @property
    def days_left(self) -> int:
        """Days to the deadline; below nothing when it has passed."""
        return (self.deadline - clock.today()).days


class SubmissionStep(models.Model):
    """One step in a submission's life. ``by`` is empty when the program made it. Never changed."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="steps")
    from_status = models.CharField(max_length=20, choices=Status.choices)
    to_status = models.CharField(max_length=20, choices=Status.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    snapshot = models.ForeignKey(
        Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="What was sent by it."
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class _OfSubmission(ScopedQuerySet[Any]):
    def visible_to(self, user: Any) -> Any:
        return self.filter(reach(user, Permission.SEE_WORKBOOK, path="submission__organisation"))

    def current(self) -> Any:
        return self.filter(replaced_at__isnull=True)


class SubmissionDocument(models.Model):
    """A document that goes with a submission, with the date that stands on it. Replaced ones stay as they were."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="documents")
    required = models.ForeignKey(RequiredDocument, on_delete=models.PROTECT, related_name="sent")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    document_date = models.DateField()
    period = models.CharField(max_length=100, blank=True, default="", help_text="What it covers, in words.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = _OfSubmission.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "required"], condition=Q(replaced_at__isnull=True), name="submission_document_one"
            ),
            models.CheckConstraint(
                name="submission_document_replaced_pair",
                condition=Q(replaced_at__isnull=True, replaced_by__isnull=True)
                | Q(replaced_at__isnull=False, replaced_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.required}: {self.document_date}"

    def is_very_old(self) -> bool:
        """Whether two years have passed since: a typing slip, or a paper that says little of today."""
        return self.document_date < months_before(clock.today(), VERY_OLD_MONTHS)

    def is_stale(self, day: dt.date | None = None) -> bool:
        """Older than its kind should be: worth a word, never a refusal (MQM-26)."""
        months = self.required.stale_months
        return months is not None and self.document_date < months_before(day or clock.today(), months)


class SignOffRequest(models.Model):
    """The lead asks those who may approve; one of them signs, or says what to change first."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="sign_off_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = models.TextField(blank=True, default="")
    answer = models.CharField(max_length=10, choices=Answered.choices, default=Answered.OPEN, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True, default="", help_text="What to change first.")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission"], condition=Q(answer=""), name="sign_off_request_one_open"),
            models.CheckConstraint(
                name="sign_off_request_not_yet_has_words", condition=~Q(answer="not_yet") | ~Q(words="")
            ),
            models.CheckConstraint(
                name="sign_off_request_answered_pair",
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.answer or 'open'}"


class SignOff(models.Model):
    """A trustee or executive approved exactly this content. It lapses as soon as the content is another."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="sign_offs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    declaration = BilingualField(help_text="The words as they were shown.")
    content_sha256 = models.CharField(max_length=64)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    lapsed_why = BilingualField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(lapsed_at__isnull=True), name="sign_off_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.by}"


class ReceiptCounter(models.Model):
    """The last receipt number of a network's year. Its row is locked while one is given out: no gaps, no doubles."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "year"], name="receipt_counter_once")]

    def __str__(self) -> str:
        return f"{self.network} {self.year}: {self.last}"


class Receipt(models.Model):
    """What the member gets for each edition it sends. Never changed."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="receipts")
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="receipt")
    at = models.DateTimeField()
    deadline = models.DateField(help_text="The member's, at that moment.")
    late = models.BooleanField()

    objects = _OfSubmission.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "year", "sequence"], name="receipt_number_once"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.year}-{self.sequence:04}"


class IndicatorTally(models.Model):
    """Kept: how the members' newest snapshots of a cycle answer one indicator; ``doctor`` recounts."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="indicator_tallies")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    met = models.PositiveIntegerField(default=0)
    not_yet = models.PositiveIntegerField(default=0)
    not_applicable = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "indicator"], name="indicator_tally_once")]
        indexes = [models.Index(fields=["cycle", "-not_yet"], name="indicator_tally_most")]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.not_yet}"

    @property
    def members(self) -> int:
        return self.met + self.not_yet + self.not_applicable


class ThemeTally(models.Model):
    """Kept: of the members whose newest snapshot of a cycle has this theme, how many say "not yet" in it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="theme_tallies")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    members = models.PositiveIntegerField(default=0)
    not_yet = models.PositiveIntegerField(default=0, help_text="Members with at least one 'not yet'.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "theme"], name="theme_tally_once")]

    def __str__(self) -> str:
        return f"{self.theme_id}: {self.not_yet}"
