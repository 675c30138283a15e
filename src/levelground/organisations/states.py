"""The fixed lists of this app: nations, sizes, kinds of change, and how a dated thing stands today."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nation(models.TextChoices):
    ENGLAND = "ENG", _("England")
    WALES = "WLS", _("Wales")
    SCOTLAND = "SCT", _("Scotland")
    NORTHERN_IRELAND = "NIR", _("Northern Ireland")


class Size(models.TextChoices):
    """By yearly income, as the charity regulators group it."""

    MICRO = "micro", _("under £100,000 a year")
    SMALL = "small", _("£100,000 to £500,000 a year")
    MEDIUM = "medium", _("£500,000 to £1 million a year")
    LARGE = "large", _("over £1 million a year")


class ChangeKind(models.TextChoices):
    DETAILS = "details", _("Details changed")
    TEAM_ADDED = "team_added", _("Team added")
    TEAM_RENAMED = "team_renamed", _("Team renamed")
    TEAM_ARCHIVED = "team_archived", _("Team archived")
    TEAM_RESTORED = "team_restored", _("Team restored")
    INVITED = "invited", _("Invitation sent")
    INVITED_AGAIN = "invited_again", _("Invitation sent again")
    INVITATION_WITHDRAWN = "invitation_withdrawn", _("Invitation withdrawn")
    ROLE_GIVEN = "role_given", _("Role begun")
    ROLE_DATES = "role_dates", _("Dates of a role changed")
    ROLE_ENDED = "role_ended", _("Role ended")
    JOINED = "joined", _("Joined the network")
    LEFT = "left", _("Left the network")


class Standing(models.TextChoices):
    """How a role, or an organisation's place in a network, stands on a day."""

    COMING = "coming", _("Not begun yet")
    CURRENT = "current", _("Now")
    ENDED = "ended", _("Ended")
