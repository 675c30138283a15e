"""The network opens a year, moves its deadline, and says what it asks for."""

import datetime as dt

import pytest

from levelground.cycles import news, services, tasks, upkeep
from levelground.cycles.defaults import DOCUMENTS, Wanted
from levelground.cycles.models import Cycle, Extension, RequiredDocument, SignOff, Submission
from levelground.cycles.network_selectors import where
from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.jobs.models import JobRun
from levelground.foundation.notifications.models import Notification
from levelground.frameworks import services as frameworks
from levelground.organisations import services as organisations
from levelground.organisations.models import Affiliation
from tests.factories import OrganisationFactory, framework_data

from .ways import DAY, complete, make_cycle, move_deadline, of, paper, send, sign

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("MQM-28")
def test_every_active_member_has_a_row_and_no_other_has(cast):
    gone = OrganisationFactory(slug="gone")
    Affiliation.objects.create(
        network=cast.network, organisation=gone, joined_on=dt.date(2019, 1, 1), left_on=dt.date(2020, 1, 1)
    )
    Affiliation.objects.create(
        network=cast.other_network, organisation=OrganisationFactory(slug="foreign"), joined_on=dt.date(2019, 1, 1)
    )
    cycle = make_cycle(cast)
    rows = Submission.objects.filter(cycle=cycle).order_by("organisation__slug")
    assert [(row.organisation.slug, row.status, row.deadline) for row in rows] == [
        ("alder", "not_started", cycle.deadline), ("birch", "not_started", cycle.deadline),
    ]  # fmt: skip
    assert of(cycle, cast.alder).workbook == cast.workbook


@pytest.mark.requirement("MQM-28")
def test_a_member_that_joins_later_gets_its_row_and_one_that_leaves_is_not_counted(year):
    new = organisations.add_member(
        network=year.network, name=Bilingual("Newcomer"), nation="ENG", region="", size="small",
        joined_on=clock.today(), by=year.nia,
    )  # fmt: skip
    assert year.row(new).status == "not_started"
    assert where(year.cycle).count("all") == 3
    organisations.leave(network=year.network, organisation=new, left_on=clock.today(), reason="Merged", by=year.nia)
    assert year.row(new).active is False
    assert where(year.cycle).count("all") == 2
    assert not Submission.objects.all().visible_to(year.nia).filter(organisation=new).exists()


def test_a_member_that_joins_on_a_later_day_gets_its_row_that_night(year):
    late = OrganisationFactory(slug="late")
    Affiliation.objects.create(network=year.network, organisation=late, joined_on=clock.today() + 3 * DAY)
    assert not Submission.objects.filter(organisation=late).exists()
    with clock.at(clock.now() + 3 * DAY):
        tasks.every_night()
    assert Submission.objects.filter(organisation=late, cycle=year.cycle).exists()


def test_nobody_who_joins_after_the_deadline_owes_anything_for_that_year(cast):
    cycle = make_cycle(cast, days_left=1)
    late = OrganisationFactory(slug="late")
    with clock.at(clock.now() + 5 * DAY):
        Affiliation.objects.create(network=cast.network, organisation=late, joined_on=clock.today())
    assert not Submission.objects.filter(cycle=cycle, organisation=late).exists()


@pytest.mark.requirement("MQM-25")
def test_the_first_cycle_is_offered_the_five_documents_and_the_next_copies_its_own(cast):
    first = make_cycle(cast, year=2026)
    assert [one.code for one in first.documents.all()] == ["strategy", "risk", "budget", "accounts", "minutes"]
    assert all(one.name.cy and one.guidance.cy for one in first.documents.all())
    services.set_documents(
        cycle=first, documents=[*DOCUMENTS[:2], Wanted("x", Bilingual("X", "X"), Bilingual(), None)], by=cast.nia
    )
    assert [one.code for one in make_cycle(cast, year=2027).documents.all()] == ["strategy", "risk", "x"]


def test_what_is_asked_for_is_fixed_once_a_member_has_sent_it(year):
    send(year.row(), year.alice, year.tomos)
    with pytest.raises(IllegalMove):
        services.set_documents(cycle=year.cycle, documents=DOCUMENTS[:1], by=year.nia)


