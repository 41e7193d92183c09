"""Lay the reports out on a plane, like beside like, for a picture of the whole.

A plane cannot hold all likenesses of some hundred reports: who stands beside whom can mostly be
trusted, how far apart two groups stand and on which side cannot. Nothing is counted or tested from
the map.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.cluster.corpus import read_corpus
from pipeline.cluster.distinct import is_distinct, originals
from pipeline.frames import empty
from pipeline.texts import Texts

if TYPE_CHECKING:
    from pipeline.cluster.cluster import ClusterConfig

_PERPLEXITY = 10.0
"""Neighbours each report is drawn to: about the size of a topic."""

_INITIAL_SPREAD = 1e-4


def map_reports(
    texts: Texts,
    config: "ClusterConfig",
    *,
    seed: int,
) -> pd.DataFrame:
    """Give each report of quality ok that has a sentence a place on the map.

    Parameters
    ----------
    texts : Texts
        Of ``reports`` no date, area or person is read.
    config : ClusterConfig
        ``max_map_reports`` is read.
    seed : int
        Draws the sample where there are more reports, and seeds the layout.

    Returns
    -------
    DataFrame with columns ``report_id``, ``x``, ``y``
        Table ``report_map``, in report order. Likeness is that of the topics
        (:meth:`pipeline.cluster.similarity.ReportSpace.similarity`); a near-copy stands where the
        report stands that it repeats.
    """
    from threadpoolctl import threadpool_limits

    kept = _sample(texts.reports, config.max_map_reports, seed)
    sentences = texts.segments[texts.segments["report_id"].isin(set(kept["report_id"]))]
    words = texts.tokens[texts.tokens["segment_id"].isin(set(sentences["segment_id"]))]
    corpus = read_corpus(texts.of(kept, segments=sentences, tokens=words))
    if not corpus.report_ids:
        return empty("report_map")
    with threadpool_limits(limits=1):
        places = lay_out(corpus.space().similarity(), corpus.vectors, seed)
    ids = [report_id for report_id in kept["report_id"] if report_id in corpus.row_of]
    mine = places[[corpus.row_of[report_id] for report_id in ids]]
    return pd.DataFrame({"report_id": ids, "x": mine[:, 0], "y": mine[:, 1]})


def _sample(reports: pd.DataFrame, most: int, seed: int) -> pd.DataFrame:
    """Return so many distinct reports of quality ok at most, with their near-copies."""
    ids = reports.loc[is_distinct(reports), "report_id"].to_numpy()
    if len(ids) > most:
        ids = np.random.default_rng(seed).choice(ids, most, replace=False)
    drawn = set(ids)
    source = originals(reports)
    is_kept = [source.get(report_id) in drawn for report_id in reports["report_id"]]
    return reports[np.array(is_kept, dtype=bool)]


def lay_out(
    similarity: NDArray[np.float32], vectors: NDArray[np.float32], seed: int
) -> NDArray[np.float64]:
    """Place rows on a plane by t-SNE, begun from the first two principal components.

    Begun there and not at random, the layout keeps more of the large picture and is the same at
    every run.

    Parameters
    ----------
    similarity : ndarray of shape (n_rows, n_rows)
        Symmetric; the larger, the more alike.
    vectors : ndarray of shape (n_rows, n_dims)
        For the beginning.
    seed : int

    Returns
    -------
    ndarray of shape (n_rows, 2)
        Both between 0 and 1, on one scale, in the middle of the square. Rows that are all alike
        stand on one spot.

    References
    ----------
    van der Maaten and Hinton (2008), Journal of Machine Learning Research 9, 2579-2605; for the
    beginning, Kobak and Berens (2019), doi:10.1038/s41467-019-13056-x.
    """
    from sklearn.manifold import TSNE

    n_rows = len(similarity)
    if n_rows < 2 or np.ptp(vectors, axis=0).max() < 1e-6:
        return np.full((n_rows, 2), 0.5)
    start = _principal_components(vectors)
    distances = np.asarray(similarity.max() - similarity, dtype=np.float64)
    np.fill_diagonal(distances, 0.0)
    layout = TSNE(
        perplexity=min(_PERPLEXITY, max(1.0, (n_rows - 1) / 3)),
        metric="precomputed",
        init=start * (_INITIAL_SPREAD / start[:, 0].std()),
        learning_rate="auto",
        random_state=seed,
    ).fit_transform(distances)
    return _squared(layout.astype(np.float64))


def _principal_components(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return two principal components; the second is nought where there is but one."""
    from sklearn.decomposition import PCA

    n_parts = min(2, *vectors.shape)
    places = np.zeros((len(vectors), 2))
    places[:, :n_parts] = PCA(n_parts, svd_solver="full").fit_transform(vectors.astype(np.float64))
    return places


def _squared(layout: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit a layout into the unit square without stretching it."""
    low, high = layout.min(axis=0), layout.max(axis=0)
    size = (high - low).max()
    if size <= 0:
        return np.full_like(layout, 0.5)
    return np.asarray((layout - (low + high) / 2) / size + 0.5)
