"""Keep what a step has fitted as plain numbers, with a manifest, so that it is fitted once."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.artifacts import Manifest, Store, sha256_file
from pipeline.errors import ArtifactError
from pipeline.packing import pack, unpack

_JSON = "json"


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
        ``output`` is added.
    """
    arrays: dict[str, np.ndarray] = {}
    told = json.dumps(pack(value, name, arrays), ensure_ascii=False)
    arrays[_JSON] = np.frombuffer(told.encode("utf-8"), dtype=np.uint8)
    store.drop_manifests((name,))
    path = store.fitted_path(name)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as stream:
        np.savez(stream, **arrays)  # type: ignore[arg-type]
    part.replace(path)
    output = {"bytes": path.stat().st_size, "sha256": sha256_file(path)}
    store.write_manifest(name, {"table": name, **manifest, "output": output})


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
        told = json.loads(arrays.pop(_JSON).tobytes().decode("utf-8"))
        return unpack(kind, told, arrays)
    except (OSError, ValueError, KeyError) as err:
        raise ArtifactError(
            "{path} is damaged. Delete it and run again to make it anew.", path=path
        ) from err
