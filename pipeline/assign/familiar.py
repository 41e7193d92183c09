"""Tell reports that are about nothing the taxonomy knows, so that no theme is forced on them.

A report is familiar when its words stand in other reports or in the taxonomy, and when its vector
points where the reports of the study do. Both are measured in robust units of the study's own
reports, so that a few stray reports do not move the measure.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Documents, Features
from pipeline.vectors import unit

MIN_REPORTS = 50  # reports needed before one of them can be called unlike the rest
NORMAL = 1.4826  # makes the median absolute deviation a standard deviation of normal data


@dataclass(frozen=True)
class Familiarity:
    """How familiar reports are, in robust standard deviations from the typical report.

    Attributes
    ----------
    middle, spread : ndarray, shape (2,)
        Median and scaled median absolute deviation of share of known words and of likeness to
        the middle of the reports' vectors.
    cut : float
        Sum of the two below which a report is off topic, in robust standard deviations.
    """

    middle: np.ndarray
    spread: np.ndarray
    cut: float

    def is_off_topic(self, documents: Documents, features: Features) -> np.ndarray:
        """Return which reports are unlike the rest, bool, shape (n_reports,)."""
        signs = (_signs(documents, features) - self.middle) / self.spread
        return np.asarray(signs.sum(axis=1) < self.cut)


def fit_familiarity(pool: Documents, features: Features, cut: float) -> Familiarity | None:
    """Learn what is typical of the reports of a study.

    Parameters
    ----------
    pool : Documents
    features : Features
        Fitted on the same pool, with words that stand in two texts at least.
    cut : float
        Robust standard deviations, below 0.

    Returns
    -------
    Familiarity or None
        None for a pool too small to tell the typical report.
    """
    if len(pool) < MIN_REPORTS:
        return None
    signs = _signs(pool, features)
    middle = np.median(signs, axis=0)
    spread = NORMAL * np.median(np.abs(signs - middle), axis=0)
    return Familiarity(middle, np.maximum(spread, 1e-3), cut)


def _signs(documents: Documents, features: Features) -> np.ndarray:
    """Return share of known words and likeness to the middle, shape (n_documents, 2)."""
    known = [
        sum(term in features.vocabulary for term in terms) / max(len(terms), 1)
        for terms in documents.terms
    ]
    towards = unit(features.centre[None])[0]
    # row by row: the same in any batch
    likeness = (unit(documents.vectors.astype(float)) * towards).sum(axis=1)
    return np.stack([np.array(known, float), likeness], axis=1)
