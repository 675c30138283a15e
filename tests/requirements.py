"""Which tests prove which requirement: checks the ids that tests cite, and writes the outcomes when asked to.

``pytest --requirements FILE`` leaves a JSON object there: requirement → test → "passed" or "failed" (or "skipped").
``tools/requirements.py`` makes docs/requirements.md of it.
"""

import csv
import json
from pathlib import Path

import pytest

KNOWN = Path(__file__).with_name("requirements.csv")
PROPERTY = "requirement"
RANK = ["passed", "skipped", "failed"]


def titles() -> dict[str, str]:
    """Every numbered requirement, in order, with a short title."""
    with KNOWN.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row["title"] for row in csv.DictReader(stream)}


class Outcomes:
    """Gathers the outcome of each test that cites a requirement; the worst of its phases and parameters counts."""

    def __init__(self, target: Path):
        self.target = target
        self.found: dict[str, dict[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        test = report.nodeid.split("[")[0]
        for name, value in report.user_properties:
            if name == PROPERTY:
                tests = self.found.setdefault(str(value), {})
                tests[test] = max(tests.get(test, RANK[0]), report.outcome, key=RANK.index)

    def pytest_sessionfinish(self) -> None:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.target.write_text(json.dumps(self.found, indent=1, sort_keys=True))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements", type=Path, metavar="FILE", help="Write which requirement which test proved.")


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("--requirements")
    if target and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Outcomes(target))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = titles()
    for item in items:
        for mark in item.iter_markers("requirement"):
            if unknown := set(mark.args) - set(known):
                raise pytest.UsageError(f"{item.nodeid} cites {', '.join(sorted(unknown))}: not in {KNOWN.name}.")
            item.user_properties.extend((PROPERTY, number) for number in mark.args)
