"""Turn fitted things into JSON and plain arrays, and back, as their classes declare them.

Nothing is pickled: a file can be read without running what it holds.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import BaseModel
from scipy import sparse

Arrays = Mapping[str, np.ndarray]
_SPARSE = ("data", "indices", "indptr", "shape")
_PLAIN = (str, int, float, bool, type(None))


class OtherVersion(ValueError):
    """What was packed has other fields than its class has now."""


def pack(value: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """Return a value as JSON, its arrays put aside under the path of fields that leads to them.

    Parameters
    ----------
    value : object
        A dataclass, settings, array, sparse matrix, tuple, list, frozen set of texts, mapping of
        texts, or a value of JSON.
    name : str
        The path so far.
    arrays : dict of str to ndarray
        Filled.
    """
    if type(value) in _PLAIN:
        return value
    if is_dataclass(value):
        return {
            one: pack(getattr(value, one), f"{name}.{one}", arrays)
            for one in _declared(type(value))
        }
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return name
    if isinstance(value, sparse.csr_matrix):
        for part in _SPARSE:
            arrays[f"{name}.{part}"] = np.asarray(getattr(value, part))
        return name
    if isinstance(value, tuple | list):
        if all(type(item) in _PLAIN for item in value):
            return list(value)
        return [pack(item, f"{name}.{i}", arrays) for i, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {key: pack(item, f"{name}.{key}", arrays) for key, item in value.items()}
    return _as_json(value)


def _as_json(value: Any) -> Any:
    """Return a value that holds no array as JSON."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return value.item() if isinstance(value, np.generic) else value


def unpack(kind: Any, value: Any, arrays: Arrays) -> Any:
    """Return the value of a declared type from its JSON and the arrays.

    Parameters
    ----------
    kind : type
        As declared: a dataclass, settings, an array, ``tuple[X, ...]``, ``list[X]``,
        ``frozenset[str]``, ``Mapping[str, X]``, or several of those, of which no two dataclasses
        have the same fields.
    value : object
        From :func:`pack`.
    arrays : mapping of str to ndarray

    Raises
    ------
    OtherVersion
        When a class has other fields than were packed.
    """
    if kind in _PLAIN:
        return value
    origin, inner = _made_of(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else unpack(_one_of(inner, value), value, arrays)
    if origin in (list, frozenset, tuple):
        return origin(_items(inner, value, arrays))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: unpack(inner[1], item, arrays) for key, item in value.items()}
    if kind is np.ndarray or origin is np.ndarray:
        return arrays[value]
    if kind is sparse.csr_matrix:
        data, indices, indptr, shape = (arrays[f"{value}.{part}"] for part in _SPARSE)
        return sparse.csr_matrix((data, indices, indptr), shape=tuple(shape.tolist()))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_validate(value)
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return value
    declared = _declared(kind)
    if value.keys() != declared.keys():
        raise OtherVersion(kind.__name__)
    return kind(**{name: unpack(one, value[name], arrays) for name, one in declared.items()})


@cache
def _made_of(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return what a declared type is of and its arguments, worked out once a type."""
    return get_origin(kind), get_args(kind)


def _items(kinds: tuple[Any, ...], values: list[Any], arrays: Arrays) -> list[Any]:
    """Return the items of a list, a set or a tuple, whose kinds are one for all or one each."""
    if len(kinds) == 1 or kinds[-1] is ...:
        if kinds[0] in _PLAIN:
            return values
        return [unpack(kinds[0], value, arrays) for value in values]
    return [unpack(kind, value, arrays) for kind, value in zip(kinds, values, strict=True)]


def _declared(kind: Any) -> dict[str, Any]:
    """Return the types of a dataclass's fields, by name."""
    return _hints(kind)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """Work them out once a class."""
    told = get_type_hints(kind)
    return {field.name: told[field.name] for field in fields(kind)}


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    """Return that of several declared types which a packed value is of."""
    kinds = tuple(one for one in kinds if one is not type(None))
    if len(kinds) == 1:
        return kinds[0]
    if not isinstance(value, dict):
        return next(one for one in kinds if one in _PLAIN)
    found = [one for one in kinds if is_dataclass(one) and value.keys() == _declared(one).keys()]
    if len(found) != 1:
        raise OtherVersion(" or ".join(str(one) for one in kinds))
    return found[0]
