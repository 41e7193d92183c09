"""How a program counts characters, settled from the words that its selections quote.

The REFI-QDA standard asks for code points and leaves the rest open; in the wild a byte order mark
counts or not, characters are code points or UTF-16 units, a line ends in one character or two, and
the end of a selection is its last character or the one after it: sixteen ways.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from pipeline.errors import InputError
from pipeline.exchange.project import Selection

BOM = "\ufeff"


@dataclass(frozen=True, order=True)
class Counting:
    """One way of counting.

    Attributes
    ----------
    has_bom : bool
        Whether a byte order mark is the first character.
    is_utf16 : bool
        Whether a character beyond U+FFFF counts as two.
    is_crlf : bool
        Whether a line end counts as two.
    is_last : bool
        Whether an end is the last character rather than the one after it.
    """

    has_bom: bool = False
    is_utf16: bool = False
    is_crlf: bool = False
    is_last: bool = False

    def span(self, places: Sequence[int], start: int, end: int) -> tuple[int, int] | None:
        """Return a span in code points, half-open; None when the text is not that long.

        Parameters
        ----------
        places : sequence of int
            :func:`places_of` the text, counted this way.
        start, end : int
            As the program gives them.
        """
        end += self.is_last
        if not 0 <= start <= end < len(places):
            return None
        return places[start], places[end]


WAYS = tuple(Counting(*marks) for marks in product((False, True), repeat=4))


def places_of(text: str, way: Counting) -> list[int]:
    """Return, for each position a program may name, the code point of the text it means."""
    places = [0] if way.has_bom else []
    for place, sign in enumerate(text):
        width = 1
        if (way.is_crlf and sign == "\n") or (way.is_utf16 and ord(sign) > 0xFFFF):
            width = 2
        places += [place] * width
    places.append(len(text))
    return places


def settle(quoted: Iterable[tuple[str, Sequence[Selection]]]) -> Counting:
    """Find the way a file counts.

    Parameters
    ----------
    quoted : iterable of (str, sequence of Selection)
        Texts without byte order mark and carriage returns, and the selections in each. A quote
        may be cut short.

    Returns
    -------
    Counting
        The one under which most selections stand at the words they quote. Ways that place every
        selection alike are one.

    Raises
    ------
    InputError
        When selections quote words and no way fits any, or two ways that differ fit as many.

    Notes
    -----
    Without any quoted words the standard's own way is taken: code points, half-open, a line end of
    one character.
    """
    texts = [(text, selections) for text, selections in quoted if selections]
    n_quotes = sum(bool(one.quote.strip()) for _, many in texts for one in many)
    if not n_quotes:
        return Counting()
    found: dict[tuple[tuple[int, int] | None, ...], tuple[tuple[int, int], Counting]] = {}
    for way in WAYS:
        spans: list[tuple[int, int] | None] = []
        n_right = n_exact = 0
        for text, selections in texts:
            places = places_of(text, way)
            for one in selections:
                span = way.span(places, one.start, one.end)
                spans.append(span)
                if span is not None and _fits(words := text[span[0] : span[1]], one.quote):
                    n_right += 1
                    n_exact += words == one.quote.replace("\r\n", "\n")
        found.setdefault(tuple(spans), ((n_right, n_exact), way))
    best = max(score for score, _ in found.values())
    if not best[0]:
        raise InputError(
            "None of the {n} quoted selections stands in the texts under any way of counting. The "
            "texts were changed in the other program; export the project anew from this study.",
            n=n_quotes,
        )
    winners = [way for score, way in found.values() if score == best]
    if len(winners) > 1:
        raise InputError(
            "The selections fit {n} ways of counting characters alike ({ways}), so their places "
            "are not certain. Code one more passage that is not at a line's end, and export again.",
            n=len(winners),
            ways="; ".join(map(_named, winners)),
        )
    return winners[0]


def _fits(words: str, quote: str) -> bool:
    """Tell whether a quote, whole or cut short, is of these words."""
    quote = quote.replace("\r\n", "\n").strip()
    words = words.strip()
    if not quote or not words:
        return False
    if words == quote or " ".join(words.split()) == " ".join(quote.split()):
        return True
    cut = quote.rstrip(".…").rstrip()
    return len(quote) >= 20 and len(words) > len(cut) and words.startswith(cut)


def _named(way: Counting) -> str:
    """Name a way for a message."""
    return ", ".join(
        (
            "UTF-16" if way.is_utf16 else "code points",
            "CRLF" if way.is_crlf else "LF",
            "last" if way.is_last else "half-open",
            "BOM" if way.has_bom else "no BOM",
        )
    )
