"""What a person changed in the topics is changed again at every run, or listed as unfit."""

from typing import Any, cast

import numpy as np
import pytest
from scipy import sparse

from pipeline.cluster.edits import apply_edits
from pipeline.cluster.edits_file import Edit, read_edits
from pipeline.cluster.grouping import Grouping, KeptTogether, group_by_consensus
from pipeline.cluster.ids import group_id
from pipeline.cluster.large import group_by_graph
from pipeline.cluster.similarity import ReportSpace, centred
from pipeline.errors import InputError
from pipeline.frames import to_arrow

ROW_OF = {f"r{i}": i for i in range(10)} | {"copy of r0": 0}
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, -1])
IDS = ["T-a", "T-b", "T-c"]


def grouping():
    weights = sparse.csr_matrix(
        np.where(LABELS[:, None] == np.arange(3), 0.8, 0.0) + 0.2 * np.eye(10)[:, 4:7]
    )

    def kept_together(rows):
        return 1 / len(rows)

    return Grouping(LABELS, weights, np.full(3, 0.5), [], cast(KeptTogether, kept_together))


def edited(*edits):
    found = apply_edits(grouping(), IDS, ROW_OF, [Edit.model_validate(e) for e in edits])
    to_arrow("topic_edits", found.outcomes)
    return found


def groups(found):
    return dict(zip(found.topic_ids, found.members(), strict=True))


def test_without_edits_the_topics_are_the_machines():
    found = edited()
    assert groups(found) == {"T-a": [0, 1, 2, 3], "T-b": [4, 5, 6], "T-c": [7, 8]}
    assert found.stability.tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            {"tee": "yhdistä", "aiheet": ["T-c", "T-b"]},
            {"T-c": [4, 5, 6, 7, 8], "T-a": [0, 1, 2, 3]},
        ),
        (
            {"tee": "jaa", "aihe": "T-a", "raportit": ["r0", "r1"]},
            {"T-b": [4, 5, 6], "T-a": [2, 3], "T-c": [7, 8], group_id("T", ["r0", "r1"]): [0, 1]},
        ),
        (
            {"tee": "poista", "aihe": "T-a", "raportit": ["copy of r0"]},
            {"T-a": [1, 2, 3], "T-b": [4, 5, 6], "T-c": [7, 8]},
        ),
        (
            {"tee": "lisää", "aihe": "T-c", "raportit": ["r9", "r4"]},
            {"T-a": [0, 1, 2, 3], "T-c": [4, 7, 8, 9], "T-b": [5, 6]},
        ),
        ({"tee": "roska", "aihe": "T-b"}, {"T-a": [0, 1, 2, 3], "T-c": [7, 8]}),
        (
            {"tee": "poista", "aihe": "T-c", "raportit": ["r7", "r8"]},
            {"T-a": [0, 1, 2, 3], "T-b": [4, 5, 6]},
        ),
    ],
    ids=["merge", "split", "remove", "add", "junk", "remove all"],
)
def test_an_edit_changes_who_is_in_a_topic(edit, expected):
    found = edited(edit)
    assert groups(found) == expected
    assert found.outcomes["state"].tolist() == ["applied"]
    assert found.stability.tolist() == [1 / len(rows) for rows in groups(found).values()]
    own = np.array(found.weights.todense())
    for topic, rows in enumerate(found.members()):
        assert (own[rows, topic] > 0).all()


def test_the_labels_number_the_topics_from_the_largest():
    found = edited({"tee": "yhdistä", "aiheet": ["T-c", "T-b"]})
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert sizes.tolist() == [5, 4]


def test_a_report_that_a_person_added_weighs_one_and_a_removed_one_nothing():
    found = edited({"tee": "lisää", "aihe": "T-c", "raportit": ["r9"]})
    assert found.weights[9, found.topic_ids.index("T-c")] == 1
    found = edited({"tee": "poista", "aihe": "T-a", "raportit": ["r0"]})
    assert found.weights[0, found.topic_ids.index("T-a")] == 0


def test_later_edits_see_what_earlier_ones_did():
    part = group_id("T", ["r0", "r1"])
    found = edited(
        {"tee": "jaa", "aihe": "T-a", "raportit": ["r0", "r1"], "nimi": "osa"},
        {"tee": "yhdistä", "aiheet": ["T-c", part], "nimi": "yhdessä"},
        {"tee": "nimeä", "aihe": part, "nimi": "myöhässä"},
    )
    assert groups(found)["T-c"] == [0, 1, 7, 8]
    assert found.names["T-c"] == "yhdessä"
    assert found.outcomes["state"].tolist() == ["applied", "applied", "unfit"]


def test_a_topic_is_found_by_its_reports_when_ids_are_new():
    found = edited({"tee": "nimeä", "aihe": ["r4", "r5", "r0"], "nimi": "jonot"})
    assert found.names == {"T-b": "jonot"}


