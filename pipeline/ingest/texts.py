"""Clean the characters of a cell without touching its words."""

import re
import unicodedata
from functools import lru_cache

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, zero-width spaces, bidirectional marks and soft hyphens: none can be seen, and
# inside a name or an identity code they would hide it from the rules that look for it.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_EXCEL_ESCAPE = re.compile("_x(00[01][0-9A-Fa-f]|005F)_")
# The first byte of a two-byte UTF-8 letter, or of a three-byte dash or quotation mark, seen in
# Windows-1252. A text with one of them is put right only when all of it is UTF-8 again.
_MOJIBAKE = re.compile("[ÂÃâ]")
_NUMBERING = re.compile(r"^\s*\d{1,3}[.)]\s+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def clean_text(text: str) -> tuple[str, int]:
    r"""Return a text as NFC with ``\n`` line ends and no unseen characters.

    Parameters
    ----------
    text : str

    Returns
    -------
    (str, int)
        The text without outer blanks, and how many characters were removed or replaced.

    Examples
    --------
    >>> clean_text("  Vuokra\x00 nousi.\r\n\r\nPerhe muutti. ")
    ('Vuokra nousi.\n\nPerhe muutti.', 1)
    >>> clean_text("eka_x000D_\ntoka")
    ('eka\ntoka', 0)
    """
    is_plain = text.isprintable() and "_x0" not in text
    if is_plain and unicodedata.is_normalized("NFC", text):
        return text.strip(), 0
    text = _EXCEL_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    text = _LINE_ENDS.sub("\n", text)
    text, n_unseen = _UNSEEN.subn("", text)
    text, n_surrogates = _SURROGATE.subn("\ufffd", text)
    return unicodedata.normalize("NFC", text).strip(), n_unseen + n_surrogates


def undo_mojibake(text: str) -> str:
    """Put right a text that was UTF-8 and was once read as Windows-1252.

    A text that does not come back whole is left as it is.

    >>> undo_mojibake("PÃ¤ivÃ¤koti"), undo_mojibake("Päiväkoti")
    ('Päiväkoti', 'Päiväkoti')
    """
    if not _MOJIBAKE.search(text):
        return text
    try:
        return b"".join(_windows_byte(c) for c in text).decode("utf-8")
    except UnicodeError:
        return text


def _windows_byte(character: str) -> bytes:
    """Return the Windows-1252 byte of a character; its five gaps stand for themselves."""
    if character in "\x81\x8d\x8f\x90\x9d":
        return character.encode("latin-1")
    return character.encode("cp1252")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a label in the form in which two labels are compared.

    Case, spaces, a leading question number and closing punctuation do not count.

    >>> fold("3. Kuvaa  havaintosi: *") == fold("kuvaa havaintosi")
    True
    """
    text = unicodedata.normalize("NFKC", clean_text(text)[0])
    return " ".join(_NUMBERING.sub("", text).casefold().split()).rstrip(" *:?.")


def slug(text: str) -> str:
    """Return a label as an id: small ASCII letters, digits and hyphens.

    >>> slug("Päihde- ja riippuvuusasiakkaat")
    'paihde-ja-riippuvuusasiakkaat'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _NOT_SLUG.sub("-", plain).strip("-")
