"""LibreOffice opens the workbook and the deck as they are, in both languages."""

import io
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from deck_reader import opened
from python_calamine import load_workbook
from report_tables import small_study, write

from pipeline.report.catalogue import load_catalogue

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("localc") is None, reason="LibreOffice Calc is not here"),
    pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler is not here"),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of a user of LibreOffice, which takes longer to make than a file to convert."""
    return tmp_path_factory.mktemp("office")


def converted(file: Path, kind: str, office: Path) -> Path:
    """Let LibreOffice open a file and save it in another format; what it cannot open it leaves."""
    home = f"-env:UserInstallation={office.as_uri()}"
    command = ["soffice", "--headless", home, "--convert-to", kind, "--outdir", str(file.parent)]
    subprocess.run([*command, str(file)], check=True, capture_output=True)
    return file.with_suffix(f".{kind}")


@pytest.fixture(scope="module", params=["fi", "en"])
def report(request) -> tuple[str, Mapping[str, bytes]]:
    return request.param, write(small_study(3, 6), language=request.param)


def test_the_workbook_holds_the_same_after_libreoffice(report, tmp_path: Path, office) -> None:
    language, files = report
    file = tmp_path / "tables.xlsx"
    file.write_bytes(files["tables.xlsx"])
    ours = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]), read_only=True)
    theirs = load_workbook(str(converted(file, "ods", office)))
    assert theirs.sheet_names == ours.sheetnames
    for name in ours.sheetnames:
        rows = list(ours[name].iter_rows(values_only=True))
        held = theirs.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for row, other in zip(rows, held, strict=False):
            texts = [cell for cell in row if isinstance(cell, str)]
            assert texts == [c for c in other if isinstance(c, str) and c][: len(texts)]
        assert len(held) == len(rows)
    readme = theirs.get_sheet_by_name("README").to_python()
    (told,) = [row[2] for row in readme if row[0] == "signals"]
    assert told == str(load_catalogue(language)("sheets.signals"))


def test_the_deck_has_a_page_a_slide_in_libreoffice(report, tmp_path: Path, office) -> None:
    _, files = report
    file = tmp_path / "deck.pptx"
    file.write_bytes(files["deck.pptx"])
    told = subprocess.run(
        ["pdfinfo", str(converted(file, "pdf", office))], check=True, capture_output=True, text=True
    ).stdout
    pages = next(line for line in told.splitlines() if line.startswith("Pages:"))
    assert int(pages.split()[1]) == len(opened(files["deck.pptx"]).slides)


def test_a_broken_workbook_is_not_taken_for_a_whole_one(report, tmp_path: Path, office) -> None:
    file = tmp_path / "tables.xlsx"
    file.write_bytes(report[1]["tables.xlsx"][:2000])
    assert not converted(file, "ods", office).exists()
