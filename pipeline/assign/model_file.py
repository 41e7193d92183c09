"""Save a fitted mapper as plain numbers with a card beside them, and read it back.

A model is two files: ``NAME.npz`` with arrays, read without pickle, and ``NAME.json``, the card:
what it was learnt from, how well it does on reports it had not seen, and the small numbers.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.assign.familiar import Familiarity
from pipeline.assign.features import Features
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.flips import FlipModel
from pipeline.assign.linear import Linear
from pipeline.assign.ticks import TickReliability
from pipeline.errors import ArtifactError

FORMAT = 1
_NUMBERS = ("scale", "shift", "cut", "ticked_cut", "min_score", "n_coded")


def save_model(fitted: FittedThemes, path: Path, card: Mapping[str, Any]) -> None:
    """Write a model and its card; each file is written aside and renamed, the card last.

    Parameters
    ----------
    fitted : FittedThemes
    path : Path
        Where the card goes, ending in ``.json``; the arrays lie beside it as ``.npz``.
    card : mapping
        What a reader should know, of JSON values.
    """
    arrays = {
        "terms": np.array(list(fitted.features.vocabulary), dtype=np.str_),
        "idf": fitted.features.idf,
        "centre": fitted.features.centre,
    }
    for name, text in zip(_text_names(len(fitted.unseen)), _texts(fitted), strict=True):
        arrays[f"{name}_weights"], arrays[f"{name}_constant"] = text.weights, text.constant
    if fitted.flips is not None:
        arrays |= {
            "sensitivity": fitted.flips.reliability.sensitivity,
            "specificity": fitted.flips.reliability.specificity,
            "together": fitted.flips.together,
            "flip_weights": fitted.flips.weights,
        }
    if fitted.familiarity is not None:
        arrays |= {"middle": fitted.familiarity.middle, "spread": fitted.familiarity.spread}
    path.parent.mkdir(parents=True, exist_ok=True)
    data = path.with_suffix(".npz")
    aside = data.with_name(f".{data.name}.part")
    with aside.open("wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    aside.replace(data)
    content = {
        "format": FORMAT,
        "theme_ids": list(fitted.theme_ids),
        "numbers": {name: getattr(fitted, name) for name in _NUMBERS},
        "n_unseen": len(fitted.unseen),
        "uses_ticks": fitted.flips is not None,
        "off_topic_cut": None if fitted.familiarity is None else fitted.familiarity.cut,
        "arrays_sha256": hashlib.sha256(data.read_bytes()).hexdigest(),
        "card": dict(card),
    }
    aside = path.with_name(f".{path.name}.part")
    aside.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(path)


def load_model(path: Path) -> tuple[FittedThemes, dict[str, Any]]:
    """Read a model and its card.

    Parameters
    ----------
    path : Path
        The card, ending in ``.json``.

    Returns
    -------
    fitted : FittedThemes
    card : dict

    Raises
    ------
    ArtifactError
        When a file is missing, cannot be read, is of another format, or the two do not belong
        together.
    """
    data = path.with_suffix(".npz")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        digest = hashlib.sha256(data.read_bytes()).hexdigest()
    except (OSError, ValueError) as err:
        raise ArtifactError(
            f"{path} or {data.name} cannot be read. Train the model again."
        ) from err
    if content.get("format") != FORMAT or content.get("arrays_sha256") != digest:
        raise ArtifactError(
            f"{path} and {data.name} must be of format {FORMAT} and belong together. "
            "Train the model again."
        )
    with np.load(data, allow_pickle=False) as arrays:
        return _from_arrays(content, arrays), content["card"]


def _from_arrays(content: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> FittedThemes:
    """Put a mapper together."""
    text, *unseen = (
        Linear(arrays[f"{name}_weights"], arrays[f"{name}_constant"])
        for name in _text_names(content["n_unseen"])
    )
    flips = familiarity = None
    if content["uses_ticks"]:
        reliability = TickReliability(arrays["sensitivity"], arrays["specificity"])
        flips = FlipModel(reliability, arrays["together"], arrays["flip_weights"])
    if content["off_topic_cut"] is not None:
        familiarity = Familiarity(arrays["middle"], arrays["spread"], content["off_topic_cut"])
    terms = arrays["terms"].tolist()
    return FittedThemes(
        theme_ids=tuple(content["theme_ids"]),
        features=Features(
            vocabulary={term: i for i, term in enumerate(terms)},
            idf=arrays["idf"],
            centre=arrays["centre"],
        ),
        text=text,
        unseen=tuple(unseen),
        flips=flips,
        familiarity=familiarity,
        **content["numbers"],
    )


def _text_names(n_unseen: int) -> list[str]:
    return ["text", *(f"unseen{fold}" for fold in range(n_unseen))]


def _texts(fitted: FittedThemes) -> tuple[Linear, ...]:
    return (fitted.text, *fitted.unseen)
