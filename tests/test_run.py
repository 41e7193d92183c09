"""A run makes every table once, skips what has not changed, and survives anything."""

import hashlib
import json
import os
import shutil
import signal
import sys
from unittest.mock import patch

import pytest
from small_export import N_REPORTS, copy_study, rows, small_study, write_export
from test_review import ruling

from pipeline.artifacts import Store, TableWriter
from pipeline.config import load_settings
from pipeline.errors import ArtifactError, ConfigError, InputError
from pipeline.frames import each_row
from pipeline.pseudonymise.lists import load_pii_lists
from pipeline.review.decisions_file import read_decisions
from pipeline.review.log import CsvLog
from pipeline.run import Plan, Silence, run
from pipeline.stages import STAGES
from pipeline.tables import TABLES

NAMES = [stage.name for stage in STAGES]
TIMES = ("made_at", "seconds")
REPORT = {"report", *(step.name for step in STAGES[-1].steps)}
"""What tells when the tables were made."""


def go(study, *overrides, **plan):
    """Run a study and return each stage's state."""
    settings = load_settings(study.settings_file, overrides)
    return {o.stage: o.state for o in run(study, settings, Plan(**plan), Silence())}


def tables_of(study):
    """Return the bytes of every table that is not raw, and the manifests without times."""
    content = {}
    for path in sorted(p for p in study.tables.iterdir() if p.is_file()):
        if path.suffix in (".parquet", ".npz") and path.stem not in REPORT:
            content[path.name] = path.read_bytes()
        elif path.stem not in REPORT:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            content[path.name] = {k: v for k, v in manifest.items() if k not in TIMES}
    return content


@pytest.fixture
def finished(finished_study):
    return finished_study


@pytest.fixture
def copy(finished_copy):
    return finished_copy


def test_every_table_is_made_and_accounts_for_its_reports(finished):
    store = Store(finished)
    for name in TABLES:
        assert store.is_whole(name), name
    assert len(store.read("reports")) == N_REPORTS
    segments = store.read("segments")
    assert segments["report_id"].nunique() == N_REPORTS
    assert len(store.read("embeddings")) == len(segments)
    assert store.read("periods")["n_reports"].sum() == N_REPORTS
    n_themes = len(store.read("report_themes"))
    assert n_themes == 18 * N_REPORTS
    assert (finished.report / "report.html").stat().st_size > 10_000


def test_every_token_and_segment_stands_at_its_offsets_in_the_safe_text(finished):
    store = Store(finished)
    fields = store.read("reports").set_index("report_id")
    segments = store.read("segments")
    place = segments.set_index("segment_id")[["report_id", "field"]]
    for row in each_row(segments):
        assert fields.loc[row.report_id, row.field][row.start : row.end] == row.text
    for token in each_row(store.read("tokens")):
        report_id, field = place.loc[token.segment_id]
        assert fields.loc[report_id, field][token.start : token.end] == token.form


def test_no_safe_table_report_or_manifest_holds_the_planted_person(finished):
    import pyarrow.parquet as pq

    for path in finished.tables.glob("*.parquet"):
        assert "Virtanen" not in str(pq.read_table(path).to_pydict()), path
    for path in [*finished.tables.glob("*.json"), *finished.report.iterdir()]:
        assert b"Virtanen" not in path.read_bytes(), path
        assert b"040 123" not in path.read_bytes(), path


def test_a_second_run_skips_everything(copy):
    before = tables_of(copy)
    assert set(go(copy).values()) == {"skipped"}
    assert tables_of(copy) == before


class Watch(Silence):
    """Keeps what each stage opens while it works."""

    def __init__(self):
        self.opened: dict[str, list[str]] = {}
        self.stage = ""
        sys.addaudithook(self._hear)

    def _hear(self, event, arguments):
        if self.stage and event == "open" and isinstance(arguments[0], str):
            self.opened[self.stage].append(arguments[0])

    def starts(self, stage):
        self.stage = stage
        self.opened[stage] = []

    def ends(self, outcome):
        self.stage = ""


@pytest.fixture(scope="module")
def from_segment(finished_study, tmp_path_factory):
    """A study run from segment on, what became of each stage, and what each opened.

    Stages that the setting leaves as they are run too, after the others.
    """
    study = copy_study(finished_study, tmp_path_factory.mktemp("from-segment") / "copy")
    settings = load_settings(study.settings_file, ["segment.min_chars=40"])
    watch = Watch()
    states = {o.stage: o.state for o in run(study, settings, Plan(), watch)}
    for name in NAMES[NAMES.index("segment") :]:
        if states[name] != "ran":
            run(study, settings, Plan(first=name, last=name), watch)
    return study, states, watch.opened


