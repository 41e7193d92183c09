"""``havainto review``: suggestions out as a spreadsheet, rulings in."""

from pathlib import Path

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.commands.settings import study_settings
from pipeline.errors import ArtifactError
from pipeline.needs import Supply
from pipeline.review.log import CsvLog
from pipeline.review.sheet import read_rulings, write_suggestions
from pipeline.study import open_study
from pipeline.taxonomy.needs import TAXONOMY


def export_suggestions(path: Path, file: Path) -> None:
    """Write what the machine suggests to a spreadsheet with a column for the ruling."""
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    tables = {
        name: supply.store.read(name)
        for name in ("reports", "segments", "topics", "report_themes", "signals", "decisions")
    }
    counts = write_suggestions(file, tables, supply.value(TAXONOMY))
    listed = ", ".join(f"{n} {name}" for name, n in counts.items())
    Console(highlight=False, soft_wrap=True).print(
        f"{listed} to rule on: {file}\n"
        f"Fill in the column ratkaisu, then: havainto review {path} --import {file} --coder NAME",
        markup=False,
    )


def import_rulings(path: Path, file: Path, coder: str) -> None:
    """Append the rulings of a filled-in spreadsheet to the study's decisions."""
    study = open_study(path)
    store = Store(study)
    supply = Supply(store, study_settings(study))
    known = {
        "report_themes": set(store.read("reports")["report_id"]),
        "topics": set(store.read("topics")["topic_id"]),
        "signals": set(store.read("signals")["signal_id"]),
    }
    rulings, problems = read_rulings(file, coder, supply.value(TAXONOMY), known)
    if problems:
        raise ArtifactError(
            f"{file}: {problems[0]} Nothing was taken in; mend it and import again."
        )
    CsvLog(study.human).append(rulings)
    Console(highlight=False, soft_wrap=True).print(
        f"{len(rulings)} decisions by {coder} added. See them in the report: havainto run {path}",
        markup=False,
    )
