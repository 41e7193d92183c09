"""Find sentence boundaries in Finnish prose, notes and lists."""

import re

# Words that end in a full stop without ending a sentence, even before a capital or a number.
ABBREVIATIONS = frozenset(
    {
        "alk",
        "ao",
        "as",
        "ent",
        "esim",
        "et",
        "ev",
        "huom",
        "klo",
        "ko",
        "ks",
        "kts",
        "lk",
        "lääk",
        "mm",
        "nk",
        "nro",
        "ns",
        "nyk",
        "oik",
        "os",
        "oy",
        "p",
        "per",
        "po",
        "psyk",
        "puh",
        "r",
        "s",
        "sh",
        "so",
        "sos",
        "ss",
        "st",
        "suom",
        "synt",
        "t",
        "tark",
        "tel",
        "tied",
        "tk",
        "tlk",
        "toim",
        "tri",
        "ts",
        "v",
        "vas",
        "vast",
        "vrt",
        "vs",
        "vt",
        "yht",
        "ylim",
        "yo",
    }
)
_END = re.compile(r"(?P<stop>[.!?…]+)(?P<close>[\"'”’»)\]]*)(?P<gap>[ \t\u00a0]+|\n|$)|\n+")
_WORD_BEFORE = re.compile(r"[\w-]*$")
_STARTS_SENTENCE = re.compile(r"[\"'”’»(\[–—•*-]*\s*[A-ZÅÄÖÜÉŠŽ0-9\[]")


def split_sentences(text: str, min_chars: int) -> list[tuple[int, int]]:
    """Return half-open spans of the sentences of a text.

    A sentence ends at ``.``, ``!``, ``?`` or ``…`` before white space and what can start a
    sentence, and at every line break. Abbreviations, initials and ordinal numbers do not end one.
    A span shorter than ``min_chars`` joins the one before it, the first one the one after it.

    Parameters
    ----------
    text : str
    min_chars : int
        At least 1, in code points.

    Returns
    -------
    list of (int, int)
        Ordered and disjoint; what lies between them is white space only.

    Examples
    --------
    >>> split_sentences("Vuokra nousi 1.3. alkaen. Perhe muutti mm. siksi.", 5)
    [(0, 25), (26, 49)]
    >>> split_sentences("Hyvä!", 12)
    [(0, 5)]
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match["stop"] is not None and not _is_end(text, match):
            continue
        end = match.end("close") if match["stop"] is not None else match.start()
        _add_trimmed(spans, text, start, end)
        start = match.end()
    _add_trimmed(spans, text, start, len(text))
    return _join_short(spans, min_chars)


def _is_end(text: str, match: re.Match[str]) -> bool:
    """Tell whether punctuation ends a sentence."""
    rest = text[match.end() :]
    if not rest.strip() or match["gap"].startswith("\n"):
        return True
    if not _STARTS_SENTENCE.match(rest):
        return False
    if match["stop"] != "." or match["close"]:
        return True
    before = _WORD_BEFORE.search(text, 0, match.start())
    word = before[0] if before else ""
    is_initial = len(word) == 1 and word.isupper()
    # An ordinal or a date (1.3.) goes on; a year or a larger number ends its sentence.
    is_ordinal = word.isdigit() and len(word) <= 2
    return not (word.lower() in ABBREVIATIONS or is_initial or is_ordinal)


def _add_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add a span without the white space around it, unless nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        spans.append((start + left, start + right))


def _join_short(spans: list[tuple[int, int]], min_chars: int) -> list[tuple[int, int]]:
    """Join spans shorter than ``min_chars`` to a neighbour."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        is_short = end - start < min_chars
        last_is_short = bool(joined) and joined[-1][1] - joined[-1][0] < min_chars
        if joined and (is_short or last_is_short):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
