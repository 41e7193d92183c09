"""Which sentences say what a name says: by the words of the name and the terms behind it."""

import re
from collections.abc import Iterable, Mapping

from pipeline.report.material import Material

_TERM_WEIGHT = 0.2
"""What a term counts for beside a word of the name itself."""
_PART_WEIGHT = 0.5
"""What a word counts for that is said only as a part of a compound."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name, in lower case.

    Examples
    --------
    >>> name_words("psykiatrinen hoito, TE-toimisto")
    ('psykiatrinen', 'hoito', 'te-toimisto')
    """
    return tuple(dict.fromkeys(word.lower() for word in _WORD.findall(name)))


class Telling:
    """Score sentences that may be quoted by how much of a name they say.

    A word of a name is said by a sentence that has it in any form.

    Parameters
    ----------
    material : Material
    """

    def __init__(self, material: Material) -> None:
        sentences = set(material.quotable["segment_id"])
        tokens = material.tables.tokens
        self._lemmas: dict[str, set[str]] = {}
        self._said: dict[str, set[str]] = {}
        self._parts: dict[str, set[str]] = {}
        columns = [tokens[name] for name in ("segment_id", "form", "lemma", "parts")]
        wanted = _words_of_names(material)
        for segment_id, form, lemma, parts in zip(*columns, strict=True):
            form, lemma = form.lower(), lemma.lower()
            if form in wanted:
                self._lemmas.setdefault(form, set()).add(lemma)
            if segment_id in sentences:
                self._said.setdefault(segment_id, set()).update((form, lemma))
                self._parts.setdefault(segment_id, set()).update(part.lower() for part in parts)

    def scores(
        self, name: str, terms: Iterable[str], carried: Mapping[str, float]
    ) -> dict[str, float]:
        """Score the sentences that carry a topic or say a word of its name.

        Parameters
        ----------
        name : str
        terms : iterable of str
            Further words of the topic.
        carried : mapping of str to float
            How strongly each sentence carries the topic, 0-1; empty when it lies in none.

        Returns
        -------
        dict of str to float
            Words of the name said, half for one in a compound, a fifth for each further term, and
            the strength.
        """
        named = [self._forms_of(word) for word in name_words(name)]
        others = [self._forms_of(w) for t in terms for w in name_words(t)]
        others = [forms for forms in others if forms not in named]
        scores = {}
        for segment_id in self._said:
            told = self._told(segment_id, named)
            if told or segment_id in carried:
                told += _TERM_WEIGHT * self._told(segment_id, others)
                scores[segment_id] = told + carried.get(segment_id, 0.0)
        return scores

    def saying(self, name: str, scores: Mapping[str, float]) -> dict[str, float]:
        """Return the scores of the sentences that say a word of a name, whole."""
        named = [self._forms_of(word) for word in name_words(name)]
        return {
            i: score
            for i, score in scores.items()
            if any(not self._said[i].isdisjoint(forms) for forms in named)
        }

    def _told(self, segment_id: str, words: Iterable[frozenset[str]]) -> float:
        """Return how many words a sentence says; one in a compound counts half."""
        said, parts = self._said[segment_id], self._parts[segment_id]
        found = 0.0
        for forms in words:
            if not said.isdisjoint(forms):
                found += 1.0
            elif not parts.isdisjoint(forms):
                found += _PART_WEIGHT
        return found

    def _forms_of(self, word: str) -> frozenset[str]:
        """Return a word and the basic forms it stands for in the reports."""
        return frozenset({word, *self._lemmas.get(word, ())})


def _words_of_names(material: Material) -> set[str]:
    """Return every word of the names and terms of topics and signals."""
    names = [*material.topics["words"], *material.signals["words"]]
    names += [term for terms in material.topics["terms"] for term in terms]
    return {word for name in names for word in name_words(str(name))}
