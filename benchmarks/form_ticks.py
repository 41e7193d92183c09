"""Measure what a form's ticks bring to themes: a single choice, a full set, and a random one.

    python benchmarks/form_ticks.py --data DIR [--study DIR]

DIR holds ``lomakkeet/``: two half-years of a form that offers six or eight themes as a single
choice and an open other one, with demo texts inside, and ``avain.csv``, which leads to the demo
corpus's report ids. Nothing is coded; the careful coder judges. *Offered* looks only at pairs of a
report and a theme that its form offered. The random forms deal the same ticks out anew among the
reports of each half-year. The full set is the demo corpus's own form; smaller forms are dealt from
it, with seven of its themes, of which one or several of the ticks are kept.
"""

import argparse
import dataclasses
import tempfile
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from theme_tasks import CORPUS, SEED, demo_supply, jarvimaa, study_argument

from pipeline.artifacts import Store
from pipeline.assign.assign import AssignConfig
from pipeline.assign.form_evidence import FormAnswers, form_answers
from pipeline.assign.kinds_said import with_kinds
from pipeline.assign.mapper import ThemeMapper, with_typed
from pipeline.assign.report_texts import report_texts
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.ticks import NOT_FIRST, UNKNOWN, tick_matrix
from pipeline.commands.add import add_file
from pipeline.commands.init import init_study
from pipeline.config import load_settings
from pipeline.embed.needs import ENCODER
from pipeline.figures.measures import micro_f1
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.run import Plan, Silence, run
from pipeline.study import Study
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.texts import Texts

