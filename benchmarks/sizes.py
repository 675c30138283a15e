"""The pages that could grow with the network: ``make bench ARGS="--sizes 1,100,1000,10000"``.

For each size: build the demonstration with so many members, serve it, and let one user ask in a closed loop. A page is
flat when at the largest size it takes at most 1.3 times what it takes with 100 members (medians, each beside the page
yardstick of its own run, so that a machine that has become slower meanwhile does not count).
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import Request, Result, loop
from benchmarks.serving import ROOT, server

FLAT, FROM, QUERIES, ROUNDS, MOST = 1.3, 100, 25, 3, 2000


@dataclass(frozen=True)
class Page:
    title: str
    who: str
    address: str
    flat: bool = False
    p95: float = 0.0


PAGES = {
    "yardstick": Page("Yardstick: 156 rows from one query, as form fields", "lead", "/yardstick/page/{workbook}/"),
    "readiness": Page("Readiness page", "lead", "{readiness}", p95=60),
    "receipt": Page("Receipt", "lead", "{receipt}"),
    "member": Page("Member home", "lead", "{member}", flat=True),
    "theme": Page("Theme page", "lead", "{root}theme/{theme}/", flat=True),
    "workbook": Page("Workbook, all 156 indicators", "lead", "{root}all/", flat=True),
    "save": Page("Save one answer", "lead", "{root}answer/", flat=True),
    "network": Page("Network home", "officer", "{network}", flat=True),
    "list": Page("Member list of a cycle", "officer", "{cycle}", flat=True),
    "overdue": Page("Member list, overdue only", "officer", "{cycle}?show=overdue", flat=True),
    "gaps": Page("Which indicators are most often not met", "officer", "{cycle}gaps/", p95=60),
}


@dataclass
class Size:
    """What was measured at one size."""

    members: int
    results: dict[str, Result]
    queries: dict[str, int]

    def milliseconds(self, name: str) -> float:
        return self.results[name].percentile(0.5)


def _requests(name: str, person: dict[str, Any]) -> Callable[[], Request]:
    path = PAGES[name].address.format(**person)
    cookies = f"sessionid={person['session']}; csrftoken={person['csrf']}"
    headers = {"Cookie": cookies, "X-CSRFToken": person["csrf"], "Accept-Encoding": "identity"}
    turn = iter(range(10**9))

    def next_request() -> Request:
        if name != "save":
            return Request(path, headers)
        row = person["answers"][next(turn) % len(person["answers"])]
        form = {"indicator": row[0], "version": row[1], "value": "not_yet" if row[2] == "met" else "met", "reason": ""}
        row[1], row[2] = row[1] + 1, form["value"]
        return Request(path, headers, form)

    return next_request


def measure(size: int, folder: Path, url: str, seconds: float) -> Size:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
        "LEVELGROUND_VAR": str(folder), "LEVELGROUND_DEMO": "yes", "LEVELGROUND_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    asked = {name: (page.who, page.address) for name, page in PAGES.items() if name != "yardstick"}
    command = [sys.executable, "-m", "benchmarks.prepare_size", str(size), json.dumps(asked)]
    print(f"{size} members: building…", file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{size} members: the network could not be built.")
    known = json.loads(done.stdout.splitlines()[-1])
    results: dict[str, Result] = {name: Result() for name in PAGES}
    with server(environment) as (port, _master):
        asks = {name: [_requests(name, known["people"][page.who])] for name, page in PAGES.items()}
        for name in PAGES:
            loop(port, asks[name], seconds=0.5, most=50)
        for _round in range(ROUNDS):
            for name in PAGES:
                seen = loop(port, asks[name], seconds=seconds, most=MOST)
                if seen.refused:
                    sys.exit(f"{size} members: {seen.refused[0]}")
                results[name].add(seen)
    return Size(known["members"], results, {"yardstick": 1, **known["queries"]})


def _verdicts(sizes: list[Size], name: str) -> list[str]:
    page, largest = PAGES[name], sizes[-1]
    said = []
    base = next((size for size in sizes if size.members >= FROM), None)
    if page.flat and base is not None and base is not largest:
        growth = (largest.milliseconds(name) / largest.milliseconds("yardstick")) / (
            base.milliseconds(name) / base.milliseconds("yardstick")
        )
        said.append(f"{growth:.2f} × that with {base.members} (bar {FLAT}): {'met' if growth <= FLAT else 'not met'}")
    if page.p95:
        p95 = largest.results[name].percentile(0.95)
        said.append(f"p95 {p95:.0f} ms (bar {page.p95:.0f}): {'met' if p95 < page.p95 else 'not met'}")
    return said


def report(sizes: list[Size], seconds: float) -> str:
    heads = [f"{size.members:,}" for size in sizes]
    lines = [
        "### At size (SQLite, one user)",
        "",
        f"Milliseconds: half of the requests / 95 in 100, from {ROUNDS} rounds of {seconds:g} s, by number of members.",
        "",
        f"| Page | {' | '.join(heads)} | Queries | Bars |",
        f"|---|{'---:|' * len(heads)}---:|---|",
    ]
    for name, page in PAGES.items():
        times = " | ".join(f"{s.milliseconds(name):.1f} / {s.results[name].percentile(0.95):.1f}" for s in sizes)
        queries = max(size.queries[name] for size in sizes)
        lines.append(f"| {page.title} | {times} | {queries} | {'; '.join(_verdicts(sizes, name))} |")
    most = max(count for size in sizes for count in size.queries.values())
    lines += ["", f"Most queries on a page: {most} (bar {QUERIES}): {'met' if most <= QUERIES else 'not met'}."]
    return "\n".join(lines)
