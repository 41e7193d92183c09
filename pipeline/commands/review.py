"""``havainto review``: suggestions out as a spreadsheet, rulings in, and back again."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.commands.named import named_table
from pipeline.commands.settings import study_settings
from pipeline.errors import ArtifactError, InputError
from pipeline.human.lock import synced_service
from pipeline.needs import Supply
from pipeline.review.blind_sheet import in_period, write_blind
from pipeline.review.current import Current, current
from pipeline.review.decisions_file import Row, rows_of
from pipeline.review.heads import Heads
from pipeline.review.log import Conflict, CsvLog
from pipeline.review.rulings import read_rulings
from pipeline.review.sheet import write_suggestions
from pipeline.speech import say
from pipeline.study import Study, open_study
from pipeline.taxonomy.needs import TAXONOMY

_TABLES = ("reports", "segments", "topics", "report_themes", "signals")


@dataclass(frozen=True, kw_only=True)
class Export:
    """What goes out to be filled in.

    Attributes
    ----------
    file : Path or None
        The .xlsx to write.
    coder : str
        Who will fill it in, or ``""``.
    period : str
        Only reports of this period; ``""`` for all.
    is_blind : bool
        Whether the suggestions are left out.
    """

    file: Path | None
    coder: str
    period: str
    is_blind: bool


def export_suggestions(path: Path, wanted: Export) -> None:
    """Write what the machine suggests, or nothing of it, to a spreadsheet to be filled in."""
    supply, store = open_supply(path)
    file = wanted.file or Path("ehdotukset.xlsx")
    reports = in_period(store.read("reports"), wanted.period)
    if reports.empty:
        raise InputError("{path} has no reports of {period}.", path=path, period=wanted.period)
    if wanted.is_blind:
        n = write_blind(file, reports, supply.value(TAXONOMY), wanted.coder)
        tell("{n} reports to code blind: {file}", n=n, file=file)
        tell("Fill in teemat, and ei mikään into ratkaisu where none fits.")
    else:
        tables = {name: store.read(name) for name in _TABLES}
        for name in ("topics", "signals"):
            tables[name] = named_table(name, store, supply.settings)
        kept = set(reports["report_id"])
        tables["report_themes"] = tables["report_themes"][
            tables["report_themes"]["report_id"].isin(kept)
        ]
        tables["decisions"] = current(supply).decisions
        manifest = store.manifest("report_themes") or {}
        run = str(manifest.get("output", {}).get("sha256", ""))[:12]
        counts = write_suggestions(file, tables, supply.value(TAXONOMY), wanted.coder, run)
        listed = ", ".join(f"{n} {name}" for name, n in counts.items())
        tell("{listed} to rule on: {file}", listed=listed, file=file)
        tell("Fill in the column ratkaisu; luettu on a report's own row confirms the rest of it.")
    tell("Then: havainto review {path} --import {file} --coder NAME", path=path, file=file)


def import_rulings(path: Path, file: Path, coder: str) -> None:
    """Append the rulings of a filled-in spreadsheet to the log, as one batch.

    Raises
    ------
    ArtifactError
        When a row cannot be taken; nothing is written.
    """
    supply, store = open_supply(path)
    known = {
        "report_themes": set(store.read("reports")["report_id"]),
        "topics": set(store.read("topics")["topic_id"]),
        "signals": set(store.read("signals")["signal_id"]),
    }
    now = current(supply)
    rulings, problems = read_rulings(file, coder, supply.value(TAXONOMY), known, _given(now))
    refuse(file, problems)
    append_rulings(supply.study, rulings, path)


def undo(path: Path, batch: str, coder: str) -> None:
    """Take a batch back: a row that says so is added, and nothing is erased.

    Raises
    ------
    InputError
        When there is no such batch.
    """
    study = open_study(path)
    log = CsvLog(study.human)
    rows = log.batch(batch)
    if not rows:
        raise InputError(
            "{batch} is no batch of {folder}. "
            "See the newest ones: havainto review {path} --batches",
            batch=batch,
            folder=study.human,
            path=path,
        )
    row = {"target_table": "batches", "target_id": batch, "verdict": "retract"}
    made = log.append([row | {"new_value": batch, "coder": coder or rows[0]["coder"]}])
    tell("{n} rulings of {batch} taken back.", n=len(rows), batch=batch)
    if not isinstance(made, Conflict):
        tell(
            "To bring them back: havainto review {path} --undo {batch}",
            path=path,
            batch=made[0]["batch"],
        )


def show_batches(path: Path, n: int = 20) -> None:
    """Print the newest batches: when, who, how many rulings."""
    rows, _ = CsvLog(open_study(path).human).since(0)
    batches: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        batches[row["batch"]].append(row)
    taken_back = {row["new_value"] for row in rows if row["verdict"] == "retract"}
    console = Console(highlight=False, soft_wrap=True)
    for batch, held in list(batches.items())[-n:]:
        mark = f" {say('(taken back)')}" if batch in taken_back else ""
        line = f"{batch}  {held[0]['at'][:19]}  {held[0]['coder']}  {held[0]['mode']}  {len(held)}"
        console.print(line + mark, markup=False)


def retarget(path: Path, old: str, new: str, coder: str) -> None:
    """Make the rulings on something that is gone anew for something that is there.

    Raises
    ------
    InputError
        When nothing standing names the old id, or the new one is not in the study.
    """
    supply, store = open_supply(path)
    log = CsvLog(supply.study.human)
    held = Heads.of(log.since(0)[0]).rulings
    rows = [row for row in held if row["target_id"] == old or row["theme_id"] == old]
    if not rows:
        raise InputError("No standing ruling names {old}. See: havainto status", old=old)
    known = {
        *store.read("reports")["report_id"],
        *store.read("topics")["topic_id"],
        *store.read("signals")["signal_id"],
        *store.read("segments")["segment_id"],
        *supply.value(TAXONOMY).theme_ids,
    }
    if new not in known:
        raise InputError("{new} is no report, sentence, topic, signal or theme here.", new=new)
    made = [
        {
            **row,
            **dict.fromkeys(("decision_id", "batch", "at"), ""),
            "target_id": new if row["target_id"] == old else row["target_id"],
            "theme_id": new if row["theme_id"] == old else row["theme_id"],
            "coder": row["coder"] or coder,
            "basis": row["decision_id"],
        }
        for row in rows
    ]
    append_rulings(supply.study, made, path)


def open_supply(path: Path) -> tuple[Supply, Store]:
    """Return what a study's commands need."""
    study = open_study(path)
    store = Store(study)
    return Supply(store, study_settings(study)), store


