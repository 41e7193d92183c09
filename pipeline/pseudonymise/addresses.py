"""Find street addresses: a street's name, in any case, with a house number."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.cues import Cues, lemmas_of
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
_FLAT_WORDS = (
    r"(?:as(?:unto|unnossa|unnon)?|bost(?:ad)?|h(?:uon)?|hto|huon(?:e|eisto)(?:ssa|n)?|lh|lgh|lght|läg(?:enhet)?"
    r"|rap(?:pu|ussa|un)|porras|portaassa|krs|kerros|kerroksessa|ovi|vån(?:ing(?:en)?)?|tr(?:appa|app)?"
    r"|uppg(?:ång)?|ing(?:ång)?|dörr)"
)
_FLAT_NUMBER = r"(?:[A-Za-z]\s?\d{1,3}|[A-Z]|\d{1,3})(?::\w{1,4})?"
_FLAT = (
    rf"(?:(?:,?\s?{_FLAT_WORDS}\.?\s?{_FLAT_NUMBER}(?!\w)){{1,3}}"
    r"|,?\s?(?:as(?:unto)?\.?|bost\.?|rappu|porras|krs\.?)\b)?"
)
_DOOR = (
    r"(?:\s?[A-Za-z]\s?\d{1,3}\b|\s?[A-Z]\b(?!\.?\s*-\w)|\s?[a-h](?=\s?[,.;:)!?\n]|\s*$)|[a-z]\b)?"
    rf"{_FLAT}"
)
_NUMBER = rf"\d{{1,3}}(?:\s?[-–/]\s?\d{{1,3}}(?![\d.]))?(?!\d){_DOOR}"
_TOWN = rf"(?:,?\s*\d{{5}}(?:\s{_CAPITAL}[\w-]+)?)?"
_NOT_A_HOUSE = (
    r"(?!\s?(?:[.,:]\d|%|€|euro|vuot|vuod|v\.|kerta|kertaa|krt|henkilö|asiaka|asuka|päiv|viikko|kuukau|kk|"
    r"minuut|min\b|tunti|tunn|km|metri|m\b|kilo|perhe|lapsi|lasta|nuor|ihmis|asunto|hakija|kävijä|yötä|huone(?:tta|en)|kerrosta))"
)
_HOUSE = rf"\s?(?:,?\s?\(?(?:numero\w{{0,3}}|nro\.?|nr\.?|talo|talossa)\s)?{_NUMBER}{_NOT_A_HOUSE}"
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


_MIN_STREET = 6
_NO_NAME = frozenset({"bussilinja", "linja", "valtatie", "kehätie"})
_TAILS = (
    *("katu", "tie", "kuja", "polku", "raitti", "väylä", "kaari", "bulevardi", "esplanadi"),
    *("kuje", "rinne", "ranta", "mäki", "harju", "penger", "tori", "puisto", "portti", "kulma"),
    *("piha", "laakso", "linja", "niitty", "aukio", "laita", "kallio", "vaara", "saari", "metsä"),
    *("kangas", "nummi", "lehto", "reitti", "silta", "aho", "niemi", "kari", "salmi", "lahti"),
    *("pelto", "notko", "suora", "katto", "tanhua", "pesä", "kallas", "oja", "koski", "kumpu"),
)
_SURE_TAILS = ("katu", "kuja", "polku", "raitti", "bulevardi", "esplanadi", "kuje")
_DEGREE = r"(?::\w{1,4})?"
_NUMBERED = re.compile(
    rf"(?<![\w-])(?P<name>[^\W\d_][^\W\d_-]*(?:-[^\W\d_]+)*)(?P<house>\s{_NUMBER})"
    rf"(?:,?\s\d\.?\s?(?:krs|kerros)\.?)?{_DEGREE}"
)
_BOX = re.compile(
    rf"(?<![\w-])(?:PL|P\.L\.|PB|Box|Postilokero|postilokero|pl)\.?\s?\d{{1,5}}(?![\w%€]){_TOWN}"
)
_STAIR = re.compile(
    r"(?<![\w-])[A-Z]-?\s?(?:rap(?:pu|un|ussa|usta)|porra(?:s|ksen|ssa)|porta(?:an|assa|asta))"
    r"(?:,?\s(?:as(?:unto|unnossa|unnon)?\.?)\s?\d{1,3})"
    r"|(?<![\w-])(?:asun(?:to|non|nossa|toon|nosta)|huoneisto\w*|lägenhet\w*|bostad\w*)\s[A-Z]\s?\d{1,3}(?!\w)"
)
_CORNER = re.compile(
    rf"(?<![\w-]){_CAPITAL}\w+(?:kadun|tien|kujan)\sja\s{_CAPITAL}\w+(?:kadun|tien|kujan)\s(?:kulma|risteyk)\w*(?:,?\s(?:numero\w*|nro|talo\w*)\s\d{{1,3}}\s?[A-Z]?\b)?"
)
_FOREIGN = re.compile(
    rf"(?<![\w-])(?:{_CAPITAL}[\w-]+\s){{1,2}}(?:tänav\w*|tn\.?|pst\.?|puiestee\w*|mnt\.?|maantee\w*|gata\w*|väg\w*|ulica)\s\d{{1,3}}(?:\s?[A-Za-z]\b)?(?:-\d{{1,3}})?{_FLAT}{_TOWN}"
    rf"|(?<![\w-])(?:Norra|Södra|Östra|Västra|Stora|Lilla|Gamla|Nya|Inre|Yttre)\s(?:\w+-)?\w*(?i:gatan|gränden|stigen|vägen|esplanaden|torget|backen|stranden|gården|bulevarden|chaussén)\s\d{{1,3}}(?:\s?[A-Za-z]\b(?:\s?\d{{1,3}}\b)?)?{_FLAT}{_TOWN}"
    rf"|(?<![\w-]){_CAPITAL}[\w-]*\w(?:gatan?|gränd(?:en)?|stigen?|vägen?|esplanaden|torget|backen|stranden|gården)\s\d{{1,3}}(?:\s?[A-Za-z]\b(?:\s?\d{{1,3}}\b)?)?{_FLAT}{_TOWN}"
)


def _by_lemma(text: str) -> Iterator[Span]:
    """Yield house numbers after a word whose dictionary form ends as streets do, in any case."""
    for match in _NUMBERED.finditer(text):
        name, house = match["name"], match["house"]
        if len(name) < _MIN_STREET or _NO_STREET.match(name) or name.casefold() in _NO_NAME:
            continue
        if re.match(_NOT_A_HOUSE, text[match.end("house") :]) is None:
            continue
        known = {lemma for lemma in lemmas_of(name.casefold()) if lemma not in _TAILS}
        is_street = any(lemma.endswith(_SURE_TAILS) for lemma in known)
        is_capital = name[0].isupper() and not _is_first(text, match.start())
        has_door = bool(re.search(r"\d\s?[A-Za-z](?:\s?\d|\b)", house)) or ":" in match.group()
        is_place = any(lemma.endswith(_TAILS) for lemma in known) and (is_capital or has_door)
        if is_street or is_place:
            yield Span(*match.span(), "osoite", "katu-perusmuodosta", 0.8)


def _is_first(text: str, start: int) -> bool:
    """Tell whether a word starts its sentence, where a capital proves nothing."""
    return bool(re.search(r"(?:^|[.!?:\n]\s*)$", text[max(0, start - 3) : start]))


def find_addresses(text: str, _cues: Cues | None = None) -> Iterator[Span]:
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
    >>> max((text[s.start : s.end] for s in find_addresses(text)), key=len)
    'Kaislatielle 7 B 12, 15110 Lahti'
    """
    for match in _ADDRESS.finditer(text):
        if not _NO_STREET.match(match.group()):
            yield Span(*match.span(), "osoite", "katuosoite", 0.95)
    for match in _PLACE_ADDRESS.finditer(text):
        yield Span(*match.span(), "osoite", "paikannimi-ja-numero", 0.7)
    for pattern in (_BOX, _STAIR, _CORNER, _FOREIGN):
        for match in pattern.finditer(text):
            yield Span(*match.span(), "osoite", "lokero-porras-kulma", 0.8)
    yield from _by_lemma(text)
    for match in _STAIRWELL.finditer(text):
        yield Span(*match.span(), "osoite", "porras-ja-asunto", 0.8)
