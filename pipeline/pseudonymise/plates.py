"""Find the plates of vehicles."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.cues import Cues, is_word, kinds_of
from pipeline.pseudonymise.spans import Span

_PLATE = re.compile(r"(?<![\w/-])(?P<letters>[A-ZÅÄÖ]{2,3})[-‐‑–](?P<digits>\d{1,3})(?![\w/%€:-])")
_LOOSE = re.compile(
    r"(?<![\w/-])(?P<letters>[A-ZÅÄÖa-zåäö]{2,3})\s?[-‐‑–]?\s?(?P<digits>[1-9]\d{0,2})(?![\w/%€]|[:.,-]\w)"
)
_MOPED = re.compile(
    r"(?<![\w/-])(?P<digits>\d{1,3})\s?[-‐‑–]?\s?(?P<letters>[A-ZÅÄÖa-zåäö]{2,3})(?![\w/-])"
)
_NO_PLATE = frozenset(
    re.findall(
        r"\w+",
        "AA ADI AVI BDI BMI CDC CDR CDT CRP DSM EN ENE ETA EU FI GAD GAF GAS GMFCS HCV "
        "HE HIV HPV HUS ICD ICF IQ ISO KHO KKO KV LTO LUE MAC MMR MOQ NAS OT PCR PEF "
        "PHQ PL PTH RAI RAV SDQ SF SFS STM TE TEM THC THL UE UI UK US UVA VHS WHO YK YT "
        "ZBI KL KLO MIN KM KPL VK KK EUR HLO KM SIS KRS NRO NR",
    )
)
"""Letters before a hyphen and a number that are no plate: ICD-10, GAD-7, EU-27."""
_SURE_DIGITS = 2
_LOOK_BACK = 32
_WORD_BEFORE = re.compile(r"(?P<word>[^\W\d_]+) $")


def find_plates(text: str, cues: Cues) -> Iterator[Span]:
    """Find vehicle plates: ABC-123 anywhere, looser forms beside a word of vehicles.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``rekisterinumero``.

    Examples
    --------
    >>> text = "Auto, rekkari uiv 941, maksoi 300 euroa ja koodi on ICD-10."
    >>> [text[s.start : s.end] for s in find_plates(text, Cues(text))]
    ['uiv 941']
    """
    for match in _PLATE.finditer(text):
        if match["letters"] not in _NO_PLATE and len(match["digits"]) >= _SURE_DIGITS:
            if _is_numbered(text, match.start()):
                continue
            yield Span(*match.span(), "rekisterinumero", "kilpi", 0.8)
    for pattern in (_LOOSE, _MOPED):
        for match in pattern.finditer(text):
            if _may_be_plate(match, cues) and cues.is_near(
                "vehicle", *match.span(), before=6, after=4
            ):
                yield Span(*match.span(), "rekisterinumero", "kilpi-ajoneuvon-luona", 0.6)


def _is_numbered(text: str, start: int) -> bool:
    """Tell whether a form, room or model stands right before: *lomake KU-102*."""
    match = _WORD_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    return match is not None and "numbered" in kinds_of(match["word"].casefold())


def _may_be_plate(match: re.Match[str], cues: Cues) -> bool:
    """Tell whether letters and digits may be a plate: the letters no word, no unit, no code."""
    letters = match["letters"]
    if letters.upper() in _NO_PLATE:
        return False
    if cues.is_near("plate", *match.span(), before=1):
        return True
    return letters.isupper() or not is_word(letters)
