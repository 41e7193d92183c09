"""What holds after people have ruled: the newest decision on a thing wins over the suggestion."""

import pandas as pd

from pipeline.review.review import newest_decisions

ACCEPTED = "accept"
REJECTED = "reject"
CHANGED = "change"


def effective_themes(report_themes: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Join the machine's suggestions with the rulings on them.

    A ruling to *change* a theme takes the pair away and puts the theme named in ``new_value`` in
    its place, unless that pair has a ruling of its own. A person may add a theme that the
    machine did not suggest.

    Parameters
    ----------
    report_themes : DataFrame
    decisions : DataFrame

    Returns
    -------
    DataFrame with columns ``report_id``, ``theme_id``, ``score``, ``suggested``, ``ruling``, \
``counted``
        One row a pair. ``ruling`` is ``accept``, ``reject`` or ``""`` when nobody has ruled;
        ``counted`` is the ruling where there is one and the suggestion where there is none.
        ``score`` is NaN for a pair the machine never scored.
    """
    rulings = _pair_rulings(newest_decisions(decisions, "report_themes"))
    pairs = report_themes[["report_id", "theme_id", "score"]].copy()
    pairs["suggested"] = report_themes["assigned"].astype(bool)
    pairs = pairs.merge(rulings, on=["report_id", "theme_id"], how="outer", sort=False)
    pairs["score"] = pairs["score"].astype(float)
    pairs["suggested"] = pairs["suggested"].eq(True)
    pairs["ruling"] = pairs["ruling"].fillna("").astype(object)
    accepted, open_ = pairs["ruling"] == ACCEPTED, pairs["ruling"] == ""
    pairs["counted"] = (accepted | (open_ & pairs["suggested"])).astype(bool)
    return pairs.sort_values(["report_id", "theme_id"], ignore_index=True)


def _pair_rulings(rulings: pd.DataFrame) -> pd.DataFrame:
    """Turn the newest rulings on report-theme pairs into accept and reject, one a pair."""
    found: dict[tuple[str, str], str] = {}
    for row in rulings.itertuples():
        verdict = ACCEPTED if row.verdict == ACCEPTED else REJECTED
        found[str(row.target_id), str(row.theme_id)] = verdict
    for row in rulings[rulings["verdict"] == CHANGED].itertuples():
        if row.new_value:
            found.setdefault((str(row.target_id), str(row.new_value)), ACCEPTED)
    rows = [(report, theme, ruling) for (report, theme), ruling in found.items()]
    return pd.DataFrame(rows, columns=["report_id", "theme_id", "ruling"], dtype=object)


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
