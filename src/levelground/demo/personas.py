"""The invented people of the demonstration, each with the place and the role they have there."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from levelground.accounts.models import User
from levelground.organisations.models import Membership
from levelground.organisations.roles import Role

DOMAIN = "@demo.example"
START = f"lead{DOMAIN}"

# The pages for the work of these are there. Whoever holds only other roles can sign in, and sees little yet.
AT_WORK = {
    Role.MEMBER_LEAD, Role.MEMBER_CONTRIBUTOR, Role.LIVED_EXPERIENCE_PARTNER, Role.SIGN_OFF, Role.NETWORK_OFFICER,
    Role.TEAM_MEMBER, Role.QI_COACH, Role.EXECUTIVE_SPONSOR,
}  # fmt: skip


# What is special about the member of some of them.
NOTES = {
    f"exemplar{DOMAIN}": _("Almost everything met"),
    f"jon{DOMAIN}": _("In difficulty, has asked for help"),
    f"elin{DOMAIN}": _("In the first year, all in Welsh"),
    f"amara{DOMAIN}": _("Snapshot sent back with reasons"),
    f"lead2{DOMAIN}": _("Snapshot sent, waits for the network"),
}


@dataclass(frozen=True)
class Persona:
    """One person to sign in as: who they are, and what they do where. ``start`` marks the one to begin with; ``note``
    says what is special, and also when the pages for a role come in a later version."""

    public_id: str
    name: str
    role: str
    place: str
    start: bool = False
    note: str = ""


def is_persona(user: User) -> bool:
    return user.is_active and user.email.endswith(DOMAIN)


def personas() -> list[Persona]:
    """Everyone to sign in as: whom to start with, then by place and role; nobody outside the demonstration."""
    if not settings.DEMO:
        return []
    rows = (
        Membership.objects.current()
        .filter(user__email__endswith=DOMAIN, user__is_active=True)
        .select_related("user", "network", "organisation", "team__organisation")
        .order_by("user_id", "from_date", "pk")
    )
    found: dict[int, list[Membership]] = {}
    for held in rows:
        found.setdefault(held.user_id, []).append(held)
    people = [(held[0], _persona(held)) for held in found.values()]
    people.sort(
        key=lambda pair: (
            not pair[1].start, not _works(found[pair[0].user_id]), pair[0].network_id is None, pair[1].place, pair[0].pk
        )
    )  # fmt: skip
    return [persona for _held, persona in people]


def _works(held: list[Membership]) -> bool:
    return any(one.role in AT_WORK for one in held)


def _persona(held: list[Membership]) -> Persona:
    user = held[0].user
    return Persona(
        user.public_id,
        user.name,
        ", ".join(dict.fromkeys(str(one.get_role_display()) for one in held)),
        str(held[0].scope),
        start=user.email == START,
        note=str(NOTES.get(user.email, "")) if _works(held) else gettext("Their own pages come later"),
    )
