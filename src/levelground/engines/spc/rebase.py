"""Proposing a new phase. Nothing here rebases: a person accepts the proposal and gives a reason.

Source: Making Data Count's guidance that a rebase needs a sustained change and a known cause, and advises against doing
it automatically; docs/methods/spc.md, "Rebase".
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .prepare import known_mean
from .results import Result
from .runs import sides_of

SUSTAINED = 12  # points on one side, the NHS working minimum for new limits


@dataclass(frozen=True)
class RebaseProposal:
    """A new phase that the data suggest.

    ``position``, ``x``: first point of the new phase; ``direction``: 1 up, -1 down; ``points``: points on the new level
    so far; ``centre_before``: the centre line now, ``centre_after``: mean of those points (units of the chart);
    ``reason``: "sustained_shift"; ``completed_at``: the point at which the shift rule was first fulfilled.
    """

    position: int
    x: Any
    direction: int
    points: int
    centre_before: float
    centre_after: float
    reason: str
    completed_at: int


def propose_rebase(result: Result, *, sustained: int = SUSTAINED) -> RebaseProposal | None:
    """A rebase at the start of a shift that has lasted to the end of the series, or None.

    The last ``sustained`` tested points or more, all of the last phase, lie on one side of its centre line, without a
    gap or a point on the line among them; and points before them stay in the phase: there is a level to compare.
    ``sustained`` below 2 counts as 2.
    """
    tested = np.flatnonzero((result.phase == result.phase.max(initial=0)) & result.included)
    sides = sides_of(result.value[tested], result.centre[tested])
    if not len(tested) or not sides[-1]:
        return None
    others = np.flatnonzero(sides != sides[-1])
    first = int(others[-1]) + 1 if len(others) else 0
    run = tested[first:]
    if len(run) < max(sustained, 2) or first == 0:
        return None
    direction = int(sides[-1])
    signals = [s for s in result.signals if s.rule in {"shift", "runs"} and s.direction == direction]
    shifts = [s.completes_at for s in signals if run[-1] in s.points]
    start = int(run[0])
    return RebaseProposal(
        position=start,
        x=result.x[start],
        direction=direction,
        points=len(run),
        centre_before=float(result.centre[start]),
        centre_after=known_mean(result.value[run]),
        reason="sustained_shift",
        completed_at=shifts[0] if shifts else int(run[max(sustained, 2) - 1]),
    )
