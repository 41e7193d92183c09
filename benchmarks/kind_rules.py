"""Fixed rules for the kinds of sentences: the baseline of benchmarks/kinds.py."""

import re

from pipeline.label.kinds import GOOD_PRACTICE, OBSERVATION, PROPOSAL

PROPOSES = re.compile(
    r"\b(?:pitäisi|tulisi|olisi (?:hyvä|syytä|tarpeen|tarve|tärkeä\w*|hyödyllis\w+)|kannattaisi|"
    r"ehdot(?:an|amme|us)|voisi(?:mme|ko)?|voitaisiin|saisi(?:ko)?|tarvittaisiin|tarvitaan|"
    r"toivo(?:isin|mme|n) että|pitää saada|on saatava|ratkaisuksi|ratkaisuna)\b",
    re.IGNORECASE,
)
WORKS_WELL = re.compile(
    r"\b(?:toimi(?:i|vat|nut|nee) (?:hyvin|erinomaisesti|loistavasti|todella)|toimivaksi|"
    r"hyvä(?:ksi)? (?:käytäntö|käytännöksi|kokemus\w*)|hyvi(?:ä|ä) (?:kokemuksia|tuloksia)|"
    r"onnistu(?:i|nut|nee) (?:hyvin|erinomaisesti)|erinomai(?:nen|sesti)|kannattaa jatkaa|"
    r"iso apu|suuri apu|on auttanut|auttoi|vähentänyt|lyhentänyt|nopeutti|nopeuttanut|"
    r"kiitos(?:ta|ta)?|kiitel\w+|positiivi\w+|myöntei\w+|ilahdutta\w+|voimaannutta\w+)\b",
    re.IGNORECASE,
)


def kind_by_rules(sentence: str, field: str, valence: str) -> str:
    """Return the kind of a sentence by its box, its wording and the valence ticked."""
    if field == "proposal" or PROPOSES.search(sentence):
        return PROPOSAL
    if valence == "positiivinen" or WORKS_WELL.search(sentence):
        return GOOD_PRACTICE
    return OBSERVATION
