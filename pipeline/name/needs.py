"""What naming needs: the parser of Finnish, and the user's own language model if there is one."""

from importlib.metadata import version

from pipeline.artifacts import sha256_file
from pipeline.name.label_model import LabelModel, check_label_model, load_label_model
from pipeline.name.parse import Parser, SpacyParser
from pipeline.needs import Identity, Need, Supply


def _load_parser(supply: Supply) -> Parser:
    return supply.once("parser", SpacyParser)


def _identify_parser(supply: Supply) -> Identity:
    return {"spacy-fi-experimental-web-md": version("spacy-fi-experimental-web-md")}


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
