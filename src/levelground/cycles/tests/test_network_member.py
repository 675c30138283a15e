"""One member's submission as its network sees it, and what officers decide, extend and remind."""

import json

import pytest
from bs4 import BeautifulSoup
from django.urls import NoReverseMatch

from levelground.assessments import services as assessments
from levelground.cycles import network_words, services
from levelground.cycles.models import Extension, Submission, SubmissionStep
from levelground.cycles.services import network
from levelground.foundation import clock
from levelground.foundation.errors import Conflict, IllegalMove, Invalid, NotAllowed
from levelground.foundation.notifications import reminders
from levelground.foundation.notifications.models import Notification
from levelground.organisations.models import Membership
from tests.factories import MembershipFactory, UserFactory

from .network_ways import at, join, put
from .ways import DAY, complete, make_cycle, of, send, sign

pytestmark = pytest.mark.django_db
SURE = {"sure": "yes"}


def part(year, verb="", member="alder"):
    return at(year.cycle, f"network_submission_{verb}" if verb else "network_submission", member)


def seen(year, **more):
    return {"version": year.row().version, **more}


@pytest.mark.requirement("MQM-22")
def test_the_page_tells_where_it_is_how_it_came_there_and_what_was_sent(client, year, query_budget):
    receipt = send(year.row(), year.alice, year.tomos)
    client.force_login(year.nia)
    with query_budget(25):
        text = client.get(part(year)).content.decode()
    assert receipt.number in text and "Tomos Trustee" in text and "Alice Lead" in text and "Levelground" in text
    assert f"/snapshots/{receipt.snapshot.public_id}/" in text
    for document in json.loads(receipt.snapshot.payload)["documents"]:
        address = f"/snapshots/{receipt.snapshot.public_id}/documents/{document['number']}/"
        assert address in text
        file = client.get(address)
        assert b"".join(file.streaming_content).decode().startswith(document["code"])
    client.force_login(year.olga)
    assert client.get(part(year)).status_code == client.get(address).status_code == 404


def test_the_snapshot_opens_as_it_was_sent_whatever_the_member_changes(client, year):
    receipt = send(year.row(), year.alice, year.tomos)
    client.force_login(year.nia)
    before = client.get(f"/snapshots/{receipt.snapshot.public_id}/").content
    answer = year.workbook.answers.select_related("indicator").first()
    assessments.save_answer(
        workbook=year.workbook, indicator=answer.indicator, value="not_applicable", by=year.alice, reason="Secret plan"
    )
    after = client.get(f"/snapshots/{receipt.snapshot.public_id}/").content
    assert b"Secret plan" not in after and len(before) == len(after)
    assert b"Secret plan" not in client.get(part(year)).content


def test_nothing_of_the_live_workbook_is_on_the_page_of_an_unsent_one(client, year):
    answer = year.workbook.answers.select_related("indicator").first()
    assessments.save_answer(
        workbook=year.workbook, indicator=answer.indicator, value="not_applicable", by=year.alice, reason="Secret plan"
    )
    client.force_login(year.nia)
    text = client.get(part(year)).content.decode()
    assert "1 of 6 answered" in text and "0 of 5" in text and "Secret plan" not in text


def test_accepting_takes_two_looks_and_is_told(client, year):
    send(year.row(), year.alice, year.tomos)
    client.force_login(year.nia)
    first = client.post(part(year, "accept"), seen(year, reason="Well <done>"))
    assert first.status_code == 200 and "Well &lt;done&gt;" in first.content.decode()
    assert year.row().status == "submitted"
    client.post(part(year, "accept"), seen(year, reason="Well <done>", **SURE))
    assert year.row().status == "accepted"
    assert SubmissionStep.objects.last().reason == "Well <done>"
    assert "Well &lt;done&gt;" in client.get(part(year)).content.decode()


def test_reasons_are_a_list_and_without_one_nothing_goes_back(client, year):
    send(year.row(), year.alice, year.tomos)
    client.force_login(year.nia)
    empty = client.post(part(year, "return"), seen(year, reason="  \n ", **SURE))
    assert empty.status_code == 422 and "Say what the member should change." in empty.content.decode()
    client.post(part(year, "return"), seen(year, reason="The budget\r\n\r\nThe minutes", **SURE))
    assert year.row().status == "returned"
    assert "<li>The budget</li><li>The minutes</li>" in client.get(part(year)).content.decode()
    client.force_login(year.alice)
    text = client.get(f"/o/alder/year/mark/{year.cycle.year}/").content.decode()
    assert "The budget" in text and "The minutes" in text


