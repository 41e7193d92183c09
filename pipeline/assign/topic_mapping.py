"""Map topics, found in the texts, to the themes of the taxonomy, many to many."""

import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.figures.intervals import wilson_share
from pipeline.frames import empty
from pipeline.taxonomy.model import Taxonomy

NO_THEME = ""


def map_topics(
    topics: pd.DataFrame,
    report_topics: pd.DataFrame,
    report_themes: pd.DataFrame,
    config: AssignConfig,
    *,
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    """Say which themes each topic maps to, how, and how surely.

    A topic's reports are those whose main topic it is. A theme is linked when at least
    ``min_topic_share`` of them have it suggested, and a larger share than among the other
    reports. The relation is that of SKOS, read "the topic has a ... match in the theme"; one side
    lies in the other when at least ``main_topic_share`` of its reports do::

                                    theme lies in topic    theme does not
        topic lies in theme         exact                  broad
        topic does not              narrow                 related

    Parameters
    ----------
    topics, report_topics, report_themes : DataFrame
        The whole tables of those names.
    config : AssignConfig
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame, table ``topic_themes``
        In the order of ``topics``, strongest theme first. A topic that no theme covers has one
        row: ``theme_id`` is ``""``, ``relation`` is ``none``, and ``weight`` is the share of its
        reports without any suggested theme. The interval is Wilson's; it takes the suggestions
        for true.
    """
    mains = report_topics[report_topics["is_main"].astype(bool)]
    members = {t: set(group["report_id"]) for t, group in mains.groupby("topic_id", sort=False)}
    themed = report_themes[report_themes["assigned"].astype(bool)]
    holders = {t: set(group["report_id"]) for t, group in themed.groupby("theme_id", sort=False)}
    everyone = set(report_themes["report_id"])
    with_any = set().union(*holders.values())
    rows: list[tuple[object, ...]] = []
    for topic_id in topics["topic_id"]:
        own = members.get(topic_id, set()) & everyone
        found = [
            (theme_id, relation, wilson_share(len(own & holders[theme_id]), len(own)))
            for theme_id in taxonomy.theme_ids
            if theme_id in holders
            and (relation := _relation(own, holders[theme_id], len(everyone), config)) is not None
        ]
        found.sort(key=lambda link: -link[2].value)
        if not found:
            n_bare = len(own - with_any)
            found = [(NO_THEME, "none", wilson_share(n_bare, len(own)))]
        rows += [(topic_id, theme_id, relation, *share) for theme_id, relation, share in found]
    return (
        pd.DataFrame(rows, columns=empty("topic_themes").columns) if rows else empty("topic_themes")
    )


def _relation(
    topic: set[str], theme: set[str], n_everyone: int, config: AssignConfig
) -> str | None:
    """Return how a topic matches a theme, both of known reports; None when it does not."""
    if not topic:
        return None
    both, n_others = len(topic & theme), n_everyone - len(topic)
    share = both / len(topic)
    elsewhere = (len(theme) - both) / n_others if n_others else 0.0
    if share < config.min_topic_share or share <= elsewhere:
        return None
    topic_lies_in = share >= config.main_topic_share
    theme_lies_in = both / len(theme) >= config.main_topic_share
    if topic_lies_in:
        return "exact" if theme_lies_in else "broad"
    return "narrow" if theme_lies_in else "related"
