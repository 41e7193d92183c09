"""What labelling needs: the small sets of labels, with their examples."""

from functools import cache

from pipeline.label.label import LABEL_SETS
from pipeline.needs import Identity, Need, Supply
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy


@cache
def _label_sets() -> dict[str, Taxonomy]:
    """Read the small sets of labels, which every study shares, once a process."""
    return {name: load_taxonomy(find_taxonomy(name)) for name in LABEL_SETS}


def _load_label_sets(supply: Supply) -> dict[str, Taxonomy]:
    return _label_sets()


def _identify_label_sets(supply: Supply) -> Identity:
    return {name: labels.sha256 for name, labels in _label_sets().items()}


LABEL_TAXONOMIES = Need("label_sets", _load_label_sets, _identify_label_sets)
