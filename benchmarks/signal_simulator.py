"""Measure power and false alarms of weak-signal detection on many corpora, not on the one.

    python benchmarks/signal_simulator.py --study DIR [--gold FILE] [--draws 12] [--full]

DIR is a study that has been run on the Järvimaa corpus. Each draw takes planted topics thinned to
5-10 reports and a random part of the other reports, in 3-8 periods of some 20-80, and groups them
from text alone. Then, several times over, roles are dealt to the topics anew (half of them
emerge; the rest are steady, fading or seasonal), every other report gets a period at random, and
the list is made. A null corpus is the same with every report's period at random. An emerging
topic is found as ``benchmarks/signals.py`` says. Intervals are exact, 95 %.
"""

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray
from signals import GOLD, Gold, read_gold, silent
from threadpoolctl import threadpool_limits

from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.corpus import read_corpus
from pipeline.cluster.grouping import Grouping, group_by_consensus
from pipeline.detect.calibrate import ListRules
from pipeline.detect.detect import DetectConfig
from pipeline.detect.histories import GroupTables, Histories, read_histories
from pipeline.figures.intervals import exact_interval
from pipeline.frames import to_frame
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts

SHAPES = ((3, 40), (3, 70), (4, 35), (4, 55), (5, 40), (6, 25), (6, 38), (8, 20), (8, 28))
"""Number of periods and their mean size; the corpus has 240 reports to draw from."""

