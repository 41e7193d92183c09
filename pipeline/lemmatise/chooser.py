"""Choose among the candidate readings of a word with learnt weights.

The choice looks at the word alone, never at its neighbours: with the training data there is for
Finnish, context was measured to add nothing, and a choice by word can be remembered. Weights are
learnt by an averaged perceptron (Collins 2002, doi:10.3115/1118693.1118694) that ranks readings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.lemmatise.candidates import Reading

LOWER, CAPITAL, FIRST, UPPER = "l", "c", "i", "U"
"""States of a word: lower case, a capital, a capital where any word has one, all capitals."""

_FAR = 8
_MOST = 256
_ORDERS = tuple(f"o{min(i, 3)}" for i in range(_MOST))
_MORE_PARTS = tuple(f"p{min(i, 2)}" for i in range(_MOST))
_BELOW_TOP = tuple(f"e{min(i, _FAR)}" for i in range(_MOST))


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
    _by_grammar: dict[tuple[str, ...], float] = field(default_factory=dict, repr=False)

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
        wide = list(readings)
        have = {reading.key for reading in readings}
        learnt = [
            Reading(lemma, lemma, "X", "x", "x", 1, 9)
            for lemma, count in (learnt_of_form or {}).items()
            if count > (lemma == skip)
        ]
        for reading in (*learnt, *self._from_parts(form, readings)):
            if reading.key not in have:
                have.add(reading.key)
                wide.append(reading)
        return wide

    def _from_parts(self, form: str, readings: Sequence[Reading]) -> Iterator[Reading]:
        """Yield readings with what was learnt of the last part of the word."""
        for reading in readings:
            tail, tail_lemma = last_part(form, reading)
            first = form[: len(form) - len(tail)]
            for other in self.aliases.get(tail_lemma, ()):
                yield reading._replace(lemma=first + other, key=first + other, kind="a")
            if reading.n_parts > 1:
                cut = tail_start(reading.structure)
                for lemma in self.forms.get(form[cut:], {}):
                    whole = form[:cut] + lemma
                    yield reading._replace(lemma=whole, key=whole, kind="y")

    def choose(self, form: str, state: str, readings: Sequence[Reading]) -> Reading:
        """Return the best of at least one reading; the earlier one wins a tie."""
        first = readings[0].key
        if len(readings) == 1 or all([reading.key == first for reading in readings]):
            return readings[0]
        weights, known = self.weights, self._by_grammar
        best, best_score = readings[0], float("-inf")
        for reading, names in self._word_features(form, readings, ""):
            grammar = (state, reading.tag, reading.kind, reading.pos)
            score = known.get(grammar)
            if score is None:
                score = sum(weights.get(name, 0.0) for name in grammar_features(state, reading))
                known[grammar] = score
            for name in names:
                if name in weights:
                    score += weights[name]
            if score > best_score:
                best, best_score = reading, score
        return best

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
        share = "L-"
        described: list[tuple[Reading, tuple[str, ...]]] = []
        for reading, (tail, tail_lemma), prior in zip(readings, tails, priors, strict=True):
            _, key, _, tag, kind, n_parts, order, _, _ = reading
            word_class = tag[: tag.find("|")]
            if n_seen > 0 and seen:
                count = seen.get(key, 0) - (key == skip)
                share = f"L{round(4 * count / n_seen)}/{min(n_seen, 3)}"
            names = (
                _ORDERS[order],
                _MORE_PARTS[n_parts - fewest],
                f"={key == form}{word_class}",
                _BELOW_TOP[top - prior],
                f"{ending}{kind}{word_class}",
                share,
                f"w{tail}>{tail_lemma}",
                f"v{tail}{tag}{kind}",
                "l" + tail_lemma,
            )
            described.append((reading, names))
        return described


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
