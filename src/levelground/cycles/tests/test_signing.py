"""Sign-off: of exactly what is sent, and no longer than it is that."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from levelground.accounts import services as accounts
from levelground.assessments import services as assessments
from levelground.assessments.models import Workbook
from levelground.cycles import content, services, tasks
from levelground.cycles.defaults import DOCUMENTS
from levelground.cycles.models import RequiredDocument, SignOff, SignOffRequest
from levelground.cycles.readiness import NotReady
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid, NotAllowed
from levelground.foundation.notifications.models import Notification
from levelground.frameworks.selectors import tree

from .ways import complete, paper, sign

pytestmark = pytest.mark.django_db


def change(year, value="not_yet"):
    return assessments.save_answer(
        workbook=year.workbook, indicator=tree(year.version).indicators[0], value=value, by=year.carys, reason="Hm"
    )


def watched(year):
    return Workbook.objects.get(pk=year.workbook.pk).watched


def test_signing_makes_it_ready_and_pins_the_content(year):
    row = sign(complete(year.row(), year.alice), year.tomos)
    assert row.status == "ready"
    assert SignOff.objects.get().content_sha256 == content.fingerprint(row)
    assert SignOff.objects.get().declaration.cy
    told = Notification.objects.get(kind="sign_off.given")
    assert told.user == year.alice


def test_what_is_not_complete_cannot_be_signed_or_asked_for(year):
    for act in (
        lambda: services.ask_for_sign_off(submission=year.row(), by=year.alice),
        lambda: services.sign(submission=year.row(), by=year.tomos, agreed=True, seen_sha256=""),
    ):
        with pytest.raises(NotReady):
            act()


def test_only_those_who_may_approve_sign(year):
    row = complete(year.row(), year.alice)
    for person in (year.alice, year.carys, year.nia, year.bob):
        with pytest.raises(NotAllowed):
            services.sign(submission=row, by=person, agreed=True, seen_sha256=content.fingerprint(row))
    assert not SignOff.objects.exists()


def test_the_declaration_must_be_ticked(year):
    row = complete(year.row(), year.alice)
    with pytest.raises(Invalid) as refused:
        services.sign(submission=row, by=year.tomos, agreed=False, seen_sha256=content.fingerprint(row))
    assert "agreed" in refused.value.fields


def test_what_changed_while_it_was_read_is_not_signed(year):
    row = complete(year.row(), year.alice)
    seen = content.fingerprint(row)
    change(year)
    with pytest.raises(Conflict):
        services.sign(submission=row, by=year.tomos, agreed=True, seen_sha256=seen)
    assert not SignOff.objects.exists()


def test_a_change_after_the_sign_off_ends_it_and_says_why(year, django_capture_on_commit_callbacks):
    sign(complete(year.row(), year.alice), year.tomos)
    assert watched(year)
    with django_capture_on_commit_callbacks(execute=True):
        change(year)
    row, sign_off = year.row(), SignOff.objects.get()
    assert (row.status, row.recheck, watched(year)) == ("in_progress", False, False)
    assert sign_off.lapsed_at is not None and sign_off.lapsed_why.cy
    assert set(Notification.objects.filter(kind="sign_off.lapsed").values_list("user", flat=True)) == {
        year.alice.pk, year.tomos.pk,
    }  # fmt: skip


@pytest.mark.parametrize("what", ["the same answer", "a comment", "given to a colleague"])
def test_what_changes_nothing_that_is_sent_ends_no_sign_off(year, django_capture_on_commit_callbacks, what):
    sign(complete(year.row(), year.alice), year.tomos)
    answer = year.workbook.answers.select_related("workbook__organisation", "workbook__framework", "indicator").first()
    with django_capture_on_commit_callbacks(execute=True):
        if what == "the same answer":
            change(year, value="met")
        elif what == "a comment":
            assessments.comment(answer=answer, text="Well done", by=year.carys)
        else:
            assessments.assign(answer=answer, to=year.carys, by=year.alice)
    assert (year.row().status, year.row().recheck) == ("ready", False)
    assert watched(year), "the next write must be noticed too"


def test_an_action_after_the_sign_off_ends_it(year, django_capture_on_commit_callbacks):
    sign(complete(year.row(), year.alice), year.tomos)
    with django_capture_on_commit_callbacks(execute=True):
        assessments.create_action(workbook=year.workbook, indicator=None, title="One more", by=year.carys)
    assert year.row().status == "in_progress"


def test_another_document_after_the_sign_off_ends_it(year):
    sign(complete(year.row(), year.alice), year.tomos)
    budget = RequiredDocument.objects.get(code="budget")
    services.add_document(
        submission=year.row(), required=budget, by=year.carys, upload=paper(text="Newer"), document_date=clock.today()
    )
    assert year.row().status == "in_progress"


def test_a_comparison_that_was_cut_short_is_made_up_for(year):
    """The program may be killed between the write and the comparison: nothing is sent by it, and the night mends it."""
    sign(complete(year.row(), year.alice), year.tomos)
    change(year)  # no transaction ends in this test: the comparison is never made
    row = year.row()
    assert (row.status, row.recheck) == ("ready", True)
    with pytest.raises(NotReady) as refused:
        services.submit(submission=row, by=year.alice)
    assert [one.kind for one in refused.value.missing] == ["sign_off"]
    assert year.row().status == "in_progress", "refusing has ended the sign-off for good"
    row = sign(year.row(), year.tomos)
    change(year, value="met")
    tasks.every_night()
    assert year.row().status == "in_progress"


def test_an_ordinary_save_of_an_unwatched_workbook_asks_nothing_more(year, query_budget):
    change(year)
    assert not watched(year), "begun, and not signed"
    with query_budget(40) as few:
        change(year, value="met")
    assert not [query for query in few.captured_queries if "cycles_" in query["sql"]]


def test_asking_tells_the_approvers_and_an_answer_closes_it(year):
    row = complete(year.row(), year.alice)
    services.ask_for_sign_off(submission=row, by=year.alice, note="Please look at theme 1")
    assert Notification.objects.get(kind="sign_off.asked").user == year.tomos
    services.ask_for_sign_off(submission=row, by=year.alice)
    assert list(SignOffRequest.objects.order_by("pk").values_list("answer", flat=True)) == ["replaced", ""]
    with pytest.raises(Invalid):
        services.say_not_yet(submission=row, by=year.tomos, text="  ")
    services.say_not_yet(submission=row, by=year.tomos, text="The budget is an old one")
    assert SignOffRequest.objects.get(answer="not_yet").words == "The budget is an old one"
    assert Notification.objects.get(kind="sign_off.not_yet").user == year.alice
    with pytest.raises(IllegalMove):
        services.say_not_yet(submission=row, by=year.tomos, text="Again")


def test_asking_says_when_nobody_may_approve(year):
    row = complete(year.row(year.birch), year.bob)
    with pytest.raises(IllegalMove) as refused:
        services.ask_for_sign_off(submission=row, by=year.bob)
    assert "Invite" in str(refused.value)


def test_the_database_keeps_what_was_signed(year):
    sign(complete(year.row(), year.alice), year.tomos)
    for act in (
        lambda: SignOff.objects.update(content_sha256="0" * 64),
        lambda: SignOff.objects.update(by=year.alice),
        lambda: SignOff.objects.all().delete(),
        lambda: SignOff.objects.update(at=clock.now() - dt.timedelta(days=1)),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    SignOff.objects.update(lapsed_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        SignOff.objects.update(lapsed_at=None)


def _renamed(year):
    """The owner of an action corrects the name that stands in the plan. That is no write to the workbook."""
    person = year.carys
    seen = accounts.mark_of(person, "name", "language", "digest")
    accounts.save_details(
        user=person, name="Carys Newname", language=person.language, digest=person.digest, seen=seen, by=person
    )


@pytest.fixture
def stuck(year):
    """Signed off, and then what would be sent is another without any write to the workbook."""
    complete(year.row(), year.alice)
    assessments.create_action(workbook=year.workbook, indicator=None, title="Plan", by=year.alice, owner=year.carys)
    assert sign(year.row(), year.tomos).status == "ready"
    _renamed(year)
    return year


def test_sending_ends_a_sign_off_that_does_not_hold_so_that_it_can_be_signed_again(stuck):
    with pytest.raises(NotReady):
        services.submit(submission=stuck.row(), by=stuck.alice)
    assert stuck.row().status == "in_progress" and SignOff.objects.get().lapsed_at is not None
    assert services.submit(submission=sign(stuck.row(), stuck.tomos), by=stuck.alice).number


def test_asking_ends_a_sign_off_that_does_not_hold(stuck):
    services.ask_for_sign_off(submission=stuck.row(), by=stuck.alice)
    assert stuck.row().status == "in_progress" and SignOff.objects.get().lapsed_at is not None


def test_the_pages_to_sign_and_to_send_look_at_what_would_be_sent(stuck, client):
    base = f"/o/alder/year/mark/{stuck.cycle.year}/"
    client.force_login(stuck.tomos)
    assert b'name="agreed"' in client.get(base + "sign/").content
    client.force_login(stuck.alice)
    assert b"have it signed off" in client.get(base + "send/").content


def test_another_name_of_a_document_ends_the_sign_offs_and_says_why(year):
    sign(complete(year.row(), year.alice), year.tomos)
    first, *others = DOCUMENTS
    asked = [replace(first, name=Bilingual("Strategic plan (current)", first.name.cy)), *others]
    services.set_documents(cycle=year.cycle, documents=asked, by=year.nia)
    assert year.row().status == "in_progress"
    assert "document" in SignOff.objects.get().lapsed_why.en and SignOff.objects.get().lapsed_why.cy


def test_other_guidance_for_a_document_ends_no_sign_off(year):
    sign(complete(year.row(), year.alice), year.tomos)
    first, *others = DOCUMENTS
    asked = [replace(first, guidance=Bilingual("The newest one", "Yr un diweddaraf")), *others]
    services.set_documents(cycle=year.cycle, documents=asked, by=year.nia)
    assert year.row().status == "ready"
