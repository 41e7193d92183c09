"""What we write opens safely: no cell is a formula, and the text comes back."""

import tempfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.spreadsheet import original_text, safe_cell, write_sheet

DANGEROUS = [
    "\n=1",
    "=1+1",
    "+358",
    "-",
    "@SUM(A1)",
    "\tx",
    "\rx",
    '=HYPERLINK("x")',
    "'=1",
    "''",
    "'",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_starts_as_a_formula(text):
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.text(alphabet="=+-@'\t\rab ", max_size=6))
def test_the_original_text_comes_back(text):
    assert original_text(safe_cell(text)) == text


def test_a_sheet_opens_with_the_same_texts_and_numbers(tmp_path):
    path = tmp_path / "x.xlsx"
    rows = [("=1+1", 0.5, 3), ("äö", 1.0, -2)]
    assert write_sheet(path, "taulu", ("a", "b", "c"), rows, widths=(10, 5, 5)) == 2
    sheet = openpyxl.load_workbook(path)["taulu"]
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        ["a", "b", "c"],
        ["'=1+1", 0.5, 3],
        ["äö", 1, -2],
    ]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark():
    cut = safe_cell("x" * 40_000)
    assert len(cut) == 32_767
    assert cut.endswith("…")


def test_a_sheet_is_its_owners_alone_and_leaves_no_text_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "mkstemp", None)
    path = tmp_path / "x.xlsx"
    write_sheet(path, "taulu", ("a",), [("Vuokra nousi.",)], widths=(10,))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["x.xlsx"]
