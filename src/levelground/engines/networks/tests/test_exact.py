"""Sums and means of columns are those of fsum and exact_mean, to the last bit."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from levelground.engines.networks.exact import exact_means, exact_sums
from levelground.engines.spc.prepare import exact_mean

# Numbers of all sizes side by side, where a plain sum loses most of them, and ordinary ones.
NUMBERS = st.one_of(
    st.floats(-1e300, 1e300),
    st.sampled_from([1e16, 1.0, -1e16, 1e-16, 0.1, 0.3, 2.0**53, 2.0**-60, 5e-324, 1e308, -1e308]),
    st.integers(-5, 5).map(lambda n: n / 10),
)


@st.composite
def columns(draw: st.DrawFn) -> np.ndarray:
    rows, series = draw(st.integers(0, 30)), draw(st.integers(1, 4))
    return np.array(draw(st.lists(NUMBERS, min_size=rows * series, max_size=rows * series))).reshape(rows, series)


@given(columns())
def test_sums(values: np.ndarray) -> None:
    values = values / 64  # no sum beyond the largest float
    assert exact_sums(values).tolist() == [math.fsum(column) for column in values.T]


@given(columns(), st.integers(0, 2**30))
def test_means(values: np.ndarray, seed: int) -> None:
    with np.errstate(all="ignore"):
        used = np.random.default_rng(seed).random(values.shape) < 0.7
        wanted = [exact_mean(column[kept]) for column, kept in zip(values.T, used.T, strict=True)]
        np.testing.assert_array_equal(exact_means(values, used), wanted)
        np.testing.assert_array_equal(exact_means(values), [exact_mean(column) for column in values.T])


def test_the_mean_of_equal_numbers_is_that_number() -> None:
    values = np.tile(np.array([0.1, 1 / 3, 1e17, 7.3]), (37, 1))
    assert exact_means(values).tolist() == values[0].tolist()
