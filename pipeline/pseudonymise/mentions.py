"""Weigh the evidence that a run of words names a person.

A run is one or more adjacent capitalised words. Its words are read one by one
(:mod:`pipeline.pseudonymise.word_readings`); then the run as a whole, what stands before it and
what the entity recogniser says of it make a score. The scores are judgements, ordered by
how often each kind of evidence deceives; they are not probabilities.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from pipeline.pseudonymise.context import Context
from pipeline.pseudonymise.hidden_names import find_initials, find_lower_case
from pipeline.pseudonymise.name_lists import context_words
from pipeline.pseudonymise.roles import Role
from pipeline.pseudonymise.spans import Span
from pipeline.pseudonymise.word_readings import Reading, Word, is_surname_like

Read = Callable[[str], Reading]
"""What a word may be, by its form."""

Labels = Sequence[tuple[int, int, str]]
"""Entities of a text: start, end, label."""

_PARTICLES = r"(?:af|von|van|de|der|den|del|bin|ibn|al|el|da|dos|du|la|le|ben|ter|binti)"
_JOINT = re.compile(rf"[ \u00a0](?:{_PARTICLES}[ \u00a0])?")
_INITIAL_JOINT = re.compile(r"[ \u00a0](?:[A-ZÅÄÖ]\.[ \u00a0]?)+")
_COMPANY = re.compile(
    r"\s(?:Oyj?|ry|rf|r\.y\.|Ab|Tmi|Ky|säätiö|yhdistys|yhtiö|oy|sote\w{0,3}|hyvinvointialue\w*)\b"
)
_COMPANY_FORMS = frozenset({"Ab", "Inc", "Ky", "Ltd", "Oy", "Oyj", "Tmi"})
_INITIAL_BEFORE = re.compile(r"(?<![\w.])(?:[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?\.[ \u00a0]?){1,2}$")
_INITIAL_AFTER = re.compile(r"^[ \u00a0][A-ZÅÄÖ](?:\.|:[a-zäö]{1,4})?(?![\w.-])")
_PARTICLE_BEFORE = re.compile(rf"(?<!\w){_PARTICLES}[ \u00a0]$")
_AFTER_TITLE = re.compile(r"\.?:?\s[\"”']?")
_APPOSED = re.compile(r",\s")
_MIN_LISTED = 4
_TAIL = re.compile(r"-(?P<tail>[a-zåäö]+)")
_LED_BY = re.compile(r" (?:luona|luokse|luota|johdolla|johtamana|vetämänä|ohjaamana)\b")
_NAMED_THINGS = context_words("named_things")
_NAMED_TAILS = tuple(noun for noun in _NAMED_THINGS if len(noun) >= _MIN_LISTED)
_PLACE_ADJECTIVES = context_words("place_adjectives")
_MAX_NAME_WORDS = 4
_LONGEST_ACRONYM = 5
_FOREIGN_WORDS = context_words("foreign_words")

FULL_NAME = 0.97
TITLED = 0.85
NAME_INSIDE = 0.85
EVERYDAY_INSIDE = 0.75
NAME_AT_HEAD = 0.7
DOING = 0.8
UNKNOWN_DOING = 0.7
EVERYDAY_AT_HEAD = 0.44
LAST_NAME_AT_HEAD = 0.4
MAYBE = 0.3
PLACE_LIKE = 0.6
ENTITY = 0.6
UNKNOWN = 0.5
NOTHING = 0.1

RIVALS = frozenset({"EVENT", "FAC", "GPE", "LAW", "LOC", "WORK_OF_ART"})
"""Labels of the entity recogniser that speak against a person. ORG and PRODUCT are not among them:
the model gives them to most names it has not seen."""

_PLACES = frozenset({"FAC", "GPE", "LOC"})

_ADDRESS_FORMS = frozenset({"rouva", "herra", "neiti", "rva", "hra", "nti"})


def find_mentions(
    text: str, words: Sequence[Word], read: Read, labels: Labels, context: Context
) -> list[Span]:
    """Find what may name a person, with a score.

    Parameters
    ----------
    text : str
    words : sequence of Word
        The words of the text in order.
    read : callable
        Gives a word's :class:`~pipeline.pseudonymise.word_readings.Reading`.
    labels : sequence of (int, int, str)
        Entities of a recogniser; only ``PERSON`` and its rivals matter.
    context : Context
        What the sentences of the text do with its words.

    Returns
    -------
    list of Span
        Kind ``nimi``, disjoint, in order, the doubtful ones included.
    """
    found = []
    for first, last in _runs(text, words, read):
        run = words[first:last]
        title = _title_before(text, words, first, read)
        role = context.role(first, last)
        span = _full_name(text, run, read)
        if not span:
            span = _short_name(text, run, read, title, labels, role)
            is_led = _LED_BY.match(text, run[-1].end)
            if (
                span
                and not is_led
                and (_is_named_thing(text, words, first, read) or _names_thing(text, run, read))
            ):
                span = span._replace(rule="nimetty-asia", score=NOTHING)
        if span:
            found.append(_with_initials(text, span))
    found.extend(find_lower_case(text, words, context))
    found.extend(find_initials(text, words, context))
    return found


def _runs(text: str, words: Sequence[Word], read: Read) -> Iterator[tuple[int, int]]:
    """Yield ``[first, last)`` of every run of adjacent capitalised words that may be a name."""
    first = None
    for i, word in enumerate([*words, None]):
        joins = first is not None and word is not None and _adjacent(text, words[i - 1], word)
        if first is not None and not (joins and word and _may_join(word, read(word.form))):
            yield first, i
            first = None
        if first is None and word is not None and _may_start(word, read(word.form)):
            first = i


def _adjacent(text: str, left: Word, right: Word) -> bool:
    """Tell whether only a blank, or a blank and initials, stand between two words."""
    between = text[left.end : right.start]
    if left.has_tail or (right.is_head and not _INITIAL_JOINT.fullmatch(between)):
        return False
    return bool(_JOINT.fullmatch(between) or _INITIAL_JOINT.fullmatch(between))


def _may_join(word: Word, reading: Reading) -> bool:
    """Tell whether a word may go on a name that has begun."""
    is_shout = word.form.isupper() and reading.is_known and not reading.is_name
    if word.form in _COMPANY_FORMS:
        return False
    return word.is_capital and not (is_shout or reading.is_function or reading.is_blocked)


def _may_start(word: Word, reading: Reading) -> bool:
    """Tell whether a word may begin a name."""
    if not word.is_capital or (reading.is_function and (word.is_head or not reading.is_name)):
        return False
    if word.is_head and reading.is_title and not reading.is_known:
        return False
    is_plain = reading.is_known and reading.is_everyday and not reading.is_name
    if word.is_head and is_plain and not is_surname_like(reading):
        return False
    return not reading.is_blocked or reading.is_given


def _title_before(text: str, words: Sequence[Word], first: int, read: Read) -> str:
    """Return the title that stands right before the run, lower case; empty when none does."""
    if first == 0:
        return ""
    before, word = words[first - 1], words[first]
    between = text[before.end : word.start]
    is_apart = word.is_head and "." in between
    is_apposed = bool(_APPOSED.fullmatch(between)) and text[word.end : word.end + 1] == ","
    is_beside = not is_apart and (is_apposed or _AFTER_TITLE.fullmatch(between))
    reading = read(before.form)
    is_title = is_beside and reading.is_title
    if is_title and not reading.is_nominative and read(word.form).is_blocked:
        return ""
    return before.form.casefold() if is_title else ""


def _is_named_thing(text: str, words: Sequence[Word], first: int, read: Read) -> bool:
    """Tell whether a noun that bears names stands right before, or *Södra* and the like."""
    if first == 0 or text[words[first - 1].end : words[first].start] not in (" ", ' "', " ”"):
        return False
    form = words[first - 1].form.casefold()
    if words[first - 1].is_capital and form in _PLACE_ADJECTIVES:
        return True
    reading = read(form)
    is_open = reading.is_nominative or not reading.cases
    return is_open and any(base == form and _bears_names(base) for base in reading.all_bases)


def _bears_names(noun: str) -> bool:
    """Tell whether a noun, or the last part of a compound, bears names that are no person's."""
    return noun in _NAMED_THINGS or noun.endswith(_NAMED_TAILS)


