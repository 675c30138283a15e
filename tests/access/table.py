"""The access table: every address of the site, and who may open it. An address without a row fails the tests.

Adding a row
    One line per URL *name*, in the list of its app. Say where the address lies and who may come in:

    * ``at_organisation("organisation_people", COLLEAGUES | {OFFICER})`` for ``/o/<organisation>/…``,
    * ``at_network("network_people", {OFFICER})`` for ``/n/<network>/…``,
    * ``elsewhere("snapshot", SUBMITTED, number=lambda home: home.snapshot.public_id)`` for a row of an organisation
      whose address does not name the organisation: whoever may not open it gets 404,
    * ``own_thing("notification_read", number=…)`` for something that belongs to one person,
    * ``signed_in("places")`` for everybody with an account, ``staff("jobs")`` for system administrators,
      ``public("help")`` for the world.

    The first set says who may GET. Give ``post=`` when others may POST; an address that takes no GET has none. A POST
    that finds nothing without data gets it by ``data={…}``.
    Further keyword arguments are the other parts of the address: a text, or a function from a ``Home`` (see
    ``world.py``, which has one of everything; add to it what your address needs). Parts that identify a row are tried
    with another member's number too; name in ``same_everywhere`` those that mean the same in every place (codes).
    Addresses of packages are declared by prefix, in ``PREFIXES``.

What is expected
    The people of the sets get through. Others who belong to the place get 403, or 404 when they may not even know it:
    ``VISITORS`` and ``NETWORK_VISITORS`` say who gets 403. Everybody else gets 404. Nobody signed in: to the sign-in
    page. ``hidden_from=`` names visitors who get 404 all the same. "Getting through" is any answer but 403, 404, 5xx or
    the sign-in page; what is written is taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from levelground.assessments.services.frozen import read
from levelground.organisations.roles import Role, Scope
from tests.factories import secret_of

from .world import HOLDERS, Home, holder

LEAD = holder(Role.MEMBER_LEAD, Scope.ORGANISATION)
CONTRIBUTOR = holder(Role.MEMBER_CONTRIBUTOR, Scope.ORGANISATION)
PARTNER = holder(Role.LIVED_EXPERIENCE_PARTNER, Scope.ORGANISATION)
SIGN_OFF = holder(Role.SIGN_OFF, Scope.ORGANISATION)
SPONSOR = holder(Role.EXECUTIVE_SPONSOR, Scope.ORGANISATION)
TEAM_PARTNER = holder(Role.LIVED_EXPERIENCE_PARTNER, Scope.TEAM)
TEAM_MEMBER = holder(Role.TEAM_MEMBER, Scope.TEAM)
TEAM_SPONSOR = holder(Role.EXECUTIVE_SPONSOR, Scope.TEAM)
OFFICER = holder(Role.NETWORK_OFFICER, Scope.NETWORK)
REVIEWER = holder(Role.PEER_REVIEWER, Scope.NETWORK)
MODERATOR = holder(Role.MODERATOR, Scope.NETWORK)

LEADS = frozenset({LEAD})
ANSWERERS = frozenset({LEAD, CONTRIBUTOR, PARTNER})
COLLEAGUES = ANSWERERS | {SIGN_OFF}
SUBMITTED = COLLEAGUES | {OFFICER}
OFFICERS = frozenset({OFFICER})
NETWORK_READERS = frozenset({OFFICER, REVIEWER, MODERATOR})
# They know that the organisation is here: what they may not do there is 403.
VISITORS = COLLEAGUES | {SPONSOR, TEAM_PARTNER, TEAM_MEMBER, TEAM_SPONSOR, OFFICER}
COACHES = frozenset({holder(Role.QI_COACH, Scope.TEAM), holder(Role.QI_COACH, Scope.NETWORK)})
# They see the measures of the organisation or of its team; a coach sees nothing else of it.
MEASURE_READERS = VISITORS | COACHES
MEASURE_WRITERS = ANSWERERS | {TEAM_PARTNER, TEAM_MEMBER}
MEASURE_DEFINERS = MEASURE_WRITERS - {CONTRIBUTOR}
# Every role in a network, and every role in one of its present members (not in a team), knows the network.
NETWORK_VISITORS = frozenset(name for name in HOLDERS if not name.endswith("@team"))

Part = str | Callable[[Home], str]
Who = frozenset[str] | None


@dataclass(frozen=True)
class Row:
    name: str
    kind: str
    get: Who = None
    post: Who = None
    visitors: frozenset[str] = frozenset()
    parts: dict[str, Part] = field(default_factory=dict)
    same_everywhere: frozenset[str] = frozenset()
    data: dict[str, Part] = field(default_factory=dict)

    def allowed(self, method: str) -> frozenset[str]:
        who = self.post if method == "post" else self.get
        return who if who is not None else (self.get or self.post or frozenset())

    def takes(self, method: str) -> bool:
        """Whether the row says that the address takes this method at all."""
        return (self.post if method == "post" else self.get) is not None

    def sent(self, home: Home) -> dict[str, str]:
        """What a POST carries."""
        return {name: part(home) if callable(part) else part for name, part in self.data.items()}

    def kwargs(self, home: Home, *, numbers_of: Home | None = None) -> dict[str, str]:
        """The parts of the address in ``home``; with ``numbers_of``, its rows' numbers come from another place."""
        place = {"organisation": home.organisation.slug, "network": home.network.slug}
        found = {self.kind: place[self.kind]} if self.kind in place else {}
        for name, part in self.parts.items():
            source = home if numbers_of is None or name in self.same_everywhere else numbers_of
            found[name] = part(source) if callable(part) else part
        return found

    @property
    def has_numbers(self) -> bool:
        return any(callable(part) for name, part in self.parts.items() if name not in self.same_everywhere)


