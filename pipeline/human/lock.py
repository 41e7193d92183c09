"""Let one program at a time write what people decide, apart from the lock of a run."""

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pipeline.errors import ArtifactError
from pipeline.study import private_folder

FILE_NAME = ".lock"
_TURN = ".turn"
WAIT_SECONDS = 5.0
_STEP_SECONDS = 0.002

SYNCED = ("OneDrive", "Dropbox", "Google Drive", "GoogleDrive", "iCloudDrive", "Nextcloud")


@contextlib.contextmanager
def human_lock(folder: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold ``human/.lock``.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder; made when it is not there.
    wait : float, default=5
        Seconds to wait for another program.

    Raises
    ------
    ArtifactError
        When another program still holds it.
    """
    if not folder.is_dir():
        private_folder(folder)
    until = time.monotonic() + wait
    with (folder / FILE_NAME).open("a") as lock:
        # Who waits holds the turn, so a program that writes without a pause lets it in.
        with (folder / _TURN).open("a") as turn:
            _take(turn, folder, until, wait)
            _take(lock, folder, until, wait)
        yield


def _take(stream: IO[str], folder: Path, until: float, wait: float) -> None:
    """Lock a file, or say that another program holds it."""
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            if time.monotonic() >= until:
                raise ArtifactError(
                    "Another program is writing to {folder} and did not end in {wait} s. "
                    "Wait until it has ended and try again.",
                    folder=folder,
                    wait=f"{wait:g}",
                ) from err
            time.sleep(_STEP_SECONDS)
        else:
            return


def synced_service(folder: Path) -> str:
    """Return the name of the service that keeps the folder in step with a cloud, or ``""``.

    Such a service copies files while they are written, and may put an old one back.
    """
    parts = folder.resolve().parts
    return next((name for name in SYNCED for part in parts if part.startswith(name)), "")
