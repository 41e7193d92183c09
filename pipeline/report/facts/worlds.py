"""In how many other worlds, each as defensible, the groups of the list are found."""

from dataclasses import dataclass
from datetime import date

from pipeline.detect.multiverse import STAYS
from pipeline.detect.worlds_file import HeldWorlds
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.selection import listed_signals
from pipeline.report.facts.topic_name import topic_name
from pipeline.report.material import Material


@dataclass(frozen=True)
class WorldRow:
    """One listed group.

    Attributes
    ----------
    rank : int
    label : str
    found : float
        0-1; the length of its bar.
    found_text, signal_text : str
        Shares of the worlds as text.
    stays : bool
        Whether it is found in at least 80 % of the worlds.
    """

    rank: int
    label: str
    found: float
    found_text: str
    signal_text: str
    stays: bool


@dataclass(frozen=True)
class Worlds:
    """What the multiverse says of the list.

    Attributes
    ----------
    lead : str
    rows : tuple of WorldRow
        Best first.
    """

    lead: str
    rows: tuple[WorldRow, ...]


def worlds(material: Material, words: Catalogue, held: HeldWorlds | None) -> Worlds | None:
    """Tell how the listed groups stand over the worlds; None where that is not known of all.

    What was found of another list is not told: groups it does not know are not in it.
    """
    if held is None or held.n_worlds < 1:
        return None
    listed = listed_signals(material)
    rows = []
    for row in (*listed.evident.to_dict("records"), *listed.unsure.to_dict("records")):
        known = held.of(row["report_ids"])
        if known is None:
            return None
        n_found = round(known.found * held.n_worlds)
        n_signal = round(known.signal * held.n_worlds)
        rows.append(
            WorldRow(
                rank=int(row["rank"]),
                label=topic_name(row),
                found=known.found,
                found_text=words.percent(n_found, held.n_worlds),
                signal_text=words.percent(n_signal, held.n_worlds),
                stays=known.found >= STAYS,
            )
        )
    if not rows:
        return None
    lead = words(
        "worlds.lead",
        n=words.whole(held.n_worlds),
        day=words.day(date.fromisoformat(held.day)),
        least=words.whole(held.least_topics),
        most=words.whole(held.most_topics),
        staying=words.whole(sum(row.stays for row in rows)),
        listed=words.whole(len(rows)),
    )
    return Worlds(str(lead), tuple(sorted(rows, key=lambda one: one.rank)))
