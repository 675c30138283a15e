"""The pictures by their structure: marks, lines, labels, names; nothing inline, nothing unescaped, nothing cut off."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelground.charts.spc import (
    KINDS,
    NARROW,
    SMALL,
    WIDE,
    Size,
    Spec,
    Subject,
    Writing,
    both,
    make_spec,
    poster,
    small,
    svg,
    table,
    text_chart,
)  # fmt: skip
from levelground.charts.spc.axes import value_axis
from levelground.charts.spc.layout import apart, width_of
from levelground.charts.spc.style import STYLE
from levelground.engines.spc import analyse

from .series import STATUSES, STEADY, chart, months

SASS = Path(__file__).resolve().parents[3] / "ui" / "sass"
SIZES = [WIDE, NARROW, SMALL]


def rich() -> Spec:
    """Everything at once: two phases, target, notes, a gap, an excluded point, hidden points, improvement, concern."""
    values = [*STEADY, *(value + 20 for value in STEADY), 50, 50]
    values[2] = None
    result = chart(values, phases=[20], direction="increase", exclude=[7],
                   target=[(dt.date(2024, 1, 1), 12), (dt.date(2026, 1, 1), 18)])  # fmt: skip
    subject = Subject(
        "People <seen>", key="rich", y_label="People", edge_labels={1: "A new way"}, hidden=frozenset({4, 30}),
        notes=[(dt.date(2024, 3, 1), "Started"), (dt.date(2024, 4, 1), "A very long note " * 12),
               (dt.date(2027, 6, 1), "Winter & spring"), (dt.date(2050, 1, 1), "Too late")],
    )  # fmt: skip
    return make_spec(result, subject)


def drawn(spec: Spec, size: Size = WIDE) -> ET.Element:
    return ET.fromstring(svg(spec, size=size))


def kinds(picture: ET.Element) -> Counter[str]:
    marks = [one for one in picture.iter() if one.get("data-point") is not None]
    return Counter(str(one.get("class")).removeprefix("lg-mark lg-mark--") for one in marks)


@pytest.mark.requirement("AMHE-15")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_every_point_has_its_mark(size: Size) -> None:
    found = kinds(drawn(rich(), size))
    assert found == {"common": 23, "gap": 1, "excluded": 1, "hidden": 2, "improvement": 2, "concern": 13}


def test_lines_of_each_phase_and_one_target_in_steps() -> None:
    spec = rich()
    assert Counter(line.kind for line in spec.lines) == {
        "centre": 2, "lower": 2, "upper": 2, "near_lower": 2, "near_upper": 2, "target": 1,
    }  # fmt: skip
    assert [height for _left, _right, height in spec.lines[-1].steps] == [12, 18]
    classes = Counter(one.get("class") for one in drawn(spec).iter("path"))
    assert classes["lg-chart__centre"] == classes["lg-chart__upper"] == classes["lg-chart__lower"] == 2
    assert classes["lg-chart__target"] == classes["lg-chart__line"] == classes["lg-chart__edge"] == 1


def test_limits_of_a_p_chart_step_and_stop_at_a_gap() -> None:
    result = analyse([5, 6, None, 7, 8], chart="p", denominators=[10, 20, 20, 40, 40])
    (upper,) = [line for line in make_spec(result, Subject("p")).lines if line.kind == "upper"]
    assert len(upper.steps) == 3
    assert upper.steps[0][1] == upper.steps[1][0]
    assert upper.steps[1][1] < upper.steps[2][0]


def test_the_line_breaks_at_gaps_and_hidden_points() -> None:
    (line,) = [one for one in drawn(rich()).iter("path") if one.get("class") == "lg-chart__line"]
    assert str(line.get("d")).count("M") == 4


@pytest.mark.requirement("WM-38")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_a_hidden_number_is_nowhere(size: Size) -> None:
    values = list(STEADY)
    values[4] = 7.77777
    spec = make_spec(chart(values), Subject("Few", hidden=frozenset({4})))
    said = " ".join(drawn(spec, size).itertext()) + repr(table(spec)) + text_chart(spec) + repr(spec)
    assert "7.7" not in said
    assert "7.8" not in said
    other = make_spec(chart(values), Subject("Few", hidden=frozenset({4, 9})))
    hidden = [one for one in drawn(other, size).iter() if "--hidden" in str(one.get("class")) and one.get("data-at")]
    heights = {str(one.get("data-at")).split()[1] for one in hidden}
    assert len(hidden) == 2
    assert len(heights) == 1
    assert spec.points[4].says == "May 2024: hidden, fewer than 8."


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_what_xml_cannot_hold_is_left_out(size: Size) -> None:
    """A control character in a name or a note, and half a pair, would make the whole picture unreadable."""
    subject = Subject(
        "Wait\x0bing\x00 <a>", y_label="Da\x1fys", edge_labels={1: "A n\x0cew way"},
        notes=[(dt.date(2024, 3, 1), "new\x0bward \ud800\uffff \U0001f600")],
    )  # fmt: skip
    picture = drawn(make_spec(chart(STEADY * 2, phases=[len(STEADY)]), subject), size)
    said = " ".join(picture.itertext())
    assert "Waiting <a>" in said
    if size != SMALL:
        assert "Days" in said and "A new way" in said and "newward  \U0001f600" in said


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("status", STATUSES)
def test_a_picture_has_name_description_and_no_style(status: str, size: Size) -> None:
    text = svg(make_spec(STATUSES[status](), Subject("Waiting", key="w")), size=size)
    picture = ET.fromstring(text)
    assert picture.get("role") == "img"
    ids = {one.get("id"): one.text for one in picture.iter() if one.get("id")}
    assert ids[picture.get("aria-labelledby")] == "Waiting"
    assert len(str(ids[picture.get("aria-describedby")])) > 20
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href", text)


def test_each_mark_says_itself_without_script() -> None:
    titles = [one[0].text for one in drawn(rich()).iter() if one.get("data-point")]
    assert titles[0] == "January 2024: 10."
    assert titles[2] == "March 2024: no value."
    assert titles[7] == "August 2024: 11. Left out of the limits."
    assert titles[-1] == "June 2027: 50. Improvement: a point above the upper limit."


def test_shapes_differ_by_kind() -> None:
    shapes = set()
    for direction in ("increase", "decrease", "neutral"):
        spec = make_spec(chart([*STEADY, 50], direction=direction), Subject("x", hidden=frozenset({3})))
        for one in drawn(spec).iter():
            if one.get("data-point"):
                form = re.sub(r"[-\d. ]+", "", str(one.get("d"))) or one.tag
                shapes.add((str(one.get("class")).split("--")[1], form))
    assert {kind for kind, _form in shapes} == {"common", "hidden", "improvement", "concern", "neutral"}
    by_form = Counter(form for kind, form in shapes if kind in {"common", "improvement", "concern", "neutral"})
    assert set(by_form.values()) == {1}


def test_an_improvement_points_the_way_it_went() -> None:
    up = svg(make_spec(chart([*STEADY, 50], direction="increase"), Subject("x")))
    down = svg(make_spec(chart([*STEADY, -30], direction="decrease"), Subject("x")))
    path = re.compile(r'lg-mark--improvement" d="M[\d.]+ ([\d.]+)l[\d.]+ ([-\d.]+)')
    assert float(path.search(up)[2]) > 0 > float(path.search(down)[2])  # type: ignore[index]


def test_words_are_escaped() -> None:
    text = svg(rich())
    assert "People &lt;seen&gt;" in text
    assert "Winter &amp; spring" in text
    assert "<seen>" not in text


def test_a_key_that_is_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        make_spec(chart([1, 2]), Subject("x", key='a" onload="'))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.name)
def test_no_label_leaves_the_picture_or_covers_another(size: Size) -> None:
    boxes = []
    for text in drawn(rich(), size).iter("text"):
        words = "".join(text.itertext()) if not len(text) else str(text[0].tail)
        width = width_of(words, size.font)
        left = float(text.get("x", 0)) - {"middle": width / 2, "end": width}.get(str(text.get("text-anchor")), 0)
        base = float(text.get("y", 0))
        assert left >= -1, words
        assert left + width <= size.width + 1, words
        assert size.font * 0.7 <= base <= size.height, words
        boxes.append((left, base - size.font * 0.8, left + width, base, words))
    for number, (a, b, c, d, one) in enumerate(boxes):
        for e, f, g, h, other in boxes[number + 1 :]:
            assert c <= e or g <= a or d <= f or h <= b, (one, other)


@given(st.lists(st.floats(0, 100), max_size=7))
def test_ends_are_pushed_apart_in_order(heights: list[float]) -> None:
    placed = apart(heights, 12, 0, 100)
    assert all(-1e-9 <= height <= 100 + 1e-9 for height in placed)
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    gaps = [placed[b] - placed[a] for a, b in pairwise(order)]
    assert all(gap >= 12 - 1e-6 for gap in gaps)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.floats(-1e9, 1e9), max_size=30), st.sampled_from(["i", "run", "mr"]))
def test_any_series_can_be_drawn_within_its_frame(values: list[float | None], kind: str) -> None:
    spec = make_spec(analyse(values, chart=kind), Subject("Any"))
    for size in SIZES:
        for one in drawn(spec, size).iter():
            if one.get("data-at"):
                x, y = map(float, str(one.get("data-at")).split())
                assert 0 <= x <= size.width
                assert 0 <= y <= size.height
    assert text_chart(spec)


@pytest.mark.parametrize(
    ("values", "writing", "labels"),
    [
        ([10.0, 60.0], Writing(), ["0", "10", "20", "30", "40", "50", "60"]),
        ([0.62, 0.97], Writing("share"), ["60%", "70%", "80%", "90%", "100%"]),
        ([1003.0, 1004.0], Writing(), ["1,003.0", "1,003.2", "1,003.4", "1,003.6", "1,003.8", "1,004.0"]),
        ([5.0, 5.0], Writing(), ["4.4", "4.6", "4.8", "5.0", "5.2", "5.4", "5.6"]),
    ],
)
def test_ticks_are_round_numbers(values: list[float], writing: Writing, labels: list[str]) -> None:

    assert [tick.label for tick in value_axis(np.array(values), writing).ticks] == labels


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        (months(36), ["Jan 2024", "Jul 2024", "Jan 2025", "Jul 2025", "Jan 2026", "Jul 2026"]),
        (months(8), ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024", "May 2024", "Jun 2024", "Jul 2024", "Aug 2024"]),
        ([dt.date(2024, 1, 1) + dt.timedelta(7 * i) for i in range(6)],
         ["1 Jan 2024", "8 Jan 2024", "15 Jan 2024", "22 Jan 2024", "29 Jan 2024", "5 Feb 2024"]),
        ([dt.date(2024, 1, 9) + dt.timedelta(10 * i) for i in range(30)],
         ["Feb 2024", "Mar 2024", "Apr 2024", "May 2024", "Jun 2024", "Jul 2024", "Aug 2024", "Sept 2024", "Oct 2024"]),
        (list(range(1, 25)), ["5", "10", "15", "20"]),
        (["Ash", "Oak"], ["Ash", "Oak"]),
    ],
)  # fmt: skip
def test_ticks_of_time_are_whole_months_or_days(x: list[object], labels: list[str]) -> None:
    spec = make_spec(analyse([1.0] * len(x), chart="run", x=x), Subject("x"))
    assert [tick.label for tick in spec.x.ticks] == labels


def test_a_file_of_its_own_carries_the_page_s_style() -> None:
    text = svg(rich(), standalone=True)
    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="960" height="420"')
    tokens = (SASS / "_tokens.scss").read_text().split("@media")[0]
    light = {value for _name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", tokens)}
    assert set(re.findall(r"#[0-9a-f]{6}", STYLE)) <= light


def test_every_class_has_a_style_on_pages_and_in_files() -> None:
    sass = (SASS / "_charts.scss").read_text()
    classes = {f"lg-mark--{kind}" for kind in KINDS} | {
        name
        for one in drawn(rich()).iter("path")
        for name in str(one.get("class")).split()
        if name.startswith("lg-chart")
    }
    for name in classes:
        assert f".{name}" in STYLE, name
        assert f"&{name[name.index('--') if '--' in name else name.index('__') :]}" in sass, name


def test_small_and_both() -> None:
    spec = rich()
    assert 'class="lg-chart lg-chart--small"' in small(spec)
    assert "<title>" not in small(spec).split("<desc")[1]
    wide, narrow = both(spec)
    ids = re.findall(r' id="([^"]+)"', wide + narrow + small(spec))
    assert len(ids) == len(set(ids)) == 6


def test_the_table_has_every_point_and_only_columns_that_hold_something() -> None:
    found = table(rich())
    assert [name for name, _head in found.columns] == [
        "when", "value", "centre", "lower", "upper", "target", "signal", "note",
    ]  # fmt: skip
    assert len(found.rows) == 42
    assert found.rows[4].value == "hidden, fewer than 8"
    assert found.rows[20].note == "A new way"
    assert found.cells(found.rows[0])[:2] == ("January 2024", "10")
    empty = table(make_spec(chart([]), Subject("x")))
    assert [name for name, _head in empty.columns] == ["when", "value"]


def test_a_proportion_is_written_with_what_it_is_out_of() -> None:
    result = analyse([40, 45], chart="p", denominators=[80, 1200], x=months(2))
    found = table(make_spec(result, Subject("x", writing=Writing("share"))))
    assert [(row.value, row.denominator) for row in found.rows] == [("50%", "80"), ("4%", "1,200")]


def test_a_chart_of_letters() -> None:
    lines = text_chart(rich()).splitlines()
    assert max(map(len, lines)) < 110
    assert "".join(lines).count("▲") == 3  # two points and the legend
    assert lines[-2].split() == ["January", "2024", "June", "2027"]
    assert text_chart(make_spec(chart([]), Subject("x"))) == "There are no values yet."


def test_a_poster_says_what_it_shows_how_and_from_where() -> None:
    spec = rich()
    drawing = ET.fromstring(poster(spec, source="Source: invented numbers <of ours> " + "word " * 60))
    name = "{http://www.w3.org/2000/svg}"
    texts: dict[str, str] = {}
    for text in drawing.iter(f"{name}text"):
        kind = str(text.get("class")).removeprefix("lg-poster__")
        texts[kind] = " ".join(filter(None, (texts.get(kind), "".join(text.itertext()))))
    assert texts["title"] == spec.title
    assert texts["says"] == spec.summary and spec.caption in texts["how"] and "<of ours>" in texts["how"]
    marks = [mark for mark in drawing.iter() if mark.get("data-point")]
    assert len(marks) == len(spec.points)
    height = float(drawing.get("viewBox").split()[3])
    lines = [float(text.get("y")) for text in drawing.iter(f"{name}text") if "poster" in str(text.get("class"))]
    assert lines == sorted(lines) and max(lines) < height