def test_a_changed_setting_of_segment_runs_what_depends_on_it_and_nothing_before(from_segment):
    _, states, _ = from_segment
    assert [states[name] for name in NAMES[: NAMES.index("segment")]] == ["skipped"] * 2
    assert {name for name in states if states[name] == "skipped"} <= {*NAMES[:2], "review"}
    assert states["segment"] == states["report"] == "ran"


def test_no_stage_after_pseudonymise_opens_raw_data_or_inputs(from_segment):
    study, _, opened = from_segment
    assert sorted(opened) == sorted(NAMES[2:])
    assert all(any(str(study.root) in path for path in paths) for paths in opened.values())
    forbidden = (str(study.raw), str(study.inputs))
    assert not [one for paths in opened.values() for one in paths if one.startswith(forbidden)]


@pytest.mark.parametrize(
    ("override", "first_to_run"),
    [("detect.n_shuffles=50", "detect"),
     ('report.title="Syksy"', "report"), ("study.seed=7", "cluster")],
)  # fmt: skip
def test_a_changed_setting_runs_what_depends_on_it_and_nothing_before(copy, override, first_to_run):
    states = go(copy, override)
    position = NAMES.index(first_to_run)
    assert all(states[name] == "skipped" for name in NAMES[:position])
    assert states[first_to_run] == "ran"
    assert states["report"] == "ran"


def test_the_same_inputs_settings_and_secret_give_the_same_bytes(finished, tmp_path):
    study = small_study(tmp_path / "again")
    assert set(go(study).values()) == {"ran"}
    assert tables_of(study) == tables_of(finished)


def test_a_dry_run_tells_and_does_nothing(tmp_path):
    study = small_study(tmp_path / "study")
    assert set(go(study, dry=True).values()) == {"would run"}
    assert not [p for p in study.tables.iterdir() if p.is_file()]


def test_from_and_to_choose_the_stages(copy):
    states = go(copy, first="lemmatise", last="embed")
    assert states == {"lemmatise": "ran", "embed": "skipped"}
    assert set(go(copy, force=True, last="segment").values()) == {"ran"}
    with pytest.raises(ConfigError, match="must be one of ingest"):
        go(copy, first="lemmatize")
    with pytest.raises(ConfigError, match="comes after"):
        go(copy, first="report", last="ingest")


def test_a_stage_whose_inputs_are_missing_says_what_to_run(tmp_path):
    with pytest.raises(ArtifactError, match="has not been made"):
        go(small_study(tmp_path / "study"), first="segment")


def test_a_new_half_year_is_one_more_file_and_old_ids_stay(copy):
    old = Store(copy).read("reports")["report_id"].tolist()
    new = [row | {"report_id": f"N{i}", "date": "15.1.2025"} for i, row in enumerate(rows()[:5])]
    write_export(copy.inputs / "kevat2025.csv", new)
    assert go(copy, last="segment")["ingest"] == "ran"
    store = Store(copy)
    assert store.read("reports")["report_id"].tolist() == [*old, *(r["report_id"] for r in new)]
    assert store.read("periods")["n_reports"].tolist()[-1] == 5


def test_a_report_taken_out_of_the_input_is_gone_everywhere_after_a_run(copy):
    write_export(copy.inputs / "raportit.csv", rows()[1:])
    go(copy)
    store = Store(copy)
    for name in TABLES:
        assert "R01" not in str(store.read(name).to_dict("list")), name
    for path in copy.report.iterdir():
        if path.suffix == ".html":
            assert "Tilanne 1 on tiedossa" not in path.read_text(encoding="utf-8")


def test_purged_raw_data_is_not_needed_to_resume(copy):
    copy.purge_raw()
    assert set(go(copy).values()) == {"skipped"}
    states = go(copy, "segment.min_chars=30", last="lemmatise")
    assert states["ingest"] == states["pseudonymise"] == "skipped"
    assert states["segment"] == states["lemmatise"] == "ran"
    assert not copy.raw.exists()


def test_after_a_purge_a_new_program_leaves_the_safe_tables_as_they_are(copy, monkeypatch):
    copy.purge_raw()
    shutil.rmtree(copy.inputs)
    copy.inputs.mkdir()
    monkeypatch.setattr("pipeline.recipes.code_sha256", lambda: "f" * 64)
    with_inputs_gone = go(copy)
    assert with_inputs_gone["ingest"] == with_inputs_gone["pseudonymise"] == "sealed"
    assert with_inputs_gone["report"] == "ran"
    assert len(Store(copy).read("reports")) == N_REPORTS


def test_after_a_purge_a_new_input_does_not_make_old_reports_vanish(copy):
    copy.purge_raw()
    (copy.inputs / "raportit.csv").unlink()
    write_export(copy.inputs / "uusi.csv", rows()[:2])
    with pytest.raises(ArtifactError, match="would make the old reports vanish"):
        go(copy)
    with pytest.raises(ArtifactError, match="would make the old reports vanish"):
        go(copy, force=True)
    assert len(Store(copy).read("reports")) == N_REPORTS