SIZES = (5, 10)
MIN_TOPIC = 5
N_SHUFFLES = 300

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Draw:
    """Reports of one simulated corpus, grouped, without periods yet."""

    reports: pd.DataFrame
    candidates: pd.DataFrame
    topics: dict[str, list[str]]
    n_periods: int

    def periods(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw unequal sizes and deal every report a period at random."""
        chances = rng.uniform(0.75, 1.25, self.n_periods)
        dealt = rng.choice(self.n_periods, len(self.reports), p=chances / chances.sum())
        return np.asarray(dealt, dtype=np.int64)

    def histories(self, dealt: NDArray[np.int64]) -> Histories:
        """Count the groups in the dealt periods."""
        starts = pd.date_range("2020-01-01", periods=self.n_periods, freq="6MS").date
        labels = [f"{start.year}H{1 + start.month // 7}" for start in starts]
        periods = pd.DataFrame({"period": labels, "start": starts})
        reports = self.reports.assign(period=np.array(labels)[dealt])
        return read_histories(periods, reports, GroupTables.without_topics(self.candidates))


def thinned_topics(gold: Gold, rng: np.random.Generator) -> dict[str, list[str]]:
    """Return 5-10 reports of each planted topic that has so many."""
    return {
        topic: rng.permutation(sorted(members))[: rng.integers(SIZES[0], SIZES[1] + 1)].tolist()
        for topic, members in gold.members.items()
        if len(members) >= MIN_TOPIC
    }


def draw_corpus(tables: Tables, gold: Gold, seed: int, n_runs: int) -> Draw:
    rng = np.random.default_rng(seed)
    n_periods, size = SHAPES[seed % len(SHAPES)]
    topics = thinned_topics(gold, rng)
    every = tables["reports"]["report_id"].tolist()
    planted = {report_id for members in gold.members.values() for report_id in members}
    background = [report_id for report_id in every if report_id not in planted]
    chosen = {report_id for members in topics.values() for report_id in members}
    n_others = min(len(background), max(0, n_periods * size - len(chosen)))
    chosen |= set(rng.choice(background, n_others, replace=False).tolist())
    reports, segments, tokens, embeddings, vectors = (tables[name] for name in TEXT_TABLES)
    reports = reports[reports["report_id"].isin(chosen)].reset_index(drop=True)
    own = segments[segments["report_id"].isin(chosen)]
    corpus = read_corpus(Texts(reports, own, tokens, embeddings, vectors))
    config = ClusterConfig()
    grouping = group_by_consensus(
        corpus.space(),
        n_runs=n_runs,
        min_topic_reports=config.min_topic_reports,
        min_weight=config.min_weight,
        seed=seed,
        progress=silent,
    )
    return Draw(reports, candidate_table(corpus.report_ids, grouping), topics, n_periods)


def candidate_table(report_ids: list[str], grouping: Grouping) -> pd.DataFrame:
    """Lay the candidates of a grouping out as the table of that name, unnamed."""
    rows = [
        {
            "candidate_id": f"C-{number}",
            "report_ids": [report_ids[row] for row in group.members],
            "separation": group.separation,
            "topic_id": None,
            "label": "",
        }
        for number, group in enumerate(grouping.groups)
    ]
    return pd.DataFrame(rows)


def deal_roles(draw: Draw, rng: np.random.Generator) -> tuple[NDArray[np.int64], set[str]]:
    """Give every report a period: topics by their role, the others at random."""
    dealt = draw.periods(rng)
    row_of = {report_id: row for row, report_id in enumerate(draw.reports["report_id"])}
    ages = np.arange(draw.n_periods)
    chances = {
        "emerging": ages / ages.sum(),
        "steady": np.ones(draw.n_periods) / draw.n_periods,
        "fading": ages[::-1] / ages.sum(),
        "seasonal": (ages % 2 + 0.05) / (ages % 2 + 0.05).sum(),
    }
    names = rng.permutation(sorted(draw.topics)).tolist()
    emerging = set(names[: len(names) // 2])
    for name in names:
        role = "emerging" if name in emerging else rng.choice(["steady", "fading", "seasonal"])
        for report_id in draw.topics[name]:
            dealt[row_of[report_id]] = rng.choice(draw.n_periods, p=chances[str(role)])
    return dealt, emerging


def make_list(
    draw: Draw, dealt: NDArray[np.int64], rng: np.random.Generator, rules: ListRules
) -> tuple[list[frozenset[str]], NDArray[np.float64]]:
    """Return the listed groups and their q."""
    histories = draw.histories(dealt)
    ranker = histories.ranker(rules)
    if ranker is None:
        return [], np.zeros(0)
    ranking = ranker.calibrated(histories.counted.periods, N_SHUFFLES, rng, silent)
    candidates = list(histories.separations)
    groups = [histories.subjects[candidates[g]].members for g in ranking.groups.tolist()]
    return groups, ranking.q_values


def share(n: int, total: int) -> str:
    low, high = exact_interval(n, total)
    return f"{n} of {total}, {n / max(1, total):.2f} ({low:.2f}-{high:.2f})"


def simulate(tables: Tables, gold: Gold, n_draws: int, n_deals: int, n_runs: int) -> None:
    config = DetectConfig()
    found: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    wrong, n_signals, n_alarms, n_null = 0, 0, 0, 0
    for seed in range(n_draws):
        draw = draw_corpus(tables, gold, seed, n_runs)
        rng = np.random.default_rng(10_000 + seed)
        planted = Gold({t: frozenset(ids) for t, ids in draw.topics.items()}, {})
        for _ in range(n_deals):
            dealt, emerging = deal_roles(draw, rng)
            groups, q_values = make_list(draw, dealt, rng, config.rules)
            hits = planted.hits(groups)
            for topic in emerging:
                n_reports = len(draw.topics[topic])
                q = q_values[hits[topic][0] - 1] if topic in hits else 1.0
                row = (topic in hits, q <= config.watch_q, q <= config.signal_q)
                found["all"].append(row)
                found["5-6" if n_reports < 7 else "7-8" if n_reports < 9 else "9-10"].append(row)
                found[f"{draw.n_periods} periods"].append(row)
            n_true = sum(q_values[hits[t][0] - 1] <= config.signal_q for t in hits if t in emerging)
            n_signals += int((q_values <= config.signal_q).sum())
            wrong += int((q_values <= config.signal_q).sum()) - n_true
        for _ in range(n_deals):
            _, q_values = make_list(draw, draw.periods(rng), rng, config.rules)
            n_alarms += bool((q_values <= config.signal_q).any())
            n_null += 1
    print("| emerging topics | found in the first 8 | at q <= .5 | at q <= .1 |")
    print("|---|---|---|---|")
    for name in sorted(found):
        columns = np.array(found[name]).sum(axis=0).tolist()
        print(f"| {name} | " + " | ".join(share(n, len(found[name])) for n in columns) + " |")
    print(f"\nSignals (q <= .1) that are no emerging topic: {share(wrong, n_signals)}")
    print(f"False alarms, null corpora with a signal: {share(n_alarms, n_null)}, nominal .10")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--study", type=Path, required=True, help="study run on the corpus")
    parser.add_argument("--gold", type=Path, default=GOLD, help="planted topics (CSV)")
    parser.add_argument("--draws", type=int, default=12, help="corpora grouped")
    parser.add_argument("--deals", type=int, default=6, help="role deals and nulls a corpus")
    parser.add_argument("--runs", type=int, default=100, help="consensus runs")
    parser.add_argument("--full", action="store_true", help="45 draws, 10 deals: 450 nulls")
    given = parser.parse_args()
    folder = given.study / "tables"
    tables = {name: to_frame(pq.read_table(folder / f"{name}.parquet")) for name in TEXT_TABLES}
    n_draws, n_deals = (45, 10) if given.full else (given.draws, given.deals)
    start = time.process_time()
    with threadpool_limits(1):
        simulate(tables, read_gold(given.gold), n_draws, n_deals, given.runs)
    print(f"{n_draws} corpora, {n_deals} deals each: {time.process_time() - start:.0f} CPU s")


if __name__ == "__main__":
    main()
