"""The grid: reports with their attributes beside the text; filter, search, rule on many at once."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from pipeline.errors import InputError
from pipeline.spreadsheet import write_private
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import link, own_path, render, to
from pipeline.workbench.people import SETTLED, team_state
from pipeline.workbench.rule import Ruling, Shown, confirm
from pipeline.workbench.screens.report import shown, shown_pairs
from pipeline.workbench.screens.report_parts import topic_labels
from pipeline.workbench.search import Term, hits, parse
from pipeline.workbench.texts import Piece
from pipeline.workbench.views import (
    FACETS,
    MACHINE,
    SORTS,
    STATES,
    View,
    counts,
    listing,
    read_view,
)
from pipeline.workbench.visit import Visit

VIEWS_FILE = "views.toml"
COLUMNS = (
    *("date", "area", "group", "valence", "text", "themes", "strength", "topic", "state"),
    *("coders", "signal", "unit", "source", "period"),
)
"""Columns a person may choose; the report's id always stands first."""
DEFAULT_COLUMNS = ("date", "area", "text", "themes", "state")
BLIND_COLUMNS = ("date", "area", "group", "valence", "text", "state", "unit", "source", "period")
_SNIPPET = 260
_MOST_IN_BULK = 500


@dataclass(frozen=True)
class ThemeMark:
    """One theme of a row: a suggestion (outlined) or a decision (filled)."""

    label: str
    is_decision: bool


@dataclass(frozen=True)
class GridRow:
    """One report in the grid."""

    report_id: str
    cells: Mapping[str, str]
    text: tuple[Piece, ...]
    themes: tuple[ThemeMark, ...]
    is_withheld: bool
    state: str
    team: str


def show(visit: Visit) -> Response:
    """Show a page of the grid."""
    desk = visit.desk
    view = read_view(visit.query)
    terms = parse(view.query, desk.lemmatiser) if view.query else ()
    page = listing(desk.index, view, terms, desk.settings.workbench.page_size)
    allowed = BLIND_COLUMNS if desk.is_blind else COLUMNS
    asked = [name for name in visit.request.query_params.getlist("sarake") if name in allowed]
    columns = [name for name in allowed if name in (asked or DEFAULT_COLUMNS)]
    return render(
        desk,
        "grid.html.j2",
        desk.words("grid.title"),
        here="/raportit",
        view=view,
        page=page,
        rows=[_row(desk, row, terms) for row in page.rows],
        filters=_filters(desk, view, terms),
        chosen=_chosen(desk, view),
        columns=columns,
        all_columns=allowed,
        column_query="".join(f"&sarake={name}" for name in asked),
        sorts=[
            name for name in SORTS if not desk.is_blind or name in ("jarjestys", "uusin", "pituus")
        ],
        saved=read_views(desk),
        is_dense=bool(visit.asked("tiivis")),
        themes=[(t.theme_id, desk.theme_label(t.theme_id)) for t in desk.themes],
        address=visit.here,
        n_ruled=visit.asked("tehty"),
    )


