"""Files that a form export ought not to be, made in code, with what must become of each.

Every text in them holds ``MARK``, so that a test can see whether any text got into a message.
"""

import datetime as dt
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

MARK = "Salainen"
TEXT = f"{MARK} asia: vuokra nousi ja perhe joutui muuttamaan, päivähoitoa jonotettiin."
OTHER = f"{MARK} juttu: ikäihminen jäi yksin kotiin, kun kuljetuspalvelu lakkautettiin kesällä."
THIRD = f"{MARK} havainto: nuori ei saanut harjoittelupaikkaa, koska junaa ei enää kulje."
HEADER = ("report_id", "date", "area", "observation", "proposal")
ROWS = (
    ("A-1", "1.9.2024", "Vuolinna", TEXT, ""),
    ("A-2", "02.10.2024 12:30", "Kiviranta", OTHER, ""),
)
TABLE = (HEADER, *ROWS)


@dataclass(frozen=True, kw_only=True)
class BrokenFile:
    """One broken file.

    Attributes
    ----------
    name : str
        File name, ending included; the stem names the case.
    make : callable
        Writes the file to a path.
    n_reports : int
        Reports a run must have; 0 with ``error``.
    n_dropped : int
        Rows that must be in ``rejected`` as dropped.
    says : str
        Words that a reason in ``rejected``, or the error, must hold; "" when nothing is said.
    error : bool
        True when the file must end the run with one line and exit code 1.
    """

    name: str
    make: Callable[[Path], None]
    n_reports: int = 0
    n_dropped: int = 0
    says: str = ""
    error: bool = False


def _csv(
    rows: Sequence[Sequence[str]], *, separator: str = ";", encoding: str = "utf-8", end: str = "\n"
) -> Callable[[Path], None]:
    lines = [separator.join(row) for row in rows]
    return _bytes((end.join(lines) + end).encode(encoding))


def _bytes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _jsonl(*lines: object) -> Callable[[Path], None]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return _bytes(("\n".join(texts) + "\n").encode())


def _xlsx(
    rows: Sequence[Sequence[Any]], then: Callable[[Any, Any], None] | None = None
) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(path, options) as book:
            sheet = book.add_worksheet()
            day = book.add_format({"num_format": "d.m.yyyy"})
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, column, cell, day)
                    else:
                        sheet.write(number, column, cell)
            if then is not None:
                then(book, sheet)

    return write


def _zip(
    entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED
) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in entries.items():
                archive.writestr(name, content)

    return write


def _change_sheet(
    old: str, new: str, rows: Sequence[Sequence[Any]] = TABLE
) -> Callable[[Path], None]:
    """Write a workbook and change the XML of its sheet, as other programs and damage do."""

    def write(path: Path) -> None:
        aside = path.with_name("whole.zip")
        _xlsx(rows)(aside)
        with zipfile.ZipFile(aside) as whole:
            entries = {name: whole.read(name) for name in whole.namelist()}
        aside.unlink()
        sheet = "xl/worksheets/sheet1.xml"
        content = entries[sheet].decode()
        if old not in content:
            raise ValueError(f"{path.name}: the sheet does not hold what is to be changed.")
        _zip(entries | {sheet: content.replace(old, new).encode()})(path)

    return write


def _cut(make: Callable[[Path], None], share: float) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        make(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return write


def _merged_header(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True})
    sheet.merge_range(0, 1, 0, 2, "area", bold)


def _second_sheet(book: Any, sheet: Any) -> None:
    answers = book.add_worksheet("Vastaukset")
    for number, row in enumerate(TABLE):
        answers.write_row(number, 0, row)


_DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": f"<w>{MARK}</w>".encode()}
_ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="T">'
)
_ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def ods(rows: Sequence[Sequence[str]], manifest: str = "<manifest/>") -> Callable[[Path], None]:
    """Return a writer of an .ods file with text cells."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return _zip(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (_ODS_HEAD + cells + _ODS_TAIL).encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def _row(**cells: str) -> tuple[str, ...]:
    """Return a third row, with some cells changed."""
    return tuple(
        {
            "report_id": "A-3",
            "date": "3.10.2024",
            "area": "",
            "observation": THIRD,
            "proposal": "",
            **cells,
        }.values()
    )


def _with(**cells: str) -> tuple[tuple[str, ...], ...]:
    return (*TABLE, _row(**cells))


_MOJIBAKE = "\n".join(";".join(row) for row in TABLE).encode("utf-8").decode("cp1252", "replace")
_HALF = b"\n".join(
    [
        *(";".join(row).encode("utf-8") for row in TABLE),
        ";".join(_row()).replace("junaa", "jäsenyyttä").encode("cp1252"),
    ]
)

BROKEN_FILES: tuple[BrokenFile, ...] = (
    # Encodings.
    BrokenFile(name="windows-1252.csv", make=_csv(TABLE, encoding="cp1252"), n_reports=2),
    BrokenFile(
        name="latin-1-comma.csv",
        make=_csv(
            (("date", "observation"), ("1.9.2024", f'"{TEXT}"'), ("2.9.2024", f'"{OTHER}"')),
            separator=",",
            encoding="latin-1",
        ),
        n_reports=2,
    ),
    BrokenFile(name="mac-roman.csv", make=_csv(TABLE, encoding="mac_roman", end="\r"), n_reports=2),
    BrokenFile(name="dos.csv", make=_csv(TABLE, encoding="cp850", end="\r\n"), n_reports=2),
    BrokenFile(name="utf-8-mark.csv", make=_csv(TABLE, encoding="utf-8-sig"), n_reports=2),
    BrokenFile(name="utf-16.csv", make=_csv(TABLE, separator="\t", encoding="utf-16"), n_reports=2),
    BrokenFile(name="utf-16-no-mark.csv", make=_csv(TABLE, encoding="utf-16-le"), n_reports=2),
    BrokenFile(name="double-encoded.csv", make=_bytes(_MOJIBAKE.encode()), n_reports=2),
    BrokenFile(
        name="two-encodings.csv", make=_bytes(_HALF), n_reports=3, says="1 lines are in another"
    ),
    BrokenFile(
        name="bytes-without-letter.csv",
        make=_bytes(
            ";".join(HEADER).encode() + b"\n" + ";".join(ROWS[0]).encode("cp1252") + b"\x81\x81\n"
        ),
        n_reports=1,
        says="2 bytes stand for no letter",
    ),
    BrokenFile(
        name="nul-bytes.csv",
        make=_csv(_with(observation=THIRD[:9] + "\0\0" + THIRD[9:])),
        n_reports=3,
        says="2 unseen or broken characters",
    ),
    # Structure of CSV.
    BrokenFile(name="sep-line.csv", make=_csv((("sep=|",), *TABLE), separator="|"), n_reports=2),
    BrokenFile(
        name="unquoted-separator.csv",
        make=_csv(_with(proposal="a;b;c")),
        n_reports=2,
        n_dropped=1,
        says="has 7 cells and the header 5",
    ),
    BrokenFile(
        name="unquoted-separator-in-list.csv",
        make=_csv(_with(area="Vuolinna; Kiviranta")),
        n_reports=2,
        n_dropped=1,
        says="has 6 cells and the header 5",
    ),
    BrokenFile(
        name="separators-at-row-ends.csv",
        make=_csv((HEADER, *((*row, "", "") for row in ROWS))),
        n_reports=2,
    ),
    BrokenFile(
        name="unquoted-line-end.csv",
        make=_csv(_with(observation=THIRD + "\njatkuu")),
        n_reports=3,
        n_dropped=1,
        says="does not reach the observation",
    ),
    BrokenFile(
        name="unclosed-quote.csv",
        make=_csv((HEADER, _row(observation=f'"{THIRD}'), *ROWS)),
        n_reports=2,
        n_dropped=1,
        says="never closed",
    ),
    BrokenFile(
        name="unclosed-quote-at-end.csv",
        make=_csv(_with(observation=f'"{THIRD}')),
        n_reports=2,
        n_dropped=1,
        says="never closed",
    ),
    BrokenFile(
        name="unclosed-quote-closed-by-next.csv",
        make=_csv((HEADER, _row(observation=f'"{THIRD}'), ("B", "", "", f'"{TEXT}"', ""), *ROWS)),
        n_reports=3,
        n_dropped=1,
        says="never closed",
    ),
    BrokenFile(
        name="quote-inside-text.csv", make=_csv(_with(observation=f'{THIRD} 5" putki')), n_reports=3
    ),
    BrokenFile(name="short-rows.csv", make=_csv((HEADER, *(r[:4] for r in ROWS))), n_reports=2),
    BrokenFile(
        name="header-repeated.csv",
        make=_csv((*TABLE, HEADER, _row())),
        n_reports=3,
        n_dropped=1,
        says="repeats the header",
    ),
    BrokenFile(
        name="blank-lines.csv",
        make=_csv((*TABLE, ("",), ("", "", "", "", ""), _row())),
        n_reports=3,
    ),
    # Too little.
    BrokenFile(name="no-bytes.csv", make=_bytes(b""), error=True, says="is empty (0 bytes)"),
    BrokenFile(name="mark-only.csv", make=_bytes(b"\xef\xbb\xbf"), error=True, says="has no rows"),
    BrokenFile(name="header-only.csv", make=_csv((HEADER,)), error=True, says="nothing under it"),
    BrokenFile(name="one-row.csv", make=_csv(TABLE[:2]), n_reports=1),
    BrokenFile(
        name="one-column.csv",
        make=_csv((("observation",), (TEXT,))),
        n_reports=1,
        says="counted in no period",
    ),
    BrokenFile(
        name="no-header.csv", make=_csv(ROWS), error=True, says="no column named observation"
    ),
    BrokenFile(
        name="missing-column.csv",
        make=_csv([(r[0], r[1]) for r in TABLE]),
        error=True,
        says="Run: havainto init",
    ),
    BrokenFile(
        name="header-twice-in-a-row.csv",
        make=_csv((("observation", "date", "observation"), (TEXT, "1.9.2024", OTHER))),
        n_reports=1,
        says="stands more than once",
    ),
    # Cells.
    BrokenFile(
        name="long-cell.csv",
        make=_csv(_with(observation=f"{MARK} " * 11_112)),
        n_reports=2,
        n_dropped=1,
        says="more than 32,767 characters",
    ),
    BrokenFile(
        name="very-long-cell.csv",
        make=_csv(_with(observation=MARK * 20_000)),
        n_reports=2,
        n_dropped=1,
        says="more than 131,072 characters",
    ),
    BrokenFile(
        name="formula-injection.csv",
        make=_csv(_with(observation=f"=cmd|'/c calc'!A0 {THIRD}", proposal="@SUM(1+1)")),
        n_reports=3,
    ),
    BrokenFile(
        name="impossible-date.csv",
        make=_csv(_with(date="31.2.2024")),
        n_reports=3,
        says="not a day of the calendar",
    ),
    BrokenFile(
        name="date-in-words.csv",
        make=_csv(_with(date=f"{MARK} viime viikolla")),
        n_reports=3,
        says="not a day of the calendar",
    ),
    BrokenFile(
        name="date-out-of-range.csv",
        make=_csv(_with(date="3.10.1024")),
        n_reports=3,
        says="must be from 1990-01-01",
    ),
    BrokenFile(
        name="id-used-twice.csv",
        make=_csv(_with(report_id="A-1")),
        n_reports=2,
        n_dropped=1,
        says="id is that of another report",
    ),
    BrokenFile(
        name="row-twice.csv",
        make=_csv((*TABLE, ROWS[0])),
        n_reports=2,
        n_dropped=1,
        says="imported before",
    ),
    BrokenFile(name="no-answers.csv", make=_csv(_with(observation="-")), n_reports=3),
    BrokenFile(
        name="separator-missed.csv",
        make=_csv(_with(area=f"{MARK}, " * 30)),
        n_reports=3,
        says="Is the separator right?",
    ),
    # Workbooks.
    BrokenFile(
        name="mixed-dates.xlsx",
        make=_xlsx(
            (
                HEADER,
                ("A-1", dt.date(2024, 9, 1), "", TEXT),
                ("A-2", 45540, "", OTHER),
                ("A-3", "3.9.2024", "", THIRD),
                ("A-4", "2024-09-04T10:00", "", TEXT + "!"),
            )
        ),
        n_reports=4,
    ),
    BrokenFile(
        name="title-rows.xlsx", make=_xlsx((("Raportti 1.1.2025",), (), *TABLE)), n_reports=2
    ),
    BrokenFile(
        name="merged-header.xlsx",
        make=_xlsx(
            (
                ("date", "area", "", "observation"),
                ("", "Vuolinna", "Kiviranta", ""),
                ("1.9.2024", 1, 0, TEXT),
                ("2.9.2024", 1, 1, OTHER),
            ),
            _merged_header,
        ),
        n_reports=2,
    ),
    BrokenFile(
        name="formula-without-result.xlsx",
        make=_change_sheet('<c r="D3" t="s"><v>', '<c r="D3"><f>A1</f></c><c r="Z3" t="s"><v>'),
        n_reports=2,
        says="formula without a saved result",
    ),
    BrokenFile(
        name="formula-error.xlsx",
        make=_change_sheet('<c r="D3" t="s"><v>', '<c r="D3" t="e"><v>#N/A</v></c><c r="Z3"><v>'),
        n_reports=2,
        says="error of a formula",
    ),
    BrokenFile(
        name="carriage-returns.xlsx",
        make=_xlsx(_with(observation=f"{THIRD}_x000D_\nloppu")),
        n_reports=3,
    ),
    BrokenFile(name="first-sheet-empty.xlsx", make=_xlsx((), _second_sheet), n_reports=2),
    BrokenFile(name="all-sheets-empty.xlsx", make=_xlsx(()), error=True, says="has no cells"),
    BrokenFile(
        name="stray-far-cell.xlsx",
        make=_change_sheet(
            "</sheetData>",
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        ),
        error=True,
        says="reaches to row 1,048,576",
    ),
    BrokenFile(
        name="far-cell-in-other-quotes.xlsx",
        make=_change_sheet(
            "</sheetData>",
            "<row r='1048576'><c s='>'\n\tr = 'XFD1048576'><!-- x --><v>1</v></c></row>"
            "</sheetData>",
        ),
        error=True,
        says="reaches to row 1,048,576",
    ),
    BrokenFile(
        name="far-row-without-references.xlsx",
        make=_change_sheet(
            "</sheetData>",
            '<row r="1048576">' + "<c/>" * 999 + "<c><v>1</v></c></row></sheetData>",
        ),
        error=True,
        says="reaches to row 1,048,576",
    ),
    BrokenFile(
        name="reference-that-is-none.xlsx",
        make=_change_sheet(
            "</sheetData>",
            '<row r="99"><c r="ZZZZZZZ99999999999999"><v>1</v></c></row></sheetData>',
        ),
        error=True,
        says="reference is none",
    ),
    BrokenFile(
        name="formatted-far-cell.xlsx",
        make=_change_sheet(
            "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        ),
        n_reports=2,
    ),
    BrokenFile(
        name="broken-xml.xlsx",
        make=_change_sheet("</sheetData>", "<row r="),
        error=True,
        says="is damaged",
    ),
    BrokenFile(name="cut-short.xlsx", make=_cut(_xlsx(TABLE), 0.6), error=True, says="is damaged"),
    BrokenFile(name="word-document.xlsx", make=_zip(_DOCX), error=True, says="is a Word document"),
    BrokenFile(
        name="any-zip.xlsx", make=_zip({"a.txt": b"a"}), error=True, says="without a spreadsheet"
    ),
    BrokenFile(
        name="zip-bomb.xlsx",
        make=_zip({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(60 << 20)}),
        error=True,
        says="was not opened",
    ),
    BrokenFile(
        name="old-or-locked.xlsx",
        make=_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        error=True,
        says="protected with a password or is an old .xls",
    ),
    BrokenFile(name="old.xls", make=_bytes(b"\xd0\xcf\x11\xe0"), error=True, says="old .xls file"),
    BrokenFile(
        name="web-page.xlsx",
        make=_bytes(f"<html>{MARK}</html>".encode()),
        error=True,
        says="is not a spreadsheet",
    ),
    BrokenFile(name="workbook.csv", make=_xlsx(TABLE), error=True, says="is not text"),
    BrokenFile(name="report.pdf", make=_bytes(b"%PDF-1.7"), error=True, says="Got .pdf"),
    BrokenFile(name="plain.ods", make=ods(TABLE), n_reports=2),
    BrokenFile(
        name="locked.ods",
        make=ods(TABLE, "<manifest:encryption-data/>"),
        error=True,
        says="protected with a password",
    ),
    # JSON lines.
    BrokenFile(
        name="bad-line.jsonl",
        make=_jsonl(
            {"observation": TEXT, "date": "2024-09-01"},
            '{"observation": "' + MARK,
            "[1]",
            {"observation": OTHER, "date": "2024-09-02", "area": ["Vuolinna"]},
        ),
        n_reports=2,
        n_dropped=2,
        says="not valid JSON from character",
    ),
    BrokenFile(
        name="no-json.jsonl", make=_bytes(TEXT.encode()), error=True, says="no line that is a JSON"
    ),
    BrokenFile(
        name="half-letter.jsonl",
        make=_jsonl('{"date": "2024-09-01", "observation": "' + THIRD + ' \\ud83d"}'),
        n_reports=1,
        says="1 unseen or broken characters",
    ),
    BrokenFile(
        name="deep.jsonl",
        make=_jsonl("[" * 100_000, {"observation": TEXT, "date": "2024-09-01"}),
        n_reports=1,
        n_dropped=1,
        says="nested too deeply",
    ),
    BrokenFile(
        name="wrong-types.jsonl",
        make=_jsonl({"observation": TEXT, "date": {"y": 2024}, "area": [["a"], None, 3]}),
        n_reports=1,
        says="not a day of the calendar",
    ),
)
