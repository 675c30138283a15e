"""Forms check what was typed and never save. Rules that need the database are the services' own."""

from .people import EndRoleForm, InviteForm, JoinForm, RoleDatesForm
from .places import (
    ExistingMemberForm,
    LeaveForm,
    MemberFilterForm,
    NetworkForm,
    NewMemberForm,
    OrganisationForm,
    RejoinForm,
    TeamForm,
)

__all__ = [
    "EndRoleForm",
    "ExistingMemberForm",
    "InviteForm",
    "JoinForm",
    "LeaveForm",
    "MemberFilterForm",
    "NetworkForm",
    "NewMemberForm",
    "OrganisationForm",
    "RejoinForm",
    "RoleDatesForm",
    "TeamForm",
]
