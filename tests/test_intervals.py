"""Intervals of shares: the ends are those of the books, and they cover what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, norm

from pipeline.figures.intervals import exact_interval, exact_intervals, wilson_share

COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("n", "size", "low", "high"),
    [
        pytest.param(0, 40, 0.0, 0.0881, id="none of 40"),
        pytest.param(40, 40, 0.9119, 1.0, id="all of 40"),
        pytest.param(31, 40, 0.6155, 0.8916, id="31 of 40"),
        pytest.param(10, 20, 0.2720, 0.7280, id="half of 20"),
    ],
)
def test_interval_is_clopper_and_pearsons(n: int, size: int, low: float, high: float) -> None:
    found = exact_intervals(np.array([n]), np.array([size]))
    assert found[0][0] == pytest.approx(low, abs=1e-4)
    assert found[1][0] == pytest.approx(high, abs=1e-4)


def test_interval_covers_the_truth_at_least_as_often_as_it_says() -> None:
    from scipy.stats import binom

    n = np.arange(41)
    low, high = exact_intervals(n, np.full(41, 40))
    for truth in (0.03, 0.1, 0.25, 0.5):
        covered = binom.pmf(n[(low <= truth) & (truth <= high)], 40, truth).sum()
        assert covered >= 0.95


@given(COUNTS)
def test_the_exact_ends_are_quantiles_of_the_beta_distribution(counts):
    n, size = counts
    low = beta.ppf(0.025, n, size - n + 1) if n else 0.0
    high = beta.ppf(0.975, n + 1, size - n) if n < size else 1.0
    assert exact_interval(n, size) == pytest.approx((low, high), abs=1e-9)


@given(COUNTS)
def test_wilsons_ends_are_where_the_score_test_just_rejects(counts):
    n, size = counts
    share = wilson_share(n, size)
    assert 0 <= share.low <= share.value <= share.high <= 1
    for end in (share.low, share.high):
        if 0 < end < 1:
            z = (n / size - end) / np.sqrt(end * (1 - end) / size)
            assert abs(z) == pytest.approx(norm.ppf(0.975), abs=1e-6)


def test_of_no_reports_the_share_may_be_anything():
    assert exact_interval(0, 0) == (0.0, 1.0)
    assert wilson_share(0, 0) == (0.0, 0.0, 1.0)
    low, high = exact_intervals(np.array([0.0, 3.0]), np.array([0.0, 40.0]))
    assert (low[0], high[0]) == (0.0, 1.0)
    assert (low[1], high[1]) == exact_interval(3, 40)


def test_no_rows_have_no_ends():
    low, high = exact_intervals(np.array([]), np.array([]))
    assert len(low) == len(high) == 0
