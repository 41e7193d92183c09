"""Turn Voikko's analyses of a word into candidate lemmas.

Voikko gives dictionary forms of its own kind: a participle stays an adjective, an adverb in -sti
becomes its adjective, *he* stays *he*. Lemmas here follow Universal Dependencies instead: the verb
behind the participle, the adverb itself, *hän*. Where both are in use, both become candidates and
:mod:`pipeline.lemmatise.chooser` picks.
"""

import re
from functools import cache
from typing import NamedTuple

from pipeline.lemmatise.voikko import MINEN, Morphology, inflection_names

POS_OF_CLASS = {
    "nimisana": "NOUN",
    "laatusana": "ADJ",
    "nimisana_laatusana": "ADJ",
    "teonsana": "VERB",
    "kieltosana": "AUX",
    "seikkasana": "ADV",
    "asemosana": "PRON",
    "suhdesana": "ADP",
    "sidesana": "CCONJ",
    "lukusana": "NUM",
    "huudahdussana": "INTJ",
    "lyhenne": "NOUN",
    "etuliite": "NOUN",
    "nimi": "PROPN",
    "etunimi": "PROPN",
    "sukunimi": "PROPN",
    "paikannimi": "PROPN",
}
"""Voikko's word classes as UPOS tags."""

_PRONOUNS = {
    "he": "hän",
    "me": "minä",
    "te": "sinä",
    "ne": "se",
    "nämä": "tämä",
    "nuo": "tuo",
}
_new = tuple.__new__  # half the time of calling the class, for what is made by the thousand
_GROUP = re.compile(r"\+([^+()]*)(?:\(([^+)][^)]*)\))?((?:[^+()]*\(\+[^)]*\))*)")
_SUFFIX = re.compile(r"([^+()]*)\(\+([^)]*)\)")
_TAG = re.compile(r"\[[^]]*\]")
_COMPARISON = {"comparative": "C", "superlative": "S"}
_ADVERB_CASE = "kerrontosti"
_PRONOUN, _ADVERB, _PARTICIPLE, _INSTRUCTIVE = "pronoun", "adverb", "participle", "instructive"


class Reading(NamedTuple):
    """One way to read a word form.

    Attributes
    ----------
    lemma : str
        Candidate lemma, as Voikko spells it (names with a capital).
    key : str
        The lemma in lower case: what is compared and learnt.
    pos : str
        UPOS tag of the word class.
    tag : str
        Word class and inflection in brief, such as ``nimisana|sisaolento|s``.
    kind : str
        How it came about: ``b`` dictionary form, ``v`` verb behind a participle, ``s`` adverb in
        -sti, ``d`` the same behind a comparative, ``m`` noun in -minen, ``x`` lemma learnt with the
        form, ``y`` learnt with the form of a compound's last part, ``a`` learnt as another name of
        Voikko's lemma.
    n_parts : int
        Parts of the compound, 1 for a simple word.
    order : int
        Place in Voikko's answer, from 0.
    structure, bases : str
        Voikko's STRUCTURE and WORDBASES, from which the parts are read.
    """

    lemma: str
    key: str
    pos: str
    tag: str
    kind: str
    n_parts: int
    order: int
    structure: str = ""
    bases: str = ""


def readings(morphology: Morphology, form: str) -> tuple[Reading, ...]:
    """Return the candidate readings of a word, best known to Voikko first.

    Parameters
    ----------
    morphology : Morphology
    form : str
        A word in lower case without attached punctuation.

    Returns
    -------
    tuple of Reading
        Empty when Voikko does not know the word.
    """
    found: dict[tuple[str, str, str], Reading] = {}
    analyses = morphology.analyze(form)
    for order, (word_class, base, structure, inflection, bases, output) in enumerate(analyses):
        if not base:
            continue
        grammar = _grammar(word_class, inflection)
        tag, pos, makes, _ = grammar
        n_parts = structure.count("=")
        if base[0] == "-" or base[-1] == "-":
            base = base.strip("-") or base
        if not makes:
            key = base.lower()
            fields = (base, key, pos, tag, "b", n_parts, order, structure, bases)
            if len(analyses) == 1:
                return (_new(Reading, fields),)
            if (key, tag, "b") not in found:
                found[key, tag, "b"] = _new(Reading, fields)
            continue
        for lemma, kind in _lemmas(morphology, form, base, grammar, bases, output):
            key = lemma.lower()
            tags = "VERB" if kind == "v" else pos
            reading = Reading(lemma, key, tags, tag, kind, n_parts, order, structure, bases)
            found.setdefault((key, tag, kind), reading)
    return tuple(found.values())


