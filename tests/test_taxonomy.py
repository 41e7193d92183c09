"""What goes into a taxonomy comes out of every carrier, and what is wrong is named."""

import csv
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipeline.errors import ConfigError, InputError, ResourceError
from pipeline.taxonomy.excel import from_excel, to_excel
from pipeline.taxonomy.model import (
    Change,
    Phrase,
    Taxonomy,
    Theme,
    find_taxonomy,
    load_taxonomy,
)
from pipeline.taxonomy.save import save_taxonomy
from pipeline.taxonomy.skos import from_skos, to_skos, turtle, write_turtle

THEMES = "sosiaalinen-raportointi"
KINDS = "lajit"
SHIPPED = (THEMES, KINDS)


@pytest.fixture(params=SHIPPED)
def shipped_folder(request: pytest.FixtureRequest) -> Path:
    return find_taxonomy(str(request.param))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small taxonomy on disk: two top themes, one narrower."""
    files = {
        "themes.csv": "theme_id,parent_id,label_fi,label_en,definition,includes,excludes\n"
        "koti,,Koti,Home,Missä asutaan.,Asunto.,Raha.\n"
        "hata,koti,Häätö,,Kodin menetys.,,\n"
        "raha,,Raha,Money,Mistä eletään.,,\n",
        "terms.csv": "theme_id,lang,text\nkoti,fi,asunto\nkoti,en,housing\n",
        "examples.csv": 'theme_id,lang,text\nraha,fi,"Rahat loppu, tili tyhjä."\n',
        "history.csv": "version,date,action,from_ids,to_ids\n"
        "1.0.0,2025-01-31,create,,koti;raha\n"
        "1.1.0,2025-06-30,split,koti,koti;hata\n",
        "meta.toml": 'name = "pieni"\nversion = "1.1.0"\nbase_uri = "https://example.org/p/"\n'
        'title_fi = "Pieni"\ntitle_en = ""\nlicence = "https://example.org/cc0"\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def mend(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# The shipped content


def test_the_shipped_themes_are_the_agreed_eighteen_in_order() -> None:
    assert load_taxonomy(find_taxonomy(THEMES)).theme_ids == (
        "palvelujen-saatavuus",
        "lapsen-hyvinvointi",
        "toimintakyky-elamanhallinta",
        "toimivat-kaytannot",
        "sosiaalinen-syrjaytyminen",
        "viranomaisyhteistyo",
        "toimeentulo",
        "asuminen",
        "mielenterveys",
        "paihteet-riippuvuudet",
        "vanhemmuus-perheet",
        "koulu-opiskelu",
        "tyollisyys-tyokyky",
        "digiasiointi",
        "vakivalta-turvallisuus",
        "yksinaisyys",
        "maahanmuutto",
        "asenteet-yhdenvertaisuus",
    )


def test_every_shipped_theme_says_what_it_takes_and_what_its_neighbour_takes(
    shipped_folder: Path,
) -> None:
    taxonomy = load_taxonomy(shipped_folder)
    for theme in taxonomy.themes:
        assert theme.label_en, theme.theme_id
        assert theme.includes, theme.theme_id
        named = set(re.findall(r"ks\. ([a-z-]+)", theme.excludes))
        assert named, f"{theme.theme_id} sends no case to a neighbour"
        assert named <= set(taxonomy.theme_ids) - {theme.theme_id}, theme.theme_id


@pytest.mark.parametrize(
    ("name", "min_terms", "min_examples"), [(THEMES, 30, 15), (KINDS, 20, 15)], ids=SHIPPED
)
def test_every_shipped_theme_has_enough_terms_and_examples(
    name: str, min_terms: int, min_examples: int
) -> None:
    taxonomy = load_taxonomy(find_taxonomy(name))
    for theme_id in taxonomy.theme_ids:
        assert len(taxonomy.terms[theme_id]) >= min_terms, theme_id
        assert len(taxonomy.examples[theme_id]) >= min_examples, theme_id
        assert {"fi", "en"} == {lang for lang, _ in taxonomy.terms[theme_id]}, theme_id


def test_no_shipped_term_or_example_serves_two_themes(shipped_folder: Path) -> None:
    taxonomy = load_taxonomy(shipped_folder)
    for by_theme in (taxonomy.terms, taxonomy.examples):
        texts = Counter(text.casefold() for group in by_theme.values() for _, text in group)
        assert [text for text, n in texts.items() if n > 1] == []


def test_shipped_theme_examples_are_the_length_of_a_report_sentence() -> None:
    taxonomy = load_taxonomy(find_taxonomy(THEMES))
    lengths = [len(text.split()) for group in taxonomy.examples.values() for _, text in group]
    assert min(lengths) >= 8
    assert max(lengths) <= 25


def test_shipped_files_are_in_the_form_that_saving_gives(
    shipped_folder: Path, tmp_path: Path
) -> None:
    save_taxonomy(load_taxonomy(shipped_folder), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in shipped_folder.iterdir()
    }, "run: save_taxonomy(load_taxonomy(folder), folder)"


# Round trips


PIECES = (*"aÄö =+-@'\"\\,;:#<&>\n\t\r–", "_x000D_", "\r\n", '"""', "]]>", "Ei sisälly: ", "&amp;")
TEXTS = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12)
    .map("".join)
    .filter(lambda text: bool(text.strip()))
)
IDS = ("a", "b-1", "C_2", "d.3")


