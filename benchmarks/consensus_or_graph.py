"""Compare the two ways of grouping on the same real texts, to say up to how many the dearer pays.

    python benchmarks/consensus_or_graph.py --data DIR --study DIR [--reports 240 500] [--json FILE]

DIR/kirjastonhoitaja/train.jsonl holds questions to librarians; DIR of ``--study`` keeps their
vectors and those of the demo corpus, so that the encoder is paid for once. Both ways get the same
tables, made by the shipped encoder.

*Topics.* From 1.25 n questions samples of n are drawn, or all there are for two seeds. ARI is
against a question's first theme (21); what a way leaves out counts as one more group. *Alike* is
the mean ARI between the groups of two samples, on the questions they share.

*Signals.* The demo corpus, its seven planted topics thinned to 5-10 reports, is filled up to n
with questions. It is grouped, and then, several times over, half of the topics are made to emerge
in six periods and the others to be steady, fading or seasonal; every other report gets a period at
random (``benchmarks/signal_simulator.py``). Counted are the emerging topics among the first eight
and the first twenty listed, and those listed at q <= .1. *Met* is the mean of each planted topic's
best Jaccard index with a candidate. Both ways get the same draws and the same deals; intervals are
exact, 95 %, as if deals were independent, and so are too narrow.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import topics as few
from numpy.typing import NDArray
from signal_simulator import Draw, candidate_table, deal_roles, make_list, share, thinned_topics
from signals import GOLD, Gold, read_gold, silent
from theme_tasks import demo_supply, jarvimaa
from threadpoolctl import threadpool_limits

from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.clusterers import group_reports
from pipeline.cluster.corpus import Corpus, read_corpus
from pipeline.cluster.grouping import Grouping
from pipeline.detect.detect import DetectConfig
from pipeline.detect.self_test import likeness
from pipeline.pseudonymise.name_lists import load_name_lists
from pipeline.texts import Texts

WAYS = ("consensus", "graph")
SIZES = (240, 500, 1000, 2000, 3000)
N_PERIODS = 6
SAMPLE = 0.8
"""Share of a pool in each sample: two samples have most of their questions in common."""

N_LISTED = 20
MANY = 500
LEFT_OUT = 70
"""More reports than a draw leaves out of the demo's planted topics."""
SIZED = "of up to 500 reports, and of more"
NAMES = ("reports", "segments", "tokens", "embeddings", "report_embeddings")

Tables = dict[str, pd.DataFrame]
Row = dict[str, float | int | str]


def group(corpus: Corpus, way: str, seed: int) -> tuple[Grouping, float]:
    """Return the groups of one way, and the CPU seconds they took."""
    start = time.process_time()
    made = group_reports(corpus, ClusterConfig(clusterer=way), seed, silent)
    return made, time.process_time() - start


def corpus_of(tables: Tables) -> Corpus:
    return read_corpus(Texts(*tables.values()), load_name_lists().places)


def topics_of(pool: Tables, themes: NDArray[np.str_], n_reports: int, n_samples: int) -> list[Row]:
    """Group samples of questions both ways and compare them with their themes."""
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(n_reports)
    held = rng.permutation(len(themes))[: round(n_reports / SAMPLE)]
    n_drawn = min(n_reports, len(held))
    samples = [np.sort(rng.permutation(held)[:n_drawn]) for _ in range(n_samples)]
    found = defaultdict(list)
    for seed, rows in enumerate(samples):
        corpus = corpus_of(few.part_of(pool, rows))
        for way in WAYS:
            grouping, seconds = group(corpus, way, seed)
            whole = few.placed(grouping.labels, rows, len(themes))
            found[way].append((whole, seconds))
            print(f"topics {n_drawn} {way} seed {seed}: {seconds:.0f} CPU s", flush=True)
    made: list[Row] = []
    for way, runs in found.items():
        scores = [
            adjusted_rand_score(themes[rows], whole[rows])
            for (whole, _), rows in zip(runs, samples, strict=True)
        ]
        made.append(
            {
                "what": "topics",
                "reports": n_drawn,
                "way": way,
                "samples": len(runs),
                "ari": float(np.mean(scores)),
                "spread": float(np.std(scores)),
                "alike": few.alikeness([whole for whole, _ in runs]),
                "groups": float(np.mean([whole.max() + 1 for whole, _ in runs])),
                "left_out": float(np.mean([(w == -1).sum() / n_drawn for w, _ in runs])),
                "seconds": float(np.mean([seconds for _, seconds in runs])),
            }
        )
    return made