def test_too_long_a_reason_stays_to_be_shortened(client, year):
    send(year.row(), year.alice, year.tomos)
    client.force_login(year.nia)
    page = client.post(part(year, "return"), seen(year, reason="x" * 4001, **SURE))
    assert page.status_code == 422 and "x" * 4001 in page.content.decode() and year.row().status == "submitted"


@pytest.mark.requirement("MQM-29")
def test_withdrawing_and_opening_again_each_need_a_reason(client, year):
    client.force_login(year.nia)
    assert client.post(part(year, "withdraw"), seen(year, **SURE)).status_code == 422
    client.post(part(year, "withdraw"), seen(year, reason="Merged with Birch", **SURE))
    assert year.row().status == "withdrawn"
    offered = client.get(part(year)).content.decode()
    assert "Open it again" in offered and "Send it back" not in offered
    assert "This cannot be done now." in client.get(part(year, "return")).content.decode()
    client.post(part(year, "reinstate"), seen(year, reason="Not after all", **SURE))
    assert year.row().status == "in_progress"


@pytest.mark.parametrize("verb", ["accept", "return", "reinstate"])
def test_what_cannot_be_done_now_is_said_and_refused(client, year, verb):
    client.force_login(year.nia)
    assert "This cannot be done now." in client.get(part(year, verb)).content.decode()
    page = client.post(part(year, verb), seen(year, reason="x", **SURE))
    assert page.status_code == 422 and year.row().status == "not_started"


def test_the_second_of_two_officers_sees_what_the_first_did(client, year):
    send(year.row(), year.alice, year.tomos)
    second = UserFactory(name="Owain Officer")
    MembershipFactory(user=second, role="network_officer", network=year.network)
    on_page = year.row().version
    services.return_(submission=year.row(), by=year.nia, reason="Old minutes")
    client.force_login(second)
    page = client.post(part(year, "accept"), {"version": on_page, "reason": "All fine", **SURE})
    text = page.content.decode()
    assert page.status_code == 409 and year.row().status == "returned"
    assert (
        "Nia Officer" in text and "Old minutes" in text and "All fine" in text and "nothing of yours was done" in text
    )
    withdrawn = client.post(part(year, "withdraw"), {"version": on_page, "reason": "Merged", **SURE})
    assert withdrawn.status_code == 409 and "Send it again if it is still right" in withdrawn.content.decode()
    assert f'value="{year.row().version}"' in withdrawn.content.decode() and year.row().status == "returned"


def test_without_the_version_of_the_page_nothing_is_decided(client, year):
    send(year.row(), year.alice, year.tomos)
    client.force_login(year.nia)
    for version in ("", "-1", "x", "99999999999999999999"):
        page = client.post(part(year, "accept"), {"version": version, "reason": "", **SURE})
        assert page.status_code in {409, 422}
    assert year.row().status == "submitted"


def test_members_decide_nothing(client, year):
    send(year.row(), year.alice, year.tomos)
    for who, status in ((year.alice, 403), (year.tomos, 403), (year.bob, 403), (year.olga, 404), (year.zed, 404)):
        client.force_login(who)
        for verb in ("accept", "return", "withdraw", "reinstate", "more_time"):
            assert client.post(part(year, verb), seen(year, reason="x", **SURE)).status_code == status
    assert year.row().status == "submitted"


def test_a_submission_of_another_year_or_network_does_not_open_here(client, year):
    client.force_login(year.nia)
    last = make_cycle(year.cast, year=year.cycle.year - 1)
    join(year.other_network, "stranger")
    assert client.get(at(last, "network_submission", "alder")).status_code == 200
    assert client.get(at(year.cycle, "network_submission", "stranger")).status_code == 404
    assert client.post(at(year.cycle, "network_submission_withdraw", "stranger")).status_code == 404


# More time -----------------------------------------------------------------------------------------------------------


def test_one_member_gets_more_time_with_a_reason(client, year):
    client.force_login(year.nia)
    Notification.objects.all().delete()
    later, now = year.cycle.deadline + 9 * DAY, year.row().deadline
    page = client.post(part(year, "more_time"), {"deadline": later, "reason": "", "seen": now})
    assert page.status_code == 422 and not Extension.objects.exists()
    client.post(part(year, "more_time"), {"deadline": later, "reason": "New lead", "seen": now})
    assert year.row().deadline == later and year.row(year.birch).deadline == year.cycle.deadline
    assert [one.user for one in Notification.objects.filter(kind="cycle.extended")] == [year.alice]
    assert "New lead" in client.get(part(year)).content.decode()


