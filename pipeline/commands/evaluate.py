"""``havainto evaluate``."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.codings import read_codings
from pipeline.commands.settings import study_settings
from pipeline.evaluate import (
    Evaluation,
    ThemeSets,
    alpha_by_theme,
    alpha_of_sets,
    compare,
    evaluate,
    sets_from_codings,
    sets_from_report_themes,
    sets_from_ticks,
)
from pipeline.measures import Interval
from pipeline.needs import Supply
from pipeline.study import open_study
from pipeline.tables import each_row


def show_evaluation(path: Path, gold: Path) -> None:
    """Print how the machine's suggestions and the ticks agree with each coder of a file."""
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    theme_ids = supply.taxonomy.theme_ids
    coders = sets_from_codings(read_codings(gold), theme_ids)
    report_themes = supply.store.read("report_themes")
    seed = supply.settings.study.seed
    machine = sets_from_report_themes(report_themes)
    ticks = sets_from_ticks(supply.store.read("reports"))
    console = Console(highlight=False)
    for coder in coders:
        result = evaluate(coder, machine, theme_ids, seed=seed, report_themes=report_themes)
        labels = {theme.theme_id: theme.label_fi for theme in supply.taxonomy.themes}
        _show(coder.name, result, labels, console)
    console.print("\n[bold]Pair by pair[/bold]")
    pairs = compare([machine, ticks, *coders], theme_ids, seed=seed)
    table = Table(box=None, pad_edge=False)
    for title in ("", "", "reports", "micro F1", "macro F1", "same sets", "alpha (MASI)"):
        table.add_column(title, justify="right" if title else "left")
    for row in each_row(pairs):
        f1 = Interval(row.micro_f1, row.micro_f1_low, row.micro_f1_high)
        alpha = Interval(row.alpha, row.alpha_low, row.alpha_high)
        figures = (str(row.n_reports), _text(f1), f"{row.macro_f1:.3f}")
        more = (f"{row.same_sets:.0%}", _text(alpha))
        table.add_row(row.first, row.second, *figures, *more)
    console.print(table)
    if len(coders) > 1:
        _show_agreement(coders, {t.theme_id: t.label_fi for t in supply.taxonomy.themes}, seed)


def _show(coder: str, result: Evaluation, labels: dict[str, str], console: Console) -> None:
    """Print the machine against one coder."""
    console.print(
        f"Machine against {coder}, {result.n_reports} reports", style="bold", markup=False
    )
    for name, interval in (
        ("micro F1", result.micro_f1),
        ("macro F1", result.macro_f1),
        ("precision of the first theme", result.precision_at_1),
        ("label ranking average precision", result.ranking_precision),
    ):
        if interval is not None:
            console.print(f"  {name:<32} {_text(interval)}")
    table = Table(box=None, pad_edge=False)
    for title in ("theme", "coder", "machine", "precision", "recall", "F1"):
        table.add_column(title, justify="left" if title == "theme" else "right", overflow="fold")
    for row in each_row(result.themes):
        f1 = Interval(row.f1, row.f1_low, row.f1_high)
        figures = (str(row.n_gold), str(row.n_guess), f"{row.precision:.2f}", f"{row.recall:.2f}")
        table.add_row(labels.get(row.theme_id, row.theme_id), *figures, _text(f1))
    console.print(table)

    if result.reliability is not None:
        console.print(f"Calibration error {result.calibration_error:.3f}, by score:")
        table = Table(box=None, pad_edge=False)
        for title in ("score", "pairs", "mean score", "share right"):
            table.add_column(title, justify="right")
        for row in each_row(result.reliability):
            span = f"{row.low:.1f}-{row.high:.1f}"
            table.add_row(span, str(row.n_pairs), f"{row.mean_score:.2f}", f"{row.share_right:.2f}")
        console.print(table)


def _show_agreement(coders: list[ThemeSets], labels: dict[str, str], seed: int) -> None:
    """Print Krippendorff's alpha of all coders, for sets and for each theme."""
    console = Console(highlight=False)
    console.print("\n[bold]Krippendorff's alpha of the coders[/bold]")
    console.print(f"  theme sets, by MASI distance  {_text(alpha_of_sets(coders, seed=seed))}")
    table = Table(box=None, pad_edge=False)
    for title in ("theme", "reports", "given", "alpha"):
        table.add_column(title, justify="left" if title == "theme" else "right", overflow="fold")
    for row in each_row(alpha_by_theme(coders, list(labels), seed=seed)):
        alpha = Interval(row.alpha, row.alpha_low, row.alpha_high)
        table.add_row(labels[row.theme_id], str(row.n_reports), str(row.n_with), _text(alpha))
    console.print(table)


def _text(interval: Interval) -> str:
    """Return a figure with its 95 % interval."""
    return f"{interval.value:.3f} ({interval.low:.2f}-{interval.high:.2f})"
