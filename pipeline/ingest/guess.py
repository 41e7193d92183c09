"""Guess the column map of an unknown form export, and say why, and what is not sure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import InputError
from pipeline.ingest import guess_words as say
from pipeline.ingest.answers import Answers, Known, assign_choices
from pipeline.ingest.bare_ticks import gather_bare_ticks
from pipeline.ingest.code_sheets import read_codes
from pipeline.ingest.forms import LIST_FIELDS, FormMap
from pipeline.ingest.guess_texts import pick_texts
from pipeline.ingest.guess_words import Doubt
from pipeline.ingest.headers import plan_columns
from pipeline.ingest.offers import offered_of, values_of
from pipeline.ingest.periods import standard_period, tidy_label
from pipeline.ingest.questions import Column, Question, Questionnaire, read_questions
from pipeline.ingest.sheets import Sheet
from pipeline.ingest.texts import fold
from pipeline.ingest.vocabulary import is_named, question_words

_EMAIL = re.compile(r"\S+@\S+\.\w+")
_STARTED = re.compile(r"aloit|start|begin|påbörj|avattu|opened", re.IGNORECASE)
_SENT = re.compile(r"lähet|submit|complet|päätt|valmis|inlämn|skickad|end\b|finish", re.IGNORECASE)
_CLOCK = re.compile(
    r"vastausaika|aikaleima|timestamp|tidsstämpel|\btime\b|kello|tid$", re.IGNORECASE
)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})\b.*", re.DOTALL)
_MIN_DATED = 0.5
_RUNNING_SHARE = 3  # numbers up to so many times the answers number this export's answers


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
    doubts : list of Doubt
        What a person should look at before the first run.
    header_row : int
        Row of the column names, from 1; 0 for JSON lines.
    n_answers : int
        Rows under the header that hold anything.
    """

    form: FormMap
    reasons: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    header_row: int = 0
    n_answers: int = 0


def guess_form(sheet: Sheet, known: Known, other_sheets: Sequence[Sheet] = ()) -> FormGuess:
    """Guess which column of an export feeds which column of ``raw_reports``.

    Parameters
    ----------
    sheet : Sheet
    known : Known
        Themes and municipalities, by which choices are known.
    other_sheets : sequence of Sheet
        The workbook's other sheets, which may say what codes stand for.

    Returns
    -------
    FormGuess

    Raises
    ------
    InputError
        When there is no header, no answer, or no column that can be the observation.
    """
    found = read_questions(sheet)
    return _Guesser(sheet, known, found, other_sheets).guess()


