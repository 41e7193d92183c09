"""Write the encoder's graphs without weights and its channel scales anew, into models/e5/.

    python benchmarks/make_encoder.py

Needs onnx (dev). The scales are the square roots of the largest absolute input of every channel
over 24 reports of the synthetic demo corpus, computed in 32-bit floats (SmoothQuant's alpha of .5).
"""

from pathlib import Path

import numpy as np
from demo_texts import demo_reports
from encoder_graph import encoder_graph, scaled_inputs
from numpy.typing import NDArray
from onnx import TensorProto, helper

from pipeline.artifacts import sha256_file
from pipeline.embed.e5_engine import SCALES_FILE, start_session
from pipeline.embed.e5_file import E5File, find_weights
from pipeline.embed.e5_tensors import float_tensors
from pipeline.embed.unigram import UnigramTokenizer

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "models" / "e5"
_N_TEXTS = 24
_FLOOR = 1e-5


def channel_scales(texts: list[str], file: E5File) -> NDArray[np.float16]:
    """Return the scales over some texts, all inputs after one another."""
    names = scaled_inputs()
    graph = encoder_graph("float32")
    graph.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    session = start_session(graph.SerializeToString(), float_tensors(file))
    tokenizer = UnigramTokenizer(file.vocabulary)
    places = file.place_vectors()
    start, end = file.vocabulary.start, file.vocabulary.end
    largest = [np.float32(_FLOOR)] * len(names)
    for text in texts:
        ids = np.array([start, *tokenizer(f"passage: {text}")[:510], end])
        x = (file.word_vectors(ids) + places[: len(ids)])[None]
        states = session.run(names, {"x": x, "w": np.ones((1, 1, len(ids)), np.float32)})
        largest = [
            np.maximum(a, np.abs(b[0]).max(axis=0)) for a, b in zip(largest, states, strict=True)
        ]
    return np.sqrt(np.concatenate(largest)).astype(np.float16)


def calibration_texts() -> list[str]:
    """Return 24 reports spread evenly over the demo corpus: observation and proposal."""
    texts = list(demo_reports().values())
    return texts[:: len(texts) // _N_TEXTS][:_N_TEXTS]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for kind in ("int7", "q4"):
        (FOLDER / f"e5_{kind}.onnx").write_bytes(encoder_graph(kind).SerializeToString())
    np.save(FOLDER / SCALES_FILE, channel_scales(calibration_texts(), E5File(find_weights())))
    for path in sorted(FOLDER.glob("e5_*")):
        print(f"{path.name:<16} {path.stat().st_size:>7} bytes  {sha256_file(path)}")


if __name__ == "__main__":
    main()
