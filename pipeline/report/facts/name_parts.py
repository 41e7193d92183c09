"""What stands beside a name: the clause that shows what is meant, or why there is no name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.report.facts.values import Quotation
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


def unquoted(parts: NameParts, quotes: Iterable[Quotation]) -> NameParts:
    """Leave out the clauses that a quotation shown beside them says already.

    Examples
    --------
    >>> said = Quotation("R-1", "R-1/observation/001", "Kadulla on tyhjiä purkkeja, kertoi hän.")
    >>> unquoted(NameParts("purkki", "kadulla on tyhjiä purkkeja"), [said]).example
    ''
    """
    said = [_plain(quote.text) for quote in quotes]

    def is_new(clause: str) -> bool:
        return not any(_plain(clause) in one for one in said)

    return replace(
        parts,
        example=parts.example if is_new(parts.example) else "",
        clauses=tuple(filter(is_new, parts.clauses)),
    )


def _plain(text: str) -> str:
    """Return a text in lower case on one line, without a last full stop."""
    return " ".join(text.split()).lower().rstrip(".")
