"""Count off-topic reports that get no theme, and real ones that lose theirs.

    python benchmarks/theme_abstention.py [--study DIR]

The demo corpus is taken through the pipeline up to ``embed``. Forty reports about parking, the
canteen, software licences and the like join it one at a time, without ticks; the cut was chosen on
these. Forty more, on other subjects, were written before they were first scored and nothing was
chosen on them. Only what abstention rests on is fitted, as the mapper fits it: the feature space
and the familiarity of reports. At the default settings a familiar report always gets a theme.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from theme_tasks import demo_supply, settings_argument, study_argument

from pipeline.assign.assign import AssignConfig
from pipeline.assign.familiar import fit_familiarity
from pipeline.assign.features import Documents, fit_features
from pipeline.assign.report_texts import report_texts
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.zero_shot import ThemeTexts
from pipeline.embed.embed import EmbedConfig, embed
from pipeline.embed.needs import ENCODER, TEXT_ENCODER
from pipeline.embed.word_vectors import FloretVectors
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.segment.segment import SegmentConfig, segment
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.texts import Texts

FILES = Path(__file__).resolve().parents[1] / "tests" / "data"
OFF_TOPIC = {
    "the cut was chosen on": FILES / "off_topic.csv",
    "held out": FILES / "off_topic_held_out.csv",
}


def main() -> None:
    """Run the benchmark and print its counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    study_argument(parser)
    settings_argument(parser)
    options = parser.parse_args()
    with demo_supply(options.study, options.overrides) as supply:
        show_abstention(supply)


def show_abstention(supply: Supply) -> None:
    """Print how many off-topic reports get no theme, and how many real ones lose theirs."""
    reports, segments, tokens, embeddings, report_embeddings = map(supply.store.read, TEXT_TABLES)
    texts, _ = report_texts(Texts(reports, segments, tokens, embeddings, report_embeddings))
    themes = make_theme_texts(
        supply.value(TAXONOMY), encoder=supply.value(ENCODER), lemmatiser=supply.value(LEMMATISER)
    )
    n_lost = sum(_is_off_topic(texts.whole, themes))
    print(f"No theme: {n_lost} of {len(texts)} reports of the corpus, ticks not used")
    for name, path in OFF_TOPIC.items():
        strangers = stranger_documents(supply, reports, path)
        n_none = 0
        for i in range(len(strangers)):
            n_none += _is_off_topic(_joined(texts.whole, strangers.take([i])), themes)[-1]
        print(f"No theme: {n_none} of {len(strangers)} off-topic reports, {name}, one at a time")


def stranger_documents(supply: Supply, reports: pd.DataFrame, path: Path) -> Documents:
    """Take off-topic texts through the stages before ``assign``."""
    strangers = pd.read_csv(path, dtype=str)
    rows = pd.concat([reports.iloc[[0]]] * len(strangers), ignore_index=True).assign(
        report_id=strangers["report_id"],
        observation=strangers["text"],
        proposal="",
        quality="ok",
    )
    segments = segment(rows, SegmentConfig())
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=supply.value(LEMMATISER))
    vectors = embed(
        rows,
        segments,
        tokens,
        EmbedConfig(),
        text_encoder=supply.value(TEXT_ENCODER),
        word_vectors=FloretVectors(),
    )
    return report_texts(Texts(rows, segments, tokens, *vectors))[0].whole


def _joined(first: Documents, second: Documents) -> Documents:
    """Return texts of both."""
    vectors = np.concatenate([first.vectors, second.vectors])
    return Documents((*first.terms, *second.terms), vectors)


def _is_off_topic(pool: Documents, themes: ThemeTexts) -> list[bool]:
    """Return which texts of a pool are unlike the rest of it."""
    config = AssignConfig()
    theme_terms = [*themes.descriptions.terms, *themes.examples.terms]
    features = fit_features(pool, theme_terms, config.min_df)
    familiarity = fit_familiarity(pool, features, config.off_topic_cut)
    if familiarity is None:
        raise SystemExit(f"{len(pool)} reports are too few to tell the typical one.")
    return list(map(bool, familiarity.is_off_topic(pool, features)))


if __name__ == "__main__":
    main()
