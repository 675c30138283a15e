"""Framework → version → area → theme → standard → indicator. A published version never changes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from levelground.foundation.bilingual import BilingualField
from levelground.foundation.db import ScopedQuerySet, public_id
from levelground.organisations.models import Affiliation, Membership, Network
from levelground.organisations.roles import Permission, roles_with

from .states import FROZEN, VersionStatus


class Kind(models.TextChoices):
    LEGAL = "legal", _("Legal duty")
    GOOD_PRACTICE = "good_practice", _("Good practice")
    BOTH = "both", _("Legal duty and good practice")


class AnswerType(models.TextChoices):
    MET_NOT_MET = "met_not_met", _("Met or not yet")
    YES_NO = "yes_no", _("Yes or no")
    NARRATIVE = "narrative", _("In words")


def _networks_read_by(user: Any) -> Q:
    """Networks whose frameworks the person may read: a role there, or in one of its member organisations."""
    mine = Membership.objects.current().filter(user=user, role__in=roles_with(Permission.SEE_FRAMEWORKS))
    organisations = mine.filter(organisation__isnull=False).values("organisation")
    through_members = Affiliation.objects.current().filter(organisation__in=organisations).values("network")
    return Q(network__in=mine.filter(network__isnull=False).values("network")) | Q(network__in=through_members)


class FrameworkQuerySet(ScopedQuerySet["Framework"]):
    def visible_to(self, user: Any) -> "FrameworkQuerySet":
        return self.filter(_networks_read_by(user)) if user.is_authenticated else self.none()


class Framework(models.Model):
    """A quality mark of one network: its purpose, whom it serves, which strategy it follows, whom to ask."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="frameworks")
    slug = models.SlugField(max_length=60)
    name = BilingualField()
    purpose = BilingualField(blank=True)
    beneficiaries = BilingualField(blank=True)
    strategy = BilingualField(blank=True)
    strategy_year = models.PositiveIntegerField(null=True, blank=True)
    strategy_reach = models.PositiveIntegerField(null=True, blank=True, help_text="People the strategy means to reach.")
    # Whom to ask about this mark; where all four are empty, the network's own contact is shown.
    help_label = BilingualField(blank=True)
    help_email = models.EmailField(blank=True, default="")
    help_phone = models.CharField(max_length=40, blank=True, default="")
    help_url = models.URLField(blank=True, default="")

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "slug"], name="framework_slug_once")]

    def __str__(self) -> str:
        return str(self.name)


class FrameworkVersionQuerySet(ScopedQuerySet["FrameworkVersion"]):
    def visible_to(self, user: Any) -> "FrameworkVersionQuerySet":
        """Published versions for readers; drafts too for those who manage the network's frameworks."""
        if not user.is_authenticated:
            return self.none()
        managed = Membership.objects.current().filter(user=user, role__in=roles_with(Permission.MANAGE_FRAMEWORKS))
        return self.filter(framework__in=Framework.objects.visible_to(user)).filter(
            Q(status__in=FROZEN) | Q(framework__network__in=managed.values("network"))
        )


class FrameworkVersion(models.Model):
    """One edition. Its tree is fixed by triggers in the database from the day it is published."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=60)
    status = models.CharField(max_length=20, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    notes = BilingualField(blank=True)
    consulted = models.TextField(blank=True, default="", help_text="Who was asked about this edition.")
    decisions = models.TextField(blank=True, default="", help_text="What was decided, and why.")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    indicator_count = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="Of the canonical export, when published."
    )

    objects = FrameworkVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="framework_version_number_once"),
            models.CheckConstraint(
                name="framework_version_published_pair",
                condition=Q(status__in=FROZEN, published_at__isnull=False) | ~Q(status__in=FROZEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.label}"

    @property
    def is_frozen(self) -> bool:
        return self.status in FROZEN


class VersionMove(models.Model):
    """A version passed from one state to another: who, when, why, and what the consultation said by then."""

    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="moves")
    from_status = models.CharField(max_length=20, choices=VersionStatus.choices)
    to_status = models.CharField(max_length=20, choices=VersionStatus.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty when it was done on the command line.",
    )  # fmt: skip
    at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    consulted = models.TextField(blank=True, default="")
    decisions = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.from_status} → {self.to_status}"


class _Node(models.Model):
    code = models.CharField(max_length=20)
    position = models.PositiveIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class Area(_Node):
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="areas")
    name = BilingualField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="area_code_once")]


class Theme(_Node):
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="themes")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="themes")
    name = BilingualField()
    summary = BilingualField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="theme_code_once")]


class Standard(_Node):
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="standards")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="standards")
    text = BilingualField()
    resources = models.JSONField(default=list, help_text="[{kind, title: {en, cy}, url}]: help with this standard.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="standard_code_once")]


class Indicator(_Node):
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="indicators")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="indicators")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    answer_type = models.CharField(max_length=20, choices=AnswerType.choices, default=AnswerType.MET_NOT_MET)
    text = BilingualField()
    guidance = BilingualField(blank=True)
    why = BilingualField(blank=True)
    evidence_expected = BilingualField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="indicator_code_once")]


class IndicatorMapping(models.Model):
    """What an indicator of an older version became. ``carries_answer`` says whether the old answer still answers it."""

    old = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="became")
    new = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="came_from")
    carries_answer = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="indicator_mapping_once")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class PendingImportQuerySet(ScopedQuerySet["PendingImport"]):
    def visible_to(self, user: Any) -> "PendingImportQuerySet":
        """Only what the person sent in, while they may manage the network's frameworks."""
        if not user.is_authenticated:
            return self.none()
        managed = Membership.objects.current().filter(user=user, role__in=roles_with(Permission.MANAGE_FRAMEWORKS))
        return self.filter(by=user, network__in=managed.values("network"))


class PendingImport(models.Model):
    """A checked file that waits for somebody to say yes. Nothing of it is in any framework yet; it goes after a day."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    packed = models.BinaryField(help_text="The checked data as JSON, compressed.")
    notes = models.JSONField(default=list, help_text="What the check found that does not stand in the way.")

    objects = PendingImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name
