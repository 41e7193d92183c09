"""The tables of vectors are their own cache: a text is encoded once, and forgotten with its row."""

import hashlib
import os
import signal

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_export import N_REPORTS, rows, write_export

from pipeline.artifacts import Store, TableWriter
from pipeline.config import load_settings
from pipeline.embed import kept_vectors, needs
from pipeline.embed.hashing import HashingEncoder
from pipeline.embed.kept_vectors import KeptVectors, KeyedEncoder, TextKeys, rounded
from pipeline.errors import ArtifactError
from pipeline.run import Plan, Silence, run

SECRET = b"s" * 32
KEYS = TextKeys(SECRET, {"name": "hashing/8"})
TABLES = ("embeddings", "report_embeddings")
LATE = "Uusi virke puistosta ja penkeistä."


class CountingEncoder(HashingEncoder):
    """Counts what the model is asked for."""

    def __init__(self, n_dims=256):
        super().__init__(n_dims)
        self.encoded = []

    def encode(self, texts, *, progress=None):
        self.encoded += texts
        return super().encode(texts, progress=progress)


@pytest.fixture
def counting(monkeypatch):
    """Count the texts that a run's encoder is asked for."""
    encoder = CountingEncoder()
    monkeypatch.setattr(needs, "make_encoder", lambda config, root: encoder)
    return encoder


def go(study, *overrides, **plan):
    settings = load_settings(study.settings_file, overrides)
    return run(study, settings, Plan(**plan), Silence())


def bytes_of(study):
    return [Store(study).path(name).read_bytes() for name in TABLES]


def table_file(path, texts, name="embeddings"):
    """Write a table of the vectors of some texts."""
    writer = TableWriter(name, path)
    keys, vectors = KeyedEncoder(HashingEncoder(8), KEYS).encode(texts)
    key, vector = pd.Series(keys), pd.Series(list(vectors), dtype=object)
    writer.append(pd.DataFrame({"segment_id": key, "text_key": key, "vector": vector}))
    writer.close()
    writer.part.replace(path)
    return name, path


def test_only_new_and_changed_texts_are_encoded(finished_copy, counting):
    changed = rows()
    changed[3]["observation"] += f" {LATE}"
    write_export(finished_copy.inputs / "raportit.csv", changed)
    go(finished_copy, last="embed")
    store = Store(finished_copy)
    passage = store.read("reports").set_index("report_id").loc["R04"]
    assert sorted(counting.encoded) == sorted(
        [LATE, f"{passage['observation']}\n{passage['proposal']}".strip()]
    )


def test_a_stage_made_anew_encodes_nothing_and_makes_the_same_bytes(finished_copy, counting):
    before = bytes_of(finished_copy)
    go(finished_copy, first="embed", last="embed")
    assert counting.encoded == []
    assert bytes_of(finished_copy) == before


def test_without_tables_the_same_bytes_are_made_by_encoding_all(finished_copy, counting):
    before = bytes_of(finished_copy)
    for name in TABLES:
        Store(finished_copy).path(name).unlink()
    go(finished_copy, last="embed")
    assert len(counting.encoded) > N_REPORTS
    assert bytes_of(finished_copy) == before


@pytest.mark.parametrize("what", ["another encoder", "another secret"])
def test_what_another_encoder_or_secret_keyed_is_not_taken(finished_copy, monkeypatch, what):
    before = Store(finished_copy).read("embeddings", "text_key")["text_key"]
    encoder = CountingEncoder(128 if what == "another encoder" else 256)
    monkeypatch.setattr(needs, "make_encoder", lambda config, root: encoder)
    if what == "another encoder":
        monkeypatch.setattr(needs, "encoder_identity", lambda config, root: {"name": "other"})
    else:
        finished_copy.secret_file.write_text("ab" * 32, encoding="utf-8")
    go(finished_copy, last="embed")
    segments = Store(finished_copy).read("segments")["text"]
    assert set(segments) <= set(encoder.encoded)
    after = Store(finished_copy).read("embeddings", "text_key")["text_key"]
    assert not set(before) & set(after)


def test_vectors_of_a_removed_report_are_gone_even_if_the_run_stops_after_embed(finished_copy):
    store = Store(finished_copy)
    old = {key for name in TABLES for key in store.read(name, "text_key")["text_key"]}
    write_export(finished_copy.inputs / "raportit.csv", rows()[1:])
    go(finished_copy, last="embed")
    keys = [key for name in TABLES for key in store.read(name, "text_key")["text_key"]]
    assert len(keys) == len(store.read("segments")) + N_REPORTS - 1
    assert set(keys) < old
    assert not any(finished_copy.tables.glob(".parts/embed/*"))


