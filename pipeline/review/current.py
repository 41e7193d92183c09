"""Work out what stands of the log as it is at this moment, rulings newer than the last run too."""

from dataclasses import dataclass

import pandas as pd

from pipeline.codings import read_codings
from pipeline.human.lock import human_lock
from pipeline.needs import Supply
from pipeline.review.decisions_file import read_decisions
from pipeline.review.review import ReviewConfig, review
from pipeline.taxonomy.needs import TAXONOMY


@dataclass(frozen=True)
class Current:
    """The tables of the review stage, as they would be made now.

    Attributes
    ----------
    log, codings_file : DataFrame
        Rows of ``human/decisions.csv`` and ``human/codings.csv``.
    decisions, report_states, codings_standing, settled_themes : DataFrame
        The tables of those names.
    """

    log: pd.DataFrame
    codings_file: pd.DataFrame
    decisions: pd.DataFrame
    report_states: pd.DataFrame
    codings_standing: pd.DataFrame
    settled_themes: pd.DataFrame


def current(supply: Supply, more: pd.DataFrame | None = None) -> Current:
    """Return what stands now.

    Parameters
    ----------
    supply : Supply
    more : DataFrame, optional
        Rows of the log that are not written yet.

    Raises
    ------
    InputError
        When a file of ``human/`` cannot be read.
    """
    with human_lock(supply.human):
        log = read_decisions(supply.human)
        codings_file = read_codings(supply.human)
    together = log if more is None else pd.concat([log, more], ignore_index=True)
    tables = review(
        supply.store.read("reports"),
        ReviewConfig(),
        decisions_file=together,
        codings_file=codings_file,
        taxonomy=supply.value(TAXONOMY),
    )
    return Current(together, codings_file, *tables)
