"""Name groups of reports: telling words and phrases in a natural form, and a label of its own."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.content_words import Words, gather_words
from pipeline.cluster.empty_words import GENERIC, MEASURES, is_person
from pipeline.cluster.phrases import Phrase, find_phrases
from pipeline.cluster.terms import UNNAMED, natural_form, strongest

_LABEL_POS = ("NOUN", "PROPN")
_N_LABEL_TERMS = 3
_MIN_REPORTS = 2
_MIN_LABEL_PRECISION = 0.15
"""A word names a group when so many of the reports that have it are in the group."""

_COMPOUND_SHARE = 0.6
"""A word that in so many of a group's reports stands in one and the same compound is left to it."""

_PHRASE_SHARE = 0.5
"""A phrase stands for its noun when so many of the group's reports with the noun have it."""

_MODIFIER_SHARE = 0.6
"""A modifier is left to its phrase when so many of the group's reports with it have the phrase."""

_AGAIN = 0.35
"""What a member counts for that a word chosen before reaches already."""

_POOL = 4
"""Words looked at for each one shown."""


@dataclass(frozen=True)
class Term:
    """A word or phrase that tells a group from the other reports.

    Attributes
    ----------
    text : str
        In a natural form.
    lemmas : tuple of str
        The word, or modifier and noun.
    is_naming : bool
        Whether it may name a group: a noun, or a compound adjective such as "alaikäinen".
    precision : float
        0-1, share of the group among the reports that have the word.
    lift : float
        How many times as common it is in the group as in the corpus.
    rows : frozenset of int
        Reports of the group that have it, alone or as a part.
    """

    text: str
    lemmas: tuple[str, ...]
    is_naming: bool
    precision: float
    lift: float
    rows: frozenset[int]


@dataclass(frozen=True)
class Name:
    """What a group is called.

    Attributes
    ----------
    label : str
    label_terms : tuple of Term
        What the label is made of.
    terms : tuple of Term
        Strongest first.
    """

    label: str
    label_terms: tuple[Term, ...]
    terms: tuple[Term, ...]

    @property
    def columns(self) -> dict[str, object]:
        """The columns ``label`` and ``terms`` of a table."""
        return {"label": self.label, "terms": [term.text for term in self.terms]}


@dataclass(frozen=True, eq=False)
class _Group:
    """A group's reports, how many of them have each lemma, and its compounds by part."""

    rows: set[int]
    counts: NDArray[np.int64]
    compounds: dict[str, Counter[str]]
    uses: sparse.csc_matrix
    members: list[int]

    def having(self, number: int) -> list[int]:
        """Return the members that have a lemma."""
        held = self.uses.indices[self.uses.indptr[number] : self.uses.indptr[number + 1]]
        return [self.members[int(i)] for i in held]


