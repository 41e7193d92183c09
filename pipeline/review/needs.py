"""What reviewing needs: the decisions that people made, and the ids that their files name."""

import pandas as pd

from pipeline.assign import not_evidence
from pipeline.codings import FILE_NAME as CODINGS_FILE_NAME
from pipeline.detect import watch_file
from pipeline.needs import Identity, Need, Supply, file_identity, human_file
from pipeline.report import quote_rulings
from pipeline.review.decisions_file import FILE_NAME, read_decisions
from pipeline.review.loose_ends import named_ids

_NAMING = (
    *(FILE_NAME, CODINGS_FILE_NAME, quote_rulings.FILE_NAME),
    *(watch_file.FILE_NAME, not_evidence.FILE_NAME),
)


def _load_human_ids(supply: Supply) -> pd.DataFrame:
    return named_ids(supply.human)


def _identify_human_ids(supply: Supply) -> Identity:
    hashes = [file_identity(supply.human / name) for name in _NAMING]
    return {name: digest for found in hashes for name, digest in found.items()}


DECISIONS_FILE = human_file("decisions_file", FILE_NAME, read_decisions)
HUMAN_IDS = Need("human_ids", _load_human_ids, _identify_human_ids)
