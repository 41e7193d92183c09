"""Leave out the reports that were erased while their form export had to stay as it is."""

from pathlib import Path

from pipeline.human.files import read_text
from pipeline.needs import human_file
from pipeline.pseudonymise.name_lists import entries
from pipeline.spreadsheet import write_private

FILE_NAME = "left_out.txt"


def read_left_out(folder: Path) -> frozenset[str]:
    """Read the ids of reports that ingest leaves out, one a line, ``#`` starts a comment.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.

    Raises
    ------
    InputError
        When the file is not text.
    """
    path = folder / FILE_NAME
    return frozenset(entries(read_text(path))) if path.exists() else frozenset()


def add_left_out(folder: Path, report_id: str) -> None:
    """Add a report to the list."""
    ids = sorted({*read_left_out(folder), report_id})
    write_private(folder / FILE_NAME, ("\n".join(ids) + "\n").encode())


LEFT_OUT = human_file("left_out", FILE_NAME, read_left_out)
