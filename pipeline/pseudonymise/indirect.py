"""Flag what may tell who is meant without naming anybody.

*The only family with five children in Sysmä*, *the mayor of Kärkölä*, *class 7 B of Tapanila
school*: no rule can say how many people fit, so nothing is taken out. The places are listed for a
person to look at, and sentences that hold one are not quoted unless a person pins them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from pipeline.pseudonymise.cues import lemmas_of
from pipeline.pseudonymise.name_lists import context_words, load_name_lists
from pipeline.tables import TABLES

_ENDS = re.compile(r"[.!?\n]")
FIELDS = ("observation", "proposal")

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_ONLY = frozenset({"ainoa", "ainut", "ainokainen", "enda", "enskild"})
_OFFICES = context_words("offices")
_LEADERS = context_words("leaders")
_PLACED = context_words("led_places")
_PERSONS = context_words("person_words")
_COUNT = "(?:neli|viisi|kuusi|seitsen|kahdeksan|yhdeksän|kymmen|yksitoista|kaksitoista)"
_RARE_FAMILY = re.compile(
    rf"\b{_COUNT}lapsi\w+"
    r"|\b(?:viiden|kuuden|seitsemän|kahdeksan|yhdeksän|kymmenen|\d\d?)\s(?:lapsen|alaikäisen)\s"
    r"(?:perhe|äiti|isä|yksinhuoltaja)\w*"
    r"|\b(?:kolmos|nelos)(?:et|ten|isten|ille|ista|ia)\b|\bidenttis\w+\s(?:kakso|kolmo)\w+",
    re.IGNORECASE,
)
_CLASS = re.compile(
    r"(?<!\w)(?:[1-9]\s?[-.]?\s?[A-FX](?:[ -]?luok\w+|:\w+)?(?![\w/])|[1-9]\.?\s?-?luok\w+)"
)
_SCHOOL = frozenset(
    {"koulu", "yläkoulu", "alakoulu", "lukio", "päiväkoti", "esikoulu", "skola", "eskari"}
)
_FORMER = re.compile(r"\b(?:entinen|entisen|ent\.|tunnettu|tunnetun|ex-)\s?", re.IGNORECASE)
_FEW = 8


def find_indirect(reports: pd.DataFrame) -> pd.DataFrame:
    """Flag places of the safe texts that may tell who is meant.

    Parameters
    ----------
    reports : DataFrame with the columns of ``reports``
        Any run of whole reports; each sentence is judged on its own.

    Returns
    -------
    DataFrame with columns ``report_id``, ``field``, ``start``, ``end``, ``rule``
        In the order of the reports; offsets are half-open, in code points.
    """
    rows = [
        (report_id, field, start, end, rule)
        for report_id, *texts in zip(
            reports["report_id"], *(reports[field] for field in FIELDS), strict=True
        )
        for field, text in zip(FIELDS, texts, strict=True)
        for start, end, rule in indirect_places(text)
    ]
    names = [column.name for column in TABLES["indirect"].columns]
    frame = pd.DataFrame(rows, columns=names)
    whole = {"start": "int64", "end": "int64"}
    return frame.astype({name: whole.get(name, object) for name in names})


def indirect_places(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, rule) of the places of one safe text, in order.

    Examples
    --------
    >>> text = "Kylän ainoa viisilapsinen perhe muutti. Sysmän kunnanjohtaja kävi."
    >>> [(text[s:e], rule) for s, e, rule in indirect_places(text)]
    [('ainoa viisilapsinen perhe', 'only-one'), ('Sysmän kunnanjohtaja', 'office')]
    """
    for sentence in _SENTENCE.finditer(text):
        found = sorted(_in_sentence(sentence.group()))
        last = -1
        for start, end, rule in found:
            if start >= last:
                yield sentence.start() + start, sentence.start() + end, rule
                last = end


def _in_sentence(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Yield the places of one sentence."""
    words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(sentence)]
    lemmas = [lemmas_of(form.casefold()) for _, _, form in words]
    for i, (start, end, _) in enumerate(words):
        known = lemmas[i]
        if known & _ONLY:
            person = _person_after(lemmas, i)
            if person is not None:
                yield start, words[person][1], "only-one"
        if known & _OFFICES or (known & _LEADERS and i and lemmas[i - 1] & _PLACED):
            place = _place_before(words, i)
            former = _FORMER.search(sentence[max(0, start - 12) : start])
            if place is not None:
                yield words[place][0], end, "office"
            elif former:
                yield max(0, start - 12) + former.start(), end, "office"
        if known & _SCHOOL:
            klass = _CLASS.search(sentence)
            if klass:
                yield min(start, klass.start()), max(end, klass.end()), "school-class"
    for match in _RARE_FAMILY.finditer(sentence):
        yield *match.span(), "rare-family"


def _person_after(lemmas: list[frozenset[str]], i: int) -> int | None:
    """Return the number of the person that *ainoa* is said of, within four words."""
    for j in range(i + 1, min(len(lemmas), i + 5)):
        known = lemmas[j]
        if known & (_OFFICES | _PERSONS) or any(lemma.endswith(_TAILS) for lemma in known):
            return j
    return None


_TAILS = (
    "perhe",
    "huoltaja",
    "nainen",
    "mies",
    "lapsi",
    "oppilas",
    "äiti",
    "isä",
    "potilas",
    "vammainen",
)


def _place_before(words: list[tuple[int, int, str]], i: int) -> int | None:
    """Return the number of the first word of a place that stands before an office."""
    for j in range(max(0, i - 3), i):
        form = words[j][2]
        if form[0].isupper() and (_is_place(form) or j > 0 or len(form) > _FEW):
            return j
    return None


def _is_place(form: str) -> bool:
    """Tell whether a word is a municipality or another place."""
    return bool(lemmas_of(form.casefold()) & _places())


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence that holds ``[start, end)`` of a text."""
    before = [match.end() for match in _ENDS.finditer(text, 0, start)]
    after = _ENDS.search(text, end)
    return text[before[-1] if before else 0 : after.end() if after else len(text)].strip()


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Read the shipped places."""
    return load_name_lists().places
