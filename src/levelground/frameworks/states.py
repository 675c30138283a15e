"""The life of a framework version (domain guide 2.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONSULTATION = "consultation", _("In consultation")
    PILOT = "pilot", _("Pilot")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


S = VersionStatus
FROZEN = [S.PUBLISHED, S.RETIRED]
MOVES: dict[str, set[str]] = {
    S.DRAFT: {S.CONSULTATION, S.PILOT, S.PUBLISHED},
    S.CONSULTATION: {S.DRAFT, S.PILOT, S.PUBLISHED},
    S.PILOT: {S.DRAFT, S.CONSULTATION, S.PUBLISHED},
    S.PUBLISHED: {S.RETIRED},
    S.RETIRED: set(),
}
