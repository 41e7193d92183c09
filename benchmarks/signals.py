"""Measure whether planted emerging topics are found, against peers on the same vectors.

    python benchmarks/signals.py --study DIR [--gold FILE] [--seeds 5] [--shuffles 2000]

Many corpora instead of the one: benchmarks/signal_simulator.py. Topics of real texts and the cost
by number of reports: benchmarks/topics.py.

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
from signal_peers import bertopic_labels, bertrend_weak, rising, yoon_weak
from threadpoolctl import threadpool_limits

from pipeline.artifacts import Store
from pipeline.cluster.cluster import ClusterConfig, cluster
from pipeline.cluster.cluster import group as group_texts
from pipeline.config import load_settings
from pipeline.detect.detect import DetectConfig, find_signals
from pipeline.detect.histories import GroupTables, read_histories
from pipeline.detect.self_test import false_alarms
from pipeline.detect.watch import match_watches
from pipeline.detect.watch_file import Watch
from pipeline.embed.needs import PHRASE_ENCODER
from pipeline.frames import empty, to_frame
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.pseudonymise.name_lists import load_name_lists
from pipeline.study import open_study
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts

GOLD = Path(__file__).resolve().parents[1] / "corpora" / "jarvimaa" / "gold_topics.csv"
TOPIC_SIZES = (10, 5, 3)
PEER_SEEDS = (0, 1, 2)
N_LISTED = 8

WATCHED = {
    "lapsi-tulkkina": [
        "Lapsi tulkkaa vanhemmilleen.",
        "Alaikäinen toimii perheen tulkkina viranomaisasioinnissa.",
    ],
    "pankkitunnukset": [
        "Pankkitunnukset puuttuvat, eikä asiointi verkossa onnistu.",
        "Pankki ei myönnä verkkopankkitunnuksia ilman passia.",
    ],
    "nikotiinipussit": [
        "Nuoret käyttävät nikotiinipusseja.",
        "Nuorella on nikotiinipussi huulen alla koulussa.",
    ],
    "ikaihmisten-haadot": [
        "Ikäihminen on saanut häädön.",
        "Vanhus joutuu muuttamaan, koska ei löydä vuokra-asuntoa.",
    ],
    "kesasulku": ["Palvelu on kesällä kiinni."],
    "ludeasuntola": ["Asuntolassa on luteita."],
    "korona-jalki": ["Korona-ajan jälkeen jäätiin yksin kotiin."],
}
"""What an analyst might write for each planted topic, knowing only what it is about."""


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
    places = load_name_lists().places
    config = ClusterConfig()
    groups = group_texts(Texts(*texts), config, seed=seed, progress=silent, places=places)
    made = cluster(
        Texts(*texts),
        config,
        fitted=groups,
        seed=seed,
        edits=(),
        previous_lineage=empty("topic_lineage"),
        places=places,
    )
    grouped = list(made)
    return grouped, tested(tables, grouped, reports, seed)


def tested(
    tables: dict[str, pd.DataFrame], grouped: list[pd.DataFrame], reports: pd.DataFrame, seed: int
) -> pd.DataFrame:
    topics, report_topics, _, candidates, *_ = grouped
    groups = GroupTables(topics, report_topics, candidates)
    given = (tables["periods"], reports, groups, tables["report_themes"])
    return find_signals(*given, DetectConfig(), seed=seed, progress=silent)


def listed_groups(signals: pd.DataFrame) -> list[frozenset[str]]:
    ranked = signals[signals["rank"].notna()].sort_values("rank")
    return [frozenset(report_ids) for report_ids in ranked["report_ids"]]


def likeness(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> float:
    """Return how alike two lists are: mean best Jaccard, both ways."""
    if not one or not other:
        return float(not one and not other)
    table = np.array([[len(a & b) / len(a | b) for b in other] for a in one])
    return float((table.max(axis=0).mean() + table.max(axis=1).mean()) / 2)


def thinned(tables: dict[str, pd.DataFrame], n_left: int, seed: int) -> dict[str, pd.DataFrame]:
    """Leave a random part of the reports out."""
    rng = np.random.default_rng(seed)
    ids = rng.choice(tables["reports"]["report_id"].to_numpy(), n_left, replace=False)
    kept = {"periods": tables["periods"]}
    for name in ("reports", "segments", "report_embeddings", "report_themes"):
        kept[name] = tables[name][tables[name]["report_id"].isin(ids)].reset_index(drop=True)
    for name in ("tokens", "embeddings"):
        is_kept = tables[name]["segment_id"].isin(kept["segments"]["segment_id"])
        kept[name] = tables[name][is_kept].reset_index(drop=True)
    return kept


def kept_share(before: Sequence[frozenset[str]], after: Sequence[frozenset[str]]) -> float:
    """Return the share of a list that another one holds, half alike or more."""
    if not before:
        return 1.0
    held = [any(len(a & b) / len(a | b) >= 0.5 for b in after) for a in before]
    return float(np.mean(held))


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
        topics, report_topics, _, candidates, *_ = first
        groups = GroupTables(topics, report_topics, candidates)
        histories = read_histories(tables["periods"], tables["reports"], groups)
        config = DetectConfig()
        rng = np.random.default_rng(4242)
        alarms = false_alarms(
            histories,
            config.rules,
            config.signal_q,
            n_shuffles=n_shuffles,
            rng=rng,
            progress=silent,
        )
        if alarms is not None:
            print(
                f"False alarms: {alarms.n_alarms} of {n_shuffles} shuffles, {alarms.rate:.3f} "
                f"({alarms.low:.3f}-{alarms.high:.3f}), nominal {config.signal_q}"
            )


def report_peers(tables: dict[str, pd.DataFrame], gold: Gold) -> None:
    for size in TOPIC_SIZES:
        for seed in PEER_SEEDS:
            groups = rising(bertopic_labels(tables, size, seed), tables)
            print(
                f"| BERTopic, min_topic_size {size}, seed {seed} | "
                f"{summary(gold, groups[:N_LISTED])} | {len(groups)} rising |"
            )
    for is_centred in (False, True):
        for seed in PEER_SEEDS:
            groups = bertrend_weak(tables, seed, is_centred=is_centred)
            print(
                f"| BERTrend's rule, {'centred' if is_centred else 'plain'} vectors, seed {seed} | "
                f"{summary(gold, groups[:N_LISTED])} | {len(groups)} weak |"
            )
    groups = yoon_weak(tables, N_LISTED)
    print(f"| Yoon's map, first {N_LISTED} lemmas | {summary(gold, groups)} | |")


def report_removal(tables: dict[str, pd.DataFrame], n_times: int) -> None:
    """Print how much of the list stays when a tenth of the reports is removed."""
    _, signals = ours(tables, 0)
    ranked = signals[signals["rank"].notna()].sort_values("rank")
    before = listed_groups(signals)
    n_reports = len(tables["reports"])
    shares, first_shares = [], []
    for seed in range(n_times):
        few = thinned(tables, n_reports - n_reports // 10, seed)
        left = set(few["reports"]["report_id"])
        groups = [group & left for group in before]
        after = listed_groups(ours(few, 0)[1])
        shares.append(kept_share(groups, after))
        sure = [g for g, s in zip(groups, ranked["strength"], strict=True) if s != "candidate"]
        first_shares.append(kept_share(sure, after))
    print(
        f"With 10 % of the reports removed, {n_times} times, the list keeps {np.mean(shares):.2f} "
        f"of its places, and {np.mean(first_shares):.2f} of its signals and those to watch"
    )


def report_watches(tables: dict[str, pd.DataFrame], gold: Gold, study: Path) -> None:
    """Print how well sentences written beforehand find the planted topics."""
    supply = Supply(Store(open_study(study)), load_settings(None, ()))
    watches = [
        Watch.model_validate({"nimi": topic, "lauseet": phrases})
        for topic, phrases in WATCHED.items()
    ]
    reports, segments, tokens, embeddings, vectors = (tables[name] for name in TEXT_TABLES)
    texts = (reports, segments, tokens, embeddings, vectors)
    matches = match_watches(
        Texts(*texts),
        DetectConfig(),
        watches=watches,
        phrase_encoder=supply.value(PHRASE_ENCODER),
        lemmatiser=supply.value(LEMMATISER),
    )
    print("\n| watched for | reports | found | of them right |\n|---|---|---|---|")
    for topic in WATCHED:
        found = set(matches.loc[matches["watch"] == topic, "report_id"])
        members = gold.members[topic]
        print(f"| {topic} | {len(members)} | {len(found)} | {len(found & members)} |")
    supply.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--study", type=Path, required=True, help="study run on the corpus")
    parser.add_argument("--gold", type=Path, default=GOLD, help="planted topics (CSV)")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--shuffles", type=int, default=2000)
    parser.add_argument("--removals", type=int, default=5, help="runs without 10 %% of reports")
    parser.add_argument("--watches", action="store_true", help="also find what is watched for")
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
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
        if given.removals:
            report_removal(tables, given.removals)
        if given.watches:
            report_watches(tables, gold, given.study)


if __name__ == "__main__":
    main()
