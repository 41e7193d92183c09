"""Guess the column map of an unknown form export, and say why."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pipeline.errors import InputError
from pipeline.ingest.cells import as_list
from pipeline.ingest.choices import Choices
from pipeline.ingest.drafts import VALENCES
from pipeline.ingest.forms import LIST_FIELDS, ChoiceValues, ColumnMap, FormMap, Separators
from pipeline.ingest.questions import Question, read_questions
from pipeline.ingest.sheets import Sheet

_KEYWORDS = {
    "report_id": r"vastausn|vastaajan? (?:numero|id)|tunniste|\bid\b|report_?id|lomakkeen num",
    "date": r"päivämäärä|\bpvm\b|päiväys|ajankohta|vastausaika|lähet|aikaleima|date|\bpäivä\b",
    "period": r"\bjakso|kausi|\bperiod|puolivuo",
    "area": r"alue|kunta|kunn|paikkakun|\barea|municipal",
    "client_groups": r"asiakasryhm|kohderyhm|client|ikäryhm|asiakkai",
    "valence": r"millainen|sävy|luonne|valen[cs]|myönteinen|kielteinen|positiivi|negatiivi",
    "themes_ticked": r"teem[ao]|aihe|theme|luokit",
    "observation": r"havain|kuvaa|kuvaus|observation|ilmiö|mitä näit",
    "proposal": r"ehdot|ratkais|kehittäm|toimenpi|proposal|solution|pitäisi",
    "reporter_id": r"raportoija|ilmoittaja|vastaaja|kirjaaja|\bnimi|sähköposti|reporter|täyttäjä",
    "unit": r"yksikkö|toimipiste|\btiimi|\bunit|organisaatio",
    "data_source": r"lähde|data_source|\bsource",
}
_GROUP_STEMS = {
    "tyoikaiset": r"työikä|aikuis",
    "lapset-nuoret-perheet": r"laps|nuor|perhe",
    "vammaiset": r"vamma",
    "ikaantyneet": r"ikäänty|ikäihmi|vanhu|senior|iäk",
    "paihde-riippuvuus": r"päihde|riippuv",
}
_VALENCE_STEMS = {
    "negatiivinen": r"negat|kielt|huon|epäkoh",
    "positiivinen": r"posit|myönt|hyv|onnist",
    "neutraali": r"neutr",
}
_SEPARATORS = (";", "|", ",")
# In this order, because what is surest goes first and takes its column.
_ORDER = (
    *("date", "valence", "client_groups", "themes_ticked", "proposal", "observation", "area"),
    *("period", "report_id", "reporter_id", "unit", "data_source"),
)
_MAX_LABEL_CHARS = 60


@dataclass
class FormGuess:
    """A guessed column map.

    Attributes
    ----------
    form : FormMap
    reasons : dict of str to str
        Why each setting was guessed, by its name, such as ``"columns.date"``.
    left_out : dict of str to str
        Question in the export that feeds nothing, to the reason.
    header_row : int
        Row of the column names, from 1; 0 for JSON lines.
    n_answers : int
        Rows under the header that hold anything.
    """

    form: FormMap
    reasons: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    header_row: int = 0
    n_answers: int = 0


def guess_form(sheet: Sheet, theme_labels: Collection[str] = ()) -> FormGuess:
    """Guess which column of an export feeds which column of ``raw_reports``.

    Parameters
    ----------
    sheet : Sheet
    theme_labels : collection of str
        Labels of the taxonomy, by which columns of ticks without a question are known.

    Returns
    -------
    FormGuess

    Raises
    ------
    InputError
        When there is no header, no answer, or no column that can be the observation.
    """
    found = read_questions(sheet)
    guess = FormGuess(FormMap(), header_row=found.header_row, n_answers=found.n_answers)
    themes = Choices({label: label for label in theme_labels})
    free = list(found.questions)
    columns: dict[str, tuple[str, ...]] = {}
    chosen: dict[str, list[Question]] = {}
    for name in _ORDER:
        picked, reason = _pick(name, free, themes)
        if not picked:
            continue
        free = [question for question in free if question not in picked]
        columns[name] = tuple(question.text for question in picked)
        chosen[name] = picked
        guess.reasons[f"columns.{name}"] = reason
    if "observation" not in columns:
        raise InputError(
            f"{sheet.file} has no column that can be the observation: none has long texts and none"
            " is named so. Write [ingest.columns] observation by hand."
        )
    _refuse_running_ids(columns, chosen, guess)
    for question in free:
        guess.left_out[question.text] = _left_out_reason(question)
    separators = _guess_separators(chosen, guess)
    values = _guess_values(chosen, separators, guess)
    guess.form = FormMap(
        columns=ColumnMap(**columns),
        separators=Separators(**separators),
        values=ChoiceValues.model_validate(values),
    )
    return guess


def _pick(name: str, free: Sequence[Question], themes: Choices) -> tuple[list[Question], str]:
    """Return the questions that feed a field, and the reason."""
    named = [q for q in free if re.search(_KEYWORDS[name], q.text.casefold())]
    match name:
        case "date":
            return _pick_date(free, named)
        case "valence":
            return _pick_valence(free, named)
        case "observation" | "proposal":
            return _pick_text(free, named, needs_name=name == "proposal")
        case "client_groups" | "themes_ticked":
            known = [q for q in free if _is_choice_of(name, q, themes)]
            fitting = [q for q in named if not q.is_free_text and (q.choices or not q.is_ticks)]
            if fitting:
                return fitting[:1], _named_reason(fitting[0])
            return known, f"{len(known)} columns of ticks are named after its choices"
        case _:
            fitting = [q for q in named if not q.is_free_text and not q.is_ticks and q.cells]
            return fitting[:1], _named_reason(fitting[0]) if fitting else ""


def _named_reason(question: Question) -> str:
    """Say that the name tells, and what stands in the column."""
    if question.choices:
        return f"its name; one column of ticks for each of {len(question.choices)} choices"
    n_distinct = len(set(question.texts))
    return f"its name; {len(question.cells)} of {question.n_rows} filled, {n_distinct} different"


def _pick_date(free: Sequence[Question], named: list[Question]) -> tuple[list[Question], str]:
    """Return the question answered with days; a name breaks the tie."""
    dated = [q for q in free if q.cells and q.n_dates >= 0.5 * len(q.cells)]
    best = [q for q in named if q in dated] or dated or [q for q in named if _are_serials(q)]
    if not best:
        return [], ""
    # The day of the observation says more than the day the form was sent.
    best.sort(key=lambda q: "havain" not in q.text.casefold())
    question = best[0]
    n_days = question.n_dates or len(question.cells)
    return [question], f"{n_days} of {len(question.cells)} filled cells are days"


def _are_serials(question: Question) -> bool:
    """Tell whether the answers are a spreadsheet's day numbers."""
    return bool(question.cells) and all(re.fullmatch(r"\d{5}(\.\d+)?", t) for t in question.texts)


