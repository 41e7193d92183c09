"""Find the few constructions that decide what a sentence does, however long it is.

Among the words and marks of a long sentence one decisive word is drowned: *pitäisi* is one mark of
twenty. The constructions below are looked for in the sentence as a whole, and stand as a part of
their own beside its words, its marks and its vector, so that each weighs the same in a long
sentence as in a short one. They are signs to learn from, not rules: what each counts for the
examples tell.
"""

import re
from collections.abc import Sequence

CUE = "<!"

_NEEDED = (
    r"(?:pitäisi\w*|pitäis|pitäs\w*|täytyisi\w*|täytyis|täytys|kannattaisi|kannattais|kannattas|"
    r"kuuluisi|tulisi|tarvittai\w+|tarvitsisi\w*|tarttis|tarvis|tarvitaan|tarvitsemme|"
    r"kaivattai\w+|kaipaisimme|(?:olisi|olis|ois) (?:\w+ )?(?:hyvä|syytä|aika|tärkeää|järkevää|"
    r"paikallaan|luonteva|luontevaa|tarpeen|toivottavaa|hienoa|mahtavaa|ihanteellista)|"
    r"pitää (?:saada|alkaa|ruveta|ottaa|muuttaa|lopettaa)|täytyy (?:saada|alkaa|ruveta))"
)
_TO_BE_DONE = (
    r"(?:on|olisi|ois) (?:[\w-]+ )?(?:\w+tt[aä]v[aä]|saatava|tehtävä|vietävä|tuotava|luotava|"
    r"purettava|haettava)"
)
_ASKED = (
    r"(?:(?:voisi|olisi|saisi|pitäisi|kannattaisi|sopisi|kiinnostaisi)(?:n|t|mme|tte|vat)?k[oö]|"
    r"(?:ois|vois|sais|pitäis|pitäs|kannattais)k[oö]\w*|eiks (?:\w+ ){0,3}vois|voitaisiinko|"
    r"saataisiinko|miks(?:i|) emme|miks(?:i|) ei|miksei\w*|mitä jos|entä jos|mites? ois|"
    r"miten olisi|miten saataisiin|mitäs? jos)"
)
_REQUESTED = (
    r"(?:ehdotan|ehdottaisin|ehdotamme|ehdotetaan|esitän|esitämme|esitetään|pyydän|pyytäisin|"
    r"pyydämme|toivon|toivoisin|toivomme|toivoisimme|toivotaan|nostaisin|haluaisin|vaadimme|"
    r"laittakaa|ottakaa|lisätkää|kutsukaa|pyytäkää|harkitkaa|muuttakaa|viekää|"
    r"(?:lähettä|selvittä|varat|sopi|anta|teh|pitä|huolehti|varmista|kysy)(?:kaa|kää))"
)
_HEADING = (
    r"(?:jatko)?(?:ehd|ehdotus|ehdotukset|idea|toive|toiveena|jatkossa|seuraavaksi|seuraavaan|"
    r"ratkaisu|ratkaisuksi|ratkaisuna|parannusehdotus|kehittämisehdotus|kehittämiskohde|tavoite)"
)
_CHANGED = (
    r"(?:lisää|enemmän|pois|käyttöön|takaisin|uusiksi|kuntoon|ajan tasalle|osaksi|näkyviin|"
    r"jokaiseen|jokaiselle|kaikkiin|kaikille|mukaan|koko alueelle|\w+mmaksi|\w+mmäksi|omaksi|"
    r"pysyväksi|julkiseksi|yhtenäiseksi|maksuttomaksi|pysyvä|ympärivuorokauti\w+)"
)
_WISHED = (
    r"(?:toivo(?:o|vat|i|ivat|nu|nut|neet|ttiin|taan)|ehdotti|ehdottivat|ehdottavat|ehdottaneet|"
    r"pyysi|pyysivät|pyytävät|pyytäneet|halutaan|haluttiin|haluavat|haluais\w*|ehdotus|toiveen|"
    r"toive|toivetta)"
)
_BENEFIT = (
    r"(?:vähent|nopeutt|helpott|madalt|lyhent|sääst|parant|tavoitt|selkeytt|keven|kevent|vahvist|"
    r"rauhoitt|ehkäis|selkiytt|rohkais|yhdist|tuotta|tuott|pur|autta|autt|pelast|mahdollist|lisän|"
    r"lisä|osoittau|onnistu|kannat|pudot|väheni|lyheni|puolit)"
    r"(?:\w*n[uy]t?|\w*neet|i|ivat|ivät|\w*si|\w*sivat|\w*sivät|tu\w*|ui|uivat|uivat|anut|aa|ää)"
)
_PRAISE = (
    r"(?:toimii|toimivat|toimi|toiminu\w*|toimineet|toimiva\w*|kiit\w+|tyytyväi\w+|suositte\w+|"
    r"kehu\w+|parasta|paras|mahtava\w*|huippu\w*|lottovoitto|kultaa|onneks\w*|erinomai\w+|"
    r"kätevä\w*|loistava\w*|oivalli\w+|sujuu|sujunu\w*|pelannu\w*|tykkää\w*|tykän\w+|"
    r"(?:hyvää|myönteistä) palautetta|hyviä kokemuksia|kokemukset hyviä)"
)
_HABIT = (
    r"(?:aina|joka (?:kerta|viikko|kuukausi|aamu|tapaami\w+)|jokai(?:nen|sen|selle|sella|seen|sta)|"
    r"viikoittain|kuukausittain|säännöllisesti|heti|saman päivän aikana|[a-zäö]{3,}isin|"
    r"kerran (?:viikossa|kuussa|kuukaudessa)|joka toinen|yhdessä|yhessä|rinnalla)"
)
_DOES = (
    r"(?:meillä|meil|täällä|[a-zäöå-]{3,}(?:amme|ämme|emme|imme|omme|umme|ymme)|"
    r"[a-zäöå-]{2,}(?:taan|tään|daan|dään|llaan|llään|nnaan|nnään|rraan|rrään|ssaan))"
)
_MODEL = (
    r"(?:käytössä|käyttöön otettu|otettu käyttöön|otimme käyttöön|otettiin käyttöön|"
    r"[\w-]*(?:toiminta)?malli\w*|toimintatapa|työtapa|menetelmä|työpari\w*|parityö\w*|"
    r"jalkautu\w+|liikkuva|kiertävä|pop|vertais\w+|nimetty|matalan kynnyksen|avoin|avoimeen|"
    r"aamukahvila\w*|yhteinen|yhteiset|yhteistyö|kokeilussa|kokeiltu|alettiin|aloimme)"
)
_AMISS = (
    r"(?:puut\w+|liian|vasta kun|ruuhk\w+|jono\w*|viiväst\w+|pahen\w+|heiken\w+|uupu\w+|"
    r"väsy\w+|jää|jäävät|jäänyt|jäi|jääneet|ilman|yksin|vaike\w+|huol\w+|pelk\w+|häpe\w+|"
    r"valitettavasti|ongelm\w+|katkea\w+|suljet\w+|lopetet\w+|lakkaut\w+|kasvus\w+|"
    r"kiris\w+|tiuken\w+|kaatu\w+|loppu\w*|odotta\w+|pompot\w+|nälk\w+|häädö\w*|häätö\w*)"
)
_NOT = r"(?:ei|eivät|en|emme|eikä|eivätkä|etteivät|ettei|ettemme|eihän|eiks|kukaan|mikään|yhtään)"
_COUNTED = r"(?:\d+|noin|n|puolet|kolmannes|pääosa|suurin osa|enimmäkseen|useimmiten|keskimäärin)"
_ADVERSE = r"(?:mutta|mut|vaikka|kuitenkin|silti|toisaalta)"

