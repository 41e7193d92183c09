"""``havainto taxonomy``: every form out and in, the old version kept, no coding lost unseen."""

import csv
from pathlib import Path

import pytest
from taxonomy_files import mend, write_small_taxonomy
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.codings import COLUMNS
from pipeline.commands.taxonomy import check_taxonomy, export_taxonomy, import_taxonomy
from pipeline.errors import ConfigError
from pipeline.study import Study
from pipeline.taxonomy.excel import to_excel
from pipeline.taxonomy.read import load_taxonomy

MERGE = "2.0.0,2026-01-01,merge,hata;koti,koti\n"


@pytest.fixture
def small(study: Study) -> Study:
    """Return a study with the small taxonomy, one coding of each of its themes."""
    (study.root / "taxonomy").mkdir()
    write_small_taxonomy(study.root / "taxonomy")
    study.settings_file.write_text('[study]\ntaxonomy = "taxonomy"\n', encoding="utf-8")
    with (study.human / "codings.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(COLUMNS)
        rows.writerows(("P1-001", "", t, "AK", "", "1.1.0", "") for t in ("koti", "hata", "raha"))
    return study


def edited(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """Write the small taxonomy, changed, as a workbook."""
    folder.mkdir()
    write_small_taxonomy(folder)
    mend(folder, "meta.toml", 'version = "1.1.0"', 'version = "2.0.0"')
    for name, old, new in changes:
        mend(folder, name, old, new)
    to_excel(load_taxonomy(folder), folder / "teemat.xlsx")
    return folder / "teemat.xlsx"


LAST = "1.1.0,2025-06-30,split,koti,koti;hata\n"
EVICTION = "hata,koti,Häätö,,Kodin menetys.,,\n"


@pytest.mark.parametrize("name", ["t.xlsx", "t.ttl", "t.jsonld", "t.qdc", "T.JSONLD"])
def test_a_taxonomy_goes_out_and_comes_in_as_it_was(small, tmp_path, capsys, name):
    before = load_taxonomy(small.root / "taxonomy")
    export_taxonomy(small.root, tmp_path / name)
    import_taxonomy(small.root, tmp_path / name)
    assert load_taxonomy(small.root / "taxonomy") == before
    assert not (small.root / "taxonomy" / "versions").exists()
    assert "Kept" not in capsys.readouterr().out


@pytest.mark.parametrize("act", [export_taxonomy, import_taxonomy])
def test_a_file_of_another_kind_is_refused(small, tmp_path, act):
    with pytest.raises(ConfigError, match=r"\.xlsx, \.ttl, \.jsonld or \.qdc file. Got t\.json\."):
        act(small.root, tmp_path / "t.json")


def test_the_old_version_is_kept_and_what_changed_is_said(small, tmp_path, capsys):
    before = load_taxonomy(small.root / "taxonomy")
    file = edited(
        tmp_path / "uusi",
        ("themes.csv", EVICTION, ""),
        ("themes.csv", "Raha,Money", "Toimeentulo,Money"),
        ("history.csv", LAST, LAST + MERGE),
    )
    import_taxonomy(small.root, file)
    said = capsys.readouterr().out
    assert "hata: gone, now koti" in said
    assert "raha: renamed, 'Raha' to 'Toimeentulo'" in said
    kept = small.root / "taxonomy" / "versions" / "pieni-1.1.0"
    assert str(kept) in said
    assert load_taxonomy(kept) == before
    check_taxonomy(small.root)
    assert "coded under 1.1.0: hata, 1 time, as koti" in capsys.readouterr().out


def test_a_coded_theme_may_not_vanish_without_a_record_unless_told_to(small, tmp_path, capsys):
    before = load_taxonomy(small.root / "taxonomy")
    file = edited(
        tmp_path / "uusi",
        ("themes.csv", EVICTION, ""),
        ("history.csv", LAST, LAST + "2.0.0,2026-01-01,revise,koti,koti\n"),
    )
    with pytest.raises(ConfigError, match=r"what became of them: hata \(1\)\. .*--retire-missing"):
        import_taxonomy(small.root, file)
    assert load_taxonomy(small.root / "taxonomy") == before
    import_taxonomy(small.root, file, retires=True)
    assert load_taxonomy(small.root / "taxonomy").history[-1].from_ids == ("hata",)
    capsys.readouterr()
    check_taxonomy(small.root)
    assert "hata, 1 time, not used" in capsys.readouterr().out


def test_a_code_deleted_in_another_tool_is_no_record(small, tmp_path):
    file = tmp_path / "t.qdc"
    export_taxonomy(small.root, file)
    text = file.read_text(encoding="utf-8")
    start = text.index("<Code ", text.index('name="Häätö"') - 80)
    end = text.index("</Code>", start) + len("</Code>")
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(ConfigError, match=r"hata \(1\)"):
        import_taxonomy(small.root, file)
    import_taxonomy(small.root, file, retires=True)
    assert load_taxonomy(small.root / "taxonomy").theme_ids == ("koti", "raha")


def test_a_theme_that_nobody_coded_may_go_and_is_recorded(small, tmp_path):
    (small.human / "codings.csv").unlink()
    file = edited(
        tmp_path / "uusi",
        ("themes.csv", EVICTION, ""),
        ("history.csv", LAST, LAST + "2.0.0,2026-01-01,revise,koti,koti\n"),
    )
    import_taxonomy(small.root, file)
    assert load_taxonomy(small.root / "taxonomy").history[-1].action == "retire"


def test_a_changed_content_needs_a_new_version(small, tmp_path):
    file = edited(
        tmp_path / "uusi",
        ("meta.toml", '"2.0.0"', '"1.1.0"'),
        ("themes.csv", "Raha,Money", "Tulot,Money"),
    )
    with pytest.raises(ConfigError, match="Raise the version"):
        import_taxonomy(small.root, file)


def test_a_shortened_history_is_refused(small, tmp_path):
    lines = "1.0.0,2025-01-31,create,,koti;raha\n"
    new = LAST.replace("1.1.0", "2.0.0")
    file = edited(
        tmp_path / "uusi", ("history.csv", lines, ""), ("history.csv", LAST, new)
    )  # fmt: skip
    with pytest.raises(ConfigError, match=r"line 1 of the history must be as in pieni 1\.1\.0"):
        import_taxonomy(small.root, file)


def test_the_taxonomy_that_ships_is_kept_when_a_study_takes_its_own(study, tmp_path, capsys):
    import_taxonomy(study.root, edited(tmp_path / "uusi", ("history.csv", LAST, LAST + MERGE)))
    assert "versions/sosiaalinen-raportointi-1.0.1" in capsys.readouterr().out


def test_retiring_without_an_import_is_wrong_usage(small):
    done = CliRunner().invoke(app, ["taxonomy", str(small.root), "--retire-missing"])
    assert done.exit_code == 2
    assert load_taxonomy(small.root / "taxonomy").version == "1.1.0"
