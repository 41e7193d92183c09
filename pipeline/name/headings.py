"""Choose the words that head a group: those that carry what its reports have in common.

How much more common a word is inside a group tells the group apart, and chance does it as well as
the subject: of six reports on old coins two may say *muutama*. So a word also has to mean something
near what the reports are about, and words of like meaning count for it: a report that says *nuuska*
is reached in part by *nikotiinipussi*. What most of the reports have stands first, and two words of
which one modifies the other in the reports stand as the phrase (*lainojen uusiminen*).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.content_words import Words
from pipeline.cluster.empty_words import PROPS, VAGUE, is_person
from pipeline.cluster.naming import Namer, Term
from pipeline.cluster.plurals import is_plural
from pipeline.embed.word_vectors import WordVectors
from pipeline.name.word_forms import is_counted, written
from pipeline.vectors import unit

N_WORDS = 3
"""Most words of a heading."""
_POOL = 40
"""Telling words of a group that are looked at."""
_MIN_NEARNESS = 0.9
_MIN_HALF, _PLAIN = 3, 8.0
"""A noun of half of the reports counts as near where lift times nearness come to so much."""
_MIN_LIFT = 3.0
_AGAIN = 0.35
"""What a report counts for that a word chosen before reaches already."""
_MIN_SHARE, _FEW_SHARE = 1 / 3, 0.2
"""Least share of the reports that have a word of their heading; of those told in many words."""
_MIN_REPORTS = 2
_AS_TELLING = 0.6
"""Of the heaviest word: a word that few reports have needs so much weight beside it."""
_OF_OTHERS = ("ikäinen", "kielinen", "llinen")
"""Endings of compound adjectives that tell of a noun beside them, and of none alone."""
_MIN_STEM, _STEM_SHARE = 4, 0.55
"""Letters, and share of the shorter word, that begin two words of one stem."""
_DERIVED_SHARE = 0.55
"""Share of the longer word that begins it and a part of a compound."""
_GOES_ON = 0.2
"""A further word is taken that adds so much of what the first one does."""
_ENOUGH = 0.55
"""Half as much is enough while the words before it reach less than this of a report on average."""
_THIRD = 0.5
"""A third word reaches so much of a report on average."""
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
    most : float
        The same of the word that reaches farthest.
    is_common : bool
        Whether each word is in a third of the reports.
    """

    words: str
    worth: float
    reach: float
    most: float
    is_common: bool = True


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
        shares_part = not {part.lower() for part in self.parts}.isdisjoint(other.parts)
        holds_kin = any(
            _is_of(part.lower(), word)
            for parts, word in ((self.parts, other.word), (other.parts, self.word))
            for part in parts
        )
        is_one_stem = any(
            _is_one_stem(one.lower(), another.lower())
            for one in self.term.lemmas
            for another in other.term.lemmas
        )
        return shares_part or holds_kin or is_one_stem

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
            Without words for reports that are not Finnish for the most part. Where the words that
            a third of the reports have do not reach enough of them, of words that fewer have.
        """
        if not len(members) or self._is_finnish[list(members)].mean() <= 0.5:
            return Heading("", 0.0, 0.0, 0.0)
        found = self._candidates(members)
        candidates = [one for one in found if one.word not in PROPS] or found
        common = [one for one in candidates if one.share >= _MIN_SHARE]
        heading = self._chosen(common, members, taken)
        if heading.reach >= _ENOUGH or len(common) == len(candidates):
            return heading
        heaviest = max(one.weight for one in candidates)
        telling = [one for one in candidates if one.weight >= _AS_TELLING * heaviest]
        return replace(self._chosen(telling, members, taken), is_common=False)

    def _chosen(
        self, candidates: Sequence[_Candidate], members: Sequence[int], taken: frozenset[str]
    ) -> Heading:
        """Choose the words of a heading among candidates.

        A third word speaks for the heading, and stands in it only where it makes a phrase with
        another, reaches half of the reports, or is needed to reach them.
        """
        left, worth = list(candidates), 0.0
        chosen, shown = list[_Candidate](), list[_Candidate]()
        reached, first = np.zeros(len(members)), 0.0
        while left:
            gains = [math.sqrt(one.share) * one.gain(reached) for one in left]
            best = int(np.argmax(gains))
            one, gain = left.pop(best), gains[best]
            is_told = bool(shown) and self._written(shown, members) not in taken
            if is_told and not _goes_on(one, gain, first, len(chosen), reached.mean()):
                break
            first = first or gain
            chosen.append(one)
            joins = any(self._namer.joined(one.term.lemmas, it.term.lemmas) for it in shown)
            is_needed = one.reach.mean() >= _THIRD or reached.mean() < _ENOUGH
            if not is_told or len(shown) == 1 or joins or is_needed:
                shown.append(one)
            worth += one.gain(reached)
            reached = np.maximum(reached, one.reach)
            left = [other for other in left if not one.is_like(other)]
        most = max((float(one.reach.mean()) for one in chosen), default=0.0)
        return Heading(self._written(shown, members), worth, float(reached.mean()), most)

    def _written(self, chosen: Sequence[_Candidate], members: Sequence[int]) -> str:
        """Write a heading: the word that most of the reports have first, phrases as phrases.

        What can be counted is in the plural where it is the only single word (*tilastot*) and
        beside a plural (*asiasanat ja haut*), or in the singular where the plural of one is not
        known (*puku ja kampaus*).
        """
        alone = self._numbered([one.term for one in chosen if len(one.term.lemmas) == 1], members)
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
                phrase = alone.get(one.term.lemmas, one.term.text)
            parts.append(phrase)
        return ", ".join(parts)

    def _numbered(
        self, terms: Sequence[Term], members: Sequence[int]
    ) -> dict[tuple[str, ...], str]:
        """Write the words of a heading in one number, as far as they can be counted."""
        texts = [self._alone(term, members) for term in terms]
        is_many = [is_plural(text, term.lemmas[0]) for text, term in zip(texts, terms, strict=True)]
        if len(terms) == 1 or (any(is_many) and not all(is_many)):
            several = [self._alone(term, members, is_of_several=True) for term in terms]
            is_lone = [
                not is_plural(text, term.lemmas[0])
                and is_counted(self.words, self._column_of[term.lemmas[0]])
                for text, term in zip(several, terms, strict=True)
            ]
            texts = (
                several
                if not any(is_lone)
                else [
                    term.lemmas[0] if many else text
                    for text, term, many in zip(texts, terms, is_many, strict=True)
                ]
            )
        return {term.lemmas: text for term, text in zip(terms, texts, strict=True)}

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

    def _alone(self, term: Term, members: Sequence[int], *, is_of_several: bool = False) -> str:
        """Write a term of one word that is joined to no other."""
        lemma = term.lemmas[0]
        column = self._column_of[lemma]
        head = self._column_of.get(next(reversed(self._parts.get(lemma, ())), ""))
        return written(self.words, column, term.text, members, head, is_of_several=is_of_several)

    def _candidates(self, members: Sequence[int]) -> list[_Candidate]:
        """Return the words that may head a group: nouns that mean what its reports are about."""
        terms = [term for term in self._namer.terms(members) if term.is_naming]
        terms = [term for term in terms if self._may_head(term)]
        if not terms:
            return []
        columns = np.array([self._column_of[term.lemmas[-1]] for term in terms])
        nearness = self._nearness(self._meanings[columns], members)
        is_noun = [self.words.pos[column] == "NOUN" for column in columns]
        is_half = np.array([_is_of_half(term, len(members)) for term in terms]) & is_noun
        is_plain = is_half & (nearness * [term.lift for term in terms] >= _PLAIN)
        is_near = (nearness >= _MIN_NEARNESS) | is_plain
        nearness = np.where(is_plain, np.maximum(nearness, _MIN_NEARNESS), nearness)
        likeness = self._meanings[columns[is_near]] @ self._known_meanings.T
        needed = min(_MIN_LIFT, (1 + self._uses.shape[0] / len(members)) / 2)
        found = []
        for place, like in zip(np.flatnonzero(is_near), likeness, strict=True):
            reach = self._reach(columns[place], like)
            lift = reach[list(members)].mean() / reach.mean()
            if is_plain[place] and lift < needed:
                lift = terms[place].lift
            own = reach[list(members)]
            n_with = len(terms[place].rows)
            share = n_with / len(members)
            is_had = share >= _MIN_SHARE or (share >= _FEW_SHARE and n_with >= _MIN_REPORTS)
            if lift >= needed and is_had:
                weight = nearness[place] * math.log(lift) * self._rarity[columns[place]] ** 2
                parts = self._parts.get(terms[place].lemmas[-1], ())
                found.append(_Candidate(terms[place], own, float(weight), parts, share))
        return found

    def _may_head(self, term: Term) -> bool:
        """Say whether a term is a word that Finnish knows, and more than a person or a stand-in."""
        lemma = term.lemmas[-1]
        is_empty = is_person(lemma.lower()) or lemma.lower() in VAGUE or lemma.endswith(_OF_OTHERS)
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


def _is_of_half(term: Term, n_members: int) -> bool:
    """Say whether half of the reports have a word, three at least and of more than three."""
    return n_members > _MIN_HALF and len(term.rows) >= max(_MIN_HALF, n_members / 2)


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
    return _n_alike(one, other) >= max(_MIN_STEM, _STEM_SHARE * min(len(one), len(other)))


def _is_of(one: str, other: str) -> bool:
    """Say whether two words are derived of each other: *vamma* and *vammainen*."""
    return _n_alike(one, other) >= max(_MIN_STEM, _DERIVED_SHARE * max(len(one), len(other)))


def _n_alike(one: str, other: str) -> int:
    """Count the letters that begin both words."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in alike)
