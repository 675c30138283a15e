"""The people to sign in as: one for every role of the platform, each with a name, a place and a line of their own."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from levelground.accounts.models import Language, User
from levelground.foundation import clock
from levelground.organisations.models import Membership, Network, Organisation, Team
from levelground.organisations.roles import Role

PASSWORD = "levelground-demo"  # noqa: S105 - printed at start, for the demonstration only
NETWORK, VALLEY, HARBOUR, WARD = "bright-path", "example-valley", "harbour-minds", "day-service"
CY = Language.WELSH


@dataclass(frozen=True)
class Cast:
    """A persona: the part of the address before the @, a name, and the roles with the slug of the place of each."""

    email: str
    name: str
    roles: tuple[tuple[Role, str], ...] = ()
    language: str = Language.ENGLISH


CAST = [
    Cast("lead", "Alice Morgan", ((Role.MEMBER_LEAD, VALLEY),)),
    Cast("colleague", "Carys Huws", ((Role.MEMBER_CONTRIBUTOR, VALLEY),), CY),
    Cast("trustee", "Tomos Bevan", ((Role.SIGN_OFF, VALLEY),)),
    Cast("partner", "Priya Nair", ((Role.LIVED_EXPERIENCE_PARTNER, VALLEY),)),
    Cast("grace", "Grace Okoro", ((Role.TEAM_MEMBER, WARD),)),
    Cast("sponsor", "Helen Abara", ((Role.EXECUTIVE_SPONSOR, VALLEY),)),
    Cast("contributor", "Megan Tudor", ((Role.CONTRIBUTOR, VALLEY),), CY),
    Cast("college", "Bronwen Hale", ((Role.COLLEGE_MANAGER, VALLEY),)),
    Cast("trainer", "Arjun Mehta", ((Role.PROFESSIONAL_TRAINER, VALLEY),)),
    Cast("peer", "Llinos Pugh", ((Role.PEER_TRAINER, VALLEY),), CY),
    Cast("learner", "Rob Ellis", ((Role.LEARNER, VALLEY),)),
    Cast("mentor", "Gwil Prosser", ((Role.MENTOR, VALLEY),)),
    Cast("lead2", "Beth Carter", ((Role.MEMBER_LEAD, HARBOUR),)),
    Cast("jon", "Jon Airey", ((Role.MEMBER_LEAD, "moorland-matters"),)),
    Cast("elin", "Elin Rhys", ((Role.MEMBER_LEAD, "pont-y-bobl"),), CY),
    Cast("amara", "Amara Bello", ((Role.MEMBER_LEAD, "riverside-together"),)),
    Cast("officer", "Oluwaseun Adeyemi", ((Role.NETWORK_OFFICER, NETWORK),)),
    Cast("reviewer", "Daniel Price", ((Role.PEER_REVIEWER, NETWORK), (Role.MEMBER_CONTRIBUTOR, HARBOUR))),
    Cast("moderator", "Mairi Fraser", ((Role.MODERATOR, NETWORK),)),
    Cast("coach", "Ifor Nash", ((Role.QI_COACH, NETWORK),)),
    Cast("adviser", "Kofi Lindqvist", ((Role.ADVISER, NETWORK),)),
    Cast("evaluator", "Ines Duarte", ((Role.EVALUATOR, NETWORK),)),
    Cast("commissioner", "Fay Underwood", ((Role.COMMISSIONER, NETWORK),)),
    Cast("newcomer", "Sam Field"),
]


class People:
    """Makes persons with one password, hashed once: hashing is slow on purpose."""

    def __init__(self) -> None:
        self.password = make_password(PASSWORD)
        self.found: dict[str, User] = {}

    def __getitem__(self, email: str) -> User:
        return self.found[email]

    def come(self) -> None:
        """Everyone has an account."""
        for one in CAST:
            user = User(email=f"{one.email}@demo.example", name=one.name, password=self.password, language=one.language)
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            self.found[one.email] = user

    def take_roles(self, places: Mapping[str, Network | Organisation | Team]) -> None:
        """Everyone holds their roles in these places (by slug)."""
        started = clock.today() - dt.timedelta(days=1200)
        for one in CAST:
            for role, slug in one.roles:
                if slug not in places:
                    continue
                scope: dict[str, Any] = {type(places[slug])._meta.model_name or "": places[slug]}
                Membership.objects.create(user=self.found[one.email], role=role, from_date=started, **scope)
