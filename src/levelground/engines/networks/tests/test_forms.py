"""The forms in which a table of series may come, and what it may not be."""

import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from levelground.engines.networks.batch import Columns, analyse_table, make_plan
from levelground.engines.networks.block import ColumnError, is_packed
from levelground.engines.spc import OptionError

PLAN = make_plan("i", direction="increase")
KEY = Columns(("key",))
DATED = Columns(("key",), date="day")


def rows(table: pa.Table, columns: Columns = KEY, plan=PLAN) -> list[dict]:
    return analyse_table(table, columns, plan).series.to_pylist()


LISTS = [
    pa.list_(pa.float64()), pa.large_list(pa.float64()), pa.list_(pa.float64(), 3), pa.list_(pa.int32()),
    pa.list_(pa.float32()), pa.list_(pa.decimal128(5, 1)),
]  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_every_kind_of_list(kind: pa.DataType) -> None:
    number = Decimal if pa.types.is_decimal(kind.value_type) else int
    values = pa.array([[number(n) for n in one] for one in ([1, 2, 6], [4, 4, 4])], kind)
    assert [row["centre"] for row in rows(pa.table({"key": ["a", "b"], "value": values}))] == [3, 4]


def test_a_missing_list_is_a_series_without_points() -> None:
    table = pa.table({"key": ["a", "b"], "value": pa.array([None, [1.0, 2.0]])})
    assert [(row["status"], row["rows"]) for row in rows(table)] == [("no_data", 0), ("too_few", 2)]


def test_a_slice_and_several_chunks_read_like_a_whole() -> None:
    table = pa.table({"key": list("abcdef"), "value": [[float(n), n + 1.0, n + 5.0] for n in range(6)]})
    chunks = pa.concat_tables([table.slice(1, 2), table.slice(3, 2)])
    assert rows(chunks) == rows(table)[1:5]


def test_series_of_very_different_lengths() -> None:
    lengths = [1, 2, 500, 3, 36, 36, 90, 300]
    table = pa.table({"key": range(len(lengths)), "value": [np.arange(n, dtype=float) for n in lengths]})
    found = rows(table)
    assert [row["rows"] for row in found] == lengths
    assert [row["centre"] for row in found] == [(n - 1) / 2 for n in lengths]
    # A run of 500 and 300 points: more than a byte can count.
    assert [row["trend_signals"] for row in found] == [int(n >= 7) for n in lengths]


@pytest.mark.parametrize(
    "days",
    [
        ["2024-01-05", "2024-02-05", "2024-03-05"],
        ["05/01/2024", "05/02/2024", "05/03/2024"],
        ["2024-01-05T10:00:00", "2024-02-05T10:00:00", "2024-03-05T10:00:00"],
        ["2024-01", "2024-02", "2024-03"],
        ["1", "2", "10"],
        [1, 2, 10],
        [0.5, 1.5, 2.5],
        [datetime.datetime(2024, 1, 1, 9), datetime.datetime(2024, 1, 1, 10), datetime.datetime(2024, 1, 2)],
    ],
)  # fmt: skip
def test_every_kind_of_date(days: list) -> None:
    table = pa.table({"key": ["a"] * 3, "day": days, "value": [1.0, 2.0, 6.0]})
    answer = analyse_table(table, DATED, PLAN)
    assert answer.errors.to_pylist() == []
    back = analyse_table(table.take([2, 1, 0]), DATED, PLAN)
    assert back.errors.column("reason").to_pylist() == ["unsorted"]


def test_text_dates_come_out_as_dates() -> None:
    table = pa.table({"key": ["a"] * 2, "day": ["05/01/2024", "05/02/2024"], "value": [1.0, 2.0]})
    assert rows(table, DATED)[0]["latest_at"] == datetime.date(2024, 2, 5)


def test_text_values_as_people_write_them() -> None:
    table = pa.table({"key": ["a"] * 5, "value": [" 1.5", "NA", "", "+2", "1e1"]})
    row = rows(table)[0]
    assert (row["points"], row["centre"], row["latest"]) == (3, 4.5, 10)


def test_keys_of_several_columns_with_nothing_in_them() -> None:
    table = pa.table({"a": [None, None, "x", "x"], "b": pa.array([1, 2, 2, None]), "value": [1.0, 2.0, 3.0, 4.0]})
    found = rows(table, Columns(("a", "b")))
    assert [(row["a"], row["b"], row["centre"]) for row in found] == [
        (None, 1, 1), (None, 2, 2), ("x", 2, 3), ("x", None, 4),
    ]  # fmt: skip


def test_a_dictionary_that_holds_a_word_twice_does_not_cut_a_series() -> None:
    key = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2]), pa.array(["a", "a", "b"]))
    assert [row["rows"] for row in rows(pa.table({"key": key, "value": [1.0, 2.0, 3.0]}))] == [2, 1]


def test_what_is_no_table_of_series_is_said() -> None:
    with pytest.raises(ColumnError, match=r"no column key, value. The columns are: a"):
        is_packed(pa.schema([("a", pa.int8())]), KEY)
    with pytest.raises(ColumnError, match="lists"):
        is_packed(pa.schema([("key", pa.int8()), ("day", pa.date32()), ("value", pa.list_(pa.float64()))]), DATED)
    with pytest.raises(ColumnError, match="one value each"):
        is_packed(pa.schema([("key", pa.list_(pa.int8())), ("value", pa.list_(pa.float64()))]), KEY)


NOT_OFFERED = [
    {"chart": "xbar"}, {"chart": "i", "rules": "wheeler"}, {"chart": "i", "multiply": 0},
    {"chart": "i", "profile": "qicharts2"}, {"chart": "i", "direction": "up"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", NOT_OFFERED)
def test_what_is_not_offered_is_refused(wrong: dict) -> None:
    with pytest.raises(OptionError):
        make_plan(**wrong)
