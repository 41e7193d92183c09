"""What clustering needs: what people changed in the topics, and the topics of the run before."""

import pandas as pd

from pipeline.cluster.edits_file import FILE_NAME, read_edits
from pipeline.frames import empty
from pipeline.needs import Need, Supply, human_file


def _load_previous_lineage(supply: Supply) -> pd.DataFrame:
    """Read the topics of the last run, which lie in the tables until this run replaces them."""
    name = "topic_lineage"
    return supply.store.read(name) if supply.store.is_whole(name) else empty(name)


EDITS = human_file("edits", FILE_NAME, read_edits)
PREVIOUS_LINEAGE = Need(
    "previous_lineage",
    _load_previous_lineage,
    # They only keep ids alive, and with nothing else changed they change nothing.
    lambda supply: {"from": "the run before"},
)
