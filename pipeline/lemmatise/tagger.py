"""Give a word its part of speech once its lemma is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.lemmatise.candidates import Reading
from pipeline.lemmatise.chooser import LOWER

_Vote = tuple[Mapping[str, float], float]  # weights by tag, and the most they can change a lead
_ROUNDING = 1e-6


class _Grammar(NamedTuple):
    """What the inflection of a word says of its tag: its best tag and by how much it leads."""

    best: str
    scores: dict[str, float]
    lead: float
    is_mere: bool


@dataclass(frozen=True)
class Tagger:
    """Learnt weights of UPOS tags.

    Attributes
    ----------
    weights : mapping of str to mapping of str to float
        Feature to the weight of each tag it speaks for or against.
    """

    weights: Mapping[str, Mapping[str, float]]
    _known: dict[tuple[object, ...], _Grammar] = field(default_factory=dict, repr=False)
    _of_form: dict[str, _Vote] = field(default_factory=dict, init=False, repr=False)
    _of_lemma: dict[str, _Vote] = field(default_factory=dict, init=False, repr=False)
    _of_ending: dict[str, _Vote] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the weights of :func:`word_features` by what they are looked up by."""
        tables = {"f": self._of_form, "l": self._of_lemma, "t": self._of_ending}
        for name, by_tag in self.weights.items():
            if name[0] in tables:
                weights = by_tag.values()
                pull = max([0.0, *weights]) - min([0.0, *weights])
                tables[name[0]][name[1:]] = (by_tag, pull)

    def tag(self, form: str, state: str, chosen: Reading, readings: Sequence[Reading]) -> str:
        """Return the UPOS tag of a word.

        Parameters
        ----------
        form : str
            Word form in lower case.
        state : str
            One of ``l c i U``, see :func:`pipeline.lemmatise.chooser.case_state`.
        chosen : Reading
            The reading whose lemma was chosen.
        readings : sequence of Reading
            All readings; those of the same lemma tell what else the word may be.
        """
        lemma, key, pos, tag, kind, _, _, _, _ = chosen
        tags = pos if len(readings) == 1 else possible_tags(chosen, readings)
        inflection = (state, pos, tag, kind, tags, lemma[:1].isupper())
        known = self._known.get(inflection)
        if known is None:
            known = self._known[inflection] = self._by_grammar(state, chosen, tags)
        best, scores, lead, is_mere = known
        votes = [self._of_form.get(form)]
        if not is_mere:
            votes += (self._of_lemma.get(key), self._of_ending.get(f"{key[-3:]}{kind}{pos}"))
        found = [vote for vote in votes if vote is not None]
        for _, pull in found:
            lead -= pull
        if lead > 0.0:
            return best
        total = scores.copy()
        for by_tag, _ in found:
            for other, weight in by_tag.items():
                total[other] = total.get(other, 0.0) + weight
        return max(total, key=total.__getitem__)

    def _by_grammar(self, state: str, chosen: Reading, tags: str) -> _Grammar:
        """Add up what the inflection alone says."""
        scores = {chosen.pos: 0.0}
        for name in grammar_features(state, chosen, tags):
            for pos, weight in self.weights.get(name, {}).items():
                scores[pos] = scores.get(pos, 0.0) + weight
        best = max(scores, key=scores.__getitem__)
        others = [score for pos, score in scores.items() if pos != best]
        lead = scores[best] - max([0.0, *others]) - _ROUNDING
        return _Grammar(best, scores, lead, is_plain(state, chosen, tags))


def possible_tags(chosen: Reading, readings: Sequence[Reading]) -> str:
    """Return the tags Voikko has for the chosen lemma, such as ``NOUN+PROPN``."""
    if len(readings) == 1:
        return chosen.pos
    tags = {other.pos for other in readings if other.key == chosen.key}
    return chosen.pos if len(tags) == 1 else "+".join(sorted(tags))


def is_plain(state: str, chosen: Reading, tags: str) -> bool:
    """Tell whether a word is a mere noun in lower case, as most are: only its form is asked for."""
    return tags == "NOUN" and state == LOWER and chosen.kind == "b"


def grammar_features(state: str, chosen: Reading, tags: str) -> tuple[str, ...]:
    """Describe how the word is bent; the same for many words."""
    pos, tag, kind = chosen.pos, chosen.tag, chosen.kind
    is_name = chosen.lemma[:1].isupper()
    return (
        f"p{pos}{kind}",
        f"P{pos}{state}",
        f"g{tag}{kind}",
        f"a{tags}{state}",
        f"c{tag[: tag.find('|')]}{is_name}{state}",
    )


def word_features(form: str, chosen: Reading, is_plain: bool) -> tuple[str, ...]:
    """Describe the word itself."""
    if is_plain:
        return ("f" + form,)
    key = chosen.key
    return ("f" + form, "l" + key, f"t{key[-3:]}{chosen.kind}{chosen.pos}")