class _Guesser:
    """Gives each question to one field at most: choices, texts, then the rest."""

    def __init__(
        self, sheet: Sheet, known: Known, found: Questionnaire, other_sheets: Sequence[Sheet]
    ) -> None:
        self.sheet = sheet
        self.known = known
        self.found = found
        questions, unsure = gather_bare_ticks(found.questions, known, found.bands)
        headers = [q.text for q in found.questions]
        codes = read_codes(other_sheets, headers) if other_sheets else {}
        self.free = sorted(questions, key=lambda q: q.columns[0].index)
        self.answers = [Answers(q, known, codes.get(q.text, {})) for q in self.free]
        self.columns: dict[str, tuple[str, ...]] = {}
        self.result = FormGuess(FormMap(), header_row=found.header_row, n_answers=found.n_answers)
        self.result.doubts += [say.by_place(header, name) for header, name in unsure]

    def guess(self) -> FormGuess:
        """Return the guess."""
        result = self.result
        chosen = self._choices()
        self._texts()
        order = self._dates()
        self._rest()
        others = self._other_columns(chosen)
        for question in self.free:
            result.left_out[question.text or ", ".join(question.choices)] = say.left_out(question)
        form: dict[str, Any] = {"columns": self.columns}
        separators = {
            name: one.closed.separator
            for name, one in chosen.items()
            if name in LIST_FIELDS and not one.question.choices and one.closed.separator
        }
        for name in separators:
            result.reasons[f"separators.{name}"] = say.joined(chosen[name].closed.n_joined)
        values, doubts = values_of(chosen, self.known, result.reasons)
        result.doubts += doubts
        form["offered"] = offered_of(chosen, others, result.reasons)
        form |= {"separators": separators, "values": values} | order
        result.form = FormMap.model_validate({k: v for k, v in form.items() if v})
        self._check_header()
        return result

    def _take(self, name: str, question: Question, reason: str) -> None:
        """Let a question feed a field."""
        self.free = [q for q in self.free if q is not question]
        if question.text:
            self.columns[name] = (question.text,)
        else:
            self.columns[name] = tuple(column.header for column in question.columns)
        self.result.reasons[f"columns.{name}"] = reason

    def _choices(self) -> dict[str, Answers]:
        """Find the fields that are answered with choices."""
        chosen, rivals = assign_choices(self.answers)
        for name, one in list(chosen.items()):
            if one.are_codes:
                self.result.doubts.append(say.unexplained_codes(name, one.question.text))
                del chosen[name]
                continue
            self._take(name, one.question, say.choices(one))
            if one.closed.n_open and not one.question.choices:
                rows = [self.found.row_numbers[one.question.rows[i]] for i in one.closed.open_rows]
                self.result.doubts.append(say.open_answers(name, one.closed.n_open, rows))
        for one in self.answers:
            for name in ("valence", "client_groups", "themes_ticked", "area"):
                unread = name not in chosen and is_named(name, one.question.text)
                if unread and one.is_choice_list and one.are_codes:
                    self._doubt_once(say.unexplained_codes(name, one.question.text))
        for name, one in rivals.items():
            if name in chosen:
                first = chosen[name].question.text
                self.result.doubts.append(say.rival(name, first, one.question.text))
        return chosen

    def _doubt_once(self, doubt: Doubt) -> None:
        """Add a doubt about a question that has none yet."""
        if doubt not in self.result.doubts:
            self.result.doubts.append(doubt)

    def _texts(self) -> None:
        """Find the observation and the proposal."""
        observation, proposal, doubts = pick_texts(self.free)
        if observation is None:
            raise InputError(
                "{file} has no column that can be the observation: none has long texts "
                "and none is named so. Write [ingest.columns] observation by hand.",
                file=self.sheet.file,
            )
        self._take("observation", observation, say.text(observation, "observation"))
        if proposal is not None:
            self._take("proposal", proposal, say.text(proposal, "proposal"))
        self.result.doubts += doubts

    def _dates(self) -> dict[str, str]:
        """Find the day, and whether the month is written first."""
        dated = [q for q in self.free if _is_dated(q)]
        named = [q for q in dated if is_named("date", q.text)]
        pool = named or dated
        pool = [q for q in pool if not re.search(r"synt|birth|född", fold(q.text))]
        if not pool:
            return {}
        best = min(pool, key=_date_rank)
        for question in pool:
            if question is not best and not _is_clock(question):
                self.result.left_out[question.text] = say.OTHER_DAY
        n_days = best.n_dates or len(best.cells)
        self._take("date", best, say.days(n_days, len(best.cells)))
        rivals = [q for q in pool if q is not best and _date_rank(q) == _date_rank(best)]
        if rivals:
            self.result.doubts.append(say.rival("date", best.text, rivals[0].text))
        return self._month_first(best)

    def _month_first(self, question: Question) -> dict[str, str]:
        """Tell from days such as 9/27/2024 whether the month comes first."""
        parts = [m for text in question.texts if (m := _SLASHED.fullmatch(text))]
        if not parts:
            return {}
        if any(int(m[2]) > 12 for m in parts):
            self.result.reasons["date_order"] = say.MONTH_FIRST
            return {"date_order": "month-first"}
        if not any(int(m[1]) > 12 for m in parts):
            self.result.doubts.append(say.month_or_day(question.text))
        return {}

    def _rest(self) -> None:
        """Find who wrote, from which unit and source, the period and the answers' own ids."""
        for name in ("period", "report_id", "reporter_id", "unit", "data_source"):
            fitting = [q for q in self.free if _fits(name, q)]
            if not fitting:
                continue
            best = max(fitting, key=lambda q: (len(q.cells), -len(q.text)))
            if name == "reporter_id":
                best = max(fitting, key=lambda q: (_n_emails(q), len(q.cells)))
            if name == "report_id" and (reason := _bad_id(best)):
                self.free = [q for q in self.free if q is not best]
                self.result.left_out[best.text] = reason
                continue
            self._take(name, best, say.named(best))
            rivals = [q for q in fitting if q is not best and name == "unit"]
            if rivals:
                self.result.doubts.append(say.rival(name, best.text, rivals[0].text))

    def _other_columns(self, chosen: dict[str, Answers]) -> dict[str, list[str]]:
        """Give each column of answers under another choice to its field."""
        others: dict[str, list[str]] = {}
        own = {name: one.question for name, one in chosen.items() if name in LIST_FIELDS}
        for name, question in own.items():
            others[name] = [_whole_header(column) for column in question.other]
        for column in self.found.open_columns:
            name = _owner(column, own)
            if name:
                others.setdefault(name, []).append(_whole_header(column))
            else:
                self.result.left_out[_whole_header(column)] = say.STRAY_OPEN
        return {name: headers for name, headers in others.items() if headers}

    def _check_header(self) -> None:
        """Write down where the header is when a search by the map would find another row."""
        plan = plan_columns(self.sheet, self.result.form, is_mapped=True)
        at = self.sheet.rows[plan.header_row].number
        n_rows = plan.first_row - plan.header_row
        found = self.found.header_row, self.found.n_header_rows
        if (at, n_rows) != found and not self.sheet.is_headed:
            known = self.result.form.model_dump(exclude_unset=True)
            self.result.form = FormMap.model_validate(
                known | {"header_row": found[0], "n_header_rows": found[1]}
            )


