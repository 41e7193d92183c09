"""Let what was learnt from coded reports label the uncoded ones, and learn from those too.

A stack fitted on a few dozen coded reports knows few of the words that reports use. The themes it
finds in the uncoded ones teach one more classifier, which knows them, and both are added.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Matrix
from pipeline.assign.linear import Linear, ThemeClassifier
from pipeline.assign.sentences import N_FOLDS, ReportRows
from pipeline.assign.zero_shot import guess

SELF_WEIGHT = 0.5  # of the classifier beside the stack, each at unit spread, when few are coded
MIN_UNCODED = 50  # uncoded reports below which nothing is learnt from them
MAX_UNCODED = 600  # of more, evenly spaced ones are taken


@dataclass(frozen=True)
class SelfTraining:
    """What one more round of learning needs.

    Attributes
    ----------
    uncoded_rows : csr_array, shape (n_uncoded, n_features)
    theme_rows : csr_array, shape (n_texts, n_features)
        The taxonomy's texts.
    theme_labels : ndarray of bool, shape (n_texts, n_themes)
    mean_themes : float
        Themes a report has on average.
    seed : int
    """

    uncoded_rows: Matrix
    theme_rows: Matrix
    theme_labels: np.ndarray
    mean_themes: float
    seed: int

    def improve(
        self, text: Linear, unseen: tuple[Linear, ...], rows: ReportRows, truth: np.ndarray
    ) -> tuple[Linear, tuple[Linear, ...]]:
        """Add to each score what it teaches a classifier through the uncoded reports.

        Parameters
        ----------
        text : Linear
            Learnt from all labelled reports.
        unseen : tuple of Linear
            The same, each learnt without one fold.
        rows : ReportRows
            Of the labelled reports.
        truth : ndarray of bool, shape (n_labelled, n_themes)

        Returns
        -------
        text : Linear
        unseen : tuple of Linear
            Still without a trace of their fold: each labels the uncoded reports for itself.

        Notes
        -----
        Self-training as in Scudder, IEEE Transactions on Information Theory 11 (1965),
        10.1109/TIT.1965.1053799, one round. Its weight falls with the share of reports coded.
        """
        n_uncoded = self.uncoded_rows.shape[0]
        taken = np.linspace(0, n_uncoded - 1, min(n_uncoded, MAX_UNCODED)).round().astype(int)
        uncoded = self.uncoded_rows[taken]
        if n_uncoded < MIN_UNCODED:
            return text, unseen
        weight = SELF_WEIGHT * n_uncoded / (n_uncoded + len(truth))

        def improved(score: Linear, own: np.ndarray) -> Linear:
            learnt = self._learn(score, uncoded, rows.whole[own], truth[own])
            return score + learnt.scaled(
                weight * _spread(score, uncoded) / _spread(learnt, uncoded)
            )

        rest = [np.flatnonzero(rows.folds != fold) for fold in range(N_FOLDS)]
        pairs = zip(unseen, rest, strict=True)
        return improved(text, np.arange(len(truth))), tuple(improved(*pair) for pair in pairs)

    def _learn(self, score: Linear, uncoded: Matrix, rows: Matrix, truth: np.ndarray) -> Linear:
        """Train the classifiers on uncoded reports as the score has it, and on labelled ones."""
        from scipy.sparse import csr_array, vstack

        guesses = guess(score, uncoded, self.mean_themes)
        together = csr_array(vstack([uncoded, rows, self.theme_rows], format="csr"))
        labels = np.vstack([guesses, truth, self.theme_labels])
        return ThemeClassifier(c=1.0, seed=self.seed).fit(together, labels)


def _spread(score: Linear, rows: Matrix) -> float:
    """Return the standard deviation of a score over all pairs."""
    return max(float(score(rows).std()), 1e-9)
