"""Find, of all rows of the log, those that hold: the newest of each coder on each thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.review.decisions_file import Key, Row, decision_key, in_order, moment
from pipeline.review.retractions import RETRACT, is_retracted, retractions

_THEME_TABLES = ("report_themes", "segment_themes")


def newest(rows: Iterable[Row]) -> Row | None:
    """Return the row that holds among rows, or None when there are none."""
    return max(rows, key=lambda row: (moment(row["at"]), row["decision_id"]), default=None)


@dataclass(frozen=True)
class Heads:
    """The rows of a log that hold.

    Attributes
    ----------
    rulings : list of dict
        In the order of their times. A *change* of a report's theme is a rejection of the old and an
        acceptance of the new one, unless that has a ruling of its own.
    """

    rulings: list[Row]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Heads":
        """Find the rows that hold.

        Parameters
        ----------
        rows : sequence of dict
            Rows of the log in any order; doubled rows count once.
        """
        once = list({row["decision_id"]: row for row in rows}.values())
        gone = retractions(once)
        held: dict[Key, Row] = {}
        for row in in_order(once):
            if row["verdict"] != RETRACT and not is_retracted(row, gone):
                held[decision_key(row)] = row
        for row in list(held.values()):
            if row["verdict"] == "change" and row["target_table"] in _THEME_TABLES:
                key = decision_key(row)
                held[key] = {**row, "verdict": "reject"}
                if row["new_value"]:
                    new = {**row, "theme_id": row["new_value"], "verdict": "accept"}
                    held.setdefault(decision_key(new), new)
        return cls(in_order(list(held.values())))

    @staticmethod
    def report_of(row: Row) -> str | None:
        """Return the report whose themes a ruling is about; None when it is about none."""
        if row["target_table"] not in ("reports", *_THEME_TABLES):
            return None
        return Heads.report_named(row["target_table"], row["target_id"])

    @staticmethod
    def report_named(target_table: str, target_id: str) -> str | None:
        """Return the report that a target is or lies in; None when it is neither.

        Examples
        --------
        >>> Heads.report_named("segments", "P1-001/observation/003")
        'P1-001'
        """
        if target_table in ("reports", "report_themes"):
            return target_id
        if target_table in ("segments", "segment_themes"):
            return target_id.rsplit("/", 2)[0]  # <report_id>/<field>/<nnn>
        return None
