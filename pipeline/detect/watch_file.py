"""Read ``human/watch.toml``: what an analyst wants to be told of, whether or not it ever clusters.

The file is in Finnish (``[[watch]]`` with ``name``, ``phrases``, ``examples`` does as well)::

    [[seuranta]]
    nimi = "Lapsi tulkkina"
    lauseet = ["Lapsi tulkkaa vanhemmilleen.", "Alaikäinen toimii perheen tulkkina."]
    esimerkit = ["P1-017"]            # reports that speak of it

A phrase says the thing in a sentence; an example report is worth several of them.
"""

from pathlib import Path

from pydantic import BaseModel, Field

from pipeline.human.files import checked, complaint, read_paragraphs

FILE_NAME = "watch.toml"
_IN_ENGLISH = {
    "name": "nimi",
    "phrases": "lauseet",
    "sentences": "lauseet",
    "examples": "esimerkit",
    "memo": "muistio",
}


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
    watches, names = [], set[str]()
    for number, given in enumerate(read_paragraphs(path, "seuranta", "watch"), 1):
        place = f"{path}, seuranta {number}"
        watch: Watch = checked(Watch, given, place, _IN_ENGLISH)
        if not any(phrase.strip() for phrase in watch.phrases) and not watch.examples:
            raise complaint(
                place, "lauseet or esimerkit must be there", "neither", "Write one of them."
            )
        if watch.name in names:
            raise complaint(
                place, "nimi must be its own", "a name that is there twice", "Give it another."
            )
        names.add(watch.name)
        watches.append(watch)
    return tuple(watches)
