"""Choose among the candidate readings of a word with learnt weights.

The choice looks at the word alone, never at its neighbours: with the training data there is for
Finnish, context was measured to add nothing, and a choice by word can be remembered. Weights are
learnt by an averaged perceptron (Collins 2002, doi:10.3115/1118693.1118694) that ranks readings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.lemmatise.candidates import Reading
from pipeline.lemmatise.choice_weights import (
    BELOW_TOP,
    BESIDE,
    MORE_PARTS,
    ORDERS,
    UNSEEN,
    ChoiceWeights,
    lay_out,
    share_feature,
)

LOWER, CAPITAL, FIRST, UPPER = "l", "c", "i", "U"
"""States of a word: lower case, a capital, a capital where any word has one, all capitals."""

_NOTHING: dict[str, float] = {}


class _Grammar(NamedTuple):
    """What a reading's inflection is worth, and how weights of words beside it are looked up."""

    score: float
    if_same: float
    if_other: float
    of_ending: str
    of_tail: str


def case_state(form: str, is_first: bool) -> str:
    """Say what the capitals of a word tell, given whether it opens a sentence.

    Examples
    --------
    >>> case_state("Kela", is_first=False), case_state("Kela", is_first=True)
    ('c', 'i')
    """
    if not form[:1].isupper():
        return LOWER
    if len(form) > 1 and form.isupper():
        return UPPER
    return FIRST if is_first else CAPITAL


