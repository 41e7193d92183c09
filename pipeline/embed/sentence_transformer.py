"""Any sentence-transformers model that lies on disk, for those who have one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.embed.protocol import Vectors
from pipeline.errors import ResourceError

_CHUNK = 32


class SentenceTransformerEncoder:
    """Encode with a sentence-transformers model from a folder; nothing is downloaded.

    Parameters
    ----------
    folder : Path
        The model's folder.
    prefix : str
        Text put before every text, such as ``"passage: "`` for e5.
    """

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder = folder
        self.prefix = prefix
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """Folder name, size of the weights and prefix."""
        n_bytes = sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())
        return f"sentence-transformers/{self.folder.name}/{n_bytes}/{self.prefix}"

    @property
    def n_dims(self) -> int:
        """Length of the model's vectors."""
        return int(self._model().get_sentence_embedding_dimension())

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return unit vectors ``(len(texts), n_dims)``."""
        if not texts:
            return np.zeros((0, self.n_dims), dtype=np.float32)
        rows = []
        for start in range(0, len(texts), _CHUNK):
            chunk = [self.prefix + text for text in texts[start : start + _CHUNK]]
            rows.append(self._model().encode(chunk, normalize_embeddings=True))
            if progress is not None:
                progress(min(start + _CHUNK, len(texts)), len(texts))
        vectors: Vectors = np.concatenate(rows).astype(np.float32)
        return vectors

    def _model(self) -> Any:
        """Load the model at first use."""
        if self._loaded is None:
            if not self.folder.is_dir():
                raise ResourceError(
                    "embed.model must be a folder with a sentence-transformers model. "
                    "{folder} is none.",
                    folder=self.folder,
                )
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError as err:
                raise ResourceError(
                    "sentence-transformers is not installed. "
                    "Install it: pip install 'havainto[sentence-transformers]'"
                ) from err
            self._loaded = SentenceTransformer(str(self.folder), local_files_only=True)
        return self._loaded
