"""Made-up form exports in the layouts of survey tools, with what each report truly says.

A form is drawn from lists of wordings in Finnish, Swedish or English; a layout lays its answers
out as a tool exports them. Nothing here is read by the pipeline.
"""

import csv
import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

AREAS = (
    *("Harjukoski", "Kiviranta", "Mustalampi", "Pohjajoki", "Salmenperä", "Vuolinna", "Lahti"),
    *("Heinola", "Asikkala", "Padasjoki"),
)
WIDE = {
    "fi": ("Koko hyvinvointialue", "Valtakunnallinen ilmiö"),
    "sv": ("Hela välfärdsområdet", "Nationellt"),
    "en": ("The whole county", "Nationwide"),
}
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "fi": {
        "tyoikaiset": ("Työikäiset", "Työikäiset (18–64 v)", "Aikuiset", "Työikäiset asiakkaat"),
        "lapset-nuoret-perheet": ("Lapset, nuoret ja perheet", "Lapsiperheet", "Lapset ja nuoret"),
        "vammaiset": ("Vammaiset", "Vammaiset henkilöt", "Vammaispalvelujen asiakkaat"),
        "ikaantyneet": ("Ikääntyneet", "Ikäihmiset", "Yli 65-vuotiaat ikääntyneet", "Vanhukset"),
        "paihde-riippuvuus": ("Päihde- ja riippuvuustyö", "Päihdekuntoutujat", "Päihdeasiakkaat"),
    },
    "sv": {
        "tyoikaiset": ("Personer i arbetsför ålder", "Vuxna"),
        "lapset-nuoret-perheet": ("Barn, unga och familjer", "Barnfamiljer"),
        "vammaiset": ("Personer med funktionsnedsättning",),
        "ikaantyneet": ("Äldre", "Äldre personer"),
        "paihde-riippuvuus": ("Missbruks- och beroendevård", "Personer med missbruk"),
    },
    "en": {
        "tyoikaiset": ("Working age", "Adults of working age"),
        "lapset-nuoret-perheet": ("Children, young people and families",),
        "vammaiset": ("People with disabilities", "Disabled people"),
        "ikaantyneet": ("Older people", "Elderly"),
        "paihde-riippuvuus": ("Substance use and addiction services", "People with addictions"),
    },
}
OWN_GROUPS = {
    "fi": ("Maahanmuuttaneet", "Omaishoitajat", "Asunnottomat"),
    "sv": ("Invandrare", "Närståendevårdare"),
    "en": ("Immigrants", "Carers"),
}
VALENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "fi": {
        "negatiivinen": ("Negatiivinen", "Kielteinen", "Huono asia", "Kielteinen ilmiö"),
        "positiivinen": ("Positiivinen", "Myönteinen", "Hyvä asia", "Myönteinen ilmiö"),
        "neutraali": ("Neutraali", "Neutraali havainto"),
    },
    "sv": {
        "negatiivinen": ("Negativ", "Negativt"),
        "positiivinen": ("Positiv", "Positivt"),
        "neutraali": ("Neutral", "Neutralt"),
    },
    "en": {
        "negatiivinen": ("Negative", "Negative observation"),
        "positiivinen": ("Positive", "Positive observation"),
        "neutraali": ("Neutral",),
    },
}
THEMES: dict[str, dict[str, tuple[str, ...]]] = {
    "fi": {
        "palvelujen-saatavuus": (
            "Puuttuvat palvelut, palvelujen saatavuus ja saavutettavuus",
            "Palvelujen saatavuus ja saavutettavuus",
        ),
        "lapsen-hyvinvointi": ("Lapsen tasapainoinen kehitys ja hyvinvointi",),
        "toimintakyky-elamanhallinta": ("Toimintakyky, terveys ja elämänhallinta",),
        "sosiaalinen-syrjaytyminen": ("Sosiaalinen syrjäytyminen", "Syrjäytyminen"),
        "viranomaisyhteistyo": ("Viranomaisten välinen yhteistyö",),
        "toimeentulo": ("Taloudellinen tilanne ja toimeentulo", "Toimeentulo"),
        "asuminen": ("Asuminen ja asuinolot", "Asuminen"),
        "mielenterveys": ("Mielenterveys",),
        "paihteet-riippuvuudet": ("Päihteet ja riippuvuudet",),
        "yksinaisyys": ("Yksinäisyys ja sosiaaliset verkostot", "Yksinäisyys"),
    },
    "sv": {},
    "en": {
        "palvelujen-saatavuus": ("Missing services, availability and accessibility",),
        "lapsen-hyvinvointi": ("A child's balanced development and well-being",),
        "asuminen": ("Housing and living conditions",),
        "mielenterveys": ("Mental health",),
        "toimeentulo": ("Financial situation and income",),
        "viranomaisyhteistyo": ("Cooperation between authorities",),
    },
}
OTHER = {
    "fi": ("Muu, mikä?", "Muu", "Jokin muu, mikä?", "Muu (tarkenna)"),
    "sv": ("Annat, vad?", "Annat"),
    "en": ("Other (please specify)", "Other"),
}
QUESTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "fi": {
        "area": (
            "Mille alueelle havaintosi sijoittuu?",
            "Mitä aluetta havainto koskee?",
            "Mitä kuntaa tai kuntia havaintosi koskee? Voit valita useita.",
            "Havainnon paikkakunta",
            "Alue, jota ilmiö koskee",
            "Kunta",
        ),
        "client_groups": (
            "Ketä havaintosi koskee? Valitse yksi tai useampi.",
            "Mitä asiakasryhmää havaintosi koskee?",
            "Asiakasryhmä",
            "Keitä asia koskettaa?",
            "Kohderyhmä, jota havainto koskee",
        ),
        "valence": (
            "Millainen havaintosi on?",
            "Onko havaintosi myönteinen, kielteinen vai neutraali?",
            "Havainnon sävy",
            "Havainnon luonne",
        ),
        "themes_ticked": (
            "Mikä seuraavista teemoista kuvaa havaintoasi parhaiten?",
            "Mihin teemoihin havaintosi liittyy? Voit valita useita.",
            "Teema",
            "Mihin aihepiiriin havainto kuuluu?",
        ),
        "observation": (
            "Kerro omin sanoin, mitä olet havainnut. Jätä pois nimet.",
            "Kuvaa havaintosi",
            "Havainto",
            "Mitä olet huomannut asiakastyössä?",
            "Kuvaile ilmiötä mahdollisimman tarkasti",
        ),
        "proposal": (
            "Miten asiaa voisi mielestäsi ratkaista tai kehittää?",
            "Ehdotuksesi ratkaisuksi",
            "Kehittämisehdotus",
            "Mitä asialle pitäisi tehdä?",
            "Toimenpide-ehdotukset",
        ),
        "unit": ("Yksikkösi", "Missä yksikössä työskentelet?", "Työyksikkö", "Toimipiste", "Tiimi"),
        "reporter_id": (
            "Sähköpostiosoitteesi, jos sinuun saa olla yhteydessä",
            "Sähköpostisi",
            "Vastaajan sähköpostiosoite",
        ),
        "talked": (
            "Oletko puhunut havainnosta lähijohtajallesi tai tiimissäsi?",
            "Onko asiasta keskusteltu esihenkilön kanssa yksikössäsi?",
            "Saako havaintoa käyttää alueen viestinnässä?",
        ),
        "date": ("Havainnon päivämäärä", "Päivämäärä", "Milloin teit havainnon?", "Pvm"),
    },
    "sv": {
        "area": ("Vilket område gäller iakttagelsen?", "Kommun", "Vilken kommun gäller det?"),
        "client_groups": ("Vilken klientgrupp gäller iakttagelsen?", "Målgrupp", "Klientgrupp"),
        "valence": ("Hurdan är iakttagelsen?", "Är iakttagelsen positiv eller negativ?"),
        "themes_ticked": ("Tema", "Vilket tema hör iakttagelsen till?"),
        "observation": ("Beskriv din iakttagelse", "Iakttagelse", "Berätta vad du har märkt"),
        "proposal": ("Förslag till lösning", "Hur kunde saken förbättras?", "Åtgärdsförslag"),
        "unit": ("Din enhet", "Enhet", "Vilken enhet arbetar du på?"),
        "reporter_id": ("E-postadress", "Din e-post"),
        "talked": ("Har du diskuterat saken med din chef?",),
        "date": ("Datum för iakttagelsen", "Datum"),
    },
    "en": {
        "area": ("Which area does your observation concern?", "Municipality", "Region"),
        "client_groups": ("Which client group is concerned?", "Client group", "Target group"),
        "valence": ("Is the observation positive, negative or neutral?", "Tone of the observation"),
        "themes_ticked": ("Which themes does it belong to?", "Theme", "Topic of the observation"),
        "observation": ("Describe your observation", "Observation", "What did you observe?"),
        "proposal": ("Proposed solution", "How could this be improved?", "Suggestions"),
        "unit": ("Your unit", "Unit", "Team"),
        "reporter_id": ("Email address", "Your e-mail"),
        "talked": ("Have you talked about this with your manager?",),
        "date": ("Date of observation", "Date"),
    },
}
_SENTENCES = (
    "Vuokra nousi taas ja perhe joutui muuttamaan halvempaan asuntoon kesken kouluvuoden.",
    "Nuori odotti psykiatrian aikaa seitsemän kuukautta ja lopetti koulun ennen joulua.",
    "Iäkäs mies ei saanut varattua aikaa, koska sovellus vaatii uuden puhelimen ja tunnukset.",
    "Yhteinen vastaanotto Kelan kanssa toimi hyvin ja lyhensi käsittelyä viikolla.",
    "Kotihoidon ruokapalvelu lopetettiin, ja kuljetukset loppuivat kylältä kokonaan.",
    "Päihdekuntoutujan jatkohoito katkesi, kun maksusitoumusta ei myönnetty ajoissa.",
    "Opiskelija on yksinäinen eikä tunne paikkakunnalta ketään, johon voisi turvautua.",
    "Vammaisen lapsen avustaja vaihtui viidesti vuoden aikana ja äiti väsyi.",
    "Maahanmuuttajaperhe ei saanut tulkkia neuvolan käynnille kahteen kuukauteen.",
    "Työttömän kuntouttava työtoiminta päättyi ilman minkäänlaista jatkosuunnitelmaa.",
)
_PROPOSALS = (
    "Jonossa oleville pitäisi nimetä yhteyshenkilö, joka soittaa viikoittain.",
    "Lisää aikoja ja edullisia asuntoja, ja niistä yhteinen lista.",
    "Tulkki pitäisi voida varata suoraan ilman välikäsiä.",
    "Ohjeet selkokielellä ja paperilla niille, joilla ei ole laitteita.",
)
_UNITS = ("Aikuissosiaalityö", "Perhesosiaalityö", "Vammaispalvelut", "Gerontologinen sosiaalityö")
_TYPED = ("rahat ei riitä", "kyläkauppa", "vanhempien jaksaminen", "naapuririidat", "bussiyhteydet")


