"""An archive is believed only when every part of it is what its manifest says."""

import hashlib
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from levelground.config.backup import archive
from levelground.config.backup.progress import Progress
from levelground.foundation.errors import Invalid
from tests.safety.archives import parts, with_manifest, written

QUIET = Progress(None)
PAPER = b"Minutes of the meeting"
NAME = hashlib.sha256(PAPER).hexdigest()
ROWS = [[1, "Ŵyth\n", None], [2, "b", 1.5]]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.zip"
    writer = archive.Writer(path)
    writer.table("things", ["id", "name", "size"], iter(ROWS), QUIET)
    writer.table("nothings", ["id"], iter([]), QUIET)
    writer.document(NAME, io.BytesIO(PAPER))
    writer.finish(
        program="0.1.0", made_at="2026-11-22T10:00:00+00:00", database="sqlite 3", migrations=[("a", "0001")],
        audit=[], missing=[], damaged=[],
    )  # fmt: skip
    writer.publish()
    return path


def everything(path: Path) -> Any:
    with archive.opened(path, QUIET) as backup:
        papers = {sha256: backup.document(sha256).read() for sha256, _size in backup.documents}
        return backup.manifest, {table: list(backup.rows(table)) for table in backup.tables}, papers


def refused(path: Path) -> str:
    """The sentence with which the archive is refused."""
    with pytest.raises(Invalid) as problem, archive.opened(path, QUIET):
        pass
    return str(problem.value)


def test_what_was_written_is_read(good: Path) -> None:
    manifest, tables, papers = everything(good)
    assert (manifest["format"], manifest["migrations"]) == (archive.FORMAT, [["a", "0001"]])
    assert tables == {"things": ROWS, "nothings": []}
    assert papers == {NAME: PAPER}


def test_it_is_an_ordinary_zip_file(good: Path) -> None:
    assert parts(good)[f"documents/{NAME}"] == PAPER
    assert parts(good)["tables/things.jsonl"].decode().splitlines()[1] == '[2,"b",1.5]'


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(tmp_path / "none.zip")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(18)])
def test_another_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert "not a backup of Levelground" in refused(path)


def test_cut_short_at_any_place(good: Path) -> None:
    whole = good.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        good.write_bytes(whole[:length])
        assert "Nothing was written" in refused(good)


def test_a_bit_that_changed_is_found_or_harmless(good: Path) -> None:
    whole, before, dice = good.read_bytes(), everything(good), random.Random(7)
    found = 0
    for _ in range(400):
        place, bit = dice.randrange(len(whole)), 1 << dice.randrange(8)
        good.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        try:
            assert everything(good) == before  # in a field that nobody reads, like a file's time
        except Invalid:
            found += 1
    assert found > 250


@pytest.mark.parametrize(
    "name",
    ["../../evil.sh", "/etc/passwd", "documents/../../evil", "documents/" + "A" * 64, "documents/x", "tables/x.jsonl",
     "C:\\evil", "documents/", "tables/things.jsonl/../x"],
)  # fmt: skip
def test_a_name_that_does_not_belong(good: Path, name: str) -> None:
    assert "not what its manifest says" in refused(written(good, parts(good) | {name: b"evil"}))


