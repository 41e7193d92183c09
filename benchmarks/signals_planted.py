"""Measure signals among many reports: planted phenomena found, in the country and in one region.

    python benchmarks/signals_planted.py [--reports 2000 5000 10000] [--draws 5] [--first 0]
        [--json FILE]

Generated vectors (``benchmarks/topics_planted.py``: 72 topics of unlike sizes inside twelve themes,
a tenth of the reports in none) in which phenomena of given sizes are planted, each as tight as any
other topic. They are grouped as the cluster stage groups them, and histories, list and levels are
those of the detect stage; only the encoder is left out.

*Country.* Three phenomena each of 10, 20 and 60 reports rise over eight unequal periods (chance of
a period in proportion to its number); every other report gets a period at random. One is found by
a listed group of which at least three reports and half are its own, and that has 40 % of it.
BERTopic at its defaults on the same vectors, its topics by slope of share (``--peer``).

*Regions.* Reports get one of 22 regions of unlike sizes. Four phenomena rise in one region each: of
10 and of 20 reports, once new, and once among 60 more that are level elsewhere. It is found when
the list of eight of that very region has it, and named when it is called a signal there.

*False alarms.* Shuffled periods, each list judged against the others, 100 or more a draw: the share
with anything called a signal. Intervals are exact, 95 %.
"""

import argparse
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from signal_peers import rising
from signal_simulator import candidate_table, share
from signals import Gold, silent
from threadpoolctl import threadpool_limits
from topics_planted import Vectors, bertopic, grouped, planted, reduced

from pipeline.detect.detect import DetectConfig
from pipeline.detect.histories import GroupTables, Histories, read_histories
from pipeline.detect.regional import chance_lists, regional, regions_of
from pipeline.detect.self_test import false_alarms, least_q_values

SIZES = (10, 20, 60)
N_OF_EACH = 3
N_TOPICS, N_PERIODS, N_REGIONS = 72, 8, 22
N_LISTED = 20
IN_REGION = ((10, 0), (20, 0), (10, 60), (20, 60))
"""Reports of a phenomenon in its region, and level elsewhere."""
NEAR = 3
"""Reports of a phenomenon that a signal must share to have anything to do with it."""
REGION_SIZES = 0.6
"""Spread of the regions' sizes, lognormal."""

Frames = dict[str, pd.DataFrame]
Counts = dict[str, list[tuple[bool, ...]]]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Reports that are grouped, without periods and regions yet.

    Attributes
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
    candidates : DataFrame
        The table of that name.
    planted : ndarray of shape (n_reports,)
        Number of each report's phenomenon, from 0; -1 for none.
    """

    vectors: Vectors
    candidates: pd.DataFrame
    planted: NDArray[np.int64]

    def rows(self, number: int) -> NDArray[np.int64]:
        """Return the reports of a phenomenon."""
        return np.flatnonzero(self.planted == number)


def draw_corpus(n_reports: int, sizes: list[int], seed: int) -> Corpus:
    vectors, topics = planted(n_reports, N_TOPICS, seed, sizes)
    ids = [f"R-{row}" for row in range(n_reports)]
    candidates = candidate_table(ids, grouped(vectors, seed))
    return Corpus(vectors, candidates, np.where(topics >= N_TOPICS, topics - N_TOPICS, -1))


def at_random(n_reports: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Deal reports over periods of unlike sizes."""
    chances = rng.uniform(0.75, 1.25, N_PERIODS)
    return np.asarray(rng.choice(N_PERIODS, n_reports, p=chances / chances.sum()))


