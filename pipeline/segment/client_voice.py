"""Tell where a client, or someone close to one, speaks or is reported to have spoken."""

import re

_WHO = (
    r"(?:asia(?:kas|kkaat)|potilas|potilaat|asukas|asukkaat|kävijät?|opiskelijat?|oppila(?:s|at)|"
    r"\w*pariskunta|\w*perhe(?:et)?|(?:iso)?äi(?:ti|dit)|(?:iso)?isät?|isäntä|emäntä|vanhem(?:pi|mat)|vanhus|"
    r"vanhukset|nuor(?:i|et)|nuorukainen|laps(?:i|et)|tyttö|tytöt|po(?:ika|jat)|tytär|tyttäret|"
    r"nai(?:nen|set)|mie(?:s|het)|rouvat?|vaari|mummot?|pappa|leski|lesket|ikäihmi(?:nen|set)|"
    r"ikäänty(?:nyt|neet)|eläkelä(?:inen|iset)|omai(?:nen|set)|omaishoitajat?|puoliso|vaimo|"
    r"sisar|veli|sisarukset|huoltajat?|lähei(?:nen|set)|ihmiset|mon(?:i|et)|useampi|jotkut|hän|he|"
    r"kokemusasiantuntijat?|vertainen|vertaiset)"
)
_SAID = (
    r"(?:(?:kerto|sano|toivo|kysy|murahta|huokaa|huomautta|muistutta|selittä|valitta|harmittele|"
    r"kuvaile|ihmettele|arvele|kiittele|ajattele|luule|epäile|koke|kuvaa|pelkää|häpeä|mainitse|"
    r"pyytä|vakuutta|väittä|myöntä|sure|itke|kiitä|kiittä|kauhistele|päivittele|voivottele)"
    r"(?:o|i|y|a|ä|e|n|isi|vat|vät|isivat|isivät)"
    r"|(?:kertoi|sanoi|toivoi|kysyi|murahti|huokasi|huomautti|muistutti|selitti|valitti|"
    r"harmitteli|kuvaili|ihmetteli|arveli|kiitteli|kiitti|ajatteli|luuli|epäili|koki|kuvasi|"
    r"pelkäsi|häpesi|mainitsi|pyysi|vakuutti|väitti|myönsi|suri|itki|totesi|tokaisi|vastasi|"
    r"halusi|kieltäytyi|kauhisteli|päivitteli|voivotteli)(?:vat|vät)?"
    r"|totea(?:a|vat)|tuntee|tuntevat|vastaa(?:vat)?|halua(?:a|vat|isi|isivat)|kokevat"
    r"|(?:ei|eivät|en|emme)\s+(?:halua|uskalla|jaksa|kehtaa)"
    r"|(?:kerto|sano|toivo|kysy|pyytä|koke|valitta|kuvan|pelän|halun|selittä|toden|kuvail|"
    r"ihmetel|arvel)(?:nut|nyt|neet)|kuvannut|kuvanneet|pelännyt|pelänneet|halunnut|halunneet|"
    r"(?:ovat|on|oli|olivat)\s+(?:hyvin\s+|todella\s+|kovin\s+|erittäin\s+)?"
    r"(?:tyytyväi(?:nen|siä)|huolissaan|pettyn(?:yt|eitä)|peloissaan))"
)
_OTHERS = (
    r"(?:\w*työntekijä\w*|\w*ohjaaja\w*|(?<!omais)hoitaja\w*|lähihoitaja\w*|lääkäri\w*|opettaja\w*|"
    r"poliisi\w*|kela|naapuri\w*|\w*johtaja\w*|esihenkilö\w*|\w*kuraattori\w*|vuokranantaja\w*|"
    r"kuljettaja\w*)"
)
_GAP = rf"(?:\s+(?!{_OTHERS}\b)[\w-]+){{0,4}}"
_WHOSE = (
    r"(?:asiakkaan|asiakkaiden|asiakkaitten|potilaan|asukkaan|asukkaiden|omaisten|omaisen|perheen|"
    r"perheiden|vanhempien|huoltajien|äidin|isän|nuoren|nuorten|lapsen|lasten|hänen|heidän|"
    r"puolison|kävijöiden|miehen|naisen|rouvan|tyttären|pojan|ikäihmisten|vanhusten|läheisten)"
)
_QUOTED = re.compile(r"[\"”“»„]([^\"”“»„]{4,})[\"”“»„]?")
_N_WORDS_OF_SPEECH = 4
_FIRST_PERSON = re.compile(
    r"\b(?:en|emme|mä|mää|mie|minä|minua|minulla|minulle|mulla|mulle|mua|mun|me|meille|meidän)\b",
    re.IGNORECASE,
)
_COLLOQUIAL = re.compile(r"\b(?:mä|mää|mulla|mulle|mua|mun)\b", re.IGNORECASE)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_WHO}\b(?:,\s+joka\b[^,]*,)?{_GAP}\s+{_SAID}\b",
        rf"\b{_SAID}\s+(?:\d+-vuotias\s+|\w+\s+)?{_WHO}\b(?!\s+(?:ei|on|oli)\b)",
        rf"\b{_WHOSE}\s+(?:oma[ns]?\s+|oman\s+)?"
        r"(?:mukaan|mielestä|mielestään|sanoin|kertoman|kertoma|kokemu[sk]\w*|toive\w*|huoli|pelko|"
        r"omin sanoin)",
        r"\b(?:häntä|heitä|asiakasta|äitiä|isää|nuorta|lasta)\s+"
        r"(?:pelotta|hävettä|ahdista|suututta|harmitta|itkettä|väsyttä|kaduttaa?)\w*",
        r"\b(?:hänestä|heistä|asiakkaasta|asiakkaista|äidistä|isästä|nuoresta|nuorista|perheestä)\s+"
        r"(?:tuntuu|tuntui|vaikuttaa|vaikutti|on väärin|oli väärin)\b",
        r"\bkuul(?:in|imme|tu|lut|tua)\s+(?:\w+\s+)?(?:asiakkaalta|asiakkailta|perheeltä|perheiltä|"
        r"vanhemmilta|omaisilta|nuorilta|nuorelta|äidiltä|isältä)\b",
        r"\bomin sanoin\b",
        r"\b(?:asiakaspalaut\w+|asiakkaan (?:oma )?ääni)\b",
        # the speaker was named in the sentence before
        rf"^(?:kertoo|kertoi|sanoo|sanoi|toivoo|toivoi|kokee|koki|kuvaa|pelkää)\b(?!\s+{_OTHERS})",
    )
)


def is_client_voice(sentence: str) -> bool:
    """Tell whether a sentence carries the voice of a client or someone close to one.

    True for quoted speech, for a client or someone close with a verb of saying, feeling or
    wishing, and for expressions such as ``omaisten mukaan``. What a worker, an office or a
    neighbour says is not a client's voice.

    Examples
    --------
    >>> is_client_voice("Asiakas kertoi, ettei uskalla enää avata postia.")
    True
    >>> is_client_voice("Jonotusaika on neljä kuukautta.")
    False
    >>> is_client_voice("Lääkäri kertoi, ettei aikoja ole.")
    False
    """
    spoken = any(_is_speech(match[1]) for match in _QUOTED.finditer(sentence))
    if spoken and not re.search(rf"\b{_OTHERS}\s+{_SAID}\b", sentence, re.IGNORECASE):
        return True
    if _COLLOQUIAL.search(sentence):
        return True
    return any(pattern.search(sentence) for pattern in _PATTERNS)


def _is_speech(quoted: str) -> bool:
    """Tell quoted speech from the quoted name of a service, a form or a phrase."""
    is_long = len(quoted.split()) >= _N_WORDS_OF_SPEECH
    return is_long or bool(_FIRST_PERSON.search(quoted))
