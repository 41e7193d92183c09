"""See an unknown export as questions with answers, before guessing what they ask."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.errors import InputError
from pipeline.ingest.cells import as_date, as_text, tick
from pipeline.ingest.dates import is_stamp, names_days
from pipeline.ingest.headers import count_header_rows, read_labels
from pipeline.ingest.sheets import Cell, Sheet, is_blank
from pipeline.ingest.split_headers import shared_cuts
from pipeline.ingest.texts import fold
from pipeline.ingest.vocabulary import is_open_column, is_other_label, is_yes_no

_MAX_TITLE_ROWS = 50
_N_SAMPLE_ROWS = 2000
_MIN_COVER = 0.6
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NO_ANSWER = re.compile(r"n/a|-|–|ei vastausta|no answer|\(tyhjä\)", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column of the export: its place, its whole header and the cells that hold anything."""

    index: int
    header: str
    choice: str
    cells: tuple[Cell, ...]
    rows: tuple[int, ...]

    @cached_property
    def is_ticks(self) -> bool:
        """True when every answer is a tick, none, or the column's own choice written out."""
        own = fold(self.choice or self.header)
        return bool(self.cells) and all(
            tick(cell) is not None or fold(as_text(cell)) == own for cell in self.cells
        )

    @cached_property
    def ticked_rows(self) -> frozenset[int]:
        """Rows with a tick."""
        return frozenset(
            row for row, cell in zip(self.rows, self.cells, strict=True) if tick(cell) is not False
        )


@dataclass(frozen=True)
class Question:
    """One question of a form, with the answers of a sample of rows.

    Attributes
    ----------
    text : str
        The question, as it stands in the header.
    columns : tuple of Column
    n_rows : int
        Rows of the sample.
    other : tuple of Column
        What was typed under the choice for anything else.
    band : str
        Heading above columns that bear only their choices.
    kind : str
        Field of such columns, where their names tell it.
    """

    text: str
    columns: tuple[Column, ...]
    n_rows: int
    other: tuple[Column, ...] = ()
    band: str = ""
    kind: str = ""

    @property
    def words(self) -> str:
        """The question, or the heading that stands for it."""
        return self.text or self.band

    @property
    def choices(self) -> tuple[str, ...]:
        """Choices with a column each; empty when the answers stand in one column."""
        return tuple(column.choice for column in self.columns if column.choice)

    @property
    def labels(self) -> tuple[str, ...]:
        """Choices with a column each, the one for anything else left out."""
        return tuple(choice for choice in self.choices if not is_other_label(choice))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Answers, blank ones left out."""
        return tuple(cell for column in self.columns for cell in column.cells)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The answers as text, without those that say that there is none."""
        found = (as_text(cell) for cell in self.cells)
        return tuple(text for text in found if text and not _NO_ANSWER.fullmatch(text))

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """Rows of ``texts`` in the file's answers, from 0; for one column."""
        column = self.columns[0]
        return tuple(
            row
            for row, cell in zip(column.rows, column.cells, strict=True)
            if (text := as_text(cell)) and not _NO_ANSWER.fullmatch(text)
        )

    @cached_property
    def mean_chars(self) -> float:
        """Mean length of an answer, in characters."""
        return sum(map(len, self.texts)) / max(len(self.texts), 1)

    @cached_property
    def distinct_share(self) -> float:
        """Distinct answers among all answers, 0-1."""
        return len(set(self.texts)) / max(len(self.texts), 1)

    @cached_property
    def n_dates(self) -> int:
        """Answers that are days; bare numbers only as moments under a name that says so."""
        has_stamps = names_days(self.text)
        return sum(
            has_stamps and is_stamp(float(cell))
            if isinstance(cell, int | float)
            else (has_stamps or not _NUMBER.fullmatch(as_text(cell)))
            and (as_date(cell) is not None or as_date(cell, "month-first") is not None)
            for cell in self.cells
        )

    @property
    def is_ticks(self) -> bool:
        """True when every answer is a tick or none."""
        return bool(self.columns) and all(column.is_ticks for column in self.columns)

    @property
    def is_free_text(self) -> bool:
        """True when the answers are long and hardly any two are alike."""
        return not self.choices and self.mean_chars >= 40 and self.distinct_share > 0.6

    @cached_property
    def is_yes_no(self) -> bool:
        """True when the answers say yes, no or something between."""
        texts = set(self.texts)
        if self.choices or len(texts) > 8 or not texts:
            return False
        return sum(map(is_yes_no, texts)) > 0.5 * len(texts) and not self._is_bare_tick

    @property
    def _is_bare_tick(self) -> bool:
        return self.is_ticks and set(self.texts) <= {"0", "1", "x", "X"}

    @property
    def most_choices(self) -> int:
        """Most choices that one answer has, for choices with a column each."""
        n_ticks = Counter(row for column in self.columns for row in column.ticked_rows)
        return max(n_ticks.values(), default=0)


