"""Open libvoikko with its Finnish dictionary, or say how to install it."""

import re
import weakref
from ctypes import byref, c_char_p
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ResourceError

if TYPE_CHECKING:
    from libvoikko import Voikko

MAX_CHARS = 255
"""Voikko reads no longer word than this."""

_INSTALL = (
    "Install it. Debian, Ubuntu and WSL on Windows: sudo apt install libvoikko1 voikko-fi. "
    "Fedora: sudo dnf install libvoikko malaga-suomi-voikko. macOS: brew install libvoikko."
)
_NO_LIBRARY = f"The library libvoikko is not on this machine. {_INSTALL}"
_NO_DICTIONARY = f"Voikko has no Finnish dictionary. {_INSTALL}"
_FOLDERS = tuple(
    Path(root) / folder
    for root in ("/usr/local", "/usr", "/opt/homebrew")
    for folder in ("lib", "lib64", "share")
)
_VERSION = re.compile(r"^SM-Version: (\S+)", re.MULTILINE)
_COMMON = ("BASEFORM", "STRUCTURE", "SIJAMUOTO", "NUMBER", "POSSESSIVE")
_MORE = {
    "nimisana": ("PARTICIPLE", "FOCUS"),
    "laatusana": ("PARTICIPLE", "COMPARISON", "FOCUS"),
    "nimisana_laatusana": ("COMPARISON", "FOCUS"),
    "teonsana": ("MOOD", "PERSON", "TENSE", "FSTOUTPUT", "FOCUS"),
    "kieltosana": ("MOOD", "PERSON"),
    "nimi": (),
    "sukunimi": (),
    "paikannimi": ("FOCUS",),
}


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
        raise ResourceError(_NO_DICTIONARY)
    try:
        return Voikko("fi")
    except VoikkoException as err:
        raise ResourceError(_NO_DICTIONARY) from err


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
        raise ResourceError(_NO_LIBRARY) from err


class Morphology:
    """Voikko's analyses with only the attributes lemmas are made of.

    ``libvoikko.Voikko.analyze`` copies every attribute of every analysis; reading the needed ones
    through the same library is a third faster. Like a Voikko instance, one must not be used by two
    threads at once.

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
            raise ResourceError(_NO_LIBRARY) from err
        error = c_char_p()
        handle = library.voikkoInit(byref(error), b"fi", None)
        if error.value:
            raise ResourceError(_NO_DICTIONARY)
        self._handle = handle
        self._analyse = library.voikkoAnalyzeWordUcs4
        self._value = library.voikko_mor_analysis_value_ucs4
        self._free = library.voikko_free_mor_analysis
        weakref.finalize(self, library.voikkoTerminate, handle)

    def analyze(self, word: str) -> list[dict[str, str]]:
        """Return the analyses of a word, each as attribute to value; none for an unknown word."""
        if len(word) > MAX_CHARS or "\0" in word:
            return []
        found = self._analyse(self._handle, word)
        if not found:
            return []
        value = self._value
        analyses = []
        i = 0
        while one := found[i]:
            i += 1
            word_class = value(one, b"CLASS")
            analysis = {"CLASS": word_class}
            for name, key in _keys(word_class):
                text = value(one, key)
                if text is not None:
                    analysis[name] = text
            if "PARTICIPLE" in analysis or "=" in analysis.get("STRUCTURE", "")[1:]:
                analysis["WORDBASES"] = value(one, b"WORDBASES") or ""
            analyses.append(analysis)
        self._free(found)
        return analyses


@cache
def _keys(word_class: str) -> tuple[tuple[str, bytes], ...]:
    """Return the attributes that words of a class may have, as text and as C wants them."""
    names = _COMMON + _MORE.get(word_class, ("FOCUS",))
    return tuple((name, name.encode()) for name in names)