def _row(desk: Desk, row: Mapping[str, Any], terms: Sequence[Term]) -> GridRow:
    """Return what the grid shows of a report."""
    report_id = row["report_id"]
    page = desk.page_of(row)
    readings = desk.people.readings(report_id)
    mine = readings.get(desk.coder)
    pairs = shown_pairs(desk, report_id, page)
    stands = shown(desk, report_id, pairs)
    is_withheld = desk.is_withheld(report_id)
    assigned = [pair for pair in pairs if pair["assigned"]]
    names = topic_labels(desk)
    settled = readings.get(SETTLED) if not desk.is_blind else None
    decided = settled.themes if settled else stands.themes
    shown_themes = (
        decided if settled or (mine and mine.state == "read") else decided | stands.stands
    )
    others = [coder for coder in sorted(readings) if coder != SETTLED]
    cells = {
        "date": desk.words.day(row["date"]),
        "area": ", ".join(desk.labels.label("area", one) for one in json.loads(row["areas"])),
        "group": ", ".join(
            desk.labels.label("client_groups", one) for one in json.loads(row["groups"])
        ),
        "valence": desk.labels.label("valence", row["valence"]) if row["valence"] else "",
        "strength": ", ".join(
            str(desk.words.said("strengths", pair["strength"]))
            if pair["strength"]
            else desk.words.decimal(pair["score"])
            for pair in assigned
        ),
        "topic": "" if desk.is_blind else ", ".join(names.get(t, t) for t, _, _ in page["topics"]),
        "signal": "" if desk.is_blind else ", ".join(page["signals"]),
        "coders": "" if desk.is_blind else ", ".join(others),
        "unit": row["unit"],
        "source": row["source"],
        "period": row["period"],
    }
    return GridRow(
        report_id,
        cells,
        _snippet(page, terms),
        tuple(
            ThemeMark(desk.theme_label(theme), theme in decided)
            for theme in desk.theme_ids
            if theme in shown_themes
        ),
        is_withheld and not desk.is_blind,
        mine.state if mine else "open",
        "" if desk.is_blind else team_state(readings),
    )


def _snippet(page: Mapping[str, Any], terms: Sequence[Term]) -> tuple[Piece, ...]:
    """Return the start of a report, or the part around the first hit, with hits marked."""
    tokens = page["tokens"]
    places = sorted(hits(terms, tokens)) if terms else []
    segments = page["segments"]
    first = tokens[places[0]][0] if places else ""
    begin = next((i for i, s in enumerate(segments) if s[0] == first), 0)
    marked = {(tokens[p][0], tokens[p][1]): tokens[p][2] for p in places}
    pieces: list[Piece] = [Piece("… ")] if begin else []
    length = 0
    for segment_id, _field, start, _end, text, *_ in segments[begin:]:
        if length >= _SNIPPET:
            pieces.append(Piece("…"))
            break
        cut, at = text[:_SNIPPET], 0
        for (where, word_start), word_end in sorted(marked.items()):
            if where == segment_id and word_end - start <= len(cut):
                pieces.append(Piece(cut[at : word_start - start]))
                pieces.append(Piece(cut[word_start - start : word_end - start], "hit"))
                at = word_end - start
        pieces.append(Piece(cut[at:] + " "))
        length += len(cut)
    return tuple(pieces)


def _filters(
    desk: Desk, view: View, terms: Sequence[Term]
) -> list[tuple[str, list[tuple[str, str, int, bool]]]]:
    """Return each filter with its values, labels, counts and whether it is chosen."""
    key = ("counts", view.url, len(desk.people.rows))
    if key not in desk.cache:
        desk.cache[key] = counts(desk.index, view, terms)
        for name in view.chosen:  # a filter's other values stay in sight, with their own counts
            others = {other: values for other, values in view.chosen.items() if other != name}
            kind = FACETS.get(name, name)
            wider = counts(desk.index, replace(view, chosen=others), terms, (kind,))
            desk.cache[key][kind] = wider[kind]
    told = desk.cache[key]
    found = []
    for name, kind in (*FACETS.items(), *((name, name) for name in STATES)):
        if desk.is_blind and (kind in (*MACHINE, "topic", "signal") or name == "yhteinen"):
            continue
        chosen = view.chosen.get(name, ())
        values = {value: n for value, n in told[kind].items() if n or value in chosen}
        values |= {value: 0 for value in chosen if value not in values}
        listed = [
            (value, label_of(desk, name, value), n, value in chosen)
            for value, n in sorted(values.items(), key=lambda item: _rank(desk, name, item))
        ]
        if len(listed) > 1 or chosen:
            found.append((name, listed))
    return found


def _rank(desk: Desk, name: str, item: tuple[str, int]) -> tuple[Any, ...]:
    """Return where a value stands in its filter."""
    if name == "jakso":
        return (tuple(-ord(c) for c in item[0]),)
    if name == "ehdotuksia":
        return (item[0],)
    if name == "teema" and item[0] in desk.theme_ids:
        return (0, desk.theme_ids.index(item[0]))
    return (1, -item[1], item[0])


