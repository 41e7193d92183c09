"""What each audience's files hold: no ids, no hidden cells, no texts beyond what it may read."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from deck_reader import titles
from offline import havainto
from report_tables import THEMES, Frames, facts, frame, make_frames, small_study, write
from small_export import copy_study

from pipeline.errors import ConfigError
from pipeline.report.audiences import document
from pipeline.report.facts.findings import SEEN, FindingList, FindingPart
from pipeline.report.facts.values import Quotation
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.study import Study

OF = {
    "units": ("units.html", "units.docx"),
    "director": ("director.docx", "director.pptx"),
    "public": ("public.html", "public.docx"),
}
ALL = ("units", "director", "public")
PIN = "RAP-003/observation/000"


def study() -> Frames:
    """Make forty reports of two groups, nine areas and three topics of 20, 12 and 3 reports."""
    rows = [
        {"id": f"RAP-{i:03d}", "period": "2024H1" if i < 10 else "2024H2",
         "client_groups": ["tyoikaiset"] if i % 3 else ["vammaiset"],
         "area": [f"Kunta{min(i % 11, 8)}"], "themes": [THEMES[i % 2]] if i < 37 else ["palvelut"],
         "text": f"Perhe numero {i} tarvitsi asunnon ja jonotti apua pitkään {'q' * (i + 1)}."}
        for i in range(40)
    ]  # fmt: skip
    rows[3]["period"] = "2024H2"
    frames = make_frames(rows)
    topics = {"T-1": range(20), "T-2": range(20, 32), "T-3": range(32, 35)}
    frames["topics"] = frame(
        "topics",
        [{"topic_id": t, "topic_no": n, "label": f"nimi{n}", "terms": ["asunto"], "stability": 0.8,
          "n_reports": len(ids)} for n, (t, ids) in enumerate(topics.items())],
    )  # fmt: skip
    frames["report_topics"] = frame(
        "report_topics",
        ({"report_id": f"RAP-{i:03d}", "topic_id": t, "weight": 0.9, "is_main": True}
         for t, ids in topics.items() for i in ids),
    )  # fmt: skip
    kinds = frames["segment_kinds"].copy()
    kinds["kind"] = ["hyva-kaytanto" if i % 2 else "havainto" for i in range(len(kinds))]
    frames["segment_kinds"] = kinds
    return frames


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    rulings = QuoteRulings(pinned=frozenset({PIN}))
    return write(study(), rulings=rulings, audiences=ALL, organisation="Järvimaa")


def everything(content: bytes) -> str:
    """Return all that is in a file: markup, notes, metadata, hidden sheets, inner workbooks."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join([*archive.namelist(), *(everything_of(archive.read(name))
                         for name in archive.namelist())])  # fmt: skip


def everything_of(content: bytes) -> str:
    return everything(content) if content[:2] == b"PK" else content.decode("utf-8", "ignore")


def of(files: Mapping[str, bytes], audience: str) -> str:
    return "\n".join(everything(files[name]) for name in OF[audience])


def texts_told(told: str) -> set[int]:
    """Return which reports' own words are in a text; each ends in a run of q of its own length."""
    return {len(run) - 1 for run in re.findall(r"\bq{4,}\b", told)}


@pytest.mark.parametrize("audience", ALL)
def test_no_file_of_an_audience_names_a_report_a_sentence_or_a_finding(files, audience) -> None:
    told = of(files, audience)
    assert not re.search(r"RAP-\d|[THSO]-[0-9a-f]{8}|observation/", told)
    assert "secret" not in told


def test_the_attack_finds_ids_where_they_are(files) -> None:
    assert re.search(r"RAP-\d", everything(files["report.html"]))
    assert re.search(r"RAP-\d", everything(files["tables.xlsx"]))
    assert texts_told(everything(files["report.html"])) >= set(range(10, 40))


@pytest.mark.parametrize("audience", ["units", "public"])
def test_only_approved_quotations_are_told(files, audience) -> None:
    assert texts_told(of(files, audience)) <= {3}
    unapproved = write(study(), audiences=ALL)
    assert texts_told(of(unapproved, audience)) == set()


def test_the_pinned_quotation_is_published(files) -> None:
    assert texts_told(everything(files["public.html"])) == {3}


@pytest.mark.parametrize("audience", ALL)
def test_no_file_has_a_script_or_a_search(files, audience) -> None:
    told = of(files, audience).lower()
    assert "<script" not in told
    assert "report-data" not in told
    assert not [name for name in told.split("\n") if "vbaproject" in name or "comments" in name]


def test_nothing_under_five_is_published(files) -> None:
    style_or_bar = r'<style.*?</style>|<td class="plot">.*?</td>'
    text = re.sub(style_or_bar, "", everything(files["public.html"]), flags=re.DOTALL)
    assert "nimi2" not in text  # three reports
    numbers = [int(n) for n in re.findall(r"(\d+)\s(?:raportti|raporttia)", text)]
    assert numbers
    assert min(numbers) >= 5
    cells = re.findall(r'<tr><th scope="row">([^<]+)</th><td>(\d+)</td>', text)
    assert cells
    assert all(int(n) >= 5 for _, n in cells)
    assert "nimi0" in text


