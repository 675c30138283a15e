"""Run all the tests and write docs/requirements.md: requirement → tests → passed, failed or none.

``--last`` takes the outcomes of the last run instead of running the tests again.
"""

import argparse
import json
import subprocess
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import CHROMIUM  # noqa: E402  # the path is set first
from tests.requirements import RANK, titles  # noqa: E402  # the path is set first

PAGE = ROOT / "docs" / "requirements.md"
OUTCOMES = ROOT / "var" / "requirements.json"
FAMILIES = {
    "MQM": "Quality mark, workbook and network",
    "QPM": "Advocacy charter and its mark",
    "AMHE": "Equality collaborative",
    "LPF": "Learning together",
    "WM": "What matters",
}


def state(tests: dict[str, str]) -> str:
    """The worst outcome of a requirement's tests; "none" when no test cites it."""
    return max(tests.values(), key=RANK.index, default="none")


def names(tests: dict[str, str]) -> str:
    def short(test: str) -> str:
        path, _, name = test.partition("::")
        return f"`{path.removeprefix('src/levelground/')}` {name}"

    return "<br>".join(short(test) for test in sorted(tests))


def page(found: dict[str, dict[str, str]]) -> str:
    known = titles()
    states = {number: state(found.get(number, {})) for number in known}
    lines = [
        "# Requirements and their tests",
        "",
        "Made by `make requirements`; do not edit. A test cites the requirements that it proves with",
        '`@pytest.mark.requirement("MQM-16")`. The titles are in `tests/requirements.csv`.',
        "",
        "| | passed | failed | none | all |",
        "|---|---|---|---|---|",
    ]
    families = [(family, list(group)) for family, group in groupby(known, key=lambda number: number.split("-")[0])]
    for family, numbers in [*families, ("All", list(known))]:
        count = [states[number] for number in numbers]
        failed = len(count) - count.count("passed") - count.count("none")
        lines.append(f"| {family} | {count.count('passed')} | {failed} | {count.count('none')} | {len(count)} |")
    for family, numbers in families:
        lines += [
            "",
            f"## {FAMILIES[family]}",
            "",
            "| Requirement | What it asks | Tests | State |",
            "|---|---|---|---|",
        ]
        lines += [f"| {n} | {known[n]} | {names(found.get(n, {}))} | {states[n]} |" for n in numbers]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--last", action="store_true", help="do not run the tests again")
    code = 0
    if not parser.parse_args().last:
        command = [sys.executable, "-m", "pytest", "-n", "auto", "--requirements", str(OUTCOMES)]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
    elif not OUTCOMES.exists():
        sys.exit("There is no last run. Leave --last out.")
    if not CHROMIUM:
        sys.exit("No Chromium here, so the browser journeys did not run: docs/requirements.md is left as it was.")
    found = json.loads(OUTCOMES.read_text())
    PAGE.write_text(page(found), encoding="utf-8")
    print(f"docs/requirements.md: {sum(map(bool, found.values()))} of {len(titles())} requirements have a test.")
    return code


if __name__ == "__main__":
    sys.exit(main())
