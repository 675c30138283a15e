"""The guide's table of actors (section 1): for each row, what the actor may *not* do is tried and refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from levelground.organisations import report
from levelground.organisations.roles import ABOUT, FROM_TEAM, MATRIX, Permission, Role, Scope, given_by

from .world import OWN, SISTER, Home, World, outcome

pytestmark = pytest.mark.django_db
P = Permission
_WRITES = {
    P.MANAGE_PEOPLE, P.MANAGE_NETWORK_PEOPLE, P.EDIT_ORGANISATION, P.MANAGE_NETWORK, P.ANSWER_WORKBOOK,
    P.ASSIGN_INDICATORS, P.IMPORT_WORKBOOK, P.SUBMIT_SNAPSHOT, P.APPROVE_SNAPSHOT, P.MANAGE_FRAMEWORKS,
}  # fmt: skip
_MEASURES = {P.ENTER_MEASURES, P.DEFINE_MEASURES}
_WRITES |= _MEASURES
_LIVE = {P.SEE_WORKBOOK, P.ANSWER_WORKBOOK, P.ASSIGN_INDICATORS, P.IMPORT_WORKBOOK}
_NETWORK = {P.MANAGE_NETWORK_PEOPLE, P.MANAGE_NETWORK, P.MANAGE_FRAMEWORKS, P.SEE_NETWORK}
_OF_MEMBERS = {P.MANAGE_PEOPLE, P.EDIT_ORGANISATION, P.SUBMIT_SNAPSHOT, P.APPROVE_SNAPSHOT}
_IDENTITIES = {P.SEE_PEOPLE, P.MANAGE_PEOPLE, P.MANAGE_NETWORK_PEOPLE}

# What the guide rules out, whatever pages come later. A change of the matrix against it needs a change here too.
NEVER: dict[Role, set[Permission]] = {
    Role.CONTRIBUTOR: _IDENTITIES | _WRITES | _LIVE,
    Role.LIVED_EXPERIENCE_PARTNER: {P.SUBMIT_SNAPSHOT, P.MANAGE_PEOPLE} | _NETWORK,
    Role.MEMBER_LEAD: {P.APPROVE_SNAPSHOT} | _NETWORK,
    Role.MEMBER_CONTRIBUTOR: {P.SUBMIT_SNAPSHOT, P.APPROVE_SNAPSHOT, P.MANAGE_PEOPLE} | _NETWORK,
    Role.SIGN_OFF: _WRITES - {P.APPROVE_SNAPSHOT} | _NETWORK,
    Role.NETWORK_OFFICER: _LIVE | _OF_MEMBERS,
    Role.PEER_REVIEWER: _WRITES | _LIVE | {P.SEE_SUBMITTED},
    Role.MODERATOR: _WRITES | _LIVE | {P.SEE_SUBMITTED},
    Role.TEAM_MEMBER: _WRITES - _MEASURES | _LIVE | {P.SEE_EXACT_NUMBERS},
    Role.QI_COACH: _WRITES | _LIVE | {P.SEE_EXACT_NUMBERS},
    Role.EXECUTIVE_SPONSOR: _WRITES | _LIVE | {P.SEE_EXACT_NUMBERS},
    Role.ADVISER: set(P),
    Role.EVALUATOR: _IDENTITIES | _WRITES | _LIVE | {P.SEE_EXACT_NUMBERS},
    Role.LEARNER: _IDENTITIES | _WRITES | _LIVE,
    Role.PEER_TRAINER: _WRITES | _LIVE,
    Role.PROFESSIONAL_TRAINER: _WRITES | _LIVE,
    Role.COLLEGE_MANAGER: _WRITES | _LIVE,
    Role.MENTOR: _IDENTITIES | _WRITES | _LIVE,
    Role.COMMISSIONER: set(P),
}


def _organisation(name: str, **more: str) -> Any:
    return lambda home: reverse(name, kwargs={"organisation": home.organisation.slug, **more})


def _network(name: str) -> Any:
    return lambda home: reverse(name, kwargs={"network": home.network.slug})


def _book(name: str) -> Any:
    return lambda home: reverse(name, kwargs={"organisation": home.organisation.slug, "framework": home.framework})


def _year(name: str) -> Any:
    return lambda home: reverse(name, args=[home.organisation.slug, home.framework, home.submission.cycle.year])


def _snapshot(home: Home) -> str:
    return reverse("snapshot", args=[home.snapshot.public_id])


def _measure(name: str) -> Any:
    return lambda home: reverse(name, args=[home.measure.public_id])


# (who, what the guide says they may not, method, address, in whose place, outcome)
REFUSED = [
    ("contributor@organisation", "see others' identities", "get", _organisation("organisation_people"), OWN, "hidden"),
    ("contributor@team", "see others' identities", "get", _organisation("organisation_people"), OWN, "hidden"),
    ("lived_experience_partner@organisation", "submit", "post", _year("submission_send"), OWN, "forbidden"),
    ("lived_experience_partner@team", "edit outside the team", "post", _book("workbook_answer"), OWN, "forbidden"),
    ("member_lead@organisation", "see other members' answers", "get", _book("workbook"), SISTER, "hidden"),
    ("member_lead@organisation", "see what others submitted", "get", _snapshot, SISTER, "hidden"),
    ("member_contributor@organisation", "submit", "post", _year("submission_send"), OWN, "forbidden"),
    ("member_contributor@organisation", "sign off", "post", _year("sign_off"), OWN, "forbidden"),
    ("member_lead@organisation", "sign off alone", "post", _year("sign_off"), OWN, "forbidden"),
    ("sign_off@organisation", "edit answers", "post", _book("workbook_answer"), OWN, "forbidden"),
    ("sign_off@organisation", "submit", "post", _year("submission_send"), OWN, "forbidden"),
    ("network_officer@network", "send for a member", "post", _year("submission_send"), SISTER, "forbidden"),
    ("network_officer@network", "see live answers", "get", _book("workbook"), SISTER, "forbidden"),
    ("network_officer@network", "edit a member's answers", "post", _book("workbook_answer"), SISTER, "forbidden"),
    ("network_officer@network", "manage its people", "get", _organisation("organisation_invite"), SISTER, "forbidden"),
    ("peer_reviewer@network", "see a pack without an assignment", "get", _snapshot, SISTER, "hidden"),
    ("peer_reviewer@network", "look into a member", "get", _organisation("organisation_home"), SISTER, "hidden"),
    ("moderator@network", "see a pack", "get", _snapshot, SISTER, "hidden"),
    ("team_member@team", "see the workbook", "get", _book("workbook"), OWN, "forbidden"),
    ("qi_coach@team", "edit what the team measures", "get", _measure("measure_edit"), OWN, "forbidden"),
    ("qi_coach@network", "enter a team's numbers", "get", _measure("measure_paste"), SISTER, "forbidden"),
    ("team_member@team", "see small numbers exactly", "get", _measure("measure_exact"), OWN, "forbidden"),
    ("network_officer@network", "enter for a member", "post", _measure("measure_paste_save"), SISTER, "forbidden"),
    ("network_officer@network", "see small numbers of a member", "get", _measure("measure_exact"), SISTER, "forbidden"),
    ("member_lead@organisation", "see another member's measures", "get", _measure("measure"), SISTER, "hidden"),
    ("evaluator@network", "see measures one by one", "get", _measure("measure"), SISTER, "hidden"),
    ("learner@organisation", "see measures", "get", _organisation("measure_list"), OWN, "hidden"),
    ("qi_coach@team", "look outside the team", "get", _organisation("organisation_home"), OWN, "hidden"),
    ("qi_coach@network", "look into a member", "get", _organisation("organisation_home"), OWN, "hidden"),
    ("executive_sponsor@organisation", "see raw comments", "get", _book("workbook"), OWN, "forbidden"),
    ("executive_sponsor@team", "see raw comments", "get", _book("workbook"), OWN, "forbidden"),
    ("adviser@network", "default access", "get", _network("network_home"), OWN, "forbidden"),
    ("adviser@team", "default access", "get", _organisation("organisation_home"), OWN, "hidden"),
    ("evaluator@network", "see direct identifiers", "get", _network("network_people"), OWN, "forbidden"),
    ("learner@organisation", "see people", "get", _organisation("organisation_people"), OWN, "hidden"),
    ("peer_trainer@organisation", "see the workbook", "get", _book("workbook"), OWN, "hidden"),
    ("professional_trainer@organisation", "see the workbook", "get", _book("workbook"), OWN, "hidden"),
    ("college_manager@organisation", "see the workbook", "get", _book("workbook"), OWN, "hidden"),
    ("mentor@organisation", "see people", "get", _organisation("organisation_people"), OWN, "hidden"),
    ("commissioner@network", "see anything not published", "get", _network("network_members"), OWN, "forbidden"),
    ("commissioner@network", "see a submitted snapshot", "get", _snapshot, OWN, "hidden"),
    ("administrator", "read without break glass", "get", _book("workbook"), OWN, "hidden"),
    ("administrator", "see who is who", "get", _organisation("organisation_people"), OWN, "hidden"),
]  # fmt: skip


@pytest.mark.requirement("MQM-15")
@pytest.mark.parametrize(
    ("who", "method", "address", "place", "wanted"),
    [pytest.param(*row[:1], *row[2:], id=f"{row[0]} may not {row[1]}") for row in REFUSED],
)
def test_what_the_guide_rules_out_is_refused(
    knock: World, who: str, method: str, address: Any, place: str, wanted: str
) -> None:
    home = knock.homes[place]
    assert outcome(knock.ask(who, method, address(home), {"indicator": home.code, "value": "met"})) == wanted


def test_every_role_has_a_row_in_both_tables() -> None:
    assert set(NEVER) == set(Role) == set(MATRIX) == set(ABOUT)
    assert {row[0].split("@")[0] for row in REFUSED} >= {role.value for role in Role}


@pytest.mark.parametrize("role", Role)
def test_the_matrix_keeps_to_the_guide(role: Role) -> None:
    assert MATRIX[role][1] & NEVER[role] == set()


def test_nobody_gives_roles_beyond_their_own_place() -> None:
    for role in Role:
        for given in given_by(role):
            reach = {Scope.ORGANISATION, Scope.TEAM} if Scope.ORGANISATION in MATRIX[role][0] else {Scope.NETWORK}
            assert MATRIX[given][0] & reach, f"{role} gives {given}"
    assert {role for role in Role if given_by(role)} == {Role.MEMBER_LEAD, Role.NETWORK_OFFICER}
    assert Role.NETWORK_OFFICER not in given_by(Role.MEMBER_LEAD)
    assert Role.MEMBER_LEAD not in given_by(Role.NETWORK_OFFICER)


def test_a_team_role_carries_little_around_it() -> None:
    assert {P.SEE_ORGANISATION} == FROM_TEAM


def test_the_page_of_permissions_is_up_to_date() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
    assert page.read_text(encoding="utf-8") == report.markdown(), "Run: levelground access-report --write"


def test_access_report(capsys: Any, tmp_path: Path) -> None:
    call_command("access_report", "--json")
    found = json.loads(capsys.readouterr().out)
    lead = next(role for role in found["roles"] if role["role"] == "member_lead")
    assert "submit_snapshot" in lead["permissions"] and "manage_network" not in lead["permissions"]
    call_command("access_report", "--write", str(tmp_path / "page.md"))
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == report.markdown()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("access_report", "--write", str(tmp_path / "nowhere" / "page.md"))
