"""Measure whether planted emerging topics are found, against BERTopic on the same vectors.

    python benchmarks/signals.py --study DIR [--gold FILE] [--seeds 5] [--shuffles 200]

DIR is a study that has been run on the corpus; its tables are read, and cluster and detect run
again here. The gold file names the planted topics (``report_id,topic,kind``). A planted topic is
found by the first listed group of which at least three reports and half are the topic's, and that
has at least 40 % of the topic. Member F1 is over the topics found. A false alarm is a list with a
``signal`` in it when the reports' periods have been shuffled.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pipeline.cluster.cluster import ClusterConfig, cluster
from pipeline.detect.detect import DetectConfig, detect
from pipeline.detect.trend import share_interval
from pipeline.tables import to_frame

GOLD = Path(__file__).resolve().parents[1] / "corpora" / "jarvimaa" / "gold_topics.csv"
TEXT_TABLES = ("reports", "segments", "tokens", "embeddings", "report_embeddings")
TOPIC_SIZES = (10, 5, 3)
PEER_SEEDS = (0, 1, 2)
N_LISTED = 8


@dataclass(frozen=True)
class Gold:
    """The planted topics: their reports and what kind of history each has."""

    members: dict[str, frozenset[str]]
    kinds: dict[str, str]

    def hits(self, listed: Sequence[frozenset[str]]) -> dict[str, tuple[int, float]]:
        """Return rank and member F1 of each planted topic that a listed group finds."""
        found: dict[str, tuple[int, float]] = {}
        for rank, group in enumerate(listed, 1):
            for topic, members in self.members.items():
                n_common = len(group & members)
                is_hit = n_common >= max(3, 0.5 * len(group), 0.4 * len(members))
                if is_hit and topic not in found:
                    found[topic] = (rank, 2 * n_common / (len(group) + len(members)))
        return found


def read_gold(file: Path) -> Gold:
    gold = pd.read_csv(file, dtype=str)
    members = {str(t): frozenset(ids) for t, ids in gold.groupby("topic")["report_id"]}
    return Gold(members, dict(zip(gold["topic"], gold["kind"], strict=True)))


def summary(gold: Gold, listed: Sequence[frozenset[str]]) -> str:
    """Say in a line what a list found and what it should not have had."""
    hits = gold.hits(listed)
    emerging = [t for t, kind in gold.kinds.items() if kind == "emerging"]
    found = [topic for topic in emerging if topic in hits]
    ranks = sorted(hits[topic][0] for topic in found)
    f1 = np.mean([hits[topic][1] for topic in found]) if found else 0.0
    wrong = [f"{gold.kinds[t]} at {hits[t][0]}" for t in hits if t not in emerging]
    return f"{len(found)} of {len(emerging)} | {ranks} | {f1:.2f} | {', '.join(wrong) or 'none'}"


def silent(done: int, total: int) -> None:
    """Show no progress."""


def ours(tables: dict[str, pd.DataFrame], seed: int) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    reports, segments, tokens, embeddings, vectors = (tables[name] for name in TEXT_TABLES)
    texts = (reports, segments, tokens, embeddings, vectors)
    grouped = list(cluster(*texts, ClusterConfig(), seed=seed, progress=silent))
    return grouped, tested(tables, grouped, reports, seed)


def tested(
    tables: dict[str, pd.DataFrame], grouped: list[pd.DataFrame], reports: pd.DataFrame, seed: int
) -> pd.DataFrame:
    topics, report_topics, _, candidates = grouped
    given = (tables["periods"], reports, topics, report_topics, candidates, tables["report_themes"])
    return detect(*given, DetectConfig(), seed=seed, progress=silent)


def listed_groups(signals: pd.DataFrame) -> list[frozenset[str]]:
    ranked = signals[signals["rank"].notna()].sort_values("rank")
    return [frozenset(report_ids) for report_ids in ranked["report_ids"]]


def likeness(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> float:
    """Return how alike two lists are: mean best Jaccard, both ways."""
    if not one or not other:
        return float(not one and not other)
    table = np.array([[len(a & b) / len(a | b) for b in other] for a in one])
    return float((table.max(axis=0).mean() + table.max(axis=1).mean()) / 2)


def false_alarms(
    tables: dict[str, pd.DataFrame], grouped: list[pd.DataFrame], n_shuffles: int
) -> int:
    """Count the shuffled corpora whose list holds a signal."""
    rng = np.random.default_rng(4242)
    n_alarms = 0
    for shuffle in range(n_shuffles):
        reports = tables["reports"].copy()
        reports["period"] = rng.permutation(reports["period"].to_numpy())
        signals = tested(tables, grouped, reports, shuffle)
        n_alarms += bool((signals["strength"] == "signal").any())
    return n_alarms


def bertopic_groups(
    tables: dict[str, pd.DataFrame], min_topic_size: int, seed: int
) -> list[frozenset[str]]:
    """Return BERTopic's topics whose share of the reports rises, steepest first."""
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
    return rising(np.array(model.topics_), reports, tables["periods"]["period"].tolist())


