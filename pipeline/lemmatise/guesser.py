"""Guess the dictionary form of a word that Voikko does not know.

Endings are exchanged by rules read off the words Voikko does know (``-ksen`` becomes ``-s``), and
learnt weights rank the guesses by how usual the rule is after those letters, by how often the guess
itself, or other forms of it, are written, and by capitals. Names and new words are written in their
basic form often enough for that to help.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

from pipeline.lemmatise.candidates import Reading

MAX_SUFFIX = 6
"""Longest ending, in letters, that rules are looked up by."""

_VOWELS = frozenset("aeiouyäöå")
_LINKED = ("ista", "issa", "illa", "ilta", "ille", "iksi", "ina", "itta", "iin", "in", "ia", "it")
_MIN_STEM = 2
_MIN_TAIL = 4
_RARE = 2.0**-10


class Guess(NamedTuple):
    """One guess at the dictionary form of an unknown word.

    Attributes
    ----------
    lemma : str
        In lower case.
    rule : str
        What was done: ``"2+s"`` took two letters off and put *s* on.
    share : float
        How usual the rule is after this ending, 0-1.
    source : str
        ``r`` rule, ``t`` known last part of a compound, ``-`` as written.
    pos : str
        UPOS tag of the words the rule comes from, or of the last part.
    """

    lemma: str
    rule: str
    share: float
    source: str
    pos: str


@dataclass(frozen=True)
class Guesser:
    """Learnt rules and weights for unknown words.

    Attributes
    ----------
    rules : mapping of str to mapping of str to int
        Ending of a word to the rules it took among known words, with counts.
    written : mapping of str to int
        Unknown words that are often written, with the logarithm of how often.
    bases : mapping of str to int
        Guessed dictionary forms, with the logarithm of how often any form of them is written.
    weights : mapping of str to float
        Weight of each feature.
    """

    rules: Mapping[str, Mapping[str, int]]
    written: Mapping[str, int]
    bases: Mapping[str, int]
    weights: Mapping[str, float]

    def guesses(self, form: str, tails: Callable[[str], Sequence[Reading]]) -> list[Guess]:
        """Return every guess worth weighing; the word as written is always among them.

        Parameters
        ----------
        form : str
            Word form in lower case.
        tails : callable
            Gives the readings of a word, to recognise the known last part of a compound.
        """
        shares: dict[str, float] = {}
        left = 1.0
        for n in range(min(MAX_SUFFIX, len(form)), 0, -1):
            found = self.rules.get(form[-n:])
            if not found:
                continue
            total = sum(found.values())
            for rule, count in found.items():
                shares[rule] = shares.get(rule, 0.0) + left * count / total
            left *= 2.0 / (2.0 + total)
            if left < _RARE:
                break
        made = {form: Guess(form, "0+", shares.pop("0+|NOUN", 0.0), "-", "NOUN")}
        for rule, share in shares.items():
            n_off, _, rest = rule.partition("+")
            put_on, _, pos = rest.partition("|")
            cut = len(form) - int(n_off)
            lemma = form[:cut] + put_on
            if cut >= _MIN_STEM and (lemma not in made or made[lemma].share < share):
                made[lemma] = Guess(lemma, f"{n_off}+{put_on}", share, "r", pos)
        for ending in _LINKED:
            stem = form[: -len(ending)]
            if form.endswith(ending) and len(stem) > _MIN_STEM and stem[-1] not in _VOWELS:
                made.setdefault(stem, Guess(stem, f"{len(ending)}+", 0.0, "r", "NOUN"))
        made.update((guess.lemma, guess) for guess in _compounds(form, tails))
        return list(made.values())

    def choose(self, form: str, state: str, tails: Callable[[str], Sequence[Reading]]) -> Guess:
        """Return the best guess for a word form in lower case, see :meth:`guesses`."""
        weights = self.weights

        def score(guess: Guess) -> float:
            return sum(weights.get(name, 0.0) for name in self.features(form, state, guess))

        return max(self.guesses(form, tails), key=score)

    def features(self, form: str, state: str, guess: Guess) -> list[str]:
        """Describe one guess by the features that weights are learnt for."""
        lemma, rule, source = guess.lemma, guess.rule, guess.source
        share = "0" if guess.share < _RARE else str(round(log2(guess.share)))
        written = self.written.get(lemma, 0)
        own = self.written.get(form, 0)
        return [
            "r" + rule,
            f"h{share}{source}",
            f"R{rule}{state}",
            f"s{source}{state}",
            f"w{written}{source}",
            f"d{max(-6, min(6, written - own))}{source}{state}"
            if written or own
            else "d-" + source,
            f"b{self.bases.get(lemma, 0)}{source}",
            f"e{form[-3:]}>{rule}",
            f"E{form[-2:]}>{rule}",
            "l" + lemma[-2:] + source,
            "L" + lemma[-3:],
            f"n{min(len(lemma), 6)}{source}",
        ]


def _compounds(form: str, tails: Callable[[str], Sequence[Reading]]) -> list[Guess]:
    """Return guesses whose last part is a known word that bends, longest part only."""
    for cut in range(3, len(form) - _MIN_TAIL + 1):
        found = [
            reading
            for reading in tails(form[cut:])
            if reading.pos in ("NOUN", "ADJ", "VERB") and reading.kind in "bvsm"
        ]
        if found:
            found = [reading for reading in found if reading.kind == "m"] or found
            fewest = min(reading.n_parts for reading in found)
            size = min(len(form) - cut, 8)
            return [
                Guess(
                    form[:cut] + reading.key,
                    f"t{size}",
                    1.0,
                    "t",
                    "NOUN" if reading.kind == "m" else reading.pos,
                )
                for reading in found
                if reading.n_parts == fewest
            ]
    return []
