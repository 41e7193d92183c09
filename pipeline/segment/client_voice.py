"""Tell where a client, or someone close to one, speaks or is reported to have spoken."""

import re
from functools import cache
from typing import NamedTuple

_WHO = (
    r"(?:[\w-]*?(?:asiakas|asiakkaat|kuntoutuja|kuntoutujat|vanhemmat|nuoret|hakijat?|"
    r"vangit|omaiset|äidit|asukkaat|käyttäjät|päihtynyt|velallinen|velalliset|muuttaneet|"
    r"täyttäneet|"
    r"vastanneet|vammaiset|vammainen|sairaat|toipilaat|tulijat?|sukulai(?:nen|set)|työtön)|"
    r"asia(?:kas|kkaat)|potilas|potilaat|asukas|asukkaat|kävijät?|opiskelijat?|oppila(?:s|at)|"
    r"\w*pariskunta|\w*perhe(?:et)?|(?:iso)?äi(?:ti|dit)|(?:iso)?isät?|isäntä|emäntä|vanhem(?:pi|"
    r"mat)|vanhus|"
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
    r"(?:huoli|kaipuu|kaipuuta|turvattomuuden tunne|ahdistusta|ikävä|ehdotus|ehdotuksia|pyyntö|"
    r"pyyntöjä|huolta|huolia|pelko|pelkoa|pelkoja|kokemus|kokemuksia|tunne|olo|toive|toiveita|"
    r"toiveena|toivomus|toivomuksia|epätietoisuutta|epäluottamus|epäluottamusta|häpeä|häpeää)"
)
_MESSAGE = (
    r"(?:(?:asiakas)?palautteet|palautteena|pyyntö|pyyntöjä|ehdotus|ehdotuksia|kommentti|"
    r"kommentteja|"
    r"moitteita|viesti|kuultu|palautetta|palaute|kiitosta|kiitoksia|kiitokset|viestiä|viestejä|"
    r"toive|toiveita|toivetta|"
    r"toivomuksia|valituksia|kysymyksiä|huolta|terveisiä)"
)
_SAID = (
    r"(?:(?:puhu(?:u|vat|i|ivat|nut|neet|nu))\s+[\"”“'»]?\w+st[aä]\b|"
    r"(?:pi(?:ti|tivät|tää|tävät|täneet|tänyt)\s+(?:\w+\s+)?(?:\w+n[aä]))|"
    r"kirjoitt(?:i|ivat|aa|avat|anut|aneet)|viestitt(?:i|ää|änyt|eli)|teksta(?:a|s|si|nnut)|"
    r"(?:tuo|toi|tuovat|toivat|tuonut|tuoneet|nosta[an]*|nosti|nostivat|nostaneet|"
    r"ottaneet)\s+(?:\w+\s+)?(?:esiin|esille|ilmi|puheeksi)|"
    r"ilmaise(?:e|vat)|ilmaisi(?:vat)?|ilmaissu?t?|ilmaisseet|tunsi(?:vat)?|tuntenee?t|tuntenut|"
    r"ilmoitt(?:i|ivat|aa|avat|anut|aneet)(?=,? ett)|"
    r"(?:on|ovat|oli|olivat)?\s*(?:alkanut|alkaneet|alkoi|alkoivat)\s+(?:hävetä|pelätä|epäillä|"
    r"kaivata|toivoa)|"
    r"kaivannu?t?|kaivanneet|kaipaisi(?:vat)?|kaipais|murehti[ia]?(?:vat)?|jännittää|jännittävät|"
    r"jännitti|"
    r"pelkäs|pelkää(?:vät)|pelkäsivät|toivois|toivoisi(?:vat)?|haluis|haluais|haluavat|halus|"
    r"kyselee|kyselevät|"
    r"kokivat|uskovat|arvostaa|arvostavat|arvosti(?:vat)?|kehuvat|kehuneet|kehunu|moittivat|"
    r"moittineet|"
    r"vertaa(?:vat)?|miettii|miettivät|mietti(?:vät)?|pohtii|pohtivat|"
    r"häpeä(?:ä|ävät|vät)|häpeis|kiittel(?:ee|evät)|pyytäneet|pyytänyt|pyys|vaati(?:i|vat|nut|"
    r"neet)|(?:kerto|sano|toivo|kysy|murahta|huokaa|huomautta|muistutta|selittä|valitta|harmittele|"
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
    r"(?:ovat|on|oli|olivat)\s+(?:ollu[t]?\s+|olleet\s+)?(?:\w+(?:an|ään)\s+)?(?:ihan\s+|hyvin\s+|"
    r"todella\s+|kovin\s+|erittäin\s+)?"
    r"(?:tosi\s+)?(?:tyytyväi(?:nen|siä)|kiitolli(?:nen|sia)|"
    r"huolissaan|innoissaan|järkyttyn(?:yt|eitä)|pettyn(?:yt|eitä)|peloissaan))"
)
_OTHERS = (
    r"(?:\w*työntekijä\w*|\w*ohjaaja\w*|(?<!omais)hoitaja\w*|lähihoitaja\w*|lääkäri\w*|opettaja\w*|"
    r"poliisi\w*|henkilöstö\w*|henkilökun\w+|tiimi\w*|työryhm\w+|ammattilai\w+|kela|naapuri\w*|"
    r"\w*johtaja\w*|esihenkilö\w*|\w*kuraattori\w*|vuokranantaja\w*|"
    r"kuljettaja\w*)"
)
_GAP = rf"(?:\s+(?!{_OTHERS}\b)[\w-]+){{0,4}}"
_WHOSE = (
    r"(?:asiakkaan|asiakkaiden|asiakkaitten|potilaan|asukkaan|asukkaiden|omaisten|omaisen|perheen|"
    r"perheiden|vanhempien|huoltajien|äidin|isän|nuoren|nuorten|lapsen|lasten|hänen|heidän|"
    r"puolison|kävijöiden|kävijän|kuntoutujan|kuntoutujien|hakijan|hakijoiden|osallistujien|"
    r"opiskelijoiden|"
    r"oppilaiden|läheisen|asukkaitten|vanhemman|perheenjäsenten|omaishoitajan|omaishoitajien|"
    r"äitien|isien|"
    r"poikien|tyttöjen|naisten|miesten|ikääntyneiden|vanhuksen|ikäihmisen|kuntalaisten|"
    r"ryhmäläisten|miehen|naisen|rouvan|tyttären|pojan|ikäihmisten|vanhusten|läheisten)"
)
_ASKED_FOR = (  # what workers do with wishes and answers is not yet anyone's voice
    r".*\b(?:kysytään|kysyttiin|kysymi\w+|kirjata\w*|kirjaa\w*|käydään läpi|kerät\w+|kartoit\w+|"
    r"selvit\w+|huomioi\w*|huomioon|kuunnella\w*|luetaan)\b"
)
_GATHERED = (
    r"(?:(?:asiakas|kehittäjä|nuoriso|kävijä|vanhempain|omais|asukas|vanhus|vammais|"
    r"as\.? ?)(?:raa\w+|illa\w+|"
    r"kokouk\w+|kysely\w+|foorumi\w*|valtuusto\w+|neuvosto\w+|palaut\w+|tapaami\w+|työpaja\w+|"
    r"kahvi\w+|"
    r"paneeli\w*|ryhmä\w+)|talokokouk\w+|perheilla\w+|vertaisryhmä(?:ssä|ltä|stä)|"
    r"kokemusasiantuntij\w+)"
)
_WAS_SAID = (
    r"(?:(?:kerrottiin|kerrotaan|kerrottu|puhuttiin)(?=,? ett)|toivottiin|toivotaan|toivottu|"
    r"halutaan|haluttiin|pyydettiin|pyydetään|pyydetty|ehdotettiin|"
    r"ehdotetaan|ehdotettu|sanottiin|sanotaan|kaivattiin|kaivataan|kaivattu|kiiteltiin|kiitetään|"
    r"kiitettiin|moitittiin|pelättiin|pelätään|"
    r"nousi (?:\w+ )?(?:esiin|esille)|nous[ei]\w* (?:esiin|esille)|tuotiin (?:esiin|esille)|"
    r"tuli (?:esiin|esille|ilmi)|"
    r"valitettiin|ihmeteltiin|koettiin|koetaan|harmiteltiin|arvostettiin|korostui\w*)"
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
_ABBREVIATED = re.compile(r"\b[Aa]s(?:iak)?\.(?=\s)|\b[Aa]s\.(?=\s?raa)")
_WORKERS_TOO = re.compile(r"\bme\s+(?:\w+\s+)?työntekij\w+", re.IGNORECASE)
_EXPERIENCED = re.compile(
    r"\b(?:koetaan|koettiin|koettu|koettaisiin|koetaa|koettii|kokemuksena on|tuntuu asiakkaista)\b",
    re.IGNORECASE,
)
_PATTERNS = (
    rf"\b{_WHO}\b(?:,\s+joka\b[^,]*,)?{_GAP}\s+{_SAID}\b",
    rf"\b{_SAID}\s+(?:\d+-vuotias\s+|\w+\s+)?{_WHO}\b(?!\s+(?:ei|on|oli)\b)",
    rf"\b[\w-]*?{_WHOSE}\s+(?:oma[nst]?\s+|oman\s+|yleisin\s+)?"
    r"(?:mukaan|mielestä|mielestään|sanoin|kertoman|kertoma|kokemu[sk]\w*|toive\w*|huoli|"
    r"pelko|pelot|huolet|ehdotu[sk]\w*|"
    r"pyyntö|viesti\b|terveiset|palaute|palautteen|palautteessa|palautteet|vastauksissa|"
    r"ääni kuuluu|sanat|"
    rf"omin sanoin)(?!{_ASKED_FOR})",
    r"\b(?:häntä|heitä|asiakasta|äitiä|isää|nuorta|lasta)\s+"
    r"(?:pelotta|hävettä|ahdista|suututta|harmitta|itkettä|väsyttä|kaduttaa?)\w*",
    r"\b(?:hänestä|heistä|asiakkaasta|asiakkaista|äidistä|isästä|nuoresta|nuorista|"
    r"perheestä)\s+"
    r"(?:tuntuu|tuntui|vaikuttaa|vaikutti|on väärin|oli väärin)\b",
    r"\bkuul(?:in|imme|tu|lut|tua)\s+(?:\w+\s+)?(?:asiakkaalta|asiakkailta|perheeltä|perheiltä|"
    r"vanhemmilta|omaisilta|nuorilta|nuorelta|äidiltä|isältä)\b",
    r"\bomin sanoin\b",
    r"\basiakaspalaut\w+\b",
    rf"\b{_GATHERED}(?:[:,]?\s+(?!{_OTHERS}\b)[\w-]+){{0,4}}?[:,]?\s+{_WAS_SAID}\b",
    rf"\b{_WAS_SAID}\s+(?:[\w-]+\s+){{0,3}}?{_GATHERED}\b",
    # those spoken of are pointed to: "ne sanoo", "nehän toivo"
    r"\b(?:ne|nehän|hehän|hänhän|sehän|he|hän)\s+(?:(?:ite|itse|just|vaan|aina|kaikki|siellä|"
    r"sit)\s+){0,2}"
    rf"{_SAID}\b(?=.*\b(?:ett?\w*|ettei\w*|mitä|miks\w*|ite|itse)\b)",
    # the one who speaks comes first, what they are like next, and then what they say
    rf"^[\w-]*?(?:{_WHO})\s+[^.;:]{{0,60}}?,\s+(?:ja\s+)?(?:\w+\s+)?{_SAID}\b(?!\s+{_OTHERS})",
    r"\b(?:heitä|niitä|asiakkaita|äitejä|isiä|nuoria|lapsia|omaisia|vanhuksia|ikäihmisiä|"
    r"ihmisiä)\s+"
    r"(?:\w+\s+)?(?:pelotta|hävettä|ahdista|suututta|harmitta|itkettä|väsyttä|jännittä|"
    r"huolestutta)\w*",
    r"\b(?:niistä|niist|vanhemmista|vanhuksista|ikäihmisistä|omaisista|äideistä|isistä|"
    r"lapsista|asukkaista|"
    r"ihmisistä|kävijöistä|monesta|monista|osasta)\s+(?:\w+\s+)?(?:tuntuu|tuntui|tuntunut|"
    r"vaikuttaa)\b",
    rf"\b[\w-]*{_ONES}lle\s+(?:\w+\s+)?(?:tuntuu|tuntui|tuntunut)\b",
    r"^(?:yleinen\s+|yhteinen\s+|vahva\s+)?(?:kokemus|tunne|pelko)\s+(?:siitä|ettei|että|"
    r"\w+misesta|\w+uudesta)\b",
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
    sentence = _ABBREVIATED.sub("asiakas", sentence)
    if _WORKERS_TOO.search(sentence):
        return False
    if _EXPERIENCED.search(sentence) and not _OWN_WORK.search(sentence):
        return True
    compiled = _compiled()
    if any(pattern.search(sentence) for pattern in compiled.others):
        return True
    has_case = compiled.ones_in_a_case.search(sentence)
    return bool(has_case) and any(pattern.search(sentence) for pattern in compiled.of_ones)


class _Compiled(NamedTuple):
    """The patterns ready to use: those with a speaker in a local case, and the others."""

    ones_in_a_case: re.Pattern[str]
    of_ones: tuple[re.Pattern[str], ...]
    others: tuple[re.Pattern[str], ...]


@cache
def _compiled() -> _Compiled:
    """Return the patterns ready to use; long as they are, that takes a while.

    All patterns with a speaker in a local case need one of the same stems and endings, which are
    sought once: nine sentences of ten have none.
    """
    made = {pattern: re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS}
    return _Compiled(
        re.compile(rf"{_ONES}(?:l|st)", re.IGNORECASE),
        tuple(found for pattern, found in made.items() if _ONES in pattern),
        tuple(found for pattern, found in made.items() if _ONES not in pattern),
    )


def _is_speech(quoted: str) -> bool:
    """Tell quoted speech from the quoted name of a service, a form or a phrase."""
    is_long = len(quoted.split()) >= _N_WORDS_OF_SPEECH
    return is_long or bool(_FIRST_PERSON.search(quoted))
