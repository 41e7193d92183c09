"""Tell what a sentence does: report an observation, a good practice or a proposal."""

import re

OBSERVATION = "havainto"
GOOD_PRACTICE = "hyva-kaytanto"
PROPOSAL = "ratkaisuehdotus"
KINDS = (OBSERVATION, GOOD_PRACTICE, PROPOSAL)

_PROPOSES = re.compile(
    r"\b(?:pitäisi|tulisi|olisi (?:hyvä|syytä|tarpeen|tarve|tärkeä\w*|hyödyllis\w+)|kannattaisi|"
    r"ehdot(?:an|amme|us)|voisi(?:mme|ko)?|voitaisiin|saisi(?:ko)?|tarvittaisiin|tarvitaan|"
    r"toivo(?:isin|mme|n) että|pitää saada|on saatava|ratkaisuksi|ratkaisuna)\b",
    re.IGNORECASE,
)
_WORKS_WELL = re.compile(
    r"\b(?:toimi(?:i|vat|nut|nee) (?:hyvin|erinomaisesti|loistavasti|todella)|toimivaksi|"
    r"hyvä(?:ksi)? (?:käytäntö|käytännöksi|kokemus\w*)|hyvi(?:ä|ä) (?:kokemuksia|tuloksia)|"
    r"onnistu(?:i|nut|nee) (?:hyvin|erinomaisesti)|erinomai(?:nen|sesti)|kannattaa jatkaa|"
    r"iso apu|suuri apu|on auttanut|auttoi|vähentänyt|lyhentänyt|nopeutti|nopeuttanut|"
    r"kiitos(?:ta|ta)?|kiitel\w+|positiivi\w+|myöntei\w+|ilahdutta\w+|voimaannutta\w+)\b",
    re.IGNORECASE,
)


def segment_kind(sentence: str, field: str, valence: str) -> str:
    """Return the kind of a sentence from its field, its wording and the report's valence.

    A sentence of the proposal field is a proposal. In the observation field, a sentence that says
    what ought to be done is a proposal, and one that says what works is a good practice; in a
    report its writer marked as positive every other sentence is a good practice too.

    Parameters
    ----------
    sentence : str
    field : {"observation", "proposal"}
    valence : str
        ``positiivinen``, ``negatiivinen``, ``neutraali`` or ``""``.

    Returns
    -------
    str
        One of ``KINDS``.

    Examples
    --------
    >>> segment_kind("Jalkautuvaa työtä pitäisi lisätä.", "observation", "negatiivinen")
    'ratkaisuehdotus'
    >>> segment_kind("Yhteinen vastaanotto on auttanut.", "observation", "neutraali")
    'hyva-kaytanto'
    """
    if field == "proposal" or _PROPOSES.search(sentence):
        return PROPOSAL
    if valence == "positiivinen" or _WORKS_WELL.search(sentence):
        return GOOD_PRACTICE
    return OBSERVATION