def _row(name: str, kind: str, get: Any, visitors: Any, options: dict[str, Any]) -> Row:
    post, hidden_from = options.pop("post", None), frozenset(options.pop("hidden_from", ()))
    same_everywhere, data = frozenset(options.pop("same_everywhere", ())), options.pop("data", {})
    sets = [frozenset(who) if who is not None else None for who in (get, post)]
    return Row(name, kind, sets[0], sets[1], frozenset(visitors) - hidden_from, options, same_everywhere, data)


def at_organisation(name: str, get: Any = None, **options: Any) -> Row:
    return _row(name, "organisation", get, VISITORS, options)


def at_network(name: str, get: Any = None, **options: Any) -> Row:
    return _row(name, "network", get, NETWORK_VISITORS, options)


def elsewhere(name: str, get: Any = None, **options: Any) -> Row:
    return _row(name, "elsewhere", get, (), options)


def of_measure(name: str, get: Any = None, **options: Any) -> Row:
    """A measure of the organisation's team: whoever sees it and may not do this gets 403."""
    options.setdefault("number", lambda home: home.measure.public_id)
    return _row(name, "elsewhere", get, MEASURE_READERS, options)


def of_plan(name: str, get: Any = None, **options: Any) -> Row:
    """The measurement plan of the organisation's team."""
    options.setdefault("owner", lambda home: home.team.public_id)
    return _row(name, "organisation", get, MEASURE_READERS, options)


def own_thing(name: str, **parts: Part) -> Row:
    return Row(name, "own_thing", parts=parts)


def signed_in(name: str, **parts: Part) -> Row:
    return Row(name, "signed_in", parts=parts)


def staff(name: str, **parts: Part) -> Row:
    return Row(name, "staff", parts=parts)


def public(name: str, **parts: Part) -> Row:
    return Row(name, "public", parts=parts)


# ---------------------------------------------------------------- the site itself
SITE = [
    *(public(name) for name in ("set_language", "help", "accessibility", "privacy", "healthz", "readyz", "metrics")),
    *(public(name) for name in ("components", "offline", "service_worker")),
    public("demo_sign_in"),
    signed_in("home"),
    signed_in("notifications"),
    signed_in("notifications_read"),
    own_thing("notification_read", public_id=lambda home: home.notification.public_id),
    staff("jobs"),
    staff("job_retry", job_id="00000000-0000-0000-0000-000000000000"),
]

# ---------------------------------------------------------------- organisations
_ROLE: dict[str, Part] = {"number": lambda home: home.membership.public_id}
_NETWORK_ROLE: dict[str, Part] = {"number": lambda home: home.network_membership.public_id}
_INVITATION: dict[str, Part] = {"number": lambda home: home.invitation.public_id}
_NETWORK_INVITATION: dict[str, Part] = {"number": lambda home: home.network_invitation.public_id}
_TEAM: dict[str, Part] = {"number": lambda home: home.team.public_id}
_MEMBER: dict[str, Part] = {"member": lambda home: home.organisation.slug}

