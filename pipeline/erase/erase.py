"""Take one report out of a study: inputs, what people made, tables, cache, models, report."""

import contextlib
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipeline.artifacts import Store
from pipeline.cluster.memory import forget_reports
from pipeline.config import Settings
from pipeline.engine.work import FOLDER as PARTS
from pipeline.erase.human import erase_from_human, rulings_on
from pipeline.erase.inputs import is_named_in, overwrite_and_remove, remove_rows, rows_of
from pipeline.errors import InputError, PipelineError
from pipeline.ingest.ingest import resolve_form
from pipeline.ingest.left_out import add_left_out
from pipeline.report.published import read_published, withdraw
from pipeline.review import adjudication, blind_sheet, sheet
from pipeline.review.cells import read_sheets
from pipeline.review.decisions_file import Row
from pipeline.review.freeze import FOLDER as FROZEN
from pipeline.review.log import CsvLog
from pipeline.run import Listener, Plan, run
from pipeline.study import Study
from pipeline.taxonomy.model import Taxonomy

_OUR_SHEETS = {sheet.SHEET, blind_sheet.SHEET, adjudication.SHEET}
_ELSEWHERE = ("inputs", "human", "tables", "raw", "cache", "report", "models")


@dataclass
class Erasure:
    """What an erasure found and did.

    Attributes
    ----------
    rows : dict of Path to list of int
        Rows of form exports that held the report.
    rulings : list of dict
        Rows of the log that named it.
    taken : Counter of str
        Rows and entries taken out, by file of ``human/``.
    sheets : list of Path
        Review sheets in the study's folder that held it and were deleted.
    models : list of Path
        Models learnt with it that were deleted.
    published : list of str
        Published reports, by period and number, that could speak of it and whose files go with it.
    withdrawn : list of str
        Published reports, by period and number, whose files were deleted for it.
    left : list of Path
        Files in the study's folder that still name it.
    """

    rows: dict[Path, list[int]] = field(default_factory=dict)
    rulings: list[Row] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    sheets: list[Path] = field(default_factory=list)
    models: list[Path] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)


def find_report(study: Study, settings: Settings, taxonomy: Taxonomy, report_id: str) -> Erasure:
    """Find where a report is, without changing anything.

    Raises
    ------
    InputError
        When it is nowhere in the study.
    """
    config = resolve_form(settings.ingest, study.root)
    files = study.input_files() if study.listed_inputs() else []
    found = Erasure(
        rows=rows_of(files, config, study.secret(), taxonomy, report_id),
        rulings=rulings_on(study.human, report_id),
        sheets=[path for path in _workbooks(study) if is_named_in(path, report_id)],
        models=sorted(study.models.glob("*.json")),
        published=[
            f"{one.period}/{one.number}"
            for one in read_published(study)
            if report_id in one.report_ids and not one.withdrawn
        ],
    )
    store = Store(study)
    # Reading raises where the rows are the only trace left and cannot be read: nothing is erased.
    is_made = store.manifest("reports") is not None if not found.rows else False
    is_in_tables = is_made and report_id in set(store.read("reports").report_id)
    if not (found.rows or found.rulings or is_in_tables):
        raise InputError(
            "{path} has no report {report_id}. Its ids are in the sheet reports of tables.xlsx.",
            path=study.root,
            report_id=report_id,
        )
    return found