@dataclass
class Form:
    """What a form asks and offers; ``choices`` lead from a label to what it stands for."""

    lang: str
    words: dict[str, str]
    choices: dict[str, dict[str, str]]
    other: dict[str, str]
    several: dict[str, bool]
    order: list[str]
    reports: list[dict[str, Any]] = field(default_factory=list)

    @property
    def fields(self) -> list[str]:
        """Questions in the form's order."""
        return self.order


def draw_form(rng: random.Random, lang: str = "fi", n_reports: int = 40) -> Form:
    """Draw a form and its answers."""
    words = {name: rng.choice(own) for name, own in QUESTIONS[lang].items()}
    areas = [*rng.sample(AREAS, 6), *rng.sample(WIDE[lang], rng.randint(1, 2))]
    groups = {rng.choice(own): value for value, own in GROUPS[lang].items()}
    for label in rng.sample(OWN_GROUPS[lang], rng.randint(0, 1)):
        groups[label] = label
    themes = {rng.choice(own): value for value, own in THEMES[lang].items()}
    n_themes = min(len(themes), rng.choice([6, 8, 10]))
    themes = dict(rng.sample(sorted(themes.items()), n_themes))
    valences = {rng.choice(own): value for value, own in VALENCES[lang].items()}
    order = ["area", "client_groups", "valence", "themes_ticked", "observation", "proposal"]
    order = [name for name in order if name != "themes_ticked" or themes]
    order += [n for n in ("talked", "unit", "reporter_id", "date") if rng.random() < 0.8]
    rng.shuffle(order)
    form = Form(
        lang=lang,
        words=words,
        choices={
            "area": {area: area for area in areas},
            "client_groups": groups,
            "valence": valences,
            "themes_ticked": themes,
        },
        other={n: rng.choice(OTHER[lang]) for n in ("area", "client_groups", "themes_ticked")},
        several={
            "area": rng.random() < 0.7,
            "client_groups": rng.random() < 0.8,
            "valence": False,
            "themes_ticked": rng.random() < 0.5 and "parhaiten" not in words["themes_ticked"],
        },
        order=order,
    )
    form.reports = [_report(rng, form, number) for number in range(n_reports)]
    _use_every_choice(rng, form)
    return form


