"""The archive: a ZIP file that this module writes, checks and reads, and that ordinary tools can open.

    tables/<table>.jsonl   one row a line, as a JSON list
    documents/<sha256>     one file each, under the hash of its content
    manifest.json          written last: what is inside, how much of it, and the hash of each part

Nothing of an archive is believed before ``verify``: names, sizes, counts and hashes must be those of the manifest, and
a name in the archive is never used as a name on the disk.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import jsonschema

from levelground.foundation.errors import Invalid

from .progress import Progress

FORMAT, FORMAT_VERSION = "levelground-backup", 1
MANIFEST = "manifest.json"
SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST_MANIFEST = 16 << 20
_LONGEST_ROW = 64 << 20
_MOST_EXPANSION = 200
_CHUNK = 1 << 20
_LEVEL = 3

_COUNT = {"type": "integer", "minimum": 0}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_HASHES = {"type": "array", "items": _HASH}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_SCHEMA = _object(
    format={"const": FORMAT},
    format_version={"const": FORMAT_VERSION},
    program={"type": "string"},
    made_at={"type": "string"},
    database={"type": "string"},
    migrations={"type": "array", "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
    tables={
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,62}$"},
        "additionalProperties": _object(
            columns={"type": "array", "items": {"type": "string"}}, rows=_COUNT, bytes=_COUNT, sha256=_HASH
        ),
    },
    documents=_object(count=_COUNT, bytes=_COUNT, sha256=_HASH, missing=_HASHES, damaged=_HASHES),
    audit={"type": "array", "items": {"type": "object"}},
)


def _table_name(table: str) -> str:
    return f"tables/{table}.jsonl"


def _list_hash(documents: Iterable[tuple[str, int]]) -> str:
    total = hashlib.sha256()
    for sha256, size in documents:
        total.update(f"{sha256} {size}\n".encode())
    return total.hexdigest()


class Writer:
    """Writes an archive beside its final name; ``publish`` gives it that name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Readable by its owner only: it holds everybody's data.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        self.beside = Path(name)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self._tables: dict[str, dict[str, Any]] = {}
        self._documents: list[tuple[str, int]] = []

    def table(self, name: str, columns: Iterable[str], rows: Iterable[list[Any]], progress: Progress) -> None:
        digest, size, count = hashlib.sha256(), 0, 0
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        with self._zip.open(_table_name(name), "w", force_zip64=True) as out:
            lines = io.BytesIO()

            def flush() -> None:
                nonlocal size
                chunk = lines.getvalue()
                digest.update(chunk)
                out.write(chunk)
                size += len(chunk)
                lines.seek(0)
                lines.truncate()

            for row in rows:
                lines.write(encode(row).encode())
                lines.write(b"\n")
                count += 1
                if lines.tell() >= _CHUNK:
                    flush()
                progress.step()
            flush()
        self._tables[name] = {"columns": list(columns), "rows": count, "bytes": size, "sha256": digest.hexdigest()}

    def document(self, sha256: str, content: BinaryIO) -> None:
        """Take in one file; they must come in the order of their hashes. Its content is known to fit its hash."""
        info = zipfile.ZipInfo(f"documents/{sha256}")  # stored as it is: nearly all kinds are compressed already
        size = 0
        with self._zip.open(info, "w", force_zip64=True) as out:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                out.write(chunk)
        self._documents.append((sha256, size))

    def finish(self, **about: Any) -> None:
        """Write the manifest, and all of it onto the disk."""
        documents = {
            "count": len(self._documents),
            "bytes": sum(size for _sha256, size in self._documents),
            "sha256": _list_hash(self._documents),
            "missing": about.pop("missing"),
            "damaged": about.pop("damaged"),
        }
        manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, **about}
        manifest |= {"tables": self._tables, "documents": documents}
        self._zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def publish(self) -> None:
        self.beside.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(ValueError, OSError):
            self._zip.close()
        self._file.close()
        self.beside.unlink(missing_ok=True)


class Backup:
    """An archive that was verified."""

    def __init__(self, zipped: zipfile.ZipFile, manifest: dict[str, Any], fingerprint: str) -> None:
        self._zip = zipped
        self.manifest = manifest
        self.fingerprint = fingerprint
        self.documents = sorted(_documents_in(zipped))

    @property
    def migrations(self) -> set[tuple[str, str]]:
        return {(app, name) for app, name in self.manifest["migrations"]}

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        return self.manifest["tables"]

    def rows(self, table: str) -> Iterator[list[Any]]:
        for line in _lines(self._zip, table):
            row = json.loads(line)
            if not isinstance(row, list) or len(row) != len(self.tables[table]["columns"]):
                raise _unfit(f"a row of {table} has not the columns that its table has")
            yield row

    def document(self, sha256: str) -> BinaryIO:
        return self._zip.open(f"documents/{sha256}")  # type: ignore[return-value]  # zipfile's streams are binary


