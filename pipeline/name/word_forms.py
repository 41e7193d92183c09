"""Write a word of a heading in the number that reports speak of it in."""

import re
from collections import Counter
from collections.abc import Collection

from pipeline.cluster.content_words import Words
from pipeline.cluster.phrases import is_genitive

_MIN_USES = 2
_PLURAL_SHARE = 0.4
"""Of a group's uses of a word; a heading of things one can count is in the plural."""
_CASES = r"(ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|ksi|n[aä]|tt[aä])"
_PLURAL = re.compile(rf"(.t|[ijt]en|iden|i[aä]|j[aä]|it[aä]|i?hin|siin|i{_CASES})$")
_PLURAL_OF_I = re.compile(rf"(.t|[ij]en|ej[aä]|eihin|ei{_CASES})$")
"""Of words whose *i* stays in the singular: *nuotissa* is one note, *nuoteissa* are several."""


def is_plural(form: str, lemma: str) -> bool:
    """Say whether a form of a noun looks like a plural.

    Parameters
    ----------
    form, lemma : str
        In lower case.

    Examples
    --------
    >>> [is_plural(form, "nuotti") for form in ("nuotit", "nuotteja", "nuotissa", "nuottia")]
    [True, True, False, False]
    >>> [is_plural(form, "runo") for form in ("runoja", "runojen", "runoissa", "runon")]
    [True, True, True, False]
    >>> is_plural("tien", "tie"), is_plural("internetissä", "internet")
    (False, False)
    """
    if form in (lemma, f"{lemma}n"):
        return False
    is_borrowed = lemma[-1] not in "aeouyäöns"  # internet, internetissä
    stays = is_borrowed and not form.startswith(lemma[:-1] + "e")
    return bool((_PLURAL_OF_I if stays else _PLURAL).search(form))


def written(
    words: Words, lemma: int, text: str, members: Collection[int], head: int | None = None
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

    Returns
    -------
    str
        The plural as it stands in some report, or made of the genitive singular that does:
        *runon* and *runot* have one stem in every noun.
    """
    word = words.lemmas[lemma]
    if words.pos[lemma] != "NOUN" or word != word.lower():
        return text
    here: Counter[bool] = Counter()
    for _, form, n in words.forms_in(lemma, members):
        here[is_plural(form, word)] += n
    if here.total() < _MIN_USES or here[True] < _PLURAL_SHARE * here.total():
        return text
    plural = _plural(words, lemma)
    if not plural and head is not None and word.endswith(words.lemmas[head]):
        of_head = _plural(words, head)
        plural = of_head and word.removesuffix(words.lemmas[head]) + of_head
    return plural or text


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
