"""Tables that another version of the program made: every command says what to run again."""

import json

import pyarrow.parquet as pq
import pytest
from offline import havainto
from small_export import copy_study

from pipeline.artifacts import Store, columns_missing
from pipeline.errors import ArtifactError
from pipeline.tables import TABLES
from pipeline.workbench.generation import latest

COMMANDS = {
    "status": ("status",),
    "evaluate": ("evaluate",),
    "suggest": ("suggest",),
    "train": ("train",),
    "names": ("names",),
    "topics": ("topics",),
    "detect list": ("detect", "list"),
    "detect sheet": ("detect", "sheet", "@arkki.xlsx"),
    "review": ("review", "--export", "@arvio.xlsx"),
    "exchange, tidy": ("exchange", "--export", "@vienti"),
    "exchange, REFI-QDA": ("exchange", "--export", "@vienti.qdpx"),
    "archive": ("archive", "--out", "@arkisto"),
    "run one stage": ("run", "--from", "detect"),
}


def make_old(study, name):
    """Take the last column out of a table, as if it came into the contract later."""
    store = Store(study)
    path = store.path(name)
    held = pq.read_table(path)
    path.unlink()  # the workbench may hold a link to it
    pq.write_table(held.drop_columns(held.column_names[-1:]), path)
    manifest = json.loads(store.manifest_path(name).read_text())
    manifest["output"]["bytes"] = path.stat().st_size
    manifest["code"] = "of an older version"
    store.manifest_path(name).write_text(json.dumps(manifest))


@pytest.fixture(scope="module")
def old(finished_study, tmp_path_factory):
    study = copy_study(finished_study, tmp_path_factory.mktemp("old") / "s")
    for name in TABLES:
        make_old(study, name)
    return study


@pytest.mark.parametrize("words", [pytest.param(w, id=k) for k, w in COMMANDS.items()])
def test_no_command_breaks_on_tables_of_another_version(old, tmp_path, words):
    verbs = [word for word in words if not word.startswith(("@", "--"))][
        : 1 + (words[0] == "detect")
    ]
    rest = [str(tmp_path / w[1:]) if w.startswith("@") else w for w in words[len(verbs) :]]
    said = havainto(*verbs, old.root, *rest, check=None)
    assert "bug in Havainto" not in said
    assert "again" in said or f"Run: havainto run {old.root}" in said, said


def test_the_workbench_waits_for_a_run(old):
    with pytest.raises(ArtifactError, match="another version"):
        latest(old)


def test_a_generation_kept_from_another_version_is_not_shown(finished_copy):
    kept = latest(finished_copy)
    make_old(finished_copy, "topics")
    assert latest(finished_copy) == kept
    held = pq.read_table(kept.file("topics"))
    kept.file("topics").unlink()
    pq.write_table(held.drop_columns(["terms"]), kept.file("topics"))
    with pytest.raises(ArtifactError, match="another version"):
        latest(finished_copy)


def test_a_purged_study_of_another_version_says_what_is_needed(finished_copy):
    finished_copy.purge_raw()
    for name in ("reports", "segments"):
        make_old(finished_copy, name)
    (finished_copy.inputs / "raportit.csv").unlink()
    assert "raw/ was purged" in havainto("run", finished_copy.root, check=1)
    human = {path: path.read_bytes() for path in finished_copy.human.rglob("*") if path.is_file()}
    assert "raw/ was purged" in havainto("erase", finished_copy.root, "R01", "--yes", check=1)
    assert human == {path: path.read_bytes() for path in human}


def test_a_column_of_another_type_is_of_another_version_and_one_more_is_not(finished_copy):
    store = Store(finished_copy)
    path = store.path("periods")
    held = pq.read_table(path)
    pq.write_table(held.append_column("more", held.column("n_reports")), path)
    assert columns_missing("periods", path) == ()
    at = held.column_names.index("n_reports")
    pq.write_table(held.set_column(at, "n_reports", held.column("n_reports").cast("string")), path)
    assert columns_missing("periods", path) == ("n_reports",)


def test_a_manifest_without_what_is_read_today_is_of_an_unfinished_table(finished_copy):
    store = Store(finished_copy)
    manifest = json.loads(store.manifest_path("topics").read_text())
    del manifest["seconds"]
    store.manifest_path("topics").write_text(json.dumps(manifest))
    assert store.manifest("topics") is None
    assert "not made" in havainto("status", finished_copy.root)
