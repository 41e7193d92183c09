"""Tell where a client, or someone close to one, speaks or is reported to have spoken."""

import re

_WHO = (
    r"(?:as\.|asia(?:kas|kkaat)|potilas|potilaat|asukas|asukkaat|kävijät?|opiskelijat?|oppila(?:s|at)|"
    r"\w*pariskunta|\w*perhe(?:et)?|(?:iso)?äi(?:ti|dit)|(?:iso)?isät?|isäntä|emäntä|vanhem(?:pi|mat)|vanhus|"
    r"vanhukset|nuor(?:i|et)|nuorukainen|laps(?:i|et)|tyttö|tytöt|po(?:ika|jat)|tytär|tyttäret|"
    r"nai(?:nen|set)|mie(?:s|het)|rouvat?|vaari|mummot?|pappa|leski|lesket|ikäihmi(?:nen|set)|"
    r"ikäänty(?:nyt|neet)|eläkelä(?:inen|iset)|omai(?:nen|set)|omaishoitajat?|puoliso|vaimo|"
    r"sisar|veli|sisarukset|huoltajat?|lähei(?:nen|set)|ihmiset|mon(?:i|et)|useampi|jotkut|hän|he|"
    r"kokemusasiantuntijat?|vertainen|vertaiset|osallistujat?|ryhmäläi(?:nen|set)|työttömät|"
    r"asunnottomat|maahanmuuttajat?|kuntalaiset|yksinhuoltajat?|kuntoutujat?|porukka|tyyppi|kaveri|"
    r"muijat?|jätkät?|ukko|mummu|muutama|joku)"
)
_ONES = (
    r"(?:asiakkai|asiakkaa|potilai|potilaa|asukkai|asukkaa|nuori|nuore|lapsi|lapse|vanhemmi|"
    r"vanhemma|perhei|perhee|äidei|äidi|isi|isä|omaisi|omaise|omaishoitaji|omaishoitaja|vanhuksi|"
    r"vanhukse|ikäihmisi|ikäihmise|läheisi|läheise|huoltaji|huoltaja|puolisoi|puoliso|naisi|naise|"
    r"miehi|miehe|tytöi|tytö|poji|poja|opiskelijoi|opiskelija|oppilai|oppilaa|kävijöi|ihmisi|"
    r"osallistuji|ryhmäläisi|työttömi|asunnottomi|maahanmuuttaji|kuntalaisi|eläkeläisi|"
    r"yksinhuoltaji|yksinhuoltaja|kuntoutuji|pariskunni|tyttäre|häne|hei|moni|nii)"
)
_FEELING = (
    r"(?:huoli|huolta|huolia|pelko|pelkoa|pelkoja|kokemus|kokemuksia|tunne|olo|toive|toiveita|"
    r"toiveena|toivomus|toivomuksia|epätietoisuutta|epäluottamus|epäluottamusta|häpeä|häpeää)"
)
_MESSAGE = (
    r"(?:palautetta|palaute|kiitosta|kiitoksia|kiitokset|viestiä|viestejä|toive|toiveita|toivetta|"
    r"toivomuksia|valituksia|kysymyksiä|huolta|terveisiä)"
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
    r"|(?:kehu|ehdotta|toistele|kaipa|jännittä|moitti)(?:a|o|i|ä|e|vat|vät|isi)?|ehdotti(?:vat)?|"
    r"kehui(?:vat)?|toivos|toisteli(?:vat)?|kaipasi(?:vat)?|kaipaa(?:vat)?|tykkää(?:vät)?|tykkäsi|"
    r"pyytävät|ehdottavat|tykänny[t]?|kyseli(?:vät)?"
    r"|(?:kertone|sanone|toivone|kysyne|pyytäne|kokene|valittane|kiittäne|kehune|ehdottane|"
    r"todenne|ihmetelle|kiitelle|kuvaille|harmitelle)et"
    r"|(?:kiitel|harmitel)(?:lut|lyt)|(?:kiittä|kehu|ehdotta|kerto)(?:nut|nyt)"
    r"|(?:kerto|sano|toivo|kysy|pyytä|koke|valitta|pelän|halun|toden|kehu|ehdotta|tykän)n?[uy]"
    r"|(?:kerto|sano|kysy|toivo|valitta|pelkää|kokee)"
    r"|kuvaa(?:vat)?|totea(?:a|vat)|tuntee|tuntevat|(?<!ei )(?<!eivät )vastaa(?:vat)?"
    r"|halua(?:a|vat|isi|isivat)|kokevat"
    r"|(?:ei|eivät|en|emme)\s+(?:halua|uskalla|jaksa|kehtaa)"
    r"|(?:kerto|sano|toivo|kysy|pyytä|koke|valitta|kuvan|pelän|halun|selittä|toden|kuvail|"
    r"ihmetel|arvel)(?:nut|nyt|neet)|kuvannut|kuvanneet|pelännyt|pelänneet|halunnut|halunneet|"
    r"(?:ovat|on|oli|olivat)\s+(?:ollu[t]?\s+|olleet\s+)?(?:\w+(?:an|ään)\s+)?(?:ihan\s+|hyvin\s+|todella\s+|kovin\s+|erittäin\s+)?"
    r"(?:tosi\s+)?(?:tyytyväi(?:nen|siä)|kiitolli(?:nen|sia)|"
    r"huolissaan|innoissaan|järkyttyn(?:yt|eitä)|pettyn(?:yt|eitä)|peloissaan))"
)
_OTHERS = (
    r"(?:\w*työntekijä\w*|\w*ohjaaja\w*|(?<!omais)hoitaja\w*|lähihoitaja\w*|lääkäri\w*|opettaja\w*|"
    r"poliisi\w*|henkilöstö\w*|henkilökun\w+|tiimi\w*|työryhm\w+|ammattilai\w+|kela|naapuri\w*|\w*johtaja\w*|esihenkilö\w*|\w*kuraattori\w*|vuokranantaja\w*|"
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
_OWN_WORK = re.compile(
    r"\b(?:tiimi\w*|työryhm\w+|työyhteisö\w*|henkilöstö\w*|henkilökun\w+|työntekij\w+|"
    r"ammattilai\w+|ohjaaj\w+|opettaj\w+|verkosto\w*|yhteistyökumppan\w+|meillä|koulutuks\w+|"
    r"(?:koimme|koin|esihenkilö\w*|johto|johdossa|kokoukses\w+))\b",
    re.IGNORECASE,
)
_EXPERIENCED = re.compile(
    r"\b(?:koetaan|koettiin|koettu|koettaisiin|koetaa|koettii|kokemuksena on|tuntuu asiakkaista)\b",
    re.IGNORECASE,
)
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
        rf"\b[\w-]*{_ONES}l(?:l[aä]?|[oö])?\b(?:\s+(?!{_OTHERS}\b)[\w-]+){{0,4}}?\s+{_FEELING}\b",
        rf"\b{_FEELING}\s+(?:[\w-]+\s+){{0,2}}?[\w-]*{_ONES}ll[aä]\b",
        rf"\b[\w-]*{_ONES}lt[aä]\b(?:\s+(?!{_OTHERS}\b)[\w-]+){{0,4}}?\s+{_MESSAGE}\b",
        rf"\b{_MESSAGE}\s+(?:[\w-]+\s+){{0,2}}?[\w-]*{_ONES}lt[aä]\b",
        rf"\b[\w-]*{_ONES}lt[aä],?\s+joka\b(?:\s+[\w-]+){{0,3}}?\s+{_SAID}\b",
        rf"\b(?:osa|moni|monet|jotkut|useat|useampi|muutama|suuri osa|harva|kaikki|puolet)\s+"
        rf"(?:[\w-]+\s+)?[\w-]*{_ONES}st[aä]\b{_GAP}\s+{_SAID}\b",
        rf"^(?:osa|moni|monet|jotkut|useat)\s+{_SAID}\b",
        r"\b(?:osa|moni|monet|jotkut|useat)\s+(?:kokee|kokevat|koki|kokivat|pelkää|toivoo)\b",
        rf"\b(?:ne|he|hän|se)\s+(?:[\w-]+\s+)?{_WHO}\s+(?:[\w-]+\s+){{0,2}}?{_SAID}\b",
        # the one who speaks comes first in a note, and what they say after a comma
        rf"^{_WHO}\s+[^.;:]{{0,60}},\s+(?:pelkää|kokee|toivoo|kertoo|sanoo|itkee|haluaa)\b",
        rf"^(?:as\.)\s+(?:[\w-]+\s+){{0,3}}(?:{_SAID})\b",
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
    if _EXPERIENCED.search(sentence) and not _OWN_WORK.search(sentence):
        return True
    return any(pattern.search(sentence) for pattern in _PATTERNS)


def _is_speech(quoted: str) -> bool:
    """Tell quoted speech from the quoted name of a service, a form or a phrase."""
    is_long = len(quoted.split()) >= _N_WORDS_OF_SPEECH
    return is_long or bool(_FIRST_PERSON.search(quoted))
