"""Corpora for subject indexing and plain tables of codes.

The document corpus is Annif's (National Library of Finland,
https://github.com/NatLibFi/Annif/wiki/Document-corpus-formats): a text, a tab, and the URIs of its
subjects in angle brackets.
"""

from pathlib import Path

from pipeline.codings import COLUMNS
from pipeline.exchange.from_study import Handover
from pipeline.exchange.source_texts import source_texts
from pipeline.frames import each_row
from pipeline.spreadsheet import safe_text, write_private
from pipeline.taxonomy.rows import csv_text


def write_document_corpus(handover: Handover, file: Path) -> int:
    """Write reports that someone has read, a line each, with the themes given to them.

    Parameters
    ----------
    handover : Handover
    file : Path
        ``.tsv``, UTF-8.

    Returns
    -------
    int
        Lines written. A report read by several has the themes that any of them gave.
    """
    themes: dict[str, dict[str, None]] = {}
    for row in each_row(handover.codings):
        given = themes.setdefault(row.report_id, {})
        if row.theme_id:
            given[row.theme_id] = None
    lines = []
    for text in source_texts(handover.reports, handover.segments):
        if text.name in themes:
            subjects = " ".join(f"<{handover.taxonomy.base_uri}{i}>" for i in themes[text.name])
            lines.append(f"{' '.join(text.text.split())}\t{subjects}\n")
    write_private(file, "".join(lines).encode("utf-8"))
    return len(lines)


def write_codes(handover: Handover, file: Path) -> int:
    """Write the codings, a row each, as ``train --codes`` and ``exchange --import`` read them.

    Returns
    -------
    int
        Rows written.
    """
    held = handover.codings[list(COLUMNS)].astype(str)
    rows = held.map(safe_text).to_numpy().tolist()
    write_private(file, csv_text([COLUMNS, *rows]).encode("utf-8-sig"))
    return len(rows)
