"""The world of the access table: one person per role and kind of place, and three places to knock at.

``own``     Alder, a member of North. Every role of the matrix that is held in an organisation or a team is held here,
            and every role that is held in a network is held in North.
``sister``  Birch, another member of North: North's officers oversee it, Alder's people must not see it.
``other``   Cedar, a member of South: nobody of ours has anything to do with it.

Beside the roles there are people without one: see ``WITHOUT_ROLE``.
"""

import datetime as dt
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from levelground.accounts.models import User
from levelground.assessments import services as assessments
from levelground.assessments.models import Action, Evidence, Snapshot, Workbook
from levelground.cycles import services as cycles
from levelground.cycles.models import Cycle, Submission, SubmissionDocument
from levelground.cycles.tests.ways import of, send
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.notifications import services as notifications
from levelground.foundation.notifications.models import Notification
from levelground.frameworks import services as frameworks
from levelground.frameworks.models import FrameworkVersion, PendingImport
from levelground.measures.models import Measure
from levelground.measures.tests.ways import write_measure
from levelground.organisations.models import Affiliation, Invitation, Membership, Network, Organisation, Team
from levelground.organisations.roles import MATRIX, Permission, Role, Scope
from levelground.returns.models import QuarterlyReturn, ReturnQuarter
from levelground.returns.tests.ways import set_quarters, write_returns
from levelground.support import services as support
from levelground.support.models import SupportCase
from tests.factories import (
    InvitationFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    TeamFactory,
    UserFactory,
    framework_data,
)

OWN, SISTER, OTHER = "own", "sister", "other"
ANONYMOUS = "anonymous"
WITHOUT_ROLE = ("stranger", "administrator", "former_lead", "coming_lead", "lead_of_former_member")


def holder(role: Role, scope: Scope) -> str:
    """How the table names a person: ``member_lead@organisation``."""
    return f"{role.value}@{scope.value}"


def alike() -> list[list[str]]:
    """Holders grouped: those in a group are held in the same kind of place and carry the same permissions."""
    groups: dict[tuple[Scope, frozenset[Permission]], list[str]] = {}
    for role, (scopes, permissions) in MATRIX.items():
        for scope in sorted(scopes):
            groups.setdefault((scope, permissions), []).append(holder(role, scope))
    return list(groups.values())


HOLDERS = [holder(role, scope) for role, (scopes, _p) in MATRIX.items() for scope in Scope if scope in scopes]


@dataclass
class Home:
    """One organisation in its network, with one of everything that has an address."""

    network: Network
    organisation: Organisation
    team: Team
    archived_team: Team
    membership: Membership
    network_membership: Membership
    invitation: Invitation
    network_invitation: Invitation
    version: FrameworkVersion
    spare: FrameworkVersion
    draft: FrameworkVersion
    upload: PendingImport
    workbook: Workbook
    action: Action
    evidence: Evidence
    submission: Submission
    sent_document: SubmissionDocument
    snapshot: Snapshot
    sent_return: QuarterlyReturn
    drafted_return: QuarterlyReturn
    case: SupportCase
    measure: Measure
    notification: Notification

    @property
    def framework(self) -> str:
        return self.version.framework.slug

    @property
    def code(self) -> str:
        return "1.1.1"


@dataclass
class World:
    homes: dict[str, Home]
    people: dict[str, User]
    clients: dict[str, Client] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    folder: Path = Path()

    def ask(self, who: str, method: str, url: str, data: dict[str, str] | None = None) -> Any:
        """One request, whose writes are undone; an unforeseen exception counts as status 500."""
        client = self.clients[who]
        client.cookies = SimpleCookie(self.cookies[who])
        with transaction.atomic():
            response = client.get(url) if method == "get" else client.post(url, data or {})
            transaction.set_rollback(True)
        # The client has closed what is whole; a stream closes at its end. Closing again would end the transaction.
        for _part in response if response.streaming else ():
            pass
        return response


THROUGH = {200, 201, 204, 302, 303, 400, 409, 413, 415, 422}


def outcome(response: Any) -> str:
    """``through``, ``forbidden``, ``hidden``, ``sign in``, ``no such method`` or the status that nobody foresaw."""
    if response.status_code == 302 and response.url.startswith(reverse("account_login")):
        return "sign in"
    known = {403: "forbidden", 404: "hidden", 405: "no such method"}
    return "through" if response.status_code in THROUGH else known.get(response.status_code, str(response.status_code))


def make_world() -> World:
    north, south = NetworkFactory(slug="north"), NetworkFactory(slug="south")
    editions = {network: _editions(network) for network in (north, south)}
    homes = {
        OWN: _home(north, editions[north], "alder"),
        SISTER: _home(north, editions[north], "birch"),
        OTHER: _home(south, editions[south], "cedar"),
    }
    world = World(homes, _people(homes[OWN]))
    # Only the officer who sent a file sees it.
    homes[OWN].upload.by = world.people[holder(Role.NETWORK_OFFICER, Scope.NETWORK)]
    homes[OWN].upload.save()
    for who, user in [(ANONYMOUS, None), *world.people.items()]:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        client.get("/offline/")  # what a first request leaves behind stays; later ones are taken back
        world.clients[who], world.cookies[who] = client, client.cookies.output(header="", sep=";")
    return world


@dataclass
class Editions:
    """What a network has of frameworks: two published, a draft of the first, a file that waits for a yes."""

    version: FrameworkVersion
    spare: FrameworkVersion
    draft: FrameworkVersion
    upload: PendingImport
    last_year: Cycle
    cycle: Cycle
    quarters: tuple[ReturnQuarter, ReturnQuarter]


