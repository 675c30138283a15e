"""Asking, offering, talking, handing over, closing: what is kept, who hears of it, and what is refused."""

import datetime as dt
import itertools
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.notifications import digest
from levelground.foundation.notifications.models import Notification
from levelground.frameworks.models import Theme
from levelground.organisations.models import Affiliation
from levelground.organisations.roles import Role
from levelground.support import selectors, services
from levelground.support.models import SupportCase, SupportNote
from levelground.support.states import MOVES, CaseSource, CaseStatus, Helped, Side, moves_of
from tests.factories import Cast, MembershipFactory, NetworkFactory, UserFactory, framework_data

pytestmark = pytest.mark.django_db
S = CaseStatus
NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)


def handle(case: SupportCase, cast: Cast, **given: Any) -> SupportCase:
    wanted = {"assigned_to": SupportCase.objects.get(pk=case.pk).assigned_to, "by": cast.nia, **given}
    return services.handle(case=case, **wanted)


def news(user: Any) -> list[str]:
    heard = Notification.objects.filter(user=user, kind__startswith="support.").order_by("pk")
    return list(heard.values_list("kind", flat=True))


def take_to(case: SupportCase, cast: Cast, status: str) -> None:
    for step in (S.TRIAGED, S.AGREED, S.IN_PROGRESS):
        if SupportCase.objects.get(pk=case.pk).status == status:
            return
        handle(case, cast, to=step, text="So we go on.")
    if status == S.CLOSED:
        handle(case, cast, to=S.CLOSED, helped="yes")


# ---------------------------------------------------------------- asking and offering


@pytest.mark.requirement("MQM-30")
def test_a_member_asks_and_the_officers_hear_of_it(cast: Cast, case: SupportCase) -> None:
    assert (case.status, case.source, case.opened_by) == (S.REQUESTED, CaseSource.ASKED, cast.alice)
    assert (case.first_contact_at, case.assigned_to, case.closed_at) == (None, None, None)
    assert news(cast.nia) == ["support.asked"]
    assert news(cast.olga) == news(cast.alice) == news(cast.bob) == []
    told = Notification.objects.get(user=cast.nia)
    assert told.url == f"/n/north/help/{case.public_id}/"
    assert "treasurer" not in str(told.text.as_dict())
    event = AuditEvent.objects.get(verb="support.asked")
    assert (event.chain, event.subject) == ("organisation:alder", f"support:{case.public_id}")
    assert "treasurer" not in str(event.after)


@pytest.mark.requirement("MQM-30")
def test_an_officer_offers_help_to_a_member_that_is_late(cast: Cast) -> None:
    offered = services.offer_help(
        network=cast.network, organisation=cast.birch, about="Shall we look at it together?", by=cast.nia,
        source=CaseSource.OVERDUE, framework="mark", year=2027,
    )  # fmt: skip
    assert (offered.status, offered.assigned_to, offered.framework_slug, offered.year) == (
        S.TRIAGED, cast.nia, "mark", 2027,
    )  # fmt: skip
    assert offered.first_contact_at == offered.opened_at
    assert news(cast.bob) == ["support.offered"]
    assert Notification.objects.get(user=cast.bob).url == f"/o/birch/help/{offered.public_id}/"
    assert AuditEvent.objects.filter(verb="support.offered", chain="organisation:birch").exists()


