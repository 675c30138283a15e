"""Centre line and limits of each kind of chart: one pure function per chart, for one phase.

Every function takes a ``Phase`` and a ``Method`` and returns ``Lines``. Sources stand with each function; "docs" is
docs/methods/spc.md. Values that cannot be calculated are NaN and become blank in the result.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import constants
from .constants import Floats
from .errors import OptionError
from .prepare import Bools, known_mean, sample_sd

# What the peers do by accident; docs/methods/spc.md tells each. A profile names those that it needs.
QUIRKS = {
    "constant_series_has_no_limits",  # screening removes every range of 0; Laney's 0/0 at 0% and 100%
    "ip_sigma_from_all_points",  # I′: freeze and exclude change the centre only
    "empty_subgroup_counts_minus_one",  # xbar, s: a subgroup without values counts as -1 degrees of freedom
    "t_lower_limit_always_drawn",  # t: 0, even where there are no limits
    "t_known_centre_is_transformed",  # t: a known centre is taken to the power of 3.6
    "sum_of_nothing_is_zero",  # several missing values on one x sum to 0
    "trend_direction_by_next_point",  # a point's trend is named after the step to the next point
    "trend_over_gap_refused",  # a gap in a window whose known steps all go one way stops the analysis
    "undefined_is_hit_and_miss",  # no limits, no number as target, or every value equal to the target: hit and miss
    "missing_last_is_common_cause",  # the variation icon of a last point without a value
}


@dataclass(frozen=True, eq=False)
class Phase:
    """The points of one phase, one entry each. ``base``: the points that centre and spread are taken from."""

    value: Floats
    total: Floats
    denominator: Floats
    size: Floats
    mean: Floats
    sd: Floats
    base: Bools
    centre: float | None  # the known centre line, if there is one
    categorical: bool = False

    def level(self, found: float) -> float:
        """The known centre line, else what was found."""
        return found if self.centre is None else self.centre


@dataclass(frozen=True)
class Method:
    """How spread becomes limits: Nelson's screening, limits in mean moving ranges at 3 sigma, the peers' accidents."""

    screen: bool
    factor: float
    quirks: frozenset[str]


@dataclass(frozen=True, eq=False)
class Lines:
    """What is drawn: the value (some charts change it), the centre, and (lower, upper) at k sigma, given k."""

    value: Floats
    centre: Floats
    at: Callable[[float], tuple[Floats, Floats]]


def screened_mean(ranges: Floats, method: Method, times: float = constants.D4) -> float:
    """Mean of the ranges; with screening, of those strictly below ``times`` the mean of all, once (Nelson 1982).

    When every range is 0 screening would leave none; then all stay, so that the limits equal the mean.
    """
    ranges = ranges[~np.isnan(ranges)]
    average = known_mean(ranges)
    if not method.screen:
        return average
    kept = ranges[ranges < times * average]
    if not len(kept) and "constant_series_has_no_limits" not in method.quirks:
        return average
    return known_mean(kept)


def _moving_ranges(values: Floats) -> Floats:
    return np.asarray(np.abs(np.diff(values)))


def _spread(average: float, k: float, factor: float) -> float:
    """k sigma of an individuals chart, from the mean moving range, rounded as the peers round it."""
    if factor == constants.FACTOR_EXACT:
        return k * (average / constants.D2)
    return factor * average if k == 3 else k * (factor / 3) * average


def _flat(phase: Phase, number: float) -> Floats:
    return np.full(len(phase.value), number)


def _around(centre: Floats, sigma: Floats | float, low: float = -math.inf, high: float = math.inf) -> "LimitsAt":
    """Limits at k sigma on both sides, cut at ``low`` and ``high`` where they are finite."""

    def at(k: float) -> tuple[Floats, Floats]:
        return _cut(centre - k * sigma, low, high), _cut(centre + k * sigma, low, high)

    return at


def _cut(line: Floats, low: float, high: float) -> Floats:
    return np.where(np.isfinite(line), np.clip(line, low, high), line)


LimitsAt = Callable[[float], tuple[Floats, Floats]]


def run(phase: Phase, method: Method) -> Lines:
    """Run chart: the median, no limits. Perla, Provost & Murray 2011."""
    known = phase.value[phase.base & ~np.isnan(phase.value)]
    centre = _flat(phase, phase.level(float(np.median(known)) if len(known) else math.nan))
    nothing = _flat(phase, math.nan)
    return Lines(phase.value, centre, lambda k: (nothing, nothing))


def individuals(phase: Phase, method: Method) -> Lines:
    """I chart (XmR): mean ± factor × mean moving range. Montgomery eq. 6.33. Excluded points are bridged, gaps not."""
    base = phase.value[phase.base]
    centre = _flat(phase, phase.level(known_mean(base)))
    average = screened_mean(_moving_ranges(base), method)

    def at(k: float) -> tuple[Floats, Floats]:
        width = _spread(average, k, method.factor)
        return centre - width, centre + width

    return Lines(phase.value, centre, at)


def moving_range(phase: Phase, method: Method) -> Lines:
    """MR chart: mean moving range, upper limit 3.267 times it, lower limit 0. Never screened; excluded not bridged."""
    value = np.append(np.full(min(1, len(phase.value)), math.nan), _moving_ranges(phase.value))
    centre = _flat(phase, phase.level(known_mean(value[phase.base])))
    zero = _flat(phase, 0.0)
    # As the peer rounds it: 3.267 itself at 3 sigma.
    return Lines(value, centre, lambda k: (zero, (constants.D4 if k == 3 else constants.D4 / 3 * k) * centre))


def subgroup_sd(phase: Phase, method: Method) -> float:
    """S of xbar and s charts: the mean SD if all subgroups have one size, else the pooled SD. Montgomery 6.29-6.31."""
    counts_empty = "empty_subgroup_counts_minus_one" in method.quirks
    sizes = phase.size if counts_empty else phase.size[phase.size > 0]
    if len(set(sizes.tolist())) <= 1:
        return known_mean(phase.sd[phase.base])
    used = phase.base if counts_empty else phase.base & (phase.size > 0)
    freedom, sd = phase.size[used] - 1, phase.sd[used]
    squares = (freedom * sd**2)[~np.isnan(sd)]
    total = math.fsum(freedom)
    return math.sqrt(math.fsum(squares) / total) if total > 0 else math.nan


def xbar(phase: Phase, method: Method) -> Lines:
    """Xbar chart: mean of all values ± A3(n) S."""
    weight, mean = phase.size[phase.base], phase.mean[phase.base]
    centre = _flat(phase, phase.level(_quotient(math.fsum((weight * mean)[weight > 0]), math.fsum(weight))))
    spread = subgroup_sd(phase, method)

    def at(k: float) -> tuple[Floats, Floats]:
        width = constants.a3(phase.size, k) * spread
        return centre - width, centre + width

    return Lines(phase.mean, centre, at)


def s(phase: Phase, method: Method) -> Lines:
    """S chart: S, limits B3(n) S and B4(n) S; the lower limit is never below 0."""
    centre = _flat(phase, phase.level(subgroup_sd(phase, method)))
    return Lines(
        phase.sd, centre, lambda k: (constants.b3(phase.size, k) * centre, constants.b4(phase.size, k) * centre)
    )


def t(phase: Phase, method: Method) -> Lines:
    """T chart: an I chart of y^(1/3.6), raised to 3.6 again. Nelson 1994."""
    power = constants.T_POWER
    known = phase.centre
    if known is not None and known <= 0:
        raise OptionError("centre")
    if known is not None and "t_known_centre_is_transformed" not in method.quirks:
        known = known ** (1 / power)
    rooted = Phase(
        phase.value ** (1 / power), phase.total, phase.denominator, phase.size, phase.mean, phase.sd, phase.base, known
    )
    inner = individuals(rooted, method)

    def at(k: float) -> tuple[Floats, Floats]:
        low, high = inner.at(k)
        lower = np.where(low < 0, math.nan, low) ** power
        if k == 3:  # below zero there is nothing to wait for; nearer lines stay blank
            lower = np.where(low < 0, 0.0, lower)
            if "t_lower_limit_always_drawn" in method.quirks:
                lower = np.where(np.isnan(lower), 0.0, lower)
        return lower, high**power

    return Lines(phase.value, inner.centre**power, at)


def _quotient(top: float, bottom: float) -> float:
    return top / bottom if bottom else math.nan


def _ratio_centre(phase: Phase) -> Floats:
    known = phase.base & ~np.isnan(phase.total)
    shares = phase.denominator[known]
    return _flat(phase, phase.level(_quotient(math.fsum(phase.total[known]), math.fsum(shares[~np.isnan(shares)]))))


def _p_sigma(phase: Phase, centre: Floats) -> Floats:
    return np.asarray(np.sqrt(centre * (1 - centre) / phase.denominator))


def _u_sigma(phase: Phase, centre: Floats) -> Floats:
    return np.asarray(np.sqrt(centre / phase.denominator))


def p(phase: Phase, method: Method) -> Lines:
    """P chart: sum y / sum n ± 3 sqrt(CL (1 - CL) / n), within 0 and 1."""
    centre = _ratio_centre(phase)
    return Lines(phase.value, centre, _around(centre, _p_sigma(phase, centre), 0, 1))


def u(phase: Phase, method: Method) -> Lines:
    """U chart: sum y / sum n ± 3 sqrt(CL / n), not below 0. Montgomery 7.19."""
    centre = _ratio_centre(phase)
    return Lines(phase.value, centre, _around(centre, _u_sigma(phase, centre), 0))


def _laney(phase: Phase, centre: Floats, sigma: Floats, method: Method) -> Floats:
    """Sigma times sigma_z, the spread of the standardised values from one point to the next. Laney 2002."""
    z = (phase.value[phase.base] - centre[phase.base]) / sigma[phase.base]
    if phase.categorical:
        sigma_z = sample_sd(z[~np.isnan(z)])
    else:
        sigma_z = screened_mean(_moving_ranges(z), method) / constants.D2
    if "constant_series_has_no_limits" not in method.quirks and (sigma[np.isfinite(sigma)] == 0).all():
        sigma_z = 0.0  # every share is 0 or every share is 1: the limits equal the centre
    return sigma * sigma_z


def p_prime(phase: Phase, method: Method) -> Lines:
    """P′ chart: a p chart whose limits also hold the variation between subgroups. Laney 2002."""
    centre = _ratio_centre(phase)
    return Lines(phase.value, centre, _around(centre, _laney(phase, centre, _p_sigma(phase, centre), method), 0, 1))


def u_prime(phase: Phase, method: Method) -> Lines:
    """U′ chart: a u chart whose limits also hold the variation between subgroups. Laney 2002."""
    centre = _ratio_centre(phase)
    return Lines(phase.value, centre, _around(centre, _laney(phase, centre, _u_sigma(phase, centre), method), 0))


def c(phase: Phase, method: Method) -> Lines:
    """C chart: mean count ± 3 sqrt(mean), not below 0. Montgomery 7.17."""
    centre = _flat(phase, phase.level(known_mean(phase.value[phase.base])))
    return Lines(phase.value, centre, _around(centre, np.sqrt(centre), 0))


def g(phase: Phase, method: Method) -> Lines:
    """G chart: the median is drawn, limits come from the mean g: g ± 3 sqrt(g (g + 1)), not below 0. Montgomery p. 319.

    A known centre is taken as the mean; 0.693 times it, the median of such times, is drawn.
    """
    base = phase.value[phase.base]
    mean = _flat(phase, phase.level(known_mean(base)))
    if phase.centre is None:
        known = base[~np.isnan(base)]
        centre = _flat(phase, float(np.median(known)) if len(known) else math.nan)
    else:
        centre = constants.G_MEDIAN * mean
    return Lines(phase.value, centre, _around(mean, np.sqrt(mean * (mean + 1)), 0))


def i_prime(phase: Phase, method: Method) -> Lines:
    """I′ chart: an I chart whose limits widen where n is small. Taylor 2018 (variation.com).

    s_i = sqrt(pi/2) |y_i - y_(i-1)| / sqrt(1/n_i + 1/n_(i-1)); sigma_i = mean(s) / sqrt(n_i).
    """
    n, y = phase.denominator, phase.value
    known = phase.base & ~np.isnan(y * n)
    centre = _flat(phase, phase.level(_quotient(math.fsum((y * n)[known]), math.fsum(n[known]))))
    used = np.ones(len(y), dtype=bool) if "ip_sigma_from_all_points" in method.quirks else phase.base
    part = 1 / n[used]
    steps = math.sqrt(math.pi / 2) * _moving_ranges(y[used]) / np.sqrt(part[1:] + part[:-1])
    spread = screened_mean(steps, method, constants.D4_PRIME)
    return Lines(y, centre, _around(centre, spread * np.sqrt(1 / n)))


CHARTS: dict[str, Callable[[Phase, Method], Lines]] = {
    "run": run, "i": individuals, "mr": moving_range, "xbar": xbar, "s": s, "t": t, "p": p, "pp": p_prime, "c": c,
    "u": u, "up": u_prime, "g": g, "ip": i_prime,
}  # fmt: skip
