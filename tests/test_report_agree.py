"""The page, the deck and the workbook say the same numbers, and hide the same ones."""

import json
import re
from collections.abc import Callable, Mapping

import pytest
from deck_reader import notes, opened, tables
from report_reader import (
    crossed,
    deck_rows,
    disagreements,
    drawn_bars,
    page_rows,
    page_text,
    said,
    sheet_rows,
    spoken,
)
from report_tables import make_frames, small_study, write

from pipeline.report.catalogue import Catalogue, load_catalogue

AREAS = {"koko-alue": 16, "Lahti": 13, "Heinola": 8, "Hollola": 2, "Asikkala": 2,
         "Orimattila": 2, "valtakunnallinen": 2, "Padasjoki": 1, "Kärkölä": 1}  # fmt: skip
GROUPS = {"tyoikaiset": 21, "lapset-nuoret-perheet": 20, "vammaiset": 10, "ikaantyneet": 7,
          "paihde-riippuvuus": 7}  # fmt: skip
THEMES = {"puuttuvat": 6, "toimivat": 6, "kehitys": 5, "toimintakyky": 4, "syrjaytyminen": 3,
          "yhteistyo": 3}  # fmt: skip
VALENCES = {"negatiivinen": 31, "positiivinen": 4, "neutraali": 5}
SHARES = {1: "2,5 %", 2: "5 %", 3: "7,5 %", 4: "10 %", 5: "12,5 %", 6: "15 %", 7: "17,5 %",
          8: "20 %", 10: "25 %", 13: "32,5 %", 16: "40 %", 20: "50 %", 21: "52,5 %",
          31: "77,5 %"}  # fmt: skip
ENGLISH_SHARES = {n: share.replace(",", ".").replace(" ", "") for n, share in SHARES.items()}
LANGUAGES = pytest.mark.parametrize("language", ["fi", "en"])
Files = Mapping[str, bytes]


def dealt(totals: dict[str, int], n: int = 40) -> list[list[str]]:
    """Deal values over n reports so that each value is in its number of reports."""
    hands: list[list[str]] = [[] for _ in range(n)]
    cards = [value for value, total in totals.items() for _ in range(total)]
    for place, value in enumerate(cards):
        hands[place % n].append(value)
    return hands


@pytest.fixture(scope="module")
def report_in() -> Callable[[str], Files]:
    """Return a writer of the report of 40 made-up reports with the margins a county published."""
    valences = [valence for valence, n in VALENCES.items() for _ in range(n)]
    columns = zip(dealt(AREAS), dealt(GROUPS), dealt(THEMES), valences, strict=True)
    rows = [
        {"id": f"R-{i:02}", "period": "2024H2", "area": a, "client_groups": g, "themes": t,
         "valence": v}
        for i, (a, g, t, v) in enumerate(columns)
    ]  # fmt: skip
    made: dict[str, Files] = {}

    def written(language: str) -> Files:
        if language not in made:
            made[language] = write(make_frames(rows), language=language)
        return made[language]

    return written


@pytest.fixture(scope="module")
def files(report_in) -> Files:
    return report_in("fi")


def label_of(words: Catalogue, kind: str, value: str) -> str:
    return value if kind == "theme" else words.label(kind, value)


COUNTS = [
    pytest.param(kind, value, n, id=value)
    for kind, totals in (("area", AREAS), ("client_groups", GROUPS), ("theme", THEMES))
    for value, n in totals.items()
]


@LANGUAGES
@pytest.mark.parametrize(("kind", "value", "n"), COUNTS)
def test_a_published_count_is_the_same_everywhere(
    report_in, language: str, kind: str, value: str, n: int
) -> None:
    files, words = report_in(language), load_catalogue(language)
    label = label_of(words, kind, value)
    share = SHARES[n] if language == "fi" else ENGLISH_SHARES[n]
    page = [row for row in page_rows(files["report.html"]) if row[0] == label]
    assert [str(n), share] in [[cell for cell in row if cell][1:3] for row in page]
    counted = said(words, "deck.counted", title="").removeprefix(":").strip()
    slides = [
        [spoken(cell) for cell in row]
        for title, rows in tables(files["deck.pptx"])
        if counted in title
        for row in rows
    ]
    assert [label, str(n), share] in [row[:3] for row in slides]
    (sheet,) = [
        row
        for row in sheet_rows(files["tables.xlsx"], "counts")
        if (row["kind"], row["value"]) == (kind, value)
    ]
    assert (sheet["label"], sheet["n"], sheet["share"]) == (label, n, n / 40)


@LANGUAGES
@pytest.mark.parametrize(("kind", "value", "n"), COUNTS)
def test_a_chart_draws_the_published_share(
    report_in, language: str, kind: str, value: str, n: int
) -> None:
    drawn = drawn_bars(report_in(language)["deck.pptx"])
    label = label_of(load_catalogue(language), kind, value)
    share = SHARES[n] if language == "fi" else ENGLISH_SHARES[n]
    assert drawn[f"{label}: {n} ({share})"] == pytest.approx(100 * n / 40)