def test_what_is_missing_from_a_published_table_tells_no_small_number(files) -> None:
    text = re.sub(r'<td class="plot">.*?</td>', "", everything(files["public.html"]))
    areas = {name: int(n) for name, n in
             re.findall(r'<th scope="row">(Kunta\d)</th><td>(\d+)</td>', text)}  # fmt: skip
    assert areas
    frames = study()
    now = frames["reports"][frames["reports"]["period"] == "2024H2"]
    true = now["area"].str[0].value_counts()
    missing = {name: n for name, n in true.items() if name not in areas}
    assert not missing or (len(missing) > 1 and sum(missing.values()) >= 5)
    assert all(true[name] == n for name, n in areas.items())


def test_the_bars_of_a_published_table_tell_its_numbers_and_no_more(files) -> None:
    page = everything(files["public.html"])
    tables = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert tables
    for table in tables:
        rows = re.findall(r'<rect width="([\d.]+)%".*?<td>(\d+)</td>', table)
        assert len(rows) == table.count("<tr>")
        longest = max(int(number) for _, number in rows)
        for width, number in rows:
            assert float(width) == pytest.approx(100 * int(number) / longest, abs=0.1)


def test_few_reports_are_not_published() -> None:
    told = everything(write(small_study(2), audiences=("public",))["public.html"])
    assert "asunto" not in told
    assert "niin vähän raportteja" in told


def test_the_units_have_one_part_a_group_and_an_area_and_no_table(files) -> None:
    text = everything(files["units.html"])
    parts = re.findall(r"<h2>([^:<]+):", text)
    assert parts[:2] == ["Työikäiset", "Vammaiset"]
    assert parts[2:]
    assert all(part.startswith("Kunta") for part in parts[2:])
    assert "<table" not in text


def test_a_director_s_deck_has_no_appendix_and_is_short(files) -> None:
    found = titles(files["director.pptx"])
    assert len(found) <= 15
    assert not [title for title in found if "Liite" in title]


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    held = docx.Document(io.BytesIO(content)).paragraphs
    return [(str(one.style and one.style.name), one.text) for one in held]


def test_the_word_file_has_native_headings_lists_and_tables(files) -> None:
    made = docx.Document(io.BytesIO(files["report.docx"]))
    styles = {style for style, _ in paragraphs(files["report.docx"])}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet"} <= styles
    assert len(made.tables) == 3
    assert made.core_properties.author == "Järvimaa"
    assert not re.search(r"RAP-\d", everything(files["report.docx"]))


def test_the_findings_are_the_same_in_page_deck_word_and_file(files) -> None:
    text = files["human/findings.md"].decode()
    whole = text.partition("\n### ")[2].partition("\n### ")[0]
    lines = re.findall(r"^- (nimi\d – .*) \[H-", whole, re.MULTILINE)
    assert lines
    word = [" ".join(one.split()) for _, one in paragraphs(files["report.docx"])]
    page = re.sub(r"<[^>]+>", "", files["report.html"].decode()).replace("\N{NO-BREAK SPACE}", " ")
    deck = everything(files["deck.pptx"]).replace("\N{NO-BREAK SPACE}", " ")
    for line in lines:
        assert line in word
        assert line in " ".join(page.split())
        assert line in deck


def template(**styles: Any) -> bytes:
    made = docx.Document()
    made.add_paragraph("Vanha teksti")
    made.styles["Heading 1"].font.name = styles.get("font", "Georgia")
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_the_template_gives_its_styles_and_loses_its_text() -> None:
    from pipeline.report.audiences import Document, Part
    from pipeline.report.word.word import render_word

    held = Document("Kooste", "", "fi", ("alla",), (Part("Otsikko"),), "2025-01-15T09:30:00+02:00")
    made = render_word(held, template())
    assert "Vanha teksti" not in everything(made)
    assert docx.Document(io.BytesIO(made)).styles["Heading 1"].font.name == "Georgia"
    assert made == render_word(held, template())
    with pytest.raises(ConfigError, match=r"report\.word_template"):
        render_word(held, b"no")


def test_the_command_makes_files_for_whom_it_is_asked(
    finished_study: Study, tmp_path: Path
) -> None:
    study = copy_study(finished_study, tmp_path / "study")
    havainto("report", study.root, "--for", "units,public")
    assert {"report.html", "units.html", "public.docx"} <= {p.name for p in study.report.iterdir()}
    assert not (study.report / "director.pptx").exists()
    havainto("report", study.root)
    assert not (study.report / "public.docx").exists()
    havainto("report", study.root, "--for", "everyone", check=1)


