"""What people have confirmed of the themes, and how suggestions and the forms' ticks agree."""

from dataclasses import dataclass

import pandas as pd

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, count_of
from pipeline.report.material import Material


@dataclass(frozen=True)
class Confirmation:
    """One theme: the machine's suggestions, people's rulings, the reporters' ticks."""

    label: str
    counted: Count
    suggested: Count
    accepted: Count
    rejected: Count
    open: Count
    ticked: Count
    only_ticked: Count
    only_suggested: Count


@dataclass(frozen=True)
class Ticked:
    """How the period's suggestions and the reporters' ticks agree, in pairs of report and theme.

    Attributes
    ----------
    n_ticked, n_suggested, n_both : int
    notes : tuple of str
        Whether the ticks help, and how that was found out.
    """

    n_ticked: int
    n_suggested: int
    n_both: int
    notes: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether the machine suggests what is ticked and nothing else."""
        return self.n_ticked == self.n_suggested == self.n_both


def ticked(material: Material) -> Ticked:
    """Compare this period's suggestions with the ticks on its forms."""
    pairs = material.pairs[material.pairs["report_id"].isin(material.now_ids)]
    pairs = pairs[pairs["suggested"]]
    suggested = set(zip(pairs["report_id"], pairs["theme_id"], strict=True))
    members = material.members("themes_ticked")
    members = members[(members["period"] == material.period) & (members["value"] != "")]
    ticks = set(zip(members["report_id"], members["value"], strict=True))
    return Ticked(len(ticks), len(suggested), len(ticks & suggested))


def confirmations(material: Material, words: Catalogue) -> tuple[Confirmation, ...]:
    """Set the machine's suggestions beside people's rulings and the reporters' ticks."""
    pairs = material.pairs[material.pairs["report_id"].isin(material.now_ids)]
    ticks = material.members("themes_ticked")
    ticks = ticks[(ticks["period"] == material.period) & (ticks["value"] != "")]
    found = [
        _confirmation(material, theme_id, pairs, ticks, words)
        for theme_id in material.theme_table["value"]
    ]
    return tuple(found)


def _confirmation(
    material: Material,
    theme_id: str,
    pairs: pd.DataFrame,
    ticks: pd.DataFrame,
    words: Catalogue,
) -> Confirmation:
    """Count the suggestions, rulings and ticks of one theme."""
    mine = pairs[pairs["theme_id"] == theme_id]
    label = material.theme_label(theme_id)
    suggested = list(mine.loc[mine["suggested"], "report_id"])
    ticked = list(ticks.loc[ticks["value"] == theme_id, "report_id"])
    sets = {
        "counted": list(mine.loc[mine["counted"], "report_id"]),
        "suggested": suggested,
        "accepted": list(mine.loc[mine["ruling"] == "accept", "report_id"]),
        "rejected": list(mine.loc[mine["ruling"] == "reject", "report_id"]),
        "open": list(mine.loc[mine["suggested"] & (mine["ruling"] == ""), "report_id"]),
        "ticked": ticked,
        "only_ticked": [i for i in ticked if i not in set(suggested)],
        "only_suggested": [i for i in suggested if i not in set(ticked)],
    }
    return Confirmation(
        label,
        **{
            name: count_of(ids, f"{label}: {words(f'confirmed.{name}')}")
            for name, ids in sets.items()
        },
    )