@dataclass(frozen=True)
class Chooser:
    """Learnt preferences between readings.

    Attributes
    ----------
    weights : mapping of str to float
        Weight of each feature.
    forms : mapping of str to mapping of str to int
        Word form to the lemmas it had in the training data, with counts.
    prior : mapping of str to int
        Lemma of a simple word to the logarithm of its expected frequency, 0 = rare or unseen.
    aliases : mapping of str to sequence of str
        Voikko's dictionary form of a simple word to others in use: *markkina* to *markkinat*.
    """

    weights: Mapping[str, float]
    forms: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    prior: Mapping[str, int] = field(default_factory=dict)
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _by_grammar: dict[tuple[str, ...], _Grammar] = field(
        default_factory=dict, init=False, repr=False
    )
    _tables: ChoiceWeights = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay the weights out for choosing."""
        object.__setattr__(self, "_tables", lay_out(self.weights))  # the class is frozen

    def widen(self, form: str, readings: Sequence[Reading], skip: str = "") -> Sequence[Reading]:
        """Add the lemmas that the form, or a compound's last part, had in the training data.

        Parameters
        ----------
        form : str
            Word form in lower case.
        readings : sequence of Reading
        skip : str
            In training, the lemma of this very token: one occurrence of it does not count.
        """
        learnt_of_form = self.forms.get(form)
        if learnt_of_form is None and len(readings) == 1:
            only = readings[0]
            if only.n_parts < 2 and only.key not in self.aliases:
                return readings
        others = self._from_parts(form, readings)
        if learnt_of_form is None and not others:
            return readings
        learnt = [
            Reading(lemma, lemma, "X", "x", "x", 1, 9)
            for lemma, count in (learnt_of_form or {}).items()
            if count > (lemma == skip)
        ]
        wide = list(readings)
        have = {reading.key for reading in readings}
        for reading in (*learnt, *others):
            if reading.key not in have:
                have.add(reading.key)
                wide.append(reading)
        return wide

    def _from_parts(self, form: str, readings: Sequence[Reading]) -> list[Reading]:
        """Return readings with what was learnt of the last part of the word."""
        forms, aliases = self.forms, self.aliases
        found = []
        for reading in readings:
            if reading.n_parts < 2:
                for other in aliases.get(reading.key, ()):
                    found.append(_renamed(reading, other, "a"))
                continue
            tail, tail_lemma = last_part(form, reading)
            first = form[: len(form) - len(tail)]
            for other in aliases.get(tail_lemma, ()):
                found.append(_renamed(reading, first + other, "a"))
            cut = tail_start(reading.structure)
            for lemma in forms.get(form[cut:], ()):
                found.append(_renamed(reading, form[:cut] + lemma, "y"))
        return found

    def choose(self, form: str, state: str, readings: Sequence[Reading]) -> Reading:
        """Return the best of at least one reading; the earlier one wins a tie."""
        first = readings[0].key
        if len(readings) == 1 or all([reading.key == first for reading in readings]):
            return readings[0]
        known = self._by_grammar
        orders, more_parts, below_top, shares, endings, lemmas_of, tags_of, lemmas = self._tables
        parts = [
            last_part(form, reading) if reading.n_parts > 1 else (form, reading.key)
            for reading in readings
        ]
        priors = [self.prior.get(lemma, 0) for _, lemma in parts]
        top = max(priors)
        fewest = min([reading.n_parts for reading in readings])
        of_ending = endings.get(form[-4:], _NOTHING)
        seen = self.forms.get(form)
        n_seen = sum(seen.values()) if seen else 0
        share = shares[UNSEEN]
        best, best_score = readings[0], float("-inf")
        for i, (tail, lemma) in enumerate(parts):
            _, key, pos, tag, kind, n_parts, order, _, _ = reading = readings[i]
            grammar = known.get((state, tag, kind, pos)) or self._grammar(state, reading)
            score, if_same, if_other, by_ending, by_tail = grammar
            if n_seen and seen:
                share = shares[share_feature(seen.get(key, 0), n_seen)]
            score += orders[order]
            score += more_parts[n_parts - fewest]
            score += if_same if key == form else if_other
            score += below_top[top - priors[i]]
            score += of_ending.get(by_ending, 0.0)
            score += share
            score += lemmas_of[tail].get(lemma, 0.0) if tail in lemmas_of else 0.0
            score += tags_of[tail].get(by_tail, 0.0) if tail in tags_of else 0.0
            score += lemmas.get(lemma, 0.0)
            if score > best_score:
                best, best_score = reading, score
        return best

    def _grammar(self, state: str, reading: Reading) -> _Grammar:
        """Add up what a reading's inflection is worth, and remember it."""
        get, tag, kind = self.weights.get, reading.tag, reading.kind
        word_class = tag[: tag.find("|")]
        found = self._by_grammar[state, tag, kind, reading.pos] = _Grammar(
            sum(get(name, 0.0) for name in grammar_features(state, reading)),
            get(f"=True{word_class}", 0.0),
            get(f"=False{word_class}", 0.0),
            kind + word_class,
            tag + kind,
        )
        return found

    def features(
        self, form: str, state: str, readings: Sequence[Reading], skip: str = ""
    ) -> list[list[str]]:
        """Describe each reading by the features that weights are learnt for.

        Parameters
        ----------
        form : str
            Word form in lower case.
        state : str
            One of ``l c i U``, see :func:`case_state`.
        readings : sequence of Reading
        skip : str
            As in :meth:`widen`.

        Returns
        -------
        list of list of str
            One list a reading.
        """
        return [
            [*grammar_features(state, reading), *names]
            for reading, names in self._word_features(form, readings, skip)
        ]

    def _word_features(
        self, form: str, readings: Sequence[Reading], skip: str
    ) -> list[tuple[Reading, tuple[str, ...]]]:
        """Describe each reading by the word itself and by what the other readings are."""
        tails = [
            last_part(form, reading) if reading.n_parts > 1 else (form, reading.key)
            for reading in readings
        ]
        priors = [self.prior.get(lemma, 0) for _, lemma in tails]
        top = max(priors)
        fewest = min([reading.n_parts for reading in readings])
        seen = self.forms.get(form)
        n_seen = sum(seen.values()) - (skip != "") if seen else 0
        ending = "t" + form[-4:]
        share = UNSEEN
        described: list[tuple[Reading, tuple[str, ...]]] = []
        for reading, (tail, tail_lemma), prior in zip(readings, tails, priors, strict=True):
            _, key, _, tag, kind, n_parts, order, _, _ = reading
            word_class = tag[: tag.find("|")]
            if n_seen > 0 and seen:
                count = seen.get(key, 0) - (key == skip)
                share = share_feature(count, n_seen)
            names = (
                ORDERS[order],
                MORE_PARTS[n_parts - fewest],
                f"={key == form}{word_class}",
                BELOW_TOP[top - prior],
                f"{ending}{BESIDE}{kind}{word_class}",
                share,
                f"w{tail}{BESIDE}{tail_lemma}",
                f"v{tail}{BESIDE}{tag}{kind}",
                "l" + tail_lemma,
            )
            described.append((reading, names))
        return described


def _renamed(reading: Reading, lemma: str, kind: str) -> Reading:
    """Return a reading with another lemma."""
    return reading._replace(lemma=lemma, key=lemma, kind=kind)


def grammar_features(state: str, reading: Reading) -> tuple[str, ...]:
    """Describe how the word is bent under a reading; the same for many words."""
    tag, kind = reading.tag, reading.kind
    return (
        f"c{tag[: tag.find('|')]}{kind}",
        "k" + kind,
        "g" + tag + kind,
        f"P{state}{reading.pos == 'PROPN'}",
    )


def tail_start(structure: str) -> int:
    """Return where the last part of a compound begins in the word, from Voikko's STRUCTURE.

    Examples
    --------
    >>> tail_start("=ppppp-=pppp"), tail_start("=pppp")
    (6, 0)
    """
    last = structure.rfind("=")
    return last - structure.count("=", 0, last) if last > 0 else 0


def last_part(form: str, reading: Reading) -> tuple[str, str]:
    """Return the last part of the word and its lemma; the whole of both for a simple word."""
    if reading.n_parts > 1:
        cut = tail_start(reading.structure)
        if 0 < cut < len(form) and reading.key.startswith(form[:cut]):
            return form[cut:], reading.key[cut:]
    return form, reading.key
