"""Framework files in YAML: the right ones come in whole, the wrong ones get a line and a sentence, nothing runs."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelground.frameworks.files import read, read_yaml, write_yaml
from levelground.frameworks.files.limits import MAX_BYTES, MAX_INDICATORS
from levelground.frameworks.files.tidy import tidy
from tests.factories import indicator_data

from .files import changed, data, from_yaml, yaml_text


def one(reading):
    assert not reading.ok
    assert len(reading.problems) == 1, reading.problems
    return reading.problems[0]


@pytest.mark.requirement("MQM-07")
def test_export_and_import_give_equal_data():
    reading = from_yaml(write_yaml(data()))
    assert reading.problems == []
    assert reading.data == data()


def test_people_may_write_codes_and_labels_without_quotes():
    text = yaml_text().replace("code: '1.1'", "code: 1.10").replace("label: '1'", "label: 2030")
    reading = from_yaml(text)
    assert reading.ok, reading.problems
    assert reading.data["areas"][0]["themes"][0]["standards"][0]["code"] == "1.10"
    assert reading.data["version"]["label"] == "2030"


def test_yes_and_no_stay_words():
    assert (
        from_yaml(yaml_text().replace("text 1.1.1 in English", "No")).data["areas"][0]["themes"][0]["standards"][0][
            "indicators"
        ][0]["text"]["en"]
        == "No"
    )


def test_the_line_of_a_wrong_kind_and_what_to_write():
    text = yaml_text()
    number = next(i for i, line in enumerate(text.split("\n"), start=1) if "kind: good_practice" in line)
    problem = one(from_yaml(text.replace("kind: good_practice", "kind: good practise", 1)))
    assert problem.where == f"line {number}"
    assert problem.what == "“kind” says “good practise”."
    assert problem.write_instead == "Write legal, good_practice or both."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["areas"][0].pop("name"), ["“name” is missing in area A", "Add “name”"]),
        (lambda d: d["areas"][0].update(colour="red"), ["“colour” is not a field of area A", "code, name or themes"]),
        (lambda d: d["framework"].update(slug="Not A Slug"), ["“slug” says “Not A Slug”", "small letters"]),
        (lambda d: d["framework"].update(slug="import"), ["“slug”", "not the word import"]),
        (lambda d: d["areas"][0]["themes"][0].update(code="1 a"), ["“code” says “1 a”", "without spaces"]),
        (lambda d: d["areas"][0].update(name="Only English"), ["without its language", "en:"]),
        (lambda d: d["areas"][0].update(themes="none"), ["“themes” says “none”", "Write a list"]),
        (lambda d: d.update(format="levelground-framework/9"), ["which rules", "levelground-framework/1"]),
        (lambda d: d["framework"]["strategy"].update(target_year="soon"), ["says “soon”", "whole number"]),
        (lambda d: d["framework"]["strategy"].update(target_year=20300), ["“target_year”", "from 1900 to 2200"]),
        (lambda d: d["areas"][0]["name"].update(en="x" * 201), ["201 characters", "at most 200"]),
        (lambda d: d["areas"][0]["name"].update(en=""), ["“name, en” is empty", "Write a text"]),
        (
            lambda d: d["areas"][0]["themes"][0]["standards"][0]["resources"][0].update(url="javascript:alert(1)"),
            ["“url” says", "https://"],
        ),
        (
            lambda d: d["areas"][0]["themes"][0]["standards"][0]["resources"][0].update(kind="gift"),
            ["“kind” says “gift”", "policy, toolkit"],
        ),
        (lambda d: d["areas"][0]["themes"][0]["name"].update(en="a\u202eb"), ["“name, en” says", "control characters"]),
        (lambda d: d["areas"][0]["themes"][0]["name"].update(en="a\x07b"), ["“name, en” says", "control characters"]),
        (lambda d: d["areas"][0]["themes"][1].update(code="1"), ["code 1 of this theme is used", "no other"]),
        (lambda d: d["areas"].clear(), ["no indicators", "at least one"]),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_its_sentence(change, words):
    problem = one(from_yaml(write_yaml(changed(change))))
    assert problem.where.startswith("line ")
    assert all(word in str(problem) for word in words), str(problem)


def test_the_second_of_two_equal_codes_is_named_with_the_line_of_the_first():
    text = write_yaml(
        changed(lambda d: d["areas"][0]["themes"][1]["standards"][0]["indicators"][0].update(code="1.1.2"))
    )
    lines = [i for i, line in enumerate(text.decode().split("\n"), start=1) if line.strip() == "- code: 1.1.2"]
    problem = one(from_yaml(text))
    assert problem.where == f"line {lines[1]}"
    assert f"line {lines[0]}" in problem.what


def test_codes_that_differ_only_in_case_are_equal():
    twins = [indicator_data("x1"), indicator_data("X1", text={"en": "Another"})]
    value = changed(lambda d: d["areas"][0]["themes"][0]["standards"][0]["indicators"].extend(twins))
    assert "X1" in one(from_yaml(write_yaml(value))).what


def test_missing_welsh_is_noted_and_does_not_stand_in_the_way():
    reading = from_yaml(write_yaml(changed(lambda d: d["areas"][0]["name"].update(cy=""))))
    assert reading.ok
    assert [note.what for note in reading.warnings] == ["“name” has no Welsh."]
    assert reading.warnings[0].where.startswith("line ")


def test_twins_are_noted():
    same = {"en": "The very same words."}
    reading = from_yaml(write_yaml(changed(lambda d: [
        item.update(text=same) for item in d["areas"][0]["themes"][0]["standards"][0]["indicators"][:2]
    ])))  # fmt: skip
    assert reading.ok
    assert "1.1.2 asks the same as 1.1.1" in " ".join(note.what for note in reading.warnings)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (BOMB.encode(), ["line 1", "references", "Take it out"]),
        (b"areas: &loop\n  - themes: *loop\n", ["line 1", "references"]),
        (b"format: *x\n", ["line 1", "*x", "quotes"]),
        (b"format: !!python/object/apply:os.system ['echo hi']\n", ["line 1", "type mark", "Take it out"]),
        (b"format: !!binary aGk=\n", ["type mark"]),
        (b"format: levelground-framework/1\nformat: levelground-framework/1\n", ["line 2", "twice", "Keep one"]),
        (b"<<: {a: 1}\nformat: x\n", ["“<<” is not a field"]),
        (b"a: 1\n---\nb: 2\n", ["line 2", "second document"]),
        (b"[" * 100_000, ["nested too deeply"]),
        (b"{a: " * 50_000, ["nested too deeply"]),
        (b"- " * 50_000, ["nested too deeply"]),
        (b"? [a]\n: b\n", ["line 1", "name should be"]),
        (b"format:\tlevelground\n\tx: 1\n", ["not YAML", "spaces, not tabs"]),
        (b"name: a: b\n", ["line 1", "not YAML", "double quotes"]),
        (b'name: "never closed\n', ["not YAML", "Close the quotes"]),
        (b"", ["holds no framework", "format: levelground-framework/1"]),
        (b"just words\n", ["holds no framework"]),
        (b"- a\n- b\n", ["holds no framework"]),
        ("format: x\n".encode("utf-16"), ["UTF-16", "UTF-8"]),
        ("format: x\n".encode("utf-16-be"), ["UTF-16", "UTF-8"]),
        ("a: 1\nname: T\xf4n\n".encode("latin-1"), ["line 2", "Latin-1", "ŵ"]),
        (b"a: 1\nb: \x00\n", ["UTF-16"]),
        (b"#" * 300 + b"\nb: x\x00\n", ["line 2", "control character"]),
        (b"#" * 300 + b"\nb: \x1b[31m\n", ["line 2", "control character"]),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ["mark.yaml", "not a text file"]),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_at_once_with_a_sentence(raw, words):
    began = time.perf_counter()
    reading = from_yaml(raw)
    assert time.perf_counter() - began < 2
    assert reading.data is None
    said = " ".join(str(problem) for problem in reading.problems)
    assert all(word in said for word in words), said


def test_too_large_a_file_is_refused_before_it_is_read():
    assert "larger than 32 MB" in str(one(read_yaml(b"a" * (MAX_BYTES + 1), "mark.yaml")))


def test_a_very_long_text_is_refused_with_its_length():
    text = yaml_text().replace("text 1.1.1 in English", "x" * 20_000)
    assert "20000 characters" in str(from_yaml(text).problems[0])


def test_more_indicators_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr("levelground.frameworks.files.content.MAX_INDICATORS", 5)
    assert "more than 5 indicators" in str(one(from_yaml(yaml_text())))
    assert MAX_INDICATORS == 20_000


def test_hundreds_of_mistakes_stop_at_a_number_that_people_can_read():
    reading = from_yaml(write_yaml(changed(lambda d: d["areas"][0].update(themes=["x"] * 900))))
    assert len(reading.problems) == 201
    assert "reading stopped" in reading.problems[-1].what


def test_a_byte_order_mark_of_utf_8_does_no_harm():
    assert from_yaml(b"\xef\xbb\xbf" + write_yaml(data())).data == data()


def test_the_ending_of_the_name_says_how_to_read():
    assert read(write_yaml(data()), "Mark.YML").ok
    assert "macros" in str(one(read(b"x", "mark.xlsm")))
    assert ".yaml or .xlsx" in str(one(read(b"x", "mark.docx")))


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), exclude_characters="\u2028\u2029"), max_size=60
)
safe = words.map(tidy).filter(
    lambda text: not any("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in text)
)


@settings(max_examples=60, deadline=None)
@given(english=safe, welsh=safe)
def test_whatever_people_type_comes_back_as_it_was(english, welsh):
    value = changed(lambda d: d["areas"][0]["themes"][0].update(summary={"en": english, "cy": welsh}))
    assert from_yaml(write_yaml(value)).data == value


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_bytes_at_all_make_the_reader_fall_over(raw):
    reading = from_yaml(raw)
    assert reading.data is None
    assert reading.problems
