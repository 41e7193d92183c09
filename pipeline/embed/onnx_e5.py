"""The default encoder: multilingual-e5-small on ONNX Runtime, one text a call.

A text's vector depends on the text alone: not on the texts beside it, their order, the number of
threads or the process. That is why texts are never batched: integers are scaled by the largest
value of the whole batch, and padding would change it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.embed.e5_engine import E5Engine, load_engine, runtime_version
from pipeline.embed.e5_file import N_DIMS, find_weights
from pipeline.embed.e5_tensors import Precision
from pipeline.embed.protocol import Vectors

Pooling = Literal["sif", "mean"]

_WINDOW = 512
_CHUNK = 16
_RARITY = 1e-5
"""SIF's *a*: a piece of this probability counts half as much as the rarest."""


class OnnxE5:
    """Encode with multilingual-e5-small.

    Parameters
    ----------
    prefix : {"passage", "query"}
        The instruction e5 was trained with.
    n_threads : int
        Texts encoded at once. The vectors do not depend on it.
    pooling : {"sif", "mean"}
        How the states of a text's tokens become one vector. ``mean`` takes all alike, the prefix
        and the special tokens too, as the model was trained. ``sif`` weighs a piece of probability
        *p* by a / (a + p), and the prefix and the special tokens by nothing (Arora et al. 2017, "A
        Simple but Tough-to-Beat Baseline for Sentence Embeddings", openreview.net SyK00v5xx; *p* is
        the tokenizer's own and no component is taken away).
    precision : {"int7", "q4"}
        ``int7`` is the fastest; ``q4`` computes with the weights exactly as they are kept.
    weights : Path or None
        The file of weights; None looks for it (:func:`pipeline.embed.e5_file.find_weights`).
    """

    def __init__(
        self,
        prefix: Literal["passage", "query"] = "passage",
        n_threads: int = 2,
        pooling: Pooling = "sif",
        precision: Precision = "int7",
        weights: Path | None = None,
    ) -> None:
        self.prefix = prefix
        self.n_threads = n_threads
        self.pooling = pooling
        self.precision = precision
        self._weights = weights

    @property
    def name(self) -> str:
        """Weights, precision, version of the runtime, pooling and prefix."""
        return (
            f"multilingual-e5-small/{self.precision}/onnxruntime-{runtime_version()}/"
            f"{self.pooling}/{self.prefix}"
        )

    @property
    def n_dims(self) -> int:
        """384."""
        return N_DIMS

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return unit vectors ``(len(texts), 384)``.

        A text of more than 512 tokens is read in windows, whose sums are added. An empty text has
        the vector of the prefix alone.
        """
        vectors = np.zeros((len(texts), N_DIMS), dtype=np.float32)
        if not texts:
            return vectors
        engine = load_engine(self._weights or find_weights(), self.precision)
        head = [engine.file.vocabulary.start, *engine.tokenizer(f"{self.prefix}:")]
        pieces = [engine.tokenizer(text) for text in texts]
        rarity = _rarity(engine) if self.pooling == "sif" else None
        # The longest first, so that no thread is left alone with a long text at the end.
        order = sorted(range(len(texts)), key=lambda i: -len(pieces[i]))

        def encode_one(i: int) -> None:
            vectors[i] = _unit(_summed(engine, head, pieces[i], rarity))

        with ThreadPoolExecutor(self.n_threads) as pool:
            for done, _ in enumerate(pool.map(encode_one, order), 1):
                if progress is not None and (done % _CHUNK == 0 or done == len(texts)):
                    progress(done, len(texts))
        return vectors


def _rarity(engine: E5Engine) -> NDArray[np.float32]:
    """Return SIF's weight of every token."""
    probability = np.exp(engine.file.vocabulary.scores.astype(np.float64))
    return (_RARITY / (_RARITY + probability)).astype(np.float32)


def _summed(
    engine: E5Engine, head: list[int], pieces: list[int], rarity: NDArray[np.float32] | None
) -> NDArray[np.float64]:
    """Return the weighted sum of the states of a text's tokens, over its windows."""
    total = np.zeros(N_DIMS, dtype=np.float64)
    n_room = _WINDOW - len(head) - 1
    for start in range(0, max(1, len(pieces)), n_room):
        part = pieces[start : start + n_room]
        ids = np.array([*head, *part, engine.file.vocabulary.end], dtype=np.int64)
        weights = np.zeros(len(ids), dtype=np.float32)
        if rarity is None or not part:
            # A mean a window, and the windows by their length.
            weights[:] = max(1, len(part)) / len(ids)
        else:
            weights[len(head) : -1] = rarity[part]
        total += engine.weighted_sum(ids, weights)
    return total


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    """Give a vector unit length."""
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
