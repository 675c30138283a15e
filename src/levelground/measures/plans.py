"""Agreements to a measurement plan: the measures that a team or an organisation has published, with their targets."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from levelground.foundation.db import public_id
from levelground.organisations.models import InScope

from .states import Side


class PlanAgreement(InScope):
    """A person agreed to exactly this plan, as one of the staff or as somebody with lived experience (AMHE-09).

    ``content`` is the plan as it stood, ``fingerprint`` its SHA-256: when the plan changes, the agreement stays what it
    was, to the earlier plan. The database refuses to change anything but that it was withdrawn, once.
    """

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)
    content: Any = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            *InScope.Meta.constraints,
            models.CheckConstraint(name="plan_agreement_side_known", condition=Q(side__in=Side.values)),
            *(
                models.UniqueConstraint(
                    fields=[scope, "by", "fingerprint"],
                    condition=Q(withdrawn_at__isnull=True),
                    name=f"plan_agreement_once_{scope}",
                )
                for scope in ("network", "organisation", "team")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.by}"