def _names_thing(text: str, run: Sequence[Word], read: Read) -> bool:
    """Tell whether a hyphen makes a name the first part of a thing: *Hilma-talo*."""
    match = _TAIL.match(text, run[-1].end)
    if not match:
        return False
    tail = read(match["tail"])
    is_of_person = tail.is_title or match["tail"].startswith("nimi")
    return tail.is_known and not is_of_person


def _full_name(text: str, run: Sequence[Word], read: Read) -> Span | None:
    """Read a run of several words as a given name and a surname, in either order."""
    readings = [read(word.form) for word in run]
    given = next((i for i, r in enumerate(readings) if r.is_given), None)
    if given is None or len(run) == 1:
        return None
    last = min(len(run), given + _MAX_NAME_WORDS)
    is_inflected = bool(readings[given].cases) and not readings[given].is_nominative
    while last > given + 1 and _is_place_in_case(readings[last - 1], is_inflected):
        last -= 1
    first = given
    while first > 0 and _may_precede(run[first - 1], readings[first - 1]):
        first -= 1
    for i in range(given + 2, last):
        if readings[i].is_place or (readings[i].is_vague_place and not readings[i].is_surname):
            last = i
            break
    if _FOREIGN_WORDS & {word.form.casefold() for word in run[first:last]}:
        return None
    if last - first == 1 or _COMPANY.match(text, run[last - 1].end):
        return None
    is_plain_head = run[given].is_head and readings[given].is_everyday and first == given
    follower = readings[min(given + 1, last - 1)]
    if is_plain_head and not (follower.is_name or not follower.is_known):
        return _span(run[first:last], readings[first:last], "kokonimi-epävarma", PLACE_LIKE)
    return _span(run[first:last], readings[first:last], "kokonimi", FULL_NAME)


