"""The form that ``suggest`` writes is filled in and read back; rows left blank say nothing."""

import openpyxl
import pytest

from pipeline.codings import read_codings
from pipeline.commands.suggest import write_form
from pipeline.errors import ConfigError


@pytest.mark.parametrize("name", ["koodattavat.csv", "koodattavat.xlsx"])
def test_a_form_left_blank_codes_nothing(tmp_path, name):
    write_form(tmp_path / name, ["P1-001", "P1-002"], "1.0.0")
    assert b"P1-002" in (tmp_path / name).read_bytes() or name.endswith("xlsx")
    assert read_codings(tmp_path / name).empty
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_what_is_filled_in_is_read_and_the_rest_is_not(tmp_path):
    path = tmp_path / "koodattavat.xlsx"
    write_form(path, ["P1-001", "P1-002", "P1-003"], "1.0.0")
    book = openpyxl.load_workbook(path)
    sheet = book["koodaukset"]
    assert [row[0].value for row in sheet.iter_rows()] == [
        "report_id",
        "P1-001",
        "P1-002",
        "P1-003",
    ]
    sheet["C2"], sheet["D2"] = "asuminen", "AK"
    sheet["D4"] = "AK"
    book.save(path)
    codings = read_codings(path)
    assert codings[["report_id", "theme_id", "coder", "taxonomy_version"]].to_numpy().tolist() == [
        ["P1-001", "asuminen", "AK", "1.0.0"],
        ["P1-003", "", "AK", "1.0.0"],
    ]


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"\.csv or \.xlsx file\. Got \.ods"):
        write_form(tmp_path / "x.ods", [], "1.0.0")
