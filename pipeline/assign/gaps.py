"""Show where topics and themes miss each other: candidates for a new theme, empty themes."""

import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.topic_mapping import NO_THEME
from pipeline.frames import each_row, empty
from pipeline.taxonomy.model import Taxonomy

NEW_THEME, UNSUPPORTED = "new-theme", "unsupported"


def theme_gaps(
    topics: pd.DataFrame,
    report_themes: pd.DataFrame,
    topic_themes: pd.DataFrame,
    config: AssignConfig,
    *,
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    """List the topics that no theme covers and the themes that no topic supports.

    Parameters
    ----------
    topics, report_themes, topic_themes : DataFrame
        The whole tables of those names.
    config : AssignConfig
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame, table ``theme_gaps``
        Topics first, the largest before the smaller: each a candidate for a new theme, with its
        label and the words to define it by. Then themes in the order of the taxonomy; a study
        without topics has none of them, for nothing could support a theme.
    """
    uncovered = set(topic_themes.loc[topic_themes["theme_id"] == NO_THEME, "topic_id"])
    rows: list[tuple[object, ...]] = [
        (NEW_THEME, topic.topic_id, NO_THEME, topic.label, list(topic.terms), int(topic.n_reports))
        for topic in each_row(topics[topics["topic_id"].isin(uncovered)])
    ]
    if len(topics):
        supported = set(topic_themes["theme_id"])
        suggested = report_themes[report_themes["assigned"].astype(bool)]["theme_id"].value_counts()
        rows += [
            (
                UNSUPPORTED,
                "",
                theme.theme_id,
                theme.label_fi,
                [],
                int(suggested.get(theme.theme_id, 0)),
            )
            for theme in taxonomy.themes
            if theme.theme_id not in supported
        ]
    return pd.DataFrame(rows, columns=empty("theme_gaps").columns) if rows else empty("theme_gaps")
