"""Find exact birth dates: a date beside a word of birth, in digits or in words."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.cues import Cues
from pipeline.pseudonymise.spans import Span

_MONTHS = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\w*"
    r"|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|jaanuar\w*|veebruar\w*|märts\w*|aprill\w*|mai\w?|juuni\w*|juuli\w*|august\w*|septemb\w+|oktoob\w+|novemb\w+|detsemb\w+"
)
_ORDINALS = (
    r"(?:ensimmäi\w+|toinen|toise\w+|kolma\w+|neljä(?:s|nte\w*|nne\w*)|viide\w+|kuude\w+|seitsemä(?:s|n\w+)|kahdeksa(?:s|n\w+)"
    r"|yhdeksä(?:s|n\w+)|kymmene(?:s|n\w+)|yhdestoista|yhdennentoista|yhdentenätoista|kahdestoista|kahdennentoista|kahdentenatoista"
    r"|kahdeskymmene\w+|kahdennenkymmene\w+|kahdentenakymmenentenä\w*|kolmaskymmene\w+|kolmantenakymmenentenä\w*)(?:toista)?\w*"
)
_YEAR = r"(?:vuonna\s)?(?:1[89]|20)\d\d"
_DATE = re.compile(
    r"(?<![\d,/-])(?<!\d\.)(?:"
    r"\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?-?(?:\d{4}|\d{2})(?!\d|\.\d)"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}\s?[/ -]\s?\d{2,4}(?!\d)"
    r"|\d{1,2}-\d{1,2}-(?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?:den\s)?\d{{1,2}}\.?\s(?:{_MONTHS})(?:\s{_YEAR})?"
    rf"|{_ORDINALS}\s(?:päivä\w*\s)?(?:{_MONTHS})(?:\s{_YEAR})?"
    rf"|(?:{_YEAR}\s)?(?:{_MONTHS})\s(?:{_ORDINALS}|\d{{1,2}}\.)(?:\späivä\w*)?(?:\s{_YEAR})?"
    r"|\d{1,2}\.\d{1,2}\.(?!\d)"
    r")",
    re.IGNORECASE,
)
SHORT_WORD_BEFORE = re.compile(r"(?<!\w)(?:[sS]|f|F|synt|Synt)\.\s?(?:aika:?\s?)?$")
_BRACKETED = re.compile(
    r"\(\s*(?P<date>\d{1,2}\.\d{1,2}\.(?:-?(?P<short>\d{2})|(?P<long>\d{4})))\s*[,)]"
)
_NEWEST_SHORT = 26
_NEWEST_BIRTH = 2008


def find_birth_dates(text: str, cues: Cues) -> Iterator[Span]:
    """Find exact birth dates: a date beside a word of birth, or an old date in brackets.

    Other dates stay, as do ages and a year of birth alone.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``syntymaaika``; the word of birth is left in the text.

    Examples
    --------
    >>> text = "Rouva (s. 12.3.1947) kaatui 1.2.2024. Poika syntyi viides toukokuuta 2016."
    >>> [text[s.start : s.end] for s in find_birth_dates(text, Cues(text))]
    ['12.3.1947', 'viides toukokuuta 2016']
    """
    last = 0
    for match in _DATE.finditer(text):
        start, end = match.span()
        is_said = (
            SHORT_WORD_BEFORE.search(text[max(0, start - 12) : start])
            or cues.is_near("birth", start, end, before=5)
            or cues.is_near("turns", start, end, before=2)
            or (start - last > 1 and cues.is_near("birth", start, end, before=0, after=1))
            or cues.is_near("hetu", start, end, before=3)
        )
        if is_said:
            yield Span(start, end, "syntymaaika", "syntymäsana", 0.9)
        last = end
    for match in _BRACKETED.finditer(text):
        if match["short"]:
            is_old = int(match["short"]) > _NEWEST_SHORT
        else:
            is_old = int(match["long"]) <= _NEWEST_BIRTH
        if is_old:
            yield Span(*match.span("date"), "syntymaaika", "vanha-päivämäärä-suluissa", 0.6)
