"""Who hears of what."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.notifications import services as notifications
from levelground.organisations.models import Membership
from levelground.organisations.roles import Permission, roles_with

from .models import Submission


def holders(organisations: Any, permission: Permission) -> dict[int, list[Any]]:
    """People whose role in one of the ``organisations`` (ids, or a query) carries ``permission`` now."""
    found: dict[int, list[Any]] = defaultdict(list)
    held = Membership.objects.current().filter(
        organisation__in=organisations, role__in=roles_with(permission), user__is_active=True
    )
    for one in held.select_related("user").order_by("user__name", "pk"):
        if one.user not in found[one.organisation_id or 0]:
            found[one.organisation_id or 0].append(one.user)
    return found


def of(submission: Submission, permission: Permission) -> list[Any]:
    return holders([submission.organisation_id], permission).get(submission.organisation_id, [])


def tell(people: Iterable[Any], *, kind: str, text: Bilingual, url: str, key: str = "", besides: Any = None) -> int:
    """Notify everyone but the person who did it; how many were told."""
    told = [
        notifications.notify(user=user, kind=kind, text=text, url=url, key=key) for user in people if user != besides
    ]
    return sum(one is not None for one in told)


def called(submission: Submission) -> Bilingual:
    """What the submission is called in a notification: the mark and the year."""
    name, year = submission.cycle.framework.name, submission.cycle.year
    return Bilingual(f"{name.en or name.cy} {year}", f"{name.cy or name.en} {year}")
