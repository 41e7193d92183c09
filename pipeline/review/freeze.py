"""Copy what people made, at the start of a run: the run reads the copy, and people go on ruling."""

from pathlib import Path

from pipeline.assign.not_evidence import FILE_NAME as NOT_EVIDENCE
from pipeline.cluster.edits_file import FILE_NAME as EDITS
from pipeline.codings import FILE_NAME as CODINGS
from pipeline.detect.register import FILE_NAME as REGISTER
from pipeline.detect.watch_file import FILE_NAME as WATCHES
from pipeline.ingest.left_out import FILE_NAME as LEFT_OUT
from pipeline.pseudonymise.lists import ALWAYS_FILE, NEVER_FILE
from pipeline.report.quote_rulings import FILE_NAME as QUOTES
from pipeline.review.decisions_file import FILE_NAME as DECISIONS
from pipeline.review.log import settled_log
from pipeline.spreadsheet import write_private
from pipeline.study import Study, private_folder

FOLDER = ".human"
FILES = (
    *(DECISIONS, CODINGS, EDITS, WATCHES, REGISTER, QUOTES, NOT_EVIDENCE),
    *(ALWAYS_FILE, NEVER_FILE, LEFT_OUT),
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


def _content(path: Path) -> bytes | None:
    """Return the bytes of a file, or None when there is none."""
    return path.read_bytes() if path.is_file() else None
