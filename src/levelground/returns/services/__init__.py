"""The writes of this app, one function per business verb."""

from ..selectors.listing import Chosen
from .drafting import drop_correction, save_draft, start_correction
from .figures import add_figure, change_figure, keep_people_reached, move_figure
from .quarters import change_dates, open_returns, open_year, remove_year
from .sending import send_return

__all__ = [
    "Chosen",
    "add_figure",
    "change_dates",
    "change_figure",
    "drop_correction",
    "keep_people_reached",
    "move_figure",
    "open_returns",
    "open_year",
    "remove_year",
    "save_draft",
    "send_return",
    "start_correction",
]
