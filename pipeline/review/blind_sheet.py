"""The sheet for coding blind: a row a report, its text, and empty cells for the themes."""

from pathlib import Path

import pandas as pd

from pipeline.review.sheet import STATES, report_text
from pipeline.spreadsheet import write_sheet
from pipeline.taxonomy.model import Taxonomy

SHEET = "sokkokoodaus"
HEADER = ("tunnus", "jakso", "teksti", "teemat", "ratkaisu", "muistio", "koodaaja")
NEEDED = ("tunnus", "teemat", "ratkaisu")
_WIDTHS = (14, 10, 90, 40, 12, 30, 12)
_THEMES = "teemat"
_THEME_HEADER = ("teema_tunnus", "nimi", "määritelmä", "kuuluu", "ei kuulu")


def write_blind(path: Path, reports: pd.DataFrame, taxonomy: Taxonomy, coder: str) -> int:
    """Write the sheet, without suggestions and without what anyone has ruled.

    Parameters
    ----------
    path : Path
        The .xlsx to write.
    reports : DataFrame
        Table ``reports``; only reports of quality ok are written, in its order.
    taxonomy : Taxonomy
        Goes onto a second sheet, in its own order.
    coder : str
        Filled in beforehand; may be ``""``.

    Returns
    -------
    int
        Reports written.
    """
    usable = reports[reports["quality"] == "ok"]
    rows = [
        (report["report_id"], report["period"], report_text(report), "", "", "", coder)
        for _, report in usable.iterrows()
    ]
    themes = [
        (t.theme_id, t.label_fi, t.definition, t.includes, t.excludes) for t in taxonomy.themes
    ]
    write_sheet(
        path,
        SHEET,
        HEADER,
        rows,
        widths=_WIDTHS,
        choices={4: tuple(STATES)},
        more=((_THEMES, _THEME_HEADER, themes, (26, 34, 60, 40, 40)),),
    )
    return len(rows)


def in_period(reports: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return the reports of a period, or all when it is ``""``."""
    return reports[reports["period"] == period] if period else reports
