"""``havainto init``."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.commands.chance_lines import writers_line
from pipeline.config import StudyConfig
from pipeline.console import counts_text, thousands
from pipeline.detect.independence import independence
from pipeline.detect.settings import DetectConfig
from pipeline.errors import InputError
from pipeline.ingest.preview import Preview, inspect_file, write_study_toml
from pipeline.speech import marked, retold, say
from pipeline.study import check_input, create_study
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy


def init_study(file: Path, root: Path, sheet: str | None = None, source: str | None = None) -> None:
    """Make a study from a form export: guess its columns and show the guesses.

    Parameters
    ----------
    file, root : Path
    sheet : str, optional
        Sheet of a workbook; the first one with cells when not given.
    source : str, optional
        Name of the source, where the file is no answers to the form.

    Raises
    ------
    PipelineError
        When the file cannot be read or guessed, or the study already has settings.
    """
    check_input(file)
    taxonomy = load_taxonomy(find_taxonomy(StudyConfig().taxonomy))
    preview = inspect_file(file, taxonomy, sheet)
    study = create_study(root)
    write_study_toml(preview, study.settings_file, source)
    try:
        study.add_input(file)
    except BaseException:
        study.settings_file.unlink()
        raise
    console = Console(highlight=False, soft_wrap=True)
    _show(preview, console)
    console.print(
        say(
            "\nSettings: {settings_file}. Look them through, then: havainto run {root}",
            settings_file=study.settings_file,
            root=root,
        ),
        markup=False,
    )


def start_or_add(
    file: Path,
    root: Path,
    *,
    sheet: str | None,
    source: str | None,
    accepts: bool,
    joins: Sequence[str],
    undo: bool,
) -> None:
    """Make a study of a file, add the file to the study there is, or take it out.

    Raises
    ------
    PipelineError
        As :func:`init_study`, :func:`~pipeline.commands.add.add_file` and
        :func:`~pipeline.commands.add.undo_file` do.
    """
    from pipeline.commands.add import add_file, undo_file

    pairs = [pair.partition("=") for pair in joins]
    if wrong := next((new + mark for new, mark, old in pairs if not old), None):
        raise InputError('--join must be "NEW=OLD". Got {pair!r}.', pair=wrong)
    if undo:
        undo_file(file, root)
    elif (root / "study.toml").is_file():
        renamed = {new.strip(): old.strip() for new, _, old in pairs}
        add_file(file, root, source=source, accepts=accepts, joins=renamed, sheet=sheet)
    else:
        init_study(file, root, sheet, source)


def _show(preview: Preview, console: Console) -> None:
    """Print what was found and guessed."""
    console.print(f"{preview.file} ({retold(preview.layout)})\n", style="bold", markup=False)
    table = Table(box=None, pad_edge=False)
    for title in marked("field", "column of the form", "why"):
        table.add_column(say(title), overflow="fold")
    for field, headers in preview.guess.form.columns.model_dump().items():
        if headers:
            reason = preview.guess.reasons.get(f"columns.{field}", "")
            table.add_row(field, Text("\n".join(headers)), Text(retold(reason)))
    console.print(table)
    periods = ", ".join(
        f"{name or say('no date')} {n}" for name, n in sorted(preview.periods.items())
    )
    console.print(
        say(
            "\n{n_reports} reports: {qualities}",
            n_reports=thousands(preview.n_reports),
            qualities=counts_text(preview.qualities),
        )
    )
    console.print(say("By period: {periods}", periods=periods), markup=False)
    if len(preview.writers):
        periods_of = pd.factorize(preview.writers["period"], sort=True)[0]
        found = independence(periods_of, preview.writers, DetectConfig().exchange)
        console.print(writers_line(found), markup=False)
    if preview.n_rejected:
        console.print(
            say(
                "{n_rejected} rows would be left out. The first reasons:",
                n_rejected=thousands(preview.n_rejected),
            )
        )
    for doubt in preview.guess.doubts:
        console.print(say("To be checked: {text}.", text=retold(doubt.text)), markup=False)
    for row, column, reason in preview.problems:
        place = say("row {row}", row=row) + (f", {column}" if column else "")
        console.print(f"  {place}: {retold(reason)}", markup=False)