class _Grammar(NamedTuple):
    """What a word class and an inflection mean for the lemma; few differ, so they are kept."""

    tag: str
    pos: str
    makes: str
    has_focus: bool


@cache
def _grammar(word_class: str, inflection: tuple[str | None, ...]) -> _Grammar:
    """Work out the tag in brief and what lemmas the inflection makes."""
    values = dict(zip(inflection_names(word_class), inflection, strict=True))
    analysis = {name: value for name, value in values.items() if value is not None}
    get = analysis.get
    comparison = _COMPARISON.get(get("COMPARISON", ""), "")
    tag = (
        f"{word_class}|{get('SIJAMUOTO', '')}|{get('NUMBER', '')[:1]}|{get('MOOD', '')}"
        f"|{get('PARTICIPLE', '')}|{get('PERSON', '')}|{get('TENSE', '')[:4]}|{comparison}"
        f"|{'p' if 'POSSESSIVE' in analysis else ''}{'f' if 'FOCUS' in analysis else ''}"
    )
    makes = ""
    if word_class == "asemosana":
        makes = _PRONOUN
    elif get("SIJAMUOTO") == _ADVERB_CASE:
        makes = _ADVERB
    elif get("MOOD") == MINEN:
        makes = MINEN
    elif "PARTICIPLE" in analysis:
        makes = _PARTICIPLE
    elif comparison and get("SIJAMUOTO") == "keinonto":
        makes = _INSTRUCTIVE
    return _Grammar(tag, POS_OF_CLASS.get(word_class, "X"), makes, "FOCUS" in analysis)


def _lemmas(
    morphology: Morphology, form: str, base: str, grammar: _Grammar, bases: str, output: str
) -> list[tuple[str, str]]:
    """Return the lemmas one analysis of more than a base form stands for, each with its kind."""
    makes = grammar.makes
    if makes == _PRONOUN:
        return [(_PRONOUNS.get(base, base), "b")]
    if makes == _ADVERB:
        end = form.rfind("sti") + 3
        return [(form[:end] if grammar.has_focus else form, "s")]
    if makes == MINEN:
        noun = _minen(form, output)
        return [(noun, "m"), (base, "b")] if noun else [(base, "b")]
    if makes == _PARTICIPLE:
        verb = verb_behind(bases)
        return [(base, "b"), (verb, "v")] if verb else [(base, "b")]
    return [(base, "b"), *_instructives(morphology, form)]


def _instructives(morphology: Morphology, form: str) -> list[tuple[str, str]]:
    """Return the adverb behind an instructive: *nopeasti* of *nopeammin* and *nopeimmin*."""
    stem = form[: form.rfind("mmin")]
    bare = stem[:-1]
    for positive in (stem, bare + "a", bare + "ä", bare + "o", bare):
        for found in morphology.analyze(positive + "sti"):
            if _ADVERB_CASE in found.inflection:
                return [(positive + "sti", "d")]
    return []


def verb_behind(bases: str) -> str:
    """Return the verb a participle is made of, with the compound's first parts; "" when none.

    Examples
    --------
    >>> verb_behind("+teke(tehdä)+v+ä(+ä)")
    'tehdä'
    >>> verb_behind("+vähen(vähetä)ne(+tää)+t+ty(+ty)")
    'vähentää'
    """
    first = ""
    verb = ""
    for surface, base, derived in _GROUP.findall(bases):
        if base:
            verb = first + (base if not derived else _derive(surface, derived))
        first += surface
    return verb.replace("=", "").lower()


def _derive(stem: str, derived: str) -> str:
    """Put the derivations of a verb stem on it: ``paran``, ``tu(+tua)`` gives *parantua*."""
    verb = stem
    for surface, suffix in _SUFFIX.findall(derived):
        verb = stem + suffix
        stem += surface
    return str(verb)


def _minen(form: str, fst: str) -> str:
    """Return the noun in -minen of a fourth infinitive; "" when the form does not show it."""
    at = fst.find("[Tn4]mi")
    tail = _TAG.sub("", fst[at:]) if at >= 0 else ""
    return form[: len(form) - len(tail)] + "minen" if tail and form.endswith(tail) else ""
