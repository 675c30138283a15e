"""The demonstration is a network as the product itself would have made it: every rule of the product holds in it."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client, override_settings

from levelground.accounts.models import User
from levelground.assessments import services as assessments
from levelground.assessments.models import Action, Answer, AnswerChange, Evidence, Snapshot, Workbook
from levelground.cycles import services as cycles
from levelground.cycles.content import fingerprint
from levelground.cycles.models import Cycle, Extension, Receipt, SignOff, Submission
from levelground.cycles.readiness import readiness
from levelground.cycles.states import SENT, Status
from levelground.demo import network
from levelground.demo.management import prepare
from levelground.demo.management.commands.demo import Command
from levelground.demo.personas import personas
from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.counts import RECOUNTS
from levelground.foundation.documents.models import Document
from levelground.foundation.jobs.models import JobRun
from levelground.frameworks.selectors import tree
from levelground.organisations.models import Affiliation, Membership, Organisation
from levelground.organisations.roles import Role
from levelground.organisations.states import Nation
from levelground.returns.models import QuarterlyReturn
from levelground.returns.selectors import figures_of
from levelground.returns.selectors.drafts import payload_of
from levelground.returns.states import WITH_NETWORK, ReturnStatus
from levelground.support.models import SupportCase
from levelground.support.states import CaseStatus

MEMBERS = 26
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A small demonstration, built once; each test works in a transaction of its own around it."""
    documents = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path_factory.mktemp("documents"), "base_url": None},
    }
    changed = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "documents": documents},
    )
    with django_db_blocker.unblock(), transaction.atomic():
        with changed:
            network.build(MEMBERS)
        yield
        transaction.set_rollback(True)


def valley() -> Organisation:
    return Organisation.objects.get(slug="example-valley")


def person(email: str) -> User:
    return User.objects.get(email=f"{email}@demo.example")


def newest() -> Cycle:
    return Cycle.objects.latest("year")


@pytest.mark.requirement("MQM-52")
def test_members_of_both_nations_with_names_in_both_languages() -> None:
    members = [one.organisation for one in Affiliation.objects.current().select_related("organisation")]
    assert len(members) == MEMBERS
    assert {one.nation for one in members} == {Nation.ENGLAND, Nation.WALES}
    assert len({one.size for one in members}) >= 3
    assert all(one.region and not one.name.missing for one in members)
    assert User.objects.filter(language="cy", memberships__role=Role.MEMBER_LEAD).exists()


def test_doctor_finds_nothing() -> None:
    connection.check_constraints()
    wrong = {name: [str(item) for item in count()] for name, count in RECOUNTS.items()}
    assert wrong == {name: [] for name in wrong}
    assert len(wrong) >= 3
    assert list(audit.verify()) == []


def test_every_role_has_somebody_to_sign_in_as() -> None:
    known = {one.public_id for one in personas()}
    held = Membership.objects.current().filter(user__public_id__in=known)
    assert set(held.values_list("role", flat=True)) == set(Role.values)
    notes = {one.role: one.note for one in personas()}
    assert notes["Evaluator"] == "Their own pages come later"
    assert notes["Trustee or executive sign-off"] == ""


def test_every_persona_signs_in_by_one_press_and_sees_a_page() -> None:
    for persona in personas():
        client = Client()
        answer = client.post("/demo/sign-in/", {"person": persona.public_id}, follow=True)
        assert answer.status_code == 200, persona
        assert "_auth_user_id" in client.session, persona


def test_the_password_that_is_printed_is_theirs() -> None:
    assert User.objects.get(email="officer@demo.example").check_password(network.PASSWORD)


@pytest.mark.requirement("MQM-28")
def test_every_member_has_its_place_in_each_cycle_of_its_time() -> None:
    for cycle in Cycle.objects.all():
        joined = Affiliation.objects.filter(joined_on__lte=cycle.deadline).values("organisation")
        rows = Submission.objects.filter(cycle=cycle)
        assert not rows.exclude(organisation__in=joined).exists()
        assert rows.count() >= joined.count() - 2  # who joined in its last weeks begins with the next one
    assert Submission.objects.filter(cycle=newest()).count() == MEMBERS


