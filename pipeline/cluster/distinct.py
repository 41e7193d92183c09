"""Which reports count: each once, near-copies not again."""

import pandas as pd


def is_distinct(reports: pd.DataFrame) -> pd.Series:
    """Say of each report whether it counts: of quality ok and no copy of one that does.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.

    Returns
    -------
    Series of bool
        Aligned with ``reports``.

    Examples
    --------
    >>> reports = pd.DataFrame({"report_id": ["a", "b", "c"], "quality": "ok",
    ...     "duplicate_of": ["", "a", "gone"]})
    >>> is_distinct(reports).tolist()
    [True, False, True]
    """
    is_ok = reports["quality"] == "ok"
    ok_ids = set(reports.loc[is_ok, "report_id"])
    return is_ok & ~reports["duplicate_of"].isin(ok_ids)


def originals(reports: pd.DataFrame) -> dict[str, str]:
    """Name for each report of quality ok the distinct report whose text it has.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.

    Returns
    -------
    dict of str to str
        A distinct report names itself; a copy of a copy names the first.

    Examples
    --------
    >>> reports = pd.DataFrame({"report_id": ["a", "b", "c"], "quality": "ok",
    ...     "duplicate_of": ["", "a", "b"]})
    >>> originals(reports)
    {'a': 'a', 'b': 'a', 'c': 'a'}
    """
    ok = reports[reports["quality"] == "ok"]
    copied = dict(zip(ok["report_id"], ok["duplicate_of"], strict=True))
    found: dict[str, str] = {}
    for report_id in copied:
        seen = {report_id}
        source = report_id
        while copied.get(copied[source]) is not None and copied[source] not in seen:
            source = copied[source]
            seen.add(source)
        found[report_id] = source
    return found
