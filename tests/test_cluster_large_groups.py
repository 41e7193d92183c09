"""How far a large group stands apart, without looking at all pairs of its reports."""

import numpy as np

from pipeline.cluster.graph_candidates import group_of
from pipeline.cluster.neighbours import nearest_neighbours
from pipeline.vectors import unit


def test_a_large_group_stands_as_far_apart_as_all_its_pairs_say() -> None:
    rng = np.random.default_rng(4)
    centres = np.repeat(rng.normal(size=(6, 12)), 40, axis=0)
    vectors = unit((centres + rng.normal(size=(240, 12))).astype(np.float32))
    nearest, _ = nearest_neighbours(vectors, 10)
    members = np.arange(40, 80)
    cosines = vectors[members].astype(np.float64) @ vectors[members].T
    inside = cosines[~np.eye(40, dtype=bool)].mean()
    outsiders = np.setdiff1d(nearest[members], members)
    links = (vectors[outsiders] @ vectors[members].T).mean(axis=1)

    group = group_of(vectors, nearest, members)

    assert np.isclose(group.separation, inside - np.sort(links)[-3:].mean(), atol=1e-5)
    assert group.members == tuple(members[np.argsort(-cosines.sum(axis=1))].tolist())