FILES = ("kevat2024.xlsx", "syksy2024.csv")
N_RANDOM = 5
N_DEALT, N_OFFERED = 4, 7


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with lomakkeet/")
    study_argument(parser)
    options = parser.parse_args()
    print("| form | reports | source | micro F1 | offered |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        _show_single(options.data / "lomakkeet", Path(folder) / "study")
    _show_full(options.study)


def _show_single(data: Path, root: Path) -> None:
    """Print the rows of the single choice and of random ticks."""
    init_study(data / FILES[0], root)
    add_file(data / FILES[1], root, accepts=True)
    study = Study(root)
    settings = load_settings(study.settings_file)
    run(study, settings, Plan(last="label"), Silence())
    supply = Supply(Store(study), settings)
    tables = Texts(*map(supply.store.read, TEXT_TABLES))
    told = with_kinds(tables, supply.store.read("segment_kinds"))
    taxonomy, encoder = supply.value(TAXONOMY), supply.value(ENCODER)
    lemmatiser = supply.value(LEMMATISER)
    texts, ids = report_texts(told)
    reports = told.reports
    gold = _gold(data, ids, taxonomy.theme_ids)
    ticks = tick_matrix(reports, ids, taxonomy.theme_ids)
    answers = form_answers(reports, ids, encoder, lemmatiser)
    theme_texts = make_theme_texts(taxonomy, encoder=encoder, lemmatiser=lemmatiser)
    periods = reports.set_index("report_id").loc[ids, "period"].to_numpy()

    def found(
        given: np.ndarray, said: FormAnswers, use: Literal["auto"] | bool, *, fields: bool = True
    ) -> np.ndarray:
        mapper = ThemeMapper(theme_texts, AssignConfig(ticks=use, fields=fields), seed=SEED)
        mapper.fit(texts, given, None, said)
        fitted = with_typed(mapper.fitted_, said)
        odds = fitted.log_odds(texts.rows(fitted.features), given)
        return fitted.decide(texts.whole, odds + fitted.beside(reports, ids, given), given)

    offered = ticks != -1
    rows = {
        "ticks alone": ticks == 1,
        "text alone": found(ticks, answers, use=False),
        "default, without fields": found(ticks, answers, use="auto", fields=False),
        "default": found(ticks, answers, use="auto"),
    }
    for name, made in rows.items():
        for period in (*np.unique(periods), "both"):
            own = np.ones(len(ids), bool) if period == "both" else periods == period
            _print(f"single choice, {period}", name, gold[own], made[own], offered[own])
    untyped = dataclasses.replace(
        answers, typed=answers.typed.take([]), typed_rows=np.zeros(0, dtype=int)
    )
    rng = np.random.default_rng(SEED)
    figures: dict[str, list[float]] = {"default": [], "ticks believed": []}
    for _ in range(N_RANDOM):
        dealt = ticks.copy()
        for period in np.unique(periods):
            own = np.flatnonzero(periods == period)
            dealt[own] = ticks[rng.permutation(own)]
        figures["default"].append(micro_f1(gold, found(dealt, untyped, "auto")))
        figures["ticks believed"].append(micro_f1(gold, found(dealt, untyped, use=True)))
    for name, values in figures.items():
        low, high = min(values), max(values)
        print(f"| random single choice, {N_RANDOM} draws | {len(ids)} | {name} "
              f"| {np.mean(values):.3f} ({low:.3f}-{high:.3f}) | |")  # fmt: skip
    supply.close()


def _show_full(folder: Path | None) -> None:
    """Print the rows of the demo corpus's own form, and of smaller forms dealt from it."""
    with demo_supply(folder) as supply:
        task = jarvimaa(supply)
        reports = task.tables[0]
        texts, ids = report_texts(Texts(*task.tables))
        gold = task.gold[[task.report_ids.index(report_id) for report_id in ids]]
        ticks = tick_matrix(reports, ids, task.theme_ids)
        answers = form_answers(reports, ids, task.encoder, task.lemmatiser)
        themes = make_theme_texts(task.taxonomy, encoder=task.encoder, lemmatiser=task.lemmatiser)
        made = {"ticks alone": ticks == 1}
        ways: dict[str, bool | Literal["auto"]] = {"text alone": False, "default": "auto"}
        for name, use in ways.items():
            mapper = ThemeMapper(themes, AssignConfig(ticks=use), seed=SEED)
            fitted = mapper.fit(texts, ticks, None, answers).fitted_
            odds = fitted.log_odds(texts.rows(fitted.features), ticks)
            odds = odds + fitted.beside(reports, ids, ticks)
            made[name] = fitted.decide(texts.whole, odds, ticks)
        for name, values in made.items():
            _print("full set (demo)", name, gold, values, ticks != -1)
        for form in ("one", "several"):
            for fields in (False, True):
                pairs = []
                for draw in range(N_DEALT):
                    dealt = _part_of(ticks, form, np.random.default_rng(draw))
                    mapper = ThemeMapper(themes, AssignConfig(fields=fields), seed=SEED)
                    fitted = mapper.fit(texts, dealt, None, answers).fitted_
                    odds = fitted.log_odds(texts.rows(fitted.features), dealt)
                    odds = odds + fitted.beside(reports, ids, dealt)
                    found, offered = fitted.decide(texts.whole, odds, dealt), dealt != UNKNOWN
                    pairs.append((micro_f1(gold, found), micro_f1(gold & offered, found & offered)))
                whole, cut = np.mean(pairs, axis=0)
                source = "default" if fields else "default, without fields"
                print(f"| {N_OFFERED} themes of the demo's, {form}, {N_DEALT} draws | {len(ids)} "
                      f"| {source} | {whole:.3f} | {cut:.3f} |")  # fmt: skip


def _part_of(ticks: np.ndarray, form: str, rng: np.random.Generator) -> np.ndarray:
    """Return ticks of a form that offers few of the themes, one or several to choose."""
    offered = np.sort(rng.choice(ticks.shape[1], N_OFFERED, replace=False))
    dealt = np.full(ticks.shape, UNKNOWN, np.int8)
    dealt[:, offered] = ticks[:, offered] if form == "several" else NOT_FIRST
    for i in range(len(ticks) if form == "one" else 0):
        own = offered[ticks[i, offered] == 1]
        if len(own):
            dealt[i, rng.choice(own)] = 1
    return dealt


def _print(form: str, name: str, gold: np.ndarray, made: np.ndarray, offered: np.ndarray) -> None:
    """Print one row of the table."""
    whole, cut = micro_f1(gold, made), micro_f1(gold & offered, made & offered)
    print(f"| {form} | {len(gold)} | {name} | {whole:.3f} | {cut:.3f} |", flush=True)


def _gold(data: Path, ids: list[str], theme_ids: tuple[str, ...]) -> np.ndarray:
    """Return the careful coder's themes of the forms' reports."""
    key = pd.read_csv(data / "avain.csv", dtype=str).set_index("respondent_or_row")
    gold = pd.read_csv(CORPUS / "gold_themes.csv", dtype=str)
    own = gold.groupby("report_id")["theme_id"].apply(set).to_dict()
    return np.array([[t in own[key.loc[i, "jarvimaa_report_id"]] for t in theme_ids] for i in ids])


if __name__ == "__main__":
    main()
