"""Measure the pages: ``make bench``, or ``make bench ARGS="--postgres postgres://… --write"``.

For SQLite, and for PostgreSQL when it is named: fill a database, serve it with granian and two workers on loopback, and
let 1 and 8 users ask in a closed loop, page after page in turns with the yardsticks. Bounded in time and in number.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import sizes
from benchmarks.load import HOST, Request, Result, loop
from benchmarks.serving import ROOT, WORKERS, memory, server

NOTE = ROOT / "docs" / "performance.md"
START, END = "<!-- figures -->", "<!-- end of figures -->"
USERS, ROUNDS, MOST = (1, 8), 3, 2000
QUERIES, MEGABYTES = 25, 300


@dataclass(frozen=True)
class Page:
    """What is asked for, and the bars it must reach."""

    title: str
    address: str
    yardstick: str = ""
    ratio: float = 0.0
    p95: float = 0.0
    at: tuple[int, ...] = USERS


PAGES = {
    "yardstick table": Page("Yardstick: 156 rows from one query, a plain table", "/yardstick/table/{workbook}/"),
    "yardstick page": Page("Yardstick: the same rows as form fields", "/yardstick/page/{workbook}/"),
    "yardstick write": Page("Yardstick: one durable row", "/yardstick/write/"),
    "workbook": Page("Workbook, all 156 indicators", "{root}all/", "yardstick page", 0.5),
    "overview": Page("Workbook, its themes", "{root}"),
    "theme": Page("Theme page", "{root}theme/{theme}/", p95=60),
    "save": Page("Save one answer", "{root}answer/", "yardstick write", 0.35, 50, (8,)),
    "xlsx": Page("Workbook as XLSX", "{root}spreadsheet/download/", p95=60, at=(1,)),
}


def requests_of(name: str, person: dict[str, Any]) -> Callable[[], Request]:
    """An endless source of one user's requests for one page."""
    path = PAGES[name].address.format(**person)
    cookies = f"sessionid={person['session']}; csrftoken={person['csrf']}"
    headers = {"Cookie": cookies, "X-CSRFToken": person["csrf"], "Accept-Encoding": "identity"}
    turn = iter(range(10**9))

    def next_request() -> Request:
        if name == "save":
            row = person["answers"][next(turn) % len(person["answers"])]
            form = {"indicator": row[0], "version": row[1], "value": "not_yet" if row[2] == "met" else "met"}
            row[1], row[2] = row[1] + 1, form["value"]
            return Request(path, headers, {**form, "reason": ""})
        if name == "yardstick write":
            return Request(path, headers, {"text": "one row"})
        return Request(path, headers)

    return next_request


# One database ---------------------------------------------------------------------------------------------------------


@dataclass
class Measured:
    database: str
    results: dict[tuple[str, int], Result]
    queries: dict[str, int]
    megabytes: list[float]


