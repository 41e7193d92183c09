"""``havainto evaluate --plan``: how many reports two coders should both read."""

from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.assign.coded import judging
from pipeline.commands.settings import study_settings
from pipeline.errors import InputError
from pipeline.evaluate import sets_from_codings, sets_from_report_themes
from pipeline.figures.agreement_plan import (
    MIN_UNITS,
    ThemeSet,
    reports_for_width,
    simulated_units,
    width_of_alpha,
)
from pipeline.needs import Supply
from pipeline.review.current import current
from pipeline.speech import say
from pipeline.study import open_study
from pipeline.taxonomy.needs import TAXONOMY

WIDTHS = (0.3, 0.2, 0.15, 0.1)
ALPHAS = (0.67, 0.8, 0.9)


def show_plan(path: Path) -> None:
    """Print how many double-coded reports make the interval of alpha as narrow as wanted.

    Parameters
    ----------
    path : Path
        The study. Where 15 of its reports or more are read blind by two coders, they say how much
        coders differ; otherwise coders are simulated who agree as alpha says, on themes as the
        machine suggests them.

    Raises
    ------
    InputError
        When there is nothing to tell from: no suggested themes, or the same everywhere.
    """
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    seed = supply.settings.study.seed
    codings = judging(current(supply).codings_standing)
    units = double_coded(codings, supply.value(TAXONOMY).theme_ids)
    console = Console(highlight=False, soft_wrap=True)
    columns: list[tuple[str, float, int]] = []
    if len(units) >= MIN_UNITS:
        columns.append((say("as coded"), width_of_alpha(units, seed), len(units)))
    machine = sets_from_report_themes(supply.store.read("report_themes"))
    sets = list(machine.themes.values())
    if len(set(sets)) > 1:
        for alpha in ALPHAS:
            made = simulated_units(sets, alpha, seed)
            columns.append((f"alpha {alpha:g}", width_of_alpha(made, seed), len(made)))
    columns = [column for column in columns if column[1] > 0]
    if not columns:
        raise InputError(
            "A plan needs reports with different themes, or {least} reports that two coders read "
            "blind. Got {n}. Take the reports through the stages: havainto run {path}",
            least=MIN_UNITS,
            n=len(units),
            path=path,
        )
    console.print(
        say(
            "Reports that two coders both read blind, by the width wanted of the 95 % interval of "
            "Krippendorff's alpha on theme sets (MASI). Read by two so far: {n}.",
            n=len(units),
        )
    )
    table = Table(box=None, pad_edge=False)
    for title in (say("width"), *(name for name, _, _ in columns)):
        table.add_column(title, justify="right")
    for wanted in WIDTHS:
        cells = [str(reports_for_width(width, n, wanted)) for _, width, n in columns]
        table.add_row(f"{wanted:g}", *cells)
    console.print(table)


def double_coded(codings: pd.DataFrame, theme_ids: tuple[str, ...]) -> list[tuple[ThemeSet, ...]]:
    """Return the theme sets of every report that at least two coders read."""
    coders = sets_from_codings(codings, theme_ids)
    read = [
        tuple(coder.themes[report] for coder in coders if report in coder.themes)
        for report in dict.fromkeys(codings["report_id"])
    ]
    return [sets for sets in read if len(sets) > 1]
