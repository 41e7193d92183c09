"""Reliability and calibration error: every pair in one step, edges where they are said to be."""

import numpy as np
import pytest

from pipeline.figures.calibration import calibration_error, reliability_table


def test_scores_that_come_true_as_often_as_they_say_have_no_calibration_error():
    rng = np.random.default_rng(1)
    scores = rng.random((4000, 3))
    gold = rng.random((4000, 3)) < scores
    assert calibration_error(gold, scores) < 0.02
    assert calibration_error(gold, scores**3) > 0.15
    table = reliability_table(gold, scores)
    assert table["n_pairs"].sum() == gold.size
    assert (table["mean_score"].between(table["low"], table["high"])).all()


@pytest.mark.parametrize("score", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
def test_a_score_on_an_edge_belongs_to_the_step_above(score):
    for given in (score, float(np.float64(round(score, 2)))):
        table = reliability_table(np.array([True]), np.array([given]))
        assert table["low"].tolist() == [score]


def test_every_edge_of_a_hundred_steps_is_exact():
    scores = np.arange(100) / 100
    table = reliability_table(scores > 0, scores, n_bins=100)
    assert table["n_pairs"].tolist() == [1] * 100
    assert table["mean_score"].tolist() == table["low"].tolist() == scores.tolist()


def test_a_score_of_one_is_in_the_last_step():
    table = reliability_table(np.array([True, False]), np.array([1.0, 0.0]))
    assert table["low"].tolist() == [0.0, 0.9]
    assert table["n_right"].tolist() == [0, 1]
    assert calibration_error(np.array([True, False]), np.array([1.0, 0.0])) == 0


def test_the_error_weighs_steps_by_their_pairs():
    right, scores = np.array([False, False, False, True]), np.array([0.95, 0.95, 0.95, 0.95])
    assert calibration_error(right, scores) == pytest.approx(0.7)
    right, scores = np.array([False] * 3 + [True]), np.array([0.95, 0.95, 0.95, 0.05])
    assert calibration_error(right, scores) == pytest.approx(0.75 * 0.95 + 0.25 * 0.95)
