"""The person finder on real Voikko and the real entity recogniser."""

import pytest

from pipeline.errors import ResourceError
from pipeline.lemmatise.voikko import open_voikko
from pipeline.pseudonymise.inflection import stems
from pipeline.pseudonymise.persons import VoikkoPersonFinder

LEAST = 0.5


@pytest.fixture(scope="module")
def finder() -> VoikkoPersonFinder:
    try:
        open_voikko()
    except ResourceError as err:
        pytest.skip(str(err))
    return VoikkoPersonFinder()


def names(finder: VoikkoPersonFinder, text: str) -> list[str]:
    (spans,) = finder.find_all([text])
    return [text[s.start : s.end] for s in spans if s.score >= LEAST]


FOUND = [
    ("Tapasin Matti Virtasen kotona.", ["Matti Virtasen"]),
    ("Lasku tuli Matti Virtaselle.", ["Matti Virtaselle"]),
    ("Asiaa kysyttiin Eila Kuusvaaralta.", ["Eila Kuusvaaralta"]),
    ("Sovin Helvi Saarenkorven kanssa.", ["Helvi Saarenkorven"]),
    ("Jarkko Tuomivirta soitti.", ["Jarkko Tuomivirta"]),
    ("Eilen Pekan äiti soitti.", ["Pekan"]),
    ("Pekka ei tullut.", ["Pekka"]),
    ("Eilen Aamu ei tullut kouluun.", ["Aamu"]),
    ("Lapsista Toivo on vanhin.", ["Toivo"]),
    ("Apua haki Anna-Liisa Järvinen-Koskela.", ["Anna-Liisa Järvinen-Koskela"]),
    ("Eilen Virtanen Matti kävi.", ["Virtanen Matti"]),
    ("Virtanen Matti kävi.", ["Virtanen Matti"]),
    ("Päätös koski Pekka Lahtea.", ["Pekka Lahtea"]),
    ("Nyt Pekka Lahdessa asuu yksin.", ["Pekka"]),
    ("Kävin rouva Mäen luona.", ["Mäen"]),
    ("Sosiaaliohjaaja Karhu vahvisti.", ["Karhu"]),
    ("Rouva Lahti kaatui.", ["Lahti"]),
    ("Eilen herra Nguyen soitti.", ["Nguyen"]),
    ("Juttelin Svetlanan ja Mohammedin kanssa.", ["Svetlanan", "Mohammedin"]),
    ("Sovimme Fadumo Warsamen kanssa.", ["Fadumo Warsamen"]),
    ("Annoin luvan Oksanalle.", ["Oksanalle"]),
    ("Sitten Mirkku lähti.", ["Mirkku"]),
    ("Naapuri Zebulpaw kertoi.", ["Zebulpaw"]),
    ("Koulussa Wilma Virtanen viihtyy.", ["Wilma Virtanen"]),
    ("Asiakas matti virtanen ei tullut.", ["matti virtanen"]),
    ("Eilen rouva liisa kävi.", ["liisa"]),
    ("Eilen M. Virtanen kävi.", ["M. Virtanen"]),
    ("Myös Matti V. odottaa.", ["Matti V."]),
    ("Eilen tuli Liisa Koski. Hän (L.K.) itki.", ["Liisa Koski", "L.K."]),
    ("Eilen tuli Aamu Virtanen. Aamu itki.", ["Aamu Virtanen", "Aamu"]),
    ("ASIAKAS MATTI VIRTANEN SOITTI.", ["MATTI VIRTANEN"]),
    ("Isä (Kari) ja Matti-setä tulivat.", ["Kari", "Matti"]),
    ("Luona asuvat Virtaset.", ["Virtaset"]),
    ("Liisan ja Matin koira puri naapuria.", ["Liisan", "Matin"]),
    ("Uusi ryhmä Niinan vetämänä alkoi.", ["Niinan"]),
    ("Lapsen kissa on Matin luona.", ["Matin"]),
    ("Perheen koira Liisan luona rauhoittui.", ["Liisan"]),
    ("Virtasen ja Korhosen kissat karkasivat.", ["Virtasen", "Korhosen"]),
    ("Hän (M.V.) ei tullut.", ["M.V."]),
    ("Toivo odotti taksia kaksi tuntia.", ["Toivo"]),
    ("Meri ei uskalla avata ovea.", ["Meri"]),
    ("Taimi on kolmevuotias.", ["Taimi"]),
    ("Kallion poika ei käy koulua.", ["Kallion"]),
    ("Lehto on jonottanut asuntoa.", ["Lehto"]),
    ("Saarilampi soitti taas.", ["Saarilampi"]),
    ("Zugbert nukkuu rapussa.", ["Zugbert"]),
    ("Tapasin Kosken kirjastolla.", ["Kosken"]),
    ("soitin marjutille eilen", ["marjutille"]),
    ("kävin ritvan luona", ["ritvan"]),
    ("rouva kuusvaara kaatui", ["kuusvaara"]),
    ("Asiakas T.K. odottaa.", ["T.K."]),
    ("Soitin P.H:lle eilen.", ["P.H:lle"]),
    ("Sanna M pyysi apua.", ["Sanna M"]),
    ("Tapasin V. Saarilammen kotona.", ["V. Saarilammen"]),
    ("Isä Omar al-Tikriti odottaa.", ["Omar al-Tikriti"]),
    ("Mäkisten lapset ovat yksin.", ["Mäkisten"]),
    ("Kalervisten kohdalla jono on pitkä.", ["Kalervisten"]),
    ("Koivusta kyseltiin vointia naapureilta.", ["Koivusta"]),
    ("Lahjalla oli rollaattori rikki.", ["Lahjalla"]),
    ("Toivolta katosi lompakko kaupassa.", ["Toivolta"]),
    ("Osastolle tuotiin Vuori, jonka puhe puuroutui.", ["Vuori"]),
    ("Kongolaisen Mbuyin oleskelulupahakemus hylättiin.", ["Mbuyin"]),
    ("Bestis Ruska toi ruokaa.", ["Ruska"]),
    ("Lähete M-L K:lle tehty.", ["M-L K:lle"]),
    ("kävin heikkisen kaa kaupassa", ["heikkisen"]),
    ("onni lähtenyt karkuun osastolta", ["onni"]),
    ("Samtalet med Sten avbröts.", ["Sten"]),
    ("ringde till söderholm, inget svar", ["söderholm"]),
    ("Sköld, vars dotter ringde, mår bättre.", ["Sköld"]),
    ("Alm omhändertogs av polisen.", ["Alm"]),
    ("Björn bor i sin bil och orkar inte.", ["Björn"]),
    ("Fadumos barn väntar på dagvård.", ["Fadumos"]),
    ("Halla palasi kotiin, ja hän oli väsynyt.", ["Halla"]),
    ("Loisto jäi ilman kyytiä.", ["Loisto"]),
    ("Saarelta ja Heinoselta evättiin tuki.", ["Saarelta", "Heinoselta"]),
    ("Hakijoina olivat Lehto ja hänen veljensä.", ["Lehto"]),
    ("Tyynelle soitettiin kahdesti.", ["Tyynelle"]),
    ("ritva on taas sairaalassa", ["ritva"]),
    ("Lind har inte betalat hyran.", ["Lind"]),
    ("Vi besökte Viola och hennes syster.", ["Viola"]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[t for t, _ in FOUND])
def test_names_are_found_in_any_form(finder, text, expected):
    assert names(finder, text) == expected


KEPT = [
    "Hirvi juoksi tien yli ja auto ojaan.",
    "Aalto heitti veneen rantaan.",
    "Niitty oli niittämättä ja aidat kaatuneet.",
    "Ranta oli siivoamatta ja lapset leikkineet siellä.",
    "Keusoten neuvonta vastaa puhelimeen.",
    "Gran ska köpas till avdelningen.",
    "Barnen placerades på olika orter.",
    "Aamu alkaa myöhään ja ilta on pitkä.",
    "Aamulla ei vastattu, ja Kelasta soitettiin.",
    "Toivon, että Kela vastaa.",
    "Annan palautetta Ohjaamolle.",
    "Ilman autoa ei pääse Lahteen eikä Heinolaan.",
    "Ainakin Salossa ja Koskella tilanne on sama.",
    "Sama toistui Suomessa ja Virossa.",
    "Ilo oli suuri.",
    "Martat ja Pelastusarmeija auttoivat.",
    "Marttojen kurssi täyttyi.",
    "Lapsen Wilmassa ja Wilma-viesteissä oli viesti.",
    "Navigaattori ja Omakanta ovat tuttuja.",
    "Parkinsonin tauti ja Marevan-hoito.",
    "Ohjaaja Lahden nuorisotyöstä soitti.",
    "Nuori Orimattilasta ei pääse opintoihin.",
    "Työntekijä Kelasta soitti.",
    "Asiakas: Vuokra nousi.",
    "Puhuimme työntekijän kanssa. Kirjasin tiedot.",
    "Syyrialainen perhe tuli.",
    "Hope ry jakoi ruokaa, ja Virtanen Oy siivosi.",
    "[NIMI-1] ja [NIMI-2] tulivat.",
    "DVV:hen ja TE-toimistoon ei saa yhteyttä.",
    "Päijät-Hämeen ja Etelä-Savon alueella.",
    "Toivo loppuu, kun jono ei lyhene.",
    "Meri jäätyi aikaisin.",
    "Virta katkesi koko talosta.",
    "Onni oli, että naapuri tuli.",
    "Susi nähtiin koulun pihalla.",
    "Vinden rev taket och det blev kallt på daghemmet.",
    "oli onni että naapuri tuli",
    "Mäki on liukas eikä vanhus pääse kauppaan.",
    "Rauha palasi taloon.",
    "Romanit kokoontuvat tiistaisin.",
    "Oksa kaatui tielle.",
    "Sanni-hanke loppui, ja kahvila Ilona suljettiin.",
    "Koira Rekku käy palvelutalossa.",
    "Mäen ja Rannan kylät jäivät ilman bussia.",
    "Adressen luovutettiin kunnalle.",
    "Saga lästes högt för barnen.",
    "Södra Österbotten är glest befolkat.",
    "RAHA LOPPUI KOKO TALOSTA.",
]


@pytest.mark.parametrize("text", KEPT)
def test_words_that_name_nobody_stay(finder, text):
    assert names(finder, text) == []


def test_a_report_is_read_the_same_alone_and_among_others(finder):
    texts = [text for text, _ in FOUND]
    assert finder.find_all(texts) == [finder.find_all([text])[0] for text in texts]


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("Fadumolle", "fadumo"),
        ("Oksanan", "oksana"),
        ("Mirkun", "mirkku"),
        ("Pepen", "peppe"),
        ("Igorilla", "igor"),
        ("Hassaniin", "hassan"),
        ("Aliin", "ali"),
        ("Kortetiselta", "kortetinen"),
        ("Yunuksen", "yunus"),
        ("Olenakin", "olena"),
        ("Zahraan", "zahra"),
    ],
)
def test_dictionary_forms_are_guessed_without_a_dictionary(form, base):
    assert base in stems(form)
