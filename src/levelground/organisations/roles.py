"""Who may do what: every actor of the domain guide (section 1) in one matrix. ``docs/permissions.md`` is made from it.

Where a role counts
    A role held in a network counts in the network and, as far as its permissions are about organisations, in the
    network's present members; what ``HERE_ONLY`` names counts in the network itself and not in its members. A role held
    in an organisation counts there and in its teams. A role held in a team counts in that team; around it, in the
    organisation, it carries only what ``FROM_TEAM`` names. Whatever is not named in the matrix is refused. A system
    administrator (``is_staff``) gets nothing from being one.

Who gives which role (``given_by``)
    A quality lead gives every role that can be held in its organisation or in one of its teams, also that of quality
    lead. A network officer gives every role that can be held in its network. A member's people are the member's own
    affair, with one exception: while a member has no quality lead, an officer of its network *stands in*. It may invite
    a quality lead (and send again or withdraw that invitation) and put the member's details right; from the day the
    member has a lead, it may only read who holds which role.
    The last quality lead of an organisation and the last officer of a network cannot be removed (``KEEPERS``).

Who sees which role
    People with ``SEE_PEOPLE`` see who holds which role, except the ``PRIVATE`` ones, which may tell that a person uses
    a service: only those who give them see them.
"""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    NETWORK = "network", _("network")
    ORGANISATION = "organisation", _("organisation")
    TEAM = "team", _("team")


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("Contributor")
    LIVED_EXPERIENCE_PARTNER = "lived_experience_partner", _("Lived experience partner")
    MEMBER_LEAD = "member_lead", _("Quality lead")
    MEMBER_CONTRIBUTOR = "member_contributor", _("Workbook contributor")
    SIGN_OFF = "sign_off", _("Trustee or executive sign-off")
    NETWORK_OFFICER = "network_officer", _("Network officer")
    PEER_REVIEWER = "peer_reviewer", _("Peer reviewer")
    MODERATOR = "moderator", _("Moderator of reports")
    TEAM_MEMBER = "team_member", _("Improvement team member")
    QI_COACH = "qi_coach", _("Improvement coach")
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Executive sponsor")
    ADVISER = "adviser", _("Faculty, expert or public involvement adviser")
    EVALUATOR = "evaluator", _("Evaluator")
    LEARNER = "learner", _("Learner")
    PEER_TRAINER = "peer_trainer", _("Peer trainer")
    PROFESSIONAL_TRAINER = "professional_trainer", _("Professional trainer")
    COLLEGE_MANAGER = "college_manager", _("College manager")
    MENTOR = "mentor", _("Mentor")
    COMMISSIONER = "commissioner", _("Commissioner")


class Permission(models.TextChoices):
    SEE_NETWORK = "see_network", _("See the network's home page and its members")
    SEE_ORGANISATION = "see_organisation", _("See the organisation's home page")
    SEE_PEOPLE = "see_people", _("See who holds which role")
    MANAGE_PEOPLE = "manage_people", _("Invite people to an organisation and give its roles")
    MANAGE_NETWORK_PEOPLE = "manage_network_people", _("Invite people to a network and give its roles")
    EDIT_ORGANISATION = "edit_organisation", _("Edit the organisation's details and teams")
    MANAGE_NETWORK = "manage_network", _("Edit the network's details and its members")
    SEE_WORKBOOK = "see_workbook", _("See the workbook, its evidence, its actions and its snapshots")
    ANSWER_WORKBOOK = "answer_workbook", _("Answer indicators, attach evidence, comment and plan actions")
    ASSIGN_INDICATORS = "assign_indicators", _("Give indicators to a colleague")
    IMPORT_WORKBOOK = "import_workbook", _("Import the workbook from a spreadsheet")
    SUBMIT_SNAPSHOT = "submit_snapshot", _("Submit the yearly snapshot and the returns")
    APPROVE_SNAPSHOT = "approve_snapshot", _("Sign off a snapshot before it is submitted")
    SEE_SUBMITTED = "see_submitted", _("Open the snapshots that members have sent")
    SEE_PROGRESS = "see_progress", _("See how far each member is with its snapshot and returns, and who is late")
    MANAGE_CYCLES = "manage_cycles", _("Open cycles, set and extend deadlines, accept or return snapshots")
    ASK_FOR_HELP = "ask_for_help", _("Ask the network for help")
    OFFER_SUPPORT = "offer_support", _("See requests for help and answer them")
    SEE_FRAMEWORKS = "see_frameworks", _("Read the network's published frameworks")
    MANAGE_FRAMEWORKS = "manage_frameworks", _("Draft, import, publish and correct frameworks")
    SEE_MEASURES = "see_measures", _("See measures, with small numbers hidden")
    ENTER_MEASURES = "enter_measures", _("Enter and correct the numbers of measures, and note what happened")
    DEFINE_MEASURES = "define_measures", _("Define measures, set their targets and start phases")
    SEE_EXACT_NUMBERS = "see_exact_numbers", _("See the small numbers of measures exactly; each look is recorded")


