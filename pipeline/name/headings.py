"""Choose the words that head a group: those that carry what its reports have in common.

How much more common a word is inside a group tells the group apart, and chance does it as well as
the subject: of six reports on old coins two may say *muutama*. So a word also has to mean something
near what the reports are about, and words of like meaning count for it: a report that says *nuuska*
is reached in part by *nikotiinipussi*. What most of the reports have stands first, and two words of
which one modifies the other in the reports stand as the phrase (*lainojen uusiminen*).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.content_words import Words
from pipeline.cluster.empty_words import PERSONS, VAGUE
from pipeline.cluster.naming import Namer, Term
from pipeline.embed.word_vectors import WordVectors
from pipeline.name.word_forms import written
from pipeline.vectors import unit

N_WORDS = 3
"""Most words of a heading."""
_POOL = 40
"""Telling words of a group that are looked at."""
_MIN_NEARNESS = 0.9
_MIN_LIFT = 3.0
_AGAIN = 0.35
"""What a report counts for that a word chosen before reaches already."""
_MIN_SHARE = 1 / 3
"""Least share of the reports that have a word of their heading."""
_OF_OTHERS = ("kielinen", "llinen")
"""Endings of compound adjectives that tell of a noun beside them, and of none alone."""
_MIN_STEM, _STEM_SHARE = 4, 0.55
"""Letters, and share of the shorter word, that begin two words of one stem."""
_GOES_ON = 0.2
"""A further word is taken that adds so much of what the first one does."""
_ENOUGH = 0.55
"""Half as much is enough while the words before it reach less than this of a report on average."""
_AS_WELL = 0.3
"""And a second one that would do so much of it alone: a word by itself says little."""
_LIKE, _FULLY_LIKE = 0.5, 0.85
"""Cosines of words from which one begins to reach, and fully reaches, reports with the other."""
_N_BASE = 1500
"""Reports that a group is compared with."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Heading:
    """The words above a group.

    Attributes
    ----------
    words : str
        Up to three, parted by commas; "" when none carries the subject.
    worth : float
        What the words say together: 0 and up, over 1 where a reader sees one subject.
    reach : float
        Mean share, 0-1, of each report that the words reach, words of like meaning included.
    """

    words: str
    worth: float
    reach: float


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A word with how far it reaches into each of the group's reports, and what it weighs.

    ``parts`` are those of a compound, ``share`` is that of the reports that have the word itself.
    """

    term: Term
    reach: Floats
    weight: float
    parts: tuple[str, ...]
    share: float

    @property
    def word(self) -> str:
        """The lemma, in lower case, that no other word of a heading may hold."""
        return self.term.lemmas[-1].lower()

    def is_like(self, other: "_Candidate") -> bool:
        """Say whether a heading with one of two words has no room for the other."""
        lemmas = {lemma.lower() for lemma in self.term.lemmas}
        if any(lemma.lower() in lemmas for lemma in other.term.lemmas):
            return True
        shares_part = not {part.lower() for part in self.parts}.isdisjoint(other.parts)
        return shares_part or _is_one_stem(self.word, other.word)

    def gain(self, reached: Floats) -> float:
        """Return what the word adds where others reach so far already."""
        new = np.maximum(self.reach - reached, 0).sum()
        again = np.minimum(self.reach, reached).sum()
        return float(self.weight * (new + _AGAIN * again) / len(reached))


class Headings:
    """Chooses headings in one corpus.

    Parameters
    ----------
    content : DataFrame
        As :func:`pipeline.cluster.content_words.content_tokens` makes it.
    n_reports : int
    word_vectors : WordVectors
        Of Finnish: only Finnish words are given a meaning.
    seed : int
        Of the sample of reports that a large corpus is represented by.
    """

    def __init__(
        self, content: pd.DataFrame, n_reports: int, word_vectors: WordVectors, seed: int
    ) -> None:
        self._namer = Namer(content, n_reports, _POOL)
        self._word_vectors = word_vectors
        self._seed = seed
        languages = content.groupby("row")["language"].first()
        compounds = zip(content["lemma"], content["parts"], strict=True)
        self._parts = {lemma: tuple(parts) for lemma, parts in compounds if len(parts)}
        self._is_finnish = np.zeros(n_reports, dtype=bool)
        self._is_finnish[languages.index[languages == "fi"]] = True

    def of(self, members: Sequence[int], taken: frozenset[str] = frozenset()) -> Heading:
        """Choose the heading of a group.

        Parameters
        ----------
        members : sequence of int
            Rows of its reports.
        taken : frozenset of str
            Headings of other groups: with one of them a further word is added, if there is one.

        Returns
        -------
        Heading
            Without words for reports that are not Finnish for the most part.
        """
        if not len(members) or self._is_finnish[list(members)].mean() <= 0.5:
            return Heading("", 0.0, 0.0)
        left, chosen, worth = self._candidates(members), list[_Candidate](), 0.0
        reached, first = np.zeros(len(members)), 0.0
        while left:
            gains = [math.sqrt(one.share) * one.gain(reached) for one in left]
            best = int(np.argmax(gains))
            one, gain = left.pop(best), gains[best]
            is_told = bool(chosen) and self._written(chosen, members) not in taken
            if is_told and not _goes_on(one, gain, first, len(chosen), reached.mean()):
                break
            first = first or gain
            chosen.append(one)
            worth += one.gain(reached)
            reached = np.maximum(reached, one.reach)
            left = [other for other in left if not one.is_like(other)]
        return Heading(self._written(chosen, members), worth, float(reached.mean()))

    def _written(self, chosen: Sequence[_Candidate], members: Sequence[int]) -> str:
        """Write a heading: the word that most of the reports have first, phrases as phrases."""
        left = sorted(chosen, key=lambda one: -one.share)
        parts: list[str] = []
        while left:
            one = left.pop(0)
            for other in left:
                phrase = self._namer.joined(one.term.lemmas, other.term.lemmas)
                if phrase:
                    left.remove(other)
                    break
            else:
                phrase = self._alone(one.term, members)
            parts.append(phrase)
        return ", ".join(parts)

    def nearness(self, lemmas: Sequence[str], members: Sequence[int]) -> float:
        """Return how near the words of a clause are to what some reports are about.

        Parameters
        ----------
        lemmas : sequence of str
            Content lemmas of the clause.
        members : sequence of int
            Rows of reports, that of the clause left out.

        Returns
        -------
        float
            In standard deviations over all reports; 0 without a known word or other report.
        """
        columns = [self._column_of[lemma] for lemma in lemmas if lemma in self._column_of]
        if not columns or not len(members):
            return 0.0
        vector = (self._weights[columns, None] * self._meanings[columns]).sum(axis=0)
        return float(self._nearness(unit(vector[None, :]), members)[0])

    def _alone(self, term: Term, members: Sequence[int]) -> str:
        """Write a term that is joined to no other."""
        if len(term.lemmas) > 1:
            return term.text
        lemma = term.lemmas[0]
        head = self._column_of.get(next(reversed(self._parts.get(lemma, ())), ""))
        return written(self.words, self._column_of[lemma], term.text, members, head)

    def _candidates(self, members: Sequence[int]) -> list[_Candidate]:
        """Return the words that may head a group: nouns that mean what its reports are about."""
        terms = [term for term in self._namer.terms(members) if term.is_naming]
        terms = [term for term in terms if self._may_head(term)]
        if not terms:
            return []
        columns = np.array([self._column_of[term.lemmas[-1]] for term in terms])
        nearness = self._nearness(self._meanings[columns], members)
        is_near = nearness >= _MIN_NEARNESS
        likeness = self._meanings[columns[is_near]] @ self._known_meanings.T
        needed = min(_MIN_LIFT, (1 + self._uses.shape[0] / len(members)) / 2)
        found = []
        for place, like in zip(np.flatnonzero(is_near), likeness, strict=True):
            reach = self._reach(columns[place], like)
            lift = reach[list(members)].mean() / reach.mean()
            own = reach[list(members)]
            share = len(terms[place].rows) / len(members)
            if lift >= needed and share >= _MIN_SHARE:
                weight = nearness[place] * math.log(lift) * self._rarity[columns[place]] ** 2
                parts = self._parts.get(terms[place].lemmas[-1], ())
                found.append(_Candidate(terms[place], own, float(weight), parts, share))
        return found

    def _may_head(self, term: Term) -> bool:
        """Say whether a term is a word that Finnish knows, and more than a person or a stand-in."""
        lemma = term.lemmas[-1]
        is_empty = lemma.lower() in PERSONS | VAGUE or lemma.endswith(_OF_OTHERS)
        return not (is_empty or self.words.is_guess[self._column_of[lemma]])

    def _reach(self, column: int, likeness: NDArray[np.float32]) -> Floats:
        """Return how far a word reaches into every report: 1 with it, less with a like one."""
        reach = np.zeros(self._uses.shape[0])
        near = np.flatnonzero(likeness > _LIKE)
        for place in near[np.argsort(likeness[near], kind="stable")]:
            other = self._known[place]
            rows = self._uses.indices[self._uses.indptr[other] : self._uses.indptr[other + 1]]
            reach[rows] = min(1.0, float((likeness[place] - _LIKE) / (_FULLY_LIKE - _LIKE)))
        reach[self._uses.indices[self._uses.indptr[column] : self._uses.indptr[column + 1]]] = 1.0
        return reach

    def _nearness(self, meanings: NDArray[np.float32], members: Sequence[int]) -> Floats:
        """Return how near meanings are to reports, in standard deviations over all reports."""
        mean, spread = self._base
        apart = meanings @ (self._about[list(members)].mean(axis=0) - mean)
        deviation = np.sqrt(np.maximum(((meanings @ spread) * meanings).sum(axis=1), 0))
        return np.asarray(apart / np.maximum(deviation, 1e-6), dtype=np.float64)

    @property
    def words(self) -> Words:
        """The content words of the reports."""
        return self._namer.words

    @cached_property
    def _column_of(self) -> dict[str, int]:
        return {lemma: column for column, lemma in enumerate(self.words.lemmas)}

    @cached_property
    def _uses(self) -> sparse.csc_matrix:
        return sparse.csc_matrix(self.words.uses)

    @cached_property
    def _raw(self) -> NDArray[np.float32]:
        found = np.zeros((len(self._counts), self._word_vectors.n_dims), dtype=np.float32)
        lemmas = [self.words.lemmas[column].lower() for column in self._known]
        found[self._known] = self._word_vectors.weighed(lemmas)
        return found

    @cached_property
    def _known(self) -> NDArray[np.int64]:
        """Words given a meaning: all, or in a large corpus those of at least two reports."""
        fewest = 1 if self._uses.shape[0] <= _N_BASE else 2
        return np.flatnonzero(self._counts >= fewest)

    @cached_property
    def _rarity(self) -> Floats:
        """How much each word says at all, 0-1: little for one that is common in the language."""
        return np.asarray(np.linalg.norm(self._raw, axis=1), dtype=np.float64)

    @cached_property
    def _counts(self) -> NDArray[np.int64]:
        """Reports with each word."""
        return np.asarray(np.diff(self._uses.indptr), dtype=np.int64)

    @cached_property
    def _meanings(self) -> NDArray[np.float32]:
        """A vector a word, of unit length, what all words have in common taken away."""
        vectors = unit(self._raw)
        mean = (vectors * self._counts[:, None]).sum(axis=0) / max(1, self._counts.sum())
        return unit((vectors - mean).astype(np.float32))

    @cached_property
    def _known_meanings(self) -> NDArray[np.float32]:
        """The vectors of the words given a meaning."""
        return self._meanings[self._known]

    @cached_property
    def _weights(self) -> Floats:
        """What a word counts for in what a report is about."""
        rare = np.log(self._uses.shape[0] / np.maximum(self._counts, 1))
        return np.asarray(rare * self._rarity)

    @cached_property
    def _about(self) -> NDArray[np.float32]:
        """A vector a report: its words, each once."""
        once = sparse.csr_matrix(self.words.uses.astype(bool).astype(np.float64))
        return unit(np.asarray(once.multiply(self._weights) @ self._meanings, dtype=np.float32))

    @cached_property
    def _base(self) -> tuple[Floats, Floats]:
        """Mean and covariance of what reports are about; of a large corpus, of a sample."""
        about = self._about
        if len(about) > _N_BASE:
            rng = np.random.default_rng(self._seed)
            about = about[np.sort(rng.choice(len(about), _N_BASE, replace=False))]
        mean = about.mean(axis=0, dtype=np.float64)
        return mean, np.asarray(about.T @ about / len(about) - np.outer(mean, mean))


def _goes_on(one: _Candidate, gain: float, first: float, n_chosen: int, reached: float) -> bool:
    """Say whether a further word is worth its place: sooner while few reports are reached."""
    alone = math.sqrt(one.share) * one.gain(np.zeros(len(one.reach)))
    says_as_well = n_chosen == 1 and alone >= _AS_WELL * first
    needed = _GOES_ON if reached >= _ENOUGH else _GOES_ON / 2
    return n_chosen < N_WORDS and (gain >= needed * first or says_as_well)


def _is_one_stem(one: str, other: str) -> bool:
    """Say whether one word begins or ends with the other, or both begin alike.

    Examples
    --------
    >>> _is_one_stem("narsismi", "narsisti"), _is_one_stem("kirjailija", "kirjallisuus")
    (True, False)
    """
    if one.startswith(other) or one.endswith(other) or other.startswith(one) or other.endswith(one):
        return True
    alike = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )
    return alike >= max(_MIN_STEM, _STEM_SHARE * min(len(one), len(other)))
