"""How far scores can be trusted: in words below 30 coded reports, by a curve from 30 on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.assign.distance_to_cut import MEDIUM, MEDIUM_FROM, STRONG, STRONG_FROM, WEAK
from pipeline.figures.calibration import calibration_error, reliability_table
from pipeline.figures.intervals import wilson_share
from pipeline.frames import each_row
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, amount_of
from pipeline.report.material import Material


@dataclass(frozen=True)
class Step:
    """Pairs of one range of scores.

    Attributes
    ----------
    scores, n, mean, share, interval : str
        As texts.
    mean_score, coded_share, low, high : float
        The same as numbers of 0-1.
    """

    scores: str
    n: str
    mean: str
    share: str
    interval: str
    mean_score: float
    coded_share: float
    low: float
    high: float


@dataclass(frozen=True)
class Reliability:
    """What stands behind the scores of the page.

    Attributes
    ----------
    strengths : tuple of (word, link)
        This period's suggestions by strength; empty where scores are calibrated.
    medium, strong : str
        How many times the odds at the cut the stronger words ask for.
    steps : tuple of Step
        The reliability curve; empty where scores are not calibrated.
    n_coded, error : str
        Coded reports, and the mean distance of score and share over their pairs.
    """

    strengths: tuple[tuple[str, Count], ...]
    medium: str
    strong: str
    steps: tuple[Step, ...]
    n_coded: str
    error: str


def reliability(material: Material, words: Catalogue) -> Reliability:
    """Say what the scores are worth.

    The expected calibration error is that of Guo, Pleiss, Sun and Weinberger, On calibration of
    modern neural networks, ICML (2017), over ten ranges of equal width.
    """
    coded = material.tables.coded_scores
    steps = tuple(_steps(coded, words))
    return Reliability(
        strengths=() if steps else _strengths(material, words),
        medium=words.decimal(float(np.exp(MEDIUM_FROM)), 1),
        strong=words.decimal(float(np.exp(STRONG_FROM)), 1),
        steps=steps,
        n_coded=words.whole(coded["report_id"].nunique()),
        error=_error(coded, words),
    )


def _error(coded: pd.DataFrame, words: Catalogue) -> str:
    """Return the expected calibration error as text; nothing without coded pairs."""
    if coded.empty:
        return ""
    error = calibration_error(coded["coded"].to_numpy(), coded["score"].to_numpy())
    return words.decimal(error, 3)


def _steps(coded: pd.DataFrame, words: Catalogue) -> list[Step]:
    """Lay out the curve: mean score across, share that people coded up."""
    steps = []
    table = reliability_table(coded["coded"].to_numpy(), coded["score"].to_numpy())
    for step in each_row(table):
        share, low, high = wilson_share(int(step.n_right), int(step.n_pairs))
        steps.append(
            Step(
                scores=f"{words.decimal(step.low, 1)}–{words.decimal(step.high, 1)}",
                n=words.whole(int(step.n_pairs)),
                mean=words.decimal(step.mean_score, 2),
                share=words.decimal(share, 2),
                interval=f"{words.decimal(low, 2)}–{words.decimal(high, 2)}",
                mean_score=float(step.mean_score),
                coded_share=share,
                low=low,
                high=high,
            )
        )
    return steps


def _strengths(material: Material, words: Catalogue) -> tuple[tuple[str, Count], ...]:
    """Count the reports that have a suggestion of each strength."""
    pairs = material.tables.report_themes
    pairs = pairs[pairs["report_id"].isin(material.now_ids)]
    return tuple(
        (
            words(f"reliability.{word}"),
            amount_of(
                pairs.loc[pairs["strength"] == word, "report_id"],
                words("reliability.of_strength", word=words(f"reliability.{word}")),
            ),
        )
        for word in (STRONG, MEDIUM, WEAK)
    )
