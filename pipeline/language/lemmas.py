"""Words and dictionary forms in languages other than Finnish, by simplemma."""

import re
from functools import lru_cache

from pipeline.language.detection import MAIN, UNKNOWN
from pipeline.language.function_words import (
    foreign_function_words,
    function_words,
    has_function_words,
)
from pipeline.lemmatise.protocol import CONTENT_POS, Lemmatiser, Token
from pipeline.pseudonymise.spans import STAND_IN

_WITH_LEMMAS = frozenset(("sv", "en", "ru", "et", "uk", "fa", "de"))
_WORD = re.compile(rf"{STAND_IN.pattern}|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")


def tokens_of(text: str, language: str, main: Lemmatiser) -> list[Token]:
    """Return the words of a text with their dictionary forms, by its language.

    Parameters
    ----------
    text : str
    language : str
        ISO 639-1 code or ``unknown``, which is read as the main language.
    main : Lemmatiser
        Of the main language.

    Returns
    -------
    list of Token
        In another language than Finnish there is no tagger: a function word, or any word of a
        language without a list of them, is X, a name inside a sentence PROPN, a number NUM and the
        rest NOUN. Function words of other languages that stand in a Finnish text are X as well.

    Examples
    --------
    >>> [(t.lemma, t.pos) for t in tokens_of("Barnens skolor stängdes i Borgå.", "sv", None)]
    [('barn', 'NOUN'), ('skola', 'NOUN'), ('stänga', 'NOUN'), ('i', 'X'), ('Borgå', 'PROPN')]
    """
    if language not in (MAIN, UNKNOWN):
        return [_token(match, language) for match in _WORD.finditer(text)]
    strange = foreign_function_words()
    return [
        token._replace(lemma=token.form.lower(), pos="X")
        if not token.known and token.pos in CONTENT_POS and token.form.lower() in strange
        else token
        for token in main.tokens(text)
    ]


def _token(match: re.Match[str], language: str) -> Token:
    """Return one word of a text in another language."""
    form, (start, end) = match[0], match.span()
    if STAND_IN.fullmatch(form):
        return Token(start, end, form, form, "PROPN", (), True)
    if form[0].isdigit():
        return Token(start, end, form, form, "NUM", (), True)
    plain = form.lower()
    if plain in function_words(language) or not has_function_words(language):
        return Token(start, end, form, plain, "X", (), False)
    is_name = form[0].isupper() and not _begins_sentence(match)
    if is_name:
        return Token(start, end, form, form, "PROPN", (), False)
    lemma = dictionary_form(plain, language)
    if lemma in function_words(language):
        return Token(start, end, form, lemma, "X", (), True)
    return Token(start, end, form, lemma, "NOUN", (), is_known(plain, language))


def _begins_sentence(match: re.Match[str]) -> bool:
    """Say whether a capital may be that of a sentence's beginning."""
    before = match.string[: match.start()].rstrip(" \n\"'”»(–-")
    return not before or before[-1] in ".!?:"


@lru_cache(maxsize=50_000)
def dictionary_form(form: str, language: str) -> str:
    """Return the dictionary form of a lower-case word, or the word itself.

    Parameters
    ----------
    form : str
    language : str
        ISO 639-1 code.
    """
    import simplemma

    return simplemma.lemmatize(form, lang=language) if language in _WITH_LEMMAS else form


@lru_cache(maxsize=50_000)
def is_known(form: str, language: str) -> bool:
    """Say whether the dictionary of a language has a lower-case word.

    Parameters
    ----------
    form : str
    language : str
        ISO 639-1 code.
    """
    import simplemma

    return language in _WITH_LEMMAS and bool(simplemma.is_known(form, lang=language))