def mixed(
    demo: Tables, pool: Tables, gold: Gold, n_reports: int, seed: int
) -> tuple[Tables, dict[str, list[str]]]:
    """Fill the demo corpus, its topics thinned, up to a number of reports with questions."""
    rng = np.random.default_rng(seed)
    topics = thinned_topics(gold, rng)
    chosen = {report_id for members in topics.values() for report_id in members}
    planted = {report_id for members in gold.members.values() for report_id in members}
    ids = demo["reports"]["report_id"].to_numpy()
    own = np.flatnonzero([one in chosen or one not in planted for one in ids])[:n_reports]
    n_more = n_reports - len(own)
    more = np.sort(rng.permutation(len(pool["reports"]))[:n_more])
    parts = (few.part_of(demo, own), few.part_of(pool, more))
    joined = {
        name: pd.concat([one[name] for one in parts], join="inner", ignore_index=True)
        for name in demo
    }
    return joined, topics


def best_jaccard(topics: dict[str, list[str]], candidates: pd.DataFrame) -> float:
    """Return the mean over topics of the best Jaccard index with a candidate."""
    sets = [frozenset(ids) for ids in candidates["report_ids"]]
    return float(
        np.mean(
            [max(likeness(frozenset(members), one) for one in sets) for members in topics.values()]
        )
    )


def signals_of(
    demo: Tables,
    pool: Tables,
    gold: Gold,
    n_reports: int,
    n_draws: int,
    n_deals: int,
    n_nulls: int,
) -> list[Row]:
    """Group mixed corpora both ways and count the emerging topics that the lists have."""
    config = DetectConfig()
    rules = replace(config.rules, n_listed=N_LISTED)
    found: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    met, alarms = defaultdict(list), defaultdict(list)
    for seed in range(n_draws):
        tables, topics = mixed(demo, pool, gold, n_reports, seed)
        corpus = corpus_of(tables)
        planted = Gold({t: frozenset(ids) for t, ids in topics.items()}, {})
        for way in WAYS:
            grouping, seconds = group(corpus, way, seed)
            print(f"signals {n_reports} {way} draw {seed}: {seconds:.0f} CPU s", flush=True)
            candidates = candidate_table(corpus.report_ids, grouping)
            met[way].append(best_jaccard(topics, candidates))
            draw = Draw(tables["reports"], candidates, topics, N_PERIODS)
            rng = np.random.default_rng(10_000 + seed)
            for _ in range(n_deals):
                dealt, emerging = deal_roles(draw, rng)
                groups, q_values = make_list(draw, dealt, rng, rules)
                hits = planted.hits(groups)
                for topic in sorted(emerging):
                    rank = hits[topic][0] if topic in hits else N_LISTED + 1
                    q = q_values[rank - 1] if topic in hits else 1.0
                    found[way].append((rank <= 8, rank <= N_LISTED, q <= config.signal_q))
            for _ in range(n_nulls):
                _, q_values = make_list(draw, draw.periods(rng), rng, rules)
                alarms[way].append(bool((q_values <= config.signal_q).any()))
    return [
        {
            "what": "signals",
            "reports": n_reports,
            "way": way,
            "draws": n_draws,
            "met": float(np.mean(met[way])),
            **dict(
                zip(("first8", "first20", "sure"), map(int, np.sum(found[way], 0)), strict=True)
            ),
            "emerging": len(found[way]),
            "alarms": sum(alarms[way]),
            "nulls": len(alarms[way]),
        }
        for way in WAYS
    ]


