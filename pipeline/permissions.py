"""Keep files to their owner where the system lets us, and say once where it does not.

Folders of OneDrive, WSL mounts, CIFS shares and exFAT sticks refuse a change of mode. Their
protection is then up to whoever keeps the place; the work itself goes on.
"""

import errno
import os
from pathlib import Path

_REFUSED = frozenset((errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS))
_SYNCED = (
    *("onedrive", "sharepoint", "dropbox", "google drive", "googledrive", "my drive"),
    *("mobile documents", "icloud", "nextcloud", "owncloud", "box sync", "box-box", "pcloud"),
    *("mega", "megasync", "syncthing", "synologydrive", "creative cloud files", "yandex.disk"),
)
_MARKERS = (".dropbox", ".stfolder", ".owncloudsync.log", ".nextcloudsync.log")
_OPEN = "does not let Havainto close its files to others"
_notes: dict[str, None] = {}


def protect(path: Path, mode: int) -> bool:
    """Give a file or folder a mode; where that is refused, note it and go on.

    Parameters
    ----------
    path : Path
    mode : int
        Such as 0o700.

    Returns
    -------
    bool
        False when the place does not let modes be changed.

    Raises
    ------
    OSError
        For any other reason than a refusal.
    """
    try:
        path.chmod(mode)
    except OSError as err:
        if err.errno not in _REFUSED:
            raise
        if not any(_OPEN in text for text in _notes):  # one place refuses all or nothing
            note(
                f"{path.parent} does not let Havainto close its files to others. "
                "Who can read the reports' texts there is up to the owner of the place: check it."
            )
        return False
    return True


def note_synced(root: Path) -> None:
    """Note when a study lies in a folder that a program sends to another machine."""
    service = synced_by(root)
    if service:
        note(
            f"{root} lies in a folder that is synced ({service}): reports' texts may leave this "
            "machine. Move the study to a folder that is not, unless your organisation allows it."
        )


def synced_by(path: Path) -> str:
    """Return the name of the folder by which a path is known to be synced, or "".

    Examples
    --------
    >>> synced_by(Path("/home/x/OneDrive - Kunta/tutkimus")), synced_by(Path("/home/x/tutkimus"))
    ('OneDrive - Kunta', '')
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - a link's own place counts too
    for folder in (whole, *whole.parents, *path.resolve().parents):
        name = folder.name.casefold()
        if any(_begins(name, word) for word in _SYNCED):
            return folder.name
        if any((folder / marker).exists() for marker in _MARKERS):
            return folder.name
    return ""


def _begins(name: str, word: str) -> bool:
    """Say whether a folder's name is a service's, alone or with more behind it."""
    return name.startswith(word) and not name[len(word) : len(word) + 1].isalpha()


def note(text: str) -> None:
    """Keep a note for the end of the command, once."""
    _notes.setdefault(text)


def take_notes() -> tuple[str, ...]:
    """Return the notes of this process and forget them."""
    found = tuple(_notes)
    _notes.clear()
    return found
