"""Find the header of an export and match its columns with a column map."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.errors import InputError
from pipeline.ingest.cells import as_text, tick
from pipeline.ingest.forms import CHOICE_FIELDS, FIELDS, LIST_FIELDS, TEXT_FIELDS, FormMap
from pipeline.ingest.sheets import Cell, Sheet, column_letter, is_blank
from pipeline.ingest.split_headers import cuts
from pipeline.ingest.texts import fold
from pipeline.ingest.vocabulary import question_words

_MAX_TITLE_ROWS = 50
# What survey tools write under a question that has no choices of its own.
_FILLERS = frozenset(
    {"response", "open-ended response", "vastaus", "avoin vastaus", "svar", "öppet svar"}
)
_SHARED = "The column already feeds another field and was not read twice."
_MAX_NAME_CHARS = 100
_MAX_QUESTION_CHARS = 500
_MAX_CHOICE_CHARS = 100
_TWICE = "The header stands more than once in the file; only the first column was read."
_MISSING = "The column is in the column map and not in the file; what it feeds stays empty."
_IGNORED = "The column is not in the column map and was left out."


@dataclass(frozen=True)
class Label:
    """The header of one column: a question, and the choice it stands for ("" when none)."""

    question: str
    choice: str = ""


@dataclass(frozen=True)
class Source:
    """One column of a file that feeds a field.

    Attributes
    ----------
    index : int
        Index of the column, from 0.
    header : str
        Its header as in the file, for messages.
    choice : str
        The choice a 0/1 column stands for; "" when the cells hold the values themselves.
    """

    index: int
    header: str
    choice: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which columns of a sheet feed which fields.

    Attributes
    ----------
    sources : dict of str to tuple of Source
    others : dict of str to tuple of Source
        What was typed under a field's choice for anything else.
    names : tuple of str
        A name for each column of the sheet, without doubles.
    first_row : int
        Index of the first answer in the sheet's rows.
    header_row : int
        Index of the header in the sheet's rows.
    notes : tuple of (str, str)
        Header and reason of what the map and the file do not share.
    """

    sources: dict[str, tuple[Source, ...]]
    others: dict[str, tuple[Source, ...]]
    names: tuple[str, ...]
    first_row: int
    header_row: int
    notes: tuple[tuple[str, str], ...]


def plan_columns(sheet: Sheet, form: FormMap, *, is_mapped: bool) -> Plan:
    """Match the columns of a sheet with a column map.

    Parameters
    ----------
    sheet : Sheet
    form : FormMap
    is_mapped : bool
        True when a person made the map; then a column it names and the file lacks is noted.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        When no row near the top has the observation's header.
    """
    at = _find_header(sheet, form)
    n_rows = form.n_header_rows or (1 if sheet.is_headed else count_header_rows(sheet, at))
    labels = read_labels(sheet, at, n_rows)
    notes: list[tuple[str, str]] = []
    others = {field: _match_others(labels, form, field) for field in LIST_FIELDS}
    taken = {source.index for found in others.values() for source in found}
    exact = _named_whole(labels, form)
    sources: dict[str, tuple[Source, ...]] = {}
    for field in FIELDS:
        wanted = getattr(form.columns, field)
        found = tuple(_match(labels, wanted, field))
        if _takes_one_each(field, wanted):
            notes += [(source.header, _TWICE) for source in found[len(wanted) :]]
            found = found[: len(wanted)]
        if is_mapped:
            notes += [(header, _MISSING) for header in _missing(wanted, found, labels)]
        own = [s for s in found if s.index not in taken and exact.get(s.index, field) == field]
        notes += [(s.header, _SHARED) for s in found if s not in own and s.index in exact]
        taken |= {source.index for source in own}
        sources[field] = tuple(own)
    if not sources["observation"]:
        raise _no_observation(sheet, form, is_mapped=is_mapped)
    named = {header for header, _ in notes}
    left = dict.fromkeys(_column_name(label) for i, label in enumerate(labels) if i not in taken)
    notes += [(name, _IGNORED) for name in left if name and name not in named]
    return Plan(
        sources=sources,
        others=others,
        names=_unique_names(labels),
        first_row=at + n_rows,
        header_row=at,
        notes=tuple(notes),
    )


