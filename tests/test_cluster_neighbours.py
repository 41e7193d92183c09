"""Neighbours of very many reports are found among a part of them, nearly all and the same again."""

import numpy as np
import pytest

from pipeline.cluster import neighbours
from pipeline.cluster.neighbours import nearest_neighbours, neighbours_by_cells
from pipeline.cluster.similarity import centred


def spread_out(n_reports: int, n_groups: int, seed: int = 3) -> np.ndarray:
    """Return vectors round as many centres."""
    rng = np.random.default_rng(seed)
    group = rng.integers(n_groups, size=n_reports)
    centres = 1.5 * rng.normal(size=(n_groups, 24))
    return centred((centres[group] + rng.normal(size=(n_reports, 24))).astype(np.float32))


@pytest.fixture
def few_looked_at(monkeypatch):
    """Compare each of 3,000 reports with 330 instead of all."""
    monkeypatch.setattr(neighbours, "_LOOKED_AT", 6)
    monkeypatch.setattr(neighbours, "_BLOCK_CELLS", 5_000)


@pytest.mark.usefixtures("few_looked_at")
def test_cells_find_nearly_all_of_the_nearest():
    vectors = spread_out(3000, 40)
    nearest, cosines = neighbours_by_cells(vectors, 10, np.random.default_rng(0))
    exact, _ = nearest_neighbours(vectors, 10)
    rows = np.arange(3000)[:, None]
    recall = np.mean([len(set(a) & set(b)) for a, b in zip(nearest, exact, strict=True)]) / 10
    assert 0.9 < recall < 1
    assert not (nearest == rows).any()
    assert all(len(set(found)) == 10 for found in nearest.tolist())
    assert (np.diff(cosines, axis=1) <= 0).all()
    np.testing.assert_allclose((vectors[rows] * vectors[nearest]).sum(axis=2), cosines, atol=1e-5)


@pytest.mark.usefixtures("few_looked_at")
def test_cells_of_one_seed_find_the_same():
    vectors = spread_out(2000, 20)
    first, again = (neighbours_by_cells(vectors, 5, np.random.default_rng(7))[0] for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_all_reports_are_looked_at_when_they_are_few():
    vectors = spread_out(200, 4)
    found, _ = neighbours_by_cells(vectors, 6, np.random.default_rng(1))
    np.testing.assert_array_equal(found, nearest_neighbours(vectors, 6)[0])


@pytest.mark.usefixtures("few_looked_at")
def test_reports_that_are_all_alike_have_neighbours():
    vectors = np.tile(np.array([[0.6, 0.8]], dtype=np.float32), (100, 1))
    nearest, cosines = neighbours_by_cells(vectors, 5, np.random.default_rng(1))
    assert all(len(set(found)) == 5 for found in nearest.tolist())
    np.testing.assert_allclose(cosines, 1, atol=1e-6)