ORGANISATIONS = [
    signed_in("places"),
    public("join", secret=lambda home: secret_of(home.invitation)),
    at_organisation("organisation_home", VISITORS),
    at_organisation("organisation_people", COLLEAGUES | OFFICERS),
    at_organisation("organisation_invite", LEADS),
    at_organisation("organisation_role", LEADS, **_ROLE),
    at_organisation("organisation_role_end", LEADS, **_ROLE),
    at_organisation("organisation_invitation_again", post=LEADS, **_INVITATION),
    at_organisation("organisation_invitation_withdraw", post=LEADS, **_INVITATION),
    at_organisation("organisation_changes", LEADS),
    at_organisation("organisation_settings", LEADS),
    at_organisation("team_add", LEADS),
    at_organisation("team", LEADS, **_TEAM),
    at_organisation("team_archive", post=LEADS, **_TEAM),
    at_organisation("team_restore", post=LEADS, number=lambda home: home.archived_team.public_id),
    at_network("network_home", NETWORK_READERS),
    at_network("network_people", OFFICERS),
    at_network("network_invite", OFFICERS),
    at_network("network_role", OFFICERS, **_NETWORK_ROLE),
    at_network("network_role_end", OFFICERS, **_NETWORK_ROLE),
    at_network("network_invitation_again", post=OFFICERS, **_NETWORK_INVITATION),
    at_network("network_invitation_withdraw", post=OFFICERS, **_NETWORK_INVITATION),
    at_network("network_changes", OFFICERS),
    at_network("network_settings", OFFICERS),
    at_network("network_members", NETWORK_READERS),
    at_network("network_member_add", OFFICERS),
    at_network("network_member_add_existing", OFFICERS),
    at_network("network_member", NETWORK_READERS, **_MEMBER),
    at_network("network_member_leave", OFFICERS, **_MEMBER),
    at_network("network_member_rejoin", OFFICERS, **_MEMBER),
]

# ---------------------------------------------------------------- assessments
_BOOK: dict[str, Part] = {"framework": lambda home: home.framework}
_CODE: dict[str, Part] = {**_BOOK, "code": lambda home: home.code}
_EVIDENCE: dict[str, Part] = {**_BOOK, "number": lambda home: home.evidence.public_id}
_ACTION: dict[str, Part] = {**_BOOK, "number": lambda home: home.action.public_id}
_SPARE: dict[str, Part] = {"framework": lambda home: home.spare.framework.slug}


def _sent_document(home: Home) -> str:
    """The number of a document that went with the snapshot."""
    return str(read(home.snapshot)["documents"][0]["number"])


_SNAPSHOT: dict[str, Part] = {**_BOOK, "number": lambda home: home.snapshot.public_id}

