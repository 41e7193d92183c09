"""The sheet on which a lead settles what coders dispute, and its way into the log."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipeline.errors import InputError
from pipeline.frames import each_row
from pipeline.human.files import Line
from pipeline.review.cells import NONE_FITS, ThemeNames, missing_columns, read_sheets
from pipeline.review.decisions_file import ADJUDICATION, Row
from pipeline.review.sheet import NONE, report_text
from pipeline.spreadsheet import write_sheet
from pipeline.taxonomy.model import Taxonomy

SHEET = "ratkaistavat"
REASONS = (
    "teksti monitulkintainen",
    "ohje puutteellinen",
    "virhe",
    "reunatapaus",
    "näkemysero",
)
_NEEDED = ("tunnus", "ratkaisu", "syy", "muistio")
_SAYS = " antoi"

Given = Mapping[str, Mapping[str, frozenset[str]]]
"""Themes by report and coder."""


def write_disputed(
    path: Path, disputed: pd.DataFrame, reports: pd.DataFrame, memos: pd.DataFrame,
    taxonomy: Taxonomy,
) -> int:  # fmt: skip
    """Write the reports that readers dispute, the farthest apart first, a column a coder.

    Parameters
    ----------
    path : Path
        The .xlsx to write.
    disputed : DataFrame
        From :func:`pipeline.review.agreement_now.agreement_now`.
    reports : DataFrame
        Table ``reports``.
    memos : DataFrame with columns ``report_id``, ``coder``, ``memo``
    taxonomy : Taxonomy

    Returns
    -------
    int
        Reports written. The machine's suggestions are not on the sheet.
    """
    names = ThemeNames(taxonomy)
    order = {theme_id: i for i, theme_id in enumerate(taxonomy.theme_ids)}
    coders = sorted({coder for row in each_row(disputed) for coder in row.coders})
    texts = reports.set_index("report_id")
    said = {
        report: "\n".join(f"{row.coder}: {row.memo}" for row in each_row(group) if row.memo)
        for report, group in memos.groupby("report_id")
    }
    rows = []
    for row in each_row(disputed):
        given = dict(zip(row.coders, row.themes, strict=True))
        cells = [
            ""
            if coder not in given
            else names.text(sorted(given[coder], key=order.__getitem__)) or NONE
            for coder in coders
        ]
        text = report_text(texts.loc[row.report_id])
        rows.append((row.report_id, text, *cells, said.get(row.report_id, ""), "", "", ""))
    header = (
        *("tunnus", "teksti"),
        *(f"{coder}{_SAYS}" for coder in coders),
        *("muistiot", "ratkaisu", "syy", "muistio"),
    )
    widths = (14, 80, *(34 for _ in coders), 30, 40, 24, 30)
    write_sheet(path, SHEET, header, rows, widths=widths, choices={len(header) - 2: REASONS})
    return len(rows)


def read_adjudication(
    path: Path, lead: str, taxonomy: Taxonomy, given: Given, report_ids: set[str]
) -> tuple[list[Row], list[str]]:
    """Read a filled-in sheet into rows for the log.

    Parameters
    ----------
    path : Path
    lead : str
        Who settles.
    taxonomy : Taxonomy
    given : mapping of str to mapping of str to frozenset of str
        Themes that coders gave, by report and coder. ``ratkaisu`` may name a coder to take that
        coder's themes, or hold themes, or *ei mikään*.
    report_ids : set of str
        Reports of the study.

    Returns
    -------
    rulings : list of dict
        Of each settled report: its themes accepted, the others that a coder gave rejected, and the
        report read; of mode adjudication.
    problems : list of str
        One sentence a row that cannot be taken, without cell text.

    Raises
    ------
    InputError
        When the file is no such sheet.
    """
    sheets = read_sheets(path)
    if SHEET not in sheets or missing_columns(sheets[SHEET], _NEEDED):
        raise InputError(
            "{path} is no spreadsheet to settle with a sheet {sheet}. "
            "Use one made by: havainto review STUDY --agreement --export FILE.xlsx",
            path=path,
            sheet=SHEET,
        )
    names, rows, problems = ThemeNames(taxonomy), [], []
    for line in sheets[SHEET]:
        word, reason = line.cells["ratkaisu"], line.cells["syy"]
        if not word:
            continue
        report = line.cells["tunnus"]
        themes = _settled(word, given.get(report, {}), names)
        if report not in report_ids:
            problems.append(f"row {line.number}: tunnus is not in this study's tables.")
        elif themes is None:
            problems.append(
                f"row {line.number}: ratkaisu must be the name of a coder, themes with ; between "
                "them, or ei mikään."
            )
        elif reason and reason.casefold() not in REASONS:
            problems.append(f"row {line.number}: syy must be one of {', '.join(REASONS)}.")
        else:
            rows += _rulings(line, lead, taxonomy, themes, given.get(report, {}))
    return rows, problems


def _settled(word: str, given: Mapping[str, frozenset[str]], names: ThemeNames) -> list[str] | None:
    """Return the themes that the cell settles on; None when it cannot be read."""
    if word.casefold() in NONE_FITS:
        return []
    of_coder = {coder.casefold(): themes for coder, themes in given.items()}
    taken = word.casefold().removesuffix(_SAYS)
    return sorted(of_coder[taken]) if taken in of_coder else names.read(word)


def _rulings(
    line: Line,
    lead: str,
    taxonomy: Taxonomy,
    themes: list[str],
    given: Mapping[str, frozenset[str]],
) -> list[Row]:
    """Return the rows of one settled report."""
    shared = {
        "coder": lead,
        "target_id": line.cells["tunnus"],
        "theme_id": "",
        "new_value": "",
        "memo": "",
        "taxonomy_version": taxonomy.version,
        "mode": ADJUDICATION,
    }
    others = sorted(frozenset().union(*given.values()) - set(themes))
    pairs = [(theme, "accept") for theme in themes] + [(theme, "reject") for theme in others]
    rows = [
        shared | {"target_table": "report_themes", "theme_id": theme, "verdict": verdict}
        for theme, verdict in pairs
    ]
    memo = ": ".join(part for part in (line.cells["syy"], line.cells["muistio"]) if part)
    return [*rows, shared | {"target_table": "reports", "verdict": "read", "memo": memo}]
