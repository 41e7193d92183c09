"""Compare coders, the machine and the reporters' ticks on the reports that people coded.

The command ``evaluate`` and the period report both show what is made here, so they agree.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.evaluate import (
    ThemeSets,
    alpha_by_theme,
    alpha_of_sets,
    compare,
    sets_from_codings,
    sets_from_report_themes,
    sets_from_ticks,
)
from pipeline.figures.measures import Interval
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.old_codings import bring_up_to_date


@dataclass(frozen=True)
class ThemeAgreement:
    """How far a group of sources agrees on each theme.

    Attributes
    ----------
    names : tuple of str
        Who is compared.
    of_sets : Interval
        Krippendorff's alpha of theme sets, by MASI distance.
    by_theme : DataFrame
        From :func:`pipeline.evaluate.alpha_by_theme`.
    """

    names: tuple[str, ...]
    of_sets: Interval
    by_theme: pd.DataFrame


@dataclass(frozen=True)
class Comparison:
    """Everyone's themes on the coded reports, and how far they agree.

    Attributes
    ----------
    machine, ticks : ThemeSets
        Of coded reports alone.
    coders : tuple of ThemeSets
        One at least.
    pairs : DataFrame
        From :func:`pipeline.evaluate.compare`: every two sources.
    agreements : tuple of ThemeAgreement
        Of the coders among themselves; of a single coder with the machine, and with the ticks.
    dissent : DataFrame
        From :func:`dissent`.
    n_learnt : int
        Coded reports whose codings the machine has learnt from: of them it says what it was told.
    """

    machine: ThemeSets
    ticks: ThemeSets
    coders: tuple[ThemeSets, ...]
    pairs: pd.DataFrame
    agreements: tuple[ThemeAgreement, ...]
    dissent: pd.DataFrame
    n_learnt: int

    @property
    def report_ids(self) -> set[str]:
        """Reports that a coder has read."""
        return {report for coder in self.coders for report in coder.themes}


def compare_codings(
    codings: pd.DataFrame,
    taxonomy: Taxonomy,
    reports: pd.DataFrame,
    report_themes: pd.DataFrame,
    *,
    learnt: Collection[str],
    seed: int,
) -> Comparison | None:
    """Compare coders with one another, with the machine and with the ticks.

    Parameters
    ----------
    codings : DataFrame
        What people coded; codings of older versions of the taxonomy count as what they became.
    taxonomy : Taxonomy
    reports, report_themes : DataFrame
        The whole tables of those names. Codings of other reports are left out.
    learnt : collection of str
        Reports whose codings the machine has learnt from.
    seed : int

    Returns
    -------
    Comparison or None
        None when no report of the study was coded.

    Raises
    ------
    InputError
        When a coding's theme is neither in the taxonomy nor in its history.
    """
    known = codings[codings["report_id"].isin(set(reports["report_id"]))]
    if known.empty:
        return None
    theme_ids = taxonomy.theme_ids
    coders = sets_from_codings(bring_up_to_date(known, taxonomy), theme_ids)
    if not coders:
        return None
    coded = {report for coder in coders for report in coder.themes}
    machine = _only(sets_from_report_themes(report_themes), coded)
    ticks = _only(sets_from_ticks(reports), coded)
    groups = [coders] if len(coders) > 1 else [[coders[0], machine], [coders[0], ticks]]
    return Comparison(
        machine=machine,
        ticks=ticks,
        coders=tuple(coders),
        pairs=compare([machine, ticks, *coders], theme_ids, seed=seed),
        agreements=tuple(
            ThemeAgreement(
                tuple(source.name for source in group),
                alpha_of_sets(group, seed=seed),
                alpha_by_theme(group, theme_ids, seed=seed),
            )
            for group in groups
        ),
        dissent=dissent(
            coders, machine, ticks, report_themes[report_themes["report_id"].isin(coded)], theme_ids
        ),
        n_learnt=len(coded.intersection(learnt)),
    )


def dissent(
    coders: Sequence[ThemeSets],
    machine: ThemeSets,
    ticks: ThemeSets,
    report_themes: pd.DataFrame,
    theme_ids: Sequence[str],
) -> pd.DataFrame:
    """List the pairs of report and theme on which those who have seen the report disagree.

    Parameters
    ----------
    coders : sequence of ThemeSets
    machine, ticks : ThemeSets
    report_themes : DataFrame with columns ``report_id``, ``theme_id``, ``score``, ``evidence``
    theme_ids : sequence of str

    Returns
    -------
    DataFrame
        ``report_id``, ``theme_id``, ``given_by`` and ``not_given_by`` (names, coders first),
        ``score`` (the machine's, NaN without one), ``words`` (those that spoke most for the theme
        in the machine's evidence) and ``instead`` (where the machine did not give the theme, those
        it gave and no coder did), sorted by how far the score is from the share of coders who gave
        the theme, farthest first.
    """
    held = zip(*(report_themes[c] for c in ("report_id", "theme_id", "score", "evidence")),
               strict=True)  # fmt: skip
    told = {(report, theme): (score, evidence) for report, theme, score, evidence in held}
    rows = []
    for report in dict.fromkeys(report for coder in coders for report in coder.themes):
        seen = [s for s in (*coders, machine, ticks) if report in s.themes]
        readers = [coder for coder in coders if report in coder.themes]
        coded = frozenset().union(*(coder.themes[report] for coder in readers))
        suggested = machine.themes.get(report, frozenset())
        instead = [theme for theme in theme_ids if theme in suggested - coded]
        for theme in theme_ids:
            given = [s.name for s in seen if theme in s.themes[report]]
            if not given or len(given) == len(seen):
                continue
            score, evidence = told.get((report, theme), (float("nan"), []))
            share = sum(theme in coder.themes[report] for coder in readers) / len(readers)
            not_given = [s.name for s in seen if theme not in s.themes[report]]
            words = evidence_words(evidence)
            others = [] if machine.name in given else instead
            rows.append((abs(score - share), report, theme, given, not_given, score, words, others))
    rows.sort(key=lambda row: (-row[0] if row[0] == row[0] else 0.0, row[1], row[2]))
    columns = ["report_id", "theme_id", "given_by", "not_given_by", "score", "words", "instead"]
    return pd.DataFrame([row[1:] for row in rows], columns=columns)


def evidence_words(evidence: Sequence[dict[str, object]], n_words: int = 5) -> list[str]:
    """Return the words that spoke most for a suggestion, each once.

    Examples
    --------
    >>> word = {"segment_id": "P1-001/observation/000", "term": "vuokra", "contribution": 0.8}
    >>> tick = {"segment_id": "", "term": "[rasti]", "contribution": 2.0}
    >>> evidence_words([tick, word, word])
    ['vuokra']
    """
    found = [
        (float(str(piece["contribution"])), str(piece["term"]))
        for piece in evidence
        if piece["segment_id"] and piece["term"]
    ]
    strongest = sorted((piece for piece in found if piece[0] > 0), key=lambda piece: -piece[0])
    return list(dict.fromkeys(term for _, term in strongest))[:n_words]


def _only(source: ThemeSets, report_ids: set[str]) -> ThemeSets:
    """Return what a source says of these reports."""
    kept = {report: themes for report, themes in source.themes.items() if report in report_ids}
    return ThemeSets(source.name, kept)
