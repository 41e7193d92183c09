"""Word vectors without a model, for tests that are not about them."""

import hashlib

import numpy as np


class HashedWords:
    """Give a word a direction made of its hash."""

    name = "hashed"
    n_dims = 8

    def weighed(self, words):
        if not words:
            return np.zeros((0, self.n_dims), dtype=np.float32)
        digests = [hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest() for word in words]
        rows = np.stack(
            [np.frombuffer(d[: self.n_dims], np.int8).astype(np.float32) for d in digests]
        )
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
