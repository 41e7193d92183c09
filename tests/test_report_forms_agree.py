"""What every form says of a number: the model's sections agree, and so do the files of each."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from html import unescape
from typing import Any

import docx
import pytest
from deck_reader import charts, titles
from report_reader import deck_text, page_text, sheet_rows, spoken
from report_tables import facts, write
from test_audiences import ALL, PIN, with_signal

from pipeline.report.audiences import Document, document
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.count_tables import CountTable
from pipeline.report.facts.director import director_parts
from pipeline.report.facts.findings import Finding
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.report.facts.values import Count
from pipeline.report.quote_rulings import QuoteRulings


@dataclass(frozen=True)
class Made:
    """One study, its facts and its files."""

    facts: ReportFacts
    words: Catalogue
    files: Mapping[str, bytes]

    def document(self, audience: Any) -> Document:
        return document(self.facts, self.words, audience)


@pytest.fixture(scope="module")
def made() -> Made:
    held, words = facts(with_signal())
    rulings = QuoteRulings(pinned=frozenset({PIN}))
    return Made(held, words, write(with_signal(), rulings=rulings, audiences=ALL))


def counts(held: Any) -> Iterator[Count]:
    """Yield every count that facts hold, but those of single sentences."""
    if isinstance(held, Count):
        yield held
    elif isinstance(held, Finding) and held.is_quotation:
        return
    elif is_dataclass(held):
        for one in fields(held):
            yield from counts(getattr(held, one.name))
    elif isinstance(held, tuple | list):
        for one in held:
            yield from counts(one)
    elif isinstance(held, dict):
        for one in held.values():
            yield from counts(one)


def test_what_has_one_title_is_the_same_reports_in_every_section(made: Made) -> None:
    found: dict[str, set[frozenset[str]]] = defaultdict(set)
    for count in counts(made.facts):
        found[count.title].add(frozenset(count.report_ids))
    assert len(found) > 50
    assert not {title: sets for title, sets in found.items() if len(sets) > 1}


def docx_lines(content: bytes) -> list[str]:
    """Return the paragraphs and then the rows of tables of a Word file."""
    held = docx.Document(io.BytesIO(content))
    said = [one.text for one in held.paragraphs]
    rows = [" | ".join(cell.text for cell in row.cells) for t in held.tables for row in t.rows]
    return [" ".join(one.split()) for one in (*said, *rows) if one.strip()]


def html_lines(content: bytes) -> list[str]:
    """Return the same of a page for an audience, whose bars have no words."""
    body = re.sub(r'<td class="plot">.*?</td>', "", content.decode().partition("<body>")[2])
    cut = re.sub(r"<tr>(.*?)</tr>", lambda m: re.sub(r"</t[hd]>(?=<t)", " | ", m[0]), body)
    rows = re.findall(r"<tr>.*?</tr>", cut)
    rest = re.sub(r"<table>.*?</table>", "", cut, flags=re.DOTALL)
    said = re.split(r"</?(?:h\d|p|li|blockquote)[^>]*>", rest)
    plain = (unescape(re.sub(r"<[^>]+>", "", one)) for one in (*said, *rows))
    return [text for one in plain if (text := " ".join(one.split()))]


@pytest.mark.parametrize("audience", ["units", "public"])
def test_page_and_word_text_of_an_audience_say_the_same(made: Made, audience: str) -> None:
    page, word = (made.files[f"{audience}.{kind}"] for kind in ("html", "docx"))
    assert html_lines(page) == docx_lines(word)


def rows_of(table: CountTable, words: Catalogue) -> dict[str, str]:
    return {row.label: spoken(words.plain(row.n)) for row in table.rows}


@pytest.mark.parametrize("name", ["report.docx", "director.docx", "public.docx"])
def test_the_tables_of_a_word_text_are_the_counted_ones(made: Made, name: str) -> None:
    held = (made.facts.theme_counts, made.facts.group_table, made.facts.area_table)
    known = {label: n for table in held for label, n in rows_of(table, made.words).items()}
    rows = [line.split(" | ") for line in docx_lines(made.files[name]) if " | " in line]
    told = {row[0]: row[1] for row in rows if row[1] != "n"}
    assert told
    assert {label: known[label] for label in told} == told


def test_the_workbook_has_the_counted_numbers(made: Made) -> None:
    now = [row for row in sheet_rows(made.files["tables.xlsx"], "counts")
           if row["period"] == "2024H2"]  # fmt: skip
    for kind, table in (("theme", made.facts.theme_counts),
                        ("client_groups", made.facts.group_table)):  # fmt: skip
        told = {row["label"]: str(row["n"]) for row in now if row["kind"] == kind}
        assert told == rows_of(table, made.words)


def test_a_signal_has_one_number_everywhere(made: Made) -> None:
    (card,) = made.facts.signals.cards
    assert made.facts.findings.period
    (finding,) = (one for one in made.facts.findings.period.lists[0].findings if one.is_signal)
    assert finding.n.report_ids == card.n_now.report_ids
    (row,) = sheet_rows(made.files["tables.xlsx"], "signals")
    assert str(row["counts"]).split("; ")[-1] == str(card.n_now.n)
    assert f"1. nousu ({card.n_now.n} raporttia)" in map(spoken, titles(made.files["deck.pptx"]))
    said = f"nousu – {card.n_now.n} raporttia"
    starts = {"report.docx": "nousu. Tällä jaksolla ", "director.docx": "nousu – "}
    for name, start in starts.items():
        told = f"{start}{card.n_now.n} raporttia"
        assert sum(spoken(line).startswith(told) for line in docx_lines(made.files[name])) == 1
    assert said in page_text(made.files["report.html"])
    assert said in spoken(deck_text(made.files["director.pptx"]))


def test_the_director_s_deck_and_word_text_tell_the_same_findings(made: Made) -> None:
    parts = director_parts(made.facts, made.words)
    deck = spoken(deck_text(made.files["director.pptx"]))
    word = docx_lines(made.files["director.docx"])
    told = [one for part in (parts.new, parts.asked, parts.works, parts.others)
            for one in part.findings]  # fmt: skip
    assert len({one.finding_id for one in told}) == len(told) > 2
    for one in told:
        line = " ".join(made.words.plain(one.text).split())
        assert line in word
        assert line in " ".join(deck.split())


def test_the_director_s_charts_draw_the_counted_numbers(made: Made) -> None:
    known = {f"{row.label}: {row.n.n} ({spoken(row.percent)})"
             for table in (made.facts.theme_counts, made.facts.group_table)
             for row in table.rows if isinstance(row.n, Count)}  # fmt: skip
    drawn = {spoken(str(label)) for _, chart in charts(made.files["director.pptx"])
             for label in chart.plots[0].categories}  # fmt: skip
    assert known <= drawn


def test_the_units_are_told_the_numbers_of_the_map_of_themes_and_areas(made: Made) -> None:
    heat = made.facts.area_heat
    shown = {(area, theme): cell.n.n
             for area, cells in heat.turned()
             for (theme, _), cell in zip(heat.rows, cells, strict=True)
             if isinstance(cell.n, Count)}  # fmt: skip
    areas, area, told = set(heat.groups), "", {}
    for line in docx_lines(made.files["units.docx"]):
        head = line.partition(":")[0]
        area = head if head in areas else area
        if area and (found := re.fullmatch(r"(.+) – (\d+) raport\w+\.", line)):
            told[area, found[1]] = int(found[2])
    assert told == shown
    assert shown
