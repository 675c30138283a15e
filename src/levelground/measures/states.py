"""The kinds of things a measure can be (domain guide 3), as the database stores them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Family(models.TextChoices):
    OUTCOME = "outcome", pgettext_lazy("measure", "Outcome")
    PROCESS = "process", pgettext_lazy("measure", "Process")
    BALANCING = "balancing", pgettext_lazy("measure", "Balancing")


class Aspect(models.TextChoices):
    """What a measure is about (WM-09); satisfaction is told apart for the two groups."""

    OUTCOMES = "outcomes", _("Outcomes for people")
    SERVICE_USERS = "service_users", _("Satisfaction of service users and carers")
    STAFF = "staff", _("Satisfaction of staff")
    EFFICIENCY = "efficiency", _("Efficiency")
    FLOW = "flow", _("Flow and waits")
    INEQUALITY = "inequality", _("Inequality")
    OTHER = "other", pgettext_lazy("measure", "Something else")


class Kind(models.TextChoices):
    """What kind of number it is: which columns a row of data has, and how small numbers are hidden."""

    COUNT = "count", _("A count")
    PERCENT = "percent", _("A percentage: so many out of so many")
    RATE = "rate", _("A rate: so many for each so many")
    AVERAGE = "average", _("An average or median, such as days of waiting")
    BETWEEN = "between", _("The time between rare events")


class Frequency(models.TextChoices):
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    YEARLY = "yearly", _("Every year")
    EVENTS = "events", _("Whenever it happens")


# Of these, a point stands for a month or more, and is kept on the first day of its first month.
BY_MONTH = frozenset({Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY})


class Direction(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    NONE = "none", _("Neither: we want to know")


class PhaseKind(models.TextChoices):
    REBASE = "rebase", _("New baseline after a lasting change")
    DEFINITION = "definition", _("New definition")


class Source(models.TextChoices):
    """How a number came in."""

    FORM = "form", pgettext_lazy("how numbers came", "typed in")
    PASTE = "paste", pgettext_lazy("how numbers came", "pasted")
    FILE = "file", pgettext_lazy("how numbers came", "from a file")
    API = "api", pgettext_lazy("how numbers came", "from another system")


class SegmentKind(models.TextChoices):
    """Not stated (asked, and did not say) and not known (not asked) differ; neither is a group of people."""

    GROUP = "group", pgettext_lazy("segment", "Group")
    NOT_STATED = "not_stated", pgettext_lazy("segment", "Not stated")
    NOT_KNOWN = "not_known", pgettext_lazy("segment", "Not known")


class Side(models.TextChoices):
    """As whom a person agrees to a measurement plan (AMHE-09)."""

    STAFF = "staff", _("Staff")
    LIVED = "lived", _("Somebody with lived experience")


class PlanState(models.TextChoices):
    """How far a measurement plan is agreed, as it stands now."""

    AGREED = "agreed", pgettext_lazy("plan", "Agreed together")
    CHANGED = "changed", pgettext_lazy("plan", "Changed since it was agreed")
    HALF = "half", pgettext_lazy("plan", "One side has agreed")
    OPEN = "open", pgettext_lazy("plan", "Not agreed yet")