@st.composite
def taxonomies(draw: st.DrawFn) -> Taxonomy:
    """A checked taxonomy, as :func:`load_taxonomy` would give it for hard texts."""
    ids = draw(st.permutations(IDS))

    def phrases(kind: str) -> dict[str, tuple[Phrase, ...]]:
        found = {}
        for theme_id in ids:
            texts = draw(st.lists(TEXTS, max_size=3))
            marked = {f"{tidy(text)}{kind}" for text in texts}
            langs = draw(st.sampled_from(["fi", "en", "sme"]))
            found[theme_id] = tuple(sorted(Phrase(langs, text) for text in marked))
        return found

    themes = tuple(
        Theme(
            theme_id=theme_id,
            parent_id=draw(st.sampled_from([None, *ids[:number]])),
            label_fi=f"{tidy(draw(TEXTS))}{number}",
            label_en=draw(st.sampled_from(["", f"=label {number}"])),
            definition=tidy(draw(TEXTS)),
            includes=draw(st.just("") | TEXTS.map(tidy)),
            excludes=draw(st.just("") | TEXTS.map(tidy)),
        )
        for number, theme_id in enumerate(ids)
    )
    return Taxonomy(
        name="koe",
        version="2.0.0",
        base_uri="https://example.org/koe#",
        title_fi=tidy(draw(TEXTS)).replace("\n", " "),
        title_en="",
        licence="https://example.org/cc0",
        themes=themes,
        terms=phrases("t"),
        examples=phrases("e"),
        history=(
            Change(version="1.0.0", date="2024-02-29", action="create", to_ids=("a", "old")),
            Change(version="2.0.0", date="2025-01-01", action="merge", from_ids=("a", "old")),
        ),
    )


def tidy(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).replace("\t", " ").strip()


def through_csv(taxonomy: Taxonomy, folder: Path) -> Taxonomy:
    save_taxonomy(taxonomy, folder)
    return load_taxonomy(folder)


def through_turtle(taxonomy: Taxonomy, folder: Path) -> Taxonomy:
    write_turtle(taxonomy, folder / "t.ttl")
    return from_skos(folder / "t.ttl")


def through_excel(taxonomy: Taxonomy, folder: Path) -> Taxonomy:
    to_excel(taxonomy, folder / "t.xlsx")
    return from_excel(folder / "t.xlsx")


CARRIERS = pytest.mark.parametrize("carry", [through_csv, through_turtle, through_excel])
Carrier = Callable[[Taxonomy, Path], Taxonomy]


@CARRIERS
def test_a_shipped_taxonomy_comes_back_whole_and_with_its_hash(
    carry: Carrier, shipped_folder: Path, tmp_path: Path
) -> None:
    taxonomy = load_taxonomy(shipped_folder)
    back = carry(taxonomy, tmp_path)
    assert back == taxonomy
    assert back.sha256 == taxonomy.sha256