def erase_report(
    study: Study,
    settings: Settings,
    report_id: str,
    found: Erasure,
    *,
    keeps_files: bool,
    reason: str,
    listener: Listener,
    retrain: Callable[[], None],
) -> None:
    """Take a report out everywhere, and make anew what was made from it.

    Parameters
    ----------
    study : Study
    settings : Settings
    report_id : str
    found : Erasure
        From :func:`find_report`; what was done is added to it.
    keeps_files : bool
        Whether the form exports stay as they are and the report is left out when they are read.
    reason : str
        Why, for the log; it must not name the report.
    listener : Listener
    retrain : callable
        Trains the study's model anew; called when it had models.
    """
    was_purged = not study.has_raw and any(study.tables.glob("raw_reports.json"))
    with study.locked():
        _erase_by_hand(study, settings, report_id, found, keeps_files=keeps_files)
        _log(study, reason)
    try:
        run(study, settings, Plan(), listener)
    except PipelineError:
        # Nothing that was made with the report may stay behind.
        for folder in (study.tables, study.raw):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if was_purged:
        study.purge_raw()
    if found.models:
        retrain()
    for cache in study.cache.glob("*.sqlite"):
        _shrink(cache)
    skipped = {path for path in found.rows if keeps_files}
    found.left = [
        path
        for path in sorted(study.root.rglob("*"))
        if path.is_file() and path not in skipped and is_named_in(path, report_id)
    ]


def _erase_by_hand(
    study: Study, settings: Settings, report_id: str, found: Erasure, *, keeps_files: bool
) -> None:
    """Take the report out of what no run makes anew."""
    config = resolve_form(settings.ingest, study.root)
    if keeps_files:
        add_left_out(study.human, report_id)
    else:
        for path, rows in found.rows.items():
            remove_rows(path, rows, config)
    found.taken = erase_from_human(study.human, report_id)
    shutil.rmtree(study.cache / "workbench", ignore_errors=True)
    shutil.rmtree(study.tables / FROZEN, ignore_errors=True)
    shutil.rmtree(study.tables / PARTS, ignore_errors=True)
    for path in study.tables.glob("*.npz"):
        overwrite_and_remove(path)
    _forget_in_tables(Store(study), report_id, in_inputs=bool(found.rows))
    for path in found.sheets:
        overwrite_and_remove(path)
    for path in found.models:
        for part in study.models.glob(f"{path.stem}.*"):
            overwrite_and_remove(part)
    found.withdrawn = [f"{one.period}/{one.number}" for one in withdraw(study, report_id)]
    for part in study.report.iterdir():
        overwrite_and_remove(part)


def _workbooks(study: Study) -> list[Path]:
    """Return the review sheets that lie in the study's folder."""
    found = []
    for path in sorted(study.root.rglob("*.xlsx")):
        if path.relative_to(study.root).parts[0] in ("inputs", "report", "tables"):
            continue
        try:
            if _OUR_SHEETS & set(read_sheets(path)):
                found.append(path)
        except InputError:
            continue  # it is listed among the files that still name the report, if it does
    return found


def _forget_in_tables(store: Store, report_id: str, *, in_inputs: bool) -> None:
    """Take a report out of the tables that the next run reads or would keep."""
    if store.is_whole("topic_lineage"):
        lineage = store.read("topic_lineage")
        lineage["report_ids"] = [
            [one for one in ids if one != report_id] for ids in lineage["report_ids"]
        ]
        _write(store, "topic_lineage", lineage)
    forget_reports(store.study.human, {report_id})
    if not in_inputs:  # its file is gone and raw/ was purged: the safe tables are all there is
        for name in ("reports", "pii_spans", "name_queue", "indirect"):
            if store.is_whole(name):
                held = store.read(name)
                _write(store, name, held[held["report_id"] != report_id])


def _write(store: Store, name: str, frame: pd.DataFrame) -> None:
    """Put a table in place of itself, with the manifest it has."""
    manifest = store.manifest(name) or {}
    writer = store.writer(name)
    writer.append(frame.reset_index(drop=True))
    writer.close()
    shared = {
        key: value for key, value in manifest.items() if key not in ("table", "output", "parts")
    }
    store.finish([writer], shared)


def _log(study: Study, reason: str) -> None:
    """Note in the log that a report was erased, without naming it."""
    CsvLog(study.human).append(
        [
            {
                "target_table": "files",
                "target_id": "study",
                "verdict": "memo",
                "new_value": "poisto",
                "memo": reason,
            }
        ]
    )


def _shrink(path: Path) -> None:
    """Let a cache give back the room of what was forgotten."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