def test_the_cache_of_earlier_versions_is_deleted(finished_copy):
    former = finished_copy.cache / "vectors.sqlite"
    former.write_bytes(b"vectors of reports that somebody may erase")
    go(finished_copy, first="embed", last="embed")
    assert not former.exists()


def test_a_run_killed_within_embed_encodes_no_finished_part_again(finished_copy, counting):
    """Also where the part itself is not taken, since something else of it has changed."""
    whole = bytes_of(finished_copy)
    for name in TABLES:
        Store(finished_copy).path(name).unlink()
    child = os.fork()
    if child == 0:
        put_in_place, n_closed = TableWriter.close, 0

        def dying(self):
            nonlocal n_closed
            put_in_place(self)
            n_closed += self.name == "report_embeddings"
            if n_closed == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        TableWriter.close = dying  # type: ignore[method-assign]
        go(finished_copy, last="embed")
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    parts = sorted(finished_copy.tables.glob(".parts/embed/*.embeddings.parquet"))
    assert len(parts) >= 2
    for note in finished_copy.tables.glob(".parts/embed/*.json"):
        note.unlink()  # the parts are no longer taken as they are
    held = {key for path in finished_copy.tables.glob(".parts/embed/*.parquet")
            for key in pq.read_table(path)["text_key"].to_pylist()}  # fmt: skip
    go(finished_copy, last="embed")
    assert bytes_of(finished_copy) == whole
    store = Store(finished_copy)
    known = store.read("embeddings", "text_key")["text_key"].isin(held)
    texts = store.read("segments")["text"]
    assert 0 < known.sum() < len(known)
    assert not set(texts[known]) & set(counting.encoded)
    assert set(texts[~known]) <= set(counting.encoded)


def test_a_damaged_table_says_what_to_do(tmp_path):
    name, path = table_file(tmp_path / "e.parquet", [f"Lause {i}." for i in range(50)])
    kept = KeptVectors([(name, path)])
    content = bytearray(path.read_bytes())
    content[4:-400] = b"\xff" * (len(content) - 404)
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match="Delete it and run again"):
        kept.find([KEYS.of("Lause 7.")])


def test_what_is_no_table_of_today_holds_nothing(tmp_path):
    broken = tmp_path / "b.parquet"
    broken.write_bytes(b"not a table")
    older = tmp_path / "o.parquet"
    pq.write_table(pq.read_table(table_file(older, ["Lause."])[1]).drop_columns("text_key"), older)
    files = [("embeddings", path) for path in (broken, older, tmp_path / "none.parquet")]
    assert KeptVectors(files).find([KEYS.of("Lause.")]) == {}


@pytest.mark.parametrize("max_groups", [1, 4])
def test_vectors_are_found_wherever_they_lie(tmp_path, monkeypatch, max_groups):
    monkeypatch.setattr("pipeline.artifacts.ROW_GROUP_ROWS", 7)
    monkeypatch.setattr(kept_vectors, "_MAX_GROUPS", max_groups)
    texts = [f"Lause numero {i}." for i in range(40)]
    files = [
        table_file(tmp_path / "a.parquet", texts[:25]),
        table_file(tmp_path / "b.parquet", texts[20:]),
    ]
    encoder = CountingEncoder(8)
    keyed = KeyedEncoder(encoder, KEYS, KeptVectors(files))
    order = np.random.default_rng(0).permutation(40)
    for chosen in (order[:15], order[15:], np.arange(40)):
        asked = [*(texts[i] for i in chosen), "Uusi."]
        keys, vectors = keyed.encode(asked)
        assert keys == [KEYS.of(text) for text in asked]
        np.testing.assert_array_equal(vectors, rounded(HashingEncoder(8).encode(asked)))
    assert encoder.encoded == ["Uusi."] * 3


def test_keys_tell_no_text_and_another_study_s_are_others():
    text = "Salainen lause."
    key = KEYS.of(text)
    assert len(key) == 32
    assert key not in hashlib.sha256(text.encode()).hexdigest()
    assert key == TextKeys(SECRET, {"name": "hashing/8"}).of(text)
    assert key != TextKeys(b"t" * 32, {"name": "hashing/8"}).of(text)
    assert key != TextKeys(SECRET, {"name": "hashing/8", "weights": "1"}).of(text)


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=20))
def test_rounding_keeps_numbers_within_its_bound_and_is_done_once(numbers):
    vectors = np.array([numbers], dtype=np.float32)
    once = rounded(vectors)
    assert once.dtype == np.float32
    assert np.abs(once - vectors).max() <= 0.0003
    np.testing.assert_array_equal(rounded(once), once)