def _editions(network: Network) -> Editions:
    officer = UserFactory()
    version, spare = (_published(network, f"{network.slug}-{name}") for name in ("mark", "spare"))
    data = framework_data(slug=f"{network.slug}-mark", label="sent")
    return Editions(
        version,
        spare,
        frameworks.correct(version=version, by=officer, label="Next", reason="A slip"),
        frameworks.keep_upload(network=network, file_name="mark.yaml", data=data, notes=[], by=officer),
        _cycle(version, officer, clock.today().year - 1),
        _cycle(version, officer, clock.today().year),
        set_quarters(version.framework, officer),
    )


def _cycle(version: FrameworkVersion, officer: User, year: int) -> Cycle:
    """A cycle that is on now."""
    today = clock.today()
    return cycles.open_cycle(
        framework=version.framework, framework_version=version, year=year, by=officer,
        opens_on=today - dt.timedelta(days=30), deadline=today + dt.timedelta(days=30),
    )  # fmt: skip


def _paper(submission: Submission, lead: User) -> SubmissionDocument:
    """A document of this year's."""
    return cycles.add_document(
        submission=submission, required=submission.cycle.documents.get(code="budget"), by=lead,
        upload=SimpleUploadedFile("budget.txt", b"The budget"), document_date=dt.date(2026, 1, 1),
    )  # fmt: skip


def _sent(cycle: Cycle, organisation: Organisation, lead: User) -> Snapshot:
    """What the organisation sent for last year."""
    trustee = UserFactory(name=f"Trustee of {organisation.slug}")
    MembershipFactory(user=trustee, role=Role.SIGN_OFF, organisation=organisation)
    return send(of(cycle, organisation), lead, trustee).snapshot


def _published(network: Network, slug: str) -> FrameworkVersion:
    officer = UserFactory()
    MembershipFactory(user=officer, role=Role.NETWORK_OFFICER, network=network)
    version = frameworks.import_version(network=network, data=framework_data(slug=slug), by=officer)
    return frameworks.publish(version=version, by=officer)


def _home(network: Network, editions: Editions, slug: str) -> Home:
    version = editions.version
    organisation = OrganisationFactory(slug=slug)
    Affiliation.objects.create(network=network, organisation=organisation, joined_on=dt.date(2019, 1, 1))
    lead = UserFactory(name=f"Lead of {slug}")
    MembershipFactory(user=lead, role=Role.MEMBER_LEAD, organisation=organisation)
    workbook = assessments.start_workbook(organisation=organisation, version=version, by=lead)
    answer = workbook.answers.select_related("indicator").get(indicator__code="1.1.1")
    paper = SimpleUploadedFile("minutes.txt", b"Minutes of the meeting", content_type="text/plain")
    team = TeamFactory(organisation=organisation)
    sent_return, drafted_return = write_returns(organisation, *editions.quarters, lead)
    return Home(
        network=network,
        organisation=organisation,
        team=team,
        archived_team=TeamFactory(organisation=organisation, archived_at=clock.now()),
        membership=MembershipFactory(role=Role.MEMBER_CONTRIBUTOR, organisation=organisation),
        network_membership=MembershipFactory(role=Role.PEER_REVIEWER, network=network),
        invitation=InvitationFactory(organisation=organisation, invited_by=lead),
        network_invitation=InvitationFactory(network=network, role=Role.MODERATOR, invited_by=lead),
        version=version,
        spare=editions.spare,
        draft=editions.draft,
        upload=editions.upload,
        workbook=workbook,
        action=assessments.create_action(workbook=workbook, indicator=answer.indicator, title="Write it down", by=lead),
        evidence=assessments.add_evidence(answer=answer, upload=paper, by=lead),
        submission=of(editions.cycle, organisation),
        sent_document=_paper(of(editions.cycle, organisation), lead),
        snapshot=_sent(editions.last_year, organisation, lead),
        sent_return=sent_return,
        drafted_return=drafted_return,
        case=support.ask_for_help(organisation=organisation, network=network, about="A treasurer", by=lead),
        measure=write_measure(team, lead),
        notification=notifications.notify(user=lead, kind="test", text=Bilingual("Hello", "Helo")),
    )


def _people(own: Home) -> dict[str, User]:
    places = {Scope.NETWORK: own.network, Scope.ORGANISATION: own.organisation, Scope.TEAM: own.team}
    people = {}
    for role, (scopes, _permissions) in MATRIX.items():
        for scope in scopes:
            user = people[holder(role, scope)] = UserFactory(name=holder(role, scope))
            MembershipFactory(user=user, role=role, **{scope.value: places[scope]})
    today = clock.today()
    people["stranger"] = UserFactory(name="Stranger")
    people["administrator"] = UserFactory(name="Administrator", is_staff=True, is_superuser=True)
    people["former_lead"] = UserFactory(name="Former lead")
    people["coming_lead"] = UserFactory(name="Coming lead")
    lead = {"role": Role.MEMBER_LEAD, "organisation": own.organisation}
    MembershipFactory(user=people["former_lead"], to_date=today - dt.timedelta(days=1), **lead)
    MembershipFactory(user=people["coming_lead"], from_date=today + dt.timedelta(days=1), **lead)
    # Led a member that has left the network: sees its own organisation, and nothing of the network.
    people["lead_of_former_member"] = UserFactory(name="Lead of a former member")
    gone = OrganisationFactory(slug="gone")
    Affiliation.objects.create(
        network=own.network, organisation=gone, joined_on=dt.date(2019, 1, 1), left_on=today, left_reason="Merged"
    )
    MembershipFactory(user=people["lead_of_former_member"], role=Role.MEMBER_LEAD, organisation=gone)
    return people
