"""Read which region each municipality lies in: the shipped list, or the study's own."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.human.files import complaint, described, read_table
from pipeline.needs import Identity, Need, Supply, file_identity
from pipeline.resources import shipped

FILE_NAME = "alueet.csv"
_COLUMNS = ("municipality", "region")
_IN_FINNISH = {"kunta": "municipality", "alue": "region", "hyvinvointialue": "region"}

Regions = Mapping[str, str]
"""Region of each municipality, by its name in lower case."""


def read_regions(folder: Path) -> Regions:
    """Read the regions of a study.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder; ``alueet.csv`` in it, with columns ``municipality`` and
        ``region`` (``kunta`` and ``alue``), replaces the shipped list whole.

    Returns
    -------
    mapping of str to str

    Raises
    ------
    InputError
        When the file cannot be read, a cell is empty, or a municipality is in two regions.
    """
    path = folder / FILE_NAME
    if not path.exists():
        path = _shipped()
    found: dict[str, str] = {}
    for line in read_table(path, _COLUMNS, also=_IN_FINNISH):
        place = f"{path}, line {line.number}"
        for column in _COLUMNS:
            if not line.cells[column]:
                raise complaint(place, f"{column} must be there", described(""), "Fill it in.")
        name, region = line.cells["municipality"].casefold(), line.cells["region"]
        if found.setdefault(name, region) != region:
            raise complaint(
                place, "a municipality must be in one region", "two", "Take one line out."
            )
    return found


def _shipped() -> Path:
    return shipped("configs", "areas", "regions.csv")


def _load_regions(supply: Supply) -> Regions:
    return read_regions(supply.human)


def _identify_regions(supply: Supply) -> Identity:
    return {**file_identity(supply.human / FILE_NAME), **file_identity(_shipped())}


REGIONS = Need("regions", _load_regions, _identify_regions)