@pytest.mark.parametrize("days", [-400, 0])
def test_more_time_is_a_later_day(client, year, days):
    client.force_login(year.nia)
    sent = {"deadline": year.cycle.deadline + days * DAY, "reason": "x", "seen": year.row().deadline}
    page = client.post(part(year, "more_time"), sent)
    assert page.status_code == 422 and 'href="#id_deadline"' in page.content.decode() and not Extension.objects.exists()


def test_two_officers_giving_time_at_once(client, year):
    client.force_login(year.nia)
    now = year.row().deadline
    sent = {"deadline": now + 20 * DAY, "reason": "Mine", "seen": now}
    network.extend_one(submission=year.row(), deadline=now + 30 * DAY, reason="Theirs", by=year.nia)
    page = client.post(part(year, "more_time"), sent)
    assert page.status_code == 409 and "Somebody was here before you" in page.content.decode()
    assert year.row().deadline == now + 30 * DAY
    with pytest.raises(Conflict):
        network.extend_one(submission=year.row(), deadline=now + 40 * DAY, reason="x", by=year.nia, seen_deadline=now)


def test_who_has_sent_needs_no_more_time(client, year):
    put(year.cycle, year.alder, "submitted")
    with pytest.raises(IllegalMove):
        network.extend_one(submission=year.row(), deadline=year.cycle.deadline + DAY, reason="x", by=year.nia)
    client.force_login(year.nia)
    assert "needs no more time" in client.get(part(year, "more_time")).content.decode()
    with pytest.raises(Invalid):
        network.extend_one(submission=year.row(year.birch), deadline=year.cycle.deadline, reason="x", by=year.nia)


# Reminders -----------------------------------------------------------------------------------------------------------


def reminders_of(user):
    return Notification.objects.filter(user=user, kind="cycle.reminder").count()


def remind(client, year, **data):
    page = client.post(at(year.cycle, "network_cycle_remind"), data, follow=True)
    return page.content.decode()


@pytest.mark.requirement("MQM-30")
def test_ticked_members_are_reminded_once_a_day(client, year):
    client.force_login(year.nia)
    ticked = [year.row().public_id, year.row(year.birch).public_id]
    assert "2 members were reminded." in remind(client, year, member=ticked)
    assert (reminders_of(year.alice), reminders_of(year.bob)) == (1, 1)
    text = remind(client, year, member=ticked)
    assert "0 members were reminded." in text and "2 had a reminder today already." in text
    with clock.at(clock.now() + DAY):
        network.remind_some(cycle=year.cycle, numbers=ticked, by=year.nia)
    assert reminders_of(year.alice) == 2


def test_a_reminder_comes_back_to_where_it_was_asked_for(client, year):
    client.force_login(year.nia)
    address, number = at(year.cycle, "network_cycle_remind"), year.row().public_id
    assert (
        client.post(f"{address}?show=overdue&page=2", {"member": number}).url == at(year.cycle) + "?show=overdue&page=2"
    )
    assert client.post(address, {"member": number, "back": "member"}).url == part(year)
    for hostile in ("'; drop", "../../x", "//evil.example"):
        assert client.post(address, {"member": hostile, "back": "member"}).url == at(year.cycle)
    assert client.post(address, {"all": "overdue", "back": "member"}).url == at(year.cycle)


def test_a_new_deadline_is_no_reason_for_a_second_reminder_on_a_day(year):
    numbers = [year.row().public_id]
    assert network.remind_some(cycle=year.cycle, numbers=numbers, by=year.nia).members == 1
    network.extend_one(submission=year.row(), deadline=year.cycle.deadline + DAY, reason="x", by=year.nia)
    assert network.remind_some(cycle=year.cycle, numbers=numbers, by=year.nia).already == 1
    assert reminders_of(year.alice) == 1


def test_the_programs_own_reminder_of_the_day_counts(year):
    Submission.objects.filter(cycle=year.cycle).update(deadline=clock.today() + 7 * DAY)
    reminders.remind(days=[clock.today()])
    assert Notification.objects.filter(kind="submission.due").count() == 2
    result = network.remind_some(cycle=year.cycle, numbers=[year.row().public_id], by=year.nia)
    assert (result.members, result.already) == (0, 1)


def test_all_that_are_overdue_are_reminded_and_nobody_else(client, year):
    put(year.cycle, year.alder, "in_progress", deadline=clock.today() - DAY)
    led = join(year.network, "has sent")
    put(year.cycle, led, "submitted", deadline=clock.today() - DAY)
    unled = join(year.network, "unled")
    put(year.cycle, unled, "not_started", deadline=clock.today() - DAY)
    client.force_login(year.nia)
    assert "Remind 2 members" in client.get(at(year.cycle, "network_cycle_remind")).content.decode()
    text = remind(client, year, all="overdue")
    assert "1 member was reminded." in text and "1 has no quality lead yet" in text
    assert (reminders_of(year.alice), reminders_of(year.bob)) == (1, 0)