def _is_place_in_case(reading: Reading, is_inflected: bool) -> bool:
    """Tell whether a word after a name says where: Pekka Heinolasta, Pekkaa Lahdesta.

    In a full name the last word alone is inflected, so that after an inflected given name a place
    that is also a surname is a place.
    """
    if not reading.is_place:
        return False
    is_where = reading.is_local and (is_inflected or not reading.is_surname)
    return reading.is_inside or is_where


def _may_precede(word: Word, reading: Reading) -> bool:
    """Tell whether a word before a given name belongs to the name, as in Virtanen Matti."""
    if reading.is_place or (reading.is_vague_place and not reading.is_surname):
        return False
    if not word.is_head:
        return True
    return reading.is_surname and (reading.is_nominative or not reading.cases)


def _short_name(
    text: str, run: Sequence[Word], read: Read, title: str, labels: Labels, role: Role
) -> Span | None:
    """Weigh a run without a full name: its strongest word, its title and its entity label."""
    readings = [read(word.form) for word in run]
    if _COMPANY.match(text, run[-1].end):
        return None
    label = _label(run, labels)
    given = next((i for i, r in enumerate(readings) if r.is_given), None)
    if given is not None:
        run, readings = run[given : given + 1], readings[given : given + 1]
        title = title if given == 0 else ""
    if len(run) > 1:
        return _nameless_run(text, run, readings, title, label, role)
    word, reading = run[0], readings[0]
    score, rule = _weigh(word, reading, label, role)
    is_initialled = reading.is_given and not word.form.isupper()
    is_initialled = is_initialled and bool(_INITIAL_AFTER.match(text[word.end : word.end + 9]))
    if (is_initialled or _has_initial(text, word)) and not reading.is_blocked:
        score, rule = max(score, TITLED), "alkukirjain"
    if title and score < TITLED and _fits_title(word, reading, title):
        score, rule = TITLED, "titteli"
    return _span(run, readings, rule, score)


