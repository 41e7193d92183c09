"""Open libvoikko with its Finnish dictionary, or say how to install it."""

import re
import weakref
from collections.abc import Sequence
from ctypes import CDLL, PyDLL, byref, c_char_p
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import ResourceError
from pipeline.speech import marked

if TYPE_CHECKING:
    from libvoikko import Voikko

MAX_CHARS = 255
"""Voikko reads no longer word than this."""

_INSTALL = (
    "Install it. Debian, Ubuntu and WSL on Windows: sudo apt install libvoikko1 voikko-fi. "
    "Fedora: sudo dnf install libvoikko malaga-suomi-voikko. macOS: brew install libvoikko."
)
(_NO_LIBRARY,) = marked("The library libvoikko is not on this machine. {install}")
(_NO_DICTIONARY,) = marked("Voikko has no Finnish dictionary. {install}")
_FOLDERS = tuple(
    Path(root) / folder
    for root in ("/usr/local", "/usr", "/opt/homebrew")
    for folder in ("lib", "lib64", "share")
)
_VERSION = re.compile(r"^SM-Version: (\S+)", re.MULTILINE)
_COMMON = ("PARTICIPLE", "SIJAMUOTO", "NUMBER", "POSSESSIVE")
_PARTICIPLE = 0
_MARKS = {
    "PARTICIPLE": "[R",
    "SIJAMUOTO": "[S",
    "NUMBER": "[N",
    "POSSESSIVE": "[O",
    "COMPARISON": "[C",
    "FOCUS": "[F",
    "MOOD": "[T",
    "PERSON": "[P",
    "TENSE": "[A",
}
_ALL_MARKS = "[B" + "".join(_MARKS.values())
_MORE = {
    "nimisana": ("FOCUS",),
    "laatusana": ("COMPARISON", "FOCUS"),
    "nimisana_laatusana": ("COMPARISON", "FOCUS"),
    "teonsana": ("MOOD", "PERSON", "TENSE", "FOCUS"),
    "kieltosana": ("MOOD", "PERSON"),
    "nimi": (),
    "sukunimi": (),
    "paikannimi": ("FOCUS",),
}
_new = tuple.__new__  # half the time of calling the class
MINEN = "MINEN-infinitive"
"""Value of MOOD that marks the fourth infinitive."""


def open_voikko() -> "Voikko":
    """Open Voikko for Finnish.

    An instance must not be used by two threads at once and is not carried over to a new process:
    every process opens its own, which takes some 10 ms and 20 MB.

    Returns
    -------
    libvoikko.Voikko

    Raises
    ------
    ResourceError
        When the library or its Finnish dictionary is missing; says what to type.
    """
    from libvoikko import Voikko, VoikkoException

    if not _finnish_dictionaries():
        raise ResourceError(_NO_DICTIONARY, install=_INSTALL)
    try:
        return Voikko("fi")
    except VoikkoException as err:
        raise ResourceError(_NO_DICTIONARY, install=_INSTALL) from err


def voikko_versions() -> dict[str, str]:
    """Return the versions of the library and of its Finnish dictionary.

    Returns
    -------
    dict of str to str
        Keys ``libvoikko`` and ``voikko_dictionary``.

    Raises
    ------
    ResourceError
        When the library is missing.
    """
    from libvoikko import Voikko

    names = "; ".join(f"{d.variant} {d.description}" for d in _finnish_dictionaries())
    return {
        "libvoikko": str(Voikko.getVersion()),
        "voikko_dictionary": f"{names} {_dictionary_version()}".strip(),
    }


def _dictionary_version() -> str:
    """Return the dictionary's version from its index file; "" when it lies in no usual folder.

    libvoikko itself does not tell the version.
    """
    for folder in _FOLDERS:
        index = folder / "voikko" / "5" / "mor-standard" / "index.txt"
        if index.is_file():
            found = _VERSION.search(index.read_text(encoding="utf-8"))
            return found.group(1) if found else ""
    return ""


def _finnish_dictionaries() -> list[Any]:
    """Return the Finnish dictionaries Voikko finds; this opens the library for the first time."""
    from libvoikko import Voikko

    try:
        return [found for found in Voikko.listDicts() if found.language == "fi"]
    except OSError as err:
        raise ResourceError(_NO_LIBRARY, install=_INSTALL) from err


