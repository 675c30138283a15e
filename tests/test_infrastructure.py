"""The tests' own set-up: the network is closed, budgets bite, requirement ids are real, the table tells the truth."""

import csv
import json
import os
import socket
import subprocess
import sys

import pytest
from django.db import connection

from tests import requirements
from tools import requirements as table
from tools.setup import ROOT


def test_the_network_is_closed():
    # pytest-socket warns before it blocks, and a warning fails.
    with socket.socket() as out, pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        out.connect(("192.0.2.1", 80))


def test_this_machine_is_open():
    with socket.socket() as listener, socket.socket() as caller:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        caller.connect(listener.getsockname())


def _ask(times):
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute("SELECT 1")


def test_a_query_budget_counts_and_bites(db, query_budget):
    with query_budget(2) as seen:
        _ask(2)
    assert len(seen) == 2
    with pytest.raises(pytest.fail.Exception, match=r"3 queries, 2 allowed:\n3 × SELECT 1"), query_budget(2):
        _ask(3)


def test_triggers_survive_a_transactional_test(transactional_db):
    """Emptying the tables after this test takes the append-only triggers away for a moment; the next one looks."""
    assert _triggers() > 0


def test_triggers_are_still_there(db):
    assert _triggers() > 0


def _triggers():
    sql = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        return cursor.fetchone()[0]


def test_every_requirement_has_one_title():
    with requirements.KNOWN.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(requirements.titles()) == 237
    assert all(row["title"] for row in rows)


def test_outcomes_and_unknown_ids(tmp_path):
    """In a run of its own: a cited requirement is written down with its worst outcome; an invented id is refused."""
    suite = tmp_path / "test_suite.py"
    suite.write_text(
        "import pytest\n"
        '@pytest.mark.requirement("MQM-01")\n'
        '@pytest.mark.parametrize("n", [1, 2])\n'
        "def test_two(n):\n    assert n == 1\n"
        '@pytest.mark.requirement("MQM-02", "WM-01")\n'
        "def test_good():\n    pass\n"
    )
    target = tmp_path / "out.json"
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "tests.requirements", "-p", "no:cacheprovider", "-c", "/dev/null"]
    command += ["-o", "markers=requirement(ids): x", "--rootdir", str(tmp_path), str(suite)]
    subprocess.run([*command, "--requirements", str(target)], cwd=ROOT, env=alone, capture_output=True, check=False)
    found = json.loads(target.read_text())
    assert {number: list(tests.values()) for number, tests in found.items()} == {
        "MQM-01": ["failed"],
        "MQM-02": ["passed"],
        "WM-01": ["passed"],
    }
    suite.write_text(suite.read_text().replace("WM-01", "WM-99"))
    refused = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    assert refused.returncode == 4 and "cites WM-99" in refused.stderr


def test_the_table_shows_passed_failed_and_none():
    text = table.page(
        {"MQM-01": {"src/levelground/a/tests/test_a.py::test_x": "passed"}, "MQM-02": {"t.py::y": "failed"}}
    )
    lines = {line.split(" | ")[0].strip("| "): line for line in text.splitlines() if line.startswith("| MQM-")}
    assert lines["MQM-01"].endswith("| `a/tests/test_a.py` test_x | passed |")
    assert lines["MQM-02"].endswith("| failed |")
    assert lines["MQM-03"].endswith("|  | none |")
    assert "| MQM | 1 | 1 | 50 | 52 |" in text and "| All | 1 | 1 | 235 | 237 |" in text
