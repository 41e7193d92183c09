"""Let the mapper know the kinds of a report's sentences, as one more field of its form."""

import pandas as pd

from pipeline.texts import Texts


def with_kinds(texts: Texts, segment_kinds: pd.DataFrame) -> Texts:
    """Return the same texts whose reports say which kinds of sentences they hold.

    Parameters
    ----------
    texts : Texts
    segment_kinds : DataFrame
        The table of that name, of the same reports at least.

    Returns
    -------
    Texts
        With a column ``kinds`` of ``reports``: the kinds stated of a report's sentences, sorted; an
        empty list where none was sure.
    """
    said = segment_kinds[segment_kinds["kind"] != ""]
    report_of = dict(zip(texts.segments["segment_id"], texts.segments["report_id"], strict=True))
    held: dict[str, set[str]] = {}
    for segment_id, kind in zip(said["segment_id"], said["kind"], strict=True):
        if segment_id in report_of:
            held.setdefault(report_of[segment_id], set()).add(str(kind))
    kinds = [sorted(held.get(report_id, ())) for report_id in texts.reports["report_id"]]
    reports = texts.reports
    return texts.of(reports.assign(kinds=pd.Series(kinds, index=reports.index, dtype=object)))