@dataclass(frozen=True)
class Questionnaire:
    """The questions of an export.

    Attributes
    ----------
    questions : tuple of Question
    open_columns : tuple of Column
        Columns whose header says that they hold what was typed under a choice, and that share no
        question with one.
    header_row : int
        Row of the questions in the file, from 1; 0 for JSON lines.
    n_header_rows : int
        2 when the choices stand in a row of their own.
    n_answers : int
        Rows under the header that hold anything.
    row_numbers : tuple of int
        Row of each answer of the sample in the file, from 1.
    bands : dict of int to str
        Heading above the header, by column.
    """

    questions: tuple[Question, ...]
    open_columns: tuple[Column, ...] = field(default=())
    header_row: int = 0
    n_header_rows: int = 1
    n_answers: int = 0
    row_numbers: tuple[int, ...] = ()
    bands: dict[int, str] = field(default_factory=dict)


def read_questions(sheet: Sheet) -> Questionnaire:
    """Find the header of an unknown export and its questions.

    Parameters
    ----------
    sheet : Sheet

    Returns
    -------
    Questionnaire

    Raises
    ------
    InputError
        When no row near the top looks like a header, or nothing stands under it.
    """
    at = 0 if sheet.is_headed else _find_any_header(sheet)
    n_rows = 1 if sheet.is_headed else count_header_rows(sheet, at)
    answers = [row for row in sheet.rows[at + n_rows :] if not all(map(is_blank, row.cells))]
    if not answers:
        raise InputError(
            "{file} has a header and no answers under it. Give an export that has some.",
            file=sheet.file,
        )
    labels = read_labels(sheet, at, n_rows)
    sample = answers[:_N_SAMPLE_ROWS]
    columns = [
        _column(sample, index, label.question, label.choice) for index, label in enumerate(labels)
    ]
    questions, open_columns = _questions(columns, len(sample))
    return Questionnaire(
        questions=tuple(questions),
        open_columns=tuple(open_columns),
        header_row=sheet.rows[at].number,
        n_header_rows=n_rows,
        n_answers=len(answers),
        row_numbers=tuple(row.number for row in sample),
        bands=_bands(sheet, at) if n_rows == 1 else {},
    )


def _bands(sheet: Sheet, at: int) -> dict[int, str]:
    """Return the heading above each column, where a row of headings stands above the header.

    A row with one text at its beginning is a title.
    """
    if at == 0 or sheet.is_headed:
        return {}
    above, width = sheet.rows[at - 1].cells, len(sheet.rows[at].cells)
    starts = [i for i, cell in enumerate(above) if not is_blank(cell)]
    if not starts or starts == [0] or not all(isinstance(above[i], str) for i in starts):
        return {}
    ends = [*starts[1:], width]
    return {
        i: as_text(above[start])
        for start, end in zip(starts, ends, strict=True)
        for i in range(start, end)
    }


def _column(rows: Sequence, index: int, question: str, choice: str) -> Column:  # type: ignore[type-arg]
    """Return the cells of a column that hold anything."""
    held = [
        (place, row.cells[index])
        for place, row in enumerate(rows)
        if index < len(row.cells) and not is_blank(row.cells[index])
    ]
    return Column(
        index=index,
        header=question,
        choice=choice,
        cells=tuple(cell for _, cell in held),
        rows=tuple(place for place, _ in held),
    )


