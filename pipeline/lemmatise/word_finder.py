"""Find the words, numbers and abbreviations of a text.

spaCy and Voikko have tokenisers of their own. This one exists because both tear apart what social
workers write (``sos.tt:n``, ``[NIMI-1]``, ``50 000``), and because the offsets must be exact.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.pseudonymise.spans import STAND_IN

_LETTER = r"[^\W_]"
_REST = "[\\w\u00ad\u200c\u200d\u0300-\u036f]"
_ENDING = r"[:’'][a-zåäö]{1,7}(?![\w-])"
_STAND_IN = STAND_IN.pattern
_ADDRESS = r"(?:https?://|www\.)[^\s<>\"]*[\w/]|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_NUMBER = (
    "\\d{1,3}(?:[ \u00a0\u2009\u202f]\\d{3})+(?![\\d-])(?:,\\d+)?"
    f"|\\d+(?:[.,:]\\d+)*(?:{_ENDING}|(?![\\w-]|:\\w))"
)
_WORD = (
    f"{_LETTER}{_REST}*(?:[-\u2010\u2011&'’]{_LETTER}{_REST}*)*(?:{_ENDING})?(?:-(?=[\\s,;/)]|$))?"
)
ENDS_SENTENCE = re.compile(r"[.!?…:\n]")
"""What makes the next word open a sentence, when it stands between two words."""
_SPACES = "[ \u00a0\u2009\u202f]"
_HOLDS_SPACE = re.compile(rf"\d{_SPACES}\d|\[[A-ZÅÄÖ]+ ")
_CHUNK = re.compile(rf"(?:{_STAND_IN}|(?<=\d){_SPACES}(?=\d)|\S)+")


class Word(NamedTuple):
    """Where a word stands and whether it opens a sentence, where any word has a capital."""

    start: int
    end: int
    is_first: bool


class WordFinder:
    """Finds words, given the abbreviations that hold full stops.

    Parameters
    ----------
    abbreviations : iterable of str
        Such as ``sos.tt`` and ``esim.``; matched without regard to case.
    """

    def __init__(self, abbreviations: Iterable[str] = ()) -> None:
        known = sorted(abbreviations, key=len, reverse=True)
        dotted = "|".join(re.escape(word) for word in known)
        short = f"(?:{dotted})(?:{_ENDING}|(?!\\w))" if known else r"(?!)"
        self._pattern = re.compile(
            f"{_STAND_IN}(?:{_ENDING})?|{_ADDRESS}|(?<!\\w)(?i:{short})|{_NUMBER}|{_WORD}"
        )

    def words(self, text: str) -> Iterator[Word]:
        """Yield the words of a text in order.

        Examples
        --------
        >>> text = "Soitin sos.tt:lle klo 12.30. Kela vastasi!"
        >>> finder = WordFinder(["sos.tt"])
        >>> [text[word.start : word.end] for word in finder.words(text)]
        ['Soitin', 'sos.tt:lle', 'klo', '12.30', 'Kela', 'vastasi']
        """
        last = 0
        is_first = True
        for match in self._pattern.finditer(text):
            start, end = match.span()
            if not is_first and start > last + 1:
                is_first = ENDS_SENTENCE.search(text, last, start) is not None
            elif last:
                is_first = False
            yield Word(start, end, is_first)
            is_first, last = False, end


def chunks(text: str) -> list[str]:
    """Cut a text at spaces, but not within ``50 000`` and ``[NIMI 1]``: no word is cut.

    Examples
    --------
    >>> chunks("Vuokra, 50 000 euroa.")
    ['Vuokra,', '50 000', 'euroa.']
    """
    if _HOLDS_SPACE.search(text) is None:
        return text.split()
    return [match.group() for match in _CHUNK.finditer(text)]
