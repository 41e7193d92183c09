"""The exact tests agree with listing every way the members could have been spread."""

import datetime as dt
from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy.stats import fisher_exact

from pipeline.detect.trend import (
    EXACT_UP_TO,
    plain_test,
    score_distribution,
    seasonal_test,
    seasons_of,
    tail,
)

HALF_YEARS = [dt.date(year, month, 1) for year in (2022, 2023, 2024) for month in (1, 7)]
QUARTERS = [dt.date(year, month, 1) for year in (2023, 2024) for month in (1, 4, 7, 10)]


def listed_p(counts, sizes, scores, strata):
    """Go through every way to choose the members, keeping each stratum's number of them."""
    period_of = np.repeat(np.arange(len(sizes)), sizes)
    observed = sum(c * s for c, s in zip(counts, scores, strict=True))
    kept = [sum(counts[p] for p in stratum) for stratum in strata]
    n_ways = n_as_steep = 0
    for chosen in combinations(period_of, sum(counts)):
        spread = np.bincount(chosen, minlength=len(sizes))
        if [spread[list(stratum)].sum() for stratum in strata] == kept:
            n_ways += 1
            n_as_steep += spread @ scores >= observed
    return n_as_steep / n_ways


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [
        pytest.param([0, 1, 2], [4, 4, 4], id="equal periods"),
        pytest.param([1, 0, 3], [2, 7, 4], id="unequal periods"),
        pytest.param([1, 0, 2, 1], [3, 0, 5, 4], id="a period without reports"),
        pytest.param([2, 1, 0], [4, 4, 4], id="a fall"),
        pytest.param([0, 0, 0], [3, 3, 3], id="no members"),
        pytest.param([0, 0, 3], [1, 2, 3], id="all of the newest"),
    ],
)
def test_a_rise_has_the_p_of_the_list_of_all_ways(counts, sizes):
    scores = np.arange(len(sizes))
    expected = listed_p(counts, sizes, scores, [range(len(sizes))])
    assert plain_test(sizes).p_rise(np.array([counts]))[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([0, 0, 1, 1, 1, 2], id="a rise"),
        pytest.param([2, 0, 1, 0, 1, 0], id="one season"),
        pytest.param([0, 1, 0, 1, 1, 1], id="mostly the other season"),
    ],
)
def test_a_rise_within_seasons_has_the_p_of_the_list_of_all_ways(counts):
    sizes = [3, 2, 2, 3, 3, 2]
    strata = [(0, 2, 4), (1, 3, 5)]
    expected = listed_p(counts, sizes, np.array([0, 0, 1, 1, 2, 2]), strata)
    test = seasonal_test(sizes, HALF_YEARS)
    assert test
    assert test.p_rise(np.array([counts]))[0] == pytest.approx(expected)


@pytest.mark.parametrize("newest", [0, 1, 3, 7])
def test_two_periods_give_fishers_exact_test(newest):
    counts = np.array([[2, newest]])
    expected = fisher_exact([[newest, 40 - newest], [2, 200 - 2]], alternative="greater").pvalue
    assert plain_test([200, 40]).p_rise(counts)[0] == pytest.approx(expected)


def test_a_fall_is_a_rise_backwards():
    sizes, counts = [5, 9, 4, 7], np.array([[3, 2, 1, 0], [0, 1, 0, 3]])
    falls = plain_test(sizes).backwards().p_rise(counts[:, ::-1])
    np.testing.assert_allclose(falls, plain_test(sizes[::-1]).p_rise(counts[:, ::-1]))
    assert falls[0] < 0.1 < falls[1]


def test_a_distribution_is_that_of_drawing_without_return():
    found = score_distribution(3, [5, 4], [0, 1])
    expected = [comb(5, 3 - k) * comb(4, k) / comb(9, 3) for k in range(4)]
    np.testing.assert_allclose(found, expected)


def test_many_reports_neither_overflow_nor_vanish():
    p = plain_test([30_000] * 20).p_rise(np.array([[0] * 10 + [4] * 10, [2] * 20]))
    assert 0 < p[0] < 1e-6
    assert p[1] == pytest.approx(0.5, abs=0.02)


def test_a_large_group_is_tested_nearly_as_by_counting():
    sizes, counts = [100, 80, 120], np.array([[10, 20, EXACT_UP_TO - 29]])
    p_normal = plain_test(sizes).p_rise(counts)[0]
    assert counts.sum() == EXACT_UP_TO + 1
    exact = tail(score_distribution(int(counts.sum()), sizes, [0, 1, 2]))
    assert p_normal == pytest.approx(exact[int(counts[0] @ [0, 1, 2])], rel=0.15)


def test_each_group_gets_its_own_p_whatever_stands_beside_it():
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 3, size=(30, 6))
    test = seasonal_test([10] * 6, HALF_YEARS)
    assert test
    alone = [test.p_rise(row[None, :])[0] for row in counts]
    np.testing.assert_array_equal(test.p_rise(counts), alone)


@pytest.mark.parametrize(
    ("sizes", "n_members", "least"),
    [([40, 40], 3, comb(40, 3) / comb(80, 3)), ([40] * 6, 3, comb(40, 3) / comb(240, 3))],
    ids=["two periods", "six periods"],
)
def test_the_least_p_is_that_of_all_members_in_the_newest_period(sizes, n_members, least):
    assert plain_test(sizes).p_least(n_members) == pytest.approx(least)


@pytest.mark.parametrize(
    ("starts", "seasons"),
    [
        pytest.param(HALF_YEARS, [0, 1, 0, 1, 0, 1], id="half-years"),
        pytest.param(HALF_YEARS[:4], [0, 1, 0, 1], id="two of each"),
        pytest.param(HALF_YEARS[:3], None, id="one season only once"),
        pytest.param(QUARTERS, [0, 1, 2, 3] * 2, id="quarters"),
        pytest.param(QUARTERS[:7], None, id="seven quarters"),
        pytest.param([dt.date(y, 1, 1) for y in range(2018, 2025)], None, id="years"),
        pytest.param([HALF_YEARS[0], *HALF_YEARS[2:]], None, id="uneven steps"),
        pytest.param(HALF_YEARS[:1], None, id="one period"),
        pytest.param([], None, id="no period"),
    ],
)
def test_seasons_are_half_years_or_quarters_with_two_of_each(starts, seasons):
    assert seasons_of(starts) == seasons


def test_a_crowd_counts_the_members_seen_and_not_only_more():
    """Of three members among eight reports, all three in the four of one period: 4 of 56 ways."""
    from pipeline.detect.status import _p_crowded

    crowded = _p_crowded(np.array([3, 0]), np.array([4, 4]), [0])
    assert crowded == pytest.approx(4 / 56)
