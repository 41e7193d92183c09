"""Make a qualitative tool's project of a study: its texts, themes, coders and codings."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.exchange.guids import guid
from pipeline.exchange.project import Code, Note, Project, Selection, Source, User
from pipeline.exchange.source_texts import Grouping, Place, SourceText, source_texts
from pipeline.frames import each_row
from pipeline.review.decisions_file import Row
from pipeline.taxonomy.model import Taxonomy, Theme
from pipeline.taxonomy.qdc import description_of, theme_guid

MACHINE = "Havainto (kone)"
NONE_FITS = "Luettu, mikään teema ei sovi"
"""Name of the code that says: read, none of the themes fits."""
NONE_FITS_GUID = guid("code", "none fits")
_NO_TIME = "1970-01-01T00:00:00+00:00"
_ONE_VALUE = {"period": "Jakso", "date": "Päivä", "valence": "Sävy", "unit": "Yksikkö"}
_SEVERAL = {"area": "Alue", "client_groups": "Asiakasryhmä"}


@dataclass(frozen=True)
class Handover:
    """What of a study goes out.

    Attributes
    ----------
    name : str
        Of the project.
    reports : DataFrame
        The reports to hand out, with the columns of the contract.
    segments : DataFrame
    codings : DataFrame
        Columns of ``codings_standing``.
    suggestions : DataFrame
        Rows of ``report_themes`` to hand out as the machine's; may have no rows.
    memos : list of dict
        Rows of the log that are memos on reports and segments.
    taxonomy : Taxonomy
    grouping : {"reports", "period"}
    """

    name: str
    reports: pd.DataFrame
    segments: pd.DataFrame
    codings: pd.DataFrame
    suggestions: pd.DataFrame
    memos: list[Row]
    taxonomy: Taxonomy
    grouping: Grouping = "reports"


def user_guid(name: str) -> str:
    """Return the GUID of a coder."""
    return guid("user", name)


def source_guid(name: str) -> str:
    """Return the GUID of a text."""
    return guid("source", name)


def selection_guid(user: str, code: str, report_id: str, segment_id: str) -> str:
    """Return the GUID of a coding's place, from which its sentence is known again.

    Parameters
    ----------
    user, code : str
        Their GUIDs.
    report_id, segment_id : str
        ``segment_id`` is ``""`` for a coding of the report as a whole.
    """
    return guid("selection", user, code, report_id, segment_id)


def to_project(handover: Handover) -> Project:
    """Make the project.

    Parameters
    ----------
    handover : Handover

    Returns
    -------
    Project
        People come before the machine among its users. Each coding is a selection of its own,
        with its memo; a coding of a whole report selects all of its text, because importers drop
        codings of a source as a whole.
    """
    people = sorted({*handover.codings["coder"], *(row["coder"] for row in handover.memos)})
    users = [User(user_guid(name), name) for name in people]
    if len(handover.suggestions):
        users.append(User(user_guid(MACHINE), MACHINE))
    has_none = bool((handover.codings["theme_id"] == "").any())
    notes = _Notes(handover.memos)
    texts = list(source_texts(handover.reports, handover.segments, handover.grouping))
    return Project(
        name=handover.name,
        origin="Havainto",
        users=tuple(users),
        codes=_codes(handover.taxonomy, has_none=has_none),
        sources=_sources(handover, texts, notes),
        at=max(handover.codings["at"], default=""),
        variables=tuple(_ONE_VALUE.values()) if handover.grouping == "reports" else (),
        sets=_sets(handover.reports) if handover.grouping == "reports" else {},
        notes=tuple(notes.on(texts)),
    )


def _codes(taxonomy: Taxonomy, *, has_none: bool) -> tuple[Code, ...]:
    """Return the themes as codes, parents first, and the code of reports that none fits."""
    by_id = {theme.theme_id: theme for theme in taxonomy.themes}
    made: dict[str, Code] = {}

    def add(theme: Theme) -> None:
        if theme.theme_id in made:
            return
        parent = ""
        if theme.parent_id is not None:
            add(by_id[theme.parent_id])
            parent = theme_guid(taxonomy, theme.parent_id)
        made[theme.theme_id] = Code(
            guid=theme_guid(taxonomy, theme.theme_id),
            name=theme.label_fi,
            description=description_of(theme),
            parent=parent,
        )

    for theme in taxonomy.themes:
        add(theme)
    extra = (Code(NONE_FITS_GUID, NONE_FITS),) if has_none else ()
    return (*made.values(), *extra)


def _sources(handover: Handover, texts: list[SourceText], notes: "_Notes") -> Iterator[Source]:
    """Yield the texts with their selections and attributes."""
    codings: dict[str, list[tuple[str, str, str, str, str]]] = defaultdict(list)
    for row in each_row(handover.codings):
        codings[row.report_id].append((row.segment_id, row.theme_id, row.coder, row.at, row.memo))
    for row in each_row(handover.suggestions):
        codings[row.report_id].append(
            ("", row.theme_id, MACHINE, "", f"Ehdotus, varmuus {row.score:.2f}".replace(".", ","))
        )
    values = _values(handover.reports) if handover.grouping == "reports" else {}
    for text in texts:
        selections = []
        for report in text.reports:
            sentences = {place.segment_id: place for place in text.by_report[report.report_id]}
            for segment_id, theme_id, coder, at, memo in sorted(codings[report.report_id]):
                place = sentences.get(segment_id, report) if segment_id else report
                code, user = _code(handover.taxonomy, theme_id), user_guid(coder)
                selections.append(
                    Selection(
                        guid=selection_guid(user, code, report.report_id, place.segment_id),
                        start=place.start,
                        end=place.end,
                        quote=text.text[place.start : place.end],
                        codes=((code, user),),
                        memo=memo,
                        at=at,
                    )
                )
        yield Source(
            guid=source_guid(text.name),
            name=text.name,
            text=text.text,
            selections=tuple(selections),
            memo=notes.of_report(text.name),
            values=values.get(text.name, ()),
        )


def _code(taxonomy: Taxonomy, theme_id: str) -> str:
    """Return the GUID of a theme's code."""
    return theme_guid(taxonomy, theme_id) if theme_id else NONE_FITS_GUID


