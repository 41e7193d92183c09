"""The tensors of the encoder's graphs, made from the file of weights.

Two graphs are shipped, both without weights. ``int7`` computes with 8-bit integers whose weights
keep to 7 bits, since processors without VNNI add pairs of products in 16 bits and would saturate.
Channels with large inputs are first scaled down and their weights up (Xiao et al. 2023,
"SmoothQuant", doi 10.48550/arXiv.2211.10438), which the shipped scales say by how much. ``q4``
keeps the file's own 4-bit blocks and computes with floats: the model as it was given.
"""

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.embed.e5_file import N_DIMS, N_INNER, N_LAYERS, E5File

Precision = Literal["int7", "q4"]
Tensors = dict[str, NDArray[np.generic]]
Floats = NDArray[np.float32]

_LARGEST = np.float32(63)
"""Largest weight of 7 bits and a sign."""

N_SCALES = N_LAYERS * (3 * N_DIMS + N_INNER)
"""Channel scales: of the inputs of attention, of its output, and of the two inner matrices."""


def int7_tensors(file: E5File, scales: Floats) -> Tensors:
    """Return the tensors of the graph ``int7``.

    Parameters
    ----------
    file : E5File
    scales : ndarray of shape (32256,)
        Input scale of every channel, layer by layer in the order of :data:`N_SCALES`.

    Returns
    -------
    dict of str to ndarray
        By the names of the graph. A matrix has ``.q`` (int8, inputs x outputs), ``.s`` (float32, a
        scale an output) and ``.b`` (bias); ``.inv`` divides an input by its scales.
    """
    tensors = _norm(file, "e", "emb.ln")
    for layer, (attention, context, inner, last) in enumerate(_by_layer(scales)):
        stem = f"l{layer}."
        before = f"l{layer - 1}.x" if layer else "e"
        tensors[f"{before}.inv"] = 1 / attention
        tensors[f"{stem}a.inv"] = 1 / inner
        tensors[f"{stem}g.inv"] = 1 / last
        weights, bias = _merged(file, stem)
        # The scale of the attention's output is a scale of its values, and costs nothing there.
        weights[-N_DIMS:] /= context[:, None]
        bias[-N_DIMS:] /= context
        tensors |= _int7(f"{stem}qkv", weights * attention, bias)
        for name, n_inputs, scale in (
            ("ao", N_DIMS, context),
            ("fi", N_DIMS, inner),
            ("fo", N_INNER, last),
        ):
            matrix = file.matrix(f"{stem}{name}.w", n_inputs) * scale
            tensors |= _int7(f"{stem}{name}", matrix, file.floats(f"{stem}{name}.b"))
        tensors |= _norm(file, f"{stem}a", f"{stem}aln") | _norm(file, f"{stem}x", f"{stem}oln")
    return tensors


def q4_tensors(file: E5File) -> Tensors:
    """Return the tensors of the graph ``q4``.

    A matrix has ``.q`` (two numbers a byte, low one first, outputs x blocks x 16), ``.s`` (float32,
    a scale a block) and ``.b`` (bias).
    """

    def matrix(stem: str, names: tuple[str, ...], n_inputs: int) -> Tensors:
        parts = [file.blocks(f"{name}.w", n_inputs) for name in names]
        numbers = np.concatenate([numbers for numbers, _ in parts])
        return {
            f"{stem}.q": np.ascontiguousarray(numbers[..., ::2] | (numbers[..., 1::2] << 4)),
            f"{stem}.s": np.concatenate([scales.ravel() for _, scales in parts]),
            f"{stem}.b": np.concatenate([file.floats(f"{name}.b") for name in names]),
        }

    return _by_matrix(file, matrix)


def float_tensors(file: E5File) -> Tensors:
    """Return the tensors of a graph in 32-bit floats, for calibration and comparison.

    A matrix has ``.q`` (float32, inputs x outputs) and ``.b`` (bias).
    """

    def matrix(stem: str, names: tuple[str, ...], n_inputs: int) -> Tensors:
        weights = np.concatenate([file.matrix(f"{name}.w", n_inputs) for name in names])
        return {
            f"{stem}.q": np.ascontiguousarray(weights.T),
            f"{stem}.b": np.concatenate([file.floats(f"{name}.b") for name in names]),
        }

    return _by_matrix(file, matrix)


def _by_matrix(file: E5File, matrix: Callable[[str, tuple[str, ...], int], Tensors]) -> Tensors:
    """Gather the tensors of every layer, matrices made by a function of their own."""
    tensors = _norm(file, "e", "emb.ln")
    for layer in range(N_LAYERS):
        stem = f"l{layer}."
        tensors |= matrix(f"{stem}qkv", (f"{stem}q", f"{stem}k", f"{stem}v"), N_DIMS)
        for name, n_inputs in (("ao", N_DIMS), ("fi", N_DIMS), ("fo", N_INNER)):
            tensors |= matrix(f"{stem}{name}", (f"{stem}{name}",), n_inputs)
        tensors |= _norm(file, f"{stem}a", f"{stem}aln") | _norm(file, f"{stem}x", f"{stem}oln")
    return tensors


def _by_layer(scales: Floats) -> Iterator[list[Floats]]:
    """Cut the scales into the four of each layer."""
    ends = np.cumsum([N_DIMS, N_DIMS, N_DIMS])
    for of_layer in scales.reshape(N_LAYERS, -1):
        yield np.split(of_layer, ends)


def _merged(file: E5File, stem: str) -> tuple[Floats, Floats]:
    """Return the matrices of queries, keys and values as one, and their bias."""
    weights = np.concatenate([file.matrix(f"{stem}{name}.w", N_DIMS) for name in "qkv"])
    return weights, np.concatenate([file.floats(f"{stem}{name}.b") for name in "qkv"])


def _int7(name: str, matrix: Floats, bias: Floats) -> Tensors:
    """Round each output's weights to whole multiples of its own scale."""
    scales = np.abs(matrix).max(axis=1) / _LARGEST
    whole = np.rint(matrix / scales[:, None]).astype(np.int8)
    return {f"{name}.q": np.ascontiguousarray(whole.T), f"{name}.s": scales, f"{name}.b": bias}


def _norm(file: E5File, name: str, stem: str) -> Tensors:
    """Return gain and bias of a layer's normalisation."""
    return {f"{name}.g": file.floats(f"{stem}.w"), f"{name}.bb": file.floats(f"{stem}.b")}