ASSESSMENTS = [
    at_organisation(
        "workbook_list", COLLEAGUES, post=LEADS, data={"framework": lambda home: home.spare.framework.slug}
    ),
    at_organisation("organisation_actions", COLLEAGUES),
    at_organisation("workbook", COLLEAGUES, **_BOOK),
    at_organisation("workbook_all", COLLEAGUES, post=ANSWERERS, **_BOOK),
    at_organisation("workbook_answer", post=ANSWERERS, data={"indicator": lambda home: home.code}, **_BOOK),
    at_organisation("workbook_results", COLLEAGUES, **_BOOK),
    at_organisation("workbook_version", LEADS, **_BOOK),
    at_organisation("workbook_theme", COLLEAGUES, post=ANSWERERS, theme="1", **_BOOK),
    at_organisation("workbook_indicator", COLLEAGUES, **_CODE),
    at_organisation("workbook_history", COLLEAGUES, **_CODE),
    at_organisation("workbook_assign", post=LEADS, **_CODE),
    at_organisation("workbook_comment", post=ANSWERERS, **_CODE),
    at_organisation("evidence_add", post=ANSWERERS, **_CODE),
    at_organisation("action_create", post=ANSWERERS, **_CODE),
    at_organisation("evidence", COLLEAGUES, post=ANSWERERS, **_EVIDENCE),
    at_organisation("evidence_file", COLLEAGUES, **_EVIDENCE),
    at_organisation("evidence_edition", COLLEAGUES, edition="1", **_EVIDENCE),
    at_organisation("evidence_renew", post=ANSWERERS, **_EVIDENCE),
    at_organisation("evidence_remove", post=ANSWERERS, **_EVIDENCE),
    at_organisation("action_plan", COLLEAGUES, **_BOOK),
    at_organisation("action_dates", ANSWERERS, **_BOOK),
    at_organisation("action_new", ANSWERERS, **_BOOK),
    at_organisation("action", COLLEAGUES, post=ANSWERERS, **_ACTION),
    at_organisation("action_move", post=ANSWERERS, **_ACTION),
    at_organisation("action_note", post=ANSWERERS, **_ACTION),
    at_organisation("snapshot_list", COLLEAGUES, **_BOOK),
    at_organisation("snapshot_compare", COLLEAGUES, **_SNAPSHOT),
    elsewhere("snapshot", SUBMITTED, number=lambda home: home.snapshot.public_id),
    elsewhere("snapshot_document", SUBMITTED, number=lambda home: home.snapshot.public_id, file=_sent_document),
    at_organisation("workbook_sheet", COLLEAGUES, **_BOOK),
    at_organisation("workbook_sheet_download", COLLEAGUES, **_BOOK),
    at_organisation("workbook_sheet_difference", post=LEADS, **_BOOK),
    at_organisation("workbook_sheet_apply", post=LEADS, **_BOOK),
    at_organisation("plan_download", COLLEAGUES, kind="xlsx", **_BOOK),
]

# ---------------------------------------------------------------- cycles
_YEAR: dict[str, Part] = {**_BOOK, "year": lambda home: str(home.submission.cycle.year)}
_RECEIPT: dict[str, Part] = {
    **_BOOK, "year": lambda home: str(home.snapshot.year), "number": lambda home: home.snapshot.receipt.number,
}  # fmt: skip
_PART: dict[str, Part] = {**_YEAR, "member": lambda home: home.organisation.slug}

CYCLES = [
    at_organisation("year_list", COLLEAGUES),
    at_organisation("submission", COLLEAGUES, **_YEAR),
    at_organisation("submission_history", COLLEAGUES, **_YEAR),
    at_organisation("year_changes", COLLEAGUES, **_YEAR),
    at_organisation("submission_send", LEADS, **_YEAR),
    at_organisation("submission_document", COLLEAGUES, post=ANSWERERS, code="budget", **_YEAR),
    at_organisation("submission_document_date", post=ANSWERERS, code="budget", **_YEAR),
    at_organisation("submission_document_remove", post=ANSWERERS, code="budget", **_YEAR),
    at_organisation("submission_file", COLLEAGUES, number=lambda home: home.sent_document.public_id, **_YEAR),
    at_organisation("sign_off_ask", LEADS, **_YEAR),
    at_organisation("sign_off", {SIGN_OFF}, **_YEAR),
    at_organisation("sign_off_not_yet", post={SIGN_OFF}, **_YEAR),
    at_organisation("receipt", COLLEAGUES, **_RECEIPT),
    at_organisation("receipt_pdf", COLLEAGUES, **_RECEIPT),
    at_network("network_cycles", OFFICERS),
    at_network("network_cycle_open", OFFICERS, **_BOOK),
    at_network("network_cycle", OFFICERS, **_YEAR),
    at_network("network_cycle_download", OFFICERS, **_YEAR),
    at_network("network_cycle_dates", OFFICERS, **_YEAR),
    at_network("network_cycle_documents", OFFICERS, **_YEAR),
    at_network("network_cycle_remind", OFFICERS, **_YEAR),
    at_network("network_cycle_gaps", OFFICERS, **_YEAR),
    at_network("network_cycle_gaps_download", OFFICERS, **_YEAR),
    at_network("network_submission", OFFICERS, **_PART),
    at_network("network_submission_more_time", OFFICERS, **_PART),
    *(
        at_network(f"network_submission_{verb}", OFFICERS, **_PART)
        for verb in ("accept", "return", "withdraw", "reinstate")
    ),
]

