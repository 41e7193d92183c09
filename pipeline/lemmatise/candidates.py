"""Turn Voikko's analyses of a word into candidate lemmas.

Voikko gives dictionary forms of its own kind: a participle stays an adjective, an adverb in -sti
becomes its adjective, *he* stays *he*. Lemmas here follow Universal Dependencies instead: the verb
behind the participle, the adverb itself, *hän*. Where both are in use, both become candidates and
:mod:`pipeline.lemmatise.chooser` picks.
"""

import re
from typing import NamedTuple

from pipeline.lemmatise.voikko import Morphology

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
_GROUP = re.compile(r"\+([^+()]*)(?:\(([^+)][^)]*)\))?((?:[^+()]*\(\+[^)]*\))*)")
_SUFFIX = re.compile(r"([^+()]*)\(\+([^)]*)\)")
_TAG = re.compile(r"\[[^]]*\]")
_COMPARISON = {"positive": "", "comparative": "C", "superlative": "S"}


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
    for order, analysis in enumerate(morphology.analyze(form)):
        base = analysis.get("BASEFORM")
        if not base:
            continue
        word_class = analysis.get("CLASS", "")
        tag = _tag(word_class, analysis)
        pos = POS_OF_CLASS.get(word_class, "X")
        structure = analysis.get("STRUCTURE", "=")
        bases = analysis.get("WORDBASES", "")
        lemmas = _lemmas(form, base, word_class, analysis, bases)
        if analysis.get("SIJAMUOTO") == "keinonto":
            lemmas += _instructives(morphology, form, analysis)
        for lemma, kind in lemmas:
            key = lemma.lower()
            if (key, tag, kind) not in found:
                found[key, tag, kind] = Reading(
                    lemma,
                    key,
                    "VERB" if kind == "v" else pos,
                    tag,
                    kind,
                    structure.count("="),
                    order,
                    structure,
                    bases,
                )
    return tuple(found.values())


def _tag(word_class: str, analysis: dict[str, str]) -> str:
    """Return word class and inflection in brief."""
    get = analysis.get
    return (
        f"{word_class}|{get('SIJAMUOTO', '')}|{get('NUMBER', '')[:1]}|{get('MOOD', '')}"
        f"|{get('PARTICIPLE', '')}|{get('PERSON', '')}|{get('TENSE', '')[:4]}"
        f"|{_COMPARISON.get(get('COMPARISON', ''), '')}"
        f"|{'p' if 'POSSESSIVE' in analysis else ''}{'f' if 'FOCUS' in analysis else ''}"
    )


def _lemmas(
    form: str, base: str, word_class: str, analysis: dict[str, str], bases: str
) -> list[tuple[str, str]]:
    """Return the lemmas one analysis stands for, each with its kind."""
    base = base.strip("-") or base
    if word_class == "asemosana":
        return [(_PRONOUNS.get(base, base), "b")]
    if analysis.get("SIJAMUOTO") == "kerrontosti":
        end = form.rfind("sti") + 3
        return [(form[:end] if "FOCUS" in analysis else form, "s")]
    if analysis.get("MOOD") == "MINEN-infinitive":
        noun = _minen(form, analysis.get("FSTOUTPUT", ""))
        return [(noun, "m"), (base, "b")] if noun else [(base, "b")]
    if "PARTICIPLE" in analysis:
        verb = verb_behind(bases)
        return [(base, "b"), (verb, "v")] if verb else [(base, "b")]
    return [(base, "b")]


def _instructives(
    morphology: Morphology, form: str, analysis: dict[str, str]
) -> list[tuple[str, str]]:
    """Return the adverbs an instructive may be: *keväisin* itself, *nopeasti* of *nopeammin*."""
    if analysis.get("COMPARISON") not in ("comparative", "superlative"):
        return []
    stem = form[: form.rfind("mmin")]
    for positive in (stem, stem[:-1] + "a", stem[:-1] + "ä", stem[:-1] + "o"):
        for found in morphology.analyze(positive + "sti"):
            if found.get("SIJAMUOTO") == "kerrontosti":
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
