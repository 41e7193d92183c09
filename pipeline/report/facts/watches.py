"""What the analyst watches for: each thing's reports and history, whether or not it rises."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.share_histories import ShareHistory, share_histories
from pipeline.report.facts.signals import p_text
from pipeline.report.facts.values import Count, amount_of
from pipeline.report.material import Material


@dataclass(frozen=True)
class Watched:
    """One thing of ``human/watch.toml``.

    Attributes
    ----------
    status : str
        The shape of its history.
    p_value : str
        Of a rise; ``""`` when it cannot be told.
    """

    name: str
    status: str
    n_now: Count
    n_all: Count
    share: str
    interval: str
    p_value: str
    history: ShareHistory


def watches(material: Material, words: Catalogue) -> tuple[Watched, ...]:
    """Lay out what is watched for, in the order of the file."""
    rows = material.tables.watch_histories.to_dict("records")
    n_periods = len(material.periods)
    drawn = share_histories([row["counts"][:n_periods] for row in rows], material, words)
    known = set(material.reports["report_id"])
    found = []
    for row, history in zip(rows, drawn, strict=True):
        name = str(row["watch"])
        ids = [report_id for report_id in row["report_ids"] if report_id in known]
        now = [report_id for report_id in ids if report_id in material.now_ids]
        _, share, interval = history.cells[-1]
        found.append(
            Watched(
                name=name,
                status=words(f"status.{row['status']}"),
                n_now=amount_of(now, f"{name}, {words.period_name(material.period)}"),
                n_all=amount_of(ids, name),
                share=share,
                interval=interval,
                p_value=p_text(row["p_value"], words),
                history=history,
            )
        )
    return tuple(found)
