"""What teams measure, from the form to the chart: kinds of measures, waits, targets, notes, and teams of few people."""

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Invalid
from levelground.measures import services
from levelground.measures.models import Measure, MeasureVersion
from levelground.measures.states import Aspect, Family
from levelground.organisations.models import Organisation, Team
from tests.factories import TeamFactory

from .conftest import Ward
from .test_pages import address, fields, page, text
from .ways import definition, enter, make, month, percentage, wait

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("WM-09")
@pytest.mark.parametrize(
    ("aspect", "words"),
    [
        ("outcomes", "Outcomes for people"),
        ("service_users", "Satisfaction of service users and carers"),
        ("staff", "Satisfaction of staff"),
        ("efficiency", "Efficiency"),
        ("flow", "Flow and waits"),
    ],
)
def test_outcomes_satisfaction_of_both_groups_efficiency_and_flow(
    as_: Any, ward: Ward, aspect: str, words: str
) -> None:
    client = as_(ward.tess)
    new = reverse("measure_new", args=["alder"])
    assert page(client.get(new)).find("option", value=aspect).get_text(strip=True) == words
    for family in Family.values:
        given = fields(owner=ward.team.public_id, name_en=f"A {family} of {aspect}", aspect=aspect, family=family)
        response = client.post(new, given)
        seen = page(client.get(response.url))
        rows = {row.dt.get_text(): row.dd.get_text(strip=True) for row in seen.select(".lg-summary__row")}
        assert (rows["About"], rows["Family"]) == (words, Family(family).label)
    listed = page(client.get(reverse("measure_list", args=["alder"])))
    assert {f"A {family} of {aspect}" for family in Family.values} <= {a.get_text() for a in listed.find_all("a")}


def test_an_aspect_that_is_not_offered_is_refused(as_: Any, ward: Ward) -> None:
    given = fields(owner=ward.team.public_id, aspect="profit")
    assert as_(ward.tess).post(reverse("measure_new", args=["alder"]), given).status_code == 422
    assert "profit" not in Aspect.values and Measure.objects.count() == 1


