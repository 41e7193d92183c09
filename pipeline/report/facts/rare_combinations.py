"""Combinations of area, client group and theme that could point at a person."""

from dataclasses import dataclass

import pandas as pd

from pipeline.report.catalogue import Catalogue
from pipeline.report.disclosure import rare_combinations
from pipeline.report.material import Material


@dataclass(frozen=True)
class Rare:
    """How many combinations have fewer reports than may be shown, and how many reports they are."""

    n: str
    n_reports: str


def rare_table(material: Material) -> pd.DataFrame:
    """List this period's combinations of area, client group and theme with few reports.

    Returns
    -------
    DataFrame with columns ``area``, ``client_group``, ``theme_id``, ``n``, ``report_ids``
        Those that say all three, with 1 to ``config.min_cell - 1`` reports.
    """
    kinds = {
        "area": material.members("area"),
        "client_group": material.members("client_groups"),
        "theme_id": material.themes,
    }
    now = {
        name: table[(table["period"] == material.period) & (table["value"] != "")]
        for name, table in kinds.items()
    }
    return rare_combinations(now, material.config.min_cell)


def rare(material: Material, words: Catalogue) -> Rare:
    """Count the rare combinations; the page does not name them."""
    table = rare_table(material)
    ids = {report_id for ids in table["report_ids"] for report_id in ids}
    return Rare(words.whole(len(table)), words.whole(len(ids)))
