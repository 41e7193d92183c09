"""``havainto train``: take codings in, and learn from them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from pipeline.artifacts import Store
from pipeline.assign.coded import coded_labels, judging
from pipeline.assign.fitted import MIN_CODED
from pipeline.assign.kinds_said import with_kinds
from pipeline.assign.mapper import fit_theme_mapper
from pipeline.assign.model_card import card_text
from pipeline.assign.model_file import save_model
from pipeline.assign.needs import NOT_EVIDENCE
from pipeline.assign.plain_words import limited_to, shared_words
from pipeline.assign.saved import as_card
from pipeline.commands.old_codings import old_coding_lines
from pipeline.commands.settings import study_settings
from pipeline.embed.needs import ENCODER
from pipeline.errors import ConfigError, InputError
from pipeline.evaluate import evaluate, score_frame, sets_from_labels
from pipeline.figures.measures import Interval
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.lemmatise.voikko import open_voikko
from pipeline.needs import Supply
from pipeline.review.current import current
from pipeline.review.decisions_file import Row, as_frame
from pipeline.review.from_codings import themes_given
from pipeline.review.heads import Heads
from pipeline.review.log import CsvLog
from pipeline.review.new_codings import new_codings
from pipeline.speech import say
from pipeline.spreadsheet import write_private
from pipeline.study import open_study
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.taxonomy.old_codings import list_old_codings
from pipeline.teaching import teaching_ids
from pipeline.texts import Texts
from pipeline.versions import package_versions

_SAY = Console(highlight=False, soft_wrap=True, markup=False)


def train(path: Path, codes: Path | None, out: Path | None) -> None:
    """Add the codings of a file to the log, fit the mapper, and save it with a card.

    Parameters
    ----------
    path : Path
        The study.
    codes : Path or None
        Codings to add; without one, those the study has are learnt from.
    out : Path or None
        Where the model goes, ending in ``.json``; the next free number in ``models/`` by default.

    Raises
    ------
    ConfigError
        When ``out`` does not end in ``.json``.
    InputError
        When nothing is coded, or a coding names a report or theme that the study does not have;
        nothing is written.
    """
    if out is not None and out.suffix != ".json":
        raise ConfigError("--out must end in .json. Got {out}.", out=out.name)
    study = open_study(path)
    supply = Supply(Store(study), study_settings(study))
    try:
        with study.locked():
            texts = with_kinds(
                Texts(*map(supply.store.read, TEXT_TABLES)), supply.store.read("segment_kinds")
            )
            new = [] if codes is None else new_codings(supply, codes, current(supply))
            now = current(supply, as_frame(new))
            codings = now.codings_standing
            if codings.empty:
                raise InputError(
                    "{human} holds no codings of reports that were read. Give some: --codes FILE",
                    human=study.human,
                )
            fitted = _fit(supply, texts, codings)
            quality = _held_out(supply, texts, codings)
            CsvLog(study.human).append(new)
            card = _card(supply, texts.reports, codings, fitted.n_coded, quality)
            file = out or _next_file(study.models)
            save_model(limited_to(fitted.without_reports(), _words(supply, texts)), file, card)
            write_private(file.with_suffix(".md"), card_text(card).encode("utf-8"))
    finally:
        supply.close()
    n_new = _n_codings(new)
    _SAY.print(
        say(
            "{n_new} codings added; {n_coded} coded reports in all.",
            n_new=n_new,
            n_coded=fitted.n_coded,
        )
    )
    if new:
        _SAY.print(
            say(
                "To take them back: havainto review {path} --undo {new}",
                path=path,
                new=new[0]["batch"],
            )
        )
    _show(card, list_old_codings(themes_given(now.log, now.codings_file), supply.value(TAXONOMY)))
    _SAY.print(
        say(
            "Wrote {file}; its card: {card}\nThis study learns from its codings by itself: "
            "havainto run {path}\nTo score another study with what was learnt here, put into "
            'its study.toml:\n[assign]\nmodel = "{model}"',
            file=file,
            card=file.with_suffix(".md"),
            path=path,
            model=file.resolve(),
        )
    )


def _words(supply: Supply, texts: Texts) -> frozenset[str]:
    """Return the words a saved model may hold: the taxonomy's, and those that name nobody."""
    from pipeline.assign.report_texts import report_texts
    from pipeline.assign.theme_texts import make_theme_texts
    from pipeline.pseudonymise.name_lists import load_name_lists
    from pipeline.pseudonymise.word_readings import WordReader

    documents, report_ids = report_texts(texts)
    reader = WordReader(open_voikko(), load_name_lists())

    def names_nobody(word: str) -> bool:
        reading = reader.read(word)
        return reading.is_known and reading.is_everyday

    themes = make_theme_texts(
        supply.value(TAXONOMY), encoder=supply.value(ENCODER), lemmatiser=supply.value(LEMMATISER)
    )
    texts_of_themes = (themes.descriptions, themes.examples)
    own = {term for part in texts_of_themes for terms in part.terms for term in terms}
    shared = shared_words(documents.whole.terms, report_ids, texts.reports, names_nobody)
    return shared | own


