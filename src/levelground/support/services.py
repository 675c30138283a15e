"""Asking for help, offering it, talking about it, and bringing it to an end."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.formats import LONDON
from levelground.foundation.notifications import services as notifications
from levelground.frameworks.models import Theme
from levelground.organisations.access import Access
from levelground.organisations.models import Affiliation, Network, Organisation
from levelground.organisations.roles import Permission

from .models import SupportCase, SupportNote
from .selectors import askers_of, officers_of
from .states import CaseSource, CaseStatus, Helped, Move, Side, move_to

LIMIT = 4000
_FOR_THE_MEMBER = {"support.offered", "support.answered"}


def _words(text: str, name: str, empty: str) -> str:
    """Text as it is kept: forms send line ends as two characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text and empty:
        raise Invalid(fields={name: empty})
    if len(text) > LIMIT:
        raise Invalid(fields={name: _("Write at most %(limit)d characters.") % {"limit": LIMIT}})
    return text


def _require_member(network: Network, organisation: Organisation) -> None:
    if not Affiliation.objects.current().filter(network=network, organisation=organisation).exists():
        raise IllegalMove(_("This organisation is not a member of this network now."))


def _require_theme(network: Network, theme: Theme | None) -> None:
    if theme is not None and theme.version.framework.network_id != network.pk:
        raise Invalid(fields={"theme": _("Choose a part of a framework of this network.")})


@transaction.atomic
def ask_for_help(
    *, organisation: Organisation, network: Network, about: str, by: Any,
    theme: Theme | None = None, framework: str = "", year: int | None = None,
) -> SupportCase:  # fmt: skip
    """The member asks. Every officer who offers support hears of it."""
    _require_member(network, organisation)
    _require_theme(network, theme)
    now = clock.now()
    case = SupportCase.objects.create(
        network=network, organisation=organisation, source=CaseSource.ASKED, theme=theme,
        about=_words(about, "about", _("Say in a few words what you need help with.")),
        opened_by=by, opened_at=now, changed_at=now, **_of_year(framework, year),
    )  # fmt: skip
    name = organisation.name
    _tell(
        officers_of(network), case, "support.asked",
        Bilingual(f"{name.en or name.cy} asks for help", f"Mae {name.cy or name.en} yn gofyn am gymorth"), by,
    )  # fmt: skip
    _record(case, "support.asked", by, after={"theme": theme.code if theme else ""})
    return case


@transaction.atomic
def offer_help(
    *, network: Network, organisation: Organisation, about: str, by: Any, source: str = CaseSource.NOTICED,
    theme: Theme | None = None, framework: str = "", year: int | None = None,
) -> SupportCase:  # fmt: skip
    """An officer offers help before anybody asked: the words go to the member, so this is the first contact too."""
    _require_member(network, organisation)
    _require_theme(network, theme)
    if source not in (CaseSource.OVERDUE, CaseSource.NOTICED):
        raise Invalid(fields={"source": _("Say why you offer help.")})
    now = clock.now()
    case = SupportCase.objects.create(
        network=network, organisation=organisation, source=source, theme=theme, status=CaseStatus.TRIAGED,
        about=_words(about, "about", _("Write what you would like to say to the member.")),
        opened_by=by, opened_at=now, changed_at=now, assigned_to=by, first_contact_at=now, last_word=Side.NETWORK,
        **_of_year(framework, year),
    )  # fmt: skip
    _tell(
        askers_of(organisation), case, "support.offered",
        Bilingual("Your network offers you help", "Mae eich rhwydwaith yn cynnig cymorth i chi"), by,
    )  # fmt: skip
    _record(case, "support.offered", by, after={"source": source, "theme": theme.code if theme else ""})
    return case


def _of_year(framework: str, year: int | None) -> dict[str, Any]:
    """Both or neither: one without the other names nothing."""
    return {"framework_slug": framework, "year": year} if framework and year else {}


def _locked(case: SupportCase) -> SupportCase:
    rows = SupportCase.objects.select_for_update(of=("self",))
    return rows.select_related("network", "organisation", "assigned_to").get(pk=case.pk)