def _named_whole(labels: Sequence[Label], form: FormMap) -> dict[int, str]:
    """Return the field of each column that the map names by its whole header: the first one."""
    found: dict[int, str] = {}
    for field in FIELDS:
        wanted = {fold(header) for header in getattr(form.columns, field)}
        for index, label in enumerate(labels):
            if not label.choice and fold(label.question) in wanted:
                found.setdefault(index, field)
    return found


def _match_others(labels: Sequence[Label], form: FormMap, field: str) -> tuple[Source, ...]:
    """Return the columns with what was typed under a field's other choice."""
    wanted = {fold(header) for header in getattr(form.offered, field).other_text}
    return tuple(
        Source(index, _column_name(label), "")
        for index, label in enumerate(labels)
        if fold(whole_name(label)) in wanted
    )


def _takes_one_each(field: str, wanted: Sequence[str]) -> bool:
    """Tell whether each header of a field's map can mean one column only."""
    return field not in CHOICE_FIELDS and not (field in TEXT_FIELDS and len(wanted) > 1)


def _missing(wanted: Sequence[str], found: Sequence[Source], labels: Sequence[Label]) -> list[str]:
    """Return the headers of the map that no column has."""
    there = [labels[source.index] for source in found]
    return [h for h in wanted if not any(_choice_in(label, h) is not None for label in there)]


def _column_name(label: Label) -> str:
    """Return the header of a column for messages, at most 100 characters."""
    return whole_name(label)[:_MAX_NAME_CHARS]


def whole_name(label: Label) -> str:
    """Return the whole header of a column, its choice included."""
    return f"{label.question}: {label.choice}" if label.choice else label.question


def _unique_names(labels: Sequence[Label]) -> tuple[str, ...]:
    """Return a name for every column, with its letter where the header alone would not do."""
    names: list[str] = []
    for index, label in enumerate(labels):
        name = _column_name(label) or column_letter(index)
        names.append(name if name not in names else f"{name} ({column_letter(index)})")
    return tuple(names)


def _find_header(sheet: Sheet, form: FormMap) -> int:
    """Return the index of the row that holds most of the headers the map names."""
    if not sheet.rows:
        return 0
    if sheet.is_headed:
        return 0
    if form.header_row is not None:
        for index, row in enumerate(sheet.rows):
            if row.number == form.header_row:
                return index
        raise InputError(
            "{file} has {n_rows} rows; ingest.header_row says {header_row}.",
            file=sheet.file,
            n_rows=len(sheet.rows),
            header_row=form.header_row,
        )
    wanted = [header for field in FIELDS for header in getattr(form.columns, field)]

    def n_matches(index: int) -> int:
        texts = [as_text(cell) for cell in sheet.rows[index].cells if not is_blank(cell)]
        texts = [text for text in texts if len(text) <= _MAX_QUESTION_CHARS]
        return sum(any(_choice_in(Label(t), h) is not None for t in texts) for h in wanted)

    return max(range(min(_MAX_TITLE_ROWS, len(sheet.rows))), key=n_matches)


def count_header_rows(sheet: Sheet, at: int) -> int:
    """Tell whether the row under the header holds choices: 2 when it does, else 1.

    Choices are texts of at most 100 characters, stand only where the header is blank or begins a
    merged question, and leave some column with a header of its own free.
    """
    if at + 1 >= len(sheet.rows):
        return 1
    questions, choices = sheet.rows[at].cells, sheet.rows[at + 1].cells
    under = [i for i, cell in enumerate(choices) if not is_blank(cell)]
    filled = [i for i in under if fold(as_text(choices[i])) not in _FILLERS]
    labels = [choices[i] for i in under]
    if not labels or not all(isinstance(c, str) and len(c) <= _MAX_CHOICE_CHARS for c in labels):
        return 1
    if any(tick(choices[i]) is not None for i in under):
        return 1
    heads = {i for i, cell in enumerate(questions) if not is_blank(cell)}
    if not filled:
        return 2 if len(under) > 1 else 1
    wide = _wide_questions(sheet, at, len(choices))
    repeated = _repeated(questions)
    if not all(i not in heads or i in wide or i in repeated for i in filled):
        return 1
    return 2 if heads - set(filled) and any(i not in heads or i in repeated for i in filled) else 1


