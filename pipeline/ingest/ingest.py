"""Read form exports into reports: the first stage, and the only one that opens input files."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import pandas as pd
from pydantic import Field, model_validator

from pipeline.errors import ConfigError, InputError
from pipeline.file_names import readable_name
from pipeline.ingest.choices import Choices
from pipeline.ingest.drafts import Draft, DraftRules, read_drafts
from pipeline.ingest.duplicates import find_duplicates
from pipeline.ingest.form_table import Offers, form_table
from pipeline.ingest.forms import (
    CONTRACT_FORM,
    LIST_FIELDS,
    FileForm,
    FormMap,
    load_form,
    overlay,
)
from pipeline.ingest.headers import Plan, plan_columns
from pipeline.ingest.ids import drafts_of, give_ids
from pipeline.ingest.ledger import Ledger, frame
from pipeline.ingest.offer import form_id, offer_of
from pipeline.ingest.periods import (
    Period,
    PeriodKind,
    lay_out,
    period_of,
    stray_days,
    tidy_label,
)
from pipeline.ingest.quality import JUNK_ANSWERS, bare, quality_of
from pipeline.ingest.readers import read_sheet
from pipeline.ingest.sheets import Sheet
from pipeline.speech import Said
from pipeline.tables import TABLES
from pipeline.taxonomy.model import Taxonomy


class IngestConfig(FormMap, frozen=True, extra="forbid"):
    """Settings of the ingest stage: the column map of the form, and what is true of the study."""

    forms: dict[str, FileForm] = Field(
        default={},
        description="Column maps of files whose form differs, by the file's name.",
    )
    form: str | None = Field(
        default=None,
        description="Column map: a name in configs/forms or the path of a .toml file;"
        " settings given here beside it win.",
    )
    data_source: str = Field(
        default="sosiaalinen-raportointi",
        min_length=1,
        description="Kind of source of reports that name none.",
    )
    period: PeriodKind = Field(
        default="half-year", description="How time is cut into periods, by the date of the report."
    )
    period_starts: dict[str, dt.date] = Field(
        default={}, description="Label and first day of each period, when period is own."
    )
    duplicate_min_score: float = Field(
        default=0.9,
        ge=0.5,
        le=1,
        description="Least likeness of a near-duplicate, 0-1: share of letters in common.",
    )
    junk_answers: tuple[str, ...] = Field(
        default=JUNK_ANSWERS,
        description="Answers that say nothing; case and punctuation do not count.",
    )
    min_letters: int = Field(
        default=5, ge=0, description="Fewest letters of an answer that can say something."
    )
    max_cell_chars: int = Field(
        default=32_767,
        ge=100,
        description="Longest cell, in characters; a row with a longer one is rejected.",
    )
    first_date: dt.date = Field(
        default=dt.date(1990, 1, 1), description="Earliest day that can be right."
    )
    last_date: dt.date = Field(
        default=dt.date(2099, 12, 31), description="Latest day that can be right."
    )
    max_gap_years: int = Field(
        default=5,
        ge=1,
        description="Years between a lone date and all others from which it counts as mistyped.",
    )

    @model_validator(mode="after")
    def _check_periods(self) -> Self:
        if self.period == "own" and not self.period_starts:
            raise ValueError("period_starts must name at least one period when period is own")
        if len(set(self.period_starts.values())) < len(self.period_starts):
            raise ValueError("period_starts must give each period another first day")
        return self


def resolve_form(config: IngestConfig, folder: Path) -> IngestConfig:
    """Return the settings with the named form's column map written into them.

    A manifest that holds them then tells whether the map has changed.

    Parameters
    ----------
    config : IngestConfig
    folder : Path
        Folder of the study, where a relative path starts.

    Returns
    -------
    IngestConfig
        Unchanged when it names no form.

    Raises
    ------
    ConfigError
        When there is no such form, or its file is not a column map.
    """
    if config.form is None:
        return config
    form = overlay(load_form(config.form, folder), config)
    parts = {key: getattr(form, key) for key in FormMap.model_fields}
    return config.model_copy(update={**parts, "form": None})


def ingest(
    files: Sequence[Path],
    config: IngestConfig,
    *,
    secret: bytes,
    taxonomy: Taxonomy,
    left_out: frozenset[str] = frozenset(),
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read form exports into reports, and account for every row that did not become one.

    Parameters
    ----------
    files : sequence of Path
        Exports (.xlsx, .ods, .csv, .jsonl) of the same study. Of two equal rows the first is kept.
    config : IngestConfig
    secret : bytes
        The study's own, for the ids of reports that come without one.
    taxonomy : Taxonomy
        Themes whose ids and labels may be ticked.
    left_out : frozenset of str
        Reports that were erased and whose file had to stay; nothing of them is kept.

    Returns
    -------
    raw_reports, raw_rejected, periods, rejected, forms : DataFrame
        As in ``pipeline.tables``. A report without a known day and without a period of its own
        has period ``""`` and is counted in no period.

    Raises
    ------
    InputError
        When a file cannot be read, has no column for the observation, or no file has a report.
    ConfigError
        When the column map names a form or a theme that does not exist.
    """
    if not files:
        raise InputError("No input file was given. Put a form export into the study's inputs/.")
    config = resolve_form(config, Path())
    ledger = Ledger()
    drafts: list[Draft] = []
    offers: dict[str, Offers] = {}
    for path, name in _named(files):
        found, its_form, own = _read_file(path, name, config, taxonomy, ledger)
        drafts.extend(found)
        offers[its_form] = own
    _drop_stray_dates(drafts, config, ledger)
    erased = drafts_of(drafts, left_out, secret) if left_out else []
    drafts = give_ids([draft for draft in drafts if draft not in erased], secret, ledger)
    if not drafts:
        reason = ledger.first_reason()
        raise InputError(
            "No report was found in {n} files; {n_dropped} rows were rejected. {why}",
            n=len(files),
            n_dropped=ledger.n_dropped,
            why=Said("The first: {reason}", {"reason": reason})
            if reason
            else Said("They have a header and nothing under it."),
        )
    periods = _give_periods(drafts, config, ledger)
    _mark_quality(drafts, config)
    reports = _in_order([draft.report for draft in drafts], periods)
    _mark_duplicates(reports, config.duplicate_min_score)
    return (
        _raw_reports(reports),
        ledger.raw_rejected(),
        _periods(periods, reports),
        ledger.rejected(),
        form_table(offers, reports),
    )