# ---------------------------------------------------------------- returns
_QUARTER: dict[str, Part] = {
    **_BOOK,
    "year": lambda home: str(home.drafted_return.quarter.year),
    "quarter": lambda home: str(home.drafted_return.quarter.quarter),
}
_SENT_RETURN: dict[str, Part] = {"number": lambda home: home.sent_return.public_id}
_FIGURE: dict[str, Part] = {**_BOOK, "code": "people_reached"}

RETURNS = [
    at_organisation("return_list", COLLEAGUES),
    at_organisation("return_form", COLLEAGUES, post=ANSWERERS, **_QUARTER),
    at_organisation("return_check", COLLEAGUES, post=LEADS, **_QUARTER),
    at_organisation("return_correct", post=LEADS, **_QUARTER),
    elsewhere("return_sent", SUBMITTED, **_SENT_RETURN),
    elsewhere("return_download", SUBMITTED, kind="xlsx", **_SENT_RETURN),
    at_network("network_returns", OFFICERS),
    at_network("network_returns_download", OFFICERS),
    at_network("return_totals", OFFICERS, **_BOOK),
    at_network("return_quarters", OFFICERS, **_BOOK),
    at_network("return_quarter", OFFICERS, **_QUARTER),
    at_network("return_year_remove", post=OFFICERS, framework=_BOOK["framework"], year=_QUARTER["year"]),
    at_network("return_figures", OFFICERS, **_BOOK),
    at_network("return_figure", OFFICERS, **_FIGURE),
    at_network("return_figure_move", post=OFFICERS, **_FIGURE),
]

# ---------------------------------------------------------------- support
_ASKERS = LEADS | {SIGN_OFF}
_CASE: dict[str, Part] = {"number": lambda home: home.case.public_id}

SUPPORT = [
    at_organisation("support_ask", _ASKERS),
    at_organisation("support_case", _ASKERS, **_CASE),
    at_network("support_cases", OFFICERS),
    at_network("support_offer", OFFICERS, **_MEMBER),
    at_network("network_support_case", OFFICERS, **_CASE),
]

# ---------------------------------------------------------------- frameworks
_FRAMEWORK: dict[str, Part] = {"framework": lambda home: home.framework}
_VERSION: dict[str, Part] = {**_FRAMEWORK, "number": lambda home: str(home.version.number)}
_DRAFT: dict[str, Part] = {**_FRAMEWORK, "number": lambda home: str(home.draft.number)}
_NODE: dict[str, Part] = {**_DRAFT, "level": "indicator", "code": "1.1.1"}
_FRAMEWORK_READERS = COLLEAGUES | NETWORK_READERS

FRAMEWORKS: list[Row] = [
    at_network("framework_list", _FRAMEWORK_READERS),
    at_network("framework", _FRAMEWORK_READERS, **_FRAMEWORK),
    at_network("framework_version", _FRAMEWORK_READERS, **_VERSION),
    at_network("framework_theme", _FRAMEWORK_READERS, code="1", **_VERSION),
    at_network("framework_download", _FRAMEWORK_READERS, kind="yaml", **_VERSION),
    at_network("framework_compare", _FRAMEWORK_READERS, post=OFFICERS, **_VERSION),
    at_network("framework_details", OFFICERS, **_FRAMEWORK),
    at_network("framework_import", OFFICERS),
    at_network("framework_import_check", OFFICERS, upload=lambda home: home.upload.public_id),
    at_network("framework_correct", OFFICERS, **_VERSION),
    at_network("framework_publish", OFFICERS, **_DRAFT),
    at_network("framework_move", OFFICERS, **_DRAFT),
    at_network("framework_discard", OFFICERS, **_DRAFT),
    at_network("framework_node_add", OFFICERS, level="indicator", **_DRAFT),
    at_network("framework_node_edit", OFFICERS, **_NODE),
    at_network("framework_node_move", post=OFFICERS, **_NODE),
    at_network("framework_node_remove", OFFICERS, **_NODE),
]

# ---------------------------------------------------------------- measures
_NETWORK_READERS_OF_MEASURES = OFFICERS | {holder(Role.QI_COACH, Scope.NETWORK)}

