"""The receipt as a document."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from levelground.assessments.services.frozen import read
from levelground.foundation import formats
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.exports.report import Facts, Heading, Paragraph, Report, Table

from .models import Receipt

# How many signs without a space the narrowest cell for a fingerprint holds.
FITS = 32


def lateness(receipt: Receipt) -> str:
    """On time or late, with the day that held."""
    words = _("Late: the deadline was %(day)s") if receipt.late else _("On time: the deadline was %(day)s")
    return words % {"day": formats.date(receipt.deadline)}


def facts(receipt: Receipt, payload: dict[str, Any]) -> list[tuple[str, str]]:
    """What a receipt says, in order."""
    row, snapshot, signed = receipt.submission, receipt.snapshot, payload["signed"]
    year = str(snapshot.year)
    if snapshot.edition > 1:
        year = _("%(year)s, edition %(number)s") % {"year": snapshot.year, "number": snapshot.edition}
    return [
        (_("Receipt number"), receipt.number),
        (_("Organisation"), row.organisation.name.here()),
        (_("Sent to"), row.cycle.network.name.here()),
        (_("Framework"), f"{row.cycle.framework.name.here()}, {payload['version']['label']}"),
        (_("Year"), year),
        (_("Sent"), f"{formats.moment(receipt.at)}, {snapshot.submitted_by.name}"),
        (_("On time or late"), lateness(receipt)),
        (_("Signed off"), f"{signed['by']['name']}, {formats.moment(dt.datetime.fromisoformat(signed['at']))}"),
        (_("Fingerprint (SHA-256)"), snapshot.sha256),
    ]


def documents(payload: dict[str, Any]) -> list[list[str]]:
    """The documents that were sent: name, date and period, fingerprint."""
    found = []
    for item in payload["documents"]:
        dated = " · ".join(filter(None, [formats.date(dt.date.fromisoformat(item["document_date"])), item["period"]]))
        found.append([Bilingual.of(item["name"]).here(), dated, _in_lines(item["sha256"])])
    return found


def _in_lines(sha256: str) -> str:
    """A fingerprint in two lines, because 64 signs without a space do not fit into a cell."""
    return "\n".join(sha256[start : start + FITS] for start in range(0, len(sha256), FITS))


def pdf(receipt: Receipt) -> bytes:
    """The receipt in the active language."""
    from levelground.foundation.exports import pdf as writer  # when a file is made, and not at every start

    payload = read(receipt.snapshot)
    report = Report(
        title=_("Receipt %(number)s") % {"number": receipt.number}, owner=receipt.submission.organisation.name.here(),
        landscape=False,
    )  # fmt: skip
    report.add(
        Facts(facts(receipt, payload)),
        Heading(_("Documents")),
        Table(
            _("The documents that were sent"), [_("Document"), _("Date"), _("Fingerprint (SHA-256)")], [3, 2, 4],
            documents(payload),
        ),
        Heading(_("Declaration")),
        Paragraph(Bilingual.of(payload["signed"]["declaration"]).here()),
        Paragraph(
            _("The fingerprint belongs to this copy alone. If anything in it were changed, it would be another.")
        ),
    )  # fmt: skip
    return writer.render(report)
