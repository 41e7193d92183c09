"""The text tables as one value, with the arrays that stages share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
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

    @classmethod
    def lazily(cls, read: Callable[..., pd.DataFrame]) -> "Texts":
        """Return texts whose tables are read at first use.

        Parameters
        ----------
        read : callable
            Called as ``read(name, *columns)``: returns a table, whole where no column is named.
            Of vectors the keys of their texts are not read.
        """
        made = object.__new__(_LazyTexts)
        made.__dict__["_read"] = read
        return made

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
        """Return the vectors of some segments, float32 of shape (n_segments, n_dims).

        Those of all segments, in order, are no copy, and cannot be written to.
        """
        rows = [self._segment_rows[one] for one in segment_ids]
        if len(rows) == len(self._segment_matrix) and rows == list(range(len(rows))):
            whole = self._segment_matrix.view()
            whole.flags.writeable = False
            return whole
        return self._segment_matrix[rows]

    def take_segment_vectors(self, segment_ids: Sequence[str]) -> Vectors:
        """Return the vectors of some segments as an array that the caller may change."""
        made = self.segment_vectors(segment_ids)
        return made if made.flags.writeable else made.copy()

    def laid_out(self) -> "Texts":
        """Return the same texts with all arrays made, which the texts taken of them then share."""
        arrays = ("_report_matrix", "_report_word_matrix", "_segment_matrix")
        for name in ("_report_rows", "_segment_rows", *arrays):
            getattr(self, name)
        return self

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


class _LazyTexts(Texts):
    """Texts whose tables are read at first use."""

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Read a table that has not been read."""
        if name not in _NAMES:
            raise AttributeError(name)
        frame: pd.DataFrame = self.__dict__["_read"](name, *_READ.get(name, ()))
        self.__dict__[name] = frame
        return frame

    def take_segment_vectors(self, segment_ids: Sequence[str]) -> Vectors:
        """Return the vectors as above; those that nobody has asked for before are not kept."""
        if "embeddings" in self.__dict__:
            return super().take_segment_vectors(segment_ids)
        frame = self.__dict__["_read"]("embeddings", *_READ["embeddings"])
        matrix = _matrix(frame["vector"])
        rows = pd.Index(frame["segment_id"]).get_indexer(list(segment_ids))
        if (rows < 0).any():
            raise KeyError("segments without a vector")
        is_whole = len(rows) == len(matrix) and (np.diff(rows) > 0).all()
        return matrix if is_whole else matrix[rows]


_NAMES = tuple(field.name for field in fields(Texts))
_READ = {
    "embeddings": ("segment_id", "vector"),
    "report_embeddings": ("report_id", "vector", "word_vector"),
}


def _matrix(vectors: pd.Series) -> Vectors:
    """Stack a column of vectors; those that lie in one block already are not copied."""
    if not len(vectors):
        return np.zeros((0, 0), dtype=np.float32)
    rows = vectors.to_list()
    block = rows[0].base
    if block is not None and block.dtype == np.float32 and block.flags.c_contiguous:
        n_bytes = rows[0].nbytes
        first = _address(block)
        in_order = block.nbytes == n_bytes * len(rows) and all(
            row.base is block and _address(row) == first + i * n_bytes for i, row in enumerate(rows)
        )
        if in_order:
            return np.asarray(block.reshape(len(rows), -1))
    return np.stack(rows).astype(np.float32)


def _address(array: Vectors) -> int:
    """Return where an array begins in memory."""
    return int(array.__array_interface__["data"][0])
