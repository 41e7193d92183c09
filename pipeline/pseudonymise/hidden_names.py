"""Find names that no capital gives away: in lower case, initials, nicknames in quotation marks."""

import re
from collections.abc import Iterator, Sequence

from pipeline.pseudonymise.context import Context
from pipeline.pseudonymise.name_lists import context_words
from pipeline.pseudonymise.roles import Role
from pipeline.pseudonymise.spans import Span
from pipeline.pseudonymise.word_readings import SWEDISH_TAILS, Reading, Word, is_surname_like

LOWER_DOING = 0.8
LOWER_NAME = 0.6
LOWER_LISTED = 0.4
TITLED_LOWER = 0.7
INITIALS = 0.8
TITLED_INITIAL = 0.7
ACRONYM = 0.6
QUOTED = 0.6

_ADDRESS = frozenset({"rouva", "herra", "neiti", "rva", "hra", "nti", "herr", "fru", "frk"})
_CASE = "(?:n|lle|lta|ltä|lla|llä|a|ä|ta|tä|sta|stä|ssa|ssä|aan|hun|hen)"
_INITIALS = re.compile(
    rf"(?<![\w.])[A-ZÅÄÖ]\.\s?(?:-?[A-ZÅÄÖ]\.?){{1,2}}(?::{_CASE})?(?![\w])(?!\s[A-ZÅÄÖ][a-zäö])"
    rf"|(?<![\w.-])[A-ZÅÄÖ]\.?-[A-ZÅÄÖ]\.?\s?[A-ZÅÄÖ](?:\.|:{_CASE})(?!\w)"
    rf"|(?<![\w.-])[A-ZÅÄÖ]\s[A-ZÅÄÖ]:{_CASE}(?!\w)"
)
_ONE = re.compile(rf"(?<![\w.])[A-ZÅÄÖ](?:\.(?!\w)|:{_CASE}(?!\w))")
_DOUBLE = re.compile(rf"(?<![\w.-])[AEHJKMOPRTUV]-[HJKLMPRV](?::{_CASE})?(?![\w.-])")
_WITH = re.compile(
    r"\s(?:ja\s\w+\s)?(?:kanssa|kans|luona|luokse|luota|kohdalla|puolesta|äidi|äiti|isä|tytär|tyttären|vaimo|puoliso)"
)
_TWO = re.compile(rf"(?<![\w./-])[A-ZÅÄÖ]{{2}}(?::{_CASE})?(?![\w.-]|\s?[-\d])")
_QUOTE = re.compile(r"[\"”“»](?P<name>[A-ZÅÄÖ][a-zåäö]{2,14})[\"”“»](?:n|lle|lta|sta)?")
_CALLED = re.compile(
    r"(?:kutsu|sanot|nimel|nimi|lempinim|tunne|kallas|johtaja|kaveri|porukan|asiakas|mies|nainen|poika|tyttö)\w*\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\s?[,.;:!?–-]\s|\n+")
_LINKS = frozenset({"hos", "åt", "med", "från", "till", "av"})
_MIN_LAST = 5
_NO_INITIALS = context_words("no_initials")
_BEFORE = 48


def find_lower_case(text: str, words: Sequence[Word], context: Context) -> Iterator[Span]:
    """Find names written without capitals.

    A word that Voikko knows as a given name and as nothing else is one; a word that is an everyday
    word too needs a title, or a verb that takes a person, or *kanssa* or *luona* after it.

    Parameters
    ----------
    text : str
    words : sequence of Word
    context : Context

    Yields
    ------
    Span
        Kind ``nimi``.
    """
    last = -1
    for i, word in enumerate(words):
        if word.is_capital or word.start < last or word.has_tail or word.form[0].isupper():
            continue
        reading = context.read(word.form)
        before = _adjacent_before(text, words, i)
        first = context.read(before.form) if before else None
        if before and first and _is_full(first, reading) and not before.is_capital:
            yield _span([before, word], [first, reading], "kokonimi-pienellä", LOWER_DOING)
            last = word.end
            continue
        follower = _adjacent_after(text, words, i)
        if first and follower and _is_unknown_full(first, reading, context.read(follower.form)):
            both = [reading, context.read(follower.form)]
            yield _span([word, follower], both, "kokonimi-pienellä", TITLED_LOWER)
            last = follower.end
            continue
        score, rule = _weigh(context, i, reading, before, first)
        if score:
            yield _span([word], [reading], rule, score)
            last = word.end


