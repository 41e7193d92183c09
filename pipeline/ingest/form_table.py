"""Keep what each form offered with the periods it was used in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.ingest.ledger import frame
from pipeline.ingest.offer import Offer
from pipeline.tables import TABLES

Offers = Mapping[str, Offer]
_OTHER_TEXT = {
    "area": "area_other",
    "client_groups": "client_groups_other",
    "themes_ticked": "themes_other",
}


def form_table(offers: Mapping[str, Offers], reports: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return the ``forms`` table.

    Parameters
    ----------
    offers : mapping of str to mapping of str to Offer
        By form id and field.
    reports : sequence of dict
        Rows of ``raw_reports``, in order.
    """
    used: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for report in reports:
        if report["quality"] == "ok":
            used[
                report["form_id"], report["period"] or report["apart_period"], report["data_source"]
            ].append(report)
    rows: list[dict[str, Any]] = []
    for (form, period, source), own in used.items():
        for field, offer in offers[form].items():
            base = {
                "form_id": form, "period": period, "data_source": source, "field": field,
                "answers": offer.answers, "n_reports": len(own),
            }  # fmt: skip
            if not offer.is_closed:
                continue
            for label, value in dict(offer.labels).items():
                n = sum(value in report[field] for report in own) if value else 0
                rows.append(
                    base | {"label": label, "value": value, "is_other": False, "n_chosen": n}
                )
            if offer.other:
                n = sum(bool(report[_OTHER_TEXT[field]]) for report in own)
                rows.append(
                    base | {"label": offer.other, "value": "", "is_other": True, "n_chosen": n}
                )
    names = [column.name for column in TABLES["forms"].columns]
    return frame("forms", {name: [row[name] for row in rows] for name in names})
