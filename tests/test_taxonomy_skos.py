"""The SKOS graph says what SKOS has words for, and foreign graphs are read or refused in words."""

import json
from pathlib import Path

import pytest
from taxonomy_files import write_small_taxonomy

from pipeline.errors import ConfigError
from pipeline.taxonomy.model import Phrase
from pipeline.taxonomy.read import load_taxonomy
from pipeline.taxonomy.skos import from_skos, to_skos, turtle, write_json_ld


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_taxonomy(tmp_path)


def test_the_graph_says_what_skos_has_words_for(folder: Path) -> None:
    text = turtle(load_taxonomy(folder))
    for line in (
        "@prefix : <https://example.org/p/> .",
        ":hata a skos:Concept ;",
        "skos:broader :koti",
        "skos:narrower :hata",
        'skos:scopeNote "Ei sisälly: Raha."@fi',
        '"Sisältyy: Asunto."@fi',
        'owl:versionInfo "1.1.0"',
        "dct:license <https://example.org/cc0>",
        "skos:memberList ( :koti :hata :raha )",
    ):
        assert line in text


def test_another_makers_skos_gives_its_themes_in_order_of_id(tmp_path: Path) -> None:
    path = tmp_path / "muu.ttl"
    path.write_text(
        """
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix dct: <http://purl.org/dc/terms/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix e: <https://example.org/muu/> .
        <https://example.org/muu> a skos:ConceptScheme ; dct:title "Muu"@fi ;
            owl:versionInfo "3" ; dct:license <https://example.org/cc0> .
        e:y a skos:Concept ; skos:prefLabel "Yy"@fi, "Ygrek"@sv ; skos:definition "Kirjain."@fi .
        e:x a skos:Concept ; skos:prefLabel "Äks"@fi ; skos:definition "Kirjain." ;
            skos:broader e:y ; skos:scopeNote "Iso ja pieni."@fi .
        """,
        encoding="utf-8",
    )
    taxonomy = from_skos(path)
    assert (taxonomy.name, taxonomy.version, taxonomy.theme_ids) == ("muu", "3", ("x", "y"))
    assert taxonomy.themes[0].includes == "Iso ja pieni."
    assert taxonomy.themes[0].parent_id == "y"
    assert taxonomy.themes[1].labels == (Phrase("sv", "Ygrek"),)


def test_a_concept_without_a_definition_is_named_by_its_uri(folder: Path) -> None:
    from rdflib import SKOS, URIRef

    graph = to_skos(load_taxonomy(folder))
    graph.remove((URIRef("https://example.org/p/raha"), SKOS.definition, None))
    with pytest.raises(ConfigError, match=r"/p/raha: theme 'raha' has no definition"):
        from_skos(graph)


def test_a_concept_with_two_parents_is_refused(folder: Path) -> None:
    from rdflib import SKOS, URIRef

    graph = to_skos(load_taxonomy(folder))
    uri = "https://example.org/p/"
    graph.add((URIRef(uri + "hata"), SKOS.broader, URIRef(uri + "raha")))
    with pytest.raises(ConfigError, match=r"one skos:broader at most\. Got 2"):
        from_skos(graph)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tämä ei ole turtlea", "is not a Turtle file"),
        ("", "has no skos:Concept that can be used"),
    ],
    ids=["not Turtle", "no scheme"],
)
def test_a_file_that_is_no_skos_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        from_skos(path)


# JSON-LD


def test_json_ld_carries_its_context_and_compact_ids(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonld"
    write_json_ld(load_taxonomy(folder), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["@context"]["skos"] == "http://www.w3.org/2004/02/skos/core#"
    nodes = {node["@id"]: node for node in content["@graph"]}
    assert nodes["teema:hata"]["skos:broader"] == {"@id": "teema:koti"}
    assert nodes["https://example.org/p/luettelo/teemat"]["skos:memberList"] == {
        "@list": [{"@id": f"teema:{theme_id}"} for theme_id in ("koti", "hata", "raha")]
    }


def test_the_json_ld_of_another_maker_with_its_own_context_is_read(tmp_path: Path) -> None:
    path = tmp_path / "muu.jsonld"
    skos = "http://www.w3.org/2004/02/skos/core#"
    content = {
        "@context": {
            "skos": skos,
            "uri": "@id",
            "type": "@type",
            "lang": "@language",
            "value": "@value",
            "graph": "@graph",
            "prefLabel": "skos:prefLabel",
        },
        "graph": [
            {
                "uri": "https://example.org/muu/",
                "type": "skos:ConceptScheme",
                "http://purl.org/dc/terms/title": {"lang": "fi", "value": "Muu"},
                "http://purl.org/dc/terms/license": {"uri": "https://example.org/cc0"},
                "http://www.w3.org/2002/07/owl#versionInfo": "3",
            },
            {
                "uri": "https://example.org/muu/x",
                "type": "skos:Concept",
                "prefLabel": {"lang": "fi", "value": "Äks"},
                "skos:definition": "Kirjain.",
            },
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    taxonomy = from_skos(path)
    assert (taxonomy.name, taxonomy.version, taxonomy.theme_ids) == ("muu", "3", ("x",))
    assert taxonomy.themes[0].label_fi == "Äks"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("tämä ei ole JSON-LD:tä", "is not a JSON-LD file"),
        ("[1, 2]", "has no skos:Concept that can be used"),
        ('{"@context": "https://example.org/skos.jsonld"}', "since none is fetched"),
        ('{"@context": [{"a": "b:c"}, "muu.jsonld"]}', "since none is fetched"),
        ('{"@graph": [{"@context": "https://example.org/c"}]}', "since none is fetched"),
        ('{"@context": {"@import": "https://example.org/c"}}', "since none is fetched"),
        (
            '{"@context": {"a": {"@id": "x:y", "@context": "https://example.org/c"}}}',
            "since none is fetched",
        ),
        ('{"@context": 5}', "Got 5"),
        ("5", "is not a JSON-LD file"),
        ('{"@context": {"a": {"@id": 5}}}', "is not a JSON-LD file"),
        ('{"@graph": [{"@reverse": 5}]}', "is not a JSON-LD file"),
        ("[" * 100_000, "is not a JSON-LD file"),
    ],
    ids=[
        "no JSON",
        "no scheme",
        "address",
        "file",
        "inner",
        "import",
        "scoped",
        "number",
        "bare number",
        "id",
        "reverse",
        "deep",
    ],
)
def test_json_ld_that_would_reach_out_or_is_none_is_refused(
    content: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.jsonld"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        from_skos(path)
