"""Which reports teach: all but the newest few, so that a few new ones undo nothing.

What is learnt from all reports changes with each of them, and with it what is suggested for every
other one. The newest periods teach from the day they hold a fiftieth of the dated reports.
"""

import pandas as pd

MAX_NEW_SHARE = 1 / 50
"""Share of the reports with a period, below which the newest periods together do not teach."""


def teaching_ids(reports: pd.DataFrame) -> set[str]:
    """Return the reports that kinds, valences and themes are learnt from.

    Parameters
    ----------
    reports : DataFrame with columns ``report_id``, ``period``
        Table ``reports``: the oldest period first. Reports without a period teach: those of an
        unknown date, and notes of a source of their own.

    Returns
    -------
    set of str
        All but those of the newest periods, of as many of these as hold less than
        :data:`MAX_NEW_SHARE` of the dated reports together; one period is always left. It depends
        on the reports alone, not on the runs before: the same study has the same ones however it
        grew.

    Examples
    --------
    >>> periods = ["2023H1"] * 200 + ["2023H2"] * 3
    >>> reports = pd.DataFrame({"report_id": [f"R-{i}" for i in range(203)], "period": periods})
    >>> len(teaching_ids(reports))
    200
    """
    sizes = reports[reports["period"] != ""].groupby("period", sort=False).size()
    n_newest = sizes[::-1].cumsum()
    new = set(n_newest.index[n_newest < MAX_NEW_SHARE * sizes.sum()])
    return set(reports.loc[~reports["period"].isin(new), "report_id"])
