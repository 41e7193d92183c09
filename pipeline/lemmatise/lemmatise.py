"""Give every word of the segments its dictionary form, part of speech and compound parts."""

from pathlib import Path

import pandas as pd
from pydantic import BaseModel, Field

from pipeline.frames import empty
from pipeline.language.lemmas import tokens_of
from pipeline.lemmatise.protocol import Lemmatiser


class LemmatiseConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the lemmatise stage."""

    lexicon: Path | None = Field(
        default=None,
        description="CSV file of the study's own words, beside the lexicon that is shipped.",
    )


def lemmatise(
    segments: pd.DataFrame, config: LemmatiseConfig, *, lemmatiser: Lemmatiser
) -> pd.DataFrame:
    """Find the words of every segment and their dictionary forms.

    Words, numbers and abbreviations become rows; punctuation marks, smileys and signs do not. A
    stand-in such as ``[NIMI-1]`` is one row with itself as lemma and PROPN or X as its tag.

    Parameters
    ----------
    segments : DataFrame with columns ``segment_id``, ``start``, ``text``, ``language``
        One row a sentence, in reading order. ``lemmatiser`` reads those in Finnish or in an
        unknown language; others are read by :func:`pipeline.language.lemmas.tokens_of`.
    config : LemmatiseConfig
    lemmatiser : Lemmatiser

    Returns
    -------
    DataFrame with the columns of ``tokens``: ``segment_id``, ``start``, ``end``, ``form``,
    ``lemma``, ``pos``, ``parts``, ``known``
        One row a word, in reading order. ``start`` and ``end`` are half-open offsets, in code
        points, into the safe text of the segment's field.
    """
    rows = [
        (
            segment_id,
            start + token.start,
            start + token.end,
            token.form,
            token.lemma,
            token.pos,
            list(token.parts),
            token.known,
        )
        for segment_id, start, text, language in zip(
            *(segments[name] for name in ("segment_id", "start", "text", "language")), strict=True
        )
        for token in tokens_of(text, language, lemmatiser)
    ]
    if not rows:
        return empty("tokens")
    tokens = pd.DataFrame(rows, columns=list(empty("tokens").columns))
    text_columns = ["segment_id", "form", "lemma", "pos"]
    return tokens.astype(dict.fromkeys(text_columns, object))
