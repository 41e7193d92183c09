"""A taxonomy survives the way through a qualitative tool's codebook."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.qdc import NAMESPACE, from_qdc, write_qdc
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

TODAY = "2026-11-24"


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))


@pytest.fixture
def file(taxonomy, tmp_path) -> Path:
    path = tmp_path / "teemat.qdc"
    write_qdc(taxonomy, path)
    return path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("name", ["sosiaalinen-raportointi", "lajit"])
def test_what_goes_out_comes_in_unchanged(tmp_path, name):
    taxonomy = load_taxonomy(find_taxonomy(name))
    write_qdc(taxonomy, tmp_path / "t.qdc")
    assert from_qdc(tmp_path / "t.qdc", taxonomy, date=TODAY) is taxonomy


def test_a_tree_keeps_its_parents(taxonomy, tmp_path):
    first, second, *rest = taxonomy.themes
    tree = replace(taxonomy, themes=(replace(first, parent_id=second.theme_id), second, *rest))
    write_qdc(tree, tmp_path / "t.qdc")
    assert from_qdc(tmp_path / "t.qdc", tree, date=TODAY) is tree


def test_a_code_renamed_in_another_tool_keeps_its_id_terms_and_history(taxonomy, file):
    edit(file, 'name="Mielenterveys"', 'name="Mielen hyvinvointi"')
    read = from_qdc(file, taxonomy, date=TODAY)
    theme = next(t for t in read.themes if t.theme_id == "mielenterveys")
    assert theme.label_fi == "Mielen hyvinvointi"
    assert theme.label_en == "Mental health"
    assert read.terms == taxonomy.terms
    assert read.version == "1.1.0"
    assert read.history[:-1] == taxonomy.history
    change = read.history[-1]
    assert (change.action, change.from_ids) == ("revise", ("mielenterveys",))


def test_a_new_code_becomes_a_theme_with_an_id_of_its_own(taxonomy, file):
    code = '<Code guid="11111111-1111-1111-1111-111111111111" name="Äkkinäinen tarve" />'
    edit(file, "<Codes>", f"<Codes>{code}")
    read = from_qdc(file, taxonomy, date=TODAY)
    assert read.themes[0].theme_id == "akkinainen-tarve"
    assert [(c.action, c.to_ids) for c in read.history[-1:]] == [("add", ("akkinainen-tarve",))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<a/>", "REFI-QDA codebook"),
        ("<CodeBook", "not valid XML"),
        ("<!DOCTYPE x [<!ENTITY e 'x'>]><CodeBook/>", "DOCTYPE"),
        (f'<CodeBook xmlns="{NAMESPACE}"><Codes/></CodeBook>', "no themes"),
        (
            f'<CodeBook xmlns="{NAMESPACE}"><Codes><Code guid="1" name="A"/>'
            '<Code guid="2" name="a"/></Codes></CodeBook>',
            "label_fi 'a' is already",
        ),
    ],
    ids=["other root", "broken", "doctype", "empty", "same label twice"],
)
def test_a_file_that_is_no_codebook_is_refused(taxonomy, tmp_path, content, message):
    path = tmp_path / "t.qdc"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        from_qdc(path, taxonomy, date=TODAY)


def test_a_missing_codebook_is_named(taxonomy, tmp_path):
    with pytest.raises(ConfigError, match=r"puuttuu\.qdc"):
        from_qdc(tmp_path / "puuttuu.qdc", taxonomy, date=TODAY)
