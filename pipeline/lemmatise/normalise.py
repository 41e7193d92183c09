"""Give a word the spelling dictionaries know, without touching the text it stands in."""

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SIGNS = str.maketrans(
    {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), "’": "'", "´": "'"}
)
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d)")
_MARKS = "\"'()[]{}<>«»”“„.,;:!?…"


def look_up_form(form: str) -> str:
    r"""Return a word as dictionaries spell it: composed letters, plain hyphens, nothing attached.

    Soft hyphens and other invisible characters go, typographic dashes and apostrophes become plain
    ones, ``50 000`` becomes ``50000``, and punctuation marks around the word are left out. The
    spelling is for looking up only: the token keeps the form as written.

    Examples
    --------
    >>> look_up_form("per\u00adhe\u00adtyö,")
    'perhetyö'
    >>> look_up_form("a\u0308iti"), look_up_form("50 000")
    ('äiti', '50000')
    """
    if form.isalnum():
        return form
    plain = unicodedata.normalize("NFC", form.translate(_INVISIBLE)).translate(_SIGNS)
    plain = _SPACES.sub("", plain)
    return plain.strip(_MARKS) or plain


def common_start(a: str, b: str) -> str:
    """Return the letters two words begin with.

    Examples
    --------
    >>> common_start("perhe", "perunaa")
    'per'
    """
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    return a[:n]
