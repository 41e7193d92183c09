"""Figures of agreement between two sets of themes, with bootstrap intervals over reports.

``gold`` and ``guess`` are bool, a row a report and a column a theme; ``scores`` are numbers of the
same shape. Reports are the unit that is drawn: the pairs of one report are not independent.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

N_BOOTSTRAP = 2000


class Interval(NamedTuple):
    """A figure with its 95 % bootstrap interval over reports."""

    value: float
    low: float
    high: float


def micro_f1(gold: np.ndarray, guess: np.ndarray) -> float:
    """Return F1 over all pairs of report and theme; 1 when neither side has any.

    Parameters
    ----------
    gold, guess : ndarray of bool, shape (n_reports, n_themes)

    Examples
    --------
    >>> micro_f1(np.array([[True, False]]), np.array([[True, True]]))
    0.6666666666666666
    """
    return _f1(int((gold & guess).sum()), int(gold.sum()), int(guess.sum()))


def macro_f1(gold: np.ndarray, guess: np.ndarray) -> float:
    """Return the mean F1 of the themes that either side has; 1 when there is none."""
    used = (gold | guess).any(axis=0)
    if not used.any():
        return 1.0
    hits, n_gold, n_guess = _counts(gold[:, used], guess[:, used])
    return float((2 * hits / (n_gold + n_guess)).mean())


def precision_at_1(gold: np.ndarray, scores: np.ndarray) -> float:
    """Return the share of reports whose strongest theme is right, of those that have a theme.

    Parameters
    ----------
    gold : ndarray of bool, shape (n_reports, n_themes)
    scores : ndarray, shape (n_reports, n_themes)
        Of themes with the same score the first one counts as the strongest.
    """
    themed = gold.any(axis=1)
    best = scores.argmax(axis=1)
    return float(gold[themed, best[themed]].mean()) if themed.any() else float("nan")


def ranking_precision(gold: np.ndarray, scores: np.ndarray) -> float:
    """Return label ranking average precision (LRAP), of the reports that have a theme.

    A report without a theme would count as perfectly ranked, so it is left out.

    References
    ----------
    Schapire and Singer, Machine Learning 39 (2000), 10.1023/A:1007649029923.
    """
    from sklearn.metrics import label_ranking_average_precision_score

    themed = gold.any(axis=1)
    if not themed.any():
        return float("nan")
    return float(label_ranking_average_precision_score(gold[themed], scores[themed]))


def mean_jaccard(a: np.ndarray, b: np.ndarray) -> float:
    """Return the mean Jaccard index of two reports' theme sets; two empty sets agree."""
    union = (a | b).sum(axis=1)
    shared = (a & b).sum(axis=1)
    return float(np.where(union > 0, shared / np.maximum(union, 1), 1.0).mean())


def bootstrap(
    measure: Callable[..., float],
    *matrices: np.ndarray,
    seed: int,
    n_bootstrap: int = N_BOOTSTRAP,
) -> Interval:
    """Return a measure with its 95 % percentile interval, reports drawn with replacement.

    Parameters
    ----------
    measure : callable
        Takes the matrices, whose rows are drawn together.
    *matrices : ndarray, each with n_reports rows
    seed : int
    n_bootstrap : int, default=2000

    References
    ----------
    Efron, Annals of Statistics 7 (1979), 10.1214/aos/1176344552.
    """
    rng = np.random.default_rng(seed)
    n_reports = len(matrices[0])
    value = measure(*matrices)
    if n_reports == 0:
        return Interval(value, float("nan"), float("nan"))
    draws = rng.integers(0, n_reports, size=(n_bootstrap, n_reports))
    figures = [measure(*(matrix[draw] for matrix in matrices)) for draw in draws]
    low, high = np.nanquantile(figures, (0.025, 0.975))
    return Interval(value, float(low), float(high))


def difference(gold: np.ndarray, first: np.ndarray, second: np.ndarray, *, seed: int) -> Interval:
    """Return how much the micro F1 of ``first`` exceeds that of ``second``, on the same reports."""
    return bootstrap(
        lambda g, a, b: micro_f1(g, a) - micro_f1(g, b), gold, first, second, seed=seed
    )


def theme_table(
    gold: np.ndarray,
    guess: np.ndarray,
    theme_ids: Sequence[str],
    *,
    seed: int,
    n_bootstrap: int = N_BOOTSTRAP,
) -> pd.DataFrame:
    """Return precision, recall and F1 of each theme, with bootstrap intervals.

    Parameters
    ----------
    gold, guess : ndarray of bool, shape (n_reports, n_themes)
    theme_ids : sequence of str
    seed : int
    n_bootstrap : int, default=2000

    Returns
    -------
    DataFrame
        ``theme_id``, ``n_gold``, ``n_guess``, then ``precision``, ``recall`` and ``f1`` each with
        ``_low`` and ``_high`` (95 %). A figure with nothing to divide by is NaN; draws without it
        are left out of its interval.
    """
    rng = np.random.default_rng(seed)
    n_reports = len(gold)
    draws = rng.multinomial(n_reports, np.full(n_reports, 1 / max(n_reports, 1)), size=n_bootstrap)
    hits, n_gold, n_guess = (draws @ pairs.astype(int) for pairs in (gold & guess, gold, guess))
    drawn = _ratios(hits, n_gold, n_guess)
    seen = _ratios(*_counts(gold, guess))
    table = pd.DataFrame(
        {
            "theme_id": list(theme_ids),
            "n_gold": gold.sum(axis=0),
            "n_guess": guess.sum(axis=0),
        }
    )
    for figure, values in seen.items():
        table[figure] = values
        table[f"{figure}_low"], table[f"{figure}_high"] = _limits(drawn[figure])
    return table


def _f1(hits: int, n_gold: int, n_guess: int) -> float:
    """Return F1 of counts."""
    return 2 * hits / (n_gold + n_guess) if n_gold + n_guess else 1.0


def _counts(gold: np.ndarray, guess: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return hits, golds and guesses of each theme."""
    return (gold & guess).sum(axis=0), gold.sum(axis=0), guess.sum(axis=0)


def _ratios(hits: np.ndarray, n_gold: np.ndarray, n_guess: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return precision, recall and F1; NaN where there is nothing to divide by."""
    return {
        "precision": _divide(hits, n_guess),
        "recall": _divide(hits, n_gold),
        "f1": _divide(2 * hits, n_gold + n_guess),
    }


def _divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a / b, NaN where b is 0."""
    return np.asarray(np.divide(a, b, out=np.full(np.shape(a), np.nan), where=b > 0))


def _limits(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % percentile limits of each column; NaN for a column without a figure."""
    low, high = np.full((2, drawn.shape[1]), np.nan)
    for j in range(drawn.shape[1]):
        figures = drawn[~np.isnan(drawn[:, j]), j]
        if len(figures):
            low[j], high[j] = np.quantile(figures, (0.025, 0.975))
    return low, high
