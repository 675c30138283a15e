"""``levelground spc``: one series in three kinds of file, one answer; mistakes are named, with what would be right."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

EXAMPLE = Path(__file__).resolve().parents[2] / "demo" / "seed" / "ae-attendances.csv"


def run(*args: object) -> tuple[int, str, str]:
    """(exit code, standard output, error output)"""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("spc", *map(str, args), stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def rows() -> list[dict[str, str]]:
    lines = [line for line in EXAMPLE.read_text().splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def written(folder: Path, kind: str) -> Path:
    """The example as a file of another kind."""
    path = folder / f"ae.{kind}"
    table = rows()
    if kind == "parquet":
        pq.write_table(pa.table({
            "date": pa.array([row["date"] for row in table]).cast(pa.date32()),
            "breaches": [int(row["breaches"]) for row in table],
        }), path)  # fmt: skip
    elif kind == "jsonl":
        path.write_text("\n".join(json.dumps(row) for row in table))
    elif kind == "packed.jsonl":
        columns = {name: [row[name] for row in table] for name in ("date", "breaches")}
        path.write_text(json.dumps({"id": "ae", "input": columns}) + "\n")
    else:
        path.write_text(EXAMPLE.read_text().replace("2016-04-01", "01/04/2016").replace("3608", '"3,608"'))
    return path


@pytest.mark.requirement("AMHE-15")
def test_the_open_data_example_says_limits_and_verdict_and_draws() -> None:
    code, out, err = run(EXAMPLE, "--value", "breaches", "--direction", "decrease")
    assert (code, err) == (0, "")
    assert "Concern since September 2018: 7 points in a row above the average" in out
    assert {"Upper limit: 6,000", "Average: 4,423", "Lower limit: 2,846", "Points: 36"} <= set(out.splitlines())
    assert out.count("◆") > 10
    assert "Open Government Licence v3.0" in EXAMPLE.read_text().splitlines()[0]


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl", "packed.jsonl"])
def test_every_kind_of_file_gives_the_same(kind: str, tmp_path: Path) -> None:
    common = ("--value", "breaches", "--json")
    one = json.loads(run(EXAMPLE, *common)[1])["series"][0]
    code, out, _err = run(written(tmp_path, kind), *common)
    other = json.loads(out)["series"][0]
    assert code == 0
    assert other["points"] == one["points"]
    assert one["points"][0]["ucl"] == pytest.approx(6000.42977777778)
    assert other["verdict"] == one["verdict"]


def test_pictures_and_points_go_into_files(tmp_path: Path) -> None:
    source = tmp_path / "teams.csv"
    lines = [
        f"2024-{month:02},{team},{month + bonus}" for team, bonus in (("A/B", 0), ("=cmd", 9)) for month in range(1, 13)
    ]
    source.write_text("month,team,value\n" + "\n".join(lines))
    code, out, _err = run(source, "--series", "team", "--svg", tmp_path / "out", "--csv", tmp_path / "points.csv")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["A-B.svg", "cmd.svg"]
    assert str(tmp_path / "out" / "A-B.svg") in out
    for path in (tmp_path / "out").iterdir():
        assert ET.parse(path).getroot().get("role") == "img"
    with (tmp_path / "points.csv").open() as stream:
        table = list(csv.DictReader(stream))
    assert [row["series"] for row in table[::12]] == ["A/B", "'=cmd"]
    assert [float(row["value"]) for row in table[:3]] == [1, 2, 3]


def test_phases_start_at_the_first_point_at_or_after_their_date() -> None:
    code, out, _err = run(EXAMPLE, "--value", "breaches", "--phase", "15/08/2017", "--target", "4000", "--json")
    found = json.loads(out)["series"][0]
    assert code == 0
    assert [phase["start"] for phase in found["phases"]] == [0, 17]
    assert {point["target"] for point in found["points"]} == {4000}


def test_a_target_may_change() -> None:
    _code, out, _err = run(
        EXAMPLE, "--value", "breaches", "--target", "2016-01-01=5", "--target", "2017-01=7", "--json"
    )
    targets = [point["target"] for point in json.loads(out)["series"][0]["points"]]
    assert targets == [5] * 9 + [7] * 27


def test_profile_and_chart_are_taken() -> None:
    given = ("--value", "breaches", "--denominator", "attendances", "--chart", "p", "--format", "share")
    code, out, _err = run(EXAMPLE, *given)
    assert code == 0
    assert "Proportions (p chart)." in out
    assert "Average: 26.5%" in out
    _code, out, _err = run(EXAMPLE, "--value", "breaches", "--profile", "making_data_count")
    assert "Ranges are not screened." in out


def test_the_answer_speaks_welsh() -> None:
    _code, out, _err = run(EXAMPLE, "--value", "breaches", "--direction", "decrease", "--lang", "cy")
    assert "Pryder ers mis Medi 2018: 7 o bwyntiau yn olynol uwchlaw'r cyfartaledd" in out
    assert "Cyfartaledd: 4,423" in out


@pytest.mark.parametrize(
    ("content", "args", "sentence"),
    [
        ("date,y\n2024-01-01,1\n", ["--value", "nope"], "There is no column “nope”. The columns are: date, y."),
        ("date,y\n2024-01-01,1\n", ["--denominator", "N"], "There is no column “N”. The columns are: date, y."),
        (
            "date,score\n2024-01-01,1\n",
            [],
            "Which column holds the values? Say so with --value. The columns are: date,",
        ),
        ("# only a remark\n", [], "There is nothing in "),
        ("date,y\n2024-01-01,1\n2024-02-01,many\n", [], "“many” (line 3) is not a number."),
        ("# x\ndate,y\n2024-01-01,1\n\n2024-02-01,2\n31/02/2024,3\n", [], "“31/02/2024” (line 6) is not a date."),
        ("date,y\n2024-01-01,1,000\n", [], "Line 2 has 3 cells, but there are 2 columns."),
        ("y,y\n1,1\n", [], "Two columns have one name: y, y."),
        (
            "date,y\n2024-01-01,1\n",
            ["--only", "B", "--series", "date"],
            "There is no series “B”. There are: 2024-01-01.",
        ),
        ("date,y\n2024-01-01,1\n", ["--phase", "soon"], "A phase starts at “soon”"),
        ("date,y\n2024-01-01,1\n", ["--target", "1", "--target", "2024-01-01=2"], "A target that changes needs a date"),
        ("date,y\n2024-01-01,1\n", ["--input", "parquet"], "This is not a Parquet file"),
        ("not json\n", ["--input", "jsonl"], "Line 1 is not JSON"),
        ("[1]\n", ["--input", "jsonl"], "Line 1 is not a JSON object with names."),
        ('{"y": [1, 2], "x": [1]}\n', ["--input", "jsonl"], "The lists of line 1 are not of one length."),
    ],
)
def test_a_mistake_is_named(content: str, args: list[str], sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(content)
    code, out, err = run(path, *args)
    assert code == 2
    assert sentence in err
    assert out == ""


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    assert "gone.csv cannot be read: No such file" in run(tmp_path / "gone.csv")[2]
    assert "Say what the file is" in run(tmp_path / "data")[2]
    code, _out, err = run(EXAMPLE, "--value", "breaches", "--csv", tmp_path / "no" / "out.csv")
    assert (code, "out.csv cannot be written" in err) == (2, True)


def test_a_series_that_cannot_be_charted_is_told_and_the_others_are_drawn(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("team,y,n\nA,1,5\nA,7,5\nB,1,5\nB,2,5\n")
    code, out, err = run(path, "--series", "team", "--chart", "p")
    assert code == 1
    assert err.strip() == "A: The numerator is larger than the denominator. Rows: line 3."
    assert out.startswith("B\n")
    code, out, _err = run(path, "--series", "team", "--chart", "p", "--json")
    said = json.loads(out)
    assert (code, said["ok"], said["refused"][0]["series"], len(said["series"])) == (1, False, "A", 1)


def test_an_unknown_chart_is_refused_by_the_command() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'pie'"):
        run(EXAMPLE, "--chart", "pie")
