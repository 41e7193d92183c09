"""An encoder without a model: hashed character n-grams, for quick trials and tests."""

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.embed.protocol import Vectors


class HashingEncoder:
    """Encode texts by hashed character n-grams of three to five letters.

    Fast and deterministic, and blind to meaning: likeness of wording only.

    Parameters
    ----------
    n_dims : int
        Length of a vector.
    """

    def __init__(self, n_dims: int = 256) -> None:
        self._n_dims = n_dims

    @property
    def name(self) -> str:
        """Method and length."""
        return f"hashing/{self._n_dims}"

    @property
    def n_dims(self) -> int:
        """Length of a vector."""
        return self._n_dims

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return unit vectors ``(len(texts), n_dims)``; an empty text has the zero vector."""
        from sklearn.feature_extraction.text import HashingVectorizer

        if not texts:
            return np.zeros((0, self._n_dims), dtype=np.float32)
        vectorizer = HashingVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), n_features=self._n_dims, norm="l2"
        )
        vectors: Vectors = vectorizer.transform(texts).toarray().astype(np.float32)
        if progress is not None:
            progress(len(texts), len(texts))
        return vectors
