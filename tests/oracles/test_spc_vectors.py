"""Our answers against what R's programs say: every public vector, by the public API alone."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from levelground.engines.spc import constants, runs, tables

from .answer import answer, cases
from .compare import differences

HERE = Path(__file__).parent
VECTORS = HERE / "spc"
BESIDE = HERE.parents[2] / "shared" / "reference" / "spc"  # beside the project's root; not part of the project
FILES = ("qic_cases.jsonl", "nhs_cases.jsonl", "rules_cases.jsonl")

# Where the peer's answer is an accident, a profile still gives it, and our own choice has a test of its own in
# src/levelground/engines/spc/tests/test_choices.py. No case may join these without one.
ACCIDENTS = {"Q029", "Q045", "Q057", "N016", "N027", "N043", "N050"}


def read(folder: Path) -> list[dict]:
    return [case for name in FILES for case in cases(folder / name)]


@pytest.mark.requirement("AMHE-34")
@pytest.mark.parametrize("case", read(VECTORS), ids=lambda case: case["id"])
def test_our_answer_is_the_references(case):
    assert differences(answer(case)["expected"], case["expected"]) == []


@pytest.mark.skipif(not BESIDE.exists(), reason="no ../shared/reference/spc beside the project: GPL-3 data stay there")
def test_our_answers_to_the_cases_whose_data_are_gpl():
    found = [case for case in read(BESIDE) if "GPL" in case["licence"]]
    assert len(found) == 19
    wrong = {case["id"]: differences(answer(case)["expected"], case["expected"]) for case in found}
    assert {name: lines for name, lines in wrong.items() if lines} == {}


def test_no_data_under_gpl_is_in_the_project():
    assert [case["id"] for case in read(VECTORS) if "GPL" in case["licence"]] == []


def test_the_accidents_are_those_that_the_vectors_name():
    tagged = {c["id"] for c in read(VECTORS) if any(tag.startswith(("peer_quirk", "peer_error")) for tag in c["tags"])}
    assert tagged == ACCIDENTS


def test_a_wrong_answer_would_be_seen():
    case = next(case for case in read(VECTORS) if case["id"] == "Q021")
    ours = answer(case)["expected"]
    ours["ucl"][3] *= 1 + 1e-7
    ours["sigma_signal"][0] = 0
    ours["parts"][0]["n_crossings"] += 1
    assert len(differences(ours, case["expected"])) == 3
    assert differences({"error": "code"}, case["expected"]) != []
    assert differences(answer(case)["expected"], {"error": "text"}) != []


def table(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_limits_of_runs():
    rows = table("runs_limits.csv")
    assert len(rows) == 500
    ours = [(n, runs.longest_run_max(n), runs.crossings_min(n)) for n in range(1, 501)]
    assert ours == [tuple(map(int, row.values())) for row in rows]


def test_boxes():
    rows = [tuple(map(int, row.values())) for row in table("runs_boxes.csv")]
    assert len(rows) == 91
    assert [(n, *tables.BOXES[n]) for n in range(10, 101)] == rows


def test_constants():
    rows = table("constants.csv")
    n = np.array([int(row["n"]) for row in rows])
    ours = {
        "c4": constants.c4(n), "c5": constants.c5(n), "A3": constants.a3(n), "A3_2sigma": constants.a3(n, 2),
        "B3": constants.b3(n), "B3_2sigma": constants.b3(n, 2), "B4": constants.b4(n), "B4_2sigma": constants.b4(n, 2),
    }  # fmt: skip
    for name, values in ours.items():
        theirs = [float(row[name]) for row in rows]
        assert values == pytest.approx(theirs, rel=1e-8, abs=1e-12), name
    assert np.isnan(constants.c4([0, 1])).all()
    assert constants.c4(100_000) == pytest.approx(1, abs=1e-5)  # the plain gamma function overflows from 343


def test_answer_is_a_program(tmp_path):
    """Other people run it on their own cases: one line of JSON per case, and an error is an answer."""
    file = tmp_path / "cases.jsonl"
    wanted = [case for case in read(VECTORS) if case["id"] in {"Q019", "Q027", "N016", "R014"}]
    file.write_text("\n".join(json.dumps(case) for case in wanted) + "\n\n", encoding="utf-8")
    done = subprocess.run([sys.executable, HERE / "answer.py", file], capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == [case["id"] for case in wanted]
    for ours, case in zip(answers, wanted, strict=True):
        assert differences(ours["expected"], case["expected"]) == []
