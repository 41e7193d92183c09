"""Say which theme each code of a codebook is: by GUID, else by name, else by place.

Tools differ in what they keep. QualCoder gives every code a new GUID on import; others write GUIDs
in braces or in capitals. A theme that is not found again would lose its terms, examples and labels.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.taxonomy.model import Theme

_MIN_SURE = 0.5
"""Least share of the themes found by GUID or name before places are trusted."""


@dataclass(frozen=True)
class Code:
    """One code of a codebook.

    Attributes
    ----------
    number : int
        Its place in reading order, from 0.
    parent : int or None
        Number of the code above it.
    guid, name, description : str
        As written, with braces and outer blanks taken away.
    is_codable : bool
    """

    number: int
    parent: int | None
    guid: str
    name: str
    description: str
    is_codable: bool


def match_codes(
    codes: Sequence[Code], themes: Sequence[Theme], guids: Mapping[str, str]
) -> dict[int, str]:
    """Find the theme of each code.

    Parameters
    ----------
    codes : sequence of Code
    themes : sequence of Theme
    guids : mapping of str to str
        Theme id of each GUID that was written for one, in lower case.

    Returns
    -------
    dict of int to str
        Theme id by number of the code; codes that are new are left out. In turn: the GUID; the
        whole path of names; the name, where one code and one theme still have it; and, where half
        of the themes were found, the place: the only code and the only theme that are left under
        one parent.
    """
    found: dict[int, str] = {}
    for code in codes:
        theme_id = guids.get(code.guid)
        if theme_id is not None and theme_id not in found.values():
            found[code.number] = theme_id
    paths = {theme.theme_id: _theme_path(theme, themes) for theme in themes}
    code_paths = {code.number: _code_path(code, codes) for code in codes}
    _join(found, code_paths, paths)
    names = {number: path[-1:] for number, path in code_paths.items()}
    _join(found, names, {theme_id: path[-1:] for theme_id, path in paths.items()})
    if len(found) >= _MIN_SURE * len(themes):
        places = {
            code.number: (found.get(code.parent, "?") if code.parent is not None else "",)
            for code in codes
        }
        _join(found, places, {theme.theme_id: (theme.parent_id or "",) for theme in themes})
    return found


def _join(
    found: dict[int, str],
    codes: Mapping[int, tuple[str, ...]],
    themes: Mapping[str, tuple[str, ...]],
) -> None:
    """Add the pairs that alone have a key among those not found yet."""
    taken = set(found.values())
    open_codes: dict[tuple[str, ...], list[int]] = {}
    for number, key in codes.items():
        if number not in found:
            open_codes.setdefault(key, []).append(number)
    open_themes: dict[tuple[str, ...], list[str]] = {}
    for theme_id, key in themes.items():
        if theme_id not in taken:
            open_themes.setdefault(key, []).append(theme_id)
    for key, numbers in open_codes.items():
        ids = open_themes.get(key, [])
        if len(numbers) == len(ids) == 1:
            found[numbers[0]] = ids[0]


def _plain(name: str) -> str:
    """Return a name without differences that no one sees."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _theme_path(theme: Theme, themes: Sequence[Theme]) -> tuple[str, ...]:
    """Return the names from the top to a theme."""
    by_id = {one.theme_id: one for one in themes}
    path = [_plain(theme.label_fi)]
    while theme.parent_id is not None:
        theme = by_id[theme.parent_id]
        path.append(_plain(theme.label_fi))
    return tuple(reversed(path))


def _code_path(code: Code, codes: Sequence[Code]) -> tuple[str, ...]:
    """Return the names from the top to a code."""
    path = [_plain(code.name)]
    while code.parent is not None:
        code = codes[code.parent]
        path.append(_plain(code.name))
    return tuple(reversed(path))
