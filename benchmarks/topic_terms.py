"""Measure topic words: whether a topic's ten words find the topic's texts that were not read.

    python benchmarks/topic_terms.py --data DIR [--study DIR] [--half dev|test]

DIR/kirjastonhoitaja/train.jsonl holds questions to librarians. Of 960 texts, drawn once, the half
``dev`` is for choosing among methods and the half ``test`` is reported. Each repetition draws texts
to choose words from (40, 120 or 240) and leaves the others of the half unread; k-means on the
centred vectors of all of them, some twelve texts read a topic, makes the topics, the same for each
method. A text is found by a topic when it has one of the topic's ten words, or all words of a
phrase. F1 is of the unread texts found against those in the topic, averaged over topics that have
some. Parts of compounds count as words for every method. Label F1 is the same for the name alone;
the peers' name is their first three words. DIR of ``--study`` keeps the vectors.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from pipeline.artifacts import Store
from pipeline.cluster.content_words import Words, gather_words
from pipeline.cluster.corpus import read_corpus
from pipeline.cluster.naming import Namer
from pipeline.cluster.terms import strongest
from pipeline.config import load_settings
from pipeline.embed.needs import ENCODER
from pipeline.embed.word_vectors import FloretVectors, summed_words
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.study import create_study
from pipeline.texts import Texts

N_POOL, SEED = 960, 20240602
SIZES = (40, 120, 240)
N_TIMES, N_TERMS, READ_A_TOPIC = 6, 10, 12

Ints = NDArray[np.int64]
Lemmas = Sequence[tuple[str, ...]]
"""Words, each one lemma, or a phrase of several."""

Method = Callable[[Words, Ints, list[list[int]]], list[list[int]]]
"""Given words, the rows read and each topic's rows, returns numbers of lemmas, strongest first."""


def read_texts(folder: Path, supply: Supply) -> dict[str, pd.DataFrame]:
    """Make the text tables of the pool, one segment a text."""
    lines = (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = np.sort(np.random.default_rng(SEED).permutation(len(lines))[:N_POOL])
    items = [json.loads(lines[i]) for i in chosen]
    ids = [str(item["id"]) for item in items]
    texts = [item["text"][:400] for item in items]
    nowhere: list[Any] = [[] for _ in ids]
    reports = pd.DataFrame(
        {"report_id": ids, "quality": "ok", "duplicate_of": "", "language": "fi"}
    ).assign(area=nowhere)
    segments = pd.DataFrame(
        {"segment_id": ids, "report_id": ids, "start": 0, "text": texts, "language": "fi"}
    )
    segments["end"] = segments["text"].str.len()
    segments["field"] = "observation"
    vectors = pd.Series(list(supply.value(ENCODER).encode(texts)), dtype=object)
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=supply.value(LEMMATISER))
    words = tokens.groupby("segment_id")["form"].agg(list)
    sums = summed_words((words.get(i, []) for i in ids), FloretVectors())
    return {
        "reports": reports,
        "segments": segments,
        "tokens": tokens,
        "embeddings": pd.DataFrame({"segment_id": ids, "vector": vectors}),
        "report_embeddings": pd.DataFrame(
            {"report_id": ids, "vector": vectors, "word_vector": list(sums)}
        ),
    }


def weighed(
    words: Words, read: Ints, topics: list[list[int]], weigh: Callable[..., NDArray[np.float64]]
) -> list[list[int]]:
    """Return the words with the largest weight of at least two texts read of each topic."""
    uses = words.uses
    found = []
    of_topics = np.stack([np.asarray(uses[rows].sum(axis=0)).ravel() for rows in topics])
    for topic, rows in enumerate(topics):
        own, everywhere = uses[rows], uses[read]
        inside = np.bincount(own.indices, minlength=uses.shape[1])
        total = np.bincount(everywhere.indices, minlength=uses.shape[1])
        weights = weigh(topic, of_topics, inside / len(rows), total / len(read))
        weights = np.where((inside >= 2) & (total <= 0.5 * len(read)), weights, 0)
        order = np.argsort(-weights, kind="stable")[:N_TERMS]
        found.append([int(i) for i in order if weights[i] > 0])
    return found


