"""Look at a form export and write the settings of a new study from it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit
from tomlkit.items import Table

from pipeline.errors import ArtifactError, InputError
from pipeline.file_names import readable_name
from pipeline.ingest.answers import Known
from pipeline.ingest.forms import CHOICE_FIELDS, FIELDS, LIST_FIELDS, FormMap, OfferedChoices
from pipeline.ingest.guess import FormGuess, guess_form
from pipeline.ingest.ingest import IngestConfig, ingest
from pipeline.ingest.readers import read_other_sheets, read_sheet
from pipeline.ingest.sheets import Sheet
from pipeline.ingest.texts import fold
from pipeline.ingest.theme_labels import theme_labels
from pipeline.resources import shipped
from pipeline.speech import retold, say
from pipeline.taxonomy.model import Taxonomy

_N_PROBLEMS = 10
_PLACES = {"sheet": "The sheet that was asked for"}
DRY_RUN_SECRET = bytes(32)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a form export holds, as far as it can be guessed.

    Attributes
    ----------
    file : str
    layout : str
        How the file was read, such as ``"cp1252, separator ;"``.
    guess : FormGuess
    n_reports : int
        Reports that a run with the guessed settings would have.
    qualities, periods : dict of str to int
        Reports by quality and by period; ``""`` is a report without a known day.
    n_rejected : int
        Rows that would not become a report.
    problems : tuple of (int, str, str)
        Row, column and reason of the first things left out.
    writers : DataFrame with columns ``period``, ``reporter_id``, ``unit``
        The reports of quality ok with a known period.
    """

    file: str
    layout: str
    guess: FormGuess
    n_reports: int
    qualities: dict[str, int]
    periods: dict[str, int]
    n_rejected: int
    problems: tuple[tuple[int, str, str], ...]
    writers: pd.DataFrame


def inspect_file(
    path: Path,
    taxonomy: Taxonomy,
    sheet_name: str | None = None,
    labels: Collection[str] = (),
) -> Preview:
    """Guess the column map of a form export and try it.

    Parameters
    ----------
    path : Path
    taxonomy : Taxonomy
        Themes whose labels the form may have.
    sheet_name : str, optional
        Sheet of a workbook; the first one with cells when not given.
    labels : collection of str
        Choices that the study's other forms have.

    Returns
    -------
    Preview

    Raises
    ------
    InputError
        When the file cannot be read, or has no column that can be the observation.
    """
    chosen = FormMap() if sheet_name is None else FormMap(sheet=sheet_name)
    sheet = read_sheet(path, readable_name(path.name), chosen)
    others = read_other_sheets(path, sheet)
    try:
        guess = guess_form(sheet, known_choices(taxonomy, labels), others)
    except InputError as err:
        raise _with_other_sheets(err, sheet, others) from err
    if sheet_name is not None:
        guess.form = guess.form.model_copy(update={"sheet": sheet_name})
    config = IngestConfig.model_validate(_set_values(guess.form))
    reports, _, _, rejected, _ = ingest([path], config, secret=DRY_RUN_SECRET, taxonomy=taxonomy)
    seen = rejected[rejected["row"] > 0]
    dropped = seen[seen["is_row_dropped"].astype(bool)]
    return Preview(
        file=sheet.file,
        layout=sheet.layout,
        guess=guess,
        n_reports=len(reports),
        qualities=dict(Counter(reports["quality"])),
        periods=dict(Counter(reports["period"])),
        n_rejected=dropped["row"].nunique(),
        problems=tuple(
            seen[["row", "column", "reason"]].head(_N_PROBLEMS).itertuples(index=False, name=None)
        ),
        writers=reports.loc[
            (reports["quality"] == "ok") & (reports["period"] != ""),
            ["period", "reporter_id", "unit"],
        ],
    )


def _with_other_sheets(err: InputError, sheet: Sheet, others: Sequence[Sheet]) -> InputError:
    """Return the complaint about a sheet with the names of the others that hold cells."""
    if not others:
        return err
    names = ", ".join(repr(other.name) for other in others)
    return InputError(
        "{complaint} That was the sheet {sheet}; the file has {others} too. Choose one: "
        "havainto init {file} --study DIR --sheet NAME",
        complaint=err,
        sheet=repr(sheet.name),
        others=names,
        file=sheet.file,
    )


def known_choices(taxonomy: Taxonomy, own: Collection[str] = ()) -> Known:
    """Return the labels of themes and the municipalities, by which choices are known."""
    labels = [
        (t.theme_id, [t.label_fi, t.label_en, *(label.text for label in t.labels)])
        for t in taxonomy.themes
    ]
    lines = shipped("configs", "names", "municipalities.txt").read_text(encoding="utf-8")
    places = frozenset(fold(line) for line in lines.splitlines() if line and line[0] != "#")
    return Known(theme_labels(labels), places, frozenset(map(fold, own)))


