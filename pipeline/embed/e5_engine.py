"""Run multilingual-e5-small on ONNX Runtime: from token ids to weighted sums of their states.

The graph is shipped without weights; they are made from the file of weights at every start, in a
third of a second, so nothing is kept on disk. Nothing is sent anywhere either: ONNX Runtime's
wheels from 1.29 on report their use to their maker, so an older one is pinned, and its reporting is
turned off as well, here and by :mod:`pipeline` itself before anything can import it.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.embed.e5_file import E5File
from pipeline.embed.e5_tensors import N_SCALES, Precision, Tensors, int7_tensors, q4_tensors
from pipeline.embed.unigram import UnigramTokenizer
from pipeline.errors import ResourceError
from pipeline.resources import shipped

SCALES_FILE = "e5_smooth.npy"
OLDEST, NEWEST_BEFORE = (1, 23), (1, 29)
"""Versions of ONNX Runtime that know the graph's operators, and that send nothing."""


@dataclass(frozen=True, eq=False)
class E5Engine:
    """The model, ready to run; safe to call from several threads.

    Attributes
    ----------
    file : E5File
    tokenizer : UnigramTokenizer
    places : ndarray of shape (n_places, 384)
        Added to the token at each place of a window.
    session : onnxruntime.InferenceSession
    """

    file: E5File
    tokenizer: UnigramTokenizer
    places: NDArray[np.float32]
    session: Any

    def weighted_sum(
        self, ids: NDArray[np.int64], weights: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the sum of the last states of one window of tokens.

        Parameters
        ----------
        ids : ndarray of shape (n_tokens,)
            Start and end included; at most 512.
        weights : ndarray of shape (n_tokens,)

        Returns
        -------
        ndarray of shape (384,)
        """
        tokens = self.file.word_vectors(ids) + self.places[: len(ids)]
        pooled = self.session.run(["pooled"], {"x": tokens[None], "w": weights[None, None]})[0]
        return np.asarray(pooled[0, 0], dtype=np.float32)


def graph_file(precision: Precision) -> Path:
    """Return the graph without weights."""
    return shipped("models", "e5", f"e5_{precision}.onnx")


@lru_cache(maxsize=1)
def runtime_version() -> str:
    """Return ONNX Runtime's version without importing it; it stands in the key of every vector."""
    return version("onnxruntime")


@lru_cache(maxsize=2)
def load_engine(weights: Path, precision: Precision) -> E5Engine:
    """Load the model; one engine a process serves all encoders of the same weights.

    Parameters
    ----------
    weights : Path
    precision : {"int7", "q4"}

    Raises
    ------
    ResourceError
        When the weights are damaged, or ONNX Runtime is missing or of a wrong version.
    """
    file = E5File(weights)
    if precision == "int7":
        scales = np.load(shipped("models", "e5", SCALES_FILE)).astype(np.float32)
        if scales.shape != (N_SCALES,):
            raise ResourceError(
                "{scales_file} must hold {n_scales} scales. Got the shape {shape}. "
                "Install havainto again.",
                scales_file=SCALES_FILE,
                n_scales=N_SCALES,
                shape=scales.shape,
            )
        tensors = int7_tensors(file, scales)
    else:
        tensors = q4_tensors(file)
    session = start_session(graph_file(precision).read_bytes(), tensors)
    return E5Engine(file, UnigramTokenizer(file.vocabulary), file.place_vectors(), session)


def start_session(graph: bytes, tensors: Tensors) -> Any:
    """Return an ONNX Runtime session of a graph and its tensors, on one thread.

    Parallelism comes from the calls, so that a vector depends neither on threads nor on what else
    is encoded. Only basic optimisations: the next level fuses addition and normalisation into an
    operator that is six times slower on a processor.
    """
    ort = _runtime()
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    values = [ort.OrtValue.ortvalue_from_numpy(tensor) for tensor in tensors.values()]
    options.add_external_initializers(list(tensors), values)
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _runtime() -> Any:
    """Import ONNX Runtime with its reporting off."""
    try:
        import onnxruntime
    except ImportError as err:
        raise ResourceError(
            "ONNX Runtime, which runs the encoder, is not installed. "
            "Install it: pip install onnxruntime==1.26.0"
        ) from err
    found = tuple(int(part) for part in onnxruntime.__version__.split(".")[:2])
    if not OLDEST <= found < NEWEST_BEFORE:
        raise ResourceError(
            "onnxruntime must be from {oldest} on and older than {newest_before}, which "
            "reports its use over the network. Got {version__}. Install it: pip install "
            "onnxruntime==1.26.0",
            oldest=_dotted(OLDEST),
            newest_before=_dotted(NEWEST_BEFORE),
            version__=onnxruntime.__version__,
        )
    onnxruntime.disable_telemetry_events()
    return onnxruntime


def _dotted(parts: tuple[int, int]) -> str:
    return ".".join(map(str, parts))