@CARRIERS
@given(taxonomy=taxonomies())
def test_any_taxonomy_comes_back_whole(
    carry: Carrier, taxonomy: Taxonomy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert carry(taxonomy, tmp_path_factory.mktemp("t")) == taxonomy


def test_the_hash_follows_the_content_and_not_the_order_of_phrases(folder: Path) -> None:
    before = load_taxonomy(folder)
    mend(
        folder,
        "terms.csv",
        "koti,fi,asunto\nkoti,en,housing\n",
        "koti,en,housing\nkoti,fi,asunto\n",
    )
    assert load_taxonomy(folder).sha256 == before.sha256
    mend(folder, "terms.csv", "asunto", "asuntola")
    assert load_taxonomy(folder).sha256 != before.sha256


def test_turtle_and_workbook_are_the_same_bytes_in_another_process(
    folder: Path, tmp_path: Path
) -> None:
    program = (
        "import sys, pathlib; from pipeline.taxonomy.model import *;"
        "from pipeline.taxonomy.skos import *; from pipeline.taxonomy.excel import *;"
        "t = load_taxonomy(pathlib.Path(sys.argv[1]));"
        "write_turtle(t, pathlib.Path(sys.argv[2] + '.ttl'));"
        "to_excel(t, pathlib.Path(sys.argv[2] + '.xlsx'))"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(folder), str(tmp_path / seed)],
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])},
        )
    for kind in ("ttl", "xlsx"):
        first, second = ((tmp_path / f"{seed}.{kind}").read_bytes() for seed in "12")
        assert first == second, kind
    with zipfile.ZipFile(tmp_path / "1.xlsx") as archive:
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


# SKOS


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
    assert taxonomy.terms["y"] == (Phrase("sv", "Ygrek"),)


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
        ("", "must hold one skos:ConceptScheme. Got 0"),
    ],
    ids=["not Turtle", "no scheme"],
)
def test_a_file_that_is_no_skos_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        from_skos(path)


# Excel


def test_no_cell_of_the_workbook_is_a_formula_and_risky_ones_are_quoted(
    folder: Path, tmp_path: Path
) -> None:
    import openpyxl

    mend(folder, "terms.csv", "koti,fi,asunto", "koti,fi,=1+1\nkoti,fi,@SUM(A1)\nkoti,fi,-ongelma")
    taxonomy = load_taxonomy(folder)
    path = tmp_path / "t.xlsx"
    to_excel(taxonomy, path)
    sheets = openpyxl.load_workbook(path)
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [cell.value for cell in cells if cell.quotePrefix] == ["-ongelma", "=1+1", "@SUM(A1)"]
    assert from_excel(path) == taxonomy


