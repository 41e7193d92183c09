"""The content words of reports: which report has which, and in which forms they stand there."""

import re
from bisect import bisect_left
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
    forms : list of list of (int, str, int)
        For each lemma: report, form, how often it stands there alone. Forms are in lower case,
        but for proper nouns and acronyms.
    is_guess : list of bool
        True where the lemma is a guess at an unknown word that is no part of a known compound.
    """

    lemmas: list[str]
    pos: list[str]
    uses: sparse.csr_matrix
    forms: list[list[tuple[int, str, int]]]
    is_guess: list[bool]

    def forms_in(self, lemma: int, rows: Collection[int]) -> list[tuple[int, str, int]]:
        """Return those of a lemma's forms that stand in some reports, in the order of reports."""
        forms = self.forms[lemma]
        if len(forms) <= _SCANNED * len(rows):
            wanted = set(rows)
            return [one for one in forms if one[0] in wanted]
        found = []
        for row in sorted(set(rows)):
            at = bisect_left(forms, (row,))
            while at < len(forms) and forms[at][0] == row:
                found.append(forms[at])
                at += 1
        return found

    def usage(self, lemma: int) -> tuple[Counter[str], str, int]:
        """Return how often each form of a lemma stands alone, the usual one, and all together."""
        if lemma not in self._usage:
            forms: Counter[str] = Counter()
            for _, form, n_uses in self.forms[lemma]:
                forms[form] += n_uses
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
        for _, word in lemmas_and_parts(of_language)
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
    pairs = naming_words(content)
    lemmas = sorted({lemma for _, lemma in pairs})
    column_of = {lemma: i for i, lemma in enumerate(lemmas)}
    forms: list[Counter[tuple[int, str]]] = [Counter() for _ in lemmas]
    tags: list[Counter[str]] = [Counter() for _ in lemmas]
    n_guesses = [0] * len(lemmas)
    names = ("row", "form", "lemma", "pos", "known")
    for row, form, lemma, pos, known in zip(*(content[name] for name in names), strict=True):
        column = column_of[lemma]
        forms[column][row, _plain_form(form, pos)] += 1
        tags[column][pos] += 1
        n_guesses[column] += not known
    parts = {part for of_word in content["parts"] for part in of_word}
    cells = ([row for row, _ in pairs], [column_of[lemma] for _, lemma in pairs])
    uses = sparse.coo_matrix((np.ones(len(pairs)), cells), shape=(n_reports, len(lemmas)))
    return Words(
        lemmas,
        [_commonest(tag) for tag in tags],
        sparse.csr_matrix(uses.tocsr()),
        [[(row, form, n) for (row, form), n in sorted(counter.items())] for counter in forms],
        [
            2 * n > tag.total() and lemma not in parts
            for lemma, n, tag in zip(lemmas, n_guesses, tags, strict=True)
        ],
    )


def _commonest(tally: Counter[str]) -> str:
    """Return what was counted most often; of equals, the first by alphabet."""
    return min(tally, key=lambda key: (-tally[key], key))


def _plain_form(form: str, pos: str) -> str:
    """Take the capital of a sentence's beginning away; names and acronyms keep theirs."""
    is_acronym = len(form) > 1 and form[:2].isupper()
    return form if pos == "PROPN" or is_acronym else form.lower()