def _use_every_choice(rng: random.Random, form: Form) -> None:
    """See that each choice is made twice, so that a list of answers shows all of them."""
    for name, own in form.choices.items():
        for label in own:
            n_made = sum(label in report[name] for report in form.reports)
            for report in rng.sample(form.reports, max(2 - n_made, 0)):
                report[name] = [label]
                if f"{name}_other" in report:
                    report[f"{name}_other"] = ""


def _report(rng: random.Random, form: Form, number: int) -> dict[str, Any]:
    day = dt.datetime(2024, 7, 2, 9) + dt.timedelta(days=rng.randint(0, 170), minutes=number)
    text = " ".join(rng.sample(_SENTENCES, 3))
    report: dict[str, Any] = {
        "number": 51_000 + 7 * number,
        "day": day,
        "observation": f"{text} Tilanne {number} on nyt tiedossa.",
        "proposal": f"{rng.choice(_PROPOSALS)} Kohta {number}." if rng.random() < 0.6 else "",
        "unit": rng.choice(_UNITS),
        "reporter_id": f"u{rng.randint(0, 14):02d}@example.org" if rng.random() < 0.7 else "",
        "talked": rng.choice(
            {"fi": ("Kyllä", "En", "En vielä"), "sv": ("Ja", "Nej"), "en": ("Yes", "No")}[form.lang]
        ),
        "date": day.date() - dt.timedelta(days=rng.randint(0, 6)),
    }
    for name, own in form.choices.items():
        if not own:
            continue
        n = rng.choice([1, 1, 2, 3]) if form.several[name] else 1
        report[name] = rng.sample(list(own), min(n, len(own)))
        report[f"{name}_other"] = ""
        if name in form.other and rng.random() < (0.2 if name == "themes_ticked" else 0.04):
            report[name], report[f"{name}_other"] = [], rng.choice(_TYPED)
    return report


