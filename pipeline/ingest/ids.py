"""Give every report an id that stays the same when it is imported again."""

import hashlib
import hmac
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pipeline.ingest.drafts import Draft
from pipeline.ingest.ledger import Ledger

_N_HEX_DIGITS = 12
_UNIT_SEPARATOR = "\x1f"
_AGAIN = "The report was imported before, from {file}, row {row}; it was not added again."
_CONFLICT = (
    "The id is that of another report, from {file}, row {row}. If each export numbers its answers"
    " anew, take report_id out of the column map."
)


def content_id(secret: bytes, *parts: str) -> str:
    """Return ``R-`` and 12 hex digits of the HMAC-SHA256 of some texts.

    Parameters
    ----------
    secret : bytes
        The study's own; without it the id cannot be guessed from the text.
    *parts : str

    Returns
    -------
    str

    Examples
    --------
    >>> content_id(b"secret", "lomake", "2024-09-01", "vuokra nousi")
    'R-14cd016191cc'
    """
    message = _UNIT_SEPARATOR.join(parts).encode("utf-8")
    return f"R-{hmac.new(secret, message, hashlib.sha256).hexdigest()[:_N_HEX_DIGITS]}"


def normalise(text: str) -> str:
    r"""Return a text in the form in which two texts count as the same.

    >>> normalise("  Vuokra\nNOUSI ") == normalise("vuokra nousi")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def give_ids(drafts: Iterable[Draft], secret: bytes, ledger: Ledger) -> list[Draft]:
    """Give ids to reports that have none, and take out those that were imported before.

    A given id is kept as it is. A row equal to an earlier one in every field is the same report
    imported again. A row with an earlier row's given id and other content is a conflict. Without
    given ids, rows that share source, day and observation and differ elsewhere are different
    reports: the first keeps the plain id and the others' ids take in every field.

    Parameters
    ----------
    drafts : iterable of Draft
        In the order of files and rows.
    secret : bytes
    ledger : Ledger
        Gets the rows taken out.

    Returns
    -------
    list of Draft
        Reports with distinct ids, in the same order.
    """
    kept: dict[str, Draft] = {}
    for draft in drafts:
        content = _content(draft.report)
        given = draft.report["report_id"]
        report_id = given or _own_id(draft.report, secret)
        holder = kept.get(report_id)
        if holder is not None and not given and _content(holder.report) != content:
            report_id = content_id(secret, *content)
            holder = kept.get(report_id)
        if holder is None:
            draft.report["report_id"] = report_id
            kept[report_id] = draft
            continue
        reason = _AGAIN if _content(holder.report) == content else _CONFLICT
        text = reason.format(file=holder.file, row=holder.row)
        ledger.drop(draft.file, draft.row, draft.cells, draft.names, text)
    return list(kept.values())


def drafts_of(drafts: Sequence[Draft], report_ids: Collection[str], secret: bytes) -> list[Draft]:
    """Return the rows that hold some reports: those they came from, and their copies.

    Parameters
    ----------
    drafts : sequence of Draft
        All rows of all files, without the ids that :func:`give_ids` makes, and left so.
    report_ids : collection of str
    secret : bytes
    """
    given = [draft.report["report_id"] for draft in drafts]
    contents = [_content(draft.report) for draft in drafts]
    kept = give_ids(drafts, secret, Ledger())
    own = {_content(draft.report) for draft in kept if draft.report["report_id"] in report_ids}
    for draft, its_id in zip(drafts, given, strict=True):
        draft.report["report_id"] = its_id
    return [
        draft
        for draft, its_id, content in zip(drafts, given, contents, strict=True)
        if its_id in report_ids or (not its_id and content in own)
    ]


def _own_id(report: dict[str, Any], secret: bytes) -> str:
    """Return the id made from source, day and observation."""
    day = report["date"].isoformat() if report["date"] else ""
    return content_id(secret, report["data_source"], day, normalise(report["observation"]))


def _content(report: dict[str, Any]) -> tuple[str, ...]:
    """Return everything but the id, as texts that are equal when the reports are."""
    return tuple(
        normalise(_UNIT_SEPARATOR.join(value) if isinstance(value, list) else str(value or ""))
        for field, value in report.items()
        if field != "report_id"
    )
