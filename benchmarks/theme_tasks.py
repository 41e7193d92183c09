"""The two tasks of the theme benchmarks: the demo corpus and the librarians' questions."""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipeline.artifacts import Store
from pipeline.assign.assign import AssignConfig, assign
from pipeline.assign.coded import coded_labels
from pipeline.assign.kinds_said import with_kinds
from pipeline.assign.mapper import fit_theme_mapper
from pipeline.codings import read_codings
from pipeline.config import load_settings
from pipeline.embed.needs import ENCODER
from pipeline.embed.protocol import Encoder
from pipeline.evaluate import score_matrix
from pipeline.frames import empty
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.needs import Supply
from pipeline.resources import shipped
from pipeline.run import Plan, Silence, run
from pipeline.study import create_study
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.model import Phrase, Taxonomy, Theme
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.texts import Texts

CORPUS = Path(__file__).resolve().parents[1] / "corpora" / "jarvimaa"
Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]
N_FOLDS = 5
N_JUDGED = 500
SEED = 0


@dataclass(frozen=True)
class Task:
    """Texts with themes to find, and what finding them needs."""

    tables: Tables
    report_ids: list[str]
    gold: np.ndarray
    taxonomy: Taxonomy
    encoder: Encoder
    lemmatiser: Lemmatiser
    kinds: pd.DataFrame

    def cut_to(self, places: np.ndarray) -> Tables:
        """Return the tables of some reports."""
        reports, segments, tokens, embeddings, report_embeddings = self.tables
        ids = {self.report_ids[i] for i in places}
        own = segments["report_id"].isin(ids)
        segment_ids = set(segments.loc[own, "segment_id"])
        return (
            reports[reports["report_id"].isin(ids)],
            segments[own],
            tokens[tokens["segment_id"].isin(segment_ids)],
            embeddings[embeddings["segment_id"].isin(segment_ids)],
            report_embeddings[report_embeddings["report_id"].isin(ids)],
        )

    def codings(self, places: np.ndarray) -> pd.DataFrame:
        """Return the gold of some reports as a coder's judgements."""
        rows = [
            (self.report_ids[i], "", theme_id, "gold")
            for i in places
            for theme_id in [t for t, has in zip(self.theme_ids, self.gold[i], strict=True) if has]
            or [""]
        ]
        return pd.DataFrame(rows, columns=["report_id", "segment_id", "theme_id", "coder"])

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """Themes, in the order of ``gold``."""
        return self.taxonomy.theme_ids

    @property
    def texts(self) -> list[str]:
        """What each report says."""
        reports = self.tables[0].set_index("report_id").loc[self.report_ids]
        return [
            f"{o}\n{p}" for o, p in zip(reports["observation"], reports["proposal"], strict=True)
        ]


def study_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--study``, the folder that :func:`demo_supply` takes."""
    parser.add_argument("--study", type=Path, help="keep the demo corpus's tables here")


def settings_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--set``, to measure another encoder or pooling: ``--set embed.pooling=mean``."""
    parser.add_argument(
        "--set",
        dest="overrides",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting other than the default, such as embed.pooling=mean",
    )


@contextmanager
def demo_supply(folder: Path | None, overrides: Sequence[str] = ()) -> Iterator[Supply]:
    """Take the demo corpus through the pipeline up to ``label``; numeric code gets one thread.

    Parameters
    ----------
    folder : Path or None
        A study to keep; one that is thrown away when None.
    overrides : sequence of str
        Settings other than the demo's, each ``section.key=value``.
    """
    with tempfile.TemporaryDirectory() as scratch, threadpool_limits(1):
        study = create_study(folder or Path(scratch), [])
        if not study.listed_inputs():
            study.add_input(CORPUS / "jarvimaa_webropol.xlsx")
        settings = load_settings(shipped("configs", "jarvimaa.toml"), overrides)
        run(study, settings, Plan(last="label"), Silence())
        supply = Supply(Store(study), settings)
        try:
            yield supply
        finally:
            supply.close()


