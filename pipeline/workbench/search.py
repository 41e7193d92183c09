"""Search words as written and by their dictionary form, through the study's own lemmatiser."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.lemmatise.protocol import Lemmatiser

_PIECE = re.compile(r'(-?)"([^"]+)"|(-?)([^\s"]+)')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Term:
    """One thing searched for.

    Attributes
    ----------
    forms : tuple of str
        Words as typed, in lower case; several make a phrase.
    lemmas : frozenset of str
        Dictionary forms that are hits too; none for a phrase in quotation marks.
    is_excluded : bool
        True for ``-word``: reports with it are left out.
    """

    forms: tuple[str, ...]
    lemmas: frozenset[str]
    is_excluded: bool = False


def parse(query: str, lemmatiser: Lemmatiser) -> tuple[Term, ...]:
    """Read a query: words, ``"phrases as written"``, and ``-words`` to leave out.

    Parameters
    ----------
    query : str
    lemmatiser : Lemmatiser
        The study's own, so that a word finds all its forms and the compounds it is part of.
    """
    terms = []
    for minus, phrase, other_minus, word in _PIECE.findall(query):
        forms = tuple(w.lower() for w in _WORD.findall(phrase or word))
        if not forms:
            continue
        lemmas: frozenset[str] = frozenset()
        if word:
            typed = word.strip("-.,;:!?()")
            lemmas = frozenset({lemmatiser.analyse(typed).lemma.lower()})
        terms.append(Term(forms, lemmas, bool(minus or other_minus)))
    return tuple(terms)


def fts_query(terms: Sequence[Term]) -> str:
    """Write terms as an FTS5 query; "" when nothing is searched for.

    A query of exclusions alone cannot be said in FTS5: see :func:`excluded_query`.
    """
    return " AND ".join(_one(term) for term in terms if not term.is_excluded)


def excluded_query(terms: Sequence[Term]) -> str:
    """Write the excluded terms as an FTS5 query for the reports to leave out; "" for none."""
    return " OR ".join(_one(term) for term in terms if term.is_excluded)


def _one(term: Term) -> str:
    """Write one term; every word is quoted, so no word is taken for an operator."""
    said = [f"form : {_quoted(term.forms)}"]
    for lemma in sorted(term.lemmas):
        words = _WORD.findall(lemma)
        if words:
            said.append(f"lemma : {_quoted(words)}")
    return f"({' OR '.join(said)})"


def _quoted(words: Iterable[str]) -> str:
    return '"' + " ".join(words) + '"'


def hits(terms: Sequence[Term], tokens: Sequence[Sequence[object]]) -> set[int]:
    """Return which words of a report are hits, as places in its list of words.

    Parameters
    ----------
    terms : sequence of Term
    tokens : sequence of [segment_id, start, end, form, lemma, parts]
    """
    found: set[int] = set()
    forms = [str(token[3]).lower() for token in tokens]
    for term in terms:
        if term.is_excluded:
            continue
        length = len(term.forms)
        for place in range(len(forms) - length + 1):
            if tuple(forms[place : place + length]) == term.forms:
                found.update(range(place, place + length))
        if term.lemmas:
            for place, token in enumerate(tokens):
                parts = token[5]
                own = {str(token[4]).lower(), *(str(p).lower() for p in parts)}  # type: ignore[attr-defined]
                if own & term.lemmas:
                    found.add(place)
    return found