@transaction.atomic
def say(*, case: SupportCase, text: str, by: Any) -> SupportCase:
    """The member writes to the network. A closed case is asked anew by it."""
    row = _locked(case)
    text = _words(text, "text", _("Write your message first."))
    note = SupportNote(case=row, by=by, side=Side.MEMBER, at=clock.now(), text=text)
    if row.status == CaseStatus.CLOSED:
        _move(row, note, CaseStatus.REQUESTED, "")
    _keep(row, note)
    name = row.organisation.name
    _tell(
        _in_charge(row), row, "support.said",
        Bilingual(f"{name.en or name.cy} wrote about help", f"Ysgrifennodd {name.cy or name.en} am gymorth"), by,
    )  # fmt: skip
    _record(row, "support.said", by, after={"status": row.status})
    return row


@transaction.atomic
def close(*, case: SupportCase, helped: str, by: Any, text: str = "", seen_version: int | None = None) -> SupportCase:
    """The member says that it is over, and whether it helped."""
    row = _locked(case)
    if row.status != CaseStatus.CLOSED and seen_version is not None and seen_version != row.version:
        raise Conflict(
            _("Your network wrote or changed something while you had this page open."),
            theirs=row,
            yours={"to": CaseStatus.CLOSED, "helped": helped},
        )
    before = row.status
    note = SupportNote(case=row, by=by, side=Side.MEMBER, at=clock.now(), text=_words(text, "text", ""))
    _move(row, note, CaseStatus.CLOSED, helped)
    _keep(row, note)
    name = row.organisation.name
    _tell(
        _in_charge(row), row, "support.closed",
        Bilingual(
            f"{name.en or name.cy} closed its request for help", f"Mae {name.cy or name.en} wedi cau ei gais am gymorth"
        ), by,
    )  # fmt: skip
    _record(row, "support.closed", by, before={"status": before}, after={"status": row.status, "helped": helped})
    return row


@transaction.atomic
def handle(
    *, case: SupportCase, by: Any, assigned_to: Any, text: str = "", for_officers: bool = False, to: str = "",
    helped: str = "", contact_on: dt.date | None = None, seen_version: int | None = None,
) -> SupportCase:  # fmt: skip
    """An officer answers, takes the case on a step, hands it over, or tells of a first contact: any of these at once.

    Words alone never conflict. A step or a new officer chosen on a page that is out of date does: ``Conflict``.
    """
    row = _locked(case)
    to = "" if to == row.status else to
    handed_over = assigned_to != row.assigned_to
    if seen_version is not None and seen_version != row.version and (to or handed_over or contact_on):
        raise Conflict(
            _("Somebody wrote or changed something while you had this page open."),
            theirs=row,
            yours={"to": to, "helped": helped, "assigned_to": assigned_to, "contact_on": contact_on},
        )
    note = SupportNote(
        case=row, by=by, side=Side.NETWORK, at=clock.now(), text=_words(text, "text", ""), for_officers=for_officers
    )
    before = {"status": row.status, "assigned_to": _number(row.assigned_to)}
    if not (note.text or to or handed_over or contact_on):
        raise Invalid(fields={"text": _("Write something, or change something.")})
    if to:
        _move(row, note, to, helped)
    if handed_over:
        _hand_over(row, note, assigned_to)
    _note_contact(row, note, contact_on)
    _keep(row, note)
    _tell_of_handling(row, note, by, closing=bool(to) and row.status == CaseStatus.CLOSED)
    _record(
        row, "support.handled", by, before=before,
        after={"status": row.status, "assigned_to": _number(row.assigned_to), "helped": row.helped,
               "contact": contact_on, "for_officers": for_officers and bool(note.text)},
    )  # fmt: skip
    return row


def _number(person: Any) -> str:
    return str(person.public_id) if person is not None else ""


def _move(row: SupportCase, note: SupportNote, to: str, helped: str) -> None:
    move = move_to(row.status, to, note.side)
    if move is None:
        raise IllegalMove(
            _("A request that is “%(now)s” cannot become “%(next)s”.")
            % {"now": row.get_status_display(), "next": dict(CaseStatus.choices).get(to, to)}
        )
    _require(move, note, helped)
    note.from_status, note.to_status, row.status = row.status, move.to, move.to
    closed = move.to == CaseStatus.CLOSED
    row.closed_at, row.helped = (note.at, helped) if closed else (None, "")
    note.helped = row.helped


