"""Cut clauses out of sentences: stretches that stand alone as they were written.

A clause is a quotation, so nothing inside it is left out. It ends where the writer ended it: at
punctuation, or at a conjunction that begins another finite clause.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.name.parse import Word
from pipeline.pseudonymise.spans import STAND_IN

MIN_WORDS, MAX_WORDS = 3, 11

_INNER_SIGNS = frozenset("-/%+&'’")
_CONDITIONS = frozenset(("jos", "ellei", "mikäli", "jotta", "jottei", "ettei", "kuin", "ikään"))
"""What begins a clause that does not say that something is so."""
_QUESTIONS = frozenset(
    (
        *("miksi", "miten", "missä", "mistä", "mihin", "minne", "milloin", "kuinka", "onko"),
        *("mikä", "mitä", "kuka", "kenelle", "millainen", "montako", "paljonko", "eikö"),
    )
)
_LEANING = frozenset(
    (
        *("silloin", "tällöin", "siellä", "sinne", "sieltä", "siihen", "siinä", "tänne", "täällä"),
        *("näin", "siten", "siksi", "niin", "samoin", "samalla", "lisäksi", "kuitenkin"),
        *("toinen", "toisen", "toista", "muut", "muita", "sitten", "myös", "sama", "samat"),
        *("eikä", "nyt", "silti"),
    )
)
"""Words that lean on what was said before."""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A stretch of a sentence with one finite verb and what it is said of.

    Attributes
    ----------
    start, end : int
        Half-open, in code points of the sentence.
    text : str
        As it was written.
    has_subject : bool
        False for a passive with its object.
    has_object : bool
        Whether its verb has an object or an infinitive.
    n_leaning : int
        Pronouns and other words that lean on something said before; a beginning with "ei" too.
    is_first_person : bool
        Whether it speaks of the writer, or quotes somebody who speaks of themselves.
    n_names : int
        Proper nouns.
    n_numbers : int
        Words with a figure in them, and numerals.
    """

    start: int
    end: int
    text: str
    has_subject: bool
    has_object: bool
    n_leaning: int
    is_first_person: bool
    n_names: int
    n_numbers: int

    @property
    def stands_alone(self) -> bool:
        """Whether it is understood without what is around it."""
        return not (self.n_leaning or self.n_names or self.is_first_person)


def find_clauses(sentence: str, words: Sequence[Word]) -> list[Clause]:
    """Return the clauses of a sentence that can stand alone.

    Parameters
    ----------
    sentence : str
    words : sequence of Word
        As :meth:`pipeline.name.parse.Parser.parse` reads it.

    Returns
    -------
    list of Clause
        In reading order: of 3-11 words, one finite verb, with a subject in it that the verb
        agrees with, or a passive with its object. None of a question, a condition, a relative
        clause, or one with a stand-in for personal data.
    """
    if sentence.rstrip().endswith("?"):
        return []
    found = []
    for piece in _pieces(words):
        clause = _clause(sentence, words, piece)
        if clause is not None:
            found.append(clause)
    return found


def _pieces(words: Sequence[Word]) -> list[list[int]]:
    """Cut a sentence at punctuation and before clauses; conjunctions are in no piece."""
    pieces: list[list[int]] = [[]]
    for place, word in enumerate(words):
        is_sign = (
            word.text.strip() and word.pos in ("PUNCT", "SYM") and word.text not in _INNER_SIGNS
        )
        if is_sign or _begins_clause(place, words):
            pieces.append([])
        elif word.text.strip():
            pieces[-1].append(place)
    return [_without_lead(piece, words) for piece in pieces]


def _without_lead(piece: list[int], words: Sequence[Word]) -> list[int]:
    """Take the conjunctions off the beginning."""
    while piece and (words[piece[0]].pos == "CCONJ" or words[piece[0]].text.lower() == "joten"):
        piece = piece[1:]
    return piece


def _begins_clause(place: int, words: Sequence[Word]) -> bool:
    """Say whether a word is a conjunction whose clause has a finite verb."""
    word = words[place]
    if word.pos not in ("CCONJ", "SCONJ"):
        return False
    return bool(_finite_of(word.head, words))


def _finite_of(predicate: int, words: Sequence[Word]) -> list[int]:
    """Return the finite verbs of a predicate: itself, its auxiliaries and its copula."""
    own = [predicate] + [
        i for i, w in enumerate(words) if w.head == predicate and w.dep.startswith(("aux", "cop"))
    ]
    return [i for i in own if _is_finite(words[i])]


def _is_finite(word: Word) -> bool:
    """Say whether a word is a finite verb; "saa" of "ei saa" is not."""
    return "VerbForm=Fin" in word.features and "Connegative=Yes" not in word.features


