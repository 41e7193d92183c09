"""Score reports against the taxonomy's texts, before a single report is coded.

The likeness of vectors and the likeness of words, each in units of its spread over the pool, are
added. The reports that score highest then serve as pseudo-labels for a classifier, which learns
the words that the reports use and the taxonomy does not; with it, they are chosen once more.
"""

from dataclasses import dataclass, field

import numpy as np

from pipeline.assign.decision import assign_by_cut, cut_for_mean
from pipeline.assign.features import Documents, Features, Matrix
from pipeline.assign.linear import Linear, ThemeClassifier
from pipeline.assign.sentences import joint_score
from pipeline.vectors import unit

DESCRIPTION_WEIGHT = 10.0  # a theme's description counts as ten example sentences
SURE_SHARES = (0.75, 1.0)  # of the themes that reports have, pseudo-labels in each round


@dataclass(frozen=True)
class ThemeTexts:
    """What the taxonomy says about its themes, lemmatised and encoded.

    Attributes
    ----------
    theme_ids : tuple of str
    descriptions : Documents
        One a theme: label, definition, inclusion note and alternative terms.
    examples : Documents
        Example sentences of all themes.
    example_themes : tuple of int
        Place in ``theme_ids`` of each example's theme.
    """

    theme_ids: tuple[str, ...]
    descriptions: Documents
    examples: Documents
    example_themes: tuple[int, ...]

    @property
    def example_labels(self) -> np.ndarray:
        """Themes of the examples, bool, shape (n_examples, n_themes)."""
        labels = np.zeros((len(self.example_themes), len(self.theme_ids)), dtype=bool)
        labels[np.arange(len(self.example_themes)), list(self.example_themes)] = True
        return labels

    def rows(self, features: Features) -> tuple[Matrix, np.ndarray]:
        """Return feature rows of descriptions and examples, and their themes.

        Returns
        -------
        rows : csr_array, shape (n_themes + n_examples, n_features)
        labels : ndarray of bool, shape (n_themes + n_examples, n_themes)
        """
        from scipy.sparse import csr_array, vstack

        own_centre = self.descriptions.vectors.astype(float).mean(axis=0)
        described = features.transform(self.descriptions, centre=own_centre)
        labels = np.eye(len(self.theme_ids), dtype=bool)
        if not len(self.examples):
            return described, labels
        rows = csr_array(vstack([described, features.transform(self.examples)], format="csr"))
        return rows, np.vstack([labels, self.example_labels])


@dataclass(frozen=True)
class ZeroShot:
    """Scores made without a coded report, each in units of its spread over the pool.

    Attributes
    ----------
    vector, words, pseudo : Linear
        Likeness of vectors, likeness of words, classifier trained on pseudo-labels.
    """

    vector: Linear
    words: Linear
    pseudo: Linear

    @property
    def parts(self) -> tuple[Linear, Linear, Linear]:
        """The three scores."""
        return self.vector, self.words, self.pseudo

    def blend(self, pool_rows: Matrix) -> Linear:
        """Return the sum of the three, at unit spread over the pool."""
        return _standardised(self.vector + self.words + self.pseudo, pool_rows)


@dataclass(frozen=True)
class TaxonomyAlone:
    """What the taxonomy alone makes of a pool, learnt once for each mean number of themes.

    Asking the ticks and learning from them both begin here, mostly with the same mean: that of the
    settings and the codings, unless whole forms of ticks say how many themes a report has.

    Attributes
    ----------
    pool_rows : csr_array, shape (n_reports, n_features)
    theme_rows : csr_array, shape (n_texts, n_features)
    theme_labels : ndarray of bool, shape (n_texts, n_themes)
        As :func:`fit_zero_shot` takes them.
    n_terms : int
        Number of word columns among the features.
    seed : int
    """

    pool_rows: Matrix
    theme_rows: Matrix
    theme_labels: np.ndarray
    n_terms: int
    seed: int
    _learnt: dict[float, ZeroShot] = field(default_factory=dict, init=False, repr=False)

    def zero_shot(self, mean_themes: float) -> ZeroShot:
        """Return the scores for a mean number of themes a report."""
        if mean_themes not in self._learnt:
            self._learnt[mean_themes] = fit_zero_shot(
                self.pool_rows,
                self.theme_rows,
                self.theme_labels,
                self.n_terms,
                mean_themes=mean_themes,
                seed=self.seed,
            )
        return self._learnt[mean_themes]


def fit_zero_shot(
    pool_rows: Matrix,
    theme_rows: Matrix,
    theme_labels: np.ndarray,
    n_terms: int,
    *,
    mean_themes: float,
    seed: int,
) -> ZeroShot:
    """Learn the zero-shot scores from the taxonomy and the uncoded pool.

    Parameters
    ----------
    pool_rows : csr_array, shape (n_reports, n_features)
    theme_rows : csr_array, shape (n_texts, n_features)
        Descriptions first, one a theme, then examples.
    theme_labels : ndarray of bool, shape (n_texts, n_themes)
    n_terms : int
        Number of word columns among the features.
    mean_themes : float
        Themes a report has on average.
    seed : int

    Returns
    -------
    ZeroShot

    Notes
    -----
    Pseudo-labels follow Lee, Pseudo-label, ICML workshop on challenges in representation learning
    (2013).
    """
    from scipy.sparse import csr_array, vstack

    n_themes = theme_labels.shape[1]
    shares = np.where(np.arange(len(theme_labels)) < n_themes, DESCRIPTION_WEIGHT, 1.0)
    prototypes = theme_labels.T * shares @ theme_rows
    words, vector = prototypes.copy(), prototypes.copy()
    words[:, n_terms:] = 0.0
    vector[:, :n_terms] = 0.0
    by_vector = _standardised(_likeness(vector), pool_rows)
    by_words = _standardised(_likeness(words), pool_rows)
    rows = csr_array(vstack([pool_rows, theme_rows], format="csr"))
    best = by_vector + by_words
    for share in SURE_SHARES:
        guesses = guess(best, pool_rows, share * mean_themes)
        learnt = ThemeClassifier(c=1.0, seed=seed).fit(rows, np.vstack([guesses, theme_labels]))
        pseudo = _standardised(learnt, pool_rows)
        best = by_vector + by_words + pseudo
    return ZeroShot(by_vector, by_words, pseudo)


def guess(score: Linear, pool_rows: Matrix, mean_themes: float) -> np.ndarray:
    """Return the themes that score highest, so many a text on average, and one at least."""
    whole = score(pool_rows)
    scores = joint_score(whole, whole)
    return assign_by_cut(scores, cut_for_mean(scores, mean_themes))


def _likeness(prototypes: np.ndarray) -> Linear:
    """Return the cosine with each theme's prototype, for rows at unit length."""
    return Linear(unit(prototypes.astype(float)).T.copy(), np.zeros(len(prototypes)))


def _standardised(score: Linear, pool_rows: Matrix) -> Linear:
    """Bring a score to unit spread over all pairs of the pool."""
    return score.scaled(1.0 / max(float(score(pool_rows).std()), 1e-9))
