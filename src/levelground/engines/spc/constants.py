"""Control chart constants.

Sources: Montgomery, Introduction to Statistical Quality Control, appendix VI (c4, A3, B3, B4); Nelson 1982 (screened
moving ranges); Nelson 1994 (power of the t chart); Taylor 2018 (I′ chart). d2 and D4 for moving ranges stay at the
rounded table values 1.128 and 3.267, because all the peers use those.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]

D2 = 1.128  # mean moving range of two, in standard deviations
D4 = 3.267  # upper limit of a moving range, in mean moving ranges; above it a range is screened out
D4_PRIME = 3.2665  # the same for the I′ chart
FACTOR_EXACT = 3 / D2  # 2.6596: limits of an individuals chart, in mean moving ranges
FACTOR_NHS = 2.66  # the rounded factor of NHS charts
T_POWER = 3.6  # times between events become nearly normal when raised to 1/3.6
G_MEDIAN = 0.693  # ln 2: median of an exponential distribution, as a share of its mean


def c4(n: ArrayLike) -> Floats:
    """Mean of a sample's standard deviation in units of sigma. ``n``: sizes of 2 or more; smaller ones give NaN."""
    n = np.asarray(n, dtype=np.float64)
    n = np.where(n >= 2, n, np.nan)
    return np.asarray(np.sqrt(2 / (n - 1)) * np.exp(gammaln(n / 2) - gammaln((n - 1) / 2)))


def c5(n: ArrayLike) -> Floats:
    """Standard deviation of a sample's standard deviation in units of sigma: sqrt(1 - c4²)."""
    return np.asarray(np.sqrt(1 - c4(n) ** 2))


def a3(n: ArrayLike, sigmas: float = 3) -> Floats:
    """Distance of an xbar chart's limits from the centre, in mean subgroup standard deviations."""
    return np.asarray(sigmas / (c4(n) * np.sqrt(np.asarray(n, dtype=np.float64))))


def b3(n: ArrayLike, sigmas: float = 3) -> Floats:
    """Lower limit of an s chart, in mean subgroup standard deviations; never below 0."""
    return np.asarray(np.maximum(0, 1 - sigmas * c5(n) / c4(n)))


def b4(n: ArrayLike, sigmas: float = 3) -> Floats:
    """Upper limit of an s chart, in mean subgroup standard deviations."""
    return np.asarray(1 + sigmas * c5(n) / c4(n))
