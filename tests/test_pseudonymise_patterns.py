import pytest

from pipeline.ingest.dates import from_text
from pipeline.pseudonymise.addresses import find_addresses
from pipeline.pseudonymise.patterns import find_coded
from pipeline.pseudonymise.spans import LABELS, Span, settle


def redact(text: str) -> str:
    out, at = "", 0
    for span in settle(text, find_coded(text)):
        out += f"{text[at : span.start]}[{LABELS[span.kind]}]"
        at = span.end
    return out + text[at:]


HETU = [
    ("right check", "140279-917L"),
    ("wrong check", "140279-917K"),
    ("check is no letter in use", "140279-917O"),
    ("lower case", "140279-917l"),
    ("en dash", "140279–917L"),
    ("em dash", "140279—917L"),
    ("minus sign", "140279−917L"),
    ("non-breaking hyphen", "140279‑917L"),
    ("soft hyphen", "140279\u00ad917L"),
    ("blanks around", "140279 - 917L"),
    ("non-breaking blank", "140279\u00a0-\u00a0917L"),
    ("line break", "140279-\n917L"),
    ("blank before the check", "140279-917 L"),
    ("blanks inside", "14 02 79-9 1 7L"),
    ("dots", "14.02.79-917L"),
    ("born after 2000", "140202A917L"),
    ("letter of 2023", "140202B917L"),
    ("letter of 2023, earlier century", "140279Y917L"),
    ("letter with blanks", "140202 A 917L"),
    ("born before 1900", "140298+917L"),
    ("no check", "140562-934"),
    ("no sign", "131052 308T"),
    ("no sign, no blank", "131052308T"),
]


@pytest.mark.parametrize("code", [c for _, c in HETU], ids=[i for i, _ in HETU])
def test_identity_codes_go_however_they_are_written(code):
    assert redact(f"Tunnus ({code}) kirjattiin.") == "Tunnus ([HETU]) kirjattiin."


FOUND = [
    ("050 555 0142", "[PUHELIN]"),
    ("050-000 1283", "[PUHELIN]"),
    ("0505550142", "[PUHELIN]"),
    ("050.555.0142", "[PUHELIN]"),
    ("045 555 01 42", "[PUHELIN]"),
    ("+358 50 555 0142", "[PUHELIN]"),
    ("+358505550142", "[PUHELIN]"),
    ("00358 50 555 0142", "[PUHELIN]"),
    ("+358 (0)50 555 0142", "[PUHELIN]"),
    ("(03) 818 1234", "[PUHELIN]"),
    ("09 818 1234", "[PUHELIN]"),
    ("+46 70 123 45 67", "[PUHELIN]"),
    ("+372 5555 1234", "[PUHELIN]"),
    ("puh. 818 1234", "puh. [PUHELIN]"),
    ("aino.kettuvaara@esimerkki.fi", "[SÄHKÖPOSTI]"),
    ("aino.kettuvaara (at) esimerkki.fi", "[SÄHKÖPOSTI]"),
    ("äiti_77@esimerkki.co.uk", "[SÄHKÖPOSTI]"),
    ("aino.kettuvaara@esimerkki", "[SÄHKÖPOSTI]"),
    ("FI21 1234 5600 0007 85", "[TILINUMERO]"),
    ("FI2112345600000785", "[TILINUMERO]"),
    ("FI21 1234 5600 0007 86", "[TILINUMERO]"),
    ("EE382200221020145685", "[TILINUMERO]"),
    ("auto ABC-123", "auto [REKISTERINUMERO]"),
    ("auton rekisterinumero abc 123", "auton rekisterinumero [REKISTERINUMERO]"),
    ("mopo XY-12", "mopo [REKISTERINUMERO]"),
    ("Kaislatie 7 B 12", "[OSOITE]"),
    ("Kaislatiellä 7", "[OSOITE]"),
    ("Lehtokallionkadulta 7 A 12", "[OSOITE]"),
    ("kaislatie 7", "[OSOITE]"),
    ("Adolf Lindforsin tie 12 as. 4", "[OSOITE]"),
    ("Vanha Turuntie 5-7", "[OSOITE]"),
    ("Satakielenpesä 3 B 12", "[OSOITE]"),
    ("Koivurinne 5", "[OSOITE]"),
    ("Storgatan 4", "[OSOITE]"),
    ("Kaislatie 7, 15110 Lahti", "[OSOITE]"),
    ("Kaislatie 7, Lahti", "[OSOITE], Lahti"),
    ("s. 12.3.1987", "s. [SYNTYMÄAIKA]"),
    ("synt. 12.3.87", "synt. [SYNTYMÄAIKA]"),
    ("syntynyt 1.2.1960", "syntynyt [SYNTYMÄAIKA]"),
    ("syntynyt 1. helmikuuta 1960", "syntynyt [SYNTYMÄAIKA]"),
    ("syntymäaika: 1960-02-01", "syntymäaika: [SYNTYMÄAIKA]"),
    ("hetu alkaa 180392", "hetu alkaa [SYNTYMÄAIKA]"),
    ("180392-", "[SYNTYMÄAIKA]"),
    ("180392-XXXX", "[SYNTYMÄAIKA]"),
    ("@pekka_v", "[TUNNUS]"),
    ("https://www.facebook.com/pekka.v", "[TUNNUS]"),
    ("snäpissä nimimerkki pekka99", "snäpissä nimimerkki [TUNNUS]"),
    ("asiakasnumero 123456", "asiakasnumero [TUNNUS]"),
    ("diaarinumero: HVA/1234/2024", "diaarinumero: [TUNNUS]"),
    ("passin numero PX1234567", "passin numero [TUNNUS]"),
    ("lankapuhelin, 09-5872 164, johon", "lankapuhelin, [PUHELIN], johon"),
    ("Koivukuja 3 huoneisto 4:ssä", "[OSOITE]"),
    ("på Skolstigen 7 uppg. B lgh 3.", "på [OSOITE]."),
    ("Flickans födelsedatum 23.08.2012", "Flickans födelsedatum [SYNTYMÄAIKA]"),
    ("matti.m(a)suomi24.fi", "[SÄHKÖPOSTI]"),
]


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[t for t, _ in FOUND])
def test_coded_personal_data_goes(text, expected):
    assert redact(f"Siis {text}, sanoi hän.") == f"Siis {expected}, sanoi hän."


