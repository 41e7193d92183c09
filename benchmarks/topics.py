"""Measure topics: agreement with the themes of real texts, and cost by number of reports.

    python benchmarks/topics.py --data DIR [--study DIR] [--samples 5] [--set embed.pooling=mean]
    python benchmarks/topics.py --scale 40 240 2000 20000 100000

DIR/kirjastonhoitaja/train.jsonl holds questions to librarians with their themes; those with one
theme only are used. From a pool of 300, samples of 240 are grouped. ARI is against the themes;
reports that a method leaves out count as one more group. Stability is the mean ARI of a method's
groups between two samples, on the texts they share. DIR of ``--study`` keeps the vectors for the
next time. The cost is that of grouping generated vectors of 384 numbers, in seconds of one core;
megabytes are of the whole process at its peak while grouping, the vectors included, and of what it
held before (Linux only); each number runs in a process of its own. What topic words are worth:
benchmarks/topic_terms.py.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from signal_peers import bertopic_labels
from signals import silent
from theme_tasks import settings_argument
from threadpoolctl import threadpool_limits

from pipeline.artifacts import Store
from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.corpus import read_corpus
from pipeline.cluster.grouping import group_by_consensus
from pipeline.cluster.large import group_by_graph
from pipeline.cluster.similarity import ReportSpace, centred
from pipeline.config import load_settings
from pipeline.embed.needs import ENCODER
from pipeline.embed.word_vectors import FloretVectors, summed_words
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.pseudonymise.name_lists import load_name_lists
from pipeline.study import create_study
from pipeline.texts import Texts

N_POOL, N_SAMPLE = 300, 240
SEED = 20240601
NOT_DRAWN = -9

Tables = dict[str, pd.DataFrame]
Method = Callable[[Tables, int], NDArray[np.int64]]


def read_pool(
    folder: Path, supply: Supply, n_pool: int | None = N_POOL, *, by_first: bool = False
) -> tuple[Tables, NDArray[np.str_]]:
    """Return the tables of some questions or of all, and the theme of each.

    Questions of several themes are left out, or counted for the first one.
    """
    lines = (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()
    items = [item for item in map(json.loads, lines) if by_first or len(item["themes"]) == 1]
    chosen = np.random.default_rng(SEED).permutation(len(items))[:n_pool]
    items = [items[i] for i in chosen]
    ids = [str(item["id"]) for item in items]
    texts = [item["text"] for item in items]
    reports = pd.DataFrame({"report_id": ids, "observation": texts, "proposal": ""})
    reports["quality"], reports["duplicate_of"], reports["language"] = "ok", "", "fi"
    reports["area"] = [[] for _ in ids]
    segments = pd.DataFrame(
        {"segment_id": ids, "report_id": ids, "start": 0, "text": texts, "language": "fi"}
    )
    segments["end"] = segments["text"].str.len()
    segments["field"] = "observation"
    vectors = pd.Series(list(supply.value(ENCODER).encode(texts)), dtype=object)
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=supply.value(LEMMATISER))
    words = tokens.groupby("segment_id")["form"].agg(list)
    sums = summed_words((words.get(i, []) for i in ids), FloretVectors())
    tables = {
        "reports": reports,
        "segments": segments,
        "tokens": tokens,
        "embeddings": pd.DataFrame({"segment_id": ids, "vector": vectors}),
        "report_embeddings": pd.DataFrame(
            {"report_id": ids, "vector": vectors, "word_vector": list(sums)}
        ),
    }
    return tables, np.array([item["themes"][0] for item in items])


def part_of(tables: Tables, rows: NDArray[np.int64]) -> Tables:
    ids = set(tables["reports"]["report_id"].to_numpy()[rows])
    segments = tables["segments"]
    own = set(segments.loc[segments["report_id"].isin(ids), "segment_id"])
    by_segment = ("tokens", "embeddings")
    return {
        name: frame[
            frame["segment_id"].isin(own) if name in by_segment else frame["report_id"].isin(ids)
        ].reset_index(drop=True)
        for name, frame in tables.items()
    }


def ours(tables: Tables, seed: int) -> NDArray[np.int64]:
    places = load_name_lists().places
    return _consensus(read_corpus(Texts(*tables.values()), places).space(), seed)


def with_places(tables: Tables, seed: int) -> NDArray[np.int64]:
    """Group with the names of places among the words."""
    return _consensus(read_corpus(Texts(*tables.values())).space(), seed)


def without_word_vectors(tables: Tables, seed: int) -> NDArray[np.int64]:
    """Group without the fourth view: a view in which all pairs are alike says nothing."""
    space = read_corpus(Texts(*tables.values())).space()
    return _consensus(replace(space, word_vectors=np.zeros_like(space.word_vectors)), seed)


def _consensus(space: ReportSpace, seed: int) -> NDArray[np.int64]:
    config = ClusterConfig()
    return group_by_consensus(
        space,
        n_runs=config.n_runs,
        min_topic_reports=config.min_topic_reports,
        min_weight=config.min_weight,
        seed=seed,
        progress=silent,
    ).labels


def k_means(tables: Tables, seed: int) -> NDArray[np.int64]:
    """Group by k-means on centred vectors, with as many groups as there are themes in the data."""
    from sklearn.cluster import KMeans

    vectors = centred(np.stack(tables["report_embeddings"]["vector"].to_list()))
    n_groups = 21
    return np.asarray(KMeans(n_groups, n_init=10, random_state=seed).fit_predict(vectors))


def bertopic(min_topic_size: int) -> Method:
    return lambda tables, seed: bertopic_labels(tables, min_topic_size, seed)


METHODS: dict[str, Method] = {
    "ours": ours,
    "ours, with names of places": with_places,
    "ours, without word vectors": without_word_vectors,
    "k-means, 21 groups": k_means,
    "BERTopic, min_topic_size 10 (default)": bertopic(10),
    "BERTopic, min_topic_size 5": bertopic(5),
    "BERTopic, min_topic_size 3": bertopic(3),
}


def show_quality(folder: Path, study: Path, given: argparse.Namespace) -> None:
    from sklearn.metrics import adjusted_rand_score

    supply = Supply(Store(create_study(study)), load_settings(None, given.overrides))
    tables, themes = read_pool(folder, supply)
    rng = np.random.default_rng(SEED)
    samples = [np.sort(rng.permutation(N_POOL)[:N_SAMPLE]) for _ in range(given.samples)]
    print("| method | ARI (spread) | groups | left out | stability |")
    print("|---|---|---|---|---|")
    for name, method in METHODS.items():
        if given.only and not name.startswith(tuple(given.only)):
            continue
        found = [method(part_of(tables, rows), seed) for seed, rows in enumerate(samples)]
        scores = [
            adjusted_rand_score(themes[rows], labels)
            for rows, labels in zip(samples, found, strict=True)
        ]
        whole = [placed(labels, rows, N_POOL) for labels, rows in zip(found, samples, strict=True)]
        groups = np.mean([labels.max() + 1 for labels in found])
        left_out = np.mean([(labels < 0).mean() for labels in found])
        print(
            f"| {name} | {np.mean(scores):.3f} ({np.std(scores):.3f}) | {groups:.0f} | "
            f"{left_out:.0%} | {alikeness(whole):.2f} |"
        )


def placed(labels: NDArray[np.int64], rows: NDArray[np.int64], n_pool: int) -> NDArray[np.int64]:
    """Write the groups of a sample into its rows of the pool; the others have none."""
    whole = np.full(n_pool, NOT_DRAWN)
    whole[rows] = labels
    return whole


def alikeness(whole: Sequence[NDArray[np.int64]]) -> float:
    """Return the mean ARI between the groups of two samples, on the texts they share."""
    from sklearn.metrics import adjusted_rand_score

    scores = []
    for one, other in combinations(whole, 2):
        both = (one != NOT_DRAWN) & (other != NOT_DRAWN)
        scores.append(adjusted_rand_score(one[both], other[both]))
    return float(np.mean(scores))


def memory(field: str) -> float:
    """Return a memory figure of this process, in megabytes: VmRSS now, VmHWM at most."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise KeyError(field)


