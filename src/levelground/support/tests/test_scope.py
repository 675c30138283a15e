"""Who sees which requests for help."""

from typing import Any

import pytest

from levelground.foundation import clock
from levelground.organisations.models import Affiliation
from levelground.support import services
from levelground.support.models import SupportCase
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def test_each_side_sees_its_own(cast: Cast, case: SupportCase) -> None:
    other = services.ask_for_help(organisation=cast.birch, network=cast.network, about="B", by=cast.bob)

    def seen(user: Any) -> set[int]:
        user.__dict__.pop("_access", None)
        return set(SupportCase.objects.all().visible_to(user).values_list("pk", flat=True))

    assert seen(cast.alice) == seen(cast.tomos) == {case.pk}
    assert seen(cast.bob) == {other.pk}
    assert seen(cast.nia) == {case.pk, other.pk}
    assert seen(cast.carys) == seen(cast.olga) == seen(cast.zed) == set()
    # A member that has left keeps what it asked, and so does the network.
    Affiliation.objects.filter(organisation=cast.alder).update(left_on=clock.today())
    assert case.pk in seen(cast.alice)
    assert case.pk in seen(cast.nia)
