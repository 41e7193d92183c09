"""Keep what was worked out of a text by the hash of the text, so that it is worked out once."""

import hashlib
import hmac
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.errors import ArtifactError
from pipeline.permissions import protect

_PATIENCE_SECONDS = 60.0  # for another process that is writing


class TextCache:
    """A file of values by text, which shows no text.

    The key is an HMAC-SHA256 of the text with the study's secret, so the file shows neither texts
    nor whether a guessed text is among them. What a value holds is for its maker to mind.

    Parameters
    ----------
    file : Path
        SQLite file; made when missing, in an existing folder, readable by its owner only.
    secret : bytes
        The study's secret.
    made_by : str
        What makes the values of the texts, with its version: those of another are not found.

    Raises
    ------
    ArtifactError
        When the file is no such cache.
    """

    def __init__(self, file: Path, secret: bytes, made_by: str) -> None:
        self._secret, self._made_by = secret, made_by
        try:
            self._db = sqlite3.connect(file, timeout=_PATIENCE_SECONDS)
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB NOT NULL)"
            )
            self._db.execute("SELECT key, value FROM kept LIMIT 0")
        except sqlite3.DatabaseError as err:
            raise ArtifactError(
                "{file} is damaged or of another version. Delete it and run again.", file=file
            ) from err
        protect(file, 0o600)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def look_up(self, texts: Iterable[str]) -> dict[str, bytes]:
        """Return the values of those texts that the cache has."""
        found = {}
        for text in set(texts):
            asked = self._db.execute("SELECT value FROM kept WHERE key = ?", (self._key(text),))
            row = asked.fetchone()
            if row is not None:
                found[text] = row[0]
        return found

    def keep(self, values: Mapping[str, bytes]) -> None:
        """Store values by text."""
        rows = [(self._key(text), value) for text, value in values.items()]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)

    def keep_only(self, texts: Iterable[str]) -> int:
        """Delete the values of all texts but these, and those of another maker; return how many."""
        kept = {self._key(text) for text in texts}
        unused = [row for row in self._db.execute("SELECT key FROM kept") if row[0] not in kept]
        with self._db:
            self._db.executemany("DELETE FROM kept WHERE key = ?", unused)
        if unused:
            self._db.execute("VACUUM")  # what is deleted stays in the file otherwise
        return len(unused)

    def _key(self, text: str) -> bytes:
        return text_digest(self._secret, self._made_by, text)


def text_digest(secret: bytes, made_by: str, text: str) -> bytes:
    """Name what was made of a text without showing the text: an HMAC-SHA256, 32 bytes.

    Parameters
    ----------
    secret : bytes
        The study's secret.
    made_by : str
        What makes the value, with its version.
    text : str
    """
    message = f"{made_by}\0{text}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).digest()