def jarvimaa(supply: Supply) -> Task:
    """Return the demo corpus as the pipeline sees it, with its answer key."""
    kinds = supply.store.read("segment_kinds")
    texts = with_kinds(Texts(*map(supply.store.read, TEXT_TABLES)), kinds)
    report_ids = texts.report_embeddings["report_id"].tolist()
    key = read_codings(CORPUS / "gold_themes.csv")
    gold = coded_labels(key, report_ids, supply.value(TAXONOMY).theme_ids)
    return Task(
        (texts.reports, texts.segments, texts.tokens, texts.embeddings, texts.report_embeddings),
        report_ids,
        gold == 1,
        supply.value(TAXONOMY),
        supply.value(ENCODER),
        supply.value(LEMMATISER),
        kinds,
    )


def kirjastonhoitaja(folder: Path, n_texts: int | None, supply: Supply) -> Task:
    """Return librarians' questions, a sample or all of them; each text is one segment."""
    lines = (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = np.random.default_rng(SEED).permutation(len(lines))[:n_texts]
    items = [json.loads(lines[i]) for i in chosen]
    themes = json.loads((folder / "themes.json").read_text(encoding="utf-8"))
    ids = [str(item["id"]) for item in items]
    texts = [item["text"] for item in items]
    blank = [""] * len(items)
    reports = pd.DataFrame(
        {"report_id": ids, "observation": texts, "proposal": blank, "language": "fi"}
    )
    reports["themes_ticked"] = pd.Series([[] for _ in items], dtype=object)
    reports["quality"], reports["period"] = "ok", ""
    segments = pd.DataFrame(
        {"segment_id": ids, "report_id": ids, "start": 0, "text": texts, "language": "fi"}
    )
    segments["end"] = segments["text"].str.len()
    segments["field"] = "observation"
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=supply.value(LEMMATISER))
    vectors = pd.Series(list(supply.value(ENCODER).encode(texts)), dtype=object)
    return Task(
        (
            reports,
            segments,
            tokens,
            pd.DataFrame({"segment_id": ids, "vector": vectors}),
            pd.DataFrame({"report_id": ids, "vector": vectors}),
        ),
        ids,
        np.array([[key in item["themes"] for key in themes] for item in items]),
        librarians_taxonomy(themes),
        supply.value(ENCODER),
        supply.value(LEMMATISER),
        empty("segment_kinds"),
    )


def judged_and_pool(n_texts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the librarians' questions that are judged, and of the others."""
    places = np.random.default_rng(SEED + 1).permutation(n_texts)
    return np.sort(places[:N_JUDGED]), np.sort(places[N_JUDGED:])


def librarians_taxonomy(themes: dict[str, dict[str, Any]]) -> Taxonomy:
    """Return the themes of the librarians' questions as a taxonomy."""
    return Taxonomy(
        name="kirjastonhoitaja",
        version="1.0.0",
        base_uri="https://example.org/",
        title_fi="",
        title_en="",
        licence="",
        themes=tuple(
            Theme(theme_id=key, label_fi=theme["label"], definition=theme["definition"])
            for key, theme in themes.items()
        ),
        terms={k: tuple(Phrase("fi", t) for t in v["alt_labels"]) for k, v in themes.items()},
        examples={key: () for key in themes},
    )


def folds(n: int) -> list[np.ndarray]:
    """Deal places into folds."""
    order = np.random.default_rng(SEED).permutation(n)
    return [np.sort(order[i::N_FOLDS]) for i in range(N_FOLDS)]


def ours_scores(
    task: Task, *, ticks: Literal["auto"] | bool, coded: Sequence[int] | np.ndarray = ()
) -> np.ndarray:
    """Return the scores of every report by what had not seen its coding, in the order of ``gold``.

    Parameters
    ----------
    task : Task
    ticks : bool or "auto"
    coded : sequence of int, default=()
        Places of the coded reports.
    """
    texts = Texts(*task.tables)
    config = AssignConfig(ticks=ticks)
    fitted = fit_theme_mapper(
        texts,
        config,
        taxonomy=task.taxonomy,
        encoder=task.encoder,
        lemmatiser=task.lemmatiser,
        codings=task.codings(np.asarray(coded, dtype=int)),
        not_evidence=pd.DataFrame(columns=["theme_id", "lemma"], dtype=object),
        seed=SEED,
    )
    report_themes, _ = assign(texts, task.kinds, config, fitted=fitted)
    unseen = report_themes.assign(score=report_themes["unseen_score"])
    return score_matrix(unseen, task.report_ids, task.theme_ids)
