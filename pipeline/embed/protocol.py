"""What an encoder is."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turn texts into vectors of unit length.

    In life it is a model behind a cache; in tests it hashes.
    """

    @property
    def name(self) -> str:
        """Name of the model and all else that changes its vectors, for cache and manifests."""
        ...

    @property
    def n_dims(self) -> int:
        """Length of a vector."""
        ...

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return float32 vectors ``(len(texts), n_dims)`` of unit length, row i for text i.

        The vector of a text does not depend on the other texts.
        """
        ...