def _nameless_run(
    text: str,
    run: Sequence[Word],
    readings: Sequence[Reading],
    title: str,
    label: str,
    role: Role,
) -> Span | None:
    """Weigh two or more capitalised words of which none is a known given name."""
    last = len(run)
    while last > 1 and _is_place_in_case(readings[last - 1], is_inflected=False):
        last -= 1
    run, readings = run[:last], readings[:last]
    is_unknown = any(not r.is_known and not w.is_head for w, r in zip(run, readings, strict=True))
    if (_FOREIGN_WORDS & {word.form.casefold() for word in run}) or (
        run[0].form.casefold() in _PLACE_ADJECTIVES
    ):
        return _span(run, readings, "vieraskielinen", NOTHING)
    if title and _fits_title(run[0], readings[0], title):
        return _span(run, readings, "titteli", TITLED)
    is_plain = run[-1].form.isupper() and readings[-1].is_everyday and role is not Role.PERSON
    is_last = readings[-1].is_surname and not is_plain
    if is_last and not readings[-1].is_place and not readings[0].is_place:
        return _span(run, readings, "sukunimi", NAME_INSIDE)
    if label == "PERSON":
        return _span(run, readings, "entiteetti", ENTITY)
    if _has_initial(text, run[0]):
        return _span(run, readings, "alkukirjain", TITLED)
    is_of_place = readings[0].is_place and not readings[0].is_name
    if is_of_place:
        return _span(run, readings, "paikan", NOTHING)
    if is_unknown and role is Role.PERSON:
        return _span(run, readings, "tekijä", UNKNOWN_DOING)
    if is_unknown and label not in RIVALS and not (readings[0].is_place and run[0].is_head):
        return _span(run, readings, "tuntematon", UNKNOWN)
    return _span(run, readings, "heikko", NOTHING)


def _weigh(word: Word, reading: Reading, label: str, role: Role) -> tuple[float, str]:
    """Return the score of one capitalised word alone, and the rule behind it."""
    is_place = reading.is_place and not (reading.is_given and reading.is_outer)
    if reading.is_title and word.is_head:
        return NOTHING, "nimike"
    if reading.cases == {"olento"} and word.is_head:
        return NOTHING, "aikana"
    if reading.is_blocked or is_place:
        return _weigh_doubled(word, reading, role)
    if reading.is_given:
        return _weigh_given(word, reading, label, role), "etunimi"
    if reading.is_surname and not word.has_tail:
        return _weigh_surname(word, reading, label, role), "sukunimi"
    if reading.is_nen and label == "PERSON" and not word.is_head:
        return ENTITY, "entiteetti"
    return _weigh_unknown(word, reading, label, role)


def _weigh_doubled(word: Word, reading: Reading, role: Role) -> tuple[float, str]:
    """Return the score of a place or service that is a name too: Salla, Koski, Wilma."""
    is_doing = role is Role.PERSON and reading.is_name and not word.has_tail
    if not is_doing or word.form.isupper() or reading.is_inside:
        return NOTHING, "heikko"
    return (UNKNOWN, "paikka-tekijänä") if reading.is_place else (PLACE_LIKE, "tekijä")


def _weigh_unknown(word: Word, reading: Reading, label: str, role: Role) -> tuple[float, str]:
    """Return the score of a word that neither Voikko nor a list knows as a name."""
    is_unknown = not reading.is_known and not word.has_tail
    if reading.is_noun and not word.has_tail:
        is_name = role is Role.PERSON and is_surname_like(reading)
        if role is Role.PERSON and not word.is_head and not word.form.isupper():
            return PLACE_LIKE, "sana-tekijänä"
        return (UNKNOWN_DOING, "sukunimen-kaltainen") if is_name else (NOTHING, "heikko")
    if not is_unknown or reading.is_inside or word.form.casefold() in _FOREIGN_WORDS:
        return NOTHING, "heikko"
    if word.form.isupper():
        is_long = len(word.form) > _LONGEST_ACRONYM or is_surname_like(reading)
        return (UNKNOWN_DOING, "tekijä") if is_long and role is Role.PERSON else (NOTHING, "heikko")
    is_from = reading.is_local and is_surname_like(reading) and role is Role.NEUTRAL
    if role is Role.PERSON and not is_from and label not in _PLACES:
        return UNKNOWN_DOING, "tekijä"
    if label in RIVALS or is_from:
        return NOTHING, "heikko"
    if label == "PERSON":
        return ENTITY, "entiteetti"
    if role is Role.THING:
        return NOTHING, "heikko"
    return (MAYBE, "tuntematon-alussa") if word.is_head else (UNKNOWN, "tuntematon")


