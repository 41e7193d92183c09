"""The content words of reports: which report has which, and in which forms they stand there."""

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.lemmatise.protocol import CONTENT_POS, MIN_PART_CHARS
from pipeline.pseudonymise.spans import STAND_IN

_DAYS = ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai")
_MONTHS = (
    *("tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu"),
    *("heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"),
)
_SPANS = ("vuorokausi", "päivä", "viikko", "kuukausi", "kuu", "vuosi")
CALENDAR = frozenset((*_DAYS, *_MONTHS, *_SPANS))
"""Lemmas of days, months and lengths of time: they say when and how long, never what."""

_OF_TOKENS = ("segment_id", "start", "form", "lemma", "pos", "parts", "known")
_SCANNED = 16
"""So many times as many forms as reports are looked through; of more, each report's are sought."""
_WORD = re.compile(r"[^\W\d_].")
"""A word has two characters or more and begins with a letter."""


@dataclass(frozen=True, eq=False)
class FormUses:
    """In which forms the lemmas of reports stand, alone and not as parts of compounds.

    Attributes
    ----------
    written : list of str
        Every form, sorted.
    starts : ndarray of shape (n_lemmas + 1,)
        Where the uses of each lemma begin in the arrays below, and the last end.
    rows, forms, counts : ndarray of shape (n_uses,)
        Report, place in `written`, and how often the form stands in the report. Those of a lemma
        stand in the order of reports, and of forms.
    """

    written: list[str]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    forms: NDArray[np.int32]
    counts: NDArray[np.int32]

    def of(self, lemma: int) -> list[tuple[int, str, int]]:
        """Return report, form and number of uses."""
        return self._told(slice(self.starts[lemma], self.starts[lemma + 1]))

    def within(self, lemma: int, rows: Collection[int]) -> list[tuple[int, str, int]]:
        """Return those of :meth:`of` that stand in some reports."""
        start, end = self.starts[lemma : lemma + 2].tolist()
        if end - start <= _SCANNED * len(rows):
            within = set(rows)
            return [one for one in self.of(lemma) if one[0] in within]
        wanted = np.unique(np.fromiter(rows, dtype=np.int32, count=len(rows)))
        own = self.rows[start:end]
        first, last = np.searchsorted(own, wanted), np.searchsorted(own, wanted, side="right")
        lengths = last - first
        ends = lengths.cumsum()
        return self._told(
            np.arange(lengths.sum()) + np.repeat(start + first - ends + lengths, lengths)
        )

    def totals(self, lemma: int) -> Counter[str]:
        """Return how often each form of a lemma stands in all reports."""
        own = slice(self.starts[lemma], self.starts[lemma + 1])
        numbers, place = np.unique(self.forms[own], return_inverse=True)
        sums = np.bincount(place, weights=self.counts[own], minlength=len(numbers))
        return Counter({self.written[i]: int(n) for i, n in zip(numbers, sums, strict=True)})

    def _told(self, places: slice | NDArray[np.int64]) -> list[tuple[int, str, int]]:
        written = [self.written[i] for i in self.forms[places].tolist()]
        return list(
            zip(self.rows[places].tolist(), written, self.counts[places].tolist(), strict=True)
        )


@dataclass(frozen=True, eq=False)
class Words:
    """The content words of some reports.

    Attributes
    ----------
    lemmas : list of str
        Every lemma, sorted.
    pos : list of str
        UPOS tag of each lemma: its most frequent one.
    uses : csr_matrix of shape (n_reports, n_lemmas)
        How often a report has the lemma, alone or as a part.
    forms : FormUses
        In lower case, but for proper nouns and acronyms.
    is_guess : list of bool
        True where the lemma is a guess at an unknown word that is no part of a known compound.
    """

    lemmas: list[str]
    pos: list[str]
    uses: sparse.csr_matrix
    forms: FormUses
    is_guess: list[bool]

    def forms_in(self, lemma: int, rows: Collection[int]) -> list[tuple[int, str, int]]:
        """Return report, form and number of uses of a lemma in some reports, in their order."""
        return self.forms.within(lemma, rows)

    def usage(self, lemma: int) -> tuple[Counter[str], str, int]:
        """Return how often each form of a lemma stands alone, the usual one, and all together."""
        if lemma not in self._usage:
            forms = self.forms.totals(lemma)
            usual = max(sorted(forms), key=lambda form: forms[form])
            self._usage[lemma] = forms, usual, forms.total()
        return self._usage[lemma]

    @cached_property
    def _usage(self) -> dict[int, tuple[Counter[str], str, int]]:
        return {}


