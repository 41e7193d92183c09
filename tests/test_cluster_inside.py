"""A topic is looked into, and what is found inside becomes a replayable edit."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_export import copy_study
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.cluster.clusterers import group_reports
from pipeline.cluster.corpus import read_corpus
from pipeline.cluster.edits_file import Edit, add_edits, as_toml, read_edits
from pipeline.cluster.inside import Inside, SubTopic, look_inside
from pipeline.config import load_settings
from pipeline.errors import InputError
from pipeline.run import Plan, Silence, run
from pipeline.texts import Texts

from test_cluster import FAST, silent, tables  # isort: skip

N_INSIDE = 24


@pytest.fixture
def world(make_reports):
    """Two kinds of reports in one topic of 24, one of them about queues, and 20 others."""
    rng = np.random.default_rng(1)
    ids = [f"r{i:02d}" for i in range(N_INSIDE + 20)]
    reports = make_reports(*({"report_id": report_id} for report_id in ids))
    vectors, texts = [], []
    for i in range(len(ids)):
        vector = np.eye(24)[0] if i < N_INSIDE else np.eye(24)[1]
        if i < N_INSIDE:
            vector = vector + 0.4 * np.eye(24)[2 + i % 2]
        vectors.append(vector + 0.3 * rng.normal(size=24) / 24**0.5)
        word = ("jono", "lasku")[i % 2] if i < N_INSIDE else "koulu"
        texts.append([f"palvelu {word} tässä", "taas palvelu mukana"])
    in_topic = pd.DataFrame(
        {"report_id": ids[:N_INSIDE], "topic_id": "T-a", "weight": 1.0, "is_main": True}
    )
    return reports, *tables(reports, texts, vectors, noise=0.05), in_topic


def looked(world, topic_id="T-a"):
    given: Any = (*world[5:], FAST)
    return look_inside(topic_id, Texts(*world[:5]), *given, seed=0, progress=silent)


def test_the_two_kinds_inside_a_topic_are_told_apart_and_named_by_what_differs(world):
    found = looked(world)
    kinds = [{int(r[1:]) % 2 for r in part.report_ids} for part in found.sub_topics]
    assert sorted(kinds, key=min) == [{0}, {1}]
    assert {part.label for part in found.sub_topics} == {"jono", "lasku"}
    assert all(part.stability > 0.6 for part in found.sub_topics)


def test_every_report_of_the_topic_is_in_one_part_or_among_the_others(world):
    found = looked(world)
    held = [r for part in found.sub_topics for r in part.report_ids] + list(found.others)
    assert sorted(held) == [f"r{i:02d}" for i in range(N_INSIDE)]
    for part in found.sub_topics:
        of_report = [segment_id.split("/")[0] for segment_id in part.segment_ids]
        assert of_report == list(part.report_ids)


@pytest.mark.parametrize("way", ["by-number", "consensus", "graph"])
def test_topics_are_the_same_without_candidates(world, way):
    corpus = read_corpus(Texts(*world[:5]))
    config = FAST.model_copy(update={"clusterer": way})
    with_them = group_reports(corpus, config, 0, silent)
    alone = group_reports(corpus, config, 0, silent, seeks_candidates=False)
    np.testing.assert_array_equal(alone.labels, with_them.labels)
    np.testing.assert_array_equal(alone.stability, with_them.stability)
    assert with_them.groups
    assert alone.groups == []


def test_a_topic_of_many_is_parted_by_its_graph_and_no_candidates_are_sought(world, monkeypatch):
    def fail(*_arguments, **_keywords):
        raise AssertionError("the consensus was asked for")

    monkeypatch.setattr("pipeline.cluster.grouping.group_by_consensus", fail)
    many = FAST.model_copy(update={"small_n_max": N_INSIDE - 1, "candidates_n_max": 3000})
    given: Any = (*world[5:], many)
    found = look_inside("T-a", Texts(*world[:5]), *given, seed=0, progress=silent)
    assert sum(len(part.report_ids) for part in found.sub_topics) + len(found.others) == N_INSIDE


def test_a_copy_is_not_looked_at(world):
    world[0].loc[1, "duplicate_of"] = "r03"
    found = looked(world)
    assert "r01" not in [r for part in found.sub_topics for r in part.report_ids]


def test_the_same_seed_gives_the_same_parts(world):
    assert looked(world) == looked(world)


def test_an_unknown_topic_and_a_small_one_say_so(world):
    with pytest.raises(InputError, match=r"no topic T-x.*T-a"):
        looked(world, "T-x")
    few = world[-1][:5]
    with pytest.raises(InputError, match=r"at least 6 reports.*Got 5"):
        looked((*world[:-1], few))


def part(label, *report_ids):
    return SubTopic(label, (), report_ids, report_ids, 0.5)


def test_the_largest_part_keeps_the_topic_and_the_others_are_split_off():
    found = Inside("T-a", (part("suuri", "a", "b", "c"), part("pieni", "d", "e")), ("f",))
    (edit,) = found.edits()
    assert (edit.action, edit.topic, edit.reports) == ("jaa", "T-a", ("d", "e"))
    assert edit.name == "pieni"


@pytest.mark.parametrize("name", ["jonot", 'lainaus " ja \\', "rivi\nvaihto", "poisto\x7f", "ä €"])
def test_edits_that_are_added_are_read_back_after_those_that_were_there(tmp_path, name):
    file = tmp_path / "edits.toml"
    file.write_text('# omat\n[[muokkaus]]\ntee = "roska"\naihe = "T-z"', encoding="utf-8")
    new = Edit(tee="jaa", aihe="T-a", raportit=("a", "b"), nimi=name)
    add_edits(tmp_path, [new])
    assert [edit.action for edit in read_edits(tmp_path)] == ["roska", "jaa"]
    assert read_edits(tmp_path)[1] == new
    assert file.read_text(encoding="utf-8").startswith("# omat\n")
    assert as_toml([new]) in file.read_text(encoding="utf-8")


def test_a_broken_file_is_not_added_to(tmp_path):
    file = tmp_path / "edits.toml"
    file.write_text("[[muokkaus]]\ntee = ", encoding="utf-8")
    with pytest.raises(InputError, match="TOML"):
        add_edits(tmp_path, [Edit(tee="roska", aihe="T-a")])
    assert file.read_text(encoding="utf-8") == "[[muokkaus]]\ntee = "


@pytest.fixture(scope="module")
def study(finished_study, tmp_path_factory):
    return copy_study(finished_study, tmp_path_factory.mktemp("inside") / "study")


def topics(study, *options):
    done = CliRunner().invoke(app, ["topics", str(study.root), *options])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_topics_are_listed_with_their_ids(study):
    text = topics(study).output
    assert all(topic_id in text for topic_id in Store(study).read("topics")["topic_id"])


def test_a_split_written_down_is_applied_by_the_next_run(study):
    before = Store(study).read("topics")
    largest = before.sort_values("n_reports").iloc[-1]
    shown = topics(study, "--inside", largest.topic_id).output
    assert 'tee = "jaa"' in shown
    assert not (study.human / "edits.toml").exists()
    assert "edits.toml" in topics(study, "--inside", largest.topic_id, "--write-edit").output
    (edit, *_) = read_edits(study.human)
    run(study, load_settings(study.settings_file, ()), Plan(last="cluster"), Silence())
    outcomes = Store(study).read("topic_edits")
    assert set(outcomes["state"]) == {"applied"}
    main = Store(study).read("report_topics").query("is_main")
    of_part = main[main["report_id"].isin(edit.reports)]["topic_id"]
    assert of_part.nunique() == 1
    assert of_part.iloc[0] != largest.topic_id


def test_writing_needs_a_topic(study):
    assert topics(study, "--write-edit").exit_code == 2
