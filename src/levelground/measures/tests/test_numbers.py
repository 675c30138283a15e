"""Numbers going in: by hand, by paste, by file; their history; and what strangers try."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.exports.xlsx import Book, Column
from levelground.measures import services
from levelground.measures.codes import LISTS
from levelground.measures.models import Measure, MeasureVersion, Point, PointChange, Segment, Series
from levelground.measures.numbers import Number
from levelground.measures.states import SegmentKind, Source

from .conftest import Ward
from .test_pages import address, page, text
from .ways import enter, make, month, percentage, wait

pytestmark = pytest.mark.django_db


def stored(measure: Measure) -> dict[tuple[str, dt.date], tuple[Any, ...]]:
    return {place: number.content for place, number in services.standing(measure).items()}


def proposal(response: Any) -> str:
    return str(page(response).find("input", {"name": "proposal"})["value"])


def paste(client: Any, measure: Measure, words: str, **more: Any) -> Any:
    return client.post(address("measure_paste", measure), {"text": words, **more})


def save(client: Any, measure: Measure, response: Any) -> Any:
    return client.post(address("measure_paste_save", measure), {"proposal": proposal(response)})


@pytest.mark.requirement("AMHE-34")
def test_twenty_four_months_are_pasted_looked_at_and_saved(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    lines = ["Month\tFalls", *(f"{m}/{year}\t{1000 + m:,}" for year in (2024, 2025) for m in range(1, 13))]
    response = paste(client, ward.falls, "\r\n".join([*lines, "Jan 2026\ttwelve", "Total\t24"]))
    found = text(response)
    assert response.status_code == 200 and not Point.objects.exists()
    for words in ("24 new numbers", "2 lines cannot be used", "“twelve” is not a number", "“Total” is not a date",
                  "26", "Save 24 numbers", "December 2025"):  # fmt: skip
        assert words in found
    response = save(client, ward.falls, response)
    assert response.url == address("measure", ward.falls) and Point.objects.count() == 24
    assert stored(ward.falls)["", month(2025, 12)] == (1012, None, None)
    event = AuditEvent.objects.get(verb="measure.numbers_entered")
    assert event.after == {"new": 24, "changed": 0, "removed": 0, "source": "paste"}


def test_new_changed_and_same_are_told_apart(as_: Any, ward: Ward) -> None:
    enter(ward.falls, ward.cast.alice, {month(2026, 1): 12, month(2026, 2): 13})
    client = as_(ward.tess)
    response = paste(client, ward.falls, "Jan 2026\t12\nFeb 2026\t14\nMar 2026\t15\nApr 2026\t")
    for words in ("1 new number", "1 changed", "1 the same", "1 line without a number"):
        assert words in text(response)
    save(client, ward.falls, response)
    assert [number[0] for number in stored(ward.falls).values()] == [12, 14, 15]
    change = PointChange.objects.get(date=month(2026, 2), before__isnull=False)
    assert (change.before["value"], change.after["value"], change.by, change.source) == ("13", "14", ward.tess, "paste")
    assert "Nothing to change" in text(paste(client, ward.falls, "Jan 2026\t12"))


def test_what_a_colleague_changed_meanwhile_is_shown_first(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    looked = paste(client, ward.falls, "Jan 2026\t12\nFeb 2026\t13")
    enter(ward.falls, ward.cast.alice, {month(2026, 1): 30})
    response = save(client, ward.falls, looked)
    assert response.status_code == 409 and "A colleague changed some" in text(response)
    assert stored(ward.falls) == {("", month(2026, 1)): (30, None, None)}
    assert save(client, ward.falls, response).status_code == 302
    assert [number[0] for number in stored(ward.falls).values()] == [12, 13]


def test_a_proposal_is_bound_to_person_measure_and_time(as_: Any, ward: Ward) -> None:
    packed = proposal(paste(as_(ward.tess), ward.falls, "Jan 2026\t12"))
    other = make(ward.team, ward.tess)
    for who, where, what in [
        (ward.cast.alice, ward.falls, packed), (ward.tess, other, packed), (ward.tess, ward.falls, packed[:-2]),
        (ward.tess, ward.falls, ""),
    ]:  # fmt: skip
        response = as_(who).post(address("measure_paste_save", where), {"proposal": what}, follow=True)
        assert "Bring your numbers again" in text(response)
    assert not Point.objects.exists()


def test_parts_percentages_and_groups(as_: Any, ward: Ward) -> None:
    measure = make(ward.team, ward.tess, **percentage(stratified_by=["language/1"]))
    client = as_(ward.tess)
    words = "Mis\tGrŵp\tRhifiadur\tEnwadur\nIon 2026\tCymraeg\t40\t90\nIon 2026\tPawb\t100\t200\nIon 2026\tX\t1\t2"
    response = paste(client, measure, words)
    assert "The group “X” is not known" in text(response)
    save(client, measure, response)
    assert stored(measure) == {
        ("", month(2026, 1)): (None, 100, 200), ("language/1:cy", month(2026, 1)): (None, 40, 90),
    }  # fmt: skip
    response = paste(client, measure, "Feb 2026\t0.45\nMar 2026\t0.5", group="language/1:en")
    assert "We read 0.45 as 45%" in text(response)
    save(client, measure, response)
    assert stored(measure)["language/1:en", month(2026, 2)] == (45, None, None)
    assert Segment.objects.count() == 2 and Series.objects.count() == 3


def test_nothing_pasted_and_too_much(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    assert "Paste your numbers here" in text(paste(client, ward.falls, " \n "))
    assert paste(client, ward.falls, "x" * 600_000).status_code == 422
    response = paste(client, ward.falls, "only words\nand more words")
    assert response.status_code == 200 and "2 lines cannot be used" in text(response)


@pytest.mark.parametrize("words", ["Jan 2026\t=1+1", "Jan 2026\t<script>alert(1)</script>", "=cmd|'/c calc'!A1\t3",
                                   "<img src=x onerror=alert(1)>\t3"])  # fmt: skip
def test_formulas_and_scripts_are_shown_as_words_and_refused(as_: Any, ward: Ward, words: str) -> None:
    response = paste(as_(ward.tess), ward.falls, words)
    assert "1 line cannot be used" in text(response)
    assert b"<script>alert" not in response.content and b"<img src=x" not in response.content
    assert page(response).find("input", {"name": "proposal"}) is None


def xlsx(rows: list[list[Any]], formula: str = "") -> bytes:
    book = Book(title="Falls", language="en")
    sheet = book.sheet("Data", [Column("Month", kind="date"), Column("Number", kind="number")])
    for row in rows:
        sheet.row(row)
    if formula:
        sheet._sheet.write_formula(2, 1, formula, None, 99)
    return book.finish()


def upload(client: Any, measure: Measure, data: bytes, name: str) -> Any:
    return client.post(address("measure_paste", measure), {"text": "", "upload": SimpleUploadedFile(name, data)})


def test_a_spreadsheet_comes_in_by_the_same_way(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    data = xlsx([[month(2026, 1), 12], [month(2026, 2), 5], [dt.date(2026, 3, 17), Decimal("14")]], "=SUM(B2:B2)")
    response = upload(client, ward.falls, data, "falls.xlsx")
    assert "2 new numbers" in text(response) and "There is a formula" in text(response)
    save(client, ward.falls, response)
    assert [number[0] for number in stored(ward.falls).values()] == [12, 14]
    assert set(PointChange.objects.values_list("source", flat=True)) == {"file"}


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_file_in_any_usual_coding(as_: Any, ward: Ward, coding: str) -> None:
    data = 'Dyddiad,Nifer\r\n01/01/2026,"1,012"\r\n'.encode(coding)
    response = upload(as_(ward.tess), ward.falls, data, "falls.csv")
    assert "1 new number" in text(response) and "1,012" in text(response)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", b"<x>" + b" " * 30_000_000 + b"</x>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (bomb(), "falls.xlsx", "unpacks to far more"),
        (b"PK\x03\x04 nothing", "falls.xlsx", "damaged"),
        (b"not a zip", "falls.xlsx", "not a spreadsheet"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "falls.xls", "old format"),
        (b"\x89PNG\x00\x00\x01\x02", "falls.png", "not a file of numbers"),
        (b"1" * 2_000_001, "falls.csv", "larger than"),
        (b"", "falls.csv", "empty"),
    ],
)
def test_files_that_are_none(as_: Any, ward: Ward, data: bytes, name: str, words: str) -> None:
    response = upload(as_(ward.tess), ward.falls, data, name)
    assert response.status_code == 422 and words in text(response)


def form_of(client: Any, measure: Measure, day: str) -> dict[str, str]:
    """The monthly form as the browser would send it back."""
    found = page(client.get(address("measure_numbers", measure), {"day": day}))
    return {
        one["name"]: one.get("value", "") for one in found.find("main").find_all("input")
        if one.get("name") and one.get("type") != "checkbox"
    }  # fmt: skip


def test_the_monthly_form(as_: Any, ward: Ward) -> None:
    measure = make(ward.team, ward.tess, **percentage(stratified_by=["language/1"]))
    client = as_(ward.tess)
    assert client.get(address("measure_numbers", measure), {"day": "Jan 3026"}).status_code == 422
    given = form_of(client, measure, "Ionawr 2026")
    response = client.post(address("measure_numbers", measure), given | {"numerator:": "45"})
    assert response.status_code == 422 and "Give both the numerator" in text(response)
    wanted = {
        "numerator:": "45",
        "denominator:": "90",
        "numerator:language/1:cy": "9",
        "denominator:language/1:cy": "8",
    }
    response = client.post(address("measure_numbers", measure), given | wanted)
    assert response.status_code == 422 and "cannot be more than the denominator" in text(response)
    assert not Point.objects.exists()  # all or none
    wanted["denominator:language/1:cy"] = "10"
    assert client.post(address("measure_numbers", measure), given | wanted).status_code == 302
    assert len(stored(measure)) == 2
    given = form_of(client, measure, "1/2026")
    assert client.post(address("measure_numbers", measure), given | {"remove": "on"}).status_code == 302
    assert stored(measure) == {} and PointChange.objects.filter(after__isnull=True).count() == 2


def test_two_people_write_the_same_month(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    given = form_of(client, ward.falls, "1/2026")
    enter(ward.falls, ward.cast.alice, {month(2026, 1): 30})
    response = client.post(address("measure_numbers", ward.falls), given | {"value:": "12"})
    assert response.status_code == 409 and "30" not in text(response).replace("2030", "")
    again = {
        one["name"]: one.get("value", "") for one in page(response).find("main").find_all("input") if one.get("name")
    }
    again.pop("remove", None)
    assert again["value:"] == "12"
    assert client.post(address("measure_numbers", ward.falls), again).status_code == 302
    assert stored(ward.falls)["", month(2026, 1)][0] == 12


def test_a_forged_mark_counts_as_not_seen(as_: Any, ward: Ward) -> None:
    enter(ward.falls, ward.cast.alice, {month(2026, 1): 30})
    given = {"day": "2026-01-01", "seen": "forged", "value:": "12"}
    assert as_(ward.tess).post(address("measure_numbers", ward.falls), given).status_code == 409


def test_the_history_says_who_and_when(as_: Any, ward: Ward) -> None:
    client = as_(ward.tess)
    enter(ward.falls, ward.tess, {month(2026, 1): 12})
    enter(ward.falls, ward.cast.alice, {month(2026, 1): 3})
    enter(ward.falls, ward.tess, {month(2026, 1): None})
    found = text(client.get(address("measure_history", ward.falls)))
    for words in (
        "Tess Team",
        "Alice Lead",
        "typed in",
        "January 2026, Everybody: came",
        "was changed",
        "was taken away",
    ):
        assert words in found
    lines = [line.get_text() for line in page(client.get(address("measure_history", ward.falls))).select(".lg-card li")]
    assert len(lines) == 3 and not any(digit in "".join(lines).replace("2026", "") for digit in "0123456789")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("count", {"value": "1.5"}), ("count", {"value": "-1"}), ("count", {"numerator": "1", "denominator": "2"}),
        ("percent", {"numerator": "3", "denominator": "2"}), ("percent", {"numerator": "3"}),
        ("percent", {"value": "101"}),
        ("percent", {"value": "-1"}), ("percent", {"numerator": "1.5", "denominator": "2"}),
        ("average", {"denominator": "3"}),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be(ward: Ward, kind: str, number: dict[str, str]) -> None:
    how = {"count": {}, "percent": percentage(), "average": wait()}[kind]
    measure = make(ward.team, ward.tess, **how)
    with pytest.raises(Invalid):
        enter(measure, ward.tess, {month(2026, 1): number})
    assert not Point.objects.exists()


def test_days_and_groups_that_cannot_be(ward: Ward) -> None:
    with pytest.raises(Invalid):
        enter(ward.falls, ward.tess, {month(2090, 1): 3})
    with pytest.raises(Invalid):
        enter(ward.falls, ward.tess, {month(2026, 1): 3}, group="sex/1:F")
    twice = [Number(dt.date(2026, 1, day), "", Decimal(3)) for day in (1, 2)]
    with pytest.raises(Invalid):
        services.save_numbers(measure=ward.falls, numbers=twice, by=ward.tess, source=Source.API)
    with pytest.raises(Conflict):
        services.save_numbers(
            measure=ward.falls, numbers=twice[:1], by=ward.tess, source=Source.API, seen={("", month(2026, 1)): "x"}
        )


def test_the_database_refuses_half_truths(ward: Ward) -> None:
    enter(ward.falls, ward.tess, {month(2026, 1): 12})
    point, series = Point.objects.get(), Series.objects.get()
    wrong = [
        lambda: Point.objects.filter(pk=point.pk).update(value=None),
        lambda: Point.objects.filter(pk=point.pk).update(numerator=3),
        lambda: Series.objects.create(measure=ward.falls, segment=None),
        lambda: Measure.objects.filter(pk=ward.falls.pk).update(is_wait=True),
        lambda: Measure.objects.filter(pk=ward.falls.pk).update(kind="percent"),
        lambda: Measure.objects.filter(pk=ward.falls.pk).update(kind="guess"),
        lambda: Measure.objects.filter(pk=ward.falls.pk).update(kind="rate", numerator="a", denominator="b"),
        lambda: Measure.objects.filter(pk=ward.falls.pk).update(network=ward.cast.network),
        lambda: Measure.objects.filter(pk=ward.falls.pk).update(team=None),
        lambda: Measure.objects.filter(pk=ward.falls.pk).update(baseline_from=month(2026, 1)),
        lambda: Point.objects.create(series=series, date=month(2026, 1), value=1, changed_at=point.changed_at),
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    frozen = [
        lambda: MeasureVersion.objects.update(reason="Other"),
        lambda: MeasureVersion.objects.all().delete(),
        lambda: PointChange.objects.update(date=month(2020, 1)),
        lambda: PointChange.objects.all().delete(),
    ]
    for change in frozen:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_archived_measure_takes_no_numbers(ward: Ward) -> None:
    services.archive(measure=ward.falls, by=ward.tess)
    with pytest.raises(IllegalMove):
        enter(ward.falls, ward.tess, {month(2026, 1): 12})


def test_code_lists_are_whole() -> None:
    keys = [one.key for one in LISTS]
    assert len(set(keys)) == len(keys) and {"ethnicity/2001", "ethnicity/2021"} <= set(keys)
    old = next(one for one in LISTS if one.key == "ethnicity/2001")
    assert [code.code for code in old.codes] == [*"ABCDEFGHJKLMNPRS", "Z", "99"]
    for one in LISTS:
        assert len({code.code for code in one.codes}) == len(one.codes)
        assert all(code.label.en and code.label.cy for code in one.codes) and not one.name.missing
        kinds = [code.kind for code in one.codes]
        assert kinds.count(SegmentKind.NOT_STATED) == kinds.count(SegmentKind.NOT_KNOWN) == 1


def test_saving_asks_the_same_for_many_numbers(ward: Ward, query_budget: Any) -> None:
    enter(ward.falls, ward.tess, {month(2019, 1): 1})
    with query_budget(20) as few:
        enter(ward.falls, ward.tess, {month(2020, 1): 12, month(2019, 1): 2})
    with query_budget(len(few)):
        enter(ward.falls, ward.tess, {month(y, m): y for y in range(2019, 2026) for m in range(1, 13)})


def test_strangers_find_nothing(as_: Any, ward: Ward) -> None:
    for who in (ward.cast.bob, ward.cast.olga, ward.cast.zed):
        client = as_(who)
        for name in ("measure", "measure_paste", "measure_history", "measure_numbers", "measure_exact"):
            assert client.get(address(name, ward.falls)).status_code == 404
        assert paste(client, ward.falls, "Jan 2026\t1").status_code == 404
    assert as_(ward.cast.bob).get(reverse("measure_list", args=["alder"])).status_code == 404
