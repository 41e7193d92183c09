"""Make the demo corpus: a form export as a county would have it, and its answer key apart.

Run ``python benchmarks/make_demo_corpus.py --data DIR``, where DIR holds ``reports.jsonl``. The
same input gives the same bytes. The export has the layout of a survey tool (title rows, two header
rows, a 0/1 column for each choice, dates of two kinds) and the texts exactly as they were written.
"""

import argparse
import csv
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

OUT = Path(__file__).resolve().parents[1] / "corpora" / "jarvimaa"
EXPORT = "jarvimaa_webropol.xlsx"

CLIENT_GROUPS = {
    "tyoikaiset": "Työikäiset",
    "lapset-nuoret-perheet": "Lapset, nuoret ja perheet",
    "vammaiset": "Vammaiset henkilöt",
    "ikaantyneet": "Ikääntyneet",
    "paihde-riippuvuus": "Päihde- ja riippuvuusasiakkaat",
}
VALENCES = {
    "negatiivinen": "Negatiivinen",
    "positiivinen": "Positiivinen",
    "neutraali": "Neutraali",
}
THEMES = {
    "palvelujen-saatavuus": "Puuttuvat palvelut, palvelujen saatavuus ja saavutettavuus",
    "lapsen-hyvinvointi": "Lapsen tasapainoinen kehitys ja hyvinvointi",
    "toimintakyky-elamanhallinta": "Toimintakyky, terveys ja elämänhallinta",
    "toimivat-kaytannot": "Toimivat työmenetelmät, käytännöt, palvelut tai palvelupolut",
    "sosiaalinen-syrjaytyminen": "Sosiaalinen syrjäytyminen",
    "viranomaisyhteistyo": "Viranomaisten välinen yhteistyö",
    "toimeentulo": "Taloudellinen tilanne ja toimeentulo",
    "asuminen": "Asuminen ja asuinolot",
    "mielenterveys": "Mielenterveys",
    "paihteet-riippuvuudet": "Päihteet ja riippuvuudet",
    "vanhemmuus-perheet": "Vanhemmuus ja perheiden tuen tarpeet",
    "koulu-opiskelu": "Koulunkäynti ja opiskelu",
    "tyollisyys-tyokyky": "Työllisyys ja työkyky",
    "digiasiointi": "Digitaalinen asiointi ja osallisuus",
    "vakivalta-turvallisuus": "Väkivalta ja turvallisuus",
    "yksinaisyys": "Yksinäisyys ja sosiaaliset verkostot",
    "maahanmuutto": "Maahanmuutto ja kotoutuminen",
    "asenteet-yhdenvertaisuus": "Asenteet, kohtelu ja yhdenvertaisuus",
}

TITLE_ROWS = (
    "Sosiaalinen raportointi: havaintolomake",
    "Järvimaan hyvinvointialue (keksitty esimerkkiaineisto)",
    "Raportti luotu: 7.1.2025 9.12",
)
ID_HEADER = "Vastausnumero"
DATE_HEADER = "Havainnon päivämäärä"
AREA_HEADER = "Mitä aluetta havaintosi koskee?"
CLIENT_GROUPS_HEADER = "Mitä asiakasryhmää havaintosi koskee? Voit valita useita."
VALENCE_HEADER = "Millainen havaintosi on?"
THEMES_HEADER = "Mihin teemoihin havaintosi liittyy? Voit valita useita."
OBSERVATION_HEADER = "Kuvaa havaintosi"
PROPOSAL_HEADER = "Ehdotuksesi ratkaisuksi"

# Four title rows and an empty one stand above the question row; rows count from 0 here.
QUESTION_ROW = len(TITLE_ROWS) + 2
CHOICE_ROW = QUESTION_ROW + 1
FIRST_REPORT_ROW = CHOICE_ROW + 1
# Every third answer has its date as typed text, as when a form's date field was free text once.
TEXT_DATE_STEP = 3

CODER = "careful-coder"
# The source does not say when the coder worked: one nominal time after the last period.
CODED_AT = "2025-01-07T12:00:00+02:00"
TAXONOMY_VERSION = "1.0.0"

# What each planted topic's history is, in the words of signals.status.
TOPIC_KINDS = {
    "nikotiinipussit": "emerging",
    "ikaihmisten-haadot": "emerging",
    "lapsi-tulkkina": "emerging",
    "pankkitunnukset": "emerging",
    "korona-jalki": "fading",
    "ludeasuntola": "one-off",
    "kesasulku": "seasonal",
}