def test_a_run_killed_after_a_purge_leaves_it_purged(copy):
    copy.purge_raw()
    copy.raw.mkdir()
    (copy.raw / ".raw_reports.parquet.part").write_bytes(b"x")
    assert go(copy, last="segment") == dict.fromkeys(NAMES[:3], "skipped")
    assert not list(copy.raw.iterdir())


def test_what_a_killed_run_left_half_written_is_deleted_by_the_next(copy):
    left = [copy.inputs / ".a.csv.part", copy.tables / ".reports.parquet.part",
            copy.report / ".report.html.part"]  # fmt: skip
    for path in left:
        path.write_bytes(b"Virtanen")
    go(copy, last="ingest")
    assert not [path for path in left if path.exists()]


def test_a_raw_table_that_is_gone_says_from_where_to_run(copy):
    copy.purge_raw()
    with pytest.raises(ArtifactError, match="--from ingest"):
        Store(copy).read("raw_reports")


def test_a_folder_among_the_inputs_is_an_error_and_not_passed_over(copy):
    (copy.inputs / "vanhat").mkdir()
    with pytest.raises(InputError, match="vanhat"):
        go(copy, last="ingest")


def test_a_ruling_on_a_removed_report_leaves_the_tables_with_it(copy):
    CsvLog(copy.human).append([ruling(target_id="R01")])
    go(copy, last="review")
    assert Store(copy).read("decisions")["target_id"].tolist() == ["R01"]
    write_export(copy.inputs / "raportit.csv", rows()[1:])
    go(copy, last="review")
    assert Store(copy).read("decisions").empty
    assert len(read_decisions(copy.human)) == 1


def test_a_taxonomy_outside_the_study_is_refused(copy):
    with pytest.raises(ConfigError, match="or a folder in the study"):
        go(copy, "study.taxonomy=../x")


def test_the_manifests_do_not_tell_whether_a_guessed_name_is_on_a_list(copy):
    (copy.human / "pii_always.txt").write_text("Villa Koivu\n", encoding="utf-8")
    go(copy, last="pseudonymise")
    lists = load_pii_lists(copy.human)
    guess = hashlib.sha256(repr(lists).encode()).hexdigest()
    assert guess not in Store(copy).manifest_path("reports").read_text(encoding="utf-8")


KILL_POINTS = [(name, point) for name in NAMES for point in ("half way", "before the manifest")]


@pytest.mark.parametrize(("stage", "point"), KILL_POINTS, ids=lambda value: value.replace(" ", "-"))
def test_a_run_killed_at_any_stage_resumes_to_the_same_tables(finished, tmp_path, stage, point):
    study = small_study(tmp_path / "study")
    for name in NAMES[: NAMES.index(stage)]:
        _copy_outputs(finished, study, name)
    child = os.fork()
    if child == 0:
        _run_until_killed(study, stage, point)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    states = go(study, last=stage)
    assert all(states[name] == "skipped" for name in NAMES[: NAMES.index(stage)])
    assert states[stage] == "ran"
    whole = tables_of(finished)
    steps = [step for name in states for step in STAGES[NAMES.index(name)].steps]
    made = [table for step in steps for table in (step.makes or (step.name,))]
    made = [table for table in made if table not in REPORT]
    assert tables_of(study) == {file: whole[file] for file in whole if file.split(".")[0] in made}
    assert not [p for p in study.tables.iterdir() if p.suffix == ".part"]


def _copy_outputs(source, target, name):
    """Give a study what one stage made in another."""
    stage = STAGES[NAMES.index(name)]
    for table in stage.makes:
        for path in (Store(source).path(table), Store(source).manifest_path(table)):
            copied = target.root / path.relative_to(source.root)
            copied.parent.mkdir(exist_ok=True, mode=0o700)
            shutil.copy2(path, copied)
    for step in stage.steps:
        if step.over == "fit":
            store = Store(source)
            for path in (store.fitted_path(step.name), store.manifest_path(step.name)):
                shutil.copy2(path, target.tables / path.name)


def _run_until_killed(study, stage, point):
    """Run a study in this process, which dies inside the stage."""
    import pipeline.step_run as module

    def die(*_arguments, **_keywords):
        os.kill(os.getpid(), signal.SIGKILL)

    if point == "before the manifest":
        patch.object(Store, "write_manifest", die).start()
    elif stage == "report":
        patch.object(module.StepRun, "_put_files", die).start()
    else:
        patch.object(TableWriter, "close", die).start()
    go(study, last=stage)
    os._exit(0)
