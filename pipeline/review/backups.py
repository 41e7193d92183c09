"""Keep a verified copy of the log for each of the last days it was written on."""

import hashlib
import os
from datetime import date, datetime
from pathlib import Path

from pipeline.errors import ArtifactError
from pipeline.study import private_folder

FOLDER = "backups"
N_KEPT = 14


def back_up(path: Path, today: date, n_kept: int = N_KEPT) -> None:
    """Copy the log before its first change of a day, check the copy, and drop the oldest ones.

    Parameters
    ----------
    path : Path
        The log; nothing is done while it does not exist.
    today : date
    n_kept : int, default=14

    Raises
    ------
    ArtifactError
        When the copy cannot be written, or differs from the log.
    """
    folder = path.parent / FOLDER
    target = folder / f"{path.stem}-{today.isoformat()}{path.suffix}"
    if target.exists() or not path.exists():
        return
    private_folder(folder)
    _copy(path, target)
    copies = sorted(folder.glob(f"{path.stem}-[0-9]*{path.suffix}"))
    for old in copies[:-n_kept]:
        old.unlink(missing_ok=True)


def set_aside(path: Path, why: str) -> Path:
    """Copy the log before something other than an addition is done to it, and return the copy."""
    folder = private_folder(path.parent / FOLDER)
    moment = datetime.now().astimezone().strftime("%Y%m%dT%H%M%S%f")
    target = folder / f"{path.stem}.{why}-{moment}{path.suffix}"
    _copy(path, target)
    return target


def _copy(path: Path, target: Path) -> None:
    """Copy a file durably, for its owner only, and read the copy back."""
    content = path.read_bytes()
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        is_same = hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(content).digest()
    except OSError as err:
        part.unlink(missing_ok=True)
        raise ArtifactError(
            "{target} could not be written: {why}. Nothing was written. Make room "
            "on the disk and try again.",
            target=target,
            why=err.strerror or err,
        ) from err
    if not is_same:
        part.unlink(missing_ok=True)
        raise ArtifactError(
            "{target} was written otherwise than {path}. Check the disk.", target=target, path=path
        )
    part.replace(target)
