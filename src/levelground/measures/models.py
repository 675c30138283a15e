"""Measures with their definitions, what happened to them, and their numbers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from levelground.foundation.bilingual import BilingualField
from levelground.foundation.db import Versioned, public_id
from levelground.organisations.models import InScope

from .plans import PlanAgreement
from .querysets import MeasureQuerySet
from .states import Aspect, Direction, Family, Frequency, Kind, PhaseKind, SegmentKind, Source

__all__ = [
    "DEFINED", "Annotation", "Definition", "LeftOut", "Measure", "MeasurePhase", "MeasureVersion", "PlanAgreement",
    "Point", "PointChange", "Segment", "Series", "Target",
]  # fmt: skip
USER = settings.AUTH_USER_MODEL


class Definition(models.Model):
    """Everything that says what a measure measures. The measure has the one in force, ``MeasureVersion`` every one."""

    name = BilingualField()
    matters = BilingualField(blank=True, help_text="Which of people's words or themes it answers (WM-05).")
    family = models.CharField(max_length=10, choices=Family.choices)
    aspect = models.CharField(max_length=15, choices=Aspect.choices, default=Aspect.OTHER)
    definition = BilingualField(help_text="The operational definition: two people who count get the same number.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = BilingualField(blank=True)
    per = models.PositiveIntegerField(null=True, blank=True, help_text="Of a rate: for each so many.")
    numerator = models.TextField(blank=True, default="")
    denominator = models.TextField(blank=True, default="")
    exclusions = models.TextField(blank=True, default="")
    source = models.TextField(blank=True, default="")
    collector = models.CharField(max_length=200, blank=True, default="")
    frequency = models.CharField(max_length=12, choices=Frequency.choices)
    direction = models.CharField(max_length=5, choices=Direction.choices)
    is_wait = models.BooleanField(default=False)
    clock_start = models.TextField(blank=True, default="")
    clock_stop = models.TextField(blank=True, default="")
    clock_pauses = models.TextField(blank=True, default="")
    baseline_from = models.DateField(null=True, blank=True)
    baseline_to = models.DateField(null=True, blank=True, help_text="The last day of the baseline.")
    about_people = models.BooleanField(default=True, help_text="Small numbers could show who somebody is.")
    stratified_by = models.JSONField(default=list, blank=True, help_text="The keys of the code lists (codes.py).")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_family_known", condition=Q(family__in=Family.values)),
            models.CheckConstraint(name="%(class)s_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="%(class)s_frequency_known", condition=Q(frequency__in=Frequency.values)),
            models.CheckConstraint(name="%(class)s_direction_known", condition=Q(direction__in=Direction.values)),
            models.CheckConstraint(
                name="%(class)s_wait_has_clocks",
                condition=Q(is_wait=False) | (~Q(clock_start="") & ~Q(clock_stop="")),
            ),
            models.CheckConstraint(
                name="%(class)s_parts_are_said",
                condition=~Q(kind__in=[Kind.PERCENT, Kind.RATE]) | (~Q(numerator="") & ~Q(denominator="")),
            ),
            models.CheckConstraint(
                name="%(class)s_per_of_rates",
                condition=Q(kind=Kind.RATE, per__isnull=False, per__gte=1) | (~Q(kind=Kind.RATE) & Q(per__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(class)s_baseline_order",
                condition=Q(baseline_from__isnull=True, baseline_to__isnull=True)
                | Q(
                    baseline_from__isnull=False, baseline_to__isnull=False, baseline_from__lt=F("baseline_to")
                ),  # a comparison with nothing would pass
            ),
        ]


DEFINED = tuple(field.name for field in Definition._meta.local_fields)


class Measure(Definition, InScope, Versioned):
    """A number with a definition, followed over time. It belongs to one team, one organisation or one network."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    archived_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="Empty: a draft.")
    published_by = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            *InScope.Meta.constraints,
            *Definition.Meta.constraints,
            models.CheckConstraint(
                name="measure_published_says_what_matters", condition=Q(published_at__isnull=True) | ~Q(matters="")
            ),
            models.CheckConstraint(
                name="measure_published_pair",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def audit_chain(self) -> str:
        return self.scope.audit_chain

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return f"measure:{self.public_id}"


class MeasureVersion(Definition):
    """A definition as it was from a moment on, and why it became so. The database refuses to change it."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    reason = models.TextField(blank=True, default="")
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            *Definition.Meta.constraints,
            models.UniqueConstraint(fields=["measure", "number"], name="measure_version_once"),
            models.CheckConstraint(
                name="measure_version_says_why", condition=Q(number=1) | (Q(number__gt=1) & ~Q(reason=""))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}/{self.number}"


class _Removable(models.Model):
    """What a person put beside the numbers, and perhaps took away again; it is kept either way."""

    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_by = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_removed_pair",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            )
        ]


class Target(_Removable):
    """What is aimed at from a day on; without a value, nothing is from that day on."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="targets")
    from_date = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["from_date"]
        constraints = [
            *_Removable.Meta.constraints,
            models.UniqueConstraint(
                fields=["measure", "from_date"], condition=Q(removed_at__isnull=True), name="target_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.value} from {self.from_date}"


class MeasurePhase(_Removable):
    """From its first day on, limits are worked out anew (a rebase): a recorded act with a reason.

    ``baseline_to``: the last day of the numbers from which the limits are worked out; empty: all of the phase.
    """

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="phases")
    starts_on = models.DateField()
    baseline_to = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=PhaseKind.choices, default=PhaseKind.REBASE)
    reason = models.TextField()
    definition = models.ForeignKey(
        MeasureVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="The definition that begins with this phase.",
    )  # fmt: skip
    removed_reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            *_Removable.Meta.constraints,
            models.UniqueConstraint(
                fields=["measure", "starts_on"], condition=Q(removed_at__isnull=True), name="phase_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="phase_says_why"),
            models.CheckConstraint(
                condition=Q(baseline_to__isnull=True) | Q(baseline_to__gt=F("starts_on")), name="phase_baseline_order"
            ),
            models.CheckConstraint(
                name="phase_definition_pair",
                condition=Q(kind=PhaseKind.REBASE, definition__isnull=True)
                | Q(kind=PhaseKind.DEFINITION, definition__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removed_reason=""), name="phase_removal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: phase from {self.starts_on}"


class Annotation(_Removable, Versioned):
    """What happened on a day, kept with the numbers and shown on the chart."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="annotations")
    on = models.DateField()
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            *_Removable.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="annotation_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.text[:40]}"


class LeftOut(_Removable):
    """The numbers of one day that limits and rules pass over, with the reason. They are still drawn, as a ring."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="left_out")
    date = models.DateField()
    reason = models.TextField()

    class Meta:
        ordering = ["date"]
        constraints = [
            *_Removable.Meta.constraints,
            models.UniqueConstraint(
                fields=["measure", "date"], condition=Q(removed_at__isnull=True), name="left_out_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="left_out_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.date}"


class Segment(models.Model):
    """A group of people by one code of one edition of a code list. Made from ``codes.py`` when it is first used."""

    characteristic = models.CharField(max_length=20)
    edition = models.CharField(max_length=30)
    code = models.CharField(max_length=10)
    label = BilingualField()
    kind = models.CharField(max_length=12, choices=SegmentKind.choices, default=SegmentKind.GROUP)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["characteristic", "edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["characteristic", "edition", "code"], name="segment_code_once"),
            models.UniqueConstraint(fields=["characteristic", "edition", "position"], name="segment_position_once"),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def list_key(self) -> str:
        return f"{self.characteristic}/{self.edition}"

    @property
    def key(self) -> str:
        """``ethnicity/2021:4``."""
        return f"{self.list_key}:{self.code}"


class Series(models.Model):
    """A measure for everybody (without a segment) or for one segment."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="series")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "segment"], name="series_once_a_segment"),
            models.UniqueConstraint(fields=["measure"], condition=Q(segment__isnull=True), name="series_overall_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.segment or 'overall'}"


_NUMBER: dict[str, Any] = {"max_digits": 18, "decimal_places": 6, "null": True, "blank": True}


class Point(models.Model):
    """What was measured on a day or for the period that begins on it.

    Percentages and rates are kept as numerator and denominator, or as a value where only that is known. Beside an
    average, ``denominator`` is of how many people it is.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="points")
    date = models.DateField()
    value = models.DecimalField(**_NUMBER)
    numerator = models.DecimalField(**_NUMBER)
    denominator = models.DecimalField(**_NUMBER)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["series", "date"], name="point_once_a_day"),
            models.CheckConstraint(
                name="point_says_something",
                condition=Q(value__isnull=False, numerator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False),
            ),
            models.CheckConstraint(
                name="point_parts_not_negative",
                condition=(Q(numerator__isnull=True) | Q(numerator__gte=0))
                & (Q(denominator__isnull=True) | Q(denominator__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}: {self.date}"


class PointChange(models.Model):
    """A number came, changed or went: who, when, from what, to what. Append-only; it outlives the point.

    ``before`` and ``after`` are ``{"value", "numerator", "denominator"}`` as texts; ``None``: there was none.
    ``entry`` is the same for everything that was written in one go.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="changes")
    date = models.DateField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    source = models.CharField(max_length=6, choices=Source.choices)
    entry = models.CharField(max_length=12)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["series", "date"], name="point_change_day")]

    def __str__(self) -> str:
        return f"{self.series_id}: {self.date}"
