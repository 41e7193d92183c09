"""Measure whether reading spoken forms as standard words helps to find and code reports.

    python benchmarks/spoken_forms.py --study DIR [--data DIR] [--texts 2000]

DIR of ``--study`` is a study that has been run on the demo corpus (Järvimaa) up to ``segment``. Its
reports are lemmatised with the shipped lexicons, with the spoken forms of ``spoken_forms.csv``
(*mulla* is *minä*, *vois* is *voida*) beside them, and without any lexicon. Reports are vectors of
the lemmas of their content words and of compound parts (TF-IDF).
Retrieval: each report of a planted topic asks for the others, mean average precision. Themes: one
logistic regression a theme, in five folds, what is more likely than not; micro and macro F1. With
``--data``, DIR/kirjastonhoitaja (``train.jsonl`` with id, text and themes) is a second corpus, of
questions as people type them, for the themes alone.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import KFold

from pipeline.artifacts import Store
from pipeline.assign.coded import coded_labels
from pipeline.codings import read_codings
from pipeline.figures.measures import macro_f1, micro_f1
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.lemmatise.lexicon import Lexicon, read_lexicon
from pipeline.lemmatise.protocol import CONTENT_POS
from pipeline.lemmatise.voikko import Morphology
from pipeline.lemmatise.voikko_lemmatiser import VoikkoLemmatiser
from pipeline.lemmatise.weights import read_weights
from pipeline.resources import shipped
from pipeline.study import Study

CORPUS = Path(__file__).resolve().parents[1] / "corpora" / "jarvimaa"
SPOKEN = Path(__file__).with_name("spoken_forms.csv")
N_FOLDS = 5
SEED = 0


def tokens_with(files: Iterable[Path], segments: pd.DataFrame) -> pd.DataFrame:
    """Lemmatise the segments with some lexicons."""
    entries = [entry for path in files for entry in read_lexicon(path)]
    weights = read_weights(shipped("models", "lemmatiser"))
    lemmatiser = VoikkoLemmatiser(Morphology(), weights, Lexicon(entries))
    return lemmatise(segments, LemmatiseConfig(), lemmatiser=lemmatiser)


def changed(before: pd.DataFrame, after: pd.DataFrame) -> tuple[int, int]:
    """Count the words that have another lemma, and those of them that are content in either."""
    place = ["segment_id", "start"]
    both = before.merge(after, on=place, how="outer", suffixes=("_before", "_after"))
    is_other = both["lemma_before"] != both["lemma_after"]
    is_content = both["pos_before"].isin(CONTENT_POS) | both["pos_after"].isin(CONTENT_POS)
    return int(is_other.sum()), int((is_other & is_content).sum())


def report_vectors(
    tokens: pd.DataFrame, segments: pd.DataFrame, report_ids: Sequence[str]
) -> csr_matrix:
    """Return the TF-IDF of lemmas and parts, one row a report."""
    report_of = segments.set_index("segment_id")["report_id"]
    content = tokens[tokens["pos"].isin(CONTENT_POS)]
    words: dict[str, list[str]] = {report_id: [] for report_id in report_ids}
    for segment_id, lemma, parts in zip(
        content["segment_id"], content["lemma"], content["parts"], strict=True
    ):
        words[report_of[segment_id]].extend([lemma.lower(), *parts])
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2, max_df=0.3)
    return vectorizer.fit_transform([words[report_id] for report_id in report_ids])


def retrieval(vectors: csr_matrix, report_ids: Sequence[str], topics: pd.DataFrame) -> float:
    """Return the mean average precision of finding a report's topic by the report."""
    place = {report_id: i for i, report_id in enumerate(report_ids)}
    likeness = (vectors @ vectors.T).toarray()
    precisions = []
    for _, ids in topics.groupby("topic")["report_id"]:
        members = sorted({place[i] for i in ids if i in place})
        is_member = np.zeros(len(place), dtype=bool)
        is_member[members] = True
        for i in members:
            others = np.arange(len(place)) != i
            if is_member[others].any():
                precisions.append(average_precision_score(is_member[others], likeness[i, others]))
    return float(np.mean(precisions))


def theme_f1(vectors: csr_matrix, gold: np.ndarray) -> tuple[float, float]:
    """Return micro and macro F1 of themes learnt from four fifths of the reports."""
    guess = np.zeros(gold.shape, dtype=bool)
    folds = KFold(N_FOLDS, shuffle=True, random_state=SEED)
    for learnt_from, measured_on in folds.split(gold):
        for theme in range(gold.shape[1]):
            is_theme = gold[learnt_from, theme]
            if is_theme.any():
                model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000)
                model.fit(vectors[learnt_from], is_theme)
                guess[measured_on, theme] = model.predict(vectors[measured_on])
    return micro_f1(gold, guess), macro_f1(gold, guess)


def compare(
    segments: pd.DataFrame, gold: np.ndarray, report_ids: Sequence[str], topics: pd.DataFrame
) -> None:
    """Print a row of the table for each choice of lexicons."""
    files = sorted(shipped("configs", "lexicon").glob("*.csv"))
    whole = tokens_with(files, segments)
    print(f"{'':24s}{'changed':>9s}{'content':>9s}{'MAP':>8s}{'micro F1':>10s}{'macro F1':>10s}")
    for name, used in (
        ("shipped lexicons", files),
        ("with spoken forms", [*files, SPOKEN]),
        ("no lexicon", []),
    ):
        tokens = tokens_with(used, segments)
        other, content = changed(whole, tokens)
        vectors = report_vectors(tokens, segments, report_ids)
        found = f"{retrieval(vectors, report_ids, topics):.4f}" if len(topics) else "-"
        micro, macro = theme_f1(vectors, gold)
        print(f"{name:24s}{other:9d}{content:9d}{found:>8s}{micro:10.4f}{macro:10.4f}", flush=True)


def questions(folder: Path, n_texts: int) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """Return a sample of the librarians' questions as segments, with their themes."""
    lines = (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = np.random.default_rng(SEED).permutation(len(lines))[:n_texts]
    items = [json.loads(lines[i]) for i in chosen]
    ids = [str(item["id"]) for item in items]
    texts = [item["text"] for item in items]
    segments = pd.DataFrame({"segment_id": ids, "report_id": ids, "start": 0, "text": texts})
    themes = sorted({theme for item in items for theme in item["themes"]})
    gold = np.array([[theme in item["themes"] for theme in themes] for item in items])
    return segments, gold, ids


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, required=True, help="study run on the demo corpus")
    parser.add_argument("--data", type=Path, help="folder that holds kirjastonhoitaja/")
    parser.add_argument("--texts", type=int, default=2000, help="texts of kirjastonhoitaja to use")
    args = parser.parse_args()
    segments = Store(Study(args.study)).read("segments")
    report_ids = list(dict.fromkeys(segments["report_id"]))
    topics = pd.read_csv(CORPUS / "gold_topics.csv", dtype=str)
    key = read_codings(CORPUS / "gold_themes.csv")
    gold = coded_labels(key, report_ids, sorted(set(key["theme_id"]) - {""})) == 1
    compare(segments, gold, report_ids, topics)
    if args.data is not None:
        segments, gold, ids = questions(args.data / "kirjastonhoitaja", args.texts)
        compare(segments, gold, ids, topics.iloc[:0])


if __name__ == "__main__":
    main()
