"""``havainto evaluate``."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.assign.coded import judging
from pipeline.codings import read_codings
from pipeline.commands.settings import study_settings
from pipeline.comparison import Comparison, ThemeAgreement, compare_codings
from pipeline.errors import InputError
from pipeline.evaluate import Evaluation, evaluate
from pipeline.figures.measures import Interval
from pipeline.frames import each_row
from pipeline.needs import Supply
from pipeline.review.current import current
from pipeline.speech import marked, say
from pipeline.study import open_study
from pipeline.taxonomy.needs import TAXONOMY


def show_evaluation(path: Path, gold: Path | None) -> None:
    """Print how the machine's suggestions and the ticks agree with each coder.

    Parameters
    ----------
    path : Path
        The study.
    gold : Path or None
        A codings file; by default the study's own codings that were made blind.

    Raises
    ------
    InputError
        When none of the study's reports is coded there, or none blind.
    """
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    seed = supply.settings.study.seed
    own = current(supply).codings_standing
    codings = judging(own) if gold is None else read_codings(gold)
    if gold is None and codings.empty and not own.empty:
        raise InputError(
            "{n_coded} reports of {path} are coded, and none of them blind: who sees a "
            "suggestion tends to let it pass. Code some without suggestions: havainto "
            "review {path} --export FILE.xlsx --blind",
            n_coded=own["report_id"].nunique(),
            path=path,
        )
    report_themes = supply.store.read("report_themes")
    reports = supply.store.read("reports")
    found = compare_codings(
        codings,
        supply.value(TAXONOMY),
        reports,
        report_themes,
        learnt=set(own["report_id"]) if supply.settings.assign.model is None else (),
        seed=seed,
    )
    if found is None:
        raise InputError(
            "{gold} codes no report of {path}. Give codings of its reports: --gold FILE",
            gold=gold or study.human,
            path=path,
        )
    console = Console(highlight=False)
    labels = {theme.theme_id: theme.label_fi for theme in supply.value(TAXONOMY).themes}
    for coder in found.coders:
        result = evaluate(
            coder, found.machine, list(labels), seed=seed, report_themes=report_themes
        )
        _show(coder.name or say("a coder without a name"), result, labels, console)
    if found.n_learnt:
        console.print(
            say(
                "The machine has learnt from the codings of {n_learnt} of these "
                "{n_report_ids} reports, so its figures say little of reports it has not "
                "seen. For those: havainto train",
                n_learnt=found.n_learnt,
                n_report_ids=len(found.report_ids),
            ),
            markup=False,
        )
    _show_pairs(found, console)
    for one in found.agreements:
        _show_agreement(one, labels, console)


def _show_pairs(found: Comparison, console: Console) -> None:
    """Print every two sources."""
    console.print(say("\n[bold]Pair by pair[/bold]"))
    table = Table(box=None, pad_edge=False)
    titles = marked("reports", "micro F1", "macro F1", "same sets", "alpha (MASI)")
    for title in ("", "", *titles):
        table.add_column(say(title) if title else "", justify="right" if title else "left")
    for row in each_row(found.pairs):
        f1 = Interval(row.micro_f1, row.micro_f1_low, row.micro_f1_high)
        alpha = Interval(row.alpha, row.alpha_low, row.alpha_high)
        figures = (str(row.n_reports), _text(f1), f"{row.macro_f1:.3f}")
        more = (f"{row.same_sets:.0%}", _text(alpha))
        table.add_row(row.first, row.second, *figures, *more)
    console.print(table)


def _show(coder: str, result: Evaluation, labels: dict[str, str], console: Console) -> None:
    """Print the machine against one coder."""
    console.print(
        say(
            "Machine against {coder}, {n_reports} reports", coder=coder, n_reports=result.n_reports
        ),
        style="bold",
        markup=False,
    )
    for name, interval in (
        ("micro F1", result.micro_f1),
        ("macro F1", result.macro_f1),
        (say("precision of the first theme"), result.precision_at_1),
        (say("label ranking average precision"), result.ranking_precision),
    ):
        if interval is not None:
            console.print(f"  {name:<32} {_text(interval)}")
    table = Table(box=None, pad_edge=False)
    for title in marked("theme", "coder", "machine", "precision", "recall", "F1"):
        table.add_column(
            say(title), justify="left" if title == "theme" else "right", overflow="fold"
        )
    for row in each_row(result.themes):
        f1 = Interval(row.f1, row.f1_low, row.f1_high)
        figures = (str(row.n_gold), str(row.n_guess), f"{row.precision:.2f}", f"{row.recall:.2f}")
        table.add_row(labels.get(row.theme_id, row.theme_id), *figures, _text(f1))
    console.print(table)
    if result.reliability is not None:
        console.print(
            say(
                "Calibration error {calibration_error:.3f}, by score:",
                calibration_error=result.calibration_error,
            )
        )
        table = Table(box=None, pad_edge=False)
        for title in marked("score", "pairs", "mean score", "share right"):
            table.add_column(say(title), justify="right")
        for row in each_row(result.reliability):
            span = f"{row.low:.1f}-{row.high:.1f}"
            table.add_row(span, str(row.n_pairs), f"{row.mean_score:.2f}", f"{row.share_right:.2f}")
        console.print(table)


def _show_agreement(one: ThemeAgreement, labels: dict[str, str], console: Console) -> None:
    """Print Krippendorff's alpha of a group, for sets and for each theme."""
    console.print(
        say("\nKrippendorff's alpha: {names}", names=", ".join(one.names)),
        style="bold",
        markup=False,
    )
    console.print(say("  theme sets, by MASI distance  {of_sets}", of_sets=_text(one.of_sets)))
    table = Table(box=None, pad_edge=False)
    for title in marked("theme", "reports", "given", "alpha"):
        table.add_column(
            say(title), justify="left" if title == "theme" else "right", overflow="fold"
        )
    for row in each_row(one.by_theme):
        alpha = Interval(row.alpha, row.alpha_low, row.alpha_high)
        table.add_row(labels[row.theme_id], str(row.n_reports), str(row.n_with), _text(alpha))
    console.print(table)


def _text(interval: Interval) -> str:
    """Return a figure with its 95 % interval."""
    return f"{interval.value:.3f} ({interval.low:.2f}-{interval.high:.2f})"
