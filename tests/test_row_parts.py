"""Row steps are done by part: what is new or changed is computed, whoever computes it."""

import dataclasses
import os
import signal
from collections import Counter
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_export import rows, write_export
from test_run import tables_of

from pipeline import row_parts
from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.engine import work
from pipeline.engine.dask_cluster import DaskCluster, check_encrypted
from pipeline.engine.inline import Inline
from pipeline.engine.pool import LocalPool
from pipeline.engine.protocol import Engine
from pipeline.engine.settings import Workers, asked_workers
from pipeline.errors import ConfigError, WorkerError
from pipeline.fitted_files import load_fitted, save_fitted
from pipeline.needs import Supply
from pipeline.row_parts import MAX_REPORTS, cut
from pipeline.run import Plan, Silence, run
from pipeline.stages import STAGES
from pipeline.study import create_study
from pipeline.table_rows import content_sha256

IDS = [f"R-{i:012x}" for i in np.random.default_rng(0).permutation(12_000)]


def go(study, *overrides, **plan):
    settings = load_settings(study.settings_file, overrides)
    return {o.stage: o.state for o in run(study, settings, Plan(**plan), Silence())}


@pytest.fixture
def computed(monkeypatch):
    """Count the reports of the parts that are computed, by step."""
    counts: Counter[str] = Counter()

    def counting(task, *arguments):
        counts[task.step] += task.n_reports
        return work.do_part(task, *arguments)

    monkeypatch.setattr("pipeline.engine.inline.do_part", counting)
    return counts


class TestCut:
    @given(st.lists(st.sampled_from(["2023H1", "2023H2", ""]), max_size=3, unique=True))
    def test_every_report_is_in_one_part_of_its_period(self, periods):
        of_each = [period for period in periods for _ in range(1500)]
        ids = IDS[: len(of_each)]
        parts = list(cut(ids, of_each))
        assert [one for part in parts for one in part] == ids
        period_of = dict(zip(ids, of_each, strict=True))
        assert all(len({period_of[one] for one in part}) == 1 for part in parts)
        assert all(len(part) <= MAX_REPORTS for part in parts)

    def test_a_new_period_changes_no_old_part(self):
        old = list(cut(IDS[:3000], ["2023H1"] * 3000))
        both = list(cut(IDS[:3040], ["2023H1"] * 3000 + ["2023H2"] * 40))
        assert both[:-1] == old
        assert len(both[-1]) == 40

    @pytest.mark.parametrize("place", [0, 700, 5000, 9999])
    def test_a_late_report_changes_the_parts_around_it_only(self, place):
        ids = IDS[:10_000]
        old = {tuple(part) for part in cut(ids, ["2023H1"] * len(ids))}
        late = [*ids[:place], "R-late", *ids[place:]]
        new = {tuple(part) for part in cut(late, ["2023H1"] * len(late))}
        assert 1 <= len(new - old) <= 3
        assert len(new & old) >= len(old) - 3
        assert 10 <= len(old) <= 40


def test_a_new_half_year_computes_its_own_reports(finished_copy, computed):
    go(finished_copy, last="embed")
    assert not computed
    new = [row | {"report_id": f"N{i}", "date": "15.1.2026"} for i, row in enumerate(rows()[:5])]
    write_export(finished_copy.inputs / "kevat2026.csv", new)
    go(finished_copy, last="embed")
    assert computed == dict.fromkeys(("pseudonymise", "segment", "lemmatise", "embed"), 5)
    merged = tables_of(finished_copy)
    go(finished_copy, last="embed", force=True)
    again = tables_of(finished_copy)
    assert {f: b for f, b in merged.items() if f.endswith(".parquet")} == {
        f: b for f, b in again.items() if f.endswith(".parquet")
    }


def test_a_report_that_is_taken_out_leaves_the_other_parts_alone(finished_copy, computed):
    write_export(finished_copy.inputs / "raportit.csv", rows()[1:])
    go(finished_copy, last="lemmatise")
    period = Store(finished_copy).read("reports")["period"].iloc[0]
    n_beside = int((Store(finished_copy).read("reports")["period"] == period).sum())
    assert computed["segment"] == computed["lemmatise"] == n_beside < 23
    assert not any(one == "R01" for one in Store(finished_copy).read("segments")["report_id"])


def test_rows_are_named_by_their_values_and_not_by_what_lies_under_a_null():
    def told(*values):
        return content_sha256(pa.table({"x": pa.array(values, pa.float64())}))

    under = pa.Array.from_buffers(
        pa.float64(), 2, [pa.array([True, False]).buffers()[1], pa.array([1.0, 7.0]).buffers()[1]]
    )
    assert content_sha256(pa.table({"x": under})) == told(1.0, None)
    whole = pa.table({"x": pa.array([5.0, 1.0, None, 2.0], pa.float64())})
    assert content_sha256(whole.slice(1, 2)) == told(1.0, None)
    assert content_sha256(whole.slice(3, 1)) == told(2.0) != told(3.0)
    assert told() == told() != told(None)