class Namer:
    """Name groups of one corpus.

    Parameters
    ----------
    content : DataFrame
        As :func:`pipeline.cluster.content_words.content_tokens` makes it.
    n_reports : int
    n_terms : int
        Most words shown for a group.
    """

    def __init__(self, content: pd.DataFrame, n_reports: int, n_terms: int) -> None:
        self.words: Words = gather_words(content, n_reports)
        self._phrases = find_phrases(content)
        self._n_terms = n_terms
        self._compounds = _compounds(content)
        self._whole = {whole for pairs in self._compounds.values() for _, whole in pairs}
        uses = self.words.uses
        self._totals = np.bincount(uses.indices, minlength=uses.shape[1])

    def names(self, groups: Sequence[Sequence[int]]) -> list[Name]:
        """Name groups so that no two have the same label, unless no word tells them apart.

        Parameters
        ----------
        groups : sequence of sequence of int
            Rows of each group's reports; the first of two that would be called the same keeps the
            name. Groups of the same reports have one name.

        Returns
        -------
        list of Name
        """
        taken: set[str] = set()
        found: dict[frozenset[int], Name] = {}
        for members in groups:
            key = frozenset(members)
            if key not in found:
                terms = self.terms(members)
                chosen = _label_terms(terms, taken)
                label = ", ".join(term.text for term in chosen) or UNNAMED
                taken.add(label)
                found[key] = Name(label, chosen, tuple(terms))
        return [found[frozenset(members)] for members in groups]

    def terms(self, members: Sequence[int]) -> list[Term]:
        """Return the words and phrases that tell a group from the other reports.

        Parameters
        ----------
        members : sequence of int

        Returns
        -------
        list of Term
            Strongest first. A word that mostly stands in one compound is left to that compound, a
            noun that mostly stands in one phrase is shown as the phrase.
        """
        words = self.words
        group = self._group(members)
        in_phrases: set[str] = set()
        found: list[Term] = []
        n_pool = _POOL * self._n_terms
        for number, _ in strongest(words.uses, members, n_pool, self._totals):
            lemma = words.lemmas[number]
            if len(found) == self._n_terms:
                break
            is_empty = lemma.lower() in GENERIC | MEASURES or lemma in in_phrases
            if is_empty or self._is_left_to_a_compound(number, group):
                continue
            phrase = self._phrase(number, group.rows)
            lemmas = (*phrase.modifiers, lemma) if phrase else (lemma,)
            within = self._within(phrase, group) if phrase else set()
            in_phrases.update(within)
            text = phrase.text if phrase else natural_form(words, number, members)
            found = [term for term in found if not set(term.lemmas) & within]
            precision = float(group.counts[number] / self._totals[number])
            lift = precision * words.uses.shape[0] / len(group.rows)
            rows = frozenset(group.having(number))
            is_naming = words.pos[number] in _LABEL_POS or (
                words.pos[number] == "ADJ" and lemma in self._whole
            )
            found.append(Term(text, lemmas, is_naming, precision, lift, rows))
        return found

    def joined(self, one: Sequence[str], other: Sequence[str]) -> str:
        """Return the phrase in which one of two terms modifies the other in at least two reports.

        Parameters
        ----------
        one, other : sequence of str
            Lemmas of two terms.

        Returns
        -------
        str
            In the nominative; "" when neither modifies the other.
        """
        known = [
            phrase
            for modifier, head in ((one, other), (other, one))
            for phrase in self._phrases.get(head[-1], ())
            if phrase.modifiers == (*modifier, *head[:-1])
        ]
        best = max(known, key=lambda phrase: (len(phrase.rows), phrase.text), default=None)
        return best.text if best else ""

    def _phrase(self, number: int, own: set[int]) -> Phrase | None:
        """Return the phrase that a noun mostly stands in, in a group."""
        words = self.words
        alone = {row for row, _, _ in words.forms_in(number, own)}
        known = self._phrases.get(words.lemmas[number], ())
        counted = [(len(p.rows & own), len(p.modifiers), p.text, p) for p in known]
        best = max(counted, key=lambda one: one[:3], default=None)
        if best and best[0] >= max(_MIN_REPORTS, _PHRASE_SHARE * len(alone)):
            return best[3]
        return None

    def _within(self, phrase: Phrase, group: _Group) -> set[str]:
        """Return the modifiers that a group has mostly in a phrase: the others are words too."""
        n_with = len(phrase.rows & group.rows)
        return {
            lemma
            for lemma in phrase.modifiers
            if n_with >= _MODIFIER_SHARE * group.counts[bisect_left(self.words.lemmas, lemma)]
        }

    def _group(self, members: Sequence[int]) -> _Group:
        """Count the words and compounds of a group."""
        uses = self.words.uses[list(members)]
        parts: dict[str, Counter[str]] = defaultdict(Counter)
        for row in set(members):
            for part, compound in self._compounds.get(row, ()):
                parts[part][compound] += 1
        counts = np.bincount(uses.indices, minlength=uses.shape[1])
        return _Group(set(members), counts, parts, sparse.csc_matrix(uses), list(members))

    def _is_left_to_a_compound(self, number: int, group: _Group) -> bool:
        """Say whether a group has a word mostly as a part of one compound, or never as a word.

        The last part of compounds is a word even then: they all are kinds of it.
        """
        lemma = self.words.lemmas[number]
        compounds = group.compounds.get(lemma, Counter())
        most = max(compounds.values(), default=0)
        if most >= max(_MIN_REPORTS, _COMPOUND_SHARE * group.counts[number]):
            return True
        stands_alone = bool(self.words.forms_in(number, group.rows))
        return not stands_alone and not any(c.endswith(lemma) for c in compounds)


def _compounds(content: pd.DataFrame) -> dict[int, set[tuple[str, str]]]:
    """Return the compounds of each report, each by each of its parts."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for row, lemma, parts in zip(content["row"], content["lemma"], content["parts"], strict=True):
        pairs = ((part, lemma) for part in parts if part != lemma)
        found[row].update(known.setdefault(pair, pair) for pair in pairs)
    return found


def _label_terms(terms: Sequence[Term], taken: set[str]) -> tuple[Term, ...]:
    """Choose two or three nouns that nobody else has together, or other words without nouns.

    Whom reports are about names no group.

    Each word is the one that adds most: the log of its lift times the members it reaches, those
    that a word before it reaches too at a third. So a name fits many of the reports, and its words
    stand together in some. A word that holds, or is held by, one chosen before is passed over. A
    label that is taken changes its last word, or gets one more.
    """
    terms = [term for term in terms if not is_person(term.lemmas[-1].lower())]
    nouns = [term for term in terms if term.is_naming]
    telling = [term for term in nouns if term.precision >= _MIN_LABEL_PRECISION]
    eligible = _by_gain(telling or nouns or terms)
    first, rest = eligible[:_N_LABEL_TERMS], eligible[_N_LABEL_TERMS:]
    spare = [*rest, *(term for term in terms if term not in eligible)]
    ways = [first, *([*first[:-1], term] for term in rest), *([*first, term] for term in spare)]
    for way in ways:
        if ", ".join(term.text for term in way) not in taken:
            return tuple(way)
    return tuple(first)


def _by_gain(terms: Sequence[Term]) -> list[Term]:
    """Order terms by what each adds to those before it; words within chosen words are left out."""
    left, chosen, reached = list(terms), [], frozenset[int]()
    while left:
        gains = [
            math.log(term.lift) * (len(term.rows - reached) + _AGAIN * len(term.rows & reached))
            for term in left
        ]
        best = left.pop(int(np.argmax(gains)))
        chosen.append(best)
        reached |= best.rows
        word = best.lemmas[-1].lower()
        left = [
            term
            for term in left
            if word not in term.lemmas[-1].lower() and term.lemmas[-1].lower() not in word
        ]
    return chosen
