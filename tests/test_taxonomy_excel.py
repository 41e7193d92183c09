"""A taxonomy as a workbook: safe cells, Finnish headings, and errors with sheet and row."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from taxonomy_files import mend, write_small_taxonomy

from pipeline.errors import ConfigError, InputError
from pipeline.taxonomy.excel import from_excel, to_excel
from pipeline.taxonomy.model import Phrase
from pipeline.taxonomy.read import load_taxonomy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_taxonomy(tmp_path)


def test_no_cell_of_the_workbook_is_a_formula_and_risky_ones_are_quoted(
    folder: Path, tmp_path: Path
) -> None:
    import openpyxl

    mend(folder, "terms.csv", "koti,fi,asunto", "koti,fi,=1+1\nkoti,fi,@SUM(A1)\nkoti,fi,-ongelma")
    taxonomy = load_taxonomy(folder)
    path = tmp_path / "t.xlsx"
    to_excel(taxonomy, path)
    sheets = openpyxl.load_workbook(path)
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [cell.value for cell in cells if cell.quotePrefix] == ["-ongelma", "=1+1", "@SUM(A1)"]
    assert from_excel(path) == taxonomy


def test_the_workbook_has_finnish_sheets_and_headings(folder: Path, tmp_path: Path) -> None:
    to_excel(load_taxonomy(folder), tmp_path / "t.xlsx")
    workbook = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    assert workbook.sheet_names == ["teemat", "termit", "esimerkit", "historia", "tiedot"]
    assert workbook.get_sheet_by_name("teemat").to_python()[0] == [
        "teeman tunnus",
        "ylempi teema",
        "nimi",
        "nimi englanniksi",
        "määritelmä",
        "sisältyy",
        "ei sisälly",
    ]


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        date_format = workbook.add_format({"num_format": "d.m.yyyy"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    is_date = hasattr(value, "year")
                    sheet.write(number, column, value, *([date_format] if is_date else []))


def hand_made(**changes: list[list[object]]) -> dict[str, list[list[object]]]:
    import datetime

    phrase_head: list[object] = ["teeman tunnus", "kieli", "teksti"]
    sheets: dict[str, list[list[object]]] = {
        "teemat": [
            [
                "nimi",
                "teeman tunnus",
                "ylempi teema",
                "nimi englanniksi",
                "määritelmä",
                "sisältyy",
                "ei sisälly",
            ],
            [None] * 7,
            ["Koti", "koti", None, None, "Missä asutaan.", None, None],
        ],
        "termit": [phrase_head, ["koti", "fi", 112]],
        "esimerkit": [phrase_head],
        "historia": [
            ["versio", "päivä", "muutos", "mistä teemoista", "mihin teemoihin"],
            [2, datetime.date(2025, 3, 1), "create", None, "koti"],
        ],
        "tiedot": [
            ["tieto", "arvo"],
            ["name", "oma"],
            ["version", 2],
            ["base_uri", "https://example.org/oma/"],
            ["title_fi", "Oma"],
            ["title_en", None],
            ["licence", "https://example.org/cc0"],
        ],
    }
    return {**sheets, **changes}


def test_numbers_dates_blank_rows_and_moved_columns_are_read_as_meant(tmp_path: Path) -> None:
    write_workbook(tmp_path / "oma.xlsx", hand_made())
    taxonomy = from_excel(tmp_path / "oma.xlsx")
    assert taxonomy.version == "2"
    assert taxonomy.history[0].date == "2025-03-01"
    assert taxonomy.terms["koti"] == (Phrase("fi", "112"),)
    assert taxonomy.themes[0].definition == "Missä asutaan."


def test_an_error_in_a_workbook_names_the_sheet_and_the_row_in_it(tmp_path: Path) -> None:
    head: list[object] = ["teeman tunnus", "kieli", "teksti"]
    write_workbook(
        tmp_path / "oma.xlsx",
        hand_made(termit=[head, ["koti", "fi", "asunto"], [None] * 3, ["kotti", "fi", "kota"]]),
    )
    with pytest.raises(ConfigError, match=r"sheet termit, row 4: theme_id 'kotti' is not a theme"):
        from_excel(tmp_path / "oma.xlsx")


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    sheets = hand_made()
    del sheets["historia"]
    write_workbook(tmp_path / "oma.xlsx", sheets)
    with pytest.raises(ConfigError, match="has no sheet 'historia'"):
        from_excel(tmp_path / "oma.xlsx")


def test_headings_below_the_first_row_are_refused_so_that_row_numbers_stay_true(
    tmp_path: Path,
) -> None:
    sheets = hand_made()
    sheets["termit"].insert(0, [])
    write_workbook(tmp_path / "oma.xlsx", sheets)
    with pytest.raises(
        ConfigError, match=r"sheet termit, row 1: the columns must be teeman tunnus"
    ):
        from_excel(tmp_path / "oma.xlsx")


def test_a_repeated_key_in_tiedot_is_refused(tmp_path: Path) -> None:
    sheets = hand_made()
    sheets["tiedot"].append(["name", "toinen"])
    write_workbook(tmp_path / "oma.xlsx", sheets)
    with pytest.raises(ConfigError, match="sheet tiedot: the keys must be"):
        from_excel(tmp_path / "oma.xlsx")


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut(folder: Path, tmp_path: Path) -> None:
    taxonomy = load_taxonomy(folder)
    taxonomy = replace(
        taxonomy, examples={**taxonomy.examples, "koti": (Phrase("fi", "a" * 32_768),)}
    )
    with pytest.raises(ConfigError, match=r"esimerkit row 2.*32767 characters at most. Got 32768"):
        to_excel(taxonomy, tmp_path / "t.xlsx")
    assert not (tmp_path / "t.xlsx").exists()


def test_a_file_that_is_no_workbook_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("a,b", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.xlsx is not a spreadsheet"):
        from_excel(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="cannot be read as an Excel workbook"):
        from_excel(tmp_path / "none.xlsx")


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 << 20))
    with pytest.raises(InputError, match="was not opened"):
        from_excel(tmp_path / "x.xlsx")