def test_nobody_ticked_is_said(client, year):
    client.force_login(year.nia)
    page = client.post(at(year.cycle, "network_cycle_remind"))
    assert page.status_code == 422 and "Tick at least one member" in page.content.decode()


def test_numbers_of_other_networks_and_years_and_of_those_that_sent_are_left_out(client, year):
    other = make_cycle(year.cast, year=year.cycle.year - 1)
    put(year.cycle, year.birch, "accepted")
    Notification.objects.all().delete()
    client.force_login(year.nia)
    numbers = [of(other, year.alder).public_id, year.row(year.birch).public_id, "nothing", "'; drop", "x" * 5000]
    assert "0 members were reminded." in remind(client, year, member=numbers)
    assert not Notification.objects.exists()


def test_many_are_left_to_a_worker(client, year, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(network, "AT_ONCE", 1)
    numbers = [year.row().public_id, year.row(year.birch).public_id]
    result = network.remind_some(cycle=year.cycle, numbers=numbers, by=year.nia)
    assert result.later and result.members == 2 and not reminders_of(year.alice)
    for _twice in range(2):
        network.remind_later(year.cycle.public_id, numbers, year.nia.pk)
    assert (reminders_of(year.alice), reminders_of(year.bob)) == (1, 1)


def test_only_who_manages_cycles_reminds(year):
    for who in (year.alice, year.olga, year.zed):
        with pytest.raises(NotAllowed):
            network.remind_some(cycle=year.cycle, numbers=[year.row().public_id], by=who)
    Membership.objects.filter(user=year.nia).update(to_date=clock.today() - DAY)
    with pytest.raises(NotAllowed):
        network.remind_overdue(cycle=year.cycle, by=type(year.nia).objects.get(pk=year.nia.pk))


def test_reminding_asks_the_same_for_few_and_many(year, query_budget):
    """But for what telling each person takes."""
    numbers = []
    for number in range(30):
        member = join(year.network, f"member {number}")
        MembershipFactory(role="member_lead", organisation=member)
        numbers.append(of(year.cycle, member).public_id)
    network.remind_some(cycle=year.cycle, numbers=numbers, by=year.nia)
    with query_budget(12):
        assert network.remind_some(cycle=year.cycle, numbers=numbers, by=year.nia).already == 30


def test_help_is_offered_where_that_part_of_the_site_is_there(client, year, monkeypatch):
    client.force_login(year.nia)

    def nowhere(*_args, **_more):
        raise NoReverseMatch

    with monkeypatch.context() as patched:
        real = network_words.reverse
        patched.setattr(
            network_words, "reverse", lambda name, **more: nowhere() if name == "support_offer" else real(name, **more)
        )
        assert "Offer help" not in client.get(part(year)).content.decode()
    with monkeypatch.context() as patched:
        patched.setattr(
            network_words, "reverse", lambda name, **more: "/help/" if name == "support_offer" else real(name, **more)
        )
        assert 'href="/help/">Offer help' in client.get(part(year)).content.decode()


def test_the_page_of_a_member_with_a_long_history_keeps_to_its_budget(client, year, query_budget):
    client.force_login(year.nia)
    row = complete(year.row(), year.alice)
    services.submit(submission=sign(row, year.tomos), by=year.alice)
    with query_budget(25) as few:
        client.get(part(year))
    for number in range(3):
        services.return_(submission=year.row(), by=year.nia, reason=f"Again {number}")
        services.submit(submission=sign(year.row(), year.tomos), by=year.alice)
    with query_budget(len(few)):
        text = client.get(part(year)).content.decode()
    assert text.count("Receipt ") >= 4


@pytest.mark.requirement("MQM-30")
@pytest.mark.parametrize(("days", "source"), [(0, "noticed"), (40, "overdue")])
def test_an_offer_of_help_to_an_overdue_member_is_about_its_year(client, year, days, source):
    Submission.objects.update(deadline=clock.today() - days * DAY)
    client.force_login(year.nia)
    page = BeautifulSoup(client.get(part(year)).content, "html.parser")
    (link,) = page.select('main a[href*="/help/offer/"]')
    form = BeautifulSoup(client.get(link["href"]).content, "html.parser").select_one("main form")
    assert form.select_one("input[name=source][checked]")["value"] == source
    assert form.select_one("input[name=year]").get("value") == (str(year.cycle.year) if days else None)
