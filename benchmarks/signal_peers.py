"""What others would list on the same reports and vectors: BERTopic, BERTrend's rule, Yoon's map."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.cluster.similarity import centred

Tables = dict[str, pd.DataFrame]

BERTREND_LIKENESS = 0.7
BERTREND_DECAY = 0.01
BERTREND_BOUNDS = (10, 50)
YOON_WEIGHT = 0.05


def bertopic_labels(tables: Tables, min_topic_size: int, seed: int) -> NDArray[np.int64]:
    """Return BERTopic's topic of each report, -1 for none, with its own defaults."""
    from bertopic import BERTopic
    from umap import UMAP

    reports = tables["reports"]
    vectors = np.stack(tables["report_embeddings"]["vector"].to_list())
    texts = (reports["observation"] + " " + reports["proposal"]).tolist()
    reduction = UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, n_jobs=1
    )
    model = BERTopic(
        language="finnish",
        embedding_model=None,
        umap_model=reduction,
        min_topic_size=min_topic_size,
    ).fit(texts, embeddings=vectors)
    return np.array(model.topics_)


def period_numbers(tables: Tables) -> NDArray[np.int64]:
    """Return the period number of each report."""
    number_of = {period: i for i, period in enumerate(tables["periods"]["period"])}
    return tables["reports"]["period"].map(number_of).to_numpy()


def rising(labels: NDArray[np.int64], tables: Tables) -> list[frozenset[str]]:
    """Return the topics with a rising share, steepest first."""
    number = period_numbers(tables)
    sizes = np.bincount(number)
    slopes = {}
    for topic in sorted(set(labels.tolist()) - {-1}):
        counts = np.bincount(number[labels == topic], minlength=len(sizes))
        slope = np.polyfit(np.arange(len(sizes)), counts / sizes, 1)[0]
        if slope > 0:
            slopes[frozenset(tables["reports"]["report_id"].to_numpy()[labels == topic])] = slope
    return sorted(slopes, key=lambda group: -slopes[group])


def bertrend_weak(tables: Tables, seed: int, *, is_centred: bool) -> list[frozenset[str]]:
    """Return the weak signals of BERTrend's rule, most popular first.

    Its likeness of .7 joins everything on vectors as this encoder gives them, so it is also given
    those with the mean taken away.

    A clustering for each period (UMAP, HDBSCAN of at least 2 reports); a topic joins the earlier
    one of the most like mean vector when the cosine is at least .7; popularity adds up, and falls
    by ``exp(-.01 t^2)`` while a topic is not seen; weak is between the 10th and 50th percentile of
    all popularities, with a rising slope. After Boutaleb, Picault and Grosjean (2024), BERTrend:
    neural topic modeling for emerging trends detection, arXiv:2411.05930; not their program.
    """
    vectors = np.stack(tables["report_embeddings"]["vector"].to_list())
    if is_centred:
        vectors = centred(vectors)
    report_ids = tables["reports"]["report_id"].to_numpy()
    number = period_numbers(tables)
    n_periods = int(number.max()) + 1
    centres: list[NDArray[np.float32]] = []
    members: list[set[str]] = []
    new: list[list[int]] = []
    for period in range(n_periods):
        rows = np.flatnonzero(number == period)
        labels = _slice_labels(vectors[rows], seed)
        for topic in sorted(set(labels.tolist()) - {-1}):
            own = rows[labels == topic]
            centre = vectors[own].mean(axis=0)
            centre /= np.linalg.norm(centre)
            cosines = np.array([centre @ other for other in centres])
            at = int(cosines.argmax()) if len(cosines) else -1
            if at < 0 or cosines[at] < BERTREND_LIKENESS:
                centres.append(centre)
                members.append(set())
                new.append([0] * n_periods)
                at = len(centres) - 1
            members[at].update(report_ids[own].tolist())
            new[at][period] += len(own)
    histories = [_popularity(counts) for counts in new]
    everything = [p for history in histories for p in history if p > 1e-5]
    if not everything:
        return []
    low, high = np.percentile(everything, BERTREND_BOUNDS)
    weak = {
        frozenset(ids): history[-1]
        for ids, history in zip(members, histories, strict=True)
        if low <= history[-1] <= high and np.polyfit(np.arange(n_periods), history, 1)[0] > 0
    }
    return sorted(weak, key=lambda group: (-weak[group], sorted(group)))


def _popularity(counts: list[int]) -> list[float]:
    """Add up the reports of a topic; what is not seen fades."""
    history: list[float] = []
    popularity, unseen = 0.0, 0
    for count in counts:
        unseen = 0 if count else unseen + 1
        popularity = (
            popularity + count if count else popularity * np.exp(-BERTREND_DECAY * unseen**2)
        )
        history.append(float(popularity))
    return history


def _slice_labels(vectors: NDArray[np.float32], seed: int) -> NDArray[np.int64]:
    """Cluster the reports of one period."""
    from sklearn.cluster import HDBSCAN
    from umap import UMAP

    reduced = UMAP(
        n_neighbors=min(15, len(vectors) - 1),
        n_components=5,
        min_dist=0.0,
        metric="cosine",
        random_state=seed,
        n_jobs=1,
        init="random",
    ).fit_transform(vectors)
    return np.asarray(HDBSCAN(min_cluster_size=2, min_samples=1, copy=True).fit_predict(reduced))


def yoon_weak(tables: Tables, n_words: int) -> list[frozenset[str]]:
    """Return the reports of each weak keyword of Yoon's map, fastest growing first.

    Degree of diffusion of lemmas: reports with the word of a period's reports, times
    ``1 - .05 (n - j)``; weak are the words of at most median diffusion and more than median
    growth (geometric mean rate). Yoon (2012), Detecting weak signals for long-term business
    opportunities using text mining of Web news, doi:10.1016/j.eswa.2012.04.059.
    """
    tokens = tables["tokens"]
    content = tokens[tokens["pos"].isin(["NOUN", "PROPN", "ADJ", "VERB"])]
    report_of = tables["segments"].set_index("segment_id")["report_id"]
    pairs = pd.DataFrame(
        {"lemma": content["lemma"].str.lower(), "report_id": content["segment_id"].map(report_of)}
    ).drop_duplicates()
    number_of = dict(zip(tables["reports"]["report_id"], period_numbers(tables), strict=True))
    pairs["period"] = pairs["report_id"].map(number_of)
    sizes = np.bincount(period_numbers(tables))
    n_periods = len(sizes)
    table = pairs.pivot_table(
        index="lemma", columns="period", aggfunc="size", fill_value=0, observed=False
    ).reindex(columns=range(n_periods), fill_value=0)
    table = table[table.sum(axis=1) >= 3]
    aged = 1 - YOON_WEIGHT * (n_periods - 1 - np.arange(n_periods))
    diffusion = table.to_numpy() / sizes * aged
    floored = np.maximum(diffusion, 0.5 / sizes.mean())
    growth = (floored[:, -1] / floored[:, 0]) ** (1 / (n_periods - 1)) - 1
    mean = diffusion.mean(axis=1)
    is_weak = (mean <= np.median(mean)) & (growth > np.median(growth))
    order = sorted(np.flatnonzero(is_weak).tolist(), key=lambda i: (-growth[i], table.index[i]))
    reports_of = pairs.groupby("lemma")["report_id"].agg(frozenset)
    return [reports_of[table.index[i]] for i in order[:n_words]]