@pytest.mark.parametrize(
    "edit",
    [
        {"tee": "nimeä", "aihe": "T-x", "nimi": "jonot"},
        {"tee": "nimeä", "aihe": ["r0", "r4"], "nimi": "jonot"},
        {"tee": "nimeä", "aihe": ["gone", "r9"], "nimi": "jonot"},
        {"tee": "poista", "aihe": "T-a", "raportit": ["r9", "gone"]},
        {"tee": "yhdistä", "aiheet": ["T-a", ["r0"]]},
        {"tee": "roska", "aihe": "T-x"},
    ],
    ids=["no such id", "half is not most", "unknown reports", "not in it", "with itself", "junk"],
)
def test_what_no_longer_fits_is_left_undone_and_says_why(edit):
    found = edited(edit)
    assert groups(found) == groups(edited())
    assert found.names == {}
    assert found.outcomes["state"].tolist() == ["unfit"]
    assert found.outcomes["reason"][0]


def test_an_edit_that_fits_in_part_names_the_reports_left_out():
    found = edited({"tee": "poista", "aihe": "T-a", "raportit": ["r0", "r9"]})
    assert found.outcomes["state"].tolist() == ["partly"]
    assert found.outcomes["reason"][0].endswith(": r9")


def by_graph(vectors):
    return group_by_graph(
        vectors, min_topic_reports=3, min_weight=0.1, seed=0, progress=lambda *step: None
    )


def by_consensus(vectors):
    space = ReportSpace(
        vectors,
        vectors @ vectors.T,
        np.arange(len(vectors)),
        sparse.csr_matrix((len(vectors), 1)),
        np.zeros((len(vectors), 1), dtype=np.float32),
    )
    shape: dict[str, Any] = {"n_runs": 10, "min_topic_reports": 3, "min_weight": 0.1}
    return group_by_consensus(space, **shape, seed=0, progress=lambda *step: None)


@pytest.mark.parametrize("group", [by_graph, by_consensus])
def test_the_stability_of_any_set_of_reports_is_that_of_a_topic_with_them(group):
    rng = np.random.default_rng(0)
    centres = np.eye(8)[np.arange(60) % 4]
    found = group(centred((centres + 0.3 * rng.normal(size=(60, 8))).astype(np.float32)))
    kept = [found.kept_together(rows) for rows in found.members()]
    assert kept == pytest.approx(found.stability.tolist(), abs=1e-5)
    assert found.kept_together(list(range(60))) < min(kept)
    assert found.kept_together([3]) == 1


def test_the_file_is_read_in_order(tmp_path):
    (tmp_path / "edits.toml").write_text(
        '[[muokkaus]]\ntee = "nimeä"\naihe = "T-a"\nnimi = "jonot"\n'
        '[[muokkaus]]\ntee = "yhdistä"\naiheet = ["T-a", ["r4", "r5"]]\nmuistio = "sama asia"\n',
        encoding="utf-8",
    )
    first, second = read_edits(tmp_path)
    assert (first.action, first.refs, first.name) == ("nimeä", ("T-a",), "jonot")
    assert second.refs == ("T-a", ("r4", "r5"))


def test_english_keys_and_actions_are_read_too(tmp_path):
    (tmp_path / "edits.toml").write_bytes(
        b'\xef\xbb\xbf[[edit]]\r\naction = "rename"\r\ntopic = "T-a"\r\nname = "jonot"\r\n'
        b'[[edit]]\r\naction = "merge"\r\ntopics = ["T-a", "T-b"]\r\n'
    )
    first, second = read_edits(tmp_path)
    assert (first.action, first.refs, first.name) == ("nimeä", ("T-a",), "jonot")
    assert (second.action, second.refs) == ("yhdistä", ("T-a", "T-b"))


def test_no_file_is_no_edits(tmp_path):
    assert read_edits(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[muokkaus]\n", "not valid TOML"),
        ("[muokkaus]\ntee = 'roska'\n", "paragraphs only"),
        ("[[editing]]\n", "paragraphs only"),
        ("[[muokkaus]]\ntee = 'delete'\naihe = 'T-a'\n", "edit 1, tee"),
        ("[[muokkaus]]\ntee = 'roska'\n", "roska takes aihe"),
        ("[[muokkaus]]\ntee = 'roska'\naihe = 'T-a'\nnimi = 'x'\n", "roska takes aihe"),
        ("[[muokkaus]]\ntee = 'roska'\naihe = 'T-a'\nväri = 'x'\n", "not valid TOML"),
        ("[[muokkaus]]\ntee = 'roska'\naihe = 'T-a'\nvari = 'x'\n", "edit 1, vari"),
        ("[[muokkaus]]\ntee = 'yhdistä'\naiheet = ['T-a']\n", "two topics or more"),
    ],
    ids=["toml", "table", "name", "action", "missing", "not for it", "key", "unknown", "alone"],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path, text, complaint):
    (tmp_path / "edits.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        read_edits(tmp_path)
