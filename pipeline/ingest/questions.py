"""See an unknown export as questions with answers, before guessing what they ask."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.errors import InputError
from pipeline.ingest.cells import as_date, as_text, tick
from pipeline.ingest.headers import Label, count_header_rows, read_labels
from pipeline.ingest.sheets import Cell, Sheet, is_blank

_MAX_TITLE_ROWS = 50
_N_SAMPLE_ROWS = 500
_MIN_COVER = 0.6
_PREFIX = re.compile(r"^(.{3,}?)\s*(?::| - | – )\s*(\S.*)$", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """One question of a form, with the answers of a sample of rows.

    Attributes
    ----------
    text : str
        The question, as it stands in the header.
    choices : tuple of str
        Choices with a column each; empty when the answers stand in one column.
    cells : tuple of cell
        Answers, blank ones left out.
    n_rows : int
        Rows of the sample.
    """

    text: str
    choices: tuple[str, ...]
    cells: tuple[Cell, ...]
    n_rows: int

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The answers as text."""
        return tuple(as_text(cell) for cell in self.cells)

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
        """Answers that are written as days; bare numbers are not counted."""
        return sum(
            as_date(cell) is not None for cell in self.cells if not isinstance(cell, int | float)
        )

    @cached_property
    def is_ticks(self) -> bool:
        """True when every answer is a tick or none."""
        return bool(self.cells) and all(tick(cell) is not None for cell in self.cells)

    @property
    def is_free_text(self) -> bool:
        """True when the answers are long and hardly any two are alike."""
        return self.mean_chars >= 40 and self.distinct_share > 0.7


@dataclass(frozen=True)
class Questionnaire:
    """The questions of an export.

    Attributes
    ----------
    questions : tuple of Question
    header_row : int
        Row of the questions in the file, from 1; 0 for JSON lines.
    n_header_rows : int
        2 when the choices stand in a row of their own.
    n_answers : int
        Rows under the header that hold anything.
    """

    questions: tuple[Question, ...]
    header_row: int
    n_header_rows: int
    n_answers: int


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
    answers = [row.cells for row in sheet.rows[at + n_rows :] if not all(map(is_blank, row.cells))]
    if not answers:
        raise InputError(
            f"{sheet.file} has a header and no answers under it. Give an export that has some."
        )
    labels = read_labels(sheet, at, n_rows)
    sample = answers[:_N_SAMPLE_ROWS]
    columns = [_column(sample, index) for index in range(len(labels))]
    return Questionnaire(
        questions=tuple(_questions(labels, columns, len(sample))),
        header_row=sheet.rows[at].number,
        n_header_rows=n_rows,
        n_answers=len(answers),
    )


def _column(rows: Sequence[Sequence[Cell]], index: int) -> tuple[Cell, ...]:
    """Return the cells of a column that hold anything."""
    return tuple(row[index] for row in rows if index < len(row) and not is_blank(row[index]))


def _find_any_header(sheet: Sheet) -> int:
    """Return the index of the first row of texts that covers most columns with answers."""
    rows = sheet.rows[:_N_SAMPLE_ROWS]
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
        if len(heads & filled) >= _MIN_COVER * len(filled | heads):
            return at
    raise InputError(
        f"{sheet.file} has no row of column names in its first {_MAX_TITLE_ROWS} rows,"
        " or nothing under it. Add one, or export the form again."
    )


def _is_name(cell: Cell) -> bool:
    """Tell whether a cell can be the name of a column."""
    return isinstance(cell, str) and tick(cell) is None and as_date(cell) is None


def _questions(
    labels: Sequence[Label], columns: Sequence[tuple[Cell, ...]], n_rows: int
) -> list[Question]:
    """Put the columns of one question together."""
    whole = _split_prefixes(labels, columns)
    grouped: dict[tuple[str, bool], list[int]] = {}
    for index, label in enumerate(whole):
        if label.question:
            grouped.setdefault((label.question, bool(label.choice)), []).append(index)
    return [
        Question(
            text=text,
            choices=tuple(whole[i].choice for i in indexes) if has_choices else (),
            cells=tuple(cell for i in indexes for cell in columns[i]),
            n_rows=n_rows,
        )
        for (text, has_choices), indexes in grouped.items()
    ]


def _split_prefixes(labels: Sequence[Label], columns: Sequence[tuple[Cell, ...]]) -> list[Label]:
    """Split headers such as "Question: choice" where two or more columns of ticks share them."""
    split = list(labels)
    shared: dict[str, list[tuple[int, str]]] = {}
    for index, label in enumerate(labels):
        found = _PREFIX.match(label.question)
        if found and not label.choice and all(tick(cell) is not None for cell in columns[index]):
            shared.setdefault(found[1], []).append((index, found[2]))
    for question, places in shared.items():
        if len(places) > 1:
            for index, choice in places:
                split[index] = Label(question, choice)
    return split
