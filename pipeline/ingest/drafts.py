"""Turn the rows of a sheet into reports that have no id and no period yet."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.ingest.cells import as_date, as_list, as_text, tick
from pipeline.ingest.choices import Choices
from pipeline.ingest.closed import is_personal
from pipeline.ingest.forms import LIST_FIELDS, FormMap
from pipeline.ingest.headers import Plan, Source
from pipeline.ingest.ledger import Ledger
from pipeline.ingest.offer import form_id, offer_of
from pipeline.ingest.sheets import Cell, Row, Sheet, is_blank
from pipeline.ingest.texts import clean_text, fold
from pipeline.ingest.vocabulary import is_other_label, is_typed_other

MAX_CHOICE_CHARS = 100
_NO_THEME = "A theme is not in the taxonomy; kept as the report's own words."
_TYPED = "A value is none of the form's choices; kept as the report's own words."
VALENCES = {
    "negatiivinen": "negatiivinen",
    "kielteinen": "negatiivinen",
    "negative": "negatiivinen",
    "positiivinen": "positiivinen",
    "myönteinen": "positiivinen",
    "positive": "positiivinen",
    "neutraali": "neutraali",
    "neutral": "neutraali",
}


@dataclass(slots=True)
class Draft:
    """One row on its way to a report.

    Attributes
    ----------
    file, row, cells, names
        Where it comes from, for the ledger.
    date_header : str
        Header of the date column, for the ledger.
    report : dict
        Columns of ``raw_reports`` so far.
    """

    file: str
    row: int
    cells: Sequence[Cell]
    names: Sequence[str]
    date_header: str
    report: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class DraftRules:
    """What is needed to read a row.

    Attributes
    ----------
    form : FormMap
    themes : Choices
        Labels and ids of themes, to theme ids.
    data_source : str
        Source of reports that name none.
    max_cell_chars : int
    first_date, last_date : date
        Days outside are taken as mistyped.
    """

    form: FormMap
    themes: Choices
    data_source: str
    max_cell_chars: int
    first_date: dt.date
    last_date: dt.date


def read_drafts(sheet: Sheet, plan: Plan, rules: DraftRules, ledger: Ledger) -> Iterator[Draft]:
    """Yield a draft for every row that can become a report, and account for the others.

    Parameters
    ----------
    sheet : Sheet
    plan : Plan
    rules : DraftRules
    ledger : Ledger
        Gets the rows and cells left out.

    Yields
    ------
    Draft
    """
    reader = _RowReader(sheet, plan, rules, ledger)
    for row in sheet.rows[plan.first_row :]:
        if all(is_blank(cell) for cell in row.cells):
            continue
        if reason := reader.fault(row):
            ledger.drop(sheet.file, row.number, row.cells, plan.names, reason)
            continue
        report = reader.read(row)
        if report is not None:
            yield Draft(
                sheet.file, row.number, row.cells, plan.names, reader.header("date"), report
            )


class Chosen(NamedTuple):
    """What one report says under one question."""

    values: list[str]
    other: str
    is_other: bool


class _RowReader:
    """Reads the fields of one row after another."""

    def __init__(self, sheet: Sheet, plan: Plan, rules: DraftRules, ledger: Ledger) -> None:
        self._file = sheet.file
        self._plan = plan
        self._rules = rules
        self._ledger = ledger
        header = [as_text(cell) for cell in sheet.rows[plan.header_row].cells]
        self._header = header + [""] * (len(plan.names) - len(header))
        self._observation = max(s.index for s in plan.sources["observation"])
        self._sources = [source for found in plan.sources.values() for source in found]
        self._row = Row(0, [])
        lengths = [len(row.cells) for row in sheet.rows[plan.first_row :] if row.cells]
        # Some programs end every row but the header with separators; one row alone is shifted.
        spare = min(lengths) if len(lengths) > 1 else 0
        self._max_cells = max(len(plan.names), spare)
        values = rules.form.values
        self._valences = Choices(VALENCES | values.valence)
        self._choices = {
            "area": Choices(values.area),
            "client_groups": Choices(values.client_groups),
            "themes_ticked": rules.themes,
        }
        self._known = {name: self._labels_of(name) for name in LIST_FIELDS}
        self._offer = {name: offer_of(name, plan, rules) for name in LIST_FIELDS}
        self._form_id = form_id(rules.form, plan)

    def _labels_of(self, field: str) -> Choices:
        """Return every label of a field that may stand in a cell."""
        offered = getattr(self._rules.form.offered, field)
        own = [*offered.choices, *([offered.other] if offered.other else [])]
        labels = {label: label for label in own}
        return self._choices[field].joined(labels)

    def header(self, field: str) -> str:
        """Return the header of the first column that feeds a field; "" when none does."""
        sources = self._plan.sources[field]
        return sources[0].header if sources else ""

    def fault(self, row: Row) -> str:
        """Say why a row cannot be a report; "" when it can."""
        n_cells, n_columns = len(row.cells), len(self._plan.names)
        is_shifted = n_cells > self._max_cells
        if is_shifted or any(not is_blank(cell) for cell in row.cells[n_columns:]):
            return (
                f"The row has {n_cells} cells and the header {n_columns}:"
                " a separator inside a text is not in quotation marks."
            )
        if n_cells <= self._observation:
            return (
                f"The row has {n_cells} cells and the header {n_columns}, so that it does not reach"
                " the observation: a line end inside a text is not in quotation marks."
            )
        is_like_header = as_text(row.cells[self._observation]) == self._header[self._observation]
        if is_like_header and [as_text(cell) for cell in row.cells] == self._header:
            return "The row repeats the header."
        return ""

    def read(self, row: Row) -> dict[str, Any] | None:
        """Return the fields of a row, or None when the row was dropped."""
        self._row = row
        too_long = self._too_long()
        if too_long is not None:
            self._ledger.drop(
                self._file, row.number, row.cells, self._plan.names,
                f"A cell has more than {self._rules.max_cell_chars:,} characters.",
                too_long.header,
            )  # fmt: skip
            return None
        found = {name: self._read_choices(name) for name in LIST_FIELDS}
        themes = found["themes_ticked"]
        is_answered = bool(themes.values or themes.other or themes.is_other)
        offer = self._offer["themes_ticked"]
        return {
            "report_id": self._word("report_id"),
            "period": self._word("period"),
            "date": self._date(),
            "area": found["area"].values,
            "client_groups": found["client_groups"].values,
            "valence": self._valence(),
            "themes_ticked": themes.values,
            "observation": self._text("observation"),
            "proposal": self._text("proposal"),
            "reporter_id": self._word("reporter_id"),
            "unit": self._word("unit"),
            "data_source": self._word("data_source") or self._rules.data_source,
            "form_id": self._form_id,
            "themes_offered": list(offer.values) if is_answered else [],
            "themes_answers": offer.answers if is_answered else "",
            "area_other": found["area"].other,
            "client_groups_other": found["client_groups"].other,
            "themes_other": themes.other,
        }

    def _cell(self, source: Source) -> Cell:
        cells = self._row.cells
        return cells[source.index] if source.index < len(cells) else None

    def _note(self, reason: str, source: Source) -> None:
        row = self._row
        self._ledger.note(
            self._file, row.number, row.cells, self._plan.names, reason, source.header
        )

    def _too_long(self) -> Source | None:
        """Return the first column whose cell is too long."""
        limit = self._rules.max_cell_chars
        for source in self._sources:
            cell = self._cell(source)
            if isinstance(cell, str) and len(cell) > limit:
                return source
        return None

    def _word(self, field: str) -> str:
        """Return the first cell of a field that holds anything, on one line."""
        for source in self._plan.sources[field]:
            if text := " ".join(as_text(self._cell(source)).split()):
                return text
        return ""

    def _text(self, field: str) -> str:
        """Return the texts of a field, an empty line between them."""
        texts = []
        for source in self._plan.sources[field]:
            cell = self._cell(source)
            text, n_removed = clean_text(cell) if isinstance(cell, str) else (as_text(cell), 0)
            if n_removed:
                self._note(f"{n_removed} unseen or broken characters were removed.", source)
            if text:
                texts.append(text)
        return "\n\n".join(texts)

    def _date(self) -> dt.date | None:
        """Return the first readable day of the row."""
        rules = self._rules
        for source in self._plan.sources["date"]:
            cell = self._cell(source)
            if is_blank(cell):
                continue
            day = as_date(cell, rules.form.date_order)
            if day is None:
                self._note("The cell is not a day of the calendar; kept without it.", source)
            elif not rules.first_date <= day <= rules.last_date:
                self._note(
                    f"The day must be from {rules.first_date} to {rules.last_date};"
                    " kept without it.",
                    source,
                )
            else:
                return day
        return None

    def _labels(self, field: str, choices: Choices) -> Iterator[tuple[str, Source]]:
        """Yield each choice made in a field, as its label, with its column."""
        separator = getattr(self._rules.form.separators, field, ";")
        for source in self._plan.sources[field]:
            cell = self._cell(source)
            # A column with a choice's label as its whole header is that choice.
            choice = source.choice or (source.header if source.header in choices else "")
            is_ticked = tick(cell) if choice else None
            if is_ticked:
                yield choice, source
            elif is_ticked is None and not is_blank(cell):
                if choice and is_other_label(choice) and fold(as_text(cell)) != fold(choice):
                    yield as_text(cell), source
                    continue
                for label in as_list(cell, separator, choices):
                    if len(label) <= MAX_CHOICE_CHARS or self._offer_is_closed(field):
                        yield label, source
                        continue
                    self._note(
                        f"A choice has more than {MAX_CHOICE_CHARS} characters; left out."
                        " Is the separator right?",
                        source,
                    )

    def _offer_is_closed(self, field: str) -> bool:
        """Tell whether the form's choices are known, so that anything else was typed."""
        return field in self._offer and self._offer[field].is_closed

    def _read_choices(self, field: str) -> "Chosen":
        """Return the choices made in a field, and what was typed beside them."""
        values: list[str] = []
        typed: list[str] = []
        is_other = False
        offered = getattr(self._rules.form.offered, field)
        for label, source in self._labels(field, self._known[field]):
            value = self._choices[field].get(label)
            if fold(label) == fold(offered.other) or (value is None and is_other_label(label)):
                is_other = True
            elif value is not None:
                values.append(value)
            elif field == "themes_ticked":
                if not self._offer[field].is_open(label):
                    self._note(_NO_THEME, source)
                typed.append(label)
            elif self._offer[field].is_open(label) or is_typed_other(label) or is_personal(label):
                self._note(_TYPED, source)
                typed.append(label)
            else:
                values.append(label)
        for source in self._plan.others[field]:
            if text := " ".join(as_text(self._cell(source)).split()):
                typed.append(text)
        other = "; ".join(dict.fromkeys(typed))[: self._rules.max_cell_chars]
        return Chosen(list(dict.fromkeys(values)), other, is_other)

    def _valence(self) -> str:
        """Return the valence; one that no list has is left out."""
        found = list(self._labels("valence", self._valences))
        if not found:
            return ""
        label, source = found[0]
        if len(found) > 1:
            self._note("More than one valence is chosen; the first was kept.", source)
        value = self._valences.get(label)
        if value is None:
            self._note("The valence is none the form lists; left out.", source)
        return value or ""