def test_a_document_that_a_member_has_added_cannot_be_dropped(year):
    required = RequiredDocument.objects.get(cycle=year.cycle, code="budget")
    services.add_document(
        submission=year.row(), required=required, by=year.carys, upload=paper(), document_date=dt.date(2026, 1, 1)
    )
    kept = [one for one in DOCUMENTS if one.code != "budget"]
    with pytest.raises(Invalid) as refused:
        services.set_documents(cycle=year.cycle, documents=kept, by=year.nia)
    assert "1 member" in str(refused.value)


def test_there_is_one_cycle_a_year_and_its_dates_make_sense(year):
    today = clock.today()
    common = {"framework": year.version.framework, "framework_version": year.version, "by": year.nia}
    for field, wrong in [
        ("year", {"year": year.cycle.year, "opens_on": today, "deadline": today}),
        ("deadline", {"year": 2031, "opens_on": today, "deadline": today - DAY}),
        ("year", {"year": 26, "opens_on": today, "deadline": today}),
    ]:
        with pytest.raises(Invalid) as refused:
            services.open_cycle(**common, **wrong)
        assert field in refused.value.fields
    assert Cycle.objects.count() == 1


@pytest.mark.requirement("MQM-27")
def test_an_extension_moves_the_kept_deadline_with_its_reason_and_history(year):
    before, later = year.cycle.deadline, year.cycle.deadline + 20 * DAY
    services.extend(cycle=year.cycle, organisation=year.alder, deadline=later, reason="A fire", by=year.nia)
    assert (year.row().deadline, year.row(year.birch).deadline) == (later, before)
    move_deadline(year.cycle, before + 5 * DAY, "Everybody asked", year.nia)
    assert (year.row().deadline, year.row(year.birch).deadline) == (later, before + 5 * DAY)
    kept = Extension.objects.order_by("pk").values_list("organisation__slug", "before", "deadline", "reason")
    assert list(kept) == [("alder", before, later, "A fire"), (None, before, before + 5 * DAY, "Everybody asked")]
    verbs = AuditEvent.objects.filter(verb__in=("cycle.extended", "cycle.changed")).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["cycle.extended", "cycle.changed"]


def test_an_extension_needs_a_reason_and_a_later_day(year):
    for wrong in (
        {"deadline": year.cycle.deadline, "reason": "x"},
        {"deadline": year.cycle.deadline + DAY, "reason": " "},
    ):
        with pytest.raises(Invalid):
            services.extend(cycle=year.cycle, organisation=year.alder, by=year.nia, **wrong)
    assert not Extension.objects.exists()


def test_a_deadline_may_be_put_right_and_longer_ones_of_members_stay(year):
    first, own = year.cycle.deadline, year.cycle.deadline + 9 * DAY
    services.extend(cycle=year.cycle, organisation=year.alder, deadline=own, reason="Ill", by=year.nia)
    services.change_cycle(
        cycle=year.cycle, opens_on=year.cycle.opens_on, deadline=first - 10 * DAY, framework_version=year.version,
        reason="A slip", by=year.nia,
    )  # fmt: skip
    assert (year.row().deadline, year.row(year.birch).deadline) == (own, first - 10 * DAY)
    assert list(upkeep.drifts()) == []
    Submission.objects.filter(organisation=year.birch).update(deadline=first)
    assert len(list(upkeep.drifts())) == 1


def test_two_officers_who_change_a_cycle_notice_each_other(year):
    seen = year.cycle.version
    move_deadline(year.cycle, year.cycle.deadline + DAY, "More time", year.nia)
    with pytest.raises(Conflict) as conflict:
        move_deadline(year.cycle, year.cycle.deadline + 9 * DAY, "Also", year.nia, seen_version=seen)
    assert conflict.value.yours["reason"] == "Also"


