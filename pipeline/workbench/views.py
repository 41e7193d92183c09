"""Which reports are listed, in which order: a view is its URL."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pipeline.workbench.search import Term, excluded_query, fts_query

FACETS = {
    "jakso": "period",
    "alue": "area",
    "ryhma": "group",
    "savy": "valence",
    "lahde": "source",
    "teema": "theme",
    "aihe": "topic",
    "signaali": "signal",
    "ehdotuksia": "suggested",
}
"""Query parameter of each filter that the tables give, and its kind in the index."""
MACHINE = ("theme", "suggested")
"""Kinds that tell what the machine suggests; reports with withheld suggestions are left out."""
STATES = {"oma": "mine", "yhteinen": "team"}
"""Query parameter of each filter that people's rulings give, and its table."""
SORTS = {
    "jarjestys": "report.n",
    "uusin": "report.n",
    "vaikein": "report.doubt",
    "varmin": "report.best",
    "ehdotukset": "report.n_suggested",
    "pituus": "report.n_chars",
}
_DESCENDING = ("uusin", "varmin", "ehdotukset", "pituus")
_COUNTED = tuple(FACETS.values())


@dataclass(frozen=True)
class View:
    """What a list of reports is narrowed to, and how it is ordered.

    Attributes
    ----------
    chosen : dict of str to tuple of str
        Values by query parameter; of one parameter any value will do.
    given : tuple of str
        Themes this coder gave.
    query : str
        What is searched for.
    sort : str
        A key of :data:`SORTS`.
    after, before : str
        Keyset: the sort value and place that the page starts after, or ends before.
    """

    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    query: str = ""
    sort: str = "jarjestys"
    after: str = ""
    before: str = ""

    @property
    def url(self) -> str:
        """Return the view as a query string; a saved view is this."""
        pairs = [(name, value) for name, values in self.chosen.items() for value in values]
        pairs += [("annettu", value) for value in self.given]
        pairs += [("haku", self.query)] if self.query else []
        pairs += [("sort", self.sort)] if self.sort != "jarjestys" else []
        return urlencode(pairs)

    def on_page(self, *, after: str = "", before: str = "") -> str:
        """Return the query string of another page of the view."""
        pairs = parse_qsl(self.url)
        return urlencode([*pairs, ("after", after)] if after else [*pairs, ("before", before)])

    def without(self, name: str, value: str) -> "View":
        """Return the view without one value of a filter."""
        if name == "annettu":
            return replace(self, given=tuple(one for one in self.given if one != value))
        if name == "haku":
            return replace(self, query="")
        left = tuple(one for one in self.chosen.get(name, ()) if one != value)
        chosen = {**self.chosen, name: left}
        return replace(self, chosen={key: values for key, values in chosen.items() if values})


def read_view(query: str) -> View:
    """Read a query string; what it does not know is passed over."""
    chosen: dict[str, list[str]] = defaultdict(list)
    given: list[str] = []
    single = {"haku": "", "sort": "jarjestys", "after": "", "before": ""}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in FACETS or name in STATES:
            if value not in chosen[name] and value != "*":
                chosen[name].append(value)
        elif name == "annettu" and value and value != "*":
            given.append(value)
        elif name in single:
            single[name] = value
    if single["sort"] not in SORTS:
        single["sort"] = "jarjestys"
    held = {name: tuple(values) for name, values in chosen.items() if values}
    sort, query_text = single["sort"], single["haku"].strip()[:500]
    return View(held, tuple(given), query_text, sort, single["after"], single["before"])


@dataclass(frozen=True)
class Listing:
    """One page of a view."""

    rows: tuple[dict[str, Any], ...]
    n_all: int
    previous: str
    following: str


