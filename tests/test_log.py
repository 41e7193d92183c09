"""The log loses no confirmed batch and holds none in part, whoever writes and whatever dies."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from dying_writers import accept, written

from pipeline.errors import ArtifactError
from pipeline.human.lock import human_lock
from pipeline.review.backups import back_up
from pipeline.review.decisions_file import FILE_NAME, decision_key, read_decisions
from pipeline.review.log import TAIL, Conflict, CsvLog

WRITER = """
import sys
from pathlib import Path
from pipeline.review.log import CsvLog
log = CsvLog(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    rows = [
        {"target_table": "report_themes", "target_id": f"{sys.argv[2]}-{number}",
         "theme_id": theme, "verdict": "accept", "coder": sys.argv[2], "memo": "kaksi\\nriviä"}
        for theme in ("asuminen", "mielenterveys", "toimeentulo")
    ]
    print(log.append(rows)[0]["batch"], flush=True)
"""


def undo(batch, coder="Aino"):
    row = {"target_table": "batches", "target_id": batch, "verdict": "retract"}
    return row | {"new_value": batch, "coder": coder}


def here():
    """Return the environment of a process that imports what this one does."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def start_writer(folder, name, n):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(n)],
        stdout=subprocess.PIPE,
        env=here(),
    )


def test_a_stale_ruling_is_a_conflict_that_shows_both_and_writes_nothing(tmp_path):
    one, other = CsvLog(tmp_path), CsvLog(tmp_path)
    first = written(one, [accept()])[0]
    key = decision_key(first)
    second = written(other, [accept(verdict="reject")], {key: first["decision_id"]})[0]
    before = (tmp_path / FILE_NAME).read_bytes()
    stale = one.append([accept(memo="vanha")], {key: first["decision_id"]})
    assert isinstance(stale, Conflict)
    assert (stale.seen, stale.standing) == (first, second)
    assert (tmp_path / FILE_NAME).read_bytes() == before
    assert second["basis"] == first["decision_id"]


def test_two_coders_and_two_themes_are_no_conflict(tmp_path):
    log = CsvLog(tmp_path)
    mine = written(log, [accept()])[0]
    assert isinstance(log.append([accept(coder="Veikko")], {}), list)
    key = decision_key(accept(theme="mielenterveys", mode=""))
    assert isinstance(log.append([accept(theme="mielenterveys")], {key: ""}), list)
    assert log.head(decision_key(mine)) == mine


def test_an_undone_ruling_gives_way_to_the_one_before_and_comes_back_when_redone(tmp_path):
    log = CsvLog(tmp_path)
    first = written(log, [accept()])[0]
    second = written(log, [accept(verdict="reject")])[0]
    taken_back = written(log, [undo(second["batch"])])[0]
    key = decision_key(first)
    assert log.head(key) == first == CsvLog(tmp_path).head(key)
    log.append([undo(taken_back["batch"])])
    assert log.head(key) == second == CsvLog(tmp_path).head(key)


def test_since_returns_what_others_wrote_and_later_rows_have_later_times(tmp_path):
    mine, theirs = CsvLog(tmp_path), CsvLog(tmp_path)
    mine.append([accept(), accept(theme="mielenterveys")])
    _, position = mine.since(0)
    theirs.append([accept("P1-002")])
    rows, position = mine.since(position)
    assert [row["target_id"] for row in rows] == ["P1-002"]
    assert mine.since(position) == ([], position)
    times = read_decisions(tmp_path)["at"].tolist()
    assert times == sorted(set(times))


def test_a_file_changed_by_hand_is_read_anew(tmp_path):
    log = CsvLog(tmp_path)
    row = written(log, [accept()])[0]
    path = tmp_path / FILE_NAME
    path.write_text(path.read_text(encoding="utf-8").replace("accept", "reject"), encoding="utf-8")
    head = log.head(decision_key(row))
    assert head
    assert head["verdict"] == "reject"
    log.append([accept("P1-002")])
    assert read_decisions(tmp_path)["verdict"].tolist() == ["reject", "accept"]


TORN = [
    "D-92eb1993d7aa,B-1,2026-11-28T15:04:45+00:00,Testi,report_themes,R11,asuminen,acc",
    'D-92eb1993d7aa,B-1,2026-11-28T15:04:45+00:00,T,report_themes,R1,a,accept,,"pitkä\n',
    'D-92eb1993d7aa,B-1,2026-11-28T15:04:45+00:00,T,report_themes,R1,a,accept,,"pitkä\nmuis',
    "D",
]


