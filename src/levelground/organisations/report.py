"""Who can see what, as data and as a page of documentation: both made from the role matrix and nothing else."""

from typing import Any

from django.utils import translation

from .roles import ABOUT, FROM_TEAM, HERE_ONLY, MATRIX, PRIVATE, Permission, Role, Scope, given_by

_HEAD = """# Permissions

Made from the role matrix (`src/levelground/organisations/roles.py`) by `levelground access-report --write`; a test
fails when this page is older than the matrix. Do not edit it by hand.

What is not named here is refused. Someone who does not belong to a place gets "not found" (404) for all of it; someone
who belongs to it but lacks a permission gets "your role does not include this" (403). `tests/access` tries every
address of the site in every role.
"""

_OTHERS = """## People without a role

- **Nobody signed in** reaches the sign-in pages, help, accessibility, privacy, and the link of an invitation.
- **A person without a role** (also one whose role has ended, or has not begun) reaches their own account and
  notifications.
- **A system administrator** (`is_staff`) configures the site and sees the background jobs. Being one opens no
  organisation, network, workbook or contribution.
- **The public** will read the register of awards and what is published.
"""


def data() -> dict[str, Any]:
    """The matrix as plain data, in English."""
    with translation.override("en-gb"):
        return {
            "permissions": {permission.value: str(permission.label) for permission in Permission},
            "from_team": sorted(FROM_TEAM),
            "here_only": sorted(HERE_ONLY),
            "roles": [_role(role) for role in MATRIX],
        }


def _role(role: Role) -> dict[str, Any]:
    scopes, permissions = MATRIX[role]
    about, never = ABOUT[role]
    return {
        "role": role.value,
        "name": str(role.label),
        "held_in": [scope.value for scope in Scope if scope in scopes],
        "about": str(about),
        "never": str(never),
        "permissions": [permission.value for permission in Permission if permission in permissions],
        "gives": [given.value for given in given_by(role)],
        "private": role in PRIVATE,
    }


def markdown() -> str:
    """``docs/permissions.md``."""
    found = data()
    roles = found["roles"]
    return "\n".join([_HEAD, *_actors(roles), *_matrix(found), *_giving(roles), _OTHERS])


def _actors(roles: list[dict[str, Any]]) -> list[str]:
    rows = [
        f"| {role['name']}{' (private)' if role['private'] else ''} | {', '.join(role['held_in'])} | {role['about']} "
        f"| {role['never']} |"
        for role in roles
    ]
    return [
        "## Who does what", "",
        "| Role | Held in a | Does | Never |", "|---|---|---|---|", *rows, "",
        "A private role may tell that a person uses a service: only those who give it see who holds it.", "",
    ]  # fmt: skip


def _matrix(found: dict[str, Any]) -> list[str]:
    lines = ["## Who may what", ""]
    for permission, label in found["permissions"].items():
        holders = [role["name"] for role in found["roles"] if permission in role["permissions"]]
        lines.append(f"- **{label}** (`{permission}`): {', '.join(holders) or 'nobody yet'}.")
    silent = [role["name"] for role in found["roles"] if not role["permissions"]]
    team = ", ".join(found["permissions"][permission] for permission in found["from_team"])
    here = "; ".join(found["permissions"][permission] for permission in found["here_only"])
    return [
        *lines, "",
        "A role held in a network counts in its present members too, as far as the permission is about organisations. "
        f"In the network itself only, and not in its members, count: {here}. "
        f"A role held in a team counts in that team; in the organisation around it, it carries only: {team}.", "",
        f"These roles open no page yet: {', '.join(silent)}.", "",
    ]  # fmt: skip


def _giving(roles: list[dict[str, Any]]) -> list[str]:
    names = {role["role"]: role["name"] for role in roles}
    lines = [
        f"- **{role['name']}**: {', '.join(names[given] for given in role['gives'])}."
        for role in roles
        if role["gives"]
    ]
    return [
        "## Who gives which role", "", *lines, "",
        "While a member has no quality lead, an officer of its network may invite one and put the member's details "
        "right. The last quality lead of an organisation and the last officer of a network cannot be removed.", "",
    ]  # fmt: skip
