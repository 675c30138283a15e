"""``levelground analyse``: every way of reading, what is left out, what is written, and what a failed run leaves."""

import datetime
import io
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.feather as feather
import pyarrow.ipc as ipc
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from levelground.config.batch import sinks, sources
from levelground.engines.spc import analyse

pytestmark = pytest.mark.requirement("AMHE-34")

NAMED = ("--key", "team,measure", "--date", "month")
I_CHART = ("--chart", "i", "--direction", "increase", "--target", "12")


def rows_of(series: int = 7, length: int = 20) -> list[dict[str, Any]]:
    dice = random.Random(5)
    return [
        {"team": f"{team:03}", "measure": "waits", "month": datetime.date(2020 + i // 12, i % 12 + 1, 1),
         "value": float(round(dice.gauss(10, 2), 1))}
        for team in range(series) for i in range(length)
    ]  # fmt: skip


def long_table(rows: list[dict[str, Any]]) -> pa.Table:
    kinds = [("team", pa.string()), ("measure", pa.string()), ("month", pa.date32()), ("value", pa.float64())]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def run(*arguments: object) -> None:
    call_command("analyse", *map(str, arguments))


def answers(path: Path) -> list[dict[str, Any]]:
    return pq.read_table(path).to_pylist()


def stream(table: pa.Table, path: Path) -> None:
    with ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table)