Rows = list[list[Any]]
Layout = Callable[[Form, Path], Path]


def _book(path: Path, sheets: dict[str, Rows]) -> Path:
    with xlsxwriter.Workbook(
        path, {"default_date_format": "d.m.yyyy", "strings_to_urls": False}
    ) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if cell not in ("", None):
                        sheet.write(i, j, cell)
    return path


def _text(path: Path, rows: Rows, separator: str, encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="", errors="replace") as stream:
        csv.writer(stream, delimiter=separator).writerows(rows)
    return path


def _plain(report: dict[str, Any], name: str) -> Any:
    return report[name]


def _columns(
    form: Form,
    *,
    head: Callable[[str, str], tuple[str, str]],
    yes: Any,
    no: Any,
    ticked: Sequence[str],
    joint: str,
    open_as: str,
) -> tuple[list[tuple[str, str]], list[Callable[..., Any]]]:
    """Return two header rows and what stands under each column.

    ``open_as`` says where typed words go: a column of their own, the tick's own cell, or inline.
    """
    heads: list[tuple[str, str]] = []
    cells: list[Callable[..., Any]] = []
    for name in form.order:
        question = form.words[name]
        if name not in form.choices:
            heads.append((question, ""))
            cells.append(lambda r, n=name: _plain(r, n))
            continue
        other = form.other.get(name, "")
        if name in ticked:
            for label in form.choices[name]:
                heads.append(head(question, label))
                shown = label if yes == "label" else yes
                cells.append(lambda r, n=name, x=label, y=shown: y if x in r[n] else no)
            if other and open_as == "cell":
                heads.append(head(question, other))
                cells.append(lambda r, n=name: r[f"{n}_other"])
            elif other:
                heads.append(head(question, other))
                shown = other if yes == "label" else yes
                cells.append(lambda r, n=name, y=shown: y if r[f"{n}_other"] else no)
                tail = {"fi": "avoin vastaus", "sv": "öppet svar", "en": "open answer"}[form.lang]
                heads.append(head(question, f"{other} ({tail})"))
                cells.append(lambda r, n=name: r[f"{n}_other"])
            continue
        heads.append((question, ""))
        inline = open_as == "inline"
        cells.append(
            lambda r, n=name, o=other, i=inline: (
                joint.join([*r[n], *([r[f"{n}_other"] if i else o] if r[f"{n}_other"] else [])])
                if o
                else joint.join(r[n])
            )
        )
        if other and not inline:
            noun = {
                "fi": {"area": "Muu alue, mikä?", "client_groups": "Muu ryhmä, mikä?",
                       "themes_ticked": "Muu teema, mikä?"},
                "sv": {"area": "Annat område, vilket?", "client_groups": "Annan grupp, vilken?",
                       "themes_ticked": "Annat tema, vad?"},
                "en": {"area": "Other area, please specify",
                       "client_groups": "Other group, please specify",
                       "themes_ticked": "Other theme, please specify"},
            }[form.lang][name]  # fmt: skip
            heads.append((noun, ""))
            cells.append(lambda r, n=name: r[f"{n}_other"])
    return heads, cells