def _weigh(
    context: Context, i: int, reading: Reading, before: Word | None, first: Reading | None
) -> tuple[float, str]:
    """Return the score of one word without a capital."""
    is_titled = first is not None and first.is_title and first.is_nominative
    if is_titled and before and _fits_lower_title(before, reading):
        return TITLED_LOWER, "titteli-pienellä"
    if _is_last_name(reading):
        return _weigh_last_name(context, i, reading, before)
    if not reading.is_given or reading.is_blocked or reading.is_place:
        return 0.0, ""
    is_close = context.is_with(i + 1) and bool(reading.cases & {"omanto"} or not reading.is_known)
    is_object = context.is_object(i, reading)
    if reading.is_everyday or reading.is_function:
        is_open = "etunimi" in reading.classes and reading.classes <= {"etunimi", "nimisana"}
        is_person = is_open and not reading.is_common and (is_close or is_object)
        is_person = is_person or (is_open and is_close and is_object)
        is_person = is_person or (is_open and _is_doing_at_head(context, i))
        return (LOWER_NAME, "pienellä-kohteena") if is_person else (0.0, "")
    if reading.is_local and not reading.is_outer:
        return 0.0, ""
    if is_close or is_object or context.role(i, i + 1) is Role.PERSON:
        return LOWER_DOING, "pienellä-tekijänä"
    is_sure = not reading.is_listed_only or (reading.is_outer and not reading.is_known)
    return (LOWER_NAME if is_sure else LOWER_LISTED), "pienellä"


def _is_doing_at_head(context: Context, i: int) -> bool:
    """Tell whether a word begins a text without capitals and does what persons do."""
    is_bare = not any(word.form[0].isupper() for word in context.words)
    is_first = i == 0 or bool(
        _CLAUSE.fullmatch(context.text[context.words[i - 1].end : context.words[i].start])
    )
    return is_first and is_bare and context.role(i, i + 1) is Role.PERSON


def _is_last_name(reading: Reading) -> bool:
    """Tell whether a word is a surname and nothing else: *korhosen*, *lindroos*."""
    is_like = not reading.is_known and any(base.endswith(SWEDISH_TAILS) for base in reading.bases)
    if not (reading.is_surname or is_like) or reading.is_given or reading.is_everyday:
        return False
    is_open = not (reading.is_blocked or reading.is_place or reading.is_function)
    return is_open and any(len(base) >= _MIN_LAST for base in reading.bases)


def _weigh_last_name(
    context: Context, i: int, reading: Reading, before: Word | None
) -> tuple[float, str]:
    """Return the score of a surname without a capital, by what is done with it."""
    is_known = "sukunimi" in reading.classes
    is_close = context.is_with(i + 1) and bool(reading.cases & {"omanto"} or not reading.is_known)
    is_linked = context.is_swedish and before is not None and before.form.casefold() in _LINKS
    is_met = is_close or is_linked or context.is_object(i, reading, any_case=True)
    if is_met or (is_known and context.role(i, i + 1) is Role.PERSON):
        return LOWER_DOING, "sukunimi-pienellä"
    is_sure = is_known and reading.is_nen and "laatusana" not in reading.classes
    return (LOWER_NAME if is_sure else 0.0), "sukunimi-pienellä"


def _fits_lower_title(before: Word, reading: Reading) -> bool:
    """Tell whether a word without a capital after a title can be a name."""
    if reading.is_blocked or reading.is_place or reading.is_function:
        return False
    if reading.is_given and not reading.is_everyday:
        return True
    if before.form.casefold() in _ADDRESS:
        return not reading.is_known or reading.is_surname or is_surname_like(reading)
    is_last_name = "sukunimi" in reading.classes and reading.is_nen
    return is_last_name and not any(b.endswith(("lainen", "läinen")) for b in reading.bases)


def _is_unknown_full(first: Reading, reading: Reading, last: Reading) -> bool:
    """Tell whether a title stands before an unknown word and a surname: asiakas teijo harmanen."""
    is_titled = first.is_title and first.is_nominative
    is_open = not reading.is_everyday and not reading.is_blocked and not reading.is_place
    is_last = last.is_surname and (last.is_nen or reading.is_given)
    return is_titled and is_open and is_last and not last.is_function