def read_all_drafts(files: Sequence[Path], config: IngestConfig, taxonomy: Taxonomy) -> list[Draft]:
    """Return every row of the files that can be a report, before ids are given."""
    config = resolve_form(config, Path())
    return [
        draft
        for path, name in _named(files)
        for draft in _read_file(path, name, config, taxonomy, Ledger())[0]
    ]


def _named(files: Sequence[Path]) -> Iterable[tuple[Path, str]]:
    """Yield each file with its name, which must tell it from the others."""
    doubles = [name for name, n in Counter(path.name for path in files).items() if n > 1]
    if doubles:
        raise InputError(
            "Two input files are named {doubles}. Rename one of them.", doubles=doubles[0]
        )
    return ((path, readable_name(path.name)) for path in files)


def form_of(config: IngestConfig, name: str = "") -> tuple[FormMap, bool]:
    """Return the column map of a file, and whether a person made it."""
    if name in config.forms:
        return config.forms[name], True
    if config.columns.observation:
        return config, True
    return overlay(CONTRACT_FORM, config), False


def read_and_plan(path: Path, name: str, config: IngestConfig) -> tuple[Sheet, Plan]:
    """Read a file and match its columns with the column map of the settings."""
    form, is_mapped = form_of(config, name)
    sheet = read_sheet(path, name, form)
    return sheet, plan_columns(sheet, form, is_mapped=is_mapped)


def _read_file(
    path: Path, name: str, config: IngestConfig, taxonomy: Taxonomy, ledger: Ledger
) -> tuple[list[Draft], str, Offers]:
    """Read the drafts of one file, and what its form offered."""
    sheet, plan = read_and_plan(path, name, config)
    for header, reason in plan.notes:
        ledger.note_file(name, reason, header)
    used = {s.index: s.header for found in plan.sources.values() for s in found}
    for fault in sheet.faults:
        if fault.row == 0:
            ledger.note_file(name, fault.reason)
        elif fault.is_row_dropped:
            ledger.drop(name, fault.row, fault.cells, plan.names, fault.reason)
        elif fault.column in used:
            ledger.note(name, fault.row, fault.cells, plan.names, fault.reason, used[fault.column])
    rules = _rules(config, taxonomy, name)
    drafts = list(read_drafts(sheet, plan, rules, ledger))
    if not drafts:
        ledger.note_file(name, "The file has no row that became a report.")
    offers = {field: offer_of(field, plan, rules) for field in LIST_FIELDS}
    return drafts, form_id(rules.form, plan), offers


