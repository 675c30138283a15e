"""The writes of the workbook, one function per business verb."""

from .actions import change_action, create_action, move_action, note_on_action
from .answers import assign, carry_over, comment, recount_theme, save_answer, start_workbook
from .due_dates import change_due_dates
from .evidence import add_evidence, change_evidence, remove_evidence, renew_evidence
from .snapshots import take_snapshot

__all__ = [
    "add_evidence",
    "assign",
    "carry_over",
    "change_action",
    "change_due_dates",
    "change_evidence",
    "comment",
    "create_action",
    "move_action",
    "note_on_action",
    "recount_theme",
    "remove_evidence",
    "renew_evidence",
    "save_answer",
    "start_workbook",
    "take_snapshot",
]
