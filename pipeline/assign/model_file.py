"""Save a fitted mapper as plain numbers with the values of its card, and read it back.

A model is two files: ``NAME.npz`` with arrays, read without pickle, and ``NAME.json``, which holds
everything else: what it was learnt from, how well it does on reports it had not seen, and the
small numbers. The parts of the mapper are written field by field, as their classes declare them.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.assign.fitted import FittedThemes
from pipeline.errors import ArtifactError
from pipeline.packing import OtherVersion, pack, unpack
from pipeline.spreadsheet import write_private

FORMAT = 3
MAX_ARRAY_BYTES = 1 << 30
_BROKEN = (
    *(AttributeError, EOFError, IndexError, KeyError, MemoryError, TypeError, ValueError),
    *(OSError, RecursionError, zipfile.BadZipFile, zlib.error),
)


@dataclass(frozen=True)
class SavedModel:
    """A mapper read from a file.

    Attributes
    ----------
    name : str
        Name of the file.
    fitted : FittedThemes
    card : dict
        What it was learnt from and how well it does, of JSON values.
    """

    name: str
    fitted: FittedThemes
    card: dict[str, Any]


def save_model(fitted: FittedThemes, path: Path, card: Mapping[str, Any]) -> None:
    """Write a model for its owner only; each file is renamed into place, the JSON last.

    Parameters
    ----------
    fitted : FittedThemes
    path : Path
        Ends in ``.json``; the arrays lie beside it.
    card : mapping
        What a reader should know, of JSON values.
    """
    arrays: dict[str, np.ndarray] = {}
    parts = pack(fitted, "fitted", arrays)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    content = {
        "format": FORMAT,
        "arrays_sha256": hashlib.sha256(stream.getvalue()).hexdigest(),
        "card": dict(card),
        "fitted": parts,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path.with_suffix(".npz"), stream.getvalue())
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_private(path, text.encode("utf-8"))


def load_model(path: Path) -> SavedModel:
    """Read a model.

    Parameters
    ----------
    path : Path
        The file ending in ``.json``.

    Raises
    ------
    ArtifactError
        When a file is missing, cannot be read, is of another format, or the two do not belong
        together.
    """
    data = path.with_suffix(".npz")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        packed = data.read_bytes()
    except (OSError, ValueError) as err:
        raise ArtifactError(
            "{path} or {data} cannot be read. Give the .json that havainto train wrote, "
            "with its .npz beside it.",
            path=path,
            data=data.name,
        ) from err
    digest = hashlib.sha256(packed).hexdigest()
    known = content if isinstance(content, dict) else {}
    if known.get("format") != FORMAT or known.get("arrays_sha256") != digest:
        raise ArtifactError(
            "{path} and {data} must be of format {format} and belong together. Train the "
            "model again: havainto train",
            path=path,
            data=data.name,
            format=FORMAT,
        )
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            _check_sizes(arrays)
            fitted: FittedThemes = unpack(FittedThemes, content["fitted"], arrays)
        _check_parts(fitted, content["card"])
    except OtherVersion as err:
        raise ArtifactError(
            "{path} was made by another version of Havainto. Train the model again: havainto train",
            path=path,
        ) from err
    except _BROKEN as err:
        raise ArtifactError(
            "{path} or {data} is not whole: a part is missing, of another kind or of "
            "another size than the rest. Take the file again from where it was trained.",
            path=path,
            data=data.name,
        ) from err
    return SavedModel(path.name, fitted, content["card"])


def _check_sizes(arrays: Any) -> None:
    """Refuse arrays whose heads ask for more memory than any model has, before it is asked for."""
    for info in arrays.zip.infolist():
        with arrays.zip.open(info) as stream:
            version = np.lib.format.read_magic(stream)
            if version != (1, 0):
                raise ValueError(info.filename)
            shape, _, kind = np.lib.format.read_array_header_1_0(stream)
        n_bytes = int(np.prod(shape, dtype=np.float64)) * kind.itemsize
        if kind.hasobject or n_bytes > MAX_ARRAY_BYTES:
            raise ValueError(info.filename)


def _check_parts(fitted: FittedThemes, card: Any) -> None:
    """Check that the parts of a model fit each other.

    Raises
    ------
    ValueError, KeyError, TypeError
        Where they do not.
    """
    for name in ("name", "version", "sha256"):
        str(card["taxonomy"][name])
    str(card["encoder"])
    dict(card["settings"])
    features, n_themes = fitted.features, len(fitted.theme_ids)
    n_words = len(features.vocabulary)
    places = sorted(features.vocabulary.values())
    wide = n_words + len(features.centre)
    fits = [
        all(isinstance(theme, str) for theme in fitted.theme_ids),
        places == list(range(n_words)),
        features.idf.shape == (n_words,),
        features.centre.ndim == 1,
    ]
    for linear in (fitted.text, *fitted.unseen):
        fits += [
            sorted(linear.weights.shape) == sorted((wide, n_themes)),
            linear.constant.shape == (n_themes,),
            bool(np.isfinite(linear.weights).all()),
        ]
    if not all(fits):
        raise ValueError("the parts of the model do not fit each other")
