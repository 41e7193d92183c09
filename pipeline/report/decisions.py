"""What holds after people have ruled: what people settled goes before the suggestion."""

import pandas as pd

from pipeline.review.review import newest_decisions

ACCEPTED = "accept"
REJECTED = "reject"
CHANGED = "change"
READ, SUGGESTION = "read", "suggestion"


def effective_themes(
    report_themes: pd.DataFrame, settled_themes: pd.DataFrame, report_states: pd.DataFrame
) -> pd.DataFrame:
    """Join the machine's suggestions with what people settled.

    A report that someone has read has exactly the themes people gave it, none included. Of any
    other report the themes ruled on are as ruled, and the rest as suggested.

    Parameters
    ----------
    report_themes : DataFrame
    settled_themes, report_states : DataFrame

    Returns
    -------
    DataFrame with columns ``report_id``, ``theme_id``, ``score``, ``suggested``, ``ruling``, \
``counted``, ``source``
        One row a pair. ``ruling`` is ``accept``, ``reject`` or ``""`` when nobody has ruled;
        ``counted`` is the ruling where there is one and the suggestion where there is none;
        ``source`` is that of ``settled_themes``, *read* for a theme that no reader gave, or
        *suggestion*. ``score`` is NaN for a pair the machine never scored.
    """
    settled = settled_themes[["report_id", "theme_id", "source"]].copy()
    settled["ruling"] = settled_themes["counted"].map({True: ACCEPTED, False: REJECTED})
    pairs = report_themes[["report_id", "theme_id", "score"]].copy()
    pairs["suggested"] = report_themes["assigned"].astype(bool)
    pairs = pairs.merge(settled, on=["report_id", "theme_id"], how="outer", sort=False)
    pairs["score"] = pairs["score"].astype(float)
    pairs["suggested"] = pairs["suggested"].eq(True)
    read = set(report_states.loc[report_states["is_read"].astype(bool), "report_id"])
    is_read = pairs["report_id"].isin(read)
    pairs["ruling"] = pairs["ruling"].where(
        pairs["ruling"].notna(), is_read.map({True: REJECTED, False: ""})
    )
    pairs["source"] = pairs["source"].where(
        pairs["source"].notna(), is_read.map({True: READ, False: SUGGESTION})
    )
    pairs = pairs.astype({"ruling": object, "source": object})
    accepted, open_ = pairs["ruling"] == ACCEPTED, pairs["ruling"] == ""
    pairs["counted"] = (accepted | (open_ & pairs["suggested"])).astype(bool)
    return pairs.sort_values(["report_id", "theme_id"], ignore_index=True)


def effective_labels(table: pd.DataFrame, key: str, rulings: pd.DataFrame) -> pd.DataFrame:
    """Give each row the label and the ruling that hold.

    Parameters
    ----------
    table : DataFrame with column ``label``
        ``topics`` or ``signals``.
    key : str
        Its id column, ``topic_id`` or ``signal_id``.
    rulings : DataFrame
        The decisions on that table that hold, one a target.

    Returns
    -------
    DataFrame
        ``table`` with ``label`` as it holds now, ``label_suggested`` as the machine gave it and
        ``ruling``: ``accept`` (a change of label is an acceptance too), ``reject`` or ``""``.
    """
    verdicts = dict(zip(rulings["target_id"], rulings["verdict"], strict=True))
    changed = rulings[(rulings["verdict"] == CHANGED) & (rulings["new_value"] != "")]
    names = dict(zip(changed["target_id"], changed["new_value"], strict=True))
    held = table.copy()
    held["label_suggested"] = table["label"]
    held["label"] = [
        names.get(i, label) for i, label in zip(table[key], table["label"], strict=True)
    ]
    held["ruling"] = [_ruling(verdicts.get(i, "")) for i in table[key]]
    return held.astype({"label": object, "label_suggested": object, "ruling": object})


def _ruling(verdict: str) -> str:
    """Read a change as an acceptance."""
    return ACCEPTED if verdict == CHANGED else verdict


def effective_links(topic_themes: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the topic-theme links that hold: without rejected ones and those of relation none."""
    rulings = newest_decisions(decisions, "topic_themes")
    rejected = rulings[rulings["verdict"] == REJECTED]
    gone = set(zip(rejected["target_id"], rejected["theme_id"], strict=True))
    pairs = zip(topic_themes["topic_id"], topic_themes["theme_id"], strict=True)
    keep = [pair not in gone for pair in pairs]
    held = topic_themes[pd.Series(keep, index=topic_themes.index, dtype=bool)]
    return held[held["relation"] != "none"].reset_index(drop=True)
