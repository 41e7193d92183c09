"""Tell which batches were taken back: undo is a row of its own, and it can be undone."""

from collections.abc import Iterable, Mapping

from pipeline.review.decisions_file import Row, in_order, moment

RETRACT = "retract"


def retractions(rows: Iterable[Row]) -> dict[str, int]:
    """Return the batches that were taken back, and when.

    Parameters
    ----------
    rows : iterable of dict
        Rows of the log; those that do not retract are passed over.

    Returns
    -------
    dict of str to int
        Batch to the moment of the newest row that takes it back. Only rows before that moment are
        taken back; a retract that was itself taken back does nothing.
    """
    found: dict[str, int] = {}
    for row in reversed(in_order([row for row in rows if row["verdict"] == RETRACT])):
        if not is_retracted(row, found):
            found.setdefault(row["new_value"] or row["target_id"], moment(row["at"]))
    return found


def is_retracted(row: Mapping[str, str], found: Mapping[str, int]) -> bool:
    """Tell whether a row was taken back."""
    return moment(row["at"]) < found.get(row["batch"], 0)