VALENCE_LINES = {
    "fi": "kielteinen 31 (77,5 %); neutraali 5 (12,5 %); myönteinen 4 (10 %)",
    "en": "negative 31 (77.5%); neutral 5 (12.5%); positive 4 (10%)",
}


@LANGUAGES
def test_the_published_valence_is_the_same_everywhere(report_in, language: str) -> None:
    files, line = report_in(language), VALENCE_LINES[language]
    title = said(load_catalogue(language), "toc.brief")
    assert line in re.sub(r" (?=[;)])", "", page_text(files["report.html"]))
    brief = next(s for s in opened(files["deck.pptx"]).slides if s.shapes.title.text == title)
    told = " ".join(shape.text_frame.text for shape in brief.shapes if shape.has_text_frame)
    assert line in spoken(told)
    rows = sheet_rows(files["tables.xlsx"], "counts")
    assert {r["value"]: r["n"] for r in rows if r["kind"] == "valence"} == VALENCES


@LANGUAGES
def test_the_three_files_agree_on_every_number(report_in, language: str) -> None:
    assert disagreements(report_in(language), load_catalogue(language)) == []


@LANGUAGES
def test_the_files_of_a_study_with_a_past_and_signals_agree(language: str) -> None:
    files = write(small_study(3, 6), language=language)
    assert disagreements(files, load_catalogue(language)) == []
    title = said(load_catalogue(language), "signals.map_title")
    assert deck_rows(files["deck.pptx"], title)


def test_a_number_changed_in_one_file_is_told(files) -> None:
    page = files["report.html"].replace(b">13</button>", b">12</button>")
    found = disagreements({**files, "report.html": page}, load_catalogue("fi"))
    assert any("Lahti" in one for one in found)


@LANGUAGES
@pytest.mark.parametrize("name", ["heat", "area_heat"])
def test_the_cross_tables_hide_the_same_cells_everywhere(
    report_in, language: str, name: str
) -> None:
    book, page, slides = crossed(report_in(language), load_catalogue(language), name)
    assert book == page == slides
    cells = [cell for row in book for cell in row]
    assert "<3" in cells
    assert not {"0", "1", "2"} & set(cells)


def test_a_hidden_cell_opens_no_reports_and_has_no_source(files) -> None:
    page = files["report.html"].decode("utf-8")
    data = json.loads(re.findall(r'id="report-data">(.*?)</script>', page, re.DOTALL)[0])
    opened_sets = [n for title, n, _ in data["sets"] if " × " in title]
    assert opened_sets
    assert min(opened_sets) >= 3
    heat = [
        s for s in opened(files["deck.pptx"]).slides if "asiakasryhmittäin" in s.shapes.title.text
    ]
    counts = re.findall(r" × [^(]*\((\d+)\)", " ".join(notes(slide) for slide in heat))
    assert all(int(n) >= 3 for n in counts)


def test_the_only_report_of_an_area_is_not_told_to_be_from_there(files) -> None:
    page = files["report.html"].decode("utf-8")
    data = json.loads(re.findall(r'id="report-data">(.*?)</script>', page, re.DOTALL)[0])
    places = " ".join(str(report[3]) for report in data["reports"] if len(report) > 3)
    assert "Hollola" in places
    assert "Kärkölä" not in places
    assert "Padasjoki" not in places
    assert not [title for title, _, _ in data["sets"] if title.startswith(("Kärkölä", "Padasjoki"))]


def test_rare_combinations_are_listed_in_the_workbook_for_the_analyst(files) -> None:
    rows = sheet_rows(files["tables.xlsx"], "rare_combinations")
    assert rows
    assert all(0 < row["n"] < 3 for row in rows)


def test_a_limit_of_one_hides_nothing() -> None:
    rows = [{"id": f"R-{i}", "period": "2024H2", "area": ["Lahti"] if i else ["Kärkölä"]}
            for i in range(4)]  # fmt: skip
    made = write(make_frames(rows), min_cell=1)
    assert 'hidden-count"' not in made["report.html"].decode("utf-8")
    page = made["report.html"].decode("utf-8")
    (data,) = re.findall(r'id="report-data">(.*?)</script>', page, re.DOTALL)
    assert "Kärkölä" in json.loads(data)["reports"][0][3]


def test_activity_figures_stand_in_all_three() -> None:
    figures = ({"name": "Kohtaamiset", "n": 2017, "source": "Etsivä työ"},)
    made = write(make_frames([{"id": "R-1", "period": "2024H2"}]), activities=figures)
    assert ["Kohtaamiset", "2 017", "Etsivä työ"] in page_rows(made["report.html"])
    slides = [[spoken(c) for c in row] for _, rows in tables(made["deck.pptx"]) for row in rows]
    assert ["Kohtaamiset", "Etsivä työ", "2 017"] in slides
    assert sheet_rows(made["tables.xlsx"], "activities")[0]["n"] == 2017
