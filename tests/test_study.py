"""A study keeps inputs, people's work and its secret safe."""

import pytest

from pipeline.errors import ArtifactError, InputError
from pipeline.study import create_study, open_study


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "syksy.csv"
    path.write_text("observation\nVuokra nousi.\n", encoding="utf-8")
    return path


def test_an_input_is_copied_once_and_read_by_its_owner_only(study, export):
    first, second = study.add_input(export), study.add_input(export)
    assert first == second == study.input_files()[0]
    assert first.read_bytes() == export.read_bytes()
    assert first.stat().st_mode & 0o077 == 0
    assert study.inputs.stat().st_mode & 0o077 == 0


def test_an_input_never_replaces_another_of_the_same_name(study, export):
    study.add_input(export)
    export.write_text("observation\nToinen.\n", encoding="utf-8")
    with pytest.raises(InputError, match="already exists with other content"):
        study.add_input(export)
    assert "Vuokra" in study.input_files()[0].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "words"),
    [("syksy.doc", "must be one of"), ("puuttuu.xlsx", "is not a file")],
)
def test_what_is_no_form_export_is_refused(study, tmp_path, name, words):
    if name.endswith(".doc"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(InputError, match=words):
        study.add_input(tmp_path / name)


def test_a_stranger_in_inputs_is_named_and_office_lock_files_are_passed_over(study, export):
    study.add_input(export)
    (study.inputs / "~$syksy.xlsx").write_bytes(b"")
    (study.inputs / ".DS_Store").write_bytes(b"")
    assert [p.name for p in study.input_files()] == ["syksy.csv"]
    (study.inputs / "lue minut.txt").write_text("hei", encoding="utf-8")
    with pytest.raises(InputError, match=r"lue minut\.txt"):
        study.input_files()


def test_no_inputs_says_how_to_add_one(study):
    with pytest.raises(InputError, match="--input FILE"):
        study.input_files()


def test_the_secret_is_made_once_random_and_private(study, tmp_path):
    secret = study.secret()
    assert len(secret) == 32
    assert study.secret() == secret
    assert study.secret_file.stat().st_mode & 0o777 == 0o600
    assert create_study(tmp_path / "other").secret() != secret


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32])
def test_a_damaged_secret_is_not_replaced_silently(study, content):
    study.secret_file.write_text(content, encoding="ascii")
    with pytest.raises(ArtifactError, match="64 hexadecimal digits"):
        study.secret()
    assert study.secret_file.read_text(encoding="ascii") == content


def test_two_runs_cannot_work_in_one_folder(study):
    with study.locked(), pytest.raises(ArtifactError, match="Another run"), study.locked():
        pass
    with study.locked():
        pass


def test_a_folder_that_is_no_study_says_what_to_run(tmp_path):
    with pytest.raises(InputError, match="havainto init"):
        open_study(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="is a file"):
        create_study(tmp_path / "file")


def test_purging_deletes_raw_and_nothing_else(study, export):
    study.add_input(export)
    study.raw.mkdir()
    (study.raw / "raw_reports.parquet").write_bytes(b"x")
    assert study.purge_raw()
    assert not study.raw.exists()
    assert not study.purge_raw()
    assert study.input_files()


def test_a_new_study_is_its_owners_alone_and_what_the_owner_opens_stays_open(tmp_path):
    root = tmp_path / "uusi" / "study"
    study = create_study(root)
    for folder in (root, study.tables, study.report, study.models, study.inputs, study.human):
        assert folder.stat().st_mode & 0o777 == 0o700, folder
    for folder in (root, study.report, study.human):
        folder.chmod(0o750)
    open_study(root)
    assert root.stat().st_mode & 0o777 == study.report.stat().st_mode & 0o777 == 0o750
    assert study.human.stat().st_mode & 0o777 == 0o700


def test_a_hidden_file_is_refused_and_not_passed_over_in_silence(study, export):
    hidden = export.rename(export.with_name(".syksy.csv"))
    with pytest.raises(InputError, match="hidden file"):
        study.add_input(hidden)
    assert not list(study.inputs.iterdir())


def test_a_folder_in_inputs_is_named(study, export):
    study.add_input(export)
    (study.inputs / "vanhat.csv").mkdir()
    with pytest.raises(InputError, match=r"vanhat\.csv"):
        study.input_files()


def test_a_study_does_not_lie_inside_another(study):
    study.secret()
    with pytest.raises(InputError, match="lies inside the study"):
        create_study(study.tables / "toinen")
    assert not (study.tables / "toinen").exists()


def test_a_lost_secret_is_not_replaced_when_tables_were_made_with_it(study):
    (study.tables / "reports.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactError, match="Put it back"):
        study.secret()
    assert not study.secret_file.exists()


def test_raw_data_is_not_purged_under_a_run(study):
    study.raw.mkdir()
    with study.locked(), pytest.raises(ArtifactError, match="Another run"):
        study.purge_raw()
    assert study.raw.exists()


def test_what_only_the_owner_may_read_is_closed_again(tmp_path):
    study = create_study(tmp_path / "study")
    study.secret()
    folders = [study.root / name for name in ("raw", "cache", "models", "human")]
    for folder in folders:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    study.secret_file.chmod(0o644)
    study.close_to_others()
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700] * 4
    assert study.secret_file.stat().st_mode & 0o777 == 0o600
