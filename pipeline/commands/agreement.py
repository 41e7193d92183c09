"""``havainto review --agreement`` and ``--adjudicate``: where coders differ, and who settles it."""

from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.commands.review import append_rulings, open_supply, refuse, tell
from pipeline.errors import InputError
from pipeline.figures.measures import Interval
from pipeline.frames import each_row
from pipeline.review.adjudication import read_adjudication, write_disputed
from pipeline.review.agreement_now import AgreementNow, agreement_now
from pipeline.review.current import Current, current
from pipeline.review.decisions_file import ADJUDICATION
from pipeline.speech import marked, say
from pipeline.taxonomy.needs import TAXONOMY

_SHOWN = 20


def show_agreement(path: Path, file: Path | None) -> None:
    """Print how far coders agree, and print or write the reports they dispute.

    Raises
    ------
    InputError
        When no report has two readers.
    """
    supply, store = open_supply(path)
    now = current(supply)
    seed = supply.settings.study.seed
    found = agreement_now(now.codings_standing, supply.value(TAXONOMY), seed=seed)
    if found is None:
        raise InputError(
            "No report of {path} has been read by two coders. Send each a sheet: "
            "havainto review {path} --export FILE.xlsx --blind --coder NAME",
            path=path,
        )
    labels = {theme.theme_id: theme.label_fi for theme in supply.value(TAXONOMY).themes}
    _show(found, labels)
    if file is not None:
        states = now.decisions[now.decisions["target_table"].isin(["reports", "report_themes"])]
        memos = states.rename(columns={"target_id": "report_id"})[["report_id", "coder", "memo"]]
        n = write_disputed(
            file, found.disputed, store.read("reports"), memos, supply.value(TAXONOMY)
        )
        tell("{n} disputed reports to settle: {file}", n=n, file=file)
        tell(
            "Fill in ratkaisu, then: havainto review {path} --adjudicate {file} --coder NAME",
            path=path,
            file=file,
        )


def adjudicate(path: Path, file: Path, lead: str) -> None:
    """Take in what a lead settled, as one batch of mode adjudication."""
    supply, store = open_supply(path)
    report_ids = set(store.read("reports")["report_id"])
    rows, problems = read_adjudication(
        file, lead, supply.value(TAXONOMY), _given(current(supply)), report_ids
    )
    refuse(file, problems)
    append_rulings(supply.study, rows, path)


def _given(now: Current) -> dict[str, dict[str, frozenset[str]]]:
    """Return the themes that readers gave, by report and coder."""
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in each_row(now.codings_standing):
        if row.mode != ADJUDICATION:
            before = found[row.report_id].get(row.coder, frozenset())
            found[row.report_id][row.coder] = before | ({row.theme_id} - {""})
    return dict(found)


def _show(found: AgreementNow, labels: dict[str, str]) -> None:
    """Print the figures, then the disputed reports, the farthest apart first."""
    console = Console(highlight=False, soft_wrap=True)
    tell(
        "{coders}: {n} reports read by two or more", coders=", ".join(found.coders),
        n=found.n_reports,
    )  # fmt: skip
    if not found.is_blind:
        tell("Coded with the suggestions in sight, which makes coders more alike.")
    tell("Krippendorff's alpha of theme sets, by MASI distance: {a}", a=_text(found.of_sets))
    table = Table(box=None, pad_edge=False)
    for title in marked("theme", "given", "alpha"):
        table.add_column(
            say(title), justify="left" if title == "theme" else "right", overflow="fold"
        )
    for row in each_row(found.by_theme):
        alpha = Interval(row.alpha, row.alpha_low, row.alpha_high)
        table.add_row(labels[row.theme_id], str(row.n_with), _text(alpha))
    console.print(table)
    tell("Disputed reports: {n}", n=len(found.disputed))
    for row in each_row(found.disputed.head(_SHOWN)):
        sides = [
            f"{coder}: {', '.join(sorted(themes)) or '-'}"
            for coder, themes in zip(row.coders, row.themes, strict=True)
        ]
        console.print(f"  {row.report_id}  {row.distance:.2f}  {' | '.join(sides)}", markup=False)


def _text(interval: Interval) -> str:
    """Return a figure with its 95 % interval."""
    return f"{interval.value:.3f} ({interval.low:.2f}-{interval.high:.2f})"
