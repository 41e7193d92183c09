"""Read what a form of the report says, as its reader would: titles, lines and rows of tables."""

import html
import io
import re
from dataclasses import dataclass

import docx
import openpyxl
from deck_reader import notes, opened

SHEETS = ("counts", "themes_by_group", "themes_by_area")
"""Sheets of the workbook that are read: its other sheets are the reports themselves."""


@dataclass(frozen=True)
class Told:
    """What a file says: its lines with the title they stand under, and the rows of its tables."""

    lines: list[tuple[str, str]]
    rows: list[tuple[str, ...]]


def read(name: str, content: bytes, period: str) -> Told:
    """Read a Word text, a page, a workbook, or a deck with its notes and charts' workbooks."""
    if name.endswith(".docx"):
        return _word(content)
    if name.endswith(".pptx"):
        return _deck(content)
    return _book(content, period) if name.endswith(".xlsx") else _page(content.decode("utf-8"))


def _word(content: bytes) -> Told:
    made, title, lines = docx.Document(io.BytesIO(content)), "", []
    for one in made.paragraphs:
        title = one.text if one.style is not None and one.style.name == "Heading 1" else title
        lines.append((title, _plain(one.text)))
    rows = [tuple(_plain(c.text) for c in row.cells) for t in made.tables for row in t.rows]
    return Told(lines, rows)


def _page(text: str) -> Told:
    title, lines = "", []
    text = re.sub(
        r'<td class="plot">.*?</td>', "", text
    )  # a bar is as long as the number beside it
    for tag, inner in re.findall(r"<(h2|h3|li|p|blockquote)\b[^>]*>(.*?)</\1>", text, re.DOTALL):
        said = _plain(html.unescape(re.sub(r"<[^>]+>", " ", inner)))
        title = said if tag == "h2" else title
        lines.append((title, said))
    rows = [
        tuple(
            _plain(html.unescape(re.sub(r"<[^>]+>", "", cell)))
            for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        )
        for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    ]
    return Told(lines, rows)


def _deck(content: bytes) -> Told:
    lines, rows = [], []
    for slide in opened(content).slides:
        title = _plain(slide.shapes.title.text)
        for shape in slide.shapes:
            if shape.has_text_frame:
                lines += [(title, _plain(p)) for p in shape.text_frame.text.split("\n")]
            if shape.has_table:
                rows += [tuple(_plain(c.text) for c in row.cells) for row in shape.table.rows]
            if shape.has_chart:
                book = shape.chart.part.chart_workbook.xlsx_part.blob
                for sheet in openpyxl.load_workbook(io.BytesIO(book)):
                    rows += [tuple(str(v) for v in row) for row in sheet.values]
        lines += [(title, _plain(line)) for line in notes(slide).split("\n")]
    return Told(lines, rows)


def _book(content: bytes, period: str) -> Told:
    """Read the sheets of numbers; those of the period as rows of a name, a count and a share."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows: list[tuple[str, ...]] = []
    for name in SHEETS:
        head, *held = [tuple(str(v) for v in row) for row in book[name].values]
        if name == "counts":
            at = {column: head.index(column) for column in ("label", "period", "n")}
            now = [row for row in held if row[at["period"]] == period]
            rows += [(row[at["label"]], row[at["n"]], "%") for row in now]
        else:
            rows += [head[1:], *(row[1:] for row in held)]
    return Told([], rows)


def _plain(text: str) -> str:
    return " ".join(text.split())
