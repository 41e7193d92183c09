"""Read a report's files back, and name every number on which they do not agree."""

import io
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import openpyxl
from deck_reader import charts, opened, tables
from pptx.enum.chart import XL_CHART_TYPE

from pipeline.report.catalogue import Catalogue

KINDS = {"area": "area", "client_groups": "client_groups", "theme": "themes"}


def spoken(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").strip()


def page_text(page: bytes) -> str:
    """Return what the page says, without its script, style and data."""
    html = re.sub(r"<(script|style).*?</\1>", " ", page.decode("utf-8"), flags=re.DOTALL)
    return " ".join(spoken(unescape(re.sub(r"<[^>]+>", " ", html))).split())


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
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def deck_rows(deck: bytes, title: str) -> list[list[str]]:
    """Return the rows of the tables on the slides whose title begins so, without their heads."""
    return [
        [spoken(cell) for cell in row]
        for name, rows in tables(deck)
        if spoken(name).startswith(spoken(title))
        for row in rows[1:]
    ]


def drawn_bars(deck: bytes) -> dict[str, float]:
    """Return what each bar of the deck's bar charts says, and how long it is."""
    return {
        spoken(str(label)): float(long)
        for _, chart in charts(deck)
        if chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED
        for label, long in zip(
            chart.plots[0].categories, chart.plots[0].series[0].values, strict=True
        )
    }


def said(words: Catalogue, key: str, **values: object) -> str:
    return spoken(words(key, **values))


def crossed(files: Mapping[str, bytes], words: Catalogue, name: str) -> tuple[list[list[str]], ...]:
    """Return a cross table from the workbook, the page and the deck, without its labels.

    Rows and columns of small numbers alone are left out. A deck that says in words that most of a
    table is small has no such table.
    """
    sheet = {"heat": "themes_by_group", "area_heat": "themes_by_area"}[name]
    rows = [row for row in sheet_rows(files["tables.xlsx"], sheet)
            if not all(str(value).startswith("<") for value in list(row.values())[2:])]  # fmt: skip
    if not rows:
        return [], [], []
    kept = [key for key in list(rows[0])[2:]
            if not all(str(row[key]).startswith("<") for row in rows)]  # fmt: skip
    book = [[str(row[key]) for key in kept] for row in rows]
    head = [said(words, "counts.themes_name"), *map(str, kept)]
    page = page_rows(files["report.html"])
    start = page.index(head) + 1
    parts = [
        [[spoken(cell) for cell in row[1:]] for row in part[1:]]
        for title, part in tables(files["deck.pptx"])
        if title.startswith(said(words, f"themes.{name}_title"))
    ]
    small = [cell.startswith("<") for row in book for cell in row]
    if 2 * sum(small) > len(small) and not parts:
        title = said(words, f"themes.{name}_title")
        told = said(words, "themes.mostly_small", least=3, named="").rstrip(". ")
        parts = [book] if f"{title}. {told}" in deck_text(files["deck.pptx"]) else []
    return book, [row[1:] for row in page[start : start + len(rows)]], _joined(parts, len(rows))


def deck_text(deck: bytes) -> str:
    """Return what the text boxes of a deck say."""
    shapes = (shape for slide in opened(deck).slides for shape in slide.shapes)
    return spoken("\n".join(one.text_frame.text for one in shapes if one.has_text_frame))


def _joined(parts: list[list[list[str]]], n_rows: int) -> list[list[str]]:
    """Put the parts of a table split over slides together: first downwards, then to the right."""
    bands: list[list[list[str]]] = [[]]
    for part in parts:
        if len(bands[-1]) == n_rows:
            bands.append([])
        bands[-1] += part
    return [[cell for row in rows for cell in row] for rows in zip(*bands, strict=True)]


def disagreements(files: Mapping[str, bytes], words: Catalogue) -> list[str]:
    """Name each count, share, cross table and list of the report that its files tell apart."""
    return [
        *_counts(files, words),
        *_cross_tables(files, words),
        *_lists(files, words),
        *_charts(files, words),
    ]


def _now(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    rows = sheet_rows(files["tables.xlsx"], "counts")
    return [row for row in rows if row["period"] == rows[-1]["period"]]


def _counts(files: Mapping[str, bytes], words: Catalogue) -> Iterator[str]:
    page = [[cell for cell in row if cell][:3] for row in page_rows(files["report.html"])]
    for row in _now(files):
        if row["kind"] == "valence" or (row["kind"] == "area" and row["value"] == ""):
            continue
        wanted = [row["label"], words.whole(row["n"]), words.percent(row["n"], row["n_reports"])]
        wanted = [spoken(cell) for cell in wanted]
        title = said(words, f"counts.{KINDS[row['kind']]}_caption")
        slides = deck_rows(files["deck.pptx"], said(words, "deck.counted", title=title))
        if wanted not in page:
            yield f"page: {wanted}"
        if wanted not in [one[:3] for one in slides]:
            yield f"deck: {wanted}"
    valences = {r["label"]: r["n"] for r in _now(files) if r["kind"] == "valence"}
    title = said(words, "counts.valence_title")
    slides = deck_rows(files["deck.pptx"], said(words, "deck.counted", title=title))
    numbers = {spoken(words.whole(n)) for n in valences.values() if n}
    if not numbers <= set(slides[-1]):
        yield f"deck: valence {valences} is not in {slides[-1]}"


def _cross_tables(files: Mapping[str, bytes], words: Catalogue) -> Iterator[str]:
    for name in ("heat", "area_heat"):
        book, page, slides = crossed(files, words, name)
        if not book == page == slides:
            yield f"{name}: {book} {page} {slides}"


def _lists(files: Mapping[str, bytes], words: Catalogue) -> Iterator[str]:
    """Compare the lists that stand on the page and in the deck with the same cells."""
    page = [[cell for cell in row if cell] for row in page_rows(files["report.html"])]
    for key in ("themes.pairs_title", "signals.map_title"):
        title = said(words, "deck.table", title=said(words, key))
        yield from (
            f"{key}: {row}" for row in deck_rows(files["deck.pptx"], title) if row not in page
        )


def _charts(files: Mapping[str, bytes], words: Catalogue) -> Iterator[str]:
    """Compare what the bars draw with the workbook's shares."""
    drawn = drawn_bars(files["deck.pptx"])
    if not drawn:
        yield "chart: no bars are drawn"
    for row in _now(files):
        percent = words.percent(row["n"], row["n_reports"])
        n = words.whole(row["n"])
        label = said(words, "deck.label", name=row["label"], n=n, percent=percent)
        if label in drawn and abs(drawn[label] - 100 * row["share"]) > 1e-3:
            yield f"chart: {label} is drawn as {drawn[label]}"