def test_no_word_text_quotes_one_sentence_under_a_phenomenon_and_under_a_group() -> None:
    held, words = facts(study())
    segment = "R-1/observation/000"
    quote = Quotation("R-1", segment, "Perhe jonotti apua.", (segment,))
    longer = replace(quote, text="Perhe jonotti apua. Ja odotti.", segment_id="R-1/observation/001",
                     covers=(segment, "R-1/observation/001"))  # fmt: skip
    period = held.findings.period
    assert period
    one = replace(period.lists[0].findings[0], quote=quote)
    seen = FindingList(SEEN, (one,))
    said = FindingList(SEEN, (one, replace(one, is_quotation=True), replace(one, quote=longer)))
    parts = (replace(period, lists=(seen,)), FindingPart("a", "Ryhmä", period.n, (said,)))
    linked = replace(held, findings=replace(held.findings, parts=parts))
    told = document(linked, words, "internal").parts
    place = next(i for i, part in enumerate(told) if part.title.startswith("Ryhmä"))
    assert any("jonotti" in line.quote for part in told[:place] for line in part.lines)
    assert [line.quote for line in told[place + 1].lines] == ["", ""]


def test_the_number_of_areas_is_left_out_where_it_would_tell_of_a_small_one() -> None:
    rows = [{"id": f"R-{i:02d}", "period": "2024H2", "area": ["Lahti"] if i < 9 else ["Heinola"]}
            for i in range(12)]  # fmt: skip
    for n_of_heinola, is_told in ((1, False), (3, True)):
        frames = make_frames(rows)
        ids = [row["id"] for row in (*rows[:4], *rows[9 : 9 + n_of_heinola])]
        frames["topics"] = frame("topics", [
            {"topic_id": "T-1", "topic_no": 0, "label": "nimi", "terms": ["asunto"],
             "stability": 0.8, "n_reports": len(ids)}])  # fmt: skip
        frames["report_topics"] = frame("report_topics", (
            {"report_id": i, "topic_id": "T-1", "weight": 0.9, "is_main": True} for i in ids
        ))  # fmt: skip
        made = paragraphs(write(frames)["report.docx"])
        told = " ".join(" ".join(text for _, text in made).split())
        assert f"nimi – {len(ids)} raporttia" in told
        assert ("2 alueelta" in told) == is_told


def with_signal(**changes: Any) -> Frames:
    """Make the study of the audiences, with one listed signal that is no topic."""
    frames = study()
    ids = [f"RAP-{i:03d}" for i in (10, 12, 14, 20, 22, 24)]
    frames["signals"] = frame("signals", [
        {"signal_id": "S-1", "rank": 1, "status": "emerging", "strength": "watch",
         "label": "nousu", "report_ids": ids, "counts": [0, 6], "p_value": 0.01, "q_value": 0.08,
         "p_max": 0.1, "ci_low": 0.2, "ci_high": 0.9, "n_areas": 1, "n_client_groups": 1,
         "candidate_id": None, "topic_id": "T-1", "theme_ids": []} | changes])  # fmt: skip
    return frames


def rising_topic() -> Frames:
    """Make the study of the audiences, with a listed signal that is the topic T-2 itself."""
    ids = [f"RAP-{i:03d}" for i in range(20, 32)]
    return with_signal(topic_id="T-2", report_ids=ids, counts=[0, 12])


@pytest.mark.parametrize("make", [with_signal, rising_topic])
def test_the_text_tells_a_signal_once_whether_or_not_it_is_a_topic(make: Any) -> None:
    made, words = facts(make())
    held = document(made, words, "internal")
    lines = [line.text for part in held.parts for line in part.lines]
    assert sum(line.startswith("nousu") for line in lines) == 1
    seen = next(part for part in held.parts if part.title == words(f"findings.{SEEN}"))
    named = {line.text.split()[0] for line in seen.lines}
    assert ("nimi1" in named) is (make is with_signal)


def test_the_text_tells_a_signal_in_the_words_the_analyst_gave_its_finding() -> None:
    made, words = facts(rising_topic())
    period = made.findings.period
    assert period is not None
    own = [replace(one, text=words.text("toc.brief"), is_edited=True) if one.is_signal else one
           for one in period.lists[0].findings]  # fmt: skip
    lists = (replace(period.lists[0], findings=tuple(own)), *period.lists[1:])
    parts = (replace(period, lists=lists), *made.findings.groups)
    edited = replace(made, findings=replace(made.findings, parts=parts))
    told = [part for part in document(edited, words, "internal").parts
            if part.title == words("toc.signals")]  # fmt: skip
    assert [line.text for line in told[0].lines] == [words("toc.brief")]


def test_a_topic_that_is_a_signal_is_not_published() -> None:
    made = write(rising_topic(), audiences=("public",))
    assert "nousu" in everything(made["report.docx"]).lower()
    told = everything(made["public.html"]) + everything(made["public.docx"])
    assert "nousu" not in told.lower()


def test_no_signal_is_published() -> None:
    frames = with_signal()
    made = write(frames, audiences=("public",))
    assert "nousu" in everything(made["report.docx"])
    assert "nousu" not in everything(made["public.html"]) + everything(made["public.docx"])
