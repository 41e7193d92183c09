"""The weights of the chooser, laid out for choosing.

A weight is named by what it speaks of: ``t`` a word's last four letters, ``w`` a word and its
lemma, ``v`` a word and its inflection, and so on. Putting such names together for every reading
would take longer than adding the weights up, so they are sorted once by what they are looked up by.
"""

from collections.abc import Mapping
from typing import NamedTuple

_FAR = 8
_MOST = 256
ORDERS = tuple(f"o{min(i, 3)}" for i in range(_MOST))
MORE_PARTS = tuple(f"p{min(i, 2)}" for i in range(_MOST))
BELOW_TOP = tuple(f"e{min(i, _FAR)}" for i in range(_MOST))
UNSEEN = "L-"
_SHARES = {(n, seen): f"L{n}/{seen}" for n in range(5) for seen in (1, 2, 3)}
BESIDE = ">"


class ChoiceWeights(NamedTuple):
    """The weights of word features, 0.0 where nothing was learnt.

    Attributes
    ----------
    orders, more_parts, below_top : tuple of float
        By the place in Voikko's answer, by the parts a compound has more than the reading with the
        fewest, and by how far the lemma's expected frequency is below that of the most usual one.
    shares : mapping of str to float
        By :func:`share_feature`, or by ``UNSEEN``.
    endings, lemmas_of, tags_of : mapping of str to mapping of str to float
        By the form's last four letters or the last part of the word, and then by what stands beside
        it: kind and word class, lemma, or tag and kind.
    lemmas : mapping of str to float
        By the lemma of the last part.
    """

    orders: tuple[float, ...]
    more_parts: tuple[float, ...]
    below_top: tuple[float, ...]
    shares: Mapping[str, float]
    endings: Mapping[str, Mapping[str, float]]
    lemmas_of: Mapping[str, Mapping[str, float]]
    tags_of: Mapping[str, Mapping[str, float]]
    lemmas: Mapping[str, float]


def lay_out(weights: Mapping[str, float]) -> ChoiceWeights:
    """Sort the weights by what they are looked up by, so that no names are put together."""
    get = weights.get
    nested: dict[str, dict[str, dict[str, float]]] = {"t": {}, "w": {}, "v": {}}
    lemmas = {}
    for name, weight in weights.items():
        family = name[0]
        if family in nested:
            word, _, rest = name[1:].partition(BESIDE)
            nested[family].setdefault(word, {})[rest] = weight
        elif family == "l":
            lemmas[name[1:]] = weight
    orders, more_parts, below_top = (
        tuple([get(name, 0.0) for name in names]) for names in (ORDERS, MORE_PARTS, BELOW_TOP)
    )
    shares = {name: get(name, 0.0) for name in (UNSEEN, *_SHARES.values())}
    endings, lemmas_of, tags_of = nested.values()
    return ChoiceWeights(orders, more_parts, below_top, shares, endings, lemmas_of, tags_of, lemmas)


def share_feature(count: int, n_seen: int) -> str:
    """Name how large a share of a form's occurrences in the training data had a lemma."""
    return _SHARES[round(4 * count / n_seen), n_seen if n_seen < 3 else 3]