def test_the_quality_leads_hear_of_the_year_and_once_only(year):
    news.spread_later(year.cycle.public_id, news.OPENED)
    news.spread_later(year.cycle.public_id, news.OPENED)
    told = Notification.objects.filter(kind=news.OPENED).order_by("user__name")
    assert [one.user.name for one in told] == ["Alice Lead", "Bob Lead"]
    assert told[0].url == f"/o/alder/year/mark/{year.cycle.year}/"
    assert "Test mark" in told[0].text.en and told[0].text.cy


def test_a_year_that_opens_later_is_told_of_on_that_day(cast, django_capture_on_commit_callbacks):
    now = clock.now()
    with django_capture_on_commit_callbacks(execute=True):
        make_cycle(cast, opens_on=clock.today() + 20 * DAY)
    assert not JobRun.objects.filter(name="cycles.news").exists()
    for days, runs in ((19, 0), (20, 1), (21, 1)):
        with clock.at(now + days * DAY), django_capture_on_commit_callbacks(execute=True):
            tasks.every_night()
        assert JobRun.objects.filter(name="cycles.news").count() == runs


def test_a_year_that_is_open_is_told_of_at_once(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_cycle(cast)
    assert JobRun.objects.filter(name="cycles.news", key__contains=news.OPENED).count() == 1


def test_a_year_that_is_opened_early_is_told_of_then(cast, django_capture_on_commit_callbacks):
    cycle = make_cycle(cast, opens_on=clock.today() + 20 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        services.change_cycle(
            cycle=cycle, opens_on=clock.today(), deadline=cycle.deadline, framework_version=cast.version, by=cast.nia
        )
    assert JobRun.objects.filter(name="cycles.news", key__contains=news.OPENED).count() == 1


def test_who_sent_by_the_new_deadline_is_not_late_any_more(cast):
    cycle = make_cycle(cast, days_left=3)
    with clock.at(clock.now() + 5 * DAY):
        send(of(cycle, cast.alder), cast.alice, cast.tomos)
        assert of(cycle, cast.alder).late is True
        move_deadline(cycle, clock.today() - DAY, "One day for all", cast.nia)
        assert of(cycle, cast.alder).late is True, "it came after the new day too"
        move_deadline(cycle, clock.today() + 10 * DAY, "The portal was down", cast.nia)
    row = of(cycle, cast.alder)
    assert (row.late, row.receipts.get().late) == (False, True), "the receipt stays as it was given"


def test_a_newer_version_ends_the_sign_offs_of_those_who_have_an_older_one(year):
    sign(complete(year.row(), year.alice), year.tomos)
    data = framework_data(label="2")
    made = frameworks.import_version(network=year.network, data=data, by=year.nia)
    newer = frameworks.publish(version=made, by=year.nia)
    services.change_cycle(
        cycle=year.cycle, opens_on=year.cycle.opens_on, deadline=year.cycle.deadline, framework_version=newer,
        by=year.nia,
    )  # fmt: skip
    sign_off = SignOff.objects.get()
    assert year.row().status == "in_progress" and sign_off.lapsed_at is not None
    assert "another version" in sign_off.lapsed_why.en and sign_off.lapsed_why.cy


def test_the_network_reminds_only_those_that_have_not_sent(year):
    send(year.row(), year.alice, year.tomos)
    assert services.remind(cycle=year.cycle, by=year.nia, organisations=[year.alder, year.birch]) == 1
    told = Notification.objects.filter(kind=news.REMINDER)
    assert [one.user for one in told] == [year.bob]


@pytest.mark.parametrize(("days", "told"), [(30, True), (14, True), (7, True), (1, True), (0, False), (29, False)])
def test_reminders_follow_the_schedule_before_the_deadline(cast, days, told):
    make_cycle(cast, days_left=days)
    found = {one.user.name for one in tasks.snapshots_due(clock.today())}
    assert found == ({"Alice Lead", "Bob Lead"} if told else set())


def test_after_the_deadline_only_those_that_have_not_sent_are_reminded(cast):
    cycle = make_cycle(cast, days_left=2)
    send(of(cycle, cast.alder), cast.alice, cast.tomos)
    found = list(tasks.snapshots_due(clock.today() + 9 * DAY))
    assert [one.user for one in found] == [cast.bob]
    assert "was due" in found[0].text.en
