"""Say in a line which reports move together in the shuffles, and what the list can reach."""

from pipeline.artifacts import Store
from pipeline.detect.independence import (
    MAX_LEAST_P,
    MAX_SHARE,
    MIN_BLOCKS,
    MIN_WRITERS,
    Independence,
    Verdict,
)
from pipeline.detect.list_recipe import histories_of
from pipeline.detect.reach import reachable_p
from pipeline.detect.settings import DetectConfig
from pipeline.speech import amount, say

_READS = ("periods", "reports", "topics", "report_topics", "candidates")
_NAMES = {"reporter": "reporter_id", "unit": "unit", "report": "report"}


def writers_line(found: Independence) -> str:
    """Return the sentence: what moves together, and why another column is not used.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from pipeline.detect.independence import independence
    >>> clerk = pd.DataFrame({"reporter_id": ["K-1"] * 9, "unit": [""] * 9})
    >>> print(writers_line(independence(np.arange(9) // 3, clerk, "reporter")))
    Chance: each report moves alone. reporter_id is not used: it names 1 writer, at least 3 needed
    """
    if found.used == "report":
        said = say("each report moves alone")
    else:
        said = say("the reports of one {used} in one period move together", used=say(found.used))
    left = [_why_not(one) for one in found.verdicts if not one.is_used]
    return ". ".join([say("Chance: {said}", said=said), *filter(None, left)])


def _why_not(verdict: Verdict) -> str:
    """Return why a column is not used; "" where nobody asked for it."""
    reasons = {
        "not-asked": "",
        "unknown": say("it is empty"),
        "few-writers": say(
            "it names {writers}, at least {least} needed",
            writers=amount(verdict.n_writers, "writer", "writers"),
            least=MIN_WRITERS,
        ),
        "one-writer": say(
            "one writer sent {share}% of the reports, at most {most}% allowed",
            share=round(100 * verdict.largest_share),
            most=round(100 * MAX_SHARE),
        ),
        "few-blocks": say(
            "{n:.1f} writers a period, at least {least:.0f} needed",
            n=verdict.blocks_per_period,
            least=MIN_BLOCKS,
        ),
        "coarse": say(
            "its blocks reach no p under {p:.2g}, at most {most:.2g} allowed",
            p=verdict.least_p,
            most=MAX_LEAST_P,
        ),
    }
    why = reasons.get(verdict.reason, "")
    if not why:
        return ""
    return say("{column} is not used: {why}", column=_NAMES[verdict.column], why=why)


def reach_line(least: float | None, signal_q: float) -> str:
    """Return why the list can hold no signal, or "" when it can."""
    if least is None or least <= signal_q:
        return ""
    return say(
        "No signal can be found: the smallest p these periods allow is {least:.2g}, above "
        "{signal_q:.2g}. Add periods or reports",
        least=least,
        signal_q=signal_q,
    )


def chance_lines(store: Store, config: DetectConfig) -> list[str]:
    """Return what a study's signals rest on; nothing before detect has run."""
    if not all(store.is_whole(name) for name in (*_READS, "signals")):
        return []
    histories = histories_of({name: store.read(name) for name in _READS}, config.exchange)
    lines = [writers_line(histories.counted.independence)]
    return [*lines, *filter(None, [reach_line(reachable_p(histories), config.signal_q)])]
