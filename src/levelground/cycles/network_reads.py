"""What the forms of a network's years begin with, once the door has let somebody in."""

from typing import Any

from django.db.models import QuerySet

from levelground.foundation import clock
from levelground.foundation.documents.rules import months_before
from levelground.frameworks.models import Framework, FrameworkVersion
from levelground.frameworks.states import FROZEN
from levelground.organisations.models import Affiliation, Membership
from levelground.organisations.roles import Permission, roles_with

from .models import Cycle, Extension, Submission, SubmissionStep


def versions(framework: Framework) -> QuerySet[FrameworkVersion]:
    """Those that a year may be about."""
    return FrameworkVersion.objects.filter(framework=framework, status__in=FROZEN)


def audience(framework: Framework) -> dict[str, int]:
    """How many members a new year would reach, and how many of them have nobody to tell."""
    members = Affiliation.objects.current().filter(network=framework.network_id)
    led = Membership.objects.current().filter(
        role__in=roles_with(Permission.SUBMIT_SNAPSHOT), user__is_active=True, organisation__isnull=False
    )
    unled = members.exclude(organisation__in=led.values("organisation"))
    return {"members": members.count(), "unled": unled.count()}


def proposed(framework: Framework, newest: FrameworkVersion | None) -> dict[str, Any]:
    """What the form of a new year begins with: as the last one was, a year later."""
    today, last = clock.today(), Cycle.objects.filter(framework=framework).order_by("-year").first()
    found: dict[str, Any] = {"year": today.year, "opens_on": today}
    if last is not None:
        later = [months_before(day, -12) for day in (last.opens_on, last.deadline)]
        found = {"year": last.year + 1, "opens_on": max(later[0], today)}
        if later[1] > found["opens_on"]:
            found["deadline"] = later[1]
    return found | ({"framework_version": newest.public_id} if newest else {})


def parts(cycle: Cycle) -> int:
    return Submission.objects.filter(cycle=cycle).count()


def anything_sent(cycle: Cycle) -> bool:
    """Whether a member has sent its snapshot: from then on what the year asks for stays as it is."""
    return Submission.objects.filter(cycle=cycle, snapshot__isnull=False).exists()


def extensions(cycle: Cycle) -> QuerySet[Extension]:
    """Every change of a deadline, the newest first."""
    return Extension.objects.filter(cycle=cycle).select_related("by", "organisation")


def steps(submission: Submission) -> QuerySet[SubmissionStep]:
    """What happened, the newest first."""
    return SubmissionStep.objects.filter(submission=submission).select_related("by").order_by("-at", "-pk")