WRITERS = {
    "a.parquet": pq.write_table, "a.csv": csv.write_csv, "a.arrow": feather.write_feather, "a.arrows": stream,
}  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("points", [15, 720_000])
def test_every_kind_of_file_gives_the_same_answers(
    name: str, points: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fewer points in a piece than a series has: it must be put together again.
    monkeypatch.setattr(sources, "POINTS", points)
    monkeypatch.setattr(sources, "CSV_BYTES", 600 if points == 15 else 1 << 20)
    rows = rows_of()
    WRITERS[name](long_table(rows), tmp_path / name)
    run(tmp_path / name, tmp_path / "out.parquet", *NAMED, *I_CHART)
    found = answers(tmp_path / "out.parquet")
    assert [row["team"] for row in found] == [f"{n:03}" for n in range(7)], "in order, and with their leading zeros"
    for row in found:
        one = [r for r in rows if r["team"] == row["team"]]
        result = analyse(
            [r["value"] for r in one], x=[r["month"] for r in one], chart="i", direction="increase", target=12
        )
        assert row["centre"] == pytest.approx(float(result.centre[-1]), rel=1e-12)
        assert row["status"] == result.verdict.status
        assert row["latest_at"] == one[-1]["month"]
    assert answers(tmp_path / "out.errors.parquet") == []


def test_packed_first_gives_the_same_answers(tmp_path: Path) -> None:
    pq.write_table(long_table(rows_of(30)), tmp_path / "long.parquet")
    run(tmp_path / "long.parquet", tmp_path / "packed.parquet", *NAMED, "--pack")
    packed = pq.read_table(tmp_path / "packed.parquet")
    assert len(packed) == 30
    assert pa.types.is_list(packed.schema.field("month").type)
    feather.write_feather(packed, tmp_path / "packed.arrow")
    for name in ("long.parquet", "packed.parquet", "packed.arrow"):
        run(tmp_path / name, tmp_path / f"{name}.out", *NAMED, *I_CHART)
    first, *others = (answers(tmp_path / f"{n}.out") for n in ("long.parquet", "packed.parquet", "packed.arrow"))
    assert others == [first, first]


def test_a_folder_is_read_in_the_order_of_names_and_a_series_may_go_on_in_the_next_file(tmp_path: Path) -> None:
    folder, table = tmp_path / "in", long_table(rows_of(5))
    folder.mkdir()
    pq.write_table(table, tmp_path / "whole.parquet")
    pq.write_table(table.slice(0, 30), folder / "1.parquet")
    csv.write_csv(table.slice(30, 35), folder / "2.csv")
    feather.write_feather(table.slice(65), folder / "3.arrow")
    (folder / "_SUCCESS").write_text("")
    (folder / ".half.parquet").write_text("")
    for path in (folder, tmp_path / "whole.parquet"):
        run(path, tmp_path / "out.parquet", *NAMED, *I_CHART, "--overwrite")
        found = answers(tmp_path / "out.parquet")
        assert [row["rows"] for row in found] == [20] * 5
        assert found[1]["latest_at"] == datetime.date(2021, 8, 1)


def test_one_row_per_point(tmp_path: Path) -> None:
    rows = rows_of(3)
    pq.write_table(long_table(rows), tmp_path / "a.parquet")
    run(tmp_path / "a.parquet", tmp_path / "out.parquet", *NAMED, *I_CHART, "--points", tmp_path / "points.parquet")
    found = answers(tmp_path / "points.parquet")
    assert [(r["team"], r["x"], r["value"]) for r in found] == [(r["team"], r["month"], r["value"]) for r in rows]
    assert all(row["lcl"] < row["centre"] < row["ucl"] for row in found)


BAD = {
    "k out of nothing": ({"n": "0"}, "u", "events_without_denominator"),
    "more than all": ({"n": "1"}, "p", "more_than_denominator"),
    "below nothing": ({"y": "-1"}, "u", "negative_count"),
    "a negative share": ({"n": "-4"}, "u", "negative_denominator"),
    "infinite": ({"y": "inf"}, "u", "not_numeric"),
    "too large": ({"y": "1e999"}, "u", "not_finite"),
    "a word": ({"y": "many"}, "p", "not_numeric"),
    "no date": ({"month": "soon"}, "p", "no_date"),
    "twice": ({"month": "2020-04"}, "p", "repeated"),
    "back in time": ({"month": "2019-01"}, "p", "unsorted"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_series_is_named_with_its_reason_and_the_rest_goes_on(case: str, tmp_path: Path) -> None:
    change, chart, reason = BAD[case]
    lines = ["team,month,y,n"]
    for team in ("good", "bad", "also good"):
        for month in range(1, 13):
            row = {"month": f"2020-{month:02}", "y": "3", "n": "20"}
            row |= change if team == "bad" and month == 5 else {}
            lines.append(f"{team},{row['month']},{row['y']},{row['n']}")
    (tmp_path / "a.csv").write_text("\n".join(lines))
    with pytest.raises(SystemExit) as stop:
        run(tmp_path / "a.csv", tmp_path / "out.parquet", "--key", "team", "--date", "month", "--value", "y",
            "--denominator", "n", "--chart", chart)  # fmt: skip
    assert stop.value.code == 3
    assert [row["team"] for row in answers(tmp_path / "out.parquet")] == ["good", "also good"]
    assert answers(tmp_path / "out.errors.parquet") == [{"team": "bad", "reason": reason, "row": 4}]


def test_lists_of_different_lengths_are_an_error_of_their_series(tmp_path: Path) -> None:
    table = pa.table({"key": [1, 2], "value": [[1.0, 2.0], [1.0, 2.0]], "day": [[1, 2], [1]]})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(SystemExit):
        run(tmp_path / "a.parquet", tmp_path / "out.parquet", "--key", "key", "--date", "day", "--chart", "i")
    assert answers(tmp_path / "out.errors.parquet") == [{"key": 2, "reason": "different_lengths", "row": None}]
    assert [row["key"] for row in answers(tmp_path / "out.parquet")] == [1]


def test_a_series_in_two_places_gets_no_answer_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "POINTS", 25)
    rows = rows_of(4)
    rows = [*rows[:70], *rows[:5], *rows[70:]]  # five rows of the first series stand among the last
    rows[60]["value"] = float("inf")
    pq.write_table(long_table(rows), tmp_path / "a.parquet")
    with pytest.raises(SystemExit):
        run(tmp_path / "a.parquet", tmp_path / "out.parquet", *NAMED, *I_CHART, "--points", tmp_path / "p.parquet")
    assert [row["team"] for row in answers(tmp_path / "out.parquet")] == ["001", "002"]
    assert {row["team"] for row in answers(tmp_path / "p.parquet")} == {"001", "002"}
    found = {row["team"]: row["reason"] for row in answers(tmp_path / "out.errors.parquet")}
    assert found == {"000": "series_in_two_places", "003": "series_in_two_places"}


def test_each_series_may_have_its_own_target_and_direction(tmp_path: Path) -> None:
    table = pa.table(
        {"key": ["a", "b", "c", "d"], "value": [[5.0] * 20] * 4, "aim": [5.0, 9.0, 9.0, None],
         "good": ["increase", "increase", "decrease", "sideways"]}
    )  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(SystemExit):
        run(tmp_path / "a.parquet", tmp_path / "out.parquet", "--key", "key", "--chart", "i", "--target-column", "aim",
            "--direction-column", "good")  # fmt: skip
    found = {row["key"]: row["assurance"] for row in answers(tmp_path / "out.parquet")}
    assert found == {"a": "consistent_pass", "b": "consistent_fail", "c": "consistent_pass"}
    assert [row["reason"] for row in answers(tmp_path / "out.errors.parquet")] == ["direction"]


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_without_rows_gives_files_without_rows(name: str, tmp_path: Path) -> None:
    WRITERS[name](long_table([]), tmp_path / name)
    run(tmp_path / name, tmp_path / "out.parquet", *NAMED, *I_CHART)
    made = pq.read_table(tmp_path / "out.parquet")
    assert len(made) == 0
    assert {"team", "measure", "centre", "status"} <= set(made.column_names)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere.parquet", *NAMED, *I_CHART), "There is no file or folder"),
        (("a.parquet", "--key", "tram", *I_CHART), "There is no column tram. The columns are: team, measure, month"),
        (("broken.parquet", *NAMED, *I_CHART), "cannot be read"),
        (("empty.csv", *NAMED, *I_CHART), "is empty"),
        (("a.txt", *NAMED, *I_CHART), "is of no known kind"),
        (("folder", *NAMED, *I_CHART), "holds no file"),
    ],
)
def test_what_stops_a_run_is_one_sentence_and_leaves_nothing(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(long_table(rows_of(2)), tmp_path / "a.parquet")
    (tmp_path / "broken.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-9])
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SystemExit) as stop:
        run(tmp_path / arguments[0], tmp_path / "out.parquet", *arguments[1:])
    assert stop.value.code == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("wrong", [("--chart", "g"), ("--chart", "i", "--rules", "nelson"), ("--chart", "p"), ()])
def test_what_is_not_offered_is_said(wrong: tuple[str, ...], tmp_path: Path) -> None:
    pq.write_table(long_table(rows_of(2)), tmp_path / "a.parquet")
    with pytest.raises(CommandError):
        run(tmp_path / "a.parquet", tmp_path / "out.parquet", *NAMED, *wrong)
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_an_answer_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "POINTS", 25)
    monkeypatch.setattr(sinks, "GROUP", 1)
    pq.write_table(long_table(rows_of(9)), tmp_path / "a.parquet")
    out = tmp_path / "out.parquet"
    out.write_text("yesterday's")
    with pytest.raises(SystemExit):
        run(tmp_path / "a.parquet", out, *NAMED, *I_CHART)  # without --overwrite
    whole, seen = sources.Source.pieces, []

    def breaks(self: sources.Source) -> Any:
        for number, piece in enumerate(whole(self)):
            if number == 5:
                seen.extend(path.name for path in tmp_path.iterdir() if path.name.endswith(".part"))
                raise OSError(28, "No space left on device")
            yield piece

    monkeypatch.setattr(sources.Source, "pieces", breaks)
    with pytest.raises(SystemExit):
        run(tmp_path / "a.parquet", out, *NAMED, *I_CHART, "--overwrite")
    assert seen, "there was a half-written file"
    assert out.read_text() == "yesterday's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "out.parquet"]


