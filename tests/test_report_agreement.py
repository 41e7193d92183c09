"""The block on agreement says what ``evaluate`` says, and nothing when nothing is coded."""

import io
import re
from dataclasses import replace
from html import unescape

import openpyxl
import pandas as pd
import pytest
from report_tables import NO_CODINGS, PROVENANCE, TAXONOMY, make_frames, write

from pipeline.comparison import compare_codings
from pipeline.figures.measures import Interval
from pipeline.frames import each_row

ROWS = [
    {"id": f"R-{i:02}", "period": "2024H2", "themes": themes, "themes_ticked": ticks}
    for i, (themes, ticks) in enumerate(
        [(["asuminen"], ["asuminen"]), (["toimeentulo"], ["asuminen"]), (["asuminen"], [])] * 4
    )
]
GIVEN = ("asuminen", "toimeentulo", "", "asuminen;toimeentulo")


def codings(*coders: str) -> pd.DataFrame:
    rows = [
        (f"R-{i:02}", theme, coder)
        for n, coder in enumerate(coders)
        for i in range(12)
        for theme in GIVEN[(i + n * (i % 5 == 0)) % 4].split(";")
    ]
    made = pd.DataFrame(rows, columns=["report_id", "theme_id", "coder"])
    return made.reindex(columns=NO_CODINGS.columns, fill_value="")


def spoken(html: bytes) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", html.decode("utf-8")))
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def figure(value: Interval) -> str:
    low, high = (f"{limit:.2f}" for limit in value[1:])
    return f"{value.value:.2f} ({low}–{high})".replace(".", ",")


@pytest.mark.parametrize("coders", [("Aino",), ("Aino", "Eero")], ids=["one", "two"])
def test_the_page_says_the_figures_of_evaluate(coders):
    frames, coded = make_frames(ROWS), codings(*coders)
    found = compare_codings(
        coded, TAXONOMY, frames["reports"], frames["report_themes"], learnt=(), seed=0
    )
    assert found
    text = spoken(write(frames, codings=coded)["report.html"])
    assert len(found.pairs) == {1: 3, 2: 6}[len(coders)]
    for row in (one._asdict() for one in each_row(found.pairs)):
        f1 = Interval(row["micro_f1"], row["micro_f1_low"], row["micro_f1_high"])
        macro = f"{row['macro_f1']:.2f}".replace(".", ",")
        assert f"{row['first']} – {row['second']} {row['n_reports']} {figure(f1)} {macro} " in text
        alpha = Interval(row["alpha"], row["alpha_low"], row["alpha_high"])
        first, second = (
            next(s for s in (found.machine, found.ticks, *found.coders) if s.name == row[side])
            for side in ("first", "second")
        )
        seen = [report for report in first.themes if report in second.themes]
        n_first = sum(bool(first.themes[report] - second.themes[report]) for report in seen)
        n_second = sum(bool(second.themes[report] - first.themes[report]) for report in seen)
        assert f"% {figure(alpha)} {n_first} {n_second} " in text
    for one in found.agreements:
        assert figure(one.of_sets) in text
    table = found.agreements[0].by_theme.set_index("theme_id")
    row = {name: table[name]["toimeentulo"] for name in ("alpha", "alpha_low", "alpha_high")}
    alpha = Interval(row["alpha"], row["alpha_low"], row["alpha_high"])
    assert f"Toimeentulo {figure(alpha)} " in text


def test_the_page_has_no_block_and_the_workbook_no_sheet_when_nothing_is_coded():
    made = write(make_frames(ROWS))
    assert "Koodaajat, kone ja rastit" not in spoken(made["report.html"])
    names = openpyxl.load_workbook(io.BytesIO(made["tables.xlsx"])).sheetnames
    assert not {"agreement", "agreement_by_theme", "disagreements"} & set(names)


def test_the_page_says_whether_the_machine_has_learnt_from_the_codings(monkeypatch):
    frames, coded = make_frames(ROWS), codings("Aino")
    assert "Kone on oppinut näistä 12 raportin" in spoken(
        write(frames, codings=coded)["report.html"]
    )
    monkeypatch.setitem(PROVENANCE.settings, "assign", {"model": "models/toinen.json"})
    assert "Kone ei ole oppinut" in spoken(write(frames, codings=coded)["report.html"])


def test_every_disagreement_is_in_the_workbook_and_opens_its_report_on_the_page():
    frames, coded = make_frames(ROWS), codings("Aino")
    found = compare_codings(
        coded, TAXONOMY, frames["reports"], frames["report_themes"], learnt=(), seed=0
    )
    assert found
    made = write(frames, codings=coded)
    book = openpyxl.load_workbook(io.BytesIO(made["tables.xlsx"]))
    head, *rows = book["disagreements"].iter_rows(values_only=True)
    held = [(row[head.index("report_id")], row[head.index("theme_id")]) for row in rows]
    assert held == list(zip(found.dissent["report_id"], found.dissent["theme_id"], strict=True))
    assert len(held) > 5
    html = made["report.html"].decode("utf-8")
    block = html[html.index("Missä ollaan eri mieltä") :]
    opened = re.findall(r'data-report="\d+">(R-\d\d)<', block)
    assert [report_id for report_id, _ in held] == opened[: len(held)]


def test_what_the_machine_suggested_instead_is_said_and_escaped(monkeypatch):
    renamed = replace(TAXONOMY.themes[0], label_fi="Asunto & koti")
    monkeypatch.setattr(TAXONOMY, "themes", (renamed, *TAXONOMY.themes[1:]))
    html = write(make_frames(ROWS), codings=codings("Aino"))["report.html"].decode("utf-8")
    assert "Ehdotti sen sijaan: Asunto &amp; koti<" in html


def test_the_block_is_in_the_language_of_the_report():
    made = write(make_frames(ROWS), codings=codings("Aino", ""), language="en")
    text = spoken(made["report.html"])
    assert "the machine – Aino" in text
    assert "the ticks – coder" in text
    assert not re.search(r"\b(kone|rastit|koodaaja)\b", text)


def test_a_coders_name_is_shown_as_text():
    html = write(make_frames(ROWS), codings=codings("<b>Aino</b>"))["report.html"].decode("utf-8")
    assert "<b>Aino" not in html
    assert "&lt;b&gt;Aino&lt;/b&gt;" in html
