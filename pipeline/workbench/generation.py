"""Keep the last whole set of tables, so that a run may replace them under the reader's hands.

A run writes each table aside and renames it, so a hard link to the old file keeps the old rows at
no cost. A generation is a folder of such links in ``cache/workbench/``, named by the hashes in the
tables' manifests.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipeline.artifacts import Manifest, Store, columns_missing, is_as_read
from pipeline.errors import ArtifactError
from pipeline.frames import empty, to_frame
from pipeline.study import Study, private_folder

READS = (
    *("periods", "reports", "segments", "tokens", "embeddings", "report_embeddings"),
    *("topics", "report_topics", "topic_themes", "topic_edits", "topic_lineage", "report_map"),
    *("report_themes", "segment_themes", "nearest_coded", "pii_spans", "name_queue", "indirect"),
    *("signals", "candidates", "theme_gaps", "names", "region_signals", "signal_regions"),
)
"""Tables the workbench shows."""
_MUST = ("periods", "reports", "segments", "tokens", "report_themes", "topics", "signals")
_KEPT = 1


@dataclass(frozen=True)
class Generation:
    """One whole set of tables.

    Attributes
    ----------
    name : str
        12 hex digits of the hashes of its tables.
    folder : Path
        Where its links lie.
    made_at : str
        When its newest suggestions were made, ISO 8601.
    suggestions : str
        12 hex digits of the manifest of ``report_themes``; goes into each ruling.
    """

    name: str
    folder: Path
    made_at: str
    suggestions: str

    @property
    def index_file(self) -> Path:
        """Where its search index lies."""
        return self.folder / "index.sqlite"

    def read(self, name: str) -> pd.DataFrame:
        """Read a table; one that was not made has no rows."""
        path = self.folder / f"{name}.parquet"
        return to_frame(pq.read_table(path)) if path.exists() else empty(name)

    def file(self, name: str) -> Path:
        """Return where a table of the generation lies."""
        return self.folder / f"{name}.parquet"

    @property
    def is_of_today(self) -> bool:
        """Whether each of its tables has the columns that are read now.

        Another version of the program may have made them.
        """
        made = [name for name in READS if self.file(name).exists()]
        return not any(columns_missing(name, self.file(name)) for name in made)


def is_running(study: Study) -> bool:
    """Tell whether a run, or another command that locks the study, works in it right now."""
    path = study.root / ".lock"
    if not path.exists():
        return False
    with path.open("r") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def manifests_of(study: Study) -> dict[str, Manifest]:
    """Return the manifests of the tables the workbench shows, of those that are finished."""
    store = Store(study)
    found = {name: store.manifest(name) for name in READS}
    return {name: one for name, one in found.items() if one is not None}


def manifests_stamp(study: Study) -> tuple[int, ...]:
    """Return what changes when any of these manifests is written or dropped."""
    files = [Store(study).manifest_path(name) for name in READS]
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


def name_of(manifests: dict[str, Manifest]) -> str:
    """Return the name of the generation these manifests make up."""
    hashes = {name: one["output"]["sha256"] for name, one in sorted(manifests.items())}
    return hashlib.sha256(json.dumps(hashes).encode()).hexdigest()[:12]


def is_whole(manifests: dict[str, Manifest]) -> bool:
    """Tell whether each table was made from the tables that stand beside it."""
    if any(name not in manifests for name in _MUST):
        return False
    return all(
        is_as_read(given, manifests[source]["output"])
        for one in manifests.values()
        for source, given in one.get("inputs", {}).items()
        if source in manifests
    )


def newest(study: Study) -> Generation | None:
    """Return the generation the study's tables make up now; None while they are being made."""
    if is_running(study):
        return None
    manifests = manifests_of(study)
    if not is_whole(manifests):
        return None
    made = _described(study, manifests)
    if not (made.folder / "whole").exists():
        _link(study, made, manifests)
        if name_of(manifests_of(study)) != made.name:  # a run began meanwhile
            shutil.rmtree(made.folder, ignore_errors=True)
            return None
        (made.folder / "whole").write_text(
            json.dumps({"made_at": made.made_at, "suggestions": made.suggestions}) + "\n"
        )
    os.utime(made.folder / "whole")
    return made if made.is_of_today else None


def latest(study: Study) -> Generation:
    """Return the newest generation, or the one kept last while a run works.

    Raises
    ------
    ArtifactError
        When no run of the study has ended yet.
    """
    found = newest(study)
    if found is not None:
        return found
    marks = sorted((study.cache / "workbench").glob("*/whole"), key=lambda p: p.stat().st_mtime)
    for mark in reversed(marks):
        kept = Generation(mark.parent.name, mark.parent, **json.loads(mark.read_text()))
        if kept.is_of_today:
            return kept
    if is_running(study):
        raise ArtifactError(
            "A run is working in {study} and no earlier one has ended. Wait until it has.",
            study=study.root,
        )
    raise ArtifactError(
        "The tables of {study} are not whole, or another version of Havainto made them. "
        "Run: havainto run {study}",
        study=study.root,
    )


def forget_old(study: Study, keep: str) -> None:
    """Delete the generations that nobody needs: all but the newest ones and the one in use."""
    marks = sorted((study.cache / "workbench").glob("*/whole"), key=lambda p: p.stat().st_mtime)
    for mark in marks[:-_KEPT]:
        if mark.parent.name != keep:
            shutil.rmtree(mark.parent)


def _described(study: Study, manifests: dict[str, Manifest]) -> Generation:
    """Return a generation as its manifests describe it."""
    name = name_of(manifests)
    suggested = manifests["report_themes"]
    return Generation(
        name,
        study.cache / "workbench" / name,
        max(one["made_at"] for one in manifests.values()),
        suggested["output"]["sha256"][:12],
    )


def _link(study: Study, made: Generation, manifests: dict[str, Manifest]) -> None:
    """Link the tables into the generation's folder; copy them where links are not possible."""
    private_folder(study.cache)
    private_folder(made.folder.parent)
    private_folder(made.folder)
    store = Store(study)
    for name in manifests:
        target = made.file(name)
        target.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            try:
                os.link(store.path(name), target)
            except PermissionError:
                shutil.copyfile(store.path(name), target)
            except OSError:  # a file system without hard links
                shutil.copyfile(store.path(name), target)
