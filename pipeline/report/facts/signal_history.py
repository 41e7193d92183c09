"""What became of a signal listed earlier: the group it is today, and its reports since."""

from dataclasses import dataclass

from pipeline.detect.self_test import likeness
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.charts import History, count_history
from pipeline.report.facts.values import Count, amount_of
from pipeline.report.material import Material, Row

_SAME_JACCARD = 0.3
"""Share of the joint reports from which a group is the signal of the register."""
_STRENGTHS = {"signaali": "signal", "seurattava": "watch", "ehdokas": "candidate"}


@dataclass(frozen=True)
class SignalHistory:
    """What became of one signal of the register.

    Attributes
    ----------
    listings : tuple of str
        When it was listed, at which place and how sure, oldest first.
    history : History
        Reports of each period: of the group it is today, else those it had when last listed.
    status : str
        Shape of the group's history today; ``""`` when no group is like it any more.
    since : Count or None
        The group's reports of the periods after the first listing; None when there is none yet.
    ruling : str
        ``accept`` or ``reject`` where people ruled on the group; ``""`` otherwise.
    """

    listings: tuple[str, ...]
    history: History
    status: str
    since: Count | None
    ruling: str


def signal_history(row: dict[str, str], material: Material, words: Catalogue) -> SignalHistory:
    """Follow one row of the register up to the period reported on."""
    group = _group_of(row, material)
    periods = dict(zip(material.reports["report_id"], material.reports["period"], strict=True))
    named = row["raportit"].split() if group is None else list(group["report_ids"])
    ids = [report_id for report_id in named if report_id in periods]
    counts = [sum(periods[i] == period for i in ids) for period in material.periods]
    names = [words.period_name(period) for period in material.periods]
    first = row["ensimmäinen_jakso"]
    later = [period for period in material.periods if period > first]
    since = [i for i in ids if periods[i] in later]
    return SignalHistory(
        listings=_listings(row, material, words),
        history=count_history(counts, names, max(counts, default=1) or 1),
        status="" if group is None else words(f"status.{group['status']}"),
        since=amount_of(since, f"{row['nimi']}: {words('register.since')}") if later else None,
        ruling="" if group is None else str(group["ruling"]),
    )


def _group_of(row: dict[str, str], material: Material) -> Row | None:
    """Return the followed group that a signal of the register is: by its id, or the most alike."""
    reports = frozenset(row["raportit"].split())
    best: tuple[float, Row] | None = None
    for group in material.signals.to_dict("records"):
        if group["signal_id"] == row["tunnus"]:
            return group
        score = likeness(reports, frozenset(group["report_ids"]))
        if score >= _SAME_JACCARD and (best is None or score > best[0]):
            best = (score, group)
    return None if best is None else best[1]


def _listings(row: dict[str, str], material: Material, words: Catalogue) -> tuple[str, ...]:
    """Say each listing up to the period: "2024H1: 2. seurattava" in the report's language."""
    told = []
    for entry in filter(None, row["historia"].split("; ")):
        period, _, rest = entry.partition(": ")
        place, _, strength = rest.partition(" ")
        if period in material.periods:
            known = _STRENGTHS.get(strength)
            sure = words(f"strength.{known}") if known else strength
            told.append(f"{words.period_name(period)}: {place} {sure}")
    return tuple(told)
