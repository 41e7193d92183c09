"""Say what a sentence does with a word: treats it as a person, as a thing, or says nothing.

*Toivo odotti taksia* and *Toivo loppuu* differ in their verb alone. A capitalised word at the head
of a sentence, a word without capitals and a word in capitals are judged by what stands beside
them: the verb they are the subject of, the noun they own, the verb they are the object of, an age.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from pipeline.pseudonymise.name_lists import NameLists, context_words
from pipeline.pseudonymise.person_signs import PREDICATES, STOPS, PersonSigns, is_landscape
from pipeline.pseudonymise.roles import Role
from pipeline.pseudonymise.swedish_context import swedish_role
from pipeline.pseudonymise.word_readings import Reading, Word

_CLAUSE_END = re.compile(r"[.!?;:\n()\"”–]|,")
_AGE = re.compile(r"^,?\s?\(?\d{1,3}(?:\s?[-–]?\s?(?:vuoti\w+|v\.?(?!\w)|vuotta|år\w*|,|\)))")
_RELATIVE = re.compile(r"^,\s(?:joka|jonka|jolla|jolle|jota|jolta|joita|som|vars)\b")
_ASKED = context_words("asked_about")
_BELONGINGS = context_words("belongings")
_BELONGING_TAILS = tuple(noun for noun in _BELONGINGS if len(noun) > 4)
_LOSING = context_words("losing")
_SAME_DEEDS = (
    (context_words("animals"), context_words("animal_deeds")),
    (context_words("forces"), context_words("force_deeds")),
)
"""What is a surname too, with the verbs that it shares with persons."""
_COMPOUND_OWNED = tuple(context_words("owned_compounds"))
_AND_THEIR = re.compile(r"^\s(?:ja|sekä)\shän(?:en|tä|elle|eltä)?\b")
_COMMA_THAT = re.compile(r"^\s(?:on|oli|olisi),\s")
_LOOK_AHEAD = 6
_LOOK_BACK = 4
_PREDICATE = 4
_NOT = frozenset({"ei", "eivät", "en", "inte", "ei-"})
_CLOSE_POSTPOSITIONS = frozenset(
    {"kanssa", "kans", "kanss", "kaa", "luona", "luokse", "luo", "luota", "puolesta"}
)
_OBJECT_CASES = frozenset(
    {"omanto", "osanto", "ulkotulento", "ulkoeronto", "sisaeronto", "sisatulento", "kohdanto"}
)
_ACTED_ON = context_words("acted_on")
_PLACED = context_words("placed")
_TELLING = context_words("telling")
_BE = frozenset(("on", "oli", "ole", "ollut"))
_CALLING = frozenset(("kutsua", "nimitellä", "nimittää", "sanoa", "haukkua"))
_PERFECT = ("nut", "nyt")
_PERFECTS = "neet"
_UNDONE = ("matta", "mättä")
_DONE = ("tu", "ty")
_NAMED_TAILS = tuple(noun for noun in context_words("named_things") if len(noun) > 3)

Read = Callable[[str], Reading]


class Context:
    """What stands around the words of one text.

    Parameters
    ----------
    text : str
    words : sequence of Word
    read : callable
        Gives a word's Reading.
    lists : NameLists
    is_swedish : bool
    """

    def __init__(
        self, text: str, words: Sequence[Word], read: Read, lists: NameLists, *, is_swedish: bool
    ) -> None:
        self.text = text
        self.words = words
        self.read = read
        self.lists = lists
        self.is_swedish = is_swedish
        self._signs = PersonSigns(words, read, lists)

    def role(self, first: int, last: int) -> Role:
        """Return what the sentence takes ``words[first:last]`` for.

        Parameters
        ----------
        first, last : int
            Half-open range of word numbers.

        Returns
        -------
        Role
        """
        rest = self.text[self.words[last - 1].end :][:40]
        if _AGE.match(rest):
            return Role.PERSON
        reading = self.read(self.words[last - 1].form)
        if self.is_swedish:
            return swedish_role(self.text, self.words, first, last)
        if self._owns(last, reading) or self.is_object(first, reading):
            return Role.PERSON
        if (
            _AND_THEIR.match(rest)
            or self._is_told_of(first, reading)
            or self._is_acted_on(last, reading)
            or self._is_called(first)
        ):
            return Role.PERSON
        if _RELATIVE.match(rest):
            return self._relative_role(last)
        if reading.is_nominative or not reading.cases:
            if self._is_inverted(first):
                return Role.PERSON
            if _COMMA_THAT.match(rest):
                return Role.THING
            return self._subject_role(last)
        return Role.NEUTRAL

    def _relative_role(self, last: int) -> Role:
        """Judge by a relative clause: *Kivi, jonka puhe*, *Salo, jolle kerrottiin*."""
        if last + 1 < len(self.words):
            beside = self.read(self.words[last + 1].form)
            form = self.words[last].form.casefold()
            if form == "jonka" and self._may_be_owned(beside):
                return Role.PERSON
            if form in ("jolle", "jota") and beside.verbs & self.lists.person_objects:
                return Role.PERSON
        return self._subject_role(last + 1)

    def is_object(self, first: int, reading: Reading, *, any_case: bool = False) -> bool:
        """Tell whether a verb that takes a person stands right before: soitin Tuulille."""
        is_in_case = any_case or bool(reading.cases & _OBJECT_CASES) or not reading.is_known
        if first == 0 or not is_in_case:
            return False
        for i in range(first - 1, max(-1, first - _LOOK_BACK), -1):
            between = self.text[self.words[i].end : self.words[i + 1].start]
            if _CLAUSE_END.search(between):
                return False
            word = self.words[i]
            beside = self.read(word.form)
            verbs = beside.verbs
            if not verbs and word.form.casefold().endswith(_DONE):
                verbs = beside.participles
            if verbs and i < first - 1 and not self._are_light(i + 1, first):
                return False
            if verbs:
                return bool(verbs & self.lists.person_objects)
        return False

    def _is_told_of(self, first: int, reading: Reading) -> bool:
        """Tell whether what is told or known of a person stands before: *lausunto Tesfayesta*."""
        if first == 0 or "sisaeronto" not in reading.cases or reading.is_known:
            return False
        is_beside = self._is_joined(first) and not self.words[first].is_head
        return is_beside and bool(self.read(self.words[first - 1].form).all_bases & _TELLING)

    def _is_called(self, first: int) -> bool:
        """Tell whether somebody is called the word: *kutsuu itseään Rotaksi*."""
        if self.words[first].is_head or not self.words[first].form.endswith("ksi"):
            return False
        before = self.words[max(0, first - _LOOK_BACK) : first]
        return any(self.read(word.form).verbs & _CALLING for word in before)

    def _is_inverted(self, first: int) -> bool:
        """Tell whether the verb of a person stands right before: ihmetteli Saarikangas."""
        if first == 0 or not self._is_joined(first) or self.words[first].is_head:
            return False
        beside = self.read(self.words[first - 1].form)
        if beside.verbs & self.lists.person_verbs:
            return True
        is_shared = bool(beside.verbs) and not beside.verbs & self.lists.thing_verbs
        return is_shared and self._role_by_signs(first, beside, first + 1) is Role.PERSON

    def _are_light(self, first: int, last: int) -> bool:
        """Tell whether words between a verb and its object are adverbs or capitalised names."""
        return all(
            self.words[i].is_capital
            or self.words[i].form in ("ja", "sekä", "eilen", "tänään")
            or self.read(self.words[i].form).is_function
            or self.read(self.words[i].form).cases == {"sisaeronto"}
            for i in range(first, last)
        )

    def is_with(self, last: int) -> bool:
        """Tell whether *kanssa*, *luona* or the like follows, which people have."""
        return last < len(self.words) and self.words[last].form.casefold() in _CLOSE_POSTPOSITIONS

    def _owns(self, last: int, reading: Reading) -> bool:
        """Tell whether a genitive owns what people own, or stands with *kanssa*, *luona*."""
        is_genitive = "omanto" in reading.cases or (
            not reading.is_known and self.words[last - 1].form.casefold().endswith("n")
        )
        if not is_genitive or last >= len(self.words) or not self._is_joined(last):
            return False
        word = self.words[last]
        if word.is_capital:
            return False
        return self._may_be_owned(self.read(word.form))

    def _may_be_owned(self, noun: Reading) -> bool:
        """Tell whether a noun is what people own or have: *äiti*, *perheenyhdistämishakemus*."""
        if noun.all_bases & self.lists.person_nouns:
            return True
        return any(base.endswith(_COMPOUND_OWNED) for base in noun.all_bases)

    def _is_joined(self, i: int) -> bool:
        """Tell whether only a blank stands before a word."""
        return self.text[self.words[i - 1].end : self.words[i].start] in (" ", "\u00a0", "\n")

    def _clause(self, last: int) -> Iterator[int]:
        """Yield the numbers of the words that follow in the same clause."""
        for i in range(last, min(len(self.words), last + _LOOK_AHEAD)):
            if i and _CLAUSE_END.search(self.text[self.words[i - 1].end : self.words[i].start]):
                if i > last:
                    return
                if not self.text[self.words[i - 1].end : self.words[i].start].startswith(","):
                    return
            yield i

    def _subject_role(self, last: int) -> Role:
        """Judge by the verb that a word may be the subject of."""
        is_denied = False
        for i in self._clause(last):
            word = self.words[i]
            form = word.form.casefold()
            if form in STOPS and i > last:
                return Role.NEUTRAL
            if form in ("ja", "tai") and not self._is_name_after(i):
                return Role.THING
            if form in _NOT or (word.is_capital and not word.form.isupper()):
                is_denied = is_denied or form in _NOT
                continue
            reading = self.read(word.form)
            denied = self._role_by(reading.participles) if is_denied else Role.NEUTRAL
            if denied is not Role.NEUTRAL:
                return denied
            if is_denied and form.endswith(_PERFECT) and reading.participles - {"olla"}:
                return self._deed_role(i, reading.participles, reading, last)
            if reading.verbs or reading.is_passive:
                return self._verb_role(i, reading, last)
            if i == last and form.endswith(_PERFECT) and reading.participles:
                return self._deed_role(i, reading.participles, reading, last)
            if i == last and reading.is_noun and reading.is_nominative:
                return Role.THING if self._is_first_part(last, form) else Role.NEUTRAL
        return Role.NEUTRAL

    def _verb_role(self, verb: int, reading: Reading, last: int) -> Role:
        """Judge by one finite verb, and by what follows it where the verb alone does not say."""
        if reading.is_passive:
            return Role.PERSON if reading.verbs & _PLACED else Role.THING
        if "olla" in reading.verbs:
            return self._predicate_role(verb + 1, last)
        return self._deed_role(verb, reading.verbs, reading, last)

    def _deed_role(self, verb: int, verbs: frozenset[str], reading: Reading, last: int) -> Role:
        """Judge by what a word does, and by what follows where its kind does the same."""
        subject = self.read(self.words[last - 1].form)
        role = Role.NEUTRAL if _is_shared(subject, verbs) else self._role_by(verbs)
        return role if role is not Role.NEUTRAL else self._role_by_signs(verb, reading, last)

    def _is_first_part(self, last: int, form: str) -> bool:
        """Tell whether a word before a noun makes no owner of an unknown genitive."""
        word = self.words[last - 1]
        is_open = not word.is_head and word.is_capital and not self.read(word.form).is_known
        is_open = is_open and word.form.endswith("n") and not word.form.isupper()
        return not is_open or form.endswith(_NAMED_TAILS)

    def _is_name_after(self, i: int) -> bool:
        """Tell whether a capitalised word follows a conjunction."""
        return i + 1 < len(self.words) and self.words[i + 1].is_capital

    def _predicate_role(self, first: int, last: int) -> Role:
        """Judge by what a word is said to be: *on kolmevuotias*, *on jonottanut*."""
        for i in self._clause(first):
            if i >= first + _PREDICATE:
                break
            form = self.words[i].form.casefold()
            if form in STOPS:
                break
            reading = self.read(form)
            if form in PREDICATES or form.endswith(("vuotias", "vuotiaana", "vuotiaita")):
                return Role.PERSON
            if form.endswith(_PERFECTS) and self.words[first - 1].form.casefold() in _BE:
                break
            role = self._role_by(reading.participles)
            is_done = form.endswith(_DONE) and not reading.participles & (_PLACED | _ACTED_ON)
            if form.endswith(_UNDONE) or (is_done and role is Role.PERSON):
                continue
            if _is_shared(self.read(self.words[last - 1].form), reading.participles):
                break
            if role is not Role.NEUTRAL:
                return role
        return self._role_by_signs(first - 1, self.read(self.words[first - 1].form), last)

    def _role_by_signs(self, verb: int, reading: Reading, last: int) -> Role:
        """Judge the subject of a verb that persons and things share by what else is said."""
        subject = self.read(self.words[last - 1].form)
        verbs = reading.verbs | reading.participles
        is_person = self._signs.are_of_person(self._clause(verb + 1), verbs, subject)
        return Role.PERSON if is_person or self._signs.is_called_she(verb + 1) else Role.NEUTRAL

    def _is_acted_on(self, last: int, reading: Reading) -> bool:
        """Tell whether a passive verb of what is done to persons follows: *Mäeltä evättiin*."""
        if not self.words[last - 1].is_head or last >= len(self.words):
            return False
        if "sisaeronto" in reading.cases and self._is_asked_about(last):
            return True
        is_partitive = "osanto" in reading.cases
        if not (is_partitive or reading.is_outer) or not self._is_joined(last):
            return False
        wanted = _ACTED_ON if is_partitive else _ACTED_ON | self.lists.person_objects
        is_having = False
        for i in self._clause(last):
            form = self.words[i].form.casefold()
            beside = self.read(form)
            if form in _BE or form in _NOT:
                is_having = not is_partitive
            elif beside.verbs & _LOSING and not beside.is_passive and not is_partitive:
                is_having = True
            elif beside.verbs and not (is_having and beside.is_nominative):
                return beside.is_passive and bool(beside.verbs & wanted)
            elif is_having and beside.participles:
                return form.endswith(("tu", "ty")) and bool(beside.participles & wanted)
            elif is_having and (
                self._has_kin(reading, beside) or _is_belonging(reading, beside, form)
            ):
                return True
        return False

    def _is_asked_about(self, last: int) -> bool:
        """Tell whether something is asked or told about a person: *Ahosta kysyttiin*."""
        if not self._is_joined(last):
            return False
        beside = self.read(self.words[last].form)
        return beside.is_passive and bool(beside.verbs & _ASKED)

    def _has_kin(self, reading: Reading, beside: Reading) -> bool:
        """Tell whether what somebody has is a relative: *Anskulla on vauva*."""
        is_open = "ulkoolento" in reading.cases and not (reading.is_known and not reading.is_name)
        is_kin = beside.is_title and (beside.is_nominative or "osanto" in beside.cases)
        return is_open and is_kin and not is_landscape(reading)

    def _role_by(self, verbs: frozenset[str]) -> Role:
        """Return what verbs make of their subject."""
        if verbs & self.lists.person_verbs:
            return Role.PERSON
        return Role.THING if verbs & self.lists.thing_verbs else Role.NEUTRAL


def _is_shared(subject: Reading, verbs: frozenset[str]) -> bool:
    """Tell whether an animal or the weather does the same as persons: *Kettu oli syönyt*."""
    return any(subject.all_bases & kind and verbs & deeds for kind, deeds in _SAME_DEEDS)


def _is_belonging(reading: Reading, beside: Reading, form: str) -> bool:
    """Tell whether a name has what only persons have: *Sulolla oli kuulolaite*."""
    if not reading.is_name or is_landscape(reading) or reading.is_place:
        return False
    if not (beside.is_nominative or "osanto" in beside.cases or not beside.cases):
        return False
    return form in _BELONGINGS or any(
        base in _BELONGINGS or base.endswith(_BELONGING_TAILS) for base in beside.all_bases
    )
