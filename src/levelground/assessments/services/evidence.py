"""What shows that an indicator is met: documents and links, each with its own date."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.documents import services as documents
from levelground.foundation.documents.models import Document
from levelground.foundation.errors import Conflict, IllegalMove, Invalid

from ..models import Answer, Evidence
from .locking import lock

# What people may put right of a piece of evidence.
FIELDS = ("title", "document_date", "expires_on")
_is_web_address = URLValidator(schemes=["http", "https"])


def _checked_dates(document_date: dt.date | None, expires_on: dt.date | None) -> None:
    if document_date and document_date > clock.today():
        raise Invalid(
            fields={"document_date": _("This date is in the future. Give the date that stands on the document.")}
        )
    if document_date and expires_on and expires_on < document_date:
        raise Invalid(fields={"expires_on": _("The end date is before the document's date.")})


def _recount(answer: Answer) -> None:
    count = Evidence.objects.filter(answer=answer).current().count()
    Answer.objects.filter(pk=answer.pk).update(evidence_count=count)


def _audit(item: Evidence, verb: str, by: Any, **extra: Any) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=f"evidence:{item.public_id}",
        chain=item.answer.workbook.organisation.audit_chain,
        **extra,
    )


def add_evidence(
    *, answer: Answer, by: Any, upload: Any = None, url: str = "", title: str = "",
    document_date: dt.date | None = None, expires_on: dt.date | None = None, document: Any = None,
) -> Evidence:  # fmt: skip
    """Attach a file, a link, or a document that the workbook holds already. Exactly one of the three."""
    title, url = " ".join(title.split()), url.strip()
    if sum(map(bool, (upload, url, document))) != 1:
        raise Invalid(fields={"upload": _("Choose one: a file, a web address, or something you have here already.")})
    if url:
        try:
            _is_web_address(url)
        except ValidationError:
            raise Invalid(
                fields={"url": _("Write the whole web address, such as https://example.org/policy.")}
            ) from None
    _checked_dates(document_date, expires_on)
    # Checking and scanning a file may take seconds: before the transaction, which holds locks.
    received = documents.receive(upload) if upload else None
    with transaction.atomic():
        lock(answer.workbook)
        if received:
            title = title or received.filename.rsplit(".", 1)[0]
            document = documents.store(
                upload=received, title=title, by=by, document_date=document_date, expires_on=expires_on
            )
        item = Evidence.objects.create(
            answer=answer, document=document, url=url, title=(title or (document.title if document else url))[:200],
            document_date=document_date, expires_on=expires_on, added_by=by, added_at=clock.now(),
        )  # fmt: skip
        _recount(answer)
        _audit(item, "evidence.added", by, after={"sha256": document.sha256 if document else ""})
    return item


def _locked(item: Evidence) -> Evidence:
    lock(item.answer.workbook)
    return Evidence.objects.select_related("answer__workbook__organisation", "document").get(pk=item.pk)


def _still_here(item: Evidence) -> None:
    if item.removed_at is not None:
        raise IllegalMove(_("A colleague has taken this evidence off the indicator meanwhile."))


@transaction.atomic
def change_evidence(
    *, item: Evidence, title: str, document_date: dt.date | None, expires_on: dt.date | None, by: Any,
    seen: dict[str, Any] | None = None,
) -> Evidence:  # fmt: skip
    """Put right the name or the dates. When they are no longer as ``seen`` (a value for each of ``FIELDS``),
    ``Conflict`` holds both: ``theirs`` is the row, ``yours`` a dict of what was sent."""
    title = " ".join(title.split())[:200]
    if not title:
        raise Invalid(fields={"title": _("Give it a name.")})
    _checked_dates(document_date, expires_on)
    item = _locked(item)
    _still_here(item)
    stands = {name: getattr(item, name) for name in FIELDS}
    yours = {"title": title, "document_date": document_date, "expires_on": expires_on}
    if stands == yours:
        return item
    if seen is not None and seen != stands:
        raise Conflict(_("A colleague changed this evidence while you were working."), theirs=item, yours=yours)
    item.title, item.document_date, item.expires_on = title, document_date, expires_on
    item.save(update_fields=[*FIELDS])
    dates = ("document_date", "expires_on")
    _audit(
        item, "evidence.changed", by,
        before={name: stands[name] for name in dates}, after={name: yours[name] for name in dates},
    )  # fmt: skip
    return item


def renew_evidence(
    *, item: Evidence, upload: Any, document_date: dt.date | None, expires_on: dt.date | None, by: Any, seen: str = ""
) -> Document:
    """Put a newer version in the place of a document, wherever the workbook shows it as evidence. The old one stays.

    ``seen`` is the number of the version that the person saw; ``Conflict`` when it is no longer the newest.
    """
    _checked_dates(document_date, expires_on)
    # Checking and scanning a file may take seconds: before the transaction, which holds locks.
    received = documents.receive(upload)
    with transaction.atomic():
        item = _locked(item)
        _still_here(item)
        old = item.document
        if old is None:
            raise IllegalMove(_("This evidence is a web address. Attach the file as evidence of its own."))
        if seen and seen != old.public_id:
            yours = {"filename": received.filename, "document_date": document_date, "expires_on": expires_on}
            raise Conflict(_("A colleague gave a newer version while you were working."), theirs=item, yours=yours)
        if received.sha256 == old.sha256:
            raise Invalid(fields={"upload": _("This is the same file as the one that is here already.")})
        new = documents.store(
            upload=received, title=item.title, by=by, document_date=document_date, expires_on=expires_on, replaces=old
        )
        everywhere = Evidence.objects.filter(answer__workbook=item.answer.workbook_id, document=old).current()
        for one in everywhere.select_related("answer__workbook__organisation"):
            one.document, one.document_date, one.expires_on = new, document_date, expires_on
            one.save(update_fields=["document", "document_date", "expires_on"])
            _audit(one, "evidence.renewed", by, before={"sha256": old.sha256}, after={"sha256": new.sha256})
    return new


@transaction.atomic
def remove_evidence(*, item: Evidence, by: Any) -> None:
    """Take evidence off an indicator. The row and the file stay, for the snapshots that name them."""
    item = _locked(item)
    if item.removed_at is None:
        item.removed_at, item.removed_by = clock.now(), by
        item.save(update_fields=["removed_at", "removed_by"])
        _recount(item.answer)
        _audit(item, "evidence.removed", by)
