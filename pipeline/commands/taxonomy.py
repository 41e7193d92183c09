"""``havainto taxonomy``."""

from datetime import datetime
from pathlib import Path

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.codings import read_codings
from pipeline.commands.settings import study_settings
from pipeline.errors import ConfigError
from pipeline.needs import Supply
from pipeline.study import Study, open_study
from pipeline.tables import each_row
from pipeline.taxonomy.excel import from_excel, to_excel
from pipeline.taxonomy.model import Taxonomy, load_taxonomy
from pipeline.taxonomy.old_codings import list_old_codings
from pipeline.taxonomy.qdc import from_qdc, write_qdc
from pipeline.taxonomy.save import save_taxonomy
from pipeline.taxonomy.skos import from_skos, write_turtle

FOLDER = "taxonomy"


def check_taxonomy(path: Path) -> None:
    """Read the study's taxonomy, which checks it, and print what it holds.

    Codings made under another version are listed, with what they count as now.
    """
    study = open_study(path)
    taxonomy = _taxonomy(study)
    n_terms = sum(map(len, taxonomy.terms.values()))
    n_examples = sum(map(len, taxonomy.examples.values()))
    _say(
        f"{taxonomy.name} {taxonomy.version}: {len(taxonomy.themes)} themes, {n_terms} terms, "
        f"{n_examples} examples. No errors."
    )
    for row in each_row(list_old_codings(read_codings(study.human), taxonomy)):
        now = "as it is" if row.now == row.theme_id else f"as {row.now}" if row.now else "not used"
        theme = row.theme_id or "none fits"
        _say(f"  coded under {row.taxonomy_version}: {theme}, {row.n_codings} times, {now}")


def export_taxonomy(path: Path, file: Path) -> None:
    """Write the study's taxonomy as a workbook, as SKOS in Turtle, or as a REFI-QDA codebook."""
    taxonomy = _taxonomy(open_study(path))
    if file.suffix.lower() == ".xlsx":
        to_excel(taxonomy, file)
    elif file.suffix.lower() == ".ttl":
        write_turtle(taxonomy, file)
    elif file.suffix.lower() == ".qdc":
        write_qdc(taxonomy, file)
    else:
        raise ConfigError(f"--export must be a .xlsx, .ttl or .qdc file. Got {file.name}.")
    _say(f"Wrote {taxonomy.name} {taxonomy.version}: {file}")


def import_taxonomy(path: Path, file: Path) -> None:
    """Make a workbook, Turtle file or codebook the study's own taxonomy.

    Raises
    ------
    ConfigError
        When the file is no taxonomy, or its content has changed and its version has not: codings
        and decisions refer to versions.
    """
    study = open_study(path)
    old = _taxonomy(study)
    if file.suffix.lower() == ".xlsx":
        new = from_excel(file)
    elif file.suffix.lower() == ".ttl":
        new = from_skos(file)
    elif file.suffix.lower() == ".qdc":
        new = from_qdc(file, old, date=datetime.now().astimezone().date().isoformat())
    else:
        raise ConfigError(f"--import must be a .xlsx, .ttl or .qdc file. Got {file.name}.")
    if new.version == old.version and new.sha256 != old.sha256:
        raise ConfigError(
            f"{file.name} has other content than {old.name} {old.version} under the same version. "
            "Raise the version, and say in the history what changed."
        )
    save_taxonomy(new, study.root / FOLDER)
    _say(f"Wrote {study.root / FOLDER}: {new.name} {new.version}, {len(new.themes)} themes.")
    if study_settings(study).study.taxonomy != FOLDER:
        _say(f'To use it, put this into {study.settings_file}:\n[study]\ntaxonomy = "{FOLDER}"')


def _taxonomy(study: Study) -> Taxonomy:
    """Return the taxonomy that the study's settings name."""
    return load_taxonomy(Supply(Store(study), study_settings(study)).taxonomy_folder)


def _say(text: str) -> None:
    """Print plain text."""
    Console(highlight=False, soft_wrap=True, markup=False).print(text)