def test_past_years_are_nearly_all_accepted_and_the_present_one_is_under_way() -> None:
    for cycle in Cycle.objects.exclude(pk=newest().pk):
        found = Counter(Submission.objects.filter(cycle=cycle).values_list("status", flat=True))
        assert found[Status.ACCEPTED] >= 0.8 * found.total()
    now = Counter(Submission.objects.filter(cycle=newest()).values_list("status", flat=True))
    assert set(now) >= {Status.NOT_STARTED, Status.IN_PROGRESS, Status.READY, Status.SUBMITTED, Status.ACCEPTED}
    assert Submission.objects.filter(late=True).exists()
    assert Submission.objects.overdue().exists()


def test_all_that_was_sent_is_frozen_with_its_hash_and_a_receipt() -> None:
    sent = Submission.objects.filter(status__in=SENT)
    assert sent.count() > MEMBERS
    assert not sent.filter(snapshot__isnull=True).exists()
    assert Receipt.objects.count() == Snapshot.objects.count()
    for snapshot in Snapshot.objects.all():
        frozen = json.loads(snapshot.payload)
        assert hashlib.sha256(snapshot.payload.encode()).hexdigest() == snapshot.sha256
        assert audit.canonical(frozen) == snapshot.payload
        assert len(frozen["documents"]) == 5
        assert {row["standing"] for row in frozen["indicators"]} <= {
            "met", "working_towards", "gap_without_action", "not_applicable",
        }  # fmt: skip
        assert all(row["reason"] for row in frozen["indicators"] if row["standing"] == "gap_without_action")


def test_receipts_are_numbered_in_order_of_time() -> None:
    for cycle in Cycle.objects.all():
        given = Receipt.objects.filter(year=cycle.year).order_by("sequence")
        assert list(given.values_list("sequence", flat=True)) == list(range(1, given.count() + 1))
        days = [at.date() for at in given.values_list("at", flat=True)]
        assert days == sorted(days)


def test_what_was_signed_is_what_the_services_would_send_now() -> None:
    """The content that the build writes by itself, beside the content that the cycle reads from the tables."""
    ready = Submission.objects.filter(cycle=newest(), status=Status.READY)
    assert ready
    for submission in ready:
        assert SignOff.objects.get(submission=submission).content_sha256 == fingerprint(submission)
        assert readiness(submission, thorough=True).is_ready
        assert submission.workbook and submission.workbook.watched


def test_a_snapshot_sent_by_hand_has_the_same_shape() -> None:
    submission = Submission.objects.filter(cycle=newest(), status=Status.READY)[0]
    lead = User.objects.get(memberships__organisation=submission.organisation, memberships__role=Role.MEMBER_LEAD)
    by_hand = json.loads(cycles.submit(submission=submission, by=lead).snapshot.payload)
    built = json.loads(Snapshot.objects.exclude(workbook=submission.workbook)[0].payload)
    assert _shape(by_hand, "indicators", "actions") == _shape(built, "indicators", "actions")


def _shape(value: Any, *besides: str) -> Any:
    """The names in it, and the kinds of the values."""
    if isinstance(value, dict):
        return {name: _shape(one) for name, one in value.items() if name not in besides}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return type(value).__name__


def test_returns_say_what_the_services_would_have_said() -> None:
    sent = list(QuarterlyReturn.objects.filter(status__in=WITH_NETWORK).select_related("quarter", "organisation"))
    assert len(sent) > 100
    for row in sent[::9]:
        edition = row.editions.get()
        frozen = json.loads(edition.payload)
        changes = list(row.changes.select_related("indicator").order_by("pk"))
        said = payload_of(row, row.workbook, figures_of(row.quarter), changes)
        said |= {"sent_by": row.sent_by.public_id, "sent_at": frozen["sent_at"]}
        assert audit.canonical(said) == edition.payload
        assert hashlib.sha256(edition.payload.encode()).hexdigest() == edition.sha256 == row.sha256


def test_the_history_of_an_answer_leads_to_what_stands() -> None:
    book = Workbook.objects.get(organisation=valley())
    for answer in Answer.objects.filter(workbook=book):
        steps = list(AnswerChange.objects.filter(answer=answer).order_by("at", "pk"))
        assert [one.from_value for one in steps] == ["", *(one.to_value for one in steps[:-1])]
        assert answer.value == steps[-1].to_value
        assert (answer.changed_at, answer.version) == (steps[-1].at, len(steps))