def _require(move: Move, note: SupportNote, helped: str) -> None:
    if move.needs == "helped" and helped not in Helped.values:
        raise Invalid(fields={"helped": _("Say whether it helped.")})
    if move.needs == "words" and (not note.text or note.for_officers):
        raise Invalid(fields={"text": _("Say what this means, in words that the member can read.")})


def _hand_over(row: SupportCase, note: SupportNote, to: Any) -> None:
    if to is not None and not Access.of(to).can(Permission.OFFER_SUPPORT, row.network):
        raise Invalid(fields={"assigned_to": _("Choose somebody who offers support in this network.")})
    row.assigned_to, note.assigned_to, note.handed_over = to, to, True


def _note_contact(row: SupportCase, note: SupportNote, on: dt.date | None) -> None:
    """Words that the member can read are a contact; one by telephone or on a visit is told with its day."""
    if on is not None:
        if row.first_contact_at is not None:
            raise Invalid(fields={"contact_on": _("The first contact is noted already.")})
        if on > clock.today():
            raise Invalid(fields={"contact_on": _("Give a day that is not in the future.")})
        if on < row.opened_at.astimezone(LONDON).date():
            raise Invalid(fields={"contact_on": _("Give a day after the request was made.")})
        noon = dt.datetime.combine(on, dt.time(12), LONDON)
        row.first_contact_at = note.at if on == clock.today() else max(noon, row.opened_at)
        note.contact_on = on
    elif row.first_contact_at is None and note.text and not note.for_officers:
        row.first_contact_at = note.at


def _keep(row: SupportCase, note: SupportNote) -> None:
    if note.text and not note.for_officers:
        row.last_word = note.side
    row.version, row.changed_at = row.version + 1, note.at
    row.save()
    note.save()


def _in_charge(case: SupportCase) -> list[Any]:
    """The officer who has the case, or all while nobody has."""
    return [case.assigned_to] if case.assigned_to is not None else list(officers_of(case.network))


def _taking_part(case: SupportCase) -> list[Any]:
    """Those of the member who asked or wrote, as far as they still speak for it; else all who do."""
    people = askers_of(case.organisation)
    wrote = set(case.notes.filter(side=Side.MEMBER).values_list("by", flat=True)) | {case.opened_by_id}
    return [person for person in people if person.pk in wrote] or people


def _tell_of_handling(row: SupportCase, note: SupportNote, by: Any, *, closing: bool) -> None:
    if note.handed_over and row.assigned_to is not None:
        name = row.organisation.name
        _tell(
            [row.assigned_to], row, "support.given",
            Bilingual(
                f"A request for help of {name.en or name.cy} was given to you",
                f"Rhoddwyd cais am gymorth gan {name.cy or name.en} i chi",
            ), by,
        )  # fmt: skip
    if closing:
        text = Bilingual(
            "Your network closed your request for help", "Mae eich rhwydwaith wedi cau eich cais am gymorth"
        )
    elif note.text and not note.for_officers:
        text = Bilingual("Your network wrote about your request for help", "Ysgrifennodd eich rhwydwaith am eich cais")
    elif note.to_status:
        text = Bilingual("Your request for help has moved on", "Mae eich cais am gymorth wedi symud ymlaen")
    else:
        return
    _tell(_taking_part(row), row, "support.answered", text, by)


def _tell(people: Iterable[Any], case: SupportCase, kind: str, text: Bilingual, by: Any) -> None:
    """In the application only, and never what it is about: an e-mail says how many things wait."""
    url = case.get_absolute_url() if kind in _FOR_THE_MEMBER else case.network_url
    for person in people:
        if person.pk != by.pk:
            notifications.notify(user=person, kind=kind, key=f"{case.public_id}:{case.version}", text=text, url=url)


def _record(case: SupportCase, verb: str, by: Any, *, before: Any = None, after: Any = None) -> None:
    """No free text in the audit log, because nothing can be taken out of it again."""
    audit.record(
        by=by, verb=verb, subject=f"support:{case.public_id}", chain=case.organisation.audit_chain, before=before,
        after=after,
    )  # fmt: skip
