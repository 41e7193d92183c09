"""Read and write an RDF graph as JSON-LD whose context is in the file: nothing is fetched.

JSON-LD 1.1: W3C Recommendation, 2020, https://www.w3.org/TR/json-ld11/
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from rdflib import Graph

_UNCHECKED = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What rdflib raises on a keyword with a value of the wrong type, which it does not check, and on
thousands of brackets."""


def json_ld_text(graph: "Graph", prefixes: Mapping[str, str]) -> str:
    """Return the graph as JSON-LD, the same text each time.

    Parameters
    ----------
    graph : Graph
    prefixes : mapping of str to str
        Namespace of each prefix, ending in ``/`` or ``#``; they become the context.
    """
    made = json.loads(graph.serialize(format="json-ld", context=dict(prefixes)))
    return json.dumps(_in_order(made), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def parse_json_ld(path: Path) -> "Graph":
    """Read a JSON-LD file.

    Raises
    ------
    ConfigError
        When the file cannot be read, is not JSON-LD, or names a context that would have to be
        fetched.
    """
    from rdflib import Graph
    from rdflib.plugins.parsers.jsonld import to_rdf

    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text)
    except OSError as err:
        raise ConfigError(
            "{path} cannot be read ({why}). Check the path.", path=path, why=err.strerror
        ) from err
    except (ValueError, RecursionError) as err:
        raise _refusal(path) from err
    if not isinstance(content, dict | list):
        raise _refusal(path)
    try:
        contexts = list(_contexts(content))
    except RecursionError as err:
        raise _refusal(path) from err
    for context in contexts:
        if not isinstance(context, dict) or "@import" in context:
            raise ConfigError(
                "{path}: every @context must be written out in the file, since none is "
                "fetched. Got {dumps}. Put the context itself in its place.",
                path=path,
                dumps=json.dumps(context)[:200],
            )
    try:
        # Not Graph.parse, which goes through a class that rdflib itself warns of.
        graph: Graph = to_rdf(content, Graph())
    except _UNCHECKED as err:
        raise _refusal(path) from err
    return graph


def _refusal(path: Path) -> ConfigError:
    return ConfigError("{path} is not a JSON-LD file. Export the taxonomy as .jsonld.", path=path)


def _contexts(value: Any) -> Iterator[Any]:
    """Yield every context at any depth, those of a list one by one; null clears one and is none."""
    if isinstance(value, list):
        for item in value:
            yield from _contexts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "@context":
                own = item if isinstance(item, list) else [item]
                yield from (context for context in own if context is not None)
            yield from _contexts(item)


def _in_order(value: Any) -> Any:
    """Sort arrays, which are sets in JSON-LD, but for those of ``@list``."""
    if isinstance(value, dict):
        return {
            key: [_in_order(item) for item in content] if key == "@list" else _in_order(content)
            for key, content in value.items()
        }
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=lambda item: json.dumps(item, sort_keys=True))
    return value
