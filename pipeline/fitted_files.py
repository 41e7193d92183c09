"""Keep what a step has fitted as plain numbers, with a manifest, so that it is fitted once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from pipeline.artifacts import Manifest, Store, sha256_file
from pipeline.errors import ArtifactError
from pipeline.packing import pack, unpack

_JSON = "json"
T = TypeVar("T")


def save_fitted(store: Store, name: str, value: Any, manifest: Manifest) -> None:
    """Write a fitted thing aside, rename it, and write its manifest last.

    Parameters
    ----------
    store : Store
    name : str
        Name of the step.
    value : object
        A dataclass of arrays, plain values and such dataclasses, or None.
    manifest : dict
        ``output`` is added; in it ``parts`` has a hash of each field of the dataclass.
    """
    arrays: dict[str, np.ndarray] = {}
    packed = pack(value, name, arrays)
    if isinstance(packed, dict):
        texts = {key: json.dumps(held, ensure_ascii=False) for key, held in packed.items()}
        told = "{" + ", ".join(f'"{key}": {text}' for key, text in texts.items()) + "}"
        parts = {key: _hashed(text, f"{name}.{key}", arrays) for key, text in texts.items()}
    else:
        told, parts = json.dumps(packed, ensure_ascii=False), {}
    arrays[_JSON] = np.frombuffer(told.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    store.drop_manifests((name,))
    path = store.fitted_path(name)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as stream:
        np.savez(stream, **arrays)  # type: ignore[arg-type]
    part.replace(path)
    output = {"bytes": path.stat().st_size, "sha256": sha256_file(path), "parts": parts}
    store.write_manifest(name, {"table": name, **manifest, "output": output})


def _hashed(text: str, name: str, arrays: Mapping[str, np.ndarray]) -> str:
    """Return the hash of a field: of its JSON, and of the arrays whose names begin with its."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for key, array in arrays.items():
        if key == name or key.startswith(f"{name}."):
            digest.update(f"{key}{array.dtype}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def only_fields(value: T, names: Sequence[str]) -> T:
    """Return a dataclass that has some of its fields alone; reading another is an error."""
    kept = object.__new__(type(value))
    for name in names:
        object.__setattr__(kept, name, getattr(value, name))
    return kept


def load_fitted(path: Path, kind: Any) -> Any:
    """Read a fitted thing of a declared type.

    Raises
    ------
    ArtifactError
        When the file cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        told = json.loads(arrays.pop(_JSON).tobytes().decode("utf-8", "surrogatepass"))
        return unpack(kind, told, arrays)
    except (OSError, ValueError, KeyError) as err:
        raise ArtifactError(
            "{path} is damaged. Delete it and run again to make it anew.", path=path
        ) from err
