"""Write into ``human/`` what a run hands back, unless the analyst was there first."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.human.durable import write_durably
from pipeline.human.lock import human_lock

PREFIX = "human/"
"""What the name of a file begins with that goes there."""


def put_back(human: Path, frozen: Path, files: Mapping[str, bytes]) -> bool:
    """Write files into ``human/``, all of them or none.

    A person may have edited one of them while the run worked. The run has not seen that edit, so
    nothing is written then; the next run reads it.

    Parameters
    ----------
    human, frozen : Path
        The study's folder, and the copy the run has read.
    files : mapping of str to bytes
        Those whose name begins with :data:`PREFIX` are written.

    Returns
    -------
    bool
        Whether they are there now.
    """
    wanted = {name.removeprefix(PREFIX): content for name, content in files.items()
              if name.startswith(PREFIX)}  # fmt: skip
    if not wanted:
        return False
    with human_lock(human):
        if any(_content(human / name) != _content(frozen / name) for name in wanted):
            return False
        for name, content in wanted.items():
            if _content(human / name) != content:
                write_durably(human / name, content)
    return True


def _content(path: Path) -> bytes | None:
    """Return the bytes of a file, or None when there is none."""
    return path.read_bytes() if path.is_file() else None
