"""Codings are read from .csv and .xlsx alike, or one line says what is wrong."""

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


def test_a_folder_without_codings_gives_none(tmp_path):
    assert read_codings(tmp_path).empty


def test_the_same_judgement_twice_counts_once(tmp_path):
    path = tmp_path / "codings.csv"
    pd.DataFrame(ROWS * 2).to_csv(path, index=False)
    assert len(read_codings(tmp_path)) == 2


BROKEN = [
    pytest.param(b"", "cannot be read", id="empty"),
    pytest.param(b"a,b\n1,2\n", "lacks the columns report_id, theme_id", id="columns"),
    pytest.param("report_id,theme_id\n\u00e4,b\n".encode("latin-1"), "must be UTF-8", id="latin"),
    pytest.param(b"report_id,theme_id\n,b\n", "row 2: report_id is empty", id="no id"),
]


@pytest.mark.parametrize(("content", "words"), BROKEN)
def test_a_broken_file_is_explained(tmp_path, content, words):
    path = tmp_path / "codes.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_codings(path)


def test_a_missing_file_is_explained(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_codings(tmp_path / "none.csv")
