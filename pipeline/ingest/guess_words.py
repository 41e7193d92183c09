"""All sentences that the guess of a form is told with: reasons, doubts, what is left out.

None of them holds a cell of the export; headers and rows are named.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.ingest.vocabulary import is_named

if TYPE_CHECKING:
    from pipeline.ingest.answers import Answers
    from pipeline.ingest.questions import Question

OTHER_DAY = "another column of days feeds date"
MONTH_FIRST = "days are written with the month first"
STRAY_OPEN = "open answers that belong to no question with choices; left out"
ID_TWICE = "looks like an id, but is not different for every answer"
RUNNING_ID = (
    "numbers the answers of this export; the next one would number anew and clash."
    " Ids are made from the content. If the numbers go on, map it to report_id"
)
_MAX_HEADER = 70


class Doubt(NamedTuple):
    """Something a person should look at.

    Attributes
    ----------
    field : str
    text : str
        A sentence without its full stop.
    """

    field: str
    text: str


def short(header: str) -> str:
    """Return a header on one line, cut to what fits."""
    line = " ".join(header.split()) or "columns without a question"
    return line if len(line) <= _MAX_HEADER else f"{line[: _MAX_HEADER - 1]}…"


def choices(one: "Answers") -> str:
    """Say why a question feeds a field of choices."""
    question = one.question
    several = {"one": ", one may be chosen", "several": ", several may be chosen"}
    by = "its name and choices" if question.words else "the names of its choices"
    columns = "; one column of ticks for each" if question.choices else ""
    return f"{by}; {len(one.labels)} choices{several.get(one.answers or '', '')}{columns}"


def text(question: "Question", field: str) -> str:
    """Say why a question feeds a field of text."""
    by = "its name and " if is_named(field, question.text) else ""
    return f"{by}free text, {question.mean_chars:.0f} characters on average"


def named(question: "Question") -> str:
    """Say that the name tells, and what stands in the column."""
    n_distinct = len(set(question.texts))
    return f"its name; {len(question.cells)} of {question.n_rows} filled, {n_distinct} different"


def days(n_days: int, n_cells: int) -> str:
    """Say how many cells are days."""
    return f"{n_days} of {n_cells} filled cells are days"


def month_or_day(header: str) -> Doubt:
    """Ask which number of a day is the month."""
    return Doubt(
        "date",
        f'no day in "{short(header)}" tells whether day or month comes first; read as day first.'
        " If it is the month, set ingest.date_order",
    )


def joined(n_cells: int) -> str:
    """Say how many cells hold several choices."""
    return f"{n_cells} cells hold several choices"


def known_labels(n_known: int, n_unknown: int) -> str:
    """Say how many labels are known."""
    rest = f"; {n_unknown} others are kept as they are" if n_unknown else ""
    return f"{n_known} labels known by their words{rest}"


def left_out(question: "Question") -> str:
    """Say why a question feeds nothing."""
    if not question.cells:
        return "no answers"
    if question.is_yes_no:
        return "answered with yes or no"
    if question.is_free_text:
        return "free text; add it to observation or proposal to join it to them"
    return "no column of the tables answers to it"


def rival(field: str, first: str, second: str) -> Doubt:
    """Ask which of two questions feeds a field."""
    return Doubt(
        field, f'{field} was taken from "{short(first)}"; "{short(second)}" would do as well'
    )


def by_place(header: str, field: str) -> Doubt:
    """Say that only its place tells what a column of ticks is."""
    return Doubt(field, f'the column "{short(header)}" was taken for {field} by its place alone')


def unnamed(field: str, header: str) -> Doubt:
    """Say that only the length of its texts speaks for a question."""
    return Doubt(
        field, f'{field} was taken from "{short(header)}", whose name does not tell; it is longest'
    )


def unexplained_codes(field: str, header: str) -> Doubt:
    """Ask what codes stand for."""
    return Doubt(
        field,
        f'"{short(header)}" is answered with codes, and no sheet of the file says what they stand'
        f" for. It was left out. Write them into [ingest.values.{field}], or export full answers",
    )


def open_answers(field: str, n_values: int, rows: Sequence[int]) -> Doubt:
    """Say how many values are no choices, and in which rows they are."""
    shown = ", ".join(map(str, rows[:5])) + (" ..." if len(rows) > 5 else "")
    return Doubt(
        field,
        f"{field} has {n_values} values that stand once (rows {shown}); each is kept as that"
        f" report's own words. If one is a choice, add it to [ingest.offered.{field}] choices",
    )


def unsure_theme(label: str, theme: str | None) -> Doubt:
    """Ask which theme a choice is."""
    guess = f" (is it {theme}?)" if theme else ""
    return Doubt(
        "themes_ticked",
        f'the choice "{short(label)}" is no theme of the taxonomy{guess}; its words are'
        " kept as the reporter's own. To make it a theme: [ingest.values.themes_ticked]",
    )


def unsure_valence(label: str) -> Doubt:
    """Ask which valence a choice is."""
    return Doubt(
        "valence",
        f'the choice "{short(label)}" is none of the three valences; it feeds nothing until'
        " [ingest.values.valence] says",
    )


def merged_group(labels: Sequence[str]) -> str:
    """Say that choices that speak of one standing group stay apart."""
    return f"{len(labels)} choices speak of one standing group and are kept apart"
