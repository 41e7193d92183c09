"""Codings are read from .csv and .xlsx alike, or one line says what is wrong."""

import zipfile

import pandas as pd
import pytest

from pipeline.codings import COLUMNS, read_codings
from pipeline.errors import InputError

ROWS = [
    {"report_id": "P1-001", "theme_id": "asuminen", "coder": "Aino"},
    {"report_id": "P1-002", "theme_id": "", "coder": "Aino"},
]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_missing_columns_are_empty_and_an_empty_theme_is_kept(tmp_path, suffix):
    path = tmp_path / f"codes{suffix}"
    frame = pd.DataFrame(ROWS)
    if suffix == ".csv":
        frame.to_csv(path, index=False, encoding="utf-8-sig")
    else:
        frame.to_excel(path, index=False)
    codings = read_codings(path)
    assert codings.columns.tolist() == list(COLUMNS)
    assert codings["theme_id"].tolist() == ["asuminen", ""]
    assert codings["memo"].tolist() == ["", ""]


def test_a_row_that_nobody_filled_in_is_no_coding(tmp_path):
    path = tmp_path / "codes.csv"
    blank = [{"report_id": "P1-003", "theme_id": "", "coder": ""}, {"report_id": "P1-004"}]
    pd.DataFrame([*ROWS, *blank]).to_csv(path, index=False)
    assert read_codings(path)["report_id"].tolist() == ["P1-001", "P1-002"]


def test_the_semicolons_of_a_finnish_excel_are_read(tmp_path):
    path = tmp_path / "codes.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False, sep=";", encoding="utf-8-sig")
    assert read_codings(path)["theme_id"].tolist() == ["asuminen", ""]


def test_a_folder_without_codings_gives_none(tmp_path):
    assert read_codings(tmp_path).empty


def test_the_same_judgement_twice_counts_once(tmp_path):
    path = tmp_path / "codings.csv"
    pd.DataFrame(ROWS * 2).to_csv(path, index=False)
    assert len(read_codings(tmp_path)) == 2


BROKEN = [
    pytest.param(b"", "line 1: the columns report_id, theme_id must be there", id="empty"),
    pytest.param(b"a,b\n1,2\n", "lacks the columns report_id, theme_id", id="columns"),
    pytest.param(b"\x00\x01\x02" * 9, "must be UTF-8", id="no text"),
    pytest.param(b"report_id,theme_id\n,b\n", "line 2: report_id must be there", id="no id"),
    pytest.param(b"report_id,theme_id\na,b,c\n", "line 2: a row must have 2 cells", id="slipped"),
]


@pytest.mark.parametrize(("content", "words"), BROKEN)
def test_a_broken_file_is_explained(tmp_path, content, words):
    path = tmp_path / "codes.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_codings(path)


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_not_opened(tmp_path, monkeypatch):
    path = tmp_path / "codes.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 << 20))
    monkeypatch.setattr(pd, "read_excel", None)
    with pytest.raises(InputError, match=r"codes\.xlsx would unpack to .* was not opened"):
        read_codings(path)


def test_a_text_named_as_a_workbook_is_explained(tmp_path):
    path = tmp_path / "codes.xlsx"
    path.write_text("report_id;theme_id", encoding="utf-8")
    with pytest.raises(InputError, match=r"codes\.xlsx is not a spreadsheet"):
        read_codings(path)


def test_the_columns_may_have_finnish_names_and_the_letters_of_old_excel(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_bytes("Raportti;Teema;Koodaaja\nP1-1;asuminen;Väinö\n".encode("cp1252"))
    row = read_codings(path).iloc[0]
    assert (row["report_id"], row["theme_id"], row["coder"]) == ("P1-1", "asuminen", "Väinö")


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx"])
def test_a_missing_file_is_explained(tmp_path, name):
    with pytest.raises(InputError, match="does not exist"):
        read_codings(tmp_path / name)
