"""``havainto erase``: take one report out of a study, everywhere."""

from pathlib import Path

import typer
from rich.console import Console

from pipeline.artifacts import Store
from pipeline.commands.settings import study_settings
from pipeline.commands.train import train
from pipeline.console import Terminal
from pipeline.erase.erase import Erasure, erase_report, find_report
from pipeline.errors import InputError
from pipeline.needs import Supply
from pipeline.report.catalogue import load_catalogue
from pipeline.report.page.side_by_side import write_side_by_side
from pipeline.speech import say
from pipeline.study import open_study
from pipeline.taxonomy.needs import TAXONOMY


def erase(path: Path, report_id: str, *, reason: str, keeps_files: bool, is_sure: bool) -> None:
    """Show where a report is, ask, take it out, and say what could not be reached.

    Raises
    ------
    InputError
        When the report is nowhere in the study.
    """
    study = open_study(path)
    settings = study_settings(study)
    supply = Supply(Store(study), settings)
    found = find_report(study, settings, supply.value(TAXONOMY), report_id)
    _show(found)
    if not is_sure and not typer.confirm(say("Erase it for good?")):
        _tell("Nothing was erased.")
        return
    erase_report(
        study,
        settings,
        report_id,
        found,
        keeps_files=keeps_files,
        reason=reason,
        listener=Terminal(Console()),
        retrain=lambda: _retrain(path),
    )
    if found.withdrawn:
        language = settings.report.language
        write_side_by_side(study, load_catalogue(language), language)
    _show_done(found, keeps_files=keeps_files)


def _retrain(path: Path) -> None:
    """Train anew, if anything is still coded."""
    try:
        train(path, None, None)
    except InputError as err:
        _tell("No model was trained anew: {why}", why=err)


def _show(found: Erasure) -> None:
    """Print where the report is."""
    for file, rows in found.rows.items():
        _tell("{file}: rows {rows}", file=file, rows=", ".join(map(str, rows)))
    for row in found.rulings:
        memo = f" {row['memo']}" if row["memo"] else ""
        what = f"{row['target_table']} {row['theme_id']} {row['verdict']}".replace("  ", " ")
        _tell("  {at} {coder}: {what}{memo}", at=row["at"][:19], coder=row["coder"], what=what,
              memo=memo)  # fmt: skip
    for file in (*found.sheets, *found.models):
        _tell("{file} will be deleted.", file=file)
    for name in found.published:
        _tell("published/{name}: the files of the published report will be deleted.", name=name)


def _show_done(found: Erasure, *, keeps_files: bool) -> None:
    """Print what was done, and what is beyond reach."""
    for name, n in found.taken.items():
        _tell("human/{name}: {n} rows or entries taken out.", name=name, n=n)
    for path in found.rows:
        if keeps_files:
            _tell("{path} stays as it is; the report is left out when it is read.", path=path)
        else:
            _tell("{path} was written anew without the row.", path=path)
    for name in found.withdrawn:
        _tell("published/{name}: the report's files were deleted.", name=name)
    if found.withdrawn:
        _tell(
            "Look at the new report and publish it anew: havainto report --publish. Whoever was "
            "given the earlier one still has it."
        )
    for path in found.left:
        _tell("Still names the report, see to it by hand: {path}", path=path)
    _tell(
        "Tables, cache and report were made anew. Beyond reach: copies that were handed out "
        "(reports, decks, sheets, models), backups of the disk, and the service the form came from."
    )


def _tell(template: str, **values: object) -> None:
    """Print plain text in the reader's language."""
    Console(highlight=False, soft_wrap=True).print(say(template, **values), markup=False)
