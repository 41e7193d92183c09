"""Tell where a client, or someone close to one, speaks or is reported to have spoken."""

import re

_WHO = (
    r"(?:asiak(?:as|kaa\w*)|pari(?:skunta)?|vanhem\w+|äiti|isä|nuor(?:i|et|en)|lapsi|lapset|"
    r"tyttö|poika|nainen|mies|rouva|vaari|mummo|ikäihmi\w+|vanhus|vanhukset|omai(?:nen|set)|"
    r"puoliso|tytär|perhe|perheet|isoäiti|isoisä|asuk(?:as|kaat)|opiskelija|oppilas|kävijä\w*|"
    r"huoltaja\w*|läheinen|läheiset|ihmiset|moni|useampi|hän|he)"
)
_SAID = (
    r"(?:kerto(?:o|i|vat|ivat|nut|neet|maan)|sano(?:o|i|vat|ivat|nut|neet)|koke(?:e|vat)|koki(?:vat)?|"
    r"kokenut|toivo(?:o|i|vat|ivat|nut)|kuva(?:a|si|vat|sivat|nnut|illut)|kysy(?:y|i|vät|ivät|nyt)|"
    r"pelkä(?:ä|si|ävät|sivät)|itki|huoleh\w+|arvel(?:ee|i|evat|ivat)|vasta(?:a|si|sivat)|"
    r"pyy(?:tää|si|tävät|sivät)|totesi(?:vat)?|toteaa|ihmettel(?:ee|i|evät|ivät)|"
    r"halu(?:aa|si|avat|sivat)|hävet(?:ti|tää)|valitt(?:aa|i|avat|ivat))"
)
_PATTERNS = (
    # quoted speech of at least two words
    re.compile(r"[\"”“»„](?=[^\"”“»„]*\s)[^\"”“»„]{6,}[\"”“»„]"),
    re.compile(rf"\b{_WHO}\b(?:\s+\w+){{0,3}}\s+{_SAID}\b", re.IGNORECASE),
    re.compile(rf"\b{_SAID}\s+{_WHO}\b", re.IGNORECASE),
    re.compile(
        r"\b(?:asiakkaan|asiakkaiden|asiakkaitten|omaisten|omaisen|perheen|vanhempien|äidin|"
        r"isän|nuoren|nuorten|lapsen|lasten|hänen|heidän|puolison|kävijöiden)\s+"
        r"(?:mukaan|mielestä|sanoin|kertoman mukaan|kokemus|toive)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:asiakaspalaut\w+|asiakkaan (?:oma )?ääni|kokemusasiantuntija\w*)\b", re.I),
)


def is_client_voice(sentence: str) -> bool:
    """Tell whether a sentence carries the voice of a client or someone close to one.

    True for quoted speech of two words or more, for a person with a verb of saying, feeling or
    wishing, and for expressions such as ``omaisten mukaan``.

    Examples
    --------
    >>> is_client_voice("Asiakas kertoi, ettei uskalla enää avata postia.")
    True
    >>> is_client_voice("Jonotusaika on neljä kuukautta.")
    False
    """
    return any(pattern.search(sentence) for pattern in _PATTERNS)