def rise(n_reports: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Deal the reports of what rises."""
    ages = np.arange(N_PERIODS)
    return np.asarray(rng.choice(N_PERIODS, n_reports, p=ages / ages.sum()))


def tables(dealt: NDArray[np.int64], regions: NDArray[np.int64] | None = None) -> Frames:
    """Return the tables ``periods`` and ``reports`` of dealt periods and regions."""
    starts = pd.date_range("2020-01-01", periods=N_PERIODS, freq="6MS").date
    labels = np.array([f"{start.year}H{1 + start.month // 7}" for start in starts])
    reports = pd.DataFrame({"report_id": [f"R-{row}" for row in range(len(dealt))]})
    reports["period"] = labels[dealt]
    reports["quality"], reports["duplicate_of"] = "ok", ""
    reports["reporter_id"], reports["unit"] = "", ""
    placed = [[] for _ in dealt] if regions is None else [[f"Alue {n}"] for n in regions.tolist()]
    reports["area"] = pd.Series(placed, dtype=object)
    return {"periods": pd.DataFrame({"period": labels, "start": starts}), "reports": reports}


def histories_of(frames: Frames, corpus: Corpus) -> Histories:
    groups = GroupTables.without_topics(corpus.candidates)
    return read_histories(frames["periods"], frames["reports"], groups)


def in_country(n_reports: int, given: argparse.Namespace) -> dict[str, Any]:
    """Count what the list of twenty has, and the shuffled periods that claim a signal."""
    config = DetectConfig(n_listed=N_LISTED)
    sizes = [size for size in SIZES for _ in range(N_OF_EACH)]
    found: Counts = defaultdict(list)
    peer: Counts = defaultdict(list)
    n_alarms = n_nulls = 0
    for seed in range(given.first, given.first + given.draws):
        corpus = draw_corpus(n_reports, sizes, 1000 + seed)
        rng = np.random.default_rng((seed, n_reports))
        gold = gold_of(corpus, len(sizes))
        has_peer = seed - given.first < given.peer
        labels = bertopic(reduced(corpus.vectors, seed), 10) if has_peer else None
        for _ in range(given.deals):
            dealt = at_random(n_reports, rng)
            for number in range(len(sizes)):
                rows = corpus.rows(number)
                dealt[rows] = rise(len(rows), rng)
            frames = tables(dealt)
            groups, q_values = national_list(frames, corpus, config, given.shuffles, rng)
            count(found, gold, groups, q_values, sizes, config.signal_q)
            if labels is not None:
                listed = rising(labels, frames)[:N_LISTED]
                count(peer, gold, listed, np.ones(len(listed)), sizes, config.signal_q)
        null = histories_of(tables(at_random(n_reports, rng)), corpus)
        alarms = false_alarms(
            null, config.rules, config.signal_q, n_shuffles=given.nulls, rng=rng, progress=silent
        )
        if alarms is not None:
            n_alarms += alarms.n_alarms
            n_nulls += alarms.n_shuffles
    return {
        "what": "country",
        "reports": n_reports,
        "found": sums(found),
        "peer": sums(peer),
        "alarms": [n_alarms, n_nulls],
    }


def gold_of(corpus: Corpus, n_phenomena: int) -> Gold:
    members = {
        str(number): frozenset(f"R-{row}" for row in corpus.rows(number))
        for number in range(n_phenomena)
    }
    return Gold(members, {})


def national_list(
    frames: Frames, corpus: Corpus, config: DetectConfig, n_shuffles: int, rng: np.random.Generator
) -> tuple[list[frozenset[str]], NDArray[np.float64]]:
    """Return the listed groups, best first, and their q."""
    histories = histories_of(frames, corpus)
    ranker = histories.ranker(config.rules)
    if ranker is None:
        return [], np.zeros(0)
    ranking = ranker.calibrated(histories.counted.periods, n_shuffles, rng, silent)
    numbers = list(histories.separations)
    groups = [histories.subjects[numbers[one]].members for one in ranking.groups.tolist()]
    return groups, ranking.q_values


def count(
    found: Counts,
    gold: Gold,
    groups: list[frozenset[str]],
    q_values: NDArray[np.float64],
    sizes: list[int],
    signal_q: float,
) -> None:
    """Note of each phenomenon whether it is among the first eight, in the list, and sure."""
    hits = gold.hits(groups)
    for number, size in enumerate(sizes):
        rank = hits.get(str(number), (N_LISTED + 1, 0.0))[0]
        is_sure = rank <= N_LISTED and bool(q_values[rank - 1] <= signal_q)
        found[str(size)].append((rank <= 8, rank <= N_LISTED, is_sure))


def sums(found: Counts) -> dict[str, list[int]]:
    """Return by size how many were found, each way, and of how many."""
    return {size: [*map(int, np.sum(rows, axis=0)), len(rows)] for size, rows in found.items()}


def in_regions(n_reports: int, given: argparse.Namespace) -> dict[str, Any]:
    """Count what the lists of eight of the regions have, and call signals."""
    config = DetectConfig(n_shuffles=given.shuffles, exchange="report")
    sizes = [own + level for own, level in IN_REGION]
    regions = {f"alue {n}": f"Alue {n}" for n in range(N_REGIONS)}
    found: Counts = defaultdict(list)
    n_elsewhere = n_signals = n_alarms = n_nulls = 0
    for seed in range(given.first, given.first + given.draws):
        corpus = draw_corpus(n_reports, sizes, 2000 + seed)
        rng = np.random.default_rng((seed, n_reports, 1))
        for _ in range(given.deals):
            frames, homes = dealt_in_regions(corpus, rng)
            listed = regional(
                frames["periods"],
                frames["reports"],
                corpus.candidates,
                config,
                regions=regions,
                seed=seed,
                progress=silent,
            )
            sure = listed[listed["strength"] == "signal"]
            right: set[int] = set()
            for number, (own, level) in enumerate(IN_REGION):
                members = own_ids(corpus, frames, number, homes)
                rows = region_hits(listed, homes[number], members)
                named = rows[rows["strength"] == "signal"]
                right |= {
                    index
                    for index, region, ids in zip(
                        sure.index, sure["region"], sure["report_ids"], strict=True
                    )
                    if region == homes[number] and len(members.intersection(ids)) >= NEAR
                }
                found[f"{own} in one region, {level} elsewhere"].append(
                    (bool(len(rows)), bool(len(named)))
                )
            n_signals += len(sure)
            n_elsewhere += len(set(sure.index) - right)
        alarms = null_alarms(corpus, config, given.nulls, rng)
        n_alarms += alarms[0]
        n_nulls += alarms[1]
    return {
        "what": "regions",
        "reports": n_reports,
        "found": sums(found),
        "wrong": [n_elsewhere, n_signals],
        "alarms": [n_alarms, n_nulls],
    }


def dealt_in_regions(corpus: Corpus, rng: np.random.Generator) -> tuple[Frames, list[str]]:
    """Deal periods and regions; return the tables and the region where each phenomenon rises."""
    n_reports = len(corpus.vectors)
    chances = rng.lognormal(0, REGION_SIZES, N_REGIONS)
    regions = rng.choice(N_REGIONS, n_reports, p=chances / chances.sum())
    dealt = at_random(n_reports, rng)
    homes = rng.choice(N_REGIONS, len(IN_REGION), replace=False)
    for number, (own, _) in enumerate(IN_REGION):
        rows = rng.permutation(corpus.rows(number))
        others = (homes[number] + 1 + rng.integers(0, N_REGIONS - 1, len(rows))) % N_REGIONS
        regions[rows] = others
        regions[rows[:own]] = homes[number]
        dealt[rows[:own]] = rise(own, rng)
    return tables(dealt, regions), [f"Alue {home}" for home in homes]


def own_ids(corpus: Corpus, frames: Frames, number: int, homes: list[str]) -> frozenset[str]:
    """Return the reports of a phenomenon in the region where it rises."""
    reports = frames["reports"].iloc[corpus.rows(number)]
    here = [areas == [homes[number]] for areas in reports["area"]]
    return frozenset(reports.loc[here, "report_id"])


def region_hits(listed: pd.DataFrame, region: str, members: frozenset[str]) -> pd.DataFrame:
    """Return the rows of a region's list that hold a phenomenon, as in the country's list."""
    own = listed[listed["region"] == region]
    gold = Gold({"it": members}, {})
    has_it = [bool(gold.hits([frozenset(ids)])) for ids in own["report_ids"]]
    return own[np.array(has_it, dtype=bool)]  # a list without a group has no rows either


def null_alarms(
    corpus: Corpus, config: DetectConfig, n_nulls: int, rng: np.random.Generator
) -> tuple[int, int]:
    """Count the shuffles in which any region's list would claim a signal."""
    n_reports = len(corpus.vectors)
    frames = tables(at_random(n_reports, rng), rng.integers(0, N_REGIONS, n_reports))
    reports = frames["reports"].assign(regions=frames["reports"]["area"])
    found = regions_of(frames["periods"], reports, corpus.candidates, config)
    drawn = chance_lists(found, n_nulls, int(rng.integers(2**31)), silent)
    lists = [np.sort(one)[::-1] for one in drawn]
    return sum(q <= config.signal_q for q in least_q_values(lists)), len(lists)


def show(rows: list[dict[str, Any]]) -> None:
    print(
        "\n| reports | phenomenon of | in the first 8 | in the list of 20 | at q <= .1 | "
        "BERTopic by slope, first 20 | false alarms |\n|---|---|---|---|---|---|---|"
    )
    for row in (row for row in rows if row["what"] == "country"):
        for size, (*hits, n) in row["found"].items():
            cells = [share(hit, n) for hit in hits]
            peer = row["peer"].get(size)
            cells.append(share(peer[1], peer[-1]) if peer else "not run")
            print(f"| {row['reports']} | {size} | {' | '.join(cells)} | {share(*row['alarms'])} |")
    print(
        "\n| reports | phenomenon of | in its region's list of 8 | called a signal there | "
        "signals that have nothing to do with any | false alarms |\n|---|---|---|---|---|---|"
    )
    for row in (row for row in rows if row["what"] == "regions"):
        for size, (*hits, n) in row["found"].items():
            cells = [share(hit, n) for hit in hits]
            cells += [share(*row["wrong"]), share(*row["alarms"])]
            print(f"| {row['reports']} | {size} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, nargs="*", default=(2000, 5000, 10000))
    parser.add_argument("--draws", type=int, default=5, help="corpora grouped, of each size")
    parser.add_argument("--first", type=int, default=0, help="number of the first draw: its seed")
    parser.add_argument("--deals", type=int, default=2, help="times periods are dealt to each")
    parser.add_argument("--shuffles", type=int, default=200)
    parser.add_argument("--nulls", type=int, default=100, help="null corpora of each draw")
    parser.add_argument("--peer", type=int, default=1, help="draws that BERTopic groups too")
    parser.add_argument("--only", choices=("country", "regions"))
    parser.add_argument("--json", type=Path, help="write the figures here as they come")
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with threadpool_limits(1):
        for n_reports in given.reports:
            for name, measure in (("country", in_country), ("regions", in_regions)):
                if given.only in (None, name):
                    start = time.process_time()
                    rows.append(measure(n_reports, given))
                    print(
                        f"{name} {n_reports}: {time.process_time() - start:.0f} CPU s", flush=True
                    )
                    if given.json is not None:
                        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    show(rows)


if __name__ == "__main__":
    main()
