"""The writes of the yearly cycle, one function per business verb."""

from .cycles import change_cycle, enrol, extend, open_cycle, remind, set_documents
from .deciding import accept, reinstate, return_, withdraw
from .documents import add_document, change_document_date, remove_document
from .sending import submit
from .signing import ask_for_sign_off, say_not_yet, sign
from .watching import settle

__all__ = [
    "accept",
    "add_document",
    "ask_for_sign_off",
    "change_cycle",
    "change_document_date",
    "enrol",
    "extend",
    "open_cycle",
    "reinstate",
    "remind",
    "remove_document",
    "return_",
    "say_not_yet",
    "set_documents",
    "settle",
    "sign",
    "submit",
    "withdraw",
]
