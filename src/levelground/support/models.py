"""Requests for help, and what was said and done about them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from levelground.foundation.db import ScopedQuerySet, Versioned, public_id
from levelground.frameworks.models import Theme
from levelground.organisations.access import Access
from levelground.organisations.models import Network, Organisation, reach
from levelground.organisations.roles import Permission, permissions_of

from .states import OPEN, CaseSource, CaseStatus, Helped, Side


class SupportCaseQuerySet(ScopedQuerySet["SupportCase"]):
    def visible_to(self, user: Any) -> "SupportCaseQuerySet":
        """Those of the organisations for which the person asks, and those of the networks for which they help."""
        held = Access.of(user).memberships
        networks = {m.network_id for m in held if m.network_id and Permission.OFFER_SUPPORT in permissions_of(m.role)}
        return self.filter(reach(user, Permission.ASK_FOR_HELP, path="organisation") | Q(network__in=networks))

    def open(self) -> "SupportCaseQuerySet":
        return self.filter(status__in=OPEN)


class SupportCase(Versioned):
    """One request for help of a member, asked by it or offered to it, and what came of it."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="support_cases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="support_cases")
    source = models.CharField(max_length=20, choices=CaseSource.choices, default=CaseSource.ASKED)
    about = models.TextField(max_length=4000)
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What it is about, when that is a yearly snapshot or a return: by its address, which every part of the site knows.
    framework_slug = models.SlugField(max_length=60, blank=True, default="")
    year = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=CaseStatus.choices, default=CaseStatus.REQUESTED)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_contact_at = models.DateTimeField(
        null=True, blank=True, help_text="When the network first spoke with the member."
    )
    last_word = models.CharField(
        max_length=10, choices=Side.choices, default=Side.MEMBER, help_text="Kept: whose words the other side waits on."
    )
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    helped = models.CharField(max_length=12, choices=Helped.choices, blank=True, default="")

    objects = SupportCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(about=""), name="support_case_says_what"),
            models.CheckConstraint(
                name="support_case_closed_says_whether_it_helped",
                condition=(Q(status=CaseStatus.CLOSED, closed_at__isnull=False) & ~Q(helped=""))
                | (Q(closed_at__isnull=True, helped="") & ~Q(status=CaseStatus.CLOSED)),
            ),
            models.CheckConstraint(
                name="support_case_contact_after_opening",
                condition=Q(first_contact_at__isnull=True) | Q(first_contact_at__gte=F("opened_at")),
            ),
            models.CheckConstraint(
                name="support_case_year_with_framework",
                condition=Q(year__isnull=True, framework_slug="") | (Q(year__isnull=False) & ~Q(framework_slug="")),
            ),
        ]
        indexes = [
            models.Index(fields=["network", "status", "opened_at"], name="support_network_status"),
            models.Index(fields=["network", "opened_at"], name="support_network_opened"),
            models.Index(fields=["network", "first_contact_at"], name="support_network_contact"),
            models.Index(fields=["organisation", "opened_at"], name="support_organisation_opened"),
        ]

    def __str__(self) -> str:
        return self.about[:60]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def get_absolute_url(self) -> str:
        """The member's page; the network has its own."""
        return reverse("support_case", args=[self.organisation.slug, self.public_id])

    @property
    def network_url(self) -> str:
        return reverse("network_support_case", args=[self.network.slug, self.public_id])


class SupportNote(models.Model):
    """What somebody said or did about a case. Append-only."""

    case = models.ForeignKey(SupportCase, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)
    at = models.DateTimeField()
    text = models.TextField(max_length=4000, blank=True, default="")
    for_officers = models.BooleanField(default=False, help_text="The member does not see the words.")
    from_status = models.CharField(max_length=20, choices=CaseStatus.choices, blank=True, default="")
    to_status = models.CharField(max_length=20, choices=CaseStatus.choices, blank=True, default="")
    helped = models.CharField(max_length=12, choices=Helped.choices, blank=True, default="")
    handed_over = models.BooleanField(default=False, help_text="The officer in charge became another one, or nobody.")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact_on = models.DateField(null=True, blank=True, help_text="The day of a first contact that was told here.")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="support_note_says_something",
                condition=~Q(text="") | ~Q(to_status="") | Q(handed_over=True) | Q(contact_on__isnull=False),
            ),
            models.CheckConstraint(
                name="support_note_of_member_is_open", condition=Q(for_officers=False) | Q(side=Side.NETWORK)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or self.to_status
