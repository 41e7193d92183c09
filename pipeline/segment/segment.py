"""Split pseudonymised reports into segments: one sentence each, in reading order."""

import pandas as pd
from pydantic import BaseModel, Field

from pipeline.frames import each_row, empty
from pipeline.language.detection import segment_language
from pipeline.segment.client_voice import is_client_voice
from pipeline.segment.sentences import split_sentences

FIELDS = ("observation", "proposal")


class SegmentConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the segment stage."""

    min_chars: int = Field(
        default=12,
        ge=1,
        description="Shortest segment, in characters; a shorter one joins its neighbour.",
    )


def segment(reports: pd.DataFrame, config: SegmentConfig) -> pd.DataFrame:
    """Split each report of quality ok into sentence segments.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``: safe text in ``observation`` and ``proposal``, and their ``language``.
    config : SegmentConfig

    Returns
    -------
    DataFrame
        Table ``segments``: one row a sentence, the observation's before the proposal's.
        ``text == field_text[start:end]``.

    Examples
    --------
    >>> reports = pd.DataFrame({"report_id": ["P1-001"], "quality": ["ok"], "language": ["fi"],
    ...     "observation": ["Vuokra nousi taas. Perhe joutui muuttamaan."], "proposal": [""]})
    >>> segment(reports, SegmentConfig())["text"].tolist()
    ['Vuokra nousi taas.', 'Perhe joutui muuttamaan.']
    """
    rows = []
    for report in each_row(reports[reports["quality"] == "ok"]):
        for field in FIELDS:
            text = getattr(report, field)
            for number, (start, end) in enumerate(split_sentences(text, config.min_chars), 1):
                sentence = text[start:end]
                rows.append(
                    {
                        "segment_id": f"{report.report_id}/{field}/{number:03d}",
                        "report_id": report.report_id,
                        "field": field,
                        "start": start,
                        "end": end,
                        "text": sentence,
                        "client_voice": is_client_voice(sentence),
                        "language": segment_language(sentence, report.language),
                    }
                )
    return pd.DataFrame(rows) if rows else empty("segments")
