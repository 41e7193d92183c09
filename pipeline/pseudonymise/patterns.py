"""Find every kind of personal data that has a shape: codes, numbers, addresses."""

from pipeline.pseudonymise.accounts import find_accounts
from pipeline.pseudonymise.addresses import find_addresses
from pipeline.pseudonymise.birth_dates import find_birth_dates
from pipeline.pseudonymise.contacts import find_emails, find_phones
from pipeline.pseudonymise.cues import Cues
from pipeline.pseudonymise.handles import find_handles, find_pages, find_register_numbers
from pipeline.pseudonymise.identity_codes import find_identity_codes, find_parts_of_codes
from pipeline.pseudonymise.plates import find_plates
from pipeline.pseudonymise.spans import Span

_RULES = (
    *(find_accounts, find_emails, find_identity_codes, find_parts_of_codes, find_addresses),
    *(find_birth_dates, find_phones, find_plates, find_handles, find_register_numbers),
)


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

    Raises
    ------
    ResourceError
        When Voikko or its dictionary is missing.

    Examples
    --------
    >>> from pipeline.pseudonymise.spans import settle
    >>> text = "Auto ABC-123, tili FI21 1234 5600 0007 85, rokote COVID-19."
    >>> [(s.kind, text[s.start : s.end]) for s in settle(text, find_coded(text))]
    [('rekisterinumero', 'ABC-123'), ('iban', 'FI21 1234 5600 0007 85')]
    """
    cues = Cues(text)
    return [*find_pages(text), *(span for rule in _RULES for span in rule(text, cues))]
