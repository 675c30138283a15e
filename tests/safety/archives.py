"""Taking archives apart and putting them together again, otherwise."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def written(path: Path, held: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in held.items():
            zipped.writestr(name, content)
    return path


def with_manifest(path: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    held = parts(path)
    manifest = json.loads(held[MANIFEST])
    change(manifest)
    return written(path, held | {MANIFEST: json.dumps(manifest).encode()})


def with_rows(path: Path, table: str, change: Callable[[list[Any]], Any]) -> Path:
    """The archive with other rows in ``table``, and a manifest to which they fit."""
    held = parts(path)
    rows = [json.loads(line) for line in held[f"tables/{table}.jsonl"].splitlines()]
    rows = change(rows) or rows
    raw = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    said = {"rows": len(rows), "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    written(path, held | {f"tables/{table}.jsonl": raw})
    return with_manifest(path, lambda manifest: manifest["tables"][table].update(said))
