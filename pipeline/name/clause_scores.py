"""Score clauses by how well each speaks for the other members of a group."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.cluster.content_words import Words
from pipeline.cluster.corpus import Corpus
from pipeline.cluster.empty_words import GENERIC, PERSONS
from pipeline.lemmatise.protocol import CONTENT_POS
from pipeline.name.clauses import Clause
from pipeline.name.headings import Headings
from pipeline.vectors import unit

N_OTHERS = 1500
"""Reports beside the members that a sentence is asked to tell the members from."""

_LIFT_WEIGHT = 0.5
_SHARED_WEIGHT = 0.2
_CENTRE_WEIGHT = 0.8
_SAID_WEIGHT = 0.6
"""What a clause gains that says a word of the name, so that the two tell of one thing."""
_NEARNESS_WEIGHT, _MOST_NEAR = 0.5, 3.0
_LEANING = 0.15
_FIRST_PERSON = 0.15
_NAME = 0.15
_NO_SUBJECT = 0.1
_UNKNOWN = 0.1
_NUMBER = 0.1
_OF_ONE_PERSON = 0.3
_ANYBODY = (
    "aikuinen",
    "asiakas",
    "asukas",
    "henkilö",
    "ihminen",
    "kuntalainen",
    "lapsi",
    "läheinen",
    "nuori",
    "omainen",
    "potilas",
    "vanhempi",
)
_ONE_PERSON = PERSONS - set(_ANYBODY)
"""Lemmas of the one whom a report tells of: a clause about them tells of that report alone."""
_LACKS_OBJECT = 0.6
_NEEDS_OBJECT = frozenset(
    (
        *("antaa", "ehdottaa", "etsiä", "haluta", "hankkia", "hoitaa", "jakaa", "järjestää"),
        *("keksiä", "kertoa", "keskeyttää", "kieltää", "korvata", "käyttää", "lainata"),
        *("lopettaa", "luvata", "lähettää", "löytää", "maksaa", "mainita", "menettää", "muistaa"),
        *("myöntää", "nähdä", "odottaa", "ostaa", "ottaa", "palauttaa", "pelätä", "pitää", "saada"),
        *("saattaa", "sanoa", "sulkea", "suositella", "tarjota", "tarkoittaa", "tarvita", "tehdä"),
        *("tietää", "toivoa", "tuntea", "tuoda", "valita", "vaatia", "viedä"),
    )
)
"""Verbs that leave a clause open without an object."""
_FULL_LIFT = 3.0
"""Natural logarithm of the lift that counts as one: a word twenty times as common inside."""

Floats = NDArray[np.float64]


class Token(NamedTuple):
    """A word of a report's text; offsets in code points of that text."""

    start: int
    end: int
    lemma: str
    pos: str
    is_known: bool
    parts: Sequence[str] = ()


class Sentence(NamedTuple):
    """A sentence that may be quoted.

    Attributes
    ----------
    report_id : str
    text : str
    start : int
        Where it begins in the report's text.
    tokens : sequence of Token
    """

    report_id: str
    text: str
    start: int
    tokens: Sequence[Token]