def class_tf_idf(words: Words, read: Ints, topics: list[list[int]]) -> list[list[int]]:
    """Choose words as BERTopic does (Grootendorst 2022)."""

    def weigh(
        topic: int, of_topics: NDArray[np.float64], *_: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        totals = np.maximum(of_topics.sum(axis=0), 1e-9)
        share = of_topics[topic] / max(1.0, of_topics[topic].sum())
        return np.asarray(share * np.log(1 + of_topics.sum() / len(of_topics) / totals))

    return weighed(words, read, topics, weigh)


def share_by_lift(words: Words, read: Ints, topics: list[list[int]]) -> list[list[int]]:
    """Choose words by their share of the topic's texts times the log of their lift."""

    def weigh(
        topic: int,
        of_topics: NDArray[np.float64],
        inside: NDArray[np.float64],
        overall: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        lift = np.maximum(inside, 1e-9) / np.maximum(overall, 1e-9)
        return np.asarray(inside * np.log(lift))

    return weighed(words, read, topics, weigh)


def log_likelihood(words: Words, read: Ints, topics: list[list[int]]) -> list[list[int]]:
    """Choose words by Dunning's log-likelihood of texts."""
    row_of = {row: number for number, row in enumerate(read.tolist())}
    uses = sparse.csr_matrix(words.uses[read])
    return [
        [word for word, _ in strongest(uses, [row_of[row] for row in rows], N_TERMS)]
        for rows in topics
    ]


METHODS: dict[str, Method] = {
    "lemma class TF-IDF": class_tf_idf,
    "lemma share x log lift": share_by_lift,
    "lemma log-likelihood": log_likelihood,
}


def ours(content: pd.DataFrame, read: Ints, topics: list[list[int]]) -> list[tuple[Lemmas, Lemmas]]:
    """Return the lemmas of each topic's terms, and those of its label."""
    row_of = {row: number for number, row in enumerate(read.tolist())}
    known = content[content["row"].isin(row_of)]
    known = known.assign(row=known["row"].map(row_of)).reset_index(drop=True)
    names = Namer(known, len(read), N_TERMS).names([[row_of[r] for r in rows] for rows in topics])
    return [
        ([term.lemmas for term in name.terms], [term.lemmas for term in name.label_terms])
        for name in names
    ]


def f1(has: Callable[[str], NDArray[np.bool_]], terms: Lemmas, is_own: NDArray[np.bool_]) -> float:
    """Return the F1 of the unread texts that have one of the terms."""
    hit = np.zeros(len(is_own), dtype=bool)
    for lemmas in terms:
        hit |= np.logical_and.reduce([has(lemma) for lemma in lemmas])
    n_right = int((hit & is_own).sum())
    return 2 * n_right / max(1, int(hit.sum()) + int(is_own.sum()))


def measure(tables: dict[str, pd.DataFrame], half: str) -> None:
    from sklearn.cluster import KMeans

    corpus = read_corpus(Texts(*tables.values()))
    n_texts = len(corpus.report_ids)
    words = gather_words(corpus.content, n_texts)
    column_of = {lemma: column for column, lemma in enumerate(words.lemmas)}
    order = np.random.default_rng(SEED + 1).permutation(n_texts)
    mine = order[: n_texts // 2] if half == "dev" else order[n_texts // 2 :]
    print("| words from | texts read | ten words F1 | label F1 |\n|---|---|---|---|")
    for n_read in SIZES:
        scores: dict[str, list[tuple[float, float]]] = {}
        for time in range(N_TIMES):
            rows = np.random.default_rng(100 * n_read + time).permutation(mine)
            read, unread = np.sort(rows[:n_read]), np.sort(rows[n_read:])
            k_means = KMeans(max(3, n_read // READ_A_TOPIC), n_init=5, random_state=time)
            labels = np.full(n_texts, -1)
            labels[mine] = k_means.fit_predict(corpus.vectors[mine])
            of_topic = [read[labels[read] == t].tolist() for t in range(k_means.n_clusters)]
            topics = [t for t, own in enumerate(of_topic) if len(own) >= 3]
            groups = [of_topic[t] for t in topics]
            found = {"ours": ours(corpus.content, read, groups)}
            for name, method in METHODS.items():
                chosen = [[(words.lemmas[i],) for i in w] for w in method(words, read, groups)]
                found[name] = [(lemmas, lemmas[:3]) for lemmas in chosen]
            uses = words.uses[unread].tocsc()

            def has(lemma: str, uses: sparse.csc_matrix = uses) -> NDArray[np.bool_]:
                return uses[:, [column_of[lemma]]].toarray().ravel() > 0

            for name, lists in found.items():
                for topic, (terms, label) in zip(topics, lists, strict=True):
                    is_own = labels[unread] == topic
                    if is_own.any():
                        pair = (f1(has, terms, is_own), f1(has, label, is_own))
                        scores.setdefault(name, []).append(pair)
        for name, pairs in scores.items():
            means, errors = np.mean(pairs, axis=0), np.std(pairs, axis=0) / len(pairs) ** 0.5
            cells = " | ".join(f"{m:.3f} ± {e:.3f}" for m, e in zip(means, errors, strict=True))
            print(f"| {name} | {n_read} | {cells} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder with kirjastonhoitaja/")
    parser.add_argument("--study", type=Path, help="folder that keeps vectors")
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    given = parser.parse_args()
    with threadpool_limits(1), tempfile.TemporaryDirectory() as folder:
        study = create_study(given.study or Path(folder))
        supply = Supply(Store(study), load_settings(None, ()))
        tables = read_texts(given.data / "kirjastonhoitaja", supply)
        supply.close()
        measure(tables, given.half)


if __name__ == "__main__":
    main()
