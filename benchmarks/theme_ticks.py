"""Measure what text can correct in ticks, on librarians' questions with simulated ticks.

    python benchmarks/theme_ticks.py --data DIR [--study DIR] [--samples 3]

240 of the texts that ``themes.py`` judges on become forms: their themes are ticked with mistakes,
missing and stray ones about 11 to 9, so that ticks agree with the themes at micro F1 .914, as those
of the demo corpus do. Four shapes of mistakes: at random; stray ticks on themes with like labels;
themes that the text hardly shows missing, and common ones stray; and themes ticked well or badly.
Weights and shrinkage of ``flips`` and ``ticks`` were chosen on other texts of the same collection.
Each sample is scored with nothing coded and, in five folds, with 192 forms coded. Right and wrong
are pairs that the mapper changed; intervals are over forms, per sample.
"""

import argparse
from pathlib import Path

import numpy as np
from theme_tasks import (
    SEED,
    Task,
    demo_supply,
    folds,
    judged_and_pool,
    kirjastonhoitaja,
    settings_argument,
    study_argument,
)

from pipeline.assign.coded import UNCODED
from pipeline.assign.mapper import ThemeMapper
from pipeline.assign.report_texts import report_texts
from pipeline.assign.sentences import ReportTexts
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.zero_shot import ThemeTexts
from pipeline.figures.measures import difference, micro_f1
from pipeline.texts import Texts
from pipeline.vectors import unit

N_FORMS = 240
AGREEMENT = 0.914  # micro F1 of the demo corpus's ticks with its careful coder
STRAY = 0.8  # stray ticks for one missing
SHAPES = ("at random", "like labels", "hardly in the text", "badly ticked themes")


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with kirjastonhoitaja/")
    study_argument(parser)
    settings_argument(parser)
    parser.add_argument("--samples", type=int, default=3, help="samples of forms a shape")
    options = parser.parse_args()
    with demo_supply(options.study, options.overrides) as supply:
        task = kirjastonhoitaja(options.data / "kirjastonhoitaja", None, supply)
        show_gains(task, options.samples)


def show_gains(task: Task, n_samples: int) -> None:
    """Print the gain of text and ticks over ticks, shape by shape."""
    judged, _ = judged_and_pool(len(task.report_ids))
    texts, report_ids = report_texts(Texts(*task.cut_to(judged)))
    gold = task.gold[[task.report_ids.index(report_id) for report_id in report_ids]]
    theme_texts = make_theme_texts(task.taxonomy, encoder=task.encoder, lemmatiser=task.lemmatiser)
    print("| mistakes | coded | ticks alone | gain | right | wrong | interval above 0 |")
    print("|---|---|---|---|---|---|---|")
    for shape in SHAPES:
        rows: dict[int, list[tuple[float, ...]]] = {0: [], N_FORMS * 4 // 5: []}
        for sample in range(n_samples):
            rng = np.random.default_rng([SEED, sample])
            places = rng.permutation(len(texts))[:N_FORMS]
            forms, truth = texts.take(places), gold[places]
            ticks = with_mistakes(forms, truth, theme_texts, shape, rng)
            for n_coded, figures in rows.items():
                found = corrected(theme_texts, forms, truth, ticks, in_folds=n_coded > 0)
                changed = found != ticks
                gap = difference(truth, found, ticks, seed=SEED)
                n_right = (changed & (found == truth)).sum()
                n_wrong = (changed & (found != truth)).sum()
                alone = micro_f1(truth, ticks)
                figures.append((alone, gap.value, n_right, n_wrong, gap.low > 0))
        for n_coded, figures in rows.items():
            alone, gain, n_right, n_wrong, _ = np.mean(figures, axis=0)
            n_sure = sum(bool(row[4]) for row in figures)
            print(
                f"| {shape} | {n_coded} | {alone:.3f} | {gain:+.4f} | {n_right:.1f} "
                f"| {n_wrong:.1f} | {n_sure} of {n_samples} |",
                flush=True,
            )


def corrected(
    theme_texts: ThemeTexts,
    forms: ReportTexts,
    truth: np.ndarray,
    ticks: np.ndarray,
    *,
    in_folds: bool,
) -> np.ndarray:
    """Return what the mapper makes of the forms: nothing coded, or all but one fold coded."""
    found = np.zeros(truth.shape, bool)
    for judged in folds(len(forms)) if in_folds else [np.arange(len(forms))]:
        labels = np.full(truth.shape, UNCODED, dtype=np.int8)
        if in_folds:
            coded = np.setdiff1d(np.arange(len(forms)), judged)
            labels[coded] = truth[coded]
        mapper = ThemeMapper(theme_texts, seed=SEED)
        mapper.fit(forms, ticks.astype(np.int8), labels)
        found[judged] = mapper.decide(forms.take(judged), ticks[judged].astype(np.int8))
    return found


def with_mistakes(
    forms: ReportTexts,
    truth: np.ndarray,
    theme_texts: ThemeTexts,
    shape: str,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return ticks: the themes with mistakes; a form keeps at least one tick."""
    n_forms, n_themes = truth.shape
    share = truth.mean(axis=0)
    missing, stray = np.ones(truth.shape), np.tile(share, (n_forms, 1))
    middles = unit(theme_texts.descriptions.vectors - theme_texts.descriptions.vectors.mean(axis=0))
    if shape == "like labels":
        likeness = np.exp(6 * middles @ middles.T)
        np.fill_diagonal(likeness, 0.0)
        stray = truth @ (likeness / likeness.sum(axis=1, keepdims=True)) + 1e-3
    elif shape == "hardly in the text":
        shown = unit(forms.whole.vectors - forms.whole.vectors.mean(axis=0)) @ middles.T
        missing = np.exp(-(shown - shown.mean()) / shown.std())
        stray = np.tile(share**1.5, (n_forms, 1))
    elif shape == "badly ticked themes":
        missing = np.tile(rng.gamma(1.0, 1.0, n_themes), (n_forms, 1))
        stray = np.tile(share * rng.gamma(1.0, 1.0, n_themes), (n_forms, 1))
    missing, stray = np.where(truth, missing, 0.0), np.where(truth, 0.0, stray)
    n_missing = truth.sum() * (2 - 2 * AGREEMENT) / (2 - AGREEMENT + STRAY * AGREEMENT)
    ticks = truth & (rng.random(truth.shape) >= missing / missing.sum() * n_missing)
    ticks |= rng.random(truth.shape) < stray / stray.sum() * n_missing * STRAY
    bare = ~ticks.any(axis=1)
    ticks[bare] = truth[bare]
    return ticks


if __name__ == "__main__":
    main()
