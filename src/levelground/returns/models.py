"""The calendar of quarters, the figures a scheme asks for, and each member's return."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from levelground.assessments.models import Workbook
from levelground.assessments.states import Value
from levelground.foundation.bilingual import BilingualField
from levelground.foundation.db import ScopedQuerySet, Versioned, public_id
from levelground.frameworks.models import Framework, Indicator
from levelground.organisations.access import Access
from levelground.organisations.models import Affiliation, Organisation, reach
from levelground.organisations.roles import Permission, permissions_of

from .states import WITH_NETWORK, FigureKind, ReturnStatus

PEOPLE_REACHED = "people_reached"


class _OfFramework(ScopedQuerySet[Any]):
    """Rows that whoever reads the framework may read."""

    path = "framework"

    def visible_to(self, user: Any) -> Any:
        return self.filter(**{f"{self.path}__in": Framework.objects.all().visible_to(user)})


class ReturnQuarterQuerySet(_OfFramework):
    pass


class ReturnQuarter(Versioned):
    """One quarter of a framework's year, with its two dates. Both are last days: one to be on time, one to send at all.

    ``year`` is the calendar year in which the scheme's year begins.
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="return_quarters")
    year = models.PositiveIntegerField()
    quarter = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    on_time_by = models.DateField(help_text="The last day on which a return is on time.")
    locked_on = models.DateField(help_text="The last day on which a return may be sent or corrected.")

    objects = ReturnQuarterQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "year", "quarter"], name="return_quarter_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="return_quarter_1_to_4"),
            models.CheckConstraint(
                name="return_quarter_order",
                condition=Q(starts_on__lt=F("ends_on"), ends_on__lt=F("on_time_by"), on_time_by__lte=F("locked_on")),
            ),
        ]
        indexes = [models.Index(fields=["on_time_by"], name="return_quarter_on_time")]

    def __str__(self) -> str:
        return f"{self.framework}: {self.year} Q{self.quarter}"


class QuarterChange(models.Model):
    """The dates of a quarter were changed: who, when, why. Append-only."""

    quarter = models.ForeignKey(ReturnQuarter, on_delete=models.CASCADE, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    on_time_before = models.DateField()
    on_time_after = models.DateField()
    locked_before = models.DateField()
    locked_after = models.DateField()
    reason = models.TextField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="quarter_change_says_why")]

    def __str__(self) -> str:
        return f"{self.quarter}: {self.reason[:40]}"


class QuarterTally(models.Model):
    """Kept counts of one quarter, changed in the transaction that changes a return; ``doctor`` recounts."""

    quarter = models.OneToOneField(ReturnQuarter, on_delete=models.CASCADE, related_name="tally")
    owed = models.PositiveIntegerField(default=0, help_text="Members of whom a return is expected, sent or not.")
    sent = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    significant = models.PositiveIntegerField(default=0, help_text="Sent, and reporting a significant change.")

    def __str__(self) -> str:
        return f"{self.sent} of {self.owed}"


class ReturnFigureQuerySet(_OfFramework):
    def asked_in(self, quarter: ReturnQuarter) -> "ReturnFigureQuerySet":
        return self.filter(
            Q(from_quarter__isnull=True) | Q(from_quarter__starts_on__lte=quarter.starts_on),
            Q(until_quarter__isnull=True) | Q(until_quarter__starts_on__gte=quarter.starts_on),
            framework=quarter.framework_id,
        )


