"""What the organisation will do: planning it, telling how it goes, finishing it."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.notifications import services as notifications
from levelground.frameworks.models import Indicator
from levelground.organisations.access import Access
from levelground.organisations.roles import Permission

from ..models import Action, ActionNote, Answer, Workbook
from ..states import ACTION_MOVES, LIVE, ActionSource, ActionStatus, Priority
from .answers import recount_theme
from .locking import lock, plain

TITLE_LIMIT, NOTE_LIMIT = 300, 4000


def _checked(workbook: Workbook, title: str, owner: Any, priority: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid(fields={"title": _("Say what you will do.")})
    if len(title) > TITLE_LIMIT:
        raise Invalid(fields={"title": _("Write at most %(limit)d characters.") % {"limit": TITLE_LIMIT}})
    if owner is not None and not Access.of(owner).can(Permission.ANSWER_WORKBOOK, workbook.organisation):
        raise Invalid(fields={"owner": _("Choose a colleague who works on this workbook.")})
    if priority not in Priority.values:
        raise Invalid(fields={"priority": _("Choose high, medium or low.")})
    return title


def _recount(action: Action) -> None:
    """Keep the indicator's count of live actions, and its theme's counts."""
    if action.indicator_id is None:
        return
    live = Action.objects.filter(workbook=action.workbook_id, indicator=action.indicator_id).live().count()
    Answer.objects.filter(workbook=action.workbook_id, indicator=action.indicator_id).update(live_actions=live)
    theme = Indicator.objects.values_list("standard__theme", flat=True).get(pk=action.indicator_id)
    recount_theme(action.workbook, theme)


def _audit(action: Action, verb: str, by: Any, *, before: Any = None, after: Any = None) -> None:
    audit.record(
        by=by, verb=verb, subject=f"action:{action.public_id}", chain=action.workbook.organisation.audit_chain,
        before=before, after=after,
    )  # fmt: skip


def _tell_owner(action: Action, by: Any) -> None:
    if action.owner is not None and action.owner != by:
        notifications.notify(
            user=action.owner,
            kind="action.given",
            text=Bilingual(
                f"You have a new action: {action.title}", f"Mae gennych gam gweithredu newydd: {action.title}"
            ),
            url=action.get_absolute_url(),
            key=f"{action.public_id}:{action.version}",
        )


@transaction.atomic
def create_action(
    *, workbook: Workbook, indicator: Indicator | None, title: str, by: Any,
    owner: Any = None, due_on: dt.date | None = None, priority: str = Priority.MEDIUM, source: str = ActionSource.SELF,
) -> Action:  # fmt: skip
    """Plan something, for an indicator or for the whole organisation."""
    title = _checked(workbook, title, owner, priority)
    # A workbook that has moved to a new version meanwhile says so: the action would hang where nobody sees it.
    lock(workbook)
    locked = Workbook.objects.select_related("organisation", "framework").get(pk=workbook.pk)
    locked.action_sequence += 1
    locked.save(update_fields=["action_sequence"])
    now = clock.now()
    action = Action.objects.create(
        workbook=locked, number=locked.action_sequence, indicator=indicator, title=title, owner=owner, due_on=due_on,
        priority=priority, source=source, created_by=by, created_at=now, changed_at=now,
    )  # fmt: skip
    _recount(action)
    _tell_owner(action, by)
    _audit(action, "action.created", by, after=_recorded(action))
    return action


def _locked(action: Action) -> Action:
    lock(action.workbook)
    return (
        Action.objects.select_for_update(of=("self",))
        .select_related("workbook__organisation", "workbook__framework", "owner")
        .get(pk=action.pk)
    )


def _recorded(action: Action) -> dict[str, Any]:
    """What the audit log keeps of an action: no free text, because nothing can be taken out of the log again."""
    return {
        "owner": action.owner.public_id if action.owner else "",
        "due_on": action.due_on,
        "priority": action.priority,
        "status": action.status,
    }


@transaction.atomic
def change_action(
    *, action: Action, title: str, owner: Any, due_on: dt.date | None, priority: str, by: Any,
    seen_version: int | None = None,
) -> Action:  # fmt: skip
    """Change what an action says. A stale ``seen_version`` raises ``Conflict`` with both."""
    row = _locked(action)
    title = _checked(row.workbook, title, owner, priority)
    before = _recorded(row)
    yours = {"title": title, "owner": owner, "due_on": due_on, "priority": priority}
    if seen_version is not None and seen_version != row.version:
        raise Conflict(_("A colleague changed this action while you were working."), theirs=row, yours=yours)
    given_away = row.owner != owner
    row.title, row.owner, row.due_on, row.priority = title, owner, due_on, priority
    row.version, row.changed_at = row.version + 1, clock.now()
    row.save(update_fields=["title", "owner", "due_on", "priority", "version", "changed_at"])
    if given_away:
        _tell_owner(row, by)
    _audit(row, "action.changed", by, before=before, after=_recorded(row))
    return row


@transaction.atomic
def move_action(*, action: Action, to: str, by: Any, text: str = "", seen_version: int | None = None) -> Action:
    """Take an action to another status. Done needs a note, cancelled a reason; the history row keeps both."""
    row, text = _locked(action), plain(text)
    if seen_version is not None and seen_version != row.version:
        raise Conflict(
            _("A colleague changed this action while you were working."), theirs=row, yours={"status": to, "text": text}
        )
    move = next((move for move in ACTION_MOVES[row.status] if move.to == to), None)
    if move is None:
        raise IllegalMove(
            _("An action that is “%(now)s” cannot become “%(next)s”.")
            % {"now": row.get_status_display(), "next": dict(ActionStatus.choices).get(to, to)}
        )
    if move.needs and not text:
        words = {
            "note": _("Say in a few words what was done, or what has changed."),
            "reason": _("Say why you will not do this."),
        }
        raise Invalid(fields={"text": words[move.needs]})
    if len(text) > NOTE_LIMIT:
        raise Invalid(fields={"text": _("Write at most %(limit)d characters.") % {"limit": NOTE_LIMIT}})
    before, now = row.status, clock.now()
    row.status, row.version, row.changed_at = to, row.version + 1, now
    row.save(update_fields=["status", "version", "changed_at"])
    ActionNote.objects.create(action=row, by=by, at=now, text=text, from_status=before, to_status=to)
    if (before in LIVE) != (to in LIVE):
        _recount(row)
    _audit(row, "action.moved", by, before=before, after=to)
    return row


@transaction.atomic
def note_on_action(*, action: Action, text: str, by: Any) -> ActionNote:
    """Say how an action is going."""
    text = plain(text)
    if not text:
        raise Invalid(fields={"text": _("Say how it is going.")})
    if len(text) > NOTE_LIMIT:
        raise Invalid(fields={"text": _("Write at most %(limit)d characters.") % {"limit": NOTE_LIMIT}})
    row = _locked(action)
    row.changed_at = clock.now()
    row.save(update_fields=["changed_at"])
    note = ActionNote.objects.create(action=row, by=by, at=row.changed_at, text=text)
    _audit(row, "action.noted", by)
    return note
