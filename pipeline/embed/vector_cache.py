"""Keep vectors by the hash of their text, so that a text is encoded once."""

import hashlib
import hmac
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pipeline.embed.protocol import Encoder, Vectors
from pipeline.errors import ArtifactError
from pipeline.permissions import protect

_STEP = 64
_PATIENCE_SECONDS = 60.0  # for another worker that is writing


class CachedEncoder:
    """Put a cache on disk in front of an encoder.

    The key is an HMAC-SHA256 of the text with the study's secret, so the file shows neither texts
    nor whether a guessed text is among them. New vectors are stored every 64 texts: an interrupted
    run goes on where it stopped. Each vector is kept for the stage that asked for it first, so that
    those of the reports can be forgotten without those of the themes.

    Parameters
    ----------
    encoder : Encoder
    file : Path
        SQLite file; made when missing, in an existing folder.
    secret : bytes
        The study's secret.
    """

    def __init__(self, encoder: Encoder, file: Path, secret: bytes) -> None:
        self._encoder = encoder
        self._secret = secret
        self._file = file
        self.stage = ""
        try:
            self._db = sqlite3.connect(file, timeout=_PATIENCE_SECONDS)
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS vectors "
                "(key BLOB PRIMARY KEY, stage TEXT NOT NULL, vector BLOB NOT NULL)"
            )
            self._db.execute("SELECT key, stage, vector FROM vectors LIMIT 0")
        except sqlite3.DatabaseError as err:
            raise ArtifactError(
                "{file} is damaged or of another version. Delete it and run again.", file=file
            ) from err
        protect(file, 0o600)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

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
        keys = [self._key(text) for text in texts]
        found = self._look_up(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        todo = list(missing.items())
        for start in range(0, len(todo), _STEP):
            part = todo[start : start + _STEP]
            vectors = self._encoder.encode([text for _, text in part])
            rows = [
                (key, self.stage, vector.tobytes())
                for (key, _), vector in zip(part, vectors, strict=True)
            ]
            with self._db:
                self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
            found.update({key: vector for (key, _), vector in zip(part, vectors, strict=True)})
            if progress is not None:
                progress(len(texts) - len(todo) + start + len(part), len(texts))
        if not keys:
            return np.zeros((0, self.n_dims), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def keep_only(self, texts: Sequence[str]) -> int:
        """Delete this stage's vectors of all texts but these; return how many."""
        asked = self._db.execute("SELECT key FROM vectors WHERE stage = ?", (self.stage,))
        unused = {row[0] for row in asked} - {self._key(text) for text in texts}
        with self._db:
            self._db.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in unused])
        if unused:
            self._db.execute("VACUUM")
        return len(unused)

    def _key(self, text: str) -> bytes:
        """Name a text without showing it."""
        message = f"{self._encoder.name}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).digest()

    def _look_up(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Return the vectors the cache has."""
        found: dict[bytes, Vectors] = {}
        for key in set(keys):
            row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if row is not None:
                found[key] = np.frombuffer(row[0], dtype=np.float32)
        return found