@pytest.mark.parametrize(("about", "words"), [("  \r\n ", "few words"), ("x" * 4001, "4000 characters")])
def test_what_is_asked_is_a_text(cast: Cast, about: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.ask_for_help(organisation=cast.alder, network=cast.network, about=about, by=cast.alice)
    assert words in refused.value.fields["about"]
    assert not SupportCase.objects.exists()


def test_only_a_network_that_one_belongs_to_is_asked(cast: Cast) -> None:
    for act in (services.ask_for_help, services.offer_help):
        with pytest.raises(IllegalMove, match="not a member of this network"):
            act(organisation=cast.alder, network=cast.other_network, about="Help", by=cast.alice)
    Affiliation.objects.filter(organisation=cast.birch).update(left_on=clock.today())
    with pytest.raises(IllegalMove):
        services.offer_help(network=cast.network, organisation=cast.birch, about="Help", by=cast.nia)


def test_a_part_of_another_networks_mark_is_refused(cast: Cast) -> None:
    from levelground.frameworks import services as frameworks

    elsewhere = NetworkFactory()
    frameworks.import_version(network=elsewhere, data=framework_data(slug="other"), by=cast.nia)
    theme = Theme.objects.get(version__framework__network=elsewhere, code="1")
    with pytest.raises(Invalid) as refused:
        services.ask_for_help(
            organisation=cast.alder, network=cast.network, about="Help", theme=theme, by=cast.alice
        )  # fmt: skip
    assert "theme" in refused.value.fields


def test_an_offer_says_why(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        services.offer_help(
            network=cast.network, organisation=cast.alder, about="Help", by=cast.nia, source=CaseSource.ASKED
        )  # fmt: skip
    assert "source" in refused.value.fields


def test_a_year_without_its_framework_names_nothing(cast: Cast) -> None:
    asked = services.ask_for_help(
        organisation=cast.alder, network=cast.network, about="Help", by=cast.alice, year=2027
    )  # fmt: skip
    assert (asked.year, asked.framework_slug) == (None, "")


# ---------------------------------------------------------------- the first contact


@pytest.mark.requirement("MQM-36")
def test_the_time_to_the_first_contact_is_measured(cast: Cast) -> None:
    for hours in (1, 5, 30):
        with clock.at(NOON):
            asked = services.ask_for_help(
                organisation=cast.alder, network=cast.network, about="Help", by=cast.alice
            )  # fmt: skip
        with clock.at(NOON + dt.timedelta(hours=hours)):
            handle(asked, cast, text="We call you tomorrow.")
            handle(asked, cast, text="And again.")
        asked.refresh_from_db()
        assert asked.first_contact_at == NOON + dt.timedelta(hours=hours)
    with clock.at(NOON - dt.timedelta(days=2)):
        services.ask_for_help(organisation=cast.birch, network=cast.network, about="Help", by=cast.bob)
    found = selectors.summary(cast.network)
    assert (found.open, found.waiting, found.longest_since) == (4, 1, NOON - dt.timedelta(days=2))
    assert found.usual == dt.timedelta(hours=5)
    assert selectors.summary(cast.other_network) == selectors.Summary(0, 0, None, None)


def test_words_for_officers_a_step_and_a_new_officer_are_no_contact(cast: Cast, case: SupportCase) -> None:
    handle(case, cast, text="They sounded tired.", for_officers=True)
    handle(case, cast, to=S.TRIAGED)
    handle(case, cast, assigned_to=cast.nia)
    assert SupportCase.objects.get().first_contact_at is None


@pytest.mark.requirement("MQM-36")
def test_a_contact_by_telephone_is_told_with_its_day(cast: Cast) -> None:
    with clock.at(NOON):
        asked = services.ask_for_help(
            organisation=cast.alder, network=cast.network, about="Help", by=cast.alice
        )  # fmt: skip
    with clock.at(NOON + dt.timedelta(days=3)):
        for wrong, words in [(dt.date(2027, 3, 5), "not in the future"), (dt.date(2027, 2, 28), "after the request")]:
            with pytest.raises(Invalid) as refused:
                handle(asked, cast, contact_on=wrong)
            assert words in refused.value.fields["contact_on"]
        handle(asked, cast, contact_on=dt.date(2027, 3, 2))
        with pytest.raises(Invalid, match="noted already"):
            handle(asked, cast, contact_on=dt.date(2027, 3, 3))
    asked.refresh_from_db()
    assert asked.first_contact_at == dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
    assert SupportNote.objects.get().contact_on == dt.date(2027, 3, 2)


def test_a_contact_on_the_day_of_asking_is_not_before_it(cast: Cast) -> None:
    with clock.at(NOON.replace(hour=16)):
        asked = services.ask_for_help(
            organisation=cast.alder, network=cast.network, about="Help", by=cast.alice
        )  # fmt: skip
    with clock.at(NOON + dt.timedelta(days=1)):
        handle(asked, cast, contact_on=NOON.date())
    asked.refresh_from_db()
    assert asked.first_contact_at == asked.opened_at


# ---------------------------------------------------------------- states


def test_the_life_of_a_request(cast: Cast, case: SupportCase) -> None:
    handle(case, cast, to=S.TRIAGED, assigned_to=cast.nia)
    handle(case, cast, to=S.AGREED, text="We look for a treasurer together.")
    handle(case, cast, to=S.IN_PROGRESS)
    closed = handle(case, cast, to=S.CLOSED, helped="partly", text="You have one now.")
    assert (closed.status, closed.helped, closed.is_open) == (S.CLOSED, Helped.PARTLY, False)
    steps = [(note.from_status, note.to_status, note.by) for note in SupportNote.objects.all()]
    life = [S.REQUESTED, S.TRIAGED, S.AGREED, S.IN_PROGRESS, S.CLOSED]
    assert steps == [(before, after, cast.nia) for before, after in itertools.pairwise(life)]
    assert AuditEvent.objects.filter(verb="support.handled").count() == 4
    assert list(audit.verify()) == []


@pytest.mark.parametrize("status", S.values)
@pytest.mark.parametrize("to", S.values)
def test_only_the_steps_of_the_table_are_taken(cast: Cast, case: SupportCase, status: str, to: str) -> None:
    take_to(case, cast, status)
    allowed = {move.to for move in moves_of(status, Side.NETWORK)}
    if to == status or to in allowed:
        handle(case, cast, to=to, text="Words.", helped="no" if to == S.CLOSED else "")
        assert SupportCase.objects.get().status == to
    else:
        with pytest.raises(IllegalMove):
            handle(case, cast, to=to, text="Words.", helped="no")
        assert SupportCase.objects.get().status == status


def test_every_status_has_a_way_on() -> None:
    assert set(MOVES) == set(S.values)
    assert all(moves for moves in MOVES.values())


def test_to_close_is_to_say_whether_it_helped(cast: Cast, case: SupportCase) -> None:
    for helped in ("", "perhaps"):
        with pytest.raises(Invalid) as refused:
            handle(case, cast, to=S.CLOSED, helped=helped)
        assert "helped" in refused.value.fields
        with pytest.raises(Invalid):
            services.close(case=case, helped=helped, by=cast.alice)
    assert SupportCase.objects.get().status == S.REQUESTED


@pytest.mark.parametrize("given", [{"text": ""}, {"text": "Among us.", "for_officers": True}])
def test_what_was_agreed_is_told_to_the_member(cast: Cast, case: SupportCase, given: dict[str, Any]) -> None:
    handle(case, cast, to=S.TRIAGED)
    with pytest.raises(Invalid) as refused:
        handle(case, cast, to=S.AGREED, **given)
    assert "member can read" in refused.value.fields["text"]


def test_a_member_closes_and_asks_again(cast: Cast, case: SupportCase) -> None:
    services.close(case=case, helped="not_needed", text="My cousin will do it.", by=cast.alice)
    case.refresh_from_db()
    assert (case.status, case.helped) == (S.CLOSED, Helped.NOT_NEEDED)
    assert news(cast.nia) == ["support.asked", "support.closed"]
    with pytest.raises(IllegalMove):
        services.close(case=case, helped="yes", by=cast.alice)
    services.say(case=case, text="She will not after all.", by=cast.alice)
    case.refresh_from_db()
    assert (case.status, case.helped, case.closed_at) == (S.REQUESTED, "", None)


def test_nothing_at_all_is_not_kept(cast: Cast, case: SupportCase) -> None:
    with pytest.raises(Invalid) as refused:
        handle(case, cast, to=S.REQUESTED)
    assert "text" in refused.value.fields
    with pytest.raises(Invalid):
        services.say(case=case, text=" \r\n", by=cast.alice)
    with pytest.raises(Invalid, match="4000"):
        services.say(case=case, text="x" * 4001, by=cast.alice)
    assert not SupportNote.objects.exists()


# ---------------------------------------------------------------- talking, and who hears of it


def test_both_sides_hear_of_words(cast: Cast, case: SupportCase) -> None:
    other = UserFactory(name="Otto Officer")
    MembershipFactory(user=other, role=Role.NETWORK_OFFICER, network=cast.network)
    handle(case, cast, text="Tell us more.")
    services.say(case=case, text="It is the budget.\r\nAnd the accounts.", by=cast.alice)
    assert news(cast.alice) == ["support.answered"]
    assert news(cast.tomos) == []  # he signs off too, but did not ask
    assert news(other) == ["support.said"]  # nobody has the case yet, so all officers hear
    handle(case, cast, assigned_to=other)
    services.say(case=case, text="Thank you.", by=cast.alice)
    assert news(other) == ["support.said", "support.given", "support.said"]
    assert news(cast.nia).count("support.said") == 1
    assert SupportNote.objects.filter(side=Side.MEMBER).first().text == "It is the budget.\nAnd the accounts."  # type: ignore[union-attr]


def test_the_member_does_not_hear_of_officers_notes(cast: Cast, case: SupportCase) -> None:
    handle(case, cast, text="They sounded tired.", for_officers=True)
    handle(case, cast, assigned_to=cast.nia)
    assert news(cast.alice) == []
    assert selectors.talk(case, Side.MEMBER) == []
    handle(case, cast, to=S.TRIAGED, text="Still tired.", for_officers=True)
    (seen,) = selectors.talk(case, Side.MEMBER)
    assert (seen.to_status, seen.text) == (S.TRIAGED, "")
    assert news(cast.alice) == ["support.answered"]
    assert len(selectors.talk(case, Side.NETWORK)) == 3


def test_an_offer_is_told_to_all_who_speak_for_the_member(cast: Cast) -> None:
    offered = services.offer_help(network=cast.network, organisation=cast.alder, about="Help?", by=cast.nia)
    assert news(cast.alice) == news(cast.tomos) == ["support.offered"]
    assert news(cast.carys) == []
    services.say(case=offered, text="Yes please.", by=cast.tomos)
    handle(offered, cast, text="On Monday then.")
    assert news(cast.tomos) == ["support.offered", "support.answered"]
    assert news(cast.alice) == ["support.offered"]


def test_an_email_says_nothing_of_it(cast: Cast, case: SupportCase) -> None:
    cast.nia.digest = "daily"
    cast.nia.save()
    digest.send(frequency="daily")
    (sent,) = mail.outbox
    assert "treasurer" not in sent.body
    assert "Member" not in sent.body  # the member's name
    assert "help" not in sent.subject.lower()


def test_only_somebody_who_offers_support_takes_a_case(cast: Cast, case: SupportCase) -> None:
    for person in (cast.alice, cast.olga, cast.zed):
        with pytest.raises(Invalid) as refused:
            handle(case, cast, assigned_to=person)
        assert "assigned_to" in refused.value.fields
    handle(case, cast, assigned_to=cast.nia)
    handle(case, cast, assigned_to=None)
    assert SupportCase.objects.get().assigned_to is None
    assert [note.handed_over for note in SupportNote.objects.all()] == [True, True]


# ---------------------------------------------------------------- two editors


def test_the_second_of_two_officers_sees_both(cast: Cast, case: SupportCase) -> None:
    seen = case.version
    handle(case, cast, to=S.TRIAGED, seen_version=seen)
    with pytest.raises(Conflict) as conflict:
        handle(case, cast, to=S.CLOSED, helped="no", seen_version=seen)
    assert conflict.value.theirs.status == S.TRIAGED
    assert conflict.value.yours["to"] == S.CLOSED
    assert SupportNote.objects.count() == 1


def test_a_case_is_not_closed_past_words_that_nobody_has_read(cast: Cast, case: SupportCase) -> None:
    seen = case.version
    services.say(case=case, text="It got worse.", by=cast.alice)
    with pytest.raises(Conflict):
        handle(case, cast, to=S.CLOSED, helped="yes", seen_version=seen)
    seen = SupportCase.objects.get().version
    handle(case, cast, text="We are coming.")
    with pytest.raises(Conflict):
        services.close(case=case, helped="no", by=cast.alice, seen_version=seen)


def test_words_alone_never_conflict(cast: Cast, case: SupportCase) -> None:
    seen = case.version
    handle(case, cast, text="One.", seen_version=seen)
    handle(case, cast, text="Two.", seen_version=seen)
    assert [note.text for note in SupportNote.objects.all()] == ["One.", "Two."]


# ---------------------------------------------------------------- what the database refuses


@pytest.mark.parametrize(
    "change",
    [
        {"status": S.CLOSED}, {"helped": "yes"}, {"closed_at": NOON}, {"about": ""}, {"about": "Something else"},
        {"year": 2027}, {"framework_slug": "mark"}, {"first_contact_at": NOON - dt.timedelta(days=9000)},
        {"opened_at": NOON},
    ],
)  # fmt: skip
def test_half_truths_are_refused_by_the_database(case: SupportCase, change: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        SupportCase.objects.filter(pk=case.pk).update(**change)


def test_nothing_that_was_said_is_changed_or_deleted(cast: Cast, case: SupportCase) -> None:
    services.say(case=case, text="Hello", by=cast.alice)
    for act in (
        lambda: SupportNote.objects.update(text="Other"),
        lambda: SupportNote.objects.all().delete(),
        lambda: SupportCase.objects.filter(pk=case.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    note = SupportNote(case=case, by=cast.alice, side=Side.MEMBER, at=NOON, text="x", for_officers=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        note.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        SupportNote.objects.create(case=case, by=cast.nia, side=Side.NETWORK, at=NOON)
