"""Measure theme suggestions beside what a county could do without them.

    python benchmarks/themes.py [--study DIR] [--data DIR] [--texts 800] [--samples 5]

The demo corpus (Järvimaa) is taken through the pipeline up to ``embed`` and compared with its
answer key: before anything is coded, and with four fifths coded, in five folds. DIR of ``--study``
keeps the tables for the next time. With ``--data``, DIR/kirjastonhoitaja (``train.jsonl`` with id,
text and themes; ``themes.json`` with label, definition and alt_labels) is a second task of real
texts: a random half and more is the pool, in which 0, 40, 120 and 400 texts are coded, and 300
texts outside the pool are judged.

Peers: the reporters' own ticks; the cosine of encoder vectors of report and bare theme label, both
centred; a logistic regression a theme on raw-word TF-IDF. From text alone all get the same rule:
one cut that gives the mean number of themes of the coded texts (2 with nothing coded), and at least
one theme. With ticks, ours suggests what is more likely than not.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.artifacts import Store
from pipeline.assign.assign import AssignConfig, assign
from pipeline.assign.coded import coded_labels
from pipeline.assign.decision import assign_by_cut, cut_for_mean
from pipeline.assign.features import unit
from pipeline.assign.linear import ThemeClassifier
from pipeline.assign.mapper import fit_theme_mapper
from pipeline.codings import read_codings
from pipeline.config import load_settings
from pipeline.embed.protocol import Encoder
from pipeline.evaluate import ThemeSets, score_matrix, sets_from_report_themes, sets_from_ticks
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.measures import (
    bootstrap,
    difference,
    macro_f1,
    micro_f1,
    precision_at_1,
    ranking_precision,
)
from pipeline.needs import Supply
from pipeline.resources import shipped
from pipeline.run import Plan, Silence, run
from pipeline.study import create_study
from pipeline.taxonomy.model import Phrase, Taxonomy, Theme

CORPUS = Path(__file__).resolve().parents[1] / "corpora" / "jarvimaa"
TABLES = ("reports", "segments", "tokens", "embeddings", "report_embeddings")
Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]
N_FOLDS = 5
N_TEST = 300
SIZES = (0, 40, 120, 400)
MEAN_THEMES = 2.0
SEED = 0


@dataclass(frozen=True)
class Task:
    """Texts with themes to find, and what finding them needs."""

    tables: Tables
    report_ids: list[str]
    gold: np.ndarray
    taxonomy: Taxonomy
    encoder: Encoder
    lemmatiser: Lemmatiser

    def cut_to(self, places: np.ndarray) -> Tables:
        """Return the tables of some reports."""
        reports, segments, tokens, embeddings, report_embeddings = self.tables
        ids = {self.report_ids[i] for i in places}
        own = segments["report_id"].isin(ids)
        segment_ids = set(segments.loc[own, "segment_id"])
        return (
            reports[reports["report_id"].isin(ids)],
            segments[own],
            tokens[tokens["segment_id"].isin(segment_ids)],
            embeddings[embeddings["segment_id"].isin(segment_ids)],
            report_embeddings[report_embeddings["report_id"].isin(ids)],
        )

    def codings(self, places: np.ndarray) -> pd.DataFrame:
        """Return the gold of some reports as a coder's judgements."""
        rows = [
            (self.report_ids[i], "", theme_id, "gold")
            for i in places
            for theme_id in [t for t, has in zip(self.theme_ids, self.gold[i], strict=True) if has]
            or [""]
        ]
        return pd.DataFrame(rows, columns=["report_id", "segment_id", "theme_id", "coder"])

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """Themes, in the order of ``gold``."""
        return self.taxonomy.theme_ids

    @property
    def texts(self) -> list[str]:
        """What each report says."""
        reports = self.tables[0].set_index("report_id").loc[self.report_ids]
        return [
            f"{o}\n{p}" for o, p in zip(reports["observation"], reports["proposal"], strict=True)
        ]


@dataclass(frozen=True)
class Answer:
    """What a method says: which themes, and how strongly; ticks have no strength."""

    assigned: np.ndarray
    scores: np.ndarray


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, help="keep the demo corpus's tables here")
    parser.add_argument("--data", type=Path, help="folder that holds kirjastonhoitaja/")
    parser.add_argument("--texts", type=int, default=800, help="texts of kirjastonhoitaja to use")
    parser.add_argument("--samples", type=int, default=5, help="samples of coded texts a size")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, threadpool_limits(1):
        study = create_study(options.study or Path(scratch), [])
        if not study.input_files():
            study.add_input(CORPUS / "jarvimaa_webropol.xlsx")
        settings = load_settings(shipped("configs", "jarvimaa.toml"))
        run(study, settings, Plan(last="embed"), Silence())
        supply = Supply(Store(study), settings)
        try:
            show_jarvimaa(jarvimaa(supply))
            if options.data is not None:
                folder = options.data / "kirjastonhoitaja"
                task = kirjastonhoitaja(folder, options.texts, supply)
                show_kirjastonhoitaja(task, options.samples)
        finally:
            supply.close()


