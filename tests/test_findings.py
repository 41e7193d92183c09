"""human/findings.md: what the analyst edits, orders, takes out and adds, stands at every run."""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from offline import havainto
from pptx import Presentation
from report_reader import page_text
from report_tables import (
    Frames,
    context,
    frame,
    make_frames,
    report,
    settled,
    small_study,
    write,
)
from small_export import copy_study, rows, write_export

from pipeline.erase.human import erase_from_human
from pipeline.errors import ArtifactError
from pipeline.report.findings_file import findings_identity, parse, read_findings
from pipeline.report.report import ReportConfig, ReportTables
from pipeline.study import Study

ENTRY = re.compile(r"^- (.*) \[([HO]-[0-9a-f]{8})\]$", re.MULTILINE)


def made(folder: Path, frames: Frames, **settings: object) -> str:
    """Write a report as a run does: what is in the folder is read, and written back."""
    files_of(folder, frames, **settings)
    return (folder / "findings.md").read_text()


def files_of(folder: Path, frames: Frames, **settings: object) -> Mapping[str, bytes]:
    """Do the same, and return the report's files."""
    given = context(findings=read_findings(folder))
    config = ReportConfig(min_quote_chars=10, **settings)
    files = report(ReportTables(**settled(frames)), config, given)
    for name in ("findings.md", ".findings.json"):
        (folder / name).write_bytes(files[f"human/{name}"])
    return files


def lines(text: str) -> dict[str, str]:
    """Return the findings of the file by id."""
    return {name: line for line, name in ENTRY.findall(text)}


def edited(folder: Path, old: str, new: str) -> None:
    path = folder / "findings.md"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def block(text: str, name: str) -> str:
    """Return a finding and what stands under it."""
    return next(one for one in re.split(r"(?m)^(?=- |#)", text) if f"[{name}]" in one)


TOPIC = "H-d6e57e67"
IN_GROUP = "H-a82c5dba"


def test_a_first_draft_has_an_id_a_number_its_reports_and_a_quotation(tmp_path: Path) -> None:
    text = made(tmp_path, small_study(3))
    assert lines(text)[TOPIC] == (
        "asunto, perhe – 4 raporttia samalta alueelta, edellisellä jaksolla 4."
    )
    assert "Raportit: 2016H1-0, 2016H1-1, 2016H1-2, 2016H1-3" in block(text, TOPIC)
    assert "[2016H1-0/observation/000]" in block(text, TOPIC)
    assert "Merkintä:" not in text


def test_writing_the_file_changes_neither_it_nor_what_a_run_depends_on(tmp_path: Path) -> None:
    before = findings_identity(tmp_path)
    first = made(tmp_path, small_study(3))
    assert findings_identity(tmp_path) == before
    assert made(tmp_path, small_study(3)) == first
    edited(tmp_path, "asunto, perhe", "Asunnot loppuvat")
    assert findings_identity(tmp_path) != before


def test_an_edit_a_deletion_and_an_order_stand_when_the_next_half_year_comes(
    tmp_path: Path,
) -> None:
    text = made(tmp_path, small_study(3))
    signal = next(name for name in lines(text) if name not in (TOPIC, IN_GROUP))
    moved = block(text, TOPIC)
    edited(tmp_path, moved, "")
    edited(tmp_path, block(text, signal), moved.replace("asunto, perhe – 4", "Koti puuttuu – 4")
           + block(text, signal))  # fmt: skip
    edited(tmp_path, block(text, IN_GROUP), "")
    text = made(tmp_path, small_study(4))
    assert list(lines(text)) == [TOPIC, signal]
    assert lines(text)[TOPIC].startswith("Koti puuttuu – 4 raporttia")
    assert "Merkintä: raportit muuttuneet, nyt 4 raporttia" in block(text, TOPIC)
    assert IN_GROUP not in text
    assert IN_GROUP not in made(tmp_path, small_study(4))


def test_an_unedited_line_is_written_anew_and_marked(tmp_path: Path) -> None:
    made(tmp_path, small_study(3))
    text = made(tmp_path, small_study(3, 5))
    assert lines(text)[TOPIC].startswith("asunto, perhe – 5 raporttia")
    assert "nyt 5 raporttia" in block(text, TOPIC)
    edited(tmp_path, "  - Merkintä: raportit muuttuneet, nyt 5 raporttia\n", "")
    text = made(tmp_path, small_study(3, 5))
    assert sum("Merkintä:" in block(text, name) for name in lines(text)) == len(lines(text)) - 1


