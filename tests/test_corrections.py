"""Corrections for the number of tests, against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.figures.corrections import holm, p_of_strongest, q_values

P_VALUES = arrays(float, st.integers(0, 12), elements=st.floats(0, 1))


def test_holm_multiplies_by_the_tests_that_are_left():
    assert holm(np.array([0.01, 0.9, 0.02, 0.03])).tolist() == pytest.approx(
        [0.04, 0.9, 0.06, 0.06]
    )


def test_a_larger_p_never_gets_a_smaller_corrected_one():
    """Without the running maximum the third would be .021, and reject where the second may not."""
    assert holm(np.array([0.01, 0.02, 0.021])).tolist() == pytest.approx([0.03, 0.04, 0.04])


@given(P_VALUES)
def test_holm_keeps_the_order_and_stays_between_p_and_one(p_values):
    adjusted = holm(p_values)
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()
    assert (adjusted >= p_values).all()
    assert (adjusted <= 1).all()


def test_unknown_ps_stay_unknown_and_are_not_counted():
    assert holm(np.array([np.nan, 0.02, np.nan])).tolist()[1] == 0.02
    assert np.isnan(holm(np.array([np.nan, 0.02]))[0])
    assert holm(np.array([0.6, 0.7])).tolist() == [1.0, 1.0]


def test_q_is_the_chance_listed_over_the_listed_and_never_falls():
    chance = [np.array([2.5, 1.2]), np.array([]), np.array([3.5]), np.array([1.0])]
    found = q_values(np.array([3.0, 2.0, 1.0]), chance)
    np.testing.assert_allclose(found, [0.25, 0.25, 1 / 3])


def test_a_q_is_no_larger_than_that_of_a_weaker_group():
    chance = [np.array([3.5]), np.array([]), np.array([]), np.array([])]
    assert q_values(np.array([3.0, 2.9]), chance).tolist() == [0.125, 0.125]


def test_p_of_the_strongest_counts_the_seen_list_too():
    chance = [np.array([2.5, 1.2]), np.array([]), np.array([3.5]), np.array([1.0])]
    np.testing.assert_allclose(p_of_strongest(np.array([3.0, 1.0]), chance), [2 / 5, 4 / 5])


def test_a_q_is_a_share_and_never_above_one():
    """Chance may list more than was seen: three for the one group here."""
    chance = [np.array([2.0, 2.0, 2.0]), np.array([5.0, 4.0, 3.0])]
    assert q_values(np.array([1.0]), chance).tolist() == [1.0]


def test_no_list_has_no_q():
    assert len(q_values(np.array([]), [])) == 0
    assert len(p_of_strongest(np.array([]), [])) == 0
