"""The sentences of the shipped taxonomies are found encoded, as the encoder would encode them."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pipeline.embed.embed import EmbedConfig
from pipeline.embed.encoders import make_encoder
from pipeline.embed.hashing import HashingEncoder
from pipeline.embed.protocol import Vectors
from pipeline.embed.shipped_vectors import WithShipped, shipped_vectors, write_vectors

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from make_example_vectors import shipped_texts

ROOT = Path(__file__).parents[1]


class Counting(HashingEncoder):
    """The encoder of the tests, under the name of the default one; notes what it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @property
    def name(self) -> str:
        return make_encoder(EmbedConfig(), ROOT).name

    @property
    def n_dims(self) -> int:
        return 384

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        self.asked += texts
        return np.zeros((len(texts), 384), dtype=np.float32)


def test_no_shipped_sentence_is_encoded_in_a_study() -> None:
    encoder = Counting()
    WithShipped(encoder).encode(shipped_texts())
    assert not encoder.asked, "Run: python benchmarks/make_example_vectors.py"


def test_other_texts_are_encoded_and_stand_in_their_places() -> None:
    encoder = Counting()
    known = shipped_texts()[0]
    found = WithShipped(encoder).encode(["Muu lause.", known, "Toinen lause."])
    assert encoder.asked == ["Muu lause.", "Toinen lause."]
    assert found.any(axis=1).tolist() == [False, True, False]
    assert np.isclose(np.linalg.norm(found[1]), 1)


def test_the_shipped_vectors_are_those_of_the_encoder() -> None:
    encoder, texts = make_encoder(EmbedConfig(), ROOT), shipped_texts()[::400]
    cosines = (WithShipped(encoder).encode(texts) * encoder.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.999  # processors without VNNI round otherwise; other texts are at .9


def test_another_encoder_encodes_everything_itself(tmp_path: Path) -> None:
    encoder, texts = HashingEncoder(), shipped_texts()[:3]
    assert not shipped_vectors(encoder.name)
    assert np.array_equal(WithShipped(encoder).encode(texts), encoder.encode(texts))


def test_the_file_is_the_same_for_the_same_texts(tmp_path: Path) -> None:
    for name, texts in (("a.npz", ["Yksi.", "Kaksi."]), ("b.npz", ["Kaksi.", "Yksi.", "Yksi."])):
        write_vectors(tmp_path / name, HashingEncoder(), texts)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
