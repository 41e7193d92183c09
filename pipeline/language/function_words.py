"""The words that build sentences and name nothing, by language."""

import importlib
from functools import lru_cache

_WITH_LISTS = ("sv", "en", "ru", "et", "ar", "uk", "fa", "de")
"""Languages that spaCy has a list for; Somali has none."""

_MORE = {
    "sv": "att och som där när då har hade är var bli blir blev inte bara också ännu redan sedan "
    "få får fick finns fanns ska skall skulle kan kunde måste vill ville göra gör gjorde gå går "
    "gick komma kommer kom samt dock eftersom medan trots redan mycket många flera mer mest alla "
    "allt andra annan annat varje någon något några ingen inget inga egen eget egna hela lite",
    "en": "the and that with has had have is are was were not only also yet already since get gets "
    "got can could must will would do does did go goes went come comes came",
    "et": "ja ei on oli ole olid kui et see ta tema nad nende oma ka veel juba siis siia siin seal "
    "mis kes kus kuid aga või ning sest nii väga ainult alles enam mitte pole saa saab sai peab "
    "pidi võib võis iga kõik üks kaks kuni kuni seda selle sellest selleks teda tal neil mul",
}


@lru_cache(maxsize=len(_WITH_LISTS))
def function_words(language: str) -> frozenset[str]:
    """Return the function words of a language, in lower case.

    Parameters
    ----------
    language : str
        ISO 639-1 code.

    Returns
    -------
    frozenset of str
        spaCy's list and, for Swedish, English and Estonian, auxiliary verbs and quantifiers; empty
        for a language without a list.

    Examples
    --------
    >>> {"och", "är", "har"} <= function_words("sv"), function_words("so")
    (True, frozenset())
    """
    if language not in _WITH_LISTS:
        return frozenset()
    module = importlib.import_module(f"spacy.lang.{language}.stop_words")
    return frozenset(module.STOP_WORDS) | frozenset(_MORE.get(language, "").split())


def has_function_words(language: str) -> bool:
    """Say whether content words can be told from function words in a language."""
    return language in _WITH_LISTS


@lru_cache(maxsize=1)
def foreign_function_words() -> frozenset[str]:
    """Return the function words of all languages but the main one."""
    return frozenset().union(*(function_words(language) for language in _WITH_LISTS))
