"""The text tables as one value, with the arrays that stages share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Texts:
    """Reports with their sentences, words and vectors: what looks at whole texts reads.

    The arrays are made at first use and kept with the value.

    Attributes
    ----------
    reports, segments, tokens, embeddings, report_embeddings : DataFrame
        The tables of those names, whole or of a batch of reports.
    """

    reports: pd.DataFrame
    segments: pd.DataFrame
    tokens: pd.DataFrame
    embeddings: pd.DataFrame
    report_embeddings: pd.DataFrame

    @cached_property
    def _report_rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.report_embeddings["report_id"])}

    @cached_property
    def _segment_rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.embeddings["segment_id"])}

    @cached_property
    def _report_matrix(self) -> Vectors:
        return _matrix(self.report_embeddings["vector"])

    @cached_property
    def _report_word_matrix(self) -> Vectors:
        return _matrix(self.report_embeddings["word_vector"])

    @cached_property
    def _segment_matrix(self) -> Vectors:
        return _matrix(self.embeddings["vector"])

    def report_vectors(self, report_ids: Sequence[str]) -> Vectors:
        """Return the vectors of some reports, float32 of shape (n_reports, n_dims)."""
        return self._report_matrix[[self._report_rows[one] for one in report_ids]]

    def report_word_vectors(self, report_ids: Sequence[str]) -> Vectors:
        """Return the means of some reports' word vectors, float32 of shape (n_reports, n_dims)."""
        return self._report_word_matrix[[self._report_rows[one] for one in report_ids]]

    def segment_vectors(self, segment_ids: Sequence[str]) -> Vectors:
        """Return the vectors of some segments, float32 of shape (n_segments, n_dims)."""
        return self._segment_matrix[[self._segment_rows[one] for one in segment_ids]]

    def of(
        self,
        reports: pd.DataFrame,
        *,
        segments: pd.DataFrame | None = None,
        tokens: pd.DataFrame | None = None,
    ) -> "Texts":
        """Return the texts of some reports; the arrays made so far are kept.

        Parameters
        ----------
        reports : DataFrame
            Rows of table ``reports``.
        segments, tokens : DataFrame, optional
            Rows of those tables, where there is a use in fewer of them.
        """
        fewer = replace(
            self,
            reports=reports,
            segments=self.segments if segments is None else segments,
            tokens=self.tokens if tokens is None else tokens,
        )
        kept = {name: made for name, made in self.__dict__.items() if name.startswith("_")}
        fewer.__dict__.update(kept)
        return fewer


def _matrix(vectors: pd.Series) -> Vectors:
    """Stack a column of vectors."""
    if not len(vectors):
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack(vectors.to_list()).astype(np.float32)
