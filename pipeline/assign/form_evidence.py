"""What a form says of a report's themes besides a full set of ticks.

A single choice names the first theme, not the only one. A theme that was not offered is unknown.
What was typed under the other choice is the reporter's own word for a theme. The valence makes
themes that tell of something working likelier or less likely.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pipeline.assign.features import Documents, index_word, terms_of
from pipeline.assign.field_evidence import FieldAnswers, field_answers
from pipeline.assign.ticks import NOT_FIRST, UNKNOWN, TickReliability
from pipeline.embed.protocol import Encoder
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.valences import VALENCES

FIRST_SENSITIVITY = 0.7  # share of a report's offered themes that it names first, before coding
MAX_TYPED = 4.0  # log odds that typed words add at most: they are few
VALENCE_WEIGHT = 10.0  # ticked reports that a theme's prior leaning counts for
MAX_VALENCE = 2.0  # log odds that a valence adds or takes at most
_GOOD_WORDS = frozenset({"myönteinen", "onnistua", "onnistuminen", "toimiva", "positive", "works"})
_GOOD_LEANING = np.array([0.4, 0.9, 3.0])  # of a theme of good news, by valence, against any theme
_MIN_GOOD_WORDS = 2


@dataclass(frozen=True)
class FormAnswers:
    """What reports say on their forms besides ticks.

    Attributes
    ----------
    report_ids : tuple of str
    valences : ndarray of object, shape (n_reports,)
        As ticked, ``""`` where not.
    typed : Documents
        What was typed under the other theme.
    typed_rows : ndarray of int, shape (n_typed,)
        Place of each in ``report_ids``.
    fields : FieldAnswers or None
        What was ticked as client group, valence and source.
    """

    report_ids: tuple[str, ...]
    valences: np.ndarray
    typed: Documents
    typed_rows: np.ndarray
    fields: FieldAnswers | None = None

    def take(self, rows: Sequence[int] | np.ndarray) -> "FormAnswers":
        """Return the answers of some reports, in this order."""
        places = {int(row): i for i, row in enumerate(rows)}
        kept = [k for k, row in enumerate(self.typed_rows) if int(row) in places]
        return FormAnswers(
            tuple(self.report_ids[i] for i in rows),
            self.valences[np.asarray(rows, int)],
            self.typed.take(kept),
            np.array([places[int(self.typed_rows[k])] for k in kept], dtype=int),
            None if self.fields is None else self.fields.take(rows),
        )


def form_answers(
    reports: pd.DataFrame, report_ids: Sequence[str], encoder: Encoder, lemmatiser: Lemmatiser
) -> FormAnswers:
    """Read valences and typed themes, and bring what was typed into the form that reports have.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``; without the columns of the form it says nothing.
    report_ids : sequence of str
    encoder, lemmatiser
        Those that made the vectors and tokens of the reports.
    """
    by_id = reports.set_index("report_id")
    blank = pd.Series("", index=by_id.index)
    valences = by_id.get("valence", blank).reindex(list(report_ids)).to_numpy(dtype=object)
    words = by_id.get("themes_other", blank).reindex(list(report_ids)).tolist()
    rows = [i for i, text in enumerate(words) if text]
    texts = [words[i] for i in rows]
    terms = tuple(
        terms_of(index_word(token.lemma, token.parts, token.pos) for token in lemmatiser.tokens(t))
        for t in texts
    )
    vectors = encoder.encode(texts).astype(float) if texts else np.zeros((0, encoder.n_dims))
    return FormAnswers(
        tuple(report_ids),
        valences,
        Documents(terms, vectors),
        np.array(rows, dtype=int),
        field_answers(reports, report_ids),
    )


@dataclass(frozen=True)
class FormEvidence:
    """What was learnt of the forms; all of it adds to log odds.

    Attributes
    ----------
    several, first : TickReliability
        Of forms that offer a part of the themes, with several choices and with one.
    is_used : bool
        Whether ticks are used.
    leaning : ndarray, shape (3, n_themes)
        Log odds that each valence adds.
    n_ticked : ndarray of int, shape (n_themes,)
    quality : ndarray, shape (n_themes,)
        Share of the ticks that follow the text, 0-1.
    p_value : float
        Chance that ticks dealt out anew follow the texts as well.
    is_asked : bool
        Whether there were ticks enough to ask.
    typed_ids : tuple of str
        Reports with typed words; they are the study's own and go into no saved model.
    typed_odds : ndarray, shape (n_typed, n_themes)
    """

    several: TickReliability
    first: TickReliability
    is_used: bool
    leaning: np.ndarray
    n_ticked: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    quality: np.ndarray = field(default_factory=lambda: np.zeros(0))
    p_value: float = 1.0
    is_asked: bool = False
    typed_ids: tuple[str, ...] = ()
    typed_odds: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    def tick_odds(self, ticks: np.ndarray) -> np.ndarray:
        """Return what the ticks of partly offered and single choices add to the log odds."""
        if not self.is_used:
            return np.zeros(ticks.shape)
        single = (ticks == NOT_FIRST).any(axis=1, keepdims=True)
        plain = np.where(ticks == NOT_FIRST, 0, ticks)
        return np.where(single, self.first.log_odds(plain), self.several.log_odds(plain))

    def without_leaning(self) -> "FormEvidence":
        """Return the same without valences, which the fields of the form then speak of."""
        return replace(self, leaning=np.zeros_like(self.leaning))

    def beside(
        self, report_ids: Sequence[str], valences: Sequence[str], ticks: np.ndarray
    ) -> np.ndarray:
        """Return what typed words and the valence add, shape (n_reports, n_themes)."""
        added = np.zeros(ticks.shape)
        place = {valence: k for k, valence in enumerate(VALENCES)}
        for i, valence in enumerate(valences):
            if valence in place:
                added[i] += np.where(ticks[i] == 1, 0.0, self.leaning[place[valence]])
        typed = {report_id: k for k, report_id in enumerate(self.typed_ids)}
        for i, report_id in enumerate(report_ids):
            if report_id in typed:
                # Whoever types found none of the offered themes to fit.
                is_free = ticks[i] == UNKNOWN
                added[i] += np.where(is_free, self.typed_odds[typed[report_id]], 0.0)
        return added


def good_news(theme_terms: Sequence[Sequence[str]]) -> np.ndarray:
    """Return which themes tell of something that works, by the words of their descriptions."""
    return np.array(
        [sum(term in _GOOD_WORDS for term in terms) >= _MIN_GOOD_WORDS for terms in theme_terms]
    )


def fit_leaning(
    ticks: np.ndarray, valences: np.ndarray, theme_terms: Sequence[Sequence[str]]
) -> np.ndarray:
    """Learn which themes go with which valence, from ticks and from what the taxonomy says.

    Parameters
    ----------
    ticks : ndarray of int8, shape (n_reports, n_themes)
    valences : ndarray of object, shape (n_reports,)
    theme_terms : sequence of sequence of str
        Lemmas of each theme's description.

    Returns
    -------
    ndarray, shape (3, n_themes)
        Log of how much oftener a theme is ticked under a valence than among all, shrunk.
    """
    is_good = good_news(theme_terms)
    ticked = ticks == 1
    held = np.array([valences == valence for valence in VALENCES])
    n_valued = held.sum()
    share = (held.sum(axis=1) + 1.0) / (n_valued + 3.0)
    prior = np.where(is_good[None, :], _GOOD_LEANING[:, None], 1.0)
    prior /= (prior * share[:, None]).sum(axis=0, keepdims=True)
    n_both = held.astype(float) @ ticked
    n_theme = n_both.sum(axis=0, keepdims=True)
    expected = share[:, None] * (n_theme + VALENCE_WEIGHT)
    odds = np.log((n_both + VALENCE_WEIGHT * share[:, None] * prior) / expected)
    return np.asarray(np.clip(odds, -MAX_VALENCE, MAX_VALENCE))
