"""What a person's data stood in is gone from every file of a study, packed ones included."""

import io
import sqlite3
import zipfile
import zlib

import pandas as pd
import pytest
from byte_search import contents, places_of
from docx import Document

PLANTED = ("Matti Virtanen", "040 123 4567")


def zipped(held):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sisällä.bin", held)
    return stream.getvalue()


def word_file(text):
    document = Document()
    paragraph = document.add_paragraph()
    paragraph.add_run(text[:4])
    paragraph.add_run(text[4:])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def table(text):
    stream = io.BytesIO()
    pd.DataFrame({"sarake": [[text]]}).to_parquet(stream, compression="zstd")
    return stream.getvalue()


def database(text):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a BLOB)")
    connection.execute("INSERT INTO t VALUES (?)", (zlib.compress(text.encode()),))
    connection.commit()
    return connection.serialize()


@pytest.mark.parametrize(
    "held",
    [
        pytest.param("Äiti Öhman".encode(), id="plain"),
        pytest.param("ÄITI ÖHMAN".encode(), id="capitals"),
        pytest.param("Äiti Öhman".encode("utf-16-le"), id="UTF-16"),
        pytest.param(b'"\\u00e4iti \\u00f6hman"', id="JSON beyond ASCII"),
        pytest.param(zipped(zipped("Äiti Öhman".encode())), id="zip in a zip"),
        pytest.param(word_file("Äiti Öhman"), id="Word, in two runs"),
        pytest.param(table("Äiti Öhman"), id="Parquet list"),
        pytest.param(database("Äiti Öhman"), id="SQLite, packed"),
    ],
)
def test_a_string_is_found_wherever_it_is_packed(tmp_path, held):
    (tmp_path / "tiedosto.bin").write_bytes(held)
    assert {one for one, _ in places_of(["Äiti Öhman", "Muu"], tmp_path)} == {"Äiti Öhman"}


def test_no_file_but_the_inputs_and_raw_holds_what_was_planted(finished_study):
    found = places_of(PLANTED, finished_study.root)
    assert {one for one, _ in found} == set(PLANTED)
    assert {where.split("/")[0] for _, where in found} == {"inputs", "raw"}


def test_members_of_every_output_are_searched(finished_study):
    seen = {
        name
        for path in finished_study.report.iterdir()
        for name, _ in contents(path.name, path.read_bytes())
    }
    for part in ("docProps/core.xml", "ppt/slides/slide1.xml", "xl/sharedStrings.xml"):
        assert any(name.endswith(part) for name in seen)
    assert any("ppt/embeddings/" in name and "xl/worksheets" in name for name in seen)