def test_a_table_of_an_evil_name(good: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["tables"]["../../evil"] = manifest["tables"].pop("things")

    assert "manifest is not right" in refused(with_manifest(good, change))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice(good: Path) -> None:
    with zipfile.ZipFile(good, "a") as zipped:
        zipped.writestr("tables/things.jsonl", b"[3]\n")
    assert "not what its manifest says" in refused(good)


@pytest.mark.parametrize("name", ["tables/things.jsonl", f"documents/{NAME}", archive.MANIFEST])
def test_a_part_that_is_missing(good: Path, name: str) -> None:
    held = parts(good)
    del held[name]
    assert "manifest" in refused(written(good, held))


def test_other_rows(good: Path) -> None:
    held = parts(good)
    held["tables/things.jsonl"] = held["tables/things.jsonl"].replace(b'"b"', b'"c"')
    assert "rows of things are not those" in refused(written(good, held))


def test_another_document(good: Path) -> None:
    assert "is not the one that was saved" in refused(written(good, parts(good) | {f"documents/{NAME}": b"x" * 22}))


def test_a_document_too_many(good: Path) -> None:
    name = hashlib.sha256(b"more").hexdigest()
    assert "not those of its manifest" in refused(written(good, parts(good) | {f"documents/{name}": b"more"}))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.pop("tables"),
        lambda m: m.update(migrations="all"),
        lambda m: m["tables"]["things"].update(rows=-1),
        lambda m: m["tables"]["things"].update(sha256="x"),
        lambda m: m["documents"].update(missing=[1]),
        lambda m: m.update(format_version="1"),
    ],
)
def test_a_manifest_that_is_not_right(good: Path, change: Any) -> None:
    assert "manifest is not right" in refused(with_manifest(good, change))


@pytest.mark.parametrize("text", [b"{", b"[]", b"[" * 100_000, b"\xff\xfe", b'{"format": "other"}'])
def test_a_manifest_that_is_none(good: Path, text: bytes) -> None:
    assert "Nothing was written" in refused(written(good, parts(good) | {archive.MANIFEST: text}))


def test_an_archive_of_a_newer_format(good: Path) -> None:
    said = refused(with_manifest(good, lambda m: m.update(format_version=2, program="9.1", tables=None)))
    assert "newer version of Levelground (9.1)" in said
    assert "Install that version" in said


def test_a_bomb_is_not_unpacked(good: Path) -> None:
    big = written(good, parts(good) | {"tables/things.jsonl": b"0" * 50_000_000})
    assert big.stat().st_size < 100_000
    assert "unpacks to far more" in refused(big)


def test_a_row_without_end_is_not_read_to_its_end(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_LONGEST_ROW", 1000)
    held = parts(good)
    held["tables/things.jsonl"] = long = json.dumps(["x" * 2000]).encode() + b"\n"
    said = {"columns": ["id"], "rows": 1, "bytes": len(long), "sha256": hashlib.sha256(long).hexdigest()}
    written(good, held)
    path = with_manifest(good, lambda m: m["tables"].update(things=said))
    assert "far too long" in refused(path)


def test_a_locked_archive(good: Path) -> None:
    raw = bytearray(good.read_bytes())
    for place in range(len(raw) - 4):  # the flag "encrypted", in both kinds of header
        if raw[place : place + 4] in (b"PK\x03\x04", b"PK\x01\x02"):
            raw[place + (6 if raw[place + 2] == 3 else 8)] |= 1
    good.write_bytes(raw)
    assert "Nothing was written" in refused(good)


@pytest.mark.parametrize("row", ['{"id": 1}', "[1, 2]", "7", "[" * 5000 + "]" * 5000])
def test_a_row_of_another_shape(good: Path, row: str) -> None:
    held, line = parts(good), f"{row}\n".encode()
    held["tables/things.jsonl"] = line
    said = {"columns": ["a", "b", "c"], "rows": 1, "bytes": len(line), "sha256": hashlib.sha256(line).hexdigest()}
    written(good, held)
    path = with_manifest(good, lambda m: m["tables"].update(things=said))
    with archive.opened(path, QUIET) as backup, pytest.raises((Invalid, RecursionError)):
        list(backup.rows("things"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def write(self, text: str, style_func: Any = None, ending: str = "\n") -> int:  # as Django's wrapper does
        return super().write(text + ending)


def test_a_person_who_watches_sees_how_far_it_is(good: Path) -> None:
    screen, pipe = Terminal(), io.StringIO()
    for stream in (screen, pipe):
        progress = Progress(stream)
        with archive.opened(good, progress):
            progress.end()
    assert "Checking the archive" in screen.getvalue()
    assert "0 %" in screen.getvalue()
    assert pipe.getvalue() == ""
    quiet = Terminal()
    Progress(quiet, wanted=False).begin("x", 1)
    assert quiet.getvalue() == ""