def test_what_is_offered_for_the_first_time_is_marked(tmp_path: Path) -> None:
    frames = small_study(3)
    empty = {**frames, "report_topics": frames["report_topics"].iloc[:0]}
    made(tmp_path, empty)
    text = made(tmp_path, frames)
    assert "Merkintä: uusi löydös" in block(text, TOPIC)
    assert "Merkintä: uusi löydös" in block(made(tmp_path, frames), TOPIC)


def test_lines_notes_and_headings_of_the_analyst_s_own_are_kept(tmp_path: Path) -> None:
    made(tmp_path, small_study(3))
    own = "- Asuntoklinikka toimii.\n  - Raportit: 2016H1-0, 2016H1-1\n  - kysy Ainolta\n"
    heading = "### Hyvät käytännöt\n"
    edited(tmp_path, heading, f"{heading}\nTästä puhuttiin.\n\n{own}")
    with (tmp_path / "findings.md").open("a") as stream:
        stream.write("\n## Muistettavaa\n\nVaraa tila.\n\n- kahvit\n")
    text = made(tmp_path, small_study(3))
    own = next(name for name in lines(text) if name.startswith("O-"))
    assert lines(text)[own] == "Asuntoklinikka toimii."
    assert "Raportit: 2016H1-0, 2016H1-1" in block(text, own)
    assert "kysy Ainolta" in block(text, own)
    assert "Tästä puhuttiin." in text
    assert "## Muistettavaa\n\nVaraa tila.\n- kahvit" in text
    assert made(tmp_path, small_study(3)) == text


def test_a_finding_without_reports_now_is_kept_when_it_was_edited(tmp_path: Path) -> None:
    frames = small_study(3)
    made(tmp_path, frames)
    edited(tmp_path, "- asunto, perhe – 4 raporttia", "- Koti puuttuu – 4 raporttia")
    gone = {**frames, "report_topics": frames["report_topics"].iloc[:4]}
    text = made(tmp_path, gone)
    kept = text.partition("## Aiemmilta jaksoilta")[2]
    assert TOPIC in kept
    assert IN_GROUP not in text  # nobody had edited it
    back = made(tmp_path, frames)
    assert lines(back)[TOPIC].startswith("Koti puuttuu")
    assert "Aiemmilta" not in back


def test_the_words_of_a_quotation_come_from_the_report_alone(tmp_path: Path) -> None:
    made(tmp_path, small_study(3))
    edited(tmp_path, "”Perhe 2016H1-0 tarvitsi asunnon.” [2016H1-0/", "”Keksitty.” [2016H1-2/")
    text = made(tmp_path, small_study(3))
    assert "Keksitty" not in text
    assert "”Perhe 2016H1-2 tarvitsi asunnon.” [2016H1-2/observation/000]" in block(text, TOPIC)
    edited(tmp_path, "  - ”Perhe 2016H1-2 tarvitsi asunnon.” [2016H1-2/observation/000]\n", "")
    assert "2016H1-2/observation" not in block(made(tmp_path, small_study(3)), TOPIC)


def test_a_group_names_no_finding_whose_number_is_hidden() -> None:
    rows_ = [{"id": f"R-{i}", "period": "2024H2", "client_groups": ["a"] if i else ["b"]}
             for i in range(6)]  # fmt: skip
    frames = make_frames([*rows_, {"id": "R-9", "period": "2024H2", "client_groups": ["b"]}])
    extra = small_study(1)
    ids = [f"R-{i}" for i in range(4)]
    frames["topics"] = extra["topics"]
    frames["report_topics"] = extra["report_topics"].head(4).assign(report_id=ids)
    text = write(frames, min_quote_chars=10)["human/findings.md"].decode()
    assert "## b" not in text
    assert "- asunto, perhe – 4 raporttia" in text
    assert "asunto, perhe" not in text.partition("## a\n")[2]  # or the one of b would follow


def test_an_earlier_period_s_report_leaves_the_file_alone() -> None:
    assert not [n for n in write(small_study(3), period="2015H2") if n.startswith("human/")]


@pytest.mark.parametrize("language", ["fi", "en", "sv"])
def test_the_file_can_be_read_back_in_every_language(tmp_path: Path, language: str) -> None:
    first = made(tmp_path, small_study(3), language=language)
    assert made(tmp_path, small_study(3), language=language) == first
    names = {one.finding_id for part in parse(first) for one in part.entries}
    assert names == set(lines(first))