_CUES = tuple(
    (f"{CUE}{name}>", re.compile(pattern))
    for name, pattern in (
        ("tarve", rf"\b{_NEEDED}\b"),
        ("on tehtävä", rf"\b{_TO_BE_DONE}\b"),
        ("tehtävä", r"^\w+(?:tt[aä]v[aä])\b|\b\w{3,}(?:tt[aä]v[aä])(?:ksi)?$"),
        ("kysymys", rf"\b{_ASKED}\b"),
        ("pyyntö", rf"^(?:[\w-]+ ){{0,4}}{_REQUESTED}\b"),
        ("otsikko", rf"^{_HEADING}\b"),
        ("voisi", r"\b(?:voisi\w*|vois|voitai\w+|saatai\w+|\w+(?:tt?aisiin|tt?äisiin|ttais|ttas)"
                  r"|kävis|tulis|sais)\b"),
        ("minä tekisin", r"\b(?:mä|minä|me) (?!sano)\w+(?:aisin|äisin|isin|asin|äsin)\b"),
        ("toivovat että", rf"\b{_WISHED}\b.{{0,60}}\bett?[aä]?\b"),
        ("hyöty", rf"\b{_BENEFIT}\b"),
        ("kehu", rf"\b{_PRAISE}\b"),
        ("tapa", rf"\b{_DOES}\b.*\b{_HABIT}\b|\b{_HABIT}\b.*\b{_DOES}\b"),
        ("meillä", r"\b(?:meillä|meil|meillähän|täällä|me)\b"),
        ("malli", rf"\b{_MODEL}\b"),
        ("pielessä", rf"\b{_AMISS}\b"),
        ("ei", rf"\b{_NOT}\b"),
        ("määrä", rf"\b{_COUNTED}\b"),
        ("mutta", rf"\b{_ADVERSE}\b"),
        ("lähde", r"^(?:asiak|nuor|perhe|omai|vanhem|äiti|äidi|isä|lapse|lapsi|ikäih|moni |osa )"),
    )
)  # fmt: skip
_CUES_OF_PHRASES = tuple(
    (f"{CUE}{name}>", re.compile(pattern))
    for name, pattern in (
        ("muutos", rf"\b{_CHANGED}\b"),
        ("toive", rf"\b{_WISHED}\b"),
        (
            "kasvussa",
            r"\b\w+(?:ussa|yssä)$|\b(?:nous|lask|kasv|lisäänt|vähent|siirt)\w+(?:nut|nyt)\b",
        ),
    )
)


def cues(forms: Sequence[str], *, is_phrase: bool) -> tuple[str, ...]:
    """Return the deciding constructions of one sentence.

    Parameters
    ----------
    forms : sequence of str
        Its words as written.
    is_phrase : bool
        No word of it is a finite verb: then a word of change, as *lisää*, asks for something.

    Examples
    --------
    >>> cues("Tulkkausta ei pitäisi hoitaa lapsen avulla".split(), is_phrase=False)
    ('<!tarve>', '<!ei>')
    """
    sentence = " ".join(form.lower() for form in forms)
    tried = (*_CUES, *_CUES_OF_PHRASES) if is_phrase else _CUES
    return tuple(name for name, pattern in tried if pattern.search(sentence))


def is_cue(term: str) -> bool:
    """Tell a deciding construction from the other index terms."""
    return term.startswith(CUE)
