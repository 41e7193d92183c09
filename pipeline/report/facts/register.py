"""The analyst's register of signals: when each was first seen, and what was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.detect.register import DISMISSED, RETURNED, UNLISTED, matches
from pipeline.frames import each_row
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.signal_history import SignalHistory, signal_history
from pipeline.report.facts.values import Count, count_of
from pipeline.report.material import Material
from pipeline.report.wording import EN_DASH

_STATES = {"uusi": "new", "jatkuu": "continues", DISMISSED: "dismissed", RETURNED: "returned",
           UNLISTED: "unlisted"}  # fmt: skip


@dataclass(frozen=True)
class Registered:
    """One row of the register.

    Attributes
    ----------
    state : str
        ``new``, ``continues``, ``returned``, ``dismissed`` or ``unlisted``.
    first, last : str
        Periods in which it was listed first and last; a dash for one that came later.
    became : SignalHistory
        What became of it.
    reading, verdict, review : str
        The analyst's interpretation, ruling and next review; ``""`` where nothing is written.
    """

    name: str
    state: str
    first: str
    last: str
    reading: str
    verdict: str
    review: str
    n: Count
    became: SignalHistory


@dataclass(frozen=True)
class Register:
    """The register, whole and by the signals shown.

    Attributes
    ----------
    rows : tuple of Registered
        Returned ones first, then as in the file.
    of_signal : dict of str to Registered
        By signal.
    """

    rows: tuple[Registered, ...]
    of_signal: Mapping[str, Registered]


def register(material: Material, words: Catalogue) -> Register:
    """Lay out the register and match it with the listed signals."""
    signals = material.signals
    ranked = list(each_row(signals[signals["rank"].notna()].sort_values("rank")))
    listed = [
        row for row in material.register if row["ensimmäinen_jakso"] not in material.later_periods
    ]
    rows = [_registered(row, material, words) for row in listed]
    found = matches(listed, ranked)
    return Register(
        rows=tuple(sorted(rows, key=lambda row: row.state != "returned")),
        of_signal={str(ranked[place].signal_id): rows[at] for at, place in found.items()},
    )


def _registered(row: dict[str, str], material: Material, words: Catalogue) -> Registered:
    """Lay out one row."""
    known = set(material.reports["report_id"])
    ids = [report_id for report_id in row["raportit"].split() if report_id in known]
    parts = [row[name].strip() for name in ("merkki", "ilmiö", "tulkinta")]
    return Registered(
        name=row["nimi"],
        state=_STATES.get(row["tilanne"], "unlisted"),
        first=words.period_name(row["ensimmäinen_jakso"]),
        last=words.period_name(row["viimeisin_jakso"])
        if row["viimeisin_jakso"] not in material.later_periods
        else EN_DASH,
        reading=" · ".join(part for part in parts if part),
        verdict=row["ratkaisu"].strip(),
        review=row["seuraava_katselmus"].strip(),
        n=count_of(ids, row["nimi"]),
        became=signal_history(row, material, words),
    )