class WordAnalysis(NamedTuple):
    """One of Voikko's analyses of a word, with only the attributes lemmas are made of.

    Attributes
    ----------
    word_class, base : str
        CLASS and BASEFORM.
    structure : str
        STRUCTURE of a compound, which may be shortened to ``=`` for a simple word.
    inflection : tuple of str or None
        Values of the attributes :func:`inflection_names` gives for the class; a positive
        COMPARISON is None.
    bases : str
        WORDBASES of a participle or a compound, else "".
    output : str
        FSTOUTPUT of a fourth infinitive, else "".
    """

    word_class: str
    base: str
    structure: str
    inflection: tuple[str | None, ...]
    bases: str
    output: str


class Morphology:
    """Voikko's analyses with only the attributes lemmas are made of.

    ``libvoikko.Voikko.analyze`` copies every attribute of every analysis, one call of the library
    each, and the calls take as long as the analysis itself. Here FSTOUTPUT is read first, which the
    other attributes are made of (*talossa* is ``[Ln][Xp]talo[X]talo[Sine][Ny]ssa``), and of them
    only those whose tags are in it. Like a Voikko instance, one must not be used by two threads at
    once.

    Raises
    ------
    ResourceError
        When the library or its Finnish dictionary is missing; says what to type.
    """

    def __init__(self) -> None:
        from libvoikko import VoikkoLibrary

        try:
            library = VoikkoLibrary.open()
        except OSError as err:
            raise ResourceError(_NO_LIBRARY, install=_INSTALL) from err
        error = c_char_p()
        handle = library.voikkoInit(byref(error), b"fi", None)
        if error.value:
            raise ResourceError(_NO_DICTIONARY, install=_INSTALL)
        self._handle = handle
        swift = PyDLL(None, handle=library._handle)  # a call too short to let other threads in
        self._analyse = _function(swift, library, "voikkoAnalyzeWordUcs4")
        self._value = _function(swift, library, "voikko_mor_analysis_value_ucs4")
        self._free = _function(swift, library, "voikko_free_mor_analysis")
        self._keys: dict[str, tuple[tuple[bytes, str], ...]] = {}
        weakref.finalize(self, library.voikkoTerminate, handle)

    def analyze(self, word: str) -> Sequence[WordAnalysis]:
        """Return the analyses of a word; none for an unknown word."""
        if len(word) > MAX_CHARS or "\0" in word:
            return ()
        found = self._analyse(self._handle, word)
        if not found:
            return ()
        value = self._value
        analyses = []
        for one in found:
            if not one:
                break
            output = value(one, b"FSTOUTPUT") or _ALL_MARKS
            word_class = value(one, b"CLASS") or ""
            keys = self._keys.get(word_class) or self._keys_of(word_class)
            inflection = tuple([value(one, key) if mark in output else None for key, mark in keys])
            structure, bases = "=", ""
            if "[B" in output or "=" in output or output[0] != "[":
                structure = value(one, b"STRUCTURE") or "="
            if inflection[_PARTICIPLE] or "=" in structure[1:]:
                bases = value(one, b"WORDBASES") or ""
            base = value(one, b"BASEFORM") or ""
            if MINEN not in inflection:
                output = ""
            fields = (word_class, base, structure, inflection, bases, output)
            analyses.append(_new(WordAnalysis, fields))
        self._free(found)
        return analyses

    def _keys_of(self, word_class: str) -> tuple[tuple[bytes, str], ...]:
        """Return the attributes to read for a word class, as C wants them, with their marks."""
        keys = tuple((name.encode(), _MARKS[name]) for name in inflection_names(word_class))
        self._keys[word_class] = keys
        return keys


def _function(swift: PyDLL, library: CDLL, name: str) -> Any:
    """Return a function of the library with the types libvoikko has declared for it."""
    declared = getattr(library, name)
    function = getattr(swift, name)
    function.argtypes = declared.argtypes
    function.restype = declared.restype
    return function


def inflection_names(word_class: str) -> tuple[str, ...]:
    """Return the attributes of inflection that are read for words of a class."""
    return _COMMON + _MORE.get(word_class, ("FOCUS",))
