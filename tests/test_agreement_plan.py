"""The plan says how many double-coded reports an interval of alpha takes."""

import numpy as np
import pytest
from offline import havainto

from pipeline.figures.agreement import krippendorff_alpha, masi_distance
from pipeline.figures.agreement_plan import (
    N_SIMULATED,
    reports_for_width,
    simulated_units,
    width_of_alpha,
)

SETS = [frozenset(s) for s in ("a", "b", "ab", "c", "cd", "ade", "e", "b")]


@pytest.mark.parametrize("agreement", [0.5, 0.8, 0.95])
def test_simulated_coders_agree_as_alpha_says(agreement):
    found = [
        krippendorff_alpha(
            simulated_units(SETS, agreement, seed), masi_distance, seed=0, n_bootstrap=1
        ).value
        for seed in range(20)
    ]
    assert np.mean(found) == pytest.approx(agreement, abs=0.03)


def test_with_as_many_reports_as_planned_the_interval_is_as_narrow_as_wanted():
    units = simulated_units(SETS, 0.7, 0)
    width = width_of_alpha(units, 0)
    n = reports_for_width(width, N_SIMULATED, 0.3)
    got = [width_of_alpha(simulated_units(SETS, 0.7, seed)[:n], 1) for seed in range(20)]
    assert np.mean(got) == pytest.approx(0.3, rel=0.15)


def test_less_agreement_takes_more_reports():
    needed = [
        reports_for_width(width_of_alpha(simulated_units(SETS, a, 0), 0), N_SIMULATED, 0.2)
        for a in (0.67, 0.8, 0.9)
    ]
    assert needed == sorted(needed, reverse=True)
    assert len(set(needed)) == 3


def test_the_plan_of_a_study_that_nobody_coded_is_told(finished_copy):
    said = havainto("evaluate", finished_copy.root, "--plan")
    assert "Read by two so far: 0." in said
    rows = [line.split() for line in said.splitlines() if line.strip().startswith("0.")]
    assert [row[0] for row in rows] == ["0.3", "0.2", "0.15", "0.1"]
    counts = np.array([[int(cell) for cell in row[1:]] for row in rows])
    assert (np.diff(counts, axis=0) > 0).all()
    assert (np.diff(counts, axis=1) < 0).all()
