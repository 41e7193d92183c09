"""Tell which language a text is in, offline, or that it cannot be told.

A report in another language than the rest looks new by its words alone. What language a text is in
is therefore a column of its own, so that no later stage takes it for what the text is about.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.pseudonymise.spans import STAND_IN

if TYPE_CHECKING:
    from lingua import LanguageDetector

MAIN = "fi"
"""The language that a study's reports are mostly in."""

UNKNOWN = "unknown"
"""Said of a text that is too short, mixed or in none of the languages known."""

LANGUAGES = ("fi", "sv", "en", "ru", "et", "so", "ar", "uk", "fa", "de")
"""ISO 639-1 codes of the languages told apart."""

MIN_WORDS = 3
"""Fewest words of which a language is said."""

MIN_SURE = 0.6
"""Least confidence, 0-1, in a language other than the main one."""

MIN_SURE_SHORT = 0.9
"""The same for a text of fewer than :data:`SHORT_WORDS` words."""

SHORT_WORDS = 8
"""Words from which the lower confidence is enough."""

MAX_MAIN = 0.05
"""Largest confidence, 0-1, in the main language that lets a text be in another."""

MIN_MAIN = 0.5
"""Least confidence, 0-1, in the main language."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_MIXED_WORDS = 12
"""A text with this many words is looked at in halves too."""


@lru_cache(maxsize=1)
def _detector() -> "LanguageDetector":
    """Return the detector; its models are read when a language is first needed."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [IsoCode639_1.from_str(code) for code in LANGUAGES]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()


def detect_language(text: str) -> str:
    """Return the language of a text.

    Parameters
    ----------
    text : str
        Safe or raw text; stand-ins, numbers and signs say nothing and are left out.

    Returns
    -------
    str
        One of :data:`LANGUAGES`, or ``unknown``: fewer than three words, no language plainly
        (.5 for Finnish; .6 for another, .9 under eight words, while Finnish has at most .05), or
        two halves in two languages.

    References
    ----------
    Stahl, P. M., lingua (2.1), n-gram models with rules for alphabets; the choice is measured by
    ``benchmarks/language.py``.

    Examples
    --------
    >>> detect_language("Perhe joutui muuttamaan, kun vuokra nousi taas.")
    'fi'
    >>> detect_language("Familjen fick vänta i tre månader på en tid.")
    'sv'
    >>> detect_language("OK")
    'unknown'
    """
    words = _words_of(text)
    if len(words) < MIN_WORDS:
        return UNKNOWN
    return _unless_mixed(_language_of(words), words)


def _words_of(text: str) -> list[str]:
    """Return the words of a text that say something of its language."""
    return _WORD.findall(STAND_IN.sub(" ", text))


def _unless_mixed(whole: str, words: list[str]) -> str:
    """Return the language of some words, or ``unknown`` where one half is in another."""
    if len(words) < _MIXED_WORDS or whole == UNKNOWN:
        return whole
    middle = len(words) // 2
    halves = {_language_of(words[:middle]), _language_of(words[middle:])} - {UNKNOWN}
    return whole if halves <= {whole} else UNKNOWN


def _language_of(words: list[str]) -> str:
    """Return the language of some words, whatever their number."""
    found = _detector().compute_language_confidence_values(" ".join(words))
    sure = {one.language.iso_code_639_1.name.lower(): one.value for one in found}
    best = max(sure, key=lambda code: sure[code])
    if best == MAIN:
        return MAIN if sure[MAIN] >= MIN_MAIN else UNKNOWN
    least = MIN_SURE if len(words) >= SHORT_WORDS else MIN_SURE_SHORT
    return best if sure[best] >= least and sure[MAIN] <= MAX_MAIN else UNKNOWN


def report_languages(observations: Iterable[str], proposals: Iterable[str]) -> list[str]:
    """Return the language of each report, from its texts together."""
    return [
        detect_language(f"{observation}\n{proposal}")
        for observation, proposal in zip(observations, proposals, strict=True)
    ]


def segment_language(text: str, report_language: str, min_words: int = 8) -> str:
    """Return the language of a segment: its own when it is long enough, else its report's.

    Parameters
    ----------
    text : str
    report_language : str
    min_words : int, default=8
        Words that a segment must have for a language of its own.

    Examples
    --------
    >>> segment_language("Vänta.", "fi")
    'fi'
    >>> segment_language("Vi har väntat på en tid till läkaren i tre månader nu.", "fi")
    'sv'
    """
    words = _words_of(text)
    if len(words) < max(min_words, MIN_WORDS):
        return report_language
    whole = _language_of(words)
    if whole == report_language:
        return whole  # a mixed segment has its report's language too: halves need not be told
    own = _unless_mixed(whole, words)
    return report_language if own == UNKNOWN else own
