"""The members of the network: organisations, their people, and how each of them is minded to answer."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress

from levelground.accounts.models import Digest, Language, User
from levelground.foundation.audit.bulk import Entry
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.models import Affiliation, Membership, Network, Organisation, PlaceChange, fold
from levelground.organisations.roles import Role
from levelground.organisations.states import ChangeKind, Nation, Size

from .days import Days, as_moment
from .names import REGIONS, Name, member_name, person_name
from .tables import Tables, bilingual, public_number
from .years import Fate, Turn, Wish

_SIZES = [Size.MICRO] * 4 + [Size.SMALL] * 8 + [Size.MEDIUM] * 5 + [Size.LARGE] * 3
_STRONGER = {Size.MICRO: -0.5, Size.SMALL: 0.0, Size.MEDIUM: 0.3, Size.LARGE: 0.6}
_NO_WISH = Wish(0, ("", "", ""))
EXEMPLAR = "exemplar@demo.example"
"""The lead of the member that does best is somebody to sign in as."""
# With the word that keeps the addresses of two people of one name apart.
_ROLES = {Role.MEMBER_LEAD: "lead", Role.MEMBER_CONTRIBUTOR: "team", Role.SIGN_OFF: "board"}


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    number: str
    name: str


@dataclass(frozen=True)
class Known:
    """A member with a story: its name, and which of its people are personas already (lead, colleague, trustee)."""

    name: Name
    nation: Nation
    region: str
    size: Size
    wish: Wish
    people: tuple[User | None, User | None, User | None] = (None, None, None)
    welsh: bool = False


@dataclass(slots=True)
class Member:
    """One member on its way into the tables. Days are counted from the day of the build."""

    pk: int
    number: int
    slug: str
    welsh: bool
    fate: Fate
    strength: float
    growth: float
    dice: random.Random
    people: list[Person]
    book: int = 0
    book_number: str = ""
    answers: int = 0
    """The primary key of the first answer; the others follow it in the order of the framework."""
    log: list[Entry] = field(default_factory=list)
    """What the audit log of the organisation gets, and (``joining``) that of the network."""
    joining: list[Entry] = field(default_factory=list)

    @property
    def joined(self) -> int:
        return self.fate.joined

    @property
    def turns(self) -> list[Turn | None]:
        return self.fate.turns

    @property
    def exemplar(self) -> bool:
        return self.fate.exemplar

    @property
    def lead(self) -> Person:
        return self.people[0]

    @property
    def helper(self) -> Person:
        return self.people[1]

    @property
    def trustee(self) -> Person:
        return self.people[2]

    @property
    def chain(self) -> str:
        return f"organisation:{self.slug}"

    def tell(self, verb: str, subject: str, at: str, by: Person | None = None, **more: Any) -> None:
        """An event for the audit log; they are put in order of time before they are written."""
        self.log.append(
            Entry(at=as_moment(at), actor=by.number if by else "system", verb=verb, subject=subject, **more)
        )


class Members:
    """Writes organisations and people."""

    def __init__(self, tables: Tables, days: Days, *, network: Network, officer: User, password: str) -> None:
        self.days, self.network, self.officer, self.password = days, network, officer, password
        self._users = tables.table(
            User, "id", "public_id", "email", "name", "password", "language", "digest", "date_joined"
        )
        self._emails = tables.table(EmailAddress, "id", "user_id", "email", "verified", "primary")
        self._places = tables.table(
            Organisation, "id", "public_id", "slug", "name", "nation", "region", "size", "search_text"
        )
        self._affiliations = tables.table(Affiliation, "id", "network_id", "organisation_id", "joined_on")
        self._roles = tables.table(
            Membership, "id", "public_id", "user_id", "role", "organisation_id", "from_date", "granted_by_id"
        )
        self._changes = tables.table(PlaceChange, "id", "network_id", "organisation_id", "kind", "at", "by_id", "after")
        self._next = {Nation.ENGLAND: 0, Nation.WALES: 0}

    def one(self, number: int, fate: Fate, seed: int) -> Member:
        """The ``number``th member with its people."""
        dice = random.Random(seed * 1_000_003 + number)
        nation = Nation.WALES if number % 5 == 1 else Nation.ENGLAND
        size = Size.MEDIUM if fate.exemplar else dice.choice(_SIZES)
        name = member_name(self._next[nation], nation)
        self._next[nation] += 1
        welsh = nation == Nation.WALES and dice.random() < 0.6
        known = Known(name, nation, dice.choice(REGIONS[nation]), size, _NO_WISH, welsh=welsh)
        return self._member(number, fate, known, dice)

    def known(self, number: int, fate: Fate, known: Known, seed: int) -> Member:
        """A member with a story."""
        return self._member(number, fate, known, random.Random(seed * 2_000_003 + number))

    def _member(self, number: int, fate: Fate, known: Known, dice: random.Random) -> Member:
        strength = dice.gauss(1.9, 0.8) + _STRONGER[known.size]
        member = Member(
            pk=self._places.number(), number=number, slug=known.name.slug, fate=fate, dice=dice, people=[],
            welsh=known.welsh, growth=0.5 if fate.exemplar else dice.gauss(0.4, 0.3),
            strength=strength if fate.wish.strength is None else fate.wish.strength,
        )  # fmt: skip
        self._place(member, known)
        member.people = [
            Person(user.pk, user.public_id, user.name) if user else self._person(member, role)
            for user, role in zip(known.people, _ROLES, strict=True)
        ]
        return member

    def _place(self, member: Member, known: Known) -> None:
        dice, days, name = member.dice, self.days, known.name
        joined = days.date(member.joined)
        self._places.add(
            member.pk, public_number(dice), name.slug, bilingual(Bilingual(name.en, name.cy)), known.nation,
            known.region, known.size, fold(f"{name.en} {name.cy} {known.region} {name.slug}"),
        )  # fmt: skip
        self._affiliations.add(self._affiliations.number(), self.network.pk, member.pk, joined)
        self._changes.add(
            self._changes.number(), self.network.pk, member.pk, ChangeKind.JOINED, days.moment(member.joined, 60),
            self.officer.pk, json.dumps({"joined_on": joined}),
        )  # fmt: skip
        member.joining.append(Entry(
            at=as_moment(days.moment(member.joined, 60)), actor=self.officer.public_id, verb="place.joined",
            subject=f"organisation:{member.slug}", after={"joined_on": joined},
        ))  # fmt: skip

    def _person(self, member: Member, role: Role) -> Person:
        dice = member.dice
        made = Person(self._users.number(), public_number(dice), person_name(dice))
        email = f"{fold(made.name).replace(' ', '.')}.{_ROLES[role]}@{member.slug}.example"
        if member.exemplar and role == Role.MEMBER_LEAD:
            email = EXEMPLAR
        begun = member.joined + 7
        language = Language.WELSH if member.welsh and role == Role.MEMBER_LEAD else Language.ENGLISH
        # No digest: a demonstration of ten thousand members would write ten thousand e-mails a week.
        self._users.add(
            made.pk, made.number, email, made.name, self.password, language, Digest.NEVER, self.days.moment(begun, 30)
        )
        self._emails.add(self._emails.number(), made.pk, email, True, True)
        self._roles.add(
            self._roles.number(), public_number(dice), made.pk, role, member.pk, self.days.date(begun),
            self.officer.pk if role == Role.MEMBER_LEAD else None,
        )  # fmt: skip
        return made
