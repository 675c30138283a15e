"""Every page that somebody can get to: accessible in both languages and in the dark, never wider than the window."""

from collections.abc import Callable
from typing import Any

import pytest

from . import stage
from .pages import FILES, all_names, pages_for
from .visitor import DESK, PHONE, SMALL, Visitor, axe_problems, overflow

pytestmark = pytest.mark.browser
PEOPLE = {
    "lead": "lead@demo.example",
    "contributor": "colleague@demo.example",
    "sign-off": "trustee@demo.example",
    "officer": "officer@demo.example",
    "administrator": stage.email("admin", "staff"),
    "nobody": "",
}
YEAR = f"quality-mark/{stage.YEAR}/"
OWN, CYCLE = f"/o/example-valley/year/{YEAR}", f"/n/bright-path/cycles/{YEAR}"
MORE = {
    "nobody": ["/account/login/", "/account/password/reset/", "/account/signup/", "/components/"],
    "administrator": ["/system/jobs/"],
    "lead": ["/o/example-valley/workbook/quality-mark/indicator/1.1.1/", f"{OWN}ask/", f"{OWN}send/"],
    "sign-off": [f"{OWN}sign/"],
    # One member has sent its snapshot, the other has not.
    "officer": [
        f"{CYCLE}members/harbour-minds/", f"{CYCLE}members/moorland-matters/",
        f"{CYCLE}members/harbour-minds/reinstate/", f"{CYCLE}remind/",
    ],
}  # fmt: skip
# The pages of these look different from those of the others; the other people see the same pages with less on them.
# Their pages are the lead's with less on them: the home page is looked at, and what the lead does not have.
LESS_OF = {"contributor": "lead", "sign-off": "lead"}
IN_WELSH = ["lead", "officer", "administrator", "nobody"]
# The gallery shows every component; to look at each page twice took five minutes.
IN_THE_DARK = ["nobody"]

# The change of colours is over: each element follows the one around it, a frame later.
SETTLE = """async () => {
  do {
    document.getAnimations().forEach((animation) => animation.finish());
    await new Promise(requestAnimationFrame);
  } while (document.getAnimations().length);
}"""

Person = Callable[..., Visitor]
Window = Callable[..., Visitor]


def somebody(who: str, person: Person, window: Window, language: str) -> Visitor:
    visitor = person(PEOPLE[who], reduced_motion="reduce") if PEOPLE[who] else window(reduced_motion="reduce")
    return visitor.speak(language)


@pytest.fixture
def pages_of(person: Person, window: Window, maps: dict[str, dict[str, list[str]]]) -> Callable[[str], Any]:
    """``pages_of("lead")``: name of address → paths."""

    def find(who: str) -> dict[str, list[str]]:
        if who not in maps:
            maps[who] = pages_for(somebody(who, person, window, "en"), *MORE.get(who, []))
        return maps[who]

    return find


def look(visitor: Visitor, path: str, language: str, *, dark: bool) -> list[str]:
    """What is wrong with a page, in all three widths, in the light and in the dark."""
    page, wrong = visitor.page, []
    response = page.goto(path)
    if response is None or response.status != 200:
        return [f"{path}: {response and response.status}"]
    if not (page.locator("html").get_attribute("lang") or "").startswith(language):
        wrong.append(f"the page says that it is in {page.locator('html').get_attribute('lang')}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} × h1")
    wrong += axe_problems(page)
    if dark:
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLE)
        wrong += [f"in the dark: {problem}" for problem in axe_problems(page, only="color-contrast")]
        page.emulate_media(color_scheme="light")
    for size in (PHONE, SMALL, DESK):
        page.set_viewport_size(size)
        wrong += [f"at {size['width']} px: {text}" for text in overflow(page)]
    wrong += visitor.troubles
    visitor.troubles = []
    return [f"{path}: {text}" for text in wrong]


