"""Take the codings of a file into the log, after checking them against the study."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import pandas as pd

from pipeline.codings import read_codings, row_numbers
from pipeline.frames import each_row
from pipeline.human.files import complaint, described
from pipeline.needs import Supply
from pipeline.review.current import Current
from pipeline.review.decisions_file import Row, new_batch_id, new_decision_id
from pipeline.review.from_codings import import_rows
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.taxonomy.old_codings import successors

_KEY = ("report_id", "segment_id", "theme_id", "coder")


def new_codings(supply: Supply, file: Path, now: Current) -> list[Row]:
    """Return rows for the log of the codings that a file adds, as one batch.

    Parameters
    ----------
    supply : Supply
    file : Path
        Codings, ``.csv`` or ``.xlsx``.
    now : Current
        What stands.

    Returns
    -------
    list of dict
        Whole rows of the log; none for what stands already. Where a coder now says that no theme
        fits, the themes he or she had given to the report are rejected.

    Raises
    ------
    InputError
        When the file names a report or theme that the study does not have; it names file and row.
    """
    codings = read_codings(file)
    check_codings(
        codings,
        file,
        set(supply.store.read("reports")["report_id"]),
        {*supply.value(TAXONOMY).theme_ids, *successors(supply.value(TAXONOMY))},
    )
    held = now.codings_standing
    known = set(zip(*(held[name] for name in _KEY), strict=True))
    is_new = [key not in known for key in zip(*(codings[name] for name in _KEY), strict=True)]
    added = codings[pd.Series(is_new, index=codings.index, dtype=bool)]
    rows = [*import_rows(added), *_taken_back(added, held)]
    batch, at = new_batch_id(), datetime.now().astimezone().isoformat(timespec="microseconds")
    for row in rows:
        row.update(decision_id=new_decision_id(), batch=batch, at=row["at"] or at)
    return rows


def check_codings(
    codings: pd.DataFrame, file: Path, report_ids: Collection[str], theme_ids: Collection[str]
) -> None:
    """Check that the study has what codings name.

    Raises
    ------
    InputError
        It names the file and the row.
    """
    for number, row in zip(row_numbers(codings), each_row(codings), strict=True):
        place = f"{file}, line {number}"
        if row.report_id not in report_ids:
            raise complaint(
                place, "report_id must be a report of the study", described(row.report_id),
                "Correct the cell; a spreadsheet program may have taken the id for a number or a "
                "date. Or add the export the report came in.",
            )  # fmt: skip
        if row.theme_id and row.theme_id not in theme_ids:
            raise complaint(
                place, "theme_id must be one of the taxonomy's themes", described(row.theme_id),
                "Correct the cell, or choose the taxonomy it was coded with.",
            )  # fmt: skip


def _taken_back(added: pd.DataFrame, held: pd.DataFrame) -> list[Row]:
    """Return rejections of what a coder gave earlier to a report that now has no theme."""
    gives = set(zip(added["report_id"], added["coder"], added["theme_id"] != "", strict=True))
    emptied = {(report, coder) for report, coder, has_theme in gives if not has_theme}
    emptied -= {(report, coder) for report, coder, has_theme in gives if has_theme}
    earlier = held[(held["theme_id"] != "") & (held["mode"] != "adjudication")]
    taken = [row for row in each_row(earlier) if (row.report_id, row.coder) in emptied]
    rows = import_rows(pd.DataFrame(taken, columns=list(held.columns)).assign(at="", memo=""))
    return [row | {"verdict": "reject"} for row in rows if row["verdict"] == "accept"]