def condition(view: View, terms: Sequence[Term]) -> tuple[str, list[Any]]:
    """Return the WHERE clause of a view, over ``report``, and its parameters."""
    parts: list[str] = []
    values: list[Any] = []
    for name, wanted in view.chosen.items():
        marks = ",".join("?" * len(wanted))
        if name in FACETS:
            kind = FACETS[name]
            parts.append(f"report.n IN (SELECT n FROM facet WHERE kind = ? AND value IN ({marks}))")
            values += [kind, *wanted]
            if kind in MACHINE:
                parts.append("report.n NOT IN (SELECT n FROM withheld)")
        else:
            table, default = STATES[name], "open" if name == "oma" else "unread"
            inside = f"report.n IN (SELECT n FROM {table} WHERE state IN ({marks}))"
            if default in wanted:
                inside = f"({inside} OR report.n NOT IN (SELECT n FROM {table}))"
            parts.append(inside)
            values += wanted
    for theme in view.given:
        parts.append("report.n IN (SELECT n FROM given WHERE theme_id = ?)")
        values.append(theme)
    if view.query:
        wanted_words, unwanted = fts_query(terms), excluded_query(terms)
        if wanted_words:
            parts.append("report.n IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(wanted_words)
        if unwanted:
            parts.append("report.n NOT IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(unwanted)
        if not wanted_words and not unwanted:
            parts.append("0")
    return " AND ".join(parts) or "1", values


def listing(index: sqlite3.Connection, view: View, terms: Sequence[Term], n_rows: int) -> Listing:
    """Return one page of a view, found by key and never by counting rows off."""
    where, values = condition(view, terms)
    n_all = index.execute(f"SELECT count(*) FROM report WHERE {where}", values).fetchone()[0]
    column = SORTS[view.sort]
    is_backward = bool(view.before)
    is_down = (view.sort in _DESCENDING) != is_backward
    cursor = view.before or view.after
    bound, extra = "1", []
    if cursor and (key := _key(cursor)):
        sign = "<" if is_down else ">"
        bound = f"({column}, report.n) {sign} (?, ?)"
        extra = list(key)
    way = "DESC" if is_down else "ASC"
    found = index.execute(
        f"SELECT report.*, {column} AS sort_value FROM report WHERE {where} AND {bound} "
        f"ORDER BY {column} {way}, report.n {way} LIMIT ?",
        [*values, *extra, n_rows + 1],
    ).fetchall()
    more = len(found) > n_rows
    rows = [dict(row) for row in found[:n_rows]]
    if is_backward:
        rows.reverse()
    first = _cursor(rows[0]) if rows else ""
    last = _cursor(rows[-1]) if rows else ""
    has_previous = more if is_backward else bool(view.after)
    has_following = True if is_backward else more
    return Listing(tuple(rows), n_all, first if has_previous else "", last if has_following else "")


def _cursor(row: Mapping[str, Any]) -> str:
    """Return where a row stands, for the next page to go on from."""
    return f"{row['sort_value']!r}|{row['n']}"


def _key(cursor: str) -> tuple[float, int] | None:
    """Read a cursor; None when it is none."""
    value, _, n = cursor.partition("|")
    try:
        return float(value), int(n)
    except ValueError:
        return None


def counts(
    index: sqlite3.Connection,
    view: View,
    terms: Sequence[Term],
    kinds: Sequence[str] = (*_COUNTED, *STATES),
) -> dict[str, dict[str, int]]:
    """Return how many reports of a view have each value, by kind."""
    where, values = condition(view, terms)
    marks = ",".join("?" * len(kinds))
    if where == "1":
        found = index.execute(
            f"SELECT kind, value, n_reports FROM total WHERE kind IN ({marks})", list(kinds)
        ).fetchall()
    else:
        found = index.execute(
            f"SELECT kind, value, count(*) FROM facet WHERE kind IN ({marks}) AND n IN "
            f"(SELECT report.n FROM report WHERE {where}) GROUP BY kind, value",
            [*kinds, *values],
        ).fetchall()
    told: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for kind, value, n in found:
        told[kind][value] = n
    for kind in (kind for kind in MACHINE if kind in kinds):  # a withheld suggestion is not counted
        hidden = index.execute(
            "SELECT value, count(*) FROM withheld JOIN facet ON facet.n = withheld.n AND kind = ? "
            f"JOIN report ON report.n = withheld.n WHERE {where} GROUP BY value",
            [kind, *values],
        ).fetchall()
        for value, n in hidden:
            told[kind][value] = told[kind].get(value, 0) - n
    for name in (name for name in STATES if name in kinds):
        table, default = STATES[name], "open" if name == "oma" else "unread"
        rows = index.execute(
            f"SELECT coalesce(state, '{default}') AS s, count(*) FROM report "
            f"LEFT JOIN {table} ON {table}.n = report.n WHERE {where} GROUP BY s",
            values,
        ).fetchall()
        told[name] = {row[0]: row[1] for row in rows}
    return told
