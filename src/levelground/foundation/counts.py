"""Kept counts (progress, totals) are maintained with each change; here the apps say how to count them afresh.

``levelground doctor`` runs every recount. An app registers its own in its ``tasks.py``::

    @recount("workbook progress")
    def progress() -> Iterable[str]: ...   # one sentence for each count that is wrong
"""

from collections.abc import Callable, Iterable

Recount = Callable[[], Iterable[object]]
RECOUNTS: dict[str, Recount] = {}


def recount(name: str) -> Callable[[Recount], Recount]:
    """Register a function that gives one item (shown as text) for each kept count that does not agree."""

    def register(func: Recount) -> Recount:
        RECOUNTS[name] = func
        return func

    return register
