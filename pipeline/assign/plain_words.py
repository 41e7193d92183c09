"""Keep to a model that leaves the study only words that name nobody and that several wrote.

A word that one report has may be a surname the pseudonymise stage has missed; a saved model is
handed on, so its vocabulary is cut before it is written.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.assign.features import Features
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.linear import Linear

MIN_REPORTS = 3
MIN_WRITERS = 2


def shared_words(
    terms: Sequence[Sequence[str]],
    report_ids: Sequence[str],
    reports: pd.DataFrame,
    names_nobody: Callable[[str], bool],
) -> frozenset[str]:
    """Return the words of at least three reports by two writers that are no person's name.

    Parameters
    ----------
    terms : sequence of sequences of str
        Lemmas and compound parts of each report.
    report_ids : sequence of str
        Beside `terms`.
    reports : DataFrame with columns ``report_id`` and ``reporter_id``
        A report whose writer is not known counts as one of its own.
    names_nobody : callable
        Tells whether a word is an everyday word; an unknown one is none.

    Returns
    -------
    frozenset of str
    """
    who = dict(zip(reports["report_id"], reports["reporter_id"], strict=True))
    writers: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for report_id, own in zip(report_ids, terms, strict=True):
        for term in set(own):
            counts[term] = counts.get(term, 0) + 1
            writers.setdefault(term, set()).add(who.get(report_id) or f"report {report_id}")
    return frozenset(
        term
        for term, n in counts.items()
        if n >= MIN_REPORTS and len(writers[term]) >= MIN_WRITERS and names_nobody(term)
    )


def limited_to(fitted: FittedThemes, words: Iterable[str]) -> FittedThemes:
    """Return the mapper with no other words in its vocabulary; their columns are gone.

    Parameters
    ----------
    fitted : FittedThemes
    words : iterable of str

    Returns
    -------
    FittedThemes
    """
    features, wanted = fitted.features, frozenset(words)
    by_column = sorted(features.vocabulary, key=features.vocabulary.__getitem__)
    kept = [term for term in by_column if term in wanted]
    places = np.array([features.vocabulary[term] for term in kept], dtype=int)
    n_rest = len(fitted.text.weights) - features.n_terms
    rows = np.concatenate([places, np.arange(n_rest) + features.n_terms])

    def cut(linear: Linear) -> Linear:
        return Linear(linear.weights[rows], linear.constant)

    return replace(
        fitted,
        features=Features(
            vocabulary={term: i for i, term in enumerate(kept)},
            idf=features.idf[places],
            centre=features.centre,
        ),
        text=cut(fitted.text),
        unseen=tuple(cut(one) for one in fitted.unseen),
    )
