"""Find the names of persons, inflected in any case."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol

from pipeline.finnish_model import with_names
from pipeline.lemmatise.voikko import open_voikko
from pipeline.pseudonymise.context import Context
from pipeline.pseudonymise.coordination import with_neighbours
from pipeline.pseudonymise.mentions import Labels, find_mentions
from pipeline.pseudonymise.name_lists import load_name_lists
from pipeline.pseudonymise.spans import Span
from pipeline.pseudonymise.swedish import SwedishReader, is_swedish
from pipeline.pseudonymise.word_readings import Reading, Word, WordReader, find_words

_SURE = 0.6
_SAME_PERSON = 0.8
_IN_A_PLACE = 0.2
_INITIALS = re.compile(r"(?<![\w.])(?P<first>[A-ZÅÄÖ])\.?[ ]?(?P<second>[A-ZÅÄÖ])\.(?!\w)")


class PersonFinder(Protocol):
    """Anything that finds names of persons."""

    def find_all(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return, for each text, the spans of names with their scores.

        A text is one report: what is sure in one place may be evidence in another place of the
        same text, never of another text.
        """
        ...

    def bases(self, form: str) -> frozenset[str]:
        """Return the possible dictionary forms of one word, lower case."""
        ...


class VoikkoPersonFinder:
    """Find persons by Voikko's name classes, shipped lists, context and spaCy's Finnish NER.

    Everything is loaded at the first call. Names are found a report at a time: a name that is sure
    in one place (*Aamu Virtanen*) is enough for the same name elsewhere (*Aamu ei tullut*).

    spaCy is asked only about texts with a capitalised word that neither Voikko nor a list settles.
    """

    def find_all(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the spans of names in each text, doubtful ones with a low score.

        Parameters
        ----------
        texts : sequence of str
            One a report.

        Returns
        -------
        list of list of Span
            Kind ``nimi``; in order, disjoint.

        Raises
        ------
        ResourceError
            When Voikko, its dictionary or the spaCy model is missing.
        """
        words = [find_words(text) for text in texts]
        contexts = [self._context(text, own) for text, own in zip(texts, words, strict=True)]
        asked = [i for i, found in enumerate(words) if self._is_in_doubt(found)]
        labels: dict[int, Labels] = {}
        if asked:
            docs = with_names(texts[i] for i in asked)
            for i, doc in zip(asked, docs, strict=True):
                labels[i] = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
        found = []
        for i, text in enumerate(texts):
            spans = find_mentions(text, words[i], contexts[i].read, labels.get(i, ()), contexts[i])
            spans = with_neighbours(text, words[i], spans, contexts[i].read)
            spans = without_places(text, words[i], spans, contexts[i].read)
            found.append(sorted([*spans, *self._repeated(text, words[i], spans)]))
        return found

    def bases(self, form: str) -> frozenset[str]:
        """Return the possible dictionary forms of one word, lower case, itself among them."""
        return self._reader.read(form).bases | {form.casefold()}

    @cached_property
    def _reader(self) -> WordReader:
        """Voikko with the shipped lists."""
        return WordReader(open_voikko(), load_name_lists())

    def _context(self, text: str, words: Sequence[Word]) -> Context:
        """Return the context of a text's words, read in the text's own language."""
        is_sv = is_swedish(text)
        reader = self._swedish_reader if is_sv else self._reader
        return Context(text, words, reader.read, self._reader.lists, is_swedish=is_sv)

    @cached_property
    def _swedish_reader(self) -> SwedishReader:
        """What reads the words of a Swedish text."""
        return SwedishReader(self._reader)

    def _is_in_doubt(self, words: Sequence[Word]) -> bool:
        """Tell whether a text has a capitalised word whose reading alone does not settle it."""
        return any(
            word.is_capital and _is_doubtful(word, self._reader.read(word.form)) for word in words
        )

    def _repeated(self, text: str, words: Sequence[Word], spans: Sequence[Span]) -> list[Span]:
        """Find the words and initials of sure persons where nothing else speaks for them."""
        sure = [span for span in spans if span.score >= _SURE]
        names = frozenset().union(*(bases for span in sure for bases in span.words))
        taken = {span.start for span in sure} | {
            word.start for span in sure for word in words if span.start <= word.start < span.end
        }
        again = []
        for word in words:
            reading = self._reader.read(word.form)
            is_free = word.is_capital and word.start not in taken and not reading.is_blocked
            is_place = reading.is_place or (reading.is_vague_place and not reading.is_name)
            if is_free and not is_place and reading.bases & names:
                again.append(_same_person(word.start, word.end, (reading.bases,)))
        initials = {_initials(span) for span in sure if len(span.words) > 1}
        for match in _INITIALS.finditer(text):
            letters = frozenset(match.groups())
            is_free = not any(s.start < match.end() and match.start() < s.end for s in spans)
            if letters in initials and is_free:
                again.append(_same_person(*match.span(), ()))
        return again


def without_places(
    text: str, words: Sequence[Word], spans: Sequence[Span], read: Callable[[str], Reading]
) -> list[Span]:
    """Weaken unknown words that the same text puts in a case of places: *Arduinoon*, *Khoriossa*.

    Parameters
    ----------
    text : str
    words : sequence of Word
    spans : sequence of Span
    read : callable

    Returns
    -------
    list of Span
    """
    inside = frozenset().union(
        *(read(w.form).bases for w in words if w.is_capital and _is_within(w.form, read(w.form)))
    )
    return [
        span._replace(score=_IN_A_PLACE)
        if span.rule in ("tuntematon", "entiteetti", "tekijä")
        and len(span.words) == 1
        and span.words[0] & inside
        else span
        for span in spans
    ]


def _is_within(form: str, reading: Reading) -> bool:
    """Tell whether an unknown word stands in the inessive, or in an illative in -oon, -aan."""
    if reading.is_known:
        return False
    return reading.is_inside or form.endswith(("oon", "uun", "yyn", "öön"))


def _is_doubtful(word: Word, reading: Reading) -> bool:
    """Tell whether the entity recogniser may change what is thought of a word."""
    if reading.is_blocked or reading.is_place or word.has_tail:
        return False
    if reading.is_name:
        return (word.is_head and reading.is_everyday) or reading.is_vague_place
    is_open = reading.is_nen or not reading.is_known
    return is_open and not word.form.isupper() and not word.is_head


def _initials(span: Span) -> frozenset[str]:
    """Return the capital first letters of the first and last word of a full name."""
    ends = (span.words[0], span.words[-1])
    return frozenset(min(bases)[0].upper() for bases in ends)


def _same_person(start: int, end: int, words: tuple[frozenset[str], ...]) -> Span:
    """Make the span of a word that names somebody already found."""
    return Span(start, end, "nimi", "sama-henkilö", _SAME_PERSON, words)
