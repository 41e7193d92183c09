"""What stays in most worlds is told from what one seed made."""

import dataclasses
import math
import re

import pytest
from report_tables import NO_CODINGS, PROVENANCE, Frames, context, report, settled, small_study
from small_export import copy_study
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.detect.multiverse import World, standing_of_listed, standing_of_topic
from pipeline.detect.worlds_file import (
    FILE_NAME,
    HeldWorlds,
    ListedInWorlds,
    members_sha256,
    read_worlds,
    write_worlds,
)
from pipeline.errors import ArtifactError
from pipeline.report.report import ReportConfig, ReportTables

NEWEST = frozenset({"a", "b", "c", "z"})


def world(*listed: tuple[str, str], topics: tuple[str, ...] = ()) -> World:
    groups = tuple((frozenset(ids), strength) for ids, strength in listed)
    return World(0, 3, (1.0, 1.0, 0.5, 0.5), "report", groups, tuple(map(frozenset, topics)))


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


def test_the_command_tells_every_topic_and_listed_group_and_changes_no_table(study, monkeypatch):
    monkeypatch.setattr("pipeline.detect.multiverse.N_SEEDS", 1)
    monkeypatch.setattr("pipeline.detect.multiverse.SMALLEST_TOPICS", (5,))
    monkeypatch.setattr("pipeline.detect.multiverse.OTHER_WEIGHTS", ((1.0, 0.0, 0.5, 0.5),))
    before = {p: p.stat().st_mtime_ns for p in (study.root / "tables").rglob("*")}
    done = CliRunner().invoke(app, ["detect", str(study.root), "--multiverse"])
    assert done.exit_code == 0, done.output
    assert "9 worlds: 1 seed, 2 smallest topics, 2 weights of the likenesses" in done.output
    shares = re.findall(r"(\d+)%", done.output)
    n_topics = len(Store(study).read("topics"))
    assert len(shares) >= n_topics
    assert all(0 <= int(share) <= 100 for share in shares)
    after = {p: p.stat().st_mtime_ns for p in (study.root / "tables").rglob("*")}
    held = read_worlds(study.tables)
    assert {p.name for p in after if p not in before} == {FILE_NAME}
    assert {p: after[p] for p in before} == before
    signals = Store(study).read("signals")
    assert held
    assert (held.n_worlds, len(held.listed)) == (9, int(signals["rank"].notna().sum()))


def test_the_page_tells_worlds_of_this_list_and_of_no_other():
    frames = small_study()
    listed = frames["signals"][frames["signals"]["rank"].notna()].sort_values("rank")
    assert len(listed)
    told = tuple(
        ListedInWorlds(members_sha256(reversed(list(ids))), 0.9, 0.3)
        for ids in listed["report_ids"]
    )
    held = HeldWorlds("2025-01-15", 20, 4, 7, told)
    page = page_with(frames, held).replace("\u00a0", " ")
    assert "Lista toisin tehtynä" in page
    assert f"Listan {len(told)} ryhmästä {len(told)} löytyy" in page
    assert "30 %" in page
    other = HeldWorlds("2025-01-15", 20, 4, 7, told[1:])
    assert "Lista toisin tehtynä" not in page_with(frames, other)
    assert "Lista toisin tehtynä" not in page_with(frames, None)


def page_with(frames: Frames, held: HeldWorlds | None) -> str:
    given = dataclasses.replace(context(), provenance=dataclasses.replace(PROVENANCE, worlds=held))
    made = report(ReportTables(**settled(frames, NO_CODINGS)), ReportConfig(), given)
    return made["report.html"].decode("utf-8")


DAMAGES = (
    '{"listed": 3}',
    "",
    "{",
    '{"day": "2025-01-15", "n_worlds": "20", "least_topics": 4, "most_topics": 7, "listed": []}',
)


@pytest.mark.parametrize("content", DAMAGES)
def test_a_damaged_file_of_worlds_is_an_error_that_names_it_and_what_to_do(tmp_path, content):
    assert read_worlds(tmp_path) is None
    held = HeldWorlds("2025-01-15", 20, 4, 7, (ListedInWorlds("ab", 0.5, 0.0),))
    write_worlds(tmp_path, held)
    assert read_worlds(tmp_path) == held
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"worlds\.json is not what .* Delete the file"):
        read_worlds(tmp_path)
