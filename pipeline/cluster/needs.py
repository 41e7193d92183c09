"""What clustering needs: what people changed in the topics, and the topics of the run before."""

import pandas as pd

from pipeline.artifacts import sha256_file
from pipeline.cluster.edits_file import FILE_NAME, read_edits
from pipeline.cluster.memory import LINEAGE, recall, remember
from pipeline.needs import Identity, Need, Supply, human_file
from pipeline.pseudonymise.name_lists import load_name_lists
from pipeline.resources import shipped


def _load_previous_lineage(supply: Supply) -> pd.DataFrame:
    """Read the topics of the last run, from the tables or from the copy that outlives them.

    The copy is brought up to date first, so that a run killed from here on loses nothing.
    """
    if supply.store.is_whole(LINEAGE):
        remember(supply.store, supply.study.human)
    return recall(supply.store, supply.study.human)


def keep_lineage(supply: Supply) -> None:
    """Copy the finished lineage to where it outlives the tables."""
    remember(supply.store, supply.study.human)


def _load_places(supply: Supply) -> frozenset[str]:
    return load_name_lists().places


def _identify_places(supply: Supply) -> Identity:
    names = shipped("configs", "names")
    return {file: sha256_file(names / file) for file in ("municipalities.txt", "places.txt")}


PLACES = Need("places", _load_places, _identify_places)
EDITS = human_file("edits", FILE_NAME, read_edits)
PREVIOUS_LINEAGE = Need(
    "previous_lineage",
    _load_previous_lineage,
    # They only keep ids alive, and with nothing else changed they change nothing.
    lambda supply: {"from": "the run before"},
)