def _find_any_header(sheet: Sheet) -> int:
    """Return the index of the first row of texts that covers most columns with answers."""
    rows = sheet.rows[:500]
    for at in range(min(_MAX_TITLE_ROWS, len(rows) - 1)):
        heads = {i for i, cell in enumerate(rows[at].cells) if not is_blank(cell)}
        if not heads or not all(_is_name(rows[at].cells[i]) for i in heads):
            continue
        n_header_rows = count_header_rows(sheet, at)
        if n_header_rows == 2:
            heads |= {i for i, cell in enumerate(rows[at + 1].cells) if not is_blank(cell)}
        filled = {
            i
            for row in rows[at + n_header_rows :]
            for i, cell in enumerate(row.cells)
            if not is_blank(cell)
        }
        if len(heads & filled) >= _MIN_COVER * len(filled | heads) or (
            filled <= heads and len(filled) > 1
        ):
            return at
    raise InputError(
        "{file} has no row of column names in its first {max_title_rows} rows, or "
        "nothing under it. Add one, or export the form again.",
        file=sheet.file,
        max_title_rows=_MAX_TITLE_ROWS,
    )


def _is_name(cell: Cell) -> bool:
    """Tell whether a cell can be the name of a column."""
    return isinstance(cell, str) and tick(cell) is None and as_date(cell) is None


def _questions(columns: Sequence[Column], n_rows: int) -> tuple[list[Question], list[Column]]:
    """Put the columns of one question together, and what was typed under its other choice."""
    grouped: dict[tuple[str, bool], list[tuple[str, Column]]] = {}
    open_columns: list[Column] = []
    beside: dict[str, list[Column]] = {}
    for key, question, column in _with_choices(columns):
        if not question:
            continue
        if column.choice and not _is_tick_choice(column):
            if is_other_label(column.choice) or is_open_column(column.choice):
                beside.setdefault(key, []).append(column)
            else:  # a column beside ticks that is none: a question of its own
                own = Column(column.index, column.header, "", column.cells, column.rows)
                grouped.setdefault((column.header, False), []).append((column.header, own))
        elif _is_open(question, column):
            open_columns.append(column)
        else:
            grouped.setdefault((key, bool(column.choice)), []).append((question, column))
    questions = []
    for (key, has_choices), items in grouped.items():
        other = () if not has_choices and (key, True) in grouped else tuple(beside.pop(key, ()))
        columns_of = tuple(column for _, column in items[: None if has_choices else 1])
        questions.append(Question(items[0][0], columns_of, n_rows, other))
    open_columns += [column for left in beside.values() for column in left]
    return questions, sorted(open_columns, key=lambda column: column.index)


def _is_open(question: str, column: Column) -> bool:
    """Tell whether a column by itself holds what was typed under a choice of another one."""
    return (
        not column.choice and is_open_column(question) and not column.is_ticks and _is_short(column)
    )


def _is_tick_choice(column: Column) -> bool:
    """Tell whether a column under a choice holds ticks; one without an answer does too."""
    if column.is_ticks:
        return True
    return not column.cells and not is_open_column(column.choice)


def _is_short(column: Column) -> bool:
    """Tell whether the answers of a column are words rather than sentences."""
    texts = [as_text(cell) for cell in column.cells]
    return sum(map(len, texts)) <= 60 * max(len(texts), 1)


def _with_choices(columns: Sequence[Column]) -> list[tuple[str, str, Column]]:
    """Return each column with its question, cut off its choice where a header row holds both."""
    cut = shared_cuts(
        ["" if column.choice else column.header for column in columns],
        [_may_be_tick(column) for column in columns],
    )
    found = []
    for i, column in enumerate(columns):
        if i in cut:
            choice = cut[i].choice
            own = Column(column.index, column.header, choice, column.cells, column.rows)
            found.append((cut[i].key, cut[i].question, own))
        else:
            found.append((fold(column.header), column.header, column))
    return found


def _may_be_tick(column: Column) -> bool:
    """Tell whether a column can be one choice: ticks, or one text its header ends with."""
    if column.is_ticks or not column.cells:
        return column.is_ticks
    texts = {fold(as_text(cell)) for cell in column.cells if tick(cell) is None}
    return len(texts) == 1 and fold(column.header).rstrip(" ])").endswith(next(iter(texts)))
