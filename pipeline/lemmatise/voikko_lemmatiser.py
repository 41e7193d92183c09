"""The lemmatiser: Voikko's candidates, a lexicon, learnt choice and learnt guesses, remembered."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from pipeline.lemmatise.candidates import Reading, readings
from pipeline.lemmatise.chooser import CAPITAL, LOWER, UPPER, case_state
from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.lexicon import Lexicon, read_lexicon
from pipeline.lemmatise.normalise import common_start, look_up_form
from pipeline.lemmatise.parts import compound_parts
from pipeline.lemmatise.protocol import CONTENT_POS, Analysis, Token
from pipeline.lemmatise.voikko import Morphology, voikko_versions
from pipeline.lemmatise.weights import FILES, Weights, read_weights
from pipeline.lemmatise.word_finder import ENDS_SENTENCE, WordFinder, chunks
from pipeline.pseudonymise.spans import STAND_IN
from pipeline.resources import shipped

_COLON = re.compile(r"(.+?)[:'][a-zåäö]{1,7}")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,:/\s\u2012-\u2014-]+\d+)*\.?%?")
_SIGNS = frozenset(":;@#=<>*/^~")
_COMPOUND_POS = CONTENT_POS - {"PROPN"}  # names are not taken apart
_NAMES = frozenset({"NIMI", "PAIKKA"})
_NO_LETTERS = frozenset("@/_")
MAX_REMEMBERED = 500_000
_MAX_CHARS = 255
_MAX_ACRONYM = 6
_MAX_SHORT = 5
_new = tuple.__new__  # half the time of calling the class


class VoikkoLemmatiser:
    """Find words and their dictionary forms; every form is worked out once and then remembered.

    A lemmatiser belongs to one process. It may be used by several threads, which then wait for each
    other at words not met before, since Voikko serves one at a time.

    Parameters
    ----------
    morphology : Morphology
    weights : Weights
    lexicon : Lexicon
    """

    def __init__(self, morphology: Morphology, weights: Weights, lexicon: Lexicon) -> None:
        self._morphology = morphology
        self._readings: dict[str, tuple[Reading, ...]] = {}
        self._chooser, self._guesser, self._tagger = weights
        self._lexicon = lexicon
        self._misread = lexicon.misread(self._readings_of)
        self._finder = WordFinder(lexicon.abbreviations)
        self._known: tuple[dict[str, Analysis], dict[str, Analysis]] = ({}, {})
        self._places: dict[str, tuple[tuple[int, int, str], ...]] = {}
        self._lock = Lock()

    def analyse(self, form: str, *, is_first: bool = False) -> Analysis:
        """Return the analysis of one word.

        Parameters
        ----------
        form : str
            The word as written.
        is_first : bool, default=False
            True where any word would have a capital, so that a capital says nothing.

        Examples
        --------
        >>> lemmatiser = load_lemmatiser(LemmatiseConfig())
        >>> lemmatiser.analyse("perhetyöstä")
        Analysis(lemma='perhetyö', pos='NOUN', parts=('perhe', 'työ'), known=True)
        """
        if is_first and not form[:1].isupper():
            is_first = False  # a word without a capital is the same anywhere
        analysis = self._known[is_first].get(form)
        if analysis is None:
            with self._lock:
                analysis = self._analyse(form, is_first)
                self._remember(form, is_first, analysis)
        return analysis

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a text in order, with their analyses."""
        known = self._known
        found: list[Token] = []
        at = last = 0
        is_first = True
        for chunk in chunks(text):
            at = text.find(chunk, at)
            end = at + len(chunk)
            if chunk.isalpha():
                if at > last + 1 and not is_first:
                    is_first = ENDS_SENTENCE.search(text, last, at) is not None
                analysis = known[is_first].get(chunk) or self.analyse(chunk, is_first=is_first)
                found.append(_new(Token, (at, end, chunk, *analysis)))
                last, is_first = end, False
            else:
                places = self._places.get(chunk)
                if places is None:
                    places = self._find_places(chunk)
                for begin, stop, form in places:
                    start = at + begin
                    if start > last + 1 and not is_first:
                        is_first = ENDS_SENTENCE.search(text, last, start) is not None
                    analysis = known[is_first].get(form) or self.analyse(form, is_first=is_first)
                    last, is_first = at + stop, False
                    found.append(_new(Token, (start, last, form, *analysis)))
            at = end
        return found

    def _find_places(self, chunk: str) -> tuple[tuple[int, int, str], ...]:
        """Find the words between two spaces, and remember them."""
        words = self._finder.words(chunk)
        places = tuple([(start, end, chunk[start:end]) for start, end, _ in words])
        if len(chunk) <= _MAX_CHARS:
            if len(self._places) >= MAX_REMEMBERED:
                self._places.clear()
            self._places[chunk] = places
        return places

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Refuse to be pickled: a handle of the C library means nothing in another process."""
        raise TypeError("A VoikkoLemmatiser cannot be pickled. Call load_lemmatiser there instead.")

    def _remember(self, form: str, is_first: bool, analysis: Analysis) -> None:
        """Keep an analysis; start over when there are too many, to bound the memory."""
        if len(form) > _MAX_CHARS:
            return
        if len(self._known[is_first]) >= MAX_REMEMBERED:
            self._known[is_first].clear()
            self._readings.clear()
        self._known[is_first][form] = analysis

    def _readings_of(self, form: str) -> tuple[Reading, ...]:
        """Return Voikko's readings of a word in lower case, remembered."""
        found = self._readings.get(form)
        if found is None:
            found = self._readings[form] = readings(self._morphology, form)
        return found

    def _analyse(self, form: str, is_first: bool) -> Analysis:
        """Work out the analysis of a word."""
        plain = form
        if not form.isalpha():
            plain = look_up_form(form)
            special = self._no_word(form, plain)
            if special is not None:
                return special
        if len(plain) > _MAX_CHARS:
            return Analysis(form, "X", (), False)
        lower = plain.lower()
        state = LOWER if lower == plain else case_state(plain, is_first)
        return (
            self._listed(form, lower)
            or self._from_voikko(plain, lower, state)
            or self._from_lexicon(lower)
            or self._inflected_sign(plain)
            or self._hyphenated(plain)
            or self._headed(lower)
            or self._guessed(plain, lower, state)
        )

    def _no_word(self, form: str, plain: str) -> Analysis | None:
        """Recognise stand-ins, signs and numbers; None when it is a word after all."""
        stand_in = STAND_IN.match(form)
        if stand_in is not None:
            pos = "PROPN" if stand_in.group("kind") in _NAMES else "X"
            return Analysis(stand_in.group(), pos, (), True)
        if not any(char.isalnum() for char in plain):
            return Analysis(form, "PUNCT" if len(form) == 1 else "SYM", (), True)
        if form[0] in _SIGNS:
            return Analysis(form, "SYM", (), False)
        if _NUMBER.fullmatch(form):
            return Analysis(form, "NUM", (), True)
        return None

    def _listed(self, form: str, lower: str) -> Analysis | None:
        """Recognise what is listed as it is, abbreviations and words Voikko misreads."""
        if form.isalpha():
            match = self._misread.find(lower, self._readings_of) or self._lexicon.exact(lower)
            return None if match is None else Analysis(*match, True)
        match = self._lexicon.exact(form.lower()) or self._lexicon.exact(lower)
        if match is not None:
            return Analysis(*match, True)
        return self._abbreviated(form, lower) or self._cut_short(form, lower)

    def _from_lexicon(self, lower: str) -> Analysis | None:
        """Look a word Voikko does not know up in the lexicon, by its inflection."""
        match = self._lexicon.find(lower, self._readings_of)
        return Analysis(*match, True) if match is not None else None

    def _abbreviated(self, form: str, lower: str) -> Analysis | None:
        """Keep a short word with a full stop as it is when it is no word without it."""
        if not form.endswith(".") or len(form) < 2:
            return None
        if self._readings_of(lower + ".") or len(lower) == 1:
            return Analysis(form if form[0].isupper() else lower + ".", "NOUN", (), True)
        if len(lower) <= _MAX_SHORT and not self._readings_of(lower):
            return Analysis(lower + ".", "NOUN", (), False)
        return None

    def _cut_short(self, form: str, lower: str) -> Analysis | None:
        """Give the first part of a compound that is left hanging (*asumis- ja*) its lemma."""
        if not form.endswith("-") or not lower[:-1].isalpha():
            return None
        stem = lower[:-1]
        lemma = self._lemma_of(stem)
        if lemma == stem or not self._readings_of(lemma):
            return None
        return Analysis(lemma, "NOUN", (), True)

    def _from_voikko(self, plain: str, lower: str, state: str) -> Analysis | None:
        """Choose among Voikko's readings, and those learnt for this very form."""
        found = self._readings_of(lower)
        if found:
            match = self._lexicon.prefer(found)
            if match is not None:
                return Analysis(*match, True)
        return self._chosen(plain, lower, state, found)

    def _chosen(
        self, plain: str, lower: str, state: str, found: Sequence[Reading]
    ) -> Analysis | None:
        """Choose among readings; None when there are none and the form was not learnt either."""
        wide = self._chooser.widen(lower, found)
        if not wide:
            return None
        chosen = wide[0] if len(wide) == 1 else self._chooser.choose(lower, state, wide)
        pos = self._tagger.tag(lower, state, chosen, wide)
        if pos == "PROPN":
            lemma = next(
                (r.lemma for r in wide if r.key == chosen.key and r.pos == pos), chosen.key
            )
            return Analysis(_spell_name(lemma, plain, state), pos, (), True)
        lemma = chosen.key if chosen.pos == "PROPN" else chosen.lemma
        parts: tuple[str, ...] = ()
        if chosen.n_parts > 1 and found and pos in _COMPOUND_POS:
            parts = compound_parts(lower, chosen, self._lemma_of)
        if "-" in plain:
            lemma = _spell_head(lemma, plain)
        return _new(Analysis, (lemma, pos, parts, True))

    def _lemma_of(self, form: str) -> str:
        """Return the lemma of a compound's first part; a basic form stays as it is."""
        if form.endswith("s"):
            whole = form[:-1] + "nen"
            if any(reading.key == whole for reading in self._readings_of(whole)):
                return whole
        found = self._readings_of(form)
        if not found or any(reading.key == form for reading in found):
            return form
        return self._chooser.choose(form, LOWER, found).key

    def _inflected_sign(self, plain: str) -> Analysis | None:
        """Take the ending off an acronym or a name written with a colon: *THL:n*, *Kela:lle*."""
        match = _COLON.fullmatch(plain)
        if match is None:
            return None
        stem = match.group(1)
        found = self._listed(stem, stem.lower()) or self._from_lexicon(stem.lower())
        if found is not None:
            return found
        if stem.isdigit():
            return Analysis(stem, "NUM", (), True)
        if self._readings_of(stem.lower()):
            return self._from_voikko(stem, stem.lower(), case_state(stem, False))
        return Analysis(stem, "PROPN" if stem[:1].isupper() else "NOUN", (), False)

    def _hyphenated(self, plain: str) -> Analysis | None:
        """Analyse the last part of a hyphenated word and keep what stands before it."""
        head, hyphen, tail = plain.strip("-").rpartition("-")
        if not hyphen or not head or not tail or not tail[0].isalpha():
            return None
        if self._is_divided(head, tail):
            return self._analyse((head + tail).lower(), False)
        first = self._analyse(head, False)
        last = self._last_part(tail)
        if last.pos == "PROPN" and tail[:1].isupper():
            return Analysis(f"{head}-{last.lemma}", "PROPN", (), last.known)
        is_name = first.pos in ("PROPN", "X") or (head.isupper() and head.isalpha())
        lemma = f"{head if is_name else head.lower()}-{last.lemma}"
        parts = (
            *(first.parts or (head if is_name else first.lemma,)),
            *(last.parts or (last.lemma,)),
        )
        if head.isdigit():
            parts = ()
        return Analysis(lemma, last.pos, parts, first.known and last.known)

    def _is_divided(self, head: str, tail: str) -> bool:
        """Tell a word divided at the end of a line (*hy-väksyntä*) from a compound."""
        if not (head.isalpha() and tail.isalpha() and tail.islower() and len(head) > 1):
            return False
        lower = head.lower()
        if self._readings_of(lower) and self._readings_of(tail):
            return False
        return bool(self._readings_of(lower + tail))

    def _last_part(self, tail: str) -> Analysis:
        """Analyse the last part of a hyphenated word, where verbs have no place beside nouns."""
        lower = tail.lower()
        nominal = [r for r in self._readings_of(lower) if r.pos in ("NOUN", "ADJ", "PROPN")]
        if nominal and not self._lexicon.prefer(nominal):
            chosen = self._chosen(tail, lower, case_state(tail, False), nominal)
            if chosen is not None:
                return chosen
        return self._analyse(tail, False)

    def _headed(self, lower: str) -> Analysis | None:
        """Analyse an unknown compound that begins with a word of the lexicon."""
        found = self._lexicon.head(lower)
        if found is None:
            return None
        length, head = found
        rest = lower[length:]
        last = self._from_voikko(rest, rest, LOWER) if self._readings_of(rest) else None
        if last is None or last.pos not in ("NOUN", "ADJ"):
            return None
        parts = (*(head.parts or (head.lemma,)), *(last.parts or (last.lemma,)))
        return Analysis(lower[:length] + last.lemma, last.pos, parts, True)

    def _guessed(self, plain: str, lower: str, state: str) -> Analysis:
        """Guess the dictionary form of a word nobody knows."""
        bare = lower.strip("-") or lower
        if not bare.isalpha() or (state == UPPER and len(bare) <= _MAX_ACRONYM):
            is_sign = not bare[:1].isalpha() or any(char in _NO_LETTERS for char in bare)
            pos = "X" if is_sign else "PROPN" if plain[:1].isupper() else "NOUN"
            return Analysis(plain.strip("-") or plain, pos, (), False)
        guess = self._guesser.choose(bare, state, self._readings_of)
        pos = guess.pos
        if state == CAPITAL or (state != LOWER and guess.source != "t"):
            pos = "PROPN"
        lemma = _spell_name(guess.lemma, plain, state) if pos == "PROPN" else guess.lemma
        return Analysis(lemma, pos, (), False)