def _whole_header(column: Column) -> str:
    """Return the header of a column as the file has it; of two rows, both."""
    if not column.choice or column.header.rstrip(" ])").endswith(column.choice.rstrip(" ])")):
        return column.header
    return f"{column.header}: {column.choice}"


def _owner(column: Column, own: dict[str, Question]) -> str:
    """Return the field whose other choice a column belongs to: by its words, or by its place."""
    named = [name for name in own if is_named(name, column.header)]
    if len(named) == 1:
        return named[0]
    before = {
        max(c.index for c in question.columns): name
        for name, question in own.items()
        if max(c.index for c in question.columns) < column.index
    }
    if not before:
        return ""
    nearest = max(before)
    return before[nearest] if column.index - nearest <= 1 else ""


def _is_dated(question: Question) -> bool:
    """Tell whether a question is answered with days."""
    if not question.cells or question.choices:
        return False
    if question.n_dates >= _MIN_DATED * len(question.cells):
        return True
    serials = all(re.fullmatch(r"\d{5}([.,]\d+)?", text) for text in question.texts)
    return serials and bool(question.texts) and is_named("date", question.text)


def _date_rank(question: Question) -> tuple[bool, bool, bool, int]:
    """Order days: of the observation, then of a question, then of the survey tool."""
    words = question_words(question.text)
    is_sparse = len(question.cells) < 0.8 * question.n_rows
    is_observed = re.search(r"havain|observ|iakttag|tapahtu", words) is not None
    return (is_sparse, not is_observed, _is_clock(question), 0 if _SENT.search(words) else 1)


def _is_clock(question: Question) -> bool:
    """Tell whether the answers are times that the survey tool itself wrote."""
    words = question_words(question.text)
    return bool(_STARTED.search(words) or _SENT.search(words) or _CLOCK.search(words))


def _n_emails(question: Question) -> int:
    """Return how many answers are e-mail addresses."""
    return sum(bool(_EMAIL.fullmatch(text)) for text in question.texts)


def _fits(name: str, question: Question) -> bool:
    """Tell whether a question can feed a field that is not answered with choices or texts."""
    texts = question.texts
    if not texts or question.choices or question.is_free_text or question.is_yes_no:
        return False
    if question.is_ticks and name != "report_id":
        return False
    if name == "period":
        labels = [standard_period(tidy_label(text)) for text in texts]
        return sum(x is not None for x in labels) >= 0.8 * len(texts) and is_named(
            name, question.text
        )
    if name == "reporter_id":
        if len(set(texts)) == 1 and len(texts) > 2:
            return False
        return is_named(name, question.text) or _n_emails(question) > 0.5 * len(texts)
    if name == "unit" and question.n_dates:
        return False
    if name == "unit" and question.distinct_share > 0.8 and len(texts) >= 8:
        return False
    return is_named(name, question.text)


def _bad_id(question: Question) -> str:
    """Say why a column of ids cannot be used; "" when it can."""
    texts = question.texts
    if question.distinct_share < 1 or len(question.cells) < question.n_rows:
        return say.ID_TWICE
    are_numbers = all(re.fullmatch(r"\d{1,9}", text) for text in texts)
    if are_numbers and max(map(int, texts)) <= max(_RUNNING_SHARE * question.n_rows, 100):
        return say.RUNNING_ID
    return ""