def test_answers_get_better_over_the_years_and_some_slip() -> None:
    first, last = 0, 0
    for book in Workbook.objects.all():
        sent = list(book.snapshots.order_by("year", "edition"))
        if len(sent) > 1:
            first, last = first + _met(sent[0]), last + _met(sent[-1])
    assert 0 < first < last
    assert AnswerChange.objects.filter(from_value="met", to_value="not_yet").exists()


def _met(snapshot: Snapshot) -> int:
    return [row["value"] for row in json.loads(snapshot.payload)["indicators"]].count("met")


def test_actions_and_evidence_of_every_kind() -> None:
    assert set(Action.objects.values_list("status", flat=True)) == {"open", "in_progress", "done", "cancelled"}
    assert any(one.is_overdue for one in Action.objects.all())
    assert {one.freshness for one in Evidence.objects.all()} >= {"fresh", "expiring", "expired", "stale"}
    # A few contents, each kept once.
    assert len(set(Document.objects.values_list("sha256", flat=True))) < 30 < Document.objects.count()


def test_example_valley_is_half_answered_and_can_be_taken_to_a_receipt() -> None:
    now = Submission.objects.get(cycle=newest(), organisation=valley())
    state = readiness(now)
    assert (state.answered, state.total) == (84, 156)
    assert [place.current is not None for place in state.documents].count(True) == 2
    assert now.status == Status.IN_PROGRESS
    before = Submission.objects.get(cycle__year=newest().year - 1, organisation=valley())
    assert before.status == Status.ACCEPTED
    assert QuarterlyReturn.objects.filter(organisation=valley(), status=ReturnStatus.OPEN).exists()


def test_example_valley_goes_from_there_to_a_receipt() -> None:
    submission = Submission.objects.get(cycle=newest(), organisation=valley())
    book, lead, trustee = submission.workbook, person("lead"), person("trustee")
    assert book is not None
    state = readiness(submission)
    for node in tree(book.version).themes:
        if node.theme.code in {one.theme.code for one, _count in state.unanswered}:
            for indicator in node.indicators:
                assessments.save_answer(workbook=book, indicator=indicator, value="met", by=lead)
    for indicator in state.gaps:
        assessments.create_action(workbook=book, indicator=indicator, title="Train everybody again", by=lead)
    known = Document.objects.filter(uploaded_by=lead)[0]
    for place in state.documents:
        if place.current is None:
            cycles.add_document(
                submission=submission, required=place.required, by=lead, known=known, document_date=clock.today()
            )
    cycles.ask_for_sign_off(submission=submission, by=lead)
    cycles.sign(submission=submission, by=trustee, agreed=True, seen_sha256=fingerprint(submission))
    receipt = cycles.submit(submission=submission, by=lead)
    assert receipt.number.startswith(f"{newest().year}-")
    assert not receipt.late


@pytest.mark.requirement("MQM-30")
def test_the_member_in_difficulty_has_a_case() -> None:
    moor = Organisation.objects.get(slug="moorland-matters")
    case = SupportCase.objects.get(organisation=moor)
    assert case.status == CaseStatus.AGREED
    assert case.first_contact_at is not None
    assert Submission.objects.overdue().filter(organisation=moor).count() == 2
    assert Extension.objects.filter(organisation=moor).exists()


def test_nobody_is_told_by_the_thousand_what_is_long_past() -> None:
    assert not JobRun.objects.filter(name="cycles.news").exists()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The demonstration of the tests, in the place of the one in var."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(prepare, "database_file", lambda: None)
    monkeypatch.setattr(prepare, "call_command", lambda *args, **options: None)


@pytest.mark.usefixtures("elsewhere")
def test_another_size_takes_nothing_away_by_itself() -> None:
    prepare.prepare(io.StringIO(), MEMBERS)
    prepare.prepare(io.StringIO(), None)
    with pytest.raises(CommandError, match=rf"has {MEMBERS} members.*MEMBERS=40 ARGS=--fresh"):
        prepare.prepare(io.StringIO(), 40)


def test_it_prints_whom_one_can_sign_in_as() -> None:
    said = Command().people()
    for words in ("Alice Morgan", "lead@demo.example", "Their own pages come later", network.PASSWORD):
        assert words in said