def _repeated(questions: Sequence[Cell]) -> set[int]:
    """Return the columns whose question stands above more than one column."""
    n_columns = Counter(as_text(cell) for cell in questions if not is_blank(cell))
    return {i for i, cell in enumerate(questions) if n_columns[as_text(cell)] > 1}


def _wide_questions(sheet: Sheet, at: int, n_columns: int) -> set[int]:
    """Return the columns whose question is followed by blank headers, so that it may span them."""
    cells = [*sheet.rows[at].cells, *[None] * n_columns]
    return {i for i in range(n_columns) if not is_blank(cells[i]) and is_blank(cells[i + 1])}


def read_labels(sheet: Sheet, at: int, n_rows: int) -> list[Label]:
    """Return the label of every column of a sheet."""
    if not sheet.rows:
        return []
    width = max(len(row.cells) for row in sheet.rows[at : at + n_rows])
    questions = [as_text(c) for c in _padded(sheet.rows[at].cells, width)]
    if n_rows == 1:
        return [Label(question) for question in questions]
    choices = [as_text(c) for c in _padded(sheet.rows[at + 1].cells, width)]
    labels: list[Label] = []
    for question, choice in zip(questions, choices, strict=True):
        # A merged question is written once, above the first of its choices.
        choice = "" if fold(choice) in _FILLERS else choice
        spanned = question or (labels[-1].question if labels and choice else "")
        labels.append(Label(spanned, choice))
    return labels


def _padded(cells: Sequence[Cell], width: int) -> list[Cell]:
    """Return cells up to a width."""
    return [*cells, *[None] * (width - len(cells))][:width]


def _match(labels: Sequence[Label], wanted: Sequence[str], field: str) -> Iterable[Source]:
    """Yield the columns that the map's headers name, in the order of the map."""
    for header in wanted:
        for index, label in enumerate(labels):
            choice = _choice_in(label, header) if label.question else None
            is_cut = bool(choice) and not label.choice
            if choice is None or (is_cut and field not in CHOICE_FIELDS):
                continue
            if not choice and len(wanted) > 1 and field in CHOICE_FIELDS:
                choice = label.question
            yield Source(index, _column_name(label), choice)


def _choice_in(label: Label, header: str) -> str | None:
    """Return the choice a column stands for under a question, None when it is another's.

    "" is for the column that holds the answers themselves.
    """
    wanted = fold(header)
    if fold(label.question) == wanted:
        return label.choice
    if label.choice or not wanted:
        return label.choice if question_words(label.question) == question_words(header) else None
    if question_words(label.question) == question_words(header):
        return ""
    key = question_words(header)
    return next((cut.choice for cut in cuts(label.question) if cut.key == key), None)


def _no_observation(sheet: Sheet, form: FormMap, *, is_mapped: bool) -> InputError:
    """Say that the observation was not found, and what to do."""
    if not sheet.rows:
        return InputError("{file} has no rows. Export it again.", file=sheet.file)
    if is_mapped:
        headers = " or ".join(repr(header) for header in form.columns.observation) or "(none)"
        return InputError(
            "{file} has no column {headers} (observation) in its first {n} rows. Mend "
            "[ingest.columns], or run: havainto init {file} --study DIR",
            file=sheet.file,
            headers=headers,
            n=_MAX_TITLE_ROWS,
        )
    return InputError(
        "{file} has no column named observation and no column map. Run: havainto init {file} "
        "--study DIR",
        file=sheet.file,
    )
