"""Tables are written aside, byte for byte the same, and read back in batches of whole reports."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipeline import artifacts, table_rows, texts
from pipeline.artifacts import Store, sha256_file
from pipeline.errors import ArtifactError
from pipeline.frames import to_frame
from pipeline.tables import TABLES, TEXT_TABLES

SHARED = {"stage": "segment", "config": {}, "inputs": {}, "code": "", "resources": {}} | {
    "seconds": 0.1,
    "made_at": "2026-01-01T00:00:00+00:00",
}


def segments(counts):
    """Return a segments table with ``counts[report_id]`` rows a report."""
    rows = [
        (f"{report}/observation/{i:03d}", report, "observation", i, i + 1, "x", False)
        for report, n in counts.items()
        for i in range(1, n + 1)
    ]
    columns = ["segment_id", "report_id", "field", "start", "end", "text", "client_voice"]
    return pd.DataFrame(rows, columns=columns).assign(language="fi")


def embeddings(frame):
    vectors = pd.Series([np.full(4, i, np.float32) for i in range(len(frame))], dtype=object)
    return pd.DataFrame({"segment_id": frame["segment_id"], "text_key": "", "vector": vectors})


def write(store, name, *frames):
    writer = store.writer(name)
    for frame in frames:
        writer.append(frame)
    writer.close()
    store.finish([writer], SHARED)


@pytest.fixture
def store(study):
    return Store(study)


def test_the_size_of_the_batches_does_not_show_in_the_file(store, monkeypatch):
    monkeypatch.setattr(artifacts, "ROW_GROUP_ROWS", 7)
    frame = segments({"A": 10, "B": 13, "C": 2})
    hashes = []
    for cuts in ([25], [3, 8, 25], list(range(1, 26))):
        parts = [frame.iloc[a:b] for a, b in zip([0, *cuts[:-1]], cuts, strict=True)]
        write(store, "segments", *parts)
        hashes.append(sha256_file(store.path("segments")))
    assert len(set(hashes)) == 1
    pd.testing.assert_frame_equal(store.read("segments"), frame.astype(object), check_dtype=False)


def test_an_unfinished_table_leaves_the_old_one_and_has_no_manifest(store):
    writer = store.writer("segments")
    writer.append(segments({"A": 1}))
    assert store.manifest("segments") is None
    with pytest.raises(ArtifactError, match="segments has not been made"):
        store.read("segments")


def test_a_manifest_states_rows_bytes_and_hash(store):
    write(store, "segments", segments({"A": 3}))
    manifest = json.loads(store.manifest_path("segments").read_text(encoding="utf-8"))
    path = store.path("segments")
    columns = manifest["output"].pop("columns")
    assert set(columns) == {column.name for column in TABLES["segments"].columns}
    assert manifest["output"] == {
        "rows": 3,
        "bytes": path.stat().st_size,
        "sha256": sha256_file(path),
    }
    assert store.is_whole("segments")


def test_a_cut_file_is_not_whole(store):
    write(store, "segments", segments({"A": 3}))
    store.path("segments").write_bytes(store.path("segments").read_bytes()[:-5])
    assert not store.is_whole("segments")
    with pytest.raises(ArtifactError, match="--from segment"):
        store.read("segments")


def side_by_side(store, n_reports):
    names = ("segments", "embeddings")
    readers = [table_rows.ReportReader.of_file(store.open(name)) for name in names]
    return table_rows.batches_of_reports(names, readers, n_reports)


@pytest.mark.parametrize("n_reports", [1, 2, 3, 100])
@pytest.mark.parametrize("read_rows", [1, 2, 5, 1000])
def test_batches_hold_whole_reports_side_by_side(store, monkeypatch, n_reports, read_rows):
    monkeypatch.setattr(table_rows, "_READ_ROWS", read_rows)
    frame = segments({"A": 3, "B/x": 1, "C": 4, "D": 2, "E": 1})
    write(store, "segments", frame)
    write(store, "embeddings", embeddings(frame).iloc[[0, 1, 2, 4, 5, 6, 7, 10]])
    seen, lengths = [], []
    for left, right in side_by_side(store, n_reports):
        assert left["report_id"].nunique() <= n_reports
        ids = set(left["segment_id"])
        assert set(right["segment_id"]) <= ids
        seen += left["segment_id"].tolist()
        lengths.append(len(right))
    assert seen == frame["segment_id"].tolist()
    assert sum(lengths) == 8


def test_a_report_that_the_leading_table_lacks_is_an_error_and_not_lost(store):
    write(store, "segments", segments({"A": 1, "C": 1}))
    write(store, "embeddings", embeddings(segments({"A": 1, "B": 1, "C": 1})))
    with pytest.raises(ArtifactError, match="embeddings holds reports that segments lacks"):
        list(side_by_side(store, 10))


def test_raw_tables_lie_in_a_folder_only_their_owner_reads(store, make_reports):
    write(store, "raw_reports", make_reports({}).drop(columns="language"))
    assert store.path("raw_reports").parent == store.study.raw
    assert store.study.raw.stat().st_mode & 0o777 == 0o700


def test_the_code_hash_covers_templates_and_python_alike():
    assert len(artifacts.code_sha256()) == 64
    assert {".py", ".j2"} <= set(artifacts._CODE_SUFFIXES)


class TestFramesOfArrow:
    """What is read back is Python values, whichever way they lie in chunks."""

    CHUNKS = pa.table({
        "a": pa.chunked_array([["x", "y"], [], ["x", None]], pa.string()),
        "l": pa.chunked_array([[["p", "q"], []], [], [["p"], ["z", "p"]]], pa.list_(pa.string())),
    })  # fmt: skip

    @pytest.mark.parametrize("start", range(5))
    @pytest.mark.parametrize("n_rows", range(5))
    def test_texts_and_lists_are_those_that_arrow_tells(self, start, n_rows):
        part = self.CHUNKS.slice(start, n_rows)
        frame = to_frame(part)
        assert frame["a"].tolist() == part.column("a").to_pylist()
        assert frame["l"].tolist() == part.column("l").to_pylist()
        assert all(type(one) is list for one in frame["l"])

    def test_no_two_rows_share_a_list(self):
        first, *_, last = to_frame(self.CHUNKS)["l"]
        first.append("more")
        assert last == ["z", "p"]

    def test_a_table_without_rows_has_its_columns(self):
        assert list(to_frame(self.CHUNKS.schema.empty_table())) == ["a", "l"]


def test_vectors_in_one_block_are_not_copied_and_others_are(store):
    frame = segments({"A": 3, "B": 2})
    write(store, "embeddings", embeddings(frame))
    held = store.read("embeddings")["vector"]
    whole = texts._matrix(held)
    assert np.shares_memory(whole, held[0])
    np.testing.assert_array_equal(whole, np.stack(held.tolist()))
    turned = held.iloc[[0, 3, 2, 1, 4]]
    np.testing.assert_array_equal(texts._matrix(turned), np.stack(turned.tolist()))
    assert not np.shares_memory(texts._matrix(held.iloc[:2]), held[0])


def test_texts_read_a_table_when_it_is_asked_for():
    asked = []

    def read(name, *columns):
        asked.append(name)
        assert "text_key" not in columns
        return pd.DataFrame({"report_id": ["A"]})

    lazy = texts.Texts.lazily(read)
    assert asked == []
    assert lazy.reports is lazy.reports
    assert asked == ["reports"]
    with pytest.raises(AttributeError):
        _ = lazy.topics  # type: ignore[attr-defined]  # what it must refuse
    fewer = lazy.of(lazy.reports)
    assert sorted(asked) == sorted(TEXT_TABLES)
    assert fewer.tokens is lazy.tokens


@pytest.mark.parametrize("is_lazy", [True, False])
@pytest.mark.parametrize("rows", [[0, 1, 2, 3, 4], [3, 1], [4, 3, 2, 1, 0], []])
def test_vectors_that_are_taken_may_be_changed_by_who_takes_them(store, is_lazy, rows):
    frame = segments({"A": 3, "B": 2})
    write(store, "embeddings", embeddings(frame))
    ids = frame["segment_id"].tolist()

    def read(name, *columns):
        return store.read(name, *columns) if name == "embeddings" else pd.DataFrame()

    lazy = texts.Texts.lazily(read)
    held = lazy if is_lazy else texts.Texts(*map(read, TEXT_TABLES))
    taken = held.take_segment_vectors([ids[row] for row in rows])
    assert taken[:, 0].tolist() == rows
    taken += 9
    assert held.segment_vectors(ids)[:, 0].tolist() == [0, 1, 2, 3, 4]


def test_vectors_that_are_taken_of_texts_read_lazily_are_not_held_twice(store):
    frame = segments({"A": 3, "B": 2})
    write(store, "embeddings", embeddings(frame))
    lazy = texts.Texts.lazily(store.read)
    lazy.take_segment_vectors(frame["segment_id"].tolist())
    assert "embeddings" not in lazy.__dict__
    with pytest.raises(KeyError, match="without a vector"):
        lazy.take_segment_vectors(["C/observation/001"])