_MULTI = ("area", "client_groups", "themes_ticked")


def _meta(form: Form, names: Sequence[str]) -> tuple[list[str], list[Callable[..., Any]]]:
    makers: dict[str, Callable[[dict[str, Any]], Any]] = {
        "id": lambda r: r["number"],
        "running": lambda r: (r["number"] - 51_000) // 7 + 1,
        "start": lambda r: r["day"] - dt.timedelta(minutes=8),
        "end": lambda r: r["day"],
        "ip": lambda r: f"192.0.2.{r['number'] % 200}",
        "lang": lambda r: form.lang,
        "anonymous": lambda r: "anonymous",
        "blank": lambda r: "",
    }
    return [], [makers[name] for name in names]


def _rows(
    form: Form,
    meta: Sequence[tuple[str, str]],
    heads: Sequence[tuple[str, str]],
    cells: Sequence[Callable[[dict[str, Any]], Any]],
    *,
    as_text: bool = False,
) -> tuple[list[tuple[str, str]], Rows]:
    makers = _meta(form, [kind for _, kind in meta])[1]
    body: Rows = []
    for report in form.reports:
        row = [maker(report) for maker in (*makers, *cells)]
        body.append([_written(cell) if as_text else cell for cell in row])
    return [*((header, "") for header, _ in meta), *heads], body


