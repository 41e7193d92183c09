"""What assigning needs: words ruled out, and another study's model."""

from pipeline.artifacts import sha256_file
from pipeline.assign import not_evidence, random_sample
from pipeline.assign.model_file import SavedModel, load_model
from pipeline.errors import ConfigError
from pipeline.needs import Identity, Need, Supply, human_file


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


NOT_EVIDENCE = human_file("not_evidence", not_evidence.FILE_NAME, not_evidence.read_not_evidence)
RANDOM_DRAWS = human_file("random_draws", random_sample.FILE_NAME, random_sample.read_random_draws)
SAVED_MODEL = Need("saved_model", _load_saved_model, _identify_saved_model)
