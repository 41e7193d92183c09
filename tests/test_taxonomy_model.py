"""What is wrong with a taxonomy folder is named with file and row."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from taxonomy_files import mend, write_small_taxonomy

from pipeline.errors import ConfigError, ResourceError
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy
from pipeline.taxonomy.save import save_taxonomy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_taxonomy(tmp_path)


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
        find_taxonomy(Path("lajit"))


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
        "import sys, pipeline.taxonomy.read, pipeline.taxonomy.skos, pipeline.taxonomy.excel;"
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


def test_short_labels_survive_folder_workbook_and_skos(tmp_path: Path) -> None:
    from pipeline.taxonomy.excel import from_excel, to_excel
    from pipeline.taxonomy.save import save_taxonomy
    from pipeline.taxonomy.skos import from_skos, to_skos

    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    assert all(len(theme.short_labels) == 3 for theme in taxonomy.themes)
    assert taxonomy.themes[0].short_label("sv") == "tillgång till tjänster"
    save_taxonomy(taxonomy, tmp_path / "saved")
    to_excel(taxonomy, tmp_path / "saved.xlsx")
    assert load_taxonomy(tmp_path / "saved").themes == taxonomy.themes
    assert from_excel(tmp_path / "saved.xlsx").themes == taxonomy.themes
    assert from_skos(to_skos(taxonomy)).themes == taxonomy.themes
