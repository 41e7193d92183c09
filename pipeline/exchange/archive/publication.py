"""The part of an archive that may be published: how it was done and what came out, no texts."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.artifacts import Store
from pipeline.comparison import Comparison, compare_codings
from pipeline.config import Settings
from pipeline.detect.register import read_register
from pipeline.exchange.archive.stand_ins import CoderNames
from pipeline.exchange.archive.state import State
from pipeline.exchange.handover import People
from pipeline.figures.measures import Interval
from pipeline.frames import each_row
from pipeline.report.decisions import effective_themes
from pipeline.report.disclosure import protect
from pipeline.review.decisions_file import read_decisions
from pipeline.spreadsheet import safe_cell
from pipeline.taxonomy.excel import to_excel
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.qdc import write_qdc
from pipeline.taxonomy.skos import write_turtle
from pipeline.versions import package_versions

_REGISTER_COLUMNS = ("tunnus", "nimi", "ensimmäinen_jakso", "tilanne", "historia")
_UNPUBLISHED = ("archive", "ingest", "workbench")
"""Sections of the settings that may name people, or quote a form."""
_HEADS = {"blind": "sokkona", "assisted": "ehdotukset näkyvissä", "adjudication": "ratkaisuna"}


@dataclass(frozen=True)
class Finished:
    """A finished study, read.

    Attributes
    ----------
    store : Store
    settings : Settings
    taxonomy : Taxonomy
    people : People
    state : State
    """

    store: Store
    settings: Settings
    taxonomy: Taxonomy
    people: People
    state: State

    def coder_names(self) -> CoderNames:
        """Return stand-ins of everyone who ruled or coded."""
        decisions = read_decisions(self.store.study.human)
        codings = self.people.standing.codings_standing
        return CoderNames({*decisions["coder"], *codings["coder"]} - {""})


def write_publication(finished: Finished, folder: Path) -> list[Path]:
    """Write what may be published.

    Parameters
    ----------
    finished : Finished
    folder : Path
        Exists and is empty.

    Returns
    -------
    list of Path
        Files written: the methods section, the codebook with its history in three formats, the
        coding process, counts with small cells protected, the register of signals, settings,
        versions and manifests. None holds a word of a report's text.
    """
    store, taxonomy = finished.store, finished.taxonomy
    made = []

    def write(name: str, text: str) -> None:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        made.append(path)

    methods = store.study.report / "methods.md"
    names = finished.coder_names()
    write("methods.md", names.in_text(methods.read_text(encoding="utf-8")))
    for name, writer in (
        ("codebook.xlsx", to_excel),
        ("codebook.ttl", write_turtle),
        ("codebook.qdc", write_qdc),
    ):
        writer(taxonomy, folder / name)
        made.append(folder / name)
    write("koodausprosessi.md", coding_process(finished))
    write("lukumaarat.csv", _csv(theme_counts(finished)))
    register = pd.DataFrame(read_register(store.study.human))
    kept = [name for name in _REGISTER_COLUMNS if name in register]
    if kept:
        write("signaalirekisteri.csv", _csv(register[kept].map(lambda v: safe_cell(str(v)))))
    held = finished.settings.model_dump(mode="json")
    write("settings.json", _json({k: held[k] for k in sorted(held) if k not in _UNPUBLISHED}))
    write("versions.json", _json(package_versions()))
    write("manifests.json", _json({"state": finished.state.sha256, **_manifests(finished)}))
    return made


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def _manifests(finished: Finished) -> dict[str, object]:
    """Return hashes of inputs and outputs, without a name of an input file."""
    state = finished.state
    return {
        "parts": state.parts(),
        "n_inputs": len(state.inputs),
        "inputs_sha256": sorted(state.inputs.values()),
        "outputs_sha256": dict(state.outputs),
    }


def theme_counts(finished: Finished) -> pd.DataFrame:
    """Return reports by theme and period, small cells protected.

    Returns
    -------
    DataFrame
        A theme a row, a period a column; a cell is a count, ``<k`` for one under the least count
        shown, or ``*`` for one withheld so that a small one cannot be worked out. No theme has a
        total.
    """
    store = finished.store
    reports = store.read("reports")
    reports = reports[(reports["quality"] == "ok") & (reports["period"] != "")]
    pairs = effective_themes(
        store.read("report_themes"),
        finished.people.standing.settled_themes,
        finished.people.standing.report_states,
    )
    pairs = pairs[pairs["counted"]].merge(reports[["report_id", "period"]], on="report_id")
    periods = sorted(set(reports["period"]))
    themes = [t.theme_id for t in finished.taxonomy.themes]
    counts = np.zeros((len(themes), len(periods)), dtype=np.int64)
    once = pairs[["theme_id", "period", "report_id"]].drop_duplicates()
    for theme, period in zip(once["theme_id"], once["period"], strict=True):
        if theme in themes:
            counts[themes.index(theme), periods.index(period)] += 1
    sizes = reports.groupby("period")["report_id"].nunique().reindex(periods).to_numpy()
    # No theme's total is published, so the reader knows of a row only what its cells can be.
    least = finished.settings.report.min_cell
    shown = protect(counts, np.full(len(themes), int(sizes.sum())), sizes, least)
    labels = {t.theme_id: t.label_fi for t in finished.taxonomy.themes}
    table = {"theme_id": themes, "teema": [safe_cell(labels[i]) for i in themes]}
    for column, period in enumerate(periods):
        table[period] = [shown.text(row, column) for row in range(len(themes))]
    return pd.DataFrame(table)


def coding_process(finished: Finished) -> str:
    """Describe in Finnish who coded what, how, and how far they agreed; coders by stand-in."""
    names = finished.coder_names()
    states = finished.people.standing.report_states
    read = states[states["is_read"].astype(bool)]
    lines = ["# Koodausprosessi", ""]
    reports = finished.store.read("reports")
    n_ok = int((reports["quality"] == "ok").sum())
    n_read = read["report_id"].nunique()
    lines += [f"Raportteja {n_ok}, joista ihminen on lukenut {n_read}.", ""]
    if read.empty:
        lines += ["Teemat ovat koneen ehdotuksia; kukaan ei ole koodannut raportteja.", ""]
        return "\n".join(lines)
    lines += ["## Koodaajat", "", "| koodaaja | luettuja raportteja | tavat |", "|---|---|---|"]
    for coder, rows in read.groupby("coder"):
        modes = Counter(_HEADS.get(mode, mode) for mode in rows["mode"])
        how = ", ".join(f"{mode} {n}" for mode, n in sorted(modes.items()))
        name = names[str(coder)] if coder in set(read["coder"]) - {"*"} else "Ratkaisija"
        lines.append(f"| {name} | {len(rows)} | {how} |")
    n_blind = int((read["mode"] == "blind").sum())
    lines += ["", f"Sokkona (ehdotuksia näkemättä) luettuja: {n_blind} / {len(read)}.", ""]
    comparison = compare_codings(
        finished.people.standing.codings_standing,
        finished.taxonomy,
        reports,
        finished.store.read("report_themes"),
        learnt=(),
        seed=finished.settings.study.seed,
    )
    if comparison is not None:
        lines += _agreement(comparison, names)
    settled = finished.people.standing.settled_themes
    sources = Counter(settled["source"])
    if sources:
        lines += ["## Ratkaistut teemat", ""]
        words = {
            "adjudicated": "ratkaistu erikseen",
            "agreed": "lukijat yksimielisiä",
            "one reader": "yksi lukija",
            "disputed": "lukijat erimielisiä",
        }
        lines += [f"- {words.get(s, s)}: {n}" for s, n in sorted(sources.items())]
        lines.append("")
    return "\n".join(lines)


def _agreement(comparison: Comparison, names: CoderNames) -> list[str]:
    """Return agreement before adjudication."""
    if len(comparison.coders) < 2:
        return []
    (between,) = (a for a in comparison.agreements if len(a.names) == len(comparison.coders))
    who = ", ".join(sorted(names[name] for name in between.names if name))
    lines = ["## Yksimielisyys ennen ratkaisua", "", f"Krippendorffin alfa ({who}):", ""]
    lines += [f"- teemajoukot, MASI-etäisyys: {_figure(between.of_sets)}", ""]
    lines += ["| teema | raportteja | alfa |", "|---|---|---|"]
    for row in each_row(between.by_theme):
        alpha = _figure(Interval(row.alpha, row.alpha_low, row.alpha_high))
        lines.append(f"| {row.theme_id} | {row.n_reports} | {alpha} |")
    return [*lines, ""]


def _figure(interval: Interval) -> str:
    """Return a figure with its interval as Finnish writes it."""
    text = f"{interval.value:.2f} ({interval.low:.2f}–{interval.high:.2f})"
    return text.replace(".", ",").replace("nan", "–")
