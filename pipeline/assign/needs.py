"""What assigning needs: the shared label sets, words ruled out, and another study's model."""

from pipeline.artifacts import sha256_file
from pipeline.assign import not_evidence
from pipeline.assign.label_texts import LABEL_SETS
from pipeline.assign.model_file import SavedModel, load_model
from pipeline.errors import ConfigError
from pipeline.needs import Identity, Need, Supply, human_file
from pipeline.taxonomy.model import Taxonomy, find_taxonomy, load_taxonomy


def _load_label_sets(supply: Supply) -> dict[str, Taxonomy]:
    """Read the small sets of labels that every study shares."""
    return {name: load_taxonomy(find_taxonomy(name)) for name in LABEL_SETS}


def _identify_label_sets(supply: Supply) -> Identity:
    return {name: labels.sha256 for name, labels in _load_label_sets(supply).items()}


def _load_saved_model(supply: Supply) -> SavedModel | None:
    """Read the model of another study, or return None when the settings name none."""
    name = supply.settings.assign.model
    return None if name is None else load_model(supply.study.root / name)


def _identify_saved_model(supply: Supply) -> Identity:
    """Return the hash of the model's JSON, which holds that of its arrays."""
    name = supply.settings.assign.model
    if name is None:
        return {"sha256": "none"}
    path = supply.study.root / name
    if not path.is_file():
        raise ConfigError(
            "assign.model must be a .json that havainto train wrote. Got {path}, which "
            "is not there. Check the path.",
            path=path,
        )
    return {"sha256": sha256_file(path)}


LABEL_TAXONOMIES = Need("label_sets", _load_label_sets, _identify_label_sets)
NOT_EVIDENCE = human_file("not_evidence", not_evidence.FILE_NAME, not_evidence.read_not_evidence)
SAVED_MODEL = Need("saved_model", _load_saved_model, _identify_saved_model)
