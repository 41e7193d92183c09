"""Read ``human/watch.toml``: what an analyst wants to be told of, whether or not it ever clusters.

The file is in Finnish::

    [[seuranta]]
    nimi = "Lapsi tulkkina"
    lauseet = ["Lapsi tulkkaa vanhemmilleen.", "Alaikäinen toimii perheen tulkkina."]
    esimerkit = ["P1-017"]            # reports that speak of it

A phrase says the thing in a sentence; an example report is worth several of them.
"""

from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from pipeline.cluster.edits_file import paragraphs
from pipeline.errors import InputError

FILE_NAME = "watch.toml"


class Watch(BaseModel, frozen=True, extra="forbid"):
    """One thing an analyst watches for.

    Attributes
    ----------
    name : str
    phrases : tuple of str
    examples : tuple of str
        Reports that speak of it.
    memo : str
        Why; for people only.
    """

    name: str = Field(alias="nimi", min_length=1)
    phrases: tuple[str, ...] = Field((), alias="lauseet")
    examples: tuple[str, ...] = Field((), alias="esimerkit")
    memo: str = Field("", alias="muistio")


def read_watches(folder: Path) -> tuple[Watch, ...]:
    """Read the watch list of a study.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.

    Returns
    -------
    tuple of Watch
        None when there is no file.

    Raises
    ------
    InputError
        When the file cannot be read, an entry has neither phrase nor example, or a name is there
        twice.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return ()
    watches = []
    for number, given in enumerate(paragraphs(path, "seuranta"), 1):
        try:
            watch = Watch.model_validate(given)
        except ValidationError as err:
            first = err.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise InputError(f"{path}, seuranta {number}, {field}: {first['msg']}.") from err
        if not any(phrase.strip() for phrase in watch.phrases) and not watch.examples:
            raise InputError(f"{path}, seuranta {number} needs lauseet or esimerkit. Got neither.")
        watches.append(watch)
    names = [watch.name for watch in watches]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{path} has the name {twice[0]!r} twice. Give each its own.")
    return tuple(watches)
