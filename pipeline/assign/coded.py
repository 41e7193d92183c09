"""Turn codings, one row a judgement, into the themes that each report was coded with."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.errors import InputError

UNCODED = -1


def coded_labels(
    codings: pd.DataFrame, report_ids: Sequence[str], theme_ids: Sequence[str]
) -> np.ndarray:
    """Return what coders found in each report.

    A coding of a segment counts for its report. Where several coders read a report, a theme holds
    that at least half of them gave. A coder's row without a theme says "read, none fits".

    Parameters
    ----------
    codings : DataFrame with columns ``report_id``, ``theme_id``, ``coder``
    report_ids : sequence of str
        Reports that can be learnt from; codings of others are passed over.
    theme_ids : sequence of str

    Returns
    -------
    ndarray of int8, shape (n_reports, n_themes)
        1 with the theme, 0 without it, -1 throughout a report that nobody coded.

    Raises
    ------
    InputError
        When a theme is not in the taxonomy.
    """
    theme_at = {theme_id: j for j, theme_id in enumerate(theme_ids)}
    report_at = {report_id: i for i, report_id in enumerate(report_ids)}
    _check_themes(codings, theme_at)
    readers: dict[int, set[str]] = {}
    votes: dict[tuple[int, int], set[str]] = {}
    rows = zip(codings["report_id"], codings["theme_id"], codings["coder"], strict=True)
    for report_id, theme_id, coder in rows:
        i = report_at.get(report_id)
        if i is None:
            continue
        readers.setdefault(i, set()).add(coder)
        if theme_id:
            votes.setdefault((i, theme_at[theme_id]), set()).add(coder)
    labels = np.full((len(report_ids), len(theme_ids)), UNCODED, dtype=np.int8)
    labels[list(readers)] = 0
    for (i, j), coders in votes.items():
        labels[i, j] = 2 * len(coders) >= len(readers[i])
    return labels


def _check_themes(codings: pd.DataFrame, known: dict[str, int]) -> None:
    """Refuse codings of themes that the taxonomy does not have."""
    for place, theme_id in enumerate(codings["theme_id"]):
        if theme_id and theme_id not in known:
            raise InputError(
                f"codings.csv, row {place + 2}: theme_id must be one of the taxonomy's themes. "
                f"Got {theme_id!r}. Correct the row, or choose the taxonomy it was coded with."
            )
