"""The documented schema and the checker with its sentences allow and refuse the same."""

import contextlib
import copy
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelground.frameworks.files.problems import Enough, Notebook
from levelground.frameworks.files.schema import WRITE, check, schema

from .files import data

VALIDATOR = jsonschema.Draft202012Validator(schema())


def accepts(value) -> bool:
    notebook = Notebook()
    with contextlib.suppress(Enough):
        check(value, lambda path: "here", notebook)
    return not notebook.problems


def paths(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))


def put(value, path, new):
    if not path:
        return new
    value = copy.deepcopy(value)
    place = value
    for step in path[:-1]:
        place = place[step]
    if new is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return value


SMALL = data(themes=1, indicators=1)
ODD = [
    ..., None, True, 0, 7, -1, 2030, 2.5, "", " ", "x", "legal", "import", "a b", "x" * 61, "x" * 201, "x" * 501,
    "x" * 4001,
    "a\n", "a\nb", "a\tb", "a\x00b", "a|b", "a\u202eb", "\ud800", "https://ok.example/x",
    "javascript:x", "a@b.cy", "01632 1",
    [], {}, [{}], {"en": "x"}, {"cy": "x"}, {"en": ""}, {"en": "x", "fr": "x"}, {"en": 1}, ["x"],
]  # fmt: skip


def test_the_schema_is_itself_right():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert accepts(SMALL)
    assert VALIDATOR.is_valid(SMALL)


@pytest.mark.parametrize("path", [path for path in paths(SMALL) if path], ids=lambda path: "/".join(map(str, path)))
def test_schema_and_checker_agree_on_every_field_with_every_odd_value(path):
    for new in ODD:
        value = put(SMALL, path, new)
        assert accepts(value) == VALIDATOR.is_valid(value), (path, new)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([path for path in paths(SMALL) if path]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    ),
)  # fmt: skip
def test_schema_and_checker_agree_on_anything(path, new):
    value = put(SMALL, path, new)
    assert accepts(value) == VALIDATOR.is_valid(value)


def test_every_field_is_described():
    def undescribed(rule, path):
        for name, item in rule.get("properties", {}).items():
            described = "description" in item or "description" in schema()["$defs"].get(item.get("$ref", "")[8:], {})
            if not described:
                yield f"{path}.{name}"

    assert [miss for name, rule in schema()["$defs"].items() for miss in undescribed(rule, name)] == []


def test_every_pattern_has_a_sentence_that_says_what_to_write():
    patterned = {name for name, rule in schema()["$defs"].items() if "pattern" in rule}
    assert patterned == set(WRITE)


def test_every_field_stands_in_the_document():
    page = (Path(__file__).parents[4] / "docs" / "framework-format.md").read_text(encoding="utf-8")
    fields = {name for rule in schema()["$defs"].values() for name in rule.get("properties", {})}
    assert [name for name in sorted(fields) if f"`{name}`" not in page] == []
    assert json.dumps(schema())