P = Permission
_READS_MARK = {P.SEE_NETWORK, P.SEE_FRAMEWORKS}
_MEMBER = {P.SEE_ORGANISATION, P.SEE_FRAMEWORKS}
_COLLEAGUE = _MEMBER | {P.SEE_PEOPLE, P.SEE_WORKBOOK, P.SEE_MEASURES}
_MEASURES = {P.SEE_MEASURES, P.ENTER_MEASURES, P.DEFINE_MEASURES}

# Role -> the kinds of place where it can be held, and what it carries there. Whatever is not named is refused.
MATRIX: dict[Role, tuple[frozenset[Scope], frozenset[Permission]]] = {
    role: (frozenset(scopes), frozenset(permissions))
    for role, scopes, permissions in [
        (Role.CONTRIBUTOR, {Scope.ORGANISATION, Scope.TEAM}, set()),
        (Role.LIVED_EXPERIENCE_PARTNER, {Scope.ORGANISATION, Scope.TEAM}, _COLLEAGUE | _MEASURES | {P.ANSWER_WORKBOOK}),
        (
            Role.MEMBER_LEAD,
            {Scope.ORGANISATION},
            _COLLEAGUE
            | _MEASURES
            | {
                P.MANAGE_PEOPLE, P.EDIT_ORGANISATION, P.ANSWER_WORKBOOK, P.ASSIGN_INDICATORS,
                P.IMPORT_WORKBOOK, P.SUBMIT_SNAPSHOT, P.ASK_FOR_HELP, P.SEE_EXACT_NUMBERS,
            },
        ),
        (Role.MEMBER_CONTRIBUTOR, {Scope.ORGANISATION}, _COLLEAGUE | {P.ANSWER_WORKBOOK, P.ENTER_MEASURES}),
        (Role.SIGN_OFF, {Scope.ORGANISATION}, _COLLEAGUE | {P.APPROVE_SNAPSHOT, P.ASK_FOR_HELP}),
        (
            Role.NETWORK_OFFICER,
            {Scope.NETWORK},
            _READS_MARK
            | _MEASURES
            | {
                P.SEE_ORGANISATION, P.SEE_PEOPLE, P.MANAGE_NETWORK_PEOPLE, P.MANAGE_NETWORK, P.SEE_SUBMITTED,
                P.SEE_PROGRESS, P.MANAGE_CYCLES, P.OFFER_SUPPORT, P.MANAGE_FRAMEWORKS, P.SEE_EXACT_NUMBERS,
            },
        ),
        (Role.PEER_REVIEWER, {Scope.NETWORK}, _READS_MARK),
        (Role.MODERATOR, {Scope.NETWORK}, _READS_MARK),
        (Role.TEAM_MEMBER, {Scope.TEAM}, {P.SEE_ORGANISATION} | _MEASURES),
        (Role.QI_COACH, {Scope.TEAM, Scope.NETWORK}, {P.SEE_MEASURES}),
        (Role.EXECUTIVE_SPONSOR, {Scope.ORGANISATION, Scope.TEAM}, {P.SEE_ORGANISATION, P.SEE_MEASURES}),
        (Role.ADVISER, {Scope.NETWORK, Scope.TEAM}, set()),
        (Role.EVALUATOR, {Scope.NETWORK}, set()),
        (Role.LEARNER, {Scope.ORGANISATION}, set()),
        (Role.PEER_TRAINER, {Scope.ORGANISATION}, set()),
        (Role.PROFESSIONAL_TRAINER, {Scope.ORGANISATION}, set()),
        (Role.COLLEGE_MANAGER, {Scope.ORGANISATION}, set()),
        (Role.MENTOR, {Scope.ORGANISATION}, set()),
        (Role.COMMISSIONER, {Scope.NETWORK}, set()),
    ]
}  # fmt: skip

# What a role held in a team carries in the organisation around it.
FROM_TEAM = frozenset({P.SEE_ORGANISATION})

