"""Measure how well themes agree: a machine's, the reporters' ticks, and coders', pair by pair.

The figures themselves are in :mod:`pipeline.figures.measures`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import InputError
from pipeline.figures.agreement import krippendorff_alpha, masi_distance
from pipeline.figures.calibration import calibration_error, reliability_table
from pipeline.figures.measures import (
    Interval,
    bootstrap,
    macro_f1,
    mean_jaccard,
    micro_f1,
    precision_at_1,
    ranking_precision,
    theme_table,
)


@dataclass(frozen=True)
class ThemeSets:
    """The themes one source gives to the reports it has seen.

    Attributes
    ----------
    name : str
        Who says so: ``kone``, ``rastit`` or a coder.
    themes : dict of str to frozenset of str
        Theme ids by report id; a report that was read and got none has an empty set.
    """

    name: str
    themes: dict[str, frozenset[str]]

    def matrix(self, report_ids: Sequence[str], theme_ids: Sequence[str]) -> np.ndarray:
        """Return the themes as bool, shape (n_reports, n_themes)."""
        return np.array(
            [[theme in self.themes[report] for theme in theme_ids] for report in report_ids], bool
        ).reshape(len(report_ids), len(theme_ids))


def sets_from_codings(codings: pd.DataFrame, theme_ids: Iterable[str]) -> list[ThemeSets]:
    """Return what each coder found, a coding of a segment counting for its report.

    Parameters
    ----------
    codings : DataFrame with columns ``report_id``, ``theme_id``, ``coder``
    theme_ids : iterable of str
        The taxonomy's themes.

    Returns
    -------
    list of ThemeSets
        One a coder, sorted by name.

    Raises
    ------
    InputError
        When a coding's theme is not in the taxonomy.
    """
    known = set(theme_ids)
    found: dict[str, dict[str, set[str]]] = {}
    rows = zip(codings["report_id"], codings["theme_id"], codings["coder"], strict=True)
    for place, (report_id, theme_id, coder) in enumerate(rows):
        if theme_id and theme_id not in known:
            raise InputError(
                "Codings, row {place}: theme_id must be one of the taxonomy's themes. "
                "Got {theme_id!r}. Correct the row, or choose the taxonomy it was coded "
                "with.",
                place=place + 2,
                theme_id=theme_id,
            )
        themes = found.setdefault(coder, {}).setdefault(report_id, set())
        themes.update({theme_id} - {""})
    return [
        ThemeSets(coder, {report: frozenset(themes) for report, themes in reports.items()})
        for coder, reports in sorted(found.items())
    ]


def sets_from_ticks(reports: pd.DataFrame, name: str = "rastit") -> ThemeSets:
    """Return what reporters ticked, of the forms of quality ok with a tick at least."""
    good = reports[reports["quality"] == "ok"]
    rows = zip(good["report_id"], good["themes_ticked"], strict=True)
    return ThemeSets(name, {report: frozenset(ticked) for report, ticked in rows if ticked})


def sets_from_report_themes(report_themes: pd.DataFrame, name: str = "kone") -> ThemeSets:
    """Return what the machine suggests."""
    themes: dict[str, set[str]] = {}
    columns = (report_themes[c] for c in ("report_id", "theme_id", "assigned"))
    for report_id, theme_id, assigned in zip(*columns, strict=True):
        themes.setdefault(report_id, set()).update({theme_id} if assigned else ())
    return ThemeSets(name, {report: frozenset(found) for report, found in themes.items()})


def score_matrix(
    report_themes: pd.DataFrame, report_ids: Sequence[str], theme_ids: Sequence[str]
) -> np.ndarray:
    """Return the machine's scores, shape (n_reports, n_themes)."""
    wide = report_themes.pivot(index="report_id", columns="theme_id", values="score")
    return wide.loc[list(report_ids), list(theme_ids)].to_numpy(float)


