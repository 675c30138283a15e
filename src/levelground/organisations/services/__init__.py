"""The writes of this app, one function per business verb."""

from .affiliations import add_member, affiliate, leave
from .details import save_network, save_organisation
from .invitations import accept, accept_as_newcomer, invite, send_again, withdraw
from .people import change_dates, end_role
from .teams import add_team, archive_team, rename_team, restore_team

__all__ = [
    "accept",
    "accept_as_newcomer",
    "add_member",
    "add_team",
    "affiliate",
    "archive_team",
    "change_dates",
    "end_role",
    "invite",
    "leave",
    "rename_team",
    "restore_team",
    "save_network",
    "save_organisation",
    "send_again",
    "withdraw",
]
