"""``havainto key``: what the stand-ins of one report stand for."""

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from pipeline.errors import InputError
from pipeline.pseudonymise.key_file import read_key_file
from pipeline.speech import marked, say


def show_key(path: Path, report_id: str) -> None:
    """Ask for the pass phrase and print the originals behind one report's stand-ins.

    One report at a time, so that no more personal data is shown than the question needs.

    Raises
    ------
    InputError
        When the file is no key file, the pass phrase is wrong, or the report has no stand-ins.
    """
    if not path.is_file():
        raise InputError("There is no key file {path}. Give the path it was written to.", path=path)
    key = read_key_file(path, typer.prompt(say("Passphrase of the key file"), hide_input=True))
    rows = key[key["report_id"] == report_id]
    if rows.empty:
        raise InputError(
            "The key file has no stand-ins of a report {report_id!r}.", report_id=report_id
        )
    table = Table(box=None, pad_edge=False)
    for title in marked("field", "stand-in", "original"):
        table.add_column(say(title), overflow="fold")
    for field, stand_in, original in rows[["field", "stand_in", "original"]].to_numpy():
        table.add_row(field, stand_in, original)
    Console(highlight=False, markup=False).print(table)
