"""What labelling needs: the small sets of labels, with their examples."""

from pipeline.label.label import LABEL_SETS
from pipeline.needs import Identity, Need, Supply
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy


def _load_label_sets(supply: Supply) -> dict[str, Taxonomy]:
    """Read the small sets of labels that every study shares."""
    return {name: load_taxonomy(find_taxonomy(name)) for name in LABEL_SETS}


def _identify_label_sets(supply: Supply) -> Identity:
    return {name: labels.sha256 for name, labels in _load_label_sets(supply).items()}


LABEL_TAXONOMIES = Need("label_sets", _load_label_sets, _identify_label_sets)