def _n_codings(rows: list[Row]) -> int:
    """Count codings among rows of the log: themes, and reports that were read and have none."""
    themes = [
        row for row in rows if row["target_table"] != "reports" and row["verdict"] == "accept"
    ]
    with_theme = {(Heads.report_of(row), row["coder"]) for row in themes}
    read = [row for row in rows if row["target_table"] == "reports"]
    return len(themes) + sum((row["target_id"], row["coder"]) not in with_theme for row in read)


def _fit(supply: Supply, texts: Texts, codings: pd.DataFrame) -> Any:
    """Fit the mapper as the stage assign does."""
    return fit_theme_mapper(
        texts,
        supply.settings.assign,
        taxonomy=supply.value(TAXONOMY),
        encoder=supply.value(ENCODER),
        lemmatiser=supply.value(LEMMATISER),
        codings=codings,
        not_evidence=supply.value(NOT_EVIDENCE),
        seed=supply.settings.study.seed,
    )


def _held_out(supply: Supply, texts: Texts, codings: pd.DataFrame) -> dict[str, Any]:
    """Return how well blindly coded reports are mapped by what was learnt without them.

    In five folds; nothing is said of fewer than 30 such reports.
    """
    from pipeline.assign.report_texts import report_texts
    from pipeline.assign.ticks import tick_matrix

    theme_ids = supply.value(TAXONOMY).theme_ids
    documents, report_ids = report_texts(texts)
    labels = coded_labels(judging(codings), report_ids, theme_ids)
    coded = np.flatnonzero((labels >= 0).all(axis=1))
    if len(coded) < MIN_CODED:
        return {}
    ticks = tick_matrix(texts.reports, report_ids, theme_ids)
    scores, assigned = np.zeros(labels.shape), np.zeros(labels.shape, bool)
    order = np.random.default_rng(supply.settings.study.seed).permutation(coded)
    for fold in (np.sort(order[i::5]) for i in range(5)):
        hidden = {report_ids[i] for i in fold}
        fitted = _fit(supply, texts, codings[~codings["report_id"].isin(hidden)])
        own = documents.take(fold)
        own_ids = [report_ids[i] for i in fold]
        odds = fitted.log_odds(own.rows(fitted.features), ticks[fold])
        odds = odds + fitted.beside(texts.reports, own_ids, ticks[fold])
        scores[fold] = 1 / (1 + np.exp(-odds))
        assigned[fold] = fitted.decide(own.whole, odds, ticks[fold])
    ids = [report_ids[i] for i in coded]
    result = evaluate(
        sets_from_labels("coded", ids, theme_ids, labels[coded] == 1),
        sets_from_labels("kone", ids, theme_ids, assigned[coded]),
        theme_ids,
        seed=supply.settings.study.seed,
        report_themes=score_frame(ids, theme_ids, scores[coded]),
    )
    return {
        "n_reports": result.n_reports,
        "micro_f1": result.micro_f1,
        "macro_f1": result.macro_f1,
        "precision_at_1": result.precision_at_1,
        "ranking_precision": result.ranking_precision,
        "calibration_error": result.calibration_error,
    }


def _card(
    supply: Supply,
    reports: pd.DataFrame,
    codings: pd.DataFrame,
    n_coded: int,
    quality: dict[str, Any],
) -> dict[str, Any]:
    """Return what a reader of the model should know; no report and no person is named."""
    taxonomy = supply.value(TAXONOMY)
    counts = coded_labels(codings, reports["report_id"].tolist(), taxonomy.theme_ids) == 1
    teaching = teaching_ids(reports) | set(codings["report_id"])
    learnt_from = reports[reports["report_id"].isin(teaching)]
    return {
        "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "taxonomy": {
            "name": taxonomy.name,
            "version": taxonomy.version,
            "sha256": taxonomy.sha256,
        },
        "encoder": supply.value(ENCODER).name,
        "data": {
            "n_reports": len(learnt_from),
            "periods": sorted(set(learnt_from["period"])),
        },
        "n_coded_reports": n_coded,
        "n_codings": len(codings),
        "n_coders": codings["coder"].nunique(),
        "themes": dict(zip(taxonomy.theme_ids, counts.sum(axis=0).tolist(), strict=True)),
        "calibrated": n_coded >= MIN_CODED,
        "held_out": quality,
        "settings": as_card(supply.settings.assign),
        "seed": supply.settings.study.seed,
        "versions": package_versions(),
        "use": "Suggests themes for reports of the same kind of form; a person decides.",
    }


def _next_file(folder: Path) -> Path:
    """Return the path of the next version's card."""
    taken = [int(p.stem.rpartition("v")[2]) for p in folder.glob("themes-v[0-9]*.json")]
    return folder / f"themes-v{max(taken, default=0) + 1:03d}.json"


def _show(card: dict[str, Any], old: pd.DataFrame) -> None:
    """Say how well it does, and what was coded under another version."""
    if not card["calibrated"]:
        _SAY.print(
            say(
                "Fewer than {min_coded} coded reports: scores order themes and are no "
                "probabilities.",
                min_coded=MIN_CODED,
            )
        )
    for name, value in card["held_out"].items():
        if isinstance(value, Interval):
            _SAY.print(f"  {say(name):<20} {value.value:.3f} ({value.low:.2f}-{value.high:.2f})")
        elif name == "calibration_error":
            _SAY.print(f"  {say(name):<20} {value:.3f}")
    for line in old_coding_lines(old):
        _SAY.print(line)