def jarvimaa(supply: Supply) -> Task:
    """Return the demo corpus as the pipeline sees it, with its answer key."""
    reports, segments, tokens, embeddings, report_embeddings = map(supply.store.read, TABLES)
    report_ids = report_embeddings["report_id"].tolist()
    key = read_codings(CORPUS / "gold_themes.csv")
    gold = coded_labels(key, report_ids, supply.taxonomy.theme_ids)
    return Task(
        (reports, segments, tokens, embeddings, report_embeddings),
        report_ids,
        gold == 1,
        supply.taxonomy,
        supply.encoder,
        supply.lemmatiser,
    )


def kirjastonhoitaja(folder: Path, n_texts: int, supply: Supply) -> Task:
    """Return a sample of the librarians' questions; each text is one segment."""
    lines = (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = np.random.default_rng(SEED).permutation(len(lines))[:n_texts]
    items = [json.loads(lines[i]) for i in chosen]
    themes = json.loads((folder / "themes.json").read_text(encoding="utf-8"))
    ids = [str(item["id"]) for item in items]
    texts = [item["text"] for item in items]
    blank = [""] * len(items)
    reports = pd.DataFrame({"report_id": ids, "observation": texts, "proposal": blank})
    reports["themes_ticked"] = pd.Series([[] for _ in items], dtype=object)
    reports["quality"] = "ok"
    segments = pd.DataFrame({"segment_id": ids, "report_id": ids, "start": 0, "text": texts})
    segments["end"] = segments["text"].str.len()
    segments["field"] = "observation"
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=supply.lemmatiser)
    vectors = pd.Series(list(supply.encoder.encode(texts)), dtype=object)
    return Task(
        (
            reports,
            segments,
            tokens,
            pd.DataFrame({"segment_id": ids, "vector": vectors}),
            pd.DataFrame({"report_id": ids, "vector": vectors}),
        ),
        ids,
        np.array([[key in item["themes"] for key in themes] for item in items]),
        librarians_taxonomy(themes),
        supply.encoder,
        supply.lemmatiser,
    )


def librarians_taxonomy(themes: dict[str, dict[str, Any]]) -> Taxonomy:
    """Return the themes of the librarians' questions as a taxonomy."""
    return Taxonomy(
        name="kirjastonhoitaja",
        version="1.0.0",
        base_uri="https://example.org/",
        title_fi="",
        title_en="",
        licence="",
        themes=tuple(
            Theme(theme_id=key, label_fi=theme["label"], definition=theme["definition"])
            for key, theme in themes.items()
        ),
        terms={k: tuple(Phrase("fi", t) for t in v["alt_labels"]) for k, v in themes.items()},
        examples={key: () for key in themes},
    )


def ours(
    task: Task, pool: np.ndarray, coded: np.ndarray, test: np.ndarray, *, ticks: bool
) -> Answer:
    """Fit the mapper on a pool with some coded texts, and suggest themes for the test texts."""
    config = AssignConfig(ticks=ticks, mean_themes=MEAN_THEMES)
    fitted = fit_theme_mapper(
        *task.cut_to(pool),
        config,
        taxonomy=task.taxonomy,
        encoder=task.encoder,
        lemmatiser=task.lemmatiser,
        codings=task.codings(coded),
        seed=SEED,
    )
    report_themes, _ = assign(*task.cut_to(test), config, fitted=fitted)
    ids = [task.report_ids[i] for i in test]
    return Answer(
        sets_from_report_themes(report_themes).matrix(ids, task.theme_ids),
        score_matrix(report_themes, ids, task.theme_ids),
    )


def bare_labels(task: Task, pool: np.ndarray, test: np.ndarray) -> Answer:
    """Compare vectors of texts and of bare theme labels, each less the mean of its kind."""
    by_id = dict(zip(task.tables[4]["report_id"], task.tables[4]["vector"], strict=True))
    vectors = np.stack([by_id[report_id] for report_id in task.report_ids])
    labels = task.encoder.encode([theme.label_fi for theme in task.taxonomy.themes])
    likeness = unit(vectors - vectors[pool].mean(axis=0)) @ unit(labels - labels.mean(axis=0)).T
    cut = cut_for_mean(likeness[pool], MEAN_THEMES)
    return Answer(assign_by_cut(likeness[test], cut), likeness[test])