@pytest.mark.parametrize("torn", TORN)
def test_a_torn_last_line_is_passed_over_cut_off_and_kept_aside(tmp_path, torn):
    log = CsvLog(tmp_path)
    log.append([accept()])
    path = tmp_path / FILE_NAME
    whole = path.read_bytes()
    path.write_bytes(whole + torn.encode())
    assert len(read_decisions(tmp_path)) == 1
    CsvLog(tmp_path).append([accept("P1-002")])
    assert path.read_bytes().startswith(whole)
    assert read_decisions(tmp_path)["target_id"].tolist() == ["P1-001", "P1-002"]
    kept = [p.read_text(encoding="utf-8") for p in (tmp_path / "backups").glob("*katkennut*")]
    assert torn in kept[0]


@pytest.mark.parametrize("n_bytes", [0, 1, 40, 10_000])
def test_a_batch_written_aside_is_finished_from_wherever_the_writer_died(tmp_path, n_bytes):
    log = CsvLog(tmp_path)
    log.append([accept()])
    path = tmp_path / FILE_NAME
    held = path.read_bytes()
    log.append([accept("P1-002"), accept("P1-003")])
    batch = path.read_bytes()[len(held) :]
    tail = {"length": len(held), "batch": batch.decode()}
    (tmp_path / TAIL).write_text(json.dumps(tail), encoding="utf-8")
    path.write_bytes(held + batch[:n_bytes])
    assert [row["target_id"] for row in CsvLog(tmp_path).since(1)[0]] == ["P1-002", "P1-003"]
    assert path.read_bytes() == held + batch
    assert not (tmp_path / TAIL).exists()


def test_a_tail_that_does_not_belong_to_the_file_is_left_and_named(tmp_path):
    log = CsvLog(tmp_path)
    log.append([accept()])
    (tmp_path / TAIL).write_text(json.dumps({"length": 3, "batch": "muuta\n"}), encoding="utf-8")
    with pytest.raises(ArtifactError, match="by hand"):
        CsvLog(tmp_path).append([accept()])
    assert (tmp_path / TAIL).exists()


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path, monkeypatch):
    log = CsvLog(tmp_path)
    log.append([accept()])
    log.append([accept(theme="mielenterveys")])
    before = (tmp_path / FILE_NAME).read_bytes()
    fsync, calls = os.fsync, []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) == fails[0]:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    fails = [0]
    monkeypatch.setattr(os, "fsync", full)
    for fails[0] in (1, 3):  # what is written aside, and the file itself
        calls.clear()
        with pytest.raises(ArtifactError, match="Nothing was written"):
            log.append([accept("P1-002"), accept("P1-003")])
        assert (tmp_path / FILE_NAME).read_bytes() == before
        assert len(CsvLog(tmp_path).since(0)[0]) == 2
    monkeypatch.setattr(os, "fsync", fsync)
    assert len(written(log, [accept("P1-002")])) == 1


def test_a_writer_that_is_killed_at_200_points_loses_no_confirmed_batch(tmp_path):
    """Kill before every system call that matters: each is a place to die."""
    command = [sys.executable, "-m", "dying_writers", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=here())
    confirmed = done.stdout.split()
    sizes = {batch: n for folder in tmp_path.iterdir() for batch, n in _sizes(folder).items()}
    assert len(list(tmp_path.iterdir())) == 10
    assert len(confirmed) > 200
    assert set(confirmed) <= set(sizes)
    assert set(sizes.values()) == {3}


def _sizes(folder):
    rows, _ = CsvLog(folder).since(0)
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row["batch"]] = sizes.get(row["batch"], 0) + 1
    return sizes


def test_four_writers_at_once_lose_nothing(tmp_path):
    writers = [start_writer(tmp_path, name, 15) for name in "ABCD"]
    told = [writer.communicate()[0].decode().split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 4
    sizes = _sizes(tmp_path)
    assert sizes == {batch: 3 for batches in told for batch in batches}
    assert len(sizes) == 60
    times = [row["at"] for row in CsvLog(tmp_path).since(0)[0]]
    assert times == sorted(set(times))


def test_who_cannot_have_the_lock_is_told(tmp_path):
    with (
        human_lock(tmp_path),
        pytest.raises(ArtifactError, match="Another program"),
        human_lock(tmp_path, wait=0.02),
    ):
        pass


def test_a_copy_of_each_of_the_last_fourteen_days_is_kept(tmp_path):
    CsvLog(tmp_path).append([accept()])
    for day in range(1, 21):
        back_up(tmp_path / FILE_NAME, date(2026, 10, day))
    copies = sorted((tmp_path / "backups").glob("decisions-*.csv"))
    assert [copy.name[-6:-4] for copy in copies] == [f"{day:02d}" for day in range(7, 21)]
    assert {copy.read_bytes() for copy in copies} == {(tmp_path / FILE_NAME).read_bytes()}
    assert (tmp_path / "backups").stat().st_mode & 0o077 == 0
