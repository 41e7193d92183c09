"""The texts of the synthetic demo corpus, straight from its form export."""

import re
from pathlib import Path

from python_calamine import load_workbook

EXPORT = Path(__file__).parents[1] / "corpora" / "jarvimaa" / "jarvimaa_webropol.xlsx"
_REPORT_ID = re.compile(r"P\d-\d{3}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def demo_reports() -> dict[str, str]:
    """Return observation and proposal of each report as one text, by report id."""
    rows = load_workbook(str(EXPORT)).get_sheet_by_index(0).to_python()
    return {str(row[0]): f"{row[-2]}\n{row[-1]}" for row in rows if _REPORT_ID.match(str(row[0]))}


def demo_sentences() -> list[str]:
    """Return the sentences of all reports, split at full stops."""
    return [
        sentence
        for text in demo_reports().values()
        for sentence in _SENTENCE_END.split(text)
        if sentence.strip()
    ]