class Scorer:
    """Scores sentences and clauses of one corpus.

    Parameters
    ----------
    corpus : Corpus
    headings : Headings
        Tells how near words are to what reports are about.
    seed : int
        Of the sample of reports that a large corpus is represented by.
    """

    def __init__(self, corpus: Corpus, headings: Headings, seed: int) -> None:
        self.corpus = corpus
        self._headings = headings
        self._seed = seed
        self._held: tuple[tuple[int, ...], NDArray[np.int64]] = (), np.zeros(0, dtype=np.int64)

    @property
    def words(self) -> Words:
        """The content words of the reports."""
        return self._headings.words

    @cached_property
    def _column_of(self) -> dict[str, int]:
        return {lemma: i for i, lemma in enumerate(self.words.lemmas)}

    @cached_property
    def _totals(self) -> NDArray[np.int64]:
        uses = self.words.uses
        return np.bincount(uses.indices, minlength=uses.shape[1])

    @cached_property
    def _sample(self) -> NDArray[np.int64]:
        """Reports that stand for all."""
        n_reports = len(self.corpus.report_ids)
        if n_reports <= N_OTHERS:
            return np.arange(n_reports)
        rng = np.random.default_rng(self._seed)
        return np.sort(rng.choice(n_reports, N_OTHERS, replace=False))

    @cached_property
    def _sentences_of(self) -> list[NDArray[np.int64]]:
        """Rows of each report's own sentences."""
        first = np.flatnonzero(~self.corpus.sentences.is_copy)
        owners = self.corpus.sentences.owners[first]
        order = first[np.argsort(owners, kind="stable")]
        ends = np.cumsum(np.bincount(owners, minlength=len(self.corpus.report_ids)))
        return np.split(order, ends[:-1])

    def central(self, members: Sequence[int], n: int) -> list[tuple[int, float]]:
        """Return the sentences of a group that lie nearest its middle, with their cosines to it.

        Parameters
        ----------
        members : sequence of int
            Rows of its reports.
        n : int
            Most sentences.

        Returns
        -------
        list of (int, float)
            Rows of sentences, nearest first; at most four of one report.
        """
        rows = np.concatenate([self._sentences_of[member] for member in members])
        if not len(rows):
            return []
        centre = unit(self.corpus.vectors[list(members)].mean(axis=0, keepdims=True))[0]
        cosines = self.corpus.sentences.vectors[rows] @ centre
        taken: dict[int, int] = {}
        chosen: list[tuple[int, float]] = []
        for i in np.argsort(-cosines, kind="stable"):
            owner = int(self.corpus.sentences.owners[rows[i]])
            taken[owner] = taken.get(owner, 0) + 1
            if taken[owner] <= 4:
                chosen.append((int(rows[i]), float(cosines[i])))
            if len(chosen) == n:
                break
        return chosen

    def finds_others(self, sentences: Sequence[int], members: Sequence[int]) -> Floats:
        """Return how well each sentence finds the other members among all reports.

        Parameters
        ----------
        sentences : sequence of int
            Rows of sentences of members.
        members : sequence of int

        Returns
        -------
        ndarray of shape (n_sentences,)
            Average precision, 0-1, of the reports ordered by their sentence nearest to this one;
            the report it stands in is left out. Of a large corpus a sample stands for the others.
        """
        reports = np.union1d(self._sample, np.array(members, dtype=np.int64))
        rows = [self._sentences_of[report] for report in reports]
        lengths = np.array([len(own) for own in rows])
        reports, lengths = reports[lengths > 0], lengths[lengths > 0]
        vectors = self.corpus.sentences.vectors
        cosines = vectors[list(sentences)] @ vectors[np.concatenate(rows)].T
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        best = np.maximum.reduceat(cosines, starts, axis=1)
        is_member = np.isin(reports, list(members))
        found = np.zeros(len(sentences))
        for i, row in enumerate(sentences):
            other = reports != self.corpus.sentences.owners[row]
            hits = is_member[other][np.argsort(-best[i][other], kind="stable")]
            if hits.any():
                ranks = np.flatnonzero(hits) + 1
                found[i] = float(np.mean(np.arange(1, len(ranks) + 1) / ranks))
        return found

    def shared(
        self, lemmas: Iterable[str], owner: int, members: Sequence[int]
    ) -> tuple[float, float]:
        """Return how telling the words of a clause are that other members have too.

        Parameters
        ----------
        lemmas : iterable of str
            Content lemmas of the clause.
        owner : int
            Row of its report.
        members : sequence of int

        Returns
        -------
        lift, share : float
            Mean over the words that other members have of share of them times log lift, in thirds,
            and the share (0-1) of the words that others have.
        """
        columns = [self._column_of[lemma] for lemma in lemmas if lemma in self._column_of]
        others = [member for member in members if member != owner]
        if not columns or not others:
            return 0.0, 0.0
        own = np.isin(columns, self._columns_of_report(owner))
        inside = self._held_by(members)[columns] - (own & (len(others) < len(members)))
        n_reports = self.words.uses.shape[0]
        lifts = np.log(np.maximum(inside, 1) / len(others) * n_reports / self._totals[columns])
        held = inside > 0
        if not held.any():
            return 0.0, 0.0
        telling = np.clip(lifts[held] / _FULL_LIFT, 0, 1) * np.sqrt(inside[held] / len(others))
        return float(telling.max() * 0.5 + telling.mean() * 0.5), float(held.mean())

    def _held_by(self, members: Sequence[int]) -> NDArray[np.int64]:
        """Return how many members have each lemma; the last group's are kept."""
        key = tuple(members)
        if self._held[0] != key:
            rows = [self._columns_of_report(member) for member in key]
            counts = np.bincount(np.concatenate(rows), minlength=len(self.words.lemmas))
            self._held = key, counts
        return self._held[1]

    def _columns_of_report(self, report: int) -> NDArray[np.int32]:
        """Return the lemmas of a report, as columns."""
        uses = self.words.uses
        return np.asarray(uses.indices[uses.indptr[report] : uses.indptr[report + 1]])

    def score(
        self,
        sentence: Sentence,
        row: int,
        clause: Clause,
        members: Sequence[int],
        words: str,
        evidence: tuple[float, float],
    ) -> tuple[float, float]:
        """Score a clause.

        Parameters
        ----------
        sentence : Sentence
            Where it stands.
        row : int
            Row of that sentence.
        clause : Clause
        members : sequence of int
            Rows of the group's reports.
        words : str
            The words of the group's name.
        evidence : (float, float)
            Precision and cosine of the sentence (:meth:`finds_others`, :meth:`central`).

        Returns
        -------
        score : float
            Up to some 4: the precision, half the lift of its words, a fifth of the share of its
            words that others have, .8 of the cosine, .6 for saying a word of the name, and half
            of how near its words are to what the others are about (at most 1.5), less what makes
            it stand alone badly.
        common : float
            Share, 0-1, of its content words that others have, without those at home anywhere.
        """
        start, end = sentence.start + clause.start, sentence.start + clause.end
        held = [one for one in sentence.tokens if start <= one.start and one.end <= end]
        lemmas = frozenset(one.lemma for one in held if one.pos in CONTENT_POS)
        n_unknown = sum(not one.is_known and one.pos != "PROPN" for one in held)
        owner = int(self.corpus.sentences.owners[row])
        in_order = sorted(lemmas)  # a set's order, and so the last digit of a sum, is the process's
        lift, share = self.shared(in_order, owner, members)
        precision, cosine = evidence
        gain = precision + _LIFT_WEIGHT * lift + _SHARED_WEIGHT * share + _CENTRE_WEIGHT * cosine
        said = lemmas.union(*(one.parts for one in held))
        gain += _SAID_WEIGHT * bool(self._lemmas_of(words) & {lemma.lower() for lemma in said})
        others = [member for member in members if member != owner]
        near = self._headings.nearness(in_order, others)
        gain += _NEARNESS_WEIGHT * float(np.clip(near, 0, _MOST_NEAR))
        is_of_one = not lemmas.isdisjoint(_ONE_PERSON)
        telling = [lemma for lemma in in_order if lemma.lower() not in GENERIC]
        common = self.shared(telling, owner, members)[1]
        lacks = _LACKS_OBJECT * (not clause.has_object and not _NEEDS_OBJECT.isdisjoint(lemmas))
        return gain - penalty(clause, n_unknown) - lacks - _OF_ONE_PERSON * is_of_one, common

    def _lemmas_of(self, words: str) -> set[str]:
        """Return the lemmas, in lower case, that the words of a name may stand for."""
        terms = [term.split()[-1] for term in words.lower().split(", ") if term]
        columns = {column for term in terms for column in self._columns_of_form.get(term, ())}
        return {self.words.lemmas[column].lower() for column in columns}

    def reach(self, words: str, members: Sequence[int]) -> float:
        """Return the share (0-1) of a group's reports that have a word of a name."""
        columns = [
            column
            for term in words.lower().split(", ")
            if term
            for column in self._columns_of_form.get(term.split()[-1], ())
        ]
        if not columns:
            return 0.0
        return float((self.words.uses[list(members)][:, columns].sum(axis=1) > 0).mean())

    @cached_property
    def _columns_of_form(self) -> dict[str, set[int]]:
        """The lemmas that a form or lemma, in lower case, may stand for."""
        found: dict[str, set[int]] = {}
        for column, lemma in enumerate(self.words.lemmas):
            forms = self.words.usage(column)[0]
            for form in {lemma.lower(), *(form.lower() for form in forms)}:
                found.setdefault(form, set()).add(column)
                if form.endswith("n"):  # a plural may be made of the genitive
                    found.setdefault(f"{form[:-1]}t", set()).add(column)
        return found


def penalty(clause: Clause, n_unknown: int) -> float:
    """Return what is taken off the score of a clause that stands alone badly."""
    return (
        _LEANING * min(clause.n_leaning, 2)
        + _FIRST_PERSON * clause.is_first_person
        + _NAME * min(clause.n_names, 2)
        + _NO_SUBJECT * (not clause.has_subject)
        + _UNKNOWN * min(n_unknown, 2)
        + _NUMBER * min(clause.n_numbers, 2)
    )
