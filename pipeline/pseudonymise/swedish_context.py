"""Say what a Swedish sentence takes a word for, by the verb and the objects around it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.language.lemmas import dictionary_form, is_known
from pipeline.pseudonymise.name_lists import context_words
from pipeline.pseudonymise.roles import Role
from pipeline.pseudonymise.word_readings import Word

_VERBS = context_words("swedish_person_verbs")
_SHARED_VERBS = context_words("swedish_shared_verbs")
_OWNED = context_words("swedish_owned")
_PREDICATES = context_words("swedish_person_predicates")
_GOALS = context_words("swedish_person_goals")
_MEETING = context_words("swedish_meeting_verbs")
_LIGHT = context_words("swedish_light_words")
_MEETINGS = tuple(context_words("swedish_meetings"))
_RELATIVE = re.compile(r"^,?\s(?:som|vars)\b")
_TO_PERSONS = frozenset({"hos", "åt"})
_DEPONENT = context_words("swedish_deponents")
_DONE_TO_PERSONS = tuple(context_words("swedish_done_to_persons"))
_PASSIVE = ("des", "tes", "ts", "vs", "as", "js", "ps", "ds", "gs", "rs", "ks")
_PRONOUNS = frozenset({"han", "hon", "honom", "henne", "hans", "hennes", "sin", "sitt", "sina"})
_LINKS = frozenset({"på", "till", "med", "åt", "av", "om"})
_PLACE_WORDS = frozenset({"i", "vid"})
_CLAUSE_END = re.compile(r"[.!?;:\n()\"”–,]")
_AND_THEIR = re.compile(r"^\soch\s(?:hans|hennes)\b")
_LOOK_AHEAD = 7
_LOOK_BACK = 4


def swedish_role(text: str, words: Sequence[Word], first: int, last: int) -> Role:
    """Return what a Swedish sentence takes ``words[first:last]`` for.

    Parameters
    ----------
    text : str
    words : sequence of Word
    first, last : int
        Half-open range of word numbers.

    Returns
    -------
    Role
    """
    rest = text[words[last - 1].end :][:16]
    if _RELATIVE.match(rest) and last + 1 < len(words):
        if words[last].form == "vars" and words[last + 1].form.casefold() in _OWNED:
            return Role.PERSON
        return _subject_role(text, words, last + 1)
    if _AND_THEIR.match(text[words[last - 1].end :][:16]) or _is_met(text, words, first):
        return Role.PERSON
    if first and words[first - 1].form.casefold() in _PLACE_WORDS and not words[first].is_head:
        return Role.THING
    if last >= len(words) or _CLAUSE_END.search(text[words[last - 1].end : words[last].start]):
        return Role.NEUTRAL
    form = words[last].form.casefold()
    if words[last - 1].form.endswith("s") and form in _OWNED:
        return Role.PERSON
    return _subject_role(text, words, last)


def _subject_role(text: str, words: Sequence[Word], last: int) -> Role:
    """Judge by the verb that a word is the subject of, and by what else the clause says."""
    is_shared = False
    for i in range(last, min(len(words), last + _LOOK_AHEAD)):
        form = words[i].form.casefold()
        is_over = bool(_CLAUSE_END.search(text[words[i - 1].end : words[i].start]))
        if i > last and (is_over or form == "att"):
            break
        if form not in _VERBS and form not in _DEPONENT and _is_passive(form):
            return Role.PERSON if form.startswith(_DONE_TO_PERSONS) else Role.THING
        if form in _PREDICATES or form in _PRONOUNS or (is_shared and form in _GOALS):
            return Role.PERSON
        if form in _LIGHT:
            is_shared = True
            continue
        lemma = dictionary_form(form, "sv")
        if form in _SHARED_VERBS or lemma in _lemmas(_SHARED_VERBS):
            is_shared = True
        elif form in _VERBS or lemma in _lemmas(_VERBS):
            return Role.PERSON
        elif i == last:
            return Role.NEUTRAL
    return Role.NEUTRAL


def _is_passive(form: str) -> bool:
    """Tell whether a word is a verb with the *s* of the passive: *lästes*, *behövs*."""
    bare = form.removesuffix("s")
    return form.endswith(_PASSIVE) and is_known(bare, "sv")


def _is_met(text: str, words: Sequence[Word], first: int) -> bool:
    """Tell whether somebody meets, helps or calls the word: *hälsade på Saga*, *hos Berg*."""
    if first == 0 or text[words[first - 1].end : words[first].start] != " ":
        return False
    beside = words[first - 1].form.casefold()
    if beside in _TO_PERSONS and not words[first].is_head:
        return True
    for i in range(first - 1, max(-1, first - _LOOK_BACK), -1):
        form = words[i].form.casefold()
        if _CLAUSE_END.search(text[words[i].end : words[i + 1].start]):
            return False
        if dictionary_form(form, "sv") in _MEETING or form in _MEETING:
            return i == first - 1 or beside in _LINKS
        if form.endswith(_MEETINGS) and i == first - 2 and beside in _LINKS:
            return True
    return False


@lru_cache(maxsize=2)
def _lemmas(forms: frozenset[str]) -> frozenset[str]:
    """Return the dictionary forms of verbs."""
    return frozenset(dictionary_form(form, "sv") for form in forms)
