"""Know the themes again among the codes that another program sends back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.exchange.from_study import NONE_FITS, NONE_FITS_GUID
from pipeline.exchange.project import Code
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.qdc import sections_of, theme_guid

Places = frozenset[tuple[str, str]]
_MIN_PLACES = 3
_MIN_COVERAGE = 0.9


@dataclass(frozen=True)
class CodeMatch:
    """What a code of the file is here.

    Attributes
    ----------
    code : Code
    theme_id : str or None
        The theme; ``""`` for "read, none fits"; None when no theme is meant.
    how : {"guid", "name", "definition", "coverage", ""}
        By what it was known: its GUID, its name, its description, or by standing where a theme
        stands that was handed out. By the last two it was renamed there.
    """

    code: Code
    theme_id: str | None
    how: str


def match_codes(
    codes: Iterable[Code],
    taxonomy: Taxonomy,
    places: Mapping[str, Places],
    handed_out: Mapping[str, Places],
) -> tuple[CodeMatch, ...]:
    """Match codes with themes.

    Parameters
    ----------
    codes : iterable of Code
    taxonomy : Taxonomy
    places : mapping of str to frozenset of (report_id, segment_id)
        Where each code of the file stands, by GUID.
    handed_out : mapping of str to frozenset of (report_id, segment_id)
        Where each theme stands in this study.

    Returns
    -------
    tuple of CodeMatch
        One a code, in order. No theme is matched twice but by name or GUID.
    """
    by_guid = {theme_guid(taxonomy, i): i for i in taxonomy.theme_ids} | {NONE_FITS_GUID: ""}
    by_name = _names(taxonomy)
    found: dict[str, CodeMatch] = {}
    left: list[Code] = []
    for code in codes:
        if code.guid in by_guid:
            found[code.guid] = CodeMatch(code, by_guid[code.guid], "guid")
        elif (theme_id := by_name.get(_plain(code.name))) is not None:
            found[code.guid] = CodeMatch(code, theme_id, "name")
        else:
            left.append(code)
    taken = {match.theme_id for match in found.values()}
    by_definition = {_plain(t.definition): t.theme_id for t in taxonomy.themes}
    for code in left:
        theme_id = by_definition.get(_plain(sections_of(code.description)[0]))
        if theme_id is not None and theme_id not in taken:
            taken.add(theme_id)
            found[code.guid] = CodeMatch(code, theme_id, "definition")
            continue
        mine = places.get(code.guid, frozenset())
        theme_id = _covered(mine, {t: p for t, p in handed_out.items() if t not in taken})
        if theme_id is not None:
            taken.add(theme_id)
        found[code.guid] = CodeMatch(code, theme_id, "coverage" if theme_id is not None else "")
    return tuple(found.values())


def _names(taxonomy: Taxonomy) -> dict[str, str]:
    """Return the names by which one theme alone is known."""
    meant: dict[str, set[str]] = defaultdict(set)
    for theme in taxonomy.themes:
        for name in (theme.label_fi, theme.label_en, theme.theme_id):
            meant[_plain(name)].add(theme.theme_id)
    names = {name: min(ids) for name, ids in meant.items() if name and len(ids) == 1}
    return names | {_plain(NONE_FITS): ""}


def _plain(name: str) -> str:
    """Return a name without differences of case and white space."""
    return " ".join(name.casefold().split())


def _covered(mine: Places, handed_out: Mapping[str, Places]) -> str | None:
    """Return the one theme that stands where a code stands, by Jaccard index."""
    if len(mine) < _MIN_PLACES:
        return None
    shares = {
        theme_id: len(mine & places) / len(mine | places) for theme_id, places in handed_out.items()
    }
    good = sorted((share, theme_id) for theme_id, share in shares.items() if share >= _MIN_COVERAGE)
    is_clear = len(good) == 1 or (len(good) > 1 and good[-1][0] > good[-2][0])
    return good[-1][1] if is_clear else None