# Read and classified one by one; a string that is not here stops the run.
PII_KINDS = {
    "Eila Kuusvaara": "nimi",
    "Veikko Lammasniemi": "nimi",
    "Helvi Saarenkorpi": "nimi",
    "Jarkko Tuomivirta": "nimi",
    "Jenna Kortevaara": "nimi",
    "Aune Hillasvuo": "nimi",
    "Reijo Suonpelto": "nimi",
    "140279-917L": "hetu",
    "051148-905N": "hetu",
    "140562-9346": "hetu",
    "140242-904M": "hetu",
    "231188-907N": "hetu",
    "050 555 0142": "puhelin",
    "050 412 7786": "puhelin",
    "050 000 4417": "puhelin",
    "050-000 1283": "puhelin",
    "raimo.tervakoski@postila.example": "sahkoposti",
    "aino.kettuvaara@esimerkki.fi": "sahkoposti",
    "kaisu.lepistonen@example.fi": "sahkoposti",
    "Kaislatie 7 B 12": "osoite",
    "Lehtokallionkatu 7 A 12": "osoite",
    "Myllytie 6 A 12": "osoite",
}


@dataclass(frozen=True, kw_only=True)
class DemoReport:
    """One line of ``reports.jsonl``, answer key included."""

    report_id: str
    period: str
    date: str
    area: Sequence[str]
    client_groups: Sequence[str]
    valence: str
    themes_ticked: Sequence[str]
    observation: str
    proposal: str
    gold_themes: Sequence[str]
    gold_topic: str
    gold_pii: Sequence[str]

    @property
    def day(self) -> dt.date:
        """Date of the observation."""
        return dt.date.fromisoformat(self.date)

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The free texts with the names of their fields, in reading order."""
        return (("observation", self.observation), ("proposal", self.proposal))


def read_reports(data: Path) -> list[DemoReport]:
    """Read ``reports.jsonl`` and return its reports by date."""
    lines = (data / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    reports = [DemoReport(**json.loads(line)) for line in lines]
    return sorted(reports, key=lambda report: (report.date, report.report_id))


def half_year(day: dt.date) -> str:
    """Return the half-year of a day.

    >>> half_year(dt.date(2024, 6, 30)), half_year(dt.date(2024, 7, 1))
    ('2024H1', '2024H2')
    """
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def check_periods(reports: Iterable[DemoReport]) -> None:
    """Stop when the date, which alone is in the export, does not give the report's period."""
    wrong = [r.report_id for r in reports if half_year(r.day) != r.period]
    if wrong:
        raise SystemExit(f"The date must lie in the period. It does not in {', '.join(wrong)}.")


def write_export(reports: Sequence[DemoReport], path: Path) -> None:
    """Write the reports as a survey tool's export, one answer a row."""
    workbook = xlsxwriter.Workbook(path, {"in_memory": True})
    workbook.set_properties(
        {
            "title": "Järvimaa demo corpus (synthetic)",
            "comments": "Texts CC BY 4.0. No real person, place or report is in it.",
            "created": dt.datetime(2025, 1, 7, 9, 12),
        }
    )
    sheet = workbook.add_worksheet("Vastaukset")
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day_format = workbook.add_format({"num_format": "d.m.yyyy"})
    for row, title in enumerate((*TITLE_ROWS, f"Vastauksia yhteensä: {len(reports)}")):
        sheet.write_string(row, 0, title)
    _write_header(sheet, bold)
    for number, report in enumerate(reports):
        _write_answer(sheet, number, report, day_format)
    sheet.freeze_panes(FIRST_REPORT_ROW, 1)
    workbook.close()


def _write_header(sheet: Worksheet, bold: Format) -> None:
    """Write the question row, and below it the choices of the questions with many answers."""
    column = 0
    for question, choices in (
        (ID_HEADER, ()),
        (DATE_HEADER, ()),
        (AREA_HEADER, ()),
        (CLIENT_GROUPS_HEADER, tuple(CLIENT_GROUPS.values())),
        (VALENCE_HEADER, ()),
        (THEMES_HEADER, tuple(THEMES.values())),
        (OBSERVATION_HEADER, ()),
        (PROPOSAL_HEADER, ()),
    ):
        if not choices:
            sheet.write_string(QUESTION_ROW, column, question, bold)
            column += 1
            continue
        last = column + len(choices) - 1
        sheet.merge_range(QUESTION_ROW, column, QUESTION_ROW, last, question, bold)
        for offset, choice in enumerate(choices):
            sheet.write_string(CHOICE_ROW, column + offset, choice, bold)
        column = last + 1
    sheet.set_column(0, column - 3, 16)
    sheet.set_column(column - 2, column - 1, 60)


