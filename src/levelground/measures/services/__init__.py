"""The writes of this app, one function per thing that people do."""

from ..numbers import Number
from .agreeing import agree, withdraw
from .beside import add_note, change_note, remove_note, remove_target, set_target
from .defining import archive, change_measure, create_measure, definition_of, publish, restore, unpublish
from .exact import read_exact
from .leaving_out import leave_out, take_back
from .phases import remove_phase, start_phase
from .points import Entered, save_numbers, standing

__all__ = [
    "Entered",
    "Number",
    "add_note",
    "agree",
    "archive",
    "change_measure",
    "change_note",
    "create_measure",
    "definition_of",
    "leave_out",
    "publish",
    "read_exact",
    "remove_note",
    "remove_phase",
    "remove_target",
    "restore",
    "save_numbers",
    "set_target",
    "standing",
    "start_phase",
    "take_back",
    "unpublish",
    "withdraw",
]
