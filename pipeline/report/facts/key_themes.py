"""Key themes: what lies under the largest themes of the period."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.headlines import told
from pipeline.report.facts.phenomena import Phenomenon, phenomena
from pipeline.report.facts.quotations import Quotations
from pipeline.report.facts.selection import key_themes as chosen_themes
from pipeline.report.facts.selection import theme_reports
from pipeline.report.facts.values import Count, Quotation, amount_of
from pipeline.report.material import Material

_MAX_PHENOMENA = 5
_LEAST = 2
"""Fewest reports of the theme in which a phenomenon is named under it."""


@dataclass(frozen=True)
class KeyTheme:
    """One of the largest themes, opened."""

    label: str
    n: Count
    headline: str
    percent: str
    phenomena: tuple[Phenomenon, ...]
    quotes: tuple[Quotation, ...]


def key_themes(
    material: Material, words: Catalogue, quotations: Quotations
) -> tuple[KeyTheme, ...]:
    """Open the largest themes of the period: their phenomena and quotations."""
    opened = []
    for theme_id in chosen_themes(material):
        ids, label = theme_reports(material, theme_id), material.theme_label(theme_id)
        linked = set(material.links.loc[material.links["theme_id"] == theme_id, "topic_id"])
        found = phenomena(material, ids, words, where=label, among=linked)
        found = tuple(one for one in found if one.size >= _LEAST)
        n = amount_of(ids, f"{label}, {words.period_name(material.period)}")
        opened.append(
            KeyTheme(
                label=label,
                n=n,
                headline=told(label, n.n, material.n_now, _before(material, theme_id), words),
                percent=words.percent(n.n, material.n_now),
                phenomena=found[:_MAX_PHENOMENA],
                quotes=quotations.of_themes[theme_id],
            )
        )
    return tuple(opened)


def _before(material: Material, theme_id: str) -> int | None:
    """Count the theme's reports in the period before; None where there is none."""
    if not material.has_past:
        return None
    themes = material.themes
    earlier = (themes["value"] == theme_id) & (themes["period"] == material.periods[-2])
    return int(themes.loc[earlier, "report_id"].nunique())