def _write_answer(sheet: Worksheet, number: int, report: DemoReport, day_format: Format) -> None:
    """Write one report; ``number`` counts from 0 and decides how the date is kept."""
    row, day = FIRST_REPORT_ROW + number, report.day
    sheet.write_string(row, 0, report.report_id)
    if number % TEXT_DATE_STEP == TEXT_DATE_STEP - 1:
        sheet.write_string(row, 1, f"{day.day}.{day.month}.{day.year}")
    else:
        sheet.write_datetime(row, 1, day, day_format)
    sheet.write_string(row, 2, "; ".join(report.area))
    column = _write_ticks(sheet, row, 3, CLIENT_GROUPS, report.client_groups)
    sheet.write_string(row, column, VALENCES[report.valence])
    column = _write_ticks(sheet, row, column + 1, THEMES, report.themes_ticked)
    # write_string, because write() would make formulas and links of texts that look like them.
    sheet.write_string(row, column, report.observation)
    if report.proposal:
        sheet.write_string(row, column + 1, report.proposal)


def _write_ticks(
    sheet: Worksheet, row: int, column: int, choices: Iterable[str], ticked: Sequence[str]
) -> int:
    """Write 1 or 0 for each choice and return the column after the last one."""
    for choice in choices:
        sheet.write_number(row, column, int(choice in ticked))
        column += 1
    return column


def codings(reports: Iterable[DemoReport]) -> Iterator[tuple[object, ...]]:
    """Yield the careful coder's judgements, one a row."""
    for report in reports:
        for theme_id in report.gold_themes:
            yield report.report_id, "", theme_id, CODER, CODED_AT, TAXONOMY_VERSION, ""


def planted_topics(reports: Iterable[DemoReport]) -> Iterator[tuple[object, ...]]:
    """Yield the reports that belong to a planted topic."""
    for report in reports:
        if report.gold_topic:
            yield report.report_id, report.gold_topic, TOPIC_KINDS[report.gold_topic]


def planted_pii(reports: Iterable[DemoReport]) -> Iterator[tuple[object, ...]]:
    """Yield every place of the planted personal data, in code points into the raw text.

    Raises
    ------
    SystemExit
        When a listed string is in neither text, or has no kind in ``PII_KINDS``.
    """
    for report in reports:
        placed: set[str] = set()
        for field, text in report.fields:
            spans = sorted(
                match.span()
                for string in set(report.gold_pii)
                for match in re.finditer(re.escape(string), text)
            )
            for start, end in spans:
                string = text[start:end]
                if string not in PII_KINDS:
                    raise SystemExit(f"A string in {report.report_id}/{field} has no kind yet.")
                placed.add(string)
                yield report.report_id, field, start, end, string, PII_KINDS[string]
        if n_lost := len(set(report.gold_pii) - placed):
            raise SystemExit(f"{n_lost} listed strings are not in the text of {report.report_id}.")


def checksums(reports: Iterable[DemoReport]) -> Iterator[tuple[object, ...]]:
    """Yield the SHA-256 of each report's two texts with a unit separator between them."""
    for report in reports:
        texts = f"{report.observation}\x1f{report.proposal}"
        yield report.report_id, hashlib.sha256(texts.encode()).hexdigest()


def write_csv(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> int:
    """Write rows under a comma-separated header and return how many there were."""
    kept = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(kept)
    return len(kept)


def write_corpus(reports: Sequence[DemoReport], out: Path) -> dict[str, int]:
    """Write the export, the answer key and the checksums; return the rows of each file."""
    out.mkdir(parents=True, exist_ok=True)
    check_periods(reports)
    write_export(reports, out / EXPORT)
    coding = "report_id,segment_id,theme_id,coder,at,taxonomy_version,memo"
    tables = {
        "gold_themes.csv": (coding, codings(reports)),
        "gold_topics.csv": ("report_id,topic,kind", planted_topics(reports)),
        "gold_pii.csv": ("report_id,field,start,end,text,kind", planted_pii(reports)),
        "checksums.csv": ("report_id,sha256", checksums(reports)),
    }
    n_rows = {name: write_csv(out / name, *table) for name, table in tables.items()}
    return {EXPORT: len(reports), **n_rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with reports.jsonl")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write (default: corpora)")
    options = parser.parse_args()
    for name, n_rows in write_corpus(read_reports(options.data), options.out).items():
        print(f"{name:26} {n_rows:5} rows")


if __name__ == "__main__":
    main()