def _is_full(first: Reading, reading: Reading) -> bool:
    """Tell whether two words without capitals are a given name and a surname."""
    if not first.is_given or first.is_function or first.verbs:
        return False
    is_sure = not first.is_everyday and not first.is_listed_only
    is_open = not reading.is_known or (reading.is_noun and is_surname_like(reading))
    return (is_sure and is_open) or (reading.is_surname and not reading.is_everyday)


def _adjacent_after(text: str, words: Sequence[Word], i: int) -> Word | None:
    """Return the word after in small letters, when only a blank is between."""
    if i + 1 == len(words) or text[words[i].end : words[i + 1].start] not in (" ", "\u00a0"):
        return None
    return words[i + 1] if words[i + 1].form.islower() else None


def _adjacent_before(text: str, words: Sequence[Word], i: int) -> Word | None:
    """Return the word before, when only a blank is between."""
    if i == 0 or text[words[i - 1].end : words[i].start] not in (" ", "\u00a0"):
        return None
    return words[i - 1]


def find_initials(text: str, words: Sequence[Word], context: Context) -> Iterator[Span]:
    """Find persons named by their initials or by a nickname in quotation marks.

    Parameters
    ----------
    text : str
    words : sequence of Word
    context : Context

    Yields
    ------
    Span
        Kind ``nimi``.
    """
    for match in _INITIALS.finditer(text):
        yield Span(*match.span(), "nimi", "nimikirjaimet", INITIALS)
    starts = {word.start: i for i, word in enumerate(words)}
    for match in _ONE.finditer(text):
        i = starts.get(match.start())
        before = _adjacent_before(text, words, i) if i else None
        is_plain = before is not None and (not before.is_capital or before.is_head)
        is_met = i is not None and ":" in match.group()
        is_met = is_met and context.is_object(i or 0, context.read(match.group()), any_case=True)
        is_met = is_met or (
            match.group().endswith(":n") and _WITH.match(text, match.end()) is not None
        )
        if before and is_plain and (is_met or context.read(before.form).is_title):
            yield Span(*match.span(), "nimi", "alkukirjain-tittelin-jälkeen", TITLED_INITIAL)
    yield from _double_initials(text, words, context)
    for match in _TWO.finditer(text):
        i = starts.get(match.start())
        if i is None or match.group()[:2] in _NO_INITIALS or _is_shouted(words, i):
            continue
        before = _adjacent_before(text, words, i)
        is_titled = before is not None and context.read(before.form).is_title
        reading = context.read(words[i].form)
        is_person = context.role(i, i + 1) is Role.PERSON
        is_person = is_person or (
            ":" in match.group() and context.is_object(i, reading, any_case=True)
        )
        if is_titled or is_person:
            yield Span(*match.span(), "nimi", "kaksi-kirjainta", ACRONYM)
    for match in _QUOTE.finditer(text):
        if _CALLED.search(text[max(0, match.start() - _BEFORE) : match.start()]):
            yield Span(*match.span("name"), "nimi", "lempinimi-lainattu", QUOTED)


def _double_initials(text: str, words: Sequence[Word], context: Context) -> Iterator[Span]:
    """Yield the letters of a double given name: *J-P tuli*, *A-M:lle*."""
    starts = {word.start: i for i, word in enumerate(words)}
    for match in _DOUBLE.finditer(text):
        i = starts.get(match.start())
        before = _adjacent_before(text, words, i) if i else None
        is_titled = before is not None and context.read(before.form).is_title
        if ":" in match.group() or is_titled or (i is not None and words[i].is_head):
            yield Span(*match.span(), "nimi", "kaksoisnimen-kirjaimet", ACRONYM)


def _is_shouted(words: Sequence[Word], i: int) -> bool:
    """Tell whether the words around are in capitals too."""
    around = [w.form for w in words[max(0, i - 1) : i + 2] if w is not words[i]]
    return any(form.isupper() and len(form) > 1 for form in around)


def _span(run: Sequence[Word], readings: Sequence[Reading], rule: str, score: float) -> Span:
    """Make the span of a run of words."""
    bases = tuple(reading.bases for reading in readings)
    return Span(run[0].start, run[-1].end, "nimi", rule, score, bases)
