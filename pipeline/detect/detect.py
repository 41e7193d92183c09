"""Say of every group that was tested for growth what its members have in common.

A count is of distinct reports: of quality ok, with a known period, near-copies left out
(:func:`pipeline.cluster.distinct.is_distinct`).
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipeline.detect.histories import GroupTables
from pipeline.detect.rising import Rises, calibrate
from pipeline.detect.settings import DetectConfig
from pipeline.frames import empty
from pipeline.tables import TABLES

__all__ = ["DetectConfig", "detect", "find_signals", "is_nowhere", "is_wide"]

_MIN_THEME_SHARE = 0.5

_NOWHERE = re.compile(
    r"(?:alue(?:tta)?|kunta|paikkakunta)?\s*"
    r"(?:ei (?:ole )?(?:ilmoitettu|tiedossa|tietoa|mainittu|m\u00e4\u00e4ritelty)|tuntematon)\W*",
    re.IGNORECASE,
)
"""Answers by which a form says that no area was given."""


def find_signals(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    groups: GroupTables,
    report_themes: pd.DataFrame,
    config: DetectConfig,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> pd.DataFrame:
    """Give every topic and candidate its history, and rank those that rise.

    Parameters
    ----------
    periods, reports, report_themes : DataFrame
        The tables of those names.
    groups : GroupTables
    config : DetectConfig
    seed : int
        Seed of the shuffles.
    progress : callable
        Called as ``progress(done, total)`` after each shuffle.

    Returns
    -------
    DataFrame
        Table ``signals``: the list by rank, then the other groups by p-value. A row without
        ``candidate_id`` is a topic itself (its main reports); a candidate with the very reports of
        a topic has no row of its own. Only ranked rows can be ``signal`` or ``watch``.
        ``report_ids`` are the reports counted, so ``counts`` sums to their number. With reports in
        fewer than two periods there are no p-values and no list, and every status is ``too-few``.
    """
    rises = calibrate(
        periods,
        reports,
        groups.topics,
        groups.report_topics,
        groups.candidates,
        config,
        seed=seed,
        progress=progress,
    )
    return detect(reports, groups.topics, groups.candidates, report_themes, config, fitted=rises)


def detect(
    reports: pd.DataFrame,
    topics: pd.DataFrame,
    candidates: pd.DataFrame,
    report_themes: pd.DataFrame,
    config: DetectConfig,
    *,
    fitted: Rises,
) -> pd.DataFrame:
    """Say of every group that was tested what it is called and what its members have in common.

    Parameters
    ----------
    reports, topics, candidates, report_themes : DataFrame
        The tables of those names.
    config : DetectConfig
    fitted : Rises
        From :func:`pipeline.detect.rising.calibrate`.

    Returns
    -------
    DataFrame
        Table ``signals``, as :func:`find_signals` tells it.
    """
    if not fitted.rises:
        return empty("signals")
    labels = dict(zip(topics["topic_id"], topics["label"], strict=True))
    labels |= dict(zip(candidates["candidate_id"], candidates["label"], strict=True))
    rows = [
        asdict(rise)
        | {
            "label": labels[rise.candidate_id or rise.topic_id],
            "report_ids": list(rise.report_ids),
            "counts": list(rise.counts),
        }
        for rise in fitted.rises
    ]
    _add_company(rows, reports, report_themes, config.wide_areas)
    names = [column.name for column in TABLES["signals"].columns]
    return pd.DataFrame(rows, columns=names, dtype=object)


def _add_company(
    rows: list[dict[str, Any]],
    reports: pd.DataFrame,
    report_themes: pd.DataFrame,
    wide_areas: tuple[str, ...],
) -> None:
    """Write into each row what its members have in common: areas, client groups, themes."""
    areas = dict(zip(reports["report_id"], reports["area"], strict=True))
    groups = dict(zip(reports["report_id"], reports["client_groups"], strict=True))
    assigned = report_themes[report_themes["assigned"].astype(bool)]
    themes = assigned.groupby("report_id")["theme_id"].agg(list).to_dict()
    for row in rows:
        members = row["report_ids"]
        named = {area for member in members for area in areas[member]}
        row["n_areas"] = sum(not is_wide(area, wide_areas) for area in named)
        row["n_client_groups"] = len({group for member in members for group in groups[member]})
        tally = Counter(theme for member in members for theme in themes.get(member, ()))
        ordered = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))
        row["theme_ids"] = [t for t, n in ordered if n >= _MIN_THEME_SHARE * len(members)]


def is_wide(area: str, wide_areas: tuple[str, ...]) -> bool:
    """Say whether an area is wider than a municipality.

    Examples
    --------
    >>> is_wide("Koko maakunta", ("koko ",)), is_wide("Kokemäki", ("koko ",))
    (True, False)
    """
    return is_nowhere(area) or any(part in area.casefold() for part in wide_areas)


def is_nowhere(area: str) -> bool:
    """Say whether an answer tells that no area was given.

    Examples
    --------
    >>> is_nowhere("Alue ei ilmoitettu"), is_nowhere("Ei tiedossa."), is_nowhere("Eikka")
    (True, True, False)
    """
    return _NOWHERE.fullmatch(area.strip()) is not None
