"""Show beside a suggestion the coded report that is most like it and has the theme."""

import numpy as np
import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.coded import coded_labels
from pipeline.assign.features import Matrix, fit_features, report_documents
from pipeline.frames import empty
from pipeline.taxonomy.model import Taxonomy
from pipeline.texts import Texts

_ROWS_AT_ONCE = 1000  # reports compared with all coded ones of a theme at a time


def nearest_coded(
    texts: Texts,
    codings_standing: pd.DataFrame,
    report_themes: pd.DataFrame,
    config: AssignConfig,
    *,
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    """Find for each suggestion the nearest other report that people coded with the theme.

    Parameters
    ----------
    texts : Texts
    codings_standing, report_themes : DataFrame
        Whole, as the tables of those names.
    config : AssignConfig
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame, table ``nearest_coded``
        In the order of ``report_themes``. Likeness is the mean of two cosines, of lemma and
        compound-part TF-IDF and of centred vectors. A theme that nobody coded has no rows.
    """
    suggested = report_themes[report_themes["assigned"].astype(bool)]
    if codings_standing.empty or suggested.empty:
        return empty("nearest_coded")
    documents, report_ids = report_documents(texts)
    labels = coded_labels(codings_standing, report_ids, taxonomy.theme_ids)
    rows = fit_features(documents, [], config.min_df).transform(documents)
    place = {report_id: i for i, report_id in enumerate(report_ids)}
    column = {theme_id: j for j, theme_id in enumerate(taxonomy.theme_ids)}
    found: dict[tuple[str, str], tuple[int, float]] = {}
    for theme_id, group in suggested.groupby("theme_id", sort=False):
        coded = np.flatnonzero(labels[:, column[str(theme_id)]] == 1)
        own = np.array([place[report_id] for report_id in group["report_id"]], dtype=int)
        for start in range(0, len(own), _ROWS_AT_ONCE):
            some = own[start : start + _ROWS_AT_ONCE]
            for i, (other, likeness) in zip(some, _nearest(rows, some, coded), strict=True):
                if other >= 0:
                    found[report_ids[i], str(theme_id)] = other, likeness
    made = [
        (
            report_id,
            theme_id,
            report_ids[found[report_id, theme_id][0]],
            found[report_id, theme_id][1],
        )
        for report_id, theme_id in zip(suggested["report_id"], suggested["theme_id"], strict=True)
        if (report_id, theme_id) in found
    ]
    columns = empty("nearest_coded").columns
    return pd.DataFrame(made, columns=columns) if made else empty("nearest_coded")


def _nearest(rows: Matrix, own: np.ndarray, coded: np.ndarray) -> list[tuple[int, float]]:
    """Return the nearest coded report of each, itself left out; place -1 where there is none."""
    if not len(coded):
        return [(-1, 0.0)] * len(own)
    likeness = (rows[own] @ rows[coded].T).toarray() / 2
    likeness[own[:, None] == coded[None, :]] = -np.inf
    best = likeness.argmax(axis=1)
    values = likeness[np.arange(len(own)), best]
    return [
        (int(coded[k]), float(value)) if np.isfinite(value) else (-1, 0.0)
        for k, value in zip(best, values, strict=True)
    ]