def _given(now: Current) -> dict[tuple[str, str], list[str]]:
    """Return the themes that stand, by report and coder, of reports not read too."""
    held = Heads.of(rows_of(now.decisions)).rulings
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in held:
        if row["target_table"] == "report_themes" and row["verdict"] == "accept":
            found[row["target_id"], row["coder"]].append(row["theme_id"])
    return dict(found)


def refuse(file: Path, problems: list[str]) -> None:
    """Stop at the first row that cannot be taken."""
    if problems:
        raise ArtifactError(
            "{file}: {problem} {more}Nothing was taken in; mend it and import again.",
            file=file,
            problem=problems[0],
            more=say("{n} more rows cannot be taken either. ", n=len(problems) - 1)
            if len(problems) > 1
            else "",
        )


def append_rulings(study: Study, rows: list[Row], path: Path) -> None:
    """Add rows to the log as one batch, and say how to see them and take them back."""
    made = CsvLog(study.human).append(rows)
    if isinstance(made, Conflict) or not made:
        tell("Nothing to add.")
        return
    n_new = len(made)
    coders = ", ".join(sorted({row["coder"] for row in made}))
    tell(
        "{n} decisions by {coders} added. See them in the report: havainto run {path}",
        n=n_new,
        coders=coders,
        path=path,
    )
    tell(
        "To take them back: havainto review {path} --undo {batch}",
        path=path,
        batch=made[0]["batch"],
    )
    if service := synced_service(study.human):
        tell(
            "Note: {folder} is kept in {service}, which may copy the file while it is written. "
            "Keep a study on the machine's own disk.",
            folder=study.human,
            service=service,
        )


def tell(template: str, **values: object) -> None:
    """Print plain text in the reader's language."""
    Console(highlight=False, soft_wrap=True).print(say(template, **values), markup=False)
