"""``havainto init``."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.config import StudyConfig
from pipeline.console import counts_text, thousands
from pipeline.ingest.preview import Preview, inspect_file, write_study_toml
from pipeline.study import check_input, create_study
from pipeline.taxonomy.model import find_taxonomy, load_taxonomy


def init_study(file: Path, root: Path, sheet: str | None = None) -> None:
    """Make a study from a form export: guess its columns and show the guesses.

    Parameters
    ----------
    file, root : Path
    sheet : str, optional
        Sheet of a workbook; the first one with cells when not given.

    Raises
    ------
    PipelineError
        When the file cannot be read or guessed, or the study already has settings.
    """
    check_input(file)
    taxonomy = load_taxonomy(find_taxonomy(StudyConfig().taxonomy))
    preview = inspect_file(file, taxonomy, sheet)
    study = create_study(root)
    write_study_toml(preview, study.settings_file)
    study.add_input(file)
    console = Console(highlight=False, soft_wrap=True)
    _show(preview, console)
    console.print(
        f"\nSettings: {study.settings_file}. Look them through, then: havainto run {root}",
        markup=False,
    )


def _show(preview: Preview, console: Console) -> None:
    """Print what was found and guessed."""
    console.print(f"{preview.file} ({preview.layout})\n", style="bold", markup=False)
    table = Table(box=None, pad_edge=False)
    for title in ("field", "column of the form", "why"):
        table.add_column(title, overflow="fold")
    for field, headers in preview.guess.form.columns.model_dump().items():
        if headers:
            reason = preview.guess.reasons.get(f"columns.{field}", "")
            table.add_row(field, Text("\n".join(headers)), Text(reason))
    console.print(table)
    periods = ", ".join(f"{name or 'no date'} {n}" for name, n in sorted(preview.periods.items()))
    console.print(f"\n{thousands(preview.n_reports)} reports: {counts_text(preview.qualities)}")
    console.print(f"By period: {periods}", markup=False)
    if preview.n_rejected:
        console.print(f"{thousands(preview.n_rejected)} rows would be left out. The first reasons:")
    for doubt in preview.guess.doubts:
        console.print(f"To be checked: {doubt.text}.", markup=False)
    for row, column, reason in preview.problems:
        place = f"row {row}, {column}" if column else f"row {row}"
        console.print(f"  {place}: {reason}", markup=False)
