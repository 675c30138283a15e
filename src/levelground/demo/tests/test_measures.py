"""The measures of the demonstration: enough of them, of every story, and the same each time."""

from typing import Any

import pytest

from levelground.demo import measures
from levelground.demo.measure_lines import LINES
from levelground.demo.people import VALLEY, WARD
from levelground.foundation.bilingual import Bilingual
from levelground.measures.models import Measure, Point
from levelground.measures.selectors import plan_of
from levelground.organisations.models import Team
from levelground.organisations.roles import Role
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
PARTNER = Role.LIVED_EXPERIENCE_PARTNER


def _follow(slug: str) -> list[Any]:
    valley = OrganisationFactory(slug=slug)
    Team.objects.create(organisation=valley, slug=WARD, name=Bilingual("Day service", "Gwasanaeth dydd"))
    people = {name: UserFactory() for name in ("lead", "grace", "colleague", "partner")}
    for name, role in [("lead", Role.MEMBER_LEAD), ("grace", Role.MEMBER_CONTRIBUTOR), ("partner", PARTNER)]:
        MembershipFactory(user=people[name], role=role, organisation=valley)
    measures.follow({VALLEY: valley}, people)
    points = Point.objects.filter(series__measure__team__organisation=valley).order_by("pk")
    return list(points.values_list("date", "value", "numerator", "denominator"))


@pytest.mark.requirement("WM-09")
def test_thirty_measures_over_two_to_four_years_and_always_the_same() -> None:
    first = _follow("one")
    plans = {plan.owner.slug: plan.state for plan in map(plan_of, Team.objects.all())}
    assert plans == {
        WARD: "agreed", "community": "half", "crisis": "open", "young": "open", "recovery": "open",
    }  # fmt: skip
    found = Measure.objects.all()
    assert {measure.aspect for measure in found} >= {"outcomes", "service_users", "staff", "efficiency", "flow"}
    assert len(found) >= 30 and len({measure.team for measure in found}) == 5
    assert {line.story for line in LINES} == {
        "steady", "improved", "worsened", "seasonal", "rare", "small", "unequal"
    }  # fmt: skip
    assert len(found.published()) == len(found) - 2
    for measure in found:
        assert not measure.name.missing and (not measure.matters.missing or measure.published_at is None)
        days = Point.objects.filter(series__measure=measure, series__segment__isnull=True).values_list(
            "date", flat=True
        )
        if measure.kind != "between":
            assert 24 <= len(days) <= 48
        assert (max(days) - min(days)).days >= 365
    assert _follow("two") == first
