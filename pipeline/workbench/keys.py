"""One fixed letter a theme, kept in ``human/keys.toml``.

Letters a-z stand for themes alone, so a theme's letter never collides with a command. The file
follows theme ids: a theme keeps its letter when it is renamed or others come and go. Two letters,
q and x, begin the two-letter keys of themes beyond the twenty-fourth.
"""

import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.spreadsheet import write_private

FILE_NAME = "keys.toml"
_PREFIXES = "qx"
SINGLES = "".join(letter for letter in string.ascii_lowercase if letter not in _PREFIXES)
_ALL = (*SINGLES, *(first + second for first in _PREFIXES for second in string.ascii_lowercase))


@dataclass(frozen=True)
class Letters:
    """The keys of a study.

    Attributes
    ----------
    of_theme : dict of str to str
        Theme id to letter or letters; "" for a theme beyond the last key.
    off_for : frozenset of str
        Coders who have switched single-character keys off.
    """

    of_theme: dict[str, str] = field(default_factory=dict)
    off_for: frozenset[str] = frozenset()


def read_letters(folder: Path) -> Letters:
    """Read the file of a study's ``human`` folder; empty when there is none.

    Raises
    ------
    InputError
        When it is no such TOML, or two themes share a key.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return Letters()
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise InputError(
            "{path} must be TOML in UTF-8. Correct it or delete it.", path=path
        ) from err
    themes, off = held.get("teemat", {}), held.get("pois", [])
    if not isinstance(themes, dict) or not isinstance(off, list) or set(held) - {"teemat", "pois"}:
        raise InputError(
            "{path} may hold the list pois and the table teemat. Correct it.", path=path
        )
    used = [key for key in themes.values() if key]
    wrong = [key for key in used if key not in _ALL]
    twice = sorted({key for key in used if used.count(key) > 1})
    if wrong or twice:
        raise InputError(
            "{path}: each theme needs a key of its own out of {singles} and qa-qz, "
            "xa-xz. Got {wrong!r}. Change it.",
            path=path,
            singles=SINGLES,
            wrong=(wrong or twice)[0],
        )
    return Letters(dict(themes), frozenset(map(str, off)))


def with_themes(letters: Letters, labels: Mapping[str, str]) -> Letters:
    """Give each theme without a key the first free letter of its name, or else any free one.

    Examples
    --------
    >>> with_themes(Letters(), {"asuminen": "Asuminen", "arki": "Arki"}).of_theme
    {'asuminen': 'a', 'arki': 'r'}
    """
    keys = dict(letters.of_theme)
    used = set(keys.values())
    for theme_id, label in labels.items():
        if theme_id not in keys:
            wished = [letter for letter in label.lower() if letter in SINGLES]
            key = next((one for one in (*wished, *_ALL) if one not in used), "")
            keys[theme_id] = key
            used.add(key)
    return Letters(keys, letters.off_for)


def changed(letters: Letters, theme_id: str, key: str) -> Letters | None:
    """Give a theme another key; None when the key cannot be had. Who had it gets the old one."""
    if key not in _ALL or theme_id not in letters.of_theme:
        return None
    keys = dict(letters.of_theme)
    for other, held in keys.items():
        if held == key:
            keys[other] = keys[theme_id]
    keys[theme_id] = key
    return Letters(keys, letters.off_for)


def write_letters(folder: Path, letters: Letters) -> None:
    """Put the file in place."""
    import tomlkit

    off: Iterable[str] = sorted(letters.off_for)
    text = tomlkit.dumps({"pois": list(off), "teemat": letters.of_theme})
    write_private(folder / FILE_NAME, text.encode())
