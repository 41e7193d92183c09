"""A small study in code to suggest themes for: three themes, 30 reports, a hashing encoder."""

import random
from typing import Any

import pandas as pd
from hashed_words import HashedWords

from pipeline.assign.assign import AssignConfig
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.mapper import fit_theme_mapper
from pipeline.embed.embed import EmbedConfig, embed
from pipeline.embed.hashing import HashingEncoder
from pipeline.embed.kept_vectors import KeyedEncoder, TextKeys
from pipeline.frames import empty
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.segment.segment import SegmentConfig, segment
from pipeline.taxonomy.model import Phrase, Taxonomy, Theme
from pipeline.texts import Texts

Tables = tuple[pd.DataFrame, ...]

WORDS = {
    "asuminen": ("vuokra", "häätö", "asunto", "muutto", "vuokranantaja", "koti"),
    "koulu": ("koulu", "oppilas", "opettaja", "poissaolo", "luokka", "läksy"),
    "raha": ("velka", "perintä", "toimeentulo", "ulosotto", "lasku", "maksuhäiriö"),
}
ENCODER = HashingEncoder(64)
KEYED = KeyedEncoder(ENCODER, TextKeys(b"s" * 32, {"name": ENCODER.name}))
CODING_COLUMNS = ["report_id", "segment_id", "theme_id", "coder", "taxonomy_version", "mode"]
NO_CODINGS = pd.DataFrame(columns=CODING_COLUMNS, dtype=object)
NO_KINDS = empty("segment_kinds")
NOTHING_RULED_OUT = pd.DataFrame(columns=["theme_id", "lemma"], dtype=object)


def small_taxonomy() -> Taxonomy:
    return Taxonomy(
        name="pieni",
        version="1.0.0",
        base_uri="https://example.org/",
        title_fi="Pieni",
        title_en="Small",
        licence="CC0-1.0",
        themes=tuple(
            Theme(
                theme_id=theme_id,
                label_fi=words[0].capitalize(),
                definition=f"Havainto jossa on {words[0]} tai {words[1]}.",
                excludes="Ei tulkinta eikä tulkki.",
            )
            for theme_id, words in WORDS.items()
        ),
        terms={
            theme_id: (Phrase("en", "rent"), Phrase("fi", words[2]))
            for theme_id, words in WORDS.items()
        },
        examples={
            theme_id: (Phrase("fi", f"Kerran {words[3]} ja {words[2]}."),)
            for theme_id, words in WORDS.items()
        },
    )


def themed_rows(n: int = 30) -> list[dict[str, Any]]:
    """Return reports; report i is about theme i mod 3, and every third also about the next."""
    rng, themes, made = random.Random(5), list(WORDS), []
    for i in range(n):
        own = [themes[i % 3], *([themes[(i + 1) % 3]] if i % 3 == 0 else [])]
        sentences = [f"Perheellä on {' ja '.join(rng.sample(WORDS[t], 3))}." for t in own]
        made.append({"observation": " ".join(sentences), "themes_ticked": own})
    return made


def text_tables(reports: pd.DataFrame, lemmatiser: Lemmatiser) -> Tables:
    """Return the five text tables of a table of reports."""
    segments = segment(reports, SegmentConfig())
    tokens = pd.DataFrame(
        [
            {"segment_id": segment_id, **token._asdict()}
            for segment_id, text in zip(segments["segment_id"], segments["text"], strict=True)
            for token in lemmatiser.tokens(text)
        ],
        columns=["segment_id", "start", "end", "form", "lemma", "pos", "parts", "known"],
    )
    vectors = embed(
        reports, segments, tokens, EmbedConfig(), text_encoder=KEYED, word_vectors=HashedWords()
    )
    return (reports, segments, tokens, *vectors)


def codings_of(tables: Tables, rows: list[dict[str, Any]], n: int) -> pd.DataFrame:
    """Return codings that give the first ``n`` reports the themes they are about."""
    report_ids = tables[0]["report_id"].tolist()
    made = [
        (report_ids[i], "", theme_id, "A", "1.0.0", "blind")
        for i in range(n)
        for theme_id in rows[i]["themes_ticked"]
    ]
    return pd.DataFrame(made, columns=CODING_COLUMNS)


def fit_themes(
    tables: Tables,
    lemmatiser: Lemmatiser,
    config: AssignConfig,
    codings: pd.DataFrame = NO_CODINGS,
    not_evidence: pd.DataFrame = NOTHING_RULED_OUT,
) -> FittedThemes:
    return fit_theme_mapper(
        Texts(*tables),
        config,
        taxonomy=small_taxonomy(),
        encoder=ENCODER,
        lemmatiser=lemmatiser,
        codings=codings,
        not_evidence=not_evidence,
        seed=3,
    )
