"""The pages of measures: lists, definitions, what stands beside the numbers."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.bilingual import Bilingual
from levelground.measures import services
from levelground.measures.models import Measure, MeasurePhase, MeasureVersion
from levelground.organisations.roles import Role
from tests.factories import MembershipFactory, TeamFactory

from .conftest import Ward
from .ways import enter, make, month, percentage, wait

pytestmark = pytest.mark.django_db


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text(response: Any) -> str:
    return " ".join(page(response).get_text(" ").split())


def address(name: str, measure: Measure, *more: str) -> str:
    return reverse(name, args=[measure.public_id, *more])


def fields(**more: Any) -> dict[str, Any]:
    return {
        "owner": "whole", "name_en": "Falls", "name_cy": "", "matters_en": "I want to feel safe on the ward",
        "matters_cy": "Rydw i eisiau teimlo'n ddiogel ar y ward", "family": "outcome", "aspect": "outcomes",
        "definition_en": "All falls of inpatients", "kind": "count", "direction": "down", "frequency": "monthly",
        "about_people": "yes", **more,
    }  # fmt: skip


def test_an_empty_list_says_what_a_measure_is(as_: Any, cast: Any) -> None:
    response = as_(cast.alice).get(reverse("measure_list", args=["alder"]))
    assert "No measures yet" in text(response) and "Add a measure" in text(response)
    assert "Add a measure" not in text(as_(cast.tomos).get(reverse("measure_list", args=["alder"])))


def test_a_lead_makes_a_measure_of_a_team(as_: Any, ward: Ward) -> None:
    client = as_(ward.cast.alice)
    new = reverse("measure_new", args=["alder"])
    assert client.get(new).status_code == 200
    response = client.post(new, fields(owner=ward.team.public_id, stratified_by=["ethnicity/2021", "sex/1"]))
    made = Measure.objects.exclude(pk=ward.falls.pk).get()
    assert response.url == address("measure", made)
    assert (made.team, made.stratified_by, made.version) == (ward.team, ["ethnicity/2021", "sex/1"], 0)
    assert MeasureVersion.objects.get(measure=made).number == 1
    assert AuditEvent.objects.filter(verb="measure.created", subject=f"measure:{made.public_id}").exists()


@pytest.mark.requirement("WM-38")
def test_a_wait_needs_its_clock(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    given = fields(owner=ward.team.public_id, kind="average", is_wait="on")
    response = client.post(reverse("measure_new", args=["alder"]), given)
    assert response.status_code == 422 and Measure.objects.count() == 1
    assert "Say what starts the clock" in text(response) and "Say what stops the clock" in text(response)
    given |= {"clock_start": "The referral comes", "clock_stop": "The first contact"}
    assert client.post(reverse("measure_new", args=["alder"]), given).status_code == 302


def test_everything_missing_is_named_at_once(as_: Any, ward: Ward) -> None:
    given = fields(owner=ward.team.public_id, name_en="", definition_en="", kind="rate", baseline_from="1/4/2025")
    response = as_(ward.tess).post(reverse("measure_new", args=["alder"]), given)
    found = text(response)
    for words in ("Give the measure a name", "what is measured", "above the line", "for each how many", "both days"):
        assert words in found


def test_a_team_offers_only_itself(as_: Any, ward: Ward) -> None:
    other = TeamFactory(organisation=ward.cast.alder)
    response = as_(ward.tess).post(reverse("measure_new", args=["alder"]), fields(owner=other.public_id))
    assert response.status_code == 422 and Measure.objects.count() == 1
    response = as_(ward.tess).post(reverse("measure_new", args=["alder"]), fields(owner="whole"))
    assert response.status_code == 422 and Measure.objects.count() == 1


def test_a_changed_meaning_begins_a_phase_with_a_reason(as_: Any, ward: Ward) -> None:
    client, url = as_(ward.tess), address("measure_edit", ward.falls)
    assert client.get(url).status_code == 200
    given = fields(name_cy="Cwympiadau", definition_en="Falls with harm only", version=0)
    response = client.post(url, given)
    assert response.status_code == 422 and "Say why the definition changes" in text(response)
    response = client.post(url, given | {"reason": "NICE guidance"})
    assert response.status_code == 422 and "from which day" in text(response)
    assert client.post(url, given | {"reason": "NICE guidance", "phase_from": "14/4/2026"}).status_code == 302
    phase = MeasurePhase.objects.get()
    assert (phase.starts_on, phase.kind, phase.definition.number) == (dt.date(2026, 4, 1), "definition", 2)
    versions = as_(ward.cai).get(address("measure_versions", ward.falls))
    assert "Falls with harm only" in text(versions) and "NICE guidance" in text(versions)


def test_a_changed_name_needs_only_a_reason(ward: Ward) -> None:
    wanted = services.definition_of(ward.falls) | {"name": Bilingual("Falls on the ward", "")}
    services.change_measure(measure=ward.falls, definition=wanted, reason="Clearer", by=ward.tess)
    assert not MeasurePhase.objects.exists() and MeasureVersion.objects.count() == 2


def test_another_kind_of_number_becomes_a_new_measure(as_: Any, ward: Ward) -> None:
    enter(ward.falls, ward.tess, {month(2026, 1): 12})
    client, url = as_(ward.tess), address("measure_edit", ward.falls)
    given = fields(kind="average", reason="Rates compare better", phase_from="1/5/2026", version=0)
    assert "Make it a new measure" in text(client.post(url, given))
    response = client.post(url, given | {"as_new": "on"})
    made = Measure.objects.get(replaces=ward.falls)
    assert response.url == address("measure", made) and made.team == ward.team
    ward.falls.refresh_from_db()
    assert ward.falls.archived_at is not None
    assert "is archived" in text(client.get(address("measure", ward.falls)))
    assert "older measure" in text(client.get(address("measure", made)))


def test_two_editors_see_both_definitions(as_: Any, ward: Ward) -> None:
    client, url = as_(ward.tess), address("measure_edit", ward.falls)
    wanted = services.definition_of(ward.falls) | {"collector": "Ward clerk"}
    services.change_measure(measure=ward.falls, definition=wanted, reason="Said", by=ward.cast.alice)
    given = fields(name_cy="Cwympiadau", definition_en="Falls of inpatients on the ward, witnessed or reported.",
                   aspect="other", collector="Ward sister", reason="Mine", version=0)  # fmt: skip
    response = client.post(url, given)
    assert response.status_code == 409
    assert "Ward clerk" in text(response) and page(response).find(id="id_collector")["value"] == "Ward sister"
    assert page(response).find("input", {"name": "version"})["value"] == "1"
    assert client.post(url, given | {"version": 1}).status_code == 302
    ward.falls.refresh_from_db()
    assert ward.falls.collector == "Ward sister"


@pytest.mark.requirement("LPF-12")
def test_targets_change_over_time(as_: Any, ward: Ward) -> None:
    client, url = as_(ward.tess), address("measure_targets", ward.falls)
    assert client.post(url, {"value": "1,000", "from_date": "1/4/2025"}).status_code == 302
    assert client.post(url, {"value": "28", "from_date": "1 Ebrill 2026"}).status_code == 302
    assert (
        client.post(url, {"value": "27", "from_date": "14/4/2026"}).status_code == 302
    )  # the same month: in its place
    assert client.post(url, {"value": "many", "from_date": "1/5/2026"}).status_code == 422
    found = text(client.get(address("measure", ward.falls)))
    assert "1,000 from April 2025" in found and "27 from April 2026" in found and "28 from" not in found
    target = ward.falls.targets.filter(removed_at__isnull=True).first()
    client.post(address("measure_target_remove", ward.falls, target.public_id))
    assert "1,000 from" not in text(client.get(url))


@pytest.mark.requirement("AMHE-15")
def test_notes_stand_with_the_numbers(as_: Any, ward: Ward) -> None:
    client, url = as_(ward.tess), address("measure_notes", ward.falls)
    client.post(url, {"on": "3/3/2026", "text": "Same-day call back <b>adopted</b>"})
    note = ward.falls.annotations.get()
    response = client.get(address("measure", ward.falls))
    assert b"&lt;b&gt;adopted&lt;/b&gt;" in response.content
    change = address("measure_note", ward.falls, note.public_id)
    services.change_note(note=note, on=note.on, text="Call back", by=ward.cast.alice)
    response = client.post(change, {"on": "3/3/2026", "text": "Calls", "version": 0})
    assert response.status_code == 409 and "Call back" in text(response)
    assert client.post(change, {"on": "3/3/2026", "text": "Calls", "version": 1}).status_code == 302
    client.post(address("measure_note_remove", ward.falls, note.public_id))
    assert "Nothing noted yet" in text(client.get(url)) and ward.falls.annotations.count() == 1


def test_a_phase_is_a_recorded_act(as_: Any, ward: Ward) -> None:
    client, url = as_(ward.tess), address("measure_phases", ward.falls)
    assert client.post(url, {"starts_on": "1/4/2026", "reason": ""}).status_code == 422
    assert client.post(url, {"starts_on": "1/4/2026", "reason": "New rota"}).status_code == 302
    assert "begins on this day already" in text(client.post(url, {"starts_on": "9/4/2026", "reason": "Again"}))
    phase = MeasurePhase.objects.get()
    remove = address("measure_phase_remove", ward.falls, phase.public_id)
    assert client.get(remove).status_code == 200 and client.post(remove, {"reason": " "}).status_code == 422
    assert client.post(remove, {"reason": "It did not last"}).status_code == 302
    phase.refresh_from_db()
    assert phase.removed_reason == "It did not last" and phase.reason == "New rota"
    verbs = AuditEvent.objects.filter(subject=ward.falls.subject).values_list("verb", "reason")
    assert ("measure.phase_started", "New rota") in verbs and ("measure.phase_removed", "It did not last") in verbs


def test_a_list_without_balance_says_so(as_: Any, ward: Ward) -> None:
    url = reverse("measure_list", args=["alder"])
    assert "No balancing measure yet" in text(as_(ward.tess).get(url))
    make(ward.team, ward.tess, family="balancing")
    assert "No balancing measure yet" not in text(as_(ward.tess).get(url))


def test_a_coach_gets_to_the_teams_without_the_organisation(as_: Any, ward: Ward) -> None:
    client = as_(ward.cai)
    assert "Falls" in text(client.get(reverse("my_measures")))
    assert client.get(address("measure", ward.falls)).status_code == 200
    assert client.get(address("measure_paste", ward.falls)).status_code == 403
    assert client.get(reverse("organisation_home", args=["alder"])).status_code == 404


def test_a_team_sees_its_own_measures_only(as_: Any, ward: Ward) -> None:
    other = make(TeamFactory(organisation=ward.cast.alder), ward.cast.alice, name=Bilingual("Secret", ""))
    whole = make(ward.cast.alder, ward.cast.alice, name=Bilingual("Whole house", ""))
    found = text(as_(ward.tess).get(reverse("measure_list", args=["alder"])))
    assert "Falls" in found and "Secret" not in found and "Whole house" not in found
    for measure in (other, whole):
        assert as_(ward.tess).get(address("measure", measure)).status_code == 404
    assert "Secret" in text(as_(ward.cast.carys).get(reverse("measure_list", args=["alder"])))


def test_an_officer_writes_the_networks_measures_and_reads_the_members(as_: Any, ward: Ward) -> None:
    client = as_(ward.cast.nia)
    response = client.post(reverse("network_measure_new", args=["north"]), fields())
    made = Measure.objects.get(network=ward.cast.network)
    assert response.url == address("measure", made)
    assert client.get(address("measure_paste", made)).status_code == 200
    assert client.get(address("measure", ward.falls)).status_code == 200
    assert client.get(address("measure_paste", ward.falls)).status_code == 403
    assert client.get(address("measure_exact", ward.falls)).status_code == 403
    assert as_(ward.cast.alice).get(address("measure", made)).status_code == 404
    assert as_(ward.cast.olga).get(address("measure", ward.falls)).status_code == 404


def test_what_hangs_on_another_measure_does_not_open_here(as_: Any, ward: Ward) -> None:
    other = make(ward.team, ward.tess)
    note = services.add_note(measure=other, on=clock.today(), text="Elsewhere", by=ward.tess)
    target = services.set_target(measure=other, from_date=clock.today(), value=None, by=ward.tess)
    client = as_(ward.tess)
    assert client.get(address("measure_note", ward.falls, note.public_id)).status_code == 404
    assert client.post(address("measure_target_remove", ward.falls, target.public_id)).status_code == 404


def test_an_archived_measure_takes_nothing_until_it_is_back(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    client.post(address("measure_archive", ward.falls))
    response = client.post(address("measure_notes", ward.falls), {"on": "1/1/2026", "text": "Late"})
    assert response.status_code == 422 and "archived" in text(response)
    client.post(address("measure_restore", ward.falls))
    assert client.post(address("measure_notes", ward.falls), {"on": "1/1/2026", "text": "Now"}).status_code == 302


def test_measures_are_in_the_menu_of_those_who_see_them(as_: Any, ward: Ward) -> None:
    menu = page(as_(ward.tess).get(reverse("measure_list", args=["alder"]))).find("nav", {"class": "lg-nav"})
    assert menu and "Measures" in menu.get_text()


@pytest.mark.parametrize("name", ["measure_list", "my_measures"])
def test_a_list_asks_the_same_for_many(as_: Any, ward: Ward, query_budget: Any, name: str) -> None:
    url = reverse(name, args=["alder"] if name == "measure_list" else [])
    client = as_(ward.cast.alice)
    client.get(url)
    enter(ward.falls, ward.tess, {month(2026, 1): 12})
    with query_budget(16) as few:
        client.get(url)
    for number in range(12):
        made = make(
            TeamFactory(organisation=ward.cast.alder), ward.cast.alice, **(wait() if number % 2 else percentage())
        )
        enter(made, ward.cast.alice, {month(2026, 1): {"value": 3, "denominator": 40} if number % 2 else (40, 90)})
    with query_budget(len(few)):
        assert client.get(url).status_code == 200


def test_a_measure_asks_the_same_for_many_numbers(as_: Any, ward: Ward, query_budget: Any) -> None:
    client, url = as_(ward.cast.alice), address("measure", ward.falls)
    enter(ward.falls, ward.tess, {month(2026, 1): 12})
    client.get(url)
    with query_budget(18) as few:
        client.get(url)
    enter(ward.falls, ward.tess, {month(year, m): 20 + m for year in range(2020, 2026) for m in range(1, 13)})
    for number in range(5):
        services.add_note(measure=ward.falls, on=clock.today(), text=f"Note {number}", by=ward.tess)
    with query_budget(len(few)):
        assert client.get(url).status_code == 200


def test_pages_are_whole_in_welsh(as_: Any, ward: Ward) -> None:
    client = as_(ward.cast.alice)
    client.post(reverse("set_language"), {"language": "cy"})
    enter(ward.falls, ward.tess, {month(2026, 4): 12})
    response = client.get(address("measure", ward.falls))
    assert "Cwympiadau" in text(response) and "Ebrill 2026" in text(response)


def test_a_member_of_the_team_may_lead_elsewhere(as_: Any, ward: Ward) -> None:
    MembershipFactory(user=ward.tess, role=Role.MEMBER_LEAD, organisation=ward.cast.birch)
    assert as_(ward.tess).get(address("measure_exact", ward.falls)).status_code == 403


@pytest.mark.requirement("AMHE-15", "AMHE-34")
def test_the_page_shows_the_chart_its_verdict_and_what_happened(as_: Any, ward: Ward) -> None:
    lead = ward.cast.alice
    numbers = {month(2024 + (at // 12), at % 12 + 1): 40 if at < 14 else 25 for at in range(24)}
    for at, day in enumerate(numbers):
        numbers[day] += at % 3
    enter(ward.falls, lead, numbers)
    services.add_note(measure=ward.falls, on=month(2025, 3), text="Same-day call back", by=lead)
    seen = page(as_(lead).get(address("measure", ward.falls)))
    figure = seen.select_one("figure")
    assert figure is not None and figure.select_one("svg[role=img] title")
    assert "Same-day call back" in figure.get_text()
    assert "Making Data Count" in figure.select_one("figcaption").get_text()
    run = page(as_(lead).get(address("measure", ward.falls) + "?chart=run"))
    assert "Run chart" in run.select_one("figcaption").get_text()
    assert run.select_one("#way-chart option[selected]")["value"] == "run"


@pytest.mark.requirement("WM-37")
def test_a_small_number_is_in_no_chart(as_: Any, ward: Ward) -> None:
    lead = ward.cast.alice
    enter(ward.falls, lead, {month(2025, 1): 20, month(2025, 2): 3, month(2025, 3): 25})
    client = as_(lead)
    for response in (client.get(address("measure", ward.falls)), client.get(address("measure_picture", ward.falls))):
        drawn = BeautifulSoup(b"".join(response) if response.streaming else response.content, "html.parser")
        marks = drawn.select("svg [data-point]")
        assert marks
        assert not any(" 3" in (mark.get_text() + str(mark.get("aria-label", ""))).split("2025")[-1] for mark in marks)
        assert "fewer than 8" in drawn.get_text()


def test_the_wall_shows_every_measure_with_numbers(as_: Any, ward: Ward, query_budget: Any) -> None:
    lead, client = ward.cast.alice, as_(ward.cast.alice)
    enter(ward.falls, lead, {month(2025, at): 20 + at for at in range(1, 7)})
    url = reverse("measure_wall", args=["alder"])
    client.get(url)
    with query_budget(25) as few:
        assert len(page(client.get(url)).select(".lg-wall li")) == 1
    for _ in range(3):
        enter(make(ward.team, lead), lead, {month(2025, at): 20 + at for at in range(1, 7)})
    make(ward.team, lead)
    with query_budget(len(few)):
        assert len(page(client.get(url)).select(".lg-wall li")) == 4


def test_no_control_character_is_stored(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    client.post(address("measure_notes", ward.falls), {"on": "2025-03-01", "text": "new\x0bward\x85"})
    assert ward.falls.annotations.get().text == "newward"
    dirty = {
        "owner": ward.team.public_id, "name_en": "Days\x0b lost", "name_cy": "Dydd\x1fiau",
        "matters_en": "Saf\x0ce\r\nand calm", "definition_en": "Al\x07l", "unit_en": "da\x0bys",
        "collector": "Cl\x7ferk",
    }  # fmt: skip
    client.post(reverse("measure_new", args=["alder"]), fields(**dirty))
    made = Measure.objects.exclude(pk=ward.falls.pk).get()
    found = (made.name, made.matters.en, made.definition.en, made.unit.en, made.collector)
    assert found == (Bilingual("Days lost", "Dyddiau"), "Safe\nand calm", "All", "days", "Clerk")
    only = fields(owner=ward.team.public_id, name_en="\x0b", definition_en="\x0c")
    response = client.post(reverse("measure_new", args=["alder"]), only)
    assert response.status_code == 422 and "Give the measure a name" in text(response)
