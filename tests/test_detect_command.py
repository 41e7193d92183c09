"""``havainto detect`` looks into a finished study and writes only what it is asked to."""

import shutil

import pandas as pd
import pytest
from small_export import copy_study, small_study
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.config import load_settings
from pipeline.errors import ArtifactError
from pipeline.run import Plan, Silence, run

LAST = "detect"


@pytest.fixture(scope="module")
def study(finished_study, tmp_path_factory):
    return copy_study(finished_study, tmp_path_factory.mktemp("detect") / "study")


def detect(study, *verb_and_files):
    verb, files = verb_and_files[:1], verb_and_files[1:]
    done = CliRunner().invoke(app, ["detect", *verb, str(study.root), *map(str, files)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_without_an_option_the_list_is_shown(study):
    listed = Store(study).read("signals")
    listed = listed[listed["rank"].notna()]
    text = detect(study).output
    assert "strength" in text or not len(listed)
    assert all(f"{int(rank)}. " in text for rank in listed["rank"])


def test_the_self_test_gives_a_rate_with_its_interval_and_the_recurrence(study):
    text = detect(study, "self-test").output
    assert "of 400 shuffles" in text
    assert "nominal 0.1" in text
    assert "of 5" in text


def test_the_backtest_has_a_column_for_each_earlier_period(study):
    text = detect(study, "backtest").output
    assert "2023H2" in text
    assert "2024H1" in text
    assert "2023H1 " not in text


def test_a_sheet_goes_out_and_comes_back(study, tmp_path):
    file = tmp_path / "sheet.xlsx"
    assert str(file) in detect(study, "sheet", file).output
    rows = pd.read_excel(file, engine="calamine")
    assert file.stat().st_mode & 0o077 == 0
    text = detect(study, "retest", file).output
    assert "p before" in text
    assert f"{len(rows)} rows have no answer" in text


def test_the_register_is_made_once_and_kept(study):
    detect(study, "register")
    file = study.human / "register.csv"
    before = file.read_bytes() if file.exists() else None
    detect(study, "register")
    assert (file.read_bytes() if file.exists() else None) == before


def go(study, **plan):
    settings = load_settings(study.settings_file, ())
    return {o.stage: o.state for o in run(study, settings, Plan(last=LAST, **plan), Silence())}


def test_a_persons_files_run_what_depends_on_them_and_are_told_of(study, tmp_path):
    shutil.copytree(study.root, tmp_path / "copy")
    copy = type(study)(tmp_path / "copy")
    topic_id = Store(copy).read("topics")["topic_id"][0]
    (copy.human / "edits.toml").write_text(
        f'[[muokkaus]]\ntee = "nimeä"\naihe = "{topic_id}"\nnimi = "Oma nimi"\n'
        '[[muokkaus]]\ntee = "roska"\naihe = "T-00000000"\n',
        encoding="utf-8",
    )
    (copy.human / "watch.toml").write_text(
        '[[seuranta]]\nnimi = "Jonot"\nlauseet = ["Psykiatrian jono on pitkä."]\n',
        encoding="utf-8",
    )
    states = go(copy)
    assert (states["embed"], states["cluster"], states["detect"]) == ("skipped", "ran", "ran")
    assert Store(copy).read("topics")["label"][0] == "Oma nimi"
    text = detect(copy).output
    assert "Jonot" in text
    assert "edit 2: unfit: ilmiötä T-00000000 ei ole." in text
    made = {path.name: path.read_bytes() for path in copy.tables.glob("*.parquet")}
    assert set(go(copy).values()) == {"skipped"}
    assert go(copy, first="cluster")["cluster"] == "ran"
    assert {path.name: path.read_bytes() for path in copy.tables.glob("*.parquet")} == made


def test_without_a_verb_the_list_is_shown_and_a_verb_without_its_file_is_wrong_usage(study):
    assert detect(study).output == detect(study, "list").output
    assert detect(study, "sheet").exit_code == 2
    help_text = CliRunner().invoke(app, ["detect", "--help"]).output
    assert all(verb in help_text for verb in ("list", "self-test", "backtest", "sheet", "retest"))


def test_a_study_that_has_not_been_run_says_what_to_do(tmp_path):
    with pytest.raises(ArtifactError, match="havainto run"):
        detect(small_study(tmp_path / "fresh"))