@pytest.mark.requirement("WM-38")
@pytest.mark.parametrize("missing", ["clock_start", "clock_stop"])
def test_a_wait_without_its_clock_is_refused_by_service_and_database(ward: Ward, missing: str) -> None:
    whole = wait()
    for nothing in ("", "  \n"):
        with pytest.raises(Invalid) as refused:
            services.create_measure(owner=ward.team, definition=whole | {missing: nothing}, by=ward.tess)
        assert set(refused.value.fields) == {missing}
    measure = make(ward.team, ward.tess, **whole)
    with pytest.raises(Invalid) as refused:
        wanted = services.definition_of(measure) | {missing: ""}
        services.change_measure(measure=measure, definition=wanted, reason="Shorter", by=ward.tess)
    assert set(refused.value.fields) == {missing}
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(**{missing: ""})
    kept = services.definition_of(measure) | {missing: ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureVersion.objects.create(measure=measure, number=2, reason="Shorter", at=clock.now(), **kept)


@pytest.mark.requirement("WM-38")
def test_the_clock_stands_on_the_page_of_the_measure(as_: Any, ward: Ward) -> None:
    measure = make(ward.team, ward.tess, **wait(clock_pauses="Days on which the person asks to wait"))
    found = text(as_(ward.cai).get(address("measure", measure)))
    for words in (
        "Measures a wait Yes", "Clock starts The day of the referral", "Clock stops The day of the first contact",
        "Clock pauses Days on which the person asks to wait",
    ):  # fmt: skip
        assert words in found


@pytest.mark.requirement("LPF-12")
@pytest.mark.parametrize("whose", ["organisation", "team"])
def test_a_trend_with_its_target_for_an_organisation_and_for_a_team(as_: Any, ward: Ward, whose: str) -> None:
    owner: Organisation | Team = ward.cast.alder if whose == "organisation" else ward.team
    share = percentage() | {"name": Bilingual("Meetings with somebody with lived experience", "")}
    measure = make(owner, ward.cast.alice, **share)
    enter(measure, ward.cast.alice, {month(2024 + at // 12, at % 12 + 1): (40 + at, 100) for at in range(24)})
    client, url = as_(ward.cast.alice), address("measure", measure)
    before = page(client.get(url + "?chart=run")).select_one("figure")
    assert before and "Run chart" in before.get_text() and not before.select("[class*=target]")
    services.set_target(measure=measure, from_date=month(2024, 1), value=Decimal(55), by=ward.cast.alice)
    services.set_target(measure=measure, from_date=month(2025, 1), value=Decimal(65), by=ward.cast.alice)
    figure = page(client.get(url + "?chart=run")).select_one("figure")
    assert "Run chart" in figure.select_one("figcaption").get_text()
    assert figure.select("svg [class*=target]") and "65%" in figure.select_one("svg.lg-chart").get_text()
    plan = reverse("measure_plan", args=["alder", "whole" if whose == "organisation" else ward.team.public_id])
    assert "65%" in text(client.get(plan))


@pytest.mark.requirement("AMHE-15", "AMHE-34")
def test_a_test_of_change_stands_on_the_chart_on_its_day_and_in_its_picture(as_: Any, ward: Ward) -> None:
    enter(ward.falls, ward.tess, {month(2025, at): 30 + at for at in range(1, 13)})
    client = as_(ward.tess)
    client.post(address("measure_notes", ward.falls), {"on": "14/5/2025", "text": "Test 1: rounds at night"})
    client.post(address("measure_notes", ward.falls), {"on": "1/2/2020", "text": "Long before"})
    figure = page(client.get(address("measure", ward.falls))).select_one("figure")
    assert all(
        "Test 1" in svg.get_text() and svg.select_one("path.lg-chart__note")["d"]
        for svg in figure.select("svg.lg-chart")
    )
    assert "Long before" not in figure.get_text()
    picture = client.get(address("measure_picture", ward.falls)).content.decode()
    assert "Test 1: rounds at night" in picture
    dates = [row.th.get_text() for row in page(client.get(address("measure", ward.falls))).select("figure tbody tr")]
    assert dates[0].endswith("2025") and len(dates) == 12
    note = ward.falls.annotations.get(text="Test 1: rounds at night")
    client.post(address("measure_note_remove", ward.falls, note.public_id))
    assert "Test 1" not in client.get(address("measure_picture", ward.falls)).content.decode()


@pytest.mark.requirement("WM-37")
def test_a_team_of_few_is_told_apart_nowhere(as_: Any, ward: Ward) -> None:
    """Six people: neither their number nor their share is on the list, at a glance, on the page or in any file."""
    few = TeamFactory(organisation=ward.cast.alder, name=Bilingual("Outreach", ""))
    lead = ward.cast.alice
    measure = make(few, lead, **percentage(aspect="staff"))
    enter(measure, lead, {month(2025, at): (5, 6) for at in range(1, 13)})
    count = make(few, lead, **definition(name=Bilingual("Sick days of staff", "")))
    enter(count, lead, {month(2025, at): 7 for at in range(1, 13)})
    client = as_(lead)
    glance = page(client.get(reverse("measure_wall", args=["alder"])))
    team = next(one for one in glance.find_all("section") if one.h2 and one.h2.get_text() == "Outreach")
    assert len(team.select("li")) == 2
    for one, exact in ((measure, ("83.33", "83%", ">5<", ">6<")), (count, (">7<",))):
        answers = [client.get(address("measure", one)), client.get(address("measure_picture", one))]
        answers.append(client.get(address("measure_download", one, "csv")))
        shown = [str(team), *(answer.content.decode() for answer in answers[:2])]
        shown = [str(part) for html in shown for part in BeautifulSoup(html, "html.parser").select("svg, table")]
        assert shown and not any(figure in html for html in shown for figure in exact)
        assert all(line.split(",")[2:] and set(line.split(",")[2:]) == {"*"} for line in _numbers(answers[2]))
        assert "Exactly what is measured" in text(answers[0])


def _numbers(answer: Any) -> list[str]:
    return [line for line in answer.content.decode("utf-8-sig").splitlines()[1:] if not line.startswith("#")]