def show_cost(n_reports: int) -> None:
    """Group generated vectors: a tenth as many centres as reports up to 200, with noise."""
    rng = np.random.default_rng(SEED)
    n_centres = max(4, min(200, n_reports // 10))
    centres = rng.normal(size=(n_centres, 384)).astype(np.float32)
    noise = rng.standard_normal(size=(n_reports, 384), dtype=np.float32)
    vectors = centred(centres[rng.integers(0, n_centres, n_reports)] + 1.5 * noise)
    del noise
    config = ClusterConfig()
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    start = time.process_time()
    if n_reports > config.small_n_max:
        labels = group_by_graph(
            vectors,
            min_topic_reports=config.min_topic_reports,
            min_weight=config.min_weight,
            seed=0,
            progress=silent,
        ).labels
        way = "neighbour graph"
    else:
        from pipeline.cluster.consensus import ConsensusClusterer

        labels = ConsensusClusterer(n_runs=config.n_runs).fit(vectors).labels_
        way = "consensus"
    seconds = time.process_time() - start
    print(
        f"| {n_reports} | {way} | {labels.max() + 1} | {seconds:.1f} | {memory('VmHWM'):.0f} | "
        f"{before:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="folder that holds kirjastonhoitaja/")
    parser.add_argument("--study", type=Path, help="folder that keeps vectors")
    parser.add_argument("--only", nargs="*", help="methods to run, by their beginning")
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--scale", type=int, nargs="*", default=[], help="numbers of reports")
    settings_argument(parser)
    given = parser.parse_args()
    with threadpool_limits(1):
        if given.data is not None:
            with tempfile.TemporaryDirectory() as folder:
                study = given.study or Path(folder)
                show_quality(given.data / "kirjastonhoitaja", study, given)
        if len(given.scale) == 1:
            show_cost(given.scale[0])
    if len(given.scale) > 1:
        print("| reports | way | groups | CPU s | MB at most | MB before |")
        print("|---|---|---|---|---|---|", flush=True)
        for n_reports in given.scale:
            subprocess.run([sys.executable, __file__, "--scale", str(n_reports)], check=True)


if __name__ == "__main__":
    main()
