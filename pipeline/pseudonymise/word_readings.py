"""Cut a text into words and say what each may be: a given name, a surname, a place, a noun."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pipeline.pseudonymise.inflection import stems
from pipeline.pseudonymise.name_lists import NameLists, context_words
from pipeline.pseudonymise.spans import STAND_IN

if TYPE_CHECKING:
    from libvoikko import Voikko

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĢĪĶĹĻĽŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ"
_WORD = re.compile(rf"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[{_UPPER}][^\W\d_]*(?:['’][^\W\d_]+)*)*")
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\n…•])[\s\"'”’»«(\[*–—-]*$")
_SHORT_WORD_END = re.compile(
    r"(?:\b(?:esim|ns|nk|mm|yms|tms|ym|os|vrt|ks|rva|hra|nti|sos|tt|fil|tri|prof|entinen)\.\s*)$"
)
_LOOK_BACK = 24
_LOCAL_CASES = frozenset({"sisaolento", "sisaeronto", "sisatulento"})
_PERSON_CASES = frozenset({"osanto", "ulkotulento", "ulkoeronto", "ulkoolento"})
_GUESSED_CASES = (
    (("ssa", "ssä"), "sisaolento"),
    (("sta", "stä"), "sisaeronto"),
    (("lle",), "ulkotulento"),
    (("lta", "ltä"), "ulkoeronto"),
    (("lla", "llä"), "ulkoolento"),
)
_NAME_CLASSES = frozenset({"etunimi", "sukunimi", "paikannimi", "nimi"})
_FUNCTION_CLASSES = frozenset(
    {"seikkasana", "suhdesana", "asemosana", "sidesana", "kieltosana", "lukusana", "huudahdussana"}
)
_SPOKEN = context_words("spoken_words")
_MIN_TITLE_TAIL = 5
_PARTICIPLE_OF = re.compile(r"\[Lt\](?:\[[^\]]*\])*([^\[\]]+)\[X\]")
_FINITE = ("indicative", "conditional", "potential")
_SMALL_PREFIX = re.compile(
    r"^(?:al|el|ar|as|ad|an|at|az|ash|ul|bin|ibn|abu|d|de|da|van|von|ben)[-'’](?=[^\W\d_])"
)
_INITIAL_END = re.compile(r"(?<![^\W\d_])[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?\.[ \u00a0]?$")
_MIN_NEN = 5
_MIN_SURNAME = 6
_MIN_FAR_NAME = 5
_OF_A_PLACE = ("lainen", "läinen")


class Word(NamedTuple):
    """One word of a text.

    Attributes
    ----------
    start, end : int
        Half-open offsets, in code points.
    form : str
    is_capital : bool
        True when it starts with a capital and is no acronym and no brand such as OmaKela.
    is_head : bool
        True at the head of a sentence, line or quotation, where a capital proves nothing.
    has_tail : bool
        True when a hyphen or colon and more follow: *Wilma-viesti*, *DVV:n*.
    """

    start: int
    end: int
    form: str
    is_capital: bool
    is_head: bool
    has_tail: bool


SURNAME_TAILS = (
    *("salo", "niemi", "mäki", "virta", "lahti", "koski", "ranta", "järvi", "vaara"),
    *("korpi", "saari", "aho", "harju", "lampi", "vuori", "linna", "pelto", "kangas"),
    *("nummi", "kallio", "vuo", "rinne", "luoma", "puro"),
)
SWEDISH_TAILS = (
    *("holm", "ström", "berg", "qvist", "kvist", "lund", "gren", "stedt", "sson", "dahl", "roos"),
    *("blom", "ling", "vall", "felt", "strand", "quist", "löf", "hjelm", "sjö"),
)
"""Ends of Swedish surnames that end few names of places."""
_UNKNOWN_TAILS = ("nen", "la", "lä", "maa", "tausta", "kari", "perä")


def is_surname_like(reading: "Reading") -> bool:
    """Tell whether a word ends as Finnish surnames do: Haapasalo, Saramäki, Huttula."""
    tails = SURNAME_TAILS if reading.is_known else SURNAME_TAILS + _UNKNOWN_TAILS
    return any(
        base.endswith(tails) and not base.endswith(_OF_A_PLACE) and len(base) >= _MIN_SURNAME
        for base in reading.bases
    )


def find_words(text: str) -> list[Word]:
    """Return the words of a text in order, those inside stand-ins left out."""
    closed = [match.span() for match in STAND_IN.finditer(text)]
    words = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if any(low <= start < high for low, high in closed):
            continue
        form = match.group()
        has_tail = text[end : end + 1] in ("-", ":") and text[end + 1 : end + 2].isalpha()
        words.append(Word(start, end, form, _is_capital(form), _is_head(text, start), has_tail))
    return words


def _is_capital(form: str) -> bool:
    """Tell whether a word is written as a name: Matti, MATTI, Anna-Liisa, O'Brien, McDonald."""
    small = _SMALL_PREFIX.match(form)
    if small:
        form = form[small.end() :]
    if not form[0].isupper() or len(form) < 2:
        return False
    parts = re.split(r"['’-]|(?<=^Mc)|(?<=^Mac)", form)
    return all(part[1:].islower() or len(part) == 1 for part in parts if part) or (
        form.isupper() and len(form) >= 4
    )


