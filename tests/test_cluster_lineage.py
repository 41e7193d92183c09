"""A topic keeps its id from run to run as long as it is the same topic."""

import numpy as np
import pandas as pd

from pipeline.cluster.ids import group_id
from pipeline.cluster.lineage import trace
from pipeline.frames import empty, to_arrow

REPORTS = [f"r{i:02d}" for i in range(40)]
VECTORS = np.eye(40, dtype=np.float32)


def traced(previous, *members, vectors=VECTORS, reports=REPORTS):
    topic_ids, lineage = trace(members, reports, vectors, previous)
    to_arrow("topic_lineage", lineage)
    assert lineage["topic_id"].is_unique
    return topic_ids, lineage.set_index("topic_id")


def first_run(*members):
    _, lineage = trace(members, REPORTS, VECTORS, empty("topic_lineage"))
    return lineage, lineage["topic_id"].tolist()


def test_a_first_run_has_new_topics_with_ids_of_their_reports():
    topic_ids, lineage = traced(empty("topic_lineage"), [0, 1, 2], [3, 4])
    assert topic_ids == [group_id("T", REPORTS[:3]), group_id("T", REPORTS[3:5])]
    assert set(lineage["change"]) == {"new"}


def test_when_nothing_changed_the_lineage_is_returned_as_it_was():
    before, ids = first_run([0, 1, 2, 3], [4, 5, 6])
    changed, _ = trace([[0, 1, 2, 3, 9], [10, 11, 12]], REPORTS, VECTORS, before), None
    again = trace([[10, 11, 12], [0, 1, 2, 3, 9]], REPORTS, VECTORS, changed[1])
    pd.testing.assert_frame_equal(again[1], changed[1])
    assert again[0] == changed[0][::-1]
    assert again[0][1] == ids[0]


def test_a_topic_with_newcomers_keeps_its_id():
    before, ids = first_run([0, 1, 2, 3], [4, 5, 6])
    topic_ids, lineage = traced(before, [4, 5, 6, 20, 21, 22, 23], [0, 1, 3])
    assert topic_ids == ids[::-1]
    assert set(lineage["change"]) == {"continued"}


def test_the_larger_part_of_a_split_topic_keeps_the_id():
    before, ids = first_run([0, 1, 2, 3, 4, 5])
    topic_ids, lineage = traced(before, [3, 4], [0, 1, 2, 5])
    assert topic_ids[1] == ids[0] != topic_ids[0]
    assert lineage["change"].tolist() == ["split", "split"]
    assert lineage["previous_ids"].tolist() == [ids, ids]


def test_a_merged_topic_has_the_id_of_the_larger_and_the_other_is_gone():
    before, ids = first_run([0, 1, 2, 3], [4, 5])
    topic_ids, lineage = traced(before, [0, 1, 2, 3, 4, 5])
    assert topic_ids == ids[:1]
    assert lineage["change"].to_dict() == {ids[0]: "merged", ids[1]: "gone"}
    assert lineage["previous_ids"][ids[0]] == sorted(ids)


def test_a_topic_that_returns_has_its_old_id():
    before, ids = first_run([0, 1, 2, 3], [4, 5, 6])
    _, between = trace([[0, 1, 2, 3]], REPORTS, VECTORS, before)
    topic_ids, lineage = traced(between, [0, 1, 2, 3], [4, 5, 6, 7])
    assert topic_ids == ids
    assert lineage["change"][ids[1]] == "continued"


def test_an_unrelated_topic_is_new():
    before, ids = first_run([0, 1, 2, 3])
    topic_ids, lineage = traced(before, [10, 11, 12, 3])
    assert topic_ids[0] not in ids
    assert lineage["change"].to_dict() == {topic_ids[0]: "new", ids[0]: "gone"}


def test_near_mean_vectors_settle_a_doubtful_overlap():
    before, ids = first_run([0, 1, 2, 3, 4])
    before.at[0, "report_ids"] = REPORTS[:5]
    spread = [[0, 1], [2, 10, 11, 12, 13]]
    before = pd.concat([before, first_run([10, 11, 12, 13, 14])[0]], ignore_index=True)
    far = traced(before, spread[1], vectors=VECTORS)[0]
    alike = np.ones((40, 4), dtype=np.float32) / 2
    near = traced(before, [0, 20, 21, 22], vectors=alike)[0]
    assert far == [before["topic_id"][1]]
    assert near == ids
    assert traced(before, [0, 20, 21, 22])[0] != ids


def test_reports_that_left_the_study_do_not_end_a_topic():
    before, ids = first_run([0, 1, 2, 3, 4, 5, 6, 7])
    topic_ids, _ = traced(before, [0, 1], reports=REPORTS[6:])
    assert topic_ids == ids


def test_a_report_that_left_the_study_is_named_nowhere():
    before, ids = first_run([0, 1, 2, 3], [4, 5, 6], [7, 8])
    _, between = trace([[0, 1, 2, 3], [7, 8]], REPORTS, VECTORS, before)
    for members in ([[0, 2, 3], [7, 8]], [[0, 2, 3]]):
        reports = [r for r in REPORTS if r not in ("r01", "r04", "r05", "r06")]
        shifted = [[reports.index(REPORTS[i]) for i in rows] for rows in members]
        _, lineage = traced(between, *shifted, reports=reports)
        assert not {"r01", "r04", "r05", "r06"} & set(lineage["report_ids"].explode())
        assert ids[1] not in lineage.index
