"""Find every kind of personal data that has a shape: codes, numbers, addresses."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.addresses import find_addresses
from pipeline.pseudonymise.contacts import find_emails, find_handles, find_phones
from pipeline.pseudonymise.identity_codes import find_birth_dates, find_identity_codes
from pipeline.pseudonymise.spans import Span

_FINNISH_IBAN = re.compile(r"(?<!\w)FI\s?\d{2}(?:[ \u00a0-]?\d){14}(?!\w)", re.IGNORECASE)
_ANY_IBAN = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?(?!\w)"
)

_PLATE = re.compile(r"(?<![\w/-])(?P<letters>[A-ZÅÄÖ]{2,3})[-‐‑–](?P<digits>\d{1,3})(?![\w/%€:-])")
_LOOSE_PLATE = re.compile(
    r"(?<![\w/-])(?P<letters>[A-ZÅÄÖa-zåäö]{2,3})\s?[-–]?\s?(?P<digits>[1-9]\d{0,2})(?![\w/%€:.,-]*\w)"
)
_VEHICLE = re.compile(
    r"\b(?:auto\w*|rekist\w+|rek\.|kilp\w+|ajoneuvo\w*|mopo\w*|moottoripyör\w+|pakettiauto\w*|mönkijä\w*)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_NO_PLATE = frozenset(
    re.findall(
        r"\w+",
        "AA ADI AVI BDI BMI CDC CDR CDT CRP DSM EN ENE ETA EU FI GAD GAF GAS GMFCS HCV "
        "HE HIV HPV HUS ICD ICF IQ ISO KHO KKO KV LTO LUE MAC MMR MOQ NAS OT PCR PEF "
        "PHQ PL PTH RAI RAV SDQ SF SFS STM TE TEM THC THL UE UI UK US UVA VHS WHO YK YT "
        "ZBI ",
    )
)
"""Letters before a hyphen and a number that are no plate: ICD-10, GAD-7, EU-27."""
_SURE_DIGITS = 2


def find_coded(text: str) -> list[Span]:
    """Find all personal data that has a shape.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Span
        Every rule's answer, overlaps included; :func:`pipeline.pseudonymise.spans.settle` makes
        them disjoint.

    Examples
    --------
    >>> text = "Auto ABC-123, tili FI21 1234 5600 0007 85, rokote COVID-19."
    >>> sorted({(s.kind, text[s.start : s.end]) for s in find_coded(text)})
    [('iban', 'FI21 1234 5600 0007 85'), ('rekisterinumero', 'ABC-123')]
    """
    rules = (
        *(_find_ibans, find_emails, find_identity_codes, find_addresses, find_birth_dates),
        *(find_phones, find_plates, find_handles),
    )
    return [span for rule in rules for span in rule(text)]


def _find_ibans(text: str) -> Iterator[Span]:
    """Find account numbers: Finnish ones by shape, others when their check digits are right."""
    from stdnum import iban

    for match in _FINNISH_IBAN.finditer(text):
        score = 1.0 if iban.is_valid(match.group().replace("\u00a0", " ")) else 0.9
        yield Span(*match.span(), "iban", "iban", score)
    for match in _ANY_IBAN.finditer(text):
        if iban.is_valid(match.group().replace("\u00a0", " ")):
            yield Span(*match.span(), "iban", "iban", 1.0)


def find_plates(text: str) -> Iterator[Span]:
    """Find vehicle plates: ABC-123 anywhere, looser forms after a word of vehicles.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``rekisterinumero``.
    """
    for match in _PLATE.finditer(text):
        if match["letters"] not in _NO_PLATE and len(match["digits"]) >= _SURE_DIGITS:
            yield Span(*match.span(), "rekisterinumero", "kilpi", 0.8)
    for match in _LOOSE_PLATE.finditer(text):
        if match["letters"].upper() in _NO_PLATE or match["letters"] in ("on", "ja", "klo", "yli"):
            continue
        if _VEHICLE.search(text, max(0, match.start() - 60), match.start()):
            yield Span(*match.span(), "rekisterinumero", "kilpi-ajoneuvon-jälkeen", 0.6)
