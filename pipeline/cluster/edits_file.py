"""Read ``human/edits.toml``: what a person changed in the topics.

The file is in Finnish; English keys and actions (``[[edit]]``, ``action = "rename"``) do as well.
Each edit is a paragraph of its own, and they hold from the top down::

    [[muokkaus]]
    tee = "nimeä"                     # nimeä, yhdistä, jaa, lisää, poista or roska
    aihe = "T-1a2b3c4d5e6f"           # or a list of reports that are in the topic
    nimi = "Mielenterveyspalvelujen jonot"

    [[muokkaus]]
    tee = "yhdistä"                   # the first topic keeps its id
    aiheet = ["T-1a2b3c4d5e6f", ["P1-003", "P1-017"]]

    [[muokkaus]]
    tee = "jaa"                       # these reports become a topic of their own
    aihe = "T-1a2b3c4d5e6f"
    raportit = ["P1-003", "P1-017"]

A topic named by its reports is found even when all ids are new: it is the one that holds more
than half of them.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from pipeline.human.files import (
    checked,
    complaint,
    in_finnish,
    read_paragraphs,
    read_text,
)
from pipeline.spreadsheet import write_private

FILE_NAME = "edits.toml"

Action = Literal["nimeä", "yhdistä", "jaa", "lisää", "poista", "roska"]
TopicRef = str | tuple[str, ...]

_FIELDS = {
    "nimeä": {"aihe", "nimi"},
    "yhdistä": {"aiheet"},
    "jaa": {"aihe", "raportit"},
    "lisää": {"aihe", "raportit"},
    "poista": {"aihe", "raportit"},
    "roska": {"aihe"},
}
_IN_ENGLISH = {
    "action": "tee",
    "do": "tee",
    "topic": "aihe",
    "topics": "aiheet",
    "reports": "raportit",
    "name": "nimi",
    "memo": "muistio",
}
_ACTIONS = {
    "rename": "nimeä",
    "merge": "yhdistä",
    "split": "jaa",
    "add": "lisää",
    "remove": "poista",
    "junk": "roska",
}
_MAY_NAME = ("yhdistä", "jaa")


class Edit(BaseModel, frozen=True, extra="forbid"):
    """One change that a person made to the topics.

    Attributes
    ----------
    action : {"nimeä", "yhdistä", "jaa", "lisää", "poista", "roska"}
        Rename; merge; split reports off; add or remove reports; mark as junk.
    topic : str or tuple of str
        Its id, or reports that are in it; "" when merging.
    topics : tuple
        Topics to merge, the first of which keeps its id.
    reports : tuple of str
    name : str
    memo : str
        Why; for people only.
    """

    action: Action = Field(alias="tee")
    topic: TopicRef = Field("", alias="aihe")
    topics: tuple[TopicRef, ...] = Field((), alias="aiheet")
    reports: tuple[str, ...] = Field((), alias="raportit")
    name: str = Field("", alias="nimi")
    memo: str = Field("", alias="muistio")

    @property
    def refs(self) -> tuple[TopicRef, ...]:
        """The topics it is about."""
        return self.topics or (self.topic,)


def read_edits(folder: Path) -> tuple[Edit, ...]:
    """Read the edits of a study, in the order of the file.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.

    Returns
    -------
    tuple of Edit
        None when there is no file.

    Raises
    ------
    InputError
        When the file cannot be read; it names the edit and what is wrong with it.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return ()
    return tuple(
        _edit(path, number, given)
        for number, given in enumerate(read_paragraphs(path, "muokkaus", "edit"), 1)
    )


def as_toml(edits: Sequence[Edit]) -> str:
    """Write edits as they stand in the file.

    Parameters
    ----------
    edits : sequence of Edit

    Returns
    -------
    str
        A paragraph each.

    Examples
    --------
    >>> print(as_toml([Edit(tee="nimeä", aihe="T-1", nimi="Jonot")]))
    [[muokkaus]]
    tee = "nimeä"
    aihe = "T-1"
    nimi = "Jonot"
    <BLANKLINE>
    """
    # A JSON string or list of strings is TOML too, but for the raw delete character.
    return "\n".join(
        "\n".join(
            [
                "[[muokkaus]]",
                *(
                    f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
                    for name, value in edit.model_dump(by_alias=True).items()
                    if value
                ),
                "",
            ]
        )
        for edit in edits
    )


def add_edits(folder: Path, edits: Sequence[Edit]) -> None:
    """Add edits at the end of the file; what stands there stays as it is.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.
    edits : sequence of Edit

    Raises
    ------
    InputError
        When the file cannot be read; nothing is written then.
    """
    read_edits(folder)
    path = folder / FILE_NAME
    before = read_text(path) if path.exists() else ""
    parts = [before.rstrip("\n"), as_toml(edits)] if before.strip() else [as_toml(edits)]
    write_private(path, "\n\n".join(parts).encode())


def _edit(path: Path, number: int, raw: dict[str, Any]) -> Edit:
    """Check one edit."""
    place = f"{path}, edit {number}"
    given = in_finnish(raw, _IN_ENGLISH)
    if isinstance(given.get("tee"), str):
        given["tee"] = _ACTIONS.get(given["tee"], given["tee"])
    edit: Edit = checked(Edit, given, place, {})
    needed = _FIELDS[edit.action]
    allowed = needed | {"tee", "muistio"} | ({"nimi"} if edit.action in _MAY_NAME else set())
    if needed - set(given) or set(given) - allowed:
        raise complaint(
            place,
            f"{edit.action} takes {', '.join(sorted(needed))}",
            ", ".join(sorted(set(given) - {"tee"})) or "nothing",
            "Correct the paragraph.",
        )
    if edit.action == "yhdistä" and len(edit.topics) < 2:
        raise complaint(
            place, "aiheet must name two topics or more", f"{len(edit.topics)}", "Name another."
        )
    return edit
