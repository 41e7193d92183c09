"""Say how far coders agree, as coding goes on, and on which reports they do not."""

from dataclasses import dataclass

import pandas as pd

from pipeline.assign.coded import judging
from pipeline.evaluate import ThemeSets, alpha_by_theme, alpha_of_sets, sets_from_codings
from pipeline.figures.agreement import masi_distance
from pipeline.figures.measures import Interval
from pipeline.review.decisions_file import ADJUDICATION
from pipeline.taxonomy.model import Taxonomy

DISPUTED_COLUMNS = ("report_id", "distance", "coders", "themes")


@dataclass(frozen=True)
class AgreementNow:
    """How far coders agree on the reports that two or more have read.

    Attributes
    ----------
    coders : tuple of str
    n_reports : int
        Reports that two or more have read.
    is_blind : bool
        Whether only codings made blind are compared; others count where fewer than two coders
        have coded the same reports blind.
    of_sets : Interval
        Krippendorff's alpha of theme sets, by MASI distance; an empty set is an answer too.
    by_theme : DataFrame
        From :func:`pipeline.evaluate.alpha_by_theme`.
    disputed : DataFrame
        ``report_id``, ``distance`` (mean MASI distance of its readers, 0-1), ``coders`` and
        ``themes`` (a set each, in the same order): reports on which readers differ and nobody has
        adjudicated, the farthest apart first.
    """

    coders: tuple[str, ...]
    n_reports: int
    is_blind: bool
    of_sets: Interval
    by_theme: pd.DataFrame
    disputed: pd.DataFrame


def agreement_now(
    codings_standing: pd.DataFrame, taxonomy: Taxonomy, *, seed: int
) -> AgreementNow | None:
    """Compare the coders.

    Parameters
    ----------
    codings_standing : DataFrame
        The table of that name.
    taxonomy : Taxonomy
    seed : int
        Of the bootstrap.

    Returns
    -------
    AgreementNow or None
        None when no report has two readers.
    """
    of_coders = codings_standing[codings_standing["mode"] != ADJUDICATION]
    is_last_word = codings_standing["mode"] == ADJUDICATION
    settled = set(codings_standing.loc[is_last_word, "report_id"])
    blind = judging(of_coders)
    is_blind = bool(_twice_read(blind))
    held = blind if is_blind else of_coders
    twice = _twice_read(held)
    if not twice:
        return None
    sources = sets_from_codings(held[held["report_id"].isin(twice)], taxonomy.theme_ids)
    everyone = sets_from_codings(of_coders, taxonomy.theme_ids)
    return AgreementNow(
        coders=tuple(source.name for source in sources),
        n_reports=len(twice),
        is_blind=is_blind,
        of_sets=alpha_of_sets(sources, seed=seed),
        by_theme=alpha_by_theme(sources, taxonomy.theme_ids, seed=seed),
        disputed=_disputed(everyone, settled),
    )


def _twice_read(codings: pd.DataFrame) -> set[str]:
    """Return the reports that two coders or more have read."""
    readers = codings.groupby("report_id")["coder"].nunique()
    return {str(report_id) for report_id in readers.index[readers > 1]}


def _disputed(sources: list[ThemeSets], settled: set[str]) -> pd.DataFrame:
    """List the reports on which readers differ, the farthest apart first."""
    rows = []
    for report in sorted({report for source in sources for report in source.themes}):
        held = [(s.name, s.themes[report]) for s in sources if report in s.themes]
        pairs = [masi_distance(a, b) for i, (_, a) in enumerate(held) for _, b in held[i + 1 :]]
        if report not in settled and any(pairs):
            names, sets = zip(*held, strict=True)
            rows.append((report, sum(pairs) / len(pairs), list(names), list(sets)))
    rows.sort(key=lambda row: (-row[1], row[0]))
    return pd.DataFrame(rows, columns=list(DISPUTED_COLUMNS), dtype=object)
