"""A study goes on when its form changes: matched, shown, asked about, and undone."""

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.commands.add import add_file, undo_file
from pipeline.commands.init import init_study
from pipeline.config import load_settings
from pipeline.errors import InputError
from pipeline.ingest.form_match import match_form
from pipeline.ingest.forms import FormMap
from pipeline.ingest.ingest import ingest
from pipeline.study import Study
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

TAXONOMY = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
GROUPS = ("Työikäiset", "Ikääntyneet", "Omaishoitajat")
HEADER = ("Pvm", "Kuvaa havaintosi", "Asiakasryhmä", "Kunta")


def write(path: Path, groups: tuple[str, ...], header=HEADER, month: int = 3) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "d.m.yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        for i in range(12):
            text = f"Vuokra nousi taas ja perhe joutui muuttamaan kauas, kohta {month}-{i}."
            day = dt.date(2024, month, i + 1)
            sheet.write_row(i + 1, 0, (day, text, groups[i % len(groups)], "Lahti"))
    return path


@pytest.fixture
def study(tmp_path: Path) -> Study:
    init_study(write(tmp_path / "kevat.xlsx", GROUPS), tmp_path / "study")
    return Study(tmp_path / "study")


def groups_of(study: Study) -> dict[str, set[str]]:
    config = load_settings(study.settings_file).ingest
    reports = ingest(study.input_files(), config, secret=bytes(32), taxonomy=TAXONOMY)[0]
    own = reports.groupby("period")["client_groups"]
    return {str(period): {g for row in rows for g in row} for period, rows in own}


def state(study: Study) -> tuple[str, list[str]]:
    return study.settings_file.read_text(), [path.name for path in study.listed_inputs()]


def test_a_renamed_group_joins_its_old_one_and_a_second_period_stands_beside(study, tmp_path):
    renamed = ("Työikäiset (18–64 v)", "Ikäihmiset", "Omaishoitajat")
    header = ("Päivämäärä", "Kerro havainnostasi", "Ketä havainto koskee?", "Kunta")
    add_file(write(tmp_path / "syksy.xlsx", renamed, header, month=9), study.root)
    expected = {"tyoikaiset", "ikaantyneet", "Omaishoitajat"}
    assert groups_of(study) == {"2024H1": expected, "2024H2": expected}


def test_a_new_group_is_asked_about_and_the_study_is_left_as_it_was(study, tmp_path):
    before = state(study)
    file = write(tmp_path / "syksy.xlsx", (*GROUPS[:2], "Hoivaajat"), month=9)
    with pytest.raises(InputError, match="Hoivaajat"):
        add_file(file, study.root)
    assert state(study) == before
    add_file(file, study.root, joins={"Hoivaajat": "Omaishoitajat"})
    assert groups_of(study)["2024H2"] == {"tyoikaiset", "ikaantyneet", "Omaishoitajat"}


def test_a_new_group_is_taken_as_it_is_when_said_yes_to(study, tmp_path):
    file = write(tmp_path / "syksy.xlsx", (*GROUPS[:2], "Hoivaajat"), month=9)
    add_file(file, study.root, accepts=True)
    assert groups_of(study)["2024H2"] == {"tyoikaiset", "ikaantyneet", "Hoivaajat"}


def test_an_added_file_can_be_taken_out_again(study, tmp_path):
    before = state(study)
    file = write(tmp_path / "syksy.xlsx", GROUPS, month=9)
    add_file(file, study.root)
    assert state(study) != before
    undo_file(file, study.root)
    assert state(study)[1] == before[1]
    assert "syksy.xlsx" not in state(study)[0]
    with pytest.raises(InputError, match="only file"):
        undo_file(Path("kevat.xlsx"), study.root)


def test_a_file_that_cannot_be_read_never_stays_in_inputs(study, tmp_path, capsys):
    before = state(study)
    broken = tmp_path / "rikki.xlsx"
    broken.write_bytes(b"PK no workbook")
    with pytest.raises(InputError):
        add_file(broken, study.root, accepts=True)
    assert state(study) == before


def test_notes_are_a_source_of_their_own(study, tmp_path):
    header = ("pvm", "muistiinpanot", "", "")
    file = write(tmp_path / "muistiot.xlsx", ("",), header, month=9)
    add_file(file, study.root, source="jalkautuva-tyo")
    config = load_settings(study.settings_file).ingest
    made = ingest(study.input_files(), config, secret=bytes(32), taxonomy=TAXONOMY)
    own = made[0][made[0]["data_source"] == "jalkautuva-tyo"]
    assert set(own["apart_period"]) == {"2024H2"}
    assert set(own["period"]) == {""}
    assert len(own) == 12
    assert made[2][["period", "n_reports"]].values.tolist() == [["2024H1", 12]]
    assert made[0]["form_id"].nunique() == 2


def test_choices_that_hold_the_separator_are_matched_against_the_known_ones(study, tmp_path):
    first = write(
        tmp_path / "a.xlsx", ("Lapset, Nuoret ja perheet", "Vammaiset", "Nuoret, vammaiset")
    )
    init_study(first, tmp_path / "toinen")
    joined = ("Lapset, Nuoret ja perheet, Vammaiset", "Vammaiset", "Lapset, Nuoret ja perheet")
    add_file(write(tmp_path / "b.xlsx", joined, month=9), tmp_path / "toinen", accepts=True)
    found = groups_of(Study(tmp_path / "toinen"))["2024H2"]
    assert found == {"lapset-nuoret-perheet", "vammaiset"}


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Työikäiset", "same"),
        ("työikäiset:", "same"),
        ("Työikäiset (18–64 v)", "renamed"),
        ("Omaishoitajat ja läheiset", "alike"),
        ("Vangit", "new"),
    ],
)
def test_how_a_choice_stands_to_the_old_ones(label, kind):
    old = FormMap.model_validate(
        {
            "columns": {"observation": "O", "client_groups": "R"},
            "values": {"client_groups": {"Työikäiset": "tyoikaiset"}},
            "offered": {"client_groups": {"choices": GROUPS}},
        }
    )
    new = FormMap.model_validate(
        {
            "columns": {"observation": "O", "client_groups": "R"},
            "offered": {"client_groups": {"choices": [label]}},
        }
    )
    (change, *gone) = match_form([old], new, {}).choices
    assert (change.kind, change.is_asked) == (kind, kind in ("alike", "new"))
    assert {one.kind for one in gone} == {"gone"}
