"""Find street addresses: a street's name, in any case, with a house number."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.spans import Span

_CAPITAL = "[A-ZÅÄÖ]"
_STREET_STEMS = (
    *(
        "kat(?:u|uu?n|ua)",
        "kadu(?:n|lla|lle|lta|ssa|sta|ksi|t)",
        "ti(?:e|en|etä|ellä|elle|eltä|ehen)",
    ),
    *("kuj(?:a|an|aa|alla|alle|alta|assa|aan)", "pol(?:ku|kua|kuun|un|ulla|ulle|ulta|ussa|usta)"),
    *("rai(?:tti|ttia|tin|tilla|tille|tilta)", "väylä(?:n|ä|llä|lle|ltä|ssä|än)?"),
    *("kaar(?:i|en|ta|ella|elle|elta|essa|een)", "bulevardi(?:n|a|lla|lle|lta)?"),
    *("esplanadi(?:n|a|lla|lle|lta)?", "kuje(?:en|ella|elle)?"),
    *("gata(?:n)?", "gränd(?:en)?", "stig(?:en)?", "väg(?:en)?"),
)
_PLACE_STEMS = (
    *(
        "rin(?:ne|netta|teen|teellä|teelle|teeltä|teessä)",
        "ran(?:ta|taa|taan|nan|nalla|nalle)",
    ),
    *("mä(?:ki|keä|en|ellä|elle|eltä|essä|keen)", "harju(?:n|a|lla|lle|lta|un)?"),
    *("penger|penkere(?:en|ellä|elle|eltä)", "tor(?:i|in|ia|illa|ille|ilta)"),
    *("puisto(?:n|a|ssa|on|sta)?", "port(?:ti|tia|in|illa|ille|ilta)", "kulma(?:n|a|lla|lle|lta)?"),
    *("pih(?:a|an|aa|alla|alle|alta)", "laakso(?:n|a|ssa|on|sta)?", "linja(?:n|a|lla|lle|lta)?"),
    *(
        "niit(?:ty|tyä)|niity(?:n|llä|lle|ltä)",
        "aukio(?:n|ta|lla|lle|lta)?",
        "laita|laidalla|laidan",
    ),
    *("kallio(?:n|ta|lla|lle|lta)?", "vaara(?:n|a|lla|lle|lta|ssa)?", "saari|saaren|saaressa"),
    *("metsä(?:n|ä|ssä|än)?", "kangas|kankaan|kankaalla|kankaalle", "nummi|nummen|nummella"),
    *(
        "lehto|lehdon|lehdossa",
        "reitti|reitin|reitillä",
        "silta|sillan|sillalla",
        "aho|ahon|aholla",
    ),
)
_STREET = "(?:" + "|".join(_STREET_STEMS) + ")"
_PLACE = "(?:" + "|".join(_PLACE_STEMS) + ")"
_LOWER_STREET = (
    r"(?:kat(?:u|uun)|kadu(?:lla|lle|lta)|tie|tiellä|tielle|tieltä|kuj(?:a|alla|alle|alta)"
    r"|raitti|raitilla|raitille|raitilta)"
)
_FIRST_WORD = (
    r"(?:(?:Vanha|Iso|Pieni|Vähä|Uusi|Itäinen|Läntinen|Pohjoinen|Eteläinen|Keski)\w{0,3}\s)?"
)
_NAME = (
    rf"(?:{_FIRST_WORD}{_CAPITAL}[\w-]*\w{_STREET}"
    rf"|(?:{_CAPITAL}[\w.-]+\s)?{_CAPITAL}[\w-]+[ns]\s{_STREET}"
    rf"|(?:{_CAPITAL}[\w-]+n\s)?[^\W\d_A-ZÅÄÖ][\w-]{{2,}}{_LOWER_STREET})"
)
_PLACE_NAME = rf"{_FIRST_WORD}{_CAPITAL}[\w-]+{_PLACE}"
_FLAT = r"(?:,?\s?(?:as(?:unto)?\.?|bost\.?|rappu|porras|krs\.?)\s?[A-Za-z]?\s?\d{0,3}\b)?"
_DOOR = rf"(?:\s?[A-Za-z]\s?\d{{1,3}}\b|\s?[A-Z]\b(?!\.?\s*-\w)|[a-z]\b)?{_FLAT}"
_NUMBER = rf"\d{{1,3}}(?:\s?[-–/]\s?\d{{1,3}}(?![\d.]))?(?!\d){_DOOR}"
_TOWN = rf"(?:,?\s*\d{{5}}(?:\s{_CAPITAL}[\w-]+)?)?"
_NOT_A_HOUSE = (
    r"(?!\s?(?:[.,:]\d|%|€|euro|vuot|vuod|v\.|kerta|kertaa|krt|henkilö|asiaka|asuka|päiv|viikko|kuukau|kk|"
    r"minuut|min\b|tunti|tunn|km|metri|m\b|kilo|perhe|lapsi|lasta|nuor|ihmis|asunto|hakija|kävijä|yötä))"
)
_HOUSE = rf"\s?(?:numero(?:ssa)?\s|nro\s)?{_NUMBER}{_NOT_A_HOUSE}"
_CLAUSE_ENDS = r"(?=\s?[,.;:)!?\n]|\s*$|\s(?:ja|tai|on|oli|asu\w+)\b)"
_ADDRESS = re.compile(rf"(?<![\w-]){_NAME}{_HOUSE}{_TOWN}")
_PLACE_ADDRESS = re.compile(rf"(?<![\w-]){_PLACE_NAME}{_HOUSE}(?:,?\s*\d{{5}}.*?\b|{_CLAUSE_ENDS})")
_STAIRWELL = re.compile(
    rf"(?<![\w-]){_CAPITAL}[^\W\d_]{{3,}}\s\d{{1,3}}\s?[A-Z]\s?\d{{1,3}}(?![\w/%€]){_TOWN}"
)
_NO_STREET = re.compile(
    r"^(?:(?:valta|kanta|maan|moottori|kehä|rauta|ohitus|pyörä|pika|seutu|yhdys|lento|työ|koulu|oikeus"
    r"|elämän|pää|sivu|kiri)ti|kuntien|(?:hoito|palvelu|kuntoutus|ura|koulutus|opinto|työllisyys|asiakas"
    r"|digi|liikunta|luonto)-?(?:pol|ti|väylä|rai|ketju))",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Span]:
    """Find street addresses with a house number, and the postal code and town that follow.

    The name of a street alone stays, and so do a town alone, roads (*valtatie 4*) and a street
    followed by a count (*Torikadulla 12 asiakasta*).

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``osoite``.

    Examples
    --------
    >>> text = "Muutti Kaislatielle 7 B 12, 15110 Lahti. Torikadulla on melua, valtatie 4 ohi."
    >>> sorted({text[s.start : s.end] for s in find_addresses(text)})
    ['Kaislatielle 7 B 12, 15110 Lahti']
    """
    for match in _ADDRESS.finditer(text):
        if not _NO_STREET.match(match.group()):
            yield Span(*match.span(), "osoite", "katuosoite", 0.95)
    for match in _PLACE_ADDRESS.finditer(text):
        yield Span(*match.span(), "osoite", "paikannimi-ja-numero", 0.7)
    for match in _STAIRWELL.finditer(text):
        yield Span(*match.span(), "osoite", "porras-ja-asunto", 0.8)