def _values(reports: pd.DataFrame) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the attributes of each report that have one value."""
    found = {}
    for row in each_row(reports):
        texts = {
            title: "" if pd.isna(value := getattr(row, column)) else str(value)
            for column, title in _ONE_VALUE.items()
        }
        found[row.report_id] = tuple((title, text) for title, text in texts.items() if text)
    return found


def _sets(reports: pd.DataFrame) -> dict[str, list[str]]:
    """Return the attributes that may have several values, each value as a set of texts."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in each_row(reports):
        for column, title in _SEVERAL.items():
            for value in getattr(row, column):
                found[f"{title}: {value}"].append(source_guid(row.report_id))
    return dict(sorted(found.items()))


class _Notes:
    """Memos, those on a report in its text's description and those on a sentence as notes."""

    def __init__(self, memos: list[Row]) -> None:
        self._reports: dict[str, list[str]] = defaultdict(list)
        self._segments: Mapping[str, list[Row]] = defaultdict(list)
        for row in memos:
            if row["target_table"] == "reports":
                self._reports[row["target_id"]].append(f"{row['coder']}: {row['memo']}")
            elif row["target_table"] in ("segments", "segment_themes"):
                self._segments[row["target_id"]].append(row)

    def of_report(self, report_id: str) -> str:
        """Return what people wrote of a report."""
        return "\n\n".join(self._reports.get(report_id, ()))

    def on(self, texts: list[SourceText]) -> Iterator[Note]:
        """Yield the notes in the order of the texts."""
        for text in texts:
            for place in text.segments:
                yield from self._at(place, text)

    def _at(self, place: Place, text: SourceText) -> Iterator[Note]:
        """Yield the notes on one sentence."""
        for row in self._segments.get(place.segment_id, ()):
            yield Note(
                guid=guid("note", row["decision_id"]),
                source=source_guid(text.name),
                start=place.start,
                end=place.end,
                text=row["memo"],
                user=user_guid(row["coder"]),
                at=row["at"] or _NO_TIME,
            )
