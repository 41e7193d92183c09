"""Mark how a sentence is put, beside its words: what a bullet is headed by, and what a verb tells.

Dictionary forms hide what tells a proposal from an observation: *pitäisi* and *piti* have the same
lemma, and a proposal is often a phrase without a verb. In such a phrase the head speaks: a noun
made of a verb that has an object names something to do (*tiedonkulun parantaminen*), one made of a
verb that has none names something that happens (*jonojen pidentyminen*). The marks stand in angle
brackets so that no word is taken for one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

CONDITIONAL, NECESSITY, NO_VERB, QUESTION = "<isi>", "<tava>", "<ei verbiä>", "<ko>"
PASSIVE_PRESENT, PASSIVE_PAST, PARTICIPLE = "<taan>", "<ttiin>", "<nut>"
SPOKEN_CONDITIONAL, SPOKEN_PARTICIPLE, IMPERATIVE, PLURAL = "<vois>", "<nu>", "<kaa>", "<vat>"
FINITE, FIRST, FUNCTION, HEAD, NO_HEAD = "<verbi>", "<alku>", "<sana>", "<pää>", "<ei päätä>"
ACTION, HAPPENING, OTHER_MINEN = "<tekeminen>", "<tapahtuminen>", "<minen>"
PROPERTY, OTHER_ACTION = "<-uus>", "<-nti>"

WordRow = tuple[str, str, Sequence[str], str]
"""Form, lemma, compound parts and UPOS tag of one word."""

_VERBS = frozenset({"VERB", "AUX"})
_NAMES = frozenset({"NOUN", "PROPN", "X"})
_GRAMMAR = frozenset({"ADP", "AUX", "CCONJ", "DET", "PRON", "PART", "SCONJ"})
_CONDITIONAL = re.compile(r"isi(?:n|t|in|mme|tte|vat|vät)?(?:ko|kö)?(?:han|hän|kin)?$")
_SPOKEN_CONDITIONAL = re.compile(
    r"^(?:vois|pitäs|pitäis|sais|ois|olis|tarvis|tulis|kävis|menis|kannattas|tekis|ottas|täytys|"
    r"täytyis|antas|alkas|\w+tt[aä]is|\w+tt[aä]s|tarttis)(?:ko|kö|k[oö]s|in|it)?$"
)
_QUESTION = re.compile(r"(?:ko|kö)(?:han|hän)?$")
_NOT_FINITE = re.compile(  # participles in -va and nouns in -minen, which taggers call verbs too
    r"(?:v[aä]n?|vien|vi[aä]|vi(?:ss|st|ll|lt)[aä]|ville|viin|"
    r"mi(?:nen|sen|set|seen|st[aä]|sess[aä]|sell[aä]|seksi|sten))$"
)
_ENDINGS = (
    (re.compile(r"(?:ttava|ttävä|tava|tävä)$"), NECESSITY),
    (re.compile(r"(?:taan|tään)$"), PASSIVE_PRESENT),
    (re.compile(r"ttiin$"), PASSIVE_PAST),
    (re.compile(r"(?:nut|nyt|neet)$"), PARTICIPLE),
)
_SPOKEN_PAST = re.compile(r"(?:n|ll|ss|rr)[uy]$")
_IMPERATIVE = re.compile(r"k(?:aa|ää)$")
_PLURAL = re.compile(r"[aoei]vat$|[äei]vät$")
_LET_US = re.compile(r"(?:t|d|l|n|r)(?:aan|ään)$")
_CASES = (
    (re.compile(r"(?:aan|ään|een|iin|oon|öön|uun|yyn|hin|hun|hyn|seen|siin)$"), "<mihin>"),
    (re.compile(r"ksi$"), "<miksi>"),
    (re.compile(r"ss[aä]$"), "<missä>"),
    (re.compile(r"lle$"), "<mille>"),
    (re.compile(r"ll[aä]$"), "<millä>"),
)
_MINEN = re.compile(r"(\w+?)mi(?:nen|set|sen|sta|stä|seen)$")
_HAPPENS = re.compile(r"(?:[uy]|ene|jää|ole|kasva|jaksa|pärjää|odotta)$")
_IS_DONE = re.compile(r"(?:(?:tt|nt|st|ht)[aä]|aa|ää|oi)$")
_PROPERTY = re.compile(r"(?:uus|yys|eus|eys|ius)$")
_OTHER_ACTION = re.compile(r"(?:nti|otto|anto|us|ys)$")


def manner(words: Iterable[WordRow]) -> tuple[str, ...]:
    """Return the marks of how one sentence is put.

    Examples
    --------
    >>> manner([("Jonojen", "jono", [], "NOUN"), ("purkaminen", "purkaminen", [], "NOUN")])
    ('<ei verbiä>', '<alku>NOUN', '<pää><minen>', '<pää>purkaminen')
    >>> manner([("Jonot", "jono", [], "NOUN"), ("purettaisiin", "purkaa", [], "VERB")])
    ('<isi>', '<isi>purkaa', '<verbi>', '<alku>NOUN')
    """
    words = list(words)
    is_nominal = not any(_is_finite(form.lower(), pos) for form, _, _, pos in words)
    marks: list[str] = []
    for form, lemma, _, pos in words:
        marks += _of_word(form.lower(), lemma, pos)
        if pos in _GRAMMAR:
            marks.append(f"{FUNCTION}{lemma.lower()}")
        if is_nominal and form.lower() != lemma.lower():
            marks += [mark for ending, mark in _CASES if ending.search(form.lower())]
    marks.append(NO_VERB if is_nominal else FINITE)
    if words:
        marks.append(f"{FIRST}{words[0][3]}")
        if words[0][3] in _VERBS and _LET_US.search(words[0][0].lower()):
            marks.append(f"{FIRST}{PASSIVE_PRESENT}")
    return (*marks, *(_of_head(words) if is_nominal else ()))


def kind_of_action(form: str) -> str:
    """Tell what a noun in *-minen* names, ``""`` for any other word.

    Returns
    -------
    str
        :data:`ACTION` of a verb that has an object, :data:`HAPPENING` of one that has none, as its
        ending tells; :data:`OTHER_MINEN` where the ending leaves it open.

    Examples
    --------
    >>> kind_of_action("Vahvistaminen"), kind_of_action("köyhtyminen"), kind_of_action("sopiminen")
    ('<tekeminen>', '<tapahtuminen>', '<minen>')
    """
    found = _MINEN.search(form.lower())
    if not found:
        return ""
    if _HAPPENS.search(found[1]):
        return HAPPENING
    return ACTION if _IS_DONE.search(found[1]) else OTHER_MINEN


def is_question_form(form: str) -> bool:
    """Tell whether a verb asks by its ending, *-ko* or *-kö*.

    Examples
    --------
    >>> is_question_form("Voikohan"), is_question_form("Voi")
    (True, False)
    """
    return bool(_QUESTION.search(form.lower()))


def _is_finite(form: str, pos: str) -> bool:
    return pos in _VERBS and not _NOT_FINITE.search(form)


def _of_word(form: str, lemma: str, pos: str) -> Iterator[str]:
    """Return the marks of one word."""
    if _QUESTION.search(form) and form != lemma.lower():
        yield QUESTION
    if _SPOKEN_CONDITIONAL.search(form):
        yield from (CONDITIONAL, SPOKEN_CONDITIONAL)
    if pos not in _VERBS:
        return
    if _CONDITIONAL.search(form) and not _CONDITIONAL.search(lemma):
        yield from (CONDITIONAL, f"{CONDITIONAL}{lemma}")
    yield from (mark for ending, mark in _ENDINGS if ending.search(form))
    if form != lemma.lower() and _SPOKEN_PAST.search(form):
        yield SPOKEN_PARTICIPLE
    if _IMPERATIVE.search(form):
        yield IMPERATIVE
    if _PLURAL.search(form):
        yield PLURAL


def _of_head(words: Sequence[WordRow]) -> Iterator[str]:
    """Return what heads a phrase without a verb: its first noun in the nominative."""
    names = [word for word in words if word[3] in _NAMES]
    heads = [w for w in names if w[0].lower() == w[1].lower() or w[0].endswith("t")]
    heads = heads or [word for word in words if word[0].endswith("minen")]
    if not heads:
        yield NO_HEAD
        return
    form, lemma, parts, _ = heads[0]
    yield f"{HEAD}{kind_of_action(form)}"
    yield f"{HEAD}{(parts[-1] if len(parts) else lemma).lower()}"
    if _PROPERTY.search(lemma):
        yield f"{HEAD}{PROPERTY}"
    if _OTHER_ACTION.search(lemma):
        yield f"{HEAD}{OTHER_ACTION}"
