"""One report is taken out everywhere: no byte of the study tells that it was there."""

import csv
import datetime as dt
import io
import zipfile

import pyarrow.parquet as pq
import pytest
from offline import havainto
from small_export import QUICK, rows, write_export

from pipeline.artifacts import Store
from pipeline.review.log import CsvLog
from pipeline.study import create_study

WORDS = ("tapirinhoitaja", "kvassikyl", "tietosuojamuistio")
GONE = "ERASE-ME"
KEYS: list[bytes] = []
"""Keys of the erased report's own texts in the tables of vectors."""


def bytes_of(study):
    """Yield the path and the content of each file, compressed ones unpacked."""
    for path in sorted(p for p in study.root.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content = pq.ParquetFile(path).read().to_pandas().to_csv().encode()
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        yield path.relative_to(study.root), content


def names(study):
    wanted = [word.encode() for word in (*WORDS, GONE)]
    return [(str(path), word) for path, held in bytes_of(study) for word in wanted
            if word in held.lower() or word in held]  # fmt: skip


def keys_of(study, report_id):
    """Return the keys of the texts that this report alone has."""
    store = Store(study)
    of_segments = store.read("embeddings", "segment_id", "text_key")
    of_reports = store.read("report_embeddings", "report_id", "text_key")
    owners = [*of_segments["segment_id"].str.split("/").str[0], *of_reports["report_id"]]
    keys = [*of_segments["text_key"], *of_reports["text_key"]]
    others = {key for key, owner in zip(keys, owners, strict=True) if owner != report_id}
    own = {key for key, owner in zip(keys, owners, strict=True) if owner == report_id}
    return [key.encode() for key in sorted(own - others)]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    study = create_study(tmp_path_factory.mktemp("erase") / "s")
    study.settings_file.write_text(QUICK, encoding="utf-8")
    made = rows()
    made[2]["observation"] += " Kvassikyläläinen tapirinhoitaja sai häädön. Tapirinhoitaja itki."
    made[2]["report_id"] = GONE
    write_export(study.inputs / "raportit.csv", made)
    havainto("run", study.root, "--to", "detect")
    log = CsvLog(study.human)
    on = {"target_id": GONE, "coder": "Aino"}
    log.append([on | {"target_table": "report_themes", "theme_id": "asuminen",
                      "verdict": "accept", "memo": "tietosuojamuistio"},
                on | {"target_table": "reports", "verdict": "read"}])  # fmt: skip
    log.append([{"target_table": "reports", "target_id": made[0]["report_id"], "verdict": "memo",
                 "new_value": "havainto", "memo": f"vrt. {GONE}", "coder": "Aino"}])  # fmt: skip
    (study.human / "backups").mkdir(exist_ok=True)
    (study.human / "backups" / "decisions-2026-01-01.csv").write_bytes(log.path.read_bytes())
    (study.human / "backups" / "decisions.katkennut-1.csv").write_text(f"D-1,{GONE}")
    (study.human / "codings.csv").write_text(
        f"report_id,theme_id,coder\n{GONE},asuminen,Eero\n{made[1]['report_id']},asuminen,Eero\n"
    )
    (study.human / "quotes.toml").write_text(f'pin = ["{GONE}/observation/000"]\n')
    (study.human / "watch.toml").write_text(
        f'[[seuranta]]\nnimi = "A"\nesimerkit = ["{GONE}"]\n\n'
        '[[seuranta]]\nnimi = "B"\nlauseet = ["Vuokra nousee taas."]\n'
    )
    (study.human / "edits.toml").write_text(
        f'[[muokkaus]]\ntee = "roska"\naihe = ["{GONE}", "{made[3]["report_id"]}"]\n'
    )
    havainto("review", study.root, "--export", study.root / "arvio.xlsx")
    havainto("train", study.root)
    havainto("report", study.root, "--for", "units,director,public", "--publish")
    assert {word for _, word in names(study)} == {w.encode() for w in (*WORDS, GONE)}
    KEYS[:] = keys_of(study, GONE)
    assert all(any(key in held for _, held in bytes_of(study)) for key in KEYS)
    said = havainto("erase", study.root, GONE, "--reason", "Pyyntö", "--yes")
    return study, said


def test_no_byte_of_the_study_tells_of_the_report(told):
    study, _ = told
    assert names(study) == []


def test_no_vector_of_its_texts_is_left(told):
    study, _ = told
    assert len(KEYS) >= 3
    held = list(bytes_of(study))
    assert [(path, key) for path, content in held for key in KEYS if key in content] == []


def test_everything_else_stays(told):
    study, _ = told
    assert len(Store(study).read("reports")) == 23
    codings = list(csv.reader(io.StringIO((study.human / "codings.csv").read_text())))
    assert [row[1:] for row in codings[1:]] == [["asuminen", "Eero"]]
    assert 'nimi = "B"' in (study.human / "watch.toml").read_text()
    assert 'nimi = "A"' not in (study.human / "watch.toml").read_text()
    assert [path.suffix for path in sorted(study.models.glob("*v*"))] != []
    assert (study.human / "backups" / "decisions-2026-01-01.csv").exists()


def test_it_says_what_it_did_and_what_it_cannot_reach(told):
    study, said = told
    for words in ("rows 4", "tietosuojamuistio", "quotes.toml: 1", "Beyond reach", "arvio.xlsx"):
        assert words in said
    assert "Still names" not in said
    assert "Pyyntö" in (study.human / "decisions.csv").read_text(encoding="utf-8")
    assert "has no report" in havainto("erase", study.root, GONE, "--yes", check=1)


def test_what_was_published_of_it_goes_and_the_user_is_told_before_and_after(told):
    study, said = told
    (note,) = study.root.glob("published/*/*/published.json")
    assert [path.name for path in note.parent.iterdir()] == ["published.json"]
    name = f"published/{note.parent.parent.name}/{note.parent.name}"
    assert said.index(f"{name}: the files of the published report will be deleted") < said.index(
        f"{name}: the report's files were deleted"
    )
    assert "publish it anew" in said
    assert "1/report.html" not in (study.root / "published" / "index.html").read_text("utf-8")


def test_nothing_is_erased_without_a_yes(finished_copy):
    report = Store(finished_copy).read("reports")["report_id"][0]
    before = (finished_copy.inputs / "raportit.csv").read_bytes()
    havainto("erase", finished_copy.root, report, check=1)
    assert (finished_copy.inputs / "raportit.csv").read_bytes() == before


def test_a_file_that_must_stay_keeps_its_row_and_the_report_is_left_out(finished_copy):
    report = Store(finished_copy).read("reports")["report_id"][0]
    before = (finished_copy.inputs / "raportit.csv").read_bytes()
    havainto("erase", finished_copy.root, report, "--keep-files", "--yes")
    assert (finished_copy.inputs / "raportit.csv").read_bytes() == before
    assert report not in set(Store(finished_copy).read("reports")["report_id"])
    assert (finished_copy.human / "left_out.txt").read_text() == f"{report}\n"


def test_a_row_of_a_workbook_goes_with_its_shared_texts_and_dates_stay(tmp_path):
    import xlsxwriter

    from pipeline.erase.inputs import remove_rows
    from pipeline.ingest.ingest import IngestConfig

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("vastaukset")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for at, text in enumerate(("havainto", "ensin", "tapirinhoitaja", "lopuksi")):
            page.write(at, 0, text)
            page.write(at, 1, 45000 + at, day)
    remove_rows(path, [3], IngestConfig())
    with zipfile.ZipFile(path) as archive:
        assert not [n for n in archive.namelist() if b"tapirinhoitaja" in archive.read(n)]
    from python_calamine import CalamineWorkbook

    held = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in held] == ["havainto", "ensin", "lopuksi"]
    kept = held[2][1]
    assert isinstance(kept, dt.date)
    assert kept.isoformat().startswith("2023-03-18")