def _spell_name(lemma: str, plain: str, state: str) -> str:
    """Give a name its capitals: Voikko's, or those it was written with."""
    if lemma != lemma.lower() or state == LOWER:
        return lemma
    same = len(common_start(lemma, plain.lower()))
    spelt = plain[:same] + lemma[same:]
    return spelt if state != UPPER or len(spelt) <= _MAX_ACRONYM else spelt.capitalize()


def _spell_head(lemma: str, plain: str) -> str:
    """Keep the capitals of an acronym or a name before a hyphen: *TE-toimisto*."""
    head, hyphen, _ = plain.partition("-")
    if hyphen and len(head) > 1 and not head[1:].islower() and lemma.startswith(head.lower() + "-"):
        return head + lemma[len(head) :]
    return lemma


def load_lemmatiser(config: LemmatiseConfig, root: Path | None = None) -> VoikkoLemmatiser:
    """Open Voikko and read the weights and lexicons.

    Parameters
    ----------
    config : LemmatiseConfig
    root : Path, optional
        Folder that a relative ``config.lexicon`` is looked for in; the working folder by default.

    Raises
    ------
    ResourceError
        When Voikko, its dictionary or the weights are missing.
    InputError
        When a lexicon cannot be read.
    """
    entries = [entry for path in _lexicon_files(config, root) for entry in read_lexicon(path)]
    return VoikkoLemmatiser(Morphology(), read_weights(_model_folder()), Lexicon(entries))


def lemmatiser_identity(config: LemmatiseConfig, root: Path | None = None) -> dict[str, str]:
    """Return what the lemmas depend on, without analysing a word.

    Returns
    -------
    dict of str to str
        Versions of libvoikko and its dictionary, and the sha256 of each file of weights and words.
    """
    files = [_model_folder() / name for name in FILES] + _lexicon_files(config, root)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {**voikko_versions(), **digests}


def _model_folder() -> Path:
    """Return the folder of the shipped weights."""
    return shipped("models", "lemmatiser")


def _lexicon_files(config: LemmatiseConfig, root: Path | None) -> list[Path]:
    """Return the shipped lexicons and then the study's own."""
    files = sorted(shipped("configs", "lexicon").glob("*.csv"))
    if config.lexicon is not None:
        files.append((root or Path()) / config.lexicon)
    return files
