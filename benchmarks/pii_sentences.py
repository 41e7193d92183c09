"""Make sentences with invented Finnish identities, inflected by rules of this file alone.

Names, identity codes, telephone numbers and the rest come from Faker; nothing here asks Voikko or
reads ``configs/names``, so that what the finder knows is not what it is tested on. About a third
of the names come from Faker's other locales.
"""

import random
import re
from dataclasses import dataclass

from faker import Faker

FOREIGN_LOCALES = ("et_EE", "tr_TR", "pl_PL", "en_IN", "tw_GH", "uz_UZ", "ro_RO", "sv_SE")
FOREIGN_SHARE = 0.33

# {name:case}, {first:case}, {last:case} are inflected; the other fields stand as Faker makes them.
NAME_FRAMES = (
    "Asiakas {name:nom} soitti päivystykseen kolmesti saman illan aikana.",
    "Tapasin kotikäynnillä rouva {last:gen}, joka ei ollut syönyt kahteen päivään.",
    "Eilen {first:nom} kertoi, että vuokra on taas maksamatta.",
    "Sovimme, että {name:all} järjestetään tulkki seuraavaan tapaamiseen.",
    "Naapurin mukaan {name:gen} luona on riidelty öisin.",
    "Äiti puhui pojastaan {first:ela} pitkään ja itki.",
    "Kotihoito ei saanut {name:par} kiinni koko viikkona.",
    "Sain {name:abl} luvan kertoa tilanteesta eteenpäin.",
    "{name:nom} on jonottanut hoitoon jo vuoden.",
    "{name:gen} lapset ovat olleet isovanhempien luona tammikuusta.",
    "Lapsen isä, {name:nom}, ei vastaa viesteihin.",
    "Ohjasin {first:gen} ja hänen sisarensa {first:gen} ruoka-apuun.",
    "Perheen vanhin, {first:nom}, jää usein pois koulusta.",
    "Palaverissa olivat {name:nom} ja sosiaaliohjaaja {name:nom}.",
    "Herra {last:nom} kieltäytyi avusta, koska pelkää laskua.",
    "Kun kysyin {first:abl} asiasta, hän vaikeni.",
    "Kuraattori {last:nom} on nostanut saman huolen esiin.",
    "Asunnossa asuu myös {name:nom}, jonka nimi ei ole sopimuksessa.",
    "Kela oli lähettänyt päätöksen {name:all} väärään osoitteeseen.",
    "Päätös koski {name:par}, ei hänen veljeään.",
    "Luotamme {name:ill}, mutta omaiset eivät.",
    "Tilanne on {first:ade} nyt rauhallisempi kuin syksyllä.",
    "Lääkäri {first:nom} {last:nom} kirjoitti lausunnon, jota ei löydy järjestelmästä.",
    "Vanhus nimeltä {name:nom} löytyi rappukäytävästä.",
    "Työkaverini {first:nom} näki saman Heinolassa.",
    "Sama toistui {last:gen} perheessä keväällä.",
    "{last:nom} {first:nom} ei ole tullut sovittuihin tapaamisiin.",
    "Nuori, {first:nom} {last:nom}, ei pääse Ohjaamoon ilman kyytiä.",
    "Myös {first:nom} odottaa aikaa, vaikka lähete tehtiin elokuussa.",
    "Tukihenkilö on yrittänyt tavoittaa {first:par} Lahdesta ja Hollolasta.",
    "Omaisen, {name:gen}, mielestä palvelu loppui kuin seinään.",
    "Vuokranantaja {last:nom} uhkaa häädöllä.",
    "Juttelin {first:gen} kanssa, ja hän halusi jäädä kotiin.",
    "Terveisiä {first:all}, joka jaksoi odottaa.",
    "Mies esittäytyi: {name:nom}.",
    "Tiedot puuttuvat edelleen ({name:nom}).",
    "Häneltä, siis {name:abl}, on evätty kuljetustuki kahdesti.",
    "Mielestäni {last:gen} tilanne vaatii toimia heti.",
)
CODED_FRAMES = (
    "Tunnus {hetu} oli kirjattu väärin.",
    "Numero on {phone}.",
    "Hänet tavoittaa numerosta {phone} iltaisin.",
    "Sähköposti on {email}.",
    "Tili {iban} on suljettu.",
    "Perhe muutti osoitteeseen {address}.",
    "Asunto on osoitteessa {address} ja siinä on hometta.",
    "Auto {plate} seisoo pihalla.",
    "Hän on syntynyt {birth}.",
    "Henkilötunnus: {hetu}.",
)
_FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")
_BACK = re.compile(r"[aouAOU]")
_I_TO_E = (
    *("mäki", "niemi", "koski", "järvi", "lahti", "salmi", "saari", "lehti", "nurmi"),
    *("korpi", "tuomi", "kivi", "joki", "suomi", "talvi", "hirvi"),
)
_STRONG_TO_WEAK = (
    *(("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("mp", "mm")),
    *(("lt", "ll"), ("rt", "rr"), ("ht", "hd")),
)


@dataclass(frozen=True)
class Sentence:
    """A text and the personal data planted in it, as (start, end, kind)."""

    text: str
    gold: tuple[tuple[int, int, str], ...]


def make_sentences(n_sentences: int, seed: int) -> list[Sentence]:
    """Make sentences: each frame of a name in turn, every third with coded data after it."""
    rng = random.Random(seed)
    fakers = {loc: Faker(loc) for loc in ("fi_FI", *FOREIGN_LOCALES)}
    for i, faker in enumerate(fakers.values()):
        faker.seed_instance(seed + i)
    made = []
    for i in range(n_sentences):
        frame = NAME_FRAMES[i % len(NAME_FRAMES)]
        if i % 3 == 0:
            frame += " " + CODED_FRAMES[(i // 3) % len(CODED_FRAMES)]
        locale = rng.choice(FOREIGN_LOCALES) if rng.random() < FOREIGN_SHARE else "fi_FI"
        made.append(_fill(frame, fakers[locale], fakers["fi_FI"], is_native=locale == "fi_FI"))
    return made


def inflect(name: str, case: str, *, is_native: bool) -> str:
    """Inflect a name by plain school rules.

    >>> [inflect("Virtanen", c, is_native=True) for c in ("gen", "par", "all", "ill")]
    ['Virtasen', 'Virtasta', 'Virtaselle', 'Virtaseen']
    >>> [inflect(n, "gen", is_native=True) for n in ("Matti", "Mäki", "Laine", "Lahti", "Markus")]
    ['Matin', 'Mäen', 'Laineen', 'Lahden', 'Markuksen']
    >>> inflect("Ignacy", "all", is_native=False), inflect("Roman", "par", is_native=False)
    ('Ignacylle', 'Romania')
    """
    if case == "nom":
        return name
    head, _, last = name.rpartition("-")
    back = bool(_BACK.search(last))
    a, low = ("a" if back else "ä"), last.lower()
    if low.endswith("nen"):
        stem, par = last[:-3] + "se", last[:-3] + "st" + a
        ill = stem + "en"
    elif low.endswith("s") and is_native:
        stem, par = last[:-1] + "kse", last + "t" + a
        ill = stem + "en"
    elif low.endswith("e") and is_native and len(last) > 4:
        stem, par = last + "e", last + "tt" + a
        ill = stem + "seen"
    elif low[-1] in "aeiouyäöåıə":
        stem, par, ill = _vowel_stems(last, a, is_native)
    else:
        stem, par, ill = last + "i", last + "i" + a, last + "iin"
    endings = {"gen": "n", "all": "lle", "abl": f"lt{a}", "ade": f"ll{a}", "ela": f"st{a}"}
    form = {"par": par, "ill": ill}.get(case) or stem + endings[case]
    return f"{head}-{form}" if head else form


def _vowel_stems(name: str, a: str, is_native: bool) -> tuple[str, str, str]:
    """Return the weak stem, the partitive and the illative of a name that ends in a vowel."""
    low = name.lower()
    base = name[:-1] + "e" if is_native and low.endswith(_I_TO_E) else name
    par = base[:-1] + ("e" if base != name else base[-1]) + a
    if is_native and base != name and low.endswith(("saari", "salmi", "nurmi", "niemi", "tuomi")):
        par = name[:-1] + "t" + a if low.endswith("saari") else par
    if is_native and low.endswith(("lä", "la", "ia", "iö", "io")):
        par = name + a
    return _weaken(base, is_native), par, base + base[-1] + "n"


def _weaken(base: str, is_native: bool) -> str:
    """Put the last consonants into the weak grade; names from abroad only halve kk, pp, tt."""
    body, vowel = base[:-1], base[-1]
    for strong, weak in _STRONG_TO_WEAK[: None if is_native else 3]:
        if body.lower().endswith(strong):
            return body[: -len(strong)] + weak + vowel
    if is_native and base.lower().endswith(("mäke", "joke")):
        return body[:-1] + vowel
    if is_native and body.lower().endswith(("virt", "korp")):
        return body[:-1] + {"t": "r", "p": "v"}[body[-1]] + vowel
    return base


def _fill(frame: str, names: Faker, coded: Faker, *, is_native: bool) -> Sentence:
    """Fill a frame and note where each value came to stand."""
    text, gold, at = "", [], 0
    for match in _FIELD.finditer(frame):
        value, kind = _value(match[1], match[2] or "nom", names, coded, is_native)
        text += frame[at : match.start()]
        gold.append((len(text), len(text) + len(value), kind))
        text += value
        at = match.end()
    return Sentence(text + frame[at:], tuple(gold))


def _value(field: str, case: str, names: Faker, coded: Faker, native: bool) -> tuple[str, str]:
    """Return one value and its kind; in a full name the last word alone is inflected."""
    if field in ("name", "first", "last"):
        first, last = names.first_name(), names.last_name()
        parts = {"name": (first, last), "first": (first,), "last": (last,)}[field]
        return " ".join([*parts[:-1], inflect(parts[-1], case, is_native=native)]), "nimi"
    makers = {
        "hetu": (coded.ssn, "hetu"),
        "phone": (coded.phone_number, "puhelin"),
        "email": (coded.email, "sahkoposti"),
        "iban": (coded.iban, "iban"),
        "address": (coded.street_address, "osoite"),
        "plate": (coded.license_plate, "rekisterinumero"),
        "birth": (lambda: coded.date_of_birth().strftime("%-d.%-m.%Y"), "syntymaaika"),
    }
    make, kind = makers[field]
    return str(make()), kind


CONTROLS = tuple(
    line.strip()
    for line in """
    Aamu alkaa monella asiakkaalla vasta puoliltapäivin.
    Toivoa antaa se, että perhe on yhä koossa.
    Toivon, että Kela vastaa tänä vuonna.
    Satu luettiin ja lapsi nukahti sohvalle.
    Onni oli, että naapuri sattui paikalle.
    Ilo oli suuri, kun päätös tuli.
    Tuuli vei katon autotallista, eikä korjaukseen ole varaa.
    Lumi jäi auraamatta, ja kotihoito ei päässyt perille.
    Kevät on päihdetyössä raskainta aikaa.
    Rauha palasi taloon, kun järjestyksenvalvoja tuli.
    Ilman autoa ei Padasjoelta pääse Lahteen iltavastaanotolle.
    Ainakin kolme perhettä on jonottanut yli vuoden.
    Ilta on yksinäisille vaikein hetki.
    Meri-Lapin malli kiinnosti työryhmää.
    Helmi on pieni mutta tärkeä kohtaamispaikka Heinolassa.
    Oma väylä -kuntoutukseen pääsee vasta diagnoosilla.
    Lahden ja Hollolan väliset bussivuorot vähenivät.
    Koski Tl:stä ei löydy vuokra-asuntoa.
    Salon seudulla tilanne on toinen kuin Turussa.
    Kemin ja Tornion malli toimii.
    Martat järjestivät ruokakurssin.
    Marttojen kurssi täyttyi tunnissa.
    Pelastusarmeijan jonossa oli taas lapsia.
    Ohjaamon ja Kelan yhteispäivystys auttaa nuoria.
    Navigaattori ohjaa nuoret oikeaan paikkaan.
    Wilmassa ei näy äidinkieltä, jolla vanhemmat lukisivat.
    Wilma-viestit jäävät lukematta.
    Omakannan käyttö vaatii pankkitunnukset.
    Diakoniatyö jakaa ruokakasseja torstaisin.
    Punaisen Ristin ystävätoiminta hiljeni.
    A-klinikan aika peruttiin kahdesti.
    Mielenterveystalo ei auta, jos ei osaa lukea.
    Marevan-kontrollit jäävät väliin.
    Subutexin katukauppa näkyy torilla.
    Parkinsonin tautia sairastavan puoliso uupuu.
    Alzheimer eteni nopeasti talven aikana.
    COVID-19 sulki päivätoiminnan kahdeksi vuodeksi.
    M1-lähete tehtiin vasta poliisin pyynnöstä.
    B-todistus puuttui, joten päivärahaa ei maksettu.
    Laki 1301/2014 velvoittaa raportoimaan.
    Sosiaalihuoltolain 7 §:n mukaan tieto on vietävä päättäjille.
    Soitin numeroon 112, kun mies ei herännyt.
    Päivystysapu 116117 ei vastannut.
    Toimisto on auki klo 9–15 ja perjantaisin 9.00–12.00.
    Vuokra nousi 650 eurosta 720 euroon.
    Velkaa on kertynyt 12 500 euroa vuosina 2019–2023.
    Tapahtuma oli 12.3.2024 ja siihen tuli 45 henkilöä.
    Perheessä on 84-vuotias mummo ja 3-vuotias taapero.
    Torikadulla ei ole enää yhtään avointa tilaa.
    Torikadulla 12 asiakasta odotti aamulla oven takana.
    Valtatie 4 katkaisee kylän kahtia.
    Hoitopolku 2 ei toimi lainkaan.
    Somaliasta muuttanut perhe jäi ilman tulkkia.
    Ukrainasta tulleet naiset etsivät töitä Lahdesta.
    Virossa työssä käyvä isä on poissa viikot.
    Suomen kielen kurssille on puolen vuoden jono.
    Kurdinkielistä tulkkia ei saatu.
    Joulun alla ruokajono piteni.
    Ramadanin aikaan tapaamisia siirrettiin.
    Pirkanmaan hyvinvointialueella sama palvelu on maksuton.
    Päijät-Hämeen hyvinvointialue lopetti palvelun.
    Eskarissa huomattiin, ettei lapsi puhu.
    Nepsy-valmennusta ei myönnetty.
    Lasun jälkeen perhe jäi yksin.
    Sossu ei vastaa, sanoi asiakas.
    Mummo on hoitanut lapsia yksin.
    Isä ja äiti eivät puhu keskenään.
    Äiti kertoi Kelan hylänneen hakemuksen.
    Asiakas Heinolasta kertoi samaa.
    Ohjaaja Lahden nuorisotyöstä vahvisti asian.
    Työntekijä Kelasta soitti takaisin.
    Sosiaalityöntekijä Asikkalasta oli samaa mieltä.
    Nuori Orimattilasta ei pääse opintoihin.
    Kuraattori oli sairaana koko syksyn.
    Kirkon diakoniatyö ja Martat auttavat.
    Facebookissa leviää väärää tietoa tuista.
    TikTokissa kaupataan nikotiinipusseja.
    Lidlin pihalla nukutaan autoissa.
    Prisman aulassa istuu päivittäin samat vanhukset.
    Veikkauksen pelit veivät rahat.
    Klarnan lasku tuli ulosottoon.
    Attendon yksikössä vaihtui johtaja neljästi.
    Mehiläinen otti palvelun hoitaakseen tammikuussa.
    Hope ry jakoi vaatteita.
    Vamos-toiminta loppui Lahdessa.
    Icehearts-kasvattaja on koululla kahtena päivänä.
    Barnahus-malli nopeutti tutkintaa.
    Lapset puheeksi -keskustelu käytiin vasta keväällä.
    Suvi on monelle yksinäisin vuodenaika.
    Taimi kasvaa, jos sitä hoidetaan, sanoi rouva.
    Pilvi peitti mielen, asiakas kuvasi.
    Sisko hoitaa veljeään ilman tukea.
    Veli muutti pois eikä kukaan käy.
    Lahja tuli väärälle perheelle.
    Kallio on asuinalueena kallistunut.
    Linna on suljettu, joten työpajalle ei ole tilaa.
    Harju Terveys ei vastaa puheluihin.
    Silta-Valmennus etsii uusia tiloja.
    Jos Luoja suo, sanoi rouva, kevät tulee vielä.
    Perusopetuksen 9B-luokka jäi ilman ohjausta.
    """.splitlines()
    if line.strip()
)
"""Sentences without personal data, written to tempt: names that are words, words that are names."""
