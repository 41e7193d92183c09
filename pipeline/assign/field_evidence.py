"""What the fields of a form say of a report's themes: client groups, valence, source and kinds.

No label is needed to learn it: the themes that texts, ticks and codings make likely tell which
fields go with which theme, and the fields then make some themes likelier. One field says a bounded
amount, so that a theme that always goes with a field does not take every report with that field.

The kinds of a report's sentences are read like a field. A theme of good news is a stance that a
report takes, more than a subject it has, and is told by them from the start. Other themes are told
by them as far as codings have shown it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.assign.coded import UNCODED
from pipeline.assign.linear import sigmoid
from pipeline.valences import VALENCES

KINDS = "kinds"
FIELDS = ("client_groups", "valence", "data_source", KINDS)
N_ROUNDS = 4
WEIGHT = 0.7  # of what fields say: those of one form say the same thing twice over
KINDS_ANCHOR = 60.0  # coded reports at which kinds say half of what they can of a subject
PRIOR_REPORTS = 20.0  # reports on which a field and a theme are taken for unrelated
MIN_HELD = 3  # reports that tick a value, and that do not, for it to be looked at
MAX_FIELD = 3.0  # log odds, before the weight, that one field adds or takes at most
_RARE, _SURE = 0.01, 0.99
_BEYOND = 60.0  # log odds within which the shift is looked for


@dataclass(frozen=True)
class FieldAnswers:
    """What reports ticked in the fields of their forms.

    Attributes
    ----------
    fields, values : tuple of str
        Column of table ``reports`` and value of each indicator.
    held : ndarray of float, shape (n_reports, n_indicators)
        1 ticked, 0 not ticked, NaN where the report answered nothing in that field.
    """

    fields: tuple[str, ...]
    values: tuple[str, ...]
    held: np.ndarray

    def take(self, rows: Sequence[int] | np.ndarray) -> "FieldAnswers":
        """Return the answers of some reports, in this order."""
        return FieldAnswers(self.fields, self.values, self.held[np.asarray(rows, dtype=int)])

    def of(self, known: Sequence[tuple[str, str]]) -> np.ndarray:
        """Return the columns of some indicators, shape (n_reports, n_known)."""
        place = {pair: k for k, pair in enumerate(zip(self.fields, self.values, strict=True))}
        return np.asarray(self.held[:, [place[pair] for pair in known]])

    def telling(self) -> "FieldAnswers":
        """Return the indicators that enough reports have, and enough do not."""
        n_held, n_not = (self.held == 1).sum(axis=0), (self.held == 0).sum(axis=0)
        kept = np.flatnonzero((n_held >= MIN_HELD) & (n_not >= MIN_HELD))
        return FieldAnswers(
            tuple(self.fields[k] for k in kept),
            tuple(self.values[k] for k in kept),
            self.held[:, kept],
        )


def field_answers(
    reports: pd.DataFrame,
    report_ids: Sequence[str],
    known: Sequence[tuple[str, str]] | None = None,
) -> FieldAnswers:
    """Read what reports ticked in the fields of their forms.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``; of :data:`FIELDS`, a column that is not there says nothing.
    report_ids : sequence of str
    known : sequence of (field, value), optional
        Indicators to read; all that occur, when not given.
    """
    by_id = reports.set_index("report_id")
    answered = {
        field: [_as_set(cell) for cell in by_id[field].reindex(list(report_ids))]
        for field in FIELDS
        if field in by_id
    }
    if known is None:
        known = [(f, v) for f, cells in answered.items() for v in sorted(set().union(*cells))]
    held = np.full((len(report_ids), len(known)), np.nan)
    for k, (field, value) in enumerate(known):
        cells = answered.get(field, [frozenset()] * len(report_ids))
        held[:, k] = [value in cell if cell else np.nan for cell in cells]
    return FieldAnswers(tuple(f for f, _ in known), tuple(v for _, v in known), held)


@dataclass(frozen=True)
class FieldEvidence:
    """What was learnt of the fields; all of it adds to log odds.

    Attributes
    ----------
    fields, values : tuple of str
        Of each indicator, as in :class:`FieldAnswers`.
    said, unsaid : ndarray, shape (n_indicators, n_themes)
        Log odds that an indicator adds where it is ticked, and where it is not.
    constant : float
        Added to every report with an answer, so that the number of themes stays as it was.
    """

    fields: tuple[str, ...]
    values: tuple[str, ...]
    said: np.ndarray
    unsaid: np.ndarray
    constant: float

    @property
    def known(self) -> list[tuple[str, str]]:
        """The indicators, as :func:`field_answers` takes them."""
        return list(zip(self.fields, self.values, strict=True))

    def parts(self, held: np.ndarray) -> dict[str, np.ndarray]:
        """Return what each field adds, shape (n_reports, n_themes), 0 where it was not answered.

        Parameters
        ----------
        held : ndarray of float, shape (n_reports, n_indicators)
            As in :class:`FieldAnswers`.
        """
        of_field = np.array(self.fields, dtype=object)
        added = {}
        for field in dict.fromkeys(self.fields):
            at = np.flatnonzero(of_field == field)
            own = held[:, at]
            odds = (own == 1) @ self.said[at] + (own == 0) @ self.unsaid[at]
            added[field] = WEIGHT * np.clip(odds, -MAX_FIELD, MAX_FIELD)
        return added

    def log_odds(self, held: np.ndarray) -> np.ndarray:
        """Return what all fields add, the constant included, shape (n_reports, n_themes)."""
        answered = ~np.isnan(held).all(axis=1, keepdims=True)
        total = sum(self.parts(held).values(), np.zeros((len(held), self.said.shape[1])))
        return np.where(answered, total + self.constant, 0.0)


@dataclass(frozen=True)
class FieldPieces:
    """What fields add to the log odds of some reports, taken apart.

    Attributes
    ----------
    parts : dict of str to ndarray, shape (n_reports, n_themes)
        By field.
    constant : ndarray, shape (n_reports, n_themes)
        What keeps the number of themes as it was.
    terms : tuple of dict of str to str
        For each report, what each field's line of evidence is called.
    """

    parts: dict[str, np.ndarray]
    constant: np.ndarray
    terms: tuple[dict[str, str], ...]

    @property
    def total(self) -> np.ndarray:
        """All of it, shape (n_reports, n_themes)."""
        return np.asarray(sum(self.parts.values(), self.constant))


def fit_fields(
    answers: FieldAnswers,
    log_odds: np.ndarray,
    labels: np.ndarray,
    free: np.ndarray,
    mean_themes: float,
    leaning: np.ndarray | None = None,
    stances: np.ndarray | None = None,
) -> FieldEvidence | None:
    """Learn without labels which fields go with which theme, and with them where there are any.

    Parameters
    ----------
    answers : FieldAnswers
    log_odds : ndarray, shape (n_reports, n_themes)
        Of the same reports, from their texts and ticks.
    labels : ndarray of int8, shape (n_reports, n_themes)
        1 coded with the theme, 0 coded without it, -1 throughout a report that is not coded.
    free : ndarray of bool, shape (n_reports, n_themes)
        Pairs whose log odds the fields are to change; the others teach only.
    mean_themes : float
        Themes a report has on average.
    leaning : ndarray, shape (3, n_themes), optional
        Log of how much oftener a theme is expected under each valence before any report is read.
    stances : ndarray of bool, shape (n_themes,), optional
        Themes that are a stance rather than a subject; none, when not given.

    Returns
    -------
    FieldEvidence or None
        None where no field tells reports apart.

    Notes
    -----
    Expectation maximisation of a naive Bayes model whose classes are given by the text (Nigam,
    McCallum, Thrun and Mitchell, Machine Learning 39 (2000), 10.1023/A:1007692713085), stopped
    after four rounds. We differ in shrinking each share to that over all reports, in weighting the
    sum and in bounding each field.
    """
    telling = answers.telling()
    if not telling.fields:
        return None
    held, is_known = np.nan_to_num(telling.held), ~np.isnan(telling.held)
    coded = (labels != UNCODED).all(axis=1)
    overall = (held.sum(axis=0) / is_known.sum(axis=0))[:, None]
    expected = _expected(telling, overall, leaning, log_odds.shape[1])
    heard = free & is_known.any(axis=1, keepdims=True)
    target = _target(log_odds, heard, mean_themes)
    weights = _weights(telling, stances, int(coded.sum()), log_odds.shape[1])
    current, found = log_odds, None
    for _ in range(N_ROUNDS):
        has = sigmoid(current)
        has[coded] = labels[coded] == 1
        a = _shares(held, is_known, has, expected)
        b = _shares(held, is_known, 1.0 - has, overall)
        said, unsaid = weights * np.log(a / b), weights * np.log((1 - a) / (1 - b))
        found = FieldEvidence(telling.fields, telling.values, said, unsaid, 0.0)
        added = log_odds + found.log_odds(telling.held)
        constant = _shift(added[heard], target) if heard.any() else 0.0
        found = FieldEvidence(found.fields, found.values, found.said, found.unsaid, constant)
        current = np.where(heard, added + constant, log_odds)
    return found


def field_terms(reports: pd.DataFrame, report_ids: Sequence[str]) -> tuple[dict[str, str], ...]:
    """Return, for each report, what each field's line of evidence is called.

    A term is the field in brackets and the values that were ticked, as they are stored, with plus
    signs between them: ``"[client_groups] tyoikaiset + vammaiset"``.
    """
    by_id = reports.set_index("report_id")
    fields = [field for field in FIELDS if field in by_id]
    cells = {field: by_id[field].reindex(list(report_ids)).tolist() for field in fields}
    return tuple(
        {
            field: f"[{field}] {' + '.join(sorted(_as_set(cells[field][i])))}"
            for field in fields
            if _as_set(cells[field][i])
        }
        for i in range(len(report_ids))
    )


def read_term(term: str) -> tuple[str, list[str]] | None:
    """Return the field and the values that a line of evidence names; None for any other line.

    Examples
    --------
    >>> read_term("[client_groups] tyoikaiset + vammaiset")
    ('client_groups', ['tyoikaiset', 'vammaiset'])
    >>> read_term("[rasti]") is None
    True
    """
    head, _, values = term.partition("] ")
    field = head.removeprefix("[")
    if not term.startswith("[") or field not in FIELDS:
        return None
    return field, values.split(" + ")


def _as_set(cell: object) -> frozenset[str]:
    """Return the values of a cell that holds one text or several."""
    if isinstance(cell, str):
        return frozenset({cell}) if cell else frozenset()
    if isinstance(cell, list | tuple | np.ndarray):
        return frozenset(str(value) for value in cell)
    return frozenset()


def _expected(
    answers: FieldAnswers, overall: np.ndarray, leaning: np.ndarray | None, n_themes: int
) -> np.ndarray:
    """Return how often each indicator is expected with each theme, (n_indicators, n_themes)."""
    expected = np.tile(overall, (1, n_themes))
    if leaning is not None:
        for k, (field, value) in enumerate(zip(answers.fields, answers.values, strict=True)):
            if field == "valence" and value in VALENCES:
                expected[k] *= np.exp(leaning[VALENCES.index(value)])
    return np.asarray(np.clip(expected, _RARE, _SURE))


def _weights(
    answers: FieldAnswers, stances: np.ndarray | None, n_coded: int, n_themes: int
) -> np.ndarray:
    """Return how far each indicator is heard on each theme, 0-1, (n_indicators, n_themes)."""
    of_kinds = np.array([field == KINDS for field in answers.fields])[:, None]
    is_stance = np.zeros(n_themes, bool) if stances is None else stances
    learnt = n_coded / (n_coded + KINDS_ANCHOR)
    return np.where(of_kinds & ~is_stance[None, :], learnt, 1.0)


def _shares(
    held: np.ndarray, is_known: np.ndarray, has: np.ndarray, overall: np.ndarray
) -> np.ndarray:
    """Return how often an indicator is ticked among the reports of a theme, shrunk."""
    ticked = held.T @ has + PRIOR_REPORTS * overall
    of = is_known.T.astype(float) @ has + PRIOR_REPORTS
    return np.asarray(np.clip(ticked / of, _RARE, _SURE))


def _target(log_odds: np.ndarray, heard: np.ndarray, mean_themes: float) -> float:
    """Return how many themes the pairs that fields change are to have, in all.

    Of reports with no answer on themes it is the mean number of themes; of others the part that
    their unanswered themes have in what is expected of them.
    """
    own = heard.any(axis=1)
    expected = sigmoid(log_odds)
    whole = max(float(expected[own].sum()), 1e-9)
    wanted = mean_themes * own.sum() * float(expected[heard].sum()) / whole
    return float(min(wanted, 0.95 * heard.sum()))


def _shift(log_odds: np.ndarray, n_themes: float) -> float:
    """Return what to add so that the pairs have a number of themes in all."""
    from scipy.optimize import brentq

    def excess(shift: float) -> float:
        return float(sigmoid(log_odds + shift).sum() - n_themes)

    return float(brentq(excess, -_BEYOND, _BEYOND))
