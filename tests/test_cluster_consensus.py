"""The consensus clusterer is a scikit-learn clusterer, and its graphs repeat themselves."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from scipy.cluster.hierarchy import fcluster
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from pipeline.cluster.bertopic_model import topic_model
from pipeline.cluster.consensus import (
    ConsensusClusterer,
    average_linkage,
    co_association,
)
from pipeline.cluster.graph import communities, neighbour_graph
from pipeline.cluster.large import group_by_graph
from pipeline.cluster.neighbours import nearest_neighbours
from pipeline.cluster.similarity import (
    ReportSpace,
    best_matches,
    centred,
    standardised,
    word_view,
)
from pipeline.cluster.sizes import numbered_by_size
from pipeline.cluster.tree_cut import best_cut


def silent(done, total):
    pass


def blobs(n_reports, n_groups, spread=0.3, n_dims=20, seed=0):
    rng = np.random.default_rng(seed)
    group = np.arange(n_reports) % n_groups
    vectors = np.eye(n_dims)[group] + spread * rng.normal(size=(n_reports, n_dims)) / n_dims**0.5
    return vectors.astype(np.float32), group


@parametrize_with_checks([ConsensusClusterer(n_runs=4, min_cluster_size=2, min_membership=0.0)])
def test_it_keeps_scikit_learns_contract(estimator, check):
    check(estimator)


def test_vectors_and_their_cosines_give_the_planted_groups():
    X, group = blobs(40, 4)
    unit = centred(X)
    for fitted in (
        ConsensusClusterer(n_runs=10).fit(X),
        ConsensusClusterer(n_runs=10, metric="precomputed").fit(unit @ unit.T),
    ):
        assert [len(set(fitted.labels_[group == g])) for g in range(4)] == [1, 1, 1, 1]
        assert len(set(fitted.labels_)) == 4


def test_a_common_direction_of_all_vectors_does_not_matter():
    X, _ = blobs(40, 4)
    shifted = X + 5 * np.eye(20, dtype=np.float32)[19]
    np.testing.assert_allclose(centred(shifted), centred(X), atol=1e-5)
    one, other = (ConsensusClusterer(n_runs=10).fit(v).labels_ for v in (X, shifted))
    np.testing.assert_array_equal(one, other)


def test_the_learned_figures_fit_together():
    fitted = ConsensusClusterer(n_runs=10).fit(blobs(60, 5, spread=1.5)[0])
    share = fitted.co_association_
    np.testing.assert_array_equal(share, share.T)
    assert share.min() >= 0
    assert (np.diag(share) == 1).all()
    for topic, stability in enumerate(fitted.stability_):
        inside = np.flatnonzero(fitted.labels_ == topic)
        block = share[np.ix_(inside, inside)]
        pairs = block[~np.eye(len(inside), dtype=bool)]
        assert stability == pytest.approx(pairs.mean(), abs=1e-6)
    in_topic = fitted.labels_ >= 0
    assert (fitted.probabilities_[in_topic] >= 0.15).all()
    assert (fitted.probabilities_[~in_topic] == 0).all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    X, _ = blobs(50, 5, spread=2)
    fits = [ConsensusClusterer(n_runs=6, random_state=s).fit(X).co_association_ for s in (1, 1, 2)]
    np.testing.assert_array_equal(fits[0], fits[1])
    assert (fits[0] != fits[2]).any()


@pytest.mark.parametrize(
    ("settings", "shape", "message"),
    [
        ({"metric": "precomputed"}, (6, 5), "square"),
        ({"metric": "euclidean"}, (6, 5), "cosine"),
    ],
    ids=["not square", "unknown metric"],
)
def test_a_wrong_metric_or_shape_is_refused(settings, shape, message):
    with pytest.raises(ValueError, match=message):
        ConsensusClusterer(**settings).fit(np.random.default_rng(0).normal(size=shape))


def test_pairs_seen_together_in_every_run_share_one():
    similarity = np.kron(np.eye(4), np.ones((12, 12))).astype(np.float32)
    share = co_association(
        lambda rng: similarity, 48, n_runs=8, rng=np.random.default_rng(0), progress=silent
    )
    assert share[similarity == 0].max() == 0
    assert share[similarity == 1].mean() > 0.4


def test_small_clusters_are_noise_and_the_rest_go_by_size():
    labels = numbered_by_size(np.array([7, 7, 3, 3, 3, 9, -1, -1, -1, -1]), 2)
    assert labels.tolist() == [1, 1, 0, 0, 0, -1, -1, -1, -1, -1]


def test_the_cut_lies_between_half_the_root_and_an_eighth():
    fitted = ConsensusClusterer(n_runs=6).fit(blobs(160, 80, spread=1.0, n_dims=100)[0])
    tree = average_linkage(fitted.co_association_)
    n_clusters = len(set(best_cut(fitted.co_association_, tree, 1)))
    assert 6 <= n_clusters <= 20


def test_it_fits_bertopics_slot_and_carries_log_likelihood_words():
    X, group = blobs(40, 4)
    documents = [f"aihe{g} yhteinen muu{i}" for i, g in enumerate(group)]
    model = topic_model(documents, X, clusterer=ConsensusClusterer(n_runs=10))
    assert set(model.topics_) == {0, 1, 2, 3}
    for number in range(4):
        words = [word for word, _ in model.get_topic(number)]
        planted = group[np.array(model.topics_) == number][0]
        assert words == [f"aihe{planted}"]


@pytest.mark.parametrize("given", [{}, {"labels": np.zeros(4, int), "clusterer": object()}])
def test_a_topic_model_wants_either_labels_or_a_clusterer(given):
    with pytest.raises(ValueError, match="either"):
        topic_model(["a"] * 4, np.eye(4, dtype=np.float32), **given)


def test_communities_repeat_under_a_seed_whatever_ran_before():
    graph = neighbour_graph(np.random.default_rng(0).normal(size=(80, 80)).astype(np.float32), 5)
    first = communities(graph, 3, np.random.default_rng(1))
    for seed in range(5):
        communities(graph, 3, np.random.default_rng(seed))
    np.testing.assert_array_equal(first, communities(graph, 3, np.random.default_rng(1)))


def test_communities_hang_together_and_shrink_as_the_resolution_grows():
    X, _ = blobs(120, 6, spread=2)
    unit = centred(X)
    graph = neighbour_graph(unit @ unit.T, 6)
    n_found = []
    for resolution in (1, 3, 10):
        labels = communities(graph, resolution, np.random.default_rng(0))
        n_found.append(labels.max() + 1)
        for community in range(labels.max() + 1):
            inside = np.flatnonzero(labels == community)
            assert connected_components(graph[inside][:, inside])[0] == 1
    assert n_found == sorted(n_found)
    assert n_found[0] < n_found[-1]


def test_a_graph_is_symmetric_and_mutual_neighbours_weigh_double():
    similarity = np.array([[0, 3, 1], [3, 0, 2], [1, 2, 0]], dtype=np.float32)
    expected = [[0, 1, 0], [1, 0, 0.5], [0, 0.5, 0]]
    np.testing.assert_array_equal(neighbour_graph(similarity, 1).toarray(), expected)


def test_a_graph_of_one_report_has_no_edge():
    assert neighbour_graph(np.zeros((1, 1), dtype=np.float32), 5).nnz == 0
    assert communities(sparse.csr_matrix((3, 3)), 1, np.random.default_rng(0)).tolist() == [0, 1, 2]


@pytest.mark.parametrize("n_reports", [50, 128, 160, 403])
def test_neighbours_found_in_blocks_are_the_nearest(monkeypatch, n_reports):
    monkeypatch.setattr("pipeline.cluster.neighbours._BLOCK_CELLS", 3 * n_reports)
    X = centred(blobs(n_reports, 5, spread=2)[0])
    nearest, cosines = nearest_neighbours(X, 4)
    full = X @ X.T
    np.fill_diagonal(full, -2)
    np.testing.assert_allclose(cosines, -np.sort(-full, axis=1)[:, :4], atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(full, nearest, axis=1), cosines, atol=1e-6)


def test_four_thousand_reports_are_grouped_by_their_graph():
    X, group = blobs(4000, 50, n_dims=60)
    found = group_by_graph(
        centred(X), min_topic_reports=3, min_weight=0.15, seed=0, progress=silent
    )
    purity = [np.bincount(group[rows]).max() / len(rows) for rows in found.members()]
    assert len(found.members()) == 50
    assert np.mean(purity) > 0.99
    assert found.weights.nnz < 3 * 4000
    listable = {frozenset(g.members) for g in found.groups}
    assert {frozenset(rows) for rows in found.members()} <= listable
    assert min(len(members) for members in listable) >= 4


def test_of_more_reports_a_sample_is_grouped_and_the_others_join_it():
    X, group = blobs(900, 9, n_dims=40)
    shape: dict[str, Any] = {
        "min_topic_reports": 3,
        "min_weight": 0.15,
        "seed": 0,
        "progress": silent,
    }
    found = group_by_graph(centred(X), **shape, max_fitted=500)
    assert len(found.members()) == 9
    assert adjusted_rand_score(group, found.labels) > 0.98
    assert found.weights.shape == (900, 9)
    assert 0.5 < found.kept_together(found.members()[0]) <= 1


def test_candidates_are_of_all_reports_where_topics_are_of_a_sample():
    X, _ = blobs(900, 9, n_dims=40)
    few = np.zeros((10, 40), dtype=np.float32)
    few[:, 30] = 1
    few += 0.03 * np.random.default_rng(2).normal(size=few.shape).astype(np.float32)
    found = group_by_graph(
        centred(np.concatenate([X, few])),
        min_topic_reports=3,
        min_weight=0.15,
        seed=0,
        progress=silent,
        max_fitted=400,
    )
    assert frozenset(range(900, 910)) in {frozenset(group.members) for group in found.groups}
    sizes = [len(rows) for rows in found.members()]
    assert sizes == sorted(sizes, reverse=True)
    assert len(found.kept_together.partitions[0]) == 910


def test_a_report_that_stands_with_no_topic_when_links_go_is_in_none():
    X, _ = blobs(600, 10, n_dims=40)
    strays = np.random.default_rng(5).normal(size=(60, 40)).astype(np.float32)
    vectors = centred(np.concatenate([X, 0.5 * strays]))
    shape: dict[str, Any] = {
        "min_topic_reports": 3,
        "min_weight": 0.5,
        "seed": 0,
        "progress": silent,
    }
    labels = group_by_graph(vectors, **shape).labels
    assert (labels[600:] < 0).mean() > 5 * (labels[:600] < 0).mean()


def test_the_cut_is_that_of_the_silhouettes_computed_one_by_one():
    rng = np.random.default_rng(0)
    for n_reports, n_runs in ((30, 3), (60, 5), (90, 40), (120, 100)):
        planted = rng.integers(0, n_reports // 9, n_reports)
        total = np.zeros((n_reports, n_reports))
        for _ in range(n_runs):
            moved = rng.integers(0, n_reports // 9, n_reports)
            labels = np.where(rng.random(n_reports) < 0.6, planted, moved)
            total += (labels[:, None] == labels[None, :]) / n_runs
        share = total.astype(np.float32)
        np.fill_diagonal(share, 1)
        tree = average_linkage(share)
        distance = np.maximum(0, 1 - share.astype(float))
        fewest = max(2, round(n_reports**0.5 / 2))
        cuts = [fcluster(tree, n, "maxclust") for n in range(fewest, n_reports // 8 + 1)]
        scores = [silhouette_score(distance, cut, metric="precomputed") for cut in cuts]
        expected = numbered_by_size(cuts[int(np.argmax(scores))], 3)
        np.testing.assert_array_equal(best_cut(share, tree, 3), expected)


def test_standard_scores_have_mean_zero_and_deviation_one_off_the_diagonal():
    scores = standardised(np.random.default_rng(0).normal(3, 5, size=(30, 30)).astype(np.float32))
    pairs = scores[~np.eye(30, dtype=bool)]
    assert pairs.mean() == pytest.approx(0, abs=1e-5)
    assert pairs.std() == pytest.approx(1, abs=1e-5)
    assert (standardised(np.full((5, 5), 7, dtype=np.float32)) == 0).all()


def test_a_best_match_is_the_most_like_sentence_of_a_report(monkeypatch):
    monkeypatch.setattr("pipeline.cluster.similarity._SENTENCE_BLOCK", 3)
    rng = np.random.default_rng(0)
    sentences = centred(rng.normal(size=(10, 6)).astype(np.float32))
    owners = np.array([0, 0, 0, 1, 2, 2, 2, 2, 3, 3])
    found = best_matches(sentences, owners, 4)
    cosines = sentences @ sentences.T
    expected = np.stack([cosines[:, owners == r].max(axis=1) for r in range(4)], axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_perturbed_similarity_differs_and_keeps_a_sentence_of_every_report():
    rng = np.random.default_rng(0)
    X = centred(rng.normal(size=(12, 16)).astype(np.float32))
    owners = np.arange(12)
    counts = sparse.csr_matrix(rng.integers(0, 3, size=(12, 40)))
    space = ReportSpace(X, best_matches(X, owners, 12), owners, word_view(counts), X[:, :6])
    plain, shaken = space.similarity(), space.perturbed(np.random.default_rng(1))
    np.testing.assert_allclose(shaken, shaken.T, atol=1e-5)
    assert np.isfinite(shaken).all()
    pairs = ~np.eye(12, dtype=bool)
    assert 0.3 < np.corrcoef(plain[pairs], shaken[pairs])[0, 1] < 0.999


def test_words_of_one_report_or_of_most_reports_are_no_likeness():
    counts = np.zeros((20, 3))
    counts[0, 0] = 5
    counts[:5, 1] = 1
    counts[:15, 2] = 1
    assert word_view(sparse.csr_matrix(counts)).shape == (20, 1)


def test_each_view_alone_brings_together_the_reports_it_finds_alike():
    rng = np.random.default_rng(2)
    n_reports, owners = 12, np.arange(12)
    group = np.arange(n_reports) % 3

    def noise():
        return centred(rng.normal(size=(n_reports, 30)).astype(np.float32))

    told = centred(np.eye(3, dtype=np.float32)[group] + 0.01 * noise()[:, :3])
    words = np.zeros((n_reports, 3))
    words[owners, group] = 1
    pairs = ~np.eye(n_reports, dtype=bool)
    same = (group[:, None] == group)[pairs]
    blank = sparse.csr_matrix((n_reports, 1))
    for views in (
        (told, noise(), blank, noise()),
        (noise(), told, blank, noise()),
        (noise(), noise(), sparse.csr_matrix(words), noise()),
        (noise(), noise(), blank, told),
    ):
        vectors, sentences, lemmas, meanings = views
        matches = best_matches(sentences, owners, n_reports)
        likeness = ReportSpace(vectors, matches, owners, lemmas, meanings).similarity()[pairs]
        assert likeness[same].mean() > likeness[~same].mean() + 0.5
