"""Take the vectors of texts that were encoded before from the tables they stand in.

The tables of vectors are their own cache. Each row has the key of its text, and when the tables are
made anew, a text whose key stands in them, or in the parts of a run that was killed, is not encoded
again.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.artifacts import columns_missing
from pipeline.embed.encoders import Identity
from pipeline.embed.protocol import Encoder, Vectors
from pipeline.errors import ArtifactError
from pipeline.frames import matrix_of
from pipeline.text_cache import text_digest

_KEY_LETTERS = 32
_MAX_GROUPS = 4
"""Row groups whose vectors are held at once, some 25 MB each."""

Half = NDArray[np.float16]


def rounded(vectors: Vectors) -> Vectors:
    """Round vectors to the precision of half-width floats; the type stays float32.

    Parameters
    ----------
    vectors : ndarray of float32
        Within ±65,504.

    Returns
    -------
    ndarray of float32 of the same shape
        Of numbers of unit-length vectors, none is off by more than 0.0003.
    """
    return vectors.astype(np.float16).astype(np.float32)


class TextKeys:
    """Name texts without showing them.

    The key is an HMAC-SHA256 of the text and of all that makes its vector, with the study's secret:
    the tables show neither texts nor whether a guessed text is among them, and what another encoder
    made is not taken for this one's.

    Parameters
    ----------
    secret : bytes
        The study's secret.
    encoder : mapping of str to str
        The encoder's identity.
    """

    def __init__(self, secret: bytes, encoder: Identity) -> None:
        self._secret = secret
        self._encoder = json.dumps(dict(encoder), sort_keys=True)

    def of(self, text: str) -> str:
        """Return the key of a text: 32 hex digits."""
        return text_digest(self._secret, self._encoder, text).hex()[:_KEY_LETTERS]


class KeptVectors:
    """The vectors of some files, found by the key of their text.

    Keys are read at once (some 32 bytes a text), vectors when they are asked for. The files may be
    replaced meanwhile: those that were opened stay as they were.

    Parameters
    ----------
    files : sequence of (str, Path)
        Parquet files with the name of the table that each holds, whole or a part. One that is not
        there, cannot be read, or lacks a column of today holds nothing.
    """

    def __init__(self, files: Sequence[tuple[str, Path]]) -> None:
        self._files = [
            (path, pq.ParquetFile(path)) for name, path in files if not columns_missing(name, path)
        ]
        self._groups = [
            (place, number)
            for place, (_, file) in enumerate(self._files)
            for number in range(file.metadata.num_row_groups)
        ]
        keys = [self._read(group, "text_key") for group in range(len(self._groups))]
        held = np.concatenate(
            [_fixed(column) for column in keys] or [_fixed(pa.chunked_array([], pa.string()))]
        )
        order = np.argsort(held, kind="stable")
        self._keys = held[order]
        self._rows = order
        self._starts = np.cumsum([0, *(len(column) for column in keys)])
        self._held: dict[int, Half] = {}

    def find(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors that are known of some keys, float32 of shape (n_dims,).

        Raises
        ------
        ArtifactError
            When a file is damaged.
        """
        wanted = sorted(set(keys))
        if not wanted or not len(self._keys):
            return {}
        asked = np.array(wanted, dtype=self._keys.dtype)
        places = np.minimum(np.searchsorted(self._keys, asked), len(self._keys) - 1)
        known = np.flatnonzero(self._keys[places] == asked)
        rows = self._rows[places[known]]
        groups = np.searchsorted(self._starts, rows, side="right") - 1
        found: dict[str, Vectors] = {}
        for group in sorted(set(groups.tolist()), key=lambda one: one not in self._held):
            of_group = np.flatnonzero(groups == group)
            vectors = self._vectors(group)[rows[of_group] - self._starts[group]]
            names = [wanted[i] for i in known[of_group].tolist()]
            found.update(zip(names, vectors.astype(np.float32), strict=True))
        return found

    def _vectors(self, group: int) -> Half:
        """Return the vectors of a row group; the groups asked for last are held."""
        vectors = self._held.pop(group, None)
        if vectors is None:
            column = self._read(group, "vector")
            vectors = matrix_of(len(column), column.chunks).astype(np.float16)
        self._held[group] = vectors
        while len(self._held) > _MAX_GROUPS:
            del self._held[next(iter(self._held))]
        return vectors

    def _read(self, group: int, column: str) -> pa.ChunkedArray:
        place, number = self._groups[group]
        path, file = self._files[place]
        try:
            return file.read_row_group(number, columns=[column]).column(0)
        except (pa.ArrowInvalid, OSError) as err:
            raise ArtifactError("{path} is damaged. Delete it and run again.", path=path) from err


class KeyedEncoder:
    """An encoder for the tables of vectors: it keys texts, and asks its model for new ones alone.

    Parameters
    ----------
    encoder : Encoder
    keys : TextKeys
    kept : KeptVectors, optional
        Vectors known before; none by default.
    """

    def __init__(self, encoder: Encoder, keys: TextKeys, kept: KeptVectors | None = None) -> None:
        self._encoder = encoder
        self._keys = keys
        self._kept = KeptVectors([]) if kept is None else kept

    def encode(self, texts: Sequence[str]) -> tuple[list[str], Vectors]:
        """Return the keys of texts, and their vectors, rounded: float32 ``(len(texts), n_dims)``.

        Neither depends on what is known.
        """
        keys = [self._keys.of(text) for text in texts]
        found = self._kept.find(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            made = rounded(self._encoder.encode([*missing.values()]))
            found.update(zip(missing, made, strict=True))
        if not keys:
            return keys, np.zeros((0, self._encoder.n_dims), dtype=np.float32)
        return keys, np.stack([found[key] for key in keys])


def _fixed(column: pa.ChunkedArray) -> NDArray[np.bytes_]:
    """Return keys as an array of bytes of one length."""
    return np.array(column.to_pylist(), dtype=f"S{_KEY_LETTERS}")