class ReturnFigure(Versioned):
    """A number that the scheme asks for, from one quarter to another. People reached is there always, and first."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="return_figures")
    code = models.SlugField(max_length=40)
    label = BilingualField()
    help = BilingualField(blank=True)
    kind = models.CharField(max_length=10, choices=FigureKind.choices, default=FigureKind.COUNT)
    required = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    from_quarter = models.ForeignKey(
        ReturnQuarter, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="The first quarter that asks for it; empty: from the beginning.",
    )  # fmt: skip
    until_quarter = models.ForeignKey(
        ReturnQuarter, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="The last quarter that asks for it; empty: for good.",
    )  # fmt: skip

    objects = ReturnFigureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="return_figure_once"),
            models.CheckConstraint(
                name="return_people_reached_always_first",
                condition=~Q(code=PEOPLE_REACHED)
                | Q(position=0, from_quarter__isnull=True, until_quarter__isnull=True, kind=FigureKind.COUNT),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)


class FigureTally(models.Model):
    """The kept total of one figure over all returns sent for one quarter."""

    quarter = models.ForeignKey(ReturnQuarter, on_delete=models.CASCADE, related_name="figure_tallies")
    figure = models.ForeignKey(ReturnFigure, on_delete=models.CASCADE, related_name="tallies")
    total = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    given = models.PositiveIntegerField(default=0, help_text="Returns that give this figure.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quarter", "figure"], name="figure_tally_once")]

    def __str__(self) -> str:
        return f"{self.figure}: {self.total}"


class QuarterlyReturnQuerySet(ScopedQuerySet["QuarterlyReturn"]):
    def visible_to(self, user: Any) -> "QuarterlyReturnQuerySet":
        """Those of one's own organisation; and what present members have sent to a network that one oversees."""
        held = Access.of(user).memberships
        networks = {m.network_id for m in held if m.network_id and Permission.SEE_SUBMITTED in permissions_of(m.role)}
        members = Affiliation.objects.current().filter(network__in=networks).values("organisation")
        received = Q(quarter__framework__network__in=networks, organisation__in=members, status__in=WITH_NETWORK)
        return self.filter(reach(user, Permission.SEE_WORKBOOK, path="organisation") | received)


class QuarterlyReturn(Versioned):
    """One member's return for one quarter. What was sent is kept, edition by edition, in ``ReturnEdition``.

    The answers here are the ones being written; those sent stand in ``reported_change`` and ``ReturnValue.sent_value``.
    """

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    quarter = models.ForeignKey(ReturnQuarter, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="quarterly_returns")
    workbook = models.ForeignKey(Workbook, null=True, blank=True, on_delete=models.PROTECT, related_name="returns")
    status = models.CharField(max_length=12, choices=ReturnStatus.choices, default=ReturnStatus.OPEN)
    significant_change = models.BooleanField(null=True, help_text="The mandatory question; empty: not answered yet.")
    description = models.TextField(blank=True, default="")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True, help_text="The member left before sending: none is owed.")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When it was first sent, which decides lateness.")
    last_sent_at = models.DateTimeField(null=True, blank=True, help_text="When the newest edition was sent.")
    late = models.BooleanField(null=True)
    reported_change = models.BooleanField(null=True, help_text="Whether what was sent reports a significant change.")
    edition = models.PositiveIntegerField(default=0, help_text="How often it was sent: once, and once a correction.")
    sha256 = models.CharField(max_length=64, blank=True, default="")

    objects = QuarterlyReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "organisation"], name="return_once_a_quarter"),
            models.CheckConstraint(
                name="return_sent_is_whole",
                condition=Q(status__in=[ReturnStatus.OPEN, ReturnStatus.DRAFT], sent_at__isnull=True, edition=0)
                | Q(
                    status__in=WITH_NETWORK, sent_at__isnull=False, last_sent_at__isnull=False, sent_by__isnull=False,
                    late__isnull=False, reported_change__isnull=False, edition__gte=1, released_on__isnull=True,
                ),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["quarter", "status"], name="return_quarter_status"),
            models.Index(fields=["organisation", "last_sent_at"], name="return_organisation_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.quarter.year} Q{self.quarter.quarter}"


class ReturnValue(models.Model):
    """One figure of one return: as it is being written, and as it was last sent."""

    quarterly_return = models.ForeignKey(QuarterlyReturn, on_delete=models.CASCADE, related_name="values")
    figure = models.ForeignKey(ReturnFigure, on_delete=models.PROTECT, related_name="values")
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    sent_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quarterly_return", "figure"], name="return_value_once")]

    def __str__(self) -> str:
        return f"{self.figure_id}: {self.value}"


class ReturnChange(models.Model):
    """An indicator that the return names: moved since the last return, or added by hand. ``included``: significant."""

    quarterly_return = models.ForeignKey(QuarterlyReturn, on_delete=models.CASCADE, related_name="changes")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    from_value = models.CharField(max_length=20, choices=Value.choices, blank=True, default="")
    to_value = models.CharField(max_length=20, choices=Value.choices, blank=True, default="")
    included = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["quarterly_return", "indicator"], name="return_change_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.from_value} → {self.to_value}"


class ReturnEdition(models.Model):
    """A return as it was sent: canonical JSON and its SHA-256. The database refuses to change it."""

    quarterly_return = models.ForeignKey(QuarterlyReturn, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["quarterly_return", "number"], name="return_edition_once")]

    def __str__(self) -> str:
        return f"{self.quarterly_return_id}/{self.number}"
