"""``havainto exchange``: texts and codings out to other programs, codings back in."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.codings import read_codings
from pipeline.commands.settings import study_settings
from pipeline.errors import ConfigError, InputError
from pipeline.exchange.coded_places import place_codings
from pipeline.exchange.document_corpus import write_codes, write_document_corpus
from pipeline.exchange.from_study import to_project
from pipeline.exchange.handover import Chosen, gather, read_people
from pipeline.exchange.into_log import Change, Key, compare_codings, compare_project, rows_of
from pipeline.exchange.refi_read import read_qdpx
from pipeline.exchange.refi_write import write_qdpx
from pipeline.exchange.source_texts import source_texts
from pipeline.exchange.tidy import write_tidy
from pipeline.needs import Supply
from pipeline.review.log import Conflict, CsvLog
from pipeline.speech import amount, say
from pipeline.spreadsheet import original_text
from pipeline.study import Study, open_study
from pipeline.taxonomy.needs import TAXONOMY

PROJECT, CORPUS, CODES = ".qdpx", ".tsv", ".csv"
_N_LISTED = 10


def export_study(path: Path, target: Path, chosen: Chosen) -> None:
    """Hand a study's texts and codings out.

    Parameters
    ----------
    path : Path
        The study.
    target : Path
        A ``.qdpx`` project for qualitative tools, a ``.tsv`` document corpus for Annif, a ``.csv``
        of codes, or a folder of tables for R, DuckDB, SPSS and pandas.
    chosen : Chosen
    """
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    handover = gather(supply.store, supply.value(TAXONOMY), chosen)
    match target.suffix.lower():
        case ".qdpx":
            n = write_qdpx(to_project(handover), target)
            written = amount(n, "coding", "codings")
        case ".tsv":
            written = amount(write_document_corpus(handover, target), "document", "documents")
        case ".csv":
            written = amount(write_codes(handover, target), "coding", "codings")
        case "":
            written = amount(write_tidy(supply.store, handover, target), "table", "tables")
        case _:
            raise ConfigError(
                "--export must be a .qdpx, .tsv or .csv file, or a folder. Got {name}.",
                name=target.name,
            )
    reports = amount(len(handover.reports), "report", "reports")
    _print(say("{reports}, {written}: {file}", reports=reports, written=written, file=target))
    _print(say("The file holds pseudonymised text. Keep it as you keep the study."))


def import_codings(path: Path, file: Path, *, coder: str, mirrors: bool, dry: bool) -> None:
    """Show what another program's codings change here, and take them in as one batch.

    Parameters
    ----------
    path : Path
        The study.
    file : Path
        A ``.qdpx`` project, or a ``.csv`` of codes.
    coder : str
        Who coded; by default who the file says.
    mirrors : bool
        Whether codings that the file lacks are taken back.
    dry : bool
        Whether to show only.
    """
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    if file.suffix.lower() == PROJECT:
        change = _of_project(supply, study, file, coder)
    elif file.suffix.lower() == CODES:
        change = _of_codes(supply, study, file, coder)
    else:
        raise ConfigError("--import must be a .qdpx or .csv file. Got {name}.", name=file.name)
    _show(change, mirrors=mirrors)
    rows = rows_of(change, supply.value(TAXONOMY), mirrors=mirrors)
    if dry or not rows:
        _print(say("Nothing was written.") if dry else say("There is nothing new to take in."))
        return
    made = CsvLog(study.human).append(rows)
    if isinstance(made, Conflict):  # nothing was compared, so nothing can have moved
        raise InputError("The record has changed. Give the command again.")
    _print(
        say(
            "Taken in as batch {batch}. To undo: havainto review {study} --undo {batch}\n"
            "See it in the report: havainto run {study}",
            batch=made[0]["batch"],
            study=path,
        )
    )


def _of_project(supply: Supply, study: Study, file: Path, coder: str) -> Change:
    """Compare a project with the study."""
    project = read_qdpx(file)
    reports, segments = supply.store.read("reports"), supply.store.read("segments")
    texts = [
        *source_texts(reports, segments),
        *source_texts(reports, segments, "period"),
    ]
    placed = place_codings(project, texts)
    if placed.moved:
        _print(
            say(
                "Refused, because these texts are not as they are in this study: {names}. Export "
                "the project anew from here to code them.",
                names=_listed(placed.moved),
            )
        )
    if not placed.reports:
        raise InputError(
            "{file} holds no report of this study as it is here. Nothing was taken in. Export a "
            "project from this study and code that: havainto exchange {study} --export FILE.qdpx",
            file=file.name,
            study=study.root,
        )
    if placed.unknown:
        names = _listed(placed.unknown)
        _print(say("Texts that are not of this study, passed over: {names}", names=names))
    people = read_people(study.human, supply.value(TAXONOMY))
    return compare_project(
        project, placed, supply.value(TAXONOMY), people.standing.codings_standing, coder
    )


def _of_codes(supply: Supply, study: Study, file: Path, coder: str) -> Change:
    """Compare a table of codes with the study."""
    codings = read_codings(file)
    codings["coder"] = coder or codings["coder"]
    codings["memo"] = codings["memo"].map(original_text)
    if (codings["coder"] == "").any():
        raise InputError(
            "{file} does not say who coded. Give the coder's name: --coder NAME", file=file.name
        )
    known = {*supply.value(TAXONOMY).theme_ids, ""}
    foreign = sorted(set(codings["theme_id"]) - known)
    if foreign:
        raise InputError(
            "{file}: theme_id must be a theme of the study's taxonomy. Got {names}. Nothing was "
            "taken in. See the themes: havainto taxonomy STUDY --export FILE.xlsx",
            file=file.name,
            names=_listed(foreign),
        )
    reports = frozenset(supply.store.read("reports")["report_id"])
    gone = sorted(set(codings["report_id"]) - reports)
    if gone:
        names = _listed(gone)
        _print(say("Reports that are not of this study, passed over: {names}", names=names))
    people = read_people(study.human, supply.value(TAXONOMY))
    return compare_codings(codings, reports, people.standing.codings_standing)


def _listed(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - _N_LISTED
    listed = ", ".join(names[:_N_LISTED])
    return listed if more <= 0 else say("{names} and {n} more", names=listed, n=more)


def _show(change: Change, *, mirrors: bool) -> None:
    """Print what would be added, changed and dropped."""
    dropped = say("taken back") if mirrors else say("missing in the file, left as they are")
    for title, codings in (
        (say("added"), change.added),
        (say("changed (memo)"), change.changed),
        (dropped, change.dropped),
    ):
        _print(f"{amount(len(codings), 'coding', 'codings')}: {title}")
        if codings:
            _print_counts(codings)
    _print(f"{amount(change.n_same, 'coding', 'codings')}: {say('here already')}")
    for name, theme_id in change.renamed:
        _print(say("Code {name} is {theme}, renamed there", name=name, theme=theme_id))
    for name, n in change.unmatched.items():
        _print(
            say(
                "Code {name} is no theme here: {codings} not taken in. Add a theme of that name "
                "to the taxonomy, and import again.",
                name=name,
                codings=amount(n, "coding", "codings"),
            )
        )


def _print_counts(codings: dict[Key, str]) -> None:
    """Print codings by theme and coder."""
    table = Table(box=None, pad_edge=False, show_header=False)
    counts = Counter((key[2] or say("read, none fits"), key[3]) for key in codings)
    for (theme, coder), n in sorted(counts.items()):
        table.add_row(f"  {theme}", coder, str(n))
    Console(highlight=False).print(table)


def _print(text: str) -> None:
    """Print plain text."""
    Console(highlight=False, soft_wrap=True, markup=False).print(text)
