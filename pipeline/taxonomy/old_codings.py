"""Read codings made under an older version of the taxonomy, by its recorded history.

A theme that was merged goes on as what it became. One that was split or retired has no single
successor: its codings stay in the file and are listed, and nothing is learnt from them.
"""

from collections import Counter

import pandas as pd

from pipeline.taxonomy.model import Taxonomy


def successors(taxonomy: Taxonomy) -> dict[str, str]:
    """Return what became of each theme that is no more: a theme id, or ``""`` for none.

    Parameters
    ----------
    taxonomy : Taxonomy

    Returns
    -------
    dict of str to str
        Only themes that the history names and the taxonomy no longer has.
    """
    became: dict[str, str] = {}
    for change in taxonomy.history:
        if change.action in ("merge", "rename", "split", "retire"):
            target = change.to_ids[0] if len(change.to_ids) == 1 else ""
            became.update({old: target for old in change.from_ids if old not in change.to_ids})
    current = set(taxonomy.theme_ids)
    found: dict[str, str] = {}
    for old in became:
        theme_id, seen = old, set()
        while theme_id in became and theme_id not in current and theme_id not in seen:
            seen.add(theme_id)
            theme_id = became[theme_id]
        if old not in current:
            found[old] = theme_id if theme_id in current else ""
    return found


def changed_since(taxonomy: Taxonomy, theme_id: str, version: str) -> bool:
    """Tell whether the meaning of a theme has changed since a version of the taxonomy.

    Parameters
    ----------
    taxonomy : Taxonomy
    theme_id : str
    version : str
        ``""`` or a version the history does not know: nothing is said to have changed.

    Returns
    -------
    bool
        True when a later line of the history revises, merges, splits or retires the theme, or
        merges another one into it.
    """
    lines = taxonomy.history
    last = max((i for i, line in enumerate(lines) if line.version == version), default=None)
    if last is None:
        return False
    return any(
        line.action in ("revise", "merge", "split", "retire")
        and theme_id in (*line.from_ids, *line.to_ids)
        for line in lines[last + 1 :]
    )


def means_the_same(taxonomy: Taxonomy, version: str) -> bool:
    """Tell whether themes mean what they meant in a version: only phrases have changed since."""
    if version == taxonomy.version:
        return True
    lines = taxonomy.history
    last = max((i for i, line in enumerate(lines) if line.version == version), default=None)
    return last is not None and all(line.action == "illustrate" for line in lines[last + 1 :])


def bring_up_to_date(codings: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
    """Return codings with merged themes as what they became, without split or retired ones.

    A report whose only themes were split or retired is left out altogether: without its themes it
    would read as "none fits". Themes that the history does not know stay as they are.

    Parameters
    ----------
    codings : DataFrame with columns ``report_id``, ``theme_id``, ``coder``
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame
        The same columns.
    """
    became = successors(taxonomy)
    if not became:
        return codings
    is_gone = codings["theme_id"].map(lambda theme_id: became.get(theme_id, theme_id) == "")
    is_gone &= codings["theme_id"] != ""
    kept = codings[~is_gone].copy()
    kept["theme_id"] = [became.get(theme_id, theme_id) for theme_id in kept["theme_id"]]
    return kept.drop_duplicates().reset_index(drop=True)


def list_old_codings(codings: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
    """List what was coded under a version in which themes may have meant something else.

    Parameters
    ----------
    codings : DataFrame with columns ``theme_id``, ``taxonomy_version``
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame
        ``taxonomy_version``, ``theme_id``, ``now`` (what it counts as; ``""`` when nothing is
        learnt from it), ``n_codings``.
    """
    became = successors(taxonomy)
    versions = codings["taxonomy_version"]
    others = {one for one in set(versions) - {""} if not means_the_same(taxonomy, one)}
    old = codings[versions.isin(others)]
    counts = Counter(zip(old["taxonomy_version"], old["theme_id"], strict=True))
    rows = [
        (version, theme_id, became.get(theme_id, theme_id), n)
        for (version, theme_id), n in sorted(counts.items())
    ]
    return pd.DataFrame(rows, columns=["taxonomy_version", "theme_id", "now", "n_codings"])