KEPT = [
    "Kokous on 05.10.2023 12.30 ja raportti 02-2024.",
    "Myllykadulla 4 huonetta vapaana.",
    "laki 1301/2014 ja 7 §",
    "vuosina 2019–2023",
    "12 500 euroa",
    "650–720 €",
    "klo 9–15, 9.00–12.00",
    "jakso 010124-311224",
    "kulut 120500 - 150000 euroa",
    "soita 112 tai 116 117",
    "numeroon 116117",
    "maksuton 0800 123 456",
    "12.3.2024 ja 1.1.–31.12.2024",
    "84-vuotias, vuonna 1987 syntynyt",
    "s. 12",
    "COVID-19, ICD-10, GAD-7, EU-27",
    "A-todistus ja M1-lähete",
    "B1:n kielitaito, 9B-luokka",
    "valtatie 4 ja kehätie 1",
    "Torikadulla on melua",
    "Torikadulla 12 asiakasta",
    "Mannerheimintiellä 2023 avattu",
    "Hoitopolku 2 ei toimi",
    "kuntien 12 hanketta",
    "kela.fi ja https://thl.fi/sote",
    "15110 Lahti",
    "asiakasnumero puuttuu",
    "3.10. alkoi 2.1 hengen tiimi",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_not_personal_stays(text):
    assert redact(f"Siis {text}, sanoi hän.") == f"Siis {text}, sanoi hän."


def test_stand_ins_are_never_touched():
    text = "[NIMI-12] [HETU] [PUHELIN] [SYNTYMÄAIKA] [OSOITE] [REKISTERINUMERO] [TILINUMERO]"
    whole = [Span(0, len(text), "nimi", "väärä", 1.0)]
    assert settle(text, whole) == []


def test_overlapping_claims_leave_nothing_uncovered():
    text = "Soita Matti Kaislatie 7"
    spans = [Span(6, 19, "nimi", "a", 0.9), Span(12, 23, "osoite", "b", 0.9)]
    assert [(s.start, s.end, s.kind) for s in settle(text, spans)] == [
        (6, 11, "nimi"),
        (12, 23, "osoite"),
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Adressen är Norra Esplanaden 15 A, 00130 Helsingfors.", "Norra Esplanaden 15 A"),
        ("Bor på Lilla Strandgatan 4.", "Lilla Strandgatan 4"),
        ("Han bor på Västra Kvarnvägen 12 B 7, 10300 Karis.", "Västra Kvarnvägen 12 B 7, 10300"),
    ],
)
def test_a_street_of_two_words_goes_with_its_number_and_town(text, address):
    found = {text[span.start : span.end] for span in find_addresses(text)}
    assert any(address in one for one in found), found


@pytest.mark.parametrize(
    "text",
    ["Norra Esplanaden är avstängd.", "Stora frågor 12 gånger.", "Lahden Ohjaamo 12, 300 kävijää."],
)
def test_a_street_without_a_number_and_a_count_are_no_address(text):
    assert list(find_addresses(text)) == []


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2024/09/04 1:45:22 ip. UTC+3", "2024-09-04"),
        ("2024/06/30 11:45:22 ip. UTC+1", "2024-07-01"),
        ("2024/06/30 11:45:22 ap. UTC+1", "2024-06-30"),
        ("4.9.2024 1.45 ip", "2024-09-04"),
        ("2024-06-30 11:30 em UTC", "2024-07-01"),
        ("30/06/2024 11:30 f.m. UTC", "2024-06-30"),
    ],
)
def test_halves_of_the_day_are_read_in_finnish_and_swedish(stamp, day):
    found = from_text(stamp)
    assert found
    assert found.isoformat() == day
