"""Turn codings, one row a judgement, into the themes that each report was coded with."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.errors import InputError

UNCODED = -1
JUDGING_MODES = ("blind", "import")
"""Ways of coding in which the coder did not see what the machine suggests."""


def judging(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that the machine can be judged by.

    Parameters
    ----------
    codings : DataFrame
        Table ``codings_standing``.

    Returns
    -------
    DataFrame
        Those made blind, or in another program: people let wrong suggestions pass that they see.
    """
    return codings[codings["mode"].isin(JUDGING_MODES)].reset_index(drop=True)


def coded_labels(
    codings: pd.DataFrame, report_ids: Sequence[str], theme_ids: Sequence[str]
) -> np.ndarray:
    """Return what coders found in each report.

    A coding of a segment counts for its report. Where several coders read a report, a theme holds
    that at least half of them gave; where one adjudicated, the adjudicated themes hold. A coder's
    row without a theme says "read, none fits".

    Parameters
    ----------
    codings : DataFrame with columns ``report_id``, ``theme_id``, ``coder`` and perhaps ``mode``
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
    codings = _without_overruled(codings)
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


def _without_overruled(codings: pd.DataFrame) -> pd.DataFrame:
    """Leave out, of reports that were adjudicated, what the coders had said."""
    if "mode" not in codings:
        return codings
    is_last_word = codings["mode"] == "adjudication"
    adjudicated = set(codings.loc[is_last_word, "report_id"])
    return codings[is_last_word | ~codings["report_id"].isin(adjudicated)]


def _check_themes(codings: pd.DataFrame, known: dict[str, int]) -> None:
    """Refuse codings of themes that the taxonomy does not have."""
    unknown = sum(bool(theme_id) and theme_id not in known for theme_id in codings["theme_id"])
    if unknown:
        raise InputError(
            "theme_id of a coding must be one of the taxonomy's themes. Got {n} other ones. "
            "Correct them, or choose the taxonomy they were coded with.",
            n=unknown,
        )
