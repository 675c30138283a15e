"""The chart of a measure: ways of looking, phases and baselines, what is left out, groups, proposals, files."""

import csv
import datetime as dt
import io
import math
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from levelground.engines.spc import analyse
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Invalid
from levelground.measures import charting, selectors, services
from levelground.measures.charting import Charted, result_of
from levelground.measures.methods import CHARTS_OF, limits_for, rules_for, way_of
from levelground.measures.models import LeftOut, Measure, MeasurePhase
from levelground.measures.states import Kind

from .conftest import Ward
from .test_pages import address, page, text
from .ways import definition, enter, make, month, percentage

pytestmark = pytest.mark.django_db

LEVELS = [40, 42, 39, 44, 41, 38, 43, 40, 42, 41, 39, 43]  # a year about 41


def days(count: int, *, year: int = 2024) -> list[dt.date]:
    return [month(year + at // 12, at % 12 + 1) for at in range(count)]


def charted(measure: Measure, by: str = "", group: str = "") -> Charted:
    return Charted(measure, selectors.numbers_of(measure, by=by), selectors.beside(measure), group)


def result(measure: Measure, **asked: str) -> Any:
    return result_of(charted(measure), way_of(measure.kind, asked))


@pytest.fixture
def hours(ward: Ward) -> Measure:
    """Not about people, so that its numbers are exact: two years, the second one lower."""
    measure = make(ward.team, ward.tess, about_people=False)
    values = [*LEVELS, *(value - 15 for value in LEVELS[:-1]), 60]
    enter(measure, ward.tess, dict(zip(days(24), values, strict=True)))
    return measure


def test_every_way_that_is_offered_can_be_asked_for_and_names_itself() -> None:
    for kind in Kind:
        assert way_of(kind).asked == ()
        for chart in CHARTS_OF[kind]:
            for rules in rules_for(chart):
                for limits in limits_for(chart) or ("",):
                    way = way_of(kind, {"chart": chart, "rules": rules, "limits": limits})
                    assert (way.chart, way.rules, way.limits) == (chart, rules, limits)
                    assert way_of(kind, dict(way.asked)) == way and str(way.name)
        assert way_of(kind, {"chart": "pie", "rules": "mine", "limits": "none"}) == way_of(kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_way_draws_a_chart(as_: Any, ward: Ward, kind: Kind) -> None:
    more: dict[str, Any] = {"kind": kind, "about_people": False}
    if kind in (Kind.PERCENT, Kind.RATE):
        more |= {"numerator": "Some", "denominator": "All", "per": 1000 if kind == Kind.RATE else None}
    measure = make(ward.team, ward.tess, **more)
    rows = {day: (value, 100) if "numerator" in more else value for day, value in zip(days(12), LEVELS, strict=True)}
    enter(measure, ward.tess, rows)
    client = as_(ward.tess)
    captions = set()
    for chart in CHARTS_OF[kind]:
        for rules in rules_for(chart):
            response = client.get(address("measure", measure), {"chart": chart, "rules": rules})
            figure = page(response).select_one("figure")
            assert figure is not None and len(figure.select("svg.lg-chart--wide [data-point]")) == 12
            captions.add(figure.select_one("figcaption").get_text())
    assert len(captions) == sum(len(rules_for(chart)) for chart in CHARTS_OF[kind])


def test_a_chart_of_parts_shows_the_figures_of_the_page(ward: Ward) -> None:
    measure = services.create_measure(owner=ward.team, definition=percentage(about_people=False), by=ward.tess)
    enter(measure, ward.tess, {day: (value, 80) for day, value in zip(days(12), LEVELS, strict=True)})
    services.set_target(measure=measure, from_date=month(2024, 1), value=30, by=ward.tess)
    found, plain = result(measure, chart="p"), result(measure)
    assert found.value == pytest.approx(plain.value) and found.target[-1] == 30
    alone = analyse(LEVELS, chart="p", denominators=[80] * 12)
    assert found.ucl == pytest.approx(alone.ucl * 100) and found.assurance == "consistent_pass"


def test_what_cannot_be_looked_at_so_says_why_and_shows_the_usual_chart(as_: Any, ward: Ward) -> None:
    falling = [90, 80, 70, 3, 60, 50, 40, 30, 45, 60, 40, 35, 50, 45]  # the 3 is hidden: a gap in the fall
    enter(ward.falls, ward.tess, dict(zip(days(14), falling, strict=True)))
    client, way = as_(ward.tess), {"limits": "plotthedots"}
    response = client.get(address("measure", ward.falls), way)
    assert "cannot be looked at in that way" in text(response) and "trend across a missing value" in text(response)
    assert page(response).select_one("#way-limits option[selected]")["value"] == "making_data_count"
    assert client.get(address("measure_picture", ward.falls), way).status_code == 404


def test_the_choices_keep_what_was_chosen_and_lead_back(as_: Any, ward: Ward, hours: Measure) -> None:
    client = as_(ward.tess)
    seen = page(client.get(address("measure", hours), {"chart": "run", "rules": "making_data_count", "limits": "x"}))
    assert seen.select_one("#way-chart option[selected]")["value"] == "run"
    assert seen.select_one("#way-rules option[selected]")["value"] == "ihi" and not seen.select_one("#way-limits")
    links = [link["href"] for link in seen.select("figcaption a")]
    assert any(link.endswith("chart.svg?chart=run") for link in links)
    assert "Back to the usual way" in seen.get_text()
    assert "Back to the usual way" not in text(client.get(address("measure", hours)))


def test_baselines_of_the_measure_and_of_its_phases_give_the_limits(ward: Ward, hours: Measure) -> None:
    changed = definition(about_people=False, baseline_from=month(2024, 3), baseline_to=dt.date(2024, 8, 31))
    measure = services.change_measure(measure=hours, definition=changed, reason="A settled time", by=ward.tess)
    found = result(measure)
    assert found.baseline.tolist() == [False, False, *[True] * 6, *[False] * 16]
    services.start_phase(
        measure=measure, starts_on=month(2025, 1), baseline_to=month(2025, 6), reason="Call back", by=ward.tess
    )
    found = result(measure)
    assert found.baseline.tolist() == [False, False, *[True] * 6, *[False] * 4, *[True] * 6, *[False] * 6]
    assert found.centre[0] == pytest.approx(sum(LEVELS[2:8]) / 6)
    assert found.centre[-1] == pytest.approx(sum(LEVELS[:6]) / 6 - 15)


def test_a_phase_from_before_the_first_number_brings_its_baseline(ward: Ward, hours: Measure) -> None:
    services.start_phase(
        measure=hours, starts_on=month(2023, 1), baseline_to=month(2024, 6), reason="A new ward", by=ward.tess
    )
    found = result(hours)
    assert len(found.phases) == 1 and found.baseline.sum() == 6


def test_a_number_left_out_stays_on_the_chart(as_: Any, ward: Ward, hours: Measure) -> None:
    client, url = as_(ward.tess), address("measure_left_out", hours)
    assert "Every number counts" in text(client.get(url))
    refused = client.post(url, {"date": "1/5/2030", "reason": "Lost"})
    assert refused.status_code == 422 and "no number for this day" in text(refused) and "Lost" in text(refused)
    assert client.post(url, {"date": "1/12/2025", "reason": " "}).status_code == 422
    answer = client.post(url, {"date": "14/12/2025", "reason": "A flood", "from": "chart"})
    assert answer.url == address("measure", hours) + "#chart"
    assert "left out already" in text(client.post(url, {"date": "1/12/2025", "reason": "Again"}))
    found = result(hours)
    assert not found.included[-1] and found.value[-1] == 60
    seen = page(client.get(address("measure", hours)))
    assert seen.select_one("svg.lg-chart--wide .lg-mark--excluded[data-point='23']")
    assert "Points left out: 1." in seen.get_text() and "A flood" in seen.get_text()
    row = LeftOut.objects.get()
    client.post(address("measure_take_back", hours, row.public_id))
    assert result(hours).included.all() and LeftOut.objects.get().removed_by == ward.tess
    verbs = list(AuditEvent.objects.filter(subject=hours.subject).values_list("verb", flat=True))
    assert "measure.number_left_out" in verbs and "measure.number_taken_back" in verbs


def test_leaving_out_needs_the_right_to_define(as_: Any, ward: Ward, hours: Measure) -> None:
    url = address("measure_left_out", hours)
    client = as_(ward.cai)
    assert client.get(url).status_code == 200
    assert client.post(url, {"date": "1/12/2025", "reason": "A flood"}).status_code == 403
    with pytest.raises(Invalid):
        services.leave_out(measure=hours, date=month(2030, 1), reason="Lost", by=ward.tess)


@pytest.fixture
def shifted(ward: Ward) -> Measure:
    """A year at one level, thirteen months at a lower one."""
    measure = make(ward.team, ward.tess, about_people=False)
    values = [*(value + 20 for value in LEVELS), *LEVELS, 41]
    enter(measure, ward.tess, dict(zip(days(25), values, strict=True)))
    return measure


@pytest.mark.requirement("AMHE-15")
def test_the_chart_proposes_a_phase_and_a_person_accepts_it_with_a_reason(
    as_: Any, ward: Ward, shifted: Measure
) -> None:
    client = as_(ward.tess)
    seen = page(client.get(address("measure", shifted)))
    panel = seen.select_one("section[aria-labelledby=proposal-title]")
    assert panel is not None and "January 2025" in panel.get_text() and not MeasurePhase.objects.exists()
    form = {field["name"]: field.get("value", "") for field in panel.select("input")}
    assert form["starts_on"] == "2025-01-01"
    url = address("measure_phases", shifted)
    refused = client.post(url, {**form, "reason": ""})
    assert refused.status_code == 422 and page(refused).select_one("input[name=proposed]")
    assert client.post(url, {**form, "reason": "Same-day call back"}).url.endswith("#chart")
    phase = MeasurePhase.objects.get()
    assert phase.starts_on == month(2025, 1) and phase.reason == "Same-day call back"
    event = AuditEvent.objects.get(verb="measure.phase_started")
    assert event.after == {"starts_on": "2025-01-01", "proposed_by_the_chart": True}
    again = page(client.get(address("measure", shifted)))
    assert not again.select_one("section[aria-labelledby=proposal-title]")


def test_what_was_not_proposed_is_not_kept_as_proposed(as_: Any, ward: Ward, shifted: Measure) -> None:
    sent = {"starts_on": "2024-06-01", "reason": "My own idea", "proposed": "1"}
    assert as_(ward.tess).post(address("measure_phases", shifted), sent).status_code == 302
    assert AuditEvent.objects.get(verb="measure.phase_started").after == {"starts_on": "2024-06-01"}


def test_who_may_not_define_sees_no_proposal(as_: Any, ward: Ward, shifted: Measure) -> None:
    seen = page(as_(ward.cai).get(address("measure", shifted)))
    assert seen.select_one("figure") and not seen.select_one("#proposal-title")
    assert not seen.select("#chart form[method=post]")


@pytest.fixture
def grouped(ward: Ward) -> Measure:
    measure = make(ward.team, ward.tess, stratified_by=["sex/1"])
    for group, level in (("", 60), ("sex/1:F", 20), ("sex/1:M", 40)):
        enter(measure, ward.tess, {day: level + at % 3 * 5 for at, day in enumerate(days(14))}, group)
    return measure


@pytest.mark.requirement("AMHE-34")
def test_each_group_has_a_chart_of_its_own(as_: Any, ward: Ward, grouped: Measure) -> None:
    client = as_(ward.tess)
    seen = page(client.get(address("measure", grouped), {"by": "sex/1"}))
    links = seen.select(".lg-wall a")
    assert [link.get_text() for link in links] == ["Female", "Male"]
    one = page(client.get(links[0]["href"].partition("#")[0]))
    assert one.select_one("figure svg title").get_text() == "Falls: Female"
    assert "Only this group" in one.get_text() and not one.select(".lg-wall")
    assert one.select_one("#way-chart").find_parent("form").select_one("input[name=group]")["value"] == "sex/1:F"
    picture = client.get(address("measure_picture", grouped), {"group": "sex/1:F"})
    assert b"Falls: Female" in picture.content
    assert "Only this group" not in text(client.get(address("measure", grouped), {"group": "sex/1:Q"}))


@pytest.mark.requirement("WM-37")
def test_a_small_group_is_in_no_chart_and_no_file(as_: Any, ward: Ward, grouped: Measure) -> None:
    day = month(2024, 6)
    for group, value in (("", 43), ("sex/1:F", 3), ("sex/1:M", 40)):
        enter(grouped, ward.tess, {day: value}, group)
    client = as_(ward.tess)
    for group in ("sex/1:F", "sex/1:M"):
        response = client.get(address("measure_points", grouped), {"group": group})
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        row = next(row for row in rows if row["Date"] == "2024-06-01")
        assert row["Value"] == "*" and not row["What it shows"]
        seen = page(client.get(address("measure", grouped), {"group": group}))
        assert seen.select_one("svg.lg-chart--wide .lg-mark--hidden[data-point='5']")


def test_the_points_as_a_file_hold_the_limits_unrounded(as_: Any, ward: Ward, hours: Measure) -> None:
    services.add_note(measure=hours, on=month(2025, 1), text="=Call back", by=ward.tess)
    response = as_(ward.tess).get(address("measure_points", hours), {"rules": "nelson"})
    assert response["Content-Type"].startswith("text/csv") and "falls" in response["Content-Disposition"].lower()
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 24 and rows[0]["Value"] == "40"
    found = result(hours, rules="nelson")
    assert float(rows[0]["Upper limit"]) == pytest.approx(found.ucl[0], rel=1e-9)
    assert rows[12]["Note"].endswith("=Call back") and not rows[12]["Note"].startswith("=")


def test_a_page_with_groups_asks_no_more_for_more_groups(
    as_: Any, ward: Ward, grouped: Measure, query_budget: Any
) -> None:
    client = as_(ward.tess)
    client.get(address("measure", grouped), {"by": "sex/1"})
    with query_budget(25) as few:
        client.get(address("measure", grouped))
    with query_budget(len(few)):
        client.get(address("measure", grouped), {"by": "sex/1"})


def test_small_charts_are_one_for_each_measure(ward: Ward, hours: Measure, shifted: Measure) -> None:
    views = charting.small_charts([charted(hours), charted(shifted), charted(ward.falls)])
    assert len(views) == 2


@pytest.mark.requirement("LPF-12")
def test_a_target_that_has_ended_is_aimed_at_no_longer(as_: Any, ward: Ward, hours: Measure) -> None:
    services.set_target(measure=hours, from_date=month(2024, 1), value=Decimal(10), by=ward.tess)
    services.set_target(measure=hours, from_date=month(2025, 1), value=None, by=ward.tess)
    found = result(hours)
    assert found.target[:12].tolist() == [10] * 12 and math.isnan(found.target[-1]) and found.assurance is None
    assert "target of 10" not in page(as_(ward.tess).get(address("measure", hours))).select_one("figure").get_text()


@pytest.mark.requirement("LPF-12")
def test_a_target_from_after_the_last_number_is_named_alike_everywhere(as_: Any, ward: Ward, hours: Measure) -> None:
    services.set_target(measure=hours, from_date=month(2026, 1), value=Decimal(10), by=ward.tess)
    client = as_(ward.tess)
    chart = page(client.get(address("measure", hours))).select_one("figure .lg-icons").get_text()
    wall = page(client.get(reverse("measure_wall", args=["alder"]))).select_one(".lg-wall li").get_text()
    assert "Target cannot be judged" in chart and "Target cannot be judged" in wall


def test_a_baseline_of_numbers_that_do_not_count_is_the_whole_phase(ward: Ward, hours: Measure) -> None:
    changed = definition(about_people=False, baseline_from=month(2024, 1), baseline_to=dt.date(2024, 2, 28))
    measure = services.change_measure(measure=hours, definition=changed, reason="The first months", by=ward.tess)
    assert result(measure).baseline.sum() == 2
    services.leave_out(measure=measure, date=month(2024, 1), reason="Lost", by=ward.tess)
    assert result(measure).baseline.all()


def test_the_measures_baseline_counts_in_the_phase_that_holds_it(ward: Ward, hours: Measure) -> None:
    services.start_phase(measure=hours, starts_on=month(2025, 1), reason="Call back", by=ward.tess)
    changed = definition(about_people=False, baseline_from=month(2025, 3), baseline_to=dt.date(2025, 8, 31))
    measure = services.change_measure(measure=hours, definition=changed, reason="A settled time", by=ward.tess)
    assert result(measure).baseline.tolist() == [True] * 12 + [False] * 2 + [True] * 6 + [False] * 4


def test_the_words_are_about_the_phase_that_is_judged(as_: Any, ward: Ward, hours: Measure) -> None:
    services.start_phase(measure=hours, starts_on=month(2025, 12), reason="Moved", by=ward.tess)
    services.leave_out(measure=hours, date=month(2025, 12), reason="The move", by=ward.tess)
    figure = page(as_(ward.tess).get(address("measure", hours))).select_one("figure").get_text()
    assert "23 points in the baseline" in figure and "since December 2025" not in figure


def test_percentages_alone_have_no_chart_of_parts(as_: Any, ward: Ward) -> None:
    measure = services.create_measure(owner=ward.team, definition=percentage(about_people=False), by=ward.tess)
    enter(measure, ward.tess, dict(zip(days(12), LEVELS, strict=True)))
    client = as_(ward.tess)
    assert "This chart needs denominators" in text(client.get(address("measure", measure), {"chart": "p"}))
    assert client.get(address("measure_points", measure), {"chart": "p"}).status_code == 404


def test_a_point_of_two_kinds_says_both_and_shows_the_one_of_its_mark(as_: Any, ward: Ward) -> None:
    """Far below the average, and rising: lower is better, so it is an improvement first, and a concern."""
    measure = make(ward.team, ward.tess, about_people=False)
    values = [60, 58, 62, 59, 61, 60, 58, 62, 61, 59, 20, 21, 22, 23, 24, 25, 26, 27]
    enter(measure, ward.tess, dict(zip(days(18), values, strict=True)))
    seen = page(as_(ward.tess).get(address("measure", measure)))
    words = [row.get_text(" ", strip=True) for row in seen.select("figure tbody tr")][-1]
    assert "Improvement: " in words and "Concern: 8 points that rise" in words
    assert words.index("Improvement") < words.index("Concern")
    marks = seen.select("svg.lg-chart--wide .lg-mark--improvement[data-point]")
    tips = {mark["d"].split("l")[1] for mark in marks}
    assert marks and all("-" in tip for tip in tips)  # triangles that point down


def test_small_levels_of_a_proposal_are_not_rounded_away(as_: Any, ward: Ward) -> None:
    measure = make(ward.team, ward.tess, kind="average", about_people=False, direction="up")
    values = [f"0.0{2 + at % 2}" for at in range(12)] + [f"0.0{6 + at % 2}" for at in range(13)]
    enter(measure, ward.tess, {day: {"value": value} for day, value in zip(days(25), values, strict=True)})
    panel = page(as_(ward.tess).get(address("measure", measure))).select_one("section[aria-labelledby=proposal-title]")
    assert "Their own average is 0.06" in " ".join(panel.get_text().split())


@pytest.mark.requirement("WM-37")
def test_who_may_not_see_small_numbers_cannot_say_that_they_are_not_about_people(as_: Any, ward: Ward) -> None:
    enter(ward.falls, ward.tess, {month(2025, 1): 3})
    sent = {
        "name_en": "Falls", "name_cy": "Cwympiadau", "family": "outcome", "aspect": "other", "kind": "count",
        "definition_en": "Falls of inpatients on the ward, witnessed or reported.", "direction": "down",
        "frequency": "monthly", "about_people": "no", "reason": "Just hours", "version": str(ward.falls.version),
        "matters_en": ward.falls.matters.en,
    }  # fmt: skip
    refused = as_(ward.tess).post(address("measure_edit", ward.falls), sent)
    assert refused.status_code == 422 and "Only who may see exact numbers" in text(refused)
    assert as_(ward.cast.alice).post(address("measure_edit", ward.falls), sent).status_code == 302


@pytest.mark.requirement("WM-37")
@pytest.mark.parametrize("kind", [Kind.PERCENT, Kind.RATE])
def test_beside_a_hidden_part_no_exact_count_can_be_worked_out(ward: Ward, kind: Kind) -> None:
    """Everybody 42 of 2,000, one group 40, two of 1: if 42 and 40 could be worked out, so could the 1 and 1."""
    per = 1000 if kind == Kind.RATE else None
    measure = make(
        ward.team, ward.tess, kind=kind, per=per, numerator="Some", denominator="All", stratified_by=["sex/1"]
    )
    day = month(2025, 1)
    for group, pair in (("", (42, 2000)), ("sex/1:F", (40, 1000)), ("sex/1:M", (1, 500)), ("sex/1:I", (1, 500))):
        enter(measure, ward.tess, {day: pair}, group)
    shown = selectors.numbers_of(measure, by="sex/1").days[0].cells
    assert shown["sex/1:M"].figure.hidden and shown["sex/1:I"].figure.hidden
    for group in ("", "sex/1:F"):
        cell = shown[group]
        if not cell.figure.hidden:
            assert cell.figure.value == pytest.approx(
                cell.numerator.value * (per or 100) / cell.denominator.value, abs=0.5
            )


def test_a_percentage_is_not_aimed_at_beyond_a_hundred(as_: Any, ward: Ward) -> None:
    measure = services.create_measure(owner=ward.team, definition=percentage(), by=ward.tess)
    url = address("measure_targets", measure)
    refused = as_(ward.tess).post(url, {"value": "900", "from_date": "1/4/2025"})
    assert refused.status_code == 422 and "cannot be more than 100" in text(refused) and "900" in str(refused.content)


@pytest.mark.requirement("WM-37")
def test_a_team_of_few_reads_its_verdict_by_the_exact_numbers(as_: Any, ward: Ward) -> None:
    """Hidden for all: no verdict. After saying what for, who may sees the chart of the exact numbers."""
    enter(ward.falls, ward.tess, {day: 2 + at % 3 for at, day in enumerate(days(14))})
    client = as_(ward.cast.alice)
    seen = page(client.get(address("measure", ward.falls))).select_one("figure")
    assert "14 of 14 numbers are small and hidden" in seen.get_text() and "Steady" not in seen.get_text()
    asked = page(client.get(address("measure_exact", ward.falls)))
    assert not asked.select("figure")
    exact = page(client.post(address("measure_exact", ward.falls), {"purpose": "The team's own meeting"}))
    assert "Steady" in exact.select_one("figure").get_text()
    assert AuditEvent.objects.filter(subject=ward.falls.subject, verb__contains="exact").exists()
