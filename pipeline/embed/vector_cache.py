"""Keep vectors by the hash of their text, so that a text is encoded once."""

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.embed.protocol import Encoder, Vectors
from pipeline.text_cache import TextCache

_STEP = 64


class CachedEncoder:
    """Put a cache on disk in front of an encoder, for texts that stand in no table: of themes.

    New vectors are stored every 64 texts: an interrupted run goes on where it stopped.

    Parameters
    ----------
    encoder : Encoder
    cache : TextCache
        Of this encoder.
    """

    def __init__(self, encoder: Encoder, cache: TextCache) -> None:
        self._encoder, self._cache = encoder, cache

    def close(self) -> None:
        """Close the cache."""
        self._cache.close()

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
        """Return unit vectors ``(len(texts), n_dims)``, from the cache where it has them."""
        kept = self._cache.look_up(texts)
        found = {text: np.frombuffer(held, dtype=np.float32) for text, held in kept.items()}
        todo = [text for text in dict.fromkeys(texts) if text not in found]
        for start in range(0, len(todo), _STEP):
            part = todo[start : start + _STEP]
            vectors = dict(zip(part, self._encoder.encode(part), strict=True))
            self._cache.keep({text: vector.tobytes() for text, vector in vectors.items()})
            found.update(vectors)
            if progress is not None:
                progress(len(texts) - len(todo) + start + len(part), len(texts))
        if not found:
            return np.zeros((0, self.n_dims), dtype=np.float32)
        return np.stack([found[text] for text in texts])
