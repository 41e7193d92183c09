"""Files made to harm are refused in one line, whatever their encoding."""

import io
import json
import zipfile
from typing import cast

import numpy as np
import pytest
from report_tables import deck, make_frames

from pipeline.errors import ArtifactError, ConfigError
from pipeline.files.sheet_extent import BrokenSheetError, ods_extents, xlsx_extent
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.qdc import from_qdc
from pipeline.taxonomy.skos import read_skos

BOMB = """<?xml version="1.0" encoding="{0}"?><!DOCTYPE CodeBook [<!ENTITY a "aaaa">]>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x"><Codes>
<Code guid="1" name="&a;" isCodable="true"/></Codes></CodeBook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "iso-8859-1", "cp037"])
def test_a_codebook_with_a_doctype_is_refused_in_any_encoding(tmp_path, encoding):
    file = tmp_path / "bomb.qdc"
    file.write_bytes(BOMB.format(encoding).encode(encoding))
    with pytest.raises(ConfigError):
        from_qdc(file, cast(Taxonomy, None), date="2026-01-01")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.ttl", "@prefix s: <http://s/> . <http://x/> s:note " + "[ s:note " * 5000),
        ("deep.jsonld", "[" * 100_000),
        ("deep-objects.jsonld", '{"@context": {}, "a": ' * 20_000 + "1" + "}" * 20_000),
    ],
)
def test_a_taxonomy_of_thousands_of_brackets_is_refused_in_one_line(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        read_skos(file)


def test_the_extent_of_a_sheet_follows_positions_that_are_left_out():
    sheet = "<s><row r='7'><c/><c/><c><v>1</v></c></row><row><c r='B8'><f/></c></row></s>"
    assert xlsx_extent(sheet.encode()) == (8, 3)
    assert xlsx_extent(sheet.encode("utf-16")) == (8, 3)
    with pytest.raises(BrokenSheetError):
        xlsx_extent(b"<s><row><c r='A0'><v>1</v></c></row></s>")
    with pytest.raises(BrokenSheetError):
        xlsx_extent(b"<!DOCTYPE s [<!ENTITY a 'b'>]><s/>")


def test_repeated_cells_of_an_ods_count_as_often_as_they_are_repeated():
    content = (
        "<c xmlns:t='t' xmlns:o='o'><t:table t:name='S'><t:table-row t:number-rows-repeated='9'>"
        "<t:table-cell t:number-columns-repeated='5' o:value-type='float'/></t:table-row>"
        "<t:table-row t:number-rows-repeated='999999'><t:table-cell/></t:table-row></t:table></c>"
    )
    assert ods_extents(content.encode()) == {"S": (9, 5)}


def test_no_label_of_a_chart_is_a_formula_or_a_link():
    label = '=HYPERLINK("http://x.example","a")'
    rows = [
        {"id": f"R-{i}", "period": "2024H2", "area": [label if i < 5 else "http://x.example/a"]}
        for i in range(9)
    ]
    with zipfile.ZipFile(io.BytesIO(deck(make_frames(rows)))) as made:
        books = [made.read(n) for n in made.namelist() if n.startswith("ppt/embeddings/")]
    assert books
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as inner:
            sheets = b"".join(inner.read(n) for n in inner.namelist() if "worksheets" in n)
        assert b"<f>" not in sheets
        assert b"<hyperlink" not in sheets


def _drop(part):
    return lambda content, _: content.pop(part)


def _set_theme_ids(content, _):
    content["fitted"]["theme_ids"] = content["fitted"]["theme_ids"][:-1]


def _bad_array(content, _):
    content["fitted"]["features"]["idf"] = "nope"


def _bad_vocabulary(content, _):
    words = content["fitted"]["features"]["vocabulary"]
    words[next(iter(words))] = 10**9


def _wrong_shape(_, arrays):
    arrays["fitted.text.weights"] = np.zeros((2, 2))


def _not_numbers(_, arrays):
    arrays["fitted.text.weights"] = np.full_like(arrays["fitted.text.weights"], np.nan)


CHANGES = (
    *(_drop("card"), _drop("fitted"), _set_theme_ids, _bad_array, _bad_vocabulary),
    *(_wrong_shape, _not_numbers),
)


@pytest.fixture(scope="module")
def model_path(tmp_path_factory):
    """Write a model whose parts fit, of two themes and three words."""
    from pipeline.assign.features import Features
    from pipeline.assign.fitted import FittedThemes
    from pipeline.assign.linear import Linear
    from pipeline.assign.model_file import load_model, save_model

    features = Features(vocabulary={"a": 0, "b": 1, "c": 2}, idf=np.ones(3), centre=np.zeros(2))
    fitted = FittedThemes(
        theme_ids=("x", "y"), features=features, text=Linear(np.ones((5, 2)), np.zeros(2)),
        unseen=(), scale=1.0, shift=0.0, flips=None, familiarity=None, cut=0.0, ticked_cut=0.0,
        min_score=0.1, n_coded=0,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("model") / "m.json"
    taxonomy = {"name": "t", "version": "1", "sha256": "0"}
    save_model(fitted, path, {"taxonomy": taxonomy, "encoder": "e", "settings": {}})
    assert load_model(path).fitted.theme_ids == ("x", "y")
    return path


@pytest.mark.parametrize("change", CHANGES)
def test_a_model_file_that_is_not_whole_is_refused_in_one_line(model_path, tmp_path, change):
    import hashlib

    from pipeline.assign.model_file import load_model

    content = json.loads(model_path.read_text(encoding="utf-8"))
    with np.load(model_path.with_suffix(".npz")) as stored:
        arrays = dict(stored)
    change(content, arrays)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    content["arrays_sha256"] = hashlib.sha256(stream.getvalue()).hexdigest()
    (tmp_path / "m.npz").write_bytes(stream.getvalue())
    (tmp_path / "m.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ArtifactError, match="not whole"):
        load_model(tmp_path / "m.json")