def rising(
    labels: NDArray[np.int64], reports: pd.DataFrame, periods: list[str]
) -> list[frozenset[str]]:
    """Return the topics with a rising share, steepest first."""
    number = reports["period"].map({period: i for i, period in enumerate(periods)}).to_numpy()
    sizes = np.bincount(number, minlength=len(periods))
    slopes = {}
    for topic in sorted(set(labels.tolist()) - {-1}):
        counts = np.bincount(number[labels == topic], minlength=len(periods))
        slope = np.polyfit(np.arange(len(periods)), counts / sizes, 1)[0]
        if slope > 0:
            slopes[frozenset(reports["report_id"].to_numpy()[labels == topic])] = slope
    return sorted(slopes, key=lambda group: -slopes[group])


def report_ours(tables: dict[str, pd.DataFrame], gold: Gold, n_seeds: int, n_shuffles: int) -> None:
    lists = []
    first: list[pd.DataFrame] = []
    for seed in range(n_seeds):
        start = time.process_time()
        grouped, signals = ours(tables, seed)
        seconds = time.process_time() - start
        lists.append(listed_groups(signals))
        first = first or grouped
        strong = Counter(signals["strength"])
        print(
            f"| ours, seed {seed} | {summary(gold, lists[-1])} | {strong['signal']} signals, "
            f"{strong['watch']} to watch, {seconds:.1f} CPU s |"
        )
    pairs = [likeness(a[:4], b[:4]) for a, b in combinations(lists, 2)]
    if pairs:
        print(f"\nFirst four alike over seeds (Jaccard): {np.mean(pairs):.2f}")
    if n_shuffles:
        n_alarms = false_alarms(tables, first, n_shuffles)
        low, high = share_interval(n_alarms, n_shuffles)
        print(
            f"False alarms: {n_alarms} of {n_shuffles} shuffles, {n_alarms / n_shuffles:.3f} "
            f"({low:.3f}-{high:.3f}), nominal {DetectConfig().signal_q}"
        )


def report_peers(tables: dict[str, pd.DataFrame], gold: Gold) -> None:
    for size in TOPIC_SIZES:
        for seed in PEER_SEEDS:
            groups = bertopic_groups(tables, size, seed)
            print(
                f"| BERTopic, min_topic_size {size}, seed {seed} | "
                f"{summary(gold, groups[:N_LISTED])} | {len(groups)} rising |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--study", type=Path, required=True, help="study run on the corpus")
    parser.add_argument("--gold", type=Path, default=GOLD, help="planted topics (CSV)")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--shuffles", type=int, default=200)
    parser.add_argument("--no-peers", action="store_true", help="leave BERTopic out")
    given = parser.parse_args()
    names = (*TEXT_TABLES, "periods", "report_themes")
    folder = given.study / "tables"
    tables = {name: to_frame(pq.read_table(folder / f"{name}.parquet")) for name in names}
    gold = read_gold(given.gold)
    with threadpool_limits(1):
        print("| method | found in the first 8 | ranks | member F1 | not emerging | beside |")
        print("|---|---|---|---|---|---|")
        if not given.no_peers:
            report_peers(tables, gold)
        report_ours(tables, gold, given.seeds, given.shuffles)


if __name__ == "__main__":
    main()