def test_the_workbook_has_finnish_sheets_and_headings(folder: Path, tmp_path: Path) -> None:
    to_excel(load_taxonomy(folder), tmp_path / "t.xlsx")
    workbook = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    assert workbook.sheet_names == ["teemat", "termit", "esimerkit", "historia", "tiedot"]
    assert workbook.get_sheet_by_name("teemat").to_python()[0] == [
        "teeman tunnus",
        "ylempi teema",
        "nimi",
        "nimi englanniksi",
        "määritelmä",
        "sisältyy",
        "ei sisälly",
    ]


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        date_format = workbook.add_format({"num_format": "d.m.yyyy"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    is_date = hasattr(value, "year")
                    sheet.write(number, column, value, *([date_format] if is_date else []))


def hand_made(**changes: list[list[object]]) -> dict[str, list[list[object]]]:
    import datetime

    phrase_head: list[object] = ["teeman tunnus", "kieli", "teksti"]
    sheets: dict[str, list[list[object]]] = {
        "teemat": [
            [
                "nimi",
                "teeman tunnus",
                "ylempi teema",
                "nimi englanniksi",
                "määritelmä",
                "sisältyy",
                "ei sisälly",
            ],
            [None] * 7,
            ["Koti", "koti", None, None, "Missä asutaan.", None, None],
        ],
        "termit": [phrase_head, ["koti", "fi", 112]],
        "esimerkit": [phrase_head],
        "historia": [
            ["versio", "päivä", "muutos", "mistä teemoista", "mihin teemoihin"],
            [2, datetime.date(2025, 3, 1), "create", None, "koti"],
        ],
        "tiedot": [
            ["tieto", "arvo"],
            ["name", "oma"],
            ["version", 2],
            ["base_uri", "https://example.org/oma/"],
            ["title_fi", "Oma"],
            ["title_en", None],
            ["licence", "https://example.org/cc0"],
        ],
    }
    return {**sheets, **changes}


def test_numbers_dates_blank_rows_and_moved_columns_are_read_as_meant(tmp_path: Path) -> None:
    write_workbook(tmp_path / "oma.xlsx", hand_made())
    taxonomy = from_excel(tmp_path / "oma.xlsx")
    assert taxonomy.version == "2"
    assert taxonomy.history[0].date == "2025-03-01"
    assert taxonomy.terms["koti"] == (Phrase("fi", "112"),)
    assert taxonomy.themes[0].definition == "Missä asutaan."


def test_an_error_in_a_workbook_names_the_sheet_and_the_row_in_it(tmp_path: Path) -> None:
    head: list[object] = ["teeman tunnus", "kieli", "teksti"]
    write_workbook(
        tmp_path / "oma.xlsx",
        hand_made(termit=[head, ["koti", "fi", "asunto"], [None] * 3, ["kotti", "fi", "kota"]]),
    )
    with pytest.raises(ConfigError, match=r"sheet termit, row 4: theme_id 'kotti' is not a theme"):
        from_excel(tmp_path / "oma.xlsx")


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    sheets = hand_made()
    del sheets["historia"]
    write_workbook(tmp_path / "oma.xlsx", sheets)
    with pytest.raises(ConfigError, match="has no sheet 'historia'"):
        from_excel(tmp_path / "oma.xlsx")


def test_headings_below_the_first_row_are_refused_so_that_row_numbers_stay_true(
    tmp_path: Path,
) -> None:
    sheets = hand_made()
    sheets["termit"].insert(0, [])
    write_workbook(tmp_path / "oma.xlsx", sheets)
    with pytest.raises(
        ConfigError, match=r"sheet termit, row 1: the columns must be teeman tunnus"
    ):
        from_excel(tmp_path / "oma.xlsx")


def test_a_repeated_key_in_tiedot_is_refused(tmp_path: Path) -> None:
    sheets = hand_made()
    sheets["tiedot"].append(["name", "toinen"])
    write_workbook(tmp_path / "oma.xlsx", sheets)
    with pytest.raises(ConfigError, match="sheet tiedot: the keys must be"):
        from_excel(tmp_path / "oma.xlsx")


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut(folder: Path, tmp_path: Path) -> None:
    taxonomy = load_taxonomy(folder)
    taxonomy = replace(
        taxonomy, examples={**taxonomy.examples, "koti": (Phrase("fi", "a" * 32_768),)}
    )
    with pytest.raises(ConfigError, match=r"esimerkit row 2.*32767 characters at most. Got 32768"):
        to_excel(taxonomy, tmp_path / "t.xlsx")
    assert not (tmp_path / "t.xlsx").exists()


def test_a_file_that_is_no_workbook_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("a,b", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as an Excel workbook"):
        from_excel(tmp_path / "x.xlsx")


# Errors


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("themes.csv", "hata,koti,", "hata,kota,", r"themes.csv row 3: parent_id 'kota' is not"),
        ("themes.csv", "koti,,Koti", "koti,hata,Koti", r"row 2: .* cycle, koti < hata < koti"),
        ("themes.csv", "koti,,Koti", "koti,koti,Koti", r"row 2: .* cycle, koti < koti\."),
        (
            "themes.csv",
            "raha,,Raha",
            "koti,,Raha",
            r"row 4: theme_id 'koti' is already in .* row 2",
        ),
        (
            "themes.csv",
            "raha,,Raha",
            "raha,,koti",
            r"row 4: label_fi 'koti' is already in .* row 2",
        ),
        ("themes.csv", "Money", "home", r"row 4: label_en 'home' is already in .*row 2"),
        ("themes.csv", "Häätö", "", r"row 3: theme 'hata' has no label_fi"),
        ("themes.csv", "Kodin menetys.", " ", r"row 3: theme 'hata' has no definition"),
        ("themes.csv", "hata,", "hä tä,", r"row 3: theme_id must be letters"),
        ("themes.csv", "label_en,", "", r"themes.csv row 1: the columns must be theme_id, parent"),
        ("themes.csv", "Asunto.", "Asunto, koti", r"row 2: expected 7 cells. Got 8"),
        ("themes.csv", "Asunto.", '"Asunto', r"themes.csv line \d: not valid CSV"),
        ("terms.csv", "koti,en", "kotti,en", r"terms.csv row 3: theme_id 'kotti' is not a theme"),
        ("terms.csv", "koti,en", "koti,English", r"row 3: lang must be a language code"),
        ("terms.csv", "en,housing", "fi,asunto", r"row 3: the term is already in .* row 2"),
        ("terms.csv", "asunto", "Koti", r"row 2: the term repeats the label of theme 'koti'"),
        ("terms.csv", "asunto", "", r"row 2: text is empty. Write the term"),
        ("terms.csv", "asunto", "asu\x07nto", r"row 2: text holds the control character U\+0007"),
        ("examples.csv", "raha,", "rahat,", r"examples.csv row 2: theme_id 'rahat' is not a theme"),
        ("history.csv", "2025-06-30", "30.6.2025", r"row 3: date must be a date as YYYY-MM-DD"),
        ("history.csv", "split", "jako", r"row 3: action must be one of create, add"),
        ("history.csv", "koti;hata", "koti; hata", r"row 3: to_ids must be theme ids joined by ;"),
        ("history.csv", "1.1.0", "1.2.0", r"row 3: the history must end at version '1.1.0'"),
        ("meta.toml", '"1.1.0"', "1.1", r"meta.toml: version must be text in quotes. Got 1.1"),
        ("meta.toml", '"1.1.0"', "1.1.0", r"meta.toml: not valid TOML"),
        ("meta.toml", "title_en", "titel_en", r"meta.toml: the keys must be name"),
        ("meta.toml", "org/p/", "org/p", r"base_uri must be an address ending in / or #"),
        ("meta.toml", '"Pieni"', '""', r"title_fi must be a title in Finnish. Got nothing"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_row(
    name: str, old: str, new: str, message: str, folder: Path
) -> None:
    load_taxonomy(folder)
    mend(folder, name, old, new)
    with pytest.raises(ConfigError, match=message):
        load_taxonomy(folder)


def test_a_theme_above_which_others_form_a_cycle_does_not_hang_the_check(folder: Path) -> None:
    mend(folder, "themes.csv", "koti,,Koti", "koti,hata,Koti")
    mend(folder, "themes.csv", "hata,koti,", "hata,raha,")
    mend(folder, "themes.csv", "raha,,Raha", "raha,hata,Raha")
    with pytest.raises(ConfigError, match=r"row 2: .* cycle, koti < hata < raha < hata\."):
        load_taxonomy(folder)


def test_a_file_in_another_encoding_is_named_with_its_line(folder: Path) -> None:
    path = folder / "themes.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(ConfigError, match=r"themes.csv line 2: not UTF-8"):
        load_taxonomy(folder)


def test_a_file_saved_by_excel_with_a_byte_order_mark_is_read(folder: Path) -> None:
    before = load_taxonomy(folder)
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(text.encode("utf-8-sig"))
    assert load_taxonomy(folder) == before


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "terms.csv").unlink()
    with pytest.raises(ConfigError, match=r"terms.csv cannot be read \(No such file"):
        load_taxonomy(folder)


def test_a_taxonomy_without_themes_is_refused(folder: Path) -> None:
    path = folder / "themes.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    with pytest.raises(ConfigError, match="has no themes"):
        load_taxonomy(folder)


def test_an_unknown_name_lists_the_shipped_taxonomies() -> None:
    with pytest.raises(ResourceError, match="Shipped ones: lajit, sosiaalinen-raportointi"):
        find_taxonomy("teemat")


def test_a_path_is_taken_as_a_folder_and_never_as_a_shipped_name(tmp_path: Path) -> None:
    assert find_taxonomy(tmp_path) == tmp_path
    assert find_taxonomy(f"{tmp_path}/") == tmp_path
    with pytest.raises(ResourceError, match="No taxonomy folder at lajit"):
        find_taxonomy(Path(KINDS))


def test_saving_leaves_no_scratch_file_behind(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("out") / "uusi"
    save_taxonomy(load_taxonomy(folder), out)
    assert sorted(path.name for path in out.iterdir()) == [
        "examples.csv",
        "history.csv",
        "meta.toml",
        "terms.csv",
        "themes.csv",
        "themes.ttl",
    ]
    with (out / "terms.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [["koti", "en", "housing"], ["koti", "fi", "asunto"]]


def test_importing_the_module_does_not_import_rdflib_or_the_workbook_libraries() -> None:
    program = (
        "import sys, pipeline.taxonomy.model, pipeline.taxonomy.skos, pipeline.taxonomy.excel;"
        "heavy = ('rdflib', 'python_calamine', 'xlsxwriter', 'tomlkit');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stdout == "[]\n"
