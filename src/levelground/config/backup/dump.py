"""Making a backup."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.db import connection

from levelground import __version__
from levelground.foundation import clock
from levelground.foundation.audit import selectors as audit
from levelground.foundation.documents import store
from levelground.foundation.documents.models import Document
from levelground.foundation.errors import Invalid

from . import archive, tables
from .progress import Progress

_IN_MEMORY, _CHUNK = 2 << 20, 1 << 20


@dataclass(frozen=True)
class Made:
    """What a backup holds. Documents that the database names but the storage lost are ``missing`` or ``damaged``."""

    file: str
    bytes: int
    rows: int
    documents: int
    missing: list[str]
    damaged: list[str]
    fingerprint: str


def make(path: Path, progress: Progress, *, overwrite: bool = False) -> Made:
    """Write the archive and read it back, while the site may be running. Only a good one gets the name ``path``."""
    if path.exists() and not overwrite:
        raise Invalid(f"{path} is there already. Choose another name, or add --overwrite.")
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}. Make it first.")
    if not (migrations := tables.applied()):
        raise Invalid("The database has no tables yet, so there is nothing to back up.")
    try:
        writer = archive.Writer(path)
        try:
            _fill(writer, migrations, progress)
            with archive.opened(writer.beside, progress) as backup:
                made = _made(path, writer.beside.stat().st_size, backup)
            writer.publish()
        except BaseException:
            writer.discard()
            raise
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror or error}.") from error
    return made


def _fill(writer: archive.Writer, migrations: tables.Migrations, progress: Progress) -> None:
    every = tables.tables(migrations)
    with tables.one_moment():
        if tables.applied() != migrations:
            raise Invalid("The database is being migrated just now. Try again when that is done.")
        made_at = clock.now()
        progress.begin("Saving the database", sum(map(tables.count, every)))
        for table in every:
            writer.table(table.name, table.columns, tables.rows(table), progress)
        heads = audit.heads()
        named = list(Document.objects.order_by("sha256").values_list("sha256", flat=True).distinct())
    # After the database: files are only ever added, so all that it names are here.
    missing, damaged = _take_documents(writer, named, progress)
    writer.finish(
        program=__version__,
        made_at=made_at.isoformat(timespec="seconds"),
        database=f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}",
        migrations=sorted(migrations),
        audit=heads,
        missing=missing,
        damaged=damaged,
    )


def _take_documents(writer: archive.Writer, named: list[str], progress: Progress) -> tuple[list[str], list[str]]:
    missing, damaged = [], []
    progress.begin("Saving the documents", len(named))
    for sha256 in named:
        progress.step()
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
            content, digest = cast(BinaryIO, spooled), hashlib.sha256()
            try:
                with store.storage().open(store.key(sha256), "rb") as stream:
                    while chunk := stream.read(_CHUNK):
                        digest.update(chunk)
                        content.write(chunk)
            except FileNotFoundError:
                missing.append(sha256)
                continue
            if digest.hexdigest() != sha256:
                damaged.append(sha256)
                continue
            content.seek(0)
            writer.document(sha256, content)
    return missing, damaged


def _made(path: Path, size: int, backup: archive.Backup) -> Made:
    about = backup.manifest["documents"]
    return Made(
        file=str(path),
        bytes=size,
        rows=sum(said["rows"] for said in backup.tables.values()),
        documents=about["count"],
        missing=about["missing"],
        damaged=about["damaged"],
        fingerprint=backup.fingerprint,
    )