def _is_head(text: str, start: int) -> bool:
    """Tell whether a word starts a sentence, a line or a quotation."""
    before = text[max(0, start - _LOOK_BACK) : start]
    if _SHORT_WORD_END.search(before.lower()) or _INITIAL_END.search(before):
        return False
    return not before or bool(_SENTENCE_END.search(before))


@dataclass(frozen=True)
class Reading:
    """What one word may be, whatever stands around it.

    Attributes
    ----------
    classes : frozenset of str
        Voikko's word classes; empty when Voikko does not know the word.
    bases : frozenset of str
        Possible dictionary forms, lower case; those of a name alone when Voikko knows one.
    is_given, is_surname : bool
        It may be one, by Voikko or by a list.
    is_nen : bool
        It ends in -nen in its dictionary form, as surnames and adjectives do.
    is_listed_only : bool
        A name by a list alone, where Voikko has no name reading.
    is_everyday : bool
        It may be a plain word too.
    is_common : bool
        It is on the list of names that are everyday words, and may well start a sentence.
    is_function : bool
        It may be a pronoun, adverb, postposition or the like, which starts sentences.
    is_place, is_blocked : bool
        A municipality, region or country; an organisation, service or the like.
    is_vague_place : bool
        Voikko has a reading as a place name, which half of all surnames have.
    cases : frozenset of str
        Voikko's names of the cases it may stand in; a guess for words Voikko does not know.
    is_title : bool
        It may stand before a name: rouva, ohjaaja.
    verbs, participles : frozenset of str
        Verbs of which it may be a finite form, or a participle.
    is_passive : bool
        It is a passive verb: nähtiin.
    is_noun : bool
        It is a noun and nothing else.
    is_own : bool
        It has the possessive suffix of a third person: *kotiinsa*, *äitiään*.
    all_bases : frozenset of str
        Dictionary forms of every reading, names or not.
    """

    classes: frozenset[str]
    bases: frozenset[str]
    is_given: bool
    is_surname: bool
    is_nen: bool
    is_listed_only: bool
    is_everyday: bool
    is_common: bool
    is_function: bool
    is_place: bool
    is_blocked: bool
    is_vague_place: bool
    cases: frozenset[str]
    is_title: bool
    verbs: frozenset[str]
    participles: frozenset[str]
    is_passive: bool
    is_noun: bool
    is_own: bool
    all_bases: frozenset[str]

    @cached_property
    def is_name(self) -> bool:
        """True when the word may be a given name or a surname."""
        return self.is_given or self.is_surname

    @property
    def is_local(self) -> bool:
        """True when it may stand in an inner local case, as places do: Lahdessa, Lahteen."""
        return bool(self.cases & _LOCAL_CASES)

    @property
    def is_nominative(self) -> bool:
        """True when it may stand in the nominative."""
        return "nimento" in self.cases

    @property
    def is_inside(self) -> bool:
        """True when it may stand in the case that says *in*: Lahdessa."""
        return "sisaolento" in self.cases

    @property
    def is_outer(self) -> bool:
        """True when it stands in a case of persons rather than of places: Kaarinaa, Kaarinalle."""
        return bool(self.cases) and self.cases <= _PERSON_CASES

    @property
    def is_known(self) -> bool:
        """True when Voikko knows the word."""
        return bool(self.classes)


class WordReader:
    """Read words with Voikko and the shipped lists; each form once.

    Parameters
    ----------
    voikko : libvoikko.Voikko
    lists : NameLists
    """

    def __init__(self, voikko: "Voikko", lists: NameLists) -> None:
        self.voikko = voikko
        self.lists = lists
        self._readings: dict[str, Reading] = {}

    def read(self, form: str) -> Reading:
        """Return what a word may be; the answer depends on the form alone."""
        key = form.casefold()
        if key not in self._readings:
            self._readings[key] = self._read(key)
        return self._readings[key]

    def _read(self, form: str) -> Reading:
        """Ask Voikko and the lists; a double name is read by its last part."""
        analyses = self.voikko.analyze(form)
        last = form.rsplit("-", 1)[-1]
        if "-" in form and not any(a.get("CLASS") in _NAME_CLASSES for a in analyses):
            analyses = self.voikko.analyze(last)
        guesses = stems(form) | stems(last)
        classes = frozenset(c for a in analyses for c in a.get("CLASS", "").split("_") if c)
        lists = self.lists
        everyday = classes - _NAME_CLASSES
        if _is_derived_nen(classes, analyses):
            everyday = frozenset()
        known = _bases(analyses, None) | {form}
        named = known if analyses else known | guesses
        far = frozenset(g for g in guesses & lists.given if len(g) >= _MIN_FAR_NAME)
        listed = named | far if everyday else known | guesses
        is_nen = _is_nen(form, known, classes)
        is_given = _is_one_given(form, analyses, everyday)
        in_lists = bool(listed & (lists.given | lists.surnames))
        is_group = bool(everyday) and _is_plural(form, analyses)
        is_surname = (
            "sukunimi" in classes or bool(listed & lists.surnames) or (not classes and is_nen)
        )
        is_common = bool(known & lists.everyday)
        is_listed = bool(listed & lists.given) or (is_common and not is_surname)
        return Reading(
            classes=classes,
            bases=_bases(analyses, _NAME_CLASSES) or named,
            is_given=is_given or (is_listed and not is_group),
            is_surname=is_surname,
            is_nen=is_nen,
            is_listed_only=in_lists and not (is_given or "sukunimi" in classes),
            is_everyday=bool(everyday),
            is_common=is_common,
            is_function=bool(classes & _FUNCTION_CLASSES) or form in _SPOKEN,
            is_place=bool(named & lists.places),
            is_blocked=bool(named & lists.others),
            is_vague_place="paikannimi" in classes,
            cases=_cases(form, analyses),
            is_title=bool(known & lists.titles)
            or ("sukunimi" not in classes and _ends_as_title(known, lists.titles)),
            verbs=_verbs(analyses),
            participles=_participles(analyses),
            is_passive=_is_passive(analyses),
            is_noun=classes == {"nimisana"},
            is_own=bool(analyses) and all(a.get("POSSESSIVE") == "3" for a in analyses),
            all_bases=known,
        )