def study_toml(preview: Preview, source: str | None = None) -> str:
    """Return the settings of a study, each guess beside its reason.

    Parameters
    ----------
    preview : Preview
    source : str, optional
        Name of the source of its reports.

    Returns
    -------
    str
        TOML that ``pipeline.config.load_settings`` reads.
    """
    document = tomlkit.document()
    guess = preview.guess
    for line in _opening(preview):
        document.add(tomlkit.comment(line))
    section = tomlkit.table()
    section.add(
        tomlkit.comment(say("half-year, quarter, year, or own with [ingest.period_starts]."))
    )
    section.add("period", "half-year")
    if source:
        section.add("data_source", source)
    for name in ("sheet", "header_row", "n_header_rows", "date_order"):
        if name in guess.form.model_fields_set:
            reason = guess.reasons.get(name, _PLACES.get(name, "Where the column names are"))
            section.add(tomlkit.comment(_sentence(reason)))
            section.add(name, getattr(guess.form, name))
    section.add("columns", _columns(guess))
    if separators := _separators(guess):
        section.add("separators", separators)
    if values := _values(guess):
        section.add("values", values)
    if offered := _offered(guess):
        section.add("offered", offered)
    document.add(tomlkit.nl())
    document.add("ingest", section)
    return tomlkit.dumps(document)


def write_study_toml(preview: Preview, path: Path, source: str | None = None) -> None:
    """Write the settings of a new study; settings that are there are never written over.

    Parameters
    ----------
    preview : Preview
    path : Path
        The study's ``study.toml``.
    source : str, optional
        Name of the source of its reports.

    Raises
    ------
    ArtifactError
        When the file exists.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(study_toml(preview, source))
    except FileExistsError as err:
        raise ArtifactError(
            "{path} exists and was left as it is. Give another --study, or remove the file.",
            path=path,
        ) from err


def _opening(preview: Preview) -> list[str]:
    """Return the comment at the top of the file."""
    guess = preview.guess
    periods = ", ".join(f"{label or say('no date')} {n}" for label, n in preview.periods.items())
    lines = [
        say(
            "Settings of this study, guessed from {file} ({layout}).",
            file=preview.file,
            layout=preview.layout,
        ),
        say(
            "{n_answers} answers under row {row} make {n_reports} reports; {n_rejected} rows "
            "are rejected.",
            n_answers=guess.n_answers,
            row=guess.header_row,
            n_reports=preview.n_reports,
            n_rejected=preview.n_rejected,
        ),
        say("By period: {periods}", periods=periods),
        say("Each guess has its reason above it. Check them, then run: havainto run STUDY"),
    ]
    if guess.doubts:
        lines.append(say("To be checked, because it is not sure:"))
        lines += [f"  {retold(doubt.text)}." for doubt in guess.doubts]
    if preview.problems:
        lines.append(say("First cells that cannot be used:"))
        lines += [
            f"  {say('row {row}', row=row)}, {column or say('whole row')}: {retold(why)}"
            for row, column, why in preview.problems
        ]
    return [" ".join(line.split("\n")) for line in lines]


def _sentence(reason: str) -> str:
    """Return a reason as a sentence on one line."""
    line = " ".join(retold(reason).split())
    return f"{line[:1].upper()}{line[1:]}."


def _columns(guess: FormGuess) -> Table:
    """Return the section of columns, with what was left out at its end."""
    table = tomlkit.table()
    for name in FIELDS:
        headers = getattr(guess.form.columns, name)
        if headers:
            table.add(tomlkit.comment(_sentence(guess.reasons[f"columns.{name}"])))
            table.add(name, headers[0] if len(headers) == 1 else _lines(headers))
    for question, reason in guess.left_out.items():
        shown = " ".join(question.split())[:100]
        table.add(
            tomlkit.comment(
                say('Left out: "{shown}": {why}.', shown=shown, why=" ".join(reason.split()))
            )
        )
    return table


def _lines(headers: tuple[str, ...]) -> Any:
    """Return a list with one header a line."""
    items = tomlkit.array()
    items.extend(headers)
    return items.multiline(True)


def _separators(guess: FormGuess) -> Table | None:
    """Return the section of separators, if any was seen."""
    table = tomlkit.table()
    for name in LIST_FIELDS:
        if reason := guess.reasons.get(f"separators.{name}"):
            table.add(tomlkit.comment(_sentence(reason)))
            table.add(name, getattr(guess.form.separators, name))
    return table if len(table) else None


def _values(guess: FormGuess) -> Table | None:
    """Return the section of what labels stand for, if any was known."""
    table = tomlkit.table(is_super_table=True)
    for name in CHOICE_FIELDS:
        labels: dict[str, str] = getattr(guess.form.values, name)
        if labels:
            inner = tomlkit.table()
            inner.add(tomlkit.comment(_sentence(guess.reasons[f"values.{name}"])))
            for label, value in labels.items():
                inner.add(label, value)
            table.add(name, inner)
    return table if len(table) else None


def _offered(guess: FormGuess) -> Table | None:
    """Return the section of what the form offered, if it has choices."""
    table = tomlkit.table(is_super_table=True)
    for name in LIST_FIELDS:
        offer = getattr(guess.form.offered, name)
        if offer == OfferedChoices():
            continue
        inner = tomlkit.table()
        inner.add(tomlkit.comment(_sentence(guess.reasons[f"offered.{name}"])))
        inner.add("choices", _lines(offer.choices))
        if offer.answers:
            inner.add("answers", offer.answers)
        if offer.other:
            inner.add("other", offer.other)
        if offer.other_text:
            inner.add("other_text", list(offer.other_text))
        table.add(name, inner)
    return table if len(table) else None


def _set_values(form: FormMap) -> dict[str, Any]:
    """Return what a form sets, for settings to be made of."""
    return form.model_dump(exclude_unset=True)
