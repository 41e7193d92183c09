"""What theme suggestions are compared with: bare labels, raw words, and Annif."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from theme_tasks import SEED, Task, folds

from pipeline.assign.decision import assign_by_cut, cut_for_mean
from pipeline.assign.features import unit
from pipeline.assign.linear import ThemeClassifier

MEAN_THEMES = 2.0
ANNIF = "annif[omikuji,voikko]==1.4.3"
PUNKT_FILES = ("abbrev_types.txt", "collocations.tab", "ortho_context.tab", "sent_starters.txt")


@dataclass(frozen=True)
class Answer:
    """What a method says: which themes, and how strongly; ticks have no strength."""

    assigned: np.ndarray
    scores: np.ndarray


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


def annif(
    task: Task, splits: Sequence[tuple[np.ndarray, np.ndarray]], environment: Path
) -> list[Answer]:
    """Train Annif's ensemble on coded texts and score the judged ones, split by split.

    Parameters
    ----------
    task : Task
    splits : sequence of (coded, judged)
    environment : Path
        Virtual environment to run Annif in; made and filled when it does not exist.

    Notes
    -----
    The cut is set on scores of the judged texts themselves, at the mean number of themes of the
    coded ones, which favours Annif. Its sentence splitter, which it would fetch, is an
    NLTK model without parameters.
    """
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", ANNIF], check=True)
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "nltk_data" / "tokenizers" / "punkt_tab" / "english"
        model.mkdir(parents=True)
        for name in PUNKT_FILES:
            (model / name).write_text("", encoding="utf-8")
        question, reply = Path(folder) / "task.json", Path(folder) / "scores.json"
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
        question.write_text(json.dumps(content), encoding="utf-8")
        runner = Path(__file__).with_name("annif_runner.py")
        variables = {**os.environ, "NLTK_DATA": str(model.parents[2]), "OMP_NUM_THREADS": "1"}
        command = [python, runner, question, reply]
        subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True)
        found = json.loads(reply.read_text(encoding="utf-8"))
    answers = []
    for (coded, _), scores in zip(splits, map(np.array, found), strict=True):
        cut = cut_for_mean(scores, float(task.gold[coded].sum(axis=1).mean()))
        answers.append(Answer(assign_by_cut(scores, cut), scores))
    return answers
