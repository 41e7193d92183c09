"""Topic ids, names and rulings outlive kills and the deletion of tables/."""

import json
import os
import shutil
import signal
from unittest.mock import patch

import pytest

from pipeline.artifacts import Store
from pipeline.cluster.memory import FILE_NAME, forget_reports, recall
from pipeline.config import load_settings
from pipeline.errors import ArtifactError
from pipeline.run import Plan, Silence
from pipeline.run import run as run_stages

NEW_NAME = "Tutkijan antama nimi"


def labels(study) -> dict[str, str]:
    topics = Store(study).read("topics")
    return dict(zip(topics["topic_id"], topics["label"], strict=True))


def run(study, **plan) -> None:
    settings = load_settings(study.settings_file, ())
    run_stages(study, settings, Plan(last="cluster", **plan), Silence())


@pytest.fixture
def named(finished_copy):
    """A study whose lineage is older than its reports, with a topic named by a person."""
    store = Store(finished_copy)
    first = next(iter(labels(finished_copy)))
    lasting = "T-lasting001"
    lineage = store.read("topic_lineage")
    lineage["topic_id"] = lineage["topic_id"].replace(first, lasting)
    writer = store.writer("topic_lineage")
    writer.append(lineage)
    writer.close()
    manifest = store.manifest("topic_lineage")
    assert manifest
    store.finish([writer], {k: v for k, v in manifest.items() if k not in ("table", "output")})
    edit = f'[[muokkaus]]\ntee = "nimeä"\naihe = "{lasting}"\nnimi = "{NEW_NAME}"\n'
    finished_copy.human.mkdir(exist_ok=True)
    (finished_copy.human / "edits.toml").write_text(edit, encoding="utf-8")
    run(finished_copy, first="cluster", force=True)
    assert labels(finished_copy)[lasting] == NEW_NAME
    return finished_copy


def test_a_person_s_topic_name_outlives_the_deletion_of_tables(named):
    before = labels(named)
    shutil.rmtree(named.tables)
    run(named)
    assert labels(named) == before


def test_a_person_s_topic_name_outlives_a_kill_between_manifests(named):
    before = labels(named)
    child = os.fork()
    if child == 0:
        patch.object(Store, "finish", lambda *_: os.kill(os.getpid(), signal.SIGKILL)).start()
        run(named, first="cluster", force=True)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert not Store(named).is_whole("topics")
    run(named)
    assert labels(named) == before


def test_the_copy_forgets_an_erased_report_and_refuses_to_be_guessed_at(named):
    store = Store(named)
    victim = store.read("topic_lineage")["report_ids"].iloc[0][0]
    path = named.human / FILE_NAME
    assert f'"{victim}"' in path.read_text(encoding="utf-8")
    forget_reports(named.human, {victim})
    assert f'"{victim}"' not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    store.drop_manifests(["topic_lineage"])
    assert victim not in {i for ids in recall(store, named.human)["report_ids"] for i in ids}
    path.write_text(json.dumps({"format": 9}), encoding="utf-8")
    with pytest.raises(ArtifactError, match="keeps the ids of topics"):
        recall(store, named.human)
