"""Write files of people's work so that neither a crash nor a full disk leaves half of one."""

import os
from pathlib import Path

from pipeline.errors import ArtifactError


def write_durably(path: Path, content: bytes) -> None:
    """Write a file aside, sync it, and put it in place; it is there after a power cut.

    Parameters
    ----------
    path : Path
        Readable by its owner only afterwards.
    content : bytes

    Raises
    ------
    ArtifactError
        When it could not be written; what stood there stands.
    """
    try:
        put_in_place(path, content)
    except OSError as err:
        raise ArtifactError(
            "{path} could not be written: {why}. What stood there stands. Make room "
            "on the disk and try again.",
            path=path,
            why=err.strerror or err,
        ) from err


def put_in_place(path: Path, content: bytes) -> None:
    """Do what :func:`write_durably` does, for callers with an error of their own.

    Raises
    ------
    OSError
        When it could not be written; what stood there stands.
    """
    part = path.with_name(f".{path.name.lstrip('.')}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def write_at(path: Path, length: int, content: bytes) -> None:
    """Cut a file to a length and add bytes there, durably.

    Raises
    ------
    OSError
        When it could not be done; the file may hold a part of the bytes.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as stream:
        stream.truncate(length)
        stream.seek(length)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def remove_durably(path: Path) -> None:
    """Delete a file; it stays deleted after a power cut."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
