"""``havainto suggest``: which reports a coder should read next, and a random sample to code."""

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.assign.coded import UNCODED, coded_labels, judging
from pipeline.assign.next_to_code import next_to_code
from pipeline.assign.random_sample import add_draw, in_random_order
from pipeline.codings import COLUMNS
from pipeline.commands.settings import study_settings
from pipeline.errors import ConfigError, InputError
from pipeline.evaluate import score_matrix
from pipeline.needs import Supply
from pipeline.review.current import current
from pipeline.speech import Said, marked, say
from pipeline.spreadsheet import write_private, write_sheet
from pipeline.study import open_study
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.taxonomy.rows import csv_text


def suggest(path: Path, n_reports: int, file: Path | None) -> None:
    """Print the uncoded reports that teach most, or write a codings file to fill in for them."""
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    taxonomy = supply.value(TAXONOMY)
    report_themes = supply.store.read("report_themes")
    report_ids = list(dict.fromkeys(report_themes["report_id"]))
    scores = score_matrix(report_themes, report_ids, taxonomy.theme_ids)
    labels = coded_labels(current(supply).codings_standing, report_ids, taxonomy.theme_ids)
    is_coded = (labels != UNCODED).all(axis=1)
    vector_of = supply.store.read("report_embeddings").set_index("report_id")["vector"]
    vectors = np.stack(vector_of.loc[report_ids].to_list()).astype(float)
    chosen = next_to_code(scores, vectors, is_coded, n_reports)
    console = Console(highlight=False, soft_wrap=True)
    if file is not None:
        write_form(file, [report_ids[i] for i in chosen], taxonomy.version)
        console.print(
            say(
                "{n_chosen} reports to code: {file}\nGive theme_id and coder, one row a "
                "theme, theme_id empty where none fits. Then: havainto train {path} --codes "
                "{file}",
                n_chosen=len(chosen),
                file=file,
                path=path,
            )
        )
        return
    labels_fi = [theme.label_fi for theme in taxonomy.themes]
    table = Table(box=None, pad_edge=False)
    for title in marked("report", "unsure between"):
        table.add_column(say(title), overflow="fold")
    for i in chosen:
        unsure = np.argsort(np.abs(scores[i] - 0.5), kind="stable")[:2]
        table.add_row(report_ids[i], " / ".join(labels_fi[j] for j in unsure))
    console.print(table)


def draw(path: Path, n_reports: int, period: str | None, file: Path | None) -> None:
    """Draw a random sample to code, and list those of it that nobody has coded blind.

    Parameters
    ----------
    path : Path
        The study.
    n_reports : int
        Reports of the whole sample, those drawn before included.
    period : str or None
        Draw among the reports of this period; among all when None.
    file : Path or None
        Codings file to write.

    Raises
    ------
    InputError
        When the study has no reports of the period.
    """
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    reports = supply.store.read("reports")
    scored = set(supply.store.read("report_themes")["report_id"])
    is_held = (reports["quality"] == "ok") & reports["report_id"].isin(scored)
    if period is not None:
        is_held &= reports["period"] == period
    held = reports.loc[is_held, "report_id"].tolist()
    if not held:
        raise InputError(
            "{path} has no reports of {period}.", path=path, period=period or Said("any period")
        )
    seed = supply.settings.study.seed
    add_draw(study.human, period or "", min(n_reports, len(held)))
    drawn = in_random_order(held, seed)[:n_reports]
    coded = set(judging(current(supply).codings_standing)["report_id"])
    left = [one for one in drawn if one not in coded]
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        say(
            "{n_drawn} of {n_held} reports drawn at random, {n_coded} of them coded.",
            n_drawn=len(drawn),
            n_held=len(held),
            n_coded=len(drawn) - len(left),
        )
    )
    if file is not None:
        write_form(file, left, supply.value(TAXONOMY).version)
        console.print(
            say(
                "{n_left} to code, without looking at suggestions: {file}\nGive theme_id and "
                "coder, one row a theme, theme_id empty where none fits. Then: havainto train "
                "{path} --codes {file}, havainto run {path}",
                n_left=len(left),
                file=file,
                path=path,
            )
        )
        return
    for one in left:
        console.print(one)


def write_form(file: Path, report_ids: list[str], version: str) -> None:
    """Write a codings file with everything but what the coder decides."""
    rows = [[report_id, *[""] * 4, version, ""] for report_id in report_ids]
    match file.suffix.lower():
        case ".xlsx":
            write_sheet(file, "koodaukset", COLUMNS, rows, widths=(16, 28, 28, 14, 26, 16, 40))
        case ".csv":
            write_private(file, csv_text([COLUMNS, *rows]).encode("utf-8-sig"))
        case suffix:
            raise ConfigError(
                "--export must be a .csv or .xlsx file. Got {suffix}.",
                suffix=suffix or Said("no ending"),
            )
