"""Take away what was made from reports that are gone or changed, whether or not a run can finish.

A row may be deleted from a form export, or its text changed, because a person asked for it. From
the moment the new ``reports`` are made, no report, no generation of the workbench and no memory of
topics that was made from the old ones stands; tables follow as they are made anew, and those that
a failing run does not reach are deleted. A report that only lacks what is new tells nothing wrong
of anyone and stays, with a file beside it that says so.
"""

import hashlib
import shutil
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.artifacts import Store
from pipeline.cluster.memory import LINEAGE, forget_reports, remember
from pipeline.contract.intake import INTAKE
from pipeline.needs import Supply
from pipeline.speech import say

NOTE = "EI-AJAN-TASALLA.txt"
"""Stands beside a report that a run could not bring up to date."""
_MARK = ".withdrawn"
_TEXTS = ("observation", "proposal", "area_other", "client_groups_other", "themes_other")
_FROM_INPUTS = {table.name for table in INTAKE}


def withdraw_gone(supply: Supply) -> None:
    """Delete what people read of reports that the new ``reports`` table lacks or words otherwise.

    Called when the new table is written and still stands aside, so that a run killed in it does
    the same again.

    Parameters
    ----------
    supply : Supply
    """
    store = supply.store
    study, old = store.study, store.path("reports")
    written = sorted(old.parent.glob(f".{old.name}*.part"), key=lambda path: path.stat().st_mtime)
    if not old.exists() or not written:
        return
    now = _digests(written[-1])
    before = _digests(old)
    if all(now.get(report_id) == digest for report_id, digest in before.items()):
        return
    (study.tables / _MARK).touch()
    gone = before.keys() - now.keys()
    if gone:
        if store.is_whole(LINEAGE):
            remember(store, study.human)  # ids of topics live on without the table
        forget_reports(study.human, gone)
    store.drop_manifests(("report",))
    for path in study.report.rglob("*"):
        if path.is_file():
            path.unlink()
    shutil.rmtree(study.cache / "workbench", ignore_errors=True)


def settle_failed(store: Store, stage: str) -> None:
    """Delete tables that still hold what is gone, and mark a report that is not up to date.

    Parameters
    ----------
    store : Store
    stage : str
        The stage that the run did not get through.
    """
    study = store.study
    mark = study.tables / _MARK
    if mark.exists():
        since = mark.stat().st_mtime_ns
        for path in study.tables.rglob("*"):
            is_older = path.is_file() and path.stat().st_mtime_ns < since
            if is_older and path.stem not in _FROM_INPUTS:
                path.unlink()
    manifest = store.manifest("report")
    if manifest is not None:
        said = say(
            "The last run stopped at stage {stage}. What is in this folder was made {made_at}, "
            "from what the study was then. See why: havainto run {study}",
            stage=stage,
            made_at=str(manifest["made_at"])[:16].replace("T", " "),
            study=study.root,
        )
        (study.report / NOTE).write_text(f"{said}\n", encoding="utf-8")


def settle_done(store: Store) -> None:
    """Take the marks away: everything is as the study is now."""
    (store.study.tables / _MARK).unlink(missing_ok=True)
    (store.study.report / NOTE).unlink(missing_ok=True)


def _digests(path: Path) -> dict[str, bytes]:
    """Return a digest of each report's texts, by its id."""
    file = pq.ParquetFile(path)
    columns = [name for name in _TEXTS if name in file.schema_arrow.names]
    return {
        row["report_id"]: hashlib.blake2b(
            "\0".join(row[name] for name in columns).encode(), digest_size=12
        ).digest()
        for batch in file.iter_batches(columns=["report_id", *columns])
        for row in batch.to_pylist()
    }