def _pick_valence(free: Sequence[Question], named: list[Question]) -> tuple[list[Question], str]:
    """Return the question answered with negative, positive or neutral."""
    known = Choices(VALENCES)
    for question in free:
        labels = question.choices or question.texts
        n_known = sum(label in known for label in labels)
        if labels and n_known >= 0.6 * len(labels):
            return [question], "its answers are negative, positive or neutral"
    few = [q for q in named if not q.is_free_text and 1 < len(set(q.choices or q.texts)) <= 6]
    return few[:1], f"its name; {len(set(few[0].choices or few[0].texts))} answers" if few else ""


def _pick_text(
    free: Sequence[Question], named: list[Question], *, needs_name: bool
) -> tuple[list[Question], str]:
    """Return the question answered with free text."""
    written = [q for q in named if q.is_free_text]
    plain = [q for q in named if q.cells and not q.choices and not q.is_ticks and not q.n_dates]
    long_ones = [] if needs_name else [q for q in free if q.is_free_text]
    # Short answers under the right name: a small or young export.
    short = [q for q in plain if q.distinct_share > 0.5 or len(q.cells) < 3]
    best = max(written or long_ones or short, key=lambda q: q.mean_chars, default=None)
    if best is None:
        return [], ""
    by = "its name and " if best in named else ""
    return [best], f"{by}free text, {best.mean_chars:.0f} characters on average"


