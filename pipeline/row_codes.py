"""Codes of rows that go out in a sheet and come back: no spreadsheet can change them.

A spreadsheet reads ``0012`` as 12, ``12345678`` as a number and ``12e45678`` as infinity, shows
``1/2`` as a day, and answers to words such as ``TRUE``. A code of consonants is none of these.
"""

import hashlib

_LETTERS = "BCDFGHJKMNPQRSTVWXZ"
"""Consonants in capitals, without L, which is read as I or 1, and without vowels, so that no code
is a word, a month or a truth value."""

_N_LETTERS = 9


def row_code(*parts: str) -> str:
    """Return the code of a row, which gives none of its parts away.

    Parameters
    ----------
    *parts : str
        What the row is about, such as a group and a report.

    Returns
    -------
    str
        Nine consonants; the same for the same parts.

    Examples
    --------
    >>> row_code("S-1", "P1-001") == row_code("S-1", "P1-001") != row_code("S-1", "P1-002")
    True
    >>> set(row_code("S-1", "P1-001")) <= set("BCDFGHJKMNPQRSTVWXZ")
    True
    """
    number = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:8], "big")
    letters = []
    for _ in range(_N_LETTERS):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)
