"""Finnish words that name nothing by themselves, whatever reports are about."""

MEASURES = frozenset(
    (
        *("euro", "sentti", "prosentti", "klo", "minuutti", "tunti"),
        *("kilo", "litra", "metri", "kilometri"),
    )
)
"""Lemmas that say how much of a thing there is, never which thing."""

PERSONS = frozenset(
    (
        *("aikuinen", "asiakas", "ihminen", "isoveli", "isä", "lapsi", "mies", "nainen", "naapuri"),
        *(
            "nuori",
            "poika",
            "rouva",
            "sisar",
            "tytär",
            "tyttö",
            "vaimo",
            "vanhempi",
            "veli",
            "äiti",
        ),
    )
)
"""Lemmas of whoever a report may be about: they say who, and the phenomenon is elsewhere."""

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