def test_what_is_read_is_never_written_over(tmp_path: Path) -> None:
    pq.write_table(long_table(rows_of(2)), tmp_path / "a.parquet")
    for extra in (I_CHART, ("--pack",)):
        with pytest.raises(SystemExit):
            run(tmp_path / "a.parquet", tmp_path / "a.parquet", *NAMED, *extra, "--overwrite")
    assert len(pq.read_table(tmp_path / "a.parquet")) == 40


def test_a_bar_moves_on_a_terminal(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    pq.write_table(long_table(rows_of(2)), tmp_path / "a.parquet")
    screen = Terminal()
    call_command("analyse", str(tmp_path / "a.parquet"), str(tmp_path / "out.parquet"), *NAMED, *I_CHART, stderr=screen)
    assert "█" * 30 + " 2 series, 0 s left" in screen.getvalue()


def test_json_for_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(long_table(rows_of(2)), tmp_path / "a.parquet")
    run(tmp_path / "a.parquet", tmp_path / "out.parquet", *NAMED, *I_CHART, "--json")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "series": 2, "points": 0, "errors": {}}


def test_the_site_starts_without_pyarrow() -> None:
    code = (
        "import sys, django; django.setup(); import levelground.config.urls, levelground.config.wsgi; "
        "from django.core.management import load_command_class, get_commands; "
        "[load_command_class(a, name) for name, a in get_commands().items() if str(a).startswith('levelground')]; "
        "sys.exit('pyarrow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
