"""Phrases of two or three words: an adjective or a genitive before the noun it belongs to."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from pipeline.cluster.empty_words import GENERIC, MEASURES
from pipeline.cluster.plurals import is_plural, plural_of

_LONG_VOWEL = re.compile(r"(aa|ee|ii|oo|uu|yy|ää|öö)n$")
_NAMES = ("row", "segment_id", "start", "form", "lemma", "pos")


@dataclass(eq=False)
class Phrase:
    """A phrase and where it stands.

    Attributes
    ----------
    modifiers : tuple of str
        Lemmas of the one or two words before the noun.
    head : str
        Lemma of the noun.
    rows : set of int
        Reports that have it.
    shown : Counter of str
        Ways to write it as a name, nominative, by how often the reports suggest each.
    """

    modifiers: tuple[str, ...]
    head: str
    rows: set[int] = field(default_factory=set)
    shown: Counter[str] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        """The phrase as a name."""
        return min(self.shown, key=lambda way: (-self.shown[way], way))


def find_phrases(content: pd.DataFrame) -> dict[str, list[Phrase]]:
    """Find the phrases of reports by their head.

    Parameters
    ----------
    content : DataFrame
        As :func:`pipeline.cluster.content_words.content_tokens` makes it.

    Returns
    -------
    dict of str to list of Phrase
        Phrases of at least two reports by the lemma of the noun.

    Examples
    --------
    >>> rows = [(r, f"s{r}", *cells) for r in (0, 1) for cells in [
    ...     (0, "psykiatrin", "psykiatri", "NOUN"), (11, "jonot", "jono", "NOUN")]]
    >>> phrases = find_phrases(pd.DataFrame(rows, columns=list(_NAMES)))
    >>> [phrase.text for phrase in phrases["jono"]]
    ['psykiatrin jonot']
    """
    found: dict[tuple[tuple[str, ...], str], Phrase] = {}
    for row, modifiers, head, text in _modified(content):
        phrase = found.setdefault((modifiers, head), Phrase(modifiers, head))
        phrase.rows.add(row)
        phrase.shown[text] += 1
    of_head: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in found.values():
        if len(phrase.rows) > 1:
            of_head[phrase.head].append(phrase)
    return dict(of_head)


@dataclass(frozen=True)
class _Word:
    """A content word where it stands."""

    segment_id: str
    start: int
    form: str
    lemma: str
    pos: str

    def follows(self, other: "_Word | None") -> bool:
        """Say whether only a space is between another word and this one."""
        is_near = other is not None and other.segment_id == self.segment_id
        return is_near and other is not None and self.start - other.start - len(other.form) == 1

    @property
    def may_modify(self) -> bool:
        """Whether the word tells something of a noun after it."""
        is_word = self.lemma.lower() not in GENERIC | MEASURES
        return is_word and (self.pos == "ADJ" or self.is_genitive_noun)

    @property
    def is_genitive_noun(self) -> bool:
        """Whether it is a noun in the genitive."""
        return self.pos in ("NOUN", "PROPN") and is_genitive(self.form, self.lemma)

    @property
    def written(self) -> str:
        """The form without the capital of a sentence's beginning."""
        return self.form if self.pos == "PROPN" else self.form.lower()


def _modified(content: pd.DataFrame) -> Iterator[tuple[int, tuple[str, ...], str, str]]:
    """Yield report, modifiers, noun and name of each phrase."""
    before: _Word | None = None
    first: _Word | None = None
    columns = zip(*(content[name] for name in _NAMES), strict=True)
    for row, *cells in columns:
        word = _Word(*cells)
        if not word.follows(before):
            before = first = None
        if before is not None and before.may_modify and word.pos == "NOUN":
            text = _as_name(before, word)
            yield row, (before.lemma,), word.lemma, text
            agrees = first is not None and first.pos == "ADJ" and first.form.endswith("n")
            if first is not None and agrees and first.may_modify and before.is_genitive_noun:
                yield row, (first.lemma, before.lemma), word.lemma, f"{first.written} {text}"
        first, before = before, word


def _as_name(modifier: _Word, noun: _Word) -> str:
    """Return a phrase in the nominative.

    Of an adjective the nominative singular is the lemma; a plural is used as it stands. A genitive
    stays as it is written.
    """
    form = noun.form.lower()
    is_nominative = form.endswith("t") and form != noun.lemma
    if modifier.pos == "ADJ":
        if is_nominative and modifier.form.endswith("t"):
            return f"{modifier.written} {form}"
        several = plural_of(modifier.lemma), plural_of(noun.lemma)
        if all(several) and _agree_in_plural(modifier, noun):
            return " ".join(several)
        return f"{modifier.lemma} {noun.lemma}"
    return f"{modifier.written} {form if is_nominative else noun.lemma}"


def _agree_in_plural(modifier: _Word, noun: _Word) -> bool:
    """Say whether an adjective and its noun are plural, in one case: *entisistä kävijöistä*."""
    words = ((modifier.form.lower(), modifier.lemma), (noun.form.lower(), noun.lemma))
    return all(is_plural(*word) for word in words) and words[0][0][-2:] == words[1][0][-2:]


def is_genitive(form: str, lemma: str) -> bool:
    """Say whether a form of a noun looks like its genitive and not like its illative.

    Examples
    --------
    >>> [is_genitive(*pair) for pair in (("koulun", "koulu"), ("perheen", "perhe"))]
    [True, True]
    >>> [is_genitive(*pair) for pair in (("kouluun", "koulu"), ("töihin", "työ"))]
    [False, False]
    """
    form, lemma = form.lower(), lemma.lower()
    if not form.endswith("n") or form == lemma or form.endswith(("hin", "siin", "seen")):
        return False
    long = _LONG_VOWEL.search(form)
    return long is None or lemma.endswith(("e", long[1]))