@pytest.mark.parametrize(
    ("who", "language"), [(who, "en") for who in PEOPLE] + [(who, "cy") for who in IN_WELSH], ids=lambda part: part
)
def test_pages_are_accessible_and_fit(
    who: str, language: str, person: Person, window: Window, pages_of: Callable[[str], Any]
) -> None:
    visitor = somebody(who, person, window, language)
    known = set(pages_of(LESS_OF[who])) - {"organisation_home"} if who in LESS_OF else set()
    pages = sorted({path for name, paths in pages_of(who).items() if name not in known for path in paths})
    assert len(pages) >= (1 if known else 7)
    dark = language == "en" and who in IN_THE_DARK
    wrong = [problem for path in pages for problem in look(visitor, path, language, dark=dark)]
    assert not wrong, f"{len(wrong)} problems on {len(pages)} pages:\n" + "\n".join(wrong)


def test_pages_that_are_not_there_are_pages_too(window: Window, person: Person) -> None:
    for visitor in (window(viewport=PHONE), person(PEOPLE["lead"], viewport=PHONE)):
        visitor.visit("/nowhere/", status=404)
    visitor.visit("/o/harbour-minds/workbook/", status=404)


def test_pages_fit_and_are_accessible_before_the_scripts_come(person: Person) -> None:
    """With the scripts held back, the page is the one of a browser without JavaScript; axe can still look at it."""
    lead = person(PEOPLE["lead"], viewport=PHONE)
    lead.page.route("**/*.js", lambda route: route.abort())
    for path in ("workbook/quality-mark/theme/1/", "workbook/quality-mark/indicator/1.1.1/", "people/invite/"):
        lead.page.goto(f"/o/example-valley/{path}")
        lead.forgive("ERR_FAILED")
        assert lead.page.locator("html.no-js").count() == 1
        lead.check()


# Addresses that no link of the demonstration leads to, and where they are seen instead.
ELSEWHERE = {
    "a form is sent there, and the page that answers is in a journey or in the tests of its app": {
        "account_logout", "action_create", "action_move", "action_note", "demo_sign_in", "evidence_add",
        "evidence_remove", "evidence_renew", "framework_node_move", "job_retry", "measure_archive",
        "measure_note_remove", "measure_paste_save", "measure_plan_agree", "measure_plan_withdraw", "measure_publish",
        "measure_restore", "measure_take_back", "measure_target_remove", "measure_unpublish",
        "network_invitation_again",
        "network_invitation_withdraw", "notification_read", "notifications_read", "organisation_invitation_again",
        "organisation_invitation_withdraw", "return_correct", "return_figure_move", "return_year_remove",
        "set_language", "sign_off_not_yet", "submission_document_date", "submission_document_remove", "team_archive",
        "team_restore", "workbook_answer", "workbook_assign", "workbook_comment", "workbook_sheet_apply",
        "workbook_sheet_difference",
    },
    "it leads on to another page": {"snapshot_list"},
    "measures/tests: a coach's list, a second definition": {
        "measure_phase_remove", "measure_versions", "my_measures",
    },
    "test_first_sign_in.py": {"join"},
    "test_office.py": {"support_case"},
    "test_return.py": {"return_check"},
    "test_framework.py": {"framework_import_check", "workbook_version"},
    "accounts/tests: by a link in a mail, or in the middle of signing in": {
        "account_confirm_email", "account_confirm_login_code", "account_email_verification_sent", "account_inactive",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "account_set_password", "mfa_authenticate", "mfa_deactivate_totp", "mfa_edit_webauthn",
        "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_login_webauthn", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes", "openid_connect_callback",
        "openid_connect_login", "socialaccount_connections", "socialaccount_login_cancelled",
        "socialaccount_login_error", "socialaccount_signup",
    },
    "organisations/tests: a member that has left": {"network_member_rejoin"},
}  # fmt: skip


def test_no_page_is_left_out(pages_of: Callable[[str], Any]) -> None:
    seen = {name for who in PEOPLE for name in pages_of(who)}
    named = set().union(*ELSEWHERE.values())
    left_out = all_names() - seen - FILES - named
    assert not left_out, f"Nobody gets to {sorted(left_out)}: link it, or say in ELSEWHERE where it is tested."
    assert not named & seen, f"{sorted(named & seen)} is seen here: take it out of ELSEWHERE."
