"""Small numbers of measures: hidden on every page and in every file, shown to few, and recorded."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.engines.suppression import Reason
from levelground.foundation.audit.models import AuditEvent
from levelground.measures.measure_files import numbers_file
from levelground.measures.numbers import Number
from levelground.measures.shown import cells
from levelground.measures.states import Kind

from .conftest import Ward
from .test_pages import address, page, text
from .ways import enter, make, month, percentage, wait

DAY = month(2026, 1)
LISTS = [["l:a", "l:b", "l:c"], ["s:x", "s:y"]]


def number(group: str, *parts: Any) -> Number:
    return Number(DAY, group, *(None if part is None else Decimal(part) for part in parts))


def counts(**given: int) -> dict[str, Number]:
    return {key.replace("_", ":").replace("all", ""): number("", value) for key, value in given.items()}


@pytest.mark.requirement("WM-37")
def test_counts_hide_the_small_and_the_next() -> None:
    found = cells(counts(all=60, l_a=40, l_b=17, l_c=3), kind=Kind.COUNT, about_people=True, lists=LISTS)
    assert [found[key].figure.text for key in ("", "l:a", "l:b", "l:c")] == ["60", "40", "*", "*"]
    assert found["l:b"].reason is Reason.SECONDARY


def test_every_list_counts_whichever_is_shown() -> None:
    """Everybody is hidden in each view when one list needs it."""
    found = cells(counts(all=40, l_a=3, s_x=20, s_y=20), kind=Kind.COUNT, about_people=True, lists=LISTS)
    assert found[""].figure.hidden and not found["s:x"].figure.hidden


def test_percentages_hide_parts_and_rests() -> None:
    numbers = {"": number("", None, 97, 100), "l:a": number("", None, 57, 60), "l:b": number("", None, 40, 40)}
    found = cells(numbers, kind=Kind.PERCENT, about_people=True, lists=LISTS)
    assert found[""].figure.hidden and found[""].reason is Reason.COMPLEMENT
    assert found["l:a"].figure.hidden and found["l:b"].figure.value == 100
    alone = cells({"": number("", 45)}, kind=Kind.PERCENT, about_people=True)
    assert alone[""].figure.reason is Reason.UNKNOWN_BASE


def test_averages_need_eight() -> None:
    numbers = {"": number("", "31.5", None, 50), "l:a": number("", 30, None, 38), "l:b": number("", 40, None, 5),
               "l:c": number("", 9, None, 20)}  # fmt: skip
    found = cells(numbers, kind=Kind.AVERAGE, about_people=True, lists=LISTS)
    assert found[""].figure.value == 31.5 and found["l:a"].figure.value == 30
    assert found["l:b"].figure.hidden and found["l:c"].figure.hidden  # the next-smallest would give it away


def test_what_is_not_about_people_is_shown() -> None:
    found = cells(counts(all=3), kind=Kind.COUNT, about_people=False)
    assert found[""].figure.value == 3
    assert cells(counts(all=3), kind=Kind.COUNT, about_people=True, rule=None)[""].figure.value == 3


@given(st.lists(st.integers(0, 40), min_size=2, max_size=3), st.lists(st.integers(0, 40), min_size=2, max_size=3))
def test_no_small_count_is_left_over(tops: list[int], rests: list[int]) -> None:
    keys = LISTS[0][: min(len(tops), len(rests))]
    parts = {key: (top, top + rest) for key, top, rest in zip(keys, tops, rests, strict=False)}
    whole = (sum(top for top, _n in parts.values()), sum(n for _top, n in parts.values()))
    numbers = {key: number(key, None, *pair) for key, pair in {**parts, "": whole}.items()}
    found = cells(numbers, kind=Kind.PERCENT, about_people=True, lists=LISTS)
    for key, (top, n) in {**parts, "": whole}.items():
        small = any(1 <= part <= 7 for part in (top, n, n - top))
        assert not small or found[key].figure.hidden
    for side in ("numerator", "denominator"):
        hidden = [key for key in parts if getattr(found[key], side).hidden]
        assert len(hidden) != 1 or getattr(found[""], side).hidden


@pytest.fixture
def small(ward: Ward) -> Any:
    measure = make(ward.team, ward.tess, **percentage(stratified_by=["language/1"]))
    enter(measure, ward.tess, {DAY: (123, 456)})
    enter(measure, ward.tess, {DAY: (4, 37)}, group="language/1:cy")
    enter(measure, ward.tess, {DAY: (119, 419)}, group="language/1:en")
    return measure


@pytest.mark.django_db
@pytest.mark.requirement("WM-37")
def test_no_page_and_no_file_tells_a_small_number(as_: Any, ward: Ward, small: Any) -> None:
    client = as_(ward.tess)
    for by in ("", "?by=language/1"):
        seen = page(client.get(address("measure", small) + by))
        assert "*" in seen.select_one("section[aria-labelledby=numbers-title] table").get_text() or not by
        found = " ".join(table.get_text(" ") for table in seen.find_all("table"))  # that of the chart too
        for exact in ("123", "456", "119", "419", "37"):
            assert exact not in found
    assert b"fewer than 8 people" in client.get(address("measure", small) + "?by=language/1").content
    csv = client.get(address("measure_download", small, "csv")).content.decode("utf-8-sig").splitlines()
    assert csv[1:] == ["2026-01-01,Everybody,125,455,27", "2026-01-01,Welsh,*,35,*", "2026-01-01,English,*,420,*"]
    assert client.get(address("measure_download", small, "xlsx"))["Content-Type"].endswith("sheet")
    assert client.get(address("measure_download", small, "pdf")).status_code == 404
    assert "4 of 37" not in text(client.get(address("measure_history", small)))


@pytest.mark.django_db
def test_the_lead_says_what_for_and_sees_them_and_it_is_recorded(as_: Any, ward: Ward, small: Any) -> None:
    client, url = as_(ward.cast.alice), address("measure_exact", small)
    assert "See the exact numbers" in text(client.get(address("measure", small)))
    assert "456" not in text(client.get(url)) and "456" not in text(client.post(url, {"purpose": " "}))
    assert not AuditEvent.objects.filter(verb="measure.exact_numbers_read").exists()
    response = client.post(url + "?by=language/1", {"purpose": "Checking the return"})
    assert page(response).select("table")[-1].get_text(" ").split()[-3:] == ["26.97%", "10.81%", "28.4%"]
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(verb="measure.exact_numbers_read")
    assert (event.actor, event.reason) == (ward.cast.alice.public_id, "Checking the return")
    history = client.post(address("measure_history", small), {"purpose": "A query"})
    assert "4 of 37" in text(history)
    assert AuditEvent.objects.filter(verb="measure.exact_numbers_read").count() == 2


@pytest.mark.django_db
def test_forms_and_pastes_tell_nothing_that_stands(as_: Any, ward: Ward, small: Any) -> None:
    client = as_(ward.tess)
    form = client.get(address("measure_numbers", small), {"day": "1/2026"})
    assert "A number stands" in text(form)
    looked = client.post(address("measure_paste", small), {"text": "Jan 2026\t50\t500"})
    for response in (form, looked):
        for exact in (b'"4"', b'"37"', b"123", b"456"):
            assert exact not in response.content


@pytest.mark.django_db
def test_numbers_that_are_not_about_people_are_shown_to_all(as_: Any, ward: Ward) -> None:
    measure = make(ward.team, ward.tess, about_people=False)
    enter(measure, ward.tess, {DAY: 3})
    client = as_(ward.cai)
    assert "3" in page(client.get(address("measure", measure))).find("table").get_text()
    assert "nothing → became 3" in text(client.get(address("measure_history", measure)))
    value = page(as_(ward.tess).get(address("measure_numbers", measure), {"day": "1/2026"})).find(id="id_value:")
    assert value["value"] == "3"


@pytest.mark.django_db
def test_averages_on_the_page_and_in_files(as_: Any, ward: Ward) -> None:
    measure = make(ward.team, ward.tess, **wait())
    enter(
        measure, ward.tess, {DAY: {"value": "31.25", "denominator": 40}, month(2026, 2): {"value": 9, "denominator": 7}}
    )
    found = text(as_(ward.cai).get(address("measure", measure)))
    assert ("31.25" in found and "of fewer than 8 people" in found) or "fewer than 8 people" in found
    data, name, _kind = numbers_file(measure, "csv")
    assert name == "days-to-first-contact-numbers.csv"
    assert data.decode("utf-8-sig").splitlines()[1:] == ["2026-01-01,Everybody,40,31.25", "2026-02-01,Everybody,*,*"]
