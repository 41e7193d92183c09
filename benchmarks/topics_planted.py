"""Measure topics of many reports against planted ones and real classes, beside BERTopic.

    python benchmarks/topics_planted.py [--cases 2000:72 10000:240] [--seed 1] [--alone]
    python benchmarks/topics_planted.py --cases --data DIR [--study DIR]
    python benchmarks/topics_planted.py --cases 50000:240 --fitted 30000 50000

Generated vectors: topics inside twelve themes, sizes that differ (lognormal, 0.7), spread 1.4
times the distance of topics, a tenth of the reports in no topic. ``--data DIR`` takes 2,000
questions of DIR/kirjastonhoitaja by their first theme. ARI is over the reports that have a planted
topic; those that a method leaves out count as one more group. BERTopic is given the same vectors:
UMAP and HDBSCAN as it sets them; then tuned, which is the least cluster size of 5 to 80 whose ARI
is best *seen against the truth* (kinder than any user could be), with and without its outliers put
into the nearest topic. CPU seconds are of one core. ``--fitted`` compares topics found in samples
with those found in all; fifteen phenomena of 10, 20 and 60 reports are planted beside, and how well
the candidates meet them is the mean over a size of the best Jaccard index.
"""

import argparse
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from signals import silent
from threadpoolctl import threadpool_limits

from pipeline.cluster.candidates import jaccard
from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.grouping import Grouping
from pipeline.cluster.large import MAX_FITTED, group_by_graph
from pipeline.cluster.similarity import centred, joined

N_DIMS, N_OWN_DIMS, N_THEMES = 384, 48, 12
SPREAD, STRAY, SIZE_SPREAD, THEME = 1.4, 0.1, 0.7, 0.7
N_QUESTIONS = 2000
CLUSTER_SIZES = (5, 10, 20, 40, 80)
PHENOMENA, N_OF_EACH = (10, 20, 60), 5
MET = " | ".join(f"of {size} met" for size in PHENOMENA)

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]


def planted(
    n_reports: int, n_topics: int, seed: int, phenomena: Sequence[int] = ()
) -> tuple[Vectors, Labels]:
    """Return vectors as a corpus has them, and the planted topic of each, -1 for none.

    `phenomena` are the sizes of topics more, which take the last reports and the last numbers.
    """
    rng = np.random.default_rng(seed)
    themes = THEME * rng.normal(size=(N_THEMES, N_OWN_DIMS))
    own = rng.normal(size=(n_topics, N_OWN_DIMS))
    centres = themes[rng.integers(0, N_THEMES, n_topics)] + own
    sizes = rng.lognormal(0, SIZE_SPREAD, n_topics)
    topics = rng.choice(n_topics, n_reports, p=sizes / sizes.sum())
    n_more = sum(phenomena)
    if n_more:
        more = np.random.default_rng((seed, 1))
        at = themes[more.integers(0, N_THEMES, len(phenomena))]
        centres = np.vstack([centres, at + more.normal(size=at.shape)])
        topics[-n_more:] = n_topics + np.repeat(np.arange(len(phenomena)), phenomena)
    mix = rng.normal(size=(N_OWN_DIMS, N_DIMS)) / N_OWN_DIMS**0.5
    hidden = centres[topics] + SPREAD * rng.normal(size=(n_reports, N_OWN_DIMS))
    stray = rng.random(n_reports) < STRAY
    stray[n_reports - n_more :] = False
    n_stray = int(stray.sum())
    hidden[stray] = themes[rng.integers(0, N_THEMES, n_stray)]
    hidden[stray] += (1 + SPREAD**2) ** 0.5 * rng.normal(size=(n_stray, N_OWN_DIMS))
    noise = 0.3 * rng.normal(size=(n_reports, N_DIMS))
    return centred((hidden @ mix + noise).astype(np.float32)), np.where(stray, -1, topics)


def grouped(vectors: Vectors, seed: int, max_fitted: int = MAX_FITTED) -> Grouping:
    """Group vectors as the cluster stage groups many reports."""
    config = ClusterConfig()
    return group_by_graph(
        vectors,
        min_topic_reports=config.min_topic_reports,
        min_weight=config.min_weight,
        seed=seed,
        progress=silent,
        max_fitted=max_fitted,
    )


def reduced(vectors: Vectors, seed: int) -> NDArray[np.float32]:
    """Return the vectors as BERTopic's UMAP reduces them."""
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(
            UMAP(
                n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
            ).fit_transform(vectors)
        )


def bertopic(flat: NDArray[np.float32], least: int) -> Labels:
    """Return the topics of BERTopic on vectors that are reduced already."""
    from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction

    model = BERTopic(
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        min_topic_size=least,
    )
    texts = [f"raportti {row % 50}" for row in range(len(flat))]
    return np.array(model.fit(texts, embeddings=flat).topics_)


