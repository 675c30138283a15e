"""A ward with a measure of falls, and the people who work on it."""

from dataclasses import dataclass
from typing import Any

import pytest

from levelground.accounts.models import User
from levelground.measures.models import Measure
from levelground.organisations.models import Team
from levelground.organisations.roles import Role
from tests.factories import Cast, MembershipFactory, TeamFactory, UserFactory

from .ways import make


@dataclass
class Ward:
    """A team of Alder: Tess works in it, Cai coaches it; Alice leads Alder. ``falls`` is a monthly count."""

    cast: Cast
    team: Team
    tess: User
    cai: User
    falls: Measure


@pytest.fixture
def ward(cast: Cast) -> Ward:
    team = TeamFactory(organisation=cast.alder, slug="ward")
    tess, cai = UserFactory(name="Tess Team"), UserFactory(name="Cai Coach")
    MembershipFactory(user=tess, role=Role.TEAM_MEMBER, team=team)
    MembershipFactory(user=cai, role=Role.QI_COACH, team=team)
    return Ward(cast, team, tess, cai, make(team, tess))


@pytest.fixture
def as_(client: Any) -> Any:
    """``as_(user)`` is a client signed in as that person."""

    def sign_in(user: User) -> Any:
        client.force_login(user)
        return client

    return sign_in
