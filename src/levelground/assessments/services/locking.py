"""One writer at a time in a workbook.

Every write of a workbook takes its row first. So counts are counted by one writer at a time, a snapshot sees one state,
a move to another version meets no half-saved answer, and locks are always taken in one order: workbook, rows, audit.
"""

from django.dispatch import Signal
from django.utils.translation import gettext as _

from levelground.foundation.errors import IllegalMove

from ..models import Workbook

# A watched workbook (``Workbook.watched``) is about to be written to: sent inside the transaction, with
# ``workbook_id``. Apps above receive it, and set and clear ``watched``.
workbook_changed = Signal()


def lock(workbook: Workbook) -> None:
    """Wait for the workbook, inside a transaction. ``IllegalMove`` when it has moved to another version meanwhile.

    Whoever watches it is told that something is about to be written; an unwatched workbook pays nothing for that.
    """
    rows = Workbook.objects.select_for_update().values_list("version", "watched")
    version, watched = rows.get(pk=workbook.pk)
    if watched:
        tell(workbook)
    if version != workbook.version_id:
        raise IllegalMove(
            _("This workbook has moved to a new version of its framework. Load the page again to see it.")
        )


def tell(workbook: Workbook) -> None:
    """Tell whoever watches. Called by ``lock``, and by a write that has locked a watched workbook by itself."""
    workbook_changed.send(sender=Workbook, workbook_id=workbook.pk)


def plain(text: str) -> str:
    """Text as it is kept: line ends as one character, nothing around it. Forms send them as two."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
