"""What stands beside a name: the clause that shows what is meant, or why there is no name."""

from dataclasses import dataclass

from pipeline.report.material import Row


@dataclass(frozen=True)
class NameParts:
    """What is shown with the label of a topic or signal.

    Attributes
    ----------
    words : str
        The words of the label alone, for where there is no room.
    example : str
        A clause of a report, verbatim, that may be quoted; ``""`` for none.
    clauses : tuple of str
        Up to three clauses of a group that has no good name.
    suggestion : str
        What the user's own language model would call it; ``""`` for nothing.
    """

    words: str
    example: str = ""
    clauses: tuple[str, ...] = ()
    suggestion: str = ""


def name_parts(row: Row) -> NameParts:
    """Read what stands beside a name from a row of topics or signals."""
    return NameParts(
        str(row["words"]), str(row["example"]), tuple(row["clauses"]), str(row["suggestion"])
    )
