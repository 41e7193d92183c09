"""What stays in most worlds is told from what one seed made."""

import math
import re

import pytest
from small_export import copy_study
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.detect.multiverse import World, standing_of_listed, standing_of_topic

NEWEST = frozenset({"a", "b", "c", "z"})


def world(*listed: tuple[str, str], topics: tuple[str, ...] = ()) -> World:
    groups = tuple((frozenset(ids), strength) for ids, strength in listed)
    return World(0, 3, "report", groups, tuple(map(frozenset, topics)))


def test_a_group_is_counted_where_a_list_holds_it_or_one_half_alike():
    made = [
        world(("abcd", "signal"), ("xy", "watch")),
        world(("abce", "watch")),
        world(("axyz", "signal")),
        world(),
        world(("abcd", "signal")),
    ]
    found = standing_of_listed(list("abcd"), made, NEWEST)
    assert (found.found, found.signal, found.stays) == (0.6, 0.4, False)
    assert (found.low, found.high) == (0.75, 0.75)


def test_a_topic_stays_when_most_worlds_have_one_like_it():
    made = [world(topics=("abz", "xy")), world(topics=("ab",)), world(topics=("abc", "z"))]
    found = standing_of_topic(list("ab"), made, NEWEST)
    assert (found.found, found.stays) == (1.0, True)
    assert (found.low, found.high) == (0.5, 0.75)
    nowhere = standing_of_topic(list("pq"), made, NEWEST)
    assert (nowhere.found, nowhere.stays) == (0.0, False)
    assert math.isnan(nowhere.low)


@pytest.fixture(scope="module")
def study(finished_study, tmp_path_factory):
    return copy_study(finished_study, tmp_path_factory.mktemp("multiverse") / "study")


def test_the_command_tells_every_topic_and_listed_group_and_writes_nothing(study, monkeypatch):
    monkeypatch.setattr("pipeline.detect.multiverse.N_SEEDS", 1)
    monkeypatch.setattr("pipeline.detect.multiverse.SMALLEST_TOPICS", (5,))
    before = {p: p.stat().st_mtime_ns for p in (study.root / "tables").rglob("*")}
    done = CliRunner().invoke(app, ["detect", str(study.root), "--multiverse"])
    assert done.exit_code == 0, done.output
    assert "6 worlds: 1 seeds, 2 smallest topics, 3 rules" in done.output
    shares = re.findall(r"(\d+)%", done.output)
    n_topics = len(Store(study).read("topics"))
    assert len(shares) >= n_topics
    assert all(0 <= int(share) <= 100 for share in shares)
    assert {p: p.stat().st_mtime_ns for p in (study.root / "tables").rglob("*")} == before
