"""The page, the deck and the workbook say the same numbers, and hide the same ones."""

import io
import json
import re
from html import unescape
from typing import Any

import openpyxl
import pytest
from deck_reader import charts, notes, opened, tables
from report_tables import make_frames, write

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
LABELS = {"koko-alue": "Koko hyvinvointialue", "valtakunnallinen": "Valtakunnallinen",
          "tyoikaiset": "Työikäiset", "lapset-nuoret-perheet": "Lapset, nuoret ja perheet",
          "vammaiset": "Vammaiset", "ikaantyneet": "Ikääntyneet",
          "paihde-riippuvuus": "Päihteet ja riippuvuudet"}  # fmt: skip


def dealt(totals: dict[str, int], n: int = 40) -> list[list[str]]:
    """Deal values over n reports so that each value is in its number of reports."""
    hands: list[list[str]] = [[] for _ in range(n)]
    cards = [value for value, total in totals.items() for _ in range(total)]
    for place, value in enumerate(cards):
        hands[place % n].append(value)
    return hands


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Return the report of 40 made-up reports with the margins a county has published."""
    valences = [valence for valence, n in VALENCES.items() for _ in range(n)]
    columns = zip(dealt(AREAS), dealt(GROUPS), dealt(THEMES), valences, strict=True)
    rows = [
        {"id": f"R-{i:02}", "period": "2024H2", "area": a, "client_groups": g, "themes": t,
         "valence": v}
        for i, (a, g, t, v) in enumerate(columns)
    ]  # fmt: skip
    return write(make_frames(rows))


def spoken(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").strip()


def page_rows(page: bytes) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", page.decode("utf-8"), re.DOTALL)
    return [
        [
            spoken(" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()))
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def sheet_rows(workbook: bytes, name: str) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True)[name]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


COUNTS = [
    pytest.param(kind, value, n, id=value)
    for kind, totals in (("area", AREAS), ("client_groups", GROUPS), ("theme", THEMES))
    for value, n in totals.items()
]


@pytest.mark.parametrize(("kind", "value", "n"), COUNTS)
def test_a_published_count_is_the_same_everywhere(files, kind: str, value: str, n: int) -> None:
    label = LABELS.get(value, value)
    page = [row for row in page_rows(files["report.html"]) if row[0] == label]
    assert [str(n), SHARES[n]] in [[cell for cell in row if cell][1:3] for row in page]
    slides = [
        [spoken(cell) for cell in row]
        for title, rows in tables(files["deck.pptx"])
        if "n ja %" in title
        for row in rows
    ]
    assert [label, str(n), SHARES[n]] in [row[:3] for row in slides]
    (sheet,) = [
        row
        for row in sheet_rows(files["tables.xlsx"], "counts")
        if (row["kind"], row["value"]) == (kind, value)
    ]
    assert (sheet["label"], sheet["n"], sheet["share"]) == (label, n, n / 40)


@pytest.mark.parametrize(("kind", "value", "n"), COUNTS)
def test_a_chart_draws_the_published_share(files, kind: str, value: str, n: int) -> None:
    drawn = {
        spoken(str(label)): share
        for _, chart in charts(files["deck.pptx"])
        for label, share in zip(
            chart.plots[0].categories, chart.plots[0].series[0].values, strict=True
        )
    }
    assert drawn[f"{LABELS.get(value, value)}: {n} ({SHARES[n]})"] == pytest.approx(100 * n / 40)


def test_the_published_valence_is_the_same_everywhere(files) -> None:
    text = spoken(unescape(re.sub(r"<[^>]+>", "", files["report.html"].decode("utf-8"))))
    assert "kielteinen 31 (77,5 %); neutraali 5 (12,5 %); myönteinen 4 (10 %)" in text
    brief = next(
        s for s in opened(files["deck.pptx"]).slides if s.shapes.title.text == "Jakso lyhyesti"
    )
    said = spoken(" ".join(shape.text_frame.text for shape in brief.shapes if shape.has_text_frame))
    assert "kielteinen 31 (77,5 %); neutraali 5 (12,5 %); myönteinen 4 (10 %)" in said
    rows = sheet_rows(files["tables.xlsx"], "counts")
    assert {r["value"]: r["n"] for r in rows if r["kind"] == "valence"} == VALENCES


def crossed(files: dict[str, bytes], sheet: str, title: str) -> tuple[list[list[str]], ...]:
    """Return one cross table from the workbook, the page and the deck, without its labels."""
    rows = sheet_rows(files["tables.xlsx"], sheet)
    book = [[str(value) for value in list(row.values())[2:]] for row in rows]
    head = ["Teema", *list(rows[0])[2:]]
    page = page_rows(files["report.html"])
    start = page.index(head) + 1
    slides = [row for name, part in tables(files["deck.pptx"]) if name.startswith(title)
              for row in part[1:]]  # fmt: skip
    return book, [row[1:] for row in page[start : start + len(rows)]], [r[1:] for r in slides]


def test_the_themes_by_client_group_hide_the_same_cells_everywhere(files) -> None:
    book, page, slides = crossed(files, "themes_by_group", "Teemat asiakasryhmittäin")
    assert book == page == slides
    cells = [cell for row in book for cell in row]
    assert "<3" in cells
    assert not {"0", "1", "2"} & set(cells)


def test_the_themes_by_area_hide_small_cells_on_the_page_and_in_the_workbook(files) -> None:
    rows = sheet_rows(files["tables.xlsx"], "themes_by_area")
    cells = {str(value) for row in rows for value in list(row.values())[2:]}
    assert "<3" in cells
    assert not {"0", "1", "2"} & cells


def test_a_hidden_cell_opens_no_reports_and_has_no_source(files) -> None:
    page = files["report.html"].decode("utf-8")
    data = json.loads(re.search(r'id="report-data">(.*?)</script>', page, re.DOTALL)[1])
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
    data = json.loads(re.search(r'id="report-data">(.*?)</script>', page, re.DOTALL)[1])
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
    assert (
        "Kärkölä"
        in json.loads(re.search(r'id="report-data">(.*?)</script>', page, re.DOTALL)[1])["reports"][
            0
        ][3]
    )


def test_activity_figures_stand_in_all_three() -> None:
    figures = ({"name": "Kohtaamiset", "n": 2017, "source": "Etsivä työ"},)
    made = write(make_frames([{"id": "R-1", "period": "2024H2"}]), activities=figures)
    assert ["Kohtaamiset", "2 017", "Etsivä työ"] in page_rows(made["report.html"])
    slides = [[spoken(c) for c in row] for _, rows in tables(made["deck.pptx"]) for row in rows]
    assert ["Kohtaamiset", "2 017", "Etsivä työ"] in slides
    assert sheet_rows(made["tables.xlsx"], "activities")[0]["n"] == 2017
