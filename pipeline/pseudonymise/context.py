"""Say what a sentence does with a word: treats it as a person, as a thing, or says nothing.

*Toivo odotti taksia* and *Toivo loppuu* differ in their verb alone. A capitalised word at the head
of a sentence, a word without capitals and a word in capitals are judged by what stands beside
them: the verb they are the subject of, the noun they own, the verb they are the object of, an age.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum

from pipeline.pseudonymise.name_lists import NameLists, context_words
from pipeline.pseudonymise.word_readings import Reading, Word

_CLAUSE_END = re.compile(r"[.!?;:\n()\"”–]|,")
_AGE = re.compile(r"^,?\s?\(?\d{1,3}(?:\s?[-–]?\s?(?:vuoti\w+|v\.?(?!\w)|vuotta|år\w*|,|\)))")
_RELATIVE = re.compile(r"^,\s(?:joka|jonka|jolla|jolle|jota|jolta|joita|som|vars)\b")
_COMMA_THAT = re.compile(r"^\s(?:on|oli|olisi),\s")
_LOOK_AHEAD = 6
_LOOK_BACK = 4
_PREDICATE = 4
_NOT = frozenset({"ei", "eivät", "en", "inte", "ei-"})
_STOPS = frozenset({"eikä", "että", "kun", "mutta", "koska", "vaikka", "jos", "joka", "kuin"})
_CLOSE_POSTPOSITIONS = frozenset({"kanssa", "luona", "luokse", "luo", "luota"})
_OBJECT_CASES = frozenset(
    {"omanto", "osanto", "ulkotulento", "ulkoeronto", "sisaeronto", "sisatulento", "kohdanto"}
)
_PREDICATES = context_words("person_predicates")
_SWEDISH_VERBS = context_words("swedish_person_verbs")
_SWEDISH_OWNED = context_words("swedish_owned")

Read = Callable[[str], Reading]


class Role(Enum):
    """What a sentence takes a word for."""

    PERSON = "person"
    NEUTRAL = "neutral"
    THING = "thing"


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
            return self._swedish_role(last)
        if self._owns(last, reading) or self.is_object(first, reading):
            return Role.PERSON
        if _RELATIVE.match(rest):
            return self._subject_role(last + 1)
        if reading.is_nominative or not reading.cases:
            if self._is_inverted(first):
                return Role.PERSON
            if _COMMA_THAT.match(rest):
                return Role.THING
            return self._subject_role(last)
        return Role.NEUTRAL

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
            verbs = self.read(word.form).verbs
            if verbs and i < first - 1 and not self._are_light(i + 1, first):
                return False
            if verbs:
                return bool(verbs & self.lists.person_objects)
        return False

    def _is_inverted(self, first: int) -> bool:
        """Tell whether the verb of a person stands right before: ihmetteli Saarikangas."""
        if first == 0 or not self._is_joined(first) or self.words[first].is_head:
            return False
        return bool(self.read(self.words[first - 1].form).verbs & self.lists.person_verbs)

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
        return bool(self.read(word.form).all_bases & self.lists.person_nouns)

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
        for i in self._clause(last):
            word = self.words[i]
            form = word.form.casefold()
            if form in _STOPS and i > last:
                return Role.NEUTRAL
            if form in ("ja", "tai") and not self._is_name_after(i):
                return Role.THING
            if form in _NOT or (word.is_capital and not word.form.isupper()):
                continue
            reading = self.read(word.form)
            if reading.is_passive:
                return Role.THING
            if "olla" in reading.verbs:
                return self._predicate_role(i + 1)
            if reading.verbs:
                return self._role_by(reading.verbs)
            if i == last and reading.is_noun and reading.is_nominative:
                return Role.THING
        return Role.NEUTRAL

    def _is_name_after(self, i: int) -> bool:
        """Tell whether a capitalised word follows a conjunction."""
        return i + 1 < len(self.words) and self.words[i + 1].is_capital

    def _predicate_role(self, first: int) -> Role:
        """Judge by what a word is said to be: *on kolmevuotias*, *on jonottanut*."""
        for i in self._clause(first):
            if i >= first + _PREDICATE:
                break
            form = self.words[i].form.casefold()
            if form in _STOPS:
                break
            reading = self.read(form)
            if form in _PREDICATES or form.endswith(("vuotias", "vuotiaana", "vuotiaita")):
                return Role.PERSON
            role = self._role_by(reading.participles)
            if role is not Role.NEUTRAL:
                return role
        return Role.NEUTRAL

    def _role_by(self, verbs: frozenset[str]) -> Role:
        """Return what verbs make of their subject."""
        if verbs & self.lists.person_verbs:
            return Role.PERSON
        return Role.THING if verbs & self.lists.thing_verbs else Role.NEUTRAL

    def _swedish_role(self, last: int) -> Role:
        """Judge a word of a Swedish sentence by the word after it."""
        if last >= len(self.words) or not self._is_joined(last):
            return Role.NEUTRAL
        form = self.words[last].form.casefold()
        is_owner = self.words[last - 1].form.endswith("s") and form in _SWEDISH_OWNED
        return Role.PERSON if form in _SWEDISH_VERBS or is_owner else Role.NEUTRAL