def test_what_is_fitted_anew_with_the_same_outcome_makes_nothing_run_again(finished_copy, computed):
    store = Store(finished_copy)
    for path in (store.fitted_path("fit_labels"), store.manifest_path("fit_labels")):
        path.unlink()
    go(finished_copy, last="label")
    assert store.fitted_path("fit_labels").exists()
    assert not computed


@pytest.mark.parametrize(
    ("stage", "of_resources", "of_reports"),
    [
        ("label", "fit_label_examples", "fit_labels"),
        ("assign", "make_theme_texts", "fit_or_load"),
    ],
)
def test_new_reports_leave_what_is_learnt_of_resources(
    stage, of_resources, of_reports, finished_copy
):
    store = Store(finished_copy)
    for name in (of_resources, of_reports):  # manifests tell whole seconds
        manifest = store.manifest(name)
        assert manifest
        store.write_manifest(name, manifest | {"made_at": "2020-01-01T00:00:00+00:00"})
    new = [row | {"report_id": f"N{i}", "date": "15.1.2026"} for i, row in enumerate(rows()[:5])]
    write_export(finished_copy.inputs / "kevat2026.csv", new)
    go(finished_copy, last=stage)
    assert made_at(store, of_resources).startswith("2020")
    assert not made_at(store, of_reports).startswith("2020")


def test_few_new_reports_change_nothing_learnt_and_are_labelled_alone(
    finished_copy, computed, monkeypatch
):
    monkeypatch.setattr("pipeline.teaching.MAX_NEW_SHARE", 0.2)
    go(finished_copy, first="label", last="assign")
    computed.clear()
    new = [row | {"report_id": f"N{i}", "date": "15.1.2026"} for i, row in enumerate(rows()[:5])]
    write_export(finished_copy.inputs / "kevat2026.csv", new)
    go(finished_copy, last="assign")
    assert computed["label"] == computed["assign"] == computed["segment"] == 5
    merged = tables_of(finished_copy)
    go(finished_copy, last="assign", force=True)
    again = tables_of(finished_copy)
    assert {f: b for f, b in merged.items() if f.endswith((".parquet", ".npz"))} == {
        f: b for f, b in again.items() if f.endswith((".parquet", ".npz"))
    }
    computed.clear()
    more = [row | {"report_id": f"M{i}", "date": "16.1.2026"} for i, row in enumerate(rows()[5:8])]
    write_export(finished_copy.inputs / "kevat2026b.csv", more)
    go(finished_copy, last="assign")
    assert computed["label"] == computed["assign"] > computed["segment"] == 8


def made_at(store, name):
    manifest = store.manifest(name)
    assert manifest
    return manifest["made_at"]


def test_settings_of_speed_make_nothing_run_again(finished_copy):
    states = go(finished_copy, "embed.n_threads=7", "run.workers=3")
    assert set(states.values()) == {"skipped"}


def test_a_setting_runs_the_steps_that_name_it_and_not_their_neighbours(finished_copy):
    store = Store(finished_copy)
    made = {name: made_at(store, name) for name in ("report_themes", "fit_or_load")}
    before = store.path("topic_themes").read_bytes()
    assert go(finished_copy, "assign.min_topic_share=0.9")["assign"] == "ran"
    assert {name: made_at(store, name) for name in made} == made
    assert store.path("topic_themes").read_bytes() != before


def test_parts_of_a_killed_run_are_not_computed_again(finished_copy, computed, monkeypatch):
    class Stop(Exception):
        pass

    def stop(*_):
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.step_run.merge", stop)
        with pytest.raises(Stop):
            go(finished_copy, first="segment", last="segment")
    assert computed["segment"] == 24
    folder = work.parts_folder(finished_copy, "segment")
    one = sorted(folder.glob("*.json"))[0]
    one.unlink()
    store = Store(finished_copy)
    store.drop_manifests(("segments",))
    computed.clear()
    go(finished_copy, last="segment")
    assert 0 < computed["segment"] < 24
    assert not folder.exists()


def test_parts_that_nobody_merges_do_not_outlive_the_next_whole_run(finished_copy):
    left = work.parts_folder(finished_copy, "segment") / "0.segments.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"Vuokra")
    assert set(go(finished_copy).values()) == {"skipped"}
    assert not (finished_copy.tables / work.FOLDER).exists()


@pytest.mark.parametrize("fit", [s for stage in STAGES for s in stage.steps if s.over == "fit"],
                         ids=lambda step: step.name)  # fmt: skip
def test_what_is_fitted_is_read_back_as_it_was_saved(finished_study, tmp_path, fit):
    path = Store(finished_study).fitted_path(fit.name)
    value = load_fitted(path, fit.result)
    again = Store(create_study(tmp_path / "again"))
    save_fitted(again, fit.name, value, {"stage": "x"})
    assert again.fitted_path(fit.name).read_bytes() == path.read_bytes()


@pytest.fixture
def small_parts(monkeypatch):
    """Return nothing; cut the small study into more parts than it has periods."""
    monkeypatch.setattr(row_parts, "MAX_REPORTS", 3)


