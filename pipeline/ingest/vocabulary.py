"""Words by which questions and choices of a form are known, in Finnish, Swedish and English."""

import re

from pipeline.ingest.texts import fold

# A question is known by its words; what its answers look like decides beside them.
FIELD_WORDS = {
    "report_id": r"vastausn|vastaajan? ?(?:numero|id|tunn)|vastauksen (?:numero|id|tunn)|^id$|^nro$"
    r"|response ?id|respondent ?id|report_?id|tunniste$|svars?(?:-| )?(?:id|nummer)|lomakkeen num"
    r"|submission ?id|^löpnummer$|^token$",
    "date": r"päivämäärä|\bpvm\b|päiväys|ajankohta|milloin|vastausaika|lähetet|aikaleima|\bdate"
    r"|\bpäivä\b|\btime|date(?:stamp)?\b|timestamp|datum|tidpunkt"
    r"|tidsstämpel|submitted|inlämna|skickat|när ",
    "period": r"\bjakso|kausi\b|\bperiod|puolivuo|halvår|half-?year",
    "area": r"aluee|\balue|kunta|kunn[ai]|paikkakun|\barea|municipal|region|kommun|område|\bort\b"
    r"|seutu|seudul|missä päin|where\b|locat|\bvar\b",
    "client_groups": r"asiakasryhm|kohderyhm|client|ikäryhm|asiakkai|ketä|keitä|ryhm[äi]"
    r"|target group|målgrupp|klient|vem\b|vilka |who\b|people",
    "valence": r"millainen|sävy|luonne|valen[cs]|myöntei|kielteis|positiivi|negatiivi|positiv"
    r"|negativ|hurdan|tone\b|what kind",
    "themes_ticked": r"teem[ao]|aihe(?:e[tn]|ita|isiin|eseen|piiri|alue)?\b|aihepiir|theme|topic"
    r"|luokit|\btema|\bämne|categor|kategori",
    "observation": r"havain|kuva[ai]|kuvaus|observ|describ|ilmiö|mitä (?:olet )?(?:näit|näh|huoma)"
    r"|kerro|muistiinpan|\bnotes?\b|iakttag|beskriv|anteckning|mitä tapahtui|berätta|what did you"
    r"|tell us|vad har du|vapaa sana|teksti|kirjaus",
    "proposal": r"ehdot|ratkais|ratkaisu|kehittä|toimenpi|proposal|propose|solution|suggest|solve"
    r"|improve|pitäisi|parann|förslag|åtgärd|lös[an]|förbättr|tulisi tehdä|should be done",
    "reporter_id": r"raportoija|ilmoittaja|vastaajan nimi|^vastaaja$|kirjaaja|^nim(?:i|esi)\b"
    r"|sähköposti|reporter|täyttäjä|e-?mail|e-?post|^(?:your )?name$|^(?:ditt )?namn|yhteystie"
    r"|contact|havainnon tekijä|respondent$",
    "unit": r"yksikk|yksikö|toimipist|\btiimi|\bunit|organisaatio|\bteam|enhet|arbetsplats"
    r"|työpaik|workplace|organi[sz]ation|palveluala|toimiala|työskentelet",
    "data_source": r"^(?:aineiston )?lähde$|data_source|\bsource|källa|tietolähde|raportointitapa",
}
# What a question is not about although it holds a field's words.
NOT_FIELD = {
    "area": r"työskentelet|työpaik|palvelualue|toimialue|vastuualue|aihealue|osa-alue|yksikk",
    "unit": r"lähijohta|esihenkilö|esimie|supervisor|manager|chef\b|puhunut|keskustel|diskuter"
    r"|talked|discuss",
    "client_groups": r"monta|lukumäärä|how many|hur många",
    "themes_ticked": r"aiheut",
    "date": r"synt|birth|född",
    "reporter_id": r"yksikk|unit|enhet",
    "observation": r"palaute|feedback|lomak",
}
GROUP_STEMS = {
    "tyoikaiset": r"työikä|aikuis|työssäkäyv|working.age|adults?\b|arbetsför|vuxna",
    "lapset-nuoret-perheet": r"laps|nuor|perhe|child|young|youth|famil|barn|ungdom|\bunga",
    "vammaiset": r"vamma|disab|funktionshind|funktionsneds",
    "ikaantyneet": r"ikäänty|ikäihmi|vanhu|senior|iäk|iäkk|elder|older|äldre",
    "paihde-riippuvuus": r"päihde|päihtei|riippuv|substance|addict|missbruk|beroende",
}
VALENCE_STEMS = {
    "negatiivinen": r"negat|kielt|huon|epäkoh|huole|haast|ongelma|bekym|dålig|concern|problem",
    "positiivinen": r"posit|myönt|\bhyv|onnist|bra\b|\bgod|good|success|lyckad|vahvuu|strength",
    "neutraali": r"neutr|ei kumpaa|toteav|varken|neither|sekä että|both|både",
}
WIDE_AREA = (
    r"\bkoko\b|valtakun|hela |whole|nation|riks|maakun|hyvinvointialue|välfärdsområde|county"
)
_OTHER_WORD = (
    r"(?:(?:jokin|joku|jonkin|någon|något|some|any)\s+)?"
    r"(?:muu|muut|muuta|muualla|muualle|other|others|annan|annat|andra|övrig\w*)\b"
)
_OTHER_TAIL = (
    r"(?:mikä|mitä|mistä|missä|kuka|ketkä|specify|täsmenn\w*|tarkenn\w*|vilke[nt]|vilka|vad|var"
    r"|precisera\w*|ange|what|which|please|kerro|kirjoita|where|who)"
)
_OTHER_LABEL = re.compile(
    rf"{_OTHER_WORD}(?:[\s,:(–-]+(?:[\w/-]+\s+){{0,2}}?\(?{_OTHER_TAIL}\b.*|(?:\s+[\w-]+)?)"
)
_OTHER_TYPED = re.compile(
    rf"{_OTHER_WORD}\s*(?:,\s*(?:mikä|mitä|vad|vilken)\??)?\s*[:–(-]\s*(?!{_OTHER_TAIL}\b)\S"
)
_OPEN_COLUMN = re.compile(
    rf"{_OTHER_WORD}.{{0,60}}\b{_OTHER_TAIL}\b"
    rf"|(?:jos|om du|if you)\b.{{0,60}}\b{_OTHER_WORD}"
    r"|\((?:avoin vastaus|avoin|open(?: answer| text)?|öppet svar|fritext|teksti|text)\s*\)?$"
    r"|(?:tarkenna|täsmennä|precisera|specify)\b"
)
_YES_NO = re.compile(
    r"(?:kyllä|joo|ei|en|ehkä|eos|ja|jo|nej|kanske|yes|no|maybe|not|inte)(?:\b.{0,25})?"
)
_CODE_PREFIX = re.compile(r"^(?:[a-z]{0,6}\d+\w*(?:\[\w+\])?|\w+\[\w+\])\s*[.:)]\s+", re.IGNORECASE)


