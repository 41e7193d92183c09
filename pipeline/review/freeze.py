"""Copy what people made, at the start of a run: the run reads the copy, and people go on ruling."""

from collections.abc import Collection, Iterator
from pathlib import Path

from pipeline.assign.not_evidence import FILE_NAME as NOT_EVIDENCE
from pipeline.cluster.edits_file import FILE_NAME as EDITS
from pipeline.cluster.edits_file import Edit, read_edits
from pipeline.codings import FILE_NAME as CODINGS
from pipeline.detect.regions import FILE_NAME as REGIONS
from pipeline.detect.register import FILE_NAME as REGISTER
from pipeline.detect.register import read_register
from pipeline.detect.watch_file import FILE_NAME as WATCHES
from pipeline.ingest.left_out import FILE_NAME as LEFT_OUT
from pipeline.pseudonymise.lists import ALWAYS_FILE, NEVER_FILE
from pipeline.report.findings_file import FILE_NAME as FINDINGS
from pipeline.report.findings_file import MEMORY_NAME as FINDINGS_MEMORY
from pipeline.report.findings_file import reports_named
from pipeline.report.quote_rulings import FILE_NAME as QUOTES
from pipeline.review.decisions_file import FILE_NAME as DECISIONS
from pipeline.review.log import settled_log
from pipeline.review.loose_ends import REPORT, SEGMENT, named_ids
from pipeline.spreadsheet import write_private
from pipeline.study import Study, private_folder

FOLDER = ".human"
FILES = (
    *(DECISIONS, CODINGS, EDITS, WATCHES, REGISTER, QUOTES, NOT_EVIDENCE),
    *(ALWAYS_FILE, NEVER_FILE, LEFT_OUT, FINDINGS, FINDINGS_MEMORY, REGIONS),
)
"""What the stages read."""


def freeze(study: Study) -> Path:
    """Copy the files of ``human/`` that stages read into ``tables/.human/``.

    Parameters
    ----------
    study : Study
        Its lock is held by the caller.

    Returns
    -------
    Path
        The folder of the copy, readable by its owner only. It is what the manifests name: a file
        is read once, under the lock of ``human/``, and is hashed and parsed from the copy.
    """
    with settled_log(study.human):
        held = {name: _content(study.human / name) for name in FILES}
    folder = private_folder(study.tables / FOLDER)
    for name, content in held.items():
        target = folder / name
        if content is None:
            target.unlink(missing_ok=True)
        elif not target.is_file() or target.read_bytes() != content:
            write_private(target, content)
    return folder


def forget_gone(study: Study, report_ids: Collection[str]) -> None:
    """Drop from the frozen copy what must not outlive the run.

    Those are the lists of names, and files that name a report which is no longer in the study: a
    report that was taken out must leave ``tables/`` with it. The manifests keep their hashes.

    Parameters
    ----------
    study : Study
    report_ids : collection of str
        Reports of the study.
    """
    folder = study.tables / FOLDER
    for name in (ALWAYS_FILE, NEVER_FILE):
        (folder / name).unlink(missing_ok=True)
    named = named_ids(folder)
    ids = set(named.loc[named["kind"] == REPORT, "id"])
    ids |= {one.rsplit("/", 2)[0] for one in named.loc[named["kind"] == SEGMENT, "id"]}
    ids |= {one for row in read_register(folder) for one in row["raportit"].split()}
    ids |= {one for edit in read_edits(folder) for one in _reports_of(edit)}
    ids |= reports_named(folder)
    gone = [one.encode() for one in ids - set(report_ids)]
    for path in folder.iterdir():
        held = path.read_bytes()
        if any(one in held for one in gone):
            path.unlink()


def _reports_of(edit: Edit) -> Iterator[str]:
    """Yield the reports that an edit names."""
    yield from edit.reports
    for ref in edit.refs:
        if not isinstance(ref, str):
            yield from ref


def _content(path: Path) -> bytes | None:
    """Return the bytes of a file, or None when there is none."""
    return path.read_bytes() if path.is_file() else None
