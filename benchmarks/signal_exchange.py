"""Measure what a writer of many like reports does to the list, and what guarding against it costs.

    python benchmarks/signal_exchange.py --study DIR [--draws 9] [--deals 6]

DIR is a study that has been run on the Järvimaa corpus; corpora are drawn and grouped from it as in
benchmarks/signal_simulator.py. Writers are dealt to the reports at random: half of the reports are
by persons who write some three in all (the others are unknown), and every report comes from one of
ten units. Three worlds are listed under each setting of ``detect.exchange``:

nothing     every report's period is random; an alarm is a list with a signal (q <= .1)
one writer  the same, but one new person writes five like reports in the newest period
emerging    roles are dealt as in the simulator, so that half of the planted topics emerge

A setting is right when it alarms in a tenth of the first two or less. Intervals are exact, 95 %.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray
from signal_simulator import Draw, deal_roles, draw_corpus, share
from signals import GOLD, Gold, read_gold, silent
from threadpoolctl import threadpool_limits

from pipeline.detect.detect import DetectConfig
from pipeline.detect.exchange import Exchange
from pipeline.detect.histories import GroupTables, read_histories
from pipeline.frames import to_frame
from pipeline.tables import TEXT_TABLES

EXCHANGES: tuple[Exchange, ...] = ("report", "reporter", "unit")
N_SHUFFLES = 200
N_UNITS = 10
N_LIKE = 5

Ints = NDArray[np.int64]


def deal_writers(draw: Draw, rng: np.random.Generator) -> pd.DataFrame:
    """Give half of the reports a person, and every report a unit."""
    n_reports = len(draw.reports)
    people = rng.integers(0, n_reports // 6, n_reports)
    is_known = rng.random(n_reports) < 0.5
    units = rng.integers(0, N_UNITS, n_reports)
    return draw.reports.assign(
        reporter_id=[f"K-{p}" if known else "" for p, known in zip(people, is_known, strict=True)],
        unit=[f"Y-{unit}" for unit in units],
    )


def add_burst(
    draw: Draw, reports: pd.DataFrame, dealt: Ints, rng: np.random.Generator
) -> tuple[pd.DataFrame, Ints]:
    """Let one new person write five reports of a candidate in the newest period."""
    row_of = {report_id: row for row, report_id in enumerate(reports["report_id"])}
    large = [ids for ids in draw.candidates["report_ids"] if len(ids) >= N_LIKE]
    rows = [row_of[report_id] for report_id in large[rng.integers(len(large))][:N_LIKE]]
    changed = reports.copy()
    changed.loc[rows, ["reporter_id", "unit"]] = ["K-new", "Y-new"]
    dealt = dealt.copy()
    dealt[rows] = draw.n_periods - 1
    return changed, dealt


def listed(
    draw: Draw, reports: pd.DataFrame, dealt: Ints, exchange: Exchange, seed: int
) -> tuple[list[frozenset[str]], NDArray[np.float64]]:
    """Return the listed groups and their q."""
    starts = pd.date_range("2020-01-01", periods=draw.n_periods, freq="6MS").date
    labels = [f"{start.year}H{1 + start.month // 7}" for start in starts]
    periods = pd.DataFrame({"period": labels, "start": starts})
    reports = reports.assign(period=np.array(labels)[dealt])
    groups = GroupTables.without_topics(draw.candidates)
    histories = read_histories(periods, reports, groups, exchange)
    ranker = histories.ranker(DetectConfig().rules)
    if ranker is None:
        return [], np.zeros(0)
    rng, blocks = np.random.default_rng(seed), histories.counted.blocks
    ranking = ranker.calibrated(blocks.periods, N_SHUFFLES, rng, silent, blocks.shuffled)
    candidates = list(histories.separations)
    found = [histories.subjects[candidates[g]].members for g in ranking.groups.tolist()]
    return found, ranking.q_values


def measure(tables: dict[str, pd.DataFrame], gold: Gold, n_draws: int, n_deals: int) -> None:
    signal_q = DetectConfig().signal_q
    alarms: Counter[tuple[str, str]] = Counter()
    found: Counter[str] = Counter()
    n_emerging = 0
    for seed in range(n_draws):
        draw = draw_corpus(tables, gold, seed, 50)
        rng = np.random.default_rng(20_000 + seed)
        planted = Gold({t: frozenset(ids) for t, ids in draw.topics.items()}, {})
        for deal in range(n_deals):
            writers = deal_writers(draw, rng)
            plain = draw.periods(rng)
            burst = add_burst(draw, writers, plain, rng)
            dealt, emerging = deal_roles(draw, rng)
            n_emerging += len(emerging)
            for exchange in EXCHANGES:
                for world, (reports, periods) in (
                    ("nothing", (writers, plain)),
                    ("one writer", burst),
                ):
                    _, q_values = listed(draw, reports, periods, exchange, deal)
                    alarms[world, exchange] += bool((q_values <= signal_q).any())
                groups, q_values = listed(draw, writers, dealt, exchange, deal)
                hits = planted.hits(groups)
                found[exchange] += sum(
                    q_values[hits[topic][0] - 1] <= signal_q for topic in emerging if topic in hits
                )
    print("| exchange | alarms, nothing | alarms, one writer | emerging topics at q <= .1 |")
    print("|---|---|---|---|")
    n_lists = n_draws * n_deals
    for exchange in EXCHANGES:
        cells = (
            share(alarms["nothing", exchange], n_lists),
            share(alarms["one writer", exchange], n_lists),
            share(found[exchange], n_emerging),
        )
        print(f"| {exchange} | " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--study", type=Path, required=True, help="study run on the corpus")
    parser.add_argument("--gold", type=Path, default=GOLD, help="planted topics (CSV)")
    parser.add_argument("--draws", type=int, default=9, help="corpora grouped")
    parser.add_argument("--deals", type=int, default=6, help="lists of each world a corpus")
    given = parser.parse_args()
    folder = given.study / "tables"
    tables = {name: to_frame(pq.read_table(folder / f"{name}.parquet")) for name in TEXT_TABLES}
    with threadpool_limits(1):
        measure(tables, read_gold(given.gold), given.draws, given.deals)


if __name__ == "__main__":
    main()