def content_tokens(
    segments: pd.DataFrame, tokens: pd.DataFrame, row_of: dict[str, int]
) -> pd.DataFrame:
    """Return the content words of the given reports.

    Parameters
    ----------
    segments, tokens : DataFrame
        The tables of those names.
    row_of : dict of str to int
        Row number of each report wanted.

    Returns
    -------
    DataFrame
        Columns ``row``, ``segment_id``, ``start``, ``form``, ``lemma``, ``pos``, ``parts``,
        ``known`` and ``language``, in reading order. Nouns, proper nouns, adjectives and verbs; no
        stand-ins for personal data, no days, months or lengths of time.
    """
    telling = tokens["pos"].isin(CONTENT_POS) & ~tokens["lemma"].isin(CALENDAR)
    words = [form for form in tokens["form"].unique() if _WORD.match(form)]
    of_token = np.flatnonzero(telling & tokens["form"].isin(words))
    segment_of = pd.Index(segments["segment_id"]).get_indexer(
        tokens["segment_id"].to_numpy()[of_token]
    )
    rows = segments["report_id"].map(row_of).fillna(-1).to_numpy(dtype=np.int64)
    is_kept = segment_of >= 0
    is_kept[is_kept] = rows[segment_of[is_kept]] >= 0
    is_kept[is_kept] = ~_in_stand_in(
        segments, segment_of[is_kept], tokens["start"].to_numpy()[of_token[is_kept]]
    )
    of_token, segment_of = of_token[is_kept], segment_of[is_kept]
    made = {"row": pd.Series(rows[segment_of])}
    for name in _OF_TOKENS:
        made[name] = tokens[name].iloc[of_token].reset_index(drop=True)
    made["language"] = segments["language"].iloc[segment_of].reset_index(drop=True)
    return pd.DataFrame(made, copy=False)


