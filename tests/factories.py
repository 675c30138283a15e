"""Makes rows for tests: each has what it needs and nothing else."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

import factory
from factory.django import DjangoModelFactory

from levelground.accounts.models import User
from levelground.assessments import services as assessments
from levelground.assessments.models import Workbook
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.db import public_id
from levelground.frameworks import services as frameworks
from levelground.frameworks.models import FrameworkVersion
from levelground.organisations.models import Affiliation, Invitation, Membership, Network, Organisation, Team
from levelground.organisations.roles import Role

PASSWORD = "a long test password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@test.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        from allauth.account.models import EmailAddress

        EmailAddress.objects.create(user=self, email=self.email, verified=extracted is not False, primary=True)


class NetworkFactory(DjangoModelFactory):
    class Meta:
        model = Network

    slug = factory.Sequence(lambda n: f"network-{n}")
    name = factory.Sequence(lambda n: Bilingual(f"Network {n}", f"Rhwydwaith {n}"))
    help_email = "help@test.example"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"member-{n}")
    name = factory.Sequence(lambda n: Bilingual(f"Member {n}", f"Aelod {n}"))
    nation = "WLS"
    size = "small"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.MEMBER_LEAD
    from_date = dt.date(2020, 1, 1)


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    slug = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: Bilingual(f"Team {n}", f"Tîm {n}"))
    organisation = factory.SubFactory(OrganisationFactory)


class InvitationFactory(DjangoModelFactory):
    """An open invitation; give ``organisation``, ``network`` or ``team``. Its link is ``secret_of(invitation)``."""

    class Meta:
        model = Invitation

    public_id = factory.LazyFunction(public_id)
    email = factory.Sequence(lambda n: f"invited{n}@test.example")
    role = Role.MEMBER_CONTRIBUTOR
    secret_sha256 = factory.LazyAttribute(lambda row: hashlib.sha256(f"secret-{row.public_id}".encode()).hexdigest())
    invited_by = factory.SubFactory(UserFactory)
    invited_at = factory.LazyFunction(clock.now)
    sent_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=14))


def secret_of(invitation: Invitation) -> str:
    return f"secret-{invitation.public_id}"


def indicator_data(code: str, **extra: Any) -> dict[str, Any]:
    both = {
        name: {"en": f"{name} {code} in English", "cy": f"{name} {code} yn Gymraeg"}
        for name in ("text", "guidance", "why", "evidence")
    }
    return {"code": code, "kind": "good_practice", "answer": "met_not_met", **both, **extra}


def framework_data(*, slug: str = "mark", themes: int = 2, indicators: int = 3, label: str = "1") -> dict[str, Any]:
    """A small framework as file data: one area, ``themes`` themes, one standard each with ``indicators`` indicators."""

    def name(text: str) -> dict[str, str]:
        return {"en": text, "cy": f"{text} (Cymraeg)"}

    return {
        "format": "levelground-framework/1",
        "framework": {
            "slug": slug,
            "name": name("Test mark"),
            "purpose": name("To test"),
            "beneficiaries": name("Testers"),
        },
        "version": {"label": label, "notes": name("")},
        "areas": [
            {
                "code": "A",
                "name": name("Area"),
                "themes": [
                    {
                        "code": str(t),
                        "name": name(f"Theme {t}"),
                        "summary": name(f"About {t}"),
                        "standards": [
                            {
                                "code": f"{t}.1",
                                "text": name(f"Standard {t}.1"),
                                "resources": [
                                    {
                                        "kind": "toolkit",
                                        "title": name(f"Toolkit {t}"),
                                        "url": "https://hub.example.org/t",
                                    }
                                ],
                                "indicators": [indicator_data(f"{t}.1.{i}") for i in range(1, indicators + 1)],
                            }
                        ],
                    }
                    for t in range(1, themes + 1)
                ],
            }
        ],
    }


@dataclass
class Cast:
    """Alice leads quality at Alder, with Carys (contributor) and Tomos (trustee); Bob leads at Birch, another member of
    the same network; Nia is the network's officer; Zed belongs nowhere; Olga is an officer of another network."""

    network: Network
    other_network: Network
    alder: Organisation
    birch: Organisation
    alice: User
    carys: User
    tomos: User
    bob: User
    nia: User
    olga: User
    zed: User
    version: FrameworkVersion
    workbook: Workbook
    birch_workbook: Workbook

    @classmethod
    def make(cls) -> "Cast":
        network, other = NetworkFactory(slug="north"), NetworkFactory(slug="south")
        alder, birch = OrganisationFactory(slug="alder"), OrganisationFactory(slug="birch", nation="ENG")
        for member in (alder, birch):
            Affiliation.objects.create(network=network, organisation=member, joined_on=dt.date(2019, 1, 1))

        def someone(name: str, role: Role | None, **scope: Any) -> User:
            user = UserFactory(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@test.example")
            if role:
                MembershipFactory(user=user, role=role, **scope)
            return user

        nia = someone("Nia Officer", Role.NETWORK_OFFICER, network=network)
        alice = someone("Alice Lead", Role.MEMBER_LEAD, organisation=alder)
        version = frameworks.publish(
            version=frameworks.import_version(network=network, data=framework_data(), by=nia), by=nia
        )
        return cls(
            network=network,
            other_network=other,
            alder=alder,
            birch=birch,
            alice=alice,
            carys=someone("Carys Contributor", Role.MEMBER_CONTRIBUTOR, organisation=alder),
            tomos=someone("Tomos Trustee", Role.SIGN_OFF, organisation=alder),
            bob=someone("Bob Lead", Role.MEMBER_LEAD, organisation=birch),
            nia=nia,
            olga=someone("Olga Officer", Role.NETWORK_OFFICER, network=other),
            zed=someone("Zed Stranger", None),
            version=version,
            workbook=assessments.start_workbook(organisation=alder, version=version, by=alice),
            birch_workbook=assessments.start_workbook(organisation=birch, version=version, by=alice),
        )