def sets_from_labels(
    name: str, report_ids: Sequence[str], theme_ids: Sequence[str], labels: np.ndarray
) -> ThemeSets:
    """Return the themes of a bool matrix, shape (n_reports, n_themes)."""
    rows = zip(report_ids, labels, strict=True)
    return ThemeSets(
        name,
        {
            report: frozenset(t for t, has in zip(theme_ids, row, strict=True) if has)
            for report, row in rows
        },
    )


def score_frame(
    report_ids: Sequence[str], theme_ids: Sequence[str], scores: np.ndarray
) -> pd.DataFrame:
    """Return scores, shape (n_reports, n_themes), as ``report_id``, ``theme_id``, ``score``."""
    return pd.DataFrame(
        {
            "report_id": np.repeat(np.array(report_ids, dtype=object), len(theme_ids)),
            "theme_id": np.tile(np.array(theme_ids, dtype=object), len(report_ids)),
            "score": scores.ravel(),
        }
    )


def compare(sources: Sequence[ThemeSets], theme_ids: Sequence[str], *, seed: int) -> pd.DataFrame:
    """Compare every two sources on the reports that both have seen.

    Parameters
    ----------
    sources : sequence of ThemeSets
    theme_ids : sequence of str
    seed : int

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``n_reports``, ``micro_f1`` with ``_low`` and ``_high`` (95 %),
        ``macro_f1``, ``same_sets`` (share of reports with the same themes), ``overlap`` (mean
        Jaccard index of the two sets), ``alpha`` with ``_low`` and ``_high`` (Krippendorff's alpha
        of theme sets, by MASI distance; 95 %), ``only_first`` and ``only_second`` (pairs that one
        of them has).
        F1 is the same whichever side is taken for gold. Two sources without a report in common
        have no row.
    """
    rows = []
    for first, second in combinations(sources, 2):
        shared = [report for report in first.themes if report in second.themes]
        if not shared:
            continue
        a, b = first.matrix(shared, theme_ids), second.matrix(shared, theme_ids)
        f1 = bootstrap(micro_f1, a, b, seed=seed)
        alpha = alpha_of_sets([first, second], seed=seed)
        rows.append(
            {
                "first": first.name,
                "second": second.name,
                "n_reports": len(shared),
                "micro_f1": f1.value,
                "micro_f1_low": f1.low,
                "micro_f1_high": f1.high,
                "macro_f1": macro_f1(a, b),
                "same_sets": float((a == b).all(axis=1).mean()),
                "overlap": mean_jaccard(a, b),
                "alpha": alpha.value,
                "alpha_low": alpha.low,
                "alpha_high": alpha.high,
                "only_first": int((a & ~b).sum()),
                "only_second": int((b & ~a).sum()),
            }
        )
    return pd.DataFrame(rows, columns=list(_COMPARISON))


def alpha_of_sets(sources: Sequence[ThemeSets], *, seed: int) -> Interval:
    """Return Krippendorff's alpha of theme sets, by MASI distance, over reports that two have."""
    reports = dict.fromkeys(report for source in sources for report in source.themes)
    units = [[s.themes[report] for s in sources if report in s.themes] for report in reports]
    return krippendorff_alpha(units, masi_distance, seed=seed)


def alpha_by_theme(
    sources: Sequence[ThemeSets], theme_ids: Sequence[str], *, seed: int
) -> pd.DataFrame:
    """Return how far two or more sources agree on each theme, beyond chance.

    Parameters
    ----------
    sources : sequence of ThemeSets
    theme_ids : sequence of str
    seed : int

    Returns
    -------
    DataFrame
        ``theme_id``, ``n_reports`` (seen by two or more), ``n_with`` (times given), ``alpha`` with
        ``_low`` and ``_high`` (Krippendorff's, 95 %). NaN for a theme that nobody gave.
    """
    seen = dict.fromkeys(report for source in sources for report in source.themes)
    units = [[s.themes[report] for s in sources if report in s.themes] for report in seen]
    paired = [unit for unit in units if len(unit) > 1]
    rows = []
    for theme in theme_ids:
        given = [[theme in themes for themes in unit] for unit in paired]
        alpha = krippendorff_alpha(given, seed=seed, n_bootstrap=1000)
        rows.append((theme, len(paired), sum(map(sum, given)), *alpha))
    columns = ["theme_id", "n_reports", "n_with", "alpha", "alpha_low", "alpha_high"]
    return pd.DataFrame(rows, columns=columns)


