"""Compare two versions of a taxonomy: what changed, what was recorded, and which codings are lost.

Ids stay. A theme that is no more must be in the history (merge, split, rename or retire), or
nothing tells what its codings count as.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.errors import ConfigError
from pipeline.taxonomy.model import Change, Phrase, Taxonomy, Theme
from pipeline.taxonomy.old_codings import successors


class Difference(NamedTuple):
    """One way in which a theme differs.

    Attributes
    ----------
    theme_id : str
    what : {"added", "gone", "renamed", "moved", "redefined", "terms", "examples"}
    before, after : str
        Labels (added, gone, renamed), parents (moved), numbers of phrases taken out and put in
        (terms, examples); of a theme that is gone ``after`` is the theme it became, ``""`` for
        none. Empty where there is nothing to say.
    """

    theme_id: str
    what: str
    before: str = ""
    after: str = ""


def differences(old: Taxonomy, new: Taxonomy) -> list[Difference]:
    """List what differs, theme by theme: those of the new version first, then those gone."""
    before = {theme.theme_id: theme for theme in old.themes}
    became = successors(new)
    found: list[Difference] = []
    for theme in new.themes:
        was = before.get(theme.theme_id)
        if was is None:
            found.append(Difference(theme.theme_id, "added", after=theme.label_fi))
        else:
            found += _differences_of(was, theme)
            for what, texts in (("terms", (old.terms, new.terms)),
                                ("examples", (old.examples, new.examples))):  # fmt: skip
                found += _phrases(theme.theme_id, what, *(part[theme.theme_id] for part in texts))
    gone = [theme for theme in old.themes if theme.theme_id not in set(new.theme_ids)]
    return found + [
        Difference(theme.theme_id, "gone", theme.label_fi, became.get(theme.theme_id, ""))
        for theme in gone
    ]


def _differences_of(was: Theme, now: Theme) -> list[Difference]:
    """Compare the texts and the parent of one theme."""
    found = []
    if was.label_fi != now.label_fi:
        found.append(Difference(now.theme_id, "renamed", was.label_fi, now.label_fi))
    if was.parent_id != now.parent_id:
        found.append(Difference(now.theme_id, "moved", was.parent_id or "", now.parent_id or ""))
    if replace(was, label_fi=now.label_fi, parent_id=now.parent_id) != now:
        found.append(Difference(now.theme_id, "redefined"))
    return found


def _phrases(
    theme_id: str, what: str, was: Sequence[Phrase], now: Sequence[Phrase]
) -> list[Difference]:
    """Count the phrases taken out and put in."""
    n_out, n_in = len(set(was) - set(now)), len(set(now) - set(was))
    return [Difference(theme_id, what, str(n_out), str(n_in))] if n_out or n_in else []


def record(old: Taxonomy, new: Taxonomy, date: str) -> Taxonomy:
    """Give a version that came without a history the old one, and what was added since.

    Parameters
    ----------
    old : Taxonomy
    new : Taxonomy
        Its history is not looked at.
    date : str
        Today, as YYYY-MM-DD.
    """
    before = {theme.theme_id: theme for theme in old.themes}
    after = {theme.theme_id: theme for theme in new.themes}
    groups = {
        "add": [i for i in after if i not in before],
        "retire": [i for i in before if i not in after],
        "revise": [i for i in after if i in before and after[i] != before[i]],
    }
    changes = [
        Change(
            version=new.version,
            date=date,
            action=action,
            from_ids=tuple(sorted(found)) if action != "add" else (),
            to_ids=tuple(sorted(found)) if action != "retire" else (),
        )
        for action, found in groups.items()
        if found
    ]
    return replace(new, history=(*old.history, *changes))


def retire(new: Taxonomy, theme_ids: Iterable[str], date: str) -> Taxonomy:
    """Add to the history that these themes are no more; their codings then count as nothing."""
    gone = tuple(sorted(theme_ids))
    if not gone:
        return new
    change = Change(version=new.version, date=date, action="retire", from_ids=gone)
    return replace(new, history=(*new.history, change))


def check_history(old: Taxonomy, new: Taxonomy, place: str) -> None:
    """Check that the history of a version goes on from that of the one before.

    Raises
    ------
    ConfigError
        Naming the first line that was changed or taken out.
    """
    if old.name != new.name:
        return
    for number, line in enumerate(old.history, start=1):
        if new.history[number - 1 : number] != (line,):
            raise ConfigError(
                "{place}: line {number} of the history must be as in {old} {version}: "
                "{version_2}, {date}, {action}. Put it back; add new lines at the end.",
                place=place,
                number=number,
                old=old.name,
                version=old.version,
                version_2=line.version,
                date=line.date,
                action=line.action,
            )


def unrecorded(old: Taxonomy, new: Taxonomy) -> tuple[str, ...]:
    """Return the themes that the old version knew and the new one neither has nor records."""
    known = {*old.theme_ids, *successors(old)}
    return tuple(sorted(known - set(new.theme_ids) - set(successors(new))))


def used_themes(theme_ids: Iterable[str], uses: Iterable[str]) -> dict[str, int]:
    """Return how many codings or decisions there are of each theme that has any.

    Examples
    --------
    >>> used_themes(["a", "b"], ["a", "c", "a"])
    {'a': 2}
    """
    counts = Counter(uses)
    return {theme_id: counts[theme_id] for theme_id in theme_ids if counts[theme_id]}