def test_a_memory_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    made(tmp_path, small_study(3))
    (tmp_path / ".findings.json").write_text("{")
    with pytest.raises(ArtifactError, match="remembers the findings"):
        read_findings(tmp_path)


def test_an_erased_report_leaves_the_file(tmp_path: Path) -> None:
    made(tmp_path, small_study(3))
    erase_from_human(tmp_path, "2016H1-0")
    text = (tmp_path / "findings.md").read_text()
    assert "2016H1-0" not in text
    assert "Raportit: 2016H1-1, 2016H1-2, 2016H1-3\n" in block(text, TOPIC)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, finished_study: Study) -> Study:
    """A study whose findings were edited, to which a half-year was then added."""
    study = copy_study(finished_study, tmp_path_factory.mktemp("findings") / "study")
    path = study.human / "findings.md"
    old = [row | {"report_id": f"LISA-{i}", "date": f"2024-11-{i + 1:02d}"}
           for i, row in enumerate(rows()[:12])]  # fmt: skip
    write_export(study.inputs / "lisaa.csv", old)
    havainto("run", study.root)
    text = path.read_text()
    whole, *groups = text.split("\n## ")[1:]
    first, second, *_ = lines(whole)
    third = next(name for part in groups for name in lines(part))
    own = block(text, first).replace(lines(text)[first], "Vuokra vie palkan.")
    moved = block(text, second)
    text = text.replace(moved, "").replace(block(text, third), "")
    path.write_text(text.replace(block(text, first), moved + own))
    more = [row | {"report_id": f"UUSI-{i}", "date": f"2025-02-{i + 1:02d}"}
            for i, row in enumerate(rows()[:10])]  # fmt: skip
    write_export(study.inputs / "uusi.csv", more)
    havainto("run", study.root)
    (study.root / "ids").write_text(" ".join((first, second, third)))
    return study


def test_on_the_command_line_too_everything_a_person_did_stands(grown: Study) -> None:
    text = (grown.human / "findings.md").read_text()
    first, second, third = (grown.root / "ids").read_text().split()
    assert "kevät 2025" in text
    assert lines(text).get(first) == "Vuokra vie palkan."
    assert third not in text
    held = list(lines(text))
    if second in held:
        assert held.index(second) < held.index(first)
    assert "Merkintä: uusi löydös" in text
    page = page_text((grown.report / "report.html").read_bytes())
    deck = Presentation(io.BytesIO((grown.report / "deck.pptx").read_bytes()))
    slides = " ".join(
        s.text_frame.text for one in deck.slides for s in one.shapes if s.has_text_frame
    )
    assert ("Vuokra vie palkan." in page) == (f"[{first}]" in text.split("## Aiemmilta")[0])
    assert ("Vuokra vie palkan." in slides) == ("Vuokra vie palkan." in page)


def test_a_run_after_a_run_has_nothing_to_do(grown: Study) -> None:
    before = (grown.human / "findings.md").read_bytes()
    told = havainto("run", grown.root)
    assert (grown.human / "findings.md").read_bytes() == before
    assert "up to date" in told or "report" in told


def test_a_topic_that_is_gone_is_told_by_its_last_label() -> None:
    frames = small_study(2)
    ids = list(frames["reports"]["report_id"][:3])
    row = {"topic_id": "T-0123456789ab", "change": "gone", "previous_ids": [], "report_ids": ids}
    frames["topic_lineage"] = frame("topic_lineage", [row])
    given = replace(context(), former_labels={"T-0123456789ab": "vuokra, häätö"})
    page = report(ReportTables(**settled(frames)), ReportConfig(), given)["report.html"].decode()
    assert "vuokra, häätö" in page
    assert "entinen ilmiö T-" not in page


def test_a_person_s_line_that_says_its_number_is_not_told_it_again(tmp_path: Path) -> None:
    made(tmp_path, small_study(3))
    edited(tmp_path, "- asunto, perhe – 4 raporttia", "- Koti puuttuu, 4 raporttia")
    page = page_text(files_of(tmp_path, small_study(3))["report.html"])
    told = "raporttia samalta alueelta, edellisellä jaksolla 4."
    assert f"Koti puuttuu, 4 {told}" in page
    assert f"Koti puuttuu, 4 {told} 4 raporttia" not in page
    edited(tmp_path, "- Koti puuttuu, 4 raporttia", "- Koti puuttuu, 14 raporttia")
    page = page_text(files_of(tmp_path, small_study(3))["report.html"])
    assert f"Koti puuttuu, 14 {told} 4 raporttia" in page
