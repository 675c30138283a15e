"""``levelground framework``: exit codes, sentences, JSON."""

import io
import json
import sys

import pytest
from django.core.management import call_command

from levelground.frameworks.files import read, write_xlsx, write_yaml
from levelground.frameworks.models import FrameworkVersion
from levelground.frameworks.selectors import as_data

from .files import data


def run(*args):
    """(exit code, standard output, error output)"""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("framework", *args, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "mark.yaml"
    path.write_bytes(write_yaml(data(label="2")))
    return str(path)


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_bytes(write_yaml(data()).replace(b"kind: good_practice", b"kind: rule", 1))
    return str(path)


def test_validate_says_how_many_indicators(good):
    code, out, err = run("validate", good)
    assert (code, err) == (0, "")
    assert "is right: 6 indicators." in out


def test_validate_names_the_line_and_what_to_write(bad):
    code, out, err = run("validate", bad)
    assert (code, out) == (1, "")
    assert err.startswith("line ") and "“kind” says “rule”. Write legal, good_practice or both." in err


def test_validate_answers_in_json(good, bad):
    code, out, _err = run("validate", good, "--json")
    assert (code, json.loads(out)["indicators"]) == (0, 6)
    code, out, _err = run("validate", bad, "--json")
    assert code == 1
    assert json.loads(out)["problems"][0]["write"] == "Write legal, good_practice or both."


def test_validate_reads_the_standard_input(monkeypatch):
    class Input:
        buffer = io.BytesIO(write_xlsx(data()))

    monkeypatch.setattr(sys, "stdin", Input)
    assert run("validate", "-", "--format", "xlsx")[0] == 0
    assert run("validate", "-")[0] == 2


def test_import_makes_a_draft_and_publish_publishes_it(cast, good):
    code, out, _err = run("import", good, "--network", "north", "--json")
    assert (code, json.loads(out)["number"], json.loads(out)["status"]) == (0, 2, "draft")
    version = FrameworkVersion.objects.get(number=2)
    assert run("publish", "--network", "north", "--framework", "mark", "--number", "2")[0] == 0
    version.refresh_from_db()
    assert version.status == "published"
    code, _out, err = run("publish", "--network", "north", "--number", "2")
    assert code == 1
    assert "already published" in err


def test_a_wrong_file_is_not_imported(cast, bad):
    assert run("import", bad, "--network", "north")[0] == 1
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.parametrize("ending", ["yaml", "xlsx"])
def test_export_writes_what_import_reads(cast, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    code, out, _err = run("export", str(path), "--network", "north")
    assert (code, "version 1 of mark" in out) == (0, True)
    assert read(path.read_bytes(), path.name).data["areas"] == as_data(cast.version)["areas"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["validate", "/nowhere/mark.yaml"], "cannot be read"),
        (["import", "GOOD", "--network", "east"], "There is no network east. Known: north, south"),
        (["export", "out.txt", "--network", "north"], "Say what to write"),
        (["export", "out.yaml", "--network", "north", "--number", "9"], "Known: 1 (Published)"),
        (["export", "out.yaml", "--network", "north", "--framework", "x"], "Known: mark"),
        (["export", "/nowhere/out.yaml", "--network", "north"], "cannot be written"),
    ],
)
def test_a_command_that_is_not_understood_says_what_there_is(cast, good, args, words):
    code, _out, err = run(*[good if word == "GOOD" else word for word in args])
    assert code == 2
    assert words in err


def test_a_bar_is_drawn_only_where_a_person_watches():
    from levelground.frameworks.management.commands.framework import Bar

    class Terminal(io.StringIO):
        def isatty(self):
            return True

        def write(self, text, ending=""):
            return super().write(text + ending)

    seen, unseen = Terminal(), io.StringIO()
    for stream in (seen, unseen):
        bar = Bar(stream, "Writing")
        bar(5, 10)
        bar.end()
    assert "Writing [##############..............] 50 %" in seen.getvalue()
    assert unseen.getvalue() == ""
