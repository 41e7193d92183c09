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

    def widen(self, form: str, readings: Sequence[Reading], skip: str = "") -> list[Reading]:
        """Add the lemmas that the form, or a compound's last part, had in the training data.

        Parameters
        ----------
        form : str
            Word form in lower case.
        readings : sequence of Reading
        skip : str
            In training, the lemma of this very token: one occurrence of it does not count.
        """
        if len(readings) == 1 and form not in self.forms:
            only = readings[0]
            if only.n_parts < 2 and only.key not in self.aliases:
                return list(readings)
        wide = list(readings)
        have = {reading.key for reading in readings}
        learnt = [
            Reading(lemma, lemma, "X", "x", "x", 1, 9)
            for lemma, count in self.forms.get(form, {}).items()
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
        if len(readings) == 1 or len({reading.key for reading in readings}) < 2:
            return readings[0]
        weights = self.weights
        best, best_score = readings[0], float("-inf")
        for reading, names in zip(readings, self.features(form, state, readings), strict=True):
            score = 0.0
            for name in names:
                score += weights.get(name, 0.0)
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
        tails = [last_part(form, reading) for reading in readings]
        priors = [self.prior.get(lemma, 0) for _, lemma in tails]
        top = max(priors)
        fewest = min(reading.n_parts for reading in readings)
        seen = self.forms.get(form, {})
        n_seen = sum(seen.values()) - (skip != "")
        described = []
        for reading, (tail, tail_lemma), prior in zip(readings, tails, priors, strict=True):
            kind, tag = reading.kind, reading.tag
            word_class = tag[: tag.find("|")]
            grammar = tag + kind
            count = seen.get(reading.key, 0) - (reading.key == skip)
            share = f"{round(4 * count / n_seen)}/{min(n_seen, 3)}" if n_seen > 0 else "-"
            described.append(
                [
                    f"o{min(reading.order, 3)}",
                    f"c{word_class}{kind}",
                    "k" + kind,
                    "g" + grammar,
                    f"p{min(reading.n_parts - fewest, 2)}",
                    f"P{state}{reading.pos == 'PROPN'}",
                    f"={reading.key == form}{word_class}",
                    f"e{min(_FAR, top - prior)}",
                    f"t{form[-4:]}{kind}{word_class}",
                    "L" + share,
                    f"w{tail}>{tail_lemma}",
                    f"v{tail}{grammar}",
                    "l" + tail_lemma,
                ]
            )
        return described


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