def tasks_of(study, name):
    """Return the tasks of a row step, as a run would make them."""
    from pipeline.step_run import StepRun

    supply = Supply(Store(study), load_settings(study.settings_file))
    inline = Inline(supply)
    stage = next(one for one in STAGES if any(step.name == name for step in one.steps))
    step = next(one for one in stage.steps if one.name == name)
    steps = StepRun(supply, inline, inline, lambda done, total: None)
    parts = row_parts.parts_of(step, supply.store, {"step": name})
    fit = stage.fit_before(step)
    path = "" if fit is None else str(supply.store.fitted_path(fit.name))
    return [steps._task(stage, step, part, path) for part in parts]


def test_workers_make_the_same_tables_and_one_that_is_killed_is_made_up_for(
    finished_copy, finished_study, small_parts
):
    segment = tasks_of(finished_copy, "segment")
    assert len(segment) >= 8
    done = []
    pool: Any = LocalPool(2, alone=cast(Engine, None), pays_from=1, idle_seconds=0.1)
    try:
        for found in pool.map(segment, lambda n: None):
            done.append(found)
            if len(done) == 1:
                victim = next(iter(pool._pool._processes))
                os.kill(victim, signal.SIGKILL)
            workers = list(pool._pool._processes.values())
        idle = pool._idle
        idle.join(timeout=30)
        assert pool._pool is None, "idle workers were not let go"
        assert not any(worker.is_alive() for worker in workers)
    finally:
        pool.close()
    assert not [one.failure for one in done if one.failure]
    assert sorted(one.key for one in done) == sorted(one.key for one in segment)
    files = [work.part_file(finished_copy, "segment", task.key, "segments") for task in segment]
    merged = pa.concat_tables([pq.read_table(path) for path in files])
    assert merged.equals(Store(finished_study).open("segments").read())


def test_two_workers_of_a_cluster_make_the_same_rows(finished_copy, finished_study, small_parts):
    pytest.importorskip("distributed")
    tasks = tasks_of(finished_copy, "segment")
    cluster = DaskCluster(Workers(n_local=2))
    try:
        done = list(cluster.map(tasks, lambda n: None))
        workers = cluster._client.scheduler_info()["workers"]
    finally:
        cluster.close()
    assert len(workers) == 2
    assert not [one.failure for one in done if one.failure]
    files = [work.part_file(finished_copy, "segment", task.key, "segments") for task in tasks]
    merged = pa.concat_tables([pq.read_table(path) for path in files])
    assert merged.equals(Store(finished_study).open("segments").read())


def test_a_scheduler_on_another_machine_must_be_encrypted():
    with pytest.raises(ConfigError, match="tls://"):
        check_encrypted("tcp://10.0.0.5:8786")
    for address in (
        "tls://10.0.0.5:8786",
        "tcp://127.0.0.1:8786",
        "tcp://localhost:1",
        "inproc://x",
    ):
        check_encrypted(address)


@pytest.mark.parametrize(
    "asked", [(2, "tcp://localhost:1", None, 0), (None, "", None, 0), (None, "x", None, 2)]
)
def test_one_kind_of_workers_is_asked_for_or_none(asked):
    if sum([asked[0] is not None, bool(asked[1]), asked[3] > 0]) > 1:
        with pytest.raises(ConfigError, match="Give one of"):
            asked_workers(*asked)
    else:
        assert asked_workers(*asked) is None


def test_what_fails_in_a_worker_tells_no_text(finished_copy, monkeypatch):
    task = dataclasses.replace(tasks_of(finished_copy, "segment")[0], key="0" * 32)

    def fail(*_arguments, **_keywords):
        raise ValueError("Vuokra nousi taas ja perhe joutui muuttamaan")

    monkeypatch.setattr(work, "do_part", fail)
    done = work.run_row_task(task)
    assert "Vuokra" not in repr(done)
    assert done.failure
    error = done.failure.raised(task)
    assert isinstance(error, WorkerError)
    assert "ValueError" in str(error)
    assert "--workers 1" in str(error)


def test_an_error_that_a_user_can_mend_comes_back_from_a_worker_as_itself(finished_copy):
    task = dataclasses.replace(
        tasks_of(finished_copy, "segment")[0],
        stage="embed", step="embed", key="1" * 32, spans=(),
        settings='{"embed": {"encoder": "sentence-transformers"}}',
    )  # fmt: skip
    done = work.run_row_task(task)
    assert done.failure
    error = done.failure.raised(task)
    assert isinstance(error, ConfigError)
    assert "embed.model must be the folder" in str(error)


def test_small_work_starts_no_process(finished_copy):
    supply = Supply(Store(finished_copy), load_settings(finished_copy.settings_file))
    pool = LocalPool(2, alone=Inline(supply))
    done = list(pool.map(tasks_of(finished_copy, "segment"), lambda n: None))
    assert done
    assert pool._pool is None


def test_a_task_holds_no_text_and_no_report(finished_copy):
    for name in ("pseudonymise", "embed", "assign"):
        told = repr(tasks_of(finished_copy, name))
        assert "Vuokra" not in told
        assert "R01" not in told
