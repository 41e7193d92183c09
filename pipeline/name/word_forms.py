"""Write a word of a heading in the number that reports speak of it in."""

from collections import Counter
from collections.abc import Collection

from pipeline.cluster.content_words import Words
from pipeline.cluster.phrases import is_genitive
from pipeline.cluster.plurals import is_plural, plural_of

_MIN_USES = 2
_PLURAL_SHARE = 0.4
"""Of a group's uses of a word; a heading of things one can count is in the plural."""


_COUNTED_SHARE = 0.25
"""Of all uses of a word, so many in the plural show that one can count what it names."""


def written(
    words: Words,
    lemma: int,
    text: str,
    members: Collection[int],
    head: int | None = None,
    *,
    is_of_several: bool = False,
) -> str:
    """Return a noun in the nominative plural where a group often speaks of several, else as it was.

    Parameters
    ----------
    words : Words
    lemma : int
        Its column.
    text : str
        How it is written otherwise.
    members : collection of int
        Rows of the group's reports.
    head : int, optional
        Column of the last part of a compound, whose plural is the compound's.
    is_of_several : bool, default=False
        Whether what can be counted is in the plural anyhow, each report speaking of its own.

    Returns
    -------
    str
        The plural as it stands in some report, or made of the genitive singular that does:
        *runon* and *runot* have one stem in every noun. Where neither does, the plural of a noun
        whose stem does not change.
    """
    word = words.lemmas[lemma]
    may_be_plural = words.pos[lemma] == "NOUN" or word.endswith("inen")
    if not may_be_plural or word != word.lower():
        return text
    here: Counter[bool] = Counter()
    for _, form, n in words.forms_in(lemma, members):
        here[is_plural(form, word)] += n
    is_plural_here = here.total() >= _MIN_USES and here[True] >= _PLURAL_SHARE * here.total()
    if not is_plural_here and not (is_of_several and is_counted(words, lemma)):
        return text
    plural = _plural(words, lemma)
    if not plural and head is not None and word.endswith(words.lemmas[head]):
        of_head = _plural(words, head)
        plural = of_head and word.removesuffix(words.lemmas[head]) + of_head
    return plural or plural_of(word) or text


def is_counted(words: Words, lemma: int) -> bool:
    """Say whether all reports together often have a noun in the plural."""
    if words.pos[lemma] != "NOUN":
        return False
    forms, _, n_uses = words.usage(lemma)
    n_plural = sum(n for form, n in forms.items() if is_plural(form, words.lemmas[lemma]))
    return n_uses >= _MIN_USES and n_plural >= _COUNTED_SHARE * n_uses


def _plural(words: Words, lemma: int) -> str:
    """Return the nominative plural that reports have, or show by the genitive singular, or ""."""
    word = words.lemmas[lemma]
    plurals: Counter[str] = Counter()
    for form, n in words.usage(lemma)[0].items():
        if is_plural(form, word):
            if form.endswith("t"):
                plurals[form] += n
        elif is_genitive(form, word):
            plurals[f"{form[:-1]}t"] += n
    return max(sorted(plurals), key=lambda form: plurals[form], default="")
