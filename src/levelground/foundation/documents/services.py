"""Taking files in and giving them out. Who may see a document is decided by the row that links to it, not here."""

import datetime as dt
import hashlib
import tempfile
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import structlog
from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _

from levelground.foundation import clock, formats
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import Invalid, NotAllowed, TooLarge

from . import kinds, scanning
from . import store as files
from .models import Document, ScanState
from .rules import safe_filename

_IN_MEMORY = 2 * 1024 * 1024

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Received:
    """A file that passed every check and whose bytes are in the storage."""

    filename: str
    content_type: str
    size: int
    sha256: str
    scan_state: ScanState


def receive(upload: File) -> Received:
    """Check an uploaded file and keep its bytes; no database is touched.

    It may take seconds (scanning): call it before a transaction and give the result to ``store``. Raises ``Invalid`` or
    ``TooLarge`` with a sentence that says what to do.
    """
    filename, extension = safe_filename(upload.name or "")
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        copy = cast(BinaryIO, spooled)
        size, sha256 = _copy(upload, copy)
        kind = kinds.check(copy, extension)
        state = scanning.scan(copy)
        if state is ScanState.REFUSED:
            raise Invalid(
                _(
                    "Our virus scanner found something harmful in this file, so we did not keep it. "
                    "Tell your IT support."
                )
            )
        files.keep(copy, sha256=sha256, size=size)
    return Received(filename, kind.content_type, size, sha256, state)


def _copy(upload: File, copy: BinaryIO) -> tuple[int, str]:
    """Copy the upload while counting and hashing, and stop as soon as it is over the limit."""
    size, digest = 0, hashlib.sha256()
    for chunk in upload.chunks():
        size += len(chunk)
        if size > settings.DOCUMENT_MAX_BYTES:
            raise TooLarge(
                _(
                    "This file is too big. Files may have up to %(limit)s. Save it as a PDF, "
                    "or make its pictures smaller."
                )
                % {"limit": formats.filesize(settings.DOCUMENT_MAX_BYTES)}
            )
        digest.update(chunk)
        copy.write(chunk)
    if not size:
        raise Invalid(_("This file is empty. Open it, check that it has something in it, and choose it again."))
    return size, digest.hexdigest()


def store(
    *, upload: File | Received, title: str, by: Any, document_date: dt.date | None = None,
    expires_on: dt.date | None = None, replaces: Document | None = None,
) -> Document:  # fmt: skip
    """Keep a file as a new document, or as the next version of ``replaces``.

    The service that links the document (evidence, a snapshot's list) records the audit event, because only it knows
    which network the document belongs to.
    """
    if expires_on and document_date and expires_on < document_date:
        raise Invalid(fields={"expires_on": _("The end date must be the same as or after the document's own date.")})
    received = upload if isinstance(upload, Received) else receive(upload)
    with transaction.atomic():
        number = 1
        if replaces is not None:
            locked = Document.objects.select_for_update().get(pk=replaces.pk)
            if Document.objects.filter(replaces=locked).exists():
                raise Invalid(_("There is a newer version of this document already. Load the page again to see it."))
            number = locked.number + 1
        return Document.objects.create(
            title=(title.strip() or received.filename)[:200],
            filename=received.filename,
            content_type=received.content_type,
            size=received.size,
            sha256=received.sha256,
            scan_state=received.scan_state,
            document_date=document_date,
            expires_on=expires_on,
            number=number,
            replaces=replaces,
            uploaded_by=by,
            uploaded_at=clock.now(),
        )


def download(document: Document) -> FileResponse:
    """The file as an attachment that no browser runs or shows inside the site.

    This does NOT check who asks: the view must have found the document through a row that the person may see.
    """
    if document.scan_state == ScanState.REFUSED:
        raise NotAllowed(_("A virus was found in this file after it was stored, so it cannot be opened any more."))
    try:
        stream = files.storage().open(files.key(document.sha256), "rb")
    except FileNotFoundError:
        log.error("the bytes of a document are missing", document=document.public_id, sha256=document.sha256)
        raise Invalid(
            _(
                "We cannot find the content of this file. Nothing else is lost. "
                "Tell the person who helps you with this site."
            )
        ) from None
    response = FileResponse(stream, as_attachment=True, filename=document.filename, content_type=document.content_type)
    response["Content-Length"] = str(document.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def rescan(*, limit: int = 200) -> int:
    """Scan documents that no scanner has seen yet, until ``limit`` of them got a verdict; their number.

    A document in which a virus is found can no longer be opened.
    """
    if not settings.CLAMD_SOCKET or not scanning.ping():
        return 0
    done = 0
    for document in Document.objects.filter(scan_state=ScanState.NOT_SCANNED).order_by("pk"):
        try:
            with files.storage().open(files.key(document.sha256), "rb") as stream:
                state = scanning.scan(cast(BinaryIO, stream))
        except FileNotFoundError:
            continue
        if state is not ScanState.NOT_SCANNED:
            done += Document.objects.filter(pk=document.pk).update(scan_state=state)
        if state is ScanState.REFUSED:
            log.warning("a virus was found in a stored document", document=document.public_id)
            audit.record(by=None, verb="document.refused", subject=f"document:{document.public_id}")
        if done >= limit:
            break
    return done
