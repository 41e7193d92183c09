"""Write the files of ``human/`` that people may also edit by hand, and be able to undo it.

Each change is made only when the file is still as the page showed it. The log gets a row with the
hashes before and after, and the contents are kept by their hash in ``human/backups/files/``, so
that undo can put the old content back as long as nobody has changed the file since.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.human.lock import human_lock
from pipeline.spreadsheet import write_private
from pipeline.study import private_folder
from pipeline.workbench.rule import Ruling

NONE = "none"
FILES = ("edits.toml", "register.csv", "quotes.toml", "not_evidence.csv")
"""Files that a change may be undone in; each name stands in the log."""


def digest(path: Path) -> str:
    """Return 12 hex digits of a file's SHA-256, or ``none`` when it does not exist."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else NONE


def change(
    human: Path,
    name: str,
    seen: str,
    make: Callable[[], None],
    rulings: Sequence[Ruling],
    memo: str = "",
) -> list[Ruling] | None:
    """Change a file if it is still as the page showed it.

    Parameters
    ----------
    human : Path
        The study's ``human`` folder.
    name : str
        One of :data:`FILES`.
    seen : str
        What :func:`digest` gave when the page was made.
    make : callable
        Changes the file.
    rulings : sequence of Ruling
        What the change says, for the log.
    memo : str
        What was changed, where no ruling says it.

    Returns
    -------
    list of Ruling or None
        What is to be logged; None when the file has changed since.
    """
    path = human / name
    with human_lock(human):
        before = digest(path)
        if seen != before:
            return None
        _keep(human, path, before)
        make()
        after = digest(path)
        _keep(human, path, after)
    value = f"{before}>{after}"
    row = Ruling(table="files", target=name, verdict="change", value=value, memo=memo)
    return [*rulings, row]


def put_back(human: Path, name: str, value: str, *, forward: bool) -> bool:
    """Put a file's content of before a change back, or of after it when ``forward``.

    Returns
    -------
    bool
        False when the file has been changed since; it is then left as it is.
    """
    before, after = value.split(">")
    here, there = (before, after) if forward else (after, before)
    path = human / name
    with human_lock(human):
        kept = _place(human, name, there)
        if name not in FILES or digest(path) != here or (there != NONE and not kept.exists()):
            return False
        if there == NONE:
            path.unlink()
        else:
            write_private(path, kept.read_bytes())
    return True


def _keep(human: Path, path: Path, name: str) -> None:
    """Keep a content under its hash."""
    if name != NONE:
        private_folder(human / "backups")
        private_folder(human / "backups" / "files")
        place = _place(human, path.name, name)
        if not place.exists():
            write_private(place, path.read_bytes())


def _place(human: Path, name: str, content: str) -> Path:
    """Return where a content is kept."""
    return human / "backups" / "files" / f"{content}-{name}"