MEASURES: list[Row] = [
    signed_in("my_measures"),
    _row("measure_list", "organisation", MEASURE_READERS, MEASURE_READERS, {}),
    _row("measure_new", "organisation", MEASURE_DEFINERS, MEASURE_READERS, {}),
    at_network("network_measures", _NETWORK_READERS_OF_MEASURES),
    _row("measure_wall", "organisation", MEASURE_READERS, MEASURE_READERS, {}),
    _row("measure_plans", "organisation", MEASURE_READERS, MEASURE_READERS, {}),
    of_plan("measure_plan", MEASURE_READERS),
    of_plan("measure_plan_agree", post=MEASURE_WRITERS),
    of_plan("measure_plan_withdraw", post=MEASURE_READERS),
    at_network("network_measure_wall", _NETWORK_READERS_OF_MEASURES),
    _row("measure_table", "organisation", MEASURE_READERS, MEASURE_READERS, {}),
    _row("measure_table_download", "organisation", MEASURE_READERS, MEASURE_READERS, {"kind": "csv"}),
    at_network("network_measure_table", _NETWORK_READERS_OF_MEASURES),
    at_network("network_measure_table_download", _NETWORK_READERS_OF_MEASURES, kind="csv"),
    at_network("network_measure_new", OFFICERS),
    of_measure("measure", MEASURE_READERS),
    of_measure("measure_picture", MEASURE_READERS),
    of_measure("measure_points", MEASURE_READERS),
    of_measure("measure_picture_png", MEASURE_READERS),
    of_measure("measure_download", MEASURE_READERS, kind="csv"),
    of_measure("measure_exact", LEADS),
    of_measure("measure_history", MEASURE_READERS, post=LEADS),
    of_measure("measure_versions", MEASURE_READERS),
    of_measure("measure_edit", MEASURE_DEFINERS),
    of_measure("measure_publish", post=MEASURE_DEFINERS),
    of_measure("measure_unpublish", post=MEASURE_DEFINERS),
    of_measure("measure_archive", post=MEASURE_DEFINERS),
    of_measure("measure_restore", post=MEASURE_DEFINERS),
    of_measure("measure_targets", MEASURE_READERS, post=MEASURE_DEFINERS),
    of_measure(
        "measure_target_remove", post=MEASURE_DEFINERS, target=lambda home: home.measure.targets.get().public_id
    ),
    of_measure("measure_phases", MEASURE_READERS, post=MEASURE_DEFINERS),
    of_measure("measure_phase_remove", MEASURE_DEFINERS, phase=lambda home: home.measure.phases.get().public_id),
    of_measure("measure_left_out", MEASURE_READERS, post=MEASURE_DEFINERS),
    of_measure("measure_take_back", post=MEASURE_DEFINERS, left_out=lambda home: home.measure.left_out.get().public_id),
    of_measure("measure_notes", MEASURE_READERS, post=MEASURE_WRITERS),
    of_measure("measure_note", MEASURE_WRITERS, note=lambda home: home.measure.annotations.get().public_id),
    of_measure("measure_note_remove", post=MEASURE_WRITERS, note=lambda home: home.measure.annotations.get().public_id),
    of_measure("measure_numbers", MEASURE_WRITERS),
    of_measure("measure_paste", MEASURE_WRITERS),
    of_measure("measure_paste_save", post=MEASURE_WRITERS),
]

# ---------------------------------------------------------------- accounts, and addresses of packages
ACCOUNTS = [signed_in("account")]
# Prefix of the URL name -> who: "public" is for people on their way in, "signed_in" for one's own account.
# The longest prefix that fits counts.
PREFIXES = {
    "account_": "public",
    "account_email": "signed_in",
    "account_email_verification_sent": "public",
    "account_change_password": "signed_in",
    "account_set_password": "signed_in",
    "account_reauthenticate": "signed_in",
    "mfa_": "signed_in",
    "mfa_authenticate": "public",
    "mfa_login_webauthn": "public",
    "socialaccount_": "public",
    "socialaccount_connections": "signed_in",
    "openid_connect_": "public",
    "usersessions_": "signed_in",
}
# Redirects that a package keeps for its old addresses, without a name.
NAMELESS = {
    "account/social/login/cancelled/",
    "account/social/login/error/",
    "account/social/signup/",
    "account/social/connections/",
}

ROWS = [*SITE, *ORGANISATIONS, *ASSESSMENTS, *CYCLES, *RETURNS, *SUPPORT, *MEASURES, *FRAMEWORKS, *ACCOUNTS]
