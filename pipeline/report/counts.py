"""Count distinct reports: how many, which share, how sure, and whether it differs from before."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.figures.corrections import holm
from pipeline.figures.effective_size import design_effect
from pipeline.figures.intervals import effective_intervals


def memberships(reports: pd.DataFrame, column: str) -> pd.DataFrame:
    """List which report has which value.

    Parameters
    ----------
    reports : DataFrame with columns ``report_id``, ``period`` and `column`
    column : str
        A column of texts or of lists of texts.

    Returns
    -------
    DataFrame with columns ``value``, ``report_id``, ``period``
        One row a distinct pair, in the order of the reports. A report with no value has the
        value ``""``, so that nothing vanishes from a table.

    Examples
    --------
    >>> reports = pd.DataFrame(
    ...     {"report_id": ["a", "b"], "period": "2024H2", "area": [["Lahti", "Heinola"], []]}
    ... )
    >>> memberships(reports, "area")["value"].tolist()
    ['Lahti', 'Heinola', '']
    """
    rows = []
    cells = zip(reports["report_id"], reports["period"], reports[column], strict=True)
    for report_id, period, cell in cells:
        values = [cell] if isinstance(cell, str) else list(cell)
        rows += [(value, report_id, period) for value in dict.fromkeys(values or [""])]
    return pd.DataFrame(rows, columns=["value", "report_id", "period"], dtype=object)


def effect_of_writers(members: pd.DataFrame, reports: pd.DataFrame) -> float:
    """Return the design effect of reports that one reporter wrote, over the values of a table.

    Parameters
    ----------
    members : DataFrame
        What :func:`memberships` returns.
    reports : DataFrame with columns ``report_id``, ``period``, ``reporter_id``
        All reports that are counted.

    Returns
    -------
    float
        At least 1 (:func:`pipeline.figures.effective_size.design_effect`).
    """
    if members.empty or not (reports["reporter_id"] != "").any():
        return 1.0
    place = {report_id: i for i, report_id in enumerate(reports["report_id"])}
    values, _ = pd.factorize(members["value"])
    has = np.zeros((len(place), int(values.max()) + 1), dtype=bool)
    has[[place[report_id] for report_id in members["report_id"]], values] = True
    periods, _ = pd.factorize(reports["period"])
    writers, _ = pd.factorize(reports["reporter_id"].where(reports["reporter_id"] != "", None))
    return design_effect(has, periods, writers)


def count(
    members: pd.DataFrame,
    sizes: dict[str, int],
    values: Sequence[str] = (),
    effect: float = 1.0,
) -> pd.DataFrame:
    """Count the reports of every value in every period.

    Parameters
    ----------
    members : DataFrame
        What :func:`memberships` returns.
    sizes : dict of str to int
        Reports in each period, oldest first: the base of the shares.
    values : sequence of str, default=()
        Values to count even where no report has them.
    effect : float, default=1
        Design effect of reports that go together; it widens the intervals.

    Returns
    -------
    DataFrame with columns ``value``, ``period``, ``n``, ``n_reports``, ``share``, ``ci_low``, \
``ci_high``
        One row a value and period, zeros included. ``share`` is 0-1 and NaN in a period without
        reports; the interval is 95 % Clopper-Pearson.
    """
    seen = members.groupby(["value", "period"])["report_id"].nunique().to_dict()
    names = sorted({*members["value"], *values})
    rows = [
        (value, period, int(seen.get((value, period), 0)), size)
        for value in names
        for period, size in sizes.items()
    ]
    table = pd.DataFrame(rows, columns=["value", "period", "n", "n_reports"])
    return with_intervals(table.astype({"n": "int64", "n_reports": "int64"}), effect)


def with_intervals(table: pd.DataFrame, effect: float = 1.0) -> pd.DataFrame:
    """Add ``share``, ``ci_low`` and ``ci_high`` to a frame with ``n`` and ``n_reports``."""
    n = table["n"].to_numpy(dtype=float)
    size = table["n_reports"].to_numpy(dtype=float)
    low, high = effective_intervals(n, size, effect)
    share = np.divide(n, size, out=np.full(len(n), np.nan), where=size > 0)
    return table.assign(share=share, ci_low=low, ci_high=high)


def compare(counts: pd.DataFrame, period: str, effect: float = 1.0) -> pd.DataFrame:
    """Set one period beside all earlier ones together.

    A period of 40 reports is too small to be judged against another 40; pooled history is not.
    Fisher's exact test is two-sided and its p is corrected over the rows of the table (Holm), so
    that a table in which nothing happens shows any change at all in at most one case of twenty.

    Parameters
    ----------
    counts : DataFrame
        What :func:`count` returns, for one kind of value, of this period and those before it.
    period : str
    effect : float, default=1
        Design effect of reports that go together; the test is of as many reports as they are worth.

    Returns
    -------
    DataFrame with columns ``value``, ``n``, ``n_reports``, ``share``, ``ci_low``, ``ci_high``, \
``n_before``, ``n_reports_before``, ``share_before``, ``p_adjusted``
        Most reports first, ties by value. ``p_adjusted`` is NaN when nothing came before.

    References
    ----------
    Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.
    """
    now = counts[counts["period"] == period].drop(columns="period")
    earlier = counts[counts["period"] != period]
    past = earlier.groupby("value")[["n", "n_reports"]].sum()
    table = now.merge(
        past.rename(columns={"n": "n_before", "n_reports": "n_reports_before"}),
        left_on="value",
        right_index=True,
        how="left",
    )
    before = ["n_before", "n_reports_before"]
    table[before] = table[before].fillna(0).astype("int64")
    size = table["n_reports_before"].to_numpy(dtype=float)
    table["share_before"] = np.divide(
        table["n_before"].to_numpy(dtype=float),
        size,
        out=np.full(len(table), np.nan),
        where=size > 0,
    )
    table["p_adjusted"] = _changes(table, effect)
    return table.sort_values(["n", "value"], ascending=[False, True], ignore_index=True)


def _changes(table: pd.DataFrame, effect: float) -> np.ndarray:
    """Return Fisher's two-sided p of each row against its past, corrected over the rows.

    Where reports go together each cell counts as the whole number of reports it is worth.
    """
    from scipy.stats import fisher_exact

    p_values = np.full(len(table), np.nan)
    cells = table[["n", "n_reports", "n_before", "n_reports_before"]].to_numpy(dtype=np.int64)
    for i, (n, size, n_before, size_before) in enumerate(cells.tolist()):
        if size and size_before:
            table_2x2 = [[n, size - n], [n_before, size_before - n_before]]
            p_values[i] = fisher_exact(np.rint(np.array(table_2x2) / effect).astype(int)).pvalue
    return holm(p_values)
