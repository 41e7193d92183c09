"""Work out what stands: of all that people ever ruled, what counts, teaches and is measured by.

Everything here is a pure function of the log, the codings file and the taxonomy. Neither the order
of the rows nor doubled rows change it: rows hold in the order of their times.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.codings import COLUMNS as CODING_COLUMNS
from pipeline.review.decisions_file import ADJUDICATION, ANYONE, Row, rows_of
from pipeline.review.from_codings import codings_as_rows
from pipeline.review.heads import Heads, newest
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.old_codings import changed_since, successors

OPEN, DRAFTED, READ, UNSURE, STALE = "open", "drafted", "read", "unsure", "stale"
ADJUDICATED, AGREED, ONE_READER, DISPUTED = "adjudicated", "agreed", "one reader", "disputed"

STATE_COLUMNS = ("report_id", "coder", "state", "at", "is_read", "mode")
STANDING_COLUMNS = (*CODING_COLUMNS, "mode")
SETTLED_COLUMNS = ("report_id", "theme_id", "source", "counted", "coders_for", "coders_against")
OUTDATED_COLUMNS = ("decision_id", "target_table", "target_id", "theme_id", "coder", "reason")


@dataclass(frozen=True)
class Standing:
    """What stands of a log.

    Attributes
    ----------
    report_states : DataFrame
        One row a report and coder: ``state`` is open (only memos), drafted (ruled, not confirmed),
        read, unsure or stale (a theme given was redefined, split or retired since); ``is_read``
        says whether the coder's themes are all there is to say of the report; the row of an
        adjudicator has ``mode`` adjudication.
    codings_standing : DataFrame
        Columns of ``codings.csv`` and ``mode``: the codings of reports that were read, by coder,
        one without a theme for "read, none fits".
    settled_themes : DataFrame
        One row a report and theme that a person ruled on: ``source`` is adjudicated, agreed,
        one reader or disputed; ``counted`` says whether the report has the theme; then who gave it
        and who did not. Of a report that someone has read, a theme without a row does not count.
    outdated : DataFrame
        Rulings on themes that are no more and have no successor, or that no taxonomy knows; they
        count nowhere. ``reason`` is retired or unknown.
    """

    report_states: pd.DataFrame
    codings_standing: pd.DataFrame
    settled_themes: pd.DataFrame
    outdated: pd.DataFrame


@dataclass
class _Reading:
    """What one coder, or the adjudicator, holds of one report."""

    coder: str
    state: Row | None = None
    has_memo: bool = False
    report: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    segments: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    lost: int = 0
    is_stale: bool = False

    def given(self) -> dict[str, Row]:
        """Return the themes given, each with the row that gives it."""
        return {theme: row for theme in self.ruled() if (row := self._accepting(theme))}

    def ruled(self) -> list[str]:
        """Return the themes ruled on."""
        return sorted({*self.report, *self.segments})

    def _accepting(self, theme: str) -> Row | None:
        """Return the row that gives the report the theme; None when it does not have it."""
        of_report = self.report.get(theme, [])
        said = [row for row in of_report if row["verdict"] == "accept"]
        against = newest(row for row in of_report if row["verdict"] != "accept")
        of_segments = [
            row
            for row in self.segments.get(theme, [])
            if row["verdict"] == "accept" and (against is None or newest((row, against)) is row)
        ]
        return newest(said) or newest(of_segments)

    @property
    def is_read(self) -> bool:
        """Tell whether the coder has said all there is to say of the report."""
        if self.state is None or self.state["verdict"] != READ:
            return False
        # With no theme left but those that are gone, the report would read as "none fits".
        return not self.lost or bool(self.given())

    @property
    def name(self) -> str:
        """Return the state as a word."""
        if self.state is not None and self.state["verdict"] == UNSURE:
            return UNSURE
        is_ruled = bool(self.report or self.segments or self.lost)
        if self.state is not None:
            return STALE if self.is_stale or (self.lost and not self.is_read) else READ
        return DRAFTED if is_ruled else OPEN


def standing(decisions: pd.DataFrame, codings: pd.DataFrame, taxonomy: Taxonomy) -> Standing:
    """Work out what stands.

    Parameters
    ----------
    decisions : DataFrame
        Rows of the log, columns of the table ``decisions``, in any order, doubled or not.
    codings : DataFrame
        Rows of ``human/codings.csv`` (:func:`pipeline.codings.read_codings`); each is an accepted
        theme of a report that its coder has read. May have no rows.
    taxonomy : Taxonomy
        Rulings under older versions count as what their themes became.

    Returns
    -------
    Standing
        Sorted by report, then by theme or coder.

    Notes
    -----
    Of one coder's rulings on one thing the later holds. Between coders none overwrites another: an
    adjudicated theme goes before what all readers say, that before one reader's word, and of
    readers who differ at least half must give the theme. A reader of a report has a say in all its
    themes, anyone else only in those ruled on.
    """
    heads = Heads.of([*rows_of(decisions), *codings_as_rows(codings)])
    became, current = successors(taxonomy), set(taxonomy.theme_ids)
    readings: dict[tuple[str, str], _Reading] = {}
    outdated: list[tuple[str, ...]] = []
    for row in heads.rulings:
        report = heads.report_of(row)
        if report is None:
            continue
        coder = ANYONE if row["mode"] == ADJUDICATION else row["coder"]
        reading = readings.setdefault((report, coder), _Reading(row["coder"]))
        if row["verdict"] == "memo":
            reading.has_memo = True
        elif row["target_table"] == "reports":
            reading.state, reading.coder = row, row["coder"]
        else:
            theme = became.get(row["theme_id"], row["theme_id"])
            if theme not in current:
                reason = "retired" if theme == "" else "unknown"
                outdated.append((*(row[c] for c in OUTDATED_COLUMNS[:-1]), reason))
                reading.lost += row["verdict"] == "accept"
                continue
            is_whole = row["target_table"] == "report_themes"
            (reading.report if is_whole else reading.segments)[theme].append(row)
            reading.is_stale |= row["verdict"] == "accept" and changed_since(
                taxonomy, row["theme_id"], row["taxonomy_version"]
            )
    for reading in readings.values():
        for themes in (reading.report, reading.segments):
            for theme, held in themes.items():
                held[:] = _of_today(held, theme)
    return Standing(
        _frame(_states(readings), STATE_COLUMNS).astype({"is_read": bool}),
        _frame(_codings(readings), STANDING_COLUMNS),
        _frame(_settled(readings), SETTLED_COLUMNS).astype({"counted": bool}),
        _frame(sorted(set(outdated)), OUTDATED_COLUMNS),
    )


def _of_today(rows: list[Row], theme: str) -> list[Row]:
    """Return the rulings that hold of a theme that others were merged into.

    A ruling on the theme itself takes the place of those on what became it before; of the rest,
    one that gives a theme is enough.
    """
    own = newest(row for row in rows if row["theme_id"] == theme and not _is_of_segment(row))
    if own is None:
        return rows
    return [own, *(row for row in rows if row is not own and newest((row, own)) is row)]


def _is_of_segment(row: Row) -> bool:
    """Tell whether a ruling is about one sentence."""
    return row["target_table"] == "segment_themes"


def _states(readings: Mapping[tuple[str, str], _Reading]) -> list[tuple[object, ...]]:
    """Return the rows of ``report_states``."""
    rows = []
    for (report, who), reading in readings.items():
        held = [
            row for rows in (*reading.report.values(), *reading.segments.values()) for row in rows
        ]
        last = newest([*held, *([reading.state] if reading.state else [])])
        mode = ADJUDICATION if who == ANYONE else reading.state["mode"] if reading.state else ""
        at = last["at"] if last else ""
        rows.append((report, reading.coder, reading.name, at, reading.is_read, mode))
    return sorted(rows, key=lambda row: (row[0], row[5] == ADJUDICATION, row[1]))


def _codings(readings: Mapping[tuple[str, str], _Reading]) -> list[tuple[object, ...]]:
    """Return the rows of ``codings_standing``."""
    rows = []
    for (report, _), reading in readings.items():
        if not reading.is_read or reading.state is None:
            continue
        given = reading.given()
        if not given:
            rows.append(_coding(report, "", "", reading.state))
        for theme, by in given.items():
            held = [by, *(r for r in reading.segments.get(theme, []) if r["verdict"] == "accept")]
            places = {r["target_id"] if _is_of_segment(r) else "": r for r in held}
            rows += [_coding(report, place, theme, row) for place, row in places.items()]
    return sorted(rows)


def _coding(report: str, segment: str, theme: str, row: Row) -> tuple[object, ...]:
    """Return one row of ``codings_standing``."""
    said = (row["coder"], row["at"], row["taxonomy_version"], row["memo"], row["mode"])
    return (report, segment, theme, *said)


def _settled(readings: Mapping[tuple[str, str], _Reading]) -> list[tuple[object, ...]]:
    """Return the rows of ``settled_themes``."""
    of_report: dict[str, dict[str, _Reading]] = defaultdict(dict)
    for (report, who), reading in readings.items():
        of_report[report][who] = reading
    rows: list[tuple[object, ...]] = []
    for report, by in sorted(of_report.items()):
        lead = by.get(ANYONE)
        coders = {who: reading for who, reading in sorted(by.items()) if who != ANYONE}
        for theme in sorted({theme for reading in by.values() for theme in reading.ruled()}):
            given = [who for who, reading in coders.items() if theme in reading.given()]
            against = [
                who
                for who, reading in coders.items()
                if who not in given and (reading.is_read or theme in reading.ruled())
            ]
            if lead is not None and (lead.is_read or theme in lead.ruled()):
                source, counted = ADJUDICATED, theme in lead.given()
            else:
                source = _source(given, against)
                counted = bool(given) and len(given) >= len(against)
            rows.append((report, theme, source, counted, given, against))
    return rows


def _source(given: Sequence[str], against: Sequence[str]) -> str:
    """Say how coders settled a theme."""
    if given and against:
        return DISPUTED
    return ONE_READER if len(given) + len(against) == 1 else AGREED


def _frame(rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame of objects, also when there are none."""
    return pd.DataFrame(list(rows), columns=list(columns), dtype=object)
