"""Statistical process control: tells chance from change in one series. NumPy in, frozen dataclasses out.

``analyse`` makes a chart's numbers, signals, icons and verdict; ``find_signals`` tests rules against known lines;
``propose_rebase`` suggests a new phase. Methods, choices and sources: docs/methods/spc.md.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .analysis import conclude, draw, phase_starts, plan
from .errors import ImpossibleValueError, LengthError, NumberError, OptionError, OrderError, SpcError
from .limits import CHARTS, QUIRKS
from .prepare import Notice, check_rows, numbers, pool
from .profiles import PROFILES, Settings, settle
from .rebase import RebaseProposal, propose_rebase
from .results import PhaseSummary, Result, Verdict
from .rules import RULE_SETS, ZONE_SIGMAS, Field, Rule, Signal, signals_of
from .runs import Runs, analyse_runs

__all__ = [
    "CHARTS", "PROFILES", "QUIRKS", "RULE_SETS", "ImpossibleValueError", "LengthError", "Notice", "NumberError",
    "OptionError", "OrderError", "PhaseSummary", "RebaseProposal", "Result", "Rule", "Runs", "Settings", "Signal",
    "SpcError", "Verdict", "analyse", "find_signals", "propose_rebase",
]  # fmt: skip


def analyse(
    values: ArrayLike | Sequence[float | None],
    *,
    chart: str,
    denominators: ArrayLike | Sequence[float | None] | None = None,
    x: ArrayLike | Sequence[Any] | None = None,
    phases: Sequence[int] | None = None,
    phase_labels: Sequence[Any] | None = None,
    rebase: Sequence[Any] | None = None,
    freeze: int | None = None,
    fix_after: int | None = None,
    baseline: Sequence[int] | None = None,
    exclude: Sequence[int] = (),
    withheld: Sequence[int] = (),
    centre: float | Sequence[float | None] | None = None,
    multiply: float = 1,
    target: float | Sequence[tuple[Any, float]] | None = None,
    categorical: bool = False,
    profile: str | None = None,
    screen: bool | None = None,
    factor: float | None = None,
    rules: str | tuple[Rule, ...] | None = None,
    method: str | None = None,
    direction: str | None = None,
    aggregate: str | None = None,
    invalid: str | None = None,
    order: str | None = None,
    repeats: str | None = None,
    test_excluded: bool | None = None,
    conflict: str | None = None,
    minimum_points: int | None = None,
    minimum_baseline: int | None = None,
    negative_limits: bool | None = None,
    inclusive_target: bool | None = None,
    quirks: frozenset[str] | None = None,
) -> Result:
    """Analyse one series.

    Rows, all of one length m: ``values`` (counts, or measurements; None or NaN is a gap), ``denominators`` (same units
    throughout; needed by p, pp, u, up), ``x`` (numbers, dates, or words, which are categories; 0, 1, 2 … if left out).
    Rows are sorted by x; rows that share an x are one point, except that without x each row is a point. Everything
    below that names a point counts points after that, from 0, gaps included.
    ``chart``: run, i, mr, xbar, s, t, p, pp (p′), c, u, up (u′), g, ip (I′). Phases, in one of three ways: ``phases``
    (first points), ``phase_labels`` (one per row; a phase starts at each new label), ``rebase`` (values of x at which a
    phase starts). Baseline, in one of three: ``freeze=k`` takes centre and limits from the first k points (not together
    with phases), ``fix_after=k`` from the first k of each phase, ``baseline`` from the points named (of a phase with
    none of them, from all). ``exclude``: points left out of centre, limits and rules but still drawn. ``withheld``:
    points whose value is not given because it is small; a phase with more than a quarter of these has no lines and no
    signals. ``centre``: a known centre line, or one (or None) per phase, in the units before ``multiply``.
    ``multiply``: scale of value, centre and limits (1000: a rate per thousand).
    ``target``: in the units of the chart; a number, or pairs (first x, number) when it changes over time.
    ``categorical``: x has no order. ``profile``: making_data_count, plotthedots, qicharts2, ihi.
    The rest are ``Settings``; None takes the profile's, else the default.

    Raises a subclass of SpcError with a code and the offending rows. No points at all give an empty result.
    """
    if sum(way is not None for way in (freeze, fix_after, baseline)) > 1:
        raise OptionError("baseline_given_twice")
    settings = settle(chart, profile, {
        "screen": screen, "factor": factor, "rules": rules, "method": method, "direction": direction,
        "aggregate": aggregate, "invalid": invalid, "order": order, "repeats": repeats, "conflict": conflict,
        "test_excluded": test_excluded, "minimum_points": minimum_points, "minimum_baseline": minimum_baseline,
        "negative_limits": negative_limits, "inclusive_target": inclusive_target, "quirks": quirks,
    })  # fmt: skip
    with np.errstate(all="ignore"):  # what cannot be calculated becomes NaN, and that a gap
        rows, words = check_rows(values, denominators, x, phase_labels, chart=chart, invalid=settings.invalid)
        points = pool(
            rows, chart=chart, aggregate=settings.aggregate, order=settings.order, repeats=settings.repeats,
            zero_for_nothing="sum_of_nothing_is_zero" in settings.quirks,
        )  # fmt: skip
        starts, notices = phase_starts(points, phases, rebase)
        planned = plan(
            points, starts, freeze=freeze, fix_after=fix_after, chosen=baseline, exclude=exclude, withheld=withheld,
            centre=centre, minimum_baseline=settings.minimum_baseline, notices=notices,
        )  # fmt: skip
        drawn = [
            draw(points, planned, number, settings, chart=chart, categorical=categorical or words)
            for number in range(len(starts) if len(points) else 0)
        ]
        return conclude(points, planned, drawn, settings, chart=chart, multiply=multiply, target=target)


def find_signals(
    values: ArrayLike | Sequence[float | None],
    *,
    centre: ArrayLike,
    sigma: ArrayLike,
    rules: str | tuple[Rule, ...],
    method: str = "anhoej",
) -> tuple[Signal, ...]:
    """Test rules against a known centre line and standard deviation; points are positions from 0.

    ``values``: shape (m,), NaN or None is a gap; ``centre``, ``sigma``: numbers or shape (m,), same units; ``rules``: a
    name in RULE_SETS, or rules. Raises OptionError, NumberError, LengthError.
    """
    if isinstance(rules, str) and rules not in RULE_SETS:
        raise OptionError("rules")
    value = numbers(values, "values")
    try:
        middle, width = (np.broadcast_to(np.asarray(a, dtype=np.float64), value.shape) for a in (centre, sigma))
    except ValueError:
        raise LengthError("different_lengths") from None
    everything = np.ones(len(value), dtype=bool)
    field = Field(
        np.arange(len(value)),
        value,
        middle,
        {k: middle - k * width for k in ZONE_SIGMAS},
        {k: middle + k * width for k in ZONE_SIGMAS},
        analyse_runs(value, middle, everything, method),
    )
    return tuple(signals_of(field, RULE_SETS[rules] if isinstance(rules, str) else rules))
