"""Which reports a coder reads before the machine's suggestions are shown: *Ensin itse*."""

import hashlib
import hmac
import math
from collections.abc import Iterable


def read_first(
    secret: bytes, coder: str, report_ids: Iterable[str], share: float, least: int
) -> frozenset[str]:
    """Draw the reports of one period on which suggestions are withheld until the coder has ruled.

    Parameters
    ----------
    secret : bytes
        The study's random key.
    coder : str
    report_ids : iterable of str
        Reports of one period.
    share : float
        0-1; 0 draws none.
    least : int
        Reports drawn at least, as far as there are so many.

    Returns
    -------
    frozenset of str
        The same reports at every start, and others for another coder.

    Examples
    --------
    >>> ids = [f"R-{i}" for i in range(100)]
    >>> drawn = read_first(b"secret", "A", ids, 0.2, 8)
    >>> len(drawn), drawn == read_first(b"secret", "A", reversed(ids), 0.2, 8)
    (20, True)
    """
    ranked = sorted(report_ids, key=lambda report_id: (_draw(secret, coder, report_id), report_id))
    n_drawn = max(least, math.ceil(share * len(ranked))) if share > 0 else 0
    return frozenset(ranked[:n_drawn])


def _draw(secret: bytes, coder: str, report_id: str) -> bytes:
    """Return the lot of a report."""
    text = f"ensin-itse\0{coder}\0{report_id}".encode()
    return hmac.new(secret, text, hashlib.sha256).digest()
