"""Give a word its part of speech once its lemma is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.lemmatise.candidates import Reading
from pipeline.lemmatise.chooser import LOWER


@dataclass(frozen=True)
class Tagger:
    """Learnt weights of UPOS tags.

    Attributes
    ----------
    weights : mapping of str to mapping of str to float
        Feature to the weight of each tag it speaks for or against.
    """

    weights: Mapping[str, Mapping[str, float]]
    _known: dict[tuple[object, ...], tuple[str, dict[str, float], bool]] = field(
        default_factory=dict, repr=False
    )

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
        lemma, _, pos, tag, kind, _, _, _, _ = chosen
        tags = pos if len(readings) == 1 else possible_tags(chosen, readings)
        is_name = lemma[:1].isupper()
        inflection = (state, pos, tag, kind, tags, is_name)
        known = self._known.get(inflection)
        if known is None:
            known = self._known[inflection] = self._by_grammar(state, chosen, tags)
        best, scores, is_mere = known
        weights = self.weights
        names = word_features(form, chosen, is_mere)
        found = [weights[name] for name in names if name in weights]
        if not found:
            return best
        total = dict(scores)
        for by_tag in found:
            for other, weight in by_tag.items():
                total[other] = total.get(other, 0.0) + weight
        return max(total, key=total.__getitem__)

    def _by_grammar(
        self, state: str, chosen: Reading, tags: str
    ) -> tuple[str, dict[str, float], bool]:
        """Return the best tag by inflection alone, the scores of all tags, and `is_plain`."""
        scores = {chosen.pos: 0.0}
        for name in grammar_features(state, chosen, tags):
            for pos, weight in self.weights.get(name, {}).items():
                scores[pos] = scores.get(pos, 0.0) + weight
        return max(scores, key=scores.__getitem__), scores, is_plain(state, chosen, tags)


def possible_tags(chosen: Reading, readings: Sequence[Reading]) -> str:
    """Return the tags Voikko has for the chosen lemma, such as ``NOUN+PROPN``."""
    if len(readings) == 1:
        return chosen.pos
    return "+".join(sorted({other.pos for other in readings if other.key == chosen.key}))


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
