"""Centre and limits of many spans at once: what ``engines.spc.limits`` does for one, column by column.

A span is one phase of one series. Arrays have shape (points, spans); a span shorter than the others ends in gaps. The
formulas and their sources stand in ``engines.spc.limits``; a property test holds both to the same answers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from levelground.engines.spc import Settings
from levelground.engines.spc.constants import D2, D4, FACTOR_EXACT, Floats

from .exact import Bools, exact_means, exact_sums

LimitsAt = Callable[[float], tuple[Floats, Floats]]


@dataclass(frozen=True, eq=False)
class Spans:
    """Points of many spans: ``value`` (what is plotted), ``total`` and ``denominator`` of p and u charts.

    ``known``: where there is a value; None: everywhere.
    """

    value: Floats
    total: Floats | None
    denominator: Floats | None
    known: Bools | None


@dataclass(frozen=True, eq=False)
class Lines:
    """``centre``: shape (spans,); (lower, upper) at k sigma: shape (spans,), on p and u charts (points, spans)."""

    centre: Floats
    at: LimitsAt


def run(spans: Spans, settings: Settings) -> Lines:
    """Run chart: the median, no limits."""
    ranked = np.sort(spans.value, axis=0)  # gaps come last
    count = np.count_nonzero(~np.isnan(ranked), axis=0)
    places = np.arange(ranked.shape[1])
    low, high = ranked[np.maximum(count - 1, 0) // 2, places], ranked[np.minimum(count // 2, len(ranked) - 1), places]
    centre = np.where(count % 2 == 1, low, (low + high) / 2)
    nothing = np.full(len(centre), math.nan)
    return Lines(np.where(count > 0, centre, math.nan), lambda k: (nothing, nothing))


def individuals(spans: Spans, settings: Settings) -> Lines:
    """I chart (XmR): mean ± factor × mean moving range, screened or not."""
    centre = exact_means(spans.value, spans.known)
    average = _mean_range(spans, settings)
    factor = settings.factor if settings.factor is not None else math.nan

    def at(k: float) -> tuple[Floats, Floats]:
        if factor == FACTOR_EXACT:
            width = k * (average / D2)
        else:
            width = factor * average if k == 3 else k * (factor / 3) * average
        return centre - width, centre + width

    return Lines(centre, at)


def _mean_range(spans: Spans, settings: Settings) -> Floats:
    """Mean moving range; with screening of those below D4 times it, once, unless none is."""
    ranges = np.abs(np.diff(spans.value, axis=0))
    known = None if spans.known is None else spans.known[1:] & spans.known[:-1]
    average = exact_means(ranges, known)
    if not settings.screen:
        return average
    kept = ranges < D4 * average
    left, whole = np.count_nonzero(kept, axis=0), len(ranges)
    had = whole if known is None else np.count_nonzero(known, axis=0)
    again = np.flatnonzero((left > 0) & (left < had))
    average[again] = exact_means(ranges[:, again], kept[:, again])
    return average


def _share(spans: Spans) -> Floats:
    """Σy / Σn of each span; NaN where Σn is 0."""
    if spans.total is None or spans.denominator is None:
        raise ValueError("p and u charts have denominators")
    top, bottom = spans.total, spans.denominator
    if spans.known is not None:
        top, bottom = (np.where(np.isnan(array), 0.0, array) for array in (top, bottom))
    below = exact_sums(bottom)
    return np.where(below != 0, exact_sums(top) / below, math.nan)


def _around(centre: Floats, sigma: Floats, low: float, high: float) -> LimitsAt:
    def at(k: float) -> tuple[Floats, Floats]:
        lower, upper = centre - k * sigma, centre + k * sigma
        return np.clip(lower, low, high), np.clip(upper, low, high)

    return at


def p(spans: Spans, settings: Settings) -> Lines:
    """P chart: Σy / Σn ± 3 sqrt(CL (1 - CL) / n), within 0 and 1."""
    centre = _share(spans)
    return Lines(centre, _around(centre, _root(centre * (1 - centre), spans), 0, 1))


def u(spans: Spans, settings: Settings) -> Lines:
    """U chart: Σy / Σn ± 3 sqrt(CL / n), not below 0."""
    centre = _share(spans)
    return Lines(centre, _around(centre, _root(centre, spans), 0, math.inf))


def _root(variance: Floats, spans: Spans) -> Floats:
    """Standard deviation by point; NaN, so no limit, where n is 0 or missing."""
    sigma = np.sqrt(variance / np.asarray(spans.denominator))
    return np.where(np.isfinite(sigma), sigma, math.nan)


def c(spans: Spans, settings: Settings) -> Lines:
    """C chart: mean count ± 3 sqrt(mean), not below 0."""
    centre = exact_means(spans.value, spans.known)
    return Lines(centre, _around(centre, np.sqrt(centre), 0, math.inf))


CHARTS: dict[str, Callable[[Spans, Settings], Lines]] = {"run": run, "i": individuals, "p": p, "u": u, "c": c}
WITH_DENOMINATORS = {"p", "u"}