def _written(cell: Any) -> Any:
    if isinstance(cell, dt.datetime):
        return f"{cell.day}.{cell.month}.{cell.year} {cell:%H.%M}"
    if isinstance(cell, dt.date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    return cell


def webropol_ticks(form: Form, folder: Path) -> Path:
    """Lay out as Webropol's raw data: one header row, 0/1, numbered questions."""
    number = {name: i + 1 for i, name in enumerate(form.order)}
    by_words = {form.words[name]: i for name, i in number.items()}
    heads, cells = _columns(
        form, head=lambda q, c: (f"{by_words[q]}. {q}:{c}", ""), yes=1, no=0,
        ticked=_MULTI, joint="; ", open_as="column",
    )  # fmt: skip
    heads = [(f"{by_words[q]}. {q}" if q in by_words else q, c) for q, c in heads]
    meta = [("Vastaajan ID", "id"), ("Vastaaminen aloitettu", "start")]
    meta += [("Vastaus lähetetty", "end"), ("IP-osoite", "ip"), ("Kieli", "lang")]
    names, body = _rows(form, meta, heads, cells)
    return _book(folder / "webropol.xlsx", {"Data": [[q for q, _ in names], *body]})


def webropol_two_rows(form: Form, folder: Path) -> Path:
    """Lay out with questions in one row and choices under them, titles above."""
    heads, cells = _columns(
        form, head=lambda q, c: (q, c), yes=1, no=0, ticked=_MULTI, joint="; ", open_as="column"
    )
    names, body = _rows(form, [("Vastausnumero", "id"), ("Lähetetty", "end")], heads, cells)
    first, last = [], ""
    for question, choice in names:
        first.append("" if choice and question == last else question)
        last = question if choice else ""
    second = [choice for _, choice in names]
    return _book(
        folder / "kaksi_rivia.xlsx", {"Vastaukset": [["Perusraportti"], [], first, second, *body]}
    )


def webropol_codes(form: Form, folder: Path) -> Path:
    """Lay out with numbers for single choices and a sheet that explains them."""
    heads, cells = _columns(
        form, head=lambda q, c: (f"{q}:{c}", ""), yes=1, no=0,
        ticked=[n for n in _MULTI if form.several[n]], joint="; ", open_as="column",
    )  # fmt: skip
    names, body = _rows(form, [("Vastaajan ID", "id"), ("Vastaus lähetetty", "end")], heads, cells)
    codes: Rows = [["Kysymys", "Arvo", "Selite"]]
    for name, own in form.choices.items():
        if name not in form.order or (name in _MULTI and form.several[name]):
            continue
        labels = [*own, *([form.other[name]] if name in form.other else [])]
        at = next(i for i, (q, c) in enumerate(names) if q == form.words[name])
        for i, label in enumerate(labels, start=1):
            codes.append([form.words[name] if i == 1 else "", i, label])
            for row in body:
                row[at] = i if row[at] == label else row[at]
    return _book(folder / "koodit.xlsx", {"Data": [[q for q, _ in names], *body], "Koodit": codes})


def microsoft_forms(form: Form, folder: Path) -> Path:
    """Lay out as Microsoft Forms: one column a question, choices joined and ended by ``;``."""
    heads, cells = _columns(
        form, head=lambda q, c: (q, ""), yes=1, no=0, ticked=(), joint=";", open_as="inline"
    )
    several = {form.words[n] for n in _MULTI if form.several[n]}
    heads_words = [q for q, _ in heads]
    ended = [
        (lambda r, c=cell: f"{c(r)};" if c(r) else "") if q in several else cell
        for q, cell in zip(heads_words, cells, strict=True)
    ]
    meta = {
        "fi": ("ID", "Aloitusaika", "Valmistumisaika", "Sähköposti", "Nimi"),
        "sv": ("ID", "Starttid", "Slutförandetid", "E-post", "Namn"),
        "en": ("ID", "Start time", "Completion time", "Email", "Name"),
    }[form.lang]
    kinds = ("running", "start", "end", "anonymous", "blank")
    names, body = _rows(form, list(zip(meta, kinds, strict=True)), heads, ended)
    return _book(folder / "forms.xlsx", {"Sheet1": [[q for q, _ in names], *body]})


def google_forms(form: Form, folder: Path) -> Path:
    """Lay out as Google Forms: a timestamp, choices joined by commas, typed ones among them."""
    heads, cells = _columns(
        form, head=lambda q, c: (q, ""), yes=1, no=0, ticked=(), joint=", ", open_as="inline"
    )
    stamp = {"fi": "Aikaleima", "sv": "Tidsstämpel", "en": "Timestamp"}[form.lang]
    names, body = _rows(form, [(stamp, "end")], heads, cells, as_text=True)
    return _text(folder / "google.csv", [[q for q, _ in names], *body], ",", "utf-8")


def limesurvey_full(form: Form, folder: Path) -> Path:
    """Lay out as LimeSurvey with full questions and answers: brackets, yes and no."""
    yes, no = {"fi": ("Kyllä", "Ei"), "sv": ("Ja", "Nej"), "en": ("Yes", "No")}[form.lang]
    heads, cells = _columns(
        form, head=lambda q, c: (f"{q} [{c}]", ""), yes=yes, no=no,
        ticked=[n for n in _MULTI if form.several[n]], joint="|", open_as="cell",
    )  # fmt: skip
    meta = {
        "fi": ("Vastauksen tunniste", "Lähetyspäivä", "Aloituskieli"),
        "sv": ("Svars-ID", "Inlämningsdatum", "Startspråk"),
        "en": ("Response ID", "Date submitted", "Start language"),
    }[form.lang]
    names, body = _rows(form, list(zip(meta, ("id", "end", "lang"), strict=True)), heads, cells)
    rows = [[q for q, _ in names], *([_iso(c) for c in row] for row in body)]
    return _text(folder / "lime.csv", rows, ";", "utf-8-sig")


def _iso(cell: Any) -> Any:
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def limesurvey_codes(form: Form, folder: Path) -> Path:
    """Lay out as LimeSurvey with question codes before the questions, and Y for a tick."""
    code = {form.words[name]: f"G01Q{i + 1:02d}" for i, name in enumerate(form.order)}
    sub: dict[str, int] = {}

    def head(question: str, choice: str) -> tuple[str, str]:
        sub[question] = sub.get(question, 0) + 1
        return f"{code[question]}[SQ{sub[question]:03d}]. {question} [{choice}]", ""

    heads, cells = _columns(
        form, head=head, yes="Y", no="N", ticked=[n for n in _MULTI if form.several[n]],
        joint="|", open_as="cell",
    )  # fmt: skip
    heads = [(f"{code[q]}. {q}" if q in code else q, c) for q, c in heads]
    names, body = _rows(form, [("id. Response ID", "id"), ("submitdate", "end")], heads, cells)
    rows = [[q for q, _ in names], *([_iso(c) for c in row] for row in body)]
    return _text(folder / "lime_koodit.csv", rows, ",", "utf-8")


def surveymonkey(form: Form, folder: Path) -> Path:
    """Lay out as SurveyMonkey: two header rows, the choice itself in its cell."""
    heads, cells = _columns(
        form, head=lambda q, c: (q, c), yes="label", no="",
        ticked=[n for n in _MULTI if form.several[n]], joint="; ", open_as="cell",
    )  # fmt: skip
    meta = [("Respondent ID", "id"), ("Start Date", "start"), ("End Date", "end")]
    meta += [("IP Address", "ip")]
    names, body = _rows(form, meta, heads, cells)
    first, second, last = [], [], ""
    for i, (question, choice) in enumerate(names):
        first.append("" if choice and question == last else question)
        last = question if choice else ""
        long = question in (form.words["observation"], form.words["proposal"])
        filler = "Open-Ended Response" if long else "Response"
        second.append(choice or ("" if i < len(meta) else filler))
    return _book(folder / "monkey.xlsx", {"Sheet": [first, second, *body]})


def surveymonkey_repeated(form: Form, folder: Path) -> Path:
    """Lay out with the question repeated above each choice."""
    heads, cells = _columns(
        form, head=lambda q, c: (q, c), yes="label", no="",
        ticked=[n for n in _MULTI if form.several[n]], joint="; ", open_as="cell",
    )  # fmt: skip
    names, body = _rows(form, [("Respondent ID", "id"), ("End Date", "end")], heads, cells)
    first, second = [q for q, _ in names], [c for _, c in names]
    if not any(second):
        return _book(folder / "toisto.xlsx", {"Sheet": [first, *body]})
    return _book(folder / "toisto.xlsx", {"Sheet": [first, second, *body]})


def zef(form: Form, folder: Path) -> Path:
    """Lay out with a dash between question and choice, x for a tick, in Windows-1252."""
    heads, cells = _columns(
        form, head=lambda q, c: (f"{q} - {c}", ""), yes="x", no="", ticked=_MULTI, joint="|",
        open_as="column",
    )  # fmt: skip
    meta = [("Vastaajan tunniste", "id"), ("Vastausaika", "end")]
    names, body = _rows(form, meta, heads, cells, as_text=True)
    return _text(folder / "zef.csv", [[q for q, _ in names], *body], ";", "cp1252")


def _sent(form: Form) -> list[tuple[str, str]]:
    """Return a day for a form that does not ask for one."""
    return [] if "date" in form.order else [("Pvm", "end")]


def excel_bare(form: Form, folder: Path) -> Path:
    """Lay out as a hand-made table: columns bear only their choice, x for a tick."""
    heads, cells = _columns(
        form, head=lambda q, c: (c, ""), yes="x", no="", ticked=_MULTI, joint="; ", open_as="cell"
    )
    kept = [(h, c) for h, c in zip(heads, cells, strict=True) if h[0] not in form.other.values()]
    names, body = _rows(form, _sent(form), [h for h, _ in kept], [c for _, c in kept])
    title: Rows = [["Sosiaalinen raportointi, syksy"], []]
    return _book(folder / "taulukko.xlsx", {"Taul1": [*title, [q for q, _ in names], *body]})


def excel_bands(form: Form, folder: Path) -> Path:
    """Lay out as a hand-made table with the question above the columns of its choices."""
    heads, cells = _columns(
        form, head=lambda q, c: (q, c), yes="x", no="", ticked=_MULTI, joint="; ", open_as="cell"
    )
    kept = [(h, c) for h, c in zip(heads, cells, strict=True) if h[1] not in form.other.values()]
    names, body = _rows(form, _sent(form), [h for h, _ in kept], [c for _, c in kept])
    first, second, last = [], [], ""
    for question, choice in names:
        first.append(question if choice and question != last else "")
        last = question if choice else ""
        second.append(choice or question)
    return _book(folder / "kaista.xlsx", {"Taul1": [first, second, *body]})


LAYOUTS: tuple[Layout, ...] = (
    *(webropol_ticks, webropol_two_rows, webropol_codes, microsoft_forms, google_forms),
    *(limesurvey_full, limesurvey_codes, surveymonkey, surveymonkey_repeated, zef),
    *(excel_bare, excel_bands),
)
KEEPS_TYPED = tuple(x for x in LAYOUTS if x not in (excel_bare, excel_bands))
