"""A topic is split where a finer cut holds better, and a report lies where it fits best."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from pipeline.cluster.levels import Level
from pipeline.cluster.refine import at_nearest_mean, recovery, split_topics
from pipeline.vectors import unit

Labels = NDArray[np.int64]


def level(resolution: float, labels: Labels, trials: tuple[Labels, ...]) -> Level:
    return Level(resolution, labels, 0.9, 0.0, int(labels.max()) + 1, trials)


@pytest.fixture
def coarse() -> Labels:
    return np.repeat([0, 1], 12)


@pytest.fixture
def fine() -> Labels:
    """Return a cut that halves both communities of the coarse one."""
    return np.repeat([0, 1, 2, 3], 6)


def shaken(labels: Labels, rows: slice, seed: int) -> Labels:
    """Return another cut: some communities fall apart at random, the others come out whole."""
    rng = np.random.default_rng(seed)
    made = labels.copy()
    made[rows] = labels.max() + 1 + rng.integers(0, 6, len(made[rows]))
    return made


def test_only_the_topic_whose_parts_come_out_whole_is_split(coarse: Labels, fine: Labels) -> None:
    first, second = slice(0, 12), slice(12, 24)
    chosen = level(1.0, coarse, tuple(shaken(coarse, first, n) for n in range(3)))
    finer = level(2.0, fine, tuple(shaken(fine, second, n) for n in range(3)))
    found = split_topics(chosen, [chosen, finer], 3)
    assert adjusted_rand_score(np.repeat([0, 1, 2], (6, 6, 12)), found) == 1
    assert sorted(set(found.tolist())) == [0, 1, 2]


def test_parts_that_are_no_more_stable_split_nothing(coarse: Labels, fine: Labels) -> None:
    chosen = level(1.0, coarse, (coarse, coarse))
    for trials in ((fine, fine), (shaken(fine, slice(0, 24), 0),)):
        finer = level(2.0, fine, trials)
        assert split_topics(chosen, [chosen, finer], 3).tolist() == coarse.tolist()


def test_parts_too_small_for_a_topic_split_nothing(coarse: Labels, fine: Labels) -> None:
    chosen = level(1.0, coarse, (shaken(coarse, slice(0, 24), 1),))
    finer = level(2.0, fine, (fine,))
    assert split_topics(chosen, [chosen, finer], 7).tolist() == coarse.tolist()
    assert split_topics(chosen, [chosen], 3).tolist() == coarse.tolist()
    assert split_topics(level(1.0, coarse, ()), [chosen, finer], 3).tolist() == coarse.tolist()


def test_recovery_is_one_for_a_cut_that_comes_out_again(coarse: Labels) -> None:
    assert recovery(coarse, [1 - coarse, coarse]).tolist() == [1, 1]
    assert recovery(coarse, [np.arange(24)]).round(3).tolist() == [0.083, 0.083]


def test_a_misplaced_report_goes_to_the_topic_it_is_like() -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 20)
    vectors = unit((np.eye(8)[truth] + 0.1 * rng.normal(size=(60, 8))).astype(np.float32))
    labels = truth.copy()
    labels[[0, 25, 50]] = [1, 2, -1]
    assert at_nearest_mean(vectors, labels, 3).tolist() == truth.tolist()
    alone = np.full(60, -1)
    assert at_nearest_mean(vectors, alone, 3).tolist() == alone.tolist()
    small = np.where(truth == 2, -1, truth)
    small[40] = 2
    assert set(at_nearest_mean(vectors, small, 3).tolist()) == {0, 1}
