"""Turn fitted things into JSON and plain arrays, and back, as their classes declare them.

Nothing is pickled: a file can be read without running what it holds.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from scipy import sparse

Arrays = Mapping[str, np.ndarray]
_SPARSE = ("data", "indices", "indptr", "shape")


class OtherVersion(ValueError):
    """What was packed has other fields than its class has now."""


def pack(value: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """Return a value as JSON, its arrays put aside under the path of fields that leads to them.

    Parameters
    ----------
    value : object
        A dataclass, array, sparse matrix, tuple, list, or a value of JSON.
    name : str
        The path so far.
    arrays : dict of str to ndarray
        Filled.
    """
    if is_dataclass(value):
        return {
            field.name: pack(getattr(value, field.name), f"{name}.{field.name}", arrays)
            for field in fields(value)
        }
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return name
    if isinstance(value, sparse.csr_matrix):
        for part in _SPARSE:
            arrays[f"{name}.{part}"] = np.asarray(getattr(value, part))
        return name
    if isinstance(value, tuple | list):
        return [pack(item, f"{name}.{i}", arrays) for i, item in enumerate(value)]
    return value.item() if isinstance(value, np.generic) else value


def unpack(kind: Any, value: Any, arrays: Arrays) -> Any:
    """Return the value of a declared type from its JSON and the arrays.

    Parameters
    ----------
    kind : type
        As declared: a dataclass, an array, ``tuple[X, ...]``, ``list[X]``, ``X | None``.
    value : object
        From :func:`pack`.
    arrays : mapping of str to ndarray

    Raises
    ------
    OtherVersion
        When a class has other fields than were packed.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        one = next(arg for arg in inner if arg is not type(None))
        return None if value is None else unpack(one, value, arrays)
    if origin is list or (origin is tuple and inner[-1] is ...):
        return origin(unpack(inner[0], item, arrays) for item in value)
    if origin is tuple:
        pairs = zip(inner, value, strict=True)
        return tuple(unpack(one, item, arrays) for one, item in pairs)
    if kind is np.ndarray or origin is np.ndarray:
        return arrays[value]
    if kind is sparse.csr_matrix:
        data, indices, indptr, shape = (arrays[f"{value}.{part}"] for part in _SPARSE)
        return sparse.csr_matrix((data, indices, indptr), shape=tuple(shape.tolist()))
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return value
    declared = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if sorted(value) != sorted(names):
        raise OtherVersion(kind.__name__)
    return kind(**{n: unpack(declared[n], value[n], arrays) for n in names})
