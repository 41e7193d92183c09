"""Finnish words that name nothing by themselves, whatever reports are about."""

import re

MEASURES = frozenset(
    (
        *("euro", "sentti", "prosentti", "klo", "minuutti", "tunti"),
        *("kilo", "litra", "metri", "kilometri"),
    )
)
"""Lemmas that say how much of a thing there is, never which thing."""

PERSONS = frozenset(
    (
        *("aikuinen", "asiakas", "asukas", "aviomies", "henkilö", "herra", "ihminen", "isoisä"),
        *("isoveli", "isoäiti", "isä", "kaveri", "kuntalainen", "lapsi", "läheinen", "mies"),
        *("mummo", "naapuri", "nainen", "nuori", "omainen", "pappa", "poika", "potilas", "puoliso"),
        *("rouva", "serkku", "setä", "sisar", "sisko", "tytär", "tyttö", "täti", "ukki", "vaari"),
        *("vaimo", "vanhempi", "veli", "ystävä", "äiti"),
    )
)
"""Lemmas of whoever a report may be about: they say who, and the phenomenon is elsewhere."""

_STAGE = re.compile(
    r"""(\w*-?luokkalainen | \w*vuotias | teini-ikäinen
    | (eka|toka|kolmos|nelos|vii?tos|kuu?tos|seiska|kasi|ysi)(nen|luokka)?
    | (ykkö|kakko|kolmo|nelo|vito|viito|kuto|kuuto)(nen|sluokka))""",
    re.VERBOSE,
)


def is_person(lemma: str) -> bool:
    """Say whether a lemma, in lower case, is whoever a report may be about, by kin, age or class.

    Examples
    --------
    >>> [is_person(lemma) for lemma in ("äiti", "nelosluokka", "seiska", "yhdeksänvuotias")]
    [True, True, True, True]
    >>> [is_person(lemma) for lemma in ("luokka", "yläkoulu", "ryhmäkoko")]
    [False, False, False]
    """
    return lemma in PERSONS or _STAGE.fullmatch(lemma) is not None


PROPS = frozenset(
    (
        *("eteinen", "huone", "huuli", "hylly", "ikkuna", "jalka", "kassi", "katto", "keittiö"),
        *("kuppi", "käsi", "laukku", "lattia", "lompakko", "matkalaukku", "ovi", "paita"),
        *("patja", "peitto", "piha", "pullo", "purkki", "pussi", "pöytä", "rappu", "rasia"),
        *("reppu", "roskis", "seinä", "silmä", "sohva", "suu", "sänky", "takki", "tuoli"),
        *("tuulikaappi", "vaate", "vessa"),
        *("kappale", "väki"),
    )
)
"""What stands in the scene: reports of many subjects are told with it."""

_ORDINALS = (
    *("ensimmäinen", "toinen", "kolmas", "neljäs", "viides", "kuudes", "seitsemäs", "kahdeksas"),
    *("yhdeksäs", "kymmenes", "ensi", "viime", "viimeinen", "seuraava", "edellinen", "nykyinen"),
)
_POINTERS = (
    *("asia", "eri", "itse", "joku", "juttu", "kaikki", "kerta", "kohta", "koko", "kyse", "moni"),
    *("muu", "oma", "osa", "puoli", "sama", "tapa", "usea", "uusi", "varsinainen", "yksi"),
)
_LIGHT_VERBS = (
    *("alkaa", "antaa", "joutua", "jäädä", "koskea", "käydä", "lähteä", "mennä", "olla", "ottaa"),
    *("pitää", "päästä", "saada", "tehdä", "tulla", "voida"),
)
GENERIC = frozenset((*_ORDINALS, *_POINTERS, *_LIGHT_VERBS))
"""Lemmas that point, order or carry another word: they are at home in any group."""

VAGUE = frozenset(
    (
        *("aihe", "aika", "ajatus", "ala", "alku", "alue", "apu", "arvio", "asema"),
        *("ero", "esimerkki", "hetki", "huomio", "idea", "joukko", "järki", "kanta"),
        *("keino", "kiitos", "kohde", "kokemus", "kokonaisuus", "kysyjä", "kysymys"),
        *("käyttäjä", "käyttö", "laatu", "laji", "linkki", "lista", "loppu", "luettelo"),
        *("luku", "lähde", "lähtökohta", "mahdollisuus", "malli", "materiaali"),
        *("merkitys", "mielenkiintoinen", "mieli", "muoto", "määrä", "neuvo", "numero"),
        *("näkökulma", "ongelma", "osoite", "paikka", "pari", "perusta", "peruste"),
        *("puute", "pyyntö", "ratkaisu", "ryhmittely", "seikka", "sisältö", "sivu"),
        *("sivusto", "suhde", "suunta", "syy", "tapahtuma", "tapaus", "tarkoitus"),
        *("tarve", "taso", "tekeminen", "teko", "tieto", "tilanne", "toimi", "toiminta"),
        *("toive", "tulos", "tyyli", "tyyppi", "vaihe", "vaihtoehto", "vaikutus"),
        *("vastaaja", "vastaus", "versio", "vinkki", "väli", "yhteys", "yleisyys"),
        *("ääri"),
    )
)
"""Nouns that stand in for another or frame it: a heading of them says nothing of its subject."""
