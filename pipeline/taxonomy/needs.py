"""The theme taxonomy as a need of stages."""

import hashlib
import json
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.needs import Identity, Need, Supply
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy


def taxonomy_folder(supply: Supply) -> Path:
    """Return where the study's taxonomy lies: in the study, or among those that ship.

    Raises
    ------
    ConfigError
        When the setting points outside the study.
    """
    name, root = supply.settings.study.taxonomy, supply.study.root
    own = root / name
    if not own.resolve().is_relative_to(root.resolve()):
        raise ConfigError(
            "study.taxonomy must be a name that ships with Havainto or a folder in the "
            "study. Got {name!r}. Copy the folder into {root}.",
            name=name,
            root=root,
        )
    return own if own.is_dir() else find_taxonomy(name)


def _load_taxonomy(supply: Supply) -> Taxonomy:
    return supply.once("taxonomy", lambda: load_taxonomy(taxonomy_folder(supply)))


def _identify_taxonomy(supply: Supply) -> Identity:
    taxonomy = _load_taxonomy(supply)
    short = [[theme.theme_id, theme.short_labels] for theme in taxonomy.themes]
    return {
        "name": taxonomy.name,
        "version": taxonomy.version,
        "sha256": taxonomy.sha256,
        "short_labels": hashlib.sha256(json.dumps(short).encode()).hexdigest()[:12],
    }


TAXONOMY = Need("taxonomy", _load_taxonomy, _identify_taxonomy)
