"""``levelground workbook export|import``."""

import json

import pytest
from django.core.management import CommandError, call_command

from levelground.assessments import services
from levelground.assessments.models import Action, Answer, AnswerChange
from levelground.frameworks.selectors import tree

from .sheet_tools import edited, export, fill, several

WHERE = ("--organisation", "alder", "--framework", "mark")


@pytest.fixture
def filled(cast, tmp_path):
    path = tmp_path / "filled.xlsx"
    path.write_bytes(
        edited(
            export(cast.workbook), several(fill("1.1.1", answer="Met"), fill("1.1.2", answer="Not yet", action="Plan"))
        )
    )
    return path


def run(capsys, *arguments):
    call_command("workbook", *arguments)
    return capsys.readouterr().out


def test_out_and_in(cast, tmp_path, capsys):
    path = tmp_path / "out.xlsx"
    assert json.loads(run(capsys, "export", str(path), *WHERE, "--json"))["bytes"] == path.stat().st_size
    assert "6 rows the same" in run(capsys, "import", str(path), *WHERE, "--by", "alice@test.example")
    assert not AnswerChange.objects.exists()


def test_an_existing_file_is_not_written_over(cast, filled, capsys):
    before = filled.read_bytes()
    with pytest.raises(CommandError, match="--force"):
        run(capsys, "export", str(filled), *WHERE)
    assert filled.read_bytes() == before
    run(capsys, "export", str(filled), *WHERE, "--force", "--language", "cy")
    assert filled.read_bytes() != before


def test_a_dry_run_tells_and_writes_nothing(cast, filled, capsys):
    told = json.loads(run(capsys, "import", str(filled), *WHERE, "--by", "alice@test.example", "--dry-run", "--json"))
    assert [(c["code"], c["kind"], c["answer"]) for c in told["changes"]] == [
        ("1.1.1", "new", "met"),
        ("1.1.2", "new", "not_yet"),
    ]
    assert told["actions"] == [{"code": "1.1.2", "title": "Plan", "due": None, "owner": None}]
    assert (told["dry_run"], told["written"]["answers"]) == (True, 0)
    assert not AnswerChange.objects.exists()


def test_an_import_is_somebodys(cast, filled, capsys):
    assert "2 answers and 1 actions written" in run(capsys, "import", str(filled), *WHERE, "--by", "Alice@test.example")
    assert set(AnswerChange.objects.values_list("by", "source")) == {(cast.alice.pk, "import")}
    assert Action.objects.get().created_by == cast.alice


@pytest.mark.parametrize("email", ["carys@test.example", "bob@test.example", "nobody@test.example"])
def test_who_may_not_import_on_the_website_may_not_here(cast, filled, capsys, email):
    with pytest.raises(CommandError, match="may not import"):
        run(capsys, "import", str(filled), *WHERE, "--by", email)
    assert not AnswerChange.objects.exists()


def test_conflicts_keep_the_workbook_and_say_so_by_the_exit_code(cast, filled, capsys):
    services.save_answer(
        workbook=cast.workbook, indicator=tree(cast.version).indicator("1.1.1")[1], value="not_yet", by=cast.carys
    )
    with pytest.raises(SystemExit) as left:
        run(capsys, "import", str(filled), *WHERE, "--by", "alice@test.example")
    assert left.value.code == 3
    assert Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1").value == "not_yet"
    run(capsys, "import", str(filled), *WHERE, "--by", "alice@test.example", "--take-sheet")
    assert Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1").value == "met"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"FILE": "missing.xlsx"}, "Cannot read"),
        ({"alder": "birch"}, "may not import"),
        ({"mark": "other"}, "no workbook"),
    ],
)
def test_what_is_wrong_is_said(cast, filled, capsys, change, says):
    arguments = ["import", str(filled), *WHERE, "--by", "alice@test.example"]
    arguments = [change.get(word, word) for word in arguments]
    if "FILE" in change:
        arguments[1] = change["FILE"]
    with pytest.raises(CommandError, match=says):
        run(capsys, *arguments)


def test_a_file_that_is_no_spreadsheet_is_refused(cast, tmp_path, capsys):
    path = tmp_path / "x.xlsx"
    path.write_text("code,answer")
    with pytest.raises(CommandError, match="not a spreadsheet"):
        run(capsys, "import", str(path), *WHERE, "--by", "alice@test.example")
