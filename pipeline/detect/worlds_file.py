"""Keep what the other worlds said of the list, so that the report can tell it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import ArtifactError
from pipeline.human.durable import write_durably

FILE_NAME = "worlds.json"


@dataclass(frozen=True)
class ListedInWorlds:
    """One listed group over the worlds.

    Attributes
    ----------
    members : str
        Hash of its reports (:func:`members_sha256`): a group of other reports is another one.
    found, signal : float
        0-1, share of the worlds that list a group half alike to it, and that call it a signal.
    """

    members: str
    found: float
    signal: float


@dataclass(frozen=True)
class HeldWorlds:
    """What ``havainto detect STUDY --multiverse`` found last.

    Attributes
    ----------
    day : str
        When, YYYY-MM-DD.
    n_worlds, least_topics, most_topics : int
    listed : tuple of ListedInWorlds
        In the order of the list then.
    """

    day: str
    n_worlds: int
    least_topics: int
    most_topics: int
    listed: tuple[ListedInWorlds, ...]

    def of(self, report_ids: Iterable[str]) -> ListedInWorlds | None:
        """Return what is known of a group; None where it was not in the list then."""
        members = members_sha256(report_ids)
        return next((one for one in self.listed if one.members == members), None)


def members_sha256(report_ids: Iterable[str]) -> str:
    """Return a hash of the reports of a group, whatever their order."""
    return hashlib.sha256("\n".join(sorted(report_ids)).encode("utf-8")).hexdigest()


def write_worlds(folder: Path, held: HeldWorlds) -> None:
    """Write the file into the folder of tables; it holds hashes and numbers only."""
    content = json.dumps(asdict(held), indent=1) + "\n"
    write_durably(folder / FILE_NAME, content.encode("utf-8"))


def read_worlds(folder: Path) -> HeldWorlds | None:
    """Read the file; None where there is none, for the worlds are made only when asked for.

    Raises
    ------
    ArtifactError
        When the file is not what the command wrote, or is of another version: a report without
        its part would look like one nobody asked it of.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        return TypeAdapter(HeldWorlds).validate_json(path.read_bytes(), strict=True, extra="forbid")
    except ValidationError as err:
        raise ArtifactError(
            "{path} is not what havainto detect --multiverse wrote. Delete the file: the report is "
            "then made without its part. To have it anew, run: havainto detect {root} --multiverse",
            path=path,
            root=folder.parent,
        ) from err