def _weigh_given(word: Word, reading: Reading, label: str, role: Role) -> float:
    """Return the score of a given name alone."""
    is_plain = reading.is_everyday or bool(reading.bases & _short(reading))
    if word.form.isupper() and (is_plain or reading.is_listed_only):
        return UNKNOWN_DOING if role is Role.PERSON else NOTHING
    if not word.is_head:
        return EVERYDAY_INSIDE if is_plain else NAME_INSIDE
    if not is_plain:
        return NAME_AT_HEAD
    if role is not Role.NEUTRAL:
        return DOING if role is Role.PERSON else NOTHING
    if reading.is_function or not reading.is_nominative:
        return PLACE_LIKE if label == "PERSON" else MAYBE
    is_odd = not reading.is_common and not reading.is_listed_only
    return PLACE_LIKE if is_odd else EVERYDAY_AT_HEAD


def _short(reading: Reading) -> frozenset[str]:
    """Return the bases too short to trust when a list alone says they are names."""
    if not reading.is_listed_only:
        return frozenset()
    return frozenset(base for base in reading.bases if len(base) < _MIN_LISTED)


def _weigh_surname(word: Word, reading: Reading, label: str, role: Role) -> float:
    """Return the score of a surname alone; half of them are nouns or names of places too."""
    is_plain = reading.is_everyday or reading.is_vague_place
    if not is_plain and not word.is_head:
        return NAME_INSIDE
    is_person = role is Role.PERSON
    is_from = all(base.endswith(("lainen", "läinen")) for base in reading.bases)
    if is_from and reading.is_everyday and word.is_head and label != "PERSON":
        return NOTHING
    if not is_plain:
        return NAME_AT_HEAD if reading.is_known or label == "PERSON" or is_person else MAYBE
    if is_person:
        return DOING if reading.is_nominative or not word.is_head else UNKNOWN_DOING
    if word.form.isupper() or (reading.is_local and label != "PERSON"):
        return NOTHING
    if word.is_head:
        is_open = role is Role.NEUTRAL and reading.is_nominative and not reading.is_function
        return LAST_NAME_AT_HEAD if is_open else NOTHING
    return NOTHING if role is Role.THING and label != "PERSON" else PLACE_LIKE


def _fits_title(word: Word, reading: Reading, title: str) -> bool:
    """Tell whether a word after a title can be that person's name."""
    if reading.is_blocked and not reading.is_given:
        return False
    if word.form.isupper() and not reading.is_name:
        return False
    is_placeless = not reading.is_place and not reading.is_vague_place
    if reading.is_everyday and not reading.is_name:
        is_in_case = reading.is_nominative or reading.is_outer
        return is_placeless and is_in_case and not word.is_head
    if is_placeless:
        return True
    if title in _ADDRESS_FORMS:
        return not reading.is_inside
    is_of_place = reading.is_place and "omanto" in reading.cases
    return reading.is_name and not reading.is_local and not is_of_place


def _label(run: Sequence[Word], labels: Labels) -> str:
    """Return the label of the entity that covers the start of the run; empty when none does."""
    start = run[0].start
    return next((label for low, high, label in labels if low <= start < high), "")


def _has_initial(text: str, word: Word) -> bool:
    """Tell whether an initial stands right before a word: V. Kallavuo."""
    return bool(_INITIAL_BEFORE.search(text, max(0, word.start - 8), word.start))


def _span(run: Sequence[Word], readings: Sequence[Reading], rule: str, score: float) -> Span:
    """Make the span of a run."""
    bases = tuple(reading.bases for reading in readings)
    return Span(run[0].start, run[-1].end, "nimi", rule, score, bases)


def _with_initials(text: str, span: Span) -> Span:
    """Take initials beside a name into its span: M. Virtanen, Matti V."""
    before = _INITIAL_BEFORE.search(text, max(0, span.start - 8), span.start)
    before = before or _PARTICLE_BEFORE.search(text, max(0, span.start - 6), span.start)
    after = _INITIAL_AFTER.match(text[span.end : span.end + 9])
    start = before.start() if before else span.start
    end = span.end + len(after.group()) if after else span.end
    return span._replace(start=start, end=end)