def show(rows: list[Row]) -> None:
    print("\n| questions | way | ARI (spread) | alike | groups | left out | CPU s |")
    print("|---|---|---|---|---|---|---|")
    for r in (row for row in rows if row["what"] == "topics"):
        cells = (
            f"{r['reports']} x {r['samples']}",
            r["way"],
            f"{r['ari']:.3f} ({r['spread']:.3f})",
            f"{r['alike']:.2f}",
            f"{r['groups']:.0f}",
            f"{r['left_out']:.0%}",
            f"{r['seconds']:.0f}",
        )
        print(f"| {' | '.join(map(str, cells))} |")
    print(
        "\n| reports | way | met | in the first 8 | in the first 20 | at q <= .1 | false alarms |"
    )
    print("|---|---|---|---|---|---|---|")
    for r in (row for row in rows if row["what"] == "signals"):
        of_all = (share(int(r[name]), int(r["emerging"])) for name in ("first8", "first20", "sure"))
        print(
            f"| {r['reports']} x {r['draws']} | {r['way']} | {r['met']:.2f} | "
            f"{' | '.join(of_all)} | {share(int(r['alarms']), int(r['nulls']))} |"
        )


def read_texts(data: Path, study: Path) -> tuple[Tables, Tables, NDArray[np.str_]]:
    """Return the tables of the demo corpus and of all questions, and each question's first theme.

    They are kept in the folder of the study as Parquet.
    """
    files = {name: study / f"{name}.parquet" for name in ("themes", *NAMES)}
    if not all(file.exists() for file in files.values()):
        with demo_supply(study / "demo") as supply:
            demo = dict(zip(NAMES, jarvimaa(supply).tables, strict=True))
            pool, themes = few.read_pool(
                data / "kirjastonhoitaja", supply, n_pool=None, by_first=True
            )
        for name in NAMES:
            both = {"demo": demo[name], "pool": pool[name]}
            pd.concat(both, join="inner", names=["of"]).reset_index("of").to_parquet(files[name])
        pd.DataFrame({"theme": themes}).to_parquet(files["themes"])
    held = {name: pd.read_parquet(files[name]) for name in NAMES}
    demo, pool = (
        {
            name: frame[frame["of"] == of].drop(columns="of").reset_index(drop=True)
            for name, frame in held.items()
        }
        for of in ("demo", "pool")
    )
    return demo, pool, pd.read_parquet(files["themes"])["theme"].to_numpy(dtype=str)


def measured(given: argparse.Namespace) -> Iterator[list[Row]]:
    """Measure size by size, the signals of a size before its topics."""
    demo, pool, themes = read_texts(given.data, given.study)
    gold = read_gold(GOLD)
    n_most = len(themes) + len(demo["reports"]) - LEFT_OUT
    for n_reports in given.reports:
        many = n_reports > MANY
        if given.only in (None, "signals"):
            n_all = min(n_reports, n_most)
            yield signals_of(demo, pool, gold, n_all, given.draws[many], given.deals, given.nulls)
        if given.only in (None, "topics"):
            yield topics_of(pool, themes, n_reports, given.samples[many])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder with kirjastonhoitaja/")
    parser.add_argument("--study", type=Path, required=True, help="folder that keeps vectors")
    parser.add_argument("--reports", type=int, nargs="*", default=SIZES)
    parser.add_argument("--samples", type=int, nargs=2, default=(3, 2), help=SIZED)
    parser.add_argument("--draws", type=int, nargs=2, default=(4, 2), help=SIZED)
    parser.add_argument("--deals", type=int, default=10, help="role deals a draw")
    parser.add_argument("--nulls", type=int, default=10, help="null corpora a draw")
    parser.add_argument("--only", choices=("topics", "signals"))
    parser.add_argument("--json", type=Path, help="write the figures here as they come")
    given = parser.parse_args()
    rows: list[Row] = []
    with threadpool_limits(1):
        for part in measured(given):
            rows += part
            if given.json is not None:
                given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    show(rows)


if __name__ == "__main__":
    main()
