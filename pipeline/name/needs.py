"""What naming needs: the parser of Finnish, and the user's own language model if there is one."""

import json
from importlib.metadata import version

from pipeline.artifacts import sha256_file
from pipeline.name.label_model import LabelModel, check_label_model, load_label_model
from pipeline.name.parse import Parser, SpacyParser
from pipeline.name.parse_cache import CachedParser
from pipeline.needs import Identity, Need, Supply
from pipeline.study import private_folder
from pipeline.text_cache import TextCache

_MODEL = "spacy-fi-experimental-web-md"
_PARSES = "parses.sqlite"


def _load_parser(supply: Supply) -> Parser:
    return _cached_parser(supply)


def _cached_parser(supply: Supply) -> CachedParser:
    """Return the parser behind the study's cache of parses."""

    def make() -> CachedParser:
        file = private_folder(supply.study.cache) / _PARSES
        made_by = json.dumps(_identify_parser(supply), sort_keys=True)
        return CachedParser(SpacyParser(), TextCache(file, supply.study.secret(), made_by))

    return supply.once("parser", make)


def forget_unused_parses(supply: Supply) -> None:
    """Delete the cached parses of sentences that are no longer in the study."""
    if (supply.study.cache / _PARSES).exists():
        _cached_parser(supply).forget_all_but(supply.store.read("segments", "text")["text"])


def _identify_parser(supply: Supply) -> Identity:
    return {_MODEL: version(_MODEL), "spacy": version("spacy")}


def _load_label_model(supply: Supply) -> LabelModel | None:
    setting = supply.settings.name.label_model
    if setting is None:
        return None
    path, seed = supply.study.root / setting, supply.settings.study.seed
    return supply.once("label_model", lambda: load_label_model(path, seed))


def _identify_label_model(supply: Supply) -> Identity:
    setting = supply.settings.name.label_model
    if setting is None:
        return {"sha256": "none"}
    path = supply.study.root / setting
    check_label_model(path)
    return {"sha256": sha256_file(path)}


PARSER = Need("parser", _load_parser, _identify_parser)
LABEL_MODEL = Need("label_model", _load_label_model, _identify_label_model)