def _clause(sentence: str, words: Sequence[Word], piece: Sequence[int]) -> Clause | None:
    """Return a piece as a clause, or None when it cannot stand alone."""
    finite = [i for i in piece if _is_finite(words[i])]
    if not MIN_WORDS <= len(piece) <= MAX_WORDS or len(finite) != 1:
        return None
    verb = finite[0]
    is_helper = words[verb].dep.startswith(("aux", "cop"))
    predicate = words[verb].head if is_helper else verb
    if not _is_whole(predicate, piece, words) or _is_refused(predicate, piece, words):
        return None
    subjects = _dependants(predicate, "nsubj", piece, words)
    objects = _dependants(predicate, "obj", piece, words)
    is_passive = any("Voice=Pass" in words[i].features for i in (verb, predicate))
    if not (subjects or (is_passive and objects)):
        return None
    if any(not _agrees(words[subject], words[verb], subject, piece, words) for subject in subjects):
        return None
    start, end = words[piece[0]].start, words[piece[-1]].end
    text = sentence[start:end]
    if "\n" in text or STAND_IN.search(text):
        return None
    held = [words[i] for i in piece]
    return Clause(
        start=start,
        end=end,
        text=text,
        has_subject=bool(subjects),
        has_object=bool(objects or _dependants(predicate, "xcomp", piece, words)),
        n_leaning=sum(w.pos == "PRON" or w.text.lower() in _LEANING for w in held)
        + (held[0].text == "ei"),
        is_first_person=any(
            f in ("Person=1", "Person[psor]=1", "Person=2") for w in held for f in w.features
        ),
        n_names=sum(w.pos == "PROPN" for w in held),
        n_numbers=sum(w.pos == "NUM" or any(c.isdigit() for c in w.text) for w in held),
    )


def _is_whole(predicate: int, piece: Sequence[int], words: Sequence[Word]) -> bool:
    """Say whether a piece hangs together under its predicate and lacks nothing it needs."""
    inside = set(piece)
    if predicate not in inside:
        return False
    if any(words[i].head not in inside for i in piece if i != predicate):
        return False
    outside = [w for i, w in enumerate(words) if w.head == predicate and i not in inside]
    if any(w.dep.startswith(("ccomp", "xcomp", "csubj", "nsubj")) for w in outside):
        return False
    # "Kaikki on niin kallista, että ...", "apua, tukea ja neuvontaa": a word of the clause goes on
    goes_on = ("advcl", "acl", "ccomp", "conj")
    return not any(
        w.head in inside and w.head != predicate and w.dep.startswith(goes_on)
        for i, w in enumerate(words)
        if i not in inside
    )


def _is_refused(predicate: int, piece: Sequence[int], words: Sequence[Word]) -> bool:
    """Say whether a piece asks, supposes, or belongs to what supposes or denies."""
    held = [words[i] for i in piece]
    asks = any(
        w.text.lower() in _QUESTIONS
        or w.features & {"PronType=Rel", "PronType=Int", "PronType=Int,Rel", "Clitic=Ko"}
        or "Mood=Imp" in w.features
        for w in held
    )
    marks = [w for i, w in enumerate(words) if w.head == predicate and w.dep == "mark"]
    supposes = any(w.text.lower() in _CONDITIONS for w in marks)
    is_relative = words[predicate].dep.startswith("acl")
    conditional = {
        words[i].head for i, w in enumerate(words) if w.text.lower() in ("jos", "ellei", "mikäli")
    } | {w.head for w in words if w.dep == "mark" and w.text.lower() in ("jos", "ellei", "mikäli")}
    has_condition = any(
        words[i].head == predicate and words[i].dep.startswith("advcl") for i in conditional
    )
    governor = words[predicate].head
    is_denied = words[predicate].dep.startswith("ccomp") and any(
        w.head == governor and "Polarity=Neg" in w.features for w in words
    )
    last = held[-1]
    dangles = last.pos in ("CCONJ", "SCONJ") or (last.features & {"Case=Gen"} and last.dep != "obj")
    return bool(asks or supposes or is_relative or has_condition or is_denied or dangles)


def _dependants(head: int, dep: str, piece: Sequence[int], words: Sequence[Word]) -> list[int]:
    """Return the words of a piece that hang on one by a relation."""
    return [
        i for i in piece if i != head and words[i].head == head and words[i].dep[: len(dep)] == dep
    ]


def _agrees(
    subject: Word, verb: Word, at: int, piece: Sequence[int], words: Sequence[Word]
) -> bool:
    """Say whether a verb has the number of a nominative subject that stands before it."""
    if "Case=Nom" not in subject.features or subject.end > verb.start:
        return True
    is_joined = any(words[i].head == at and words[i].dep == "conj" for i in piece)
    is_counted = any(words[i].head == at and words[i].dep.startswith("nummod") for i in piece)
    is_plural = "Number=Plur" in subject.features or is_joined
    if "Number=Plur" in verb.features:
        return is_plural
    if "Number=Sing" in verb.features:
        return is_counted or not is_plural
    return True