def raw_words(task: Task, pool: np.ndarray, coded: np.ndarray, test: np.ndarray) -> Answer:
    """Train a logistic regression a theme on TF-IDF of words as written."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, truth = task.texts, task.gold[coded]
    words = TfidfVectorizer(sublinear_tf=True, min_df=2).fit([texts[i] for i in pool])
    rows = csr_array(words.transform([texts[i] for i in coded]))
    classifier = ThemeClassifier(c=10.0, seed=SEED)
    held_out = np.empty(truth.shape)
    for fold in folds(len(coded)):
        rest = np.setdiff1d(np.arange(len(coded)), fold)
        held_out[fold] = classifier.fit(rows[rest], truth[rest])(rows[fold])
    cut = cut_for_mean(held_out, float(truth.sum(axis=1).mean()))
    scores = classifier.fit(rows, truth)(csr_array(words.transform([texts[i] for i in test])))
    return Answer(assign_by_cut(scores, cut), scores)


def folds(n: int) -> list[np.ndarray]:
    """Deal places into folds."""
    order = np.random.default_rng(SEED).permutation(n)
    return [np.sort(order[i::N_FOLDS]) for i in range(N_FOLDS)]


def in_folds(task: Task, method: Callable[[np.ndarray, np.ndarray], Answer]) -> Answer:
    """Answer for every report by a method that has seen the codings of the other folds."""
    everyone = np.arange(len(task.report_ids))
    assigned, scores = np.zeros(task.gold.shape, bool), np.empty(task.gold.shape)
    for fold in folds(len(everyone)):
        answer = method(np.setdiff1d(everyone, fold), fold)
        assigned[fold], scores[fold] = answer.assigned, answer.scores
    return Answer(assigned, scores)


def show_jarvimaa(task: Task) -> None:
    """Print the demo corpus's table, and whether text helps the ticks."""
    everyone, nobody = np.arange(len(task.report_ids)), np.zeros(0, dtype=int)
    ticked = sets_from_ticks(task.tables[0])
    missing: dict[str, frozenset[str]] = {
        r: frozenset() for r in task.report_ids if r not in ticked.themes
    }
    ticks = ThemeSets("ticks", ticked.themes | missing).matrix(task.report_ids, task.theme_ids)
    n_coded = len(everyone) - len(everyone) // N_FOLDS
    answers = {
        "ticks alone": Answer(ticks, np.full(ticks.shape, np.nan)),
        "bare labels, 0 coded": bare_labels(task, everyone, everyone),
        "ours, text, 0 coded": ours(task, everyone, nobody, everyone, ticks=False),
        "ours, text + ticks, 0 coded": ours(task, everyone, nobody, everyone, ticks=True),
        f"raw-word TF-IDF + LR, {n_coded} coded": in_folds(
            task, lambda coded, test: raw_words(task, everyone, coded, test)
        ),
        f"ours, text, {n_coded} coded": in_folds(
            task, lambda coded, test: ours(task, everyone, coded, test, ticks=False)
        ),
        f"ours, text + ticks, {n_coded} coded": in_folds(
            task, lambda coded, test: ours(task, everyone, coded, test, ticks=True)
        ),
    }
    print(f"\nJärvimaa: {len(everyone)} reports, {len(task.theme_ids)} themes, 95 % intervals\n")
    print("| method | micro F1 | macro F1 | P@1 | LRAP |\n|---|---|---|---|---|")
    for name, answer in answers.items():
        f1 = bootstrap(micro_f1, task.gold, answer.assigned, seed=SEED)
        print(
            f"| {name} | {f1.value:.3f} ({f1.low:.3f}-{f1.high:.3f}) "
            f"| {_cells(_figures(task.gold, answer))} |"
        )
    for name, answer in answers.items():
        if "text + ticks" in name:
            gap = difference(task.gold, answer.assigned, ticks, seed=SEED)
            print(
                f"\n{name}, less ticks alone: {gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f})"
            )


def show_kirjastonhoitaja(task: Task, n_samples: int) -> None:
    """Print means over samples of coded texts."""
    places = np.random.default_rng(SEED + 1).permutation(len(task.report_ids))
    test, pool = np.sort(places[:N_TEST]), np.sort(places[N_TEST:])
    gold = task.gold[test]
    print(
        f"\nKirjastonhoitaja: pool of {len(pool)}, {len(test)} judged, {n_samples} samples a size"
    )
    print("\n| coded | method | micro F1 | macro F1 | P@1 | LRAP |\n|---|---|---|---|---|---|")
    for n in (size for size in SIZES if size <= len(pool)):
        samples = list(_samples(pool, n, n_samples if n else 1))
        answers = {"ours": [ours(task, pool, coded, test, ticks=False) for coded in samples]}
        if n:
            answers["raw-word TF-IDF + LR"] = [raw_words(task, pool, c, test) for c in samples]
        else:
            answers["bare labels"] = [bare_labels(task, pool, test)]
        for name, found in answers.items():
            f1 = np.mean([micro_f1(gold, answer.assigned) for answer in found])
            rest = np.mean([_figures(gold, answer) for answer in found], axis=0)
            print(f"| {n} | {name} | {f1:.3f} | {_cells(rest)} |")


def _samples(pool: np.ndarray, n: int, n_samples: int) -> Iterator[np.ndarray]:
    for sample in range(n_samples):
        yield np.random.default_rng([SEED, sample]).permutation(pool)[:n]


def _figures(gold: np.ndarray, answer: Answer) -> tuple[float, float, float]:
    has_scores = not np.isnan(answer.scores).any()
    return (
        macro_f1(gold, answer.assigned),
        precision_at_1(gold, answer.scores) if has_scores else float("nan"),
        ranking_precision(gold, answer.scores) if has_scores else float("nan"),
    )


def _cells(figures: Sequence[float]) -> str:
    return " | ".join("-" if np.isnan(x) else f"{x:.3f}" for x in figures)


if __name__ == "__main__":
    main()
