"""Read and write what was learnt: plain JSON, one file a part, one line a feature or word group."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import ResourceError
from pipeline.lemmatise.chooser import Chooser
from pipeline.lemmatise.guesser import Guesser
from pipeline.lemmatise.tagger import Tagger

FILES = ("chooser.json", "guesser.json", "tagger.json")
"""The files of a model folder that hold weights."""


class Weights(NamedTuple):
    """Everything learnt: the chooser, the guesser and the tagger."""

    chooser: Chooser
    guesser: Guesser
    tagger: Tagger


def read_weights(folder: Path) -> Weights:
    """Read the weights of a model folder.

    Raises
    ------
    ResourceError
        When a file is missing or is not what was written by :func:`write_weights`.
    """
    chooser, guesser, tagger = (_read(folder / name) for name in FILES)
    try:
        return Weights(
            Chooser(
                chooser["weights"], chooser["forms"], _by_word(chooser["prior"]), chooser["aliases"]
            ),
            Guesser(
                guesser["rules"],
                _by_word(guesser["written"]),
                _by_word(guesser["bases"]),
                guesser["weights"],
            ),
            Tagger(tagger["weights"]),
        )
    except KeyError as err:
        raise ResourceError(
            "The weights in {folder} lack {args!r}. Install havainto again.",
            folder=folder,
            args=err.args[0],
        ) from err


def write_weights(weights: Weights, folder: Path) -> None:
    """Write the weights into a folder, sorted, so that equal weights give equal bytes."""
    chooser, guesser, tagger = weights
    contents: tuple[dict[str, Any], ...] = (
        {
            "weights": chooser.weights,
            "forms": chooser.forms,
            "aliases": chooser.aliases,
            "prior": _by_size(chooser.prior),
        },
        {
            "weights": guesser.weights,
            "rules": guesser.rules,
            "written": _by_size(guesser.written),
            "bases": _by_size(guesser.bases),
        },
        {"weights": tagger.weights},
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(FILES, contents, strict=True):
        (folder / name).write_text(_to_lines(content), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    """Read one JSON object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise ResourceError("{path} cannot be read. Install havainto again.", path=path) from err
    if not isinstance(content, dict):
        raise ResourceError("{path} must hold a JSON object. Install havainto again.", path=path)
    return content


def _to_lines(content: Mapping[str, Mapping[str, Any]]) -> str:
    """Write a JSON object of objects with one entry of the inner ones a line."""
    groups = []
    for name, inner in content.items():
        lines = ",\n".join(
            f"{json.dumps(key, ensure_ascii=False)}:"
            f"{json.dumps(inner[key], ensure_ascii=False, separators=(',', ':'), sort_keys=True)}"
            for key in sorted(inner)
        )
        groups.append(f"{json.dumps(name)}:{{\n{lines}\n}}")
    return "{\n" + ",\n".join(groups) + "\n}\n"


def _by_size(words: Mapping[str, int]) -> dict[str, str]:
    """Group words by their number, several on a line."""
    groups: dict[int, list[str]] = {}
    for word in sorted(words):
        groups.setdefault(words[word], []).append(word)
    return {str(size): " ".join(group) for size, group in sorted(groups.items())}


def _by_word(groups: Mapping[str, str]) -> dict[str, int]:
    """Undo :func:`_by_size`."""
    return {word: int(size) for size, group in groups.items() for word in group.split()}
