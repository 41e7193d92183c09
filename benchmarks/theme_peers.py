"""What theme suggestions are compared with: bare labels, prototypes, raw words, and Annif."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from theme_tasks import SEED, Task, folds

from pipeline.assign.decision import assign_by_cut, cut_for_mean
from pipeline.assign.linear import ThemeClassifier
from pipeline.assign.theme_texts import describe
from pipeline.vectors import unit

MEAN_THEMES = 2.0
DESCRIPTION_WEIGHT = 3.0  # coded texts that a theme's description counts for in its prototype
ANNIF = "annif[omikuji,voikko]==1.4.3"
PUNKT_FILES = ("abbrev_types.txt", "collocations.tab", "ortho_context.tab", "sent_starters.txt")


@dataclass(frozen=True)
class Answer:
    """What a method says: which themes, and how strongly; ticks have no strength."""

    assigned: np.ndarray
    scores: np.ndarray


def bare_labels(task: Task, pool: np.ndarray, test: np.ndarray) -> Answer:
    """Compare vectors of texts and of bare theme labels, each less the mean of its kind."""
    labels = task.encoder.encode([theme.label_fi for theme in task.taxonomy.themes])
    likeness = _vectors(task, pool) @ unit(labels - labels.mean(axis=0)).T
    cut = cut_for_mean(likeness[pool], MEAN_THEMES)
    return Answer(assign_by_cut(likeness[test], cut), likeness[test])


def prototypes(task: Task, pool: np.ndarray, coded: np.ndarray, test: np.ndarray) -> Answer:
    """Compare vectors of texts with the mean of a theme's coded texts and its description."""
    vectors, truth = _vectors(task, pool), task.gold[coded]
    described = task.encoder.encode(
        [
            describe(
                theme.label_fi,
                theme.definition,
                theme.includes,
                task.taxonomy.terms[theme.theme_id],
            )
            for theme in task.taxonomy.themes
        ]
    )
    middle = DESCRIPTION_WEIGHT * unit(described - described.mean(axis=0))

    def likeness(seen: np.ndarray, asked: np.ndarray) -> np.ndarray:
        total = truth[seen].T.astype(float) @ vectors[coded[seen]] + middle
        return np.asarray(vectors[asked] @ unit(total).T)

    held_out = np.empty(truth.shape)
    for fold in folds(len(coded)):
        held_out[fold] = likeness(np.setdiff1d(np.arange(len(coded)), fold), coded[fold])
    cut = cut_for_mean(held_out, float(truth.sum(axis=1).mean()))
    scores = likeness(np.arange(len(coded)), test)
    return Answer(assign_by_cut(scores, cut), scores)


def _vectors(task: Task, pool: np.ndarray) -> np.ndarray:
    """Return the vectors of all texts, less the pool's mean, at unit length."""
    by_id = dict(zip(task.tables[4]["report_id"], task.tables[4]["vector"], strict=True))
    vectors = np.stack([by_id[report_id] for report_id in task.report_ids])
    return unit(vectors - vectors[pool].mean(axis=0))


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


def annif(
    task: Task, splits: Sequence[tuple[np.ndarray, np.ndarray]], environment: Path
) -> list[Answer]:
    """Train Annif's ensemble on coded texts and score the judged ones, split by split.

    Parameters
    ----------
    task : Task
    splits : sequence of (coded, judged)
    environment : Path
        Virtual environment to run Annif in; made and filled when it does not exist. Scores are
        kept in it by the hash of the task, so that Annif is asked once.

    Notes
    -----
    The cut is set on scores of the judged texts themselves, at the mean number of themes of the
    coded ones, which favours Annif. Its sentence splitter, which it would fetch, is an
    NLTK model without parameters.
    """
    content = {
        "themes": [
            {
                "id": theme.theme_id,
                "label": theme.label_fi,
                "alternatives": [phrase.text for phrase in task.taxonomy.terms[theme.theme_id]],
            }
            for theme in task.taxonomy.themes
        ],
        "texts": task.texts,
        "labels": task.gold.astype(int).tolist(),
        "splits": [(coded.tolist(), judged.tolist()) for coded, judged in splits],
    }
    asked = json.dumps(content)
    kept = environment / "scores" / f"{hashlib.sha256(asked.encode()).hexdigest()[:24]}.json"
    if not kept.exists():
        _run_annif(asked, kept, environment)
    answers = []
    for (coded, _), scores in zip(splits, json.loads(kept.read_text("utf-8")), strict=True):
        found = np.array(scores)
        cut = cut_for_mean(found, float(task.gold[coded].sum(axis=1).mean()))
        answers.append(Answer(assign_by_cut(found, cut), found))
    return answers


def _run_annif(asked: str, kept: Path, environment: Path) -> None:
    """Install Annif where it is missing, put the task to it, and keep its scores."""
    python = environment.absolute() / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", ANNIF], check=True)
    kept.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "nltk_data" / "tokenizers" / "punkt_tab" / "english"
        model.mkdir(parents=True)
        for name in PUNKT_FILES:
            (model / name).write_text("", encoding="utf-8")
        question, reply = Path(folder) / "task.json", Path(folder) / "scores.json"
        question.write_text(asked, encoding="utf-8")
        runner = Path(__file__).resolve().with_name("annif_runner.py")
        variables = {**os.environ, "NLTK_DATA": str(model.parents[2]), "OMP_NUM_THREADS": "1"}
        command = [python, runner, question, reply]
        subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True)
        shutil.copyfile(reply, kept)
