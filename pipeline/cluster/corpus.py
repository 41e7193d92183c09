"""The reports that are grouped, as plain arrays: one row a distinct report."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.cluster.content_words import content_tokens, language_sizes, word_counts
from pipeline.cluster.distinct import is_distinct, originals
from pipeline.cluster.places import is_place, place_words
from pipeline.cluster.similarity import ReportSpace, best_matches, word_view
from pipeline.language.centring import language_groups, without_language
from pipeline.texts import Texts
from pipeline.vectors import unit


@dataclass(frozen=True, eq=False)
class Sentences:
    """Every sentence of the reports, near-copies included, in reading order.

    Attributes
    ----------
    segment_ids, report_ids : list of str
    owners : ndarray of shape (n_segments,)
        Row of the report, or of the report it repeats.
    is_copy : ndarray of shape (n_segments,)
        True for the sentences of a near-copy.
    vectors : ndarray of shape (n_segments, n_dims)
        Mean (of distinct reports' sentences in the same language) taken away, unit length.
    mean : ndarray of shape (n_dims,)
        Of distinct reports' sentences, in whichever language.
    """

    segment_ids: list[str]
    report_ids: list[str]
    owners: NDArray[np.int64]
    is_copy: NDArray[np.bool_]
    vectors: NDArray[np.float32]
    mean: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Corpus:
    """The distinct reports of quality ok that have a sentence, and what they are made of.

    Attributes
    ----------
    report_ids : list of str
        Report of each row, in report order.
    row_of : dict of str to int
        Row of each report; a near-copy has the row of the report it repeats.
    vectors : ndarray of shape (n_rows, n_dims)
        Mean of the texts in the same language taken away, unit length.
    word_vectors : ndarray of shape (n_rows, n_word_dims)
        Sums of the static vectors of words; mean of the same language taken away, unit length.
    sentences : Sentences
    content : DataFrame
        Content words (:func:`pipeline.cluster.content_words.content_tokens`).
    languages : ndarray of shape (n_rows,)
        Number of each report's language (:func:`pipeline.language.centring.language_groups`).
    places : frozenset of str
        Names of places, in lower case (:func:`pipeline.cluster.places.place_words`).
    """

    report_ids: list[str]
    row_of: dict[str, int]
    vectors: NDArray[np.float32]
    word_vectors: NDArray[np.float32]
    sentences: Sentences
    content: pd.DataFrame
    languages: NDArray[np.int64]
    places: frozenset[str] = frozenset()

    def ids(self, rows: Iterable[int]) -> list[str]:
        """Return the reports of some rows."""
        return [self.report_ids[row] for row in rows]

    @property
    def telling(self) -> pd.DataFrame:
        """The content words that say what, not where: without the names of places."""
        kept = self.content[~is_place(self.content, self.places)]
        return kept.reset_index(drop=True)

    def space(self) -> ReportSpace:
        """Return the four views of the reports; holds sentences times reports numbers.

        The view of words leaves the names of places out.
        """
        first = np.flatnonzero(~self.sentences.is_copy)
        order = first[np.argsort(self.sentences.owners[first], kind="stable")]
        owners = self.sentences.owners[order]
        n_reports = len(self.report_ids)
        telling = self.telling
        return ReportSpace(
            self.vectors,
            best_matches(self.sentences.vectors[order], owners, n_reports),
            owners,
            word_view(word_counts(telling, n_reports), language_sizes(telling)),
            self.word_vectors,
            self.languages,
        )


_READ: "WeakKeyDictionary[Texts, tuple[frozenset[str], Corpus]]" = WeakKeyDictionary()
"""The corpus read last of texts that are still in use: two steps of a stage read the same."""


def read_corpus(texts: Texts, places: Collection[str] = ()) -> Corpus:
    """Turn the tables into arrays; asked again for the same texts, return the same corpus.

    Parameters
    ----------
    texts : Texts
    places : collection of str, default=()
        Municipalities and other places known; the areas of the reports are added.

    Returns
    -------
    Corpus
        Without rows when no report of quality ok has a sentence.
    """
    known = _READ.get(texts)
    if known is None or known[0] != frozenset(places):
        known = _READ[texts] = frozenset(places), _read(texts, places)
    return known[1]


def _read(texts: Texts, places: Collection[str]) -> Corpus:
    """Turn the tables into arrays."""
    reports, segments = texts.reports, texts.segments
    has_sentence = reports["report_id"].isin(segments["report_id"].unique())
    report_ids = reports.loc[is_distinct(reports) & has_sentence, "report_id"].tolist()
    number_of = {report_id: row for row, report_id in enumerate(report_ids)}
    row_of = {
        report_id: number_of[source]
        for report_id, source in originals(reports).items()
        if source in number_of
    }
    languages = reports.set_index("report_id")["language"].reindex(report_ids).tolist()
    return Corpus(
        report_ids,
        row_of,
        unit(without_language(texts.report_vectors(report_ids), languages)),
        unit(without_language(texts.report_word_vectors(report_ids), languages)),
        _sentences(texts, row_of, number_of),
        content_tokens(segments, texts.tokens, number_of),
        language_groups(languages, np.ones(len(languages), dtype=bool)),
        place_words(reports["area"], places),
    )


def _sentences(texts: Texts, row_of: dict[str, int], number_of: dict[str, int]) -> Sentences:
    """Take the sentences of the reports, with their vectors."""
    kept = texts.segments[texts.segments["report_id"].isin(list(row_of))]
    report_ids = kept["report_id"].tolist()
    is_copy = np.array([report_id not in number_of for report_id in report_ids], dtype=bool)
    vectors = texts.take_segment_vectors(kept["segment_id"].tolist())
    mean = vectors.mean(axis=0, where=~is_copy[:, None]) if len(vectors) else vectors.sum(axis=0)
    moved = without_language(vectors, kept["language"].tolist(), ~is_copy, out=vectors)
    return Sentences(
        kept["segment_id"].tolist(),
        report_ids,
        np.array([row_of[report_id] for report_id in report_ids], dtype=np.int64),
        is_copy,
        unit(moved, out=moved) if len(moved) else moved,
        mean,
    )
