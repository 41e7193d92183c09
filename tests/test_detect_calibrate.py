"""The list keeps its rules, and shuffled periods say what chance would list."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from pipeline.detect.calibrate import (
    Groups,
    ListRules,
    Ranker,
    Ranking,
    separation_weights,
)
from pipeline.detect.trend import plain_test

SIZES = [20] * 6
PERIODS = np.repeat(np.arange(6), 20)
RULES = ListRules(n_listed=8, max_overlap=0.34, min_newest_reports=1, min_recent_reports=3)


def silent(done, total):
    pass


def groups(*members, weights=None):
    rows = np.repeat(np.arange(len(members)), [len(m) for m in members])
    cells = (np.ones(len(rows)), (rows, np.concatenate(members)))
    matrix = sparse.csr_matrix(cells, shape=(len(members), len(PERIODS)))
    return Groups(matrix, np.ones(len(members)) if weights is None else np.array(weights))


def ranker(tested, rules=RULES):
    return Ranker(tested, [plain_test(SIZES)], rules)


def random_groups(n_groups, rng):
    return groups(*(rng.choice(120, rng.integers(4, 12), replace=False) for _ in range(n_groups)))


def test_a_group_of_the_newest_reports_comes_before_an_even_one():
    rising, even = [75, 90, 91, 105, 106, 107], [1, 21, 41, 90, 101, 110]
    assert ranker(groups(even, rising)).rank(PERIODS)[0].tolist()[0] == 1


def test_weight_decides_between_equal_histories():
    one, other = [90, 91, 105, 106], [92, 93, 107, 108]
    assert ranker(groups(one, other, weights=[0.5, 1.0])).rank(PERIODS)[0].tolist() == [1, 0]


@pytest.mark.parametrize(
    "members",
    [
        pytest.param([80, 81, 82, 83], id="none in the newest period"),
        pytest.param([60, 61, 85, 105], id="two in the newest two periods"),
        pytest.param([0, 1, 2, 3, 4, 5, 85, 86, 105], id="a fall"),
    ],
)
def test_a_group_without_news_is_not_listed(members):
    assert ranker(groups(members)).rank(PERIODS)[0].tolist() == []


def test_newest_means_the_newest_period_with_reports():
    empty_last = Ranker(groups([90, 91, 105, 106]), [plain_test([*SIZES, 0])], RULES)
    assert empty_last.rank(PERIODS)[0].tolist() == [0]


def test_a_group_that_shares_over_a_third_with_a_better_one_is_passed_over():
    best = [100, 101, 102, 103, 104, 105]
    near = [103, 104, 105, 95, 96, 97]
    apart = [105, 90, 91, 92, 93, 106]
    assert ranker(groups(best, near, apart)).rank(PERIODS)[0].tolist() == [0, 2]


class SameForAll:
    """A test of growth that finds every group as surprising."""

    sizes = SIZES

    def p_rise(self, counts):
        return np.full(len(counts), 0.01)


def test_of_two_as_strong_the_one_with_more_reports_comes_first():
    tested = groups([100, 101, 102], [103, 104, 105, 106, 107])
    tests: list[Any] = [SameForAll()]
    assert Ranker(tested, tests, RULES).rank(PERIODS)[0].tolist() == [1, 0]


def test_the_list_is_no_longer_than_asked_for():
    rules = ListRules(2, 0.34, 1, 3)
    tested = groups(*([100 + 4 * i + j for j in range(4)] for i in range(5)))
    assert len(ranker(tested, rules).rank(PERIODS)[0]) == 2


def test_weights_follow_the_root_of_separation():
    np.testing.assert_allclose(separation_weights(np.array([0.4, 0.1, 0.001])), [1, 0.5, 0.05**0.5])


def test_a_planted_rise_is_a_signal_and_the_same_seed_gives_the_same_q():
    rng = np.random.default_rng(1)
    random = [rng.choice(100, 8, replace=False) for _ in range(20)]
    tested = groups(*random, [81, 82, 100, 101, 102, 103, 104])
    first, again = (
        ranker(tested).calibrated(PERIODS, 100, np.random.default_rng(5), silent) for _ in range(2)
    )
    assert first.groups[0] == 20
    assert first.q_values[0] <= 0.1
    assert first.p_max[0] <= 0.1
    np.testing.assert_array_equal(first.q_values, again.q_values)


def test_when_nothing_happens_a_false_signal_is_as_rare_as_promised():
    rng = np.random.default_rng(2)
    tested = ranker(random_groups(40, rng))
    n_alarms = 0
    for _ in range(60):
        ranking = tested.calibrated(rng.permutation(PERIODS), 60, rng, silent)
        n_alarms += bool((ranking.p_max <= 0.1).any())
    # 6 expected; 13 or more would come once in 200 tries
    assert n_alarms <= 12


def test_a_group_is_a_signal_only_when_most_fifths_of_the_shuffles_agree():
    parts = np.array([[0.05, 0.2], [0.08, 0.09], [0.2, 0.3], [0.02, 0.2], [0.3, 0.08]])
    ranking = Ranking(np.array([0, 1]), np.array([0.09, 0.09]), np.zeros(2), parts)
    assert ranking.mostly_at_most(0.1).tolist() == [True, False]
    assert ranking.mostly_at_most(0.08).tolist() == [False, False]
    bare = Ranking(np.array([0]), np.array([0.09]), np.zeros(1), np.zeros((0, 1)))
    assert bare.mostly_at_most(0.1).tolist() == [True]