def _in_stand_in(
    segments: pd.DataFrame, segment_of: NDArray[np.int64], starts: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which words lie in a stand-in for personal data.

    Parameters
    ----------
    segments : DataFrame
        Table ``segments``.
    segment_of, starts : ndarray of shape (n_words,)
        Row of each word's segment, and where the word begins.
    """
    spans = {
        row: found
        for row, text in enumerate(segments["text"])
        if (found := [match.span() for match in STAND_IN.finditer(text)])
    }
    offsets = starts - segments["start"].to_numpy()[segment_of]
    is_inside = np.zeros(len(segment_of), dtype=bool)
    doubtful = np.flatnonzero(np.isin(segment_of, list(spans)))
    is_inside[doubtful] = [
        any(low <= offset < high for low, high in spans[row])
        for row, offset in zip(
            segment_of[doubtful].tolist(), offsets[doubtful].tolist(), strict=True
        )
    ]
    return is_inside


def lemmas_and_parts(content: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield each word's report and lemma, and those of a compound's longer parts.

    A part counts as a word: "ammattitulkki" speaks of a "tulkki" too.
    """
    for row, lemma, parts in zip(content["row"], content["lemma"], content["parts"], strict=True):
        yield row, lemma
        yield from ((row, part) for part in parts if len(part) >= MIN_PART_CHARS)


def naming_words(content: pd.DataFrame) -> list[tuple[int, str]]:
    """Return the words that may name a group: lemmas, and parts that stand alone somewhere."""
    alone = set(content["lemma"])
    return [(row, word) for row, word in lemmas_and_parts(content) if word in alone]


def word_counts(content: pd.DataFrame, n_reports: int) -> sparse.csr_matrix:
    """Count each report's lemmas and the parts of its compounds.

    Parameters
    ----------
    content : DataFrame
        As :func:`content_tokens` makes it.
    n_reports : int

    Returns
    -------
    csr_matrix of shape (n_reports, n_words)
        Words of two languages are two words, however they are spelt.
    """
    pairs = [
        (row, f"{language} {word.lower()}")
        for language, of_language in content.groupby("language", sort=True)
        for row, word in lemmas_and_parts(of_language)
    ]
    column_of = {word: i for i, word in enumerate(sorted({word for _, word in pairs}))}
    rows = [row for row, _ in pairs]
    columns = [column_of[word] for _, word in pairs]
    counts = sparse.coo_matrix(
        (np.ones(len(pairs)), (rows, columns)), shape=(n_reports, len(column_of))
    )
    return sparse.csr_matrix(counts.tocsr())


def language_sizes(content: pd.DataFrame) -> NDArray[np.int64]:
    """Return, for each column of :func:`word_counts`, the reports with words in its language."""
    sizes = content.groupby("language")["row"].nunique()
    words = {
        f"{language} {word.lower()}": int(sizes[language])
        for language, of_language in content.groupby("language", sort=True)
        for word in {word for _, word in lemmas_and_parts(of_language)}
    }
    return np.array([words[word] for word in sorted(words)], dtype=np.int64)


def lemma_documents(content: pd.DataFrame, n_reports: int) -> list[str]:
    """Return each report as its lemmas and parts, joined by spaces: BERTopic's text.

    Parameters
    ----------
    content : DataFrame
        As :func:`content_tokens` makes it.
    n_reports : int

    Returns
    -------
    list of str
        Of length ``n_reports``; "" for a report without content words.
    """
    documents: list[list[str]] = [[] for _ in range(n_reports)]
    for row, word in naming_words(content):
        documents[row].append(word)
    return [" ".join(lemmas) for lemmas in documents]


def gather_words(content: pd.DataFrame, n_reports: int) -> Words:
    """Gather the content words of reports.

    Parameters
    ----------
    content : DataFrame
        As :func:`content_tokens` makes it.
    n_reports : int

    Returns
    -------
    Words
    """
    lemmas = sorted(content["lemma"].unique())
    rows = content["row"].to_numpy(dtype=np.int64)
    columns = pd.Index(lemmas, dtype=object).get_indexer(content["lemma"])
    tags, names = pd.factorize(content["pos"], sort=True)
    in_tags = np.zeros((len(lemmas), max(1, len(names))), dtype=np.int64)
    np.add.at(in_tags, (columns, tags), 1)
    n_uses = np.bincount(columns, minlength=len(lemmas))
    n_guesses = np.bincount(columns[~content["known"].to_numpy(dtype=bool)], minlength=len(lemmas))
    part_rows, part_columns = _uses_as_parts(content, lemmas)
    cells = np.concatenate([rows, part_rows]), np.concatenate([columns, part_columns])
    uses = sparse.coo_matrix((np.ones(len(cells[0])), cells), shape=(n_reports, len(lemmas)))
    parts = {part for of_word in content["parts"] for part in of_word}
    return Words(
        lemmas,
        [str(names[tag]) for tag in in_tags.argmax(axis=1)],
        sparse.csr_matrix(uses.tocsr()),
        _form_uses(rows, columns, content["form"], tags, [str(name) for name in names]),
        [
            2 * n > of_lemma and lemma not in parts
            for lemma, n, of_lemma in zip(lemmas, n_guesses, n_uses, strict=True)
        ],
    )


def _uses_as_parts(
    content: pd.DataFrame, lemmas: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return report and lemma of each long part of a compound that stands alone somewhere."""
    column_of = {lemma: i for i, lemma in enumerate(lemmas)}
    held = array("q")
    for row, parts in zip(content["row"], content["parts"], strict=True):
        for part in parts:
            if len(part) >= MIN_PART_CHARS and part in column_of:
                held.extend((row, column_of[part]))
    cells = np.array(held, dtype=np.int64).reshape(-1, 2)
    return cells[:, 0], cells[:, 1]


def _form_uses(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    forms: pd.Series,
    tags: NDArray[np.int64],
    names: list[str],
) -> FormUses:
    """Count in which forms each report has each lemma."""
    numbers, texts = pd.factorize(forms)
    pairs, of_pair = np.unique(numbers * max(1, len(names)) + tags, return_inverse=True)
    plain = [
        _plain_form(texts[pair // len(names)], names[pair % len(names)]) for pair in pairs.tolist()
    ]
    written = sorted(set(plain))
    place_of = {form: place for place, form in enumerate(written)}
    places = np.array([place_of[form] for form in plain], dtype=np.int64)[of_pair]
    order = np.lexsort((places, rows, columns))
    sorted_uses = np.stack([columns[order], rows[order], places[order]])
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (np.diff(sorted_uses, axis=1) != 0).any(axis=0)
    first = np.flatnonzero(is_new)
    held, own_rows, own_places = sorted_uses[:, first]
    return FormUses(
        written,
        np.searchsorted(held, np.arange(int(columns.max(initial=-1)) + 2)),
        own_rows.astype(np.int32),
        own_places.astype(np.int32),
        np.diff(first, append=len(order)).astype(np.int32),
    )


def _plain_form(form: str, pos: str) -> str:
    """Take the capital of a sentence's beginning away; names and acronyms keep theirs."""
    is_acronym = len(form) > 1 and form[:2].isupper()
    return form if pos == "PROPN" or is_acronym else form.lower()