def _unfit(what: str) -> Invalid:
    return Invalid(f"This archive cannot be used: {what}. Nothing was written. Take another backup.")


@contextlib.contextmanager
def opened(path: Path, progress: Progress) -> Iterator[Backup]:
    """The archive at ``path`` after a check of every part of it. Raises ``Invalid`` with a sentence."""
    try:
        zipped = zipfile.ZipFile(path)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unfit("it is not a backup of Levelground, or its end is missing") from error
    with zipped:
        try:
            backup = _verified(zipped, path.stat().st_size, progress)
        except _BROKEN as error:
            raise _unfit(f"it is damaged ({error})") from error
        yield backup


# What Python's reader says of bytes that are not as they were written.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, KeyError, ValueError,
    OverflowError,
)  # fmt: skip


def _documents_in(zipped: zipfile.ZipFile) -> Iterator[tuple[str, int]]:
    for info in zipped.infolist():
        folder, _, name = info.filename.partition("/")
        if folder == "documents" and SHA256.fullmatch(name):
            yield name, info.file_size


def _verified(zipped: zipfile.ZipFile, size: int, progress: Progress) -> Backup:
    names = [info.filename for info in zipped.infolist()]
    if MANIFEST not in names:
        raise _unfit("it has no manifest, so it is not a backup of Levelground")
    claimed = sum(info.file_size for info in zipped.infolist())
    if claimed > size * _MOST_EXPANSION:
        raise _unfit("it says that it unpacks to far more than a backup can")
    manifest, fingerprint = _manifest(zipped)
    documents = sorted(_documents_in(zipped))
    expected = [MANIFEST, *map(_table_name, manifest["tables"]), *(f"documents/{sha256}" for sha256, _ in documents)]
    if sorted(names) != sorted(expected):
        strange = sorted(set(names) ^ set(expected)) or ["a name that is there twice"]
        raise _unfit(f"what is inside is not what its manifest says ({strange[0][:80]!r})")
    about = manifest["documents"]
    if (len(documents), _list_hash(documents)) != (about["count"], about["sha256"]):
        raise _unfit("its documents are not those of its manifest")
    backup = Backup(zipped, manifest, fingerprint)
    progress.begin("Checking the archive", sum(said["rows"] for said in manifest["tables"].values()) + len(documents))
    for table, said in manifest["tables"].items():
        _verify_table(zipped, table, said, progress)
    for sha256, length in documents:
        _verify_document(zipped, sha256, length)
        progress.step()
    return backup


def _manifest(zipped: zipfile.ZipFile) -> tuple[dict[str, Any], str]:
    info = zipped.getinfo(MANIFEST)
    if info.file_size > _LARGEST_MANIFEST:
        raise _unfit("its manifest is far too long")
    with zipped.open(info) as stream:
        raw = stream.read(_LARGEST_MANIFEST + 1)
    try:
        manifest = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _unfit("its manifest cannot be read") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _unfit("it is not a backup of Levelground")
    version = manifest.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise Invalid(
            f"This archive was made by a newer version of Levelground ({str(manifest.get('program'))[:40]}). "
            "Install that version or a later one, and restore again. Nothing was written."
        )
    problem = next(jsonschema.Draft202012Validator(_SCHEMA).iter_errors(manifest), None)
    if problem is not None:
        raise _unfit(f"its manifest is not right ({problem.json_path}: {problem.message[:120]})")
    return manifest, hashlib.sha256(raw).hexdigest()


def _lines(zipped: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    with zipped.open(_table_name(table)) as raw, io.BufferedReader(raw, _CHUNK) as stream:  # type: ignore[type-var]  # zipfile's streams can be buffered
        while line := stream.readline(_LONGEST_ROW):
            if not line.endswith(b"\n"):
                raise _unfit(f"a row of {table} is cut short or far too long")
            yield line


def _verify_table(zipped: zipfile.ZipFile, table: str, said: dict[str, Any], progress: Progress) -> None:
    if zipped.getinfo(_table_name(table)).file_size != said["bytes"]:
        raise _unfit(f"the rows of {table} are not as long as its manifest says")
    digest, count = hashlib.sha256(), 0
    for line in _lines(zipped, table):
        digest.update(line)
        count += 1
        progress.step()
    if (digest.hexdigest(), count) != (said["sha256"], said["rows"]):
        raise _unfit(f"the rows of {table} are not those that were saved")


def _verify_document(zipped: zipfile.ZipFile, sha256: str, length: int) -> None:
    digest, size = hashlib.sha256(), 0
    with zipped.open(f"documents/{sha256}") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    if (digest.hexdigest(), size) != (sha256, length):
        raise _unfit(f"the document {sha256} is not the one that was saved")