def label_of(desk: Desk, name: str, value: str) -> str:
    """Return what a value of a filter is called."""
    if name in ("oma", "yhteinen"):
        return str(desk.words.said("states", value))
    if name in ("teema", "annettu"):
        return desk.theme_label(value)
    if name == "aihe":
        return topic_labels(desk).get(value, value)
    if name == "signaali":
        signals = desk.table("signals")
        named = dict(zip(signals["signal_id"], signals["label"], strict=True))
        return str(named.get(value, value))
    if name == "ehdotuksia":
        return f"{value}+" if value == "4" else value
    kinds = {"alue": "area", "ryhma": "client_groups", "savy": "valence"}
    if name in kinds:
        return desk.labels.label(kinds[name], value)
    return value or str(desk.words("grid.unknown"))


def _chosen(desk: Desk, view: View) -> list[tuple[str, str, str]]:
    """Return what is chosen, as the filter, its text and the address without it."""
    found = [
        (name, label_of(desk, name, value), f"/raportit?{view.without(name, value).url}")
        for name, values in view.chosen.items()
        for value in values
    ]
    found += [
        ("annettu", desk.theme_label(theme), f"/raportit?{view.without('annettu', theme).url}")
        for theme in view.given
    ]
    if view.query:
        found.append(("haku", view.query, f"/raportit?{view.without('haku', '').url}"))
    return found


def rule_many(visit: Visit) -> Response:
    """Rule on the reports ticked, as one batch that is undone as one."""
    desk = visit.desk
    back = own_path(visit.sent("paluu"), "/raportit")
    theme, do = visit.sent("teema"), visit.sent("do")
    ids = [one for one in dict.fromkeys(visit.sent_list("id")) if one in desk.places]
    rulings: list[Ruling] = []
    for report_id in ids[:_MOST_IN_BULK]:
        row = desk.report_row(report_id)
        if row is None or (do == "confirm" and desk.is_withheld(report_id)):
            continue
        stands = shown(desk, report_id, shown_pairs(desk, report_id, desk.page_of(row)))
        rulings += _bulk(stands, do, theme, desk)
    if rulings:
        desk.write(desk.pen("blind" if desk.is_blind else "bulk"), rulings)
    return to(_with(back, len({ruling.target for ruling in rulings})))


def _bulk(stands: Shown, do: str, theme: str, desk: Desk) -> list[Ruling]:
    """Return the rulings on one report of many."""
    if do == "confirm":
        return confirm(stands)
    if do in ("accept", "reject") and theme in desk.theme_ids:
        is_same = theme in (stands.themes if do == "accept" else stands.rejected)
        return [] if is_same else [stands.pair(theme, do)]
    return []


def _with(address: str, n_ruled: int) -> str:
    """Return an address that also says how many reports were ruled on."""
    path, _, query = address.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("tehty="))
    return f"{path}?{kept}{'&' if kept else ''}tehty={n_ruled}"


def read_views(desk: Desk) -> dict[str, str]:
    """Return the saved views: name to query string."""
    path = desk.study.human / VIEWS_FILE
    if not path.exists():
        return {}
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("nakymat", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise InputError(
            "{path} must be TOML in UTF-8. Correct it or delete it.", path=path
        ) from err
    return {str(name): str(query) for name, query in held.items()}


def keep_view(visit: Visit) -> Response:
    """Save the view under a name, or forget one."""
    import tomlkit

    desk = visit.desk
    name, query = visit.sent("nimi", 80), read_view(visit.sent("nakyma")).url
    held = read_views(desk)
    if visit.sent("poista"):
        held.pop(visit.sent("poista"), None)
    elif name:
        held[name] = query
    write_private(desk.study.human / VIEWS_FILE, tomlkit.dumps({"nakymat": held}).encode())
    return to(link("/raportit") + (f"?{query}" if query else ""))
