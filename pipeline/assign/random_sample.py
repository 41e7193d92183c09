"""Draw reports at random for coding, so that shares can be told of all reports.

Every report has a random number of its own for good, made of its id and the study's seed. A sample
of n reports is the n with the lowest numbers: drawing again, or more, keeps those that were drawn,
and reports that arrive later take their places by chance. What is written down is how many were
drawn of which period, no report.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from pipeline.human.durable import write_durably
from pipeline.human.files import complaint, read_table
from pipeline.human.lock import human_lock
from pipeline.taxonomy.rows import csv_text

FILE_NAME = "random_sample.csv"
COLUMNS = ("period", "n", "at")
_IN_FINNISH = {"jakso": "period", "määrä": "n", "aika": "at"}


def read_random_draws(folder: Path) -> pd.DataFrame:
    """Read how many reports were drawn for coding.

    Parameters
    ----------
    folder : Path
        Folder that may hold ``random_sample.csv``.

    Returns
    -------
    DataFrame with columns ``period``, ``n``, ``at``
        One row a draw; ``period`` is ``""`` for a draw among all reports. No rows without a file.

    Raises
    ------
    InputError
        When the file cannot be read, lacks a column, or a number is none.
    """
    path = folder / FILE_NAME
    lines = read_table(path, COLUMNS, also=_IN_FINNISH) if path.exists() else []
    rows = []
    for line in lines:
        n = line.cells["n"].strip()
        if not n.isdecimal() or int(n) < 1:
            raise complaint(
                f"{path.name}, line {line.number}", "n must be a whole number above 0", "another",
                "Draw again: havainto suggest STUDY --random N",
            )  # fmt: skip
        rows.append((line.cells["period"].strip(), int(n), line.cells["at"]))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"n": "int64"})


def add_draw(folder: Path, period: str, n: int) -> None:
    """Write down that n reports were drawn; a draw that adds none to those before is not.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.
    period : str
        Period they were drawn from; ``""`` for all reports.
    n : int
    """
    with human_lock(folder):
        draws = read_random_draws(folder)
        if n <= _n_drawn(draws, period):
            return
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        rows = [list(map(str, row)) for row in [*draws.to_numpy().tolist(), (period, n, at)]]
        write_durably(folder / FILE_NAME, csv_text([COLUMNS, *rows]).encode("utf-8"))


def in_random_order(report_ids: Collection[str], seed: int) -> list[str]:
    """Return reports by their random numbers, lowest first.

    Parameters
    ----------
    report_ids : collection of str
    seed : int
        Of the study.

    Notes
    -----
    Permanent random numbers (Ohlsson, Coordination of samples using permanent random numbers, in
    Cox et al., Business Survey Methods, 1995, 10.1002/9781118150504.ch9).

    Examples
    --------
    >>> order = in_random_order(["P1-001", "P1-002", "P1-003"], 0)
    >>> [one for one in in_random_order(["P1-001", "P1-003"], 0)] == [
    ...     one for one in order if one != "P1-002"
    ... ]
    True
    """
    return sorted(report_ids, key=lambda one: hashlib.sha256(f"{seed}|{one}".encode()).digest())


def drawn_reports(period_of: Mapping[str, str], draws: pd.DataFrame, seed: int) -> set[str]:
    """Return the reports that have been drawn.

    Parameters
    ----------
    period_of : mapping of str to str
        Period of each report that may be drawn.
    draws : DataFrame
        From :func:`read_random_draws`.
    seed : int
    """
    drawn: set[str] = set()
    for period in draws["period"].unique():
        own = [one for one, its in period_of.items() if period in ("", its)]
        drawn.update(in_random_order(own, seed)[: _n_drawn(draws, period)])
    return drawn


def coded_sample(
    report_ids: Collection[str], drawn: Collection[str], coded: Collection[str], seed: int
) -> list[str]:
    """Return the simple random sample that has been coded, of some reports.

    It ends before the first report that was not drawn or is not coded yet: which of the drawn ones
    a coder reads first may depend on what they say, and what was coded for another reason always
    does.

    Parameters
    ----------
    report_ids : collection of str
        The population.
    drawn, coded : collection of str
    seed : int
    """
    sample = []
    for one in in_random_order(report_ids, seed):
        if one not in drawn or one not in coded:
            break
        sample.append(one)
    return sample


def _n_drawn(draws: pd.DataFrame, period: str) -> int:
    """Return how many reports have been drawn of a period, or of all."""
    return (
        int(draws.loc[draws["period"] == period, "n"].max())
        if len(draws) and (draws["period"] == period).any()
        else 0
    )