# What a role held in a network carries in the network itself, and not in its members: their measures are their own.
HERE_ONLY = frozenset({P.ENTER_MEASURES, P.DEFINE_MEASURES, P.SEE_EXACT_NUMBERS})

# Without one of these the place would be stuck: the last one cannot be removed.
KEEPERS = {Scope.ORGANISATION: Role.MEMBER_LEAD, Scope.NETWORK: Role.NETWORK_OFFICER}

# Roles that may tell that a person uses a service: shown only to those who give them.
PRIVATE = frozenset({Role.CONTRIBUTOR, Role.LEARNER})

# Role -> what the person does, and what the role never includes (the guide's table, in our words).
ABOUT: dict[Role, tuple[Promise, Promise]] = {
    Role.CONTRIBUTOR: (
        _("Says what matters to them, votes, and sees what came of it."),
        _("Never sees who anybody else is."),
    ),
    Role.LIVED_EXPERIENCE_PARTNER: (
        _("A full member of the team, with lived experience: reads and answers the workbook."),
        _("Never submits the snapshot or gives roles."),
    ),
    Role.MEMBER_LEAD: (
        _("Runs the workbook, sends the yearly snapshot, invites people and gives them roles."),
        _("Never sees the answers of another member."),
    ),
    Role.MEMBER_CONTRIBUTOR: (
        _("Answers indicators, attaches evidence and plans actions."),
        _("Never submits the snapshot."),
    ),
    Role.SIGN_OFF: (
        _("Reads the workbook and signs the snapshot off before it is sent."),
        _("Never changes an answer."),
    ),
    Role.NETWORK_OFFICER: (
        _("Looks after the network: its members, its frameworks, and what members have submitted."),
        _("Never sees or changes the live answers of a member."),
    ),
    Role.PEER_REVIEWER: (
        _("Reviews another member with a team, and sees the pack of that review while it is open."),
        _("Never sees the papers of a review that is not theirs."),
    ),
    Role.MODERATOR: (
        _("Reads review reports and releases them or sends them back."),
        _("Never moderates a review they took part in."),
    ),
    Role.TEAM_MEMBER: (
        _("Works on the team's improvement project and its measures."),
        _("Never approves alone what was made together."),
    ),
    Role.QI_COACH: (
        _("Reads the team's improvement work, comments on it and notes the coaching."),
        _("Never owns or edits a team's test."),
    ),
    Role.EXECUTIVE_SPONSOR: (
        _("Sees the summary of the improvement work and removes what stands in its way."),
        _("Never sees the comments themselves."),
    ),
    Role.ADVISER: (_("Helps with a topic when a team asks."), _("Never has access unless asked.")),
    Role.EVALUATOR: (_("Gets figures without names, to evaluate."), _("Never sees who a person is.")),
    Role.LEARNER: (_("Takes courses."), _("Never sees what other learners wrote.")),
    Role.PEER_TRAINER: (
        _("Plans and gives courses from lived experience, with a professional trainer."),
        _("Never gives a course alone."),
    ),
    Role.PROFESSIONAL_TRAINER: (
        _("Plans and gives courses from their profession, with a peer trainer."),
        _("Never gives a course alone."),
    ),
    Role.COLLEGE_MANAGER: (
        _("Looks after courses, dates, places and enrolments."),
        _("Never reads what a learner keeps private."),
    ),
    Role.MENTOR: (_("Supports a learner."), _("Never sees more than the notes that the learner shares.")),
    Role.COMMISSIONER: (
        _("Reads the register of awards and what is published."),
        _("Never sees anything that is not published."),
    ),
}


def permissions_of(role: str) -> frozenset[Permission]:
    return MATRIX[Role(role)][1]


def scopes_of(role: str) -> frozenset[Scope]:
    return MATRIX[Role(role)][0]


def roles_with(permission: Permission) -> list[Role]:
    """The roles that carry ``permission``."""
    return [role for role, (_scopes, permissions) in MATRIX.items() if permission in permissions]


def roles_in(*scopes: Scope) -> list[Role]:
    """The roles that can be held in a place of one of these kinds."""
    return [role for role, (held_in, _permissions) in MATRIX.items() if held_in & set(scopes)]


def given_by(role: str) -> list[Role]:
    """The roles that a holder of ``role`` gives, in the place where that role is held (and in its teams)."""
    if Permission.MANAGE_PEOPLE in permissions_of(role):
        return roles_in(Scope.ORGANISATION, Scope.TEAM)
    if Permission.MANAGE_NETWORK_PEOPLE in permissions_of(role):
        return roles_in(Scope.NETWORK)
    return []
