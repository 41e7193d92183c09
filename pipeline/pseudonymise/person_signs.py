"""Find what in a clause speaks for a person, where the verb is one that things share."""

from collections.abc import Callable, Iterable, Sequence

from pipeline.pseudonymise.name_lists import NameLists, context_words
from pipeline.pseudonymise.word_readings import SURNAME_TAILS, Reading, Word

STOPS = frozenset({"eikä", "että", "kun", "mutta", "koska", "vaikka", "jos", "joka", "kuin"})
"""Words at which what is said of a subject ends."""

PREDICATES = context_words("person_predicates")
"""What is said of persons."""

_GOAL_TAILS = tuple(context_words("person_goals"))
_HURTING = context_words("hurting")
_INFINITIVE = ("maan", "mään", "massa", "mässä", "masta", "mästä")
_WITH_US = frozenset(("meillä", "meille", "meiltä", "luonamme", "luonani", "kanssani", "kanssamme"))
_WHERE = frozenset(
    ("sisaolento", "sisaeronto", "sisatulento", "ulkoolento", "ulkoeronto", "ulkotulento")
)
_TAKEN = ("lääke", "lääkitys", "pilleri", "tabletti", "insuliini")
_CARRIED = ("pyörätuolilla", "rollaattorilla", "taksilla", "ambulanssilla", "kyydillä", "kepin")
_MOVING = frozenset(("tulla", "mennä", "lähteä", "saapua", "liikkua", "kulkea", "palata", "käydä"))
_SAME_SENTENCE = 14
_SHE = frozenset({"hän", "hänen", "häntä", "hänelle", "häneltä", "hänellä", "hänet", "hänestä"})


class PersonSigns:
    """The signs of a person among the words of one text.

    Parameters
    ----------
    words : sequence of Word
    read : callable
        Gives a word's Reading.
    lists : NameLists
    """

    def __init__(
        self, words: Sequence[Word], read: Callable[[str], Reading], lists: NameLists
    ) -> None:
        self.words = words
        self.read = read
        self.lists = lists

    def are_of_person(
        self, numbers: Iterable[int], verbs: frozenset[str], subject: Reading
    ) -> bool:
        """Tell whether the words after a verb speak for a person as its subject.

        *Sade palasi kotiin*, *Tuuli vei lapsensa*, *Usko jäi ilman vaippoja* do.

        Parameters
        ----------
        numbers : iterable of int
            Of the words that follow in the clause.
        verbs : frozenset of str
            The verb's dictionary forms.
        subject : Reading

        Returns
        -------
        bool
        """
        for i in numbers:
            form = self.words[i].form.casefold()
            if form in STOPS:
                return False
            beside = self.read(form)
            if form == "ja" and self._is_subject(i + 1):
                return False
            if self._is_state(form, beside) or self._is_deed(form, beside, verbs):
                return True
            if form == "ilman" and "jäädä" in verbs and not is_landscape(subject):
                return True
            verbs = verbs | beside.verbs | beside.participles
        return False

    def _is_subject(self, i: int) -> bool:
        """Tell whether a new subject begins: *ja asiakas kastui*."""
        if i + 1 >= len(self.words):
            return False
        noun, verb = self.read(self.words[i].form), self.read(self.words[i + 1].form)
        return bool(noun.classes) and noun.is_nominative and bool(verb.verbs | verb.participles)

    def _is_state(self, form: str, beside: Reading) -> bool:
        """Tell whether a word says how or where a person is, or has a person's suffix."""
        if form in PREDICATES or form in _WITH_US or beside.is_own:
            return True
        is_goal = any(base.endswith(_GOAL_TAILS) for base in beside.all_bases)
        return is_goal and bool(beside.cases & _WHERE)

    def _is_deed(self, form: str, beside: Reading, verbs: frozenset[str]) -> bool:
        """Tell whether a word says what only a person does: *meni nukkumaan*, *lyö lasta*."""
        if form.endswith(("matta", "mättä")) and "jättää" in verbs:
            return True
        is_doing = form.endswith(_INFINITIVE) and beside.all_bases & self.lists.person_verbs
        if is_doing and not verbs & self.lists.person_objects:
            return True
        if "ottaa" in verbs and any(base.endswith(_TAKEN) for base in beside.all_bases):
            return True
        if form.endswith(_CARRIED) and verbs & _MOVING:
            return True
        is_victim = beside.is_title and bool(beside.cases & {"osanto", "omanto"})
        return is_victim and bool(verbs & _HURTING)

    def is_called_she(self, first: int) -> bool:
        """Tell whether *hän* comes soon, with nobody else between whom it could mean.

        Parameters
        ----------
        first : int
            Number of the first word to look at.

        Returns
        -------
        bool
        """
        for word in self.words[first : first + _SAME_SENTENCE]:
            form = word.form.casefold()
            if form in _SHE:
                return True
            if self.read(form).is_title or (word.is_capital and not word.is_head):
                return False
        return False


def is_landscape(reading: Reading) -> bool:
    """Tell whether a surname is a part of a landscape too, which buses leave: *saari*, *niemi*.

    Parameters
    ----------
    reading : Reading

    Returns
    -------
    bool
    """
    return reading.is_surname and bool(reading.bases & frozenset(SURNAME_TAILS))
