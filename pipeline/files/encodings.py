"""Find out how the bytes of a text file stand for letters.

General detectors guess wrong on a few lines of Finnish, so the choice is made from what Finnish
is known to hold: ``ä``, ``ö`` and ``å``, and hardly another letter outside ASCII.
"""

import codecs
from collections import Counter
from typing import NamedTuple

from pipeline.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# In order of likelihood, which settles a tie: Excel on Windows, Excel on an old Mac, DOS.
_LEGACY = ("cp1252", "mac_roman", "cp850")
_FINNISH = set("äöåÄÖÅ")
_HARMLESS = set("éÉèüÜõÕšŠžŽæøßńáíóúñç€–—…“”„’‘«»§°½¼¾²³·•´×±£¤\xa0")
_MIN_NUL_SHARE = 0.2
_N_SAMPLE = 4096


class Decoded(NamedTuple):
    """A decoded text file.

    Attributes
    ----------
    text : str
    encoding : str
        The encoding found.
    n_odd_lines : int
        Lines in another encoding than the rest.
    n_lost : int
        Bytes that stand for no letter in the encoding; each became U+FFFD.
    """

    text: str
    encoding: str
    n_odd_lines: int = 0
    n_lost: int = 0


def decode(data: bytes, file: str, encoding: str | None = None) -> Decoded:
    """Decode the bytes of a text file.

    Parameters
    ----------
    data : bytes
    file : str
        Name of the file, for the message.
    encoding : str, optional
        Encoding to use; found from the bytes when not given.

    Returns
    -------
    Decoded

    Raises
    ------
    InputError
        When the file is not in the encoding given, or that encoding is unknown.

    Examples
    --------
    >>> decode("Äiti jäi yksin".encode("cp1252"), "a.csv")[:2]
    ('Äiti jäi yksin', 'cp1252')
    >>> decode("Äiti jäi yksin".encode("mac_roman"), "a.csv")[:2]
    ('Äiti jäi yksin', 'mac_roman')
    """
    if encoding is not None:
        return _decode_as(data, file, encoding)
    for bom, name in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(name, errors="replace")
            return Decoded(text, name, n_lost=text.count("\ufffd"))
    if wide := _wide_encoding(data):
        text = data.decode(wide, errors="replace")
        return Decoded(text, wide, n_lost=text.count("\ufffd"))
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_mixed(data)


def _decode_as(data: bytes, file: str, encoding: str) -> Decoded:
    """Decode as the user said, or say that it cannot be."""
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding)
    except LookupError as err:
        raise InputError(
            "ingest.encoding must be an encoding Python knows, such as cp1252. Got {encoding!r}.",
            encoding=encoding,
        ) from err
    except UnicodeDecodeError as err:
        raise InputError(
            "{file} is not {encoding}: byte {start} stands for no letter. Leave "
            "ingest.encoding out, so that it is found from the file.",
            file=file,
            encoding=encoding,
            start=err.start,
        ) from err


def _wide_encoding(data: bytes) -> str | None:
    """Return the UTF-16 a file without a byte order mark is in, if it is.

    Every second byte of Western text in UTF-16 is zero.
    """
    sample = data[:_N_SAMPLE]
    n_even, n_odd = sample[::2].count(0), sample[1::2].count(0)
    if max(n_even, n_odd) < _MIN_NUL_SHARE * len(sample) or min(n_even, n_odd) * 10 > max(
        n_even, n_odd
    ):
        return None
    return "utf-16-le" if n_odd > n_even else "utf-16-be"


def _decode_mixed(data: bytes) -> Decoded:
    """Decode bytes that are not all UTF-8: an old encoding, or files pasted together."""
    lines = data.splitlines(keepends=True)
    accented = [line for line in lines if not line.isascii()]
    legacy = _legacy_encoding(b"".join(line for line in accented if not _is_utf8(line)))
    n_odd = sum(not _is_utf8(line) for line in accented)
    if 2 * n_odd > len(accented):
        return Decoded(*_with_losses(data, legacy))
    pieces = [line.decode("utf-8" if _is_utf8(line) else legacy, "replace") for line in lines]
    text = "".join(pieces)
    return Decoded(text, "utf-8", n_odd_lines=n_odd, n_lost=text.count("\ufffd"))


def _with_losses(data: bytes, encoding: str) -> tuple[str, str, int, int]:
    """Decode in an old encoding and count the bytes it has no letter for."""
    text = data.decode(encoding, errors="replace")
    return text, encoding, 0, text.count("\ufffd")


def _is_utf8(line: bytes) -> bool:
    """Tell whether a line is valid UTF-8."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _legacy_encoding(data: bytes) -> str:
    """Return the old encoding that makes the most Finnish of the bytes."""
    counts = Counter(byte for byte in data if byte > 0x7F)

    def finnishness(encoding: str) -> int:
        score = 0
        for byte, n_times in counts.items():
            character = bytes([byte]).decode(encoding, errors="replace")
            if character in _FINNISH:
                score += n_times
            elif character not in _HARMLESS:
                score -= n_times
        return score

    return max(_LEGACY, key=finnishness)