def measure(database: str, url: str, folder: Path, seconds: float) -> Measured:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "DATABASE_URL": url, "PYTHONPATH": str(ROOT),
        "LEVELGROUND_VAR": str(folder), "LEVELGROUND_DEMO": "yes", "LEVELGROUND_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    addresses = {name: page.address for name, page in PAGES.items() if not name.startswith("yardstick")}
    command = [sys.executable, "-m", "benchmarks.prepare", str(max(USERS)), json.dumps(addresses)]
    print(f"{database}: filling the database…", file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{database}: the database could not be filled.")
    known = json.loads(done.stdout.splitlines()[-1])
    people = known["people"]
    results: dict[tuple[str, int], Result] = {}
    with server(environment) as (port, master):
        for users in USERS:
            chosen = {name: [requests_of(name, person) for person in people[:users]] for name in PAGES}
            for name in PAGES:
                loop(port, chosen[name], seconds=0.5, most=50)
            for turn in range(ROUNDS):
                print(f"{database}: {users} users, round {turn + 1} of {ROUNDS}…", file=sys.stderr, flush=True)
                for name in PAGES:
                    seen = loop(port, chosen[name], seconds=seconds, most=MOST)
                    if seen.refused:
                        sys.exit(f"{database}: {seen.refused[0]} ({len(seen.refused)} of {len(seen.seconds)})")
                    results.setdefault((name, users), Result()).add(seen)
        megabytes = memory(master)
    queries = {**dict.fromkeys(PAGES, 1), **known["queries"]}
    return Measured(database, results, queries, megabytes)


# The report -----------------------------------------------------------------------------------------------------------


def verdicts(measured: Measured, name: str, users: int) -> Iterator[str]:
    """Each bar of a page with what was measured: met, or by how much not."""
    page, result = PAGES[name], measured.results[name, users]
    if users not in page.at:
        return
    if page.ratio:
        share = result.rate / measured.results[page.yardstick, users].rate
        yield f"{share:.2f} × yardstick (bar {page.ratio}): {'met' if share >= page.ratio else 'not met'}"
    if page.yardstick == "yardstick page":
        yield f"{result.rate / measured.results['yardstick table', users].rate:.2f} × the plain table"
    if page.p95:
        p95 = result.percentile(0.95)
        yield f"p95 {p95:.0f} ms (bar {page.p95:.0f}): {'met' if p95 < page.p95 else 'not met'}"


def report(measured: list[Measured], seconds: float, before: float) -> str:
    lines = [
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}. Load of the machine when "
        f"it began: {before:.1f}. Each figure is from {ROUNDS} rounds of {seconds:g} s, in turns with the yardsticks."
    ]
    for one in measured:
        lines += ["", f"### {one.database}", ""]
        lines += ["| Page | Users | p50 ms | p95 ms | p99 ms | req/s | kB | Queries | Bars |"]
        lines += ["|---|---:|---:|---:|---:|---:|---:|---:|---|"]
        for (name, users), result in one.results.items():
            times = " | ".join(f"{result.percentile(share):.1f}" for share in (0.5, 0.95, 0.99))
            bars = "; ".join(verdicts(one, name, users))
            lines.append(
                f"| {PAGES[name].title} | {users} | {times} | {result.rate:.0f} | {result.size / 1000:.0f} "
                f"| {one.queries[name]} | {bars} |"
            )
        most, total = max(one.queries.values()), sum(one.megabytes)
        lines += [
            "",
            f"Most queries on a page: {most} (bar {QUERIES}): {'met' if most <= QUERIES else 'not met'}. "
            f"Memory of the {WORKERS} workers: {' + '.join(f'{m:.0f}' for m in one.megabytes)} = {total:.0f} MB "
            f"(bar {MEGABYTES}): {'met' if total < MEGABYTES else 'not met'}.",
        ]
    return "\n".join(lines)


def into_note(text: str) -> None:
    """Put the figures between the two marks of docs/performance.md."""
    note = NOTE.read_text(encoding="utf-8")
    before, _, rest = note.partition(START)
    _, _, after = rest.partition(END)
    NOTE.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


@contextmanager
def postgres(url: str) -> Iterator[str]:
    """A database of its own on that server, dropped afterwards."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    name = f"levelground_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    parts = conninfo_to_dict(url)
    sign_in = parts.get("user", "") + (f":{parts['password']}" if parts.get("password") else "")
    try:
        yield f"postgres://{sign_in}@{parts.get('host', HOST)}:{parts.get('port', 5432)}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def at_size(members: int, seconds: float) -> sizes.Size:
    folder = Path(tempfile.mkdtemp(prefix="levelground-bench-"))
    try:
        return sizes.measure(members, folder, f"sqlite:///{folder / 'bench.sqlite3'}", seconds)
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", metavar="URL", help="measure on this server too, in a database of its own")
    parser.add_argument(
        "--sizes", default="", help="also the pages that could grow, for so many members: 1,100,1000,10000"
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a round of one page (default: 2)")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    given = parser.parse_args()
    seconds = min(max(given.seconds, 0.2), 30)
    before = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="levelground-bench-"))
    try:
        measured = [measure("SQLite", f"sqlite:///{folder / 'bench.sqlite3'}", folder, seconds)]
        if given.postgres:
            with postgres(given.postgres) as url:
                measured.append(measure("PostgreSQL", url, folder, seconds))
    finally:
        shutil.rmtree(folder)
    text = report(measured, seconds, before)
    if given.sizes:
        text += "\n\n" + sizes.report([at_size(int(size), seconds) for size in given.sizes.split(",")], seconds)
    print(text)
    if given.write:
        into_note(text)


if __name__ == "__main__":
    main()
