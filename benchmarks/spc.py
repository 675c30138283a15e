"""Many control charts at once, measured: series a second and peak memory, and ratios against three ways of doing it one
by one, all in one run.

    .venv/bin/python benchmarks/spc.py                       # 1,000, 10,000 and 100,000 series
    .venv/bin/python benchmarks/spc.py --sizes 1000000       # the goal
    .venv/bin/python benchmarks/spc.py --write               # the figures into docs/performance.md

An NHS chart (I, limits at 2.66 mean moving ranges, screened, four rules of Making Data Count) of 36 monthly values per
series. Each size is a process of its own, which reads Parquet and writes Parquet, so that its peak is its own.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
MARKS = ("<!-- figures: series -->", "<!-- end of figures: series -->")
POINTS, PIECE = 36, 20_000
SIZES = (1_000, 10_000, 100_000)


def values_of(series: int, seed: int) -> np.ndarray:
    """Series × 36 values of full precision; every fifth has a new level, so that rules speak."""
    dice = np.random.default_rng(seed)
    found = dice.normal(50, 5, (series, POINTS))
    found[::5, 20:] += 8
    return found


def write_long(path: Path, series: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    months = np.arange("2022-01", "2025-01", dtype="datetime64[M]").astype("datetime64[D]")
    writer = None
    for begin in range(0, series, PIECE):
        count = min(PIECE, series - begin)
        names = pa.array([f"team {number:07}" for number in range(begin, begin + count)])
        table = pa.table(
            {"series": names.take(pa.array(np.repeat(np.arange(count), POINTS))),
             "month": pa.array(np.tile(months, count)), "value": pa.array(values_of(count, begin).ravel())}
        )  # fmt: skip
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


# One by one ----------------------------------------------------------------------------------------------------------


def plain_loop(series: np.ndarray) -> None:
    """The plain per-series NumPy loop: the same chart and rules as anybody would write them for one series."""
    for value in series:
        centre = value.mean()
        ranges = np.abs(np.diff(value))
        width = 2.66 * ranges[ranges < 3.267 * ranges.mean()].mean()
        np.flatnonzero((value > centre + width) | (value < centre - width))
        side, steps = np.sign(value - centre), np.sign(np.diff(value))
        for signs, points in ((side, 7), (steps, 6)):
            windows = np.lib.stride_tricks.sliding_window_view(signs, points)
            np.flatnonzero(np.abs(windows.sum(axis=1)) == points)
        for sign in (1, -1):
            far = np.lib.stride_tricks.sliding_window_view((value - centre) * sign > width * 2 / 3, 3)
            same = np.lib.stride_tricks.sliding_window_view(side == sign, 3)
            np.flatnonzero((far.sum(axis=1) > 1) & same.all(axis=1))


def single_api(series: np.ndarray) -> None:
    from levelground.engines.spc import analyse

    for value in series:
        analyse(value, chart="i", direction="increase")


def statprocon(series: np.ndarray) -> None:
    """Its own three rules: beyond the limits, eight on one side, three of four near a limit."""
    from statprocon import XmR

    for value in series.tolist():
        chart = XmR(value)
        chart.x_to_dict()
        chart.rule_1_x_indices_beyond_limits()
        chart.rule_2_runs_about_central_line()
        chart.rule_3_runs_near_limits()


ONE_BY_ONE: dict[str, tuple[Callable[[np.ndarray], None], int]] = {
    "plain NumPy loop": (plain_loop, 1000), "engines.spc.analyse": (single_api, 200), "statprocon": (statprocon, 200),
}  # fmt: skip


def one_by_one() -> Iterator[tuple[str, float]]:
    """Series a second, the best of three."""
    for name, (work, count) in ONE_BY_ONE.items():
        series = values_of(count, 1)
        work(series[:5])
        times = []
        for _ in range(3):
            begun = time.perf_counter()
            work(series)
            times.append(time.perf_counter() - begun)
        yield name, count / min(times)


# All at once ---------------------------------------------------------------------------------------------------------


def child(source: Path, out: Path) -> None:
    """Analyse one file; print seconds, seconds of processor, and peak megabytes."""
    from levelground.config.batch.work import Outputs, analyse_files
    from levelground.engines.networks.batch import make_plan
    from levelground.engines.networks.block import Columns

    plan = make_plan("i", rules="making_data_count", direction="increase", target=52)
    outputs = Outputs(out, out.with_suffix(".errors"), overwrite=True)
    begun, worked = time.perf_counter(), time.process_time()
    made = analyse_files(source, outputs, Columns(("series",), date="month"), plan)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"series": made.series, "seconds": seconds, "worked": worked, "peak": peak}))


def at_once(folder: Path, sizes: list[int], runs: int) -> Iterator[tuple[int, str, dict[str, float]]]:
    """(series, form, what was measured), the best of the runs."""
    for size in sizes:
        long, packed = folder / "long.parquet", folder / "packed.parquet"
        write_long(long, size)
        pack(long, packed)
        for form, source in (("packed", packed), ("long", long)):
            best = min((measured(source, folder / "out.parquet") for _ in range(runs)), key=lambda m: m["seconds"])
            assert best["series"] == size
            yield size, form, best


def pack(long: Path, packed: Path) -> None:
    from levelground.config.batch.work import pack_files
    from levelground.engines.networks.block import Columns

    pack_files(long, packed, Columns(("series",), date="month"), overwrite=True)


def measured(source: Path, out: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", str(source), str(out)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def report(folder: Path, sizes: list[int], runs: int) -> str:
    alone = dict(one_by_one())
    lines = [
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}. "
        f"Load of the machine when it began: {os.getloadavg()[0]:.1f}. Best of {runs}.",
        "", "| One by one, one core | series/s |", "|---|---:|",
        *(f"| {name} | {rate:,.0f} |" for name, rate in alone.items()),
        "", "| Series | Form | s | Processor s | series/s | Peak MB | × plain loop | × engines.spc | × statprocon |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for size, form, best in at_once(folder, sizes, runs):
        seconds, rate = best["seconds"], size / best["seconds"]
        ratios = " | ".join(f"{rate / other:,.0f}" for other in alone.values())
        figures = f"{seconds:.2f} | {best['worked']:.2f} | {rate:,.0f} | {best['peak']:,.0f}"
        lines.append(f"| {size:,} | {form} | {figures} | {ratios} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--child", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(*options.child)
        return
    with tempfile.TemporaryDirectory() as folder:
        text = report(Path(folder), options.sizes, options.runs)
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0], 1)
        PAGE.write_text(f"{before}{MARKS[0]}\n\n{text}\n\n{MARKS[1]}{rest.split(MARKS[1], 1)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