def _rules(config: IngestConfig, taxonomy: Taxonomy, name: str) -> DraftRules:
    """Gather what reading a row of a file needs."""
    form = form_of(config, name)[0]
    unknown = sorted(set(form.values.themes_ticked.values()) - set(taxonomy.theme_ids))
    if unknown:
        where = f'ingest.forms."{name}".values' if name in config.forms else "ingest.values"
        raise ConfigError(
            "{where}.themes_ticked names {unknown!r}, which is not a theme of "
            "{taxonomy}. Themes: {theme_ids}.",
            where=where,
            unknown=unknown[0],
            taxonomy=taxonomy.name,
            theme_ids=", ".join(taxonomy.theme_ids),
        )
    labels = {
        label: t.theme_id
        for t in taxonomy.themes
        for label in (*(other.text for other in t.labels), t.label_en, t.label_fi)
    }
    themes = labels | {i: i for i in taxonomy.theme_ids} | form.values.themes_ticked
    source = config.forms[name].data_source if name in config.forms else None
    return DraftRules(
        form=form,
        themes=Choices({label: theme_id for label, theme_id in themes.items() if label}),
        data_source=source or config.data_source,
        max_cell_chars=config.max_cell_chars,
        first_date=config.first_date,
        last_date=config.last_date,
    )


def _drop_stray_dates(drafts: Sequence[Draft], config: IngestConfig, ledger: Ledger) -> None:
    """Take out dates whose year must be mistyped."""
    days = [draft.report["date"] for draft in drafts if draft.report["date"]]
    stray = stray_days(days, config.max_gap_years)
    for draft in drafts:
        if draft.report["date"] in stray:
            draft.report["date"] = None
            reason = (
                f"The day is more than {config.max_gap_years} years from nearly all others;"
                " kept without it. Is the year right?"
            )
            _note_date(draft, reason, ledger)


def _note_date(draft: Draft, reason: str, ledger: Ledger) -> None:
    """Note something about a report's date."""
    ledger.note(draft.file, draft.row, draft.cells, draft.names, reason, draft.date_header)


def _give_periods(drafts: Sequence[Draft], config: IngestConfig, ledger: Ledger) -> list[Period]:
    """Give every report its period, and return the periods."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    apart = {name for name, form in config.forms.items() if form.data_source}
    for draft in drafts:
        report = draft.report
        day, label = report["date"], tidy_label(report["period"])
        if not label and day:
            label = period_of(day, config.period, config.period_starts)
        # Notes are counted by themselves, so that they never swell the form's periods.
        is_apart = draft.file in apart
        report["period"], report["apart_period"] = ("", label) if is_apart else (label, "")
        if label and not is_apart:
            days[label] += [day] if day else []
    periods = lay_out(days, config.period, config.period_starts)
    known = {period.label for period in periods}
    for draft in drafts:
        if draft.report["period"] not in known and not draft.report["apart_period"]:
            draft.report["period"] = ""
            reason = "The report has no day and no period that is known; counted in no period."
            _note_date(draft, reason, ledger)
    return periods


def _mark_quality(drafts: Sequence[Draft], config: IngestConfig) -> None:
    """Mark every report as ok, empty or junk."""
    junk = {bare(answer) for answer in config.junk_answers}
    for draft in drafts:
        report = draft.report
        report["quality"] = quality_of(
            report["observation"], report["proposal"], junk, config.min_letters
        )


def _in_order(reports: Sequence[dict[str, Any]], periods: Sequence[Period]) -> list[dict[str, Any]]:
    """Return the reports by period, date and id; unknown periods and dates come last."""
    rank = {period.label: number for number, period in enumerate(periods)}
    return sorted(
        reports,
        key=lambda report: (
            rank.get(report["period"], len(rank)),
            report["date"] or dt.date.max,
            report["report_id"],
        ),
    )


def _mark_duplicates(reports: Sequence[dict[str, Any]], min_score: float) -> None:
    """Mark the reports of quality ok that repeat an earlier one."""
    ok = [report for report in reports if report["quality"] == "ok"]
    texts = [f"{report['observation']}\n{report['proposal']}" for report in ok]
    found = find_duplicates(texts, min_score)
    for report in reports:
        report["duplicate_of"], report["duplicate_score"] = "", None
    for index, match in found.items():
        ok[index]["duplicate_of"] = ok[match.earlier]["report_id"]
        ok[index]["duplicate_score"] = match.score


def _raw_reports(reports: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return the ``raw_reports`` table."""
    names = [column.name for column in TABLES["raw_reports"].columns]
    return frame("raw_reports", {name: [report[name] for report in reports] for name in names})


def _periods(periods: Sequence[Period], reports: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Return the ``periods`` table; a marked duplicate is a report of its own and counts."""
    counts = Counter(report["period"] for report in reports if report["quality"] == "ok")
    return frame(
        "periods",
        {
            "period": [period.label for period in periods],
            "start": [period.start for period in periods],
            "end": [period.end for period in periods],
            "n_reports": [counts[period.label] for period in periods],
        },
    )
