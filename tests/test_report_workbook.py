"""The workbook and the methods section, from tables built in code."""

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from report_tables import ORDER, context, report, settled, small_study, write

from pipeline.report.report import ReportConfig, ReportTables

Frames = dict[str, pd.DataFrame]


def row_text(html: str, label: str) -> str:
    """Return the plain text of the first table row headed by a label."""
    for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL):
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split())
        if text.startswith(f"{label} "):
            return text
    return ""


def book(frames: Frames, **settings: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write(frames, **settings)["tables.xlsx"]))


def test_workbook_has_a_sheet_for_every_table_and_says_what_each_is() -> None:
    workbook = book(small_study())
    assert workbook.sheetnames[0] == "README"
    assert set(ORDER) <= set(workbook.sheetnames)
    named = {row[0].value for row in workbook["README"].iter_rows()}
    assert set(workbook.sheetnames[1:]) <= named


def test_workbook_and_page_say_the_same() -> None:
    frames = small_study()
    rows = list(book(frames)["counts"].iter_rows(values_only=True))
    at = {name: i for i, name in enumerate(rows[0])}
    html = write(frames)["report.html"].decode("utf-8")
    compared = 0
    for row in rows[1:]:
        if row[at["period"]] == "2015H2" and row[at["kind"]] != "valence":
            shown = row_text(html, row[at["label"]])
            assert shown.startswith(f"{row[at['label']]} {row[at['n']]} ")
            compared += 1
    assert compared == 5


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "http://"])
def test_no_text_becomes_a_formula_or_a_link(start: str) -> None:
    frames = small_study()
    text = f'{start}HYPERLINK("http://x","y")'
    frames["reports"] = frames["reports"].assign(observation=text)
    sheet = book(frames)["reports"]
    column = [cell.value for cell in sheet[1]].index("observation")
    cell = sheet[2][column]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()
    assert cell.hyperlink is None
    assert cell.style is not None
    assert cell.quotePrefix is (start != "http://")


def test_words_and_scores_of_sentences_are_left_to_their_files_beyond_a_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.report.workbook.workbook.MANY_ROWS", 3)
    workbook = book(small_study())
    rows = list(workbook["tokens"].iter_rows(values_only=True))
    assert len(rows) == 2
    assert str(rows[1][0]).endswith("tables/tokens.parquet")
    assert workbook["segments"].max_row == 2
    assert workbook["reports"].max_row > 5


def test_a_large_workbook_is_written_row_by_row_and_says_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    held = book(small_study())
    monkeypatch.setattr("pipeline.report.workbook.workbook.MANY_CELLS", 10)
    options: list[Any] = []
    made = xlsxwriter.Workbook

    def noted(buffer: Any, asked: Any) -> Any:
        options.append(asked)
        return made(buffer, asked)

    monkeypatch.setattr(xlsxwriter, "Workbook", noted)
    tables = ReportTables(**settled(small_study()))
    content = report(tables, ReportConfig(), context(), scratch=tmp_path)["tables.xlsx"]
    large = openpyxl.load_workbook(io.BytesIO(content))
    assert options[0]["tmpdir"] == str(tmp_path)
    assert not list(tmp_path.iterdir())
    assert large.sheetnames == held.sheetnames
    for one, other in zip(held, large, strict=True):
        cells = [list(sheet.iter_rows(values_only=True)) for sheet in (one, other)]
        assert cells[0] == cells[1]
        assert one.auto_filter.ref == other.auto_filter.ref


def test_long_tables_are_cut_with_a_pointer() -> None:
    sheet = book(small_study(), max_sheet_rows=3)["reports"]
    assert sheet.max_row == 5
    assert sheet.cell(5, 1).value == "Katkaistu: 3 / 9 riviä. Koko taulukko: tables/reports.parquet"


def test_methods_hold_the_run_and_no_report_text() -> None:
    methods = write(small_study())["methods.md"].decode("utf-8")
    assert "Aineistossa on 9\N{NO-BREAK SPACE}raporttia" in methods
    assert "cd" * 32 in methods
    assert "min_chars = 12" in methods
    assert "tarvitsi asunnon" not in methods


def test_methods_cite_what_was_used_alone() -> None:
    methods = write(small_study())["methods.md"].decode("utf-8")
    assert "BERTopic" in methods
    assert "Multilingual E5" not in methods