def outliers_joined(vectors: Vectors, labels: Labels) -> Labels:
    """Put the reports of no topic into the topic whose mean vector is nearest, as BERTopic can."""
    if labels.max(initial=-1) < 0:
        return labels
    means = np.stack([vectors[labels == t].mean(axis=0) for t in range(labels.max() + 1)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return np.where(labels < 0, (vectors @ means.T).argmax(axis=1), labels)


def show(case: str, vectors: Vectors, truth: Labels, seed: int, *, has_peer: bool = True) -> None:
    """Print a row a method."""
    from sklearn.metrics import adjusted_rand_score

    has = truth >= 0

    def row(method: str, labels: Labels, seconds: float) -> float:
        score = adjusted_rand_score(truth[has], labels[has])
        print(
            f"| {case} | {method} | {score:.3f} | {labels.max() + 1} | {(labels < 0).mean():.0%} | "
            f"{seconds:.0f} |",
            flush=True,
        )
        return float(score)

    start = time.process_time()
    row("ours", grouped(vectors, seed).labels, time.process_time() - start)
    if not has_peer:
        return
    start = time.process_time()
    flat = reduced(vectors, seed)
    seconds = time.process_time() - start
    tried: dict[str, Labels] = {}
    for least in CLUSTER_SIZES:
        start = time.process_time()
        tried[f"BERTopic, {least}"] = bertopic(flat, least)
        if least == 10:
            row("BERTopic, defaults", tried["BERTopic, 10"], seconds + time.process_time() - start)
        tried[f"BERTopic, {least}, outliers joined"] = outliers_joined(
            vectors, tried[f"BERTopic, {least}"]
        )
    best = max(tried, key=lambda name: adjusted_rand_score(truth[has], tried[name][has]))
    row(f"{best} (tuned on the truth)", tried[best], seconds)


def show_samples(
    case: str, n_reports: int, n_topics: int, seed: int, fitted: Sequence[int]
) -> None:
    """Print a row for each size of the sample that topics are found in."""
    from sklearn.metrics import adjusted_rand_score

    sizes = [size for size in PHENOMENA for _ in range(N_OF_EACH)]
    vectors, truth = planted(n_reports, n_topics, seed, sizes)
    has = (truth >= 0) & (truth < n_topics)
    print(
        f"\n| reports:topics | topics found in | ARI | topics | left out | {MET} | CPU s |\n"
        f"|---|---|---|---|---|{'---|' * len(PHENOMENA)}---|"
    )
    for max_fitted in fitted:
        start = time.process_time()
        made = grouped(vectors, seed, max_fitted)
        seconds = time.process_time() - start
        score = adjusted_rand_score(truth[has], made.labels[has])
        best = np.array([
            max(
                jaccard(frozenset(np.flatnonzero(truth == n_topics + one).tolist()), group)
                for group in [frozenset(g.members) for g in made.groups]
            )
            for one in range(len(sizes))
        ]).reshape(len(PHENOMENA), N_OF_EACH)  # fmt: skip
        met = " | ".join(f"{one:.2f}" for one in best.mean(axis=1))
        print(
            f"| {case} | {min(max_fitted, n_reports):,} | {score:.3f} | {len(made.stability)} | "
            f"{(made.labels < 0).mean():.0%} | {met} | {seconds:.0f} |",
            flush=True,
        )


def questions(folder: Path, study: Path) -> tuple[Vectors, Labels]:
    """Return the vectors of real questions and the number of their first theme."""
    import topics as few

    from pipeline.artifacts import Store
    from pipeline.config import load_settings
    from pipeline.needs import Supply
    from pipeline.study import create_study

    supply = Supply(Store(create_study(study)), load_settings(None, []))
    tables, themes = few.read_pool(folder, supply, N_QUESTIONS, by_first=True)
    held = tables["report_embeddings"]
    texts, words = (centred(np.stack(held[name].to_list())) for name in ("vector", "word_vector"))
    return joined(texts, words), np.unique(themes, return_inverse=True)[1].astype(np.int64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    default = ["2000:72", "10000:72", "10000:240", "20000:240"]
    parser.add_argument("--cases", nargs="*", default=default, help="reports:planted topics")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="folder that holds kirjastonhoitaja/")
    parser.add_argument("--study", type=Path, help="folder that keeps vectors")
    parser.add_argument("--alone", action="store_true", help="without BERTopic")
    parser.add_argument("--fitted", type=int, nargs="*", help="compare samples of these sizes")
    given = parser.parse_args()
    has_peer = not given.alone
    if given.fitted:
        for case in given.cases:
            n_reports, n_topics = (int(part) for part in case.split(":"))
            with threadpool_limits(1):
                show_samples(case, n_reports, n_topics, given.seed, given.fitted)
        return
    print(
        "| reports:topics | method | ARI | topics | left out | CPU s |\n|---|---|---|---|---|---|"
    )
    with threadpool_limits(1):
        if given.data is not None:
            with tempfile.TemporaryDirectory() as folder:
                data = questions(given.data / "kirjastonhoitaja", given.study or Path(folder))
            show(f"real {len(data[1])}:{data[1].max() + 1}", *data, given.seed, has_peer=has_peer)
        for case in given.cases:
            n_reports, n_topics = (int(part) for part in case.split(":"))
            made = planted(n_reports, n_topics, given.seed)
            show(case, *made, given.seed, has_peer=has_peer)


if __name__ == "__main__":
    main()
