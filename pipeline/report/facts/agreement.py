"""How coders, the machine and the reporters' ticks agree, where they do not, and why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.comparison import Comparison
from pipeline.evaluate import ThemeSets
from pipeline.figures.measures import Interval
from pipeline.frames import each_row
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, ReportLink, Text, amount_of, count_of
from pipeline.report.material import Material
from pipeline.report.wording import EN_DASH

_MAX_DISSENT = 40


@dataclass(frozen=True)
class Pair:
    """Two sources on the reports that both have seen; figures are texts with intervals."""

    names: str
    n: Count
    micro_f1: str
    macro_f1: str
    same: str
    alpha: str
    only_first: Count
    only_second: Count


@dataclass(frozen=True)
class ThemeRow:
    """One theme: how far each group agrees on it, and the reports where someone does not."""

    label: str
    alphas: tuple[str, ...]
    apart: Count


@dataclass(frozen=True)
class Dissent:
    """One report and theme on which those who have seen the report disagree."""

    report: ReportLink
    theme: str
    given_by: str
    not_given_by: str
    score: str
    reasons: str | Text


@dataclass(frozen=True)
class Agreement:
    """The block of the section on quality.

    Attributes
    ----------
    n : Count
        Coded reports.
    n_learnt : int
        Of them, those the machine has learnt from.
    groups : tuple of (str, str)
        Names of a group, and the alpha of its theme sets.
    n_more : int
        Disagreements left to the workbook.
    """

    n: Count
    n_learnt: int
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, str], ...]
    themes: tuple[ThemeRow, ...]
    dissent: tuple[Dissent, ...]
    n_more: int


def agreement(material: Material, words: Catalogue) -> Agreement | None:
    """Write the block; None when nothing is coded."""
    found = material.comparison
    if found is None:
        return None
    named = {
        found.machine.name: words("agreement.machine"),
        found.ticks.name: words("agreement.ticks"),
        "": words("agreement.coder"),
    }
    coded = [report_id for coder in found.coders for report_id in coder.themes]
    return Agreement(
        n=amount_of(coded, words("agreement.coded")),
        n_learnt=found.n_learnt,
        pairs=_pairs(found, named, words),
        groups=tuple(
            (_names(one.names, named, words), _interval(one.of_sets, words))
            for one in found.agreements
        ),
        themes=_themes(found, material, words),
        dissent=tuple(
            Dissent(
                report=ReportLink(row.report_id),
                theme=material.theme_label(row.theme_id),
                given_by=_names(row.given_by, named, words),
                not_given_by=_names(row.not_given_by, named, words),
                score=_number(row.score, words),
                reasons=_reasons(row.words, row.instead, material, words),
            )
            for row in each_row(found.dissent.head(_MAX_DISSENT))
        ),
        n_more=max(len(found.dissent) - _MAX_DISSENT, 0),
    )


def _reasons(
    evidence: Sequence[str], instead: Sequence[str], material: Material, words: Catalogue
) -> str | Text:
    """Return what the machine's suggestion rests on, or what it suggested instead."""
    if instead:
        labels = words.enumerated([material.theme_label(theme_id) for theme_id in instead])
        return words.text("agreement.instead", labels=labels)
    return ", ".join(evidence) or EN_DASH


def _pairs(found: Comparison, named: Mapping[str, str], words: Catalogue) -> tuple[Pair, ...]:
    """Lay out every two sources."""
    sources = {source.name: source for source in (found.machine, found.ticks, *found.coders)}
    rows = []
    for row in each_row(found.pairs):
        first, second = sources[row.first], sources[row.second]
        names = named.get(first.name, first.name), named.get(second.name, second.name)
        shared = [report_id for report_id in first.themes if report_id in second.themes]
        title = " × ".join(names)
        rows.append(
            Pair(
                names=f" {EN_DASH} ".join(names),
                n=count_of(shared, title),
                micro_f1=_interval(
                    Interval(row.micro_f1, row.micro_f1_low, row.micro_f1_high), words
                ),
                macro_f1=_number(row.macro_f1, words),
                same=words.percent(round(row.same_sets * len(shared)), len(shared)),
                alpha=_interval(Interval(row.alpha, row.alpha_low, row.alpha_high), words),
                only_first=count_of(_only(first, second), f"{title}: {names[0]}"),
                only_second=count_of(_only(second, first), f"{title}: {names[1]}"),
            )
        )
    return tuple(rows)


def _only(first: ThemeSets, second: ThemeSets) -> list[str]:
    """Return the reports of both to which the first gives a theme that the second does not."""
    return [
        report_id
        for report_id, themes in first.themes.items()
        if report_id in second.themes and themes - second.themes[report_id]
    ]


def _themes(found: Comparison, material: Material, words: Catalogue) -> tuple[ThemeRow, ...]:
    """Lay out the themes that somebody gave."""
    held = [
        {
            row.theme_id: (row.n_with, Interval(row.alpha, row.alpha_low, row.alpha_high))
            for row in each_row(one.by_theme)
        }
        for one in found.agreements
    ]
    rows = []
    for theme_id, label in material.theme_labels.items():
        apart = found.dissent.loc[found.dissent["theme_id"] == theme_id, "report_id"]
        if len(apart) or any(table[theme_id][0] for table in held):
            alphas = tuple(_interval(table[theme_id][1], words) for table in held)
            rows.append(ThemeRow(label, alphas, count_of(apart, label)))
    return tuple(rows)


def _names(names: Sequence[str], named: Mapping[str, str], words: Catalogue) -> str:
    """Return the names of sources as a list in words."""
    return words.enumerated([named.get(name, name) for name in names])


def _number(value: float, words: Catalogue) -> str:
    """Return a figure with two decimals, or a dash for none."""
    return EN_DASH if math.isnan(value) else words.decimal(value, 2)


def _interval(figure: Interval, words: Catalogue) -> str:
    """Return a figure with its 95 % interval, or a dash for none."""
    if math.isnan(figure.value):
        return EN_DASH
    limits = f"{words.decimal(figure.low, 2)}{EN_DASH}{words.decimal(figure.high, 2)}"
    return f"{words.decimal(figure.value, 2)} ({limits})"
