"""Tables that R, DuckDB, pandas and SPSS load, and the codebook that describes them."""

import csv
import io
import json
import shutil
import subprocess

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.exchange.conllu import conllu
from pipeline.lemmatise.lemmatise import lemmatise
from pipeline.segment.segment import SegmentConfig, segment
from pipeline.spreadsheet import original_text
from pipeline.tables import TABLES

NAMES = ("reports", "segments", "tokens", "codings", "suggestions", "themes")


@pytest.fixture(scope="module")
def folder(finished_study, tmp_path_factory):
    target = tmp_path_factory.mktemp("tidy") / "tables"
    result = CliRunner().invoke(
        app, ["exchange", str(finished_study.root), "--export", str(target)]
    )
    assert result.exit_code == 0, result.output
    return target


def test_parquet_and_csv_hold_the_same(folder) -> None:
    for name in NAMES:
        arrow = pd.read_parquet(folder / f"{name}.parquet")
        text = pd.read_csv(
            folder / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
        assert list(arrow.columns) == list(text.columns)
        assert len(arrow) == len(text)
    reports = pd.read_parquet(folder / "reports.parquet")
    assert {"doc_id", "text"} <= set(reports.columns)
    text = pd.read_csv(
        folder / "reports.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )
    assert list(text["text"].map(original_text)) == list(reports["text"])


def test_every_file_is_private(folder) -> None:
    assert all(path.stat().st_mode & 0o077 == 0 for path in [folder, *folder.iterdir()])


def test_the_codebook_describes_every_column_and_lists_no_stand_in(folder) -> None:
    book = pd.read_csv(folder / "codebook.csv", keep_default_na=False, encoding="utf-8-sig")
    for name in NAMES:
        columns = list(pd.read_parquet(folder / f"{name}.parquet").columns)
        assert list(book.loc[book["table"] == name, "column"]) == columns
    assert (book["meaning"] != "").all()
    assert not book.loc[book["column"].isin(["reporter_id", "unit", "text"]), "values"].any()
    periods = set(pd.read_parquet(folder / "reports.parquet")["period"])
    row = book[(book["table"] == "reports") & (book["column"] == "period")].iloc[0]
    assert set(row["values"].split(";")) == periods - {""}


def test_the_data_package_names_the_files_and_their_columns(folder) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8-sig", newline="") as stream:
            head = next(csv.reader(stream))
        assert [field["name"] for field in resource["schema"]["fields"]] == head


def test_duckdb_runs_the_script(folder, monkeypatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(folder)
    base = duckdb.connect()
    base.execute((folder / "read.sql").read_text(encoding="utf-8"))
    ((n,),) = base.execute("SELECT count(*) FROM reports").fetchall()
    assert n == len(pd.read_parquet(folder / "reports.parquet"))
    assert [name for name, *_ in base.execute("SELECT * FROM theme_counts").description] == [
        "period", "theme_id", "label_fi", "n_reports",
    ]  # fmt: skip


def test_r_runs_the_script(folder) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed: apt install r-base-core r-cran-jsonlite")
    code = 'source("read.R"); cat(nrow(reports), class(reports$date), class(reports$area), "\\n")'
    has_json = subprocess.run([rscript, "-e", "library(jsonlite)"], capture_output=True)
    if has_json.returncode:
        pytest.skip("R has no jsonlite: apt install r-cran-jsonlite")
    done = subprocess.run(
        [rscript, "-e", code], cwd=folder, capture_output=True, text=True, check=True
    )
    n = len(pd.read_parquet(folder / "reports.parquet"))
    assert done.stdout.split() == [str(n), "Date", "AsIs"]


def test_the_wide_table_tells_not_coded_from_no(finished_copy, tmp_path) -> None:
    reports = pd.read_parquet(finished_copy.tables / "reports.parquet")["report_id"]
    codes = tmp_path / "codes.csv"
    codes.write_text(f"report_id,theme_id,coder\n{reports[0]},asuminen,Anna\n", encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["exchange", str(finished_copy.root), "--import", str(codes)]).exit_code == 0
    target = tmp_path / "tables"
    assert run(app, ["exchange", str(finished_copy.root), "--export", str(target)]).exit_code == 0
    wide = pd.read_csv(target / "themes_wide.csv", dtype=str, keep_default_na=False)
    wide.columns = [name.removeprefix("\ufeff") for name in wide.columns]
    first = wide.set_index("doc_id").loc[reports[0]]
    assert (first["asuminen"], first["toimeentulo"]) == ("1", "0")
    assert wide.set_index("doc_id").loc[reports[1], "asuminen"] == ""


def test_formulas_are_texts_in_csv(finished_copy) -> None:
    from pipeline.spreadsheet import safe_text

    long = "=HYPERLINK(1)" + "x" * 40_000
    assert safe_text(long) == f"'{long}"
    assert original_text(safe_text(long)) == long


def test_a_folder_with_other_files_is_left_alone(finished_study, tmp_path) -> None:
    (tmp_path / "oma.txt").write_text("oma")
    result = CliRunner().invoke(
        app, ["exchange", str(finished_study.root), "--export", str(tmp_path)]
    )
    assert "holds other files" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["oma.txt"]


@pytest.mark.parametrize(
    "text", ["Vuokra nousi (taas!) 5 %.", "Ei\nkahta  riviä, “lainaus”.", "a-b c/d 😀 loppu"]
)
def test_conll_u_gives_the_text_back(make_reports, lemmatiser, text) -> None:
    segments = segment(make_reports({"observation": text}), SegmentConfig())
    from pipeline.lemmatise.lemmatise import LemmatiseConfig

    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=lemmatiser)
    written = "".join(conllu(segments, tokens))
    for sentence in written.strip().split("\n\n"):
        lines = sentence.split("\n")
        said = next(line for line in lines if line.startswith("# text = "))[9:]
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        assert all(len(row) == 10 and all(row) for row in rows)
        assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
        assert [row[6] for row in rows].count("0") == 1
        glued = "".join(
            row[1] + ("" if "SpaceAfter=No" in row[9].split("|") else " ") for row in rows
        )
        assert " ".join(glued.split()) == " ".join(said.split())


def test_the_columns_are_those_of_the_contract(folder) -> None:
    names = [c.name if c.name != "report_id" else "doc_id" for c in TABLES["segments"].columns]
    assert (
        list(
            pd.read_csv(
                io.BytesIO((folder / "segments.csv").read_bytes()), encoding="utf-8-sig"
            ).columns
        )
        == names
    )