def _bases(analyses: list[dict[str, str]], classes: frozenset[str] | None) -> frozenset[str]:
    """Return the dictionary forms of the analyses of these classes, lower case."""
    return frozenset(
        a["BASEFORM"].casefold()
        for a in analyses
        if "BASEFORM" in a and (classes is None or a.get("CLASS") in classes)
    )


def _is_derived_nen(classes: frozenset[str], analyses: list[dict[str, str]]) -> bool:
    """Tell whether a surname is an everyday word only as an adjective nobody uses: järvinen."""
    if classes != {"sukunimi", "laatusana"}:
        return False
    bases = [a["BASEFORM"] for a in analyses if a.get("CLASS") == "laatusana"]
    return all(b.endswith("nen") and not b.endswith(_OF_A_PLACE) for b in bases)


def _verbs(analyses: list[dict[str, str]]) -> frozenset[str]:
    """Return the verbs of which a word may be a finite form, or the form after a negation."""
    return frozenset(
        a["BASEFORM"].casefold()
        for a in analyses
        if a.get("CLASS") == "teonsana"
        and "BASEFORM" in a
        and (a.get("MOOD") in _FINITE or a.get("NEGATIVE") in ("true", "both"))
    )


def _participles(analyses: list[dict[str, str]]) -> frozenset[str]:
    """Return the verbs of which a word may be a participle: kertonut, tavattu."""
    matches = (_PARTICIPLE_OF.search(a.get("FSTOUTPUT", "")) for a in analyses if "PARTICIPLE" in a)
    return frozenset(match.group(1).casefold() for match in matches if match)


def _is_passive(analyses: list[dict[str, str]]) -> bool:
    """Tell whether every verb reading of a word is passive."""
    persons = {a.get("PERSON") for a in analyses if a.get("CLASS") == "teonsana"}
    return persons == {"4"}


def _cases(form: str, analyses: list[dict[str, str]]) -> frozenset[str]:
    """Return the cases a word may stand in."""
    if analyses:
        return frozenset(a["SIJAMUOTO"] for a in analyses if "SIJAMUOTO" in a)
    return frozenset(case for endings, case in _GUESSED_CASES if form.endswith(endings))


def _is_one_given(form: str, analyses: list[dict[str, str]], everyday: frozenset[str]) -> bool:
    """Tell whether Voikko reads a given name; *Martat* is an association, not several Marttas."""
    given = [a for a in analyses if a.get("CLASS") == "etunimi"]
    return bool(given) and not (everyday and _is_plural(form, given))


def _is_plural(form: str, analyses: list[dict[str, str]]) -> bool:
    """Tell whether a word is a plural by its ending and by every analysis: *romanit*."""
    numbers = {a.get("NUMBER") for a in analyses}
    return form.endswith(("t", "jen", "ien", "ten")) and numbers == {"plural"}


def _is_nen(form: str, known: frozenset[str], classes: frozenset[str]) -> bool:
    """Tell whether a word may end in -nen as Finnish surnames do: Kortetinen, Tähtinen."""
    if not classes and form.endswith(("sta", "stä")):
        return False
    bases = known if classes else stems(form)
    return any(
        base.endswith("nen") and not base.endswith(_OF_A_PLACE) and len(base) > _MIN_NEN
        for base in bases
    )


def _ends_as_title(bases: frozenset[str], titles: frozenset[str]) -> bool:
    """Tell whether the last part of a compound is a title: palveluohjaaja."""
    tails = tuple(title for title in titles if len(title) >= _MIN_TITLE_TAIL)
    return any(base.endswith(tails) for base in bases)
