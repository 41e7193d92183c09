"""Tell in what share of the reports each theme is, corrected for the machine's errors."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.coded import UNCODED, coded_labels, judging
from pipeline.assign.random_sample import coded_sample, drawn_reports
from pipeline.figures.corrected_shares import MIN_SAMPLE, corrected_shares
from pipeline.frames import empty
from pipeline.taxonomy.model import Taxonomy

PERIOD, UNTIL = "period", "until"
"""What shares are of: the reports of a period, or all reports up to its end."""


def theme_shares(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    report_themes: pd.DataFrame,
    codings_standing: pd.DataFrame,
    config: AssignConfig,
    *,
    taxonomy: Taxonomy,
    random_draws: pd.DataFrame,
    seed: int,
) -> pd.DataFrame:
    """Estimate the share of every theme from the reports that were drawn at random and coded.

    Parameters
    ----------
    periods, reports, report_themes, codings_standing : DataFrame
        The whole tables of those names.
    config : AssignConfig
    taxonomy : Taxonomy
    random_draws : DataFrame
        From :func:`pipeline.assign.random_sample.read_random_draws`.
    seed : int

    Returns
    -------
    DataFrame, table ``corrected_shares``
        One row a period and theme. Shares are of the period's reports where at least ten of them
        are in the coded sample, else of all reports up to the end of the period; a period for
        which neither is so has no rows. Only codings made without the machine's word in sight
        count. A report of quality other than ok is in no population.
    """
    scored = set(report_themes["report_id"])
    ok = reports[(reports["quality"] == "ok") & reports["report_id"].isin(scored)]
    period_of = dict(zip(ok["report_id"], ok["period"], strict=True))
    truth = _truth(codings_standing, list(period_of), taxonomy.theme_ids)
    drawn = drawn_reports(period_of, random_draws, seed)
    writer = dict(zip(ok["report_id"], ok["reporter_id"], strict=True))
    parts = []
    names = [str(name) for name in periods["period"]]
    for k, period in enumerate(names):
        known = set(names[: k + 1])
        populations = {
            PERIOD: [one for one, its in period_of.items() if its == period],
            UNTIL: [one for one, its in period_of.items() if its in known],
        }
        for scope, population in populations.items():
            sample = coded_sample(population, drawn, truth, seed)
            if len(sample) >= MIN_SAMPLE:
                n_waiting = len(drawn.intersection(population) - set(truth))
                found = _shares(population, sample, truth, report_themes, taxonomy, writer)
                parts.append(found.assign(period=period, scope=scope, n_waiting=n_waiting))
                break
    if not parts:
        return empty("corrected_shares")
    return pd.concat(parts, ignore_index=True)[list(empty("corrected_shares").columns)]


def _truth(
    codings: pd.DataFrame, report_ids: Sequence[str], theme_ids: Sequence[str]
) -> dict[str, np.ndarray]:
    """Return the themes of each report that people coded without the machine's word in sight."""
    fair = set(judging(codings)["report_id"])
    # Whoever adjudicated such a report has the last word on it.
    held = codings[codings["report_id"].isin(fair)]
    held = held[held["mode"].isin({*judging(held)["mode"], "adjudication"})]
    labels = coded_labels(held, report_ids, theme_ids)
    coded = np.flatnonzero((labels != UNCODED).all(axis=1))
    return {report_ids[int(i)]: labels[i] == 1 for i in coded}


def _shares(
    population: Sequence[str],
    sample: Sequence[str],
    truth: Mapping[str, np.ndarray],
    report_themes: pd.DataFrame,
    taxonomy: Taxonomy,
    writer: Mapping[str, str],
) -> pd.DataFrame:
    """Return the rows of one population."""
    own = report_themes[report_themes["report_id"].isin(population)]
    wide = own.pivot(index="report_id", columns="theme_id", values="unseen_score")
    scores = wide.loc[list(population), list(taxonomy.theme_ids)].to_numpy(float)
    place = {one: i for i, one in enumerate(population)}
    codes, _ = pd.factorize(np.array([writer[one] or None for one in population], dtype=object))
    found = corrected_shares(
        np.array([truth[one] for one in sample]),
        scores,
        np.array([place[one] for one in sample], dtype=int),
        codes,
    )
    return pd.DataFrame(
        {
            "theme_id": list(taxonomy.theme_ids),
            "share": found.share,
            "ci_low": found.low,
            "ci_high": found.high,
            "weight": found.weight,
            "n_coded": found.n_coded,
            "n_reports": found.n_reports,
            "n_to_halve": found.n_to_halve,
        }
    )
