"""Find the words that tell a group of reports from the others, and write them naturally."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.content_words import Words

UNNAMED = "ei erottuvia sanoja"
"""Label of a group no word tells from the rest."""

_MIN_REPORTS = 2
_MAX_SHARE = 0.5
"""A word in more of the corpus than this names nothing."""

_FROZEN_SHARE = 0.8
_MIN_FROZEN_USES = 5
_FROZEN_ENDINGS = ("na", "nä")
"""Of the old cases that live on in single words; the others are how a sentence bends a noun."""


def log_likelihood(
    inside: NDArray[np.float64], total: NDArray[np.float64], n_inside: int, n_total: int
) -> NDArray[np.float64]:
    """Return how surely words are more common in a group than outside it (G2).

    Parameters
    ----------
    inside, total : ndarray of shape (n_words,)
        Reports of the group, and of the corpus, that have each word.
    n_inside, n_total : int
        Reports of the group and of the corpus.

    Returns
    -------
    ndarray of shape (n_words,)
        Log-likelihood ratio of the two-by-two table of reports; 0 for words no more common inside.

    References
    ----------
    Dunning (1993), Accurate methods for the statistics of surprise and coincidence, Computational
    Linguistics 19(1), https://aclanthology.org/J93-1003/.

    Examples
    --------
    >>> log_likelihood(np.array([4.0, 1.0]), np.array([4.0, 4.0]), 4, 16).round(1).tolist()
    [18.0, 0.0]
    """
    n_outside = n_total - n_inside
    outside = total - inside
    g2 = np.zeros(len(total))
    cells = (
        (inside, n_inside, total),
        (outside, n_outside, total),
        (n_inside - inside, n_inside, n_total - total),
        (n_outside - outside, n_outside, n_total - total),
    )
    for seen, n_rows, n_columns in cells:
        expected = n_columns * n_rows / n_total
        ratio = np.divide(seen, expected, out=np.ones_like(g2), where=(seen > 0) & (expected > 0))
        g2 += 2 * seen * np.log(ratio)
    is_more = inside * n_total > total * n_inside
    return np.where(is_more, np.maximum(g2, 0), 0)


def strongest(
    uses: sparse.csr_matrix,
    members: Sequence[int],
    n_terms: int,
    total: NDArray[np.int64] | None = None,
) -> list[tuple[int, float]]:
    """Return the words that tell a group from the other reports, with their log-likelihood.

    Parameters
    ----------
    uses : csr_matrix of shape (n_reports, n_words)
        How often each report has each word.
    members : sequence of int
    n_terms : int
    total : ndarray of shape (n_words,), optional
        Reports that have each word, where they are counted already.

    Returns
    -------
    list of (int, float)
        Words in at least two reports of the group and at most half of the corpus, strongest
        first; of equals, the one the group uses more.
    """
    n_total, n_words = uses.shape
    if total is None:
        total = np.bincount(uses.indices, minlength=n_words)
    own = uses[list(members)]
    n_inside = np.bincount(own.indices, minlength=n_words)
    is_common = total > max(_MIN_REPORTS, _MAX_SHARE * n_total)
    telling = np.flatnonzero((n_inside >= _MIN_REPORTS) & ~is_common)
    inside = n_inside[telling].astype(float)
    strength = log_likelihood(inside, total[telling].astype(float), len(members), n_total)
    n_uses = np.bincount(own.indices, weights=own.data, minlength=n_words)[telling]
    order = np.lexsort((telling, -n_uses, -strength.round(6)))[:n_terms]
    return [(int(telling[i]), float(strength[i])) for i in order if strength[i] > 0]


def natural_form(words: Words, lemma: int, members: Sequence[int]) -> str:
    """Return a lemma as a person would write it in a list of the group's words.

    The nominative: plural where the group writes it more often so than in the singular ("jonot"),
    else the dictionary form. A word that nearly always stands in one old case is shown in that
    ("kotona"), and a guessed lemma that never stands as such is shown in its most frequent form.
    """
    text = words.lemmas[lemma]
    if words.pos[lemma] == "VERB":
        return text
    here: Counter[str] = Counter()
    for _, form, n in words.forms_in(lemma, members):
        here[form] += n
    everywhere, usual, n_uses = words.usage(lemma)
    is_usual = n_uses >= _MIN_FROZEN_USES and everywhere[usual] >= _FROZEN_SHARE * n_uses
    if is_usual and usual.endswith(_FROZEN_ENDINGS):
        return usual
    plurals = {form: n for form, n in here.items() if form.endswith("t") and form != text}
    plural = max(sorted(plurals), key=lambda form: plurals[form], default="")
    if plural and plurals[plural] > here[text]:
        return plural
    if words.is_guess[lemma] and text not in everywhere:
        return usual
    return text
