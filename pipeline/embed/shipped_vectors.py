"""Vectors of the sentences that every study encodes: they ship with the weights.

The sentences of the shipped taxonomies are the same in every study, and a text's vector depends on
the text alone, so none of them needs to be encoded anew (``benchmarks/make_example_vectors.py``).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.embed.protocol import Encoder, Vectors
from pipeline.resources import shipped

FILE = ("models", "e5", "examples.npz")
_N_BYTES = 16


class WithShipped:
    """Put the shipped vectors in front of an encoder; it is asked for the vectors of others.

    Parameters
    ----------
    encoder : Encoder
        The shipped vectors are used where its name is that of the encoder that made them.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def name(self) -> str:
        """The encoder's name."""
        return self._encoder.name

    @property
    def n_dims(self) -> int:
        """The encoder's vector length."""
        return self._encoder.n_dims

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return unit vectors ``(len(texts), n_dims)``, row i for text i."""
        known = shipped_vectors(self.name)
        keys = [_key(text) for text in texts] if known else []
        others = [i for i, key in enumerate(keys) if key not in known] if known else []
        if len(others) == len(keys):
            return self._encoder.encode(texts, progress=progress)
        found = np.empty((len(texts), self.n_dims), dtype=np.float32)
        if others:
            found[others] = self._encoder.encode([texts[i] for i in others], progress=progress)
        for row, key in enumerate(keys):
            if key in known:
                found[row] = known[key]
        return found


@cache
def shipped_vectors(encoder: str) -> Mapping[bytes, Vectors]:
    """Return the shipped vectors of an encoder by the key of their text; none of another one."""
    with np.load(shipped(*FILE), allow_pickle=False) as file:
        if str(file["encoder"]) != encoder:
            return {}
        keys, vectors = file["keys"], file["vectors"]
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def write_vectors(path: Path, encoder: Encoder, texts: Iterable[str]) -> None:
    """Encode texts and write them as the file that ships, the same bytes for the same texts."""
    held = sorted(set(texts))
    keys = np.array([np.frombuffer(_key(text), dtype=np.uint8) for text in held])
    with path.open("wb") as stream:
        np.savez(stream, encoder=encoder.name, keys=keys, vectors=encoder.encode(held))


def _key(text: str) -> bytes:
    """Return the key of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_N_BYTES]