def _is_choice_of(name: str, question: Question, themes: Choices) -> bool:
    """Tell whether a column of ticks is itself one choice of a field."""
    if not question.is_ticks or question.choices:
        return False
    if name == "themes_ticked":
        return question.text in themes
    return _stem_value(question.text, _GROUP_STEMS) is not None and question.text not in themes


def _stem_value(label: str, stems: dict[str, str]) -> str | None:
    """Return the value a label's words point to, if they point to one."""
    found = [value for value, stem in stems.items() if re.search(stem, label.casefold())]
    return found[0] if len(found) == 1 else None


def _refuse_running_ids(
    columns: dict[str, tuple[str, ...]], chosen: dict[str, list[Question]], guess: FormGuess
) -> None:
    """Leave out ids that the next export would use again."""
    question = next(iter(chosen.get("report_id", ())), None)
    if question is None:
        return
    reason = ""
    if question.distinct_share < 1 or len(question.cells) < question.n_rows:
        reason = "looks like an id, but is not different for every answer"
    elif all(re.fullmatch(r"\d{1,5}", text) for text in question.texts):
        reason = (
            "numbers the answers of this export; the next one would number anew and clash."
            " Ids are made from the content. If the numbers go on, map it to report_id"
        )
    if reason:
        del columns["report_id"], chosen["report_id"], guess.reasons["columns.report_id"]
        guess.left_out[question.text] = reason
        return
    guess.reasons["columns.report_id"] = "its name; different for every answer"


def _left_out_reason(question: Question) -> str:
    """Say why a question feeds nothing."""
    if not question.cells:
        return "no answers"
    if question.is_free_text:
        return "free text; add it to observation or proposal to join it to them"
    return "no column of the tables answers to it"


def _guess_separators(chosen: dict[str, list[Question]], guess: FormGuess) -> dict[str, str]:
    """Return what parts the choices in one cell, for each field that has such cells."""
    separators = {}
    for name in LIST_FIELDS:
        texts = [
            t for q in chosen.get(name, ()) if not q.choices and not q.is_ticks for t in q.texts
        ]
        for mark in _SEPARATORS:
            cut = [text for text in texts if mark in text.strip(mark + " ")]
            if cut and (mark != "," or _are_labels(cut)):
                separators[name] = mark
                guess.reasons[f"separators.{name}"] = f"{len(cut)} cells hold several choices"
                break
    return separators


def _are_labels(texts: Sequence[str]) -> bool:
    """Tell whether commas part labels; after a comma inside a label comes a small letter."""
    return all(part.strip()[:1].isupper() for text in texts for part in text.split(",") if part)


def _guess_values(
    chosen: dict[str, list[Question]], separators: dict[str, str], guess: FormGuess
) -> dict[str, dict[str, str]]:
    """Return what the labels of client groups and valences stand for."""
    values: dict[str, dict[str, str]] = {}
    for name, stems in (("client_groups", _GROUP_STEMS), ("valence", _VALENCE_STEMS)):
        labels: Counter[str] = Counter()
        for question in chosen.get(name, ()):
            if question.is_ticks and not question.choices:
                labels[question.text] += 1
            labels.update(question.choices)
            if not question.choices and not question.is_ticks:
                for text in question.texts:
                    labels.update(as_list(text, separators.get(name, ";")))
        known = {
            label: value
            for label in labels
            if len(label) <= _MAX_LABEL_CHARS and (value := _stem_value(label, stems))
        }
        if known:
            values[name] = known
            n_unknown = len(labels) - len(known)
            guess.reasons[f"values.{name}"] = f"{len(known)} labels known by their words" + (
                f"; {n_unknown} others are kept as they are" if n_unknown else ""
            )
    return values