def disagreements(first: ThemeSets, second: ThemeSets, theme_ids: Sequence[str]) -> pd.DataFrame:
    """List the pairs of report and theme that only one of two sources has.

    Returns
    -------
    DataFrame
        ``report_id``, ``theme_id``, ``only`` (name of the source that has it), in the order of
        the first source's reports and of the taxonomy.
    """
    rows = [
        (report, theme, first.name if theme in themes else second.name)
        for report, themes in first.themes.items()
        if report in second.themes
        for theme in theme_ids
        if (theme in themes) != (theme in second.themes[report])
    ]
    return pd.DataFrame(rows, columns=["report_id", "theme_id", "only"])


_COMPARISON = (
    "first",
    "second",
    "n_reports",
    "micro_f1",
    "micro_f1_low",
    "micro_f1_high",
    "macro_f1",
    "same_sets",
    "overlap",
    "alpha",
    "alpha_low",
    "alpha_high",
    "only_first",
    "only_second",
)


@dataclass(frozen=True)
class Evaluation:
    """How well one source's themes agree with a coder's.

    Attributes
    ----------
    n_reports : int
        Reports that both have seen.
    micro_f1, macro_f1 : Interval
    precision_at_1, ranking_precision : Interval or None
        None when the source gives no scores.
    themes : DataFrame
        From :func:`theme_table`.
    calibration_error : float or None
        Mean gap of score and share right, 0-1; None when the source gives no scores.
    reliability : DataFrame or None
        From :func:`pipeline.figures.calibration.reliability_table`.
    """

    n_reports: int
    micro_f1: Interval
    macro_f1: Interval
    precision_at_1: Interval | None
    ranking_precision: Interval | None
    themes: pd.DataFrame
    calibration_error: float | None = None
    reliability: pd.DataFrame | None = None


def evaluate(
    gold: ThemeSets,
    guess: ThemeSets,
    theme_ids: Sequence[str],
    *,
    seed: int,
    report_themes: pd.DataFrame | None = None,
) -> Evaluation:
    """Measure one source against a coder, on the reports that both have seen.

    Parameters
    ----------
    gold, guess : ThemeSets
    theme_ids : sequence of str
    seed : int
    report_themes : DataFrame, optional
        The machine's scores, when ``guess`` is the machine.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        When the two have no report in common.
    """
    shared = [report for report in gold.themes if report in guess.themes]
    if not shared:
        raise InputError(
            "{gold} and {guess} have no report in common. Check that the codings name "
            "the reports of this study.",
            gold=gold.name,
            guess=guess.name,
        )
    truth, found = gold.matrix(shared, theme_ids), guess.matrix(shared, theme_ids)
    ranked: dict[str, Any] = {"precision_at_1": None, "ranking_precision": None}
    if report_themes is not None:
        scores = score_matrix(report_themes, shared, theme_ids)
        for name, measure in (
            ("precision_at_1", precision_at_1),
            ("ranking_precision", ranking_precision),
        ):
            ranked[name] = bootstrap(measure, truth, scores, seed=seed, n_bootstrap=500)
        ranked["calibration_error"] = calibration_error(truth, scores)
        ranked["reliability"] = reliability_table(truth, scores)
    return Evaluation(
        n_reports=len(shared),
        micro_f1=bootstrap(micro_f1, truth, found, seed=seed),
        macro_f1=bootstrap(macro_f1, truth, found, seed=seed),
        themes=theme_table(truth, found, theme_ids, seed=seed),
        **ranked,
    )
