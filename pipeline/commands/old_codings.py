"""What was coded under another version of the taxonomy, in lines a person reads."""

import pandas as pd

from pipeline.frames import each_row
from pipeline.speech import say


def old_coding_lines(old: pd.DataFrame) -> list[str]:
    """Return a line a version and theme: how many codings there are, and as what they count now.

    Parameters
    ----------
    old : DataFrame
        As :func:`pipeline.taxonomy.old_codings.list_old_codings` makes it.
    """
    return [
        say(
            "  coded under {taxonomy_version}: {theme}, {n_codings} times, {now}",
            taxonomy_version=row.taxonomy_version,
            theme=row.theme_id or say("none fits"),
            n_codings=row.n_codings,
            now=_now(row.theme_id, row.now),
        )
        for row in each_row(old)
    ]


def _now(theme_id: str, now: str) -> str:
    """Say as what a theme's codings count now."""
    if now == theme_id:
        return say("as it is")
    return say("as {theme}", theme=now) if now else say("not used")
