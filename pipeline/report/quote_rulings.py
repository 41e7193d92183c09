"""Read ``human/quotes.toml``: quotations the analyst wants, and those never to be shown."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.human.files import complaint, in_finnish, read_toml

FILE_NAME = "quotes.toml"
_KEYS = ("pin", "ban")
_IN_FINNISH = {"nosta": "pin", "kiella": "ban", "kiellä": "ban"}


@dataclass(frozen=True)
class QuoteRulings:
    """The analyst's word on quotations.

    Attributes
    ----------
    pinned : frozenset of str
        Segments quoted first wherever they fit.
    banned : frozenset of str
        Segments, or whole reports, that are never quoted.
    """

    pinned: frozenset[str] = field(default_factory=frozenset)
    banned: frozenset[str] = field(default_factory=frozenset)

    def bans(self, segment_id: str) -> bool:
        """Tell whether a segment may not be quoted, itself or with its report."""
        return segment_id in self.banned or segment_id.rsplit("/", 2)[0] in self.banned

    def known(self, segment_ids: Iterable[str]) -> "QuoteRulings":
        """Return the rulings without pins of segments that the study does not have (any more)."""
        return QuoteRulings(self.pinned & frozenset(segment_ids), self.banned)


def read_quote_rulings(folder: Path) -> QuoteRulings:
    """Read the file of a study's ``human`` folder.

    The file holds two lists of ids, both optional::

        pin = ["R-1/observation/003"]
        ban = ["R-2/proposal/000", "R-7"]

    Parameters
    ----------
    folder : Path

    Returns
    -------
    QuoteRulings
        Empty when there is no file.

    Raises
    ------
    InputError
        When the file is no such TOML, or an id is both pinned and banned.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return QuoteRulings()
    data = in_finnish(read_toml(path), _IN_FINNISH)
    unknown = sorted(set(data) - set(_KEYS))
    if unknown:
        raise complaint(
            str(path), "it may hold pin and ban", f"{len(unknown)} other keys", "Remove them."
        )
    pinned, banned = (_ids(path, key, data.get(key, [])) for key in _KEYS)
    rulings = QuoteRulings(pinned, banned)
    both = sorted(one for one in pinned if rulings.bans(one))
    if both:
        raise complaint(
            str(path), "a quotation is pinned or banned",
            f"a file that both pins and bans {len(both)} ids",
            "Remove one of the two.",
        )  # fmt: skip
    return rulings


def quote_rulings_identity(folder: Path) -> dict[str, str]:
    """Return the hash of the file, for the manifests."""
    path = folder / FILE_NAME
    held = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "none"
    return {FILE_NAME: held}


def _ids(path: Path, key: str, value: Any) -> frozenset[str]:
    """Return a list of ids, or say what else stands there."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise complaint(
            str(path), f'{key} must be a list of ids, such as ["R-1/observation/003"]',
            "something else", "Correct it.",
        )  # fmt: skip
    return frozenset(value)