def question_words(header: str) -> str:
    """Return a header as it is searched for words: folded, without the code of the question.

    >>> question_words("G01Q02. Mille alueelle havainto sijoittuu? *")
    'mille alueelle havainto sijoittuu'
    """
    return fold(_CODE_PREFIX.sub("", fold(header)))


def is_named(field: str, header: str) -> bool:
    """Tell whether a question's words are those of a field, and not of another one.

    >>> is_named("unit", "8. Yksikkösi"), is_named("unit", "Oletko puhunut siitä tiimissäsi?")
    (True, False)
    """
    words = question_words(header)
    if field in NOT_FIELD and re.search(NOT_FIELD[field], words):
        return False
    return re.search(FIELD_WORDS[field], words) is not None


def is_other_label(label: str) -> bool:
    """Tell whether a choice stands for whatever the form does not offer.

    >>> [is_other_label(x) for x in ("Muu, mikä?", "Other (please specify)", "Muu teema")]
    [True, True, True]
    >>> [is_other_label(x) for x in ("Muu: Virtasten perhe", "Muutto ja asuminen")]
    [False, False]
    """
    words = fold(label)
    return bool(_OTHER_LABEL.fullmatch(words)) and not _OTHER_TYPED.match(words)


def is_typed_other(label: str) -> bool:
    """Tell whether a cell begins with the label of another choice and goes on with an answer.

    >>> is_typed_other("Muu: Virtasten perhe"), is_typed_other("Muu, mikä?")
    (True, False)
    """
    return bool(_OTHER_TYPED.match(fold(label))) and not is_other_label(label)


def is_open_column(header: str) -> bool:
    """Tell whether a column holds what was typed under a choice, by its header.

    >>> is_open_column("Muu teema, mikä?"), is_open_column("Mikä teema?")
    (True, False)
    """
    return _OPEN_COLUMN.search(question_words(header)) is not None


def is_yes_no(label: str) -> bool:
    """Tell whether an answer says yes, no or something between.

    >>> is_yes_no("En vielä"), is_yes_no("Neutraali")
    (True, False)
    """
    return _YES_NO.fullmatch(fold(label)) is not None


def stem_value(label: str, stems: dict[str, str]) -> str | None:
    """Return the value a label's words point to, if they point to one.

    >>> stem_value("Iäkkäät", GROUP_STEMS), stem_value("Vammaiset lapset", GROUP_STEMS)
    ('ikaantyneet', None)
    """
    found = [value for value, stem in stems.items() if re.search(stem, label.casefold())]
    return found[0] if len(found) == 1 else None
